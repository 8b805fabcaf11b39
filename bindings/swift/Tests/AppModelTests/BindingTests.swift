import DiaryKit
import Foundation
import TestSupport
import Testing

@testable import AppModel

@MainActor @Suite("A passphrase bound to the phone", .timeLimit(.minutes(60)))
struct BindingTests {
  @Test func sheBindsItOpensWithItAndHasTheCodeWhenThePhoneForgets() async throws {
    let rig = try Rig()
    try await rig.start()
    let code = rig.code.joined(separator: "-")

    _ = try rig.settingsScreen()
    let keys = try rig.keysScreen()
    keys.bind(passphrase: "басқа", code: code)
    await rig.until { !keys.state.busy }
    #expect(keys.state.error == .of(.errorPassphraseWrong))
    keys.bind(passphrase: Workshop.passphrase, code: "0000")
    await rig.until { !keys.state.busy }
    #expect(keys.state.error == .of(.errorCodeForm))
    #expect(!keys.state.bound)
    keys.bind(passphrase: Workshop.passphrase, code: code)
    await rig.until { !keys.state.busy }
    #expect(keys.state.error == nil && keys.state.bound)

    try await relock(rig)
    try await rig.unlock()
    let again = try rig.keys()
    await rig.until { again.state.bound }

    // A slip is told as a slip, and a key that the phone has forgotten as that.
    try await relock(rig)
    try await rig.unlock("басқа")
    #expect(try rig.lock().state.error == .of(.lockWrong))
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
    let fresh = try rig.keys()
    #expect(!fresh.state.bound)
    fresh.bind(passphrase: new, code: code)
    await rig.until { !fresh.state.busy }
    #expect(fresh.state.bound)
    fresh.unbind(passphrase: new)
    await rig.until { !fresh.state.busy }
    #expect(!fresh.state.bound && fresh.state.error == nil)
    try await relock(rig)
  }

  @Test func anotherPassphraseOpensAfterwardsAndIsNotBound() async throws {
    let rig = try Rig()
    try await rig.start()
    let keys = try rig.keysScreen()
    let new = "жаңа тұман ескі алма"
    keys.change(Workshop.passphrase, to: new, again: "басқа")
    #expect(keys.state.error == .of(.passphrasesDiffer))
    keys.change("басқа", to: new, again: new)
    await rig.until { !keys.state.busy }
    #expect(keys.state.error == .of(.errorPassphraseWrong))
    keys.bind(passphrase: Workshop.passphrase, code: rig.code.joined(separator: "-"))
    await rig.until { !keys.state.busy }
    #expect(keys.state.done == .of(.keysBound))
    keys.change(Workshop.passphrase, to: new, again: new)
    await rig.until { !keys.state.busy }
    #expect(keys.state.done == .of(.keysChangedUnbound) && !keys.state.bound)
    try await relock(rig)
    try await rig.unlock()
    #expect(try rig.lock().state.error == .of(.lockWrong))
    try await rig.unlock(new)
    _ = try rig.keys()
    try await relock(rig)
  }

  private func relock(_ rig: Rig) async throws {
    rig.app.lock()
    await rig.app.closed()
  }
}
