package org.incidentdiary.presentation

import kotlinx.coroutines.test.runTest
import org.incidentdiary.core.KeyCost
import org.incidentdiary.createDiary
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull

/** She saves, and the phone goes dark in the same moment: what was carried through is told when she comes back. */
class SavedByLockTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun `what was recorded while it locked is told, and no empty form is there`() = runTest {
        val leaving = listOf<Rig.() -> Unit>({ app.onScreenOff() }, { app.onStopped() }, { app.quickExit() })
        val rig = Rig(this, folder)
        rig.firstStart()
        leaving.forEachIndexed { before, leave ->
            rig.on<Screen.List>().model.write()
            val form = rig.on<Screen.Form>().model
            form.edit("narrative", "x")
            form.save()
            rig.leave()
            rig.settle()
            assertEquals(mapOf("way" to "list"), rig.app.savedIds())
            rig.unlock()
            val list = rig.on<Screen.List>().model
            assertEquals(listOf(saved(before + 1)), list.state.value.notices)
            assertEquals(before + 1, list.state.value.rows.size)
            rig.app.lock()
            rig.unlock()
            assertEquals(emptyList(), rig.on<Screen.List>().model.state.value.notices, "it is told once")
        }
    }

    @Test
    fun `what was added to an incident or thrown away while it locked brings her back to where she was`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        val incident = rig.write("x")
        for (end in listOf<(FormModel) -> Unit>({ it.save() }, { it.discard() })) {
            rig.on<Screen.Incident>().model.amend()
            val form = rig.on<Screen.Form>().model
            form.edit("reason", "y")
            form.edit("narrative", "z")
            end(form)
            rig.app.onScreenOff()
            rig.unlock()
            val back = rig.on<Screen.Incident>().model
            assertEquals(incident.id, back.id)
            assertNull(back.state.value.done)
            assertEquals(1, back.state.value.history.size)
        }
    }

    @Test
    fun `what could not be saved while it locked is there with her words`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart().write()
        val form = rig.on<Screen.Form>().model
        form.edit("place.text", "y")
        form.save()
        rig.app.onScreenOff()
        rig.unlock()
        val fields = rig.on<Screen.Form>().model.state.value.run { fields + more }
        assertEquals("y", fields.first { it.path == "place.text" }.value)
    }

    @Test
    fun `another diary in the same folder is told nothing of it`() = runTest {
        createDiary(File(folder, "vault"), Rig.PASSPHRASE.toCharArray(), OTHER.toCharArray(), KeyCost.FLOOR).use {
            it.lock()
        }
        val rig = Rig(this, folder)
        rig.unlock()
        rig.on<Screen.List>().model.write()
        rig.on<Screen.Form>().model.run {
            edit("narrative", "x")
            save()
        }
        rig.app.onScreenOff()
        rig.unlock(OTHER)
        assertEquals(emptyList(), rig.on<Screen.List>().model.state.value.notices)
    }

    private fun saved(number: Int) = TextKey.DONE_SAVED.text(number.toUInt())

    private companion object {
        const val OTHER = "тағы бір жаңа тұман"
    }
}
