package org.incidentdiary.presentation

import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import org.incidentdiary.core.FindingLevel
import org.incidentdiary.core.libraryVersion
import org.incidentdiary.listener

/** What can be set, and the check of the whole diary. */
public class SettingsModel internal constructor(private val opened: OpenDiary) {
    private val current = MutableStateFlow(SettingsState(version = Text.Words(libraryVersion())))
    private var checking: Job? = null

    /** What the screen shows. */
    public val state: StateFlow<SettingsState> = current.asStateFlow()

    init {
        show()
    }

    /** After how many minutes without a touch the diary locks. */
    public fun chooseIdle(minutes: String) {
        if (minutes !in IDLE) return
        opened.ports.settings.set(IDLE_MINUTES, minutes)
        show()
    }

    /** Reads everything and compares it with what was recorded. */
    public fun check() {
        if (current.value.busy) return
        val text = TextKey.SETTINGS_CHECKING.text()
        current.update { it.copy(busy = true, checked = null, findings = emptyList(), error = null) }
        checking = opened.work(::failed) {
            val report = opened.longCall { diary, stillWanted ->
                diary.check(
                    listener { done, total ->
                        current.update { it.copy(progress = Progress(text, percent(done, total))) }
                        stillWanted()
                    },
                )
            }
            val outcome = if (report.sound) TextKey.SETTINGS_SOUND else TextKey.SETTINGS_NOT_SOUND
            current.update { state ->
                state.copy(
                    busy = false,
                    progress = null,
                    checked = outcome.text(),
                    findings = report.findings.filter { it.level != FindingLevel.FINE }
                        .map { Line(Text.Words(it.subject.ifEmpty { it.check }), Text.Words(it.detail)) },
                )
            }
        }
    }

    /** Stops the check. */
    public fun stop() {
        checking?.cancel()
        failed(TextKey.ERROR_STOPPED.text())
    }

    internal fun left() {
        checking?.cancel()
    }

    private fun show() = current.update {
        val chosen = idleMinutes(opened.ports.settings).toString()
        it.copy(
            idle = IDLE.map { minutes ->
                Choice(minutes, TextKey.SETTINGS_MINUTES.text(minutes), minutes == chosen)
            },
        )
    }

    private fun failed(text: Text) = current.update { it.copy(busy = false, progress = null, error = text) }
}

/** After so many minutes without a touch the diary locks: five, unless she chose another time. */
internal fun idleMinutes(settings: Settings): Long =
    settings.get(IDLE_MINUTES)?.takeIf { it in IDLE }?.toLong() ?: USUAL_IDLE

private val IDLE = listOf("1", "2", "5", "10")
private const val IDLE_MINUTES = "idle_minutes"
private const val USUAL_IDLE = 5L
