import DiaryKit
import Foundation
import TestSupport
import Testing

@testable import AppModel

@MainActor @Suite("Files of other apps", .timeLimit(.minutes(60)))
struct LendingTests {
  @Test func aFileThatLiesInACloudIsFetchedAndGivenBack() async throws {
    let cloud = Cloud()
    let rig = try Rig(lender: cloud)
    try await rig.start()
    _ = try await rig.write("A")
    let far = rig.workshop.path("far.jpg")
    cloud.put(photo, at: far)
    rig.app.filesPicked([PickedFile(far, isBorrowed: true)])
    let attach = try rig.attach()
    attach.save()
    #expect(attach.state.busy)
    await rig.until { [app = rig.app] in app.screen.model !== attach || attach.state.error != nil }
    let incident = try await rig.incident()
    await rig.until { !incident.state.evidence.isEmpty }
    #expect(incident.state.evidence.map { rig.read($0.name) } == ["far.jpg"])
    #expect(cloud.lent == 0, "given back")

    // Without a network it does not come.
    rig.app.filesPicked([PickedFile(rig.workshop.path("gone.jpg"), isBorrowed: true)])
    let again = try rig.attach()
    again.save()
    await rig.until { !again.state.busy }
    #expect(again.state.error == .of(.errorFileUnreadable) && again.state.files.count == 1)
    #expect(cloud.lent == 0)
    rig.app.lock()
    await rig.app.closed()
  }

  @Test func whoStopsWaitingForACloudIsToldSo() async throws {
    let cloud = Cloud(isSlow: true)
    let rig = try Rig(lender: cloud)
    try await rig.start()
    _ = try await rig.write("A")
    rig.app.filesPicked([PickedFile(rig.workshop.path("far.jpg"), isBorrowed: true)])
    let attach = try rig.attach()
    attach.save()
    await rig.until { attach.state.progress != nil || !attach.state.busy }
    attach.stop()
    await rig.until { !attach.state.busy }
    #expect(attach.state.error == .of(.errorStopped) && attach.state.canSave)
    rig.app.lock()
    await rig.app.closed()
  }

  @Test func soIsABackup() async throws {
    let before = try Rig()
    let diary = try await before.workshop.diary()
    _ = try await diary.add(plain("A"))
    let made = before.workshop.path("made.backup")
    _ = try await diary.backup(to: made)
    try await diary.lock()

    let cloud = Cloud()
    let rig = try Rig(lender: cloud)
    let far = rig.workshop.path("far.backup")
    cloud.put(try Data(contentsOf: made), at: far)
    rig.app.filesPicked([PickedFile(far, isBorrowed: true)])
    let start = try rig.firstStart()
    start.restore(Workshop.passphrase)
    await rig.until { if case .lock = rig.app.screen { true } else { !start.state.busy } }
    _ = try rig.lock()
    #expect(cloud.lent == 0)
    try await rig.unlock()
    #expect(try await rig.list().state.rows.count == 1)
    rig.app.lock()
    await rig.app.closed()
  }
}

/// Files that are not here before somebody asks for them; whatever else is asked for cannot be had.
private final class Cloud: FileLender, @unchecked Sendable {
  private let guardian = NSLock()
  private let isSlow: Bool
  private var files: [URL: Data] = [:]
  private var out = 0

  init(isSlow: Bool = false) { self.isSlow = isSlow }

  var lent: Int { guardian.withLock { out } }

  func put(_ bytes: Data, at url: URL) { guardian.withLock { files[url] = bytes } }

  func lend(_ url: URL) async throws -> Loan {
    if isSlow { try await Task.sleep(for: .seconds(3600)) }
    guard let bytes = guardian.withLock({ files[url] }) else { throw CocoaError(.fileReadUnknown) }
    try bytes.write(to: url)
    guardian.withLock { out += 1 }
    return Loan(url) { [self] in guardian.withLock { out -= 1 } }
  }
}
