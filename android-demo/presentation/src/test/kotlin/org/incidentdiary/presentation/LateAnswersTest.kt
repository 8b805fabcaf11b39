package org.incidentdiary.presentation

import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** The picker and the camera take their time to answer: what comes belongs to the incident that she was in when she asked. */
class LateAnswersTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun `a photo that comes when she has gone back is offered for its incident`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        val incident = rig.write("x")
        incident.takePhoto()
        rig.app.back()
        rig.on<Screen.List>()
        val photo = Photo(ByteArray(9) { 1 })
        rig.app.photoTaken(photo)
        rig.on<Screen.Attach>().model.save()
        assertEquals(incident.id, rig.on<Screen.Incident>().model.id)
        assertEquals(1, rig.on<Screen.Incident>().model.state.value.evidence.size)
        assertTrue(rig.app.back())
        rig.app.lock()
        rig.unlock()
        assertEquals(emptyList(), rig.on<Screen.List>().model.state.value.notices)
    }

    @Test
    fun `files that come when another incident is open go to their own`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        val own = rig.write("x")
        rig.app.back()
        val other = rig.write("y")
        rig.app.openIncident(own.id)
        rig.on<Screen.Incident>().model.attachFiles()
        rig.app.back()
        assertEquals(other.id, rig.on<Screen.Incident>().model.id)
        rig.app.filesPicked(listOf(Picked("a.bin", byteArrayOf(1))))
        rig.on<Screen.Attach>().model.save()
        assertEquals(own.id, rig.on<Screen.Incident>().model.id)
        assertEquals(1, rig.on<Screen.Incident>().model.state.value.evidence.size)
    }

    @Test
    fun `of two answers each goes to its own incident, whichever comes first`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        val incidents = listOf("x", "y").map { rig.write(it).id.also { rig.app.back() } }
        val asked = incidents.map { id ->
            rig.settle()
            rig.app.openIncident(id)
            rig.on<Screen.Incident>().model.attachFiles()
            rig.app.back()
            rig.app.takeAsked()
        }
        assertNull(rig.app.takeAsked())
        for (at in listOf(1, 0)) {
            rig.app.filesPicked(listOf(Picked("a.bin", byteArrayOf(1))), asked[at])
            rig.on<Screen.Attach>().model.save()
            assertEquals(incidents[at], rig.on<Screen.Incident>().model.id)
            assertEquals(1, rig.on<Screen.Incident>().model.state.value.evidence.size)
        }
        // Not any more once the diary that asked is locked, even if it is open again.
        rig.app.lock()
        rig.unlock()
        rig.app.filesPicked(listOf(Picked("b.bin", byteArrayOf(1))), asked[0])
        assertEquals(1, rig.on<Screen.Incident>().model.state.value.evidence.size)
        assertTrue(Ports.LOST in rig.settings.values)
    }

    @Test
    fun `a photo that comes after she went back and it locked, or after she left at once, waits for its incident`() =
        runTest {
            val rig = Rig(this, folder)
            rig.firstStart()
            val id = rig.write("x").id
            for (leave in listOf<Rig.() -> Unit>({ app.lock() }, { app.quickExit() })) {
                rig.app.openIncident(id)
                rig.on<Screen.Incident>().model.takePhoto()
                while (rig.app.back()) rig.settle()
                rig.leave()
                rig.settle()
                rig.app.photoTaken(Photo(ByteArray(9) { 1 }))
                rig.unlock()
                val attach = rig.on<Screen.Attach>().model
                assertEquals(TextKey.ATTACH_WAITED.text(), attach.state.value.notice)
                attach.save()
                assertEquals(id, rig.on<Screen.Incident>().model.id)
            }
            assertEquals(2, rig.on<Screen.Incident>().model.state.value.evidence.size)
        }

    @Test
    fun `a photo that comes when nobody looks says nothing on the lock screen`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x").takePhoto()
        rig.app.quickExit()
        rig.app.onStopped()
        rig.app.photoTaken(Photo(ByteArray(9) { 1 }))
        assertNull(rig.on<Screen.Lock>().model.state.value.notice)
    }

    @Test
    fun `that nothing came is told where she asked for it`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x").takePhoto()
        rig.app.back()
        rig.app.photoTaken(null)
        val incident = assertIs<Screen.Incident>(rig.app.screen.value).model
        assertEquals(TextKey.ERROR_NOTHING_ARRIVED.text(), incident.state.value.error)
    }
}
