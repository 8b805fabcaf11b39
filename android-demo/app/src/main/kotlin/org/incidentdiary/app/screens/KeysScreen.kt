package org.incidentdiary.app.screens

import android.view.View
import org.incidentdiary.presentation.KeysModel
import org.incidentdiary.presentation.KeysState
import org.incidentdiary.presentation.TextKey

/** Her passphrase: another one, and whether it opens the diary on this phone only. */
internal class KeysScreen(private val look: Look, private val keys: KeysModel) : Screen<KeysState>(keys.state) {
    private val page = look.page(TextKey.KEYS_TITLE)
    private val error = page.column.trouble(look)
    private val done = page.column.notice(look)
    private val progress = ProgressPart(look, page.column)

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

    override val view: View get() = page

    override fun close() = listOf(now, new, again, passphrase, code, bound).forEach { it.clear() }

    override fun draw(state: KeysState) {
        error.show(state.error)
        done.show(state.done)
        progress.show(null, state.busy)
        change.show(allowed = true, enabled = !state.busy)
        bind.show(!state.bound, !state.busy)
        unbind.show(state.bound, !state.busy)
    }
}
