import DiaryKit
import Foundation
import TestSupport
import Testing

@testable import AppModel

@MainActor @Suite("The form", .timeLimit(.minutes(10)))
struct FormTests {
  private let zone = TimeZone(secondsFromGMT: 5 * 3600) ?? .gmt

  @Test func everyFieldGoesThroughTheFormAndBack() {
    let incident = fullIncident("Ол тағы да күтіп тұрды.")
    #expect(FormValues(incident).incident(in: zone) == incident)
    #expect(FormValues(incident).patch(from: FormValues(incident), in: zone) == nil)
  }

  @Test func whatIsLeftAloneStaysToTheSecondAndInItsZone() {
    let from = "2026-10-03T21:15:42+06:00"
    let incident = Incident(occurred: Occurred(from: from), narrative: "A")
    var values = FormValues(incident)
    #expect(values.incident(in: zone).occurred.from == from)
    values["occurred.from.time"] = "21:16"
    values["occurred.from.exact"] = ""
    #expect(values.incident(in: zone).occurred.from == "2026-10-03T21:16+05:00")
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
}
