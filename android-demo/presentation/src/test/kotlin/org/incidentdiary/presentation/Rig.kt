package org.incidentdiary.presentation

import kotlinx.coroutines.test.StandardTestDispatcher
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.advanceTimeBy
import kotlinx.coroutines.test.currentTime
import kotlinx.coroutines.test.runCurrent
import org.incidentdiary.core.KeyCost
import org.incidentdiary.draftText
import org.incidentdiary.noDeviceKey
import org.incidentdiary.openDiary
import java.io.ByteArrayInputStream
import java.io.ByteArrayOutputStream
import java.io.File
import java.io.IOException
import java.io.InputStream
import java.io.OutputStream
import java.io.SequenceInputStream
import java.time.Instant
import java.time.ZoneId
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec
import kotlin.random.Random

/** The app over the real library, in virtual time. Every call of the library runs on the thread of the test. */
internal class Rig(
    private val scope: TestScope,
    folder: File,
    saved: Map<String, String> = emptyMap(),
    val settings: MapSettings = MapSettings(),
    clock: () -> Long = { scope.currentTime },
) {
    val device = SoftwareKey()
    val ports = Ports(
        vault = File(folder, "vault"),
        scratch = File(folder, "scratch"),
        settings = settings,
        device = device,
        now = { NOW },
        zone = { ZoneId.of("Asia/Almaty") },
        elapsed = clock,
        io = StandardTestDispatcher(scope.testScheduler),
        keyCost = KeyCost.FLOOR,
        pictures = { open -> open().use { it.readBytes() }.takeIf { it.isPicture() }?.let(::Shown) },
    )
    val app = AppModel(ports, scope.backgroundScope, saved)

    inline fun <reified T : Screen> on(): T {
        settle()
        return app.screen.value as? T ?: error("another screen: ${app.screen.value::class.simpleName}")
    }

    /** Everything that can happen now happens. */
    fun settle() = scope.runCurrent()

    /** Time goes by. */
    fun pass(milliseconds: Long) {
        scope.advanceTimeBy(milliseconds)
        scope.runCurrent()
    }

    /** The recovery code of the diary that was made, in groups. */
    var code: List<String> = emptyList()
        private set

    /** From nothing to the empty list. */
    fun firstStart(): ListModel {
        val start = on<Screen.FirstStart>().model
        start.begin()
        start.create(PASSPHRASE.toCharArray(), PASSPHRASE.toCharArray())
        settle()
        code = start.state.value.code
        start.codeWritten()
        val asked = (start.state.value.question as Text.Of).args.single() as Int
        start.confirm(code[asked - 1].toCharArray())
        return on<Screen.List>().model
    }

    fun unlock(passphrase: String = PASSPHRASE) {
        app.onStarted()
        on<Screen.Lock>().model.unlock(passphrase.toCharArray())
        settle()
    }

    /** What the diary keeps under a name; it is locked for that. */
    fun draft(name: String): String? {
        app.lock()
        settle()
        return openDiary(ports.vault, PASSPHRASE.toCharArray()).use { diary ->
            diary.draftText(name).also { diary.lock() }
        }
    }

    /** Writes an incident down and comes back to it. */
    fun write(narrative: String, fill: (FormModel) -> Unit = {}): IncidentModel {
        on<Screen.List>().model.write()
        val form = on<Screen.Form>().model
        form.edit("narrative", narrative)
        fill(form)
        form.save()
        return on<Screen.Incident>().model
    }

    companion object {
        const val PASSPHRASE = "қар жауды таң атты құс ұшты"
        val NOW: Instant = Instant.parse("2026-10-03T16:15:30Z")
    }
}

/** Settings as a phone keeps them. */
internal class MapSettings : Settings {
    val values = mutableMapOf<String, String>()

    override fun get(name: String): String? = values[name]

    override fun set(name: String, value: String?) {
        if (value == null) values -= name else values[name] = value
    }
}

/** A key of the device, which can forget it. */
internal class SoftwareKey : DeviceSecret {
    private var key: ByteArray? = null
    var broken = false

    /** So often it can still be used. */
    var uses = Int.MAX_VALUE

    override fun make() {
        check(!broken)
        if (key == null) key = Random.nextBytes(32)
    }

    override fun mac(message: ByteArray): ByteArray {
        check(uses-- > 0)
        return Mac.getInstance("HmacSHA256").run {
            init(SecretKeySpec(key ?: throw noDeviceKey(), "HmacSHA256"))
            doFinal(message)
        }
    }

    override fun forget() {
        key = null
    }
}

/** A picked file. */
internal class Picked(
    override val name: String,
    private val content: ByteArray,
    override val modified: Instant? = null,
    private val stream: () -> InputStream = { ByteArrayInputStream(content) },
) : ContentSource {
    override val bytes: Long = content.size.toLong()

    override fun open(): InputStream = stream()
}

/** A photo that only memory holds; it can fail on its way, and is overwritten when it is needed no more. */
internal class Photo(val content: ByteArray, private var failures: Int = 0) : ContentSource {
    override val name: String = "photo.jpg"
    override val bytes: Long = content.size.toLong()
    override val modified: Instant = Rig.NOW
    override val onlyInMemory: Boolean = true

    override fun open(): InputStream {
        val whole = content.inputStream()
        if (failures == 0) return whole
        failures -= 1
        return SequenceInputStream(
            content.copyOf(content.size / 2).inputStream(),
            object : InputStream() {
                override fun read(): Int = throw IOException()
            },
        )
    }

    override fun forget() = content.fill(0)
}

/** Stands in for a bitmap: the bytes that were read. */
internal class Shown(val bytes: ByteArray) : Picture {
    override fun forget() = bytes.fill(0)
}

private fun ByteArray.isPicture() = size > 9 && get(size - 1) == 0xD9.toByte()

/** A place that she chose: a new file, or an older one with something in it. */
internal class Place(
    private val fails: Boolean = false,
    var older: ByteArray = ByteArray(0),
    private val wrote: () -> Unit = {},
) : ContentTarget {
    val written = object : ByteArrayOutputStream() {
        override fun write(bytes: ByteArray, from: Int, count: Int) {
            super.write(bytes, from, count)
            wrote()
        }
    }
    var discarded = false

    override fun isEmpty(): Boolean = older.isEmpty() && written.size() == 0

    override fun open(): OutputStream {
        if (fails) throw SecurityException("denied")
        older = ByteArray(0)
        return written
    }

    override fun delete() {
        discarded = true
    }
}

/** The words of a text, as the app says them. */
internal fun Text?.inLanguage(language: String): String {
    val texts = texts.getOrPut(language) { Resources(language).texts }
    return this?.read(Reader { texts.getValue(it.resource) }).orEmpty()
}

private val texts = mutableMapOf<String, Map<String, String>>()
