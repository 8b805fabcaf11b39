package org.incidentdiary.presentation

/**
 * What a View shows. A state holds texts in this form, so that a change of language needs no new state; [read] makes
 * the words of it.
 */
public sealed interface Text {
    /** A text of the app, with what stands in for `%1$s`, `%2$s` and so on: texts, or anything else as it prints. */
    public data class Of(public val key: TextKey, public val args: List<Any> = emptyList()) : Text {
        /** Never prints what stands in for a place: it may be hers. */
        override fun toString(): String = "Of($key)"
    }

    /** A field or a code as the library calls it, the same as in the report: `field.place`, `behaviours.calls`. */
    public data class Label(public val path: String) : Text

    /** Words that stand as they are: hers, a file's name, a number. */
    public data class Words(public val words: String) : Text {
        /** Never prints her words. */
        override fun toString(): String = "Words(${words.length})"
    }

    /** Texts in a row. */
    public data class Row(public val parts: List<Text>, public val between: String = ", ") : Text
}

/** Where the words of texts come from: the resources of the app and the labels of the library, in one language. */
public interface Strings {
    /** The words of a text, `%1$s` and so on included. */
    public fun text(key: TextKey): String

    /** What the library calls a field or a code; the path itself where it has no name for it. */
    public fun label(path: String): String
}

/** The words of this text. */
public fun Text.read(strings: Strings): String = when (this) {
    is Text.Of -> fill(strings.text(key), args.map { if (it is Text) it.read(strings) else it.toString() })
    is Text.Label -> ownLabels[path]?.let(strings::text) ?: strings.label(path)
    is Text.Words -> words
    is Text.Row -> parts.joinToString(between) { it.read(strings) }
}

/** One below the other; null if there are none. */
internal fun List<Text>.inLines(): Text? = if (size > 1) Text.Row(this, between = "\n") else singleOrNull()

internal fun TextKey.text(vararg args: Any): Text = Text.Of(this, args.toList())

/** Puts the arguments into one pass over the pattern: what an argument holds is never read as a pattern. */
private fun fill(pattern: String, args: List<String>): String =
    if (args.isEmpty()) pattern else place.replace(pattern) { args.getOrElse(it.groupValues[1].toInt() - 1) { "" } }

private val place = Regex("%([1-9])\\\$s")

/** The report speaks of "the author"; the app speaks to her. */
private val ownLabels = mapOf(
    "field.evidence" to TextKey.INCIDENT_FILES,
    "field.recorded" to TextKey.INCIDENT_WRITTEN,
    "field.occurred.words" to TextKey.LABEL_OCCURRED_WORDS,
    "field.people.relationship" to TextKey.LABEL_PEOPLE_RELATIONSHIP,
    "field.people.role" to TextKey.LABEL_PEOPLE_ROLE,
    "field.response" to TextKey.LABEL_RESPONSE,
    "field.orders.breached" to TextKey.LABEL_ORDERS_BREACHED,
    "field.private_note" to TextKey.LABEL_PRIVATE_NOTE,
    "field.evidence.how" to TextKey.LABEL_EVIDENCE_HOW,
    "behaviours.waiting" to TextKey.LABEL_WAITING,
    "behaviours.threat" to TextKey.LABEL_THREAT,
)
