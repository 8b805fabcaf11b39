import DiaryKit
import Foundation
import TestSupport
import Testing

@testable import AppModel

@MainActor @Suite("Drafts that are damaged", .timeLimit(.minutes(60)))
struct DamagedDraftsTests {
  @Test func theyKeepHerFromNothingThatIsRecorded() async throws {
    let rig = try Rig()
    try await rig.start()
    _ = try await rig.write("A")
    rig.app.back()
    try await end(rig)
    try await damageDrafts(rig)

    try await rig.unlock()
    let list = try await rig.list()
    #expect(list.state.error == nil && list.state.rows.count == 1)
    #expect(list.state.notices == [.of(.noticeDraftsDamaged)])
    list.open(try #require(list.state.rows.first?.id))
    let incident = try await rig.incident()
    await rig.until { incident.state.canAmend }
    #expect(incident.state.error == nil)
    rig.app.back()
    rig.app.openExport()
    let export = try rig.export()
    export.preview()
    await rig.until { !export.state.busy }
    #expect(export.state.error == nil && export.state.step == .preview)
    while rig.app.back() {}
    try await rig.list().write()
    let form = try await rig.form()
    #expect(form.state.error == .of(.noticeDraftsDamaged))
    form.edit("narrative", "B")
    form.save()
    await rig.until { [app = rig.app] in
      if case .form = app.screen { form.state.error != nil && !form.state.busy } else { true }
    }
    while rig.app.back() {}
    #expect(try await rig.list().state.rows.count == 2)
    try await end(rig)
  }

  /// Changes one byte of the cell that drafts are in.
  private func damageDrafts(_ rig: Rig) async throws {
    let folder = rig.app.ports.folders.diary
    let log = folder.appending(path: "log.db")
    let before = try Data(contentsOf: log)
    let diary = try await OpenDiary.open(folder: folder, passphrase: rig.workshop.secret)
    try await diary.saveDraft(Data("A".utf8), form: "new")
    try await diary.lock()
    let whole = try Data(contentsOf: log)
    let half = 2048
    for at in stride(from: half, to: whole.count, by: half).reversed() {
      let end = min(at + half, whole.count)
      guard end > before.count || whole[at..<end] != before[at..<end] else { continue }
      var changed = whole
      changed[at + half / 2] ^= 1
      try changed.write(to: log)
      guard let diary = try? await OpenDiary.open(folder: folder, passphrase: rig.workshop.secret) else { continue }
      var found = false
      do { _ = try await diary.draft(form: "new") } catch { if case .Damaged(part: .drafts) = error { found = true } }
      try await diary.lock()
      if found { return }
    }
    Issue.record("nothing that came into the log is a draft")
  }

  private func end(_ rig: Rig) async throws {
    rig.app.lock()
    await rig.app.closed()
  }
}
