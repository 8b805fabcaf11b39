package org.incidentdiary.presentation

import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import org.incidentdiary.core.IncidentPage
import org.incidentdiary.core.IncidentSummary
import org.incidentdiary.core.KnownPerson
import org.incidentdiary.core.ListQuery
import java.time.LocalDate

/** The incidents, newest recorded first, searched and chosen from. */
public class ListModel internal constructor(
    private val app: AppModel,
    private val opened: OpenDiary,
    private val notices: List<Text>,
) {
    private val current = MutableStateFlow(ListState(notices = notices))
    private var search = ""
    private var filter = Filter()
    private var known: List<KnownPerson> = emptyList()
    private var next: String? = null
    private var unknownTime = 0u
    private var draftsDamaged = false
    private var loading: Job? = null

    /** What the screen shows. */
    public val state: StateFlow<ListState> = current.asStateFlow()

    init {
        refresh()
    }

    /** She typed into the search field. */
    public fun search(text: String) {
        app.onUserActive()
        search = text
        current.update { it.copy(search = text) }
        load(after = TYPING_PAUSE)
    }

    /** Only what happened from that day on. */
    public fun chooseFrom(day: LocalDate?): Unit = choose(filter.copy(from = day))

    /** Only what happened until that day. */
    public fun chooseTo(day: LocalDate?): Unit = choose(filter.copy(to = day))

    /** Only incidents with this behaviour; the same again takes it out. */
    public fun chooseBehaviour(code: String): Unit = choose(filter.copy(behaviours = only(filter.behaviours, code)))

    /** Only incidents with this person; the same again takes the person out. */
    public fun choosePerson(key: String): Unit = choose(filter.copy(people = only(filter.people, key)))

    /** Shows all again. */
    public fun clear() {
        search = ""
        choose(Filter())
    }

    /** The end of the list is near. */
    public fun more() {
        val cursor = next ?: return
        if (loading?.isActive == true) return
        loading = opened.work(::failed) {
            val page = opened.call { it.list(query(cursor)) }
            show(page, current.value.rows + page.incidents.map(::row))
        }
    }

    /** Opens an incident. */
    public fun open(id: String): Unit = app.openIncident(id)

    /** To the backup. */
    public fun backup(): Unit = app.openBackup()

    /** To a new recovery code. */
    public fun keys(): Unit = app.openKeys()

    /** Opens the form for a new one, with what was not finished. */
    public fun write(): Unit = app.openForm()

    internal fun refresh() = load(after = 0)

    private fun choose(chosen: Filter) {
        filter = chosen
        load(after = 0)
    }

    private fun load(after: Long) {
        loading?.cancel()
        current.update { it.copy(loading = true, error = null, search = search, filter = filter.state(opened, known)) }
        loading = opened.work(::failed) {
            delay(after)
            val (page, unfinished, saved) = opened.call { diary ->
                known = diary.people()
                val unfinished = diary.keptDraft(FormModel.NEW)
                draftsDamaged = unfinished.damaged
                Triple(diary.list(query(null)), unfinished.text != null, SavedBackup.last(diary))
            }
            unknownTime = 0u
            show(page, page.incidents.map(::row))
            // Of a list that is chosen from, nobody knows which is the newest.
            val newest = page.incidents.firstOrNull()?.number.takeUnless { isChosen }
            current.update {
                val backup = if (newest == null || saved == null) it.backup else backupNotice(newest, saved)
                val code = TextKey.NOTICE_CODE.text().takeIf { opened.ports.codeUnconfirmed }
                it.copy(unfinished = unfinished, backup = backup, code = code, filter = filter.state(opened, known))
            }
        }
    }

    private fun show(page: IncidentPage, rows: List<IncidentRow>) {
        next = page.next
        unknownTime += page.unknownTime
        val uncertain = TextKey.NOTICE_UNKNOWN_TIME.text(unknownTime).takeIf { unknownTime > 0u }
        val damaged = TextKey.NOTICE_DRAFTS_DAMAGED.text().takeIf { draftsDamaged }
        current.update {
            it.copy(
                rows = rows,
                loading = false,
                hasMore = next != null,
                empty = when {
                    rows.isNotEmpty() -> null
                    isChosen -> TextKey.LIST_NOTHING_FOUND.text()
                    else -> TextKey.LIST_EMPTY.text()
                },
                notices = notices + listOfNotNull(damaged, uncertain),
            )
        }
    }

    private val isChosen: Boolean get() = search.isNotBlank() || filter.active

    private fun backupNotice(newest: UInt, saved: SavedBackup): Text? = when {
        saved.newest == 0u -> TextKey.BACKUP_NEVER.text()
        newest >= saved.newest + MUCH -> TextKey.BACKUP_SINCE.text(newest - saved.newest)
        saved.isOlder || newest > saved.newest -> TextKey.BACKUP_OLDER.text()
        else -> null
    }

    private fun query(after: String?) = ListQuery(
        search = search.takeIf { it.isNotBlank() },
        from = filter.from?.toString(),
        to = filter.to?.toString(),
        behaviour = filter.behaviours.firstOrNull(),
        person = filter.people.firstOrNull(),
        after = after,
    )

    private fun row(line: IncidentSummary): IncidentRow {
        val faded = line.erased || line.damaged
        return IncidentRow(
            id = line.id,
            number = TextKey.LIST_NUMBER.text(line.number),
            title = when {
                line.erased -> TextKey.INCIDENT_ERASED.text()
                line.damaged -> TextKey.INCIDENT_DAMAGED.text()
                else -> Text.Words(line.title + if (line.title.isCut()) "…" else "")
            },
            occurred = line.occurred
                ?.let { occurredText(it.from, it.to, it.precision, it.words, opened.ports.zone()) }
                ?: TextKey.TIME_UNKNOWN.text(),
            behaviours = line.behaviours.map { Text.Label("behaviours.$it") },
            evidence = TextKey.LIST_FILES.text(line.evidence).takeIf { line.evidence > 0u },
            marks = listOfNotNull(
                TextKey.MARK_AMENDED.text().takeIf { line.amended },
                TextKey.MARK_WITHDRAWN.text().takeIf { line.withdrawn },
                TextKey.MARK_ERASED.text().takeIf { line.erased },
                TextKey.MARK_DAMAGED.text().takeIf { line.damaged },
            ),
            faded = faded,
        )
    }

    private fun failed(text: Text) = current.update { it.copy(loading = false, error = text) }

    /** The library gives at most so many characters of the first line. */
    private fun String.isCut() = codePointCount(0, length) >= TITLE_LENGTH

    private fun only(chosen: Set<String>, code: String) = if (code in chosen) emptySet() else setOf(code)

    private companion object {
        /** So long after the last letter the search begins. */
        const val TYPING_PAUSE = 300L
        const val TITLE_LENGTH = 80

        /** So many incidents since the last backup are worth a word. */
        const val MUCH = 5u
    }
}
