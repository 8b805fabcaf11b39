package org.incidentdiary.presentation

import kotlinx.coroutines.test.runTest
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
