package org.incidentdiary.presentation

import app.cash.turbine.test
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue

class LockingTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun `leaving, a dark screen and idleness lock, and the way back is remembered`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        val id = rig.write("x").id
        rig.app.onStopped()
        assertIs<Screen.Lock>(rig.app.screen.value)
        rig.unlock()
        assertEquals(id, rig.on<Screen.Incident>().model.id)

        rig.app.onStarted()
        rig.app.onScreenOff()
        assertIs<Screen.Lock>(rig.app.screen.value)
        rig.unlock()
        rig.app.onStarted()

        rig.pass(4 * MINUTE)
        rig.app.onUserActive()
        rig.pass(4 * MINUTE)
        assertIs<Screen.Incident>(rig.app.screen.value)
        rig.pass(2 * MINUTE)
        assertIs<Screen.Lock>(rig.app.screen.value)
    }

    @Test
    fun `it waits while she is in the picker that the app opened, but not for ever`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x")
        rig.app.openedOwnPicker()
        rig.app.onStopped()
        rig.pass(2 * MINUTE)
        rig.app.onStarted()
        rig.app.ownPickerReturned()
        assertIs<Screen.Incident>(rig.app.screen.value)

        rig.app.onStopped()
        assertIs<Screen.Lock>(rig.app.screen.value, "the picker is gone: leaving locks at once")
        rig.unlock()
        rig.app.onStarted()
        rig.app.openedOwnPicker()
        rig.app.onStopped()
        rig.pass(4 * MINUTE)
        assertIs<Screen.Lock>(rig.app.screen.value)
        rig.unlock()
        rig.app.onStarted()
        rig.app.openedOwnPicker()
        rig.app.onStopped()
        rig.app.onScreenOff()
        assertIs<Screen.Lock>(rig.app.screen.value, "a dark screen locks even there")
    }

    @Test
    fun `typing is a touch, whatever is typed into`() = runTest {
        val rig = Rig(this, folder)
        rig.settings.set("idle_minutes", "1")
        val list = rig.firstStart()

        fun typed(what: String, type: (String) -> Unit) = repeat(2) {
            rig.pass(59_000)
            type("$it")
            assertFalse(rig.app.screen.value is Screen.Lock, what)
        }
        typed("a search") { list.search(it) }
        list.search("")
        rig.settle()
        list.write()
        val form = rig.on<Screen.Form>().model
        typed("the form") { form.edit("narrative", it) }
        form.save()
        rig.on<Screen.Incident>()
        rig.app.photoTaken(Photo(ByteArray(9)))
        val attach = rig.on<Screen.Attach>().model
        typed("a note") { attach.editNote(it) }
        attach.save()
        rig.on<Screen.Incident>()
        rig.app.openExport()
        val export = rig.on<Screen.Export>().model
        typed("to whom") { export.editAudience(it) }
        rig.pass(60_000)
        assertIs<Screen.Lock>(rig.app.screen.value)
    }

    @Test
    fun `a photo that no process waits for any more is told at the next unlock`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.app.lock()
        rig.settle()
        // The process was ended behind the camera: the answer comes to one that is locked and knows of no photo.
        val next = Rig(this, folder, settings = rig.settings)
        next.app.photoTaken(null)
        next.unlock()
        assertEquals(listOf(TextKey.NOTICE_NOT_ATTACHED.text()), next.on<Screen.List>().model.state.value.notices)
    }

    @Test
    fun `leaving while a bundle is written locks, and neither here nor there is anything of it`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("А")
        rig.app.back()
        rig.app.openExport()
        val export = rig.on<Screen.Export>().model
        export.preview()
        rig.settle()
        export.accept()
        export.choosePlace(Rig.PASSPHRASE.toCharArray())
        rig.settle()
        val place = Place()
        rig.app.targetChosen(place)
        assertEquals(ExportState.Step.WRITING, export.state.value.step)
        rig.app.onStopped()
        assertLockedWithout(rig, place)
    }

    @Test
    fun `a dark screen while a backup is written locks, and neither here nor there is anything of it`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.app.openBackup()
        rig.on<Screen.Backup>().model.choosePlace()
        val place = Place()
        rig.app.targetChosen(place)
        rig.app.onScreenOff()
        assertLockedWithout(rig, place)
    }

    private fun assertLockedWithout(rig: Rig, place: Place) {
        assertIs<Screen.Lock>(rig.app.screen.value)
        rig.settle()
        assertTrue(place.discarded)
        assertEquals(0, place.written.size())
        assertEquals(emptyList(), rig.ports.scratch.list().orEmpty().toList())
        rig.unlock()
        assertFalse(rig.app.screen.value is Screen.Lock)
    }

    @Test
    fun `a diary that opens after she left is locked again at once`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.app.lock()
        val lock = rig.on<Screen.Lock>().model
        lock.unlock(Rig.PASSPHRASE.toCharArray())
        rig.app.onStopped()
        rig.settle()
        assertIs<Screen.Lock>(rig.app.screen.value)
        rig.unlock()
        assertIs<Screen.List>(rig.app.screen.value)
    }

    @Test
    fun `a diary that opens after she left and somebody came back is locked`() = runTest {
        for ((name, leaves) in mapOf<String, (AppModel) -> Unit>(
            "stopped" to { it.onStopped() },
            "dark" to { it.onScreenOff() },
        )) {
            val rig = Rig(this, File(folder, name).apply { mkdir() })
            rig.firstStart()
            rig.app.lock()
            rig.on<Screen.Lock>().model.unlock(Rig.PASSPHRASE.toCharArray())
            leaves(rig.app)
            rig.app.onStarted()
            rig.settle()
            assertIs<Screen.Lock>(rig.app.screen.value)
            rig.unlock()
            assertIs<Screen.List>(rig.app.screen.value)
        }
    }

    @Test
    fun `a recovery code that is made after she left is shown to nobody`() = runTest {
        val rig = Rig(this, folder)
        val start = rig.on<Screen.FirstStart>().model
        start.begin()
        start.create(Rig.PASSPHRASE.toCharArray(), Rig.PASSPHRASE.toCharArray())
        rig.app.onStopped()
        rig.app.onStarted()
        rig.settle()
        assertIs<Screen.Lock>(rig.app.screen.value)
        assertNull(start.takeMade())
        rig.unlock()
        assertEquals(TextKey.NOTICE_CODE.text(), rig.on<Screen.List>().model.state.value.code)
    }

    @Test
    fun `a touch that comes too late opens no screen`() = runTest {
        var elapsed = 0L
        val rig = Rig(this, folder, clock = { elapsed })
        rig.firstStart()
        elapsed = 10 * MINUTE
        rig.app.openSettings()
        assertIs<Screen.Lock>(rig.app.screen.value)
    }

    @Test
    fun `the code is not said to be unconfirmed any more once it has opened the diary`() = runTest {
        val rig = Rig(this, folder)
        val start = rig.on<Screen.FirstStart>().model
        start.begin()
        start.create(Rig.PASSPHRASE.toCharArray(), Rig.PASSPHRASE.toCharArray())
        rig.settle()
        val code = start.state.value.code.joinToString("-")
        rig.app.lock()
        val lock = rig.on<Screen.Lock>().model
        lock.forgot()
        lock.recover(code.toCharArray(), NEW.toCharArray(), NEW.toCharArray())
        assertNull(rig.on<Screen.List>().model.state.value.code)
        rig.app.lock()
        rig.unlock(NEW)
        assertNull(rig.on<Screen.List>().model.state.value.code)
    }

    @Test
    fun `the idle time is hers to choose, and a longer one wants the passphrase`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.app.openSettings()
        val settings = rig.on<Screen.Settings>().model

        fun chosen() = settings.state.value.idle.filter { it.chosen }.map { it.code }.single()
        settings.chooseIdle("10")
        assertEquals("5", chosen())
        assertEquals(TextKey.SETTINGS_LONGER.text("10"), settings.state.value.longer)
        val wrong = "не та фраза вовсе нет".toCharArray()
        settings.confirmIdle(wrong)
        rig.settle()
        assertEquals(TextKey.ERROR_PASSPHRASE_WRONG.text(), settings.state.value.error)
        assertEquals("5", chosen())
        settings.confirmIdle(Rig.PASSPHRASE.toCharArray())
        rig.settle()
        assertEquals("10", chosen())
        assertNull(settings.state.value.longer)
        settings.chooseIdle("1")
        settings.chooseIdle("1000000")
        settings.chooseIdle("5")
        settings.keepIdle()
        settings.confirmIdle(Rig.PASSPHRASE.toCharArray())
        rig.settle()
        assertTrue(wrong.all { it == '\u0000' })
        assertEquals("1", chosen())
        rig.app.onUserActive()
        rig.pass(MINUTE + 1)
        assertIs<Screen.Lock>(rig.app.screen.value)
    }

    @Test
    fun `leaving at once locks, asks the system to go and begins at the list`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x")
        rig.app.quickExit()
        assertIs<Screen.Lock>(rig.app.screen.value)
        rig.app.effects.test { assertEquals(Effect.Leave, awaitItem()) }
        assertEquals(mapOf("way" to "list"), rig.app.savedIds())
        rig.unlock()
        assertIs<Screen.List>(rig.app.screen.value)
    }

    @Test
    fun `after five wrong passphrases the next one waits, and the diary is unharmed`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.app.lock()
        repeat(5) {
            val typed = "не та фраза номер $it".toCharArray()
            rig.on<Screen.Lock>().model.unlock(typed)
            rig.settle()
            assertTrue(typed.all { letter -> letter == '\u0000' }, "what was typed is wiped")
        }
        val lock = rig.on<Screen.Lock>().model
        assertEquals(TextKey.LOCK_WRONG.text(), lock.state.value.error)
        assertEquals(5, lock.state.value.wait)
        lock.unlock(Rig.PASSPHRASE.toCharArray())
        rig.pass(2000)
        assertIs<Screen.Lock>(rig.app.screen.value)
        assertEquals(3, lock.state.value.wait)
        rig.pass(4000)
        rig.unlock()
        assertIs<Screen.List>(rig.app.screen.value)
    }

    @Test
    fun `the recovery code opens and sets a new passphrase`() = runTest {
        val rig = Rig(this, folder)
        val start = rig.on<Screen.FirstStart>().model
        start.begin()
        start.create(Rig.PASSPHRASE.toCharArray(), Rig.PASSPHRASE.toCharArray())
        rig.settle()
        val code = start.state.value.code
        assertEquals(8, code.size)
        start.codeWritten()
        assertEquals(emptyList(), start.state.value.code, "it is shown once")
        start.confirm("ZZZZ".toCharArray())
        assertEquals(TextKey.START_CONFIRM_WRONG.text(), start.state.value.error)
        val asked = (start.state.value.question as Text.Of).args.single() as Int
        start.confirm(code[asked - 1].lowercase().toCharArray())
        rig.on<Screen.List>()
        rig.app.lock()

        val lock = rig.on<Screen.Lock>().model
        lock.forgot()
        lock.recover("ZZZZ".toCharArray(), NEW.toCharArray(), NEW.toCharArray())
        rig.settle()
        assertEquals(TextKey.ERROR_CODE_FORM.text(), lock.state.value.error)
        lock.recover(code.joinToString(" ").toCharArray(), NEW.toCharArray(), "другая".toCharArray())
        assertEquals(TextKey.PASSPHRASES_DIFFER.text(), lock.state.value.error)
        lock.recover(code.joinToString(" ").toCharArray(), NEW.toCharArray(), NEW.toCharArray())
        rig.on<Screen.List>()
        rig.app.lock()
        rig.unlock()
        assertIs<Screen.Lock>(rig.app.screen.value)
        rig.unlock(NEW)
        assertIs<Screen.List>(rig.app.screen.value)
    }

    @Test
    fun `the code stays while she copies it, and a dark screen or leaving takes it away at once`() = runTest {
        val rig = Rig(this, folder)
        rig.settings.set("idle_minutes", "1")
        val start = rig.on<Screen.FirstStart>().model
        start.begin()
        start.create("a".toCharArray(), "b".toCharArray())
        assertEquals(TextKey.PASSPHRASES_DIFFER.text(), start.state.value.error)
        start.create(Rig.PASSPHRASE.toCharArray(), Rig.PASSPHRASE.toCharArray())
        rig.settle()
        rig.pass(2 * MINUTE)
        assertEquals(8, start.state.value.code.size)
        rig.app.onScreenOff()
        assertIs<Screen.Lock>(rig.app.screen.value)
        assertNull(start.takeMade())
        rig.unlock()
        assertEquals(TextKey.NOTICE_CODE.text(), rig.on<Screen.List>().model.state.value.code)
    }

    @Test
    fun `an old copy that was put back is told`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.app.lock()
        rig.settle()
        rig.ports.vault.copyRecursively(File(folder, "old"))
        rig.unlock()
        rig.write("x")
        rig.app.back()
        rig.app.lock()
        rig.settle()
        rig.ports.vault.deleteRecursively()
        File(folder, "old").copyRecursively(rig.ports.vault)
        rig.unlock()
        assertEquals(listOf(TextKey.NOTICE_OLDER.text()), rig.on<Screen.List>().model.state.value.notices)
    }

    @Test
    fun `what nobody was told of an old copy is told later, also by another process`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        val id = rig.write("x").id
        rig.app.lock()
        rig.settle()
        rig.ports.vault.copyRecursively(File(folder, "old"))
        rig.unlock()
        rig.app.back()
        rig.write("y")
        rig.app.quickExit()
        rig.settle()
        rig.ports.vault.deleteRecursively()
        File(folder, "old").copyRecursively(rig.ports.vault)

        rig.on<Screen.Lock>().model.unlock(Rig.PASSPHRASE.toCharArray())
        rig.app.onStopped()
        rig.on<Screen.Lock>()
        val other = Rig(this, folder, mapOf("way" to "list;incident:$id"))
        other.settings.values += rig.settings.values
        other.unlock()
        other.on<Screen.Incident>()
        other.app.lock()
        other.on<Screen.Lock>()
        for (process in listOf(Rig(this, folder).apply { settings.values += other.settings.values }, other)) {
            process.unlock()
            while (process.app.back()) process.settle()
            val list = process.on<Screen.List>().model
            assertEquals(listOf(TextKey.NOTICE_OLDER.text()), list.state.value.notices)
            process.app.lock()
            process.settle()
        }
        other.unlock()
        while (other.app.back()) other.settle()
        assertEquals(emptyList(), other.on<Screen.List>().model.state.value.notices, "it is told once")
    }

    @Test
    fun `that the key file was mended is told at the next unlock, also by another process`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.app.lock()
        rig.settle()
        val header = File(rig.ports.vault, "header")
        header.writeBytes(header.readBytes().also { it[100] = (it[100] + 1).toByte() })
        rig.on<Screen.Lock>().model.unlock(Rig.PASSPHRASE.toCharArray())
        rig.app.onStopped()
        rig.on<Screen.Lock>()
        val other = Rig(this, folder)
        other.settings.values += rig.settings.values
        for (process in listOf(other, rig)) {
            process.unlock()
            assertEquals(listOf(TextKey.NOTICE_KEY_FILE.text()), process.on<Screen.List>().model.state.value.notices)
            process.app.lock()
            process.unlock()
            assertEquals(emptyList(), process.on<Screen.List>().model.state.value.notices, "it is told once")
            process.app.lock()
            process.settle()
        }
    }

    @Test
    fun `a way that was tampered with leads to the list`() {
        for (bad in listOf(null, "", "form", "list;incident", "list;incident:../x", "list;form:1", "list;nowhere")) {
            assertEquals(Route.START, Route.decode(bad), "$bad")
        }
        val way = listOf(Route.Incidents, Route.OneIncident("12-k7q2"), Route.Form("12-k7q2"))
        assertEquals(way, Route.decode(Route.encode(way + Route.Attach("12-k7q2"))))
    }

    private companion object {
        const val MINUTE = 60_000L
        const val NEW = "жаңа құпия сөйлем осы жерде"
    }
}
