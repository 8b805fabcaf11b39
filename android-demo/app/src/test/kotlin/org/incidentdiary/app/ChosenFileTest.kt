package org.incidentdiary.app

import android.content.ContentProvider
import android.content.ContentResolver
import android.content.ContentValues
import android.database.Cursor
import android.database.MatrixCursor
import android.net.Uri
import android.os.Build
import android.os.Bundle
import android.os.ParcelFileDescriptor
import android.provider.DocumentsContract
import android.provider.OpenableColumns
import org.incidentdiary.app.platform.ChosenFile
import org.incidentdiary.presentation.TextKey
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Assume.assumeTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import java.io.File
import java.io.FileNotFoundException

/** The place that she chose: a new file of another app, or an older one; and a phone on which none can be chosen. */
@RunWith(RobolectricTestRunner::class)
@Config(application = TestApplication::class, qualifiers = "ru-w360dp-h780dp-xhdpi")
class ChosenFileTest {
    @get:Rule
    val folder = TemporaryFolder()

    @Test
    fun whatIsInAFileIsSeenWhateverItsAppSaysOfIt() {
        for (told in listOf("rightly", "nothing", "none")) {
            assertTrue(told, chosen(ByteArray(0), told).isEmpty())
            assertFalse(told, chosen(byteArrayOf(1), told).isEmpty())
        }
        assertFalse("nobody knows", chosen(null, "nothing").isEmpty())
    }

    @Test
    fun whatIsWrittenOverIsGoneAndWhatIsDeletedTooButNotBefore() {
        val older = chosen(byteArrayOf(1), "rightly")
        older.isEmpty()
        assertEquals(listOf<Byte>(1), file.readBytes().toList())
        older.open().use { it.write(byteArrayOf(2)) }
        assertEquals(listOf<Byte>(2), file.readBytes().toList())
        older.delete()
        assertFalse(file.exists())
        // The other app may not offer it.
        older.delete()
    }

    @Test
    fun aPhoneWithNothingToChooseAPlaceWithSaysSo() {
        val phone = Phone()
        phone.firstStart()
        shadowOf(RuntimeEnvironment.getApplication()).checkActivities(true)
        phone.press(TextKey.ACTION_MENU)
        phone.press(TextKey.SETTINGS_TITLE)
        phone.press(TextKey.BACKUP_TITLE)
        phone.press(TextKey.BACKUP_MAKE)
        assertTrue(phone.said().toString(), phone.shows(TextKey.ERROR_NO_PLACE))
        phone.back()
        phone.back()
        phone.write("слова")
        phone.back()
        phone.press(TextKey.ACTION_MENU)
        phone.press(TextKey.EXPORT_TITLE)
        phone.press(TextKey.EXPORT_PREVIEW)
        phone.press(TextKey.ACTION_CONTINUE)
        phone.type(TextKey.START_PASSPHRASE, Phone.PASSPHRASE)
        phone.press(TextKey.EXPORT_CHOOSE_PLACE)
        assertTrue(phone.said().toString(), phone.shows(TextKey.ERROR_NO_PLACE))
    }

    private val file: File get() = File(folder.root, "document")

    /** A document with this in it, or one that does not open; its app tells of its size `rightly`, `nothing` or `none`. */
    private fun chosen(content: ByteArray?, told: String): ChosenFile {
        // What is older wraps no provider, and Robolectric's resolver deletes nothing.
        assumeTrue(Build.VERSION.SDK_INT >= 29)
        file.delete()
        content?.let(file::writeBytes)
        val documents = Robolectric.setupContentProvider(Documents::class.java, AUTHORITY)
        documents.file = file
        documents.told = told
        return ChosenFile(ContentResolver.wrap(documents), DocumentsContract.buildDocumentUri(AUTHORITY, "1"))
    }

    /** One document of another app. */
    class Documents : ContentProvider() {
        lateinit var file: File
        var told = ""

        override fun onCreate(): Boolean = true

        override fun query(
            uri: Uri,
            projection: Array<String>?,
            selection: String?,
            selectionArgs: Array<String>?,
            sortOrder: String?,
        ): Cursor? = MatrixCursor(arrayOf(OpenableColumns.SIZE)).apply {
            addRow(arrayOf(if (told == "rightly") file.length() else 0L))
        }.takeIf { told != "nothing" }

        override fun openFile(uri: Uri, mode: String): ParcelFileDescriptor {
            if (!file.exists()) throw FileNotFoundException()
            if ('t' in mode) file.writeBytes(ByteArray(0))
            return ParcelFileDescriptor.open(file, ParcelFileDescriptor.parseMode(mode))
        }

        override fun call(method: String, arg: String?, extras: Bundle?): Bundle? {
            assertEquals("android:deleteDocument", method)
            if (!file.delete()) throw FileNotFoundException()
            return null
        }

        override fun getType(uri: Uri): String? = null

        override fun insert(uri: Uri, values: ContentValues?): Uri? = null

        override fun delete(uri: Uri, selection: String?, selectionArgs: Array<String>?): Int = 0

        override fun update(uri: Uri, to: ContentValues?, selection: String?, selectionArgs: Array<String>?): Int = 0
    }

    private companion object {
        const val AUTHORITY = "org.other.documents"
    }
}
