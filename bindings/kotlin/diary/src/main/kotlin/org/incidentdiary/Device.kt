package org.incidentdiary

import org.incidentdiary.core.DeviceAnswer
import org.incidentdiary.core.DeviceKey
import org.incidentdiary.core.DeviceKeyProblem
import org.incidentdiary.core.Diary
import org.incidentdiary.core.DiaryException

/**
 * A key that the device keeps. [compute] gives the 32 bytes of a MAC over its 32 bytes, such as HMAC-SHA-256; both are
 * wiped afterwards. It throws [noDeviceKey] if the device has no such key any more; whatever else it throws means that
 * the key could not be used now, and nothing of that is kept. It cannot call the diary.
 */
public fun deviceKey(compute: (message: ByteArray) -> ByteArray): DeviceKey = object : DeviceKey {
    override fun mac(message: ByteArray, answer: DeviceAnswer) {
        try {
            answering({ DiaryException.DeviceKey(DeviceKeyProblem.FAILED) }) {
                answer.use { lend(compute(message)) { mac -> it.give(mac) } }
            }
        } finally {
            message.fill(0)
        }
    }
}

/** What a [deviceKey] throws if this device does not have the key: the recovery code opens the diary then. */
public fun noDeviceKey(): DiaryException = DiaryException.DeviceKey(DeviceKeyProblem.MISSING)

/** Binds the passphrase to [device], for which the recovery code has to be at hand; both secrets are wiped. */
public fun Diary.bind(passphrase: CharArray, code: CharArray, device: DeviceKey): Unit =
    lendBoth(passphrase, code) { secret, paper -> bind(secret, paper, device) }

/** Takes [device] out of the passphrase again, which is wiped. */
public fun Diary.unbind(passphrase: CharArray, device: DeviceKey): Unit = lend(passphrase) { unbind(it, device) }
