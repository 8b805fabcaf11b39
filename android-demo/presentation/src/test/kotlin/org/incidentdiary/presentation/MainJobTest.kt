package org.incidentdiary.presentation

import app.cash.turbine.test
import kotlinx.coroutines.test.runTest
import org.incidentdiary.core.Finding
import org.incidentdiary.core.FindingLevel
import org.incidentdiary.core.KeyFile
import org.incidentdiary.core.ListQuery
import org.incidentdiary.core.SecretKind
import org.incidentdiary.core.salvage
import org.incidentdiary.lend
import org.incidentdiary.openDiary
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.util.Arrays
import java.util.concurrent.TimeUnit
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** The whole job, as she does it, over the real library. */
class MainJobTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun `a title that goes on says so`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("ж".repeat(79))
        rig.app.back()
        rig.write("ж".repeat(90))
        rig.app.back()
        val titles = rig.on<Screen.List>().model.state.value.rows.map { it.title.inLanguage("kk") }
        assertEquals(listOf("ж".repeat(80) + "…", "ж".repeat(79)), titles)
    }

    @Test
    fun `words of law are told as unchecked wherever they stand`() = runTest {
        val rig = Rig(this, folder)
        val list = rig.firstStart()
        fun said(text: Text?) = text.inLanguage("en").substringAfter(": ")
        val all = "spying, threat to you, violence, breach of an order"
        assertEquals(all, said(list.state.value.filter.legal))
        list.write()
        val form = rig.on<Screen.Form>().model
        val fields = form.state.value.fields.associateBy { it.path }
        assertEquals(all, said(fields.getValue("behaviours").legal))
        assertNull(fields.getValue("place.class").legal)
        form.edit("narrative", "A")
        form.choose("behaviours", "violence")
        form.choose("behaviours", "calls")
        form.add("orders")
        form.choose("orders[0].kind", "court_order")
        form.save()
        val incident = rig.on<Screen.Incident>().model
        assertEquals("violence, court order", said(incident.state.value.legal))
        rig.app.back()
        rig.settle()
        assertEquals("violence", said(list.state.value.legal))
        rig.app.openExport()
        val export = rig.on<Screen.Export>().model
        assertEquals("Refusal of contact, Harm and effects", said(export.state.value.legal))
        export.preview()
        rig.settle()
        assertNull(export.state.value.preview?.legal, "neither field is in it")
    }

    @Test
    fun `make, write in Kazakh, attach a photo, search, export, verify, lock`() = runTest {
        val rig = Rig(this, folder)
        val list = rig.firstStart()
        assertEquals(TextKey.LIST_EMPTY.text(), list.state.value.empty)
        assertEquals(emptyMap(), rig.settings.values, "a confirmed code leaves no trace")

        val narrative = "Ол тағы да кіреберісте күтіп тұрды 🐈. Жүрегім зырқ етті."
        val incident = rig.write(narrative) { form ->
            form.choose("behaviours", "waiting")
            form.choose("behaviours", "threat")
            form.choose("place.class", "home")
            form.edit("place.text", "подъезд, 2-й этаж")
            form.toggleMore()
            form.add("people")
            form.choose("people[0].role", "perpetrator")
            form.edit("people[0].key", "p1")
            form.edit("people[0].contact", "+7 700 000 00 00")
        }
        val shown = incident.state.value
        assertEquals("1-оқиға", shown.title.inLanguage("kk"))
        assertEquals("шамамен 2026 ж. 3 қазан, 21:15", shown.times.first().value.inLanguage("kk"))
        assertContains(shown.lines.map { it.value.inLanguage("kk") }, narrative)

        incident.takePhoto()
        rig.app.effects.test { assertEquals(Effect.TakePhoto, awaitItem()) }
        rig.app.openedOwnPicker()
        rig.app.onStopped()
        rig.app.onStarted()
        rig.app.ownPickerReturned()
        val photo = File("../../samples").walk().first { it.extension == "jpg" }.readBytes()
        rig.app.photoTaken(Picked("IMG_0001.jpg", photo, Rig.NOW))
        val attach = rig.on<Screen.Attach>().model
        assertEquals(listOf("taken_in_app"), attach.state.value.how.filter { it.chosen }.map { it.code })
        attach.editNote("фото двери")
        attach.save()
        val evidence = rig.on<Screen.Incident>().model.state.value.evidence.single()
        assertEquals("IMG_0001.jpg", evidence.name.inLanguage("ru"))
        assertContains(evidence.about.inLanguage("ru"), "image/jpeg")

        rig.app.back()
        list.search("КУТИП ТУРДЫ")
        rig.pass(500)
        assertEquals(1, list.state.value.rows.size, "Kazakh letters are folded")
        list.search("этого там нет")
        rig.pass(500)
        assertEquals(TextKey.LIST_NOTHING_FOUND.text(), list.state.value.empty)

        val zip = File(folder, "out.zip").apply { writeBytes(rig.export()) }
        assertTrue(verified(zip), "`diary verify` must find it sound")
        // For the checks with programs of others: tests/independent.
        System.getenv("DIARY_BUNDLES")?.let { zip.copyTo(File(it, "kotlin.zip"), overwrite = true) }

        rig.app.lock()
        assertIs<Screen.Lock>(rig.app.screen.value)
        rig.settle()
        assertEquals(emptyList(), rig.ports.scratch.list().orEmpty().toList())
        rig.unlock()
        rig.app.back()
        assertEquals(1, rig.on<Screen.List>().model.state.value.rows.size)
    }

    @Test
    fun `a copy of a file is bit for bit the file`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x")
        val content = ByteArray(700_000) { (it * 31).toByte() }
        rig.app.filesPicked(listOf(Picked("a.bin", content), Picked("b.bin", byteArrayOf(1))))
        rig.on<Screen.Attach>().model.save()
        val incident = rig.on<Screen.Incident>().model
        assertEquals("Тіркелген файлдар: 2", incident.state.value.done.inLanguage("kk"))

        val item = incident.state.value.evidence.first().id
        val wrong = "не та фраза вовсе нет".toCharArray()
        incident.saveCopy(item, wrong)
        rig.settle()
        assertEquals(TextKey.ERROR_PASSPHRASE_WRONG.text(), incident.state.value.error)
        assertTrue(wrong.all { it == '\u0000' })
        rig.app.effects.test { expectNoEvents() }

        val place = Place()
        val passphrase = Rig.PASSPHRASE.toCharArray()
        incident.saveCopy(item, passphrase)
        rig.settle()
        assertTrue(passphrase.all { it == '\u0000' })
        rig.app.effects.test { assertEquals(Effect.CreateDocument("a.bin", "application/octet-stream"), awaitItem()) }
        rig.app.targetChosen(place)
        rig.settle()
        assertContentEquals(content, place.written.toByteArray())
        assertFalse(place.discarded)
        assertEquals(TextKey.DONE_COPIED.text(), incident.state.value.done)

        val refused = Place(fails = true)
        incident.saveCopy(item, Rig.PASSPHRASE.toCharArray())
        rig.settle()
        rig.app.targetChosen(refused)
        rig.settle()
        assertTrue(refused.discarded)
        assertEquals(TextKey.ERROR_TARGET.text(), incident.state.value.error)
        assertEquals(emptyList(), rig.ports.scratch.list().orEmpty().toList())
    }

    @Test
    fun `withdrawn and erased incidents say so and can do less`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        val incident = rig.write("x")
        incident.editReason("  ")
        incident.withdraw()
        rig.settle()
        assertEquals(TextKey.FIELD_MISSING.text(), incident.state.value.error)
        incident.editReason("ошибка")
        incident.withdraw()
        rig.settle()
        assertEquals(TextKey.DONE_WITHDRAWN.text(), incident.state.value.done)
        assertFalse(incident.state.value.canWithdraw)
        assertContains(incident.state.value.history.single().value.inLanguage("ru"), "ошибка")
        val wrong = "не та фраза вовсе нет".toCharArray()
        incident.erase(wrong)
        rig.settle()
        assertEquals(TextKey.ERROR_PASSPHRASE_WRONG.text(), incident.state.value.error)
        assertTrue(incident.state.value.lines.isNotEmpty(), "whoever holds the open phone can destroy nothing")
        incident.erase(Rig.PASSPHRASE.toCharArray())
        rig.settle()
        assertTrue(wrong.all { it == '\u0000' })
        assertFalse(incident.state.value.canAmend)
        assertEquals(emptyList(), incident.state.value.lines)
        rig.app.back()
        val row = rig.on<Screen.List>().model.state.value.rows.single()
        assertTrue(row.faded)
        assertEquals(TextKey.INCIDENT_ERASED.text(), row.title)
    }

    @Test
    fun `words that were lost are told as lost, not as erased, and nothing can be added to them`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.app.lock()
        rig.settle()
        val log = File(rig.ports.vault, "log.db")
        val before = log.readBytes()
        rig.unlock()
        rig.write("первое")
        rig.app.lock()
        rig.settle()
        val after = log.readBytes()
        // One of the pages that it changed holds its words.
        val pages = (0 until after.size step PAGE).filter { at ->
            !Arrays.equals(before, at, minOf(at + PAGE, before.size), after, at, at + PAGE)
        }
        val saved = pages.firstNotNullOf { at ->
            log.writeBytes(after.copyOf().also { it[at + PAGE / 2] = (it[at + PAGE / 2] + 1).toByte() })
            saved(rig.ports.vault, File(folder, "saved-$at")).takeIf { it.holdsDamaged() }
        }
        rig.ports.vault.deleteRecursively()
        saved.copyRecursively(rig.ports.vault)
        rig.unlock()
        rig.app.back()
        val list = rig.on<Screen.List>().model
        val row = list.state.value.rows.single { it.faded }
        list.open(row.id)
        val shown = rig.on<Screen.Incident>().model.state.value
        assertEquals(listOf(TextKey.INCIDENT_LOST.text(1u)), shown.notices)
        assertFalse(shown.canAmend || shown.canWithdraw)
        assertTrue(shown.canErase)
        assertEquals(emptyList(), shown.lines)
    }

    @Test
    fun `the code of the log is the same until something is written, and belongs to this diary`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x")
        rig.app.openFingerprint()
        val model = rig.on<Screen.Fingerprint>().model
        val code = checkNotNull(model.state.value.code)
        model.editEarlier(code)
        model.check()
        rig.settle()
        assertEquals(TextKey.CODE_YES.text(), model.state.value.answer)
        model.editEarlier("что-то")
        model.check()
        rig.settle()
        assertEquals(TextKey.ERROR_CODE_LOG.text(), model.state.value.error)
        assertNull(model.state.value.answer)
        rig.app.back()
        rig.app.openSettings()
        val settings = rig.on<Screen.Settings>().model
        settings.check()
        rig.settle()
        assertEquals(TextKey.SETTINGS_SOUND.text(), settings.state.value.checked)
    }

    @Test
    fun `what a check finds is said in her language, entry by entry`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("x")
        rig.app.filesPicked(listOf(Picked("a.bin", ByteArray(9000) { 1 })))
        rig.on<Screen.Attach>().model.save()
        rig.on<Screen.Incident>()
        val stored = File(rig.ports.vault, "evidence").listFiles().orEmpty().single()
        stored.writeBytes(stored.readBytes().also { it[4000] = (it[4000] + 1).toByte() })
        rig.app.openSettings()
        val settings = rig.on<Screen.Settings>().model
        settings.check()
        rig.settle()
        assertEquals(TextKey.SETTINGS_NOT_SOUND.text(), settings.state.value.checked)
        val finding = settings.state.value.findings.single()
        assertEquals("Запись журнала 2", finding.label.inLanguage("ru"))
        assertEquals("Сақталған файл жазылған қалпында емес немесе ол жоқ.", finding.value.inLanguage("kk"))
    }

    @Test
    fun `a key file that goes bad while the diary is open is said as bad as it is`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        val header = File(rig.ports.vault, "header")
        val whole = header.readBytes()
        rig.app.openSettings()
        val settings = rig.on<Screen.Settings>().model
        for ((copies, said) in listOf(1 to TextKey.NOTICE_KEY_COPY, 2 to TextKey.NOTICE_KEY_LOST)) {
            val damaged = whole.copyOf()
            for (copy in 0 until copies) damaged[copy * whole.size / 2 + 100] = (whole[100] + 1).toByte()
            header.writeBytes(damaged)
            settings.check()
            rig.settle()
            assertEquals(said.text(), settings.state.value.findings.single().value)
        }
        header.writeBytes(whole)
    }

    @Test
    fun `every kind of finding of a vault is a calm sentence, and no English one of the library`() {
        val said = listOf("header", "cell", "index", "evidence-file", "something new").map {
            findingLine(Finding(it, FindingLevel.FAILURE, "12-k7q2", "a wrong link"), KeyFile.LOST)
                .run { label to value }
        }
        assertEquals(said.size, said.toSet().size)
        for ((label, value) in said) assertIs<Text.Of>(label).also { assertIs<Text.Of>(value) }
        assertEquals("Журналдағы 12-жазба", said[1].first.inLanguage("kk"))
        val keys = listOf(null, TextKey.NOTICE_KEY_FILE, TextKey.NOTICE_KEY_COPY, TextKey.NOTICE_KEY_LOST)
        assertEquals(keys, KeyFile.entries.map(::keyFileKey))
    }

    /** What can be saved of a damaged diary. */
    private fun saved(vault: File, folder: File): File = folder.also {
        lend(Rig.PASSPHRASE.toCharArray()) { salvage(vault.path, folder.path, it, SecretKind.PASSPHRASE, null) }
    }

    private fun File.holdsDamaged(): Boolean = exists() && openDiary(this, Rig.PASSPHRASE.toCharArray()).use { diary ->
        diary.list(ListQuery()).incidents.any { it.damaged }.also { diary.lock() }
    }

    private fun Rig.export(): ByteArray {
        app.openExport()
        val export = on<Screen.Export>().model
        export.chooseLanguage("kk")
        export.chooseFiles("all")
        export.chooseForm("plain")
        export.editAudience("Полиция")
        export.preview()
        settle()
        val preview = checkNotNull(export.state.value.preview)
        assertEquals("1 ішінен 1", preview.summary.first().value.inLanguage("kk"))
        assertEquals("Полиция", preview.summary.last().value.inLanguage("kk"))
        assertEquals(1, preview.files.size)
        export.accept()
        val place = Place()
        export.choosePlace(Rig.PASSPHRASE.toCharArray())
        settle()
        app.openedOwnPicker()
        app.onStopped()
        app.onStarted()
        app.targetChosen(place)
        settle()
        assertEquals(ExportState.Step.DONE, export.state.value.step)
        assertFalse(place.discarded)
        return place.written.toByteArray()
    }

    private companion object {
        const val PAGE = 4096
    }

    private fun verified(zip: File): Boolean {
        val diary = ProcessBuilder(System.getProperty("diary.command"), "verify", zip.path).redirectErrorStream(true)
        val process = diary.redirectOutput(File(zip.path + ".log")).start()
        check(process.waitFor(1, TimeUnit.MINUTES)) { "diary verify did not end" }
        return process.exitValue() == 0
    }
}
