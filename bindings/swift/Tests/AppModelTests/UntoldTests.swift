import DiaryKit
import Foundation
import TestSupport
import Testing

@testable import AppModel

@MainActor @Suite("What she is told when the diary is open again", .timeLimit(.minutes(60)))
struct UntoldTests {
  private let rig: Rig

  init() throws { rig = try Rig() }

  @Test func longWorkKeepsTheDiaryOpenUntilItHasEnded() async throws {
    try await rig.start()
    _ = try await rig.write("A")
    let backup = try backingUp()
    #expect(rig.app.isWorking && rig.app.keepsScreenOn)
    rig.time.advance(by: .seconds(600))
    // A time that is over locks at the next touch.
    rig.app.onUserActive()
    try #require(rig.app.isOpen)
    await rig.until { rig.app.effect != nil || !backup.state.busy }
    await rig.until { !rig.app.isWorking }
    #expect(rig.app.isOpen && !rig.app.keepsScreenOn)
    rig.app.fileSaved(true)
    rig.time.advance(by: .seconds(300))
    await rig.until { !rig.app.isOpen }
    await rig.app.closed()
  }

  @Test func workThatALockCutOffIsToldWhereSheIsAndOnce() async throws {
    try await rig.start()
    _ = try await rig.write("A")
    rig.app.back()
    _ = try backingUp()
    rig.app.onScreenOff()
    await rig.app.closed()
    #expect(!rig.app.isWorking)
    // Another process tells it too.
    let next = try Rig(rig, way: rig.app.savedWay)
    try await next.unlock()
    guard case .backup(let backup) = next.app.screen else { throw Rig.AnotherScreen() }
    #expect(backup.state.error == .of(.noticeWorkStopped))
    next.app.back()
    #expect(try await next.list().state.notices == [.of(.noticeWorkStopped)])
    try await end(next)
    try await next.unlock()
    #expect(try await next.list().state.notices.isEmpty, "told once")
    try await end(next)
  }

  @Test func wordsThatCouldNotBeKeptWhenItLockedAreTold() async throws {
    try await rig.start().write()
    let form = try await rig.form()
    form.edit("narrative", String(repeating: "a", count: 300 << 10))
    rig.app.onStopped()
    await rig.app.closed()
    let next = try Rig(rig, way: rig.app.savedWay)
    try await next.unlock()
    #expect(try await next.form().state.error == .of(.noticeFormNotKept))
    next.app.back()
    #expect(try await next.list().state.notices == [.of(.noticeFormNotKept)])
    try await end(next)
    #expect(next.settings.get("form_not_kept") == nil)
  }

  @Test(arguments: ["reason", "note", "audience"])
  func ofWhatElseSheBeganHerWordsAreToldAndNotWhatSheChose(_ what: String) async throws {
    let long = String(repeating: "a", count: 300 << 10)
    try await rig.start()
    let incident = try await rig.write("A")
    switch what {
    case "reason": incident.editReason(long)
    case "note":
      rig.app.filesPicked([PickedFile(try rig.workshop.file("a.jpg", photo), isBorrowed: true)])
      try rig.attach().editNote(long)
    default:
      rig.app.openExport()
      try rig.export().editAudience(long)
    }
    rig.app.onStopped()
    await rig.app.closed()
    #expect((rig.settings.get("form_not_kept") != nil) == (what != "audience"))
    try await rig.unlock()
    while rig.app.back() {}
    #expect(try await rig.list().state.notices.contains(.of(.noticeFormNotKept)) == (what != "audience"))
    try await end(rig)
  }

  @Test func nothingOfOneDiaryIsSaidInAnotherOneOfItsFolder() async throws {
    let folder = rig.app.ports.folders.diary
    let other = "ескі көпір астында қайық"
    try FileManager.default.createDirectory(at: folder.deletingLastPathComponent(), withIntermediateDirectories: true)
    let both = try await OpenDiary.create(
      folder: folder,
      passphrase: rig.workshop.secret,
      second: Secret(other),
      cost: .floor
    )
    try await both.lock()
    let rig = try Rig(rig)
    try await rig.unlock()
    let incident = try await rig.write("A").id
    rig.app.photoTaken(photo)
    rig.app.filesPicked([PickedFile(try rig.workshop.file("a.jpg", photo), isBorrowed: true)])
    rig.app.onStopped()
    await rig.app.closed()

    try await rig.unlock(other)
    let list = try await rig.list()
    #expect(list.state.notices.isEmpty && list.state.rows.isEmpty && rig.app.savedWay == "list")
    try await end(rig)
    // Nor in another process.
    let next = try Rig(rig, way: "list;incident:\(incident)")
    try await next.unlock(other)
    #expect(try await next.list().state.notices.isEmpty)
    try await end(next)

    // Its own diary tells it.
    try await rig.unlock()
    #expect(try await rig.list().state.notices.contains(.of(.noticeNotAttached)))
    try await end(rig)
  }

  private func backingUp() throws -> BackupModel {
    rig.app.openBackup()
    guard case .backup(let model) = rig.app.screen else { throw Rig.AnotherScreen() }
    model.choosePlace()
    return model
  }

  private func end(_ rig: Rig) async throws {
    rig.app.lock()
    await rig.app.closed()
  }
}
