package org.incidentdiary.presentation

import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.assertEquals
import kotlin.test.assertNull

/** What she types beside the form: why she withdraws an incident, and the note for a file. */
class KeptDraftTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun `a reason is there again after a lock, and no longer once she has taken it back`() = runTest {
        val (rig, incident) = written()
        incident.editReason("ошибка")
        rig.app.lock()
        rig.unlock()
        val again = rig.on<Screen.Incident>().model
        assertEquals("ошибка", again.state.value.reason)
        again.editReason("")
        // A screen above it comes and goes.
        again.amend()
        rig.on<Screen.Form>()
        rig.app.back()
        assertEquals("", rig.on<Screen.Incident>().model.state.value.reason)
        assertNull(rig.draft("withdraw-${incident.id}"))
    }

    @Test
    fun `erasing leaves no reason behind, however the screen is left`() = runTest {
        val leaving = listOf<Rig.() -> Unit>({ app.back() }, { app.onStopped() }, { app.lock() })
        for (leave in leaving) {
            val (rig, incident) = written()
            incident.editReason("ошибка")
            rig.app.onStopped()
            rig.unlock()
            val again = rig.on<Screen.Incident>().model
            again.erase(Rig.PASSPHRASE.toCharArray())
            rig.settle()
            assertEquals("", again.state.value.reason)
            rig.leave()
            assertNull(rig.draft("withdraw-${incident.id}"))
            rig.ports.vault.deleteRecursively()
        }
    }

    @Test
    fun `who leaves while it is erased leaves no reason behind either`() = runTest {
        val (rig, incident) = written()
        incident.editReason("ошибка")
        incident.erase(Rig.PASSPHRASE.toCharArray())
        rig.app.openedOwnPicker()
        rig.app.onStopped()
        rig.settle()
        assertEquals(TextKey.DONE_ERASED.text(), incident.state.value.done)
        assertNull(rig.draft("withdraw-${incident.id}"))
    }

    @Test
    fun `a note that was begun is offered again for that incident, until the file is attached`() = runTest {
        val (rig, incident) = written()
        rig.pick().run {
            editNote("с лестницы")
            chooseHow("screenshot")
        }
        // Behind a picker that goes on for too long the process may end.
        rig.app.openedOwnPicker()
        rig.app.onStopped()
        rig.settle()
        val next = Rig(this, folder, rig.app.savedIds(), rig.settings).also {
            rig.app.lock()
            it.settle()
        }
        next.unlock()
        val attach = next.pick()
        assertEquals("с лестницы", attach.state.value.note)
        assertEquals(listOf("screenshot"), attach.state.value.how.filter { it.chosen }.map { it.code })
        next.app.back()
        next.app.back()
        next.write("другое")
        assertEquals("", next.pick().state.value.note, "it belongs to the other incident")
        next.app.back()
        next.app.back()
        next.on<Screen.List>().model.open(incident.id)
        next.on<Screen.Incident>()
        next.pick().save()
        val evidence = next.on<Screen.Incident>().model.state.value.evidence.single()
        assertEquals("с лестницы", evidence.note.inLanguage("ru"))
        assertEquals("", next.pick().state.value.note)
        assertNull(next.draft("attach-${incident.id}"))
    }

    @Test
    fun `an emptied note is kept no longer, and what the app knows by itself is no draft`() = runTest {
        val (rig, incident) = written()
        rig.pick().editNote("с лестницы")
        rig.app.back()
        rig.pick().editNote(" ")
        rig.app.back()
        rig.app.photoTaken(Photo(ByteArray(9) { 1 }))
        rig.app.openedOwnPicker()
        rig.app.onStopped()
        assertNull(rig.draft("attach-${incident.id}"))
    }

    @Test
    fun `a photo that is attached by the lock takes its note with it, an erasure every other`() = runTest {
        val (rig, incident) = written()
        rig.app.photoTaken(Photo(ByteArray(9) { 1 }))
        rig.on<Screen.Attach>().model.editNote("с лестницы")
        rig.app.lock()
        rig.settle()
        assertNull(rig.draft("attach-${incident.id}"))
        rig.unlock()
        val evidence = rig.on<Screen.Incident>().model.state.value.evidence.single()
        assertEquals("с лестницы", evidence.note.inLanguage("ru"))

        rig.pick().editNote("другое")
        rig.app.back()
        rig.on<Screen.Incident>().model.erase(Rig.PASSPHRASE.toCharArray())
        rig.settle()
        assertNull(rig.draft("attach-${incident.id}"))
    }

    private fun TestScope.written(): Pair<Rig, IncidentModel> {
        val rig = Rig(this, folder)
        rig.firstStart()
        return rig to rig.write("x")
    }

    /** She picks a file for the incident in front. */
    private fun Rig.pick(): AttachModel {
        on<Screen.Incident>()
        app.filesPicked(listOf(Picked("a.bin", byteArrayOf(1))))
        return on<Screen.Attach>().model
    }
}
