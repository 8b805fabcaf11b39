package org.incidentdiary.presentation

import java.time.LocalDate

// What each screen shows. A state is whole: a View that draws it needs nothing else, decides nothing and formats
// nothing. `error` is what went wrong last, in words for her; it goes away with the next thing she does.

/** Making a diary, from the first word of the app to the confirmed recovery code. */
public data class FirstStartState(
    public val step: Step = Step.WELCOME,
    public val busy: Boolean = false,
    public val error: Text? = null,
    /** The code in groups, only at [Step.CODE]: it is shown once and kept nowhere. */
    public val code: List<String> = emptyList(),
    /** At [Step.RESTORE]: she takes the recovery code instead of the passphrase. */
    public val usingCode: Boolean = false,
    public val progress: Progress? = null,
    /** Which group of the code she is asked to copy from her paper, at [Step.CONFIRM]. */
    public val question: Text? = null,
) {
    /** The steps, in their order; from the first one a backup leads to the last. */
    public enum class Step { WELCOME, PASSPHRASE, CODE, CONFIRM, RESTORE }

    /** Never prints the code. */
    override fun toString(): String = "FirstStartState($step, busy=$busy)"
}

/** The locked diary. */
public data class LockState(
    /** She takes the recovery code instead of the passphrase. */
    public val recovering: Boolean = false,
    public val busy: Boolean = false,
    /** It does not open because it is damaged: a backup can take its place. */
    public val damaged: Boolean = false,
    /** After several wrong passphrases: so many seconds until the next one is taken. */
    public val wait: Int = 0,
    public val error: Text? = null,
    /** Something waits for it to be opened; what, is nobody's business. */
    public val notice: Text? = null,
)

/** The list of incidents, newest recorded first. */
public data class ListState(
    public val rows: List<IncidentRow> = emptyList(),
    public val loading: Boolean = true,
    /** There is another page: ask with `more()` when the end is near. */
    public val hasMore: Boolean = false,
    public val search: String = "",
    public val filter: FilterState = FilterState(),
    /** What to say where no row stands. */
    public val empty: Text? = null,
    /** Things she should know: a form that was not finished, an old copy put back, times that are not known. */
    public val notices: List<Text> = emptyList(),
    /** A form waits with what she had typed. */
    public val unfinished: Boolean = false,
    /** There is no backup, or much was written since the last one. */
    public val backup: Text? = null,
    /** The recovery code was not confirmed: the way to a new one. */
    public val code: Text? = null,
    public val error: Text? = null,
) {
    /** Of the words in the rows that a lawyer has yet to check. */
    public val legal: Text? get() = legalNote(rows.flatMap { it.behaviours })

    /** Never prints what she looks for. */
    override fun toString(): String = "ListState(${rows.size} rows, loading=$loading, error=$error)"
}

/** One line of the list. */
public data class IncidentRow(
    public val id: String,
    /** `№ 12`. */
    public val number: Text,
    public val title: Text,
    public val occurred: Text,
    /** What he did. */
    public val behaviours: List<Text>,
    /** `Files: 3`, if there are any. */
    public val evidence: Text?,
    /** Amended, withdrawn, erased or damaged. */
    public val marks: List<Text>,
    /** Its words are not there: erased or damaged. */
    public val faded: Boolean,
)

/** Which incidents are shown, and what can be chosen. */
public data class FilterState(
    public val from: LocalDate? = null,
    public val to: LocalDate? = null,
    public val fromText: Text = TextKey.FILTER_ANY_DAY.text(),
    public val toText: Text = TextKey.FILTER_ANY_DAY.text(),
    public val behaviours: List<Choice> = emptyList(),
    public val people: List<Choice> = emptyList(),
    /** Something is chosen. */
    public val active: Boolean = false,
) {
    /** Of the words among the choices that a lawyer has yet to check. */
    public val legal: Text? get() = legalNote(behaviours.map { it.label })
}

/** One thing to choose. */
public data class Choice(public val code: String, public val label: Text, public val chosen: Boolean) {
    /** Never prints the code: that of a person is hers. */
    override fun toString(): String = "Choice($label, chosen=$chosen)"
}

/** The form for a new incident, or for more about one that is recorded. */
public data class FormState(
    public val title: Text = TextKey.FORM_TITLE_NEW.text(),
    /** What is always asked. */
    public val fields: List<FieldState> = emptyList(),
    /** The rest, folded until she asks for it. */
    public val more: List<FieldState> = emptyList(),
    public val moreOpen: Boolean = false,
    /** More about a recorded incident: a reason is asked for. */
    public val amending: Boolean = false,
    public val busy: Boolean = false,
    public val error: Text? = null,
    /** What she typed lies sealed in the diary. */
    public val kept: Boolean = false,
)

/** One field of the form. */
public data class FieldState(
    /** The name of the field, as the library says it in an error: `people[0].role`; a heading has none. */
    public val path: String,
    public val kind: Kind,
    public val label: Text,
    public val hint: Text? = null,
    /** What she typed. A date is `2026-10-03`, a time `21:15`. */
    public val value: String = "",
    /** A date or a time as she reads it. */
    public val shown: Text? = null,
    public val choices: List<Choice> = emptyList(),
    /** What is wrong with it. */
    public val error: Text? = null,
    /** A new element of a list begins here, and this is its name. */
    public val heading: Text? = null,
    /** Its path, for `remove`. */
    public val element: String? = null,
    /** Tells the headings apart. */
    public val number: Int = 0,
) {
    /** Of its words, and of those among its choices, that a lawyer has yet to check. */
    public val legal: Text? get() = if (kind == Kind.ADD) null else legalNote(choices.map { it.label } + label)

    /** What tells it from every other field of the form, also while others come and go. */
    public val key: String get() = "$kind $number $path"

    /** How a field is filled in. */
    public enum class Kind {
        /** One line. */
        LINE,

        /** A text of any length. */
        TEXT,
        NUMBER,
        DATE,
        TIME,

        /** One of the choices, or none. */
        ONE_OF,

        /** Any of the choices. */
        SOME_OF,

        /** A button that adds an element to a list. */
        ADD,

        /** A line that separates groups. */
        GROUP,
    }

    /** Never prints her words. */
    override fun toString(): String = "FieldState($path, $kind)"
}

/** One incident. */
public data class IncidentState(
    public val loading: Boolean = true,
    public val title: Text = Text.Words(""),
    /** When it happened, when it was written. */
    public val times: List<Line> = emptyList(),
    /** What she wrote, field by field. */
    public val lines: List<Line> = emptyList(),
    public val evidence: List<EvidenceRow> = emptyList(),
    /** What she first wrote and changed since. */
    public val first: List<Line> = emptyList(),
    /** What came after, oldest first. */
    public val history: List<Line> = emptyList(),
    /** Withdrawn, erased or damaged: said on top. */
    public val notices: List<Text> = emptyList(),
    public val canAmend: Boolean = false,
    public val canWithdraw: Boolean = false,
    public val canErase: Boolean = false,
    public val busy: Boolean = false,
    public val progress: Progress? = null,
    public val error: Text? = null,
    /** Something was done: said once. */
    public val done: Text? = null,
    /** Why she withdraws it, as far as she has typed it. */
    public val reason: String = "",
) {
    /** Of the words on the page that a lawyer has yet to check. */
    public val legal: Text? get() = legalNote((lines + first + history).flatMap { listOf(it.label, it.value) })

    /** Never prints her words. */
    override fun toString(): String = "IncidentState(busy=$busy, error=$error)"
}

/** A name and what stands under it. */
public data class Line(public val label: Text, public val value: Text)

/** A file of an incident. */
public data class EvidenceRow(
    public val id: String,
    public val name: Text,
    /** Size, kind, how it was acquired. */
    public val about: Text,
    /** The SHA-256 in groups of eight. */
    public val sha256: Text,
    public val note: Text?,
    /** A picture, going by its content: `show` shows it. */
    public val isPicture: Boolean = false,
)

/** A picture that she looks at. */
public data class PictureState(
    /** The name of the file. */
    public val name: Text? = null,
    /** Null while it is read, and where it cannot be shown. */
    public val picture: Picture? = null,
    public val loading: Boolean = true,
    public val error: Text? = null,
)

/** Files that she is about to attach. */
public data class AttachState(
    public val files: List<FileRow> = emptyList(),
    /** How the files were acquired. */
    public val how: List<Choice> = emptyList(),
    public val note: String = "",
    public val busy: Boolean = false,
    public val progress: Progress? = null,
    public val canSave: Boolean = false,
    public val error: Text? = null,
    /** How the files came here, if that needs a word. */
    public val notice: Text? = null,
) {
    /** Never prints her note. */
    override fun toString(): String = "AttachState(${files.size} files, busy=$busy, error=$error)"
}

/** A picked file. */
public data class FileRow(
    /** For `remove`. */
    public val id: String,
    public val name: Text,
    public val size: Text?,
    /** It lies nowhere else: it is asked for before it is removed. */
    public val onlyHere: Boolean = false,
    public val error: Text? = null,
)

/** How far long work is. */
public data class Progress(
    public val text: Text,
    /** 0 to 100, or null if nobody knows. */
    public val percent: Int?,
)

/** The code of the log. */
public data class FingerprintState(
    /** The code, to be read out in groups. */
    public val code: String? = null,
    public val busy: Boolean = true,
    /** A code that was given out earlier, as she types it. */
    public val earlier: String = "",
    /** The answer to it. */
    public val answer: Text? = null,
    public val error: Text? = null,
) {
    /** Never prints a code. */
    override fun toString(): String = "FingerprintState(busy=$busy, answer=$answer, error=$error)"
}

/** Settings. */
public data class SettingsState(
    /** After how many minutes without a touch the diary locks. */
    public val idle: List<Choice> = emptyList(),
    /** She chose a longer time, for which the passphrase is asked. */
    public val longer: Text? = null,
    /** The version of the app's library. */
    public val version: Text = Text.Words(""),
    /** What the check of the whole diary found. */
    public val findings: List<Line> = emptyList(),
    public val checked: Text? = null,
    public val busy: Boolean = false,
    public val progress: Progress? = null,
    public val error: Text? = null,
)

/** Her passphrase, and the recovery code beside it. */
public data class KeysState(
    public val step: Step = Step.KEYS,
    /** The passphrase opens the diary on this phone only. */
    public val bound: Boolean = false,
    public val busy: Boolean = false,
    public val progress: Progress? = null,
    public val error: Text? = null,
    /** Something was done: said once. */
    public val done: Text? = null,
    /** As in [FirstStartState]: the new code, only at [Step.CODE]. */
    public val code: List<String> = emptyList(),
    /** Which group of it she is asked to copy from her paper, at [Step.CONFIRM]. */
    public val question: Text? = null,
) {
    /** What is in front: the keys, a new recovery code, or the question whether it was written down. */
    public enum class Step { KEYS, CODE, CONFIRM }

    /** Never prints the code. */
    override fun toString(): String = "KeysState($step, busy=$busy, error=$error)"
}

/** The backup. */
public data class BackupState(
    /** The passphrase is bound to this phone: elsewhere the backup opens with the recovery code only. */
    public val bound: Boolean = false,
    public val busy: Boolean = false,
    public val progress: Progress? = null,
    /** What is in the backup that was written. */
    public val result: List<Line> = emptyList(),
    /** Something of the diary could not be read. */
    public val unreadable: Text? = null,
    public val error: Text? = null,
)

/** Destroying the diary. */
public data class WipeState(public val busy: Boolean = false, public val error: Text? = null)
