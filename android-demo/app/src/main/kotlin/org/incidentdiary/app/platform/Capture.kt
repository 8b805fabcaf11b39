package org.incidentdiary.app.platform

import android.net.Uri
import android.os.ParcelFileDescriptor
import java.io.ByteArrayOutputStream
import java.io.IOException
import java.io.InputStream
import java.security.SecureRandom
import kotlin.concurrent.thread

/** The one photo that is being taken: its address, and its bytes while nobody has fetched them. */
internal object Capture {
    const val MEDIA_TYPE = "image/jpeg"

    /** More than any phone's photo; a camera that writes without end is cut off. */
    private const val MOST_BYTES = 64 * 1024 * 1024
    private const val PATIENCE_MS = 2_000L
    private const val AUTHORITY = "org.incidentdiary.app.capture"

    private val random = SecureRandom()
    private var address: String? = null
    private var reader: Thread? = null
    private var photo: ByteArray? = null

    /** A new address, which nobody can guess; what an earlier one received is dropped. */
    @Synchronized
    fun begin(): Uri {
        forget()
        val name = ByteArray(16).also(random::nextBytes).joinToString("") { "%02x".format(it) }
        address = name
        return Uri.Builder().scheme("content").authority(AUTHORITY).appendPath(name).build()
    }

    /** The end that the camera writes to; null if [name] is not the address of now. A second opening starts the photo anew. */
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
        reader = thread(name = "photo", isDaemon = true) { keep(name, read(photo)) }
    }

    /** The photo, which is then the caller's alone; null if none arrived whole. */
    fun take(): ByteArray? {
        synchronized(this) { reader }?.join(PATIENCE_MS)
        return synchronized(this) { photo.also { photo = null }.also { forget() } }
    }

    /** Overwrites what is here; the address is no longer valid. */
    @Synchronized
    fun forget() {
        photo?.fill(0)
        photo = null
        address = null
        reader = null
    }

    @Synchronized
    private fun keep(name: String, bytes: ByteArray?) {
        if (name == address) photo = bytes
    }

    private fun read(from: InputStream): ByteArray? = try {
        from.use { stream ->
            val bytes = ByteArrayOutputStream()
            val part = ByteArray(64 * 1024)
            while (true) {
                val count = stream.read(part)
                if (count < 0) break
                if (bytes.size() + count > MOST_BYTES) return null
                bytes.write(part, 0, count)
            }
            bytes.toByteArray().takeIf { it.isNotEmpty() }
        }
    } catch (_: IOException) {
        null
    }
}
