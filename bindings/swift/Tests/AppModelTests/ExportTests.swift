import DiaryKit
import Foundation
import TestSupport
import Testing

@testable import AppModel

@MainActor @Suite("Handing over", .timeLimit(.minutes(60)))
struct ExportTests {
  private let rig: Rig

  init() throws { rig = try Rig() }

  @Test func whatLeavesIsWhatThePreviewShowed() async throws {
    let export = try await exporting(incidents: 3)
    export.chooseForm("plain")
    export.preview()
    // Touches that come while it is looked up, and after.
    let change = {
      export.chooseBehaviour("gifts")
      export.chooseLanguage("en")
      export.chooseFiles("all")
      export.chooseForm("report")
      export.chooseWithheld("people")
      export.editRecipients("age1x")
      export.editAudience("басқа")
      export.chooseFrom(Day("2026-10-04"))
    }
    change()
    await rig.until { !export.state.busy }
    change()
    let shown = try #require(export.state.preview)
    #expect(shown.incidents.count == 3)
    export.toggleIncident(try #require(shown.incidents.last?.id))
    await rig.until { !export.state.busy }
    #expect(export.state.preview?.incidents.map(\.included) == [true, true, false])
    export.accept()
    change()
    export.toggleIncident(try #require(shown.incidents.first?.id))
    export.preview()
    export.choosePlace(Workshop.passphrase)
    await rig.until { rig.app.effect != nil || export.state.error != nil }
    guard case .saveFile(let file) = rig.app.effect else { throw Rig.AnotherScreen() }

    let bundle = rig.workshop.path("kept.zip")
    try FileManager.default.copyItem(at: file, to: bundle)
    rig.app.fileSaved(true)
    #expect(rig.read(export.state.result).first == "Incidents: 2 of 3")
    #expect(export.state.result.map(\.canCopy) == [false, false, true, true], "only codes can be copied")

    let code = rig.read(export.state.result[2].value)
    let verified = try Program.diary(["verify", bundle.path, "--fingerprint", code, "--json"])
    #expect(verified.status == 0)
    let verdict = try #require(try JSONSerialization.jsonObject(with: verified.output) as? [String: Any])
    let covered = try #require(verdict["covered"] as? [String])
    #expect(Set(covered).isSuperset(of: shown.incidents.prefix(2).map(\.id)))
    #expect(!covered.contains(shown.incidents[2].id))
    try await end()
  }

  @Test func aPictureLeavesAsACopyUnlessSheChoosesTheOriginal() async throws {
    try await rig.start()
    let photo = try sample("IMG_20260421_183012.jpg")
    #expect(photo.range(of: Data("Exif".utf8)) != nil)
    _ = try await rig.write("сурет")
    rig.app.filesPicked([PickedFile(try rig.workshop.file("door.jpg", photo))])
    let attach = try rig.attach()
    attach.save()
    await rig.until { [app = rig.app] in
      if case .incident = app.screen { true } else { attach.state.error != nil }
    }
    rig.app.back()

    // What the camera wrote into it, as it lies in the file.
    let hidden = photo[20..<220]
    rig.app.openExport()
    let usual = try rig.export()
    #expect(usual.state.files.first { $0.chosen }?.code == "copies")
    let copies = try await exported(usual)
    #expect(copies.evidence == ["a-01.copy.jpg", "a-01.note.txt"])
    #expect(copies.bundle.range(of: hidden) == nil)

    rig.app.back()
    rig.app.openExport()
    let again = try rig.export()
    again.chooseFiles("all")
    let originals = try await exported(again)
    #expect(originals.evidence == ["a-01.jpg"])
    #expect(originals.bundle.range(of: photo) != nil)

    rig.app.back()
    rig.app.openExport()
    let none = try rig.export()
    none.chooseFiles("none")
    #expect(try await exported(none).evidence == ["a-01.note.txt"])

    // One file otherwise than the rest.
    rig.app.back()
    rig.app.openExport()
    let one = try await exported(try rig.export()) { [$0[0].id] }
    #expect(one.evidence == ["a-01.jpg"])
    rig.app.back()
    rig.app.openExport()
    let allButOne = try rig.export()
    allButOne.chooseFiles("all")
    #expect(try await exported(allButOne) { [$0[0].id] }.evidence == copies.evidence)
    try await end()
  }

  @Test(arguments: ["copies", "all"])
  func anIncidentIsLeftOutWithItsFileAndComesInAgainWithIt(files: String) async throws {
    try await rig.start()
    _ = try await rig.write("1")
    rig.app.back()
    _ = try await rig.write("2")
    rig.app.filesPicked([PickedFile(try rig.workshop.file("a.txt", Data("a".utf8)))])
    let attach = try rig.attach()
    attach.save()
    await rig.until { [app = rig.app] in
      if case .incident = app.screen { true } else { attach.state.error != nil }
    }
    rig.app.back()
    rig.app.openExport()
    let export = try rig.export()
    export.chooseFiles(files)
    export.preview()
    await rig.until { !export.state.busy }
    let (wanted, first) = (files != "all", try #require(export.state.preview))
    #expect(first.files.map(\.isOriginal) == [!wanted])
    export.toggleOriginal(first.files[0].id)
    await rig.until { !export.state.busy }
    #expect(export.state.preview?.files.map(\.isOriginal) == [wanted])
    let incident = try #require(first.incidents.first { $0.number == .of(.listNumber, [.words("2")]) })
    export.toggleIncident(incident.id)
    await rig.until { !export.state.busy }
    #expect(export.state.error == nil && export.state.preview?.files.isEmpty == true)
    export.toggleIncident(incident.id)
    await rig.until { !export.state.busy }
    #expect(export.state.error == nil && export.state.preview?.files.map(\.isOriginal) == [wanted])
    try await end()
  }

  @Test func whatSheKeepsBackIsNamedAndNotInTheBundle() async throws {
    try await rig.start().write()
    let form = try await rig.form()
    form.edit("narrative", "слова")
    form.edit("place.text", "укрытие")
    form.save()
    await rig.until { [app = rig.app] in
      if case .form = app.screen { form.state.error != nil } else { true }
    }
    rig.app.back()
    rig.app.openExport()
    let export = try rig.export()
    export.chooseWithheld("place")
    let bundle = try await exported(export).bundle
    let row = try #require(export.state.preview?.incidents.first)
    #expect(rig.read(row.leavesOut) == "Withheld: Place")
    let reports = try #require(try await render(bundle: rig.workshop.file("bundle.zip", bundle)))
    let table = try #require(reports["incidents.csv"])
    #expect(table.range(of: Data("слова".utf8)) != nil && table.range(of: Data("укрытие".utf8)) == nil)
    try await end()
  }

  /// The bundle that is exported, and the evidence files in it by name; they are those of its preview.
  private func exported(
    _ export: ExportModel,
    toggling toggled: ([LeavingRow]) -> [String] = { _ in [] }
  ) async throws -> (bundle: Data, evidence: Set<String>) {
    export.chooseForm("plain")
    export.preview()
    await rig.until { !export.state.busy }
    for item in toggled(try #require(export.state.preview).files) {
      export.toggleOriginal(item)
      await rig.until { !export.state.busy }
    }
    let shown = try #require(export.state.preview).files
    export.accept()
    export.choosePlace(Workshop.passphrase)
    await rig.until { rig.app.effect != nil || export.state.error != nil }
    guard case .saveFile(let file) = rig.app.effect else { throw Rig.AnotherScreen() }
    let bundle = try Data(contentsOf: file)
    rig.app.effectTaken()
    rig.app.fileSaved(true)
    let inside = members(of: bundle).compactMap { name in
      name.range(of: "/evidence/").map { String(name[$0.upperBound...]) }
    }
    let copies = inside.filter { $0.contains(".copy.") }.count
    let originals = inside.filter { !$0.contains(".copy.") && !$0.hasSuffix(".note.txt") }.count
    #expect(shown.filter { $0.leaving == .of(.leavingCopy) }.count == copies)
    #expect(shown.filter(\.isOriginal).count == originals)
    return (bundle, Set(inside))
  }

  /// The files of a ZIP, by its central directory.
  private func members(of zip: Data) -> [String] {
    var found: [String] = []
    var from = zip.startIndex
    while let entry = zip.range(of: Data([0x50, 0x4B, 1, 2]), in: from..<zip.endIndex) {
      from = entry.upperBound
      func number(_ at: Int, _ count: Int) -> Int {
        (0..<count).reversed().reduce(0) { $0 << 8 | Int(zip[entry.lowerBound + at + $1]) }
      }
      guard entry.lowerBound + 46 <= zip.endIndex, entry.lowerBound + 46 + number(28, 2) <= zip.endIndex else { break }
      let name = zip[entry.lowerBound + 46..<entry.lowerBound + 46 + number(28, 2)]
      found.append(String(decoding: name, as: UTF8.self))
    }
    return found
  }

  @Test func whatIsDamagedIsNamedAndTheRestLeavesWithoutIt() async throws {
    try await rig.start()
    _ = try await rig.write("бірінші")
    rig.app.filesPicked([PickedFile(try rig.workshop.file("door.jpg", try sample("IMG_20260421_183012.jpg")))])
    let attach = try rig.attach()
    attach.save()
    await rig.until { [app = rig.app] in
      if case .incident = app.screen { true } else { attach.state.error != nil }
    }
    rig.app.back()
    try await end()
    let log = rig.app.ports.folders.diary.appending(path: "log.db")
    let before = try Data(contentsOf: log)
    try await rig.unlock()
    _ = try await rig.write("екінші")
    rig.app.back()
    try await end()
    try await damageNewest(log, since: before)
    let sealed = try #require(files(below: rig.app.ports.folders.diary.appending(path: "evidence")).first)
    try Data(contentsOf: sealed).flipped(at: 200).write(to: sealed)

    try await rig.unlock()
    let list = try await rig.list()
    #expect(list.state.error == nil && list.state.rows.map(\.faded) == [true, false])
    rig.app.openExport()
    let export = try rig.export()
    export.preview()
    await rig.until { !export.state.busy }
    let named = rig.read(export.state.preview?.damaged)
    #expect(named.contains("No. 2, door.jpg"), "\(named)")
    export.accept()
    #expect(export.state.step == .preview)
    export.goOnWithout()
    await rig.until { !export.state.busy }
    let preview = try #require(export.state.preview)
    #expect(preview.damaged == nil && preview.incidents.map(\.included) == [true, false])
    #expect(preview.files.map(\.leaving) == [.of(.leavingWithheld)])
    export.accept()
    export.choosePlace(Workshop.passphrase)
    await rig.until { rig.app.effect != nil || export.state.error != nil }
    rig.app.fileSaved(true)
    #expect(rig.read(export.state.result).first == "Incidents: 1 of 2")
    rig.app.back()

    // On its own screen it can only be destroyed.
    try await rig.list().open(try #require(list.state.rows.first?.id))
    let incident = try await rig.incident()
    #expect(incident.state.error == .of(.incidentDamaged))
    #expect(incident.state.canErase && !incident.state.canAmend && !incident.state.canWithdraw)
    try await end()
  }

  /// Changes one byte of the incident that came into the log since it was `before`.
  private func damageNewest(_ log: URL, since before: Data) async throws {
    let whole = try Data(contentsOf: log)
    let half = 2048
    for at in stride(from: half, to: whole.count, by: half).reversed() {
      let now = whole[at..<min(at + half, whole.count)]
      guard at >= before.count || now != before[at..<min(at + half, before.count)] else { continue }
      try whole.flipped(at: at + half / 2).write(to: log)
      guard
        let diary = try? await OpenDiary.open(
          folder: rig.app.ports.folders.diary,
          passphrase: Secret(Workshop.passphrase)
        )
      else { continue }
      let found = try? await diary.list().incidents.first?.damaged
      try await diary.lock()
      if found == true { return }
    }
    Issue.record("nothing that came into the log is an incident")
  }

  @Test func whatSheChoseOutlivesALockAndTheProcess() async throws {
    let export = try await exporting(incidents: 1)
    export.chooseFrom(Day("2026-10-01"))
    export.chooseBehaviour("calls")
    export.chooseLanguage("kk")
    export.chooseFiles("none")
    export.chooseForm("age")
    export.editRecipients("age1x")
    export.chooseWithheld("people")
    export.editAudience("полиция\tи суд\nх")
    rig.app.onStopped()
    await rig.app.closed()
    #expect(!rig.settings.all.values.contains { $0.contains("полиция") })

    let next = try Rig(rig, way: rig.app.savedWay)
    try await next.unlock()
    let again = try next.export()
    await next.until { !again.state.audience.isEmpty || again.state.error != nil }
    #expect(again.state.error == nil)
    #expect(again.state.audience == "полиция\tи суд\nх" && again.state.filter.from == Day("2026-10-01"))
    let marked = again.state.languages + again.state.files + again.state.forms + again.state.withheld
    #expect(marked.filter(\.chosen).map(\.code) == ["kk", "none", "age", "people"])
    #expect(again.state.filter.behaviours.filter(\.chosen).map(\.code) == ["calls"])
    #expect(again.state.recipients == "age1x")
    next.app.lock()
    await next.app.closed()
  }

  @Test func itLeavesInTheFormThatSheChoseAndItsPasswordIsShownOnce() async throws {
    let export = try await exporting(incidents: 1)
    export.preview()
    await rig.until { !export.state.busy }
    let zip = try await handedOver(export)
    #expect(zip.prefix(2) == Data("PK".utf8) && zip[6] & 1 == 1, "encrypted")
    let groups = export.state.opener
    #expect(groups.map(\.count) == [4, 4, 4, 4])
    #expect(rig.read(export.state.openerText) == groups.joined(separator: "-"))
    #expect(!"\(export.state)".contains(groups[0]))
    try await end()
    #expect(export.state.opener.isEmpty && export.state.openerText == nil, "it is gone with the screen")
    try await rig.unlock()
    rig.app.back()

    rig.app.openExport()
    let age = try rig.export()
    age.chooseForm("age")
    for typed in ["", "age1x", "\(key) age1x"] {
      age.editRecipients(typed)
      age.preview()
      #expect(age.state.error == .of(.errorRecipient) && age.state.step == .select)
    }
    age.editRecipients(" \(key)\n")
    age.chooseWithheld("place")
    age.preview()
    await rig.until { !age.state.busy }
    #expect(try await handedOver(age).starts(with: Data("age-encryption.org/v1\n".utf8)))
    rig.app.back()

    rig.app.openExport()
    let report = try rig.export()
    report.chooseForm("report")
    report.chooseFiles("all")
    report.preview()
    await rig.until { !report.state.busy }
    #expect(try await handedOver(report).starts(with: Data("%PDF-".utf8)))
    #expect(files(below: rig.app.ports.folders.scratch).isEmpty)
    try await end()
  }

  private let key = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"

  /// What she gets of what was previewed.
  private func handedOver(_ export: ExportModel) async throws -> Data {
    export.accept()
    export.choosePlace(Workshop.passphrase)
    await rig.until { rig.app.effect != nil || (export.state.error != nil && !export.state.busy) }
    guard case .saveFile(let file) = rig.app.effect else { throw Rig.AnotherScreen() }
    let made = try Data(contentsOf: file)
    rig.app.effectTaken()
    rig.app.fileSaved(true)
    #expect(export.state.step == .done)
    return made
  }

  @Test func aPreviewThatFailsChangesNothing() async throws {
    let export = try await exporting(incidents: 1)
    export.preview()
    await rig.until { !export.state.busy }
    let shown = try #require(export.state.preview)
    export.toggleIncident(try #require(shown.incidents.first?.id))
    await rig.until { !export.state.busy }
    #expect(export.state.error == .of(.errorSelection))
    #expect(export.state.preview == shown)
    export.accept()
    export.choosePlace(Workshop.passphrase)
    await rig.until { rig.app.effect != nil || (export.state.error != nil && !export.state.busy) }
    rig.app.fileSaved(true)
    #expect(rig.read(export.state.result).first == "Incidents: 1 of 1")
    try await end()
  }

  @Test func backEndsALookThatIsStillGoingOn() async throws {
    let export = try await exporting(incidents: 1)
    export.preview()
    #expect(rig.app.back())
    #expect(export.state.step == .select && !export.state.busy)
    export.chooseLanguage("kk")
    #expect(export.state.languages.first { $0.chosen }?.code == "kk")
    export.preview()
    await rig.until { !export.state.busy }
    #expect(export.state.step == .preview)
    #expect(rig.app.back())
    #expect(rig.app.back())
    _ = try await rig.list()
    try await end()
  }

  @Test func whatIsStoppedLeavesNoFile() async throws {
    let export = try await exporting(incidents: 2)
    export.preview()
    await rig.until { !export.state.busy }
    export.accept()
    export.choosePlace(Workshop.passphrase)
    await rig.until { export.state.step == .writing || export.state.error != nil }
    export.stop()
    await rig.until { !export.state.busy }
    #expect(export.state.error == .of(.errorStopped))
    #expect(export.state.step == .preview)
    #expect(files(below: rig.app.ports.folders.scratch).isEmpty)
    rig.app.fileSaved(true)
    #expect(export.state.step == .preview, "an answer that comes too late says nothing")
    try await end()
  }

  private func sample(_ name: String) throws -> Data {
    let samples = try #require(ProcessInfo.processInfo.environment["DIARY_SAMPLES"])
    return try Data(contentsOf: URL(fileURLWithPath: "\(samples)/evidence/\(name)"))
  }

  private func exporting(incidents: Int) async throws -> ExportModel {
    try await rig.start()
    for number in 1...incidents {
      _ = try await rig.write("\(number)")
      rig.app.back()
      _ = try await rig.list()
    }
    rig.app.openExport()
    return try rig.export()
  }

  private func files(below folder: URL) -> [URL] {
    let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])
    return (all?.allObjects as? [URL] ?? []).filter {
      (try? $0.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true
    }
  }

  private func end() async throws {
    rig.app.lock()
    await rig.app.closed()
  }
}

extension Data {
  fileprivate func flipped(at: Int) -> Data {
    var changed = self
    changed[at] ^= 1
    return changed
  }
}
