package org.incidentdiary.presentation

import kotlinx.coroutines.test.runTest
import org.incidentdiary.core.DiaryException
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** A recovery code that was not confirmed is no dead end: she makes a new one. */
class NewCodeTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun `who left at the code finds the notice, and from there makes a new code that opens`() = runTest {
        val rig = Rig(this, folder)
        val start = rig.on<Screen.FirstStart>().model
        start.begin()
        start.create(Rig.PASSPHRASE.toCharArray(), Rig.PASSPHRASE.toCharArray())
        rig.settle()
        val lost = start.state.value.code.joinToString("-")
        rig.app.quickExit()
        rig.unlock()
        assertEquals(TextKey.NOTICE_CODE.text(), rig.on<Screen.List>().model.state.value.code)
        rig.write("первое")
        rig.app.back()

        rig.on<Screen.List>().model.keys()
        val keys = rig.on<Screen.Keys>().model
        fun make(passphrase: String, new: String, again: String = new): Text? {
            val typed = listOf(passphrase, new, again).map { it.toCharArray() }
            keys.makeCode(typed[0], typed[1], typed[2])
            rig.settle()
            assertTrue(typed.all { secret -> secret.all { it == '\u0000' } })
            return keys.state.value.error
        }
        assertEquals(TextKey.PASSPHRASES_DIFFER.text(), make(Rig.PASSPHRASE, NEW, Rig.PASSPHRASE))
        assertEquals(TextKey.ERROR_PASSPHRASE_WRONG.text(), make(NEW, NEW))
        assertEquals(TextKey.ERROR_PASSPHRASE_USED.text(), make(Rig.PASSPHRASE, Rig.PASSPHRASE))
        assertEquals(TextKey.PASSPHRASE_WEAK.text(), make(Rig.PASSPHRASE, "1234"))
        assertNull(make(Rig.PASSPHRASE, NEW))
        val code = keys.state.value.code
        assertFalse(code.toString() in keys.state.value.toString())
        assertNotEquals(lost, code.joinToString("-"))
        keys.confirmWith(code)
        assertEquals(TextKey.KEYS_CODE_MADE.text(), keys.state.value.done)
        rig.app.back()
        rig.settle()
        assertNull(rig.on<Screen.List>().model.state.value.code)
        assertFalse(rig.ports.codeUnconfirmed)

        rig.app.lock()
        val lock = rig.on<Screen.Lock>().model
        lock.recover(lost.toCharArray(), THIRD.toCharArray(), THIRD.toCharArray())
        rig.settle()
        assertIs<Screen.Lock>(rig.app.screen.value, "the lost code opens nothing any more")
        lock.recover(code.joinToString("-").toCharArray(), THIRD.toCharArray(), THIRD.toCharArray())
        rig.settle()
        assertEquals(1, rig.on<Screen.List>().model.state.value.rows.size)
    }

    @Test
    fun `a passphrase that was bound to the phone is bound again, unless the phone does not let it`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.app.openKeys()
        val keys = rig.on<Screen.Keys>().model
        keys.bind(Rig.PASSPHRASE.toCharArray(), rig.code.joinToString("-").toCharArray())
        rig.settle()
        keys.makeCode(Rig.PASSPHRASE.toCharArray(), NEW.toCharArray(), NEW.toCharArray())
        rig.settle()
        assertTrue(keys.state.value.bound)
        keys.confirmWith(keys.state.value.code)
        rig.app.lock()
        rig.unlock(NEW)
        val again = rig.on<Screen.Keys>().model
        assertTrue(again.state.value.bound)
        rig.device.uses = 1
        again.makeCode(NEW.toCharArray(), THIRD.toCharArray(), THIRD.toCharArray())
        rig.settle()
        assertEquals(TextKey.KEYS_CODE_MADE_UNBOUND.text(), again.state.value.done)
        assertFalse(again.state.value.bound)
        again.confirmWith(again.state.value.code)
        assertEquals(TextKey.KEYS_CODE_MADE_UNBOUND.text(), again.state.value.done)
        rig.device.forget()
        rig.app.lock()
        rig.unlock(THIRD)
        assertIs<Screen.Keys>(rig.app.screen.value)
    }

    @Test
    fun `stopping and locking in the middle leave what held, and no notice`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.app.openKeys()
        val keys = rig.on<Screen.Keys>().model
        keys.makeCode(Rig.PASSPHRASE.toCharArray(), NEW.toCharArray(), NEW.toCharArray())
        assertEquals(TextKey.KEYS_CODE_MAKING.text(), keys.state.value.progress?.text)
        assertTrue(rig.app.back(), "going back stops it, and she sees that it has stopped")
        rig.settle()
        assertEquals(TextKey.ERROR_STOPPED.text(), keys.state.value.error)
        assertFalse(rig.ports.codeUnconfirmed || keys.state.value.busy)
        keys.makeCode(Rig.PASSPHRASE.toCharArray(), NEW.toCharArray(), NEW.toCharArray())
        rig.app.lock()
        rig.settle()
        assertFalse(rig.ports.codeUnconfirmed)
        rig.unlock()
        assertIs<Screen.Keys>(rig.app.screen.value)
    }

    @Test
    fun `going back leaves the new code there, a screen that goes dark takes it away, and the list tells of it`() =
        runTest {
            val rig = Rig(this, folder)
            rig.firstStart()
            rig.app.openKeys()
            val keys = rig.on<Screen.Keys>().model
            keys.makeCode(Rig.PASSPHRASE.toCharArray(), NEW.toCharArray(), NEW.toCharArray())
            rig.settle()
            assertTrue(rig.app.back())
            assertEquals(8, keys.state.value.code.size)
            rig.app.onScreenOff()
            assertEquals(emptyList(), keys.state.value.code)
            rig.unlock(NEW)
            assertTrue(rig.app.back())
            assertEquals(TextKey.NOTICE_CODE.text(), rig.on<Screen.List>().model.state.value.code)
            // Once it is confirmed, leaving locks as ever.
            rig.on<Screen.List>().model.keys()
            val again = rig.on<Screen.Keys>().model
            again.makeCode(NEW.toCharArray(), THIRD.toCharArray(), THIRD.toCharArray())
            rig.settle()
            again.confirmWith(again.state.value.code)
            rig.app.onScreenOff()
            assertIs<Screen.Lock>(rig.app.screen.value)
        }

    @Test
    fun `a code counts as not confirmed before its diary is there, and no longer if none was made`() = runTest {
        val rig = Rig(this, folder)
        val start = rig.on<Screen.FirstStart>().model
        start.begin()
        start.create(Rig.PASSPHRASE.toCharArray(), Rig.PASSPHRASE.toCharArray())
        assertTrue(rig.ports.codeUnconfirmed && !rig.ports.vault.exists())
        rig.settle()
        rig.app.quickExit()
        rig.settle()
        rig.ports.vault.deleteRecursively()
        val next = Rig(this, folder, settings = rig.settings)
        assertFalse(next.ports.codeUnconfirmed, "no diary, no code")
        val again = next.on<Screen.FirstStart>().model
        again.create("1234".toCharArray(), "1234".toCharArray())
        next.settle()
        assertEquals(TextKey.PASSPHRASE_WEAK.text(), again.state.value.error)
        assertFalse(next.ports.codeUnconfirmed)
    }

    @Test
    fun `a rotation of which nobody knows whether it holds leaves the notice, one that was refused what was there`() =
        runTest {
            val ports = Rig(this, folder).ports
            fun after(error: Exception): Boolean {
                runCatching { NewCode.making(ports) { throw error } }
                return ports.codeUnconfirmed
            }
            assertFalse(after(DiaryException.DiskFull()) || after(DiaryException.Cancelled()))
            assertTrue(after(DiaryException.Closed()))
            assertTrue(after(DiaryException.DiskFull()), "an earlier one was not confirmed")
        }

    /** Reads the code, writes it down, and types the group that is asked for, after a slip. */
    private fun KeysModel.confirmWith(code: List<String>) {
        codeWritten()
        assertEquals(emptyList(), state.value.code)
        confirm("0000".toCharArray())
        assertEquals(TextKey.START_CONFIRM_WRONG.text(), state.value.error)
        assertTrue(back())
        assertEquals(code, state.value.code)
        codeWritten()
        val asked = (state.value.question as Text.Of).args.single() as Int
        confirm(code[asked - 1].toCharArray())
    }

    private companion object {
        const val NEW = "жаңа төрт сөз тау басында"
        const val THIRD = "үшінші сөйлем өзен жағасында тұр"
    }
}
