package org.incidentdiary.app

import android.content.ClipboardManager
import android.content.Context
import android.content.Intent
import android.content.pm.ActivityInfo
import android.content.pm.ApplicationInfo
import android.content.pm.ResolveInfo
import android.net.Uri
import android.provider.Settings
import android.view.accessibility.AccessibilityNodeInfo
import android.widget.EditText
import android.widget.TextView
import org.incidentdiary.presentation.Text
import org.incidentdiary.presentation.TextKey
import org.incidentdiary.presentation.read
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import java.security.MessageDigest

/** What single screens draw and take, beyond the whole way. */
@RunWith(RobolectricTestRunner::class)
@Config(application = TestApplication::class, qualifiers = "ru-w360dp-h780dp-xhdpi")
class ScreensTest {
    private val phone = Phone().apply { firstStart() }

    @Test
    fun eachHeadingOfTheFormStandsAboveItsFields() {
        phone.press(TextKey.LIST_NEW)
        phone.press(TextKey.FORM_MORE)
        val said = phone.said()
        val places = listOf(
            label("field.occurred"),
            phone.words(TextKey.FORM_TO_DATE),
            label("field.refusal"),
            label("field.refusal.how"),
            label("field.harm"),
            label("field.harm.kinds"),
            label("field.response"),
            phone.words(TextKey.FORM_ADD, Text.Label("field.orders")),
            label("field.private_note"),
        ).map { words -> words to said.indexOf(words) }
        assertEquals(emptyList<String>(), places.filter { it.second < 0 }.map { it.first })
        assertEquals("in their order", places, places.sortedBy { it.second })
    }

    @Test
    fun aFormSaysThatItIsKeptAndCanBeThrownAway() {
        phone.press(TextKey.LIST_NEW)
        assertFalse(phone.shows(TextKey.FORM_OLD_WORDS_STAY))
        phone.type(phone.narrativeLabel(), "слова")
        assertFalse(phone.shows(TextKey.FORM_KEPT))
        phone.pass(2_000)
        assertTrue(phone.shows(TextKey.FORM_KEPT))
        phone.back()
        assertTrue(phone.shows(TextKey.NOTICE_UNFINISHED))
        phone.press(TextKey.NOTICE_CONTINUE)
        phone.press(TextKey.FORM_DISCARD)
        assertTrue(phone.shows(TextKey.FORM_DISCARD_QUESTION))
        phone.press(TextKey.FORM_DISCARD)
        assertFalse(phone.shows(TextKey.NOTICE_UNFINISHED))
    }

    @Test
    fun anAmendmentSaysThatTheOldWordsStay() {
        phone.write("слова")
        phone.press(TextKey.INCIDENT_AMEND)
        assertTrue(phone.shows(TextKey.FORM_OLD_WORDS_STAY))
    }

    @Test
    fun whatIsLeftOutOfABundleIsTakenInAgainByItsButton() {
        for (words in listOf("одно", "другое")) {
            phone.write(words)
            phone.back()
        }
        phone.press(TextKey.ACTION_MENU)
        phone.press(TextKey.EXPORT_TITLE)
        phone.press(TextKey.EXPORT_PREVIEW)
        phone.press(TextKey.EXPORT_LEAVE_OUT)
        assertTrue(phone.said().toString(), phone.shows(TextKey.EXPORT_INCLUDE))
        phone.press(TextKey.EXPORT_INCLUDE)
        assertFalse(phone.shows(TextKey.EXPORT_INCLUDE))
    }

    @Test
    fun erasingSaysWhatIsLostAndWantsThePassphrase() {
        phone.write("слова, которые видны")
        phone.press(TextKey.INCIDENT_ERASE)
        assertTrue(phone.shows(TextKey.INCIDENT_ERASE_HELP))
        phone.type(TextKey.EXPORT_PASSPHRASE, "не та")
        phone.press(TextKey.INCIDENT_ERASE)
        assertTrue(phone.said().toString(), phone.shows(TextKey.ERROR_PASSPHRASE_WRONG))
        assertTrue("слова, которые видны" in phone.said())
        phone.press(TextKey.INCIDENT_ERASE)
        phone.type(TextKey.EXPORT_PASSPHRASE, Phone.PASSPHRASE)
        phone.press(TextKey.INCIDENT_ERASE)
        assertFalse("слова, которые видны" in phone.said())
        assertTrue(phone.shows(TextKey.INCIDENT_ERASED))
    }

    @Test
    fun cancellingAWithdrawalTakesTheReasonBack() {
        phone.write("слова")
        assertTrue(phone.shows(TextKey.INCIDENT_PHOTO_HELP))
        phone.press(TextKey.INCIDENT_WITHDRAW)
        phone.type(TextKey.INCIDENT_REASON, "передумала")
        phone.press(TextKey.ACTION_CANCEL)
        phone.press(TextKey.ACTION_LOCK)
        phone.unlock()
        phone.press(TextKey.INCIDENT_WITHDRAW)
        assertEquals("", phone.field(TextKey.INCIDENT_REASON).text.toString())
    }

    @Test
    fun aCodeThatWasNotConfirmedIsMadeAnew() {
        phone.press(TextKey.ACTION_MENU)
        phone.press(TextKey.SETTINGS_TITLE)
        phone.press(TextKey.KEYS_TITLE)
        phone.makeCode(Phone.PASSPHRASE, NEW)
        assertTrue(phone.said().toString(), phone.shows(TextKey.START_CODE_WRITTEN))
        phone.press(TextKey.ACTION_QUICK_EXIT)

        val again = Phone()
        again.unlock(NEW)
        assertTrue(again.said().toString(), again.shows(TextKey.NOTICE_CODE))
        again.press(TextKey.KEYS_CODE)
        again.makeCode(NEW, Phone.PASSPHRASE)
        again.confirmCode()
        assertTrue(again.said().toString(), again.shows(TextKey.KEYS_CODE_MADE))
        again.back()
        assertFalse(again.shows(TextKey.NOTICE_CODE))
    }

    private fun Phone.makeCode(now: String, next: String) {
        press(TextKey.KEYS_CODE)
        assertTrue(shows(TextKey.KEYS_CODE_HELP))
        type(TextKey.KEYS_NOW, now)
        type(TextKey.RECOVER_NEW, next)
        type(TextKey.START_PASSPHRASE_AGAIN, next)
        press(TextKey.KEYS_CODE)
    }

    @Test
    fun aDiaryThatIsDamagedBeyondOpeningIsAnsweredWithABackup() {
        phone.press(TextKey.ACTION_LOCK)
        assertFalse(phone.shows(TextKey.BACKUP_RESTORE))
        phone.damageKeys()
        phone.unlock()
        assertTrue(phone.said().toString(), phone.shows(TextKey.ERROR_KEY_FILE))
        phone.press(TextKey.BACKUP_RESTORE)
        val asked = shadowOf(phone.activity).nextStartedActivityForResult.intent
        phone.answer(asked, Intent().setData(Uri.parse("content://other.app/2026-10-03.backup")))
        assertTrue(phone.said().toString(), phone.shows(TextKey.BACKUP_RESTORE_MAKE))
        phone.back()
        assertTrue(phone.shows(TextKey.LOCK_OPEN))
    }

    @Test
    fun aLongerTimeWantsThePassphrase() {
        phone.press(TextKey.ACTION_MENU)
        phone.press(TextKey.SETTINGS_TITLE)
        phone.press(phone.words(TextKey.SETTINGS_MINUTES, "10"))
        assertTrue(phone.shows(TextKey.ACTION_CANCEL))
        phone.type(TextKey.START_PASSPHRASE, Phone.PASSPHRASE)
        phone.press(TextKey.ACTION_CONTINUE)
        assertFalse(phone.shows(TextKey.ACTION_CANCEL))
        phone.activity.onUserInteraction()
        phone.pass(9 * 60_000)
        assertFalse(phone.shows(TextKey.LOCK_OPEN))
    }

    @Test
    fun thePassphraseIsBoundToThePhoneAndFreedAgain() {
        phone.press(TextKey.ACTION_MENU)
        phone.press(TextKey.SETTINGS_TITLE)
        phone.press(TextKey.KEYS_TITLE)
        phone.press(TextKey.KEYS_BIND)
        assertTrue(phone.shows(TextKey.KEYS_BIND_HELP))
        phone.type(TextKey.START_PASSPHRASE, Phone.PASSPHRASE)
        phone.type(TextKey.RECOVER_CODE, phone.code)
        phone.press(TextKey.KEYS_BIND)
        assertTrue(phone.said().toString(), phone.shows(TextKey.KEYS_BOUND))
        phone.press(TextKey.ACTION_LOCK)
        phone.unlock()
        phone.press(TextKey.KEYS_UNBIND)
        phone.type(TextKey.START_PASSPHRASE, Phone.PASSPHRASE)
        phone.press(TextKey.KEYS_UNBIND)
        assertTrue(phone.said().toString(), phone.shows(TextKey.KEYS_UNBOUND))
    }

    @Test
    fun aPassphraseThatIsShownCannotBeCopied() {
        val field = shown(TextKey.LOCK_TITLE, Phone.PASSPHRASE)
        for (way in listOf(android.R.id.copy, android.R.id.cut, android.R.id.shareText)) {
            assertFalse(field.onTextContextMenuItem(way))
        }
        val clipboard = phone.app.getSystemService(Context.CLIPBOARD_SERVICE) as ClipboardManager
        assertFalse(clipboard.hasPrimaryClip())
        assertEquals(Phone.PASSPHRASE, field.text.toString())
    }

    @Test
    fun noOtherAppIsOfferedASecretThatIsShown() {
        val translator = ResolveInfo().apply {
            nonLocalizedLabel = "Translate"
            activityInfo = ActivityInfo().apply {
                packageName = "other.app"
                name = "other.app.Translate"
                exported = true
                applicationInfo = ApplicationInfo().apply { packageName = "other.app" }
            }
        }
        val question = Intent(Intent.ACTION_PROCESS_TEXT).setType("text/plain")
        @Suppress("DEPRECATION")
        shadowOf(phone.app.packageManager).addResolveInfoForIntent(question, translator)
        Settings.Global.putInt(phone.app.contentResolver, Settings.Global.DEVICE_PROVISIONED, 1)
        // What the system would offer shows with her words, which she may take where she wants.
        phone.press(TextKey.LIST_NEW)
        phone.type(phone.narrativeLabel(), "слова")
        val words = phone.field(phone.narrativeLabel())
        words.requestFocus()
        words.selectAll()
        assertEquals(GIVES, GIVES.filter { words.may(it) })
        assertTrue(words.offers().isNotEmpty())
        phone.back()

        val passphrase = shown(TextKey.LOCK_TITLE, Phone.PASSPHRASE)
        phone.press(TextKey.LOCK_FORGOT)
        val code = shown(TextKey.RECOVER_CODE, "AAAA-BBBB", locked = true)
        for (field in listOf(passphrase, code)) {
            assertEquals(emptyList<String>(), GIVES.filter { field.may(it) })
            assertEquals(emptyList<String>(), field.offers())
        }
        assertEquals("AAAA-BBBB", code.layout.text.toString())
    }

    /** A secret field with what it holds shown and chosen, as by two taps on it. */
    private fun shown(label: TextKey, secret: String, locked: Boolean = false): EditText {
        if (!locked) phone.press(TextKey.ACTION_LOCK)
        phone.type(label, secret)
        phone.press(TextKey.ACTION_SHOW_PASSPHRASE)
        return phone.field(label).apply {
            requestFocus()
            selectAll()
        }
    }

    /** Whether the framework would let the text that is chosen go this way; it asks the same for the toolbar and for services. */
    private fun EditText.may(way: String): Boolean =
        TextView::class.java.getDeclaredMethod(way).apply { isAccessible = true }.invoke(this) as Boolean

    /** What services are told that can be done with the text that is chosen, apart from what every field can. */
    private fun EditText.offers(): List<String> {
        val all = createAccessibilityNodeInfo().actionList
        val giving = setOf(AccessibilityNodeInfo.ACTION_COPY, AccessibilityNodeInfo.ACTION_CUT)
        return all.filter { it.id in giving || it.label != null }.map { it.label?.toString() ?: it.toString() }
            .filter { "COPY" in it || "CUT" in it || it == "Translate" }
    }

    @Test
    fun aPhotoWhoseFirstAttemptFailsIsAttachedBitForBitByTheSecond() {
        phone.write("слова")
        phone.press(TextKey.INCIDENT_ATTACH_PHOTO)
        val asked = shadowOf(phone.activity).nextStartedActivityForResult.intent
        val photo = ByteArray(9000) { (it * 31).toByte() }
        phone.app.capture.receive(checkNotNull(asked.target().lastPathSegment), photo.inputStream())
        phone.answer(asked, Intent())
        phone.type(TextKey.ATTACH_NOTE, "\u0007")
        phone.press(TextKey.ATTACH_SAVE)
        assertTrue(phone.said().toString(), phone.shows(TextKey.FIELD_TEXT))
        phone.type(TextKey.ATTACH_NOTE, "дверь")
        phone.press(TextKey.ATTACH_SAVE)
        val sha256 = MessageDigest.getInstance("SHA-256").digest(photo).joinToString("") { "%02x".format(it) }
        assertTrue(phone.said().toString(), sha256 in phone.said().map { it.replace(" ", "") })
    }

    @Test
    fun aPhotoThatDoesNotArriveIsTold() {
        phone.write("слова")
        phone.press(TextKey.INCIDENT_ATTACH_PHOTO)
        phone.answer(shadowOf(phone.activity).nextStartedActivityForResult.intent, Intent())
        assertTrue(phone.said().toString(), phone.shows(TextKey.ERROR_NOTHING_ARRIVED))
    }

    @Test
    fun aPhotoThatSheThoughtBetterOfIsNot() {
        phone.write("слова")
        phone.press(TextKey.INCIDENT_ATTACH_PHOTO)
        phone.answer(shadowOf(phone.activity).nextStartedActivityForResult.intent, null)
        assertFalse(phone.shows(TextKey.ERROR_NOTHING_ARRIVED))
    }

    @Test
    fun aPhoneWithoutACameraProgramSaysSo() {
        phone.write("слова")
        shadowOf(phone.app).checkActivities(true)
        phone.press(TextKey.INCIDENT_ATTACH_PHOTO)
        assertTrue(phone.said().toString(), phone.shows(TextKey.ERROR_NOTHING_ARRIVED))
    }

    private companion object {
        const val NEW = "жаңа төрт сөз тау басында"
        val GIVES = listOf("canCopy", "canCut", "canShare", "canProcessText")
    }

    private fun label(path: String): String = Text.Label(path).read(phone.app.strings(phone.activity))
}
