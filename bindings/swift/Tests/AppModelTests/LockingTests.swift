import DiaryKit
import Foundation
import TestSupport
import Testing

@testable import AppModel

@MainActor @Suite("Locking and what is kept", .timeLimit(.minutes(60)))
struct LockingTests {
  @Test func leavingLocksAndKeepsWhatSheTyped() async throws {
    let rig = try Rig()
    try await rig.start().write()
    let form = try await rig.form()
    form.edit("narrative", Workshop.canary)
    rig.app.onInactive()
    #expect(rig.app.isCovered)
    rig.app.onStopped()
    _ = try rig.lock()
    await rig.app.closed()
    rig.app.onStarted()
    #expect(!rig.app.isCovered)

    // Nothing of her words lies outside of the diary, and none in it unsealed.
    let way = rig.app.savedWay
    #expect(way == "list;form")
    #expect(rig.settings.all.values.contains { $0.contains(Workshop.canary) } == false)
    let files = FileManager.default.enumerator(at: rig.workshop.folder, includingPropertiesForKeys: nil)
    for case let file as URL in try #require(files) {
      let bytes = (try? Data(contentsOf: file)) ?? Data()
      #expect(bytes.range(of: Data(Workshop.canary.utf8)) == nil, "\(file.lastPathComponent)")
    }

    // Another process: she is where she was.
    let next = try Rig(rig, way: way)
    try await next.unlock()
    let again = try await next.form()
    #expect(again.state.fields.first { $0.path == "narrative" }?.value == Workshop.canary)
    #expect(again.state.kept)
    again.discard()
    await next.until { if case .list = next.app.screen { true } else { false } }
    let list = try await next.list()
    #expect(list.state.unfinished == false)
    next.app.lock()
    await next.app.closed()
  }

  @Test func whySheWithdrawsOutlivesALockAndTheProcess() async throws {
    let rig = try Rig()
    try await rig.start()
    try await rig.write("A").editReason("қате жаздым")
    rig.app.onStopped()
    await rig.app.closed()
    let next = try Rig(rig, way: rig.app.savedWay)
    try await next.unlock()
    let incident = try await next.incident()
    await next.until { !incident.state.reason.isEmpty }
    #expect(incident.state.reason == "қате жаздым")
    incident.withdraw()
    await next.until { !incident.state.busy }
    #expect(incident.state.reason.isEmpty && incident.state.done == .of(.doneWithdrawn))
    next.app.lock()
    await next.app.closed()
  }

  @Test func typingIsKeptAfterAPause() async throws {
    let rig = try Rig()
    try await rig.start().write()
    let form = try await rig.form()
    form.edit("narrative", "A")
    #expect(!form.state.kept)
    rig.time.advance(by: .seconds(1))
    await rig.until { form.state.kept }
    rig.app.back()
    let list = try await rig.list()
    await rig.until { list.state.unfinished }
    rig.app.quickExit()
    await rig.app.closed()
    #expect(rig.app.savedWay == "list", "after a quick exit nothing leads back")
  }

  @Test func locksAfterTheTimeSheChose() async throws {
    let rig = try Rig()
    rig.settings.set("idle_minutes", "2")
    try await rig.start()
    rig.time.advance(by: .seconds(119))
    rig.app.onUserActive()
    rig.time.advance(by: .seconds(119))
    _ = try await rig.list()
    rig.time.advance(by: .seconds(1))
    await rig.until { if case .lock = rig.app.screen { true } else { false } }
    await rig.app.closed()
  }

  @Test(arguments: [false, true]) func whoLeavesWhileItOpensFindsItLocked(dark: Bool) async throws {
    let rig = try Rig()
    try await rig.start()
    rig.app.lock()
    await rig.app.closed()
    let lock = try rig.lock()
    lock.unlock(Workshop.passphrase)
    #expect(lock.state.busy)
    if dark {
      rig.app.onScreenOff()
    } else {
      rig.app.onStopped()
      rig.app.onStarted()
    }
    // Another screen of the locked diary stands there when it was opened and locked again.
    await rig.until { if case .lock(let now) = rig.app.screen { now !== lock } else { true } }
    #expect(!rig.app.isOpen)
    await rig.app.closed()
    try await rig.unlock()
    #expect(rig.app.isOpen)
    rig.app.lock()
    await rig.app.closed()
  }

  @Test func whoLeavesWhileABundleIsWrittenFindsItLockedAndNothingOfIt() async throws {
    let rig = try Rig()
    try await rig.start()
    _ = try await rig.write("A")
    rig.app.back()
    rig.app.openExport()
    let export = try rig.export()
    export.preview()
    await rig.until { !export.state.busy }
    export.accept()
    export.choosePlace(Workshop.passphrase)
    await rig.until { export.state.step == .writing }
    rig.app.onStopped()
    try await isLockedAndEmpty(rig)
  }

  @Test func aDarkScreenWhileABackupIsWrittenLocksAndLeavesNothingOfIt() async throws {
    let rig = try Rig()
    try await rig.start()
    rig.app.openBackup()
    guard case .backup(let backup) = rig.app.screen else { throw Rig.AnotherScreen() }
    backup.choosePlace()
    rig.app.onScreenOff()
    try await isLockedAndEmpty(rig)
  }

  /// Nothing is offered, and nothing of what was on its way stays.
  private func isLockedAndEmpty(_ rig: Rig) async throws {
    _ = try rig.lock()
    await rig.app.closed()
    #expect(rig.app.effect == nil)
    try await rig.unlock()
    #expect(rig.app.isOpen)
    rig.app.lock()
    await rig.app.closed()
    let files = FileManager.default.enumerator(
      at: rig.app.ports.folders.scratch,
      includingPropertiesForKeys: [.isRegularFileKey]
    )
    #expect((files?.allObjects ?? []).isEmpty)
  }

  @Test func leavingAtOnceLocksAndNothingLeadsBack() async throws {
    let rig = try Rig()
    try await rig.start()
    rig.app.openSettings()
    rig.app.quickExit()
    _ = try rig.lock()
    #expect(rig.app.isAway && rig.app.savedWay == "list")
    await rig.app.closed()
    // Nothing shows that something is locked until she touches what she left behind.
    rig.app.onInactive()
    rig.app.onStopped()
    rig.app.onStarted()
    #expect(rig.app.isAway && !rig.app.isCovered)
    rig.app.comeBack()
    #expect(!rig.app.isAway)
    try await rig.unlock()
    _ = try await rig.list()
    rig.app.lock()
    await rig.app.closed()
  }

  @Test func whoLeavesWhileTheDiaryIsMadeDoesNotLeaveTheCode() async throws {
    let rig = try Rig()
    let start = try rig.firstStart()
    start.begin()
    start.create(passphrase: Workshop.passphrase, again: Workshop.passphrase)
    rig.app.onStopped()
    rig.app.onStarted()
    await rig.until { if case .lock = rig.app.screen { true } else { false } }
    await rig.app.closed()
    try await rig.unlock()
    #expect(try await rig.list().state.code == .of(.noticeCode))
    rig.app.lock()
    await rig.app.closed()
  }

  @Test func typingIsATouch() async throws {
    let rig = try Rig()
    rig.settings.set("idle_minutes", "1")
    try await rig.start().write()
    let form = try await rig.form()
    for number in 0..<3 {
      rig.time.advance(by: .seconds(59))
      form.edit("narrative", "\(number)")
    }
    #expect(rig.app.isOpen)
    rig.time.advance(by: .seconds(60))
    await rig.until { !rig.app.isOpen }
    await rig.app.closed()
  }

  @Test func wrongPassphrasesMakeTheNextOneWait() async throws {
    let rig = try Rig()
    try await rig.start()
    rig.app.lock()
    await rig.app.closed()
    for _ in 0..<4 { try await rig.unlock("басқа") }
    let lock = try rig.lock()
    #expect(lock.state.error == .of(.lockWrong))
    #expect(lock.state.wait == 0 && lock.state.waitText == nil)
    try await rig.unlock("басқа")
    await rig.until { lock.state.wait > 0 }
    #expect(lock.state.wait == 5 && lock.state.waitText == .of(.lockWait, [.words("5")]))
    lock.unlock(Workshop.passphrase)
    #expect(!lock.state.busy, "not before the time is over")
    for _ in 0..<5 {
      let before = lock.state.wait
      rig.time.advance(by: .seconds(1))
      await rig.until { lock.state.wait < before }
    }
    try await rig.unlock()
    _ = try await rig.list()
    rig.app.lock()
    await rig.app.closed()
  }

  @Test func theRecoveryCodeOpensWithANewPassphrase() async throws {
    let rig = try Rig()
    let start = try rig.firstStart()
    start.begin()
    start.create(passphrase: "A", again: "B")
    #expect(start.state.error == .of(.passphrasesDiffer))
    start.create(passphrase: "тұман", again: "тұман")
    await rig.until { !start.state.busy }
    #expect(start.state.error == .of(.passphraseWeak))
    start.create(passphrase: Workshop.passphrase, again: Workshop.passphrase)
    await rig.until { start.state.step == .code }
    let code = start.state.code.joined(separator: "-")
    start.codeWritten()
    start.confirm("0000")
    #expect(start.state.error == .of(.startConfirmWrong))
    #expect(rig.app.back())
    #expect(start.state.code.joined(separator: "-") == code)

    // She is interrupted before she confirms it.
    rig.app.lock()
    await rig.app.closed()
    try await rig.unlock()
    #expect(try await rig.list().state.code == .of(.noticeCode))
    rig.app.lock()
    await rig.app.closed()

    let lock = try rig.lock()
    lock.forgot()
    #expect(lock.state.recovering)
    lock.recover(code: code, new: "A", again: "B")
    #expect(lock.state.error == .of(.passphrasesDiffer))
    let new = "жаңа тұман ескі алма"
    lock.recover(code: code, new: new, again: new)
    await rig.until { if case .list = rig.app.screen { true } else { lock.state.error != nil } }
    #expect(try await rig.list().state.code == nil, "the code that she typed is on her paper")
    rig.app.lock()
    await rig.app.closed()
    try await rig.unlock(new)
    _ = try await rig.list()
    rig.app.lock()
    await rig.app.closed()
  }

  @Test func anOldCopyPutBackIsTold() async throws {
    let rig = try Rig()
    try await rig.start()
    rig.app.lock()
    await rig.app.closed()
    let diary = rig.app.ports.folders.diary
    let copy = rig.workshop.path("copy")
    try FileManager.default.copyItem(at: diary, to: copy)
    try await rig.unlock()
    _ = try await rig.write("A")
    rig.app.lock()
    await rig.app.closed()
    try FileManager.default.removeItem(at: diary)
    try FileManager.default.copyItem(at: copy, to: diary)
    try await rig.unlock()
    while rig.app.back() {}
    #expect(try await rig.list().state.notices == [.of(.noticeOlder)])
    rig.app.lock()
    await rig.app.closed()
  }

  @Test func aNoticeThatSheDidNotSeeIsSaidTheNextTime() async throws {
    let rig = try Rig()
    try await rig.start()
    _ = try await rig.write("A")
    rig.app.lock()
    await rig.app.closed()
    let diary = rig.app.ports.folders.diary
    let copy = rig.workshop.path("copy")
    try FileManager.default.copyItem(at: diary, to: copy)
    try await rig.unlock()
    rig.app.photoTaken(photo)
    rig.app.lock()
    await rig.app.closed()
    try FileManager.default.removeItem(at: diary)
    try FileManager.default.copyItem(at: copy, to: diary)
    // One copy of the key file is damaged too; opening mends it, and after that nothing tells of it.
    let header = diary.appending(path: "header")
    var blocks = try Data(contentsOf: header)
    blocks[4095] ^= 1
    try blocks.write(to: header)

    let settings = rig.settings.all.merging(["mended": "yes"]) { old, _ in old }
    for _ in 0..<2 {
      let lock = try rig.lock()
      lock.unlock(Workshop.passphrase)
      rig.app.onStopped()
      rig.app.onStarted()
      await rig.until { if case .lock(let now) = rig.app.screen { now !== lock } else { true } }
      #expect(!rig.app.isOpen)
      await rig.app.closed()
      #expect(rig.settings.all == settings, "the token still tells")
    }
    // She was on an incident, and never on the list that says it.
    try await rig.unlock()
    _ = try await rig.incident()
    rig.app.lock()
    await rig.app.closed()
    #expect(rig.settings.all == settings)

    // The process ends; all is told the same.
    let next = try Rig(rig)
    try await next.unlock()
    #expect(try await next.list().state.notices == [.of(.noticeOlder), .of(.noticeKeyFile)])
    next.app.lock()
    await next.app.closed()
    #expect(rig.settings.all != settings)
    let last = try Rig(rig)
    try await last.unlock()
    #expect(try await last.list().state.notices.isEmpty, "told once")
    last.app.lock()
    await last.app.closed()
  }

  @Test func whatAKilledProcessLeftOnItsWayIsRemoved() async throws {
    let rig = try Rig()
    let file = try rig.app.scratchFile(named: "../../хат.jpg")
    try photo.write(to: file)
    #expect(file.lastPathComponent == "хат.jpg")
    #expect(file.path.hasPrefix(rig.app.ports.folders.scratch.path))
    for name in ["", ".", "..", "/", "a/.."] {
      #expect(try rig.app.scratchFile(named: name).lastPathComponent == "file")
    }
    _ = try Rig(rig)
    #expect(FileManager.default.fileExists(atPath: file.path) == false)
  }

  @Test(arguments: ["", "form", "list;form:;", "list;incident:тест", "list;attach:1-abcd", "incident:1-abcd"])
  func aWayThatIsNoneLeadsToTheList(_ way: String) {
    #expect(Route.decode(way) == [.incidents])
  }

  @Test func aWayIsKeptInIds() {
    let way: [Route] = [.incidents, .incident("12-k7q2"), .form(about: "12-k7q2"), .attach("12-k7q2"), .export]
    #expect(Route.encode(way) == "list;incident:12-k7q2;form:12-k7q2;export")
    #expect(Route.decode(Route.encode(way)) == way.filter { $0 != .attach("12-k7q2") })
  }
}
