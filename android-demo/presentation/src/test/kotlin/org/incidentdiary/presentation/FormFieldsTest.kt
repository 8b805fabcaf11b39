package org.incidentdiary.presentation

import java.io.File
import kotlin.test.Test
import kotlin.test.assertEquals

class FormFieldsTest {
    @Test
    fun `both shells ask for the same fields, in the same order and the same groups`() {
        val short = FormFields.short.map(::line)
        val more = FormFields.more.flatMap { part ->
            when (part) {
                is FormFields.Group -> listOf("group ${name(part.label)}") + part.fields.map { "  ${line(it)}" }
                is FormFields.Many ->
                    listOf("many ${part.path} ${name(part.label)}") + part.fields.map { "  ${line(it)}" }
            }
        }
        assertEquals(File("../../tests/bindings/form.txt").readLines(), short + more)
    }

    private fun line(field: FormFields.Spec) = listOfNotNull(
        field.path.ifEmpty { "-" },
        field.kind.name.lowercase().replace("_", ""),
        name(field.label),
        field.codes,
        field.hint?.resource,
    ).joinToString(" ")

    private fun name(label: Text) = if (label is Text.Of) label.key.resource else (label as Text.Label).path
}
