package org.incidentdiary

import org.incidentdiary.core.Attachment
import org.incidentdiary.core.Cost
import org.incidentdiary.core.Diary
import org.incidentdiary.core.DiaryException
import org.incidentdiary.core.ExportSelection
import org.incidentdiary.core.FindingLevel
import org.incidentdiary.core.Harm
import org.incidentdiary.core.Incident
import org.incidentdiary.core.IncidentPatch
import org.incidentdiary.core.KeyFile
import org.incidentdiary.core.ListQuery
import org.incidentdiary.core.Occurred
import org.incidentdiary.core.Order
import org.incidentdiary.core.Originals
import org.incidentdiary.core.Person
import org.incidentdiary.core.Place
import org.incidentdiary.core.Refusal
import org.incidentdiary.core.Report
import org.incidentdiary.core.SchemaKind
import org.incidentdiary.core.TokenStatus
import org.incidentdiary.core.WithheldField
import org.incidentdiary.core.codeLists
import org.incidentdiary.core.labels
import org.incidentdiary.core.labelsToBeChecked
import org.incidentdiary.core.libraryVersion
import org.incidentdiary.core.renderBundle
import org.incidentdiary.core.schema
import org.incidentdiary.core.verifyBundle
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.TestInstance
import java.io.ByteArrayInputStream
import java.io.File
import java.io.InputStream
import java.security.MessageDigest
import java.util.concurrent.TimeUnit
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** Each function of the surface once, over one diary. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SurfaceTest {
    private val folder = scratch()
    private val diary: Diary = newDiary(File(folder, "vault"))
    private val code = diary.takeRecoveryCode()

    @AfterAll
    fun lock() = diary.lock()

    @Test
    fun `the recovery code is given out once`() {
        assertEquals(8, assertNotNull(code).split('-').size)
        assertNull(diary.takeRecoveryCode())
    }

    @Test
    fun `an incident with every field comes back as it went in`() {
        val recorded = diary.add(FULL)
        val detail = diary.show(recorded.id)
        assertEquals(FULL, detail.incident)
        assertEquals(recorded.recordedAt, detail.recordedAt)
        assertEquals(detail, diary.show("#${recorded.number}"))
        assertContains(diary.people().map { it.key }, "p1")
    }

    @Test
    fun `an amendment, a withdrawal and an erasure are told`() {
        val id = diary.add(FULL).id
        assertNull(diary.show(id).firstWritten)
        diary.amend(id, IncidentPatch(count = 35u, takenAway = listOf("place")), "вспомнила")
        val amended = diary.show(id)
        assertEquals(35u, amended.incident?.count)
        assertNull(amended.incident?.place)
        assertEquals(FULL, amended.firstWritten)
        diary.withdraw(id, "ошибка")
        assertTrue(diary.show(id).withdrawn)
        assertEquals(3u, diary.erase(id).entries)
        val erased = diary.show(id)
        assertTrue(erased.erased)
        assertNull(erased.incident)
        assertNull(erased.firstWritten)
        assertEquals(listOf("amendment", "withdrawal", "erasure"), erased.history.map { it.kind })
    }

    @Test
    fun `pages follow each other, search folds, filters choose`() {
        repeat(12) { diary.add(incident("страница $it", from = "2025-03-0${it % 9 + 1}")) }
        diary.add(incident("көшеде аңдып жүр", from = null))
        val first = diary.list(ListQuery(search = "страница", limit = 5u))
        assertEquals(5, first.incidents.size)
        val second = diary.list(ListQuery(search = "страница", limit = 200u, after = first.next))
        assertEquals(7, second.incidents.size)
        assertNull(second.next)
        assertEquals(1, diary.list(ListQuery(search = "АНДЫП ЖУР")).incidents.size)
        val march = diary.list(ListQuery(from = "2025-03-09", to = "2025-03-09"))
        assertEquals(listOf("страница 8"), march.incidents.map { it.title })
        assertTrue(march.unknownTime >= 1u)
        diary.add(FULL)
        assertTrue(diary.list(ListQuery(behaviour = "threat", person = "p1")).incidents.isNotEmpty())
    }

    @Test
    fun `a page of fifty holds fifty`() {
        repeat(51) { diary.add(incident("жол $it")) }
        assertEquals(50, diary.list(ListQuery(search = "жол")).incidents.size)
    }

    @Test
    fun `evidence by path and by chunks is the same file, and comes back bit for bit`() {
        val id = diary.add(incident()).id
        val bytes = ByteArray(300_001) { (it * 7).toByte() }
        val path = File(folder, "фото.bin").filled(bytes)
        val attachment = Attachment(how = "received", note = "заметка")
        val byPath = diary.attach(id, path.path, attachment, null)
        val seen = mutableListOf<ULong>()
        val byChunks = diary.attachStream(id, "a.bin", 1_790_000_000_000, attachment, ByteArrayInputStream(bytes)) {
            seen += it
            true
        }
        assertEquals(sha256(bytes.inputStream()), byPath.sha256)
        assertEquals(byPath.sha256, byChunks.sha256)
        assertTrue(byChunks.duplicate)
        assertEquals("фото.bin", byPath.name)
        assertEquals(listOf(262_144uL, 300_001uL), seen)
        val out = File(folder, "out.bin")
        diary.extract(byChunks.id, out.path, null)
        assertContentEquals(bytes, out.readBytes())
        val looked = ItemStream(diary, byPath.id)
        assertContentEquals(bytes, looked.use { it.readBytes() })
        assertEquals(-1, looked.read(), "nothing after it was closed")
        val none = ItemStream(diary, id)
        assertEquals(-1, none.read(ByteArray(9)))
        assertIs<DiaryException.NotAnItem>(none.failure)
        diary.erase(byPath.id)
        assertEquals(listOf(byChunks.id), diary.show(id).evidence.map { it.id })
    }

    @Test
    fun `64 MiB of evidence by chunks`() {
        val id = diary.add(incident()).id
        val bytes = 64L shl 20
        val item = diary.attachStream(id, "video.mp4", null, Attachment(), Counting(bytes))
        assertEquals(bytes.toULong(), item.bytes)
        assertEquals(sha256(Counting(bytes)), item.sha256)
    }

    @Test
    fun `drafts are kept and forgotten`() {
        assertNull(diary.draftText("new"))
        diary.saveDraft("new", "Қазақша 🐈")
        assertEquals("Қазақша 🐈", diary.draftText("new"))
        diary.discardDraft("new")
        assertNull(diary.draftText("new"))
    }

    @Test
    fun `a bundle holds what the preview said, and diary verify finds it sound`() {
        val shown = diary.add(FULL)
        val hidden = diary.add(incident("останется"))
        val photo = File("../../../samples").walk().first { it.extension == "jpg" }
        diary.attach(shown.id, photo.path, Attachment(how = "taken_in_app"), null)
        val selection = ExportSelection(
            language = "kk",
            originals = Originals.All,
            incidents = listOf(shown.id),
            withhold = listOf(WithheldField("people[0].contact")),
            audience = "Полиция",
        )
        val preview = diary.preview(selection)
        assertEquals(listOf(shown.id), preview.incidents.map { it.id })
        assertEquals(listOf("people[0].contact"), preview.incidents.single().withheld)
        assertTrue(preview.files.any { it.path.endsWith(".jpg") })
        val code = diary.fingerprint()
        val zip = File(folder, "bundle.zip")
        var told = 0
        val bundle = diary.export(selection, zip, PASSPHRASE.toCharArray()) { _, _ -> (++told).let { true } }
        assertTrue(told > 0)
        assertEquals(sha256(zip.inputStream()), bundle.sha256)
        assertEquals(1uL, bundle.incidents)
        val verdict = verifyBundle(zip.path, code, null)
        assertTrue(verdict.sound && verdict.anchored)
        assertEquals(emptyList(), verdict.findings.filter { it.level == FindingLevel.FAILURE })
        assertContains(verdict.covered, shown.id)
        assertFalse(hidden.id in verdict.covered, "what is not in the bundle is not named either")
        assertTrue(diary.isAncestor(code))
        assertTrue(passes(System.getProperty("diary.command"), "verify", zip.path))
        val reports = assertNotNull(renderBundle(zip.path, null))
        assertEquals(setOf("incidents.csv", "report.html", "report.pdf"), reports.keys)
    }

    @Test
    fun `a check finds nothing, and the token notices an old copy`() {
        assertTrue(diary.check(null).sound)
        assertEquals(KeyFile.WHOLE, diary.keyFile())
        assertEquals(32, diary.containerId().length)
        val before = diary.newToken(ByteArray(0))
        diary.add(incident())
        diary.rest()
        assertEquals(TokenStatus.NEWER, diary.tokenStatus(before))
        assertEquals(TokenStatus.EQUAL, diary.tokenStatus(diary.newToken(before)))
        assertEquals(TokenStatus.UNKNOWN, diary.tokenStatus(ByteArray(3)))
    }

    @Test
    fun `lists, labels and schemas of the library`() {
        assertContains(codeLists().map { it.name }, "people.role")
        assertContains(labelsToBeChecked(), "behaviours.spying")
        for (language in listOf("kk", "ru", "en")) {
            val labels = labels(language)
            val missing = codeLists().flatMap { list -> list.codes.map { "${list.name}.$it" } }.filter { it !in labels }
            assertEquals(emptyList(), missing, language)
            assertEquals(emptyList(), labelsToBeChecked().filter { it !in labels }, language)
        }
        for (kind in SchemaKind.entries) assertContains(schema(kind), "2020-12")
        assertTrue(libraryVersion().isNotEmpty())
    }

    @Test
    fun `opening, recovering and changing the passphrase`() {
        val vault = File(folder, "second")
        val recovery = newDiary(vault).use { assertNotNull(it.takeRecoveryCode()).also { _ -> it.lock() } }
        openDiary(vault, PASSPHRASE.toCharArray()).use {
            it.changePassphrase(PASSPHRASE.toCharArray(), "жаңа құпия сөйлем осы жерде".toCharArray())
            it.lock()
            assertTrue(it.isLocked())
        }
        recoverDiary(vault, recovery.lowercase().toCharArray(), PASSPHRASE.toCharArray(), replaceCode = true).use {
            assertNotNull(it.takeRecoveryCode())
            it.confirm(PASSPHRASE.toCharArray())
            it.lock()
        }
    }

    private fun passes(vararg command: String): Boolean {
        val process = ProcessBuilder(*command).redirectErrorStream(true).redirectOutput(File(folder, "log")).start()
        check(process.waitFor(1, TimeUnit.MINUTES)) { "it did not end" }
        return process.exitValue() == 0
    }

    private companion object {
        val FULL = Incident(
            occurred = Occurred("2026-10-03T21:15+05:00", "2026-10-03T22:00+05:00", "about", "жаңалықтардан кейін"),
            narrative = "Ол тағы да кіреберісте күтіп тұрды 🐈.\nЖүрегім зырқ етті.",
            verbatim = listOf("«Всё равно найду»"),
            place = Place("home", "подъезд, 2-й этаж", "43.238", "76.945"),
            behaviours = listOf("waiting", "threat"),
            channels = listOf("in_person", "whatsapp"),
            count = 34u,
            shownAs = listOf("+7 700 000 00 00", "@user"),
            people = listOf(Person("perpetrator", "p1", "А.", "ex_partner", "высокий", "седан", "+7", "n")),
            childrenPresent = "no",
            refusal = Refusal("2026-09-01", "message", "Не пиши мне"),
            afterRefusal = "yes",
            harm = Harm(listOf("fear", "sleep"), "не сплю", Cost("15000", "KZT"), listOf("поликлиника")),
            response = listOf("blocked", "called_police"),
            danger = listOf("weapon"),
            reports = listOf(Report("police", "2026-10-04", "КУИ 000", "o", "refused", "w")),
            orders = listOf(Order("protective_order", "1", "2026-09-10", "2026-10-10", "yes")),
            privateNote = "только здесь",
        )
    }
}

/** So many bytes that are no pattern, without holding them. */
internal class Counting(private var left: Long) : InputStream() {
    private var state = 1L

    override fun read(): Int = error("read by chunks")

    override fun read(b: ByteArray, off: Int, len: Int): Int {
        if (left == 0L) return -1
        val count = minOf(left, len.toLong()).toInt()
        for (i in off until off + count) {
            state = state * 6_364_136_223_846_793_005L + 1_442_695_040_888_963_407L
            b[i] = (state ushr 56).toByte()
        }
        left -= count
        return count
    }
}

internal fun sha256(stream: InputStream): String {
    val digest = MessageDigest.getInstance("SHA-256")
    val chunk = ByteArray(1 shl 16)
    while (true) {
        val count = stream.read(chunk, 0, chunk.size)
        if (count < 0) break
        digest.update(chunk, 0, count)
    }
    return digest.digest().joinToString("") { "%02x".format(it) }
}
