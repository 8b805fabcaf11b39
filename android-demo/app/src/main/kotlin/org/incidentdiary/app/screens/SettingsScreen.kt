package org.incidentdiary.app.screens

import android.view.View
import android.widget.TextView
import org.incidentdiary.app.R
import org.incidentdiary.app.ui.add
import org.incidentdiary.app.ui.button
import org.incidentdiary.app.ui.card
import org.incidentdiary.app.ui.column
import org.incidentdiary.app.ui.say
import org.incidentdiary.app.ui.showIf
import org.incidentdiary.app.ui.text
import org.incidentdiary.presentation.SettingsModel
import org.incidentdiary.presentation.SettingsState
import org.incidentdiary.presentation.TextKey

/** Settings, and the check of the whole diary. */
internal class SettingsScreen(
    private val look: Look,
    private val settings: SettingsModel,
) : Screen<SettingsState>(settings.state) {
    private val page = look.page(TextKey.SETTINGS_TITLE)
    private val error = page.column.trouble(look)
    private val idle = page.column.column(R.dimen.space_2) {
        text(R.style.Text_Label, look.words(TextKey.SETTINGS_IDLE))
    }.let { ChoicesPart(look, it) { code -> settings.chooseIdle(code) } }
    private lateinit var why: TextView
    private val passphrase = look.secret(TextKey.START_PASSPHRASE)
    private val longer = page.column.card(R.dimen.space_3) {
        why = text(R.style.Text_Body)
        add(passphrase)
        button(R.style.Button_Tonal, look.words(TextKey.ACTION_CONTINUE)) { settings.confirmIdle(passphrase.take()) }
        button(R.style.Button_Plain, look.words(TextKey.ACTION_CANCEL)) {
            passphrase.clear()
            settings.keepIdle()
        }
    }
    private val checked = page.column.apply {
        text(R.style.Text_Soft, look.words(TextKey.SETTINGS_LEAVING))
    }.notice(look)
    private val findings = LinesPart(look, page.column)
    private val progress = ProgressPart(look, page.column)
    private val check = page.column.button(R.style.Button_Tonal, look.words(TextKey.SETTINGS_CHECK)) {
        settings.check()
    }
    private val stop = page.column.button(R.style.Button_Plain, look.words(TextKey.ACTION_STOP)) { settings.stop() }
    private val backup = page.column.button(R.style.Button_Plain, look.words(TextKey.BACKUP_TITLE)) {
        look.model.openBackup()
    }
    private val keys = page.column.button(R.style.Button_Plain, look.words(TextKey.KEYS_TITLE)) {
        look.model.openKeys()
    }
    private val wipe = page.column.button(R.style.Button_Plain, look.words(TextKey.WIPE_TITLE)) {
        look.model.openWipe()
    }
    private val version = page.column.text(R.style.Text_Small)

    override val view: View get() = page

    override fun close() = passphrase.clear()

    override fun draw(state: SettingsState) {
        error.show(state.error)
        idle.show(state.idle)
        longer.showIf(state.longer != null)
        why.say(look.words(state.longer))
        checked.show(state.checked)
        findings.show(state.findings)
        progress.show(state.progress, state.busy)
        check.isEnabled = !state.busy
        stop.showIf(state.progress != null)
        backup.isEnabled = !state.busy
        keys.isEnabled = !state.busy
        wipe.isEnabled = !state.busy
        version.say("${look.words(TextKey.SETTINGS_VERSION)} ${look.words(state.version)}")
    }
}
