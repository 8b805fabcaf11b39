package org.incidentdiary.presentation

import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import org.incidentdiary.confirm
import org.incidentdiary.core.Diary
import org.incidentdiary.core.DiaryException
import org.incidentdiary.core.IncidentDetail
import org.incidentdiary.listener

/** One incident: what was written, its files, and what came after. */
public class IncidentModel internal constructor(
    private val app: AppModel,
    private val opened: OpenDiary,
    internal val id: String,
) {
    private val current = MutableStateFlow(IncidentState())
    private var items: Map<String, Pair<String, String>> = emptyMap()
    private var copying: Job? = null

    /** Why she withdraws it, until she has. */
    private val draft = KeptDraft(opened, "withdraw-$id") { current.value.reason.ifBlank { "" } }

    /** What the screen shows. */
    public val state: StateFlow<IncidentState> = current.asStateFlow()

    init {
        refresh()
        opened.work({}) {
            draft.read { typed -> current.update { if (it.reason.isEmpty()) it.copy(reason = typed) else it } }
        }
    }

    /** Opens the form to add to it or correct it. */
    public fun amend(): Unit = app.openForm(id)

    /** Lets her pick files to attach. */
    public fun attachFiles(): Unit = app.ask(Effect.PickFiles, about = id)

    /** Lets her take a photo to attach. */
    public fun takePhoto(): Unit = app.ask(Effect.TakePhoto, about = id)

    /** She typed why she withdraws it. */
    public fun editReason(text: String) {
        app.onUserActive()
        current.update { it.copy(reason = text) }
    }

    /** Withdraws it, for the reason that she typed; the words stay and are marked. */
    public fun withdraw() {
        val reason = current.value.reason
        change(TextKey.DONE_WITHDRAWN) { it.withdraw(id, reason) }
    }

    /**
     * Destroys its words and files, after she was told what is lost and gave the passphrase again, which is wiped: whoever
     * holds the open phone must not be able to. What was typed about it and not saved goes too.
     */
    public fun erase(passphrase: CharArray): Unit = change(TextKey.DONE_ERASED, passphrase) {
        it.confirm(passphrase)
        it.erase(id)
        it.discardDraft("amend-$id")
        it.discardDraft(AttachModel.draft(id))
    }

    /** Shows a picture here. */
    public fun show(item: String): Unit = app.openPicture(id, item)

    /**
     * Saves a copy of a file where she chooses, after she gave the passphrase again, which is wiped: nothing leaves without
     * it. The copy is not encrypted, which she was told.
     */
    public fun saveCopy(item: String, passphrase: CharArray) {
        val file = items[item]
        if (file == null || current.value.busy) return passphrase.fill('\u0000')
        current.update { it.copy(busy = true, error = null, done = null) }
        copying = opened.work(::failed, CoroutineStart.UNDISPATCHED) {
            try {
                opened.call { it.confirm(passphrase) }
                current.update { it.copy(busy = false) }
                app.askForTarget(file.first, file.second) { if (it != null) copy(item, it) }
            } finally {
                passphrase.fill('\u0000')
            }
        }
    }

    /** Stops what takes long. */
    public fun stop() {
        copying?.cancel()
    }

    internal fun say(text: Text?) {
        if (text != null) current.update { it.copy(done = text) }
    }

    internal fun trouble(text: Text) {
        current.update { it.copy(error = text) }
    }

    internal fun left() {
        copying?.cancel()
        stopped()
    }

    /** The app cannot be seen, and may be ended. */
    internal fun stopped() = opened.finishing({}) { keep() }

    /** Keeps what she typed. */
    internal suspend fun keep() = draft.keep()

    internal fun refresh() {
        opened.work(::failed) {
            try {
                show(opened.call { it.show(id) })
            } catch (_: DiaryException.Damaged) {
                // What cannot be read can still be destroyed, for her safety.
                failed(TextKey.INCIDENT_DAMAGED.text())
                current.update { it.copy(canErase = true) }
            }
        }
    }

    /** After it no reason to withdraw it is left, on the screen or as a draft. */
    private fun change(said: TextKey, secret: CharArray = CharArray(0), work: (Diary) -> Unit) {
        if (current.value.busy) {
            secret.fill('\u0000')
            return
        }
        current.update { it.copy(busy = true, error = null, done = null) }
        opened.work(::failed, CoroutineStart.UNDISPATCHED) {
            try {
                val detail = draft.use { diary, used ->
                    work(diary)
                    SavedBackup.outdate(diary)
                    current.update { it.copy(reason = "") }
                    used()
                    diary.show(id)
                }
                show(detail)
                current.update { it.copy(busy = false, done = said.text()) }
            } catch (error: DiaryException.InvalidField) {
                failed(fieldErrorText(error.rule))
            } finally {
                secret.fill('\u0000')
            }
        }
    }

    private fun copy(item: String, target: ContentTarget) {
        val text = TextKey.ATTACH_COPYING.text()
        current.update { it.copy(busy = true, progress = Progress(text, 0), error = null, done = null) }
        copying = opened.stoppable(::failed) {
            opened.carryOut(item, target) { diary, file, stillWanted ->
                diary.extract(
                    item,
                    file.path,
                    listener { done, total ->
                        current.update { it.copy(progress = Progress(text, percent(done, total))) }
                        stillWanted()
                    },
                )
            }
            current.update { it.copy(busy = false, progress = null, done = TextKey.DONE_COPIED.text()) }
        }
    }

    private fun show(detail: IncidentDetail) {
        val zone = opened.ports.zone()
        val incident = detail.incident
        val written = detail.recordedAt?.let {
            Line(TextKey.INCIDENT_WRITTEN.text(), writtenText(it.unixMs, it.utcOffsetSeconds, zone))
        }
        // Lost, in a diary that was saved from a damaged one: nothing can be added to words that nobody knows.
        val readable = incident != null
        items = detail.evidence.associate { it.id to (it.name to it.mediaType) }
        current.update {
            it.copy(
                loading = false,
                title = TextKey.INCIDENT_TITLE.text(detail.number),
                times = listOfNotNull(incident?.let { occurredLine(it.occurred, zone) }, written),
                lines = incident?.let { linesOf(it, zone) }.orEmpty(),
                evidence = detail.evidence.map(::evidenceRow),
                first = firstLines(detail, zone),
                history = detail.history.map { historyLine(it, zone) },
                notices = listOfNotNull(
                    TextKey.INCIDENT_ERASED.text().takeIf { detail.erased },
                    TextKey.INCIDENT_WITHDRAWN.text().takeIf { detail.withdrawn },
                    TextKey.INCIDENT_LOST.text(detail.lost).takeIf { detail.lost > 0u },
                ),
                canAmend = readable,
                canWithdraw = readable && !detail.withdrawn,
                canErase = !detail.erased,
            )
        }
    }

    private fun failed(text: Text) =
        current.update { it.copy(loading = false, busy = false, progress = null, error = text) }
}

/** How far work is; null if nobody knows. */
internal fun percent(done: ULong, total: ULong): Int? =
    if (total == 0uL) null else (done.coerceAtMost(total).toDouble() / total.toDouble() * HUNDRED).toInt()

private const val HUNDRED = 100
