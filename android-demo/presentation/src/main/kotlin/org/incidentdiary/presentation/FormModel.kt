package org.incidentdiary.presentation

import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import org.incidentdiary.core.Diary
import org.incidentdiary.core.DiaryException
import org.incidentdiary.presentation.FieldState.Kind
import org.incidentdiary.saveDraft
import java.time.DateTimeException
import java.time.LocalDate
import java.time.LocalDateTime

/**
 * Writes an incident down, or adds to one. What is typed is kept, sealed in the diary, a second after the last letter
 * and whenever the form or the app is left; saving or throwing away ends that.
 */
public class FormModel internal constructor(
    private val app: AppModel,
    private val opened: OpenDiary,
    private val about: String?,
) {
    private val form = if (about == null) NEW else "amend-$about"
    private val current =
        MutableStateFlow(FormState(amending = about != null, busy = true, title = title()))
    private var before = FormValues()
    private var values = FormValues()
    private var errors: Map<String, Text> = emptyMap()
    private var kept = ""

    /** Recording, throwing away and keeping, one after the other: a draft that comes late would be recorded twice. */
    private val turn = Mutex()

    /** Recorded or thrown away: nothing of it is kept any more. Set where that happens, on the thread of the library. */
    @Volatile
    internal var ended = false
        private set

    /** What she is told of what was recorded. */
    @Volatile
    internal var recorded: Text? = null
        private set
    internal val route: Route get() = Route.Form(about)
    private var keeping: Job? = null

    /** She was told that what she typed is not kept: the next time she may go. */
    private var warned = false

    /** What the screen shows. */
    public val state: StateFlow<FormState> = current.asStateFlow()

    init {
        opened.work({ text -> current.update { it.copy(busy = false, error = text) } }) {
            val (incident, draft) = opened.call { diary ->
                about?.let { diary.show(it).incident } to diary.keptDraft(form)
            }
            before = if (about == null) fresh() else incident?.let(FormValues::of) ?: FormValues()
            values = draft.text?.let(FormValues::decode) ?: before
            kept = if (draft.text == null) "" else values.encode()
            val damaged = TextKey.NOTICE_DRAFTS_DAMAGED.text().takeIf { draft.damaged }
            current.update { it.copy(busy = false, kept = draft.text != null, error = it.error ?: damaged) }
            show()
        }
    }

    /** She typed into a field, or chose a day (`2026-10-03`) or a time (`21:15`). */
    public fun edit(path: String, text: String) {
        app.onUserActive()
        change(path, values.write(path, text, opened.ports.zone()))
    }

    /** She chose a code; the same again takes it out. */
    public fun choose(path: String, code: String) {
        val some = fieldAt(path)?.kind == Kind.SOME_OF
        val chosen = values[path].split(' ').filter { it.isNotEmpty() }.toSet()
        val now = if (some) chosen.toggled(code) else setOf(code) - chosen
        change(path, values.with(path, now.joinToString(" ")))
    }

    /** Adds an element to the list with this path. */
    public fun add(path: String): Unit = change(path, values.add(path))

    /** Takes the element away that begins at this path, such as `people[1]`. */
    public fun remove(path: String) {
        val element = path.substringAfterLast('[').removeSuffix("]").toIntOrNull() ?: return
        val list = path.substringBeforeLast('[')
        change(path, values.remove(list, element))
    }

    /** Unfolds the rest of the fields, or folds it. */
    public fun toggleMore() {
        current.update { it.copy(moreOpen = !it.moreOpen) }
    }

    /** Records it. */
    public fun save() {
        if (current.value.busy) return
        keeping?.cancel()
        values = FormFields.compact(values)
        current.update { it.copy(busy = true, error = null) }
        opened.finishing(::failed) {
            try {
                turn.withLock { record() }
            } catch (error: DiaryException.InvalidField) {
                mark(error)
            } catch (error: Exception) {
                // A draft may still find room where a record does not.
                runCatching { keep() }
                throw error
            }
            // What could not be recorded is kept.
            keep()
        }
    }

    /** Throws away what was typed, after she was asked. */
    public fun discard() {
        if (current.value.busy) return
        keeping?.cancel()
        current.update { it.copy(busy = true, error = null) }
        opened.finishing(::failed) {
            turn.withLock {
                opened.finish { diary ->
                    diary.discardDraft(form)
                    ended = true
                }
            }
            app.leave(this)
        }
    }

    /**
     * True if she cannot go back yet: what is typed is kept first, and what is being recorded is on the disk in a moment.
     * What cannot be kept is told; then she may go all the same.
     */
    internal fun back(): Boolean {
        if (current.value.busy) return true
        if (warned || isKept()) return false
        keeping?.cancel()
        current.update { it.copy(busy = true, error = null) }
        opened.finishing(::failed) {
            try {
                keep()
                current.update { it.copy(busy = false) }
                app.leave(this)
            } catch (error: Exception) {
                if (error.endsTheSession()) throw error
                warned = true
                failed(if (error is DiaryException.Full) errorText(error) else TextKey.FORM_NOT_KEPT.text())
            }
        }
        return true
    }

    internal fun trouble(text: Text) = current.update { it.copy(error = text) }

    /** The form or the app is left: what is typed is kept. */
    internal fun left() {
        keeping?.cancel()
        opened.finishing({}) { keep() }
    }

    /** Keeps what is typed, as it is when its turn comes: it may have been recorded by then. */
    internal suspend fun keep() = turn.withLock {
        val text = values.encode()
        if (!isKept()) {
            opened.finish { it.saveDraft(form, text) }
            kept = text
        }
        current.update { it.copy(kept = kept.isNotEmpty() && kept == values.encode()) }
    }

    /** An untouched form leaves nothing; one that was emptied again takes the place of what was kept. */
    private fun isKept() = ended || values.encode() == kept || (values == before && kept.isEmpty())

    private suspend fun record() {
        val zone = opened.ports.zone()
        if (about == null) {
            val incident = values.incident(zone)
            val added = opened.finish { diary ->
                diary.add(incident).also {
                    recorded = TextKey.DONE_SAVED.text(it.number)
                    end(diary)
                }
            }
            app.leave(this, Route.OneIncident(added.id), recorded)
            return
        }
        val reason = values[REASON]
        val patch = values.with(REASON, "").patch(before.with(REASON, ""), zone)
        if (patch == null) {
            current.update { it.copy(busy = false, error = TextKey.FORM_NOTHING_CHANGED.text()) }
            return
        }
        opened.finish { diary ->
            diary.amend(about, patch, reason)
            end(diary)
            SavedBackup.outdate(diary)
        }
        app.leave(this)
    }

    /** It is recorded; that its draft cannot be taken away must not look as if it were not. */
    private fun end(diary: Diary) {
        ended = true
        runCatching { diary.discardDraft(form) }
    }

    private fun change(path: String, now: FormValues) {
        // What comes while it is recorded would be in no incident and in no draft.
        if (current.value.busy) return
        values = now
        warned = false
        errors = errors - path
        current.update { it.copy(error = null, kept = false) }
        show()
        keeping?.cancel()
        keeping = opened.work(::failed) {
            delay(KEEP_AFTER)
            keep()
        }
    }

    /** Shows what is wrong beside the field, and opens the fold that it lies in. */
    internal fun mark(error: DiaryException.InvalidField) {
        val path = error.path
        // A heading and a button are no place for an error.
        val fields = (current.value.fields + current.value.more).filter { it.kind != Kind.GROUP && it.kind != Kind.ADD }
        val at = fields.firstOrNull { it.path == path } ?: fields.firstOrNull { path.startsWith(it.path) }
        errors = if (at == null) emptyMap() else mapOf(at.path to fieldErrorText(error.rule))
        val folded = at != null && current.value.fields.none { it.path == at.path }
        current.update {
            it.copy(
                busy = false,
                moreOpen = it.moreOpen || folded,
                error = if (at == null) fieldErrorText(error.rule) else TextKey.FIELD_CHECK.text(),
            )
        }
        show()
    }

    private fun failed(text: Text) = current.update { it.copy(busy = false, error = text) }

    private fun show() {
        val reason = FormFields.Spec(
            REASON,
            Kind.TEXT,
            TextKey.FORM_REASON.text(),
            TextKey.FORM_REASON_HINT,
        ).takeIf { about != null }
        current.update { state ->
            state.copy(
                fields = (listOfNotNull(reason) + FormFields.short).map { field(it, it.path) },
                more = FormFields.more.flatMapIndexed(::folded),
            )
        }
    }

    private fun folded(number: Int, part: FormFields.Part): List<FieldState> = when (part) {
        is FormFields.Group ->
            listOf(FieldState("", Kind.GROUP, part.label, number = number)) + part.fields.map { field(it, it.path) }
        is FormFields.Many -> {
            val elements = (0 until values.count(part.path)).flatMap { at ->
                val element = "${part.path}[$at]"
                part.fields.mapIndexed { first, spec ->
                    val path = if (spec.path.isEmpty()) element else "$element.${spec.path}"
                    val heading = TextKey.FORM_ELEMENT.text(part.label, at + 1)
                    field(spec, path).copy(
                        heading = heading.takeIf { first == 0 },
                        element = element.takeIf { first == 0 },
                    )
                }
            }
            elements + FieldState(part.path, Kind.ADD, TextKey.FORM_ADD.text(part.label))
        }
    }

    private fun field(spec: FormFields.Spec, path: String): FieldState {
        val value = values[path]
        return FieldState(
            path = path,
            kind = spec.kind,
            label = spec.label,
            hint = spec.hint?.text(),
            value = value,
            shown = if (spec.kind == Kind.DATE) shownDate(value) else Text.Words(value),
            choices = spec.codes?.let { opened.choices(it, value.split(' ')) }.orEmpty(),
            error = errors[path],
        )
    }

    private fun shownDate(value: String): Text = try {
        dateText(LocalDate.parse(value))
    } catch (_: DateTimeException) {
        Text.Words(value)
    }

    private fun fieldAt(path: String): FieldState? =
        (current.value.fields + current.value.more).firstOrNull { it.path == path }

    /** A new form begins with now, as "about": she changes it if it was another day. */
    private fun fresh(): FormValues {
        val now = LocalDateTime.ofInstant(opened.ports.now(), opened.ports.zone())
        return FormValues()
            .with("occurred.from", now.toLocalDate().toString())
            .with("occurred.from.time", now.toLocalTime().withSecond(0).withNano(0).toString())
            .with("occurred.precision", "about")
    }

    private fun title(): Text = (if (about == null) TextKey.FORM_TITLE_NEW else TextKey.FORM_TITLE_AMEND).text()

    internal companion object {
        /** The name of the draft of a new incident. */
        const val NEW = "new"
        private const val REASON = "reason"
        private const val KEEP_AFTER = 1000L
    }
}
