import DiaryKit
import Foundation
import TestSupport
import Testing

@testable import AppModel

@MainActor @Suite("A new recovery code", .timeLimit(.minutes(60)))
struct NewCodeTests {
  private let rig: Rig
  private static let new = "жаңа тұман ескі алма"
  private static let third = "үшінші сөйлем өзен жағасында"

  init() throws { rig = try Rig() }

  @Test func aCodeThatNobodyConfirmedIsReplacedByOneThatOpens() async throws {
    let old = try await leftAtTheCode()
    let next = try Rig(rig)
    try await next.unlock()
    let list = try await next.list()
    #expect(list.state.code == .of(.noticeCode))
    list.keys()
    let keys = try next.keys()
    for (passphrase, new, again, error) in [
      (Workshop.passphrase, Self.new, "басқа", TextKey.passphrasesDiffer),
      ("басқа", Self.new, Self.new, .errorPassphraseWrong),
      (Workshop.passphrase, Workshop.passphrase, Workshop.passphrase, .errorPassphraseUsed),
      (Workshop.passphrase, "тұман", "тұман", .passphraseWeak),
    ] {
      keys.makeCode(passphrase, new: new, again: again)
      await next.until { !keys.state.busy }
      #expect(keys.state.error == .of(error) && keys.state.step == .keys && next.app.ports.codeUnconfirmed)
    }
    let code = try await made(keys, next)
    #expect(code != old)
    keys.codeWritten()
    #expect(keys.state.step == .confirm && keys.state.code.isEmpty)
    keys.confirm("0000")
    #expect(keys.state.error == .of(.startConfirmWrong))
    #expect(next.app.back(), "to see it once more")
    #expect(keys.state.code.joined(separator: "-") == code)
    #expect(next.app.back() && keys.state.step == .code, "it is left by confirming it")
    try confirm(keys, code)
    #expect(keys.state.step == .keys && keys.state.done == .of(.keysCodeMade))
    #expect(next.app.back())
    await next.until { !list.state.loading }
    #expect(list.state.code == nil)
    try await relock(next)
    try await next.unlock(Self.new)
    while next.app.back() {}
    #expect(try await next.list().state.code == nil)
    #expect(try await next.list().state.notices.isEmpty)
    try await relock(next)

    // The old one opens nothing any more, the new one does.
    let lock = try next.lock()
    lock.forgot()
    lock.recover(code: old, new: Self.third, again: Self.third)
    await next.until { !lock.state.busy }
    #expect(lock.state.error != nil && !next.app.isOpen)
    lock.recover(code: code, new: Self.third, again: Self.third)
    await next.until { next.app.isOpen || (lock.state.error != nil && !lock.state.busy) }
    #expect(next.app.isOpen)
    try await relock(next)
  }

  @Test func itCountsAsNotConfirmedFromBeforeItIsMade() async throws {
    let start = try rig.firstStart()
    start.begin()
    start.create(passphrase: "тұман", again: "тұман")
    await rig.until { !start.state.busy }
    #expect(start.state.error == .of(.passphraseWeak))
    #expect(!rig.app.ports.codeUnconfirmed, "no diary, no code")
    start.create(passphrase: Workshop.passphrase, again: Workshop.passphrase)
    while !rig.app.ports.codeUnconfirmed && start.state.step != .code { await Task.yield() }
    #expect(!rig.app.ports.folders.hasDiary, "from before there is a diary")
    await rig.until { start.state.step == .code }
    try await relock(rig)
    // Where the process ended before there was a diary, nothing stays of it.
    let empty = try Rig()
    empty.app.ports.codeUnconfirmed = true
    _ = try Rig(empty)
    #expect(!empty.app.ports.codeUnconfirmed)
  }

  @Test func aBoundPassphraseStaysBoundAndWhereItCannotSheIsTold() async throws {
    try await rig.start()
    let keys = try rig.keysScreen()
    keys.bind(passphrase: Workshop.passphrase, code: rig.code.joined(separator: "-"))
    await rig.until { !keys.state.busy }
    let code = try await made(keys, rig)
    #expect(keys.state.bound && keys.state.done == nil)
    keys.codeWritten()
    try confirm(keys, code)
    #expect(keys.state.bound && keys.state.done == .of(.keysCodeMade))
    try await relock(rig)
    try await rig.unlock(Self.new)
    let again = try rig.keys()
    await rig.until { again.state.bound }

    // The phone does not let its key be used when the new passphrase is to be bound.
    again.makeCode(Self.new, new: Self.third, again: Self.third)
    await rig.until { again.state.progress?.percent != nil || !again.state.busy }
    rig.device.forget()
    await rig.until { !again.state.busy }
    #expect(again.state.step == .code && !again.state.bound && again.state.done == .of(.keysCodeMadeUnbound))
    try confirm(again, again.state.code.joined(separator: "-"))
    #expect(again.state.done == .of(.keysCodeMadeUnbound), "still there to be read")
    try await relock(rig)
    try await rig.unlock(Self.third)
    #expect(rig.app.isOpen)
    try await relock(rig)
  }

  @Test(arguments: [false, true]) func whoStopsItOrLeavesKeepsTheOldCodeOrIsTold(leaves: Bool) async throws {
    try await rig.start()
    let keys = try rig.keysScreen()
    keys.makeCode(Workshop.passphrase, new: Self.new, again: Self.new)
    #expect(keys.state.busy && keys.state.progress != nil)
    if leaves {
      rig.app.onStopped()
    } else {
      #expect(rig.app.back(), "she stays until it has ended")
      await rig.until { !keys.state.busy }
      try await relock(rig)
    }
    await rig.app.closed()
    #expect(keys.state.code.isEmpty)

    // Either nothing was changed, or the list leads to another one.
    let lock = try rig.lock()
    lock.forgot()
    let wanted = rig.app.ports.codeUnconfirmed
    lock.recover(code: rig.code.joined(separator: "-"), new: Self.third, again: Self.third)
    await rig.until { rig.app.isOpen || (lock.state.error != nil && !lock.state.busy) }
    #expect(rig.app.isOpen != wanted)
    try await relock(rig)
  }

  @Test func theScreenStaysOnWhileItIsShownAndADarkOneTakesItAway() async throws {
    try await rig.start()
    let keys = try rig.keysScreen()
    #expect(!rig.app.showsCode)
    _ = try await made(keys, rig)
    #expect(rig.app.showsCode)
    keys.codeWritten()
    #expect(!rig.app.showsCode)
    #expect(rig.app.back() && rig.app.showsCode)
    rig.app.onScreenOff()
    #expect(!rig.app.isOpen && !rig.app.showsCode && keys.state.code.isEmpty)
    await rig.app.closed()
  }

  /// Makes the diary and locks it where its code is shown: the code that nobody wrote down.
  private func leftAtTheCode() async throws -> String {
    let start = try rig.firstStart()
    start.begin()
    start.create(passphrase: Workshop.passphrase, again: Workshop.passphrase)
    await rig.until { start.state.step == .code }
    #expect(rig.app.showsCode)
    let code = start.state.code.joined(separator: "-")
    rig.app.quickExit()
    await rig.app.closed()
    return code
  }

  private func made(_ keys: KeysModel, _ rig: Rig) async throws -> String {
    keys.makeCode(Workshop.passphrase, new: Self.new, again: Self.new)
    await rig.until { !keys.state.busy }
    #expect(keys.state.step == .code && keys.state.error == nil)
    #expect(rig.app.ports.codeUnconfirmed)
    return keys.state.code.joined(separator: "-")
  }

  private func confirm(_ keys: KeysModel, _ code: String) throws {
    keys.codeWritten()
    let groups = code.split(separator: "-").map(String.init)
    let asked = rig.asked(keys.state.question)
    keys.confirm(try #require(groups.indices.contains(asked) ? groups[asked] : nil).lowercased())
  }

  private func relock(_ rig: Rig) async throws {
    rig.app.lock()
    await rig.app.closed()
  }
}
