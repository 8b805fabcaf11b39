package org.incidentdiary.app.screens

import android.view.View
import org.incidentdiary.app.R
import org.incidentdiary.app.ui.button
import org.incidentdiary.app.ui.showIf
import org.incidentdiary.app.ui.text
import org.incidentdiary.presentation.KeysModel
import org.incidentdiary.presentation.KeysState
import org.incidentdiary.presentation.KeysState.Step
import org.incidentdiary.presentation.TextKey

/** Her passphrase: another one, whether it opens the diary on this phone only, and a new recovery code. */
internal class KeysScreen(private val look: Look, private val keys: KeysModel) : Screen<KeysState>(keys.state) {
    private val page = look.page(TextKey.KEYS_TITLE)
    private val error = page.column.trouble(look)
    private val done = page.column.notice(look)
    private val progress = ProgressPart(look, page.column)
    private val stay = page.column.text(R.style.Text_Notice, look.words(TextKey.EXPORT_STAY))

    private val now = look.secret(TextKey.KEYS_NOW)
    private val new = look.secret(TextKey.RECOVER_NEW)
    private val again = look.secret(TextKey.START_PASSPHRASE_AGAIN)
    private val change = page.column.confirmed(look, TextKey.KEYS_CHANGE, TextKey.KEYS_CHANGE_HELP, now, new, again) {
        keys.change(now.take(), new.take(), again.take())
    }

    private val passphrase = look.secret(TextKey.START_PASSPHRASE)
    private val code = look.secret(TextKey.RECOVER_CODE)
    private val bind = page.column.confirmed(look, TextKey.KEYS_BIND, TextKey.KEYS_BIND_HELP, passphrase, code) {
        keys.bind(passphrase.take(), code.take())
    }

    private val bound = look.secret(TextKey.START_PASSPHRASE)
    private val unbind = page.column.confirmed(look, TextKey.KEYS_UNBIND, TextKey.KEYS_BIND_HELP, bound) {
        keys.unbind(bound.take())
    }

    private val before = look.secret(TextKey.KEYS_NOW)
    private val next = look.secret(TextKey.RECOVER_NEW)
    private val nextAgain = look.secret(TextKey.START_PASSPHRASE_AGAIN)
    private val make = page.column.confirmed(look, TextKey.KEYS_CODE, TextKey.KEYS_CODE_HELP, before, next, nextAgain) {
        keys.makeCode(before.take(), next.take(), nextAgain.take())
    }
    private val made = CodePart(look, page.column)
    private val forward = page.actions.button(R.style.Button_Primary) { forward() }
    private val backToCode = page.actions.button(R.style.Button_Plain, look.words(TextKey.START_CONFIRM_BACK)) {
        look.model.back()
    }
    private val stop = page.actions.button(R.style.Button_Plain, look.words(TextKey.ACTION_STOP)) { keys.stop() }
    private var step = Step.KEYS

    override val view: View get() = page

    override fun close() {
        listOf(now, new, again, passphrase, code, bound, before, next, nextAgain).forEach { it.clear() }
        made.clear()
    }

    override fun draw(state: KeysState) {
        error.show(state.error)
        done.show(state.done)
        progress.show(state.progress, state.busy)
        step = state.step
        val keys = step == Step.KEYS
        stay.showIf(state.progress != null)
        change.show(keys, !state.busy)
        bind.show(keys && !state.bound, !state.busy)
        unbind.show(keys && state.bound, !state.busy)
        make.show(keys, !state.busy)
        made.show(state.code, state.question)
        forward.showIf(!keys)
        forward.text =
            look.words(if (step == Step.CODE) TextKey.START_CODE_WRITTEN else TextKey.ACTION_CONTINUE)
        backToCode.showIf(step == Step.CONFIRM)
        stop.showIf(state.progress != null)
    }

    private fun forward() = if (step == Step.CODE) keys.codeWritten() else keys.confirm(made.take())
}
