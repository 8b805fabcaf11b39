package org.incidentdiary.app.platform

import android.content.ContentProvider
import android.content.ContentValues
import android.database.Cursor
import android.net.Uri
import android.os.ParcelFileDescriptor
import org.incidentdiary.app.DiaryApplication
import java.io.FileNotFoundException

/**
 * Gives the camera program something to write its photo into: one end of a pipe, whose other end [Capture] reads into memory. On
 * our side the photo touches no file, no gallery and no media index; what the maker's program keeps for itself nobody here can
 * prevent. Only one address is valid at a time, and only for writing.
 */
class CaptureProvider : ContentProvider() {
    override fun onCreate(): Boolean = true

    override fun openFile(uri: Uri, mode: String): ParcelFileDescriptor {
        if (!mode.startsWith("w") && mode != "rw") throw FileNotFoundException()
        val capture = (context?.applicationContext as? DiaryApplication)?.capture
        return capture?.open(uri.lastPathSegment) ?: throw FileNotFoundException()
    }

    override fun getType(uri: Uri): String = Capture.MEDIA_TYPE

    // There is nothing to ask for.
    override fun query(
        uri: Uri,
        projection: Array<String>?,
        selection: String?,
        selectionArgs: Array<String>?,
        sortOrder: String?,
    ): Cursor? = null

    override fun insert(uri: Uri, values: ContentValues?): Uri? = null

    override fun delete(uri: Uri, selection: String?, selectionArgs: Array<String>?): Int = 0

    override fun update(uri: Uri, values: ContentValues?, selection: String?, selectionArgs: Array<String>?): Int = 0
}
