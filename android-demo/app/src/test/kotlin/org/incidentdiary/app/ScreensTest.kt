package org.incidentdiary.app

import android.content.ClipboardManager
import android.content.Context
import android.content.Intent
import org.incidentdiary.app.platform.Capture
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
    fun aPassphraseThatIsShownCannotBeCopied() {
        phone.press(TextKey.ACTION_LOCK)
        phone.type(TextKey.LOCK_TITLE, Phone.PASSPHRASE)
        phone.press(TextKey.ACTION_SHOW_PASSPHRASE)
        val field = phone.field(TextKey.LOCK_TITLE)
        field.selectAll()
        for (way in listOf(android.R.id.copy, android.R.id.cut, android.R.id.shareText)) {
            assertFalse(field.onTextContextMenuItem(way))
        }
        val clipboard = phone.app.getSystemService(Context.CLIPBOARD_SERVICE) as ClipboardManager
        assertFalse(clipboard.hasPrimaryClip())
        assertEquals(Phone.PASSPHRASE, field.text.toString())
    }

    @Test
    fun aPhotoWhoseFirstAttemptFailsIsAttachedBitForBitByTheSecond() {
        phone.write("слова")
        phone.press(TextKey.INCIDENT_ATTACH_PHOTO)
        val asked = shadowOf(phone.activity).nextStartedActivityForResult.intent
        val photo = ByteArray(9000) { (it * 31).toByte() }
        Capture.receive(checkNotNull(asked.target().lastPathSegment), photo.inputStream())
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

    private fun label(path: String): String = Text.Label(path).read(phone.app.strings(phone.activity))
}
