import TestSupport
import Testing

@testable import AppModel

@MainActor @Suite("What is said aloud", .timeLimit(.minutes(60)))
struct SpokenTests {
  @Test func whatWentWrongAndTheAnswerToWhatSheAskedFor() async throws {
    let rig = try Rig()
    try await rig.start()
    let incident = try await rig.write("A")
    #expect(rig.app.spoken == .of(.doneSaved, [.words("1")]))
    incident.erase("басқа")
    #expect(rig.app.spoken == nil, "the same once more would be no change")
    await rig.until { !incident.state.busy }
    #expect(rig.app.spoken == .of(.errorPassphraseWrong))
    rig.app.onInactive()
    #expect(rig.app.spoken == nil, "nothing of it while the app is covered")
    rig.app.onStarted()
    #expect(rig.app.spoken == .of(.errorPassphraseWrong))
    rig.app.back()
    #expect(rig.app.spoken == nil)
    rig.app.openFingerprint()
    guard case .fingerprint(let code) = rig.app.screen else { throw Rig.AnotherScreen() }
    await rig.until { !code.state.busy }
    code.editEarlier(code.state.code ?? "")
    code.check()
    await rig.until { code.state.answer != nil || code.state.error != nil }
    #expect(rig.app.spoken == .of(.codeYes))
    rig.app.lock()
    await rig.app.closed()
    try await rig.unlock("басқа")
    #expect(rig.app.spoken == .of(.lockWrong))
    rig.app.quickExit()
    #expect(rig.app.spoken == nil, "nor where she has left at once")
  }
}
