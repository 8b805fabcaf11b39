package org.incidentdiary.presentation

import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import org.incidentdiary.confirm
import org.incidentdiary.core.Finding
import org.incidentdiary.core.FindingLevel
import org.incidentdiary.core.KeyFile
import org.incidentdiary.core.libraryVersion
import org.incidentdiary.listener

/** What can be set, and the check of the whole diary. */
public class SettingsModel internal constructor(private val opened: OpenDiary) {
    private val current = MutableStateFlow(SettingsState(version = Text.Words(libraryVersion())))
    private var checking: Job? = null
    private var wanted: String? = null

    /** What the screen shows. */
    public val state: StateFlow<SettingsState> = current.asStateFlow()

    init {
        show()
    }

    /**
     * After how many minutes without a touch the diary locks. For more of them the passphrase is asked for: whoever holds
     * the open phone must not be able to keep it open.
     */
    public fun chooseIdle(minutes: String) {
        if (minutes !in IDLE || current.value.busy) return
        if (minutes.toLong() > idleMinutes(opened.ports.settings)) wanted = minutes else setIdle(minutes)
        show()
    }

    /** The passphrase for the longer time; it is wiped. */
    public fun confirmIdle(passphrase: CharArray) {
        val minutes = wanted
        if (minutes == null || current.value.busy) {
            passphrase.fill('\u0000')
            return
        }
        current.update { it.copy(busy = true, error = null) }
        opened.work(::failed, CoroutineStart.UNDISPATCHED) {
            try {
                opened.call { it.confirm(passphrase) }
                setIdle(minutes)
                current.update { it.copy(busy = false) }
                show()
            } finally {
                passphrase.fill('\u0000')
            }
        }
    }

    /** She thought better of it. */
    public fun keepIdle() {
        wanted = null
        show()
    }

    /** Reads everything and compares it with what was recorded. */
    public fun check() {
        if (current.value.busy) return
        val text = TextKey.SETTINGS_CHECKING.text()
        current.update { it.copy(busy = true, checked = null, findings = emptyList(), error = null) }
        checking = opened.stoppable(::failed) {
            val (report, keyFile) = opened.longCall { diary, stillWanted ->
                val report = diary.check(
                    listener { done, total ->
                        current.update { it.copy(progress = Progress(text, percent(done, total))) }
                        stillWanted()
                    },
                )
                report to diary.keyFile()
            }
            val outcome = if (report.sound) TextKey.SETTINGS_SOUND else TextKey.SETTINGS_NOT_SOUND
            current.update { state ->
                state.copy(
                    busy = false,
                    progress = null,
                    checked = outcome.text(),
                    findings = report.findings.filter { it.level != FindingLevel.FINE }
                        .map { findingLine(it, keyFile) }.distinct(),
                )
            }
        }
    }

    /** Stops the check. */
    public fun stop() {
        checking?.cancel()
    }

    internal fun trouble(text: Text) = current.update { it.copy(error = text) }

    internal fun left() {
        checking?.cancel()
    }

    private fun setIdle(minutes: String) {
        wanted = null
        opened.ports.settings.set(IDLE_MINUTES, minutes)
    }

    private fun show() = current.update {
        val chosen = idleMinutes(opened.ports.settings).toString()
        it.copy(
            error = null,
            longer = wanted?.let { minutes -> TextKey.SETTINGS_LONGER.text(minutes) },
            idle = IDLE.map { minutes ->
                Choice(minutes, TextKey.SETTINGS_MINUTES.text(minutes), minutes == chosen)
            },
        )
    }

    private fun failed(text: Text) = current.update { it.copy(busy = false, progress = null, error = text) }
}

/**
 * What a check found, for her: which entry of the log, and what it means. The sentence of the library is for an expert.
 * [keyFile] says how bad it is with that.
 */
internal fun findingLine(finding: Finding, keyFile: KeyFile): Line {
    val entry = ENTRY.find(finding.subject)?.value?.takeUnless { finding.check == "header" }
    val what = when (finding.check) {
        "header" -> keyFileKey(keyFile) ?: TextKey.FINDING_OTHER
        "cell" -> TextKey.FINDING_CELL
        "index" -> TextKey.FINDING_INDEX
        "evidence-file" -> TextKey.FINDING_FILE
        else -> TextKey.FINDING_OTHER
    }
    return Line(entry?.let { TextKey.FINDING_ENTRY.text(it) } ?: TextKey.FINDING_LOG.text(), what.text())
}

/** What she should know of the key file; nothing if it is whole. */
internal fun keyFileKey(file: KeyFile): TextKey? = when (file) {
    KeyFile.WHOLE -> null
    KeyFile.MENDED -> TextKey.NOTICE_KEY_FILE
    KeyFile.ONE_COPY -> TextKey.NOTICE_KEY_COPY
    KeyFile.LOST -> TextKey.NOTICE_KEY_LOST
}

/** `entry 12`, or the id `12-k7q2`. */
private val ENTRY = Regex("(?<=^entry )[0-9]+$|^[0-9]+(?=-[0-9a-z]{4}$)")

/** After so many minutes without a touch the diary locks: five, unless she chose another time. */
internal fun idleMinutes(settings: Settings): Long =
    settings.get(IDLE_MINUTES)?.takeIf { it in IDLE }?.toLong() ?: USUAL_IDLE

private val IDLE = listOf("1", "2", "5", "10")
private const val IDLE_MINUTES = "idle_minutes"
private const val USUAL_IDLE = 5L
