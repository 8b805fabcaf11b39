import DiaryKit
import Foundation
import TestSupport
import Testing

@testable import AppModel

@MainActor @Suite("The list", .timeLimit(.minutes(60)))
struct ListTests {
  private let rig: Rig

  init() throws { rig = try Rig() }

  @Test func aTitleThatGoesOnSaysSo() async throws {
    try await rig.start()
    for length in [79, 90] { try await write(String(repeating: "ж", count: length)) }
    let titles = try await rig.list().state.rows.map { rig.read($0.title) }
    #expect(titles == [String(repeating: "ж", count: 80) + "…", String(repeating: "ж", count: 79)])
    try await end()
  }

  @Test func whatIsInNoBackupIsSaid() async throws {
    let list = try await rig.start()
    #expect(list.state.backup == nil, "nothing is there to be lost")
    try await write("A")
    #expect(list.state.backup == .of(.backupNever))
    list.chooseBehaviour("gifts")
    await rig.until { !list.state.loading }
    #expect(list.state.rows.isEmpty && list.state.backup == .of(.backupNever), "whatever is looked for")
    list.clear()
    list.backup()
    guard case .backup(let backup) = rig.app.screen else { throw Rig.AnotherScreen() }
    backup.choosePlace()
    await rig.until { rig.app.effect != nil || !backup.state.busy }
    rig.app.effectTaken()
    rig.app.fileSaved(true)
    rig.app.back()
    await rig.until { !list.state.loading }
    #expect(list.state.backup == nil)
    for number in 1...4 { try await write("\(number)") }
    #expect(list.state.backup == .of(.backupOlder))
    try await write("5")
    #expect(list.state.backup == .of(.backupSince, [.words("5")]))
    #expect(rig.settings.all.isEmpty, "nobody learns of it outside of the diary")
    try await end()
  }

  @Test func whatCameToAnIncidentAfterTheBackupIsSaid() async throws {
    let list = try await rig.start()
    try await write("A")
    let id = try #require(list.state.rows.first?.id)
    let changes: [@MainActor (IncidentModel) async throws -> Void] = [
      { [rig] _ in
        rig.app.photoTaken(photo)
        let attach = try rig.attach()
        attach.save()
        await rig.until { attach.state.error != nil || rig.app.screen.model !== attach }
      },
      { [rig] incident in
        incident.amend()
        let form = try await rig.form()
        form.edit("narrative", "B")
        form.edit("reason", "R")
        form.save()
        await rig.until { (form.state.error != nil && !form.state.busy) || rig.app.screen.model !== form }
      },
      { [rig] incident in
        incident.editReason("R")
        incident.withdraw()
        await rig.until { !incident.state.busy }
      },
      { [rig] incident in
        incident.erase(Workshop.passphrase)
        await rig.until { !incident.state.busy }
      },
    ]
    for (number, change) in changes.enumerated() {
      list.backup()
      guard case .backup(let backup) = rig.app.screen else { throw Rig.AnotherScreen() }
      backup.choosePlace()
      await rig.until { rig.app.effect != nil || !backup.state.busy }
      rig.app.effectTaken()
      rig.app.fileSaved(true)
      rig.app.back()
      #expect(try await rig.list().state.backup == nil, "\(number)")
      list.open(id)
      try await change(try await rig.incident())
      while rig.app.back() {}
      #expect(try await rig.list().state.backup == .of(.backupOlder), "\(number)")
    }
    try await end()
  }

  @Test func wordsOfLawAreToldAsUncheckedWhereverTheyStand() async throws {
    let list = try await rig.start()
    let all = "spying, threat to you, violence, breach of an order"
    #expect(said(list.state.filter.legal) == all)
    list.write()
    let form = try await rig.form()
    #expect(said(form.state.fields.first { $0.path == "behaviours" }?.legal) == all)
    #expect(form.state.fields.first { $0.path == "place.class" }?.legal == nil)
    form.edit("narrative", "A")
    form.choose("behaviours", "violence")
    form.choose("behaviours", "calls")
    form.add("orders")
    form.choose("orders[0].kind", "court_order")
    form.save()
    await rig.until { [app = rig.app] in
      if case .form = app.screen { form.state.error != nil } else { true }
    }
    #expect(said(try await rig.incident().state.legal) == "violence, court order")
    rig.app.back()
    #expect(said(try await rig.list().state.legal) == "violence")
    rig.app.openExport()
    let export = try rig.export()
    #expect(said(export.state.legal) == "Refusal of contact, Harm and effects")
    export.preview()
    await rig.until { !export.state.busy }
    #expect(try #require(export.state.preview).legal == nil, "neither field is in it")
    try await end()
  }

  private func said(_ phrase: Phrase?) -> String {
    let words = rig.read(phrase)
    return words.range(of: ": ").map { String(words[$0.upperBound...]) } ?? words
  }

  private func write(_ narrative: String) async throws {
    _ = try await rig.write(narrative)
    rig.app.back()
    _ = try await rig.list()
  }

  private func end() async throws {
    rig.app.lock()
    await rig.app.closed()
  }
}
