import DiaryKit
import Foundation
import TestSupport
import Testing

@Suite("Each error arrives as its own case")
struct ErrorTests {
  private let workshop: Workshop

  init() throws { workshop = try Workshop() }

  @Test func ofSecrets() async throws {
    let folder = workshop.path("diary")
    let create = { (secret: Secret) in
      await failure { try await OpenDiary.create(folder: folder, passphrase: secret, cost: .floor) }
    }
    #expect(await create(Secret("")) == .PassphraseEmpty)
    #expect(await create(Secret([0xFF, 0xFE])) == .PassphraseNotText)
    #expect(await create(Secret(String(repeating: "ұ", count: 600))) == .PassphraseTooLong)
    #expect(await create(Secret("тұман\u{0}таң")) == .PassphraseUnusable)
    #expect(await create(Secret("тұман")) == .PassphraseWeak(weakness: .short))
    #expect(await create(Secret("тұман тұман тұман")) == .PassphraseWeak(weakness: .fewWords))
    #expect(workshop.names(in: ".") == [], "nothing half-made is left")

    let recover = { (code: String) in
      await failure {
        try await OpenDiary.recover(
          folder: folder,
          code: Secret(code),
          newPassphrase: Secret("жаңа тұман ескі алма"),
          replaceCode: false
        )
      }
    }
    #expect(await recover("қысқа") == .RecoveryCodeForm)
    #expect(await recover(String(repeating: "0", count: 32)) == .RecoveryCodeMistyped)
  }

  @Test func ofVaults() async throws {
    let open = { (name: String) in
      await failure { try await OpenDiary.open(folder: workshop.path(name), passphrase: workshop.secret) }
    }
    #expect(await open("nowhere") == .NotAVault)
    let diary = try await workshop.diary()
    #expect(await open("diary") == .InUse)
    #expect(
      await failure {
        try await OpenDiary.create(folder: workshop.path("diary"), passphrase: workshop.secret, cost: .floor)
      } == .TargetExists
    )
    try await diary.lock()
    #expect(
      await failure { try await OpenDiary.open(folder: workshop.path("diary"), passphrase: Secret("басқа")) }
        == .WrongPassphrase
    )

    let header = workshop.path("diary/header")
    let whole = try Data(contentsOf: header)
    try Data(repeating: 7, count: whole.count).write(to: header)
    #expect(await open("diary") == .DamagedKeyFile, "beside a log it is the key file of a vault")
    var damaged = whole
    for at in damaged.indices where at > 64 && at % 97 == 0 { damaged[at] ^= 0xFF }
    try damaged.write(to: header)
    #expect(await open("diary") == .DamagedKeyFile)
    try whole.write(to: header)

    let database = workshop.path("diary/log.db")
    let log = try Data(contentsOf: database)
    try Data("no database at all, not even a small one".utf8).write(to: database)
    #expect(await open("diary") == .ForeignDatabase)
    try log.write(to: database)
    #expect(await open("diary") == nil)
  }

  @Test func ofIncidents() async throws {
    let diary = try await workshop.diary()
    let add = { (incident: Incident) in await failure { try await diary.add(incident) } }
    #expect(await add(plain("")) == .InvalidField(path: "narrative", rule: .empty))
    #expect(await add(plain("\(Workshop.canary)\u{0}")) == .InvalidField(path: "narrative", rule: .control))
    let people = [Person(role: "witness"), Person(role: "villain")]
    #expect(
      await add(Incident(occurred: Occurred(from: "2026-10-03"), narrative: "A", people: people))
        == .InvalidField(path: "people[1].role", rule: .unknownCode)
    )
    #expect(
      await add(plain("A", on: "кеше")) == .InvalidField(path: "occurred.from", rule: .wrongTime(rule: .wrongForm))
    )
    let backwards = Occurred(from: "2026-10-03", to: "2026-10-02")
    #expect(
      await add(Incident(occurred: backwards, narrative: "A"))
        == .InvalidField(path: "occurred.to", rule: .wrongTime(rule: .reversed))
    )
    #expect(
      await add(Incident(occurred: Occurred(from: "2026-10-03"), narrative: "A", count: 0))
        == .InvalidField(path: "count", rule: .outOfRange(least: 1, most: 1_000_000))
    )
    #expect(try await diary.list().incidents.isEmpty, "nothing was recorded")

    let id = try await diary.add(plain("A")).id
    #expect(
      await failure { try await diary.amend(id, with: IncidentPatch(), reason: "R") }
        == .InvalidField(path: "", rule: .noChange)
    )
    let twice = IncidentPatch(count: 3, takenAway: ["count"])
    #expect(
      await failure { try await diary.amend(id, with: twice, reason: "R") }
        == .InvalidField(path: "count", rule: .twice)
    )
    #expect(
      await failure { try await diary.withdraw(id, reason: "") } == .InvalidField(path: "reason", rule: .empty)
    )
    try await diary.lock()
  }

  @Test func ofNames() async throws {
    let diary = try await workshop.diary()
    let id = try await diary.add(plain("A")).id
    let item = try await diary.attach(workshop.file("a.jpg", photo), to: id).id
    #expect(await failure { try await diary.show("бәрі") } == .InvalidId)
    #expect(await failure { try await diary.show("#2") } == .NotFound)
    #expect(await failure { try await diary.show(item) } == .NotAnIncident)
    #expect(await failure { try await diary.extract(id, to: workshop.path("out")) } == .NotAnItem)
    #expect(await failure { try await diary.isAncestor("код") } == .InvalidFingerprint)
    #expect(await failure { try await diary.list(ListQuery(after: "бәрі")) } == .InvalidCursor)
    for limit in [0, 201] {
      #expect(await failure { try await diary.list(ListQuery(limit: UInt32(limit))) } == .InvalidLimit)
    }
    #expect(
      await failure { try await diary.list(ListQuery(from: "2026-10-03", to: "2026-10-02")) }
        == .DatesReversed
    )
    #expect(await failure { try await diary.saveDraft(Data("A".utf8), form: "Бланк") } == .InvalidDraftName)
    #expect(await failure { try await diary.saveDraft(Data([0xFF]), form: "form") } == .InvalidDraft)
    let large = Data(repeating: 0x41, count: 300 << 10)
    #expect(await failure { try await diary.saveDraft(large, form: "form") } == .Full(limit: .drafts))
    #expect(await failure { try labels(language: "de") } == .UnknownLanguage)
    try await diary.lock()
  }

  @Test func ofFilesAndBundles() async throws {
    let diary = try await workshop.diary()
    let id = try await diary.add(plain("A")).id
    let attach = { (file: URL) in await failure { try await diary.attach(file, to: id) } }
    #expect(await attach(workshop.path("nothing")) == .FileNotFound)
    #expect(await attach(workshop.folder) == .NotAFile)
    #expect(await attach(try workshop.file("empty", Data())) == .FileEmpty)
    #expect(try await diary.show(id).evidence.isEmpty)
    #expect(workshop.names(in: "diary/evidence").isEmpty, "nothing half-done is left")

    let bundle = workshop.path("b.zip")
    let export = { (selection: ExportSelection, passphrase: String) in
      await failure { try await diary.export(selection, to: bundle, passphrase: Secret(passphrase)) }
    }
    let all = ExportSelection(language: "ru", originals: .hashesOnly)
    #expect(await export(all, "басқа") == .WrongPassphrase)
    #expect(
      await export(ExportSelection(language: "de", originals: .hashesOnly), Workshop.passphrase) == .UnknownLanguage
    )
    let nothing = ExportSelection(language: "ru", originals: .hashesOnly, from: "2020-01-01", to: "2020-01-02")
    #expect(await export(nothing, Workshop.passphrase) == .EmptySelection)
    let hidden = ExportSelection(language: "ru", originals: .hashesOnly, withhold: [WithheldField(field: "occurred")])
    #expect(await export(hidden, Workshop.passphrase) == .CannotBeWithheld)
    #expect(FileManager.default.fileExists(atPath: bundle.path) == false)
    try Data("A".utf8).write(to: bundle)
    #expect(await export(all, Workshop.passphrase) == .TargetExists)
    #expect(try Data(contentsOf: bundle) == Data("A".utf8), "what stood there stays")

    #expect(await failure { try await verify(bundle: workshop.path("nothing")) } != nil)
    let verdict = try? await verify(bundle: bundle)
    #expect(verdict?.sound != true)

    #expect(await failure { try await diary.confirm(Secret("басқа")) } == .WrongPassphrase)
    #expect(await failure { try await diary.confirm(workshop.secret) } == nil)
    try await diary.lock()
  }

  @Test func afterTheLockEveryCallIsRefused() async throws {
    let diary = try await workshop.diary()
    let id = try await diary.add(plain("A")).id
    let writer = try await diary.beginItem(for: id)
    try await writer.write(photo)
    try await diary.lock()
    try await diary.lock()
    #expect(await failure { try await diary.add(plain("B")) } == .Locked)
    #expect(await failure { try await diary.show(id) } == .Locked)
    #expect(await failure { try await diary.attach(workshop.file("a", photo), to: id) } == .Locked)
    #expect(await failure { try await diary.check() } == .Locked)
    #expect(await failure { try await diary.fingerprint() } == .Locked)
    #expect(await failure { try await diary.draft(form: "form") } == .Locked)
    #expect(await failure { try await diary.confirm(workshop.secret) } == .Locked)
    #expect(await failure { try await writer.write(photo) } == .Locked)
    #expect(await failure { try await writer.finish(name: "a") } == .Locked)
  }

  @Test func aWriterIsFinishedOnce() async throws {
    let diary = try await workshop.diary()
    let id = try await diary.add(plain("A")).id
    let writer = try await diary.beginItem(for: id)
    try await writer.write(photo)
    _ = try await writer.finish(name: "a.jpg", modified: Date(timeIntervalSince1970: 1_790_000_000))
    #expect(await failure { try await writer.write(photo) } == .WriterClosed)
    let given = try await diary.beginItem(for: id)
    try await given.write(photo)
    try await given.discard()
    try await given.discard()
    #expect(await failure { try await given.finish(name: "b.jpg") } == .WriterClosed)
    #expect(try await diary.show(id).evidence.map(\.name) == ["a.jpg"])
    try await diary.lock()
  }

  @Test func refusedAndCannotBeDoneAreToldApart() {
    #expect(DiaryError.WrongPassphrase.isRefused())
    #expect(DiaryError.DiskFull.isRefused() == false)
  }
}
