package org.incidentdiary.app.screens

import android.view.View
import org.incidentdiary.app.R
import org.incidentdiary.app.ui.button
import org.incidentdiary.app.ui.card
import org.incidentdiary.app.ui.column
import org.incidentdiary.app.ui.markAsHeading
import org.incidentdiary.app.ui.showIf
import org.incidentdiary.app.ui.text
import org.incidentdiary.presentation.BackupModel
import org.incidentdiary.presentation.BackupState
import org.incidentdiary.presentation.TextKey

/** The backup: what it is, and the one that was just written. */
internal class BackupScreen(
    private val look: Look,
    private val backup: BackupModel,
) : Screen<BackupState>(backup.state) {
    private val page = look.page(TextKey.BACKUP_TITLE)
    private val error = page.column.trouble(look)
    private val help = page.column.text(R.style.Text_Body, look.words(TextKey.BACKUP_HELP))
    private val bound = page.column.text(R.style.Text_Notice, look.words(TextKey.BACKUP_BOUND))
    private val stay = page.column.text(R.style.Text_Notice, look.words(TextKey.EXPORT_STAY))
    private val progress = ProgressPart(look, page.column)
    private lateinit var result: LinesPart
    private val done = page.column.column(R.dimen.space_4) {
        text(R.style.Text_Heading, look.words(TextKey.BACKUP_DONE)).markAsHeading()
        result = LinesPart(look, card {})
    }
    private val unreadable = page.column.trouble(look)
    private val make = page.actions.button(R.style.Button_Primary, look.words(TextKey.BACKUP_MAKE)) {
        backup.choosePlace()
    }
    private val stop = page.actions.button(R.style.Button_Plain, look.words(TextKey.ACTION_STOP)) { backup.stop() }

    override val view: View get() = page

    override fun draw(state: BackupState) {
        error.show(state.error)
        help.showIf(!state.busy)
        bound.showIf(state.bound)
        stay.showIf(state.busy)
        progress.show(state.progress, state.busy)
        done.showIf(state.result.isNotEmpty())
        result.show(state.result)
        unreadable.show(state.unreadable)
        make.showIf(!state.busy)
        stop.showIf(state.busy)
    }
}
