import DiaryKit
import Foundation
import TestSupport
import Testing

@Suite("What leaves a diary", .timeLimit(.minutes(60)))
struct ExportTests {
  private let workshop: Workshop

  init() throws { workshop = try Workshop() }

  @Test func thePreviewSaysWhatLeavesOfEachFile() async throws {
    let (diary, picture, note) = try await filled()
    var selection = ExportSelection(language: "kk", originals: .hashesOnly, copies: true)
    var preview = try await diary.preview(selection)
    #expect(preview.evidence.map(\.item) == [picture, note])
    #expect(preview.evidence.map(\.leaving) == [.copy(covered: 0), .hashOnly(noCopy: .kind)])
    // Nothing has to be left out of it, so the copy is the file itself.
    #expect(preview.files.map(\.path).filter { $0.hasSuffix("a-01.png") }.count == 1)

    // A covered picture leaves as a copy, also where originals were asked for.
    let part = CoveredPart(item: picture, x: 0, y: 0, width: 5, height: 5)
    selection = ExportSelection(language: "kk", originals: .all, covers: [part])
    preview = try await diary.preview(selection)
    #expect(preview.evidence.map(\.leaving) == [.copy(covered: 1), .original])
    let file = workshop.path("covered.zip")
    _ = try await diary.export(selection, to: file, passphrase: workshop.secret)
    #expect(try await verify(bundle: file).sound)

    let outside = CoveredPart(item: picture, x: 1_000_000, y: 0, width: 5, height: 5)
    selection = ExportSelection(language: "kk", originals: .all, covers: [outside])
    #expect(try await diary.preview(selection).evidence.first?.leaving == .hashOnly(noCopy: .outside))
    try await diary.lock()
  }

  @Test func theReportAloneIsOneFile() async throws {
    let (diary, _, _) = try await filled()
    let selection = ExportSelection(language: "ru", originals: .hashesOnly)
    let file = workshop.path("report.pdf")
    let stopped = Task {
      await failure {
        try await diary.exportReport(selection, to: file, passphrase: workshop.secret) { _ in
          withUnsafeCurrentTask { $0?.cancel() }
        }
      }
    }
    stopped.cancel()
    #expect(await stopped.value == .Cancelled)
    #expect(!FileManager.default.fileExists(atPath: file.path))
    let progress = Told()
    let told = try await diary.previewReport(selection) { progress.add($0) }.files
    #expect(!progress.all.isEmpty)
    let made = try await diary.exportReport(selection, to: file, passphrase: workshop.secret)
    let bytes = try Data(contentsOf: file)
    #expect(bytes.starts(with: Data("%PDF-".utf8)))
    #expect(made.onPaper)
    #expect(told.map(\.path) == ["report.pdf"] && made.bytes == UInt64(bytes.count))
    try await diary.lock()
  }

  @Test func aBundleIsEncryptedForTheWay() async throws {
    let (diary, _, _) = try await filled()
    let selection = ExportSelection(language: "ru", originals: .hashesOnly)
    let head = Data("age-encryption.org/v1\n-> ".utf8)
    // The recipient of age's own documentation; the tests in tests/bindings open such files with age and 7-Zip.
    let recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
    let (one, two, three) = (workshop.path("1.age"), workshop.path("2.age"), workshop.path("3.zip"))
    _ = try await diary.exportToRecipients(selection, to: one, recipients: [recipient], passphrase: workshop.secret)
    #expect(try Data(contentsOf: one).starts(with: head + Data("X25519 ".utf8)))
    let given = { Secret("бес жаңа сөз әлі айтылмаған") }
    _ = try await diary.exportWithPassphrase(
      selection,
      to: two,
      bundlePassphrase: given(),
      passphrase: workshop.secret
    )
    #expect(try Data(contentsOf: two).starts(with: head + Data("scrypt ".utf8)))
    let zip = try await diary.exportAsZip(selection, to: three, passphrase: workshop.secret)
    let made = try #require(try zip.takePassphrase())
    #expect(made.count == 19)
    #expect(try zip.takePassphrase() == nil, "given once")
    #expect(!String(reflecting: zip).contains(made), "nothing prints it")
    let bytes = try Data(contentsOf: three)
    #expect(try bytes.starts(with: Data("PK".utf8)) && zip.file().bytes == UInt64(bytes.count))
    for file in [one, two, three] {
      #expect(try Data(contentsOf: file).range(of: Data("incidents.json".utf8)) == nil, "nothing is seen from outside")
    }

    let (out, secret) = (workshop.path("no"), { workshop.secret })
    let to = { (recipients: [String]) in
      await failure {
        try await diary.exportToRecipients(selection, to: out, recipients: recipients, passphrase: secret())
      }
    }
    #expect(await to([]) == .RecipientCount)
    #expect(await to(["age1"]) == .InvalidRecipient)
    let own = await failure {
      try await diary.exportWithPassphrase(selection, to: out, bundlePassphrase: secret(), passphrase: secret())
    }
    #expect(own == .PassphraseInUse)
    let wrong = await failure { try await diary.exportAsZip(selection, to: out, passphrase: given()) }
    #expect(wrong == .WrongPassphrase)
    #expect(!FileManager.default.fileExists(atPath: out.path))
    try await diary.lock()
  }

  @Test func aTimeStampIsAskedForAndItsAnswerChecked() async throws {
    let (diary, _, _) = try await filled()
    let request = try await diary.stampRequest()
    #expect(request.count == 69)
    #expect(try await diary.stampRequest() == request)
    let size = try await diary.fingerprint()
    // Answers that are kept are made with OpenSSL in tests/bindings.
    for (answer, problem) in [
      (Data("<html>502</html>".utf8), StampProblem.notAnAnswer), (Data(count: 64_001), .tooLarge),
      (request, .notAnAnswer), (Data(), .notAnAnswer),
    ] {
      #expect(await failure { try await diary.acceptStamp(answer) } == .TimeStamp(problem: problem))
    }
    #expect(try await diary.fingerprint() == size, "nothing was recorded")
    try await diary.lock()
    #expect(await failure { try await diary.stampRequest() } == .Locked)
  }

  @Test func whatIsMadeToBeShown() async throws {
    let diary = try await workshop.diary()
    let code = try #require(try await diary.takeRecoveryCode())
    for language in ["kk", "ru", "en"] {
      let page = try recoverySheet(of: Secret(code), language: language)
      let camera = try recoverySheet(of: Secret(code.lowercased()), language: language, camera: true)
      #expect(page.starts(with: Data("%PDF-".utf8)) && camera.count > page.count)
      let words = try proposePassphrase(language: language)
      #expect(words.split(separator: " ").count == 5)
      #expect(try weakness(of: Secret(words)) == nil)
    }
    #expect(await failure { try recoverySheet(of: Secret("ABCD"), language: "ru") } == .RecoveryCodeForm)
    #expect(await failure { try recoverySheet(of: Secret(code), language: "de") } == .UnknownLanguage)
    let time = "2026-10-03T21:15+05:00"
    #expect(try knownOfTime(time: time, precision: "month") == "2026-10-01")
    #expect(try knownOfTime(time: time, precision: "unknown") == nil)
    #expect(try knownOfTime(time: "yesterday", precision: "day") == "yesterday")
    try await diary.lock()
  }

  /// A diary with a picture, which can be copied, and a text, which cannot.
  private func filled() async throws -> (OpenDiary, picture: String, note: String) {
    let diary = try await workshop.diary()
    let id = try await diary.add(fullIncident("A")).id
    let picture = try await diary.attach(workshop.file("a.png", whitePicture), to: id).id
    let note = try await diary.attach(workshop.file("a.txt", Data("A".utf8)), to: id).id
    return (diary, picture, note)
  }
}

/// A PNG of 16 by 16 white points.
private let whitePicture =
  Data(
    base64Encoded: "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFElEQVR4nGP4TyJgGNUwqmH4agAAr639H708"
      + "R/EAAAAASUVORK5CYII="
  ) ?? Data()
