package org.incidentdiary.presentation

import kotlinx.coroutines.test.runTest
import org.incidentdiary.core.Diary
import org.incidentdiary.core.Incident
import org.incidentdiary.core.Occurred
import org.incidentdiary.openDiary
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.time.LocalDate
import java.time.LocalTime
import java.time.ZoneId
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
    fun `another day has the offset that the zone had then, unless she was elsewhere`() {
        // Almaty had summer time until 2004. That it went to +05:00 on 1 March 2024 not every system knows.
        val almaty = ZoneId.of("Asia/Almaty")
        val march = offsetAt(LocalDate.of(2024, 3, 1), LocalTime.of(21, 15), almaty).id
        val corrected = listOf(
            Triple("2024-02-29T21:15:42+06:00", "2024-03-01", "2024-03-01T21:15:42$march"),
            Triple("2024-03-01T21:15:42$march", "2024-02-29", "2024-02-29T21:15:42+06:00"),
            Triple("2004-07-01T21:15:42.5+07:00", "2004-01-15", "2004-01-15T21:15:42.5+06:00"),
            Triple("2004-01-15T21:15:42+06:00", "2004-07-01", "2004-07-01T21:15:42+07:00"),
            Triple("2024-02-28T21:15:42+06:00", "2024-02-29", "2024-02-29T21:15:42+06:00"),
            // She was elsewhere, or it says nothing of a zone.
            Triple("2024-02-29T21:15:42+03:00", "2024-03-01", "2024-03-01T21:15:42+03:00"),
            Triple("2024-02-29T21:15:42Z", "2024-03-01", "2024-03-01T21:15:42Z"),
            Triple("2024-02-29T21:15:42", "2024-03-01", "2024-03-01T21:15:42"),
            // Nothing but a day.
            Triple("2024-02-29", "2024-03-01", "2024-03-01"),
        )
        for ((from, day, to) in corrected) {
            val values = FormValues.of(Incident(occurred = Occurred(from = from), narrative = "x"))
            assertEquals(to, values.write("occurred.from", day, almaty).incident(almaty).occurred.from)
        }
    }

    @Test
    fun `a day that is typed anew, and a time, have the offset of the zone`() {
        val almaty = ZoneId.of("Asia/Almaty")
        val there = FormValues.of(Incident(occurred = Occurred(from = "2026-10-03T21:15:42+03:00"), narrative = "x"))
        val anew = there.write("occurred.from", "", almaty).write("occurred.from", "2026-10-05", almaty)
        assertEquals("2026-10-05T21:15:42+05:00", anew.incident(almaty).occurred.from)
        val later = there.write("occurred.from.time", "21:30", almaty)
        assertEquals("2026-10-03T21:30+05:00", later.incident(almaty).occurred.from)
    }

    @Test
    fun `the day of what happened elsewhere is corrected and its time is not`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.app.lock()
        rig.settle()
        fun <T> inDiary(work: (Diary) -> T): T =
            openDiary(rig.ports.vault, Rig.PASSPHRASE.toCharArray()).use { work(it).also { _ -> it.lock() } }
        val id = inDiary { it.add(Incident(Occurred("2024-02-29T21:15+03:00"), narrative = "x")).id }
        rig.unlock()
        rig.app.openForm(id)
        val form = rig.on<Screen.Form>().model
        form.edit("occurred.from", "2024-03-01")
        form.edit("reason", "y")
        form.save()
        rig.on<Screen.List>()
        rig.app.lock()
        rig.settle()
        assertEquals("2024-03-01T21:15+03:00", inDiary { it.show(id).incident?.occurred?.from })
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
