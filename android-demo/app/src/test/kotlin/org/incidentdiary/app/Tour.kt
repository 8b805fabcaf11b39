package org.incidentdiary.app

import android.content.Intent
import android.graphics.Bitmap
import android.graphics.Canvas
import android.graphics.Paint
import android.net.Uri
import org.incidentdiary.presentation.TextKey
import org.robolectric.Shadows.shadowOf
import java.io.ByteArrayInputStream
import java.io.ByteArrayOutputStream

/** Goes through every screen with a real diary; at each, [look] is called with its name. */
internal class Tour(private val phone: Phone, private val look: (String) -> Unit) {
    fun go() {
        start()
        write()
        attach()
        list()
        export()
        rest()
    }

    private fun start() {
        look("welcome")
        phone.press(TextKey.BACKUP_RESTORE)
        val asked = shadowOf(phone.activity).nextStartedActivityForResult.intent
        phone.answer(asked, Intent().setData(Uri.parse("content://other.app/2026-10-03.backup")))
        look("restore")
        phone.back()
        phone.press(TextKey.START_BEGIN)
        phone.type(TextKey.START_PASSPHRASE, Phone.PASSPHRASE)
        phone.type(TextKey.START_PASSPHRASE_AGAIN, "не та")
        phone.press(TextKey.START_MAKE)
        look("passphrases-differ")
        phone.type(TextKey.START_PASSPHRASE, Phone.PASSPHRASE)
        phone.type(TextKey.START_PASSPHRASE_AGAIN, Phone.PASSPHRASE)
        phone.press(TextKey.START_MAKE)
        look("code")
        phone.confirmCode { look("confirm") }
        look("empty")
    }

    private fun write() {
        phone.press(TextKey.LIST_NEW)
        phone.type(phone.narrativeLabel(), WORDS)
        look("form")
        phone.press(TextKey.FORM_MORE)
        look("form-more")
        phone.press(TextKey.FORM_SAVE)
        look("incident")
    }

    private fun attach() {
        phone.press(TextKey.INCIDENT_ATTACH_FILE)
        val asked = shadowOf(phone.activity).nextStartedActivityForResult.intent
        val uri = Uri.parse("content://other.app/IMG_20261003_211542_a_rather_long_name.jpg")
        shadowOf(phone.activity.contentResolver).registerInputStreamSupplier(uri) {
            ByteArrayInputStream(photo())
        }
        phone.answer(asked, Intent().setData(uri))
        look("attach")
        phone.press(TextKey.ATTACH_SAVE)
        look("attached")
        phone.press(TextKey.INCIDENT_SHOW_FILE)
        look("picture")
        phone.back()
        phone.press(TextKey.INCIDENT_SAVE_FILE)
        look("copy-asked")
        phone.press(TextKey.ACTION_CANCEL)
        phone.press(TextKey.INCIDENT_ATTACH_PHOTO)
        val camera = shadowOf(phone.activity).nextStartedActivityForResult.intent
        phone.app.capture.receive(checkNotNull(camera.target().lastPathSegment), photo().inputStream())
        phone.press(TextKey.ACTION_LOCK)
        phone.answer(camera, Intent())
        look("lock-finish")
        phone.unlock()
        look("attach-waited")
        phone.press(TextKey.ATTACH_SAVE)
        phone.press(TextKey.INCIDENT_ERASE)
        look("erase-asked")
        phone.press(TextKey.ACTION_CANCEL)
        phone.back()
    }

    private fun list() {
        phone.write(
            "Он писал всю ночь с чужих номеров, тридцать четыре звонка, потом голосовое сообщение. Я не отвечала.",
        )
        phone.back()
        look("list")
        phone.press(TextKey.LIST_FILTER)
        look("filter")
        phone.press(TextKey.ACTION_MENU)
        look("menu")
    }

    private fun export() {
        phone.press(TextKey.EXPORT_TITLE)
        look("export")
        phone.press(TextKey.EXPORT_PREVIEW)
        look("export-preview")
        phone.press(TextKey.ACTION_CONTINUE)
        look("export-passphrase")
        phone.type(TextKey.START_PASSPHRASE, Phone.PASSPHRASE)
        phone.press(TextKey.EXPORT_CHOOSE_PLACE)
        val asked = shadowOf(phone.activity).nextStartedActivityForResult.intent
        val uri = Uri.parse("content://other.app/out.zip")
        shadowOf(phone.activity.contentResolver).registerOutputStreamSupplier(uri) { ByteArrayOutputStream() }
        phone.answer(asked, Intent().setData(uri))
        look("export-done")
        phone.press(TextKey.ACTION_DONE)
    }

    private fun rest() {
        phone.press(TextKey.ACTION_MENU)
        phone.press(TextKey.CODE_TITLE)
        phone.type(TextKey.CODE_CHECK, "7K2M-94QX")
        look("fingerprint")
        phone.back()
        phone.press(TextKey.ACTION_MENU)
        phone.press(TextKey.SETTINGS_TITLE)
        phone.press(TextKey.SETTINGS_CHECK)
        look("settings")
        phone.press(TextKey.BACKUP_TITLE)
        look("backup")
        phone.press(TextKey.BACKUP_MAKE)
        val asked = shadowOf(phone.activity).nextStartedActivityForResult.intent
        val uri = Uri.parse("content://other.app/out.backup")
        shadowOf(phone.activity.contentResolver).registerOutputStreamSupplier(uri) { ByteArrayOutputStream() }
        phone.answer(asked, Intent().setData(uri))
        look("backup-done")
        phone.back()
        phone.press(TextKey.KEYS_TITLE)
        phone.press(TextKey.KEYS_BIND)
        look("keys")
        phone.type(TextKey.START_PASSPHRASE, Phone.PASSPHRASE)
        phone.type(TextKey.RECOVER_CODE, phone.code)
        phone.press(TextKey.KEYS_BIND)
        phone.press(TextKey.KEYS_CHANGE)
        look("keys-bound")
        phone.press(TextKey.ACTION_CANCEL)
        phone.press(TextKey.KEYS_CODE)
        look("keys-code")
        phone.type(TextKey.KEYS_NOW, Phone.PASSPHRASE)
        phone.type(TextKey.RECOVER_NEW, NEW)
        phone.type(TextKey.START_PASSPHRASE_AGAIN, NEW)
        phone.press(TextKey.KEYS_CODE)
        look("new-code")
        phone.confirmCode { look("new-confirm") }
        look("new-code-made")
        phone.back()
        phone.press(TextKey.WIPE_TITLE)
        phone.press(TextKey.WIPE_TITLE)
        look("wipe")
        phone.press(TextKey.ACTION_LOCK)
        phone.type(TextKey.LOCK_TITLE, "не та")
        phone.press(TextKey.LOCK_OPEN)
        look("lock-wrong")
        phone.press(TextKey.LOCK_FORGOT)
        look("recover")
        phone.back()
        phone.damageKeys()
        phone.unlock()
        look("lock-damaged")
    }

    /** A yard in the evening, as far as a few shapes go. */
    private fun photo(): ByteArray {
        val bitmap = Bitmap.createBitmap(1200, 900, Bitmap.Config.ARGB_8888)
        val canvas = Canvas(bitmap)
        canvas.drawColor(0xFF27364D.toInt())
        canvas.drawRect(150f, 200f, 650f, 900f, Paint().apply { color = 0xFF5B4A3F.toInt() })
        canvas.drawCircle(950f, 220f, 90f, Paint().apply { color = 0xFFE8D9A0.toInt() })
        return ByteArrayOutputStream().also { bitmap.compress(Bitmap.CompressFormat.JPEG, 90, it) }.toByteArray()
    }

    private companion object {
        const val NEW = "жаңа төрт сөз тау басында"
        const val WORDS = "Ол тағы да кіреберісте күтіп тұрды. Мен үйге кірмей, көршіге бардым."
    }
}
