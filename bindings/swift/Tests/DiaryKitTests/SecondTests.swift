import DiaryKit
import Foundation
import TestSupport
import Testing

@Suite("A second diary in one vault", .timeLimit(.minutes(60)))
struct SecondTests {
  private let workshop: Workshop
  private let other = "ескі көпір астында қайық"

  init() throws { workshop = try Workshop() }

  @Test func itIsMadeWithTheFirstAndEachOpensItsOwn() async throws {
    let made = try await OpenDiary.create(
      folder: workshop.path("both"),
      passphrase: workshop.secret,
      second: Secret(other),
      cost: .floor
    )
    let codes = [try await made.takeRecoveryCode(), try await made.takeSecondRecoveryCode()].compactMap { $0 }
    #expect(Set(codes).count == 2)
    #expect(try await made.takeSecondRecoveryCode() == nil, "given once")
    _ = try await made.add(plain("A"))
    try await made.lock()
    try await expectIncidents(1, in: "both")
    let recovered = try await OpenDiary.recover(
      folder: workshop.path("both"),
      code: Secret(codes[1]),
      newPassphrase: Secret("тағы бір жаңа тұман"),
      replaceCode: false
    )
    #expect(try await recovered.list().incidents.isEmpty, "its code opens the second one")
    try await recovered.lock()
  }

  @Test func aDiaryIsCopiedAndRestoredBesideOne() async throws {
    let diary = try await workshop.diary()
    let id = try await diary.add(fullIncident("A")).id
    _ = try await diary.attach(workshop.file("a.jpg", photo), to: id)
    let fingerprint = try await diary.fingerprint()
    let copied = try await diary.copy(
      to: workshop.path("copied"),
      passphrase: workshop.secret,
      second: Secret(other),
      cost: .floor
    )
    #expect(try copied.takeRecoveryCode() != copied.takeSecondRecoveryCode())
    #expect(try copied.takeRecoveryCode() == nil, "given once")
    let file = workshop.path("a.idback")
    _ = try await diary.backup(to: file)
    let same = await failure {
      try await diary.copy(to: workshop.path("x"), passphrase: workshop.secret, second: workshop.secret, cost: .floor)
    }
    #expect(same != nil, "one passphrase cannot open both")
    #expect(!FileManager.default.fileExists(atPath: workshop.path("x").path))
    try await diary.lock()

    let restored = try await restore(
      backup: file,
      to: workshop.path("restored"),
      passphrase: workshop.secret,
      second: Secret(other),
      cost: .floor
    )
    #expect(restored.log.incidents == 1 && restored.log.fingerprint == fingerprint)
    #expect(try restored.codes.takeRecoveryCode() != restored.codes.takeSecondRecoveryCode())
    for name in ["copied", "restored"] { try await expectIncidents(1, in: name) }
  }

  /// The first diary holds so many incidents, the second none, and both are whole.
  private func expectIncidents(_ count: Int, in name: String) async throws {
    for (passphrase, expected) in [(Workshop.passphrase, count), (other, 0)] {
      let diary = try await OpenDiary.open(folder: workshop.path(name), passphrase: Secret(passphrase))
      #expect(try await diary.list().incidents.count == expected, "\(name)")
      #expect(try await diary.check().sound, "\(name)")
      try await diary.lock()
    }
  }
}
