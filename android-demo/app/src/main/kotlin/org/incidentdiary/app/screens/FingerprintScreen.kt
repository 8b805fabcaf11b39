package org.incidentdiary.app.screens

import android.view.View
import org.incidentdiary.app.R
import org.incidentdiary.app.ui.Field
import org.incidentdiary.app.ui.add
import org.incidentdiary.app.ui.button
import org.incidentdiary.app.ui.say
import org.incidentdiary.app.ui.text
import org.incidentdiary.presentation.FingerprintModel
import org.incidentdiary.presentation.FingerprintState
import org.incidentdiary.presentation.TextKey

/** The code of the log: to hand out, and to check one that was handed out before. */
internal class FingerprintScreen(private val look: Look, private val fingerprint: FingerprintModel) :
    Screen<FingerprintState>(fingerprint.state) {
    private val page = look.page(TextKey.CODE_TITLE)
    private val error = page.column.trouble(look)
    private val code = page.column.text(R.style.Text_Code)
    private val progress = ProgressPart(look, page.column)
    private val earlier = page.column.apply { text(R.style.Text_Body, look.words(TextKey.CODE_HELP)) }
        .add(Field(look.context, look.words(TextKey.CODE_CHECK))).also { it.onTyped(fingerprint::editEarlier) }
    private val answer = page.column.notice(look)
    private val check = page.actions.button(R.style.Button_Primary, look.words(TextKey.CODE_CHECK)) {
        fingerprint.check()
    }

    override val view: View get() = page

    override fun draw(state: FingerprintState) {
        error.show(state.error)
        code.say(state.code?.let { codeLines(it.split('-')) })
        progress.show(null, state.busy)
        earlier.show(state.earlier)
        answer.show(state.answer)
        check.isEnabled = !state.busy
    }
}
