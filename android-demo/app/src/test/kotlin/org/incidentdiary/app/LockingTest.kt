package org.incidentdiary.app

import android.app.DatePickerDialog
import android.content.Intent
import android.view.Window
import android.view.WindowManager.LayoutParams.FLAG_SECURE
import org.incidentdiary.app.platform.Capture
import org.incidentdiary.presentation.TextKey
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowDialog
import org.robolectric.shadows.ShadowLooper
import java.util.concurrent.TimeUnit

/** When the diary locks, what outlives a rotation and the end of the process, and what the system never gets to keep. */
@RunWith(RobolectricTestRunner::class)
@Config(application = TestApplication::class, qualifiers = "ru-w360dp-h780dp-xhdpi")
class LockingTest {
    private val phone = Phone().apply { firstStart() }

    @Test
    fun locksWhenSheLeaves() {
        phone.window.pause().stop()
        phone.settle()
        phone.window.restart().start().resume()
        phone.settle()
        assertTrue(phone.shows(TextKey.LOCK_OPEN))
    }

    @Test
    fun locksWhenTheScreenGoesDark() {
        phone.activity.sendBroadcast(Intent(Intent.ACTION_SCREEN_OFF))
        phone.settle()
        assertTrue(phone.shows(TextKey.LOCK_OPEN))
    }

    @Test
    fun locksWhenNothingIsTouched() {
        phone.pass(TimeUnit.MINUTES.toMillis(61))
        assertTrue(phone.shows(TextKey.LOCK_OPEN))
    }

    @Test
    fun waitsWhileSheIsInItsOwnPickerButNotForEver() {
        phone.write("слова")
        phone.press(TextKey.INCIDENT_ATTACH_FILE)
        val asked = shadowOf(phone.activity).nextStartedActivityForResult.intent
        phone.window.pause().stop()
        phone.pass(TimeUnit.MINUTES.toMillis(1))
        phone.window.restart().start()
        phone.answer(asked, null)
        phone.window.resume()
        phone.settle()
        assertTrue(phone.said().toString(), phone.shows(TextKey.INCIDENT_ATTACH_FILE))

        phone.press(TextKey.INCIDENT_ATTACH_FILE)
        phone.window.pause().stop()
        phone.pass(TimeUnit.MINUTES.toMillis(4))
        phone.window.restart().start().resume()
        phone.settle()
        assertTrue(phone.shows(TextKey.LOCK_OPEN))
    }

    @Test
    fun keepsWhatSheTypedThroughARotation() {
        phone.press(TextKey.LIST_NEW)
        phone.type(phone.narrativeLabel(), CANARY)
        val before = phone.activity
        RuntimeEnvironment.setQualifiers("+land")
        phone.window.configurationChange()
        phone.settle()
        assertFalse(before === phone.activity)
        assertEquals(CANARY, phone.field(phone.narrativeLabel()).text.toString())
    }

    @Test
    fun keepsWhatSheTypedThroughTheEndOfTheProcessAndTellsTheSystemNothing() {
        phone.press(TextKey.LIST_NEW)
        phone.type(phone.narrativeLabel(), CANARY)
        val kept = phone.dies()
        assertFalse(kept.holds(CANARY))
        assertFalse(kept.holds(CANARY.take(8)))

        val again = Phone(kept)
        assertTrue(again.shows(TextKey.LOCK_OPEN))
        again.unlock()
        assertEquals(CANARY, again.field(again.narrativeLabel()).text.toString())
    }

    @Test
    fun theSystemKeepsNoSecretAndNoSearch() {
        phone.write(CANARY)
        phone.back()
        phone.type(TextKey.LIST_SEARCH, "ищу-канарейку")
        phone.press(TextKey.ACTION_LOCK)
        phone.type(TextKey.LOCK_TITLE, "тайная-канарейка")
        val kept = phone.dies()
        for (word in listOf(
            CANARY,
            "ищу-канарейку",
            "тайная-канарейка",
            Phone.PASSPHRASE,
        )) {
            assertFalse(word, kept.holds(word))
        }
    }

    @Test
    fun everyWindowIsSecure() {
        assertTrue(phone.activity.window.isSecure())
        phone.press(TextKey.LIST_NEW)
        phone.pressBeginning(phone.words(TextKey.FORM_DATE))
        val dialog = ShadowDialog.getLatestDialog() as DatePickerDialog
        assertTrue(dialog.window!!.isSecure())
    }

    @Test
    fun leavesAtOnce() {
        phone.press(TextKey.LIST_NEW)
        phone.type(phone.narrativeLabel(), CANARY)
        phone.press(TextKey.ACTION_QUICK_EXIT)
        val home = shadowOf(phone.activity).nextStartedActivity
        assertTrue(home.categories.contains(Intent.CATEGORY_HOME))
        assertTrue(phone.activity.isFinishing)
        assertFalse(phone.said().any { CANARY in it })
    }

    @Test
    fun aWrongPassphraseIsSaidCalmlyAndLeavesTheField() {
        phone.press(TextKey.ACTION_LOCK)
        phone.type(TextKey.LOCK_TITLE, "не та")
        phone.press(TextKey.LOCK_OPEN)
        assertTrue(phone.said().toString(), phone.shows(TextKey.ERROR_PASSPHRASE_WRONG))
        assertEquals("", phone.field(TextKey.LOCK_TITLE).text.toString())
        phone.unlock()
        assertTrue(phone.shows(TextKey.LIST_NEW))
    }

    @Test
    fun aPhotoTouchesNoFile() {
        phone.write("слова")
        phone.press(TextKey.INCIDENT_ATTACH_PHOTO)
        val asked = shadowOf(phone.activity).nextStartedActivityForResult.intent
        val photo = byteArrayOf(0xFF.toByte(), 0xD8.toByte(), 0xFF.toByte()) + ByteArray(9000) { it.toByte() }
        // Robolectric's pipe is a file, so the bytes are handed to its other end.
        Capture.receive(checkNotNull(asked.target().lastPathSegment), photo.inputStream())
        phone.answer(asked, Intent())
        assertTrue(phone.said().toString(), phone.said().any { it.startsWith("photo") })
        phone.press(TextKey.ATTACH_SAVE)
        assertTrue(phone.said().toString(), phone.said().any { it.startsWith("photo") })
        assertNull(phone.app.cacheDir.walk().firstOrNull { it.isFile && it.length() >= photo.size })
    }

    private fun Window.isSecure() = attributes.flags and FLAG_SECURE != 0

    private companion object {
        const val CANARY = "канарейка-7f3a он снова ждал"
    }
}

/** Time goes by, on every clock of the phone. */
internal fun Phone.pass(milliseconds: Long) {
    ShadowLooper.idleMainLooper(milliseconds, TimeUnit.MILLISECONDS)
    settle()
}
