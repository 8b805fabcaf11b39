package org.incidentdiary.presentation

import org.incidentdiary.core.KnownPerson
import java.time.LocalDate

/** Which incidents are meant, in the list and in an export. */
internal data class Filter(
    val from: LocalDate? = null,
    val to: LocalDate? = null,
    val behaviours: Set<String> = emptySet(),
    val people: Set<String> = emptySet(),
) {
    val active: Boolean get() = this != Filter()

    /** Never prints whom she looks for. */
    override fun toString(): String = "Filter(active=$active)"

    fun state(opened: OpenDiary, known: List<KnownPerson>): FilterState = FilterState(
        from = from,
        to = to,
        fromText = from?.let(::dateText) ?: TextKey.FILTER_ANY_DAY.text(),
        toText = to?.let(::dateText) ?: TextKey.FILTER_ANY_DAY.text(),
        behaviours = opened.choices("behaviours", behaviours),
        people = known.map { Choice(it.key, it.label(), it.key in people) },
        active = active,
    )
}

private fun KnownPerson.label(): Text = Text.Words((names + key).first())

/** Takes a code in, or out again. */
internal fun Set<String>.toggled(code: String): Set<String> = if (code in this) this - code else this + code
