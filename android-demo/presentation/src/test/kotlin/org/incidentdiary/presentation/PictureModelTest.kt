package org.incidentdiary.presentation

import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

class PictureModelTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun `a picture is shown from memory, and gone when she leaves it or it locks`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x")
        val jpeg = File("../../samples").walk().first { it.extension == "jpg" }.readBytes()
        rig.app.filesPicked(listOf(Picked("a.jpg", jpeg), Picked("b.txt", "text".toByteArray())))
        rig.on<Screen.Attach>().model.save()
        val incident = rig.on<Screen.Incident>().model
        val rows = incident.state.value.evidence
        assertEquals(listOf(true, false), rows.map { it.isPicture })

        incident.show(rows[0].id)
        val first = rig.on<Screen.OnePicture>().model
        assertEquals("a.jpg", first.state.value.name.inLanguage("en"))
        val shown = assertIs<Shown>(first.state.value.picture)
        assertContentEquals(jpeg, shown.bytes)
        assertEquals(emptyList(), rig.ports.scratch.list().orEmpty().toList(), "it lies in no file")
        assertTrue(rig.app.back())
        assertTrue(shown.bytes.all { it == 0.toByte() })
        assertNull(first.state.value.picture)

        incident.show(rows[1].id)
        val other = rig.on<Screen.OnePicture>().model.state.value
        assertEquals(TextKey.PICTURE_UNKNOWN.text(), other.error)
        assertFalse(other.loading)
        rig.app.back()

        incident.show(rows[0].id)
        val again = assertIs<Shown>(rig.on<Screen.OnePicture>().model.state.value.picture)
        rig.app.lock()
        rig.settle()
        assertTrue(again.bytes.all { it == 0.toByte() })
        rig.unlock()
        assertIs<Screen.Incident>(rig.app.screen.value, "it does not come back by itself")

        // Left, or locked, before it was read.
        incident(rig).show(rows[0].id)
        val left = assertIs<Screen.OnePicture>(rig.app.screen.value).model
        rig.app.lock()
        rig.settle()
        assertNull(left.state.value.picture)
        rig.unlock()

        val stored = File(rig.ports.vault, "evidence").listFiles().orEmpty().maxBy { it.length() }
        stored.writeBytes(stored.readBytes().also { it[stored.length().toInt() / 2] = (it[9] + 1).toByte() })
        incident(rig).show(rows[0].id)
        val damaged = rig.on<Screen.OnePicture>().model.state.value
        assertNull(damaged.picture, "half of it is not shown")
        assertEquals(TextKey.ERROR_EVIDENCE_DAMAGED.text(), assertNotNull(damaged.error))
    }

    private fun incident(rig: Rig) = rig.on<Screen.Incident>().model
}
