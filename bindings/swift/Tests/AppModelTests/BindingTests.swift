import DiaryKit
import Foundation
import TestSupport
import Testing

@testable import AppModel

@MainActor @Suite("A passphrase bound to the phone", .timeLimit(.minutes(60)))
struct BindingTests {
  @Test func sheBindsItOpensWithItAndHasTheCodeWhenThePhoneForgets() async throws {
    let rig = try Rig()
    let start = try rig.firstStart()
    start.begin()
    start.create(passphrase: Workshop.passphrase, again: Workshop.passphrase)
    await rig.until { start.state.step == .code || start.state.error != nil }
    let groups = start.state.code
    let code = groups.joined(separator: "-")
    start.codeWritten()
    start.confirm(groups[rig.asked(start)])

    let settings = try rig.settingsScreen()
    settings.bind(passphrase: "басқа", code: code)
    await rig.until { !settings.state.busy }
    #expect(settings.state.error == .of(.errorPassphraseWrong))
    settings.bind(passphrase: Workshop.passphrase, code: "0000")
    await rig.until { !settings.state.busy }
    #expect(settings.state.error == .of(.errorCodeForm))
    #expect(!settings.state.bound)
    settings.bind(passphrase: Workshop.passphrase, code: code)
    await rig.until { !settings.state.busy }
    #expect(settings.state.error == nil && settings.state.bound)

    try await relock(rig)
    try await rig.unlock()
    guard case .settings(let again) = rig.app.screen else { throw Rig.AnotherScreen() }
    await rig.until { again.state.bound }

    // A slip is told as a slip, and a key that the phone has forgotten as that.
    try await relock(rig)
    try await rig.unlock("басқа")
    #expect(try rig.lock().state.error == .of(.errorPassphraseWrong))
    rig.device.forget()
    let lock = try rig.lock()
    try await rig.unlock()
    #expect(lock.state.error == .of(.errorDeviceKeyMissing))
    #expect(rig.read(lock.state.error).hasSuffix("Open the diary with the recovery code."))
    lock.forgot()
    let new = "жаңа тұман ескі алма"
    lock.recover(code: code, new: new, again: new)
    await rig.until { rig.app.isOpen || (lock.state.error != nil && !lock.state.busy) }
    #expect(rig.app.isOpen)

    // A new passphrase is not bound until she binds it again; the phone makes a new key for that.
    guard case .settings(let fresh) = rig.app.screen else { throw Rig.AnotherScreen() }
    #expect(!fresh.state.bound)
    fresh.bind(passphrase: new, code: code)
    await rig.until { !fresh.state.busy }
    #expect(fresh.state.bound)
    fresh.unbind(passphrase: new)
    await rig.until { !fresh.state.busy }
    #expect(!fresh.state.bound && fresh.state.error == nil)
    try await relock(rig)
  }

  private func relock(_ rig: Rig) async throws {
    rig.app.lock()
    await rig.app.closed()
  }
}
