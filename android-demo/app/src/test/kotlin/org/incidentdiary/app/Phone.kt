package org.incidentdiary.app

import android.os.Bundle
import android.os.Parcel
import android.view.View
import android.widget.EditText
import android.widget.TextView
import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import org.incidentdiary.app.platform.Capture
import org.incidentdiary.app.platform.DeviceSettings
import org.incidentdiary.core.KeyCost
import org.incidentdiary.presentation.DeviceSecret
import org.incidentdiary.presentation.Ports
import org.incidentdiary.presentation.Text
import org.incidentdiary.presentation.TextKey
import org.incidentdiary.presentation.read
import org.junit.Assert.assertTrue
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.android.controller.ActivityController
import org.robolectric.shadows.ShadowLooper
import java.io.File
import java.time.Instant
import java.time.ZoneId
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec

/** The app as it is, with the real library; only the clock stands still, and guessing is as cheap as the library allows. */
class TestApplication : DiaryApplication() {
    // Calls of the library run on the main thread: whatever can happen has happened when the looper is idle.
    override val io: CoroutineDispatcher get() = Dispatchers.Main

    private var photo: Capture? = null
    override val capture: Capture get() = photo ?: Capture(DeviceSettings(this)).also { photo = it }

    override fun ports(): Ports = super.ports().let {
        Ports(
            it.vault,
            it.scratch,
            it.settings,
            SoftwareKey,
            { NOW },
            { ZoneId.of("Asia/Almaty") },
            it.elapsed,
            it.io,
            KeyCost.FLOOR,
            it.pictures,
        )
    }

    /** The process has ended. */
    fun forget() {
        model = null
        photo = null
    }

    private companion object {
        val NOW: Instant = Instant.parse("2026-10-03T16:15:30Z")
    }
}

/** Stands in for the phone's key store, which Robolectric does not have. */
private object SoftwareKey : DeviceSecret {
    override fun make() = Unit

    override fun forget() = Unit

    override fun mac(message: ByteArray): ByteArray = Mac.getInstance("HmacSHA256").run {
        init(SecretKeySpec(ByteArray(32) { 7 }, "HmacSHA256"))
        doFinal(message)
    }
}

/** A phone with the app in front: what a person can press, type and see, by the words on the screen. */
internal class Phone(saved: Bundle? = null) {
    val app: TestApplication = RuntimeEnvironment.getApplication() as TestApplication
    var window: ActivityController<MainActivity> = Robolectric.buildActivity(MainActivity::class.java).let {
        if (saved ==
            null
        ) {
            it.setup()
        } else {
            it.setup(saved)
        }
    }
    val activity: MainActivity get() = window.get()

    private var broken: Throwable? = null

    init {
        Thread.currentThread().setUncaughtExceptionHandler { _, error -> broken = error }
        settle()
    }

    /** Everything that can happen now happens, and the screen is laid out. */
    fun settle() {
        ShadowLooper.idleMainLooper()
        if (activity.window.decorView.isAttachedToWindow) activity.giveBars()
        broken?.let { throw AssertionError("the app would have ended here", it) }
    }

    fun words(key: TextKey, vararg args: Any): String = Text.Of(key, args.toList()).read(app.strings(activity))

    fun all(): List<View> = visible(activity.window.decorView).toList()

    /** What can be read on the screen. */
    fun said(): List<String> = all().filterIsInstance<TextView>().map { it.text.toString() }.filter { it.isNotEmpty() }

    fun shows(key: TextKey): Boolean = words(key) in said()

    fun press(key: TextKey) = press(words(key))

    /** Presses what has this text, or this name. */
    fun press(words: String) {
        val found = all().filter { it.isClickable && it.isEnabled && (namedBy(it) == words) }
        check(found.isNotEmpty()) { "nothing to press called '$words' among ${said()}" }
        found.first().performClick()
        settle()
    }

    /** Presses what has a name that begins so. */
    fun pressBeginning(words: String) {
        all().first { it.isClickable && namedBy(it).startsWith(words) }.performClick()
        settle()
    }

    /** Presses the part of the screen in which these words stand. */
    fun pressAround(words: String) {
        var view: View? = all().filterIsInstance<TextView>().first { words in it.text }
        while (view != null && !view.isClickable) view = view.parent as? View
        checkNotNull(view) { "'$words' cannot be pressed" }.performClick()
        settle()
    }

    fun field(label: String): EditText =
        all().filterIsInstance<EditText>().firstOrNull { field -> labelOf(field) == label }
            ?: error("no field called '$label' among ${all().filterIsInstance<EditText>().map(::labelOf)}")

    fun field(label: TextKey): EditText = field(words(label))

    fun type(label: TextKey, text: String) = type(words(label), text)

    fun type(label: String, text: String) {
        field(label).setText(text)
        settle()
    }

    fun back() {
        @Suppress("DEPRECATION")
        activity.onBackPressed()
        settle()
    }

    /** From nothing to the empty list, as a person does it. */
    fun firstStart() {
        press(TextKey.START_BEGIN)
        type(TextKey.START_PASSPHRASE, PASSPHRASE)
        type(TextKey.START_PASSPHRASE_AGAIN, PASSPHRASE)
        press(TextKey.START_MAKE)
        confirmCode()
    }

    /** The recovery code as it was on the screen. */
    var code: String = ""
        private set

    fun confirmCode(asked: () -> Unit = {}) {
        val shown = all().filterIsInstance<TextView>().first { CODE.containsMatchIn(it.text) }
        assertTrue("the screen goes dark over the code", shown.keepScreenOn)
        val groups = shown.text.split(Regex("\\s+"))
        code = groups.joinToString("-")
        press(TextKey.START_CODE_WRITTEN)
        asked()
        val group = (1..groups.size).first { words(TextKey.START_CONFIRM_QUESTION, it) in said() }
        type(words(TextKey.START_CONFIRM_QUESTION, group), groups[group - 1])
        press(TextKey.ACTION_CONTINUE)
    }

    fun unlock(passphrase: String = PASSPHRASE) {
        type(TextKey.LOCK_TITLE, passphrase)
        press(TextKey.LOCK_OPEN)
    }

    /** Nothing opens the diary any more. */
    fun damageKeys() =
        File(app.noBackupFilesDir, "diary/header").writeBytes("IDVAULT1".toByteArray() + ByteArray(8184))

    /** Writes an incident down; its page is in front afterwards. */
    fun write(narrative: String) {
        press(TextKey.LIST_NEW)
        type(narrativeLabel(), narrative)
        press(TextKey.FORM_SAVE)
    }

    fun narrativeLabel(): String = Text.Label("field.narrative").read(app.strings(activity))

    /** The system ends the process while the app cannot be seen; what it gave up to be kept is what comes back. */
    fun dies(): Bundle {
        val kept = Bundle()
        window.pause().stop().saveInstanceState(kept)
        settle()
        window.destroy()
        ShadowLooper.idleMainLooper()
        app.forget()
        return kept
    }

    companion object {
        const val PASSPHRASE = "қар жауды таң атты құс ұшты"
        private val CODE = Regex("^[0-9A-Z]{4}\\s+[0-9A-Z]{4}\\s")

        private fun namedBy(view: View): String =
            (view.contentDescription ?: (view as? TextView)?.text ?: "").toString()
    }

    private fun labelOf(field: EditText): String = all().filterIsInstance<TextView>()
        .firstOrNull { it.labelFor == field.id && field.id != View.NO_ID }?.text?.toString()
        ?: field.hint?.toString().orEmpty()
}

/** Every byte that a bundle would be kept as, both ways in which text can stand in it. */
internal fun Bundle.holds(words: String): Boolean {
    val parcel = Parcel.obtain()
    writeToParcel(parcel, 0)
    val bytes = parcel.marshall()
    parcel.recycle()
    return listOf(Charsets.UTF_8, Charsets.UTF_16LE).any { bytes.contains(words.toByteArray(it)) } ||
        toString().contains(words)
}

private fun ByteArray.contains(part: ByteArray): Boolean =
    (0..size - part.size).any { start -> part.indices.all { this[start + it] == part[it] } }
