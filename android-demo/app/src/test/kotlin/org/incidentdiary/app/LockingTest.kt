package org.incidentdiary.app

import android.app.Activity
import android.app.DatePickerDialog
import android.app.TimePickerDialog
import android.content.Intent
import android.view.Window
import android.view.WindowManager.LayoutParams.FLAG_SECURE
import android.widget.CheckBox
import android.widget.EditText
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
    fun locksWhenTheScreenGoesDarkAlsoWithoutAWindow() {
        phone.write("слова")
        phone.press(TextKey.INCIDENT_ATTACH_PHOTO)
        // The camera wants the memory, and the system destroys the window behind it.
        phone.window.userLeaving().pause().stop().destroy()
        phone.app.sendBroadcast(Intent(Intent.ACTION_SCREEN_OFF))
        assertTrue(Phone().shows(TextKey.LOCK_OPEN))
    }

    @Test
    fun locksWhenNothingIsTouched() {
        phone.pass(TimeUnit.MINUTES.toMillis(61))
        assertTrue(phone.shows(TextKey.LOCK_OPEN))
    }

    @Test
    fun locksWhenTheIconIsTappedWhileSheIsInAPicker() {
        phone.write("слова")
        phone.press(TextKey.INCIDENT_ATTACH_FILE)
        phone.window.userLeaving().pause().stop()
        phone.window.newIntent(Intent(Intent.ACTION_MAIN)).restart().start().resume()
        phone.settle()
        assertTrue(phone.said().toString(), phone.shows(TextKey.LOCK_OPEN))
    }

    @Test
    fun waitsWhileSheIsInItsOwnPickerButNotForEver() {
        phone.write("слова")
        phone.press(TextKey.INCIDENT_ATTACH_FILE)
        val asked = shadowOf(phone.activity).nextStartedActivityForResult.intent
        phone.window.userLeaving().pause().stop()
        phone.pass(TimeUnit.MINUTES.toMillis(1))
        phone.window.restart().start()
        phone.answer(asked, null)
        phone.window.resume()
        phone.settle()
        assertTrue(phone.said().toString(), phone.shows(TextKey.INCIDENT_ATTACH_FILE))

        phone.press(TextKey.INCIDENT_ATTACH_FILE)
        phone.window.userLeaving().pause().stop()
        phone.pass(TimeUnit.MINUTES.toMillis(4))
        phone.window.restart().start().resume()
        phone.settle()
        assertTrue(phone.shows(TextKey.LOCK_OPEN))
    }

    @Test
    fun keepsWhatSheTypedThroughARotationOnEveryScreen() {
        turns("the list")
        phone.press(TextKey.LIST_NEW)
        turns("the form")
        phone.press(TextKey.FORM_SAVE)
        phone.press(TextKey.INCIDENT_WITHDRAW)
        turns("withdrawing")
        phone.press(TextKey.INCIDENT_ERASE)
        turns("erasing")
        phone.press(TextKey.INCIDENT_ATTACH_PHOTO)
        val asked = shadowOf(phone.activity).nextStartedActivityForResult.intent
        phone.app.capture.receive(checkNotNull(asked.target().lastPathSegment), ByteArray(9) { 7 }.inputStream())
        phone.answer(asked, Intent())
        turns("attaching")
        phone.press(TextKey.ATTACH_SAVE)
        phone.back()
        menu(TextKey.EXPORT_TITLE)
        phone.press(phone.words(TextKey.EXPORT_LANGUAGE_EN))
        turns("choosing what is handed over")
        phone.press(TextKey.EXPORT_PREVIEW)
        phone.press(TextKey.ACTION_CONTINUE)
        turns("the passphrase for it")
        repeat(3) { phone.back() }
        menu(TextKey.CODE_TITLE)
        turns("the code of the log")
        phone.back()
        menu(TextKey.SETTINGS_TITLE)
        phone.press(TextKey.KEYS_TITLE)
        phone.press(TextKey.KEYS_CHANGE)
        turns("another passphrase")
        phone.back()
        phone.press(TextKey.WIPE_TITLE)
        phone.press(TextKey.WIPE_TITLE)
        turns("destroying")
        phone.press(TextKey.ACTION_LOCK)
        turns("the lock")
        phone.press(TextKey.LOCK_FORGOT)
        turns("the recovery code")
    }

    /** Types into every field of the screen, and turns the phone. */
    private fun turns(screen: String) {
        val fields = phone.all().filterIsInstance<EditText>()
        assertTrue("$screen has no field", fields.isNotEmpty())
        fields.forEachIndexed { at, field -> field.setText("$CANARY $at") }
        val marked = phone.all().filterIsInstance<CheckBox>().filter { it.isChecked }.map { it.text }
        RuntimeEnvironment.setQualifiers(if (sideways) "+port" else "+land")
        sideways = !sideways
        phone.window.configurationChange()
        phone.settle()
        val kept = phone.all().filterIsInstance<EditText>().map { it.text.toString() }
        assertEquals(screen, fields.indices.map { "$CANARY $it" }, kept)
        assertEquals(screen, marked, phone.all().filterIsInstance<CheckBox>().filter { it.isChecked }.map { it.text })
    }

    private var sideways = false

    private fun menu(entry: TextKey) {
        phone.press(TextKey.ACTION_MENU)
        phone.press(entry)
    }

    @Test
    fun keepsHerWordsButNoSecretWhenTheWindowIsMadeAnew() {
        phone.press(TextKey.LIST_NEW)
        phone.type(phone.narrativeLabel(), CANARY)
        val before = phone.activity
        RuntimeEnvironment.setQualifiers("+night")
        phone.window.configurationChange()
        phone.settle()
        assertFalse(before === phone.activity)
        assertEquals(CANARY, phone.field(phone.narrativeLabel()).text.toString())
        phone.press(TextKey.ACTION_LOCK)
        phone.type(TextKey.LOCK_TITLE, CANARY)
        RuntimeEnvironment.setQualifiers("+notnight")
        phone.window.configurationChange()
        phone.settle()
        assertEquals("", phone.field(TextKey.LOCK_TITLE).text.toString())
    }

    @Test
    fun aSecretThatSheBeganToTypeIsNotLeftForWhoeverComesNext() {
        phone.press(TextKey.ACTION_LOCK)
        phone.type(TextKey.LOCK_TITLE, Phone.PASSPHRASE)
        phone.window.pause().stop()
        phone.window.restart().start().resume()
        phone.settle()
        assertEquals("", phone.field(TextKey.LOCK_TITLE).text.toString())
    }

    @Test
    fun aDialogGoesWithTheDiary() {
        phone.press(TextKey.LIST_NEW)
        phone.pressBeginning(phone.words(TextKey.FORM_DATE))
        val dialog = ShadowDialog.getLatestDialog()
        assertTrue(dialog.isShowing)
        phone.pass(TimeUnit.MINUTES.toMillis(61))
        assertTrue(phone.shows(TextKey.LOCK_OPEN))
        assertFalse(dialog.isShowing)
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
        phone.pressBeginning(phone.words(TextKey.FORM_TIME))
        val clock = ShadowDialog.getLatestDialog() as TimePickerDialog
        assertTrue(clock.window!!.isSecure())
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
        assertTrue(phone.said().toString(), phone.shows(TextKey.LOCK_WRONG))
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
        phone.app.capture.receive(checkNotNull(asked.target().lastPathSegment), photo.inputStream())
        phone.answer(asked, Intent())
        assertTrue(phone.said().toString(), phone.said().any { it.startsWith("photo") })
        phone.press(TextKey.ACTION_REMOVE)
        assertTrue("it is nowhere else", phone.shows(TextKey.ATTACH_THROW_AWAY_QUESTION))
        phone.press(TextKey.ACTION_CANCEL)
        phone.press(TextKey.ATTACH_SAVE)
        assertTrue(phone.said().toString(), phone.said().any { it.startsWith("photo") })
        assertNull(phone.app.cacheDir.walk().firstOrNull { it.isFile && it.length() >= photo.size })
    }

    @Test
    fun aPhotoOutlivesTheEndOfTheProcessBehindTheCamera() {
        phone.write("слова")
        phone.press(TextKey.INCIDENT_ATTACH_PHOTO)
        val asked = shadowOf(phone.activity).nextStartedActivityForResult.intent
        val address = checkNotNull(asked.target().lastPathSegment)
        phone.press(TextKey.ACTION_LOCK)
        val kept = phone.dies()
        assertFalse(kept.holds("слова"))

        val again = Phone(kept)
        assertNull("an address that somebody made up", again.app.capture.open("0".repeat(32)))
        again.app.capture.receive(address, ByteArray(700_000) { (it * 31).toByte() }.inputStream())
        shadowOf(again.activity).receiveResult(asked, Activity.RESULT_OK, Intent())
        again.settle()
        assertTrue(again.said().toString(), again.shows(TextKey.LOCK_FINISH))
        again.unlock()
        assertTrue(again.said().toString(), again.shows(TextKey.ATTACH_WAITED))
        again.press(TextKey.ATTACH_SAVE)
        assertTrue(again.said().toString(), again.said().any { it.startsWith("photo") })
        assertNull(again.app.capture.open(address))
        assertNull(again.app.cacheDir.walk().firstOrNull { it.isFile && it.length() >= 700_000 })
    }

    @Test
    fun whySheWithdrawsOutlivesTheEndOfTheProcess() {
        phone.write("слова")
        phone.press(TextKey.INCIDENT_WITHDRAW)
        phone.type(TextKey.INCIDENT_REASON, CANARY)
        val kept = phone.dies()
        assertFalse(kept.holds(CANARY))
        val again = Phone(kept)
        again.unlock()
        assertEquals(CANARY, again.field(TextKey.INCIDENT_REASON).text.toString())
        again.press(TextKey.INCIDENT_WITHDRAW)
        assertTrue(again.said().toString(), again.shows(TextKey.INCIDENT_WITHDRAWN))
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
