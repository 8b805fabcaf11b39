package org.incidentdiary.app.screens

import android.view.View
import org.incidentdiary.app.R
import org.incidentdiary.app.ui.Changed
import org.incidentdiary.app.ui.Field
import org.incidentdiary.app.ui.add
import org.incidentdiary.app.ui.button
import org.incidentdiary.app.ui.card
import org.incidentdiary.app.ui.column
import org.incidentdiary.app.ui.showIf
import org.incidentdiary.app.ui.text
import org.incidentdiary.presentation.AttachModel
import org.incidentdiary.presentation.AttachState
import org.incidentdiary.presentation.FileRow
import org.incidentdiary.presentation.TextKey

/** The files that she picked, before they are sealed into an incident. */
internal class AttachScreen(
    private val look: Look,
    private val attach: AttachModel,
) : Screen<AttachState>(attach.state) {
    private val page = look.page(TextKey.ATTACH_TITLE)
    private val error = page.column.trouble(look)
    private val notice = page.column.notice(look)
    private val files = page.column.column(R.dimen.space_3)
    private val drawnFiles = Changed<List<FileRow>> { rows ->
        files.removeAllViews()
        for (row in rows) {
            files.card {
                text(R.style.Text_Body, look.words(row.name))
                text(R.style.Text_Small, look.words(row.size))
                trouble(look).show(row.error)
                if (row.onlyHere) {
                    confirmed(look, TextKey.ACTION_REMOVE, TextKey.ATTACH_THROW_AWAY_QUESTION) { attach.remove(row.id) }
                        .show(allowed = true, enabled = true)
                } else {
                    button(R.style.Button_Plain, look.words(TextKey.ACTION_REMOVE)) { attach.remove(row.id) }
                }
            }
        }
    }
    private val how = page.column.column(R.dimen.space_2) {
        text(R.style.Text_Label, look.words(TextKey.LABEL_EVIDENCE_HOW))
    }.let { ChoicesPart(look, it) { code -> attach.chooseHow(code) } }
    private val note = page.column.add(Field(look.context, look.words(TextKey.ATTACH_NOTE)).onTyped(attach::editNote))
    private val progress = ProgressPart(look, page.column)
    private val save = page.actions.button(R.style.Button_Primary, look.words(TextKey.ATTACH_SAVE)) { attach.save() }
    private val stop = page.actions.button(R.style.Button_Plain, look.words(TextKey.ACTION_STOP)) { attach.stop() }

    init {
        page.column.text(R.style.Text_Soft, look.words(TextKey.ATTACH_HELP))
    }

    override val view: View get() = page

    override fun draw(state: AttachState) {
        error.show(state.error)
        notice.show(state.notice)
        drawnFiles.show(state.files)
        how.show(state.how)
        note.show(state.note)
        progress.show(state.progress, state.busy)
        save.isEnabled = state.canSave && !state.busy
        stop.showIf(state.busy)
    }
}
