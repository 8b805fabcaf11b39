package org.incidentdiary.app.platform

import android.content.ContentResolver
import android.net.Uri
import android.provider.DocumentsContract
import android.provider.OpenableColumns
import org.incidentdiary.presentation.ContentSource
import org.incidentdiary.presentation.ContentTarget
import java.io.FileNotFoundException
import java.io.IOException
import java.io.InputStream
import java.io.OutputStream
import java.io.SequenceInputStream
import java.time.Instant
import java.util.Collections

/** A file of another app, as the system's picker hands it over. That app is asked what it is called, and may take its time. */
internal class PickedFile(private val resolver: ContentResolver, private val uri: Uri) : ContentSource {
    private val facts = facts(resolver, uri)

    override val name: String = facts.name ?: uri.lastPathSegment.orEmpty().substringAfterLast('/')
    override val bytes: Long? = facts.bytes
    override val modified: Instant? = facts.modified

    override fun open(): InputStream = resolver.quietly { openInputStream(uri) }
}

/** A photo that is only in memory, in parts. A first attempt to attach it may fail, so it stays until it is forgotten. */
internal class TakenPhoto(private val parts: List<ByteArray>, taken: Instant) : ContentSource {
    override val name: String = "photo.jpg"
    override val bytes: Long = parts.sumOf { it.size.toLong() }
    override val modified: Instant = taken
    override val onlyInMemory: Boolean = true

    override fun open(): InputStream =
        SequenceInputStream(Collections.enumeration(parts.map { it.inputStream() }))

    override fun forget() = parts.forEach { it.fill(0) }
}

/** The file that she chose for a bundle, a backup or a copy. */
internal class ChosenFile(private val resolver: ContentResolver, private val uri: Uri) : ContentTarget {
    /** An app that does not say how large it is, or not rightly, still gives what is in it. */
    override fun isEmpty(): Boolean = try {
        (facts(resolver, uri).bytes ?: 0L) == 0L && resolver.quietly { openInputStream(uri) }.use { it.read() } < 0
    } catch (_: Exception) {
        false
    }

    override fun open(): OutputStream = resolver.quietly { openOutputStream(uri, "wt") }

    override fun delete() {
        try {
            DocumentsContract.deleteDocument(resolver, uri)
        } catch (_: Exception) {
            // The other app may not offer it. What it says of the reason could name her file, so it goes no further.
        }
    }
}

private class Facts(val name: String?, val bytes: Long?, val modified: Instant?)

/** What the other app says about its file. Some say nothing, and some fail to answer: then it is unknown. */
private fun facts(resolver: ContentResolver, uri: Uri): Facts = try {
    resolver.query(uri, null, null, null, null)?.use { row ->
        fun <T> value(column: String, read: (Int) -> T): T? =
            row.getColumnIndex(column).takeIf { it >= 0 && !row.isNull(it) }?.let(read)
        if (row.moveToFirst()) {
            Facts(
                value(OpenableColumns.DISPLAY_NAME, row::getString),
                value(OpenableColumns.SIZE, row::getLong)?.takeIf { it >= 0 },
                value(DocumentsContract.Document.COLUMN_LAST_MODIFIED, row::getLong)?.takeIf {
                    it > 0
                }?.let(Instant::ofEpochMilli),
            )
        } else {
            null
        }
    }
} catch (_: Exception) {
    null
} ?: Facts(null, null, null)

/** Other apps throw what they like, and their text may hold a path: only that it cannot be opened goes on. */
private fun <T : Any> ContentResolver.quietly(open: ContentResolver.() -> T?): T = try {
    open()
} catch (_: Exception) {
    throw IOException("cannot be opened")
} ?: throw FileNotFoundException()
