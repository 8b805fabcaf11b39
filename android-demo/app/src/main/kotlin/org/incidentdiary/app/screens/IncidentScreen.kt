package org.incidentdiary.app.screens

import android.view.View
import android.view.ViewGroup
import android.widget.LinearLayout
import org.incidentdiary.app.R
import org.incidentdiary.app.ui.Changed
import org.incidentdiary.app.ui.Field
import org.incidentdiary.app.ui.button
import org.incidentdiary.app.ui.card
import org.incidentdiary.app.ui.clearSecrets
import org.incidentdiary.app.ui.column
import org.incidentdiary.app.ui.markAsHeading
import org.incidentdiary.app.ui.showIf
import org.incidentdiary.app.ui.text
import org.incidentdiary.presentation.EvidenceRow
import org.incidentdiary.presentation.IncidentModel
import org.incidentdiary.presentation.IncidentState
import org.incidentdiary.presentation.Text
import org.incidentdiary.presentation.TextKey

/** One incident: what she wrote, its files, and what came after. */
internal class IncidentScreen(
    private val look: Look,
    private val incident: IncidentModel,
) : Screen<IncidentState>(incident.state) {
    private val page = look.page(TextKey.APP_NAME)
    private val error = page.column.trouble(look)
    private val done = page.column.notice(look)
    private val notices = page.column.column(R.dimen.space_2)
    private val progress = ProgressPart(look, page.column)
    private val stop = page.column.button(R.style.Button_Plain, look.words(TextKey.ACTION_STOP)) { incident.stop() }
    private val words: LinearLayout = page.column.card(R.dimen.space_4) {}
    private val times = LinesPart(look, words)
    private val lines = LinesPart(look, words)
    private val legal = words.legal(look)
    private val files = section(TextKey.INCIDENT_FILES)
    private val fileRows: LinearLayout = files.column(R.dimen.space_3)
    private val first = section(TextKey.INCIDENT_FIRST)
    private val firstCard = LinesPart(look, first.card {})
    private val history = section(TextKey.INCIDENT_HISTORY)
    private val historyCard = LinesPart(look, history.card {})
    private val reason = Field(look.context, look.words(TextKey.INCIDENT_REASON)).onTyped(incident::editReason)
    private val withdraw =
        page.column.confirmed(look, TextKey.INCIDENT_WITHDRAW, TextKey.INCIDENT_WITHDRAW_HELP, reason) {
            incident.withdraw()
        }
    private val passphrase = look.secret(TextKey.EXPORT_PASSPHRASE)
    private val erase = page.column.confirmed(look, TextKey.INCIDENT_ERASE, TextKey.INCIDENT_ERASE_HELP, passphrase) {
        incident.erase(passphrase.take())
    }
    private val amend = page.actions.button(R.style.Button_Primary, look.words(TextKey.INCIDENT_AMEND)) {
        incident.amend()
    }

    /** What saves a copy of each file. */
    private val copies = mutableListOf<Confirmed>()

    private val drawnNotices = Changed<List<Text>> { all ->
        notices.removeAllViews()
        notices.showIf(all.isNotEmpty())
        for (notice in all) notices.text(R.style.Text_Caution, look.words(notice))
    }
    private val drawnFiles = Changed<List<EvidenceRow>> { rows ->
        fileRows.removeAllViews()
        copies.clear()
        for (row in rows) fileRows.card { file(row) }
    }

    init {
        files.button(R.style.Button_Tonal, look.words(TextKey.INCIDENT_ATTACH_FILE)) { incident.attachFiles() }
        files.button(R.style.Button_Tonal, look.words(TextKey.INCIDENT_ATTACH_PHOTO)) { incident.takePhoto() }
        files.text(R.style.Text_Small, look.words(TextKey.INCIDENT_PHOTO_HELP))
    }

    override val view: View get() = page

    override fun close() = page.clearSecrets()

    override fun draw(state: IncidentState) {
        page.title(look.words(state.title))
        error.show(state.error)
        done.show(state.done)
        drawnNotices.show(state.notices)
        progress.show(state.progress, state.busy || state.loading)
        stop.showIf(state.progress != null)
        words.showIf(state.times.isNotEmpty() || state.lines.isNotEmpty())
        times.show(state.times)
        lines.show(state.lines)
        legal.show(state.legal)
        files.showIf(!state.loading && (state.canAmend || state.evidence.isNotEmpty()))
        drawnFiles.show(state.evidence)
        for (copy in copies) copy.show(allowed = true, enabled = !state.busy)
        first.showIf(state.first.isNotEmpty())
        firstCard.show(state.first)
        history.showIf(state.history.isNotEmpty())
        historyCard.show(state.history)
        reason.show(state.reason)
        withdraw.show(state.canWithdraw, !state.busy, begun = state.reason.isNotEmpty())
        erase.show(state.canErase, !state.busy)
        amend.showIf(state.canAmend)
        amend.isEnabled = !state.busy
    }

    private fun ViewGroup.file(row: EvidenceRow) {
        text(R.style.Text_Body, look.words(row.name))
        text(R.style.Text_Small, look.words(row.about))
        text(R.style.Text_Small, look.words(row.note))
        text(R.style.Text_Hash, look.words(row.sha256))
        if (row.isPicture) {
            button(R.style.Button_Tonal, look.words(TextKey.INCIDENT_SHOW_FILE)) { incident.show(row.id) }
        }
        val again = look.secret(TextKey.EXPORT_PASSPHRASE)
        copies += confirmed(look, TextKey.INCIDENT_SAVE_FILE, TextKey.INCIDENT_COPY_WARNING, again) {
            incident.saveCopy(row.id, again.take())
        }
    }

    private fun section(title: TextKey): LinearLayout = page.column.column(R.dimen.space_3) {
        text(R.style.Text_Heading, look.words(title)).markAsHeading()
    }
}
