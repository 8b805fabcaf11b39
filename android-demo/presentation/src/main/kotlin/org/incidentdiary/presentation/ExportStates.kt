package org.incidentdiary.presentation

// What handing over shows, as States.kt says.

/** Handing over: choose, look at exactly what leaves, give the passphrase again, choose a place. */
public data class ExportState(
    public val step: Step = Step.SELECT,
    public val filter: FilterState = FilterState(),
    public val languages: List<Choice> = emptyList(),
    /** How the evidence files go along. */
    public val files: List<Choice> = emptyList(),
    /** In which form it leaves. */
    public val forms: List<Choice> = emptyList(),
    /** What she should know of that form. */
    public val formHelp: Text = Text.Words(""),
    /** Keys of whoever may open it, as she typed them. */
    public val recipients: String = "",
    public val asksRecipients: Boolean = false,
    /** Fields that are named and not shown. */
    public val withheld: List<Choice> = emptyList(),
    /** To whom and for what. */
    public val audience: String = "",
    public val preview: PreviewState? = null,
    public val busy: Boolean = false,
    public val progress: Progress? = null,
    /** What was written, at [Step.DONE]. */
    public val result: List<Line> = emptyList(),
    /** What opens the file that was written, in groups with hyphens between them: made for it, shown here, kept nowhere. */
    public val opener: List<String> = emptyList(),
    public val error: Text? = null,
) {
    /** The steps, in their order. */
    public enum class Step { SELECT, PREVIEW, PASSPHRASE, WRITING, DONE }

    /** Of the names of fields that can be kept back and that a lawyer has yet to check. */
    public val legal: Text? get() = legalNote(withheld.map { it.label })

    /** Never prints to whom she hands over. */
    override fun toString(): String = "ExportState($step, busy=$busy, error=$error)"
}

/** Exactly what would leave. */
public data class PreviewState(
    /** How many incidents, and how many stay out. */
    public val summary: List<Line>,
    public val incidents: List<PreviewRow>,
    /** What leaves of each evidence file. */
    public val files: List<LeavingRow>,
    /** What cannot be read, named; it is left out before she goes on. */
    public val damaged: Text? = null,
) {
    /** Of the names of fields that a lawyer has yet to check. */
    public val legal: Text? get() = legalNote(incidents.flatMap { listOfNotNull(it.fields, it.leavesOut) })
}

/** What leaves of one evidence file. */
public data class LeavingRow(
    public val id: String,
    public val name: Text,
    /** Its incident, the size of the original. */
    public val about: Text? = null,
    /** How she got it, and her note: they leave with it. */
    public val lines: List<Line> = emptyList(),
    /** A copy without metadata, the original, or its hash alone, and why. */
    public val leaving: Text? = null,
    /** It leaves with all it holds. */
    public val original: Boolean = false,
    /** The name of what `toggleOriginal` does with it; null if there is no choice. */
    public val change: Text? = null,
)

/** One incident that would leave. */
public data class PreviewRow(
    public val id: String,
    public val number: Text,
    /** The fields that are shown. */
    public val fields: Text,
    public val leavesOut: Text?,
    /** False: she left it out, and can take it in again. */
    public val included: Boolean,
)
