import DiaryKit
import Foundation
import TestSupport
import Testing

@testable import AppModel

@MainActor @Suite("The whole way through the screens", .timeLimit(.minutes(60)))
struct MainJobTests {
  @Test func fromTheFirstStartToAVerifiedBundle() async throws {
    let rig = try Rig()
    let list = try await rig.start()
    #expect(list.state.rows.isEmpty)
    #expect(list.state.empty == .of(.listEmpty))

    // Write.
    list.write()
    let form = try await rig.form()
    #expect(form.state.fields.first { $0.path == "occurred.from" }?.value == "2026-10-03")
    #expect(form.state.fields.first { $0.path == "occurred.from.time" }?.value == "21:15")
    form.edit("narrative", "Ол тағы да кіреберісте күтіп тұрды. 🐈")
    form.choose("behaviours", "waiting")
    form.choose("behaviours", "threat")
    form.choose("behaviours", "threat")
    form.add("people")
    form.choose("people[0].role", "perpetrator")
    form.edit("people[0].key", "p1")
    form.edit("people[0].name", "Б.")
    form.edit("private_note", "тек өзіме")
    form.save()
    await rig.until { if case .incident = rig.app.screen { true } else { form.state.error != nil } }
    let incident = try await rig.incident()
    #expect(rig.read(incident.state.done) == "Saved as incident 1.")
    #expect(rig.read(incident.state.times).first == "Happened: about 3 October 2026, 21:15")
    let lines = rig.read(incident.state.lines)
    #expect(lines.contains("What happened: Ол тағы да кіреберісте күтіп тұрды. 🐈"))
    #expect(lines.contains("Kinds: waiting for you"))

    // Attach.
    incident.attachFiles()
    #expect(rig.app.effect == .pickFiles)
    rig.app.effectTaken()
    rig.app.openedOwnPicker()
    rig.app.ownPickerReturned()
    rig.app.filesPicked([PickedFile(try rig.workshop.file("фото.jpg", photo))])
    let attach = try rig.attach()
    #expect(attach.state.files.map { rig.read($0.name) } == ["фото.jpg"])
    attach.chooseHow("received")
    attach.editNote("көршіден")
    attach.save()
    await rig.until { if case .incident = rig.app.screen { true } else { attach.state.error != nil } }
    await rig.until { !incident.state.evidence.isEmpty }
    #expect(rig.read(incident.state.done) == "Files attached: 1")
    #expect(incident.state.evidence.map { rig.read($0.note) } == ["көршіден"])

    // Search.
    rig.app.back()
    _ = try await rig.list()
    list.search("КІРЕБЕРІС")
    rig.time.advance(by: .milliseconds(300))
    await rig.until { !list.state.loading }
    #expect(list.state.rows.map { rig.read($0.number) } == ["No. 1"])
    list.search("жоқ")
    rig.time.advance(by: .milliseconds(300))
    await rig.until { !list.state.loading }
    #expect(list.state.empty == .of(.listNothingFound))
    list.clear()
    await rig.until { !list.state.loading }
    #expect(list.state.filter.people.map(\.code) == ["p1"])

    // The code.
    rig.app.openFingerprint()
    guard case .fingerprint(let code) = rig.app.screen else { throw Rig.AnotherScreen() }
    await rig.until { !code.state.busy }
    let fingerprint = try #require(code.state.code)
    code.editEarlier(fingerprint.lowercased())
    code.check()
    await rig.until { !code.state.busy }
    #expect(code.state.answer == .of(.codeYes))
    code.editEarlier("код")
    code.check()
    await rig.until { !code.state.busy }
    #expect(code.state.error == .of(.errorCodeLog))
    rig.app.back()

    // Hand over.
    rig.app.openExport()
    let export = try rig.export()
    export.chooseLanguage("kk")
    export.chooseFiles("all")
    export.chooseForm("plain")
    export.editAudience("полиция")
    export.preview()
    await rig.until { !export.state.busy }
    #expect(export.state.step == .preview)
    let preview = try #require(export.state.preview)
    #expect(preview.incidents.map { rig.read($0.number) } == ["No. 1"])
    #expect(preview.summary.last.map { rig.read($0.value) } == "полиция")
    #expect(rig.read(preview.incidents.first?.fields).contains("Note only for you") == false)
    #expect(preview.files.count == 1)
    export.accept()
    export.choosePlace("басқа сөйлем мүлде басқа")
    await rig.until { !export.state.busy }
    #expect(export.state.step == .passphrase)
    #expect(export.state.error == .of(.errorPassphraseWrong))
    export.choosePlace(Workshop.passphrase)
    await rig.until { rig.app.effect != nil || export.state.error != nil }
    guard case .saveFile(let file) = rig.app.effect else { throw Rig.AnotherScreen() }
    #expect(file.lastPathComponent == "2026-10-03.zip")
    let bundle = rig.workshop.path("kept.zip")
    try FileManager.default.copyItem(at: file, to: bundle)
    rig.app.effectTaken()
    rig.app.fileSaved(true)
    #expect(export.state.step == .done)
    #expect(rig.read(export.state.result).first == "Incidents: 1 of 1")
    #expect(FileManager.default.fileExists(atPath: file.path) == false, "nothing stays on its way")

    let verified = try Program.diary(["verify", bundle.path, "--fingerprint", fingerprint, "--json"])
    #expect(verified.status == 0)
    #expect(verified.output.range(of: Data("тек өзіме".utf8)) == nil)

    // Lock, and open again.
    rig.app.lock()
    await rig.app.closed()
    #expect(try rig.lock().state.error == nil)
    try await rig.unlock()
    _ = try rig.export()
    rig.app.openSettings()
    try await walkOn(rig)
  }

  @Test func anIncidentWhoseWordsAreLostIsNeitherErasedNorAddedTo() async throws {
    let rig = try Rig()
    try await rig.start()
    let model = try await rig.write("A")
    let lost = IncidentDetail(
      id: model.id,
      number: 1,
      recordedAt: nil,
      incident: nil,
      firstWritten: nil,
      history: [],
      evidence: [],
      withdrawn: false,
      erased: false,
      lost: 2
    )
    model.show(lost)
    #expect(model.state.notices == [.of(.incidentLost, [.words("2")])])
    #expect(!model.state.canAmend && !model.state.canWithdraw)
    rig.app.lock()
    await rig.app.closed()
  }

  /// Settings, the check, more about the incident, withdrawing and erasing.
  private func walkOn(_ rig: Rig) async throws {
    guard case .settings(let settings) = rig.app.screen else { throw Rig.AnotherScreen() }
    settings.chooseIdle("10")
    #expect(settings.state.idle.first { $0.chosen }?.code == "5", "not before the passphrase")
    #expect(settings.state.longer == .of(.settingsLonger, [.words("10")]))
    settings.confirmIdle("басқа")
    await rig.until { !settings.state.busy }
    #expect(settings.state.error == .of(.errorPassphraseWrong))
    #expect(settings.state.idle.first { $0.chosen }?.code == "5")
    settings.keepIdle()
    #expect(settings.state.longer == nil)
    settings.confirmIdle(Workshop.passphrase)
    #expect(!settings.state.busy, "nothing was asked for")
    settings.chooseIdle("10")
    settings.confirmIdle(Workshop.passphrase)
    await rig.until { !settings.state.busy }
    #expect(settings.state.idle.first { $0.chosen }?.code == "10" && settings.state.longer == nil)
    settings.chooseIdle("0")
    #expect(settings.state.idle.first { $0.chosen }?.code == "10")
    settings.chooseIdle("2")
    #expect(settings.state.idle.first { $0.chosen }?.code == "2", "a shorter time needs none")
    settings.check()
    await rig.until { !settings.state.busy }
    #expect(settings.state.checked == .of(.settingsSound))
    #expect(settings.state.findings.isEmpty)
    while !isList(rig.app.screen) { #expect(rig.app.back()) }
    let list = try await rig.list()
    await rig.until { !list.state.rows.isEmpty }

    list.open(try #require(list.state.rows.first?.id))
    let incident = try await rig.incident()
    incident.amend()
    let form = try await rig.form()
    #expect(form.state.amending)
    form.edit("place.text", "кіреберіс")
    form.edit("private_note", "")
    form.save()
    await rig.until { !form.state.busy }
    #expect(form.state.fields.first { $0.path == "reason" }?.error == .of(.fieldMissing))
    form.edit("reason", "есіме түсті")
    form.save()
    await rig.until { if case .incident = rig.app.screen { true } else { form.state.error != nil && !form.state.busy } }
    await rig.until { incident.state.history.count == 2 }
    #expect(rig.read(incident.state.history).last?.contains("есіме түсті") == true)
    let takenAway = "Note only for you; it is never handed over: taken away"
    #expect(rig.read(incident.state.history).last?.contains(takenAway) == true)
    #expect(rig.read(incident.state.history).last?.contains(": кіреберіс\n") == true)
    #expect(rig.read(incident.state.lines).contains { $0.hasSuffix(": кіреберіс") })
    #expect(rig.read(incident.state.first).contains { $0.hasSuffix(": тек өзіме") })
    #expect(!rig.read(incident.state.first).contains { $0.hasSuffix(": кіреберіс") })
    #expect(rig.read(incident.state.lines).contains { $0.contains("тек өзіме") } == false)

    let row = try #require(incident.state.evidence.first)
    incident.saveCopy(row.id, "басқа")
    await rig.until { !incident.state.busy }
    #expect(incident.state.error == .of(.errorPassphraseWrong) && rig.app.effect == nil)
    incident.saveCopy(row.id, Workshop.passphrase)
    await rig.until { rig.app.effect != nil || incident.state.error != nil }
    guard case .saveFile(let copy) = rig.app.effect else { throw Rig.AnotherScreen() }
    #expect(try Data(contentsOf: copy) == photo)
    #expect(copy.lastPathComponent == "фото.jpg")
    rig.app.effectTaken()
    rig.app.fileSaved(false)
    #expect(incident.state.done == nil && !incident.state.busy)
    #expect(FileManager.default.fileExists(atPath: copy.path) == false)

    incident.editReason("")
    incident.withdraw()
    await rig.until { !incident.state.busy }
    #expect(incident.state.error == .of(.fieldMissing))
    incident.editReason("қате")
    incident.withdraw()
    await rig.until { !incident.state.busy }
    #expect(incident.state.notices == [.of(.incidentWithdrawn)])
    #expect(!incident.state.canWithdraw)
    incident.erase("басқа")
    await rig.until { !incident.state.busy }
    #expect(incident.state.error == .of(.errorPassphraseWrong))
    #expect(!incident.state.lines.isEmpty && incident.state.canErase)
    incident.erase(Workshop.passphrase)
    await rig.until { !incident.state.busy }
    #expect(incident.state.error == nil && incident.state.done == .of(.doneErased))
    #expect(incident.state.lines.isEmpty && incident.state.evidence.isEmpty && !incident.state.canAmend)
    rig.app.back()
    await rig.until { list.state.rows.first?.faded == true }
    #expect(list.state.rows.first?.title == .of(.incidentErased))
    rig.app.lock()
    await rig.app.closed()
  }

  private func isList(_ screen: Screen) -> Bool {
    if case .list = screen { true } else { false }
  }
}
