package org.incidentdiary

import org.incidentdiary.core.Attachment
import org.incidentdiary.core.DeviceKey
import org.incidentdiary.core.Diary
import org.incidentdiary.core.DiaryException
import org.incidentdiary.core.EvidenceItem
import org.incidentdiary.core.KeyCost
import org.incidentdiary.core.PassphraseWeakness
import org.incidentdiary.core.ProgressListener
import org.incidentdiary.core.passphraseWeakness
import org.incidentdiary.core.recoverySheet
import java.io.File
import java.io.InputStream
import java.nio.ByteBuffer

/**
 * Makes a diary in a folder that does not exist yet, and wipes the passphrase. [Diary.takeRecoveryCode] gives its
 * recovery code, once. One that is guessed easily is refused, here and wherever one is set, unless [allowWeak].
 */
public fun createDiary(
    folder: File,
    passphrase: CharArray,
    cost: KeyCost = KeyCost.MEASURED,
    allowWeak: Boolean = false,
): Diary = lend(passphrase) { Diary.create(folder.path, it, cost, allowWeak) }

/** Opens a diary, and wipes the passphrase. [device] is needed if the passphrase is bound to it. */
public fun openDiary(folder: File, passphrase: CharArray, device: DeviceKey? = null): Diary =
    lend(passphrase) { Diary.open(folder.path, it, device) }

/** Opens a diary with its recovery code and sets a new passphrase; both are wiped. */
public fun recoverDiary(
    folder: File,
    code: CharArray,
    newPassphrase: CharArray,
    replaceCode: Boolean = false,
    allowWeak: Boolean = false,
): Diary = lendBoth(code, newPassphrase) { secret, new ->
    Diary.recover(folder.path, secret, new, replaceCode, allowWeak)
}

/** Asks for the passphrase again, and wipes it. */
public fun Diary.confirm(passphrase: CharArray): Unit = lend(passphrase) { confirm(it) }

/** Sets a new passphrase, for which the old one is given again; both are wiped. */
public fun Diary.changePassphrase(
    passphrase: CharArray,
    newPassphrase: CharArray,
    allowWeak: Boolean = false,
): Unit = lendBoth(passphrase, newPassphrase) { old, new -> changePassphrase(old, new, allowWeak) }

/**
 * For when somebody knew the passphrase: seals everything anew under another key, and gives a new recovery code, here
 * and nowhere else. Both passphrases are wiped. [progress] as in [listener].
 */
public fun Diary.rotate(
    passphrase: CharArray,
    newPassphrase: CharArray,
    allowWeak: Boolean = false,
    progress: ((done: ULong, total: ULong) -> Boolean)? = null,
): String = lendBoth(passphrase, newPassphrase) { old, new -> rotate(old, new, progress?.let(::listener), allowWeak) }

/** Why a passphrase would be refused, which is wiped; null if it is strong enough to be set. */
public fun weakness(passphrase: CharArray): PassphraseWeakness? = lend(passphrase) { passphraseWeakness(it) }

/**
 * A page to print (PDF) with a recovery code, which is wiped; [camera] adds a QR code of it. Nothing on it says what the
 * code is for. The page is to be wiped too, as soon as it was printed.
 */
public fun recoverySheet(code: CharArray, language: String, camera: Boolean = false): ByteArray =
    lend(code) { recoverySheet(it, language, camera) }

/** Destroys the whole diary and locks; wipes the passphrase. False: files of somebody else are still in its folder. */
public fun Diary.wipe(passphrase: CharArray): Boolean = lend(passphrase) { wipe(it) }

/** Keeps what a form holds. */
public fun Diary.saveDraft(form: String, text: String): Unit = lendText(text) { saveDraft(form, it) }

/** What a form held when it was left, if anything. */
public fun Diary.draftText(form: String): String? {
    val bytes = draft(form) ?: return null
    return try {
        bytes.decodeToString()
    } finally {
        bytes.fill(0)
    }
}

/**
 * Attaches what [source] holds, chunk by chunk as it is read, so that the bytes lie nowhere else on the way. [modified]
 * is in milliseconds since 1970. [progress] is told how many bytes were read; false stops it.
 *
 * If the source fails, its exception is thrown and nothing stays in the diary. The source is not closed.
 */
public fun Diary.attachStream(
    incident: String,
    name: String,
    modified: Long?,
    attachment: Attachment,
    source: InputStream,
    progress: (done: ULong) -> Boolean = { true },
): EvidenceItem {
    ensureLibrary()
    val writer = beginItem(incident)
    val lent = ByteBuffer.allocateDirect(CHUNK)
    val chunk = ByteArray(CHUNK)
    var done = 0uL
    try {
        while (true) {
            val count = source.read(chunk)
            if (count < 0) break
            lent.empty()
            lent.put(chunk, 0, count).toRead()
            writer.write(lent)
            done += count.toULong()
            if (!progress(done)) throw DiaryException.Cancelled()
        }
        return writer.finish(name, modified, attachment)
    } finally {
        lent.wipe()
        chunk.fill(0)
        // After `finish` it does nothing; its own failure must not hide the first one.
        runCatching { writer.discard() }
        writer.close()
    }
}

/**
 * The original of an evidence item, to be looked at: read part by part from the sealed file, so that its bytes lie in no
 * other. Each is wiped when the next one comes, and the last when it is closed. It ends when it is not [wanted] any more.
 *
 * Programs of the system that read it may print what is thrown. So it throws nothing: at a failure it ends, and
 * [ItemStream.failure] says why.
 */
public class ItemStream(
    private val diary: Diary,
    private val item: String,
    private val wanted: () -> Boolean = { true },
) : InputStream() {
    private var part = ByteArray(0)
    private var at = 0
    private var offset = 0uL
    private var ended = false

    /** Why it ended before its end. */
    public var failure: Exception? = null
        private set

    override fun read(): Int = if (filled()) part[at++].toInt() and BYTE else -1

    override fun read(into: ByteArray, from: Int, count: Int): Int {
        if (count == 0) return 0
        if (!filled()) return -1
        val given = minOf(count, part.size - at)
        part.copyInto(into, from, at, at + given)
        at += given
        return given
    }

    override fun close() {
        part.fill(0)
        ended = true
        at = part.size
    }

    private fun filled(): Boolean {
        if (at < part.size) return true
        if (ended) return false
        part.fill(0)
        try {
            ensureLibrary()
            if (!wanted()) throw DiaryException.Cancelled()
            part = diary.readItem(item, offset, PART)
        } catch (error: Exception) {
            failure = error
            part = ByteArray(0)
        }
        at = 0
        offset += part.size.toULong()
        ended = part.isEmpty()
        return !ended
    }

    private companion object {
        const val PART = 1_048_576u
        const val BYTE = 0xFF
    }
}

/**
 * A listener that is told how far long work is, on the thread that asked for it: after each MiB or tenth of a second.
 * False stops the work, which then fails with `Cancelled`. The diary cannot be called from it, but for `lock`. A
 * `DiaryException` stops it too, and is what it fails with; anything else that it throws becomes `Callback`, and nothing of
 * that is kept.
 */
public fun listener(progress: (done: ULong, total: ULong) -> Boolean): ProgressListener = object : ProgressListener {
    override fun advance(done: ULong, total: ULong): Boolean =
        answering({ DiaryException.Callback() }) { progress(done, total) }
}

/** Answers the library. What is no answer of its own crosses without its text, which would be printed where it is an `Error`. */
internal inline fun <T> answering(failed: () -> DiaryException, work: () -> T): T = try {
    work()
} catch (error: DiaryException) {
    throw error
} catch (_: Throwable) {
    throw failed()
}

/** A quarter of a MiB: larger chunks cost no less. */
private const val CHUNK = 1 shl 18
