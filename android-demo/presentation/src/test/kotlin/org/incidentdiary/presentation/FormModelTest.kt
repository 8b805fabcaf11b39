package org.incidentdiary.presentation

import kotlinx.coroutines.test.TestScope
import kotlinx.coroutines.test.runTest
import org.incidentdiary.core.DiaryException
import org.incidentdiary.core.FieldRule
import org.incidentdiary.core.Incident
import org.incidentdiary.core.Occurred
import org.incidentdiary.presentation.FieldState.Kind
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.lang.reflect.Modifier
import java.time.ZoneId
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

class FormModelTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun `what she typed is kept by a lock and is there after the process was killed`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart().write()
        val form = rig.on<Screen.Form>().model
        form.edit("narrative", CANARY)
        form.add("people")
        form.edit("people[0].name", "А\\Б\tВ\nГ")
        assertFalse(form.state.value.kept)
        rig.app.onStopped()
        rig.settle()
        assertIs<Screen.Lock>(rig.app.screen.value)

        val saved = rig.app.savedIds()
        assertFalse("$saved${rig.settings.values}".contains(CANARY), "only ids leave the diary")
        val again = Rig(this, folder, saved)
        again.unlock()
        val restored = again.on<Screen.Form>().model.state.value
        assertEquals(CANARY, restored.value("narrative"))
        assertEquals("А\\Б\tВ\nГ", restored.value("people[0].name"))
        assertTrue(restored.kept)
        again.app.back()
        assertTrue(again.on<Screen.List>().model.state.value.unfinished)
    }

    @Test
    fun `a second after the last letter it is kept, and throwing away ends that`() = runTest {
        val rig = Rig(this, folder)
        val list = rig.firstStart()
        list.write()
        val form = rig.on<Screen.Form>().model
        form.edit("narrative", "x")
        rig.pass(900)
        form.edit("narrative", "xy")
        rig.pass(900)
        assertFalse(form.state.value.kept)
        rig.pass(200)
        assertTrue(form.state.value.kept)
        form.discard()
        rig.settle()
        assertIs<Screen.List>(rig.app.screen.value)
        rig.pass(5000)
        list.refresh()
        rig.settle()
        assertFalse(list.state.value.unfinished)
    }

    @Test
    fun `saving and leaving in the same moment records it once or keeps what she typed, never both`() = runTest {
        for (pause in listOf(0L, 500L, 1000L, 1001L)) {
            val rig = Rig(this, File(folder, "$pause").apply { mkdir() })
            rig.firstStart().write()
            val form = rig.on<Screen.Form>().model
            form.edit("narrative", "x")
            rig.pass(pause)
            form.save()
            rig.app.onStopped()
            rig.settle()
            rig.unlock()
            while (rig.app.back()) rig.settle()
            val list = rig.on<Screen.List>().model.state.value
            assertEquals(1, list.rows.size + if (list.unfinished) 1 else 0, "after $pause ms")
        }
    }

    @Test
    fun `what is left out when it is saved does not come back as a draft`() = runTest {
        for ((name, leaves) in mapOf<String, (AppModel) -> Unit>(
            "stopped" to { it.onStopped() },
            "back" to { it.back() },
            "locked" to { it.lock() },
        )) {
            val rig = Rig(this, File(folder, name).apply { mkdir() })
            rig.firstStart().write()
            val form = rig.on<Screen.Form>().model
            form.edit("narrative", "x")
            form.add("people")
            rig.pass(1500)
            form.save()
            leaves(rig.app)
            rig.settle()
            if (rig.app.screen.value is Screen.Lock) rig.unlock()
            while (rig.app.back()) rig.settle()
            val list = rig.on<Screen.List>().model
            list.refresh()
            rig.settle()
            assertEquals(1, list.state.value.rows.size)
            assertFalse(list.state.value.unfinished, "it would be recorded twice")
        }
    }

    @Test
    fun `going back waits until what is being recorded is recorded`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart().write()
        val form = rig.on<Screen.Form>().model
        form.edit("narrative", "x")
        rig.pass(1500)
        form.save()
        assertTrue(rig.app.back())
        assertIs<Screen.Form>(rig.app.screen.value, "a form opened now would show it as unfinished")
        rig.on<Screen.Incident>()
    }

    @Test
    fun `what could not be recorded is kept, whatever the reason`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.app.openForm("999-k7q2")
        val form = rig.on<Screen.Form>().model
        form.edit("reason", "y")
        form.edit("narrative", "x")
        form.save()
        rig.settle()
        assertEquals(TextKey.ERROR_NOT_FOUND.text(), form.state.value.error)
        assertTrue(form.state.value.kept)
        assertFalse(form.state.value.busy)
    }

    @Test
    fun `a form that was emptied again is kept so`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart().write()
        val form = rig.on<Screen.Form>().model
        form.edit("narrative", CANARY)
        rig.pass(1500)
        form.edit("narrative", "")
        rig.app.back()
        rig.on<Screen.List>().model.write()
        assertEquals("", rig.on<Screen.Form>().model.state.value.value("narrative"))
    }

    @Test
    fun `each heading stands above its own fields, and is told from every other`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart().write()
        val more = rig.on<Screen.Form>().model.state.value.more
        assertEquals(more.size, more.map { it.key }.toSet().size)
        val groups = FormFields.more.filterIsInstance<FormFields.Group>()
        assertEquals(groups.map { it.label }, more.filter { it.kind == Kind.GROUP }.map { it.label })
        for (group in groups) {
            val heading = more.indexOfFirst { it.kind == Kind.GROUP && it.label == group.label }
            assertEquals(group.fields.map { it.path }, more.drop(heading + 1).take(group.fields.size).map { it.path })
        }
    }

    @Test
    fun `an error that belongs to no field stands on top, and marks no heading`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart().write()
        val form = rig.on<Screen.Form>().model
        for (path in listOf("", "people")) {
            form.mark(DiaryException.InvalidField(path, FieldRule.TooMany(1u)))
            assertEquals(TextKey.FIELD_TOO_MANY.text(), form.state.value.error, path)
            assertEquals(emptyList(), form.state.value.run { fields + more }.filter { it.error != null })
            assertFalse(form.state.value.moreOpen)
        }
    }

    @Test
    fun `a time that is left alone stays as it was written`() {
        val times = listOf("2026-10-03T21:15:30+05:00", "2026-10-03T21:15:00+05:00", "2026-10-03T16:15:30.120Z")
        for (time in times) {
            val incident = Incident(occurred = Occurred(from = time, precision = "exact"), narrative = "x")
            val shown = FormValues.of(incident)
            assertEquals(incident, FormValues.decode(shown.encode()).incident(ZoneId.of("Asia/Almaty")))
        }
    }

    @Test
    fun `what is typed survives going back and leaving in the same moment`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart().write()
        rig.on<Screen.Form>().model.edit("narrative", CANARY)
        rig.app.back()
        rig.app.onStopped()
        rig.settle()
        rig.unlock()
        while (rig.app.back()) rig.settle()
        rig.on<Screen.List>().model.write()
        assertEquals(CANARY, rig.on<Screen.Form>().model.state.value.value("narrative"))
    }

    @Test
    fun `an empty form leaves nothing behind`() = runTest {
        val rig = Rig(this, folder)
        val list = rig.firstStart()
        list.write()
        rig.on<Screen.Form>()
        rig.app.back()
        rig.settle()
        assertFalse(list.state.value.unfinished)
    }

    @Test
    fun `every field of the library has its place in the form`() {
        val names = Incident::class.java.declaredFields.filterNot { Modifier.isStatic(it.modifiers) }
            .map { field -> field.name.replace(Regex("[A-Z]")) { "_${it.value.lowercase()}" } }
        assertContains(names, "shown_as")
        val paths = FormFields.short.map { it.path } + FormFields.more.flatMap { part ->
            when (part) {
                is FormFields.Group -> part.fields.map { it.path }
                is FormFields.Many -> listOf(part.path)
            }
        }
        assertEquals(emptyList(), names.filter { name -> paths.none { it == name || it.startsWith("$name.") } })
    }

    @Test
    fun `every field that the form has reaches the diary and the page, and comes back`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart().write()
        val form = rig.on<Screen.Form>().model
        val filled = fill(form, rig)
        form.save()
        val incident = rig.on<Screen.Incident>().model
        assertNull(form.state.value.error)
        val shown = incident.state.value.let { it.times + it.lines }
        val page = shown.joinToString("\n") { "${it.label.inLanguage("ru")}: ${it.value.inLanguage("ru")}" }
        incident.amend()
        val amend = rig.on<Screen.Form>().model.state.value
        for ((path, value) in filled) {
            assertEquals(value, amend.value(path), path)
            val field = amend.field(path)
            if (field.kind in setOf(Kind.LINE, Kind.TEXT, Kind.NUMBER)) assertContains(page, value, message = path)
            // How sure she is of a time shows in how the time is written.
            if (path == "occurred.precision") continue
            val chosen = field.choices.filter { it.chosen }.map { it.label.inLanguage("ru") }
            for (words in chosen) assertContains(page, words, message = path)
        }
        assertTrue(filled.size > 45, "the form is said to have every field: ${filled.size}")
    }

    @Test
    fun `an amendment changes what she changed, takes away what she emptied, and keeps the rest`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        val incident = rig.write("x") {
            it.choose("behaviours", "calls")
            it.edit("place.text", "подъезд")
            it.edit("count", "34")
        }
        incident.amend()
        val form = rig.on<Screen.Form>().model
        assertEquals("reason", form.state.value.fields.first().path)
        form.edit("reason", "вспомнила")
        form.save()
        rig.settle()
        assertEquals(TextKey.FORM_NOTHING_CHANGED.text(), form.state.value.error)
        form.edit("place.text", "")
        form.edit("count", "35")
        form.edit("private_note", "для себя")
        form.save()
        val history = rig.on<Screen.Incident>().model.state.value.history.single()
        val changed = "Сколько раз: 35\nЗаметка только для вас; её не передают: для себя\nМесто: убрано"
        assertEquals("вспомнила\n$changed", history.value.inLanguage("ru"))
        val first = incident.state.value.first.map { "${it.label.inLanguage("ru")}: ${it.value.inLanguage("ru")}" }
        assertEquals(listOf("Место: подъезд", "Сколько раз: 34"), first)
        assertContains(history.label.inLanguage("ru"), "Дополнено")
        val lines = incident.state.value.lines.map { it.value.inLanguage("ru") }
        assertContains(lines, "35")
        assertContains(lines, "звонки")
        assertFalse("подъезд" in lines)
    }

    @Test
    fun `an amendment without a reason is refused beside the reason`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x").amend()
        val form = rig.on<Screen.Form>().model
        form.edit("narrative", "xy")
        form.save()
        rig.settle()
        assertEquals(TextKey.FIELD_MISSING.text(), form.state.value.field("reason").error)
    }

    @Test
    fun `a broken rule stands beside its field, in a fold that opens`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart().write()
        val form = rig.on<Screen.Form>().model
        form.save()
        rig.settle()
        assertEquals(TextKey.FIELD_MISSING.text(), form.state.value.field("narrative").error)
        form.edit("narrative", "x")
        assertNull(form.state.value.field("narrative").error)

        form.add("people")
        form.add("people")
        form.edit("people[1].name", "А.")
        form.save()
        rig.settle()
        assertTrue(form.state.value.moreOpen)
        assertNotNull(form.state.value.field("people[0].role").error, "an empty element is left out")
        form.remove("people[0]")

        for ((path, value) in listOf("count" to "0", "occurred.to" to "2020-01-01", "harm.cost.amount" to "много")) {
            form.edit(path, value)
            form.save()
            rig.settle()
            assertNotNull(form.state.value.field(path).error, path)
            form.edit(path, "")
        }
        form.edit("narrative", "\u0000")
        form.save()
        rig.settle()
        assertEquals(TextKey.FIELD_TEXT.text(), form.state.value.field("narrative").error)
    }

    @Test
    fun `half of a surrogate pair is refused, and keeps nothing else from being kept`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart().write()
        val form = rig.on<Screen.Form>().model
        form.edit("narrative", "\uD83D")
        rig.pass(2000)
        assertTrue(form.state.value.kept)
        form.save()
        rig.settle()
        assertEquals(TextKey.FIELD_TEXT.text(), form.state.value.error)
        form.edit("narrative", "\uD83D\uDC08")
        rig.pass(2000)
        assertTrue(form.state.value.kept)
    }

    @Test
    fun `as much of the time is recorded as she says she knows`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        val said = mapOf(
            "exact" to "3 октября 2026, 21:15",
            "about" to "около 3 октября 2026, 21:15",
            "day" to "3 октября 2026",
            "month" to "октябрь 2026",
            "year" to "2026 год",
            "unknown" to "время неизвестно",
        )
        for ((precision, text) in said) {
            val incident = rig.write(precision) { if (precision != "about") it.choose("occurred.precision", precision) }
            assertEquals(text, incident.state.value.times.first().value.inLanguage("ru"), precision)
            rig.app.back()
        }
    }

    @Test
    fun `the offset is that of the zone at that time, and stays when the time is left alone`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        val incident = rig.write("x") {
            it.edit("occurred.from", "2024-01-15")
            it.edit("occurred.from.time", "10:00")
            it.choose("occurred.precision", "exact")
        }
        val recorded = rig.ports.vault
        assertTrue(recorded.exists())
        // Almaty was at +06:00 then; the device's own rule says so too, so no offset is printed.
        assertEquals("15 января 2024, 10:00", incident.state.value.times.first().value.inLanguage("ru"))
        incident.amend()
        val form = rig.on<Screen.Form>().model
        form.edit("reason", "y")
        form.edit("narrative", "y")
        form.save()
        val history = rig.on<Screen.Incident>().model.state.value.history.single()
        assertEquals("y\nЧто произошло: y", history.value.inLanguage("ru"))
    }

    private fun TestScope.fill(form: FormModel, rig: Rig): Map<String, String> {
        form.toggleMore()
        for (add in form.state.value.more.filter { it.kind == Kind.ADD }) form.add(add.path)
        val filled = mutableMapOf<String, String>()
        for (field in form.state.value.fields + form.state.value.more) {
            when (field.kind) {
                Kind.LINE, Kind.TEXT -> form.edit(field.path, textFor(field.path))
                Kind.NUMBER -> form.edit(field.path, "34")
                Kind.DATE -> form.edit(field.path, if (field.path.endsWith(".to")) "2026-10-04" else "2026-10-03")
                Kind.TIME -> form.edit(field.path, "21:15")
                Kind.ONE_OF -> field.choices.filter { !it.chosen }.take(1).forEach { form.choose(field.path, it.code) }
                Kind.SOME_OF -> field.choices.take(2).forEach { form.choose(field.path, it.code) }
                Kind.ADD, Kind.GROUP -> continue
            }
            filled[field.path] = form.state.value.value(field.path)
        }
        rig.settle()
        testScheduler.runCurrent()
        return filled
    }

    private fun textFor(path: String) = when {
        path.endsWith("amount") -> "15000"
        path.endsWith("currency") -> "KZT"
        path.endsWith("key") -> "p1"
        else -> "Қазақша мәтін 🐈 $path"
    }

    private fun FormState.field(path: String) = (fields + more).first { it.path == path }

    private fun FormState.value(path: String) = field(path).value

    private companion object {
        const val CANARY = "канарейка 🐤 сары құс"
    }
}
