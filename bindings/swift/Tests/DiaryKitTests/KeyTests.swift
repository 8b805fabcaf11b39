import DiaryKit
import Foundation
import TestSupport
import Testing

@Suite("What opens a diary", .timeLimit(.minutes(60)))
struct KeyTests {
  private let workshop: Workshop

  init() throws { workshop = try Workshop() }

  @Test func aForgottenPassphraseIsReplacedWithTheRecoveryCode() async throws {
    let diary = try await workshop.diary()
    let code = try #require(try await diary.takeRecoveryCode())
    _ = try await diary.add(plain("A"))
    try await diary.lock()

    let folder = workshop.path("diary")
    let typed = Secret(code.lowercased().replacing("-", with: " "))
    let recovered = try await OpenDiary.recover(
      folder: folder,
      code: typed,
      newPassphrase: Secret("жаңа тұман ескі алма"),
      replaceCode: true
    )
    let newCode = try #require(try await recovered.takeRecoveryCode())
    #expect(newCode != code)
    #expect(try await recovered.list().incidents.count == 1)
    try await recovered.lock()
    #expect(await failure { try await OpenDiary.open(folder: folder, passphrase: workshop.secret) } == .WrongPassphrase)
    #expect(
      await failure {
        try await OpenDiary.recover(
          folder: folder,
          code: Secret(code),
          newPassphrase: Secret("тағы бір жаңа тұман"),
          replaceCode: false
        )
      } == .WrongPassphrase
    )
  }

  @Test func thePassphraseIsChanged() async throws {
    let diary = try await workshop.diary()
    let new = { Secret("жаңа тұман ескі алма") }
    #expect(await failure { try await diary.changePassphrase(from: Secret("басқа"), to: new()) } == .WrongPassphrase)
    #expect(
      await failure { try await diary.changePassphrase(from: workshop.secret, to: Secret("тұман")) }
        == .PassphraseWeak(weakness: .short)
    )
    try await diary.changePassphrase(from: workshop.secret, to: new())
    try await diary.lock()
    let folder = workshop.path("diary")
    #expect(await failure { try await OpenDiary.open(folder: folder, passphrase: workshop.secret) } == .WrongPassphrase)
    try await OpenDiary.open(folder: folder, passphrase: new()).lock()
  }

  @Test func aKeyThatSomebodyKnewIsReplaced() async throws {
    let diary = try await workshop.diary()
    let code = try #require(try await diary.takeRecoveryCode())
    let id = try await diary.add(fullIncident("A")).id
    _ = try await diary.attach(workshop.file("a.jpg", photo), to: id)
    let fingerprint = try await diary.fingerprint()
    let new = { Secret("жаңа тұман ескі алма") }
    #expect(await failure { try await diary.rotate(from: Secret("басқа"), to: new()) } == .WrongPassphrase)
    let newCode = try await diary.rotate(from: workshop.secret, to: new())
    #expect(newCode != code)
    try await diary.lock()

    let folder = workshop.path("diary")
    #expect(await failure { try await OpenDiary.open(folder: folder, passphrase: workshop.secret) } == .WrongPassphrase)
    let again = try await OpenDiary.open(folder: folder, passphrase: new())
    #expect(try await again.keyChangeWasFinished() == false)
    #expect(try await again.show(id).evidence.count == 1)
    #expect(try await again.isAncestor(fingerprint))
    #expect(try await again.check().sound)
    try await again.lock()
  }

  @Test func aRotationThatWasCutShortIsFinishedAtTheNextUnlock() async throws {
    let diary = try await workshop.diary()
    let id = try await diary.add(fullIncident("A")).id
    let new = { Secret("жаңа тұман ескі алма") }
    // A copy of the vault in the middle of it, and the key file that is written at its end.
    let (vault, copy) = (workshop.path("diary"), workshop.path("copy"))
    let snapshot = Once { try? FileManager.default.copyItem(at: vault, to: copy) }
    _ = try await diary.rotate(from: workshop.secret, to: new()) { _ in snapshot() }
    try await diary.lock()
    try FileManager.default.removeItem(at: copy.appending(path: "header"))
    try FileManager.default.copyItem(at: vault.appending(path: "header"), to: copy.appending(path: "header"))

    let again = try await OpenDiary.open(folder: copy, passphrase: new())
    #expect(try await again.keyChangeWasFinished())
    #expect(try await again.show(id).incident == fullIncident("A"))
    #expect(try await again.check().sound)
    // Its recovery code was never shown: another rotation gives one.
    let code = try await again.rotate(from: new(), to: workshop.secret)
    try await again.lock()
    let recovered = try await OpenDiary.recover(
      folder: copy,
      code: Secret(code),
      newPassphrase: new(),
      replaceCode: false
    )
    #expect(try await recovered.keyChangeWasFinished() == false)
    #expect(try await recovered.takeRecoveryCode() == nil)
    try await recovered.lock()
  }

  @Test func theKeyFileSaysHowItIs() async throws {
    let diary = try await workshop.diary()
    let header = workshop.path("diary/header")
    let whole = try Data(contentsOf: header)
    var damaged = whole
    for (at, state) in [(100, KeyFile.oneCopy), (whole.count / 2 + 100, .lost)] {
      damaged[at] ^= 1
      try damaged.write(to: header)
      #expect(try await diary.keyFile() == state)
    }
    try whole.write(to: header)
    #expect(try await diary.keyFile() == .whole)
    try await diary.lock()
  }

  @Test func aWeakPassphraseIsTakenOnlyIfSheInsists() async throws {
    #expect(try weakness(of: Secret("тұман")) == .short)
    #expect(try weakness(of: workshop.secret) == nil)
    let folder = workshop.path("diary")
    let diary = try await OpenDiary.create(folder: folder, passphrase: Secret("тұман"), cost: .floor, allowWeak: true)
    try await diary.changePassphrase(from: Secret("тұман"), to: Secret("алма"), allowWeak: true)
    _ = try await diary.rotate(from: Secret("алма"), to: Secret("тұман"), allowWeak: true)
    try await diary.lock()
    try await OpenDiary.open(folder: folder, passphrase: Secret("тұман")).lock()
  }
}
