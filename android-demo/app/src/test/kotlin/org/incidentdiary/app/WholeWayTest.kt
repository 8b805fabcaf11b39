package org.incidentdiary.app

import android.app.Activity
import android.content.Intent
import android.net.Uri
import android.provider.MediaStore
import org.incidentdiary.presentation.TextKey
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Assume.assumeTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowLog
import java.io.ByteArrayInputStream
import java.io.File
import java.util.concurrent.TimeUnit

/** The main job on the screens: make, write in Kazakh, attach, search, hand over, lock; the bundle checked by the command line. */
@RunWith(RobolectricTestRunner::class)
@Config(application = TestApplication::class, qualifiers = "kk-w360dp-h780dp-xhdpi")
class WholeWayTest {
    @get:Rule
    val folder = TemporaryFolder()

    @Test
    fun theWholeWay() {
        val phone = Phone()
        phone.firstStart()
        assertTrue(phone.shows(TextKey.LIST_EMPTY))

        phone.write(WORDS)
        assertTrue(phone.said().any { WORDS in it })

        phone.press(TextKey.INCIDENT_ATTACH_FILE)
        phone.picks("content://other.app/photo.jpg", photo)
        assertTrue(phone.said().toString(), "photo.jpg" in phone.said())
        phone.press(TextKey.ATTACH_SAVE)
        assertTrue(phone.said().toString(), phone.said().any { "photo.jpg" in it })

        phone.back()
        phone.type(TextKey.LIST_SEARCH, "КІРЕБЕРІС")
        phone.pass(1_000)
        assertTrue(phone.said().any { WORDS.take(20) in it })
        phone.type(TextKey.LIST_SEARCH, "жоқ сөз")
        phone.pass(1_000)
        assertTrue(phone.shows(TextKey.LIST_NOTHING_FOUND))

        val bundle = folder.newFile("out.zip")
        phone.press(TextKey.ACTION_MENU)
        phone.press(TextKey.EXPORT_TITLE)
        phone.press(TextKey.EXPORT_FORM_PLAIN)
        phone.press(TextKey.EXPORT_PREVIEW)
        assertTrue(phone.shows(TextKey.EXPORT_PREVIEW_TITLE))
        phone.press(TextKey.ACTION_CONTINUE)
        phone.type(TextKey.START_PASSPHRASE, Phone.PASSPHRASE)
        phone.press(TextKey.EXPORT_CHOOSE_PLACE)
        phone.places(bundle)
        assertTrue(phone.said().toString(), phone.shows(TextKey.EXPORT_DONE))

        phone.press(TextKey.ACTION_LOCK)
        assertTrue(phone.shows(TextKey.LOCK_OPEN))
        assertFalse(phone.said().any { WORDS.take(10) in it })
        verify(bundle)
        nothingIsLogged()
    }

    @Test
    fun thePasswordOfAFileKeepsTheScreenOn() {
        val phone = Phone()
        phone.firstStart()
        phone.write(WORDS)
        phone.back()
        phone.press(TextKey.ACTION_MENU)
        phone.press(TextKey.EXPORT_TITLE)
        phone.press(TextKey.EXPORT_PREVIEW)
        phone.press(TextKey.ACTION_CONTINUE)
        phone.type(TextKey.START_PASSPHRASE, Phone.PASSPHRASE)
        phone.press(TextKey.EXPORT_CHOOSE_PLACE)
        phone.places(folder.newFile("out.zip"))
        assertTrue(phone.said().toString(), phone.shows(TextKey.EXPORT_OPENER))
        assertTrue(phone.all().any { it.keepScreenOn })
        phone.press(TextKey.ACTION_DONE)
        assertFalse(phone.all().any { it.keepScreenOn })
    }

    @Test
    fun nothingIsLoggedOfWhatAnotherAppSaysWhereItFails() {
        val phone = Phone()
        phone.firstStart()
        phone.write(WORDS)
        val fails = { throw SecurityException("no permission for /vault/photo.jpg of жоқ сөз") }
        val uri = Uri.parse("content://other.app/photo.jpg")
        phone.press(TextKey.INCIDENT_ATTACH_FILE)
        shadowOf(phone.activity.contentResolver).registerInputStreamSupplier(uri, fails)
        phone.answer(shadowOf(phone.activity).nextStartedActivityForResult.intent, Intent().setData(uri))
        phone.press(TextKey.ATTACH_SAVE)
        assertTrue(phone.said().toString(), phone.shows(TextKey.ERROR_FILE_UNREADABLE))
        phone.back()

        phone.back()
        phone.press(TextKey.ACTION_MENU)
        phone.press(TextKey.SETTINGS_TITLE)
        phone.press(TextKey.BACKUP_TITLE)
        phone.press(TextKey.BACKUP_MAKE)
        shadowOf(phone.activity.contentResolver).registerOutputStreamSupplier(uri, fails)
        phone.answer(shadowOf(phone.activity).nextStartedActivityForResult.intent, Intent().setData(uri))
        assertTrue(phone.said().toString(), phone.shows(TextKey.ERROR_TARGET))
        nothingIsLogged()
    }

    /** What logcat would show, from the app and from the framework alike. */
    private fun nothingIsLogged() {
        val logged = ShadowLog.getLogs().map { "${it.tag} ${it.msg} ${it.throwable?.stackTraceToString()}" }
        for (hers in listOf(WORDS.take(10), Phone.PASSPHRASE, "photo.jpg", "жоқ сөз", "/vault")) {
            assertEquals(emptyList<String>(), logged.filter { hers in it })
        }
    }

    private fun Phone.picks(address: String, content: ByteArray) {
        val asked = shadowOf(activity).nextStartedActivityForResult
        assertEquals(Intent.ACTION_OPEN_DOCUMENT, asked.intent.action)
        val uri = Uri.parse(address)
        shadowOf(activity.contentResolver).registerInputStreamSupplier(uri) { ByteArrayInputStream(content) }
        answer(asked.intent, Intent().setData(uri))
    }

    private fun Phone.places(file: File) {
        val asked = shadowOf(activity).nextStartedActivityForResult
        assertEquals(Intent.ACTION_CREATE_DOCUMENT, asked.intent.action)
        val uri = Uri.parse("content://other.app/out.zip")
        shadowOf(activity.contentResolver).registerOutputStreamSupplier(uri) { file.outputStream() }
        answer(asked.intent, Intent().setData(uri))
    }

    private fun verify(bundle: File) {
        val command = File(System.getProperty("diary.command") ?: "diary")
        assumeTrue("the command line is not built", command.canExecute())
        val run = ProcessBuilder(command.path, "verify", bundle.path).redirectErrorStream(true).start()
        val said = run.inputStream.readBytes().decodeToString()
        assertTrue(run.waitFor(5, TimeUnit.MINUTES))
        assertEquals(said, 0, run.exitValue())
    }

    private companion object {
        const val WORDS = "Ол тағы да кіреберісте күтіп тұрды. Мен үйге кірмей, көршіге бардым."

        /** So large that the library tells how far it is. */
        const val LARGE = 3 shl 20
        val photo =
            byteArrayOf(0xFF.toByte(), 0xD8.toByte(), 0xFF.toByte(), 0xE0.toByte()) + ByteArray(LARGE) { it.toByte() }
    }
}

/** The other program is done, and this is what it answers. */
internal fun Phone.answer(asked: Intent, data: Intent?) {
    shadowOf(activity).receiveResult(asked, if (data == null) Activity.RESULT_CANCELED else Activity.RESULT_OK, data)
    settle()
}

/** Where the camera was told to write its photo. */
internal fun Intent.target(): Uri =
    @Suppress("DEPRECATION")
    getParcelableExtra<Uri>(MediaStore.EXTRA_OUTPUT)!!
