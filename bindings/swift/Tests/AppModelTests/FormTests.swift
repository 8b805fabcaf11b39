import DiaryKit
import Foundation
import TestSupport
import Testing

@testable import AppModel

@MainActor @Suite("The form", .timeLimit(.minutes(60)))
struct FormTests {
  private let zone = TimeZone(secondsFromGMT: 5 * 3600) ?? .gmt

  @Test func everyFieldGoesThroughTheFormAndBack() {
    let incident = fullIncident("Ол тағы да күтіп тұрды.")
    #expect(FormValues(incident).incident(in: zone) == incident)
    #expect(FormValues(incident).patch(from: FormValues(incident), in: zone) == nil)
  }

  @Test func everyFieldIsOnThePage() throws {
    let lines = linesOf(fullIncident("Ол тағы да күтіп тұрды."), in: zone)
    let page = try Rig().read(lines).joined(separator: "\n")
    let words = [
      "кешкі жаңалықтардан кейін", "Ол тағы да", "«Всё равно найду»", "подъезд", "43.238", "76.945", "34", "+7 700",
      "Б.",
      "қара күрте", "ақ көлік", "@user", "🚗", "p1", "Жазба", "ұйықтай алмадым", "15000 KZT", "емхана", "КУИ 000",
      "лейтенант", "Жоқ", "тек өзіме",
    ]
    for word in words { #expect(page.contains(word), "\(word)") }
    let codes = lines.flatMap { labels(in: $0.value) }
    for field in ["behaviours", "channels", "response", "danger", "refusal.how", "harm.kinds", "place.class"] {
      #expect(codes.contains { $0.hasPrefix("\(field).") }, "\(field)")
    }
    for field in ["reports.outcome", "orders.kind", "people.relationship"] {
      #expect(codes.contains { $0.hasPrefix("\(field).") }, "\(field)")
    }
    let named = lines.map(\.label)
    for field in ["children_present", "after_refusal", "orders.breached"] {
      #expect(named.contains(.label("field.\(field)")), "\(field)")
    }
  }

  @Test func whatIsLeftAloneStaysToTheSecondAndInItsZone() {
    let from = "2026-10-03T21:15:42+06:00"
    let incident = Incident(occurred: Occurred(from: from), narrative: "A")
    var values = FormValues(incident)
    #expect(values.incident(in: zone).occurred.from == from)
    values.write("occurred.from", "2026-10-04", in: zone)
    #expect(values.incident(in: zone).occurred.from == "2026-10-04T21:15:42+06:00", "only the day was corrected")
    values.write("occurred.from.time", "21:16", in: zone)
    #expect(values.incident(in: zone).occurred.from == "2026-10-04T21:16+05:00")
    values.write("occurred.from", "", in: zone)
    values.write("occurred.from", "2026-10-05", in: zone)
    #expect(values.incident(in: zone).occurred.from == "2026-10-05T21:16+05:00")
  }

  @Test func anotherDayHasTheOffsetThatTheZoneHadThen() throws {
    // Almaty had summer time until 2004. That it went to +05:00 on 1 March 2024 not every system knows.
    let almaty = try #require(TimeZone(identifier: "Asia/Almaty"))
    let march = offsetText(almaty.secondsFromGMT(for: Date(timeIntervalSince1970: 1_709_315_742)))
    let corrected: [(from: String, day: String, to: String)] = [
      ("2024-02-29T21:15:42+06:00", "2024-03-01", "2024-03-01T21:15:42\(march)"),
      ("2024-03-01T21:15:42\(march)", "2024-02-29", "2024-02-29T21:15:42+06:00"),
      ("2004-07-01T21:15:42.5+07:00", "2004-01-15", "2004-01-15T21:15:42.5+06:00"),
      ("2004-01-15T21:15:42+06:00", "2004-07-01", "2004-07-01T21:15:42+07:00"),
      ("2024-02-28T21:15:42+06:00", "2024-02-29", "2024-02-29T21:15:42+06:00"),
      // She was elsewhere, or it says nothing of a zone.
      ("2024-02-29T21:15:42+03:00", "2024-03-01", "2024-03-01T21:15:42+03:00"),
      ("2024-02-29T21:15:42Z", "2024-03-01", "2024-03-01T21:15:42Z"),
      ("2024-02-29T21:15:42", "2024-03-01", "2024-03-01T21:15:42"),
    ]
    for (from, day, to) in corrected {
      var values = FormValues(Incident(occurred: Occurred(from: from), narrative: "A"))
      values.write("occurred.from", day, in: almaty)
      #expect(values.incident(in: almaty).occurred.from == to)
    }
  }

  @Test func noMoreOfATimeIsWrittenThanSheKnows() async throws {
    let full = "2026-10-17T21:15+05:00"
    let known: [(precision: String, from: String?)] = [
      ("exact", full), ("about", full), ("hour", full), ("day", "2026-10-17"), ("month", "2026-10-01"),
      ("year", "2026-01-01"), ("unknown", nil),
    ]
    let workshop = try Workshop()
    let diary = try await workshop.diary()
    for (precision, from) in known {
      var values = FormValues(Incident(occurred: Occurred(from: full), narrative: "A"))
      values["occurred.precision"] = precision
      let id = try await diary.add(values.incident(in: zone)).id
      #expect(try await diary.show(id).incident?.occurred.from == from)
    }
    try await diary.lock()
  }

  @Test func aTimeWithoutADayAndACurrencyWithoutAnAmountDoNotVanish() async throws {
    let rig = try Rig()
    try await rig.start().write()
    let form = try await rig.form()
    form.edit("narrative", "A")
    form.edit("occurred.to.time", "20:00")
    form.save()
    await rig.until { [app = rig.app] in !form.state.busy || app.screen.model !== form }
    #expect(form.state.more.first { $0.path == "occurred.to" }?.error == .of(.fieldOrder), "past midnight")
    form.edit("occurred.to.time", "22:00")
    form.edit("harm.cost.currency", "USD")
    form.save()
    await rig.until { [app = rig.app] in !form.state.busy || app.screen.model !== form }
    #expect(form.state.more.first { $0.path == "harm.cost.amount" }?.error != nil)
    form.edit("harm.cost.amount", "15")
    form.save()
    await rig.until { [app = rig.app] in
      if case .form = app.screen { form.state.error != nil && !form.state.busy } else { true }
    }
    rig.app.lock()
    await rig.app.closed()
    let diary = try await OpenDiary.open(folder: rig.app.ports.folders.diary, passphrase: rig.workshop.secret)
    let incident = try #require(try await diary.show("#1").incident)
    #expect(incident.occurred.from == "2026-10-03T21:15+05:00" && incident.occurred.to == "2026-10-03T22:00+05:00")
    #expect(incident.harm?.cost == Cost(amount: "15", currency: "USD"))
    try await diary.lock()
  }

  @Test func anErrorOfTheWholeIsNotThatOfAHeading() async throws {
    let rig = try Rig()
    try await rig.start().write()
    let form = try await rig.form()
    form.edit("narrative", String(repeating: "a", count: 1 << 20))
    for number in 0..<33 {
      form.add("verbatim")
      form.edit("verbatim[\(number)]", String(repeating: "a", count: 1 << 16))
    }
    form.save()
    await rig.until { !form.state.busy }
    #expect(form.state.error == .of(.fieldTooLong), "the incident is too large as a whole")
    #expect((form.state.fields + form.state.more).allSatisfy { $0.error == nil })
    rig.app.lock()
    await rig.app.closed()
  }

  @Test func nobodyGoesBackWhileItIsRecorded() async throws {
    let rig = try Rig()
    try await rig.start().write()
    let form = try await rig.form()
    form.edit("narrative", "A")
    form.save()
    #expect(rig.app.back())
    guard case .form = rig.app.screen else { throw Rig.AnotherScreen() }
    await rig.until { if case .incident = rig.app.screen { true } else { form.state.error != nil } }
    rig.app.back()
    let list = try await rig.list()
    await rig.until { list.state.rows.count == 1 }
    #expect(!list.state.unfinished)
    rig.app.lock()
    await rig.app.closed()
  }

  @Test func whatSheTypesWhileItIsRecordedIsNotTaken() async throws {
    let rig = try Rig()
    try await rig.start().write()
    let form = try await rig.form()
    form.edit("narrative", "A")
    form.choose("behaviours", "gifts")
    form.save()
    form.edit("narrative", "B")
    form.choose("behaviours", "calls")
    form.add("people")
    #expect(form.state.fields.first { $0.path == "narrative" }?.value == "A", "or she would think that it is kept")
    #expect(form.state.fields.first { $0.path == "behaviours" }?.chosen == .row([.label("behaviours.gifts")]))
    await rig.until { if case .incident = rig.app.screen { true } else { form.state.error != nil } }
    rig.app.lock()
    await rig.app.closed()
    #expect(try await rig.draft("new") == nil)
  }

  @Test func backWaitsUntilItIsKeptAndSheIsToldOnceWhereItCannotBe() async throws {
    let rig = try Rig()
    let list = try await rig.start()
    list.write()
    var form = try await rig.form()
    form.edit("narrative", "A")
    #expect(rig.app.back())
    #expect(form.state.busy && rig.app.back(), "once is enough")
    await rig.until { rig.app.screen.model === list }
    await rig.until { list.state.unfinished }
    list.write()
    form = try await rig.form()
    form.edit("narrative", String(repeating: "a", count: 300 << 10))
    #expect(rig.app.back())
    await rig.until { !form.state.busy }
    #expect(rig.app.screen.model === form && form.state.error == .of(.errorFullDrafts))
    #expect(FormModel.notKeptPhrase(.of(.errorDiskFull)) == .of(.formNotKept))
    #expect(rig.app.back())
    #expect(rig.app.screen.model === list, "she was told")
    rig.app.lock()
    await rig.app.closed()
  }

  @Test func whatCouldNotBeThrownAwayIsStillHers() async throws {
    let rig = try Rig()
    let diary = try await rig.workshop.diary()
    var broken: Phrase?
    let form = FormModel(rig.app, Session(diary, ports: rig.app.ports) { broken = $0 }, about: nil)
    await rig.until { !form.state.busy }
    form.edit("narrative", Workshop.canary)
    try await diary.lock()
    form.discard()
    await form.settled()
    #expect(broken == .of(.errorLocked))
    #expect(form.unkept()?.text?.contains(Workshop.canary) == true)
  }

  @Test(arguments: [
    "a\nb\tc\\n", "\\", "\\\\n", "\r\n\r", "\n\u{301}", "\\\u{301}", "n\u{301}", "e\u{301} 👩‍👧", "\u{FEFF}a",
  ])
  func aDraftKeepsEveryLetter(_ text: String) {
    var values = FormValues()
    values["narrative"] = text
    values["place.text"] = text
    let again = FormValues(decoding: values.encoded())
    #expect(Array(again["narrative"].unicodeScalars) == Array(text.unicodeScalars))
    #expect(again == values)
  }

  @Test func aPatchSetsAndTakesAway() throws {
    let before = FormValues(fullIncident("A"))
    var after = before
    after["narrative"] = "B"
    after["private_note"] = ""
    after["count"] = "35"
    after.remove("people", 0)
    let patch = try #require(after.patch(from: before, in: zone))
    #expect(patch.narrative == "B" && patch.count == 35 && patch.place == nil && patch.harm == nil)
    #expect(Set(patch.takenAway) == ["people", "private_note"])
  }

  @Test func elementsMoveUp() {
    var values = FormValues()
    for number in 0..<3 { values["people[\(number)].name"] = "\(number)" }
    values.remove("people", 1)
    #expect(values.count("people") == 2)
    #expect(values["people[1].name"] == "2")
    values.add("people")
    #expect(values.count("people") == 3)
    #expect(values.elements("people") == ["people[0]", "people[1]"], "an empty one is none")
    #expect(FormFields.compact(values).count("people") == 2)
  }

  @Test func anErrorStandsBesideItsFieldAndUnfoldsIt() async throws {
    let rig = try Rig()
    try await rig.start().write()
    let form = try await rig.form()
    form.save()
    await rig.until { !form.state.busy }
    #expect(form.state.error == .of(.fieldCheck))
    #expect(form.state.fields.first { $0.path == "narrative" }?.error == .of(.fieldMissing))
    form.edit("narrative", "A")
    #expect(form.state.fields.first { $0.path == "narrative" }?.error == nil)

    // An element that holds nothing is passed over; the error names the one that is shown.
    form.add("people")
    form.add("people")
    form.edit("people[1].name", "Б.")
    form.edit("count", "мың")
    form.save()
    await rig.until { !form.state.busy }
    #expect(form.state.moreOpen)
    let wrong = form.state.more.filter { $0.error != nil }
    #expect(wrong.map(\.path) == ["people[0].role"] || wrong.map(\.path) == ["count"])
    form.choose("people[0].role", "witness")
    form.edit("count", "0")
    form.save()
    await rig.until { !form.state.busy }
    let count = form.state.more.first { $0.path == "count" }
    #expect(rig.read(count?.error) == "A number from 1 to 1000000.")
    form.edit("count", "34")
    form.edit("occurred.to", "2026-10-02")
    form.save()
    await rig.until { !form.state.busy }
    #expect(form.state.more.first { $0.path == "occurred.to" }?.error == .of(.fieldOrder))
    form.edit("occurred.to", "")
    form.edit("narrative", "A\u{0}")
    form.save()
    await rig.until { !form.state.busy }
    #expect(form.state.fields.first { $0.path == "narrative" }?.error == .of(.fieldText))
    rig.app.lock()
    await rig.app.closed()
  }

  @Test func anUntouchedFormLeavesNothingAndAnAmendmentWantsAChangeAndAReason() async throws {
    let rig = try Rig()
    try await rig.start().write()
    _ = try await rig.form()
    rig.app.back()
    #expect(try await rig.list().state.unfinished == false)
    let incident = try await rig.write("A")
    incident.amend()
    let form = try await rig.form()
    form.edit("reason", "R")
    form.save()
    await rig.until { !form.state.busy }
    #expect(form.state.error == .of(.formNothingChanged))
    form.edit("reason", "")
    form.edit("narrative", "B")
    form.save()
    await rig.until { !form.state.busy }
    #expect(form.state.fields.first { $0.path == "reason" }?.error == .of(.fieldMissing))
    rig.app.lock()
    await rig.app.closed()
  }

  @Test func wordsThatSheDeletedDoNotComeBack() async throws {
    let rig = try Rig()
    try await rig.start().write()
    let form = try await rig.form()
    form.edit("narrative", Workshop.canary)
    rig.time.advance(by: .seconds(1))
    await rig.until { form.state.kept }
    form.edit("narrative", "")
    rig.app.onStopped()
    await rig.app.closed()
    #expect(try await rig.draft("new")?.contains(Workshop.canary) == false)
  }

  @Test func everyFieldOfTheContractIsInTheForm() throws {
    let document = try JSONSerialization.jsonObject(with: Data(schema(kind: .incident).utf8)) as? [String: Any]
    let definitions = try #require(document?["$defs"] as? [String: [String: Any]])
    let names = try #require(definitions["incident"]?["properties"] as? [String: Any]).keys
    #expect(names.contains("narrative"))
    var paths = FormFields.short.map(\.path)
    for part in FormFields.more {
      switch part {
      case .group(_, let specs): paths += specs.map(\.path)
      case .many(let list, _, _): paths.append(list)
      }
    }
    for name in names { #expect(paths.contains { $0 == name || $0.hasPrefix("\(name).") }, "\(name)") }
  }

  @Test func everyLabelHasWords() async throws {
    let rig = try Rig()
    try await rig.start().write()
    let form = try await rig.form()
    for list in ["people", "verbatim", "shown_as", "harm.care", "reports", "orders"] { form.add(list) }
    let fields = form.state.fields + form.state.more
    #expect(Set(fields.map(\.id)).count == fields.count, "each can be told from the others")
    for language in Language.allCases {
      let strings = Strings(language)
      for field in fields {
        let phrases = [field.label, field.hint, field.heading].compactMap { $0 } + field.choices.map(\.label)
        for phrase in phrases {
          let words = strings.read(phrase)
          #expect(!words.isEmpty && !words.contains("_") && !words.hasPrefix("field."), "\(phrase)")
        }
      }
    }
    rig.app.lock()
    await rig.app.closed()
  }

  @Test func bothShellsAskForTheSameFieldsInTheSameOrderAndGroups() throws {
    let more = FormFields.more.flatMap { part in
      switch part {
      case .group(let label, let fields): ["group \(name(label))"] + fields.map { "  \(line($0))" }
      case .many(let path, let label, let fields):
        ["many \(path) \(name(label))"] + fields.map { "  \(line($0))" }
      }
    }
    let samples = try #require(ProcessInfo.processInfo.environment["DIARY_SAMPLES"])
    let agreed = try String(contentsOfFile: "\(samples)/../tests/bindings/form.txt", encoding: .utf8)
    #expect((FormFields.short.map(line) + more).joined(separator: "\n") + "\n" == agreed)
  }

  private func line(_ field: FormFields.Spec) -> String {
    let kind = "\(field.kind)".lowercased()
    let parts = [field.path.isEmpty ? "-" : field.path, kind, name(field.label), field.codes, field.hint?.rawValue]
    return parts.compactMap(\.self).joined(separator: " ")
  }

  private func name(_ label: Phrase) -> String {
    switch label {
    case .label(let path): path
    case .of(let key, _): key.rawValue
    default: ""
    }
  }
}
