package org.incidentdiary.presentation

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import org.incidentdiary.confirm
import org.incidentdiary.wipe

/** Destroys the whole diary on this phone, for which she types a word and the passphrase. */
public class WipeModel internal constructor(private val app: AppModel, private val opened: OpenDiary) {
    private val current = MutableStateFlow(WipeState())

    /** What the screen shows. */
    public val state: StateFlow<WipeState> = current.asStateFlow()

    /** Destroys it if she [typed] the word that was [wanted]. The passphrase is wiped; a wrong one destroys nothing. */
    public fun wipe(passphrase: CharArray, typed: String, wanted: String) {
        val meant = typed.trim().equals(wanted, ignoreCase = true)
        if (!meant || current.value.busy) {
            passphrase.fill('\u0000')
            if (!meant) failed(TextKey.WIPE_WORD_DIFFERS.text())
            return
        }
        current.value = WipeState(busy = true)
        opened.finishing(::failed) {
            try {
                opened.finish { diary ->
                    // A wrong one ends here. After this whatever fails is finished at the next start.
                    diary.confirm(passphrase.copyOf())
                    opened.ports.beginWipe()
                    runCatching { diary.wipe(passphrase) }
                }
                app.wiped(opened)
            } finally {
                passphrase.fill('\u0000')
            }
        }
    }

    private fun failed(text: Text) = current.update { it.copy(busy = false, error = text) }
}
