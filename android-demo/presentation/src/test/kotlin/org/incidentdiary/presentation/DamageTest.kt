package org.incidentdiary.presentation

import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runTest
import org.incidentdiary.core.DamagedPart
import org.incidentdiary.core.DiaryException
import org.incidentdiary.core.ListQuery
import org.incidentdiary.draftText
import org.incidentdiary.openDiary
import org.incidentdiary.presentation.ExportState.Step
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** A bit that flipped costs what it hit, and is told; the rest goes on. */
class DamageTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun `what is damaged costs its own line, is named, and the rest leaves without it`() = runTest {
        val rig = damaged()
        val list = rig.on<Screen.List>().model.state.value
        assertNull(list.error)
        assertEquals(listOf(true, false), list.rows.map { it.faded })

        rig.app.openExport()
        val export = rig.on<Screen.Export>().model
        export.preview()
        rig.settle()
        val named = assertNotNull(export.state.value.preview?.damaged).inLanguage("ru")
        assertTrue("№ 2, door.jpg" in named, named)
        export.accept()
        assertEquals(Step.PREVIEW, export.state.value.step)

        export.goOnWithout()
        rig.settle()
        val preview = assertNotNull(export.state.value.preview)
        assertNull(preview.damaged)
        assertEquals(listOf(true, false), preview.incidents.map { it.included })
        assertEquals(listOf(TextKey.LEAVING_WITHHELD.text()), preview.files.map { it.leaving })
        // It can be looked for again, and is as damaged as before.
        export.toggleIncident(preview.incidents.last().id)
        rig.settle()
        assertNotNull(export.state.value.preview?.damaged)
        export.goOnWithout()
        rig.settle()
        export.accept()
        export.choosePlace(Rig.PASSPHRASE.toCharArray())
        rig.settle()
        rig.app.targetChosen(Place())
        rig.settle()
        assertEquals(Step.DONE, export.state.value.step)
        assertEquals("1 из 2", export.state.value.result.first().value.inLanguage("ru"))
    }

    @Test
    fun `what is damaged says so on its own screen, and can only be destroyed`() = runTest {
        val rig = damaged()
        val list = rig.on<Screen.List>().model
        list.open(list.state.value.rows.first().id)
        val incident = rig.on<Screen.Incident>().model
        incident.state.value.run {
            assertEquals(TextKey.INCIDENT_DAMAGED.text(), error)
            assertTrue(canErase && !canAmend && !canWithdraw && !loading)
        }
        incident.erase(Rig.PASSPHRASE.toCharArray())
        rig.settle()
        assertEquals(TextKey.DONE_ERASED.text(), incident.state.value.done)
        assertFalse(incident.state.value.canErase)
    }

    @Test
    fun `where drafts are kept damaged costs the drafts alone, and is told`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("бірінші")
        rig.app.back()
        rig.app.lock()
        rig.settle()
        val log = File(rig.ports.vault, "log.db")
        val before = log.readBytes()
        rig.unlock()
        rig.on<Screen.List>().model.write()
        rig.on<Screen.Form>().model.edit("narrative", "екінші")
        rig.app.lock()
        rig.settle()
        damage(log, before) {
            openDiary(rig.ports.vault, Rig.PASSPHRASE.toCharArray()).use { diary ->
                val readable = diary.list(ListQuery()).incidents.none { it.damaged }
                readable && runCatching { diary.draftText(FormModel.NEW) }.isFailure.also { diary.lock() }
            }
        }
        rig.unlock()
        val damaged = TextKey.NOTICE_DRAFTS_DAMAGED.text()
        val form = rig.on<Screen.Form>().model.state.value
        assertEquals(damaged, form.error)
        assertFalse(form.busy || form.fields.isEmpty())
        rig.app.back()
        val list = rig.on<Screen.List>().model
        list.state.value.run {
            assertEquals(listOf(damaged), notices)
            assertNull(error)
            assertNull(backup)
            assertEquals(1, rows.size)
        }
        rig.app.openExport()
        rig.on<Screen.Export>().model.preview()
        rig.settle()
        assertNotNull(rig.on<Screen.Export>().model.state.value.preview)

        // The next draft that is kept begins the place anew.
        while (rig.app.back()) rig.settle()
        rig.on<Screen.List>().model.write()
        rig.on<Screen.Form>().model.edit("narrative", "үшінші")
        rig.app.back()
        rig.on<Screen.List>().model.state.value.run {
            assertEquals(emptyList(), notices)
            assertTrue(unfinished)
        }
    }

    @Test
    fun `of a diary that does not open nobody says that the rest can be read`() = runTest {
        val closed = listOf(
            DiaryException.ForeignDatabase(),
            DiaryException.CellsMissing(),
            DiaryException.Damaged(DamagedPart.Head),
        )
        for (error in closed) {
            assertEquals(TextKey.ERROR_DIARY_DAMAGED.text(), openingErrorText(error))
            assertEquals(TextKey.ERROR_DAMAGED.text(), errorText(error), "in an open one it can")
        }
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.app.lock()
        rig.settle()
        val other = Rig(this, File(folder, "other").apply { mkdir() })
        other.firstStart()
        other.app.lock()
        other.settle()
        File(other.ports.vault, "log.db").copyTo(File(rig.ports.vault, "log.db"), overwrite = true)
        rig.unlock()
        val lock = rig.on<Screen.Lock>().model.state.value
        assertTrue(lock.damaged)
        assertEquals(TextKey.ERROR_DIARY_DAMAGED.text(), lock.error)
    }

    /** Two incidents; the second does not open any more, and neither does the photo of the first. */
    private fun TestScope.damaged(): Rig {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("бірінші")
        val photo = File("../../samples/evidence/IMG_20260421_183012.jpg").readBytes()
        rig.app.filesPicked(listOf(Picked("door.jpg", photo)))
        rig.on<Screen.Attach>().model.save()
        rig.on<Screen.Incident>()
        rig.app.back()
        rig.app.lock()
        rig.settle()
        val log = File(rig.ports.vault, "log.db")
        val before = log.readBytes()
        rig.unlock()
        rig.write("екінші")
        rig.app.back()
        rig.app.lock()
        rig.settle()
        damage(log, before) {
            openDiary(rig.ports.vault, Rig.PASSPHRASE.toCharArray()).use { diary ->
                diary.list(ListQuery()).incidents.first().damaged.also { diary.lock() }
            }
        }
        val sealed = File(rig.ports.vault, "evidence").walk().single { it.isFile }
        sealed.writeBytes(sealed.readBytes().flipped(at = 200))
        rig.unlock()
        assertIs<Screen.List>(rig.app.screen.value)
        rig.settle()
        return rig
    }

    /** Changes one byte of what came into the log since [before], where [isIt] says that it is the right one. */
    private fun damage(log: File, before: ByteArray, isIt: () -> Boolean) {
        val whole = log.readBytes()
        val half = 2048
        val changed = (half until whole.size step half).filter { at ->
            (at until at + half).any { it >= before.size || whole[it] != before[it] }
        }
        for (at in changed.reversed()) {
            log.writeBytes(whole.flipped(at + half / 2))
            if (runCatching(isIt).getOrDefault(false)) return
        }
        error("nothing that came into the log is an incident")
    }

    private fun ByteArray.flipped(at: Int) = copyOf().also { it[at] = (it[at].toInt() xor 1).toByte() }
}
