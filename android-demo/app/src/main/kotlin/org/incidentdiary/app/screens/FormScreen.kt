package org.incidentdiary.app.screens

import android.view.View
import android.widget.Button
import org.incidentdiary.app.R
import org.incidentdiary.app.ui.button
import org.incidentdiary.app.ui.column
import org.incidentdiary.app.ui.showIf
import org.incidentdiary.app.ui.text
import org.incidentdiary.presentation.FormModel
import org.incidentdiary.presentation.FormState
import org.incidentdiary.presentation.TextKey

/** Writing down: the short form, and everything else folded below it. */
internal class FormScreen(private val look: Look, private val form: FormModel) : Screen<FormState>(form.state) {
    private val page = look.page(TextKey.FORM_TITLE_NEW)
    private val events = object : FieldEvents {
        override fun typed(path: String, text: String) = form.edit(path, text)

        override fun chosen(path: String, code: String) = form.choose(path, code)

        override fun added(path: String) = form.add(path)

        override fun removed(path: String) = form.remove(path)
    }
    private val error = page.column.trouble(look)
    private val oldWords = page.column.text(R.style.Text_Notice, look.words(TextKey.FORM_OLD_WORDS_STAY))
    private val fields = FieldsPart(look, page.column.column(R.dimen.space_4), events)
    private val fold: Button = page.column.button(R.style.Button_Plain, look.words(TextKey.FORM_MORE)) {
        form.toggleMore()
    }
    private val more = FieldsPart(look, page.column.column(R.dimen.space_4), events)
    private val discard = page.column.confirmed(look, TextKey.FORM_DISCARD, TextKey.FORM_DISCARD_QUESTION) {
        form.discard()
    }
    private val kept = page.actions.text(R.style.Text_Small, look.words(TextKey.FORM_KEPT))
    private val save: Button = page.actions.button(R.style.Button_Primary, look.words(TextKey.FORM_SAVE)) {
        form.save()
    }

    override val view: View get() = page

    override fun draw(state: FormState) {
        page.title(look.words(state.title))
        error.show(state.error)
        oldWords.showIf(state.amending)
        fields.show(state.fields, !state.busy)
        fold.text = look.words(if (state.moreOpen) TextKey.FORM_LESS else TextKey.FORM_MORE)
        fold.setCompoundDrawablesRelativeWithIntrinsicBounds(
            0,
            0,
            if (state.moreOpen) R.drawable.ic_fold else R.drawable.ic_expand,
            0,
        )
        more.show(if (state.moreOpen) state.more else emptyList(), !state.busy)
        discard.show(allowed = true, enabled = !state.busy)
        kept.showIf(state.kept)
        save.isEnabled = !state.busy
    }
}
