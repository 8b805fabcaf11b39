package org.incidentdiary.app.screens

import android.view.View
import org.incidentdiary.app.R
import org.incidentdiary.app.ui.add
import org.incidentdiary.app.ui.button
import org.incidentdiary.app.ui.markAsHeading
import org.incidentdiary.app.ui.say
import org.incidentdiary.app.ui.showIf
import org.incidentdiary.app.ui.text
import org.incidentdiary.presentation.LockModel
import org.incidentdiary.presentation.LockState
import org.incidentdiary.presentation.TextKey

/** The locked diary: no name, no count, nothing of what is inside. */
internal class LockScreen(private val look: Look, private val lock: LockModel) : Screen<LockState>(lock.state) {
    private val page = look.page(TextKey.APP_NAME, back = false, open = false)
    private val title = page.column.text(R.style.Text_Display).apply { markAsHeading() }
    private val help = page.column.text(R.style.Text_Soft, look.words(TextKey.RECOVER_HELP))
    private val error = page.column.trouble(look)
    private val notice = page.column.notice(look)
    private val code = page.column.add(look.secret(TextKey.RECOVER_CODE))
    private val passphrase = page.column.add(look.secret(TextKey.LOCK_TITLE))
    private val again = page.column.add(look.secret(TextKey.START_PASSPHRASE_AGAIN))
    private val progress = ProgressPart(look, page.column)
    private val open = page.actions.button(R.style.Button_Primary) { open() }
    private val other = page.column.button(R.style.Button_Plain) {
        if (recovering) look.model.back() else lock.forgot()
    }
    private val backup = page.column.button(R.style.Button_Plain, look.words(TextKey.BACKUP_RESTORE)) {
        lock.pickBackup()
    }
    private var recovering = false

    init {
        passphrase.onDone { open() }
    }

    override val view: View get() = page

    override fun draw(state: LockState) {
        if (recovering != state.recovering) close()
        recovering = state.recovering
        title.say(look.words(if (recovering) TextKey.RECOVER_TITLE else TextKey.LOCK_TITLE))
        passphrase.label(look.words(if (recovering) TextKey.RECOVER_NEW else TextKey.LOCK_TITLE))
        help.showIf(recovering)
        code.showIf(recovering)
        again.showIf(recovering)
        error.show(state.error)
        notice.show(state.notice)
        progress.show(null, state.busy)
        open.isEnabled = !state.busy && state.wait == 0
        open.text = when {
            state.wait > 0 -> look.words(org.incidentdiary.presentation.Text.Of(TextKey.LOCK_WAIT, listOf(state.wait)))
            state.busy -> look.words(TextKey.LOCK_OPENING)
            recovering -> look.words(TextKey.RECOVER_OPEN)
            else -> look.words(TextKey.LOCK_OPEN)
        }
        other.text = look.words(if (recovering) TextKey.ACTION_CANCEL else TextKey.LOCK_FORGOT)
        other.isEnabled = !state.busy
        backup.showIf(state.damaged)
        backup.isEnabled = !state.busy
    }

    override fun close() {
        code.clear()
        passphrase.clear()
        again.clear()
    }

    private fun open() {
        if (!open.isEnabled) return
        if (recovering) lock.recover(code.take(), passphrase.take(), again.take()) else lock.unlock(passphrase.take())
    }
}
