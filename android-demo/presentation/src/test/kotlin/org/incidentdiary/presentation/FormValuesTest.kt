package org.incidentdiary.presentation

import kotlinx.coroutines.test.runTest
import org.junit.jupiter.api.io.TempDir
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals

/** Nothing that she filled in is dropped in silence. */
class FormValuesTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun `a time until which it went on is one of the same day, and one that comes before is told`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart().write()
        val form = rig.on<Screen.Form>().model
        form.edit("narrative", "x")
        form.edit("occurred.to.time", "00:30")
        form.save()
        rig.settle()
        assertEquals(TextKey.FIELD_ORDER.text(), form.state.value.more.first { it.path == "occurred.to" }.error)
        form.edit("occurred.to.time", "22:30")
        form.save()
        val times = rig.on<Screen.Incident>().model.state.value.times
        assertEquals("около 3 октября 2026, 21:15 – 22:30", times.first().value.inLanguage("ru"))
    }

    @Test
    fun `a currency without an amount is told`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart().write()
        val form = rig.on<Screen.Form>().model
        form.edit("narrative", "x")
        form.edit("harm.cost.currency", "USD")
        form.save()
        rig.settle()
        assertEquals(TextKey.FIELD_CHECK.text(), form.state.value.error)
        assertEquals(1, form.state.value.more.count { it.path == "harm.cost.amount" && it.error != null })
    }
}
