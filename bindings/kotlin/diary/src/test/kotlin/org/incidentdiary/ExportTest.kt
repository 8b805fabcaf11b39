package org.incidentdiary

import org.incidentdiary.core.Attachment
import org.incidentdiary.core.CoveredPart
import org.incidentdiary.core.Diary
import org.incidentdiary.core.DiaryException
import org.incidentdiary.core.ExportSelection
import org.incidentdiary.core.Leaving
import org.incidentdiary.core.NoCopy
import org.incidentdiary.core.OffClock
import org.incidentdiary.core.Originals
import org.incidentdiary.core.StampProblem
import org.incidentdiary.core.knownOfTime
import org.incidentdiary.core.proposePassphrase
import org.incidentdiary.core.verifyBundle
import java.awt.Color
import java.awt.image.BufferedImage
import java.io.File
import java.util.zip.ZipFile
import javax.imageio.ImageIO
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNotEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** What leaves: the preview of each file, covered parts, the report alone, bundles encrypted for the way, time stamps. */
class ExportTest {
    private val folder = scratch()
    private val diary: Diary = newDiary(File(folder, "vault"))
    private val code = assertNotNull(diary.takeRecoveryCode())
    private val incident = diary.add(incident()).id
    private val picture = attach(File(folder, "a.png").also { ImageIO.write(white(), "png", it) })
    private val note = attach(File(folder, "a.txt").apply { writeText("A") })

    @Test
    fun `the preview says what leaves of each file, and a covered part is black`() {
        val copies = ExportSelection("kk", Originals.HashesOnly, copies = true)
        val preview = diary.preview(copies)
        assertEquals(listOf(picture, note), preview.evidence.map { it.item })
        assertEquals(listOf(Leaving.Copy(0uL), Leaving.HashOnly(NoCopy.Kind)), preview.evidence.map { it.leaving })

        // A covered picture leaves as a copy, also where originals were asked for.
        val covered = ExportSelection("kk", Originals.All, covers = listOf(CoveredPart(picture, 2u, 2u, 5u, 5u)))
        val leaving = diary.preview(covered).evidence.map { it.leaving }
        assertEquals(listOf(Leaving.Copy(1uL), Leaving.Original), leaving)
        val zip = File(folder, "covered.zip")
        diary.export(covered, zip, PASSPHRASE.toCharArray())
        assertTrue(verifyBundle(zip.path, null, null).sound)
        val image = ZipFile(zip).use { bundle ->
            val copy = bundle.entries().toList().single { it.name.endsWith(".copy.png") }
            ImageIO.read(bundle.getInputStream(copy))
        }
        for (x in 0 until SIZE) {
            for (y in 0 until SIZE) {
                val expected = if (x in 2..6 && y in 2..6) Color.BLACK else Color.WHITE
                assertEquals(expected, Color(image.getRGB(x, y)), "$x, $y")
            }
        }
        val outside = copies.copy(covers = listOf(CoveredPart(picture, 99u, 0u, 5u, 5u)))
        assertEquals(Leaving.HashOnly(NoCopy.Outside), diary.preview(outside).evidence.first().leaving)
        val nothing = copies.copy(covers = listOf(CoveredPart(incident, 0u, 0u, 5u, 5u)))
        assertFailsWith<DiaryException.NotAnItem> { diary.preview(nothing) }
        diary.lock()
    }

    @Test
    fun `the report alone is one file`() {
        val selection = ExportSelection("ru", Originals.HashesOnly)
        val file = File(folder, "report.pdf")
        val stop = { _: ULong, _: ULong -> false }
        assertFailsWith<DiaryException.Cancelled> { diary.previewReport(selection, listener(stop)) }
        assertFailsWith<DiaryException.Cancelled> {
            diary.exportReport(selection, file, PASSPHRASE.toCharArray(), stop)
        }
        assertFalse(file.exists())
        val told = diary.previewReport(selection).files
        val typed = PASSPHRASE.toCharArray()
        val made = diary.exportReport(selection, file, typed)
        assertTrue(typed.all { it == '\u0000' })
        assertTrue(made.onPaper)
        assertEquals(listOf("report.pdf"), told.map { it.path })
        assertEquals(file.length().toULong(), made.bytes)
        assertEquals("%PDF-", file.readBytes().decodeToString(0, 5))
        assertFailsWith<DiaryException.TargetExists> { diary.exportReport(selection, file, PASSPHRASE.toCharArray()) }
        diary.lock()
    }

    /** The tests in tests/bindings open such files with age and 7-Zip. */
    @Test
    fun `a bundle is encrypted for the way, and nothing of it is seen from outside`() {
        val selection = ExportSelection("ru", Originals.HashesOnly)
        val files = List(3) { File(folder, "sealed$it") }
        diary.exportToRecipients(selection, files[0], listOf(RECIPIENT), PASSPHRASE.toCharArray())
        val given = GIVEN.toCharArray()
        diary.exportWithPassphrase(selection, files[1], given, PASSPHRASE.toCharArray())
        assertTrue(given.all { it == '\u0000' })
        val other = diary.exportAsZip(selection, File(folder, "other"), PASSPHRASE.toCharArray())
        diary.exportAsZip(selection, files[2], PASSPHRASE.toCharArray()).use { zip ->
            val made = assertNotNull(zip.takePassphrase())
            assertEquals(19, made.length)
            assertNull(zip.takePassphrase(), "given once")
            assertEquals(files[2].length().toULong(), zip.file().bytes)
            assertFalse(made in "$zip${zip.file()}", "nothing prints it")
            assertNotEquals(made, assertNotNull(other.takePassphrase()), "each belongs to its own file")
        }
        other.close()
        val heads = listOf("age-encryption.org/v1\n-> X25519 ", "age-encryption.org/v1\n-> scrypt ", "PK")
        for ((file, head) in files.zip(heads)) {
            val bytes = file.readBytes()
            assertContentEquals(head.encodeToByteArray(), bytes.copyOf(head.length))
            assertFalse("incidents.json" in bytes.toString(Charsets.ISO_8859_1))
        }
        val no = File(folder, "no")
        for (recipients in listOf(emptyList(), List(65) { RECIPIENT })) {
            assertFailsWith<DiaryException.RecipientCount> {
                diary.exportToRecipients(selection, no, recipients, PASSPHRASE.toCharArray())
            }
        }
        assertFailsWith<DiaryException.PassphraseInUse> {
            diary.exportWithPassphrase(selection, no, PASSPHRASE.toCharArray(), PASSPHRASE.toCharArray())
        }
        assertFailsWith<DiaryException.PassphraseWeak> {
            diary.exportWithPassphrase(selection, no, "1234".toCharArray(), PASSPHRASE.toCharArray())
        }
        assertFailsWith<DiaryException.Cancelled> {
            diary.exportAsZip(selection.copy(originals = Originals.All), no, PASSPHRASE.toCharArray()) { _, _ -> false }
        }
        assertFailsWith<DiaryException.WrongPassphrase> { diary.exportAsZip(selection, no, GIVEN.toCharArray()) }
        assertFalse(no.exists())
        diary.lock()
    }

    /** Answers that are kept are made with OpenSSL in tests/bindings. */
    @Test
    fun `a time stamp is asked for, and what is no answer is not kept`() {
        val request = diary.stampRequest()
        assertEquals(69, request.size)
        assertContentEquals(request, diary.stampRequest())
        val before = diary.fingerprint()
        for ((answer, problem) in listOf(
            "<html>502</html>".encodeToByteArray() to StampProblem.NotAnAnswer,
            ByteArray(64_001) to StampProblem.TooLarge,
            request to StampProblem.NotAnAnswer,
            ByteArray(0) to StampProblem.NotAnAnswer,
        )) {
            val error = assertFailsWith<DiaryException.TimeStamp> { diary.acceptStamp(answer, null, OffClock.KEEP) }
            assertEquals(problem, error.problem)
        }
        assertEquals(before, diary.fingerprint(), "nothing was recorded")
        diary.lock()
        assertFailsWith<DiaryException.Locked> { diary.stampRequest() }
    }

    @Test
    fun `what is made to be shown`() {
        for (language in listOf("kk", "ru", "en")) {
            val typed = code.lowercase().toCharArray()
            val page = recoverySheet(typed, language)
            assertTrue(typed.all { it == '\u0000' })
            assertEquals("%PDF-", page.decodeToString(0, 5))
            assertTrue(recoverySheet(code.toCharArray(), language, camera = true).size > page.size)
            val words = proposePassphrase(language)
            assertEquals(5, words.split(' ').size)
            assertNull(weakness(words.toCharArray()))
        }
        assertNotNull(weakness("1234".toCharArray()))
        assertFailsWith<DiaryException.RecoveryCodeForm> { recoverySheet("ABCD".toCharArray(), "ru") }
        assertFailsWith<DiaryException.UnknownLanguage> { recoverySheet(code.toCharArray(), "de") }
        val time = "2026-10-03T21:15+05:00"
        assertEquals("2026-10-01", knownOfTime(time, "month"))
        assertNull(knownOfTime(time, "unknown"))
        assertEquals("yesterday", knownOfTime("yesterday", "day"))
        diary.lock()
    }

    private fun attach(file: File): String = diary.attach(incident, file.path, Attachment(), null).id

    private fun white() = BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB).apply {
        for (x in 0 until SIZE) for (y in 0 until SIZE) setRGB(x, y, Color.WHITE.rgb)
    }

    private companion object {
        const val SIZE = 16
        const val GIVEN = "бес жаңа сөз әлі айтылмаған"

        /** Of age's own documentation. */
        const val RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
    }
}
