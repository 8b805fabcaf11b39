package org.incidentdiary.presentation

import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** What she typed goes nowhere without a word. */
class FormKeptTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun `going back waits for what is typed to be kept, and what cannot be kept is told`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart().write()
        val form = rig.on<Screen.Form>().model
        form.edit("narrative", "x")
        rig.app.back()
        assertIs<Screen.Form>(rig.app.screen.value)
        assertTrue(rig.on<Screen.List>().model.state.value.unfinished)

        // No draft can have the name of such a form.
        rig.app.openForm("999-K7Q2")
        val again = rig.on<Screen.Form>().model
        for (reason in listOf("y", "z")) {
            again.edit("reason", reason)
            rig.app.back()
            assertEquals(TextKey.FORM_NOT_KEPT.text(), rig.on<Screen.Form>().model.state.value.error)
        }
        rig.app.back()
        rig.on<Screen.List>()
    }

    @Test
    fun `a form that is too long to be kept says so, and what a lock could not keep is told afterwards`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart().write()
        rig.on<Screen.Form>().model.edit("narrative", "ж".repeat(200_000))
        rig.app.back()
        val form = rig.on<Screen.Form>().model
        assertEquals(TextKey.ERROR_FULL_DRAFTS.text(), form.state.value.error)
        rig.app.lock()
        rig.unlock()
        assertEquals(TextKey.NOTICE_FORM_NOT_KEPT.text(), rig.on<Screen.Form>().model.state.value.error)
        rig.app.lock()
        rig.unlock()
        assertNull(rig.on<Screen.Form>().model.state.value.error, "it is told once")
    }

    @Test
    fun `what else she typed and a lock could not keep is told too, and not what she can choose again`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        val long = "ж".repeat(200_000)
        rig.write("x").editReason(long)
        rig.app.lock()
        rig.unlock()
        val notKept = TextKey.NOTICE_FORM_NOT_KEPT.text()
        assertEquals(notKept, rig.on<Screen.Incident>().model.state.value.error)

        rig.on<Screen.Incident>().model.attachFiles()
        rig.app.filesPicked(listOf(Picked("a.bin", byteArrayOf(1))))
        rig.on<Screen.Attach>().model.editNote(long)
        rig.app.lock()
        rig.unlock()
        val both = listOf(TextKey.NOTICE_NOT_ATTACHED.text(), notKept).inLines()
        assertEquals(both, rig.on<Screen.Incident>().model.state.value.error)

        rig.app.openExport()
        rig.on<Screen.Export>().model.editAudience(long)
        rig.app.lock()
        rig.unlock()
        assertNull(rig.on<Screen.Export>().model.state.value.error)
    }

    @Test
    fun `what is not kept is told without a cause that nobody knows`() {
        val space = mapOf("en" to "no free space", "ru" to "не было места", "kk" to "орын болмады")
        for ((language, words) in space) {
            for (key in listOf(TextKey.NOTICE_FORM_NOT_KEPT, TextKey.FORM_NOT_KEPT)) {
                assertFalse(words in key.text().inLanguage(language))
            }
        }
    }

    @Test
    fun `what is typed while it is recorded is not taken`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart().write()
        val form = rig.on<Screen.Form>().model
        form.edit("narrative", "x")
        form.save()
        form.edit("narrative", "xy")
        assertEquals("x", form.state.value.fields.first { it.path == "narrative" }.value)
        assertEquals("x", rig.on<Screen.Incident>().model.state.value.lines.first().value.inLanguage("en"))
    }
}
