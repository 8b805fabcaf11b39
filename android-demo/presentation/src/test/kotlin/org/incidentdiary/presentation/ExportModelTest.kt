package org.incidentdiary.presentation

import app.cash.turbine.test
import kotlinx.coroutines.test.runTest
import org.incidentdiary.presentation.ExportState.Step
import org.junit.jupiter.api.io.TempDir
import java.io.File
import java.time.LocalDate
import java.util.zip.ZipInputStream
import javax.crypto.SecretKeyFactory
import javax.crypto.spec.PBEKeySpec
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

class ExportModelTest {
    @TempDir
    lateinit var folder: File

    @Test
    fun `nothing leaves without the passphrase, and a wrong one is told before a place is asked for`() = runTest {
        val (rig, export) = previewed()
        export.accept()
        val typed = "не та фраза вовсе нет".toCharArray()
        export.choosePlace(typed)
        rig.settle()
        assertEquals(TextKey.ERROR_PASSPHRASE_WRONG.text(), export.state.value.error)
        assertEquals(Step.PASSPHRASE, export.state.value.step)
        assertTrue(typed.all { it == '\u0000' })
        rig.app.effects.test { expectNoEvents() }
    }

    @Test
    fun `a place that takes nothing gets nothing, and she can choose another`() = runTest {
        val (rig, export) = previewed()
        export.accept()
        val refused = Place(fails = true)
        export.choosePlace(Rig.PASSPHRASE.toCharArray())
        rig.settle()
        rig.app.targetChosen(refused)
        rig.settle()
        assertTrue(refused.discarded)
        assertEquals(Step.PREVIEW, export.state.value.step)
        assertEquals(TextKey.ERROR_TARGET.text(), export.state.value.error)
        assertEquals(emptyList(), rig.ports.scratch.list().orEmpty().toList())
    }

    @Test
    fun `thinking better of it, a lock and a late place write nothing`() = runTest {
        val (rig, export) = previewed()
        export.accept()
        export.choosePlace(Rig.PASSPHRASE.toCharArray())
        rig.settle()
        rig.app.targetChosen(null)
        rig.settle()
        val late = Place()
        rig.app.targetChosen(late)
        rig.settle()
        assertTrue(late.discarded)
        assertEquals(Step.PASSPHRASE, export.state.value.step)

        export.choosePlace(Rig.PASSPHRASE.toCharArray())
        rig.settle()
        rig.app.lock()
        val afterwards = Place()
        rig.app.targetChosen(afterwards)
        rig.settle()
        assertTrue(afterwards.discarded)
        assertEquals(0, afterwards.written.size())
        assertIs<Screen.Lock>(rig.app.screen.value)
    }

    @Test
    fun `what she leaves out is not in it and is counted`() = runTest {
        val (rig, export) = previewed()
        val first = assertNotNull(export.state.value.preview).incidents.first()
        export.toggleIncident(first.id)
        rig.settle()
        val preview = assertNotNull(export.state.value.preview)
        assertEquals(listOf(true, false), preview.incidents.map { it.included })
        assertEquals("1 из 2", preview.summary.first().value.inLanguage("ru"))
        assertEquals("1", preview.summary[1].value.inLanguage("ru"))
        export.toggleIncident(first.id)
        rig.settle()
        assertEquals(2, assertNotNull(export.state.value.preview).incidents.size)
    }

    @Test
    fun `what is exported is what was previewed, whatever is touched meanwhile`() = runTest {
        val (rig, export) = previewed()
        val (first, second) = assertNotNull(export.state.value.preview).incidents.map { it.id }
        export.toggleIncident(first)
        export.toggleIncident(second)
        export.chooseFrom(LocalDate.of(2199, 1, 1))
        export.chooseLanguage("en")
        export.chooseFiles("all")
        rig.settle()
        val shown = assertNotNull(export.state.value.preview).incidents
        assertEquals(listOf(second), shown.filter { it.included }.map { it.id })
        assertFalse(export.state.value.filter.active)
        val chosen = export.state.value.run { languages + files }.filter { it.chosen }.map { it.code }
        assertEquals(listOf("ru", "copies"), chosen)

        export.accept()
        export.choosePlace(Rig.PASSPHRASE.toCharArray())
        rig.settle()
        val place = Place()
        rig.app.targetChosen(place)
        rig.settle()
        assertEquals(Step.DONE, export.state.value.step)
        assertEquals("1 из 2", export.state.value.result.first().value.inLanguage("ru"))
    }

    @Test
    fun `going back ends what runs, and it does not bring her forward again`() = runTest {
        val (rig, export) = previewed()
        export.toggleIncident(assertNotNull(export.state.value.preview).incidents.first().id)
        assertTrue(rig.app.back())
        rig.settle()
        assertEquals(Step.SELECT, export.state.value.step)
        assertNull(export.state.value.preview)
        export.preview()
        rig.settle()
        export.accept()
        val typed = Rig.PASSPHRASE.toCharArray()
        export.choosePlace(typed)
        assertTrue(rig.app.back())
        rig.settle()
        assertEquals(Step.PREVIEW, export.state.value.step)
        assertFalse(export.state.value.busy)
        assertTrue(typed.all { it == '\u0000' })
        rig.app.effects.test { expectNoEvents() }
    }

    @Test
    fun `a passphrase is wiped also when the diary is locked before anything was done with it`() = runTest {
        val (rig, export) = previewed()
        export.accept()
        val typed = Rig.PASSPHRASE.toCharArray()
        export.choosePlace(typed)
        rig.app.lock()
        rig.settle()
        assertTrue(typed.all { it == '\u0000' })
    }

    @Test
    fun `stopping the work leaves nothing behind, and she can choose another place`() = runTest {
        val (rig, export) = previewed()
        export.accept()
        export.choosePlace(Rig.PASSPHRASE.toCharArray())
        rig.settle()
        val place = Place()
        rig.app.targetChosen(place)
        export.stop()
        rig.settle()
        assertEquals(Step.PREVIEW, export.state.value.step)
        assertEquals(TextKey.ERROR_STOPPED.text(), export.state.value.error)
        assertTrue(place.discarded)
        assertEquals(0, place.written.size())
        assertEquals(emptyList(), rig.ports.scratch.list().orEmpty().toList())
    }

    @Test
    fun `a choice that fits nothing is said, and back leads through the steps`() = runTest {
        val (rig, export) = previewed()
        assertTrue(rig.app.back())
        assertEquals(Step.SELECT, export.state.value.step)
        export.chooseFrom(LocalDate.of(1999, 1, 1))
        export.chooseTo(LocalDate.of(1999, 1, 2))
        export.preview()
        rig.settle()
        assertEquals(TextKey.ERROR_SELECTION.text(), export.state.value.error)
        assertFalse(export.state.value.busy)
        assertTrue(rig.app.back())
        assertIs<Screen.List>(rig.app.screen.value)
    }

    @Test
    fun `what she chose outlives a lock and the process, and going back throws it away`() = runTest {
        val (rig, export) = previewed()
        rig.app.back()
        export.chooseFrom(LocalDate.of(2026, 10, 1))
        export.chooseBehaviour("calls")
        export.chooseLanguage("kk")
        export.chooseFiles("none")
        export.chooseForm("age")
        export.editRecipients("age1x")
        export.chooseWithheld("people")
        export.editAudience("полиция\tи суд\nх")
        rig.app.onStopped()
        rig.settle()
        assertFalse(rig.app.savedIds().toString().contains("полиция") || "полиция" in rig.settings.values.toString())

        val next = Rig(this, folder, rig.app.savedIds(), rig.settings)
        next.unlock()
        val again = next.on<Screen.Export>().model
        again.state.value.run {
            assertEquals("полиция\tи суд\nх", audience)
            assertEquals(LocalDate.of(2026, 10, 1), filter.from)
            val chosen = languages + files + forms + withheld + filter.behaviours
            assertEquals(listOf("kk", "none", "age", "people", "calls"), chosen.filter { it.chosen }.map { it.code })
            assertEquals("age1x", recipients)
        }
        next.app.back()
        next.app.openExport()
        assertEquals("", next.on<Screen.Export>().model.state.value.audience)
    }

    @Test
    fun `what she chose is kept behind the picker too, and gone when it was handed over`() = runTest {
        val (rig, export) = previewed()
        export.editAudience("полиция")
        export.accept()
        export.choosePlace(Rig.PASSPHRASE.toCharArray())
        rig.settle()

        fun bytes() = rig.ports.vault.listFiles { file -> file.name.startsWith("log.db") }.orEmpty()
            .associate { it.name to it.readBytes().contentHashCode() }
        val before = bytes()
        rig.app.openedOwnPicker()
        rig.app.onStopped()
        rig.settle()
        assertTrue(before != bytes(), "the process may be ended now")
        rig.app.onStarted()
        rig.app.targetChosen(Place())
        rig.settle()
        assertEquals(Step.DONE, export.state.value.step)
        rig.app.lock()
        rig.settle()
        rig.unlock()
        assertEquals("", rig.on<Screen.Export>().model.state.value.audience)
    }

    @Test
    fun `a look that is stopped, or fails, changes nothing`() = runTest {
        val (rig, export) = previewed()
        val shown = assertNotNull(export.state.value.preview)
        export.toggleIncident(shown.incidents.first().id)
        assertTrue(export.state.value.busy)
        export.stop()
        assertFalse(export.state.value.busy)
        rig.settle()
        assertEquals(TextKey.ERROR_STOPPED.text(), export.state.value.error)
        assertEquals(shown, export.state.value.preview)
        for (row in shown.incidents) {
            export.toggleIncident(row.id)
            rig.settle()
        }
        // The last one cannot go: then nothing would leave.
        assertEquals(TextKey.ERROR_SELECTION.text(), export.state.value.error)
        assertEquals(listOf(true, false), assertNotNull(export.state.value.preview).incidents.map { it.included })
        export.accept()
        assertEquals(Step.PASSPHRASE, export.state.value.step)
    }

    @Test
    fun `a picture leaves as a copy that knows no place and no device, unless she chooses the original`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("сурет")
        val photo = File("../../samples/evidence/IMG_20260421_183012.jpg").readBytes()
        assertTrue(EXIF in photo.text())
        rig.app.filesPicked(listOf(Picked("door.jpg", photo), Picked("a.bin", ByteArray(50) { 7 })))
        rig.on<Screen.Attach>().model.save()
        rig.on<Screen.Incident>()
        rig.app.back()
        rig.app.openExport()
        val export = rig.on<Screen.Export>().model
        assertEquals(listOf("copies"), export.state.value.files.filter { it.chosen }.map { it.code })
        val usual = exported(rig, export)
        assertEquals(setOf("a-01.copy.jpg", "a-01.note.txt", "a-02.note.txt"), usual.keys)
        val copy = usual.getValue("a-01.copy.jpg")
        assertEquals("ffd8", copy.copyOf(2).joinToString("") { "%02x".format(it) })
        assertFalse(EXIF in copy.text())

        rig.app.back()
        rig.app.openExport()
        val again = rig.on<Screen.Export>().model
        again.chooseFiles("all")
        val originals = exported(rig, again)
        assertEquals(setOf("a-01.jpg", "a-02.bin"), originals.keys)
        assertContentEquals(photo, originals.getValue("a-01.jpg"))

        rig.app.back()
        rig.app.openExport()
        val none = rig.on<Screen.Export>().model
        none.chooseFiles("none")
        assertEquals(setOf("a-01.note.txt", "a-02.note.txt"), exported(rig, none).keys)
    }

    @Test
    fun `she chooses for each file, and sees what leaves of it`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("сурет")
        val photo = File("../../samples/evidence/IMG_20260421_183012.jpg").readBytes()
        val files = listOf(Picked("a.jpg", photo), Picked("b.jpg", photo + 0), Picked("c.txt", "сөз".toByteArray()))
        rig.app.filesPicked(files)
        rig.on<Screen.Attach>().model.save()
        rig.on<Screen.Incident>()
        rig.app.back()
        rig.app.openExport()
        val export = rig.on<Screen.Export>().model
        export.chooseForm("plain")
        export.preview()
        rig.settle()
        fun rows() = assertNotNull(export.state.value.preview).files
        fun leaving() = rows().map { (it.leaving as Text.Of).key }
        assertEquals(listOf(TextKey.LEAVING_COPY, TextKey.LEAVING_COPY, TextKey.LEAVING_NO_COPY), leaving())
        for (row in listOf(rows()[1], rows()[2], rows()[0], rows()[0])) {
            export.toggleOriginal(row.id)
            rig.settle()
        }
        assertEquals(listOf(TextKey.LEAVING_COPY, TextKey.LEAVING_ORIGINAL, TextKey.LEAVING_ORIGINAL), leaving())
        assertEquals(listOf(false, true, true), rows().map { it.original })
        val left = exported(rig, export)
        assertEquals(setOf("a-01.copy.jpg", "a-01.note.txt", "a-02.jpg", "a-03.txt"), left.keys)
        assertContentEquals(photo + 0, left.getValue("a-02.jpg"))

        rig.app.back()
        rig.app.openExport()
        val all = rig.on<Screen.Export>().model
        all.chooseFiles("all")
        all.chooseForm("plain")
        all.preview()
        rig.settle()
        all.toggleOriginal(assertNotNull(all.state.value.preview).files.first().id)
        rig.settle()
        assertEquals(left.keys, exported(rig, all).keys)
    }

    @Test
    fun `an incident is left out with the file that was to leave as it is, and comes in again with it`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("first")
        rig.app.back()
        rig.write("second")
        rig.app.filesPicked(listOf(Picked("a.txt", "a".toByteArray())))
        rig.on<Screen.Attach>().model.save()
        rig.on<Screen.Incident>()
        rig.app.back()
        for (files in listOf("copies", "all")) {
            rig.app.openExport()
            val export = rig.on<Screen.Export>().model
            export.chooseFiles(files)
            export.preview()
            rig.settle()
            fun shown() = assertNotNull(export.state.value.preview)
            val file = shown().files.single()
            val wanted = files != "all"
            assertEquals(!wanted, file.original)
            export.toggleOriginal(file.id)
            rig.settle()
            assertEquals(wanted, shown().files.single().original)
            val id = shown().incidents.single { it.number == TextKey.LIST_NUMBER.text(2u) }.id
            export.toggleIncident(id)
            rig.settle()
            assertNull(export.state.value.error)
            assertEquals(emptyList(), shown().files)
            export.toggleIncident(id)
            rig.settle()
            assertNull(export.state.value.error)
            assertEquals(wanted, shown().files.single().original)
            rig.app.back()
            rig.app.back()
        }
    }

    /** Whether a password fits, by what a reader checks first (WinZip AE-2: 16 bytes of salt, 2 to compare). */
    private fun opens(password: String, zip: ByteArray): Boolean {
        val short = { at: Int -> (zip[at].toInt() and 0xff) or (zip[at + 1].toInt() and 0xff shl 8) }
        val at = 30 + short(26) + short(28)
        val spec = PBEKeySpec(password.toCharArray(), zip.copyOfRange(at, at + 16), 1_000, 8 * 66)
        val keys = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA1").generateSecret(spec).encoded
        return keys.copyOfRange(64, 66).contentEquals(zip.copyOfRange(at + 16, at + 18))
    }

    @Test
    fun `it leaves in the form that she chose, and its password is shown once`() = runTest {
        val (rig, export) = previewed()
        val zip = handedOver(rig, export)
        assertEquals("PK", zip.copyOf(2).text())
        assertTrue("bundle.zip" in zip.text())
        assertEquals(1, zip[6].toInt() and 1, "encrypted")
        val groups = export.state.value.opener
        assertEquals(listOf(4, 4, 4, 4), groups.map { it.length })
        assertTrue(opens(groups.joinToString("-"), zip), "as it is shown, with the hyphens between the groups")
        assertFalse(groups.first() in export.state.value.toString())
        rig.app.lock()
        rig.settle()
        assertEquals(emptyList(), export.state.value.opener, "it is gone with the screen")
        rig.unlock()

        rig.app.back()
        rig.app.openExport()
        val age = rig.on<Screen.Export>().model
        age.chooseForm("age")
        for (typed in listOf("", "age1x", "$KEY age1x")) {
            age.editRecipients(typed)
            age.preview()
            rig.settle()
            assertEquals(TextKey.ERROR_RECIPIENT.text(), age.state.value.error)
            assertEquals(Step.SELECT, age.state.value.step)
        }
        age.editRecipients(" $KEY\n")
        age.preview()
        rig.settle()
        assertTrue(handedOver(rig, age).text().startsWith("age-encryption.org/v1\n"))
        assertEquals(emptyList(), age.state.value.opener)

        rig.app.back()
        rig.app.openExport()
        val report = rig.on<Screen.Export>().model
        report.chooseForm("report")
        report.chooseFiles("all")
        report.preview()
        rig.settle()
        assertTrue(handedOver(rig, report).text().startsWith("%PDF-"))
        assertEquals(emptyList(), rig.ports.scratch.list().orEmpty().toList())
    }

    @Test
    fun `what she keeps back is named and not in the bundle`() = runTest {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("слова") { it.edit("place.text", "укрытие") }
        rig.app.back()
        rig.app.openExport()
        val export = rig.on<Screen.Export>().model
        export.chooseForm("plain")
        export.chooseWithheld("place")
        export.preview()
        rig.settle()
        val row = assertNotNull(export.state.value.preview).incidents.single()
        assertEquals("Скрыто: Место", row.leavesOut.inLanguage("ru"))
        val zip = handedOver(rig, export)
        ZipInputStream(zip.inputStream()).use { all ->
            for (entry in generateSequence { all.nextEntry }) {
                val text = all.readBytes().decodeToString()
                assertFalse("укрытие" in text, entry.name)
            }
        }
    }

    /** What she gets of what was previewed. */
    private fun handedOver(rig: Rig, export: ExportModel): ByteArray {
        export.accept()
        export.choosePlace(Rig.PASSPHRASE.toCharArray())
        rig.settle()
        val place = Place()
        rig.app.targetChosen(place)
        rig.settle()
        assertEquals(Step.DONE, export.state.value.step, export.state.value.error.inLanguage("en"))
        return place.written.toByteArray()
    }

    /** The evidence files of a bundle by name; they are those of its preview. */
    private fun exported(rig: Rig, export: ExportModel): Map<String, ByteArray> {
        if (export.state.value.step == Step.SELECT) {
            export.chooseForm("plain")
            export.preview()
        }
        rig.settle()
        val previewed = assertNotNull(export.state.value.preview).files.map { (it.leaving as Text.Of).key }
        export.accept()
        export.choosePlace(Rig.PASSPHRASE.toCharArray())
        rig.settle()
        val place = Place()
        rig.app.targetChosen(place)
        rig.settle()
        assertEquals(Step.DONE, export.state.value.step, export.state.value.error.inLanguage("en"))
        val files = mutableMapOf<String, ByteArray>()
        ZipInputStream(place.written.toByteArray().inputStream()).use { zip ->
            for (entry in generateSequence { zip.nextEntry }) {
                if ("/evidence/" in entry.name) files[entry.name.substringAfter("/evidence/")] = zip.readBytes()
            }
        }
        val left = files.keys.groupBy { it.substringBefore('.') }.toSortedMap().values.map { of ->
            when {
                of.any { ".copy." in it } -> setOf(TextKey.LEAVING_COPY)
                of.any { "note" !in it } -> setOf(TextKey.LEAVING_ORIGINAL)
                else -> setOf(TextKey.LEAVING_HASH, TextKey.LEAVING_NO_COPY)
            }
        }
        assertEquals(previewed.size, left.size)
        for ((said, did) in previewed zip left) assertTrue(said in did, "$previewed, $left")
        return files
    }

    private fun ByteArray.text() = toString(Charsets.ISO_8859_1)

    private companion object {
        const val EXIF = "Exif"
        const val KEY = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
    }

    private fun kotlinx.coroutines.test.TestScope.previewed(): Pair<Rig, ExportModel> {
        val rig = Rig(this, folder)
        rig.firstStart()
        rig.write("бірінші")
        rig.app.back()
        rig.write("екінші")
        rig.app.back()
        rig.app.openExport()
        val export = rig.on<Screen.Export>().model
        export.preview()
        rig.settle()
        assertEquals(2, assertNotNull(export.state.value.preview).incidents.size)
        return rig to export
    }
}
