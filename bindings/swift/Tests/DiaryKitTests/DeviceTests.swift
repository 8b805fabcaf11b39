import DiaryKit
import Foundation
import TestSupport
import Testing

@Suite("A passphrase that is bound to the device", .timeLimit(.minutes(60)))
struct DeviceTests {
  private let workshop: Workshop

  init() throws { workshop = try Workshop() }

  @Test func itOpensWithItsDeviceOnlyAndIsAskedForAgainWithIt() async throws {
    let (diary, code) = try await made()
    #expect(try await diary.isBound() == false)
    let device = SoftwareKey(1).kept
    try await diary.bind(workshop.secret, code: Secret(code), to: device)
    #expect(try await diary.isBound())
    try await diary.confirm(workshop.secret)
    _ = try await diary.add(plain("A"))
    try await diary.lock()

    for other in [nil, SoftwareKey(2).kept] { #expect(await opening(other) == .WrongPassphrase) }
    let again = try await OpenDiary.open(folder: workshop.path("diary"), passphrase: workshop.secret, device: device)
    #expect(try await again.list().incidents.count == 1)
    let bundle = workshop.path("b.zip")
    let selection = ExportSelection(language: "ru", originals: .hashesOnly)
    _ = try await again.export(selection, to: bundle, passphrase: workshop.secret)
    #expect(await failure { try await again.unbind(workshop.secret, from: SoftwareKey(2).kept) } == .WrongPassphrase)
    try await again.unbind(workshop.secret, from: device)
    #expect(try await again.isBound() == false)
    try await again.lock()
    #expect(await opening(nil) == nil)
  }

  @Test func aForgottenKeyIsAnErrorOfItsOwnAndTheCodeOpens() async throws {
    let (diary, code) = try await made()
    let device = SoftwareKey(1)
    try await diary.bind(workshop.secret, code: Secret(code), to: device.kept)
    try await diary.lock()
    device.forget()
    #expect(await opening(device.kept) == .DeviceKey(problem: .missing))

    let canary = Workshop.canary
    let refused = KeptKey { _ in throw CocoaError(.featureUnsupported, userInfo: ["": canary]) }
    let failed = await opening(refused)
    #expect(failed == .DeviceKey(problem: .failed))
    #expect(String(reflecting: failed).contains(canary) == false)
    for length in [0, 31, 33] {
      let wrong = KeptKey { _ in Secret([UInt8](repeating: 1, count: length)) }
      #expect(await opening(wrong) == .DeviceKey(problem: .wrongLength))
    }

    let new = { Secret("жаңа тұман ескі алма") }
    let recovered = try await OpenDiary.recover(
      folder: workshop.path("diary"),
      code: Secret(code),
      newPassphrase: new(),
      replaceCode: false
    )
    #expect(try await recovered.isBound() == false, "a passphrase that is set later is not bound")
    try await recovered.lock()
    // What is not bound opens whatever the device says.
    try await OpenDiary.open(folder: workshop.path("diary"), passphrase: new(), device: device.kept).lock()
  }

  @Test func onlyTheCodeOfThisDiaryBinds() async throws {
    let (diary, code) = try await made()
    let other = try #require(try await workshop.diary("other").takeRecoveryCode())
    let device = SoftwareKey(1).kept
    #expect(
      await failure { try await diary.bind(workshop.secret, code: Secret(other), to: device) } == .WrongRecoveryCode
    )
    #expect(
      await failure { try await diary.bind(Secret("басқа"), code: Secret(code), to: device) } == .WrongPassphrase
    )
    #expect(try await diary.isBound() == false)
    try await diary.lock()
  }

  @Test func theDeviceCannotCallTheDiaryThatAsksIt() throws {
    let secret = Data(Workshop.passphrase.utf8)
    let diary = try Diary.create(folder: workshop.path("raw").path, passphrase: secret, cost: .floor)
    let code = try #require(try diary.takeRecoveryCode())
    let calls = KeptKey { _ in Secret(try diary.containerId()) }
    #expect(throws: DiaryError.CalledFromCallback) {
      try diary.bind(passphrase: secret, recoveryCode: Data(code.utf8), device: calls)
    }
    try diary.lock()
  }

  private func made() async throws -> (OpenDiary, String) {
    let diary = try await workshop.diary()
    return (diary, try #require(try await diary.takeRecoveryCode()))
  }

  private func opening(_ device: (any DeviceKey)?) async -> DiaryError? {
    await failure {
      try await OpenDiary.open(folder: workshop.path("diary"), passphrase: workshop.secret, device: device).lock()
    }
  }
}
