package org.incidentdiary.presentation

import org.incidentdiary.core.EvidenceItem
import org.incidentdiary.core.Leaving
import org.incidentdiary.core.NoCopy

/** What leaves of a file of the incident with this number, in words. */
internal fun leavingRow(file: EvidenceItem, number: UInt, leaving: Leaving): LeavingRow {
    val original = leaving is Leaving.Original
    val change = if (original) TextKey.LEAVING_KEEP_ORIGINAL else TextKey.LEAVING_TAKE_ORIGINAL
    return LeavingRow(
        id = file.id,
        name = fileName(file.name),
        about = Text.Row(listOf(TextKey.LIST_NUMBER.text(number), sizeText(file.bytes.toLong()))),
        lines = listOfNotNull(
            file.how?.let { Line(TextKey.LABEL_EVIDENCE_HOW.text(), Text.Label("how.$it")) },
            file.note?.let { Line(TextKey.ATTACH_NOTE.text(), Text.Words(it)) },
        ).takeIf { leaving !is Leaving.Withheld }.orEmpty(),
        leaving = leavingKey(leaving).text(),
        original = original,
        change = change.text().takeIf { original || leaving.canBeOriginal() },
    )
}

private fun leavingKey(leaving: Leaving): TextKey = when (leaving) {
    is Leaving.Withheld -> TextKey.LEAVING_WITHHELD
    is Leaving.Original -> TextKey.LEAVING_ORIGINAL
    is Leaving.Copy -> TextKey.LEAVING_COPY
    is Leaving.HashOnly -> when (leaving.noCopy) {
        null -> TextKey.LEAVING_HASH
        is NoCopy.Damaged -> TextKey.LEAVING_DAMAGED
        else -> TextKey.LEAVING_NO_COPY
    }
}

private fun Leaving.canBeOriginal(): Boolean =
    this is Leaving.Copy || (this is Leaving.HashOnly && noCopy !is NoCopy.Damaged)
