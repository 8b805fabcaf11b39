package org.incidentdiary.presentation

import org.incidentdiary.presentation.FieldState.Kind

/**
 * The fields of the form, in the order in which they are asked. Paths are the library's, so that an error finds its
 * field; a day and its time are two fields here, `occurred.from` and `occurred.from.time`.
 */
internal object FormFields {
    /** One field of the form. */
    class Spec(
        val path: String,
        val kind: Kind,
        val label: Text,
        val hint: TextKey? = null,
        /** The closed list that its choices come from. */
        val codes: String? = null,
    )

    /** A part of what is folded. */
    sealed interface Part

    /** A heading with fields below it. */
    class Group(val label: Text, val fields: List<Spec>) : Part

    /** A list of elements, each of which has these fields; an empty path is the element itself. */
    class Many(val path: String, val label: Text, val fields: List<Spec>) : Part

    val short: List<Spec> = listOf(
        Spec("narrative", Kind.TEXT, label("narrative"), TextKey.FORM_NARRATIVE_HINT),
        Spec("occurred.from", Kind.DATE, TextKey.FORM_DATE.text()),
        Spec("occurred.from.time", Kind.TIME, TextKey.FORM_TIME.text()),
        Spec("occurred.precision", Kind.ONE_OF, label("occurred.precision"), codes = "precision"),
        Spec("behaviours", Kind.SOME_OF, label("behaviours"), codes = "behaviours"),
        Spec("place.class", Kind.ONE_OF, label("place.class"), codes = "place.class"),
        Spec("place.text", Kind.LINE, label("place.text"), TextKey.FORM_PLACE_HINT),
    )

    /** What is folded: groups and lists, in their order. */
    val more: List<Part> = listOf(
        Group(
            label("occurred"),
            listOf(
                Spec("occurred.to", Kind.DATE, TextKey.FORM_TO_DATE.text()),
                Spec("occurred.to.time", Kind.TIME, TextKey.FORM_TO_TIME.text()),
                Spec("occurred.words", Kind.LINE, label("occurred.words")),
            ),
        ),
        Many("people", label("people"), people()),
        Many("verbatim", label("verbatim"), listOf(Spec("", Kind.TEXT, label("verbatim")))),
        Group(
            label("channels"),
            listOf(
                Spec("channels", Kind.SOME_OF, label("channels"), codes = "channels"),
                Spec("count", Kind.NUMBER, label("count")),
            ),
        ),
        Many("shown_as", label("shown_as"), listOf(Spec("", Kind.LINE, label("shown_as"), TextKey.FORM_SHOWN_AS_HINT))),
        Group(
            label("refusal"),
            listOf(
                Spec("refusal.when", Kind.DATE, label("refusal.when")),
                Spec("refusal.how", Kind.ONE_OF, label("refusal.how"), codes = "refusal.how"),
                Spec("refusal.words", Kind.TEXT, label("refusal.words")),
                Spec("after_refusal", Kind.ONE_OF, label("after_refusal"), codes = "yes_no"),
            ),
        ),
        Group(
            label("harm"),
            listOf(
                Spec("harm.kinds", Kind.SOME_OF, label("harm.kinds"), codes = "harm.kinds"),
                Spec("harm.words", Kind.TEXT, label("harm.words")),
                Spec("harm.cost.amount", Kind.LINE, label("harm.cost.amount")),
                Spec("harm.cost.currency", Kind.LINE, label("harm.cost.currency"), TextKey.FORM_CURRENCY_HINT),
            ),
        ),
        Many("harm.care", label("harm.care"), listOf(Spec("", Kind.LINE, label("harm.care")))),
        Group(
            label("danger"),
            listOf(
                Spec("danger", Kind.SOME_OF, label("danger"), codes = "danger"),
                Spec("children_present", Kind.ONE_OF, label("children_present"), codes = "yes_no"),
            ),
        ),
        Group(
            label("response"),
            listOf(Spec("response", Kind.SOME_OF, label("response"), codes = "response")),
        ),
        Many("reports", label("reports"), reports()),
        Many("orders", label("orders"), orders()),
        Group(
            label("private_note"),
            listOf(Spec("private_note", Kind.TEXT, label("private_note"))),
        ),
    )

    /** Without the elements of lists into which nothing was written. */
    fun compact(values: FormValues): FormValues = more.filterIsInstance<Many>().fold(values) { all, many ->
        (all.count(many.path) - 1 downTo 0).filterNot { all.isFilled("${many.path}[$it]") }
            .fold(all) { rest, element -> rest.remove(many.path, element) }
    }

    private fun people() = listOf(
        Spec("role", Kind.ONE_OF, label("people.role"), codes = "people.role"),
        Spec("name", Kind.LINE, label("people.name")),
        Spec("key", Kind.LINE, label("people.key"), TextKey.FORM_PEOPLE_KEY_HINT),
        Spec("relationship", Kind.ONE_OF, label("people.relationship"), codes = "people.relationship"),
        Spec("description", Kind.TEXT, label("people.description")),
        Spec("vehicle", Kind.LINE, label("people.vehicle")),
        Spec("contact", Kind.LINE, label("people.contact")),
        Spec("note", Kind.TEXT, label("people.note")),
    )

    private fun reports() = listOf(
        Spec("body", Kind.ONE_OF, label("reports.body"), codes = "reports.body"),
        Spec("on", Kind.DATE, label("reports.on")),
        Spec("number", Kind.LINE, label("reports.number")),
        Spec("officer", Kind.LINE, label("reports.officer")),
        Spec("outcome", Kind.ONE_OF, label("reports.outcome"), codes = "reports.outcome"),
        Spec("words", Kind.TEXT, label("reports.words")),
    )

    private fun orders() = listOf(
        Spec("kind", Kind.ONE_OF, label("orders.kind"), codes = "orders.kind"),
        Spec("number", Kind.LINE, label("orders.number")),
        Spec("from", Kind.DATE, label("orders.from")),
        Spec("to", Kind.DATE, label("orders.to")),
        Spec("breached", Kind.ONE_OF, label("orders.breached"), codes = "yes_no"),
    )

    private fun label(path: String) = Text.Label("field.$path")
}
