import DiaryKit
import Foundation
import TestSupport
import Testing

@Suite("Backups and the end of a vault", .timeLimit(.minutes(60)))
struct BackupTests {
  private let workshop: Workshop
  private let file: URL

  init() throws {
    workshop = try Workshop()
    file = workshop.path("a.idback")
  }

  @Test func aBackupIsRestoredWithThePassphraseOrTheCode() async throws {
    let diary = try await workshop.diary()
    let code = try #require(try await diary.takeRecoveryCode())
    let id = try await diary.add(fullIncident("Көшірме 🗄️")).id
    let item = try await diary.attach(workshop.file("a.jpg", photo), to: id)
    let fingerprint = try await diary.fingerprint()
    let told = Told()
    let written = try await diary.backup(to: file) { told.add($0) }
    #expect(written.incidents == 1 && written.files == 1)
    #expect(written.unreadableCells == 0 && written.unreadableFiles == 0)
    #expect(try written.bytes == UInt64(Data(contentsOf: file).count))
    #expect(!told.all.isEmpty)

    // What comes later is not in it, and the passphrase of then opens it.
    _ = try await diary.add(plain("B"))
    try await diary.changePassphrase(from: workshop.secret, to: Secret("жаңа тұман ескі алма"))
    try await diary.lock()
    let read = try await examine(backup: file, secret: workshop.secret)
    #expect(read.sound && !read.restored)
    #expect(read.log?.fingerprint == fingerprint)
    #expect(workshop.names(in: ".") == ["a.idback", "a.jpg", "diary"], "reading writes nothing")

    let words = try await restore(backup: file, to: workshop.path("one"), secret: workshop.secret)
    let paper = try await restore(
      backup: file,
      to: workshop.path("two"),
      secret: Secret(code.lowercased()),
      kind: .recoveryCode
    )
    for report in [words, paper] { #expect(report.restored && report.sound && report.log?.incidents == 1) }
    for name in ["one", "two"] {
      let again = try await OpenDiary.open(folder: workshop.path(name), passphrase: workshop.secret)
      #expect(try await again.show(id).incident == fullIncident("Көшірме 🗄️"))
      #expect(try await again.list().incidents.count == 1)
      let out = workshop.path("\(name).jpg")
      try await again.extract(item.id, to: out)
      #expect(try Data(contentsOf: out) == photo)
      #expect(try await again.check().sound)
      try await again.lock()
    }
  }

  @Test func aFolderTakesEachFileOnceAndItsNewestBackupIsRestored() async throws {
    let diary = try await workshop.diary()
    let id = try await diary.add(plain("A")).id
    _ = try await diary.attach(workshop.file("a.jpg", photo), to: id)
    let backups = workshop.path("backups")
    let first = try await diary.backup(toFolder: backups)
    _ = try await diary.add(plain("B"))
    let second = try await diary.backup(toFolder: backups)
    #expect(first.newFiles == 1 && second.newFiles == 0 && !second.bound)
    #expect(first.snapshot != second.snapshot)
    #expect(try backup(at: backups).lastPathComponent == second.snapshot)
    try mustBeBackup(at: backups)
    #expect(await failure { try backup(at: workshop.path("diary")) } == .Backup(problem: .notABackup))
    #expect(await failure { try mustBeBackup(at: workshop.path("a.jpg")) } == .Backup(problem: .notABackup))
    let fingerprint = try await diary.fingerprint()
    #expect(
      await failure { try await diary.backup(toFolder: workshop.path(".")) } == .Backup(problem: .foreignFolder)
    )
    try await diary.lock()
    let again = try await restore(backup: backups, to: workshop.path("again"), secret: workshop.secret)
    #expect(again.log?.fingerprint == fingerprint && again.log?.incidents == 2)
  }

  @Test func aFlippedByteIsNotRestored() async throws {
    try await backedUp()
    let whole = try Data(contentsOf: file)
    for at in [whole.count / 3, whole.count / 2, whole.count - 1] {
      var damaged = whole
      damaged[at] ^= 1
      try damaged.write(to: file)
      let target = workshop.path("restored-\(at)")
      let report = try await restore(backup: file, to: target, secret: workshop.secret)
      #expect(!report.restored && !report.sound, "\(at)")
      #expect(report.findings.contains { $0.level == .failure }, "\(at)")
      #expect(workshop.names(in: "restored-\(at)").isEmpty, "nothing half-made is left")
    }
    try whole.dropLast().write(to: file)
    let cut = try await restore(backup: file, to: workshop.path("cut"), secret: workshop.secret)
    #expect(!cut.restored && !cut.sound)
  }

  @Test func whatCanStillBeReadIsSaved() async throws {
    try await backedUp()
    var damaged = try Data(contentsOf: file)
    damaged[damaged.count - 70_000] ^= 1
    try damaged.write(to: file)
    let (target, folder) = (workshop.path("saved"), workshop.path("vault"))
    let saved = try await salvage(file, to: target, secret: workshop.secret)
    #expect(saved.restored && !saved.sound)
    #expect(saved.findings.contains { $0.level == .failure })
    let again = try await OpenDiary.open(folder: target, passphrase: workshop.secret)
    #expect(try await again.list().incidents.count <= 1)
    try await again.lock()
    // A vault that is whole is taken over as it is, and is not touched.
    let whole = try await salvage(workshop.path("diary"), to: folder, secret: workshop.secret)
    #expect(whole.restored && whole.log?.incidents == 1)
    let wrong = await failure { try await salvage(file, to: workshop.path("x"), secret: Secret("басқа")) }
    #expect(wrong == .WrongPassphrase)
    #expect(workshop.names(in: "x").isEmpty)
  }

  @Test func whatCannotBeRestoredIsRefused() async throws {
    try await backedUp()
    let restored = { (backup: URL, target: String, secret: Secret, kind: SecretKind) in
      await failure { try await restore(backup: backup, to: workshop.path(target), secret: secret, kind: kind) }
    }
    #expect(await restored(file, "new", Secret("басқа"), .passphrase) == .WrongPassphrase)
    #expect(await restored(file, "new", Secret("0000"), .recoveryCode) == .RecoveryCodeForm)
    #expect(await restored(file, "diary", workshop.secret, .passphrase) == .TargetExists)
    #expect(await restored(workshop.path("nothing"), "new", workshop.secret, .passphrase) != nil)
    let text = try workshop.file("text", Data("no backup".utf8))
    #expect(await restored(text, "new", workshop.secret, .passphrase) == .Backup(problem: .notABackup))
    #expect(!FileManager.default.fileExists(atPath: workshop.path("new").path))
  }

  @Test func aBackupIsNeverWrittenOverAnythingNorHalf() async throws {
    let diary = try await workshop.diary()
    let id = try await diary.add(plain("A")).id
    _ = try await diary.attach(workshop.file("large", Data(repeating: 7, count: 8 << 20)), to: id)
    try Data("A".utf8).write(to: file)
    #expect(await failure { try await diary.backup(to: file) } == .TargetExists)
    #expect(try Data(contentsOf: file) == Data("A".utf8))
    let inside = workshop.path("diary/b.idback")
    #expect(await failure { try await diary.backup(to: inside) } == .Backup(problem: .insideVault))

    let other = workshop.path("b.idback")
    let task = Task {
      await failure { try await diary.backup(to: other) { _ in withUnsafeCurrentTask { $0?.cancel() } } }
    }
    task.cancel()
    #expect(await task.value == .Cancelled)
    #expect(workshop.names(in: ".") == ["a.idback", "diary", "large"], "nothing half-written is left")
    try await diary.lock()
    #expect(await failure { try await diary.backup(to: other) } == .Locked)
  }

  @Test func aWipedVaultIsGone() async throws {
    let diary = try await workshop.diary()
    let id = try await diary.add(plain("A")).id
    _ = try await diary.attach(workshop.file("a.jpg", photo), to: id)
    #expect(await failure { try await diary.wipe(confirmedBy: Secret("басқа")) } == .WrongPassphrase)
    #expect(try await diary.list().incidents.count == 1, "a wrong passphrase destroys nothing")
    #expect(try await diary.wipe(confirmedBy: workshop.secret))
    #expect(diary.isLocked)
    #expect(workshop.names(in: ".") == ["a.jpg"])
    #expect(
      await failure { try await OpenDiary.open(folder: workshop.path("diary"), passphrase: workshop.secret) }
        == .NotAVault
    )
  }

  @Test func whatIsNotOursStaysInAWipedFolder() async throws {
    let diary = try await workshop.diary()
    _ = try workshop.file("diary/note.txt", Data("A".utf8))
    #expect(try await diary.wipe(confirmedBy: workshop.secret) == false)
    #expect(workshop.names(in: "diary") == ["note.txt"])
  }

  private func backedUp() async throws {
    let diary = try await workshop.diary()
    let id = try await diary.add(fullIncident("A")).id
    _ = try await diary.attach(workshop.file("a.jpg", photo), to: id)
    _ = try await diary.backup(to: file)
    try await diary.lock()
  }
}
