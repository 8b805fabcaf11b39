package org.incidentdiary.presentation

import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import org.incidentdiary.bind
import org.incidentdiary.changePassphrase
import org.incidentdiary.core.DeviceKeyProblem
import org.incidentdiary.core.Diary
import org.incidentdiary.core.DiaryException
import org.incidentdiary.unbind

/** Her passphrase: another one, and whether it opens the diary on this phone only. */
public class KeysModel internal constructor(private val opened: OpenDiary) {
    private val current = MutableStateFlow(KeysState())

    /** What the screen shows. */
    public val state: StateFlow<KeysState> = current.asStateFlow()

    init {
        opened.work(::failed) { show(null) }
    }

    /** Sets a new passphrase, given the one that holds now; all are wiped. The recovery code stays. */
    public fun change(passphrase: CharArray, new: CharArray, again: CharArray) {
        val same = new.contentEquals(again)
        again.fill('\u0000')
        if (!same) {
            passphrase.fill('\u0000')
            new.fill('\u0000')
            current.update { it.copy(error = TextKey.PASSPHRASES_DIFFER.text(), done = null) }
            return
        }
        work(passphrase, new) { diary ->
            val bound = diary.isBound()
            diary.changePassphrase(passphrase, new)
            opened.ports.setBound(false)
            if (bound) TextKey.KEYS_CHANGED_UNBOUND else TextKey.KEYS_CHANGED
        }
    }

    /** Binds the passphrase to this phone, for which she has the recovery code at hand; both are wiped. */
    public fun bind(passphrase: CharArray, code: CharArray): Unit = work(passphrase, code) { diary ->
        try {
            opened.ports.device.make()
        } catch (_: Exception) {
            // What the system says of the reason could be anything, so it goes no further.
            throw DiaryException.DeviceKey(DeviceKeyProblem.FAILED)
        }
        diary.bind(passphrase, code, opened.ports.key)
        opened.ports.setBound(true)
        TextKey.KEYS_BOUND
    }

    /** Lets the passphrase open the diary anywhere again; it is wiped. */
    public fun unbind(passphrase: CharArray): Unit = work(passphrase) { diary ->
        diary.unbind(passphrase, opened.ports.key)
        opened.ports.setBound(false)
        TextKey.KEYS_UNBOUND
    }

    /** Does it and says so; what was typed is wiped whatever happens. */
    private fun work(vararg secrets: CharArray, work: (Diary) -> TextKey) {
        if (current.value.busy) return secrets.forEach { it.fill('\u0000') }
        current.update { it.copy(busy = true, error = null, done = null) }
        opened.work(::failed, CoroutineStart.UNDISPATCHED) {
            try {
                // Carried through, and remembered, whatever happens to the screen.
                val done = opened.finish(work)
                show(done.text())
            } finally {
                secrets.forEach { it.fill('\u0000') }
            }
        }
    }

    private suspend fun show(done: Text?) {
        val bound = opened.call { it.isBound() }
        current.update { it.copy(bound = bound, busy = false, done = done) }
    }

    private fun failed(text: Text) = current.update { it.copy(busy = false, error = text) }
}
