import DiaryKit
import Foundation
import TestSupport
import Testing

@testable import AppModel

@MainActor @Suite("Backups", .timeLimit(.minutes(60)))
struct SafekeepingTests {
  @Test func aPhoneThatIsLostLosesNothingThatTheBackupHolds() async throws {
    let (code, backup) = try await written()
    for (secret, usingCode) in [(Workshop.passphrase, false), (code, true)] {
      let other = try Rig()
      let start = try other.firstStart()
      start.pickBackup()
      #expect(other.app.effect == .pickFiles)
      other.app.filesPicked([PickedFile(try other.workshop.file("kept.backup", backup))])
      #expect(start.state.step == .restore)
      start.useCode(usingCode)
      if !usingCode {
        start.restore("басқа")
        await other.until { !start.state.busy }
        #expect(start.state.error == .of(.errorPassphraseWrong))
        #expect(!other.app.ports.folders.hasDiary)
      }
      start.restore(secret)
      await other.until { if case .lock = other.app.screen { true } else { !start.state.busy } }
      try await other.unlock()
      let list = try await other.list()
      #expect(list.state.rows.map { other.read($0.title) } == ["су тасқыны"])
      other.app.lock()
      await other.app.closed()
    }
  }

  @Test func aDamagedBackupMakesNoDiary() async throws {
    var bytes = try await written().backup
    bytes[bytes.count / 2] ^= 1
    let other = try Rig()
    let start = try other.firstStart()
    other.app.filesPicked([PickedFile(try other.workshop.file("damaged.backup", bytes))])
    start.restore(Workshop.passphrase)
    await other.until { !start.state.busy }
    #expect(start.state.error == .of(.backupDamaged))
    other.app.filesPicked([PickedFile(try other.workshop.file("x.backup", Data("not a backup".utf8)))])
    start.restore(Workshop.passphrase)
    await other.until { !start.state.busy }
    #expect(start.state.error == .of(.backupNone))
    #expect(!other.app.ports.folders.hasDiary)
    #expect(other.app.back())
    #expect(start.state.step == .welcome)
  }

  @Test func aDamagedDiaryGivesItsPlaceToABackup() async throws {
    let (code, backup) = try await written()
    let rig = try Rig()
    try await rig.start()
    rig.app.lock()
    await rig.app.closed()
    let folders = rig.app.ports.folders
    let kept = PickedFile(try rig.workshop.file("kept.backup", backup))
    // A diary that opens gives its place to nothing, whoever asks for it.
    try rig.lock().pickBackup()
    #expect(rig.app.effect == nil)
    rig.app.filesPicked([kept])
    _ = try rig.lock()

    let damaged = Data("IDVAULT1".utf8) + Data(count: 8184)
    try damaged.write(to: folders.diary.appending(path: "header"))
    for secret in ["басқа", code] {
      try await rig.unlock()
      let lock = try rig.lock()
      #expect(lock.state.error == .of(.errorKeyFile) && lock.state.damaged)
      lock.pickBackup()
      #expect(rig.app.effect == .pickFiles)
      rig.app.effectTaken()
      rig.app.pickingFailed()
      #expect(lock.state.error == .of(.errorNothingArrived))
      rig.app.filesPicked([PickedFile(try rig.workshop.file("\(secret.count).backup", backup))])
      let restore = try rig.firstStart()
      #expect(restore.state.step == .restore)
      restore.useCode(secret == code)
      restore.restore(secret)
      await rig.until { if case .lock = rig.app.screen { true } else { !restore.state.busy } }
      if secret != code {
        #expect(restore.state.error == .of(.errorPassphraseWrong) && folders.damaged.isEmpty)
        #expect(rig.app.back())
      }
    }
    #expect(folders.damaged.map(\.lastPathComponent) == ["diary.damaged-1"])
    #expect(try Data(contentsOf: folders.damaged[0].appending(path: "header")) == damaged)
    try await rig.unlock()
    #expect(try await rig.list().state.rows.map { rig.read($0.title) } == ["су тасқыны"])
    rig.app.lock()
    await rig.app.closed()

    // So does one whose log is none: nothing of it can be read.
    let log = folders.diary.appending(path: "log.db")
    let whole = try Data(contentsOf: log)
    try Data("no database at all, not even a small one".utf8).write(to: log)
    try await rig.unlock()
    #expect(try rig.lock().state.error == .of(.errorDiaryDamaged) && rig.lock().state.damaged)
    try whole.write(to: log)

    // A process that ends before the restored one is in its place puts it there at the next start.
    try FileManager.default.moveItem(at: folders.diary, to: folders.restored)
    // Of an attempt before it.
    let left = folders.diary.deletingLastPathComponent().appending(path: ".0123456789abcdef.new/evidence")
    try FileManager.default.createDirectory(at: left, withIntermediateDirectories: true)
    let next = try Rig(rig)
    try await next.unlock()
    _ = try await next.list()
    #expect(folders.leftovers.isEmpty)
    // What was kept is destroyed with the rest.
    next.app.openWipe()
    guard case .wipe(let model) = next.app.screen else { throw Rig.AnotherScreen() }
    model.wipe(Workshop.passphrase, typed: "жою", wanted: "жою")
    await next.until { if case .firstStart = next.app.screen { true } else { !model.state.busy } }
    await next.app.closed()
    #expect(folders.damaged.isEmpty && !folders.hasDiary)
  }

  @Test func whatSheThoughtBetterOfIsNotLeftBehind() async throws {
    let rig = try Rig()
    try await rig.start()
    rig.app.openSettings()
    rig.app.openBackup()
    guard case .backup(let model) = rig.app.screen else { throw Rig.AnotherScreen() }
    model.choosePlace()
    await rig.until { rig.app.effect != nil || !model.state.busy }
    guard case .saveFile(let file) = rig.app.effect else { throw Rig.AnotherScreen() }
    #expect(file.lastPathComponent == "2026-10-03.backup")
    rig.app.effectTaken()
    rig.app.fileSaved(false)
    #expect(model.state.error == .of(.errorStopped) && !model.state.busy && model.state.result.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: file.path))
    rig.app.lock()
    await rig.app.closed()
  }

  @Test func theDiaryIsDestroyedByThePassphraseAndTheWordTogether() async throws {
    let rig = try Rig()
    try await rig.start()
    rig.app.openWipe()
    guard case .wipe(let model) = rig.app.screen else { throw Rig.AnotherScreen() }
    model.wipe(Workshop.passphrase, typed: "жо", wanted: "жою")
    #expect(model.state.error == .of(.wipeWordDiffers))
    model.wipe("басқа", typed: "жою", wanted: "жою")
    await rig.until { !model.state.busy }
    #expect(model.state.error == .of(.errorPassphraseWrong))
    #expect(rig.app.ports.folders.hasDiary)
    model.wipe(Workshop.passphrase, typed: " Жою ", wanted: "жою")
    // Whoever leaves meanwhile finds nothing either.
    rig.app.onStopped()
    await rig.until { if case .firstStart = rig.app.screen { true } else { false } }
    await rig.app.closed()
    #expect(!rig.app.ports.folders.hasDiary && rig.settings.all.isEmpty)
    rig.app.onStarted()
    #expect(try await rig.start().state.rows.isEmpty)
    rig.app.lock()
    await rig.app.closed()
  }

  @Test func aDestructionThatWasCutShortIsFinishedAtTheNextStart() async throws {
    let rig = try Rig()
    try await rig.start()
    rig.app.lock()
    await rig.app.closed()
    rig.app.ports.beginWipe()
    try FileManager.default.removeItem(at: rig.app.ports.folders.diary.appending(path: "header"))
    let next = try Rig(rig)
    _ = try next.firstStart()
    #expect(!next.app.ports.folders.hasDiary && next.settings.all.isEmpty)
  }

  /// The recovery code of a diary with one incident, and its backup as she saved it.
  private func written() async throws -> (code: String, backup: Data) {
    let rig = try Rig()
    try await rig.start()
    _ = try await rig.write("су тасқыны")
    rig.app.back()
    rig.app.openSettings()
    rig.app.openBackup()
    guard case .backup(let model) = rig.app.screen else { throw Rig.AnotherScreen() }
    model.choosePlace()
    await rig.until { rig.app.effect != nil || !model.state.busy }
    guard case .saveFile(let file) = rig.app.effect else { throw Rig.AnotherScreen() }
    let kept = try Data(contentsOf: file)
    rig.app.effectTaken()
    rig.app.fileSaved(true)
    #expect(rig.read(model.state.result).first == "Incidents: 1")
    #expect(!FileManager.default.fileExists(atPath: file.path))
    rig.app.lock()
    await rig.app.closed()
    return (rig.code.joined(separator: "-"), kept)
  }
}
