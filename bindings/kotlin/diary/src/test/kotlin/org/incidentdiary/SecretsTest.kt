package org.incidentdiary

import org.incidentdiary.core.DiaryException
import org.incidentdiary.core.IncidentPatch
import org.incidentdiary.core.ListQuery
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.TestInstance
import java.io.File
import java.nio.ByteBuffer
import java.nio.charset.CharacterCodingException
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertTrue

/** What is lent to the library, how texts cross, and what happens with buffers that were made by hand. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SecretsTest {
    private val diary = newDiary(File(scratch(), "vault"))

    @AfterAll
    fun lock() = diary.lock()

    @Test
    fun `the bytes are those of UTF-8, and everything is wiped`() {
        for (text in listOf("", "a", "қар жауды", "🐈 мысық", "x".repeat(3000))) {
            val secret = text.toCharArray()
            lateinit var lent: ByteBuffer
            lend(secret) {
                lent = it
                assertEquals(0, it.position())
                assertTrue(it.isDirect)
                assertContentEquals(text.encodeToByteArray(), ByteArray(it.remaining()).also { bytes -> it.get(bytes) })
            }
            assertTrue(secret.all { it == '\u0000' })
            assertTrue(lent.bytes().all { it == 0.toByte() })
        }
    }

    @Test
    fun `a failure wipes too`() {
        val secret = PASSPHRASE.toCharArray()
        val bytes = PASSPHRASE.encodeToByteArray()
        lateinit var lent: ByteBuffer
        assertFailsWith<IllegalStateException> { lend(secret) { lent = it.also { error("x") } } }
        assertFailsWith<IllegalStateException> {
            lend(bytes) {
                lent = it
                error("x")
            }
        }
        assertTrue(secret.all { it == '\u0000' } && bytes.all { it == 0.toByte() })
        assertTrue(lent.bytes().all { it == 0.toByte() })
    }

    @Test
    fun `half of a surrogate pair is refused and wiped`() {
        for (text in listOf("\uD83D", "ab\uDC08c", "x\uD83D")) {
            val secret = text.toCharArray()
            assertFailsWith<NotTextException> { lend(secret) { error("must not be lent") } }
            assertTrue(secret.all { it == '\u0000' })
            assertFailsWith<NotTextException> { diary.saveDraft("new", text) }
            assertFailsWith<CharacterCodingException> { diary.add(incident(text)) }
            assertFailsWith<CharacterCodingException> { diary.list(ListQuery(search = text)) }
        }
    }

    @Test
    fun `a buffer that is not direct is refused, and one at another position opens nothing`() {
        val bytes = PASSPHRASE.encodeToByteArray()
        assertFailsWith<IllegalArgumentException> { diary.confirm(ByteBuffer.wrap(bytes)) }
        val shifted = ByteBuffer.allocateDirect(bytes.size + 1).put(0).put(bytes).flip().position(1)
        assertFailsWith<DiaryException> { diary.confirm(shifted) }
        diary.confirm(shifted.slice())
        assertFailsWith<DiaryException.WrongPassphrase> { diary.confirm(ByteBuffer.allocateDirect(0)) }
    }

    @Test
    fun `Kazakh letters, emoji and line breaks come back as they went in`() {
        for (text in listOf("ӘәҒғҚқҢңӨөҰұҮүҺһІі", "👩‍👩‍👧 🇰🇿", "а\r\nб\tв", "\uFEFFx", "й й", "%s %1\$s \\n")) {
            assertEquals(text, diary.show(diary.add(incident(text)).id).incident?.narrative)
        }
        val id = diary.add(incident()).id
        diary.amend(id, IncidentPatch(privateNote = "🐈"), "ұмытып қалдым")
        assertEquals("🐈", diary.show(id).incident?.privateNote)
        assertFailsWith<DiaryException.InvalidField> { diary.add(incident("a\u0000b")) }
    }

    private fun ByteBuffer.bytes(): ByteArray {
        clear()
        return ByteArray(remaining()).also { get(it) }
    }
}
