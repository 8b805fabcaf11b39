package org.incidentdiary.app.screens

import android.view.ViewGroup
import android.widget.Button
import android.widget.LinearLayout
import org.incidentdiary.app.R
import org.incidentdiary.app.ui.add
import org.incidentdiary.app.ui.addWide
import org.incidentdiary.app.ui.button
import org.incidentdiary.app.ui.column
import org.incidentdiary.app.ui.iconButton
import org.incidentdiary.app.ui.row
import org.incidentdiary.app.ui.showIf
import org.incidentdiary.app.ui.text
import org.incidentdiary.presentation.FilterState
import org.incidentdiary.presentation.Text
import org.incidentdiary.presentation.TextKey
import java.time.LocalDate

/** What a choice of incidents tells of. */
internal interface FilterEvents {
    fun from(day: LocalDate?)

    fun to(day: LocalDate?)

    fun behaviour(code: String)

    fun person(code: String)
}

/** Chooses incidents by day, by what he did and by who; [clear] takes all of it back at once. */
internal class FilterPart(
    private val look: Look,
    parent: ViewGroup,
    events: FilterEvents,
    clear: (() -> Unit)? = null,
) {
    private var latest = FilterState()
    private val part: LinearLayout = parent.column(R.dimen.space_3)
    private val from = day(TextKey.FILTER_FROM, { latest.from }, events::from)
    private val to = day(TextKey.FILTER_TO, { latest.to }, events::to)
    private val behaviours = choices(TextKey.FILTER_BEHAVIOUR, events::behaviour)
    private val legal = part.legal(look)
    private val people = choices(TextKey.FILTER_PERSON, events::person)
    private val all = clear?.let { part.button(R.style.Button_Plain, look.words(TextKey.LIST_FILTER_CLEAR)) { it() } }

    fun show(filter: FilterState) {
        latest = filter
        from.show(filter.fromText, filter.from != null)
        to.show(filter.toText, filter.to != null)
        behaviours.show(filter.behaviours)
        legal.show(filter.legal)
        people.show(filter.people)
        all?.showIf(filter.active)
    }

    fun showIf(shown: Boolean) = part.showIf(shown)

    private fun day(name: TextKey, value: () -> LocalDate?, changed: (LocalDate?) -> Unit) = Day(name, value, changed)

    private inner class Day(private val name: TextKey, value: () -> LocalDate?, changed: (LocalDate?) -> Unit) {
        private val line = part.column(R.dimen.space_1) {
            text(R.style.Text_Label, look.words(name))
        }.add(row(look.context))
        private val button: Button = line.addWide(
            button(look.context, R.style.Button_Field) {
                pickDate(look, value()?.toString().orEmpty()) { changed(LocalDate.parse(it)) }
            },
        )
        private val any = line.add(
            iconButton(look.context, R.drawable.ic_remove, look.words(TextKey.ACTION_REMOVE)) { changed(null) },
            ViewGroup.LayoutParams.WRAP_CONTENT,
        )

        fun show(text: Text, chosen: Boolean) {
            any.showIf(chosen)
            button.text = look.words(text)
            button.contentDescription = "${look.words(name)}, ${button.text}"
        }
    }

    private fun choices(name: TextKey, chosen: (String) -> Unit) = Choices(name, chosen)

    private inner class Choices(name: TextKey, chosen: (String) -> Unit) {
        private val column = part.column(R.dimen.space_2) { text(R.style.Text_Label, look.words(name)) }
        private val chips = ChoicesPart(look, column, look.words(TextKey.ACTION_MORE), chosen)

        fun show(choices: List<org.incidentdiary.presentation.Choice>) {
            column.showIf(choices.isNotEmpty())
            chips.show(choices)
        }
    }
}
