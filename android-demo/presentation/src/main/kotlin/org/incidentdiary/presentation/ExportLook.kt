package org.incidentdiary.presentation

import org.incidentdiary.core.EvidenceItem
import org.incidentdiary.core.ExportPreview
import org.incidentdiary.core.ExportSelection
import org.incidentdiary.core.Leaving
import org.incidentdiary.core.NoCopy
import org.incidentdiary.core.PreviewItem

/** What previews have shown of the diary, and how the newest of them is shown. */
internal class ExportLook(private val opened: OpenDiary) {
    private var numbers: Map<String, UInt> = emptyMap()
    private var files: Map<String, Pair<EvidenceItem, UInt>> = emptyMap()

    /** The evidence items that were seen, by id. */
    val items: Set<String> get() = files.keys

    /** The items of the newest one of which anything may be asked, each with its incident. */
    private var leaving: List<Pair<String, String>> = emptyList()

    /** What the newest one names as damaged. */
    var damaged: Set<String> = emptySet()
        private set

    /** Numbers and files of incidents that were not shown before, and what of all is damaged. */
    suspend fun learn(preview: ExportPreview) {
        val ids = preview.incidents.map { it.id }.filter { it !in numbers }
        val details = opened.call { diary -> ids.map { diary.show(it) } }
        numbers = numbers + details.associate { it.id to it.number } + preview.damaged.associate { it.id to it.number }
        files = files + details.flatMap { detail -> detail.evidence.map { it.id to (it to detail.number) } }
        val incidents = numbers.entries.associate { (id, number) -> number to id }
        val asked = preview.evidence.filter { it.leaving !is Leaving.Withheld }
        leaving = asked.map { it.item to files[it.item]?.let { (_, number) -> incidents[number] }.orEmpty() }
        val broken = preview.evidence.filter { (it.leaving as? Leaving.HashOnly)?.noCopy is NoCopy.Damaged }
        damaged = preview.damaged.map { it.id }.toSet() + broken.map { it.item }
    }

    /** Those items, but for these, and for those of these incidents. */
    fun stayingWithout(without: Set<String>): List<String> =
        leaving.filter { (item, incident) -> item !in without && incident !in without }.map { it.first }

    fun state(preview: ExportPreview, selection: ExportSelection): PreviewState {
        val shown = preview.incidents.map { incident ->
            PreviewRow(
                id = incident.id,
                number = number(incident.id),
                fields = Text.Row(incident.fields.map { Text.Label("field.$it") }),
                leavesOut = incident.withheld.takeIf { it.isNotEmpty() }
                    ?.let { names -> TextKey.EXPORT_WITHHELD.text(Text.Row(names.map { Text.Label("field.$it") })) },
                included = true,
            )
        }
        val out = selection.without.filter { it !in files }.map {
            PreviewRow(it, number(it), TextKey.EXPORT_LEFT.text(), leavesOut = null, included = false)
        }
        return PreviewState(
            summary = listOfNotNull(
                Line(
                    TextKey.EXPORT_INCIDENTS.text(),
                    TextKey.EXPORT_OF.text(preview.incidents.size, preview.inLog),
                ),
                Line(TextKey.EXPORT_LEFT_OUT.text(), Text.Words(preview.leftOut.toString())),
                Line(TextKey.EXPORT_UNKNOWN_TIME.text(), Text.Words(preview.unknownTime.toString())).takeIf {
                    preview.unknownTime > 0uL
                },
                selection.audience?.let { Line(TextKey.EXPORT_AUDIENCE.text(), Text.Words(it)) },
            ),
            incidents = shown + out,
            files = preview.evidence.map(::row),
            damaged = TextKey.EXPORT_DAMAGED.text(Text.Row(damaged.map(::nameOf), between = ", "))
                .takeIf { damaged.isNotEmpty() },
        )
    }

    private fun nameOf(id: String): Text = files[id]?.let { (file, _) -> fileName(file.name) } ?: number(id)

    private fun number(id: String): Text = TextKey.LIST_NUMBER.text(numbers[id] ?: "")

    private fun row(item: PreviewItem): LeavingRow {
        val (file, number) = files[item.item] ?: return LeavingRow(item.item, Text.Words(item.item))
        return leavingRow(file, number, item.leaving)
    }
}
