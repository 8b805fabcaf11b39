package org.incidentdiary.presentation

import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.io.IOException
import java.io.InputStream
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull

class AttachModelTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun `a file that cannot be read says so, those before it are attached, and it can be taken off`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x")
        val broken = object : InputStream() {
            override fun read(): Int = throw IOException("/storage/emulated/0/DCIM")
        }
        rig.app.filesPicked(
            listOf(
                Picked("good.bin", byteArrayOf(1)),
                Picked("broken.bin", byteArrayOf(2)) { broken },
                Picked("empty.bin", ByteArray(0)),
            ),
        )
        val attach = rig.on<Screen.Attach>().model
        attach.save()
        rig.settle()
        assertEquals(TextKey.ERROR_FILE_UNREADABLE.text(), attach.state.value.files.first().error)
        attach.remove(0)
        assertNull(attach.state.value.files.first().error)
        attach.save()
        rig.settle()
        assertEquals(TextKey.ERROR_FILE_EMPTY.text(), attach.state.value.error)
        attach.remove(0)
        assertFalse(attach.state.value.canSave)
        rig.app.back()
        assertEquals(1, rig.on<Screen.Incident>().model.state.value.evidence.size)
        assertEquals(1, File(rig.ports.vault, "evidence").list().orEmpty().size, "what was broken off leaves nothing")
    }

    @Test
    fun `files that come back after a lock are not taken`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x")
        rig.app.lock()
        rig.app.filesPicked(listOf(Picked("a.bin", byteArrayOf(1))))
        assertIs<Screen.Lock>(rig.app.screen.value)
        rig.unlock()
        assertEquals(emptyList(), rig.on<Screen.Incident>().model.state.value.evidence)
    }

    @Test
    fun `no files open no screen`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x")
        rig.app.filesPicked(emptyList())
        assertIs<Screen.Incident>(rig.app.screen.value)
    }
}
