package org.incidentdiary.presentation

import org.incidentdiary.core.labelsToBeChecked
import org.incidentdiary.ensureLibrary

/**
 * Names, once each, those of these labels whose words have a meaning in law that no lawyer has checked yet; null if there
 * is none. The reports say the same of them.
 */
internal fun legalNote(texts: List<Text>): Text? =
    texts.flatMap(::labelsIn).filter { it.path in unchecked }.distinct().takeIf { it.isNotEmpty() }
        ?.let { TextKey.LABEL_TO_CHECK.text(Text.Row(it)) }

private fun labelsIn(text: Text): List<Text.Label> = when (text) {
    is Text.Label -> listOf(text)
    is Text.Row -> text.parts.flatMap(::labelsIn)
    is Text.Of -> text.args.filterIsInstance<Text>().flatMap(::labelsIn)
    is Text.Words -> emptyList()
}

private val unchecked: Set<String> by lazy {
    ensureLibrary()
    labelsToBeChecked().toSet()
}
