package org.incidentdiary.presentation

import app.cash.turbine.test
import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
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
    fun `what is in no backup is said on the list`() = runTest(timeout = PATIENCE) {
        val rig = Rig(this, folder)
        val list = rig.firstStart()
        assertNull(list.state.value.backup, "nothing is there to be lost")

        fun back() {
            rig.app.back()
            rig.settle()
        }
        rig.write("A")
        back()
        assertEquals(TextKey.BACKUP_NEVER.text(), list.state.value.backup)
        list.search("B")
        rig.pass(1_000)
        assertEquals(TextKey.BACKUP_NEVER.text(), list.state.value.backup, "it does not depend on what is looked for")
        list.clear()
        list.backup()
        rig.on<Screen.Backup>().model.choosePlace()
        rig.app.targetChosen(Place())
        rig.settle()
        back()
        assertNull(list.state.value.backup)
        repeat(4) {
            rig.write("C")
            back()
            assertEquals(TextKey.BACKUP_OLDER.text(), list.state.value.backup)
        }
        rig.write("D")
        back()
        assertEquals(TextKey.BACKUP_SINCE.text(5u), list.state.value.backup)
        assertEquals(emptyMap(), rig.settings.values, "nobody learns of it outside of the diary")
    }

    @Test
    fun `what is added to an incident after a backup is said on the list until the next one`() =
        runTest(timeout = PATIENCE) {
            val (rig, _) = written()
            val changes = listOf<(IncidentModel) -> Unit>(
                { rig.attach(it) },
                { rig.amend(it) },
                {
                    it.editReason("y")
                    it.withdraw()
                },
            )
            for (change in changes) {
                while (rig.app.back()) rig.settle()
                val list = rig.on<Screen.List>().model
                assertNull(list.state.value.backup)
                list.open(list.state.value.rows.single().id)
                change(rig.on<Screen.Incident>().model)
                rig.settle()
                while (rig.app.back()) rig.settle()
                assertEquals(TextKey.BACKUP_OLDER.text(), rig.on<Screen.List>().model.state.value.backup)
                list.backup()
                rig.on<Screen.Backup>().model.choosePlace()
                rig.app.targetChosen(Place())
                rig.settle()
            }
        }

    private fun Rig.attach(incident: IncidentModel) {
        incident.attachFiles()
        app.filesPicked(listOf(Picked("a.bin", byteArrayOf(1))))
        on<Screen.Attach>().model.save()
    }

    private fun Rig.amend(incident: IncidentModel) {
        incident.amend()
        on<Screen.Form>().model.run {
            edit("reason", "y")
            edit("narrative", "x")
            save()
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
        assertEquals(TextKey.BACKUP_NONE.text(), start.state.value.error)
        assertFalse(other.ports.vault.exists())
        assertTrue(other.app.back())
        assertEquals(FirstStartState.Step.WELCOME, start.state.value.step)
    }

    @Test
    fun `a diary that is damaged gives its place to a backup, from the lock screen, and is kept beside it`() =
        runTest(timeout = PATIENCE) {
            val (rig, place) = written()
            val backup = Picked("2026-10-03.backup", place.written.toByteArray())
            while (rig.app.back()) rig.settle()
            rig.app.lock()
            rig.settle()
            // A diary that opens gives its place to nothing, whoever asks for it.
            rig.on<Screen.Lock>().model.pickBackup()
            rig.app.filesPicked(listOf(backup))
            assertIs<Screen.Lock>(rig.app.screen.value)
            rig.app.effects.test { expectNoEvents() }
            rig.settings.set(Ports.LOST, null)

            val header = File(rig.ports.vault, "header")
            val damaged = "IDVAULT1".toByteArray() + ByteArray(8184)
            header.writeBytes(damaged)
            rig.unlock()
            val lock = rig.on<Screen.Lock>().model
            assertEquals(TextKey.ERROR_KEY_FILE.text(), lock.state.value.error)
            assertTrue(lock.state.value.damaged)
            lock.pickBackup()
            rig.app.effects.test { assertEquals(Effect.PickFiles, awaitItem()) }
            rig.app.filesPicked(emptyList())
            assertEquals(TextKey.ERROR_NOTHING_ARRIVED.text(), lock.state.value.error)
            rig.app.filesPicked(listOf(backup))
            val restore = rig.on<Screen.FirstStart>().model
            assertEquals(FirstStartState.Step.RESTORE, restore.state.value.step)
            restore.restore("не та фраза вовсе нет".toCharArray())
            rig.settle()
            assertEquals(TextKey.ERROR_PASSPHRASE_WRONG.text(), restore.state.value.error)
            assertEquals(listOf("vault"), besideScratch())
            assertTrue(rig.app.back())
            assertIs<Screen.Lock>(rig.app.screen.value)

            rig.unlock()
            rig.app.filesPicked(listOf(backup))
            rig.on<Screen.FirstStart>().model.restore(Rig.PASSPHRASE.toCharArray())
            rig.settle()
            assertEquals(listOf("vault", "vault.damaged-1"), besideScratch())
            assertContentEquals(damaged, File(folder, "vault.damaged-1/header").readBytes())
            rig.unlock()
            val list = rig.on<Screen.List>().model.state.value
            assertEquals("су тасқыны", list.rows.single().title.inLanguage("kk"))

            // What was kept is destroyed with the rest.
            rig.app.openWipe()
            rig.on<Screen.Wipe>().model.wipe(Rig.PASSPHRASE.toCharArray(), "жою", "жою")
            rig.settle()
            assertEquals(emptyList(), besideScratch())
        }

    @Test
    fun `a process that ends before the restored diary is in its place puts it there at its next start`() =
        runTest(timeout = PATIENCE) {
            val rig = Rig(this, folder)
            rig.firstStart()
            rig.app.lock()
            rig.settle()
            val vault = rig.ports.vault
            // Before the damaged one was set aside, and after.
            for (left in listOf(emptyList(), listOf("vault.damaged-1"))) {
                assertTrue(vault.renameTo(File(folder, "vault.restored")))
                if (left.isEmpty()) vault.mkdirs()
                // Of an attempt before it.
                File(folder, ".0123456789abcdef.new/evidence").mkdirs()
                val next = Rig(this, folder, settings = rig.settings)
                assertEquals(listOf("vault", "vault.damaged-1"), besideScratch())
                next.unlock()
                assertIs<Screen.List>(next.app.screen.value)
                next.app.lock()
                next.settle()
            }
        }

    @Test
    fun `no more flows to a place after it was locked`() = runTest(timeout = PATIENCE) {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("А")
        rig.app.filesPicked(listOf(Picked("a.bin", ByteArray(300_000) { it.toByte() })))
        rig.on<Screen.Attach>().model.save()
        rig.on<Screen.Incident>()
        rig.app.openBackup()
        rig.on<Screen.Backup>().model.choosePlace()
        val slow = Place { rig.app.quickExit() }
        rig.app.targetChosen(slow)
        rig.settle()
        assertIs<Screen.Lock>(rig.app.screen.value)
        assertEquals(64 * 1024, slow.written.size())
        assertTrue(slow.discarded)
        assertEquals(emptyList(), rig.ports.scratch.list().orEmpty().toList())
    }

    private fun besideScratch() = folder.list().orEmpty().filter { it != "scratch" }.sorted()

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
