package org.incidentdiary.app.platform

import android.net.Uri
import android.os.ParcelFileDescriptor
import org.incidentdiary.presentation.Ports
import org.incidentdiary.presentation.Settings
import java.io.IOException
import java.io.InputStream
import java.security.SecureRandom
import kotlin.concurrent.thread

/**
 * The one photo that is being taken: its address, and its bytes while nobody has fetched them. A phone that is short of memory
 * ends this process while the camera is open, and another one begins when the camera writes: so the address is kept in [settings]
 * until the photo has come, and says nothing.
 */
internal class Capture(private val settings: Settings) {
    private val random = SecureRandom()
    private val readers = mutableListOf<Thread>()
    private var photo: List<ByteArray>? = null

    /** Which of the [readers] read the [photo]. */
    private var newest = 0

    private var address: String?
        get() = settings.get(ADDRESS)
        set(value) = settings.set(ADDRESS, value)

    /** A new address, which nobody can guess; what an earlier one received is dropped. */
    @Synchronized
    fun begin(): Uri {
        forget()
        val name = ByteArray(16).also(random::nextBytes).joinToString("") { "%02x".format(it) }
        address = name
        return Uri.Builder().scheme("content").authority(AUTHORITY).appendPath(name).build()
    }

    /** The end that the camera writes to; null if [name] is not the address of now. What a later opening brings, if anything, counts. */
    @Synchronized
    fun open(name: String?): ParcelFileDescriptor? {
        if (name == null || name != address) return null
        val (from, to) = ParcelFileDescriptor.createPipe()
        receive(name, ParcelFileDescriptor.AutoCloseInputStream(from))
        return to
    }

    /** Reads the photo of the address [name] until its end. */
    @Synchronized
    fun receive(name: String, photo: InputStream) {
        val number = readers.size
        readers += thread(name = "photo", isDaemon = true) { keep(name, number, read(photo)) }
    }

    /** The photo, in parts, which is then the caller's alone; null if none arrived whole. It may have to be waited for. */
    fun take(): List<ByteArray>? {
        for (reader in synchronized(this) { readers.toList().asReversed() }) {
            reader.join(PATIENCE_MS)
            // Only where the later opening brought nothing does an earlier one count.
            if (synchronized(this) { photo } != null) break
        }
        return synchronized(this) { photo.also { photo = null }.also { forget() } }
    }

    /** Overwrites what is here; the address is no longer valid. */
    @Synchronized
    fun forget() {
        photo?.forEach { it.fill(0) }
        photo = null
        if (address != null) address = null
        readers.clear()
    }

    @Synchronized
    private fun keep(name: String, number: Int, parts: List<ByteArray>?) {
        if (parts == null) return
        val isNewer = name == address && (photo == null || number > newest)
        (if (isNewer) photo else parts)?.forEach { it.fill(0) }
        if (!isNewer) return
        photo = parts
        newest = number
    }

    /** Part by part: one array would need the photo twice whenever it grows. */
    private fun read(from: InputStream): List<ByteArray>? {
        val parts = mutableListOf<ByteArray>()
        val whole = try {
            from.use { stream ->
                while (parts.size <= MOST_PARTS) {
                    val part = ByteArray(PART)
                    parts += part
                    val count = stream.fill(part)
                    if (count == PART) continue
                    parts[parts.size - 1] = part.copyOf(count)
                    part.fill(0)
                    break
                }
            }
            parts.size <= MOST_PARTS && parts.first().isNotEmpty()
        } catch (_: IOException) {
            false
        } catch (_: OutOfMemoryError) {
            // She is told that nothing arrived, and the diary stays open.
            false
        }
        if (!whole) parts.forEach { it.fill(0) }
        return parts.takeIf { whole }
    }

    private fun InputStream.fill(part: ByteArray): Int {
        var at = 0
        while (at < part.size) {
            val count = read(part, at, part.size - at)
            if (count < 0) break
            at += count
        }
        return at
    }

    companion object {
        const val MEDIA_TYPE = "image/jpeg"

        private const val ADDRESS = Ports.CAPTURE
        private const val PART = 256 * 1024

        /** 64 MiB, more than any phone's photo; a camera that writes without end is cut off. */
        private const val MOST_PARTS = 256
        private const val PATIENCE_MS = 2_000L
        private const val AUTHORITY = "org.incidentdiary.app.capture"
    }
}
