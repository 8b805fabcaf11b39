import DiaryKit

/// What previews have shown of the diary, and how the newest of them is shown.
@MainActor
final class ExportLook {
  private var items: [String: (file: EvidenceItem, number: UInt32, incident: String)] = [:]
  /// The items of the newest preview of which anything may be asked, each with its incident.
  private var leaving: [(item: String, incident: String)] = []
  private var numbers: [String: UInt32] = [:]
  /// What the preview that is shown names as damaged.
  private(set) var damaged: [String] = []

  /// Whether this evidence item was seen.
  func knows(_ item: String) -> Bool { items[item] != nil }

  /// Numbers and files of incidents that were not shown before.
  func learn(_ preview: ExportPreview, from diary: OpenDiary) async throws {
    for incident in preview.incidents where numbers[incident.id] == nil {
      let detail = try await diary.show(incident.id)
      numbers[incident.id] = detail.number
      for file in detail.evidence { items[file.id] = (file, detail.number, incident.id) }
    }
    let asked = preview.evidence.filter { $0.leaving != .withheld }
    leaving = asked.map { ($0.item, items[$0.item]?.incident ?? "") }
  }

  /// Those items, but for these, and for those of these incidents.
  func staying(without: [String]) -> [String] {
    leaving.filter { !without.contains($0.item) && !without.contains($0.incident) }.map(\.item)
  }

  /// The preview as it is shown, with what she left out and for whom it is.
  func state(_ preview: ExportPreview, _ selection: ExportSelection) -> PreviewState {
    var summary: [(label: Phrase, value: Phrase)] = [
      (.of(.exportIncidents), some(UInt64(preview.incidents.count), of: preview.inLog)),
      (.of(.exportLeftOut), .words(String(preview.leftOut))),
    ]
    if preview.unknownTime > 0 { summary.append((.of(.exportUnknownTime), .words(String(preview.unknownTime)))) }
    if let audience = selection.audience { summary.append((.of(.exportAudience), .words(audience))) }
    for one in preview.damaged { numbers[one.id] = one.number }
    damaged = preview.damaged.map(\.id) + preview.evidence.filter(\.leaving.isDamaged).map(\.item)
    let left = selection.without.filter { !knows($0) }.map {
      PreviewRow(id: $0, number: number($0), fields: .of(.exportLeft), leavesOut: nil, included: false)
    }
    return PreviewState(
      summary: numbered(summary),
      incidents: preview.incidents.map(row) + left,
      files: preview.evidence.map { leaving in
        items[leaving.item].map { leavingRow($0.file, of: $0.number, leaving.leaving) }
          ?? LeavingRow(id: leaving.item, name: .words(leaving.item))
      },
      damaged: damaged.isEmpty ? nil : .of(.exportDamaged, [.row(damaged.map(name))])
    )
  }

  private func name(_ id: String) -> Phrase { items[id].map { fileName($0.file.name) } ?? number(id) }

  private func row(_ incident: PreviewIncident) -> PreviewRow {
    let withheld = incident.withheld.map { Phrase.label("field.\($0)") }
    return PreviewRow(
      id: incident.id,
      number: number(incident.id),
      fields: .row(incident.fields.map { .label("field.\($0)") }),
      leavesOut: withheld.isEmpty ? nil : .of(.exportWithheld, [.row(withheld)]),
      included: true
    )
  }

  private func number(_ id: String) -> Phrase {
    .of(.listNumber, [.words(numbers[id].map { String($0) } ?? "")])
  }
}

/// `3 of 12`.
func some(_ some: UInt64, of all: UInt64) -> Phrase {
  .of(.exportOf, [.words(String(some)), .words(String(all))])
}
