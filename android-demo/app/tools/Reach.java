import java.io.File;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import kotlinx.coroutines.CoroutineScopeKt;
import kotlinx.coroutines.Dispatchers;
import org.incidentdiary.DiariesKt;
import org.incidentdiary.core.Diary;
import org.incidentdiary.core.DiaryException;
import org.incidentdiary.core.KeyCost;
import org.incidentdiary.presentation.AppModel;
import org.incidentdiary.presentation.DeviceSecret;
import org.incidentdiary.presentation.Ports;
import org.incidentdiary.presentation.Screen;
import org.incidentdiary.presentation.Settings;

/**
 * Reaches the library through the app's own classes and JNA's, all of them as R8 leaves them, there and back: the first start makes
 * a diary, and another one is checked with a listener. R8 is given this class with the others, so that it calls them by the names
 * that they have afterwards.
 */
final class Reach {
    private static final String PASSPHRASE = "four words and some more";

    public static void main(String[] arguments) throws DiaryException {
        File folder = new File(arguments[0]);
        firstStart(folder);
        listener(new File(folder, "other"));
        System.exit(0); // the app's clocks would go on
    }

    private static void firstStart(File folder) {
        var ports = new Ports(new File(folder, "vault"), new File(folder, "scratch"), new Forgetful(), new NoKey(), Instant::now,
            () -> ZoneId.of("UTC"), System::currentTimeMillis, Dispatchers.getUnconfined(), KeyCost.FLOOR, open -> null);
        var app = new AppModel(ports, CoroutineScopeKt.CoroutineScope(Dispatchers.getUnconfined()), Map.of());
        var start = ((Screen.FirstStart) app.getScreen().getValue()).getModel();
        start.begin();
        start.create(PASSPHRASE.toCharArray(), PASSPHRASE.toCharArray());
        must(start.getState().getValue().getCode().size() == 8, "the first start made no diary");
        app.lock();
    }

    private static void listener(File folder) throws DiaryException {
        boolean[] called = {false};
        Diary diary = DiariesKt.createDiary(folder, PASSPHRASE.toCharArray(), KeyCost.FLOOR, false);
        diary.check(DiariesKt.listener((done, total) -> called[0] = true));
        diary.lock();
        must(called[0], "the library did not call back");
    }

    private static void must(boolean holds, String otherwise) {
        if (!holds) throw new IllegalStateException(otherwise);
    }

    private static final class Forgetful implements Settings {
        @Override
        public String get(String name) {
            return null;
        }

        @Override
        public void set(String name, String value) {}
    }

    private static final class NoKey implements DeviceSecret {
        @Override
        public void make() {}

        @Override
        public byte[] mac(byte[] message) {
            throw new IllegalStateException();
        }

        @Override
        public void forget() {}
    }
}
