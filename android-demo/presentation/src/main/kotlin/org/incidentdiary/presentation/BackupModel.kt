package org.incidentdiary.presentation

import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import org.incidentdiary.backup
import org.incidentdiary.core.ListQuery
import org.incidentdiary.core.WrittenBackup

/** Writes everything into one sealed file, which she keeps away from this phone. */
public class BackupModel internal constructor(private val app: AppModel, private val opened: OpenDiary) {
    private val current = MutableStateFlow(BackupState())
    private var running: Job? = null

    /** What the screen shows. */
    public val state: StateFlow<BackupState> = current.asStateFlow()

    init {
        opened.work(::failed) {
            val bound = opened.call { it.isBound() }
            current.update { it.copy(bound = bound) }
        }
    }

    /** Asks for a place, and writes it there. It opens with what opens the diary now, so no passphrase is asked for. */
    public fun choosePlace() {
        if (current.value.busy) return
        app.askForTarget("${opened.ports.day()}.backup", "application/octet-stream") { if (it != null) write(it) }
    }

    /** Stops the work; nothing is left behind. */
    public fun stop() {
        running?.cancel()
    }

    internal fun trouble(text: Text) = current.update { it.copy(error = text) }

    internal fun left() {
        running?.cancel()
    }

    private fun write(target: ContentTarget) {
        if (current.value.busy) return app.giveUp(target)
        val text = TextKey.EXPORT_WRITING.text()
        current.update { BackupState(bound = it.bound, busy = true, progress = Progress(text, null)) }
        running = opened.stoppable(::failed) {
            val (written, newest) = opened.carryOut(
                "backup",
                target,
                SavedBackup.Companion::forget,
            ) { diary, file, stillWanted ->
                val newest = diary.list(ListQuery(limit = 1u)).incidents.firstOrNull()?.number ?: 0u
                val written = diary.backup(file) { done, total ->
                    current.update { it.copy(progress = Progress(text, percent(done, total))) }
                    stillWanted()
                }
                written to newest
            }
            done(written)
            opened.finish { SavedBackup(newest).keep(it) }
        }
    }

    private fun done(written: WrittenBackup) = current.update { state ->
        state.copy(
            busy = false,
            progress = null,
            result = listOf(
                Line(TextKey.EXPORT_INCIDENTS.text(), Text.Words(written.incidents.toString())),
                Line(TextKey.EXPORT_FILES.text(), Text.Words(written.files.toString())),
                Line(TextKey.EXPORT_SIZE.text(), sizeText(written.bytes.toLong())),
            ),
            unreadable = TextKey.BACKUP_UNREADABLE.text().takeIf {
                written.unreadableCells > 0u || written.unreadableFiles > 0u
            },
        )
    }

    private fun failed(text: Text) = current.update { it.copy(busy = false, progress = null, error = text) }
}
