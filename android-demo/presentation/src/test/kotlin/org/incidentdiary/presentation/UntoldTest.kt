package org.incidentdiary.presentation

import kotlinx.coroutines.test.runTest
import org.incidentdiary.core.KeyCost
import org.incidentdiary.createDiary
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs

/** What is told at the next unlock, and to whom. */
class UntoldTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun `another diary in the same folder tells and shows nothing of the one that was locked`() = runTest {
        createDiary(File(folder, "vault"), Rig.PASSPHRASE.toCharArray(), OTHER.toCharArray(), KeyCost.FLOOR).use {
            it.lock()
        }
        val rig = Rig(this, folder)
        rig.unlock()
        rig.write("x")
        rig.app.photoTaken(Photo(ByteArray(9) { 1 }))
        rig.app.filesPicked(listOf(Picked("a.bin", byteArrayOf(2))))
        rig.app.lock()

        // By the same process and by the next one.
        val next = Rig(this, folder, rig.app.savedIds(), rig.settings)
        for (process in listOf(rig, next)) {
            repeat(2) {
                process.settle()
                process.unlock(OTHER)
                assertEquals(emptyList(), process.on<Screen.List>().model.state.value.notices)
                process.app.lock()
                process.settle()
            }
        }
        rig.unlock()
        val list = rig.on<Screen.List>().model.state.value
        assertEquals(listOf(TextKey.NOTICE_NOT_ATTACHED.text()), list.notices)
    }

    @Test
    fun `work that a lock cut off is told at the next unlock, where it was begun`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x")
        rig.app.openBackup()
        rig.on<Screen.Backup>().model.choosePlace()
        val place = Place { rig.app.lock() }
        rig.app.targetChosen(place)
        rig.settle()
        assertIs<Screen.Lock>(rig.app.screen.value)
        rig.unlock()
        assertEquals(TextKey.NOTICE_WORK_STOPPED.text(), rig.on<Screen.Backup>().model.state.value.error)
        rig.app.lock()
        rig.unlock()
        assertEquals(null, rig.on<Screen.Backup>().model.state.value.error, "it is told once")
    }

    private companion object {
        const val OTHER = "тағы бір жаңа тұман"
    }
}
