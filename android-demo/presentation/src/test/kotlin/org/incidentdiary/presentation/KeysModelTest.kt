package org.incidentdiary.presentation

import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue

class KeysModelTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun `a passphrase is bound, opens with the phone, and the code opens when the phone has forgotten`() = runTest {
        val (rig, keys) = keys()
        val code = rig.code.joinToString("-")
        keys.bind("басқа сөйлем ғой бұл".toCharArray(), code.toCharArray())
        rig.settle()
        assertEquals(TextKey.ERROR_PASSPHRASE_WRONG.text(), keys.state.value.error)
        keys.bind(Rig.PASSPHRASE.toCharArray(), "0000".toCharArray())
        rig.settle()
        assertEquals(TextKey.ERROR_CODE_FORM.text(), keys.state.value.error)
        assertFalse(keys.state.value.bound)
        val typed = listOf(Rig.PASSPHRASE.toCharArray(), code.toCharArray())
        keys.bind(typed[0], typed[1])
        rig.settle()
        assertNull(keys.state.value.error)
        assertTrue(keys.state.value.bound)
        assertTrue(typed.all { secret -> secret.all { it == '\u0000' } })

        rig.relock()
        rig.unlock()
        assertTrue(rig.on<Screen.Keys>().model.state.value.bound)

        // A slip is told as a slip, and a key that the phone has forgotten as that.
        rig.relock()
        rig.unlock("басқа сөйлем ғой бұл")
        assertEquals(TextKey.LOCK_WRONG.text(), rig.on<Screen.Lock>().model.state.value.error)
        rig.device.forget()
        rig.unlock()
        val lock = rig.on<Screen.Lock>().model
        assertEquals(TextKey.ERROR_DEVICE_KEY_MISSING.text(), lock.state.value.error)
        lock.forgot()
        lock.recover(code.toCharArray(), NEW.toCharArray(), NEW.toCharArray())
        rig.settle()
        assertFalse(rig.on<Screen.Keys>().model.state.value.bound)

        rig.on<Screen.Keys>().model.bind(NEW.toCharArray(), code.toCharArray())
        rig.settle()
        rig.on<Screen.Keys>().model.unbind(NEW.toCharArray())
        rig.settle()
        assertFalse(rig.on<Screen.Keys>().model.state.value.bound)
        rig.device.forget()
        rig.relock()
        rig.unlock(NEW)
        assertIs<Screen.Keys>(rig.app.screen.value)
    }

    @Test
    fun `a phone that keeps no key binds nothing`() = runTest {
        val (rig, keys) = keys()
        rig.device.broken = true
        keys.bind(Rig.PASSPHRASE.toCharArray(), rig.code.joinToString("-").toCharArray())
        rig.settle()
        assertEquals(TextKey.ERROR_DEVICE_KEY_FAILED.text(), keys.state.value.error)
        assertFalse(keys.state.value.bound)
        rig.relock()
        rig.unlock()
        assertIs<Screen.Keys>(rig.app.screen.value)
    }

    @Test
    fun `another passphrase opens afterwards, the old one does not, and it says that it is not bound`() = runTest {
        val (rig, keys) = keys()
        val slip = NEW.toCharArray()
        keys.change(Rig.PASSPHRASE.toCharArray(), NEW.toCharArray(), "другая".toCharArray())
        assertEquals(TextKey.PASSPHRASES_DIFFER.text(), keys.state.value.error)
        keys.change("не та фраза вовсе нет".toCharArray(), slip, NEW.toCharArray())
        rig.settle()
        assertEquals(TextKey.ERROR_PASSPHRASE_WRONG.text(), keys.state.value.error)
        assertTrue(slip.all { it == '\u0000' })
        keys.change(Rig.PASSPHRASE.toCharArray(), "1234".toCharArray(), "1234".toCharArray())
        rig.settle()
        assertEquals(TextKey.PASSPHRASE_WEAK.text(), keys.state.value.error)
        keys.bind(Rig.PASSPHRASE.toCharArray(), rig.code.joinToString("-").toCharArray())
        rig.settle()
        keys.change(Rig.PASSPHRASE.toCharArray(), NEW.toCharArray(), NEW.toCharArray())
        rig.settle()
        assertEquals(TextKey.KEYS_CHANGED_UNBOUND.text(), keys.state.value.done)
        assertFalse(keys.state.value.bound)
        rig.relock()
        rig.unlock()
        assertEquals(TextKey.LOCK_WRONG.text(), rig.on<Screen.Lock>().model.state.value.error)
        rig.unlock(NEW)
        assertIs<Screen.Keys>(rig.app.screen.value)
    }

    @Test
    fun `the diary is destroyed by the passphrase and the word together, and nothing tells of it`() = runTest {
        val (rig, keys) = keys()
        keys.bind(Rig.PASSPHRASE.toCharArray(), rig.code.joinToString("-").toCharArray())
        rig.settle()
        rig.app.openWipe()
        val wipe = rig.on<Screen.Wipe>().model
        val typed = Rig.PASSPHRASE.toCharArray()
        wipe.wipe(typed, "жо", "жою")
        rig.settle()
        assertEquals(TextKey.WIPE_WORD_DIFFERS.text(), wipe.state.value.error)
        wipe.wipe("не та фраза вовсе нет".toCharArray(), " Жою ", "жою")
        rig.settle()
        assertEquals(TextKey.ERROR_PASSPHRASE_WRONG.text(), wipe.state.value.error)
        assertTrue(typed.all { it == '\u0000' } && rig.ports.vault.exists())
        rig.app.savedIds().values.forEach { assertFalse("wipe" in it) }
        wipe.wipe(Rig.PASSPHRASE.toCharArray(), "Жою", "жою")
        rig.settle()
        assertIs<Screen.FirstStart>(rig.app.screen.value)
        assertFalse(rig.ports.vault.exists())
        assertEquals(emptyMap(), rig.settings.values)
        assertEquals(emptyList(), rig.firstStart().state.value.rows)
    }

    @Test
    fun `a destruction that was cut short is finished at the next start`() = runTest {
        val (rig, _) = keys()
        rig.relock()
        rig.ports.beginWipe()
        File(rig.ports.vault, "header").delete()
        val next = Rig(this, folder, settings = rig.settings)
        assertIs<Screen.FirstStart>(next.app.screen.value)
        assertFalse(next.ports.vault.exists())
        assertEquals(emptyMap(), next.settings.values)
    }

    @Test
    fun `who leaves while it is destroyed finds nothing`() = runTest {
        val (rig, _) = keys()
        rig.app.openWipe()
        rig.on<Screen.Wipe>().model.wipe(Rig.PASSPHRASE.toCharArray(), "жою", "жою")
        rig.app.onStopped()
        rig.settle()
        assertIs<Screen.FirstStart>(rig.app.screen.value)
        assertFalse(rig.ports.vault.exists())
    }

    private fun TestScope.keys(): Pair<Rig, KeysModel> {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.app.openSettings()
        rig.app.openKeys()
        return rig to rig.on<Screen.Keys>().model
    }

    private fun Rig.relock() {
        app.lock()
        settle()
    }

    private companion object {
        const val NEW = "жаңа төрт сөз тау басында"
    }
}
