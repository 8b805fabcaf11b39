import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.incidentdiary.core.Diary;
import org.incidentdiary.core.Diary_ffiKt;
import org.incidentdiary.core.KeyCost;
import org.incidentdiary.core.ProgressListener;

/** Calls the library through classes that R8 has shrunk, there and back: a diary is made, checked with a listener, and locked. */
final class Reach {
    public static void main(String[] arguments) throws Exception {
        Diary_ffiKt.uniffiEnsureInitialized();
        byte[] passphrase = "four words and more".getBytes(StandardCharsets.UTF_8);
        ByteBuffer lent = ByteBuffer.allocateDirect(passphrase.length).put(passphrase).flip();
        Diary diary = Diary.Companion.create(arguments[0], lent, KeyCost.FLOOR, false);
        boolean[] called = {false};
        diary.check((ProgressListener) (done, total) -> called[0] = true);
        diary.lock();
        diary.close();
        if (!called[0]) throw new IllegalStateException("the library did not call back");
    }
}
