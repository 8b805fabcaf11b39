package org.incidentdiary

import org.incidentdiary.core.DiaryException
import org.incidentdiary.core.KeyCost
import org.incidentdiary.core.ListQuery
import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertNotEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue

/** A second diary in one vault: made with the first, copied and restored beside it. */
class SecondTest {
    private val folder = scratch()

    @Test
    fun `it is made with the first, and each passphrase opens its own`() {
        val both = File(folder, "both")
        val (own, second) = PASSPHRASE.toCharArray() to OTHER.toCharArray()
        val made = createDiary(both, own, second, KeyCost.FLOOR)
        assertTrue((own + second).all { it == '\u0000' })
        val weak = File(folder, "weak")
        createDiary(weak, "1234".toCharArray(), KeyCost.FLOOR, allowWeak = true).use { it.lock() }
        val code = assertNotNull(made.takeSecondRecoveryCode())
        assertNotEquals(assertNotNull(made.takeRecoveryCode()), code)
        assertNull(made.takeSecondRecoveryCode(), "given once")
        made.add(incident())
        made.lock()
        assertIncidents(1, both)
        recoverDiary(both, code.toCharArray(), "тағы бір жаңа тұман".toCharArray()).use {
            assertEquals(0, it.list(ListQuery()).incidents.size, "its code opens the second one")
            it.lock()
        }
    }

    @Test
    fun `a diary is copied and restored beside one`() {
        val diary = newDiary(File(folder, "vault"))
        diary.add(incident())
        val fingerprint = diary.fingerprint()
        val copied = File(folder, "copied")
        val codes = diary.copy(copied, PASSPHRASE.toCharArray(), OTHER.toCharArray(), KeyCost.FLOOR)
        assertNotEquals(assertNotNull(codes.takeRecoveryCode()), assertNotNull(codes.takeSecondRecoveryCode()))
        assertNull(codes.takeRecoveryCode() ?: codes.takeSecondRecoveryCode(), "given once")
        val backup = File(folder, "a.idback")
        diary.backup(backup)
        val no = File(folder, "no")
        assertFailsWith<DiaryException.PassphraseInUse> {
            diary.copy(no, PASSPHRASE.toCharArray(), PASSPHRASE.toCharArray(), KeyCost.FLOOR)
        }
        assertFailsWith<DiaryException.Cancelled> {
            diary.copy(no, PASSPHRASE.toCharArray(), OTHER.toCharArray(), KeyCost.FLOOR) { _, _ -> false }
        }
        assertFalse(no.exists())
        diary.lock()

        val restored = File(folder, "restored")
        val made = restore(backup, restored, PASSPHRASE.toCharArray(), OTHER.toCharArray(), KeyCost.FLOOR)
        assertEquals(1u to fingerprint, made.log.incidents to made.log.fingerprint)
        assertFalse('-' in "$made".substringAfter("codes="), "a record that is printed prints no code")
        assertNotEquals(assertNotNull(made.codes.takeRecoveryCode()), made.codes.takeSecondRecoveryCode())
        for (vault in listOf(copied, restored)) assertIncidents(1, vault)
    }

    /** The first diary holds so many incidents, the second none, and both are whole. */
    private fun assertIncidents(count: Int, vault: File) {
        for ((passphrase, expected) in listOf(PASSPHRASE to count, OTHER to 0)) {
            openDiary(vault, passphrase.toCharArray()).use {
                assertEquals(expected, it.list(ListQuery()).incidents.size)
                assertTrue(it.check(null).sound)
                it.lock()
            }
        }
    }

    private companion object {
        const val OTHER = "ескі көпір астында қайық"
    }
}
