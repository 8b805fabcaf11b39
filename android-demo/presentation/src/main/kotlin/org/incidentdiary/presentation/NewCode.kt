package org.incidentdiary.presentation

import org.incidentdiary.core.DiaryException

/** A recovery code that was just made: shown once, and confirmed when she has typed one group of it from her paper. */
internal class NewCode(code: String, private val ports: Ports) {
    /** The code, to be copied by hand. */
    val groups: List<String> = code.split('-')
    private var asked = 0

    /** She has written it down: which group she is asked for. */
    fun written(): Text {
        asked = ports.elapsed().mod(groups.size)
        return TextKey.START_CONFIRM_QUESTION.text(asked + 1)
    }

    /** Whether she typed that group, which is wiped. */
    fun confirm(group: CharArray): Boolean {
        val typed = group.map(::folded).filter { it.isLetterOrDigit() }
        group.fill('\u0000')
        if (typed != groups[asked].map(::folded)) return false
        ports.codeUnconfirmed = false
        return true
    }

    /** As the library reads a code: small letters are large ones, O is 0, I and L are 1. */
    private fun folded(letter: Char) = when (val large = letter.uppercaseChar()) {
        'O' -> '0'
        'I', 'L' -> '1'
        else -> large
    }

    companion object {
        /** A code that [make] makes counts as not confirmed before it is there, so that none can be lost in silence. */
        inline fun <T> making(ports: Ports, make: () -> T): T {
            val before = ports.codeUnconfirmed
            ports.codeUnconfirmed = true
            try {
                return make()
            } catch (error: Exception) {
                // After these two nobody knows which code holds.
                if (error !is DiaryException.Closed && error !is DiaryException.Defect) ports.codeUnconfirmed = before
                throw error
            }
        }
    }
}
