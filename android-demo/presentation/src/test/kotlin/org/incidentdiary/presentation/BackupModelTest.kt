package org.incidentdiary.presentation

import app.cash.turbine.test
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlin.time.Duration.Companion.minutes

class BackupModelTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun `a phone that is lost loses nothing that the backup holds`() = runTest(timeout = PATIENCE) {
        val (rig, place) = written()
        val code = rig.code.joinToString("-")
        for ((secret, usingCode) in listOf(Rig.PASSPHRASE to false, code to true)) {
            val other = Rig(this, File(folder, "other-$usingCode"))
            val start = other.on<Screen.FirstStart>().model
            start.pickBackup()
            other.app.effects.test { assertEquals(Effect.PickFiles, awaitItem()) }
            other.app.filesPicked(listOf(Picked("2026-10-03.backup", place.written.toByteArray())))
            assertEquals(FirstStartState.Step.RESTORE, start.state.value.step)
            start.useCode(usingCode)
            val slip = "не та фраза вовсе нет".toCharArray()
            if (!usingCode) {
                start.restore(slip)
                other.settle()
                assertEquals(TextKey.ERROR_PASSPHRASE_WRONG.text(), start.state.value.error)
                assertTrue(slip.all { it == '\u0000' })
                assertFalse(other.ports.vault.exists())
            }
            start.restore(secret.toCharArray())
            other.settle()
            other.unlock()
            val list = other.on<Screen.List>().model
            assertEquals("су тасқыны", list.state.value.rows.single().title.inLanguage("kk"))
            assertEquals(emptyList(), other.ports.scratch.list().orEmpty().toList())
        }
    }

    @Test
    fun `a place that takes nothing gets nothing, and a damaged backup makes no diary`() = runTest(timeout = PATIENCE) {
        val (rig, place) = written()
        val backup = rig.on<Screen.Backup>().model
        val refused = Place(fails = true)
        backup.choosePlace()
        rig.app.targetChosen(refused)
        rig.settle()
        assertTrue(refused.discarded)
        assertEquals(TextKey.ERROR_TARGET.text(), backup.state.value.error)
        assertEquals(emptyList(), rig.ports.scratch.list().orEmpty().toList())

        val other = Rig(this, File(folder, "other"))
        val start = other.on<Screen.FirstStart>().model
        val damaged = place.written.toByteArray().also { it[it.size / 2] = (it[it.size / 2] + 1).toByte() }
        other.app.filesPicked(listOf(Picked("2026-10-03.backup", damaged)))
        start.restore(Rig.PASSPHRASE.toCharArray())
        other.settle()
        assertEquals(TextKey.BACKUP_DAMAGED.text(), start.state.value.error)
        assertFalse(other.ports.vault.exists())
        other.app.filesPicked(listOf(Picked("y.backup", ByteArray(9)) { throw SecurityException("denied") }))
        start.restore(Rig.PASSPHRASE.toCharArray())
        other.settle()
        assertEquals(TextKey.ERROR_FILE_UNREADABLE.text(), start.state.value.error)
        other.app.filesPicked(listOf(Picked("x.backup", "not a backup".toByteArray())))
        start.restore(Rig.PASSPHRASE.toCharArray())
        other.settle()
        assertFalse(start.state.value.busy)
        assertTrue(start.state.value.error != null && !other.ports.vault.exists())
        assertTrue(other.app.back())
        assertEquals(FirstStartState.Step.WELCOME, start.state.value.step)
    }

    private suspend fun TestScope.written(): Pair<Rig, Place> {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("су тасқыны")
        rig.app.back()
        rig.app.openSettings()
        rig.app.openBackup()
        val backup = rig.on<Screen.Backup>().model
        backup.choosePlace()
        rig.app.effects.test {
            assertEquals("2026-10-03.backup", assertIs<Effect.CreateDocument>(awaitItem()).name)
        }
        val place = Place()
        rig.app.targetChosen(place)
        rig.settle()
        assertEquals("1", backup.state.value.result.first().value.inLanguage("ru"))
        assertEquals(emptyList(), rig.ports.scratch.list().orEmpty().toList())
        return rig to place
    }

    private companion object {
        /** Each attempt at a passphrase costs as much as the library demands, and there are many. */
        val PATIENCE = 20.minutes
    }
}
