package org.incidentdiary.presentation

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update

/** A code among other words: where a line ends, it ends between two groups. */
internal fun codeText(code: String): Text = Text.Words(code.replace("-", "-\u200B"))

/** The code of the log, to be written down or told to somebody, and the check of an earlier one. */
public class FingerprintModel internal constructor(private val app: AppModel, private val opened: OpenDiary) {
    private val current = MutableStateFlow(FingerprintState())

    /** What the screen shows. */
    public val state: StateFlow<FingerprintState> = current.asStateFlow()

    init {
        opened.work(::failed) {
            val code = opened.call { it.fingerprint() }
            current.update { it.copy(code = code, busy = false) }
        }
    }

    /** She types a code that was given out earlier. */
    public fun editEarlier(text: String) {
        app.onUserActive()
        current.update { it.copy(earlier = text) }
    }

    /** Says whether that code belongs to this diary. */
    public fun check() {
        if (current.value.busy) return
        val code = current.value.earlier
        current.update { it.copy(busy = true, answer = null, error = null) }
        opened.work(::failed) {
            val belongs = opened.call { it.isAncestor(code) }
            val answer = if (belongs) TextKey.CODE_YES else TextKey.CODE_NO
            current.update { it.copy(busy = false, answer = answer.text()) }
        }
    }

    private fun failed(text: Text) = current.update { it.copy(busy = false, error = text) }
}
