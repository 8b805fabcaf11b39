package org.incidentdiary.presentation

import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Job
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import org.incidentdiary.confirm
import org.incidentdiary.core.ExportPreview
import org.incidentdiary.core.ExportSelection
import org.incidentdiary.core.KnownPerson
import org.incidentdiary.core.Originals
import org.incidentdiary.core.WithheldField
import org.incidentdiary.listener
import org.incidentdiary.presentation.ExportState.Step
import org.incidentdiary.saveDraft
import java.time.LocalDate

/**
 * Hands over: she chooses, sees exactly what would leave, gives the passphrase again and chooses a place. The file is
 * written and checked in the app's own storage first, so that nothing half-written ever lies outside.
 */
public class ExportModel internal constructor(private val app: AppModel, private val opened: OpenDiary) {
    private val current = MutableStateFlow(ExportState())
    private var chosen = ExportChoices()

    /** A draft of [chosen] lies in the diary. */
    @Volatile
    private var kept = false

    /** What the preview was made of: that and nothing else is exported. */
    private var previewed: Meant? = null

    private class Meant(val selection: ExportSelection, val form: ExportForm, val recipients: List<String>)

    /** The evidence items that leave otherwise than she chose for all. */
    private var other: Set<String> = emptySet()
    private val look = ExportLook(opened)
    private var known: List<KnownPerson> = emptyList()

    /** Incidents and files that she left out. */
    private var without: Set<String> = emptySet()

    private var running: Job? = null
    private var passphrase: CharArray? = null

    /** What the screen shows. */
    public val state: StateFlow<ExportState> = current.asStateFlow()

    init {
        show()
        opened.work(::failed) {
            val (people, kept) = opened.longCall { diary, stillWanted ->
                val people = diary.people()
                // What is kept while it is being locked is for the next one.
                val kept = if (stillWanted()) diary.keptDraft(ExportChoices.DRAFT).text else null
                if (kept != null) diary.discardDraft(ExportChoices.DRAFT)
                people to kept
            }
            known = people
            if (kept != null && chosen == ExportChoices()) chosen = ExportChoices.decode(kept)
            show(current.value.error)
        }
    }

    /** Only what happened from that day on. */
    public fun chooseFrom(day: LocalDate?): Unit = choose { it.copy(from = day) }

    /** Only what happened until that day. */
    public fun chooseTo(day: LocalDate?): Unit = choose { it.copy(to = day) }

    /** Only incidents with one of these behaviours; the same again takes it out. */
    public fun chooseBehaviour(code: String): Unit = choose { it.copy(behaviours = it.behaviours.toggled(code)) }

    /** Only incidents with one of these people; the same again takes the person out. */
    public fun choosePerson(key: String): Unit = choose { it.copy(people = it.people.toggled(key)) }

    /** The language of the report. */
    public fun chooseLanguage(code: String) {
        if (current.value.busy) return
        chosen = chosen.copy(language = code)
        show()
    }

    /** How the files go along: as `copies` without metadata, `all` as they are, or `none`. */
    public fun chooseFiles(code: String) {
        if (current.value.busy || FILES.none { it.first == code }) return
        chosen = chosen.copy(files = code)
        other = emptySet()
        show()
    }

    /** In which form it leaves: `zip` and `age` encrypted, `plain` not, `report` the report alone. */
    public fun chooseForm(code: String) {
        if (current.value.busy || ExportForm.entries.none { it.code == code }) return
        chosen = chosen.copy(form = code)
        show()
    }

    /** A field that is named and not shown, in every incident; the same again shows it. */
    public fun chooseWithheld(field: String) {
        if (current.value.busy || field !in WITHHELD) return
        chosen = chosen.copy(withheld = chosen.withheld.toggled(field))
        show()
    }

    /** The keys of whoever may open it, `age1...`. */
    public fun editRecipients(text: String) {
        app.onUserActive()
        chosen = chosen.copy(recipients = text)
        current.update { it.copy(recipients = text) }
    }

    /** To whom and for what. */
    public fun editAudience(text: String) {
        app.onUserActive()
        chosen = chosen.copy(audience = text)
        current.update { it.copy(audience = text) }
    }

    /** Shows exactly what would leave. */
    public fun preview() {
        if (current.value.step == Step.SELECT) preview(without, other)
    }

    /** One that fails changes nothing: neither what is shown nor what would leave. */
    private fun preview(without: Set<String>, other: Set<String>) {
        if (current.value.busy) return
        if (form == ExportForm.AGE && recipientsIn(chosen.recipients) == null) {
            return failed(TextKey.ERROR_RECIPIENT.text())
        }
        val keys = recipientsIn(chosen.recipients).orEmpty()
        current.update { it.copy(busy = true, error = null) }
        running = opened.work(::failed) {
            var selection = selection(without, originals(other, look.stayingWithout(without)))
            val preview = opened.working {
                val first = look(selection)
                // A file of an incident that came in again may leave otherwise than what was asked of those that were known.
                val wanted = originals(other, look.stayingWithout(without))
                val same = wanted == selection.originals
                selection = selection.copy(originals = wanted)
                if (same) first else look(selection)
            }
            this.without = without
            this.other = other
            previewed = Meant(selection, form, keys)
            current.update {
                it.copy(step = Step.PREVIEW, busy = false, progress = null, preview = look.state(preview, selection))
            }
        }
    }

    private suspend fun look(selection: ExportSelection): ExportPreview {
        val text = TextKey.EXPORT_LOOKING.text()
        val preview = opened.longCall { diary, stillWanted ->
            val listener = listener { done, total ->
                // Only the copies of recordings take so long that it is told.
                current.update { if (it.busy) it.copy(progress = Progress(text, percent(done, total))) else it }
                stillWanted()
            }
            when (form) {
                ExportForm.REPORT -> diary.previewReport(selection, listener)
                else -> diary.preview(selection, listener)
            }
        }
        currentCoroutineContext().ensureActive()
        look.learn(preview)
        return preview
    }

    /** Leaves an incident out of the preview, or takes it in again. */
    public fun toggleIncident(id: String) {
        if (current.value.step == Step.PREVIEW) preview(without.toggled(id), other)
    }

    /** Lets a file leave as it is, or not; what it does instead is in the preview then. */
    public fun toggleOriginal(item: String) {
        if (current.value.step == Step.PREVIEW && item in look.items) preview(without, other.toggled(item))
    }

    /** Leaves out what is damaged. */
    public fun goOnWithout() {
        if (current.value.step == Step.PREVIEW) preview(without + look.damaged, other)
    }

    /** She has looked at it and goes on. */
    public fun accept() {
        if (current.value.step != Step.PREVIEW || current.value.busy || look.damaged.isNotEmpty()) return
        current.update { it.copy(step = Step.PASSPHRASE, error = null) }
    }

    /** Takes the passphrase and asks for a place; what is given here is wiped when the file is written. */
    public fun choosePlace(passphrase: CharArray) {
        if (current.value.step != Step.PASSPHRASE || current.value.busy) {
            passphrase.fill('\u0000')
            return
        }
        current.update { it.copy(busy = true, error = null) }
        val kept = passphrase.copyOf()
        // Begun at once: what was typed is wiped whatever happens.
        running = opened.work(::failed, CoroutineStart.UNDISPATCHED) {
            try {
                // A wrong one is told before she has chosen a place.
                opened.call { it.confirm(passphrase) }
                keep(kept)
                current.update { it.copy(busy = false) }
                val form = previewed?.form ?: form
                app.askForTarget(opened.ports.day() + form.ending, form.mediaType, ::write)
            } catch (error: Exception) {
                kept.fill('\u0000')
                throw error
            } finally {
                passphrase.fill('\u0000')
            }
        }
    }

    /** Stops the work; nothing is left behind. */
    public fun stop() {
        running?.cancel()
        // What is written tells itself when it has ended.
        if (current.value.busy && current.value.step != Step.WRITING) failed(TextKey.ERROR_STOPPED.text())
    }

    /** One step back. False if there is none. */
    internal fun back(): Boolean {
        val step = current.value.step
        running?.cancel()
        forget()
        when (step) {
            Step.SELECT -> {
                if (!current.value.busy) return false
                current.update { it.copy(busy = false, progress = null) }
            }
            Step.DONE -> return false
            Step.PREVIEW -> current.update {
                it.copy(step = Step.SELECT, preview = null, busy = false, progress = null, error = null)
            }
            Step.PASSPHRASE -> current.update { it.copy(step = Step.PREVIEW, busy = false, error = null) }
            // It ends when the library has heard of it.
            Step.WRITING -> Unit
        }
        return true
    }

    internal fun trouble(text: Text) = current.update { it.copy(error = text) }

    internal fun left() {
        running?.cancel()
        forget()
        current.update { it.copy(opener = emptyList()) }
        app.codeShown(opened, false)
        if (kept) opened.work({}) { opened.call { it.discardDraft(ExportChoices.DRAFT) } }
    }

    /** The app cannot be seen: behind its own picker it is not locked, and may be ended all the same. */
    internal fun stopped() = opened.finishing({}) { keep() }

    /** Keeps what she chose, sealed, until it is handed over. */
    internal suspend fun keep() {
        val now = chosen
        if (current.value.step == Step.DONE || now == ExportChoices()) return
        kept = true
        opened.finish { it.saveDraft(ExportChoices.DRAFT, now.encode()) }
    }

    private fun write(target: ContentTarget?) {
        val secret = passphrase
        val meant = previewed
        passphrase = null
        if (secret == null || target == null || meant == null || current.value.step != Step.PASSPHRASE) {
            secret?.fill('\u0000')
            target?.let(app::giveUp)
            return
        }
        val text = TextKey.EXPORT_WRITING.text()
        current.update { it.copy(step = Step.WRITING, busy = true, progress = Progress(text, null), error = null) }
        running = opened.stoppable(::failed) {
            try {
                val written = opened.carryOut("bundle", target) { diary, file, stillWanted ->
                    meant.form.write(diary, meant.selection, meant.recipients, file, secret) { done, total ->
                        current.update { it.copy(progress = Progress(text, percent(done, total))) }
                        stillWanted()
                    }
                }
                done(written)
                if (kept) opened.finish { it.discardDraft(ExportChoices.DRAFT) }
            } finally {
                secret.fill('\u0000')
            }
        }
    }

    private fun done(written: Written) {
        val opener = written.opener?.split('-').orEmpty()
        current.update {
            it.copy(step = Step.DONE, busy = false, progress = null, opener = opener, result = written.lines)
        }
        // It is kept nowhere: she needs the time to write it down.
        app.codeShown(opened, opener.isNotEmpty())
    }

    /** What is asked of the files that would leave: of one that stays nothing may be asked. */
    private fun originals(other: Set<String>, files: Collection<String>): Originals {
        val otherwise = files.filter { it in other }
        return when {
            // With the report alone no file goes along.
            form == ExportForm.REPORT -> Originals.HashesOnly
            chosen.files == ALL && otherwise.isEmpty() -> Originals.All
            chosen.files == ALL -> Originals.Chosen((files - other).sorted())
            otherwise.isEmpty() -> Originals.HashesOnly
            else -> Originals.Chosen(otherwise.sorted())
        }
    }

    private fun selection(without: Set<String>, originals: Originals) = ExportSelection(
        language = chosen.language,
        originals = originals,
        copies = chosen.files != NONE,
        from = chosen.filter.from?.toString(),
        to = chosen.filter.to?.toString(),
        behaviours = chosen.filter.behaviours.toList(),
        people = chosen.filter.people.toList(),
        without = without.toList(),
        withhold = chosen.withheld.map { WithheldField(it) },
        audience = chosen.audience.takeIf { it.isNotBlank() },
    )

    private val form: ExportForm get() = ExportForm.of(chosen.form)

    private fun choose(change: (Filter) -> Filter) {
        if (current.value.busy) return
        chosen = chosen.copy(filter = change(chosen.filter))
        other = emptySet()
        show()
    }

    private fun show(error: Text? = null) = current.update {
        it.copy(
            filter = chosen.filter.state(opened, known),
            languages = LANGUAGES.map { (code, key) -> Choice(code, key.text(), code == chosen.language) },
            files = FILES.map { (code, key) -> Choice(code, key.text(), code == chosen.files) },
            forms = ExportForm.entries.map { one -> Choice(one.code, one.label.text(), one == form) },
            formHelp = form.help.text(),
            recipients = chosen.recipients,
            asksRecipients = form == ExportForm.AGE,
            withheld = WITHHELD.map { Choice(it, Text.Label("field.$it"), it in chosen.withheld) },
            audience = chosen.audience,
            error = error,
        )
    }

    private fun keep(secret: CharArray) {
        forget()
        passphrase = secret
    }

    private fun forget() {
        passphrase?.fill('\u0000')
        passphrase = null
    }

    private fun failed(text: Text) = current.update {
        val step = if (it.step == Step.WRITING) Step.PREVIEW else it.step
        it.copy(step = step, busy = false, progress = null, error = text)
    }

    private companion object {
        const val ALL = "all"
        const val NONE = "none"
        val LANGUAGES = listOf(
            "kk" to TextKey.EXPORT_LANGUAGE_KK,
            "ru" to TextKey.EXPORT_LANGUAGE_RU,
            "en" to TextKey.EXPORT_LANGUAGE_EN,
        )

        /** Fields that can be kept back in every incident; the words of an incident and its time are what it is. */
        val WITHHELD = listOf(
            "place", "people", "verbatim", "shown_as", "children_present", "refusal", "harm", "response", "danger",
            "reports", "orders", "evidence",
        )

        /** What no other says comes first: nothing that she does not know of leaves with a picture. */
        val FILES = listOf(
            ExportChoices.COPIES to TextKey.EXPORT_FILES_COPIES,
            ALL to TextKey.EXPORT_FILES_ALL,
            NONE to TextKey.EXPORT_FILES_NONE,
        )
    }
}
