package org.incidentdiary.presentation

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

/** What she chose to write over, such as her only backup, is there until something whole takes its place. */
class OlderFileTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun `an older backup stays, however the writing of the next one ends before it is touched`() = runTest {
        val rig = rig()
        val endings = listOf<Rig.(BackupModel) -> Unit>(
            { it.stop() },
            { app.back() },
            { app.onScreenOff() },
            { app.onStopped() },
            { app.quickExit() },
        )
        for (end in endings) {
            rig.app.openBackup()
            val backup = rig.on<Screen.Backup>().model
            backup.choosePlace()
            val older = older()
            rig.app.targetChosen(older)
            rig.end(backup)
            older.isLeftAlone(rig)
            if (rig.app.screen.value is Screen.Lock) rig.unlock()
            while (rig.app.back()) rig.settle()
        }
        rig.app.openBackup()
        val backup = rig.on<Screen.Backup>().model
        backup.choosePlace()
        val refused = older(fails = true)
        rig.app.targetChosen(refused)
        refused.isLeftAlone(rig)
        assertEquals(TextKey.ERROR_TARGET.text(), backup.state.value.error)
    }

    @Test
    fun `an older bundle and an older copy stay where nothing was written to them`() = runTest {
        val rig = rig()
        rig.app.openExport()
        val export = rig.on<Screen.Export>().model
        export.preview()
        rig.settle()
        export.accept()
        for (stop in listOf<(ExportModel) -> Unit>({ it.stop() }, { rig.app.back() })) {
            export.accept()
            export.choosePlace(Rig.PASSPHRASE.toCharArray())
            rig.settle()
            val older = older()
            rig.app.targetChosen(older)
            stop(export)
            older.isLeftAlone(rig)
        }
        while (rig.app.back()) rig.settle()

        rig.on<Screen.List>().model.run { open(state.value.rows.single().id) }
        val incident = rig.on<Screen.Incident>().model
        for (end in listOf<() -> Unit>({ incident.stop() }, { rig.app.lock() })) {
            incident.saveCopy(incident.state.value.evidence.single().id, Rig.PASSPHRASE.toCharArray())
            rig.settle()
            val older = older()
            rig.app.targetChosen(older)
            end()
            older.isLeftAlone(rig)
        }
    }

    @Test
    fun `a place that is chosen when nobody waits for it any more costs an older file nothing`() = runTest {
        val rig = rig()
        val asking = listOf<() -> Unit>(
            {
                rig.app.openBackup()
                rig.on<Screen.Backup>().model.choosePlace()
            },
            {
                rig.app.openExport()
                val export = rig.on<Screen.Export>().model
                export.preview()
                rig.settle()
                export.accept()
                export.choosePlace(Rig.PASSPHRASE.toCharArray())
            },
        )
        for (ask in asking) {
            ask()
            rig.settle()
            rig.app.lock()
            rig.settle()
            // This process, and the next one if this one was ended behind the picker.
            for (process in listOf(rig, Rig(this, folder, rig.app.savedIds(), rig.settings))) {
                val older = older()
                process.app.targetChosen(older)
                older.isLeftAlone(process)
                val new = Place()
                process.app.targetChosen(new)
                process.settle()
                assertTrue(new.discarded, "what the picker made for it is removed")
            }
            rig.unlock()
            while (rig.app.back()) rig.settle()
        }
        // She thought better of the first, and the answer comes twice.
        rig.app.openExport()
        val late = older()
        rig.app.targetChosen(late)
        late.isLeftAlone(rig)
    }

    @Test
    fun `a backup that is written over and cut off is none, and counts as none`() = runTest {
        val rig = rig()
        rig.backUp(Place())
        assertNull(rig.on<Screen.List>().model.state.value.backup)
        val cut = older { rig.app.lock() }
        rig.backUp(cut)
        assertIs<Screen.Lock>(rig.app.screen.value)
        assertTrue(cut.discarded, "half of it must not look whole")
        rig.unlock()
        while (rig.app.back()) rig.settle()
        assertEquals(TextKey.BACKUP_NEVER.text(), rig.on<Screen.List>().model.state.value.backup)

        val whole = older()
        rig.backUp(whole)
        assertFalse(whole.discarded)
        assertTrue(whole.written.size() > OLD.size)
        assertNull(rig.on<Screen.List>().model.state.value.backup)

        // One in a file of its own that is cut off costs no other.
        val other = Place { rig.app.lock() }
        rig.backUp(other)
        assertTrue(other.discarded)
        rig.unlock()
        while (rig.app.back()) rig.settle()
        assertNull(rig.on<Screen.List>().model.state.value.backup)
    }

    private fun Rig.backUp(place: Place) {
        on<Screen.List>().model.backup()
        on<Screen.Backup>().model.choosePlace()
        app.targetChosen(place)
        settle()
        if (app.screen.value is Screen.Backup) app.back()
        settle()
    }

    private fun Place.isLeftAlone(rig: Rig) {
        rig.settle()
        assertFalse(discarded)
        assertContentEquals(OLD, older)
        assertEquals(0, written.size())
        assertEquals(emptyList(), rig.ports.scratch.list().orEmpty().toList())
    }

    private fun older(fails: Boolean = false, wrote: () -> Unit = {}) = Place(fails, OLD.copyOf(), wrote)

    private fun TestScope.rig(): Rig {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x").attachFiles()
        rig.app.filesPicked(listOf(Picked("a.bin", ByteArray(300_000) { it.toByte() })))
        rig.on<Screen.Attach>().model.save()
        rig.on<Screen.Incident>()
        rig.app.back()
        rig.settle()
        return rig
    }

    private companion object {
        val OLD = ByteArray(9) { 7 }
    }
}
