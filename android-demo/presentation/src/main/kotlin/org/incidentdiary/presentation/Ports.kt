package org.incidentdiary.presentation

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.withContext
import org.incidentdiary.core.DeviceKey
import org.incidentdiary.core.DiaryException
import org.incidentdiary.core.KeyCost
import org.incidentdiary.deviceKey
import org.incidentdiary.ensureLibrary
import java.io.File
import java.io.InputStream
import java.io.OutputStream
import java.time.Instant
import java.time.LocalDateTime
import java.time.ZoneId

/** What the app needs of the device, and gets from outside so that tests can fix it. */
public class Ports(
    /** Where the diary lies: in the app's own storage, outside of any backup. It need not exist. */
    public val vault: File,
    /** For files on their way out. It is emptied at start and whenever the diary is locked. */
    public val scratch: File,
    /** Small things that are not hers: see [Settings]. */
    public val settings: Settings,
    /** A key that never leaves the device. */
    public val device: DeviceSecret,
    /** Time for her: when an incident happened, by the clock of the device. */
    public val now: () -> Instant,
    /** The zone of the device. */
    public val zone: () -> ZoneId,
    /** Milliseconds that also count while the device sleeps, and that nobody can set back. */
    public val elapsed: () -> Long,
    /** Where calls of the library run. */
    public val io: CoroutineDispatcher,
    /** What one attempt at the passphrase of a new diary costs. */
    public val keyCost: KeyCost = KeyCost.MEASURED,
    /** What makes pictures of files to be looked at. */
    public val pictures: PictureReader = PictureReader { null },
) {
    /** The device's key as the library asks for it. */
    internal val key: DeviceKey = deviceKey(device::mac)

    /**
     * The key to open with; none for a passphrase that was never bound, or a slip in it would be told as a key that is
     * missing.
     */
    internal fun openingKey(): DeviceKey? =
        key.takeIf { settings.get(BOUND) != null || runCatching { device.mac(ByteArray(MESSAGE)) }.isSuccess }

    /**
     * Loads the library, which takes a moment that no screen waits for. What she is told where it is not that of this app: not
     * only after she has typed a passphrase.
     */
    internal suspend fun libraryTrouble(): Text? =
        withContext(io) { runCatching { ensureLibrary() }.exceptionOrNull()?.let(::errorText) }

    /** What is left of files on their way out. */
    internal fun emptyScratch() {
        scratch.listFiles()?.forEach { it.deleteRecursively() }
    }

    /** Today, for the name of a file that says nothing else. */
    internal fun day(): String = LocalDateTime.ofInstant(now(), zone()).toLocalDate().toString()

    /** Remembers that the passphrase is bound, for the day on which the device has forgotten its key. */
    internal fun setBound(bound: Boolean): Unit = settings.set(BOUND, "yes".takeIf { bound })

    /** A recovery code was made, and nobody has shown that it is on her paper. */
    internal var codeUnconfirmed: Boolean
        get() = settings.get(CODE) != null
        set(unconfirmed) = settings.set(CODE, "unconfirmed".takeIf { unconfirmed })

    /** Where a diary is made of a backup before it takes its place: it has this name when it is whole. */
    internal val restored: File get() = File(vault.path + ".restored")

    /**
     * Puts the diary that was made of a backup in its place, also if the process ended in the middle of it. A damaged one that
     * was there is kept beside it, as sealed as it was: nobody knows what of it can still be saved.
     */
    internal fun finishRestore() {
        if (!restored.exists()) return
        if (vault.exists()) {
            val aside = generateSequence(1) { it + 1 }.map { File("${vault.path}$DAMAGED$it") }.first { !it.exists() }
            if (!vault.renameTo(aside)) throw DiaryException.Storage()
        }
        if (!restored.renameTo(vault)) throw DiaryException.Storage()
    }

    /** From now on the diary counts as destroyed, also if the process ends in the middle of it. */
    internal fun beginWipe(): Unit = settings.set(WIPING, "yes")

    /** Removes what is left of a diary that was to be destroyed, and all that tells of it; what she set stays. */
    internal fun finishWipe() {
        if (settings.get(WIPING) == null) return
        (listOf(vault, restored) + beside { it.startsWith(vault.name + DAMAGED) } + leftovers())
            .forEach { it.deleteRecursively() }
        runCatching { device.forget() }
        for (name in listOf(BOUND, TOKEN, LOST, FORM_NOT_KEPT, WORK_STOPPED, MENDED, CODE, CAPTURE, WIPING)) {
            settings.set(name, null)
        }
    }

    /** Folders of a making or restoring that was ended in the middle: the same passphrase may open what is in them. */
    internal fun leftovers(): List<File> = beside { it.startsWith('.') && it.endsWith(".new") }

    private fun beside(named: (String) -> Boolean): List<File> =
        vault.absoluteFile.parentFile?.listFiles { file -> named(file.name) }.orEmpty().toList()

    public companion object {
        internal const val TOKEN = "token"
        internal const val LOST = "lost"
        internal const val FORM_NOT_KEPT = "form_not_kept"
        internal const val WORK_STOPPED = "work_stopped"
        internal const val MENDED = "mended"

        /** The address of a photo that is being taken, which the camera writes to. */
        public const val CAPTURE: String = "capture"
        private const val DAMAGED = ".damaged-"
        private const val BOUND = "bound"
        private const val CODE = "recovery_code"
        private const val WIPING = "wiping"
        private const val MESSAGE = 32
    }
}

/**
 * Small settings outside of the diary, because they count before it is open. Never anything that she wrote, and
 * nothing that says that or when the diary was used, except the token that notices an old copy put back.
 */
public interface Settings {
    /** The value under a name, or null. */
    public fun get(name: String): String?

    /** Keeps a value; null takes it away. */
    public fun set(name: String, value: String?)
}

/** A key that the device keeps, never gives out and takes into no backup. She may bind her passphrase to it. */
public interface DeviceSecret {
    /** Makes the key, if there is none. Whatever it throws says that the device cannot keep one. */
    public fun make()

    /**
     * HMAC-SHA-256 over [message], 32 bytes. Throws [org.incidentdiary.noDeviceKey] if the device has no key; anything
     * else says that it does not let it be used now.
     */
    public fun mac(message: ByteArray): ByteArray

    /** Destroys the key, if there is one. */
    public fun forget()
}

/** A file that she picked, or a photo just taken. */
public interface ContentSource {
    /** The name of the file, as the other app gives it. */
    public val name: String

    /** Its size in bytes, if the other app says so. */
    public val bytes: Long?

    /** When it was last changed, if the other app says so. */
    public val modified: Instant?

    /** It lies nowhere else: once forgotten it is gone for good. */
    public val onlyInMemory: Boolean get() = false

    /** Opens it for reading, from its beginning each time. */
    public fun open(): InputStream

    /** It is needed no more: what only memory holds of it is overwritten. Nothing reads it then. */
    public fun forget(): Unit = Unit
}

/** Makes a picture that can be shown of the bytes of a file. */
public fun interface PictureReader {
    /**
     * The picture, upright, sampled down to what the screen shows; null for what it cannot read, or only with too much
     * memory. [open] gives the bytes from their beginning each time, and is called as often as they are needed.
     */
    public fun read(open: () -> InputStream): Picture?
}

/** A picture in memory, ready to be shown. */
public interface Picture {
    /** It is looked at no more: what it shows is overwritten. */
    public fun forget()
}

/** A file that she chose a place for: a new one, or an older one that she wants to write over. Other apps may take their time. */
public interface ContentTarget {
    /** Nothing is in it. False if nobody knows. */
    public fun isEmpty(): Boolean

    /** Opens it for writing; what was in it is gone. */
    public fun open(): OutputStream

    /** Deletes it, whatever is in it. */
    public fun delete()
}

/** What the app asks the system to do. Each is done once. */
public sealed interface Effect {
    /** Let her pick files; answer with [AppModel.filesPicked]. */
    public data object PickFiles : Effect

    /** Let her take a photo; answer with [AppModel.photoTaken]. */
    public data object TakePhoto : Effect

    /** Let her choose where a file goes; answer with [AppModel.targetChosen]. */
    public data class CreateDocument(public val name: String, public val mediaType: String) : Effect {
        /** Never prints the name of her file. */
        override fun toString(): String = "CreateDocument($mediaType)"
    }

    /** Leave at once for the system's start screen, and out of the list of recent apps. */
    public data object Leave : Effect
}
