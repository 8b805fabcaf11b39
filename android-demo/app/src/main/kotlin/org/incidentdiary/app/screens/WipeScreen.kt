package org.incidentdiary.app.screens

import android.view.View
import org.incidentdiary.app.R
import org.incidentdiary.app.ui.Field
import org.incidentdiary.app.ui.add
import org.incidentdiary.app.ui.button
import org.incidentdiary.app.ui.text
import org.incidentdiary.presentation.Text
import org.incidentdiary.presentation.TextKey
import org.incidentdiary.presentation.WipeModel
import org.incidentdiary.presentation.WipeState

/** Destroying the diary: what is lost, a word and the passphrase. */
internal class WipeScreen(private val look: Look, private val wipe: WipeModel) : Screen<WipeState>(wipe.state) {
    private val wanted = look.words(TextKey.WIPE_WORD)
    private val page = look.page(TextKey.WIPE_TITLE)
    private val error = page.column.trouble(look)
    private val word = page.column.apply { text(R.style.Text_Caution, look.words(TextKey.WIPE_HELP)) }
        .add(Field(look.context, look.words(Text.Of(TextKey.WIPE_FIELD, listOf(wanted)))))
    private val passphrase = page.column.add(look.secret(TextKey.START_PASSPHRASE))
    private val progress = ProgressPart(look, page.column)
    private val destroy = page.column.button(R.style.Button_Caution, look.words(TextKey.WIPE_TITLE)) {
        wipe.wipe(passphrase.take(), word.edit.text.toString(), wanted)
    }

    override val view: View get() = page

    override fun close() = passphrase.clear()

    override fun draw(state: WipeState) {
        error.show(state.error)
        progress.show(null, state.busy)
        destroy.isEnabled = !state.busy
    }
}
