package org.incidentdiary.presentation

import org.incidentdiary.core.Cost
import org.incidentdiary.core.DiaryException
import org.incidentdiary.core.Harm
import org.incidentdiary.core.Incident
import org.incidentdiary.core.IncidentPatch
import org.incidentdiary.core.Occurred
import org.incidentdiary.core.Order
import org.incidentdiary.core.Person
import org.incidentdiary.core.Place
import org.incidentdiary.core.Refusal
import org.incidentdiary.core.Report
import org.incidentdiary.core.knownOfTime
import java.time.DateTimeException
import java.time.LocalDate
import java.time.LocalTime
import java.time.ZoneId

/**
 * What a form holds: a value for each path, such as `people[0].role`. What is not filled in is not there. Chosen codes
 * of a list stand in one value, with spaces between them.
 */
internal data class FormValues(val values: Map<String, String> = emptyMap()) {
    /** Never prints her words. */
    override fun toString(): String = "FormValues(${values.size})"

    operator fun get(path: String): String = values[path].orEmpty()

    fun with(path: String, value: String): FormValues =
        FormValues(if (value.isEmpty()) values - path else values + (path to value))

    /**
     * She typed into a field. What was written exactly holds as long as day and time are left alone; another day keeps the
     * seconds, and another time gets the offset that the zone had then.
     */
    fun write(path: String, text: String, zone: ZoneId): FormValues {
        val written = with(path, text)
        if (written == this) return this
        if (path.endsWith(TIME)) return written.with(path.removeSuffix(TIME) + EXACT, "")
        return written.with(path + EXACT, dayOrNull(text)?.let { moved(this[path + EXACT], it, zone) }.orEmpty())
    }

    /** How many elements a list has. */
    fun count(list: String): Int = values.keys.mapNotNull { index(it, list) }.maxOrNull()?.plus(1) ?: 0

    /** Adds an empty element; it is remembered by a value of its own. */
    fun add(list: String): FormValues = FormValues(values + ("$list[${count(list)}]$OPEN" to "1"))

    /** Takes an element away; those after it move up. */
    fun remove(list: String, element: Int): FormValues = FormValues(
        values.mapNotNull { (path, value) ->
            val at = index(path, list)
            when {
                at == null || at < element -> path to value
                at == element -> null
                else -> "$list[${at - 1}]${path.substring("$list[$at]".length)}" to value
            }
        }.toMap(),
    )

    /** As an incident that the library checks; what was not filled in is not set. */
    fun incident(zone: ZoneId): Incident = Incident(
        occurred = occurred(zone),
        narrative = this["narrative"],
        verbatim = list("verbatim"),
        place = Place(text("place.class"), text("place.text"), text("place.latitude"), text("place.longitude"))
            .takeIf { it != Place() },
        behaviours = codes("behaviours"),
        channels = codes("channels"),
        count = text("count")?.let { it.toUIntOrNull() ?: 0u },
        shownAs = list("shown_as"),
        people = elements("people").map {
            Person(
                role = this["$it.role"],
                key = text("$it.key"),
                name = text("$it.name"),
                relationship = text("$it.relationship"),
                description = text("$it.description"),
                vehicle = text("$it.vehicle"),
                contact = text("$it.contact"),
                note = text("$it.note"),
            )
        },
        childrenPresent = text("children_present"),
        refusal = Refusal(time("refusal.when", zone), text("refusal.how"), text("refusal.words"))
            .takeIf { it != Refusal() },
        afterRefusal = text("after_refusal"),
        harm = Harm(codes("harm.kinds"), text("harm.words"), cost(), list("harm.care")).takeIf { it != Harm() },
        response = codes("response"),
        danger = codes("danger"),
        reports = elements("reports").map {
            Report(
                body = this["$it.body"],
                on = time("$it.on", zone),
                number = text("$it.number"),
                officer = text("$it.officer"),
                outcome = text("$it.outcome"),
                words = text("$it.words"),
            )
        },
        orders = elements("orders").map {
            Order(
                kind = this["$it.kind"],
                number = text("$it.number"),
                from = time("$it.from", zone),
                to = time("$it.to", zone),
                breached = text("$it.breached"),
            )
        },
        privateNote = text("private_note"),
    )

    /** What has to change so that [before] becomes this; null if nothing has. */
    fun patch(before: FormValues, zone: ZoneId): IncidentPatch? {
        val old = before.incident(zone)
        val new = incident(zone)
        val gone = mutableListOf<String>()

        fun <T> changed(name: String, from: T, to: T, empty: Boolean): T? {
            if (from == to) return null
            if (empty) gone += name
            return to.takeUnless { empty }
        }

        fun <T> listed(name: String, from: List<T>, to: List<T>) = changed(name, from, to, to.isEmpty())

        fun <T> single(name: String, from: T?, to: T?) = changed(name, from, to, to == null)
        val patch = IncidentPatch(
            occurred = new.occurred.takeIf { it != old.occurred },
            narrative = new.narrative.takeIf { it != old.narrative },
            verbatim = listed("verbatim", old.verbatim, new.verbatim),
            place = single("place", old.place, new.place),
            behaviours = listed("behaviours", old.behaviours, new.behaviours),
            channels = listed("channels", old.channels, new.channels),
            count = single("count", old.count, new.count),
            shownAs = listed("shown_as", old.shownAs, new.shownAs),
            people = listed("people", old.people, new.people),
            childrenPresent = single("children_present", old.childrenPresent, new.childrenPresent),
            refusal = single("refusal", old.refusal, new.refusal),
            afterRefusal = single("after_refusal", old.afterRefusal, new.afterRefusal),
            harm = single("harm", old.harm, new.harm),
            response = listed("response", old.response, new.response),
            danger = listed("danger", old.danger, new.danger),
            reports = listed("reports", old.reports, new.reports),
            orders = listed("orders", old.orders, new.orders),
            privateNote = single("private_note", old.privateNote, new.privateNote),
            takenAway = gone,
        )
        return patch.takeIf { it != IncidentPatch() }
    }

    /** For a draft: a line for each value. Half of a surrogate pair must not keep the rest from being kept. */
    fun encode(): String =
        values.entries.joinToString("\n") { (path, value) ->
            "$path\t${escape(value)}"
        }.encodeToByteArray().decodeToString()

    private fun text(path: String): String? = this[path].takeIf { it.isNotBlank() }

    private fun codes(path: String): List<String> = this[path].split(' ').filter { it.isNotEmpty() }

    private fun elements(list: String): List<String> = (0 until count(list)).map { "$list[$it]" }.filter(::isFilled)

    private fun list(path: String): List<String> = elements(path).map { this[it] }

    /** Something in this element was filled in. */
    fun isFilled(element: String): Boolean =
        values.any { (path, value) -> path.startsWith(element) && !path.endsWith(OPEN) && value.isNotBlank() }

    private fun cost(): Cost? {
        val amount = text("harm.cost.amount")
        val currency = text("harm.cost.currency")
        // Of a currency alone the library says what is missing.
        return if (amount == null && currency == null) null else Cost(amount.orEmpty(), currency ?: "KZT")
    }

    private fun occurred(zone: ZoneId): Occurred {
        val precision = text("occurred.precision")
        // A time alone is one of the day on which it began; after midnight the library says that it comes before.
        val alone = text("occurred.to") == null && text("occurred.to.time") != null
        val until = if (alone) with("occurred.to", this["occurred.from"]) else this
        return Occurred(
            from = roughly(time("occurred.from", zone), precision),
            to = roughly(until.time("occurred.to", zone), precision),
            precision = precision,
            words = text("occurred.words"),
        )
    }

    /** Only as much of a time as she says she knows. Of what is no precision, the library says so when it is recorded. */
    private fun roughly(time: String?, precision: String?): String? {
        if (time == null || precision == null) return time
        return try {
            knownOfTime(time, precision)
        } catch (_: DiaryException.InvalidField) {
            time
        }
    }

    /** As it was written before, as long as it is left alone; else a day, or a day and a time with the offset of then. */
    private fun time(path: String, zone: ZoneId): String? {
        text("$path.exact")?.let { return it }
        val day = text(path) ?: return null
        val time = text("$path.time") ?: return day
        return try {
            val date = LocalDate.parse(day)
            val clock = LocalTime.parse(time)
            Moment(date, clock, offsetAt(date, clock, zone)).written()
        } catch (_: DateTimeException) {
            // The library says what is wrong with it.
            "${day}T$time"
        }
    }

    /**
     * The same time to the second on another [day], with the offset that the zone has on that day; one that was not the zone's
     * before stays, because she was elsewhere. Null if it is no time.
     */
    private fun moved(exact: String, day: LocalDate, zone: ZoneId): String? {
        val old = Moment.read(exact)
        val clock = old?.time ?: return null
        val rest = exact.removePrefix(old.date.toString())
        val offset = offsetAt(day, clock, zone)
        if (old.offset == null || !old.isUsual(zone) || offset == old.offset) return "$day$rest"
        return "$day${rest.substring(0, rest.indexOfLast { it in "+-Z" })}${offset.id}"
    }

    private fun dayOrNull(text: String): LocalDate? = try {
        LocalDate.parse(text)
    } catch (_: DateTimeException) {
        null
    }

    companion object {
        /** What the form shows of a recorded incident. */
        fun of(incident: Incident): FormValues {
            val values = mutableMapOf<String, String>()

            fun put(path: String, value: String?) {
                if (!value.isNullOrEmpty()) values[path] = value
            }

            fun time(path: String, text: String?) {
                val moment = text?.let { Moment.read(it) } ?: return put(path, text)
                put(path, moment.date.toString())
                put("$path.time", moment.time?.toString())
                put("$path.exact", text)
            }

            fun list(path: String, texts: List<String>) = texts.forEachIndexed { at, text -> put("$path[$at]", text) }

            fun codes(path: String, codes: List<String>) = put(path, codes.joinToString(" "))
            with(incident) {
                time("occurred.from", occurred.from)
                time("occurred.to", occurred.to)
                put("occurred.precision", occurred.precision)
                put("occurred.words", occurred.words)
                put("narrative", narrative)
                list("verbatim", verbatim)
                put("place.class", place?.`class`)
                put("place.text", place?.text)
                put("place.latitude", place?.latitude)
                put("place.longitude", place?.longitude)
                codes("behaviours", behaviours)
                codes("channels", channels)
                put("count", count?.toString())
                list("shown_as", shownAs)
                people.forEachIndexed { at, person ->
                    put("people[$at].role", person.role)
                    put("people[$at].key", person.key)
                    put("people[$at].name", person.name)
                    put("people[$at].relationship", person.relationship)
                    put("people[$at].description", person.description)
                    put("people[$at].vehicle", person.vehicle)
                    put("people[$at].contact", person.contact)
                    put("people[$at].note", person.note)
                }
                put("children_present", childrenPresent)
                time("refusal.when", refusal?.`when`)
                put("refusal.how", refusal?.how)
                put("refusal.words", refusal?.words)
                put("after_refusal", afterRefusal)
                codes("harm.kinds", harm?.kinds.orEmpty())
                put("harm.words", harm?.words)
                put("harm.cost.amount", harm?.cost?.amount)
                put("harm.cost.currency", harm?.cost?.currency)
                list("harm.care", harm?.care.orEmpty())
                codes("response", response)
                codes("danger", danger)
                reports.forEachIndexed { at, report ->
                    put("reports[$at].body", report.body)
                    time("reports[$at].on", report.on)
                    put("reports[$at].number", report.number)
                    put("reports[$at].officer", report.officer)
                    put("reports[$at].outcome", report.outcome)
                    put("reports[$at].words", report.words)
                }
                orders.forEachIndexed { at, order ->
                    put("orders[$at].kind", order.kind)
                    put("orders[$at].number", order.number)
                    time("orders[$at].from", order.from)
                    time("orders[$at].to", order.to)
                    put("orders[$at].breached", order.breached)
                }
                put("private_note", privateNote)
            }
            return FormValues(values)
        }

        /** From [encode]; a line that is none is passed over. */
        fun decode(text: String): FormValues = FormValues(
            text.split('\n').mapNotNull { line ->
                val (path, value) = line.split('\t', limit = 2).takeIf { it.size == 2 } ?: return@mapNotNull null
                path to unescape(value)
            }.toMap(),
        )

        /** The index that a path has in this list; null if it is not in it. */
        private fun index(path: String, list: String): Int? {
            if (!path.startsWith("$list[")) return null
            return path.substring(list.length + 1).substringBefore(']').toIntOrNull()
        }

        private fun escape(value: String) = value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")

        private fun unescape(value: String) = ESCAPE.replace(value) {
            when (it.value[1]) {
                'n' -> "\n"
                't' -> "\t"
                else -> "\\"
            }
        }

        private const val TIME = ".time"
        private const val EXACT = ".exact"
        private val ESCAPE = Regex("\\\\[\\\\nt]")

        /** Ends the path that remembers an element to which nothing was written yet. */
        private const val OPEN = ".open"
    }
}
