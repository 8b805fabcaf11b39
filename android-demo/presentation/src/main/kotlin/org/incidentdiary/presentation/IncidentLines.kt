package org.incidentdiary.presentation

import org.incidentdiary.core.EvidenceItem
import org.incidentdiary.core.HistoryEntry
import org.incidentdiary.core.Incident
import org.incidentdiary.core.IncidentDetail
import org.incidentdiary.core.IncidentPatch
import org.incidentdiary.core.Occurred
import org.incidentdiary.core.escapeForDisplay
import java.time.ZoneId

/** What she wrote, field by field, in the order of the form. What is not set is not shown, nor what stands on top. */
internal fun linesOf(incident: Incident, zone: ZoneId): List<Line> = linesOf(incident.asPatch(), zone)

/** What she first wrote and changed since; what still stands is not said again. */
internal fun firstLines(detail: IncidentDetail, zone: ZoneId): List<Line> {
    val now = detail.incident?.let { everyLineOf(it.asPatch(), zone) }.orEmpty()
    return detail.firstWritten?.let { everyLineOf(it.asPatch(), zone) - now }.orEmpty()
}

private fun everyLineOf(patch: IncidentPatch, zone: ZoneId): List<Line> =
    listOfNotNull(patch.occurred?.let { occurredLine(it, zone) }) + linesOf(patch, zone)

private fun linesOf(incident: IncidentPatch, zone: ZoneId): List<Line> = Lines(zone).apply {
    words("narrative", incident.narrative)
    // What is one line on top is not said again; her own words for the time are.
    words("occurred.words", incident.occurred?.words)
    codes("behaviours", incident.behaviours.orEmpty())
    incident.place?.let { place ->
        many(
            "place",
            listOfNotNull(
                place.`class`?.let {
                    Text.Label("place.class.$it")
                },
                place.text?.let { Text.Words(it) },
            ),
        )
        words("place.latitude", place.latitude)
        words("place.longitude", place.longitude)
    }
    incident.people?.forEach { person ->
        val about = listOf(person.name, person.description, person.vehicle, person.contact, person.note, person.key)
        val related = person.relationship?.let { Text.Label("people.relationship.$it") }
        val texts = about.filterNotNull().map { Text.Words(it) }
        add(Line(Text.Label("people.role.${person.role}"), Text.Row(texts + listOfNotNull(related), between = "\n")))
    }
    incident.verbatim?.forEach { words("verbatim", it) }
    codes("channels", incident.channels.orEmpty())
    words("count", incident.count?.toString())
    many("shown_as", incident.shownAs.orEmpty().map { Text.Words(it) })
    code("children_present", "yes_no", incident.childrenPresent)
    incident.refusal?.let { refusal ->
        val how = refusal.how?.let { Text.Label("refusal.how.$it") }
        many("refusal", listOfNotNull(refusal.`when`?.let(::time), how, refusal.words?.let { Text.Words(it) }))
    }
    code("after_refusal", "yes_no", incident.afterRefusal)
    incident.harm?.let { harm ->
        codes("harm.kinds", harm.kinds, "harm")
        words("harm.words", harm.words, "harm")
        words("harm.cost", harm.cost?.let { "${it.amount} ${it.currency}" })
        harm.care.forEach { words("harm.care", it) }
    }
    codes("response", incident.response.orEmpty())
    codes("danger", incident.danger.orEmpty())
    incident.reports?.forEach { report ->
        val outcome = report.outcome?.let { Text.Label("reports.outcome.$it") }
        val texts = listOf(report.number, report.officer, report.words).filterNotNull().map { Text.Words(it) }
        many(
            "reports",
            listOfNotNull(Text.Label("reports.body.${report.body}"), report.on?.let(::time), outcome) + texts,
        )
    }
    incident.orders?.forEach { order ->
        val from = order.from?.let(::time)
        val to = order.to?.let(::time)
        val span = if (from != null && to != null) TextKey.TIME_SPAN.text(from, to) else from ?: to
        val kind = Text.Label("orders.kind.${order.kind}")
        many("orders", listOfNotNull(kind, order.number?.let { Text.Words(it) }, span))
        code("orders.breached", "yes_no", order.breached)
    }
    words("private_note", incident.privateNote)
}.lines

/** When it happened, on top of everything. */
internal fun occurredLine(occurred: Occurred, zone: ZoneId): Line = Line(
    TextKey.INCIDENT_OCCURRED.text(),
    occurredText(occurred.from, occurred.to, occurred.precision, occurred.words, zone),
)

/** The name of a file as it is shown: it comes from others, and must not look like another one. */
internal fun fileName(name: String): Text = Text.Words(escapeForDisplay(name))

/** A file of an incident. */
internal fun evidenceRow(item: EvidenceItem): EvidenceRow = EvidenceRow(
    id = item.id,
    name = fileName(item.name),
    about = Text.Row(
        listOfNotNull(
            sizeText(item.bytes.toLong()),
            Text.Words(item.mediaType),
            item.how?.let { Text.Label("how.$it") },
        ),
    ),
    sha256 = sha256Text(item.sha256),
    note = item.note?.let { Text.Words(it) },
    isPicture = item.mediaType.startsWith("image/"),
)

/** One thing that came after the recording: what and when, why, and what it changed. */
internal fun historyLine(entry: HistoryEntry, zone: ZoneId): Line {
    val what = when (entry.kind) {
        "amendment" -> TextKey.CHANGE_AMENDMENT.text()
        "withdrawal" -> TextKey.CHANGE_WITHDRAWAL.text()
        "erasure" -> TextKey.CHANGE_ERASURE.text()
        "evidence" -> TextKey.CHANGE_EVIDENCE.text()
        else -> Text.Label("kind.${entry.kind}")
    }
    val at = entry.recordedAt?.let { writtenText(it.unixMs, it.utcOffsetSeconds, zone) }
    val changed = entry.changes?.let { changes(it, zone) }.orEmpty()
    val why = entry.reason?.let { Text.Words(it) }
    return Line(Text.Row(listOfNotNull(what, at)), Text.Row(listOfNotNull(why) + changed, between = "\n"))
}

/** What an amendment wrote, and the names of the fields that it took away. */
private fun changes(patch: IncidentPatch, zone: ZoneId): List<Text> {
    val gone = patch.takenAway.map { Line(Text.Label("field.$it"), TextKey.CHANGE_TAKEN_AWAY.text()) }
    return (everyLineOf(patch, zone) + gone).map { Text.Row(listOf(it.label, it.value), between = ": ") }
}

/** Everything that is set in it. */
private fun Incident.asPatch(): IncidentPatch = IncidentPatch(
    occurred = occurred,
    narrative = narrative,
    verbatim = verbatim,
    place = place,
    behaviours = behaviours,
    channels = channels,
    count = count,
    shownAs = shownAs,
    people = people,
    childrenPresent = childrenPresent,
    refusal = refusal,
    afterRefusal = afterRefusal,
    harm = harm,
    response = response,
    danger = danger,
    reports = reports,
    orders = orders,
    privateNote = privateNote,
)

private class Lines(private val zone: ZoneId) {
    val lines = mutableListOf<Line>()

    fun add(line: Line) {
        lines += line
    }

    fun words(field: String, words: String?, name: String = field) {
        if (words != null) add(Line(Text.Label("field.$name"), Text.Words(words)))
    }

    fun codes(field: String, codes: List<String>, name: String = field) =
        many(name, codes.map { Text.Label("$field.$it") })

    fun code(field: String, list: String, code: String?) {
        if (code != null) add(Line(Text.Label("field.$field"), Text.Label("$list.$code")))
    }

    fun many(field: String, texts: List<Text>) {
        if (texts.isNotEmpty()) add(Line(Text.Label("field.$field"), Text.Row(texts)))
    }

    fun time(text: String): Text = occurredText(text, null, null, text, zone)
}

private const val SHA_GROUP = 8

/** A SHA-256 in groups, so that it can be compared by eye. */
internal fun sha256Text(hex: String): Text = Text.Words(hex.chunked(SHA_GROUP).joinToString(" "))
