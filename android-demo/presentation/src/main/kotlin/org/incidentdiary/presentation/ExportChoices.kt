package org.incidentdiary.presentation

import java.time.DateTimeException
import java.time.LocalDate

/** What she chose for an export, as it is kept, sealed, while the diary is locked. What the preview showed is looked up anew. */
internal data class ExportChoices(
    val filter: Filter = Filter(),
    val language: String = "ru",
    val files: String = COPIES,
    val audience: String = "",
    val form: String = ExportForm.ZIP.code,
    val recipients: String = "",
    val withheld: Set<String> = emptySet(),
) {
    fun encode(): String = FormValues(
        mapOf(
            "from" to filter.from?.toString().orEmpty(),
            "to" to filter.to?.toString().orEmpty(),
            "behaviours" to filter.behaviours.joinToString(LINE),
            "people" to filter.people.joinToString(LINE),
            "language" to language,
            "files" to files,
            "audience" to audience,
            "form" to form,
            "recipients" to recipients,
            "withheld" to withheld.joinToString(LINE),
        ),
    ).encode()

    /** Never prints to whom she hands over. */
    override fun toString(): String = "ExportChoices"

    companion object {
        /** The draft that it is kept as. */
        const val DRAFT = "export"
        const val COPIES = "copies"
        private const val LINE = "\n"

        fun decode(text: String): ExportChoices {
            val values = FormValues.decode(text)

            fun all(path: String) = values[path].split(LINE).filter { it.isNotEmpty() }.toSet()

            return ExportChoices(
                Filter(day(values["from"]), day(values["to"]), all("behaviours"), all("people")),
                values["language"],
                values["files"],
                values["audience"],
                values["form"],
                values["recipients"],
                all("withheld"),
            )
        }

        private fun day(text: String): LocalDate? = try {
            LocalDate.parse(text)
        } catch (_: DateTimeException) {
            null
        }
    }
}
