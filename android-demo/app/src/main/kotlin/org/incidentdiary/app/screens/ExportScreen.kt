package org.incidentdiary.app.screens

import android.view.View
import android.view.ViewGroup
import android.widget.Button
import android.widget.LinearLayout
import android.widget.TextView
import org.incidentdiary.app.R
import org.incidentdiary.app.ui.Changed
import org.incidentdiary.app.ui.Field
import org.incidentdiary.app.ui.add
import org.incidentdiary.app.ui.button
import org.incidentdiary.app.ui.card
import org.incidentdiary.app.ui.column
import org.incidentdiary.app.ui.markAsHeading
import org.incidentdiary.app.ui.say
import org.incidentdiary.app.ui.showIf
import org.incidentdiary.app.ui.text
import org.incidentdiary.presentation.ExportModel
import org.incidentdiary.presentation.ExportState
import org.incidentdiary.presentation.ExportState.Step
import org.incidentdiary.presentation.LeavingRow
import org.incidentdiary.presentation.PreviewRow
import org.incidentdiary.presentation.TextKey
import java.time.LocalDate

/** Handing over: choose, look at exactly what leaves, give the passphrase again, choose a place. */
internal class ExportScreen(
    private val look: Look,
    private val export: ExportModel,
) : Screen<ExportState>(export.state) {
    private val page = look.page(TextKey.EXPORT_TITLE)
    private val error = page.column.trouble(look)

    private lateinit var filter: FilterPart
    private lateinit var languages: ChoicesPart
    private lateinit var howFiles: ChoicesPart
    private lateinit var forms: ChoicesPart
    private lateinit var formHelp: Message
    private lateinit var recipients: Field
    private lateinit var withheld: ChoicesPart
    private lateinit var audience: Field
    private lateinit var legal: Message
    private val select = step(TextKey.EXPORT_SELECT) {
        filter = FilterPart(look, this, filterEvents)
        text(R.style.Text_Label, look.words(TextKey.EXPORT_LANGUAGE))
        languages = ChoicesPart(look, this) { export.chooseLanguage(it) }
        text(R.style.Text_Label, look.words(TextKey.EXPORT_FILES))
        howFiles = ChoicesPart(look, this) { export.chooseFiles(it) }
        text(R.style.Text_Small, look.words(TextKey.EXPORT_FILES_HELP))
        text(R.style.Text_Label, look.words(TextKey.EXPORT_WITHHOLD))
        withheld = ChoicesPart(look, this, look.words(TextKey.ACTION_MORE)) { export.chooseWithheld(it) }
        text(R.style.Text_Small, look.words(TextKey.EXPORT_WITHHOLD_HELP))
        legal = legal(look)
        text(R.style.Text_Label, look.words(TextKey.EXPORT_FORM))
        forms = ChoicesPart(look, this) { export.chooseForm(it) }
        formHelp = Message(look, this, R.style.Text_Small)
        recipients = add(Field(context, look.words(TextKey.EXPORT_RECIPIENTS))).also {
            it.onTyped(export::editRecipients)
        }
        audience = add(Field(context, look.words(TextKey.EXPORT_AUDIENCE))).also { it.onTyped(export::editAudience) }
    }

    private lateinit var summary: LinesPart
    private lateinit var damaged: TextView
    private lateinit var goOn: Button
    private lateinit var incidents: LinearLayout
    private lateinit var names: Message
    private lateinit var files: LinearLayout
    private val preview = step(TextKey.EXPORT_PREVIEW_TITLE) {
        summary = LinesPart(look, card {})
        damaged = text(R.style.Text_Caution)
        goOn = button(R.style.Button_Plain, look.words(TextKey.EXPORT_GO_ON)) { export.goOnWithout() }
        incidents = column(R.dimen.space_3)
        names = legal(look)
        files = column(R.dimen.space_3)
        text(R.style.Text_Notice, look.words(TextKey.EXPORT_PRIVATE))
    }
    private val drawnIncidents = Changed<List<PreviewRow>> { rows ->
        incidents.removeAllViews()
        for (row in rows) incidents.card { incident(row) }
    }

    private val drawnFiles = Changed<List<LeavingRow>> { rows ->
        files.removeAllViews()
        if (rows.isNotEmpty()) files.text(R.style.Text_Heading, look.words(TextKey.EXPORT_FILES)).markAsHeading()
        for (row in rows) files.card { file(row) }
    }

    private val passphrase = look.secret(TextKey.START_PASSPHRASE)
    private lateinit var known: Message
    private val again = step(TextKey.EXPORT_PASSPHRASE) {
        add(passphrase)
        known = notice(look)
    }

    private val stay = page.column.text(R.style.Text_Notice, look.words(TextKey.EXPORT_STAY))
    private val progress = ProgressPart(look, page.column)

    private lateinit var result: LinesPart
    private lateinit var opens: LinearLayout
    private lateinit var opener: TextView
    private lateinit var reminder: Message
    private val done = step(TextKey.EXPORT_DONE) {
        opens = column(R.dimen.space_2) {
            text(R.style.Text_Label, look.words(TextKey.EXPORT_OPENER))
            // As with a code: a screen that goes dark by itself would lock, and lose it.
            opener = text(R.style.Text_Code).apply { keepScreenOn = true }
            text(R.style.Text_Notice, look.words(TextKey.EXPORT_OPENER_HELP))
        }
        result = LinesPart(look, card {})
        reminder = notice(look)
    }
    private val drawnOpener = Changed<List<String>> { groups ->
        opens.showIf(groups.isNotEmpty())
        // The hyphens belong to it: the program that opens the file asks for them too.
        opener.say(groups.chunked(2).joinToString("-\n") { it.joinToString("-") })
    }

    private val forward = page.actions.button(R.style.Button_Primary) { forward() }
    private val stop = page.actions.button(R.style.Button_Plain, look.words(TextKey.ACTION_STOP)) { export.stop() }
    private var step = Step.SELECT

    override val view: View get() = page

    override fun draw(state: ExportState) {
        step = state.step
        error.show(state.error)
        select.showIf(step == Step.SELECT)
        preview.showIf(step == Step.PREVIEW)
        again.showIf(step == Step.PASSPHRASE)
        stay.showIf(step == Step.WRITING)
        done.showIf(step == Step.DONE)
        filter.show(state.filter)
        languages.show(state.languages)
        howFiles.show(state.files)
        forms.show(state.forms)
        formHelp.show(state.formHelp)
        recipients.show(state.recipients)
        recipients.showIf(state.asksRecipients)
        withheld.show(state.withheld)
        legal.show(state.legal)
        known.show(state.formHelp)
        reminder.show(state.formHelp.takeIf { state.opener.isEmpty() })
        drawnOpener.show(state.opener)
        audience.show(state.audience)
        state.preview?.let {
            summary.show(it.summary)
            damaged.say(look.words(it.damaged))
            goOn.showIf(it.damaged != null)
            goOn.isEnabled = !state.busy
            drawnIncidents.show(it.incidents)
            names.show(it.legal)
            drawnFiles.show(it.files)
        }
        progress.show(state.progress, state.busy)
        result.show(state.result)
        forward.showIf(step != Step.WRITING)
        forward.isEnabled = !state.busy && (step != Step.PREVIEW || state.preview?.damaged == null)
        forward.text = look.words(
            when (step) {
                Step.SELECT -> TextKey.EXPORT_PREVIEW
                Step.PREVIEW -> TextKey.ACTION_CONTINUE
                Step.PASSPHRASE, Step.WRITING -> TextKey.EXPORT_CHOOSE_PLACE
                Step.DONE -> TextKey.ACTION_DONE
            },
        )
        stop.showIf(step == Step.WRITING || state.progress != null)
    }

    override fun close() {
        passphrase.clear()
        opener.say(null)
    }

    private fun forward() = when (step) {
        Step.SELECT -> export.preview()
        Step.PREVIEW -> export.accept()
        Step.PASSPHRASE -> export.choosePlace(passphrase.take())
        Step.WRITING -> Unit
        Step.DONE -> look.model.back()
    }

    private fun ViewGroup.incident(row: PreviewRow) {
        text(R.style.Text_Heading, look.words(row.number))
        text(R.style.Text_Small, look.words(row.fields))
        text(R.style.Text_Mark, look.words(row.leavesOut))
        val toggle = if (row.included) TextKey.EXPORT_LEAVE_OUT else TextKey.EXPORT_INCLUDE
        button(R.style.Button_Plain, look.words(toggle)) { export.toggleIncident(row.id) }
    }

    private fun ViewGroup.file(row: LeavingRow) {
        text(R.style.Text_Body, look.words(row.name))
        text(R.style.Text_Small, look.words(row.about))
        LinesPart(look, this).show(row.lines)
        text(if (row.original) R.style.Text_Caution else R.style.Text_Soft, look.words(row.leaving))
        row.change?.let { name -> button(R.style.Button_Plain, look.words(name)) { export.toggleOriginal(row.id) } }
    }

    private fun step(title: TextKey, fill: LinearLayout.() -> Unit): LinearLayout = page.column.column(
        R.dimen.space_4,
    ) {
        text(R.style.Text_Heading, look.words(title)).markAsHeading()
        (this as LinearLayout).fill()
    }

    private val filterEvents: FilterEvents
        get() = object : FilterEvents {
            override fun from(day: LocalDate?) = export.chooseFrom(day)

            override fun to(day: LocalDate?) = export.chooseTo(day)

            override fun behaviour(code: String) = export.chooseBehaviour(code)

            override fun person(code: String) = export.choosePerson(code)
        }
}
