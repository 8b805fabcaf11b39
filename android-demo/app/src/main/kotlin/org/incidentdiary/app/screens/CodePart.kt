package org.incidentdiary.app.screens

import android.view.ViewGroup
import android.widget.LinearLayout
import android.widget.TextView
import org.incidentdiary.app.R
import org.incidentdiary.app.ui.Changed
import org.incidentdiary.app.ui.add
import org.incidentdiary.app.ui.column
import org.incidentdiary.app.ui.markAsHeading
import org.incidentdiary.app.ui.say
import org.incidentdiary.app.ui.showIf
import org.incidentdiary.app.ui.text
import org.incidentdiary.presentation.Text
import org.incidentdiary.presentation.TextKey

/** A new recovery code: first as it is, then one group of it to be copied from her paper. */
internal class CodePart(private val look: Look, parent: ViewGroup) {
    private lateinit var code: TextView
    private val showing = parent.step(look, TextKey.START_CODE_TITLE) {
        text(R.style.Text_Body, look.words(TextKey.START_CODE_HELP))
        // While it can be seen the screen does not go dark by itself, which would lock, and lose it.
        code = text(R.style.Text_Code).apply { keepScreenOn = true }
    }
    private val typed = look.secret(TextKey.RECOVER_CODE)
    private val confirming = parent.step(look, TextKey.START_CONFIRM_TITLE) { add(typed) }
    private val groups = Changed<List<String>> { code.say(codeLines(it)) }

    /** The group that she typed. */
    fun take(): CharArray = typed.take()

    fun clear() {
        typed.clear()
        code.say(null)
    }

    /** [code] has groups while it is shown; [question] is there while she is asked for one. */
    fun show(code: List<String>, question: Text?) {
        showing.showIf(code.isNotEmpty())
        confirming.showIf(question != null)
        groups.show(code)
        typed.label(look.words(question))
    }
}

/** The groups of a code, two in a row, so that they can be copied by hand. */
internal fun codeLines(groups: List<String>): String = groups.chunked(2).joinToString("\n") { it.joinToString("   ") }

/** One step of a screen that has several, under its name. */
internal fun ViewGroup.step(look: Look, title: TextKey, fill: LinearLayout.() -> Unit): LinearLayout =
    column(R.dimen.space_4) {
        text(R.style.Text_Display, look.words(title)).markAsHeading()
        (this as LinearLayout).fill()
    }
