package org.incidentdiary.app.screens

import android.content.Context
import android.view.View
import android.widget.LinearLayout
import org.incidentdiary.app.R
import org.incidentdiary.app.ui.add
import org.incidentdiary.app.ui.button
import org.incidentdiary.app.ui.showIf
import org.incidentdiary.app.ui.text
import org.incidentdiary.presentation.FirstStartModel
import org.incidentdiary.presentation.FirstStartState
import org.incidentdiary.presentation.FirstStartState.Step
import org.incidentdiary.presentation.TextKey

/** From the first word of the app to the confirmed recovery code. */
internal class FirstStartScreen(
    private val look: Look,
    private val start: FirstStartModel,
) : Screen<FirstStartState>(start.state) {
    private val context: Context = look.context
    private val page = look.page(TextKey.APP_NAME, back = false, open = false)
    private val error = page.column.trouble(look)
    private val welcome = step(TextKey.START_TITLE) {
        text(R.style.Text_Body, look.words(TextKey.START_WHAT))
        text(R.style.Text_Notice, look.words(TextKey.START_LIMITS))
    }
    private val passphrase = look.secret(TextKey.START_PASSPHRASE)
    private val again = look.secret(TextKey.START_PASSPHRASE_AGAIN)
    private val choosing = step(TextKey.START_PASSPHRASE_TITLE) {
        text(R.style.Text_Soft, look.words(TextKey.START_PASSPHRASE_HELP))
        add(passphrase)
        add(again)
    }
    private val code = CodePart(look, page.column)
    private val opening = look.secret(TextKey.START_PASSPHRASE)
    private val restoring = step(TextKey.BACKUP_TITLE) {
        text(R.style.Text_Body, look.words(TextKey.BACKUP_RESTORE_HELP))
        add(opening)
    }
    private val other = page.column.button(R.style.Button_Plain) {
        opening.clear()
        start.useCode(!usingCode)
    }
    private val progress = ProgressPart(look, page.column)
    private val forward = page.actions.button(R.style.Button_Primary) { forward() }
    private val backToCode = page.actions.button(R.style.Button_Plain, look.words(TextKey.START_CONFIRM_BACK)) {
        look.model.back()
    }
    private val backup = page.actions.button(R.style.Button_Plain, look.words(TextKey.BACKUP_RESTORE)) {
        start.pickBackup()
    }
    private val stop = page.actions.button(R.style.Button_Plain, look.words(TextKey.ACTION_STOP)) { start.stop() }
    private var step = Step.WELCOME
    private var usingCode = false

    override val view: View get() = page

    override fun draw(state: FirstStartState) {
        step = state.step
        error.show(state.error)
        welcome.showIf(step == Step.WELCOME)
        choosing.showIf(step == Step.PASSPHRASE)
        code.show(state.code, state.question)
        usingCode = state.usingCode
        restoring.showIf(step == Step.RESTORE)
        opening.label(look.words(if (usingCode) TextKey.RECOVER_CODE else TextKey.START_PASSPHRASE))
        other.showIf(step == Step.RESTORE)
        other.isEnabled = !state.busy
        other.text = look.words(if (usingCode) TextKey.BACKUP_USE_PASSPHRASE else TextKey.LOCK_FORGOT)
        backup.showIf(step == Step.WELCOME)
        stop.showIf(step == Step.RESTORE && state.busy)
        progress.show(state.progress, state.busy)
        forward.isEnabled = !state.busy
        forward.text = look.words(
            when (step) {
                Step.WELCOME -> TextKey.START_BEGIN
                Step.PASSPHRASE -> if (state.busy) TextKey.START_MAKING else TextKey.START_MAKE
                Step.CODE -> TextKey.START_CODE_WRITTEN
                Step.CONFIRM -> TextKey.ACTION_CONTINUE
                Step.RESTORE -> TextKey.BACKUP_RESTORE_MAKE
            },
        )
        backToCode.showIf(step == Step.CONFIRM)
    }

    override fun close() {
        passphrase.clear()
        again.clear()
        opening.clear()
        code.clear()
    }

    private fun forward() = when (step) {
        Step.WELCOME -> start.begin()
        Step.PASSPHRASE -> start.create(passphrase.take(), again.take())
        Step.CODE -> start.codeWritten()
        Step.CONFIRM -> start.confirm(code.take())
        Step.RESTORE -> start.restore(opening.take())
    }

    private fun step(title: TextKey, fill: LinearLayout.() -> Unit) = page.column.step(look, title, fill)
}
