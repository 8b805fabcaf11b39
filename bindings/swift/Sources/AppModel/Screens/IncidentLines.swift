import DiaryKit
import Foundation

/// What she wrote, field by field, in the order of the form. What is not set is not shown, nor what stands on top.
func linesOf(_ incident: Incident, in zone: TimeZone) -> [Line] { numbered(rows(asPatch(incident), in: zone)) }

/// What she first wrote and changed since; what still stands is not said again.
func firstLines(_ detail: IncidentDetail, in zone: TimeZone) -> [Line] {
  guard let first = detail.firstWritten else { return [] }
  let now = detail.incident.map { everyRow(asPatch($0), in: zone) } ?? []
  return numbered(everyRow(asPatch(first), in: zone).filter { row in !now.contains { $0 == row } })
}

private func everyRow(_ patch: IncidentPatch, in zone: TimeZone) -> [(label: Phrase, value: Phrase)] {
  let occurred = patch.occurred.map { (label: Phrase.of(.incidentOccurred), value: occurredPhrase($0, in: zone)) }
  return [occurred].compactMap { $0 } + rows(patch, in: zone)
}

private func rows(_ incident: IncidentPatch, in zone: TimeZone) -> [(label: Phrase, value: Phrase)] {
  var lines = Lines(zone: zone)
  lines.words("narrative", incident.narrative)
  // When it happened stands on top; her own words for it are said here.
  lines.words("occurred.words", incident.occurred?.words)
  lines.codes("behaviours", incident.behaviours ?? [])
  if let place = incident.place {
    lines.many("place", [place.class.map { .label("place.class.\($0)") }, place.text.map(Phrase.words)])
    lines.words("place.latitude", place.latitude)
    lines.words("place.longitude", place.longitude)
  }
  for person in incident.people ?? [] {
    let about = [person.name, person.description, person.vehicle, person.contact, person.note, person.key]
    let related = person.relationship.map { Phrase.label("people.relationship.\($0)") }
    lines.add(
      .label("people.role.\(person.role)"),
      .row((about.map { $0.map(Phrase.words) } + [related]).compactMap { $0 }, between: "\n")
    )
  }
  for words in incident.verbatim ?? [] { lines.words("verbatim", words) }
  lines.codes("channels", incident.channels ?? [])
  lines.words("count", incident.count.map { String($0) })
  lines.many("shown_as", (incident.shownAs ?? []).map(Phrase.words))
  lines.code("children_present", of: "yes_no", incident.childrenPresent)
  if let refusal = incident.refusal {
    lines.many(
      "refusal",
      [
        refusal.when.map(lines.time), refusal.how.map { .label("refusal.how.\($0)") },
        refusal.words.map(Phrase.words),
      ]
    )
  }
  lines.code("after_refusal", of: "yes_no", incident.afterRefusal)
  if let harm = incident.harm {
    lines.codes("harm.kinds", harm.kinds)
    lines.words("harm.words", harm.words)
    lines.words("harm.cost", harm.cost.map { "\($0.amount) \($0.currency)" })
    for words in harm.care { lines.words("harm.care", words) }
  }
  lines.codes("response", incident.response ?? [])
  lines.codes("danger", incident.danger ?? [])
  for report in incident.reports ?? [] {
    let texts = [report.number, report.officer, report.words].map { $0.map(Phrase.words) }
    let outcome = report.outcome.map { Phrase.label("reports.outcome.\($0)") }
    lines.many("reports", [.label("reports.body.\(report.body)"), report.on.map(lines.time), outcome] + texts)
  }
  for order in incident.orders ?? [] {
    let ends = [order.from, order.to].compactMap { $0.map(lines.time) }
    let span: Phrase? = ends.count == 2 ? .of(.timeSpan, ends) : ends.first
    lines.many("orders", [.label("orders.kind.\(order.kind)"), order.number.map(Phrase.words), span])
    lines.code("orders.breached", of: "yes_no", order.breached)
  }
  lines.words("private_note", incident.privateNote)
  return lines.all
}

/// A file of an incident.
func evidenceRow(_ item: EvidenceItem) -> EvidenceRow {
  EvidenceRow(
    id: item.id,
    name: fileName(item.name),
    about: .row(
      [sizePhrase(item.bytes), .words(item.mediaType)] + (item.how.map { [.label("how.\($0)")] } ?? [])
    ),
    sha256: grouped(item.sha256),
    note: item.note.map(Phrase.words),
    isPicture: isPicture(item)
  )
}

/// Going by its content, not by its name.
func isPicture(_ item: EvidenceItem) -> Bool { item.mediaType.hasPrefix("image/") }

/// One thing that came after the recording: what and when, why, and what it changed.
func historyLine(_ entry: HistoryEntry, in zone: TimeZone) -> (label: Phrase, value: Phrase) {
  let what: Phrase =
    switch entry.kind {
    case "amendment": .of(.changeAmendment)
    case "withdrawal": .of(.changeWithdrawal)
    case "erasure": .of(.changeErasure)
    case "evidence": .of(.changeEvidence)
    default: .label("kind.\(entry.kind)")
    }
  let at = entry.recordedAt.map { writtenPhrase($0, in: zone) }
  let changed = entry.changes.map { changes($0, in: zone) } ?? []
  return (
    .row([what, at].compactMap { $0 }),
    .row([entry.reason.map(Phrase.words)].compactMap { $0 } + changed, between: "\n")
  )
}

/// What an amendment wrote, and the names of the fields that it took away.
private func changes(_ patch: IncidentPatch, in zone: TimeZone) -> [Phrase] {
  let gone = patch.takenAway.map { (label: Phrase.label("field.\($0)"), value: Phrase.of(.changeTakenAway)) }
  return (everyRow(patch, in: zone) + gone).map { .row([$0.label, $0.value], between: ": ") }
}

/// Everything that is set in it.
private func asPatch(_ incident: Incident) -> IncidentPatch {
  IncidentPatch(
    occurred: incident.occurred,
    narrative: incident.narrative,
    verbatim: incident.verbatim,
    place: incident.place,
    behaviours: incident.behaviours,
    channels: incident.channels,
    count: incident.count,
    shownAs: incident.shownAs,
    people: incident.people,
    childrenPresent: incident.childrenPresent,
    refusal: incident.refusal,
    afterRefusal: incident.afterRefusal,
    harm: incident.harm,
    response: incident.response,
    danger: incident.danger,
    reports: incident.reports,
    orders: incident.orders,
    privateNote: incident.privateNote
  )
}

private struct Lines {
  let zone: TimeZone
  private(set) var all: [(label: Phrase, value: Phrase)] = []

  init(zone: TimeZone) { self.zone = zone }

  mutating func add(_ label: Phrase, _ value: Phrase) { all.append((label, value)) }

  mutating func words(_ field: String, _ words: String?) {
    if let words { add(.label("field.\(field)"), .words(words)) }
  }

  mutating func many(_ field: String, _ parts: [Phrase?]) {
    let parts = parts.compactMap { $0 }
    if !parts.isEmpty { add(.label("field.\(field)"), .row(parts)) }
  }

  mutating func codes(_ list: String, _ codes: [String]) {
    many(list, codes.map { .label("\(list).\($0)") })
  }

  mutating func code(_ field: String, of list: String, _ code: String?) {
    if let code { add(.label("field.\(field)"), .label("\(list).\(code)")) }
  }

  func time(_ text: String) -> Phrase {
    occurredPhrase(Occurred(from: text, words: text), in: zone)
  }
}
