package org.incidentdiary.presentation

import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.isActive
import org.incidentdiary.bind
import org.incidentdiary.changePassphrase
import org.incidentdiary.core.DeviceKeyProblem
import org.incidentdiary.core.Diary
import org.incidentdiary.core.DiaryException
import org.incidentdiary.presentation.KeysState.Step
import org.incidentdiary.rotate
import org.incidentdiary.unbind

/** Her passphrase: another one, and whether it opens the diary on this phone only. And a new recovery code. */
public class KeysModel internal constructor(private val app: AppModel, private val opened: OpenDiary) {
    private val current = MutableStateFlow(KeysState())
    private var code: NewCode? = null

    /** She wants no new code any more; what was done before that is heard is done. */
    @Volatile
    private var stopped = false

    /** What the screen shows. */
    public val state: StateFlow<KeysState> = current.asStateFlow()

    init {
        opened.work(::failed) { show(null) }
    }

    /** Sets a new passphrase, given the one that holds now; all are wiped. The recovery code stays. */
    public fun change(passphrase: CharArray, new: CharArray, again: CharArray) {
        if (differ(passphrase, new, again)) return
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

    /**
     * Makes a new recovery code, with a new passphrase, given the one that holds now; all are wiped. The library takes no
     * secret that held before, and seals all anew. A passphrase that was bound to this phone is bound again.
     */
    public fun makeCode(passphrase: CharArray, new: CharArray, again: CharArray) {
        if (differ(passphrase, new, again)) return
        if (current.value.busy) return listOf(passphrase, new).forEach { it.fill('\u0000') }
        stopped = false
        tell(null)
        // Carried through: when the diary locks it waits until this has stopped, or until the passphrase is bound again.
        opened.finishing(::failed) {
            try {
                val made = opened.working { opened.finish { made(it, passphrase, new) } }
                if (opened.scope.isActive) showCode(made)
            } finally {
                passphrase.fill('\u0000')
                new.fill('\u0000')
            }
        }
    }

    /** Stops making a code; the one that held before holds. */
    public fun stop() {
        stopped = true
    }

    /** She has written the code down. */
    public fun codeWritten() {
        if (current.value.step != Step.CODE) return
        code?.let { made ->
            current.update { it.copy(step = Step.CONFIRM, code = emptyList(), question = made.written()) }
        }
    }

    /** She typed the group of the code that she was asked for; it is wiped. */
    public fun confirm(group: CharArray) {
        val made = code ?: return group.fill('\u0000')
        if (!made.confirm(group)) {
            current.update { it.copy(error = TextKey.START_CONFIRM_WRONG.text()) }
            return
        }
        code = null
        app.codeShown(opened, false)
        current.update { KeysState(bound = it.bound, done = it.done ?: TextKey.KEYS_CODE_MADE.text()) }
    }

    /** True if she stays: a code is left by confirming it, or with the diary. */
    internal fun back(): Boolean {
        val made = code
        when {
            made != null -> current.update {
                it.copy(step = Step.CODE, code = made.groups, question = null, error = null)
            }
            current.value.progress != null -> stop()
            else -> return false
        }
        return true
    }

    internal fun trouble(text: Text) = current.update { it.copy(error = text) }

    /** The screen or the diary is left, and the code with it. */
    internal fun left() {
        stop()
        code = null
        current.update { it.copy(code = emptyList()) }
    }

    private fun differ(passphrase: CharArray, new: CharArray, again: CharArray): Boolean {
        val differ = !new.contentEquals(again)
        again.fill('\u0000')
        if (differ) {
            passphrase.fill('\u0000')
            new.fill('\u0000')
            current.update { it.copy(error = TextKey.PASSPHRASES_DIFFER.text(), done = null) }
        }
        return differ
    }

    private fun made(diary: Diary, passphrase: CharArray, new: CharArray): Made {
        val bound = diary.isBound()
        val code = NewCode.making(opened.ports) {
            diary.rotate(passphrase, new.copyOf()) { done, total ->
                tell(percent(done, total))
                !stopped
            }
        }
        val again = bound && runCatching { diary.bind(new, code.toCharArray(), opened.ports.key) }.isSuccess
        opened.ports.setBound(again)
        val told = TextKey.KEYS_CODE_MADE_UNBOUND.text().takeIf { bound && !again }
        return Made(NewCode(code, opened.ports), again, told)
    }

    private fun showCode(made: Made) {
        code = made.code
        current.value = KeysState(Step.CODE, made.bound, done = made.told, code = made.code.groups)
        app.codeShown(opened, true)
    }

    private class Made(val code: NewCode, val bound: Boolean, val told: Text?)

    private fun tell(percent: Int?) {
        val progress = Progress(TextKey.KEYS_CODE_MAKING.text(), percent)
        current.update { it.copy(busy = true, progress = progress, error = null, done = null) }
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

    private fun failed(text: Text) = current.update { it.copy(busy = false, progress = null, error = text) }
}
