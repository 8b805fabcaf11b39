package org.incidentdiary

import org.incidentdiary.core.DeviceKey
import org.incidentdiary.core.DeviceKeyProblem
import org.incidentdiary.core.Diary
import org.incidentdiary.core.DiaryException
import org.incidentdiary.core.ListQuery
import java.io.File
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue

/** A passphrase that is bound to a key of the device: a key that answers, and each way in which it may not. */
class DeviceTest {
    private val folder = File(scratch(), "vault")

    @Test
    fun `a bound passphrase opens with its device only, which sees nothing that stays`() {
        val seen = mutableListOf<ByteArray>()
        val device = software("a", seen)
        bound(device).run {
            assertTrue(isBound())
            confirm(PASSPHRASE.toCharArray())
            lock()
        }
        assertFailsWith<DiaryException.WrongPassphrase> { open(null) }
        assertFailsWith<DiaryException.WrongPassphrase> { open(software("b")) }
        open(device).run {
            unbind(PASSPHRASE.toCharArray(), device)
            lock()
        }
        open(null).run {
            assertFalse(isBound())
            lock()
        }
        assertTrue(seen.isNotEmpty() && seen.all { bytes -> bytes.all { it == 0.toByte() } })
    }

    @Test
    fun `a device that does not answer is an error that tells why, and the code opens`() {
        val made = newDiary(folder)
        val code = checkNotNull(made.takeRecoveryCode())
        made.bind(PASSPHRASE.toCharArray(), code.toCharArray(), software("a"))
        made.lock()
        val answers: List<Pair<DeviceKeyProblem, (ByteArray) -> ByteArray>> = listOf(
            DeviceKeyProblem.MISSING to { throw noDeviceKey() },
            DeviceKeyProblem.FAILED to { error("канарейка") },
            DeviceKeyProblem.WRONG_LENGTH to { ByteArray(31) },
            DeviceKeyProblem.WRONG_LENGTH to { ByteArray(0) },
        )
        for ((problem, answer) in answers) {
            val error = assertFailsWith<DiaryException.DeviceKey> { open(deviceKey(answer)) }
            assertEquals(problem, error.problem)
            assertFalse("канарейка" in error.stackTraceToString())
        }
        recoverDiary(folder, code.toCharArray(), "төрт жаңа сөз далада жатыр".toCharArray()).lock()
    }

    @Test
    fun `a code of another diary binds nothing`() {
        val other = checkNotNull(newDiary(File(scratch(), "other")).takeRecoveryCode())
        val diary = newDiary(folder)
        assertFailsWith<DiaryException.WrongRecoveryCode> {
            diary.bind(PASSPHRASE.toCharArray(), other.toCharArray(), software("a"))
        }
        diary.lock()
    }

    @Test
    fun `the device cannot call the diary that asks it`() {
        val diary = newDiary(folder)
        val code = checkNotNull(diary.takeRecoveryCode()).toCharArray()
        val calls = deviceKey { diary.list(ListQuery()).toString().encodeToByteArray() }
        assertFailsWith<DiaryException.CalledFromCallback> { diary.bind(PASSPHRASE.toCharArray(), code, calls) }
        diary.lock()
    }

    private fun bound(device: DeviceKey): Diary = newDiary(folder).apply {
        bind(PASSPHRASE.toCharArray(), checkNotNull(takeRecoveryCode()).toCharArray(), device)
    }

    private fun open(device: DeviceKey?): Diary = openDiary(folder, PASSPHRASE.toCharArray(), device)

    private fun software(key: String, seen: MutableList<ByteArray> = mutableListOf()): DeviceKey {
        val mac = Mac.getInstance("HmacSHA256").apply { init(SecretKeySpec(key.encodeToByteArray(), "HmacSHA256")) }
        return deviceKey { message -> mac.doFinal(message).also { seen += listOf(message, it) } }
    }
}
