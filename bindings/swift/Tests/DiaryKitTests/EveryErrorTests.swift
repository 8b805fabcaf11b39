import DiaryKit
import Foundation
import TestSupport
import Testing

/// A case of `DiaryError` without what it carries. A new one does not compile before it stands here, and then wants to be
/// met below.
private enum Case: CaseIterable {
  case locked, calledFromCallback, callback, cancelled, writerClosed, defect, passphraseNotText, passphraseEmpty
  case passphraseTooLong, passphraseUnusable, passphraseWeak, recoveryCodeForm, recoveryCodeMistyped, notAVault
  case targetExists, newerFormat, damagedKeyFile, kdfOutOfRange, outOfMemory, wrongPassphrase, passphraseInUse, inUse
  case foreignDatabase, cellsMissing, oldKeyFile, damaged, full, closed, noRandomness, diskFull, readOnly, storage
  case invalidField, invalidTime, cannotBeWithheld, invalidID, invalidFingerprint, invalidCursor, invalidLimit
  case invalidDraftName, invalidDraft, unknownLanguage, notFound, notAnIncident, notAnItem, erased, alreadyWithdrawn
  case tooManyItems, emptySelection, datesReversed, bundleTooLarge, bundleNotSound, notABundle, backup, fileNotFound
  case encryptedBundle
  case wrongRecoveryCode, deviceKey, notAFile, fileEmpty, fileTooLarge, fileChanged, fileVanished, fileUnreadable,
    evidenceDamaged, invalidRecipient, recipientCount, timeStamp, notChosen

  /// Defects, a machine without memory or randomness, and limits that take minutes to reach: `CarriedErrorTests` shows no
  /// more than how they arrive.
  static let elsewhere: Set<Case> = [
    .defect, .outOfMemory, .noRandomness, .tooManyItems, .bundleTooLarge, .bundleNotSound,
  ]

  init(_ error: DiaryError) {
    self =
      switch error {
      case .Locked: .locked
      case .CalledFromCallback: .calledFromCallback
      case .Callback: .callback
      case .Cancelled: .cancelled
      case .WriterClosed: .writerClosed
      case .Defect: .defect
      case .PassphraseNotText: .passphraseNotText
      case .PassphraseEmpty: .passphraseEmpty
      case .PassphraseTooLong: .passphraseTooLong
      case .PassphraseUnusable: .passphraseUnusable
      case .PassphraseWeak: .passphraseWeak
      case .RecoveryCodeForm: .recoveryCodeForm
      case .RecoveryCodeMistyped: .recoveryCodeMistyped
      case .WrongRecoveryCode: .wrongRecoveryCode
      case .DeviceKey: .deviceKey
      case .NotAVault: .notAVault
      case .TargetExists: .targetExists
      case .NewerFormat: .newerFormat
      case .DamagedKeyFile: .damagedKeyFile
      case .KdfOutOfRange: .kdfOutOfRange
      case .OutOfMemory: .outOfMemory
      case .WrongPassphrase: .wrongPassphrase
      case .PassphraseInUse: .passphraseInUse
      case .InUse: .inUse
      case .ForeignDatabase: .foreignDatabase
      case .CellsMissing: .cellsMissing
      case .OldKeyFile: .oldKeyFile
      case .Damaged: .damaged
      case .Full: .full
      case .Closed: .closed
      case .NoRandomness: .noRandomness
      case .DiskFull: .diskFull
      case .ReadOnly: .readOnly
      case .Storage: .storage
      case .InvalidField: .invalidField
      case .InvalidTime: .invalidTime
      case .CannotBeWithheld: .cannotBeWithheld
      case .InvalidId: .invalidID
      case .InvalidFingerprint: .invalidFingerprint
      case .InvalidCursor: .invalidCursor
      case .InvalidLimit: .invalidLimit
      case .InvalidDraftName: .invalidDraftName
      case .InvalidDraft: .invalidDraft
      case .UnknownLanguage: .unknownLanguage
      case .NotFound: .notFound
      case .NotAnIncident: .notAnIncident
      case .NotAnItem: .notAnItem
      case .Erased: .erased
      case .AlreadyWithdrawn: .alreadyWithdrawn
      case .TooManyItems: .tooManyItems
      case .EmptySelection: .emptySelection
      case .DatesReversed: .datesReversed
      case .BundleTooLarge: .bundleTooLarge
      case .BundleNotSound: .bundleNotSound
      case .NotABundle: .notABundle
      case .EncryptedBundle: .encryptedBundle
      case .Backup: .backup
      case .FileNotFound: .fileNotFound
      case .NotAFile: .notAFile
      case .FileEmpty: .fileEmpty
      case .FileTooLarge: .fileTooLarge
      case .FileChanged: .fileChanged
      case .FileVanished: .fileVanished
      case .FileUnreadable: .fileUnreadable
      case .EvidenceDamaged: .evidenceDamaged
      case .InvalidRecipient: .invalidRecipient
      case .RecipientCount: .recipientCount
      case .TimeStamp: .timeStamp
      case .NotChosen: .notChosen
      }
  }
}

/// Every error once. What stands around each of them is in `ErrorTests`.
@Suite("No error is forgotten", .timeLimit(.minutes(60)))
struct EveryErrorTests {
  private let workshop: Workshop
  private let canary = Workshop.canary

  init() throws { workshop = try Workshop() }

  @Test func eachArrivesAsItsOwnCaseWithoutHerWords() async throws {
    var met: Set<Case> = []
    for (wanted, call) in try await provoked() {
      let error = await failure(call)
      #expect(error.map { Case($0) } == wanted)
      #expect(String(reflecting: error).contains(canary) == false, "\(wanted)")
      met.insert(wanted)
    }
    #expect(Set(Case.allCases).subtracting(met) == Case.elsewhere)
  }

  private typealias Provocation = (wanted: Case, call: @Sendable () async throws -> Void)

  private func provoked() async throws -> [Provocation] {
    let diary = try await workshop.diary()
    let id = try await diary.add(plain(canary)).id
    let item = try await diary.attach(workshop.file("a.jpg", Data(repeating: 7, count: 100_000)), to: id).id
    let code = try await diary.takeRecoveryCode() ?? ""
    return try await secrets(diary, code) + vaults() + entries(diary, id, item) + files(diary, id, item) + callbacks()
  }

  private func secrets(_ diary: OpenDiary, _ code: String) -> [Provocation] {
    let create = { @Sendable [workshop] (secret: Secret) in
      _ = try await OpenDiary.create(folder: workshop.path("new"), passphrase: secret, cost: .floor)
    }
    let recover = { @Sendable [workshop] (code: String) in
      let new = workshop.secret
      let folder = workshop.path("new")
      _ = try await OpenDiary.recover(folder: folder, code: Secret(code), newPassphrase: new, replaceCode: false)
    }
    return [
      (.passphraseNotText, { try await create(Secret([UInt8](repeating: 0xFF, count: 20))) }),
      (.passphraseEmpty, { try await create(Secret("")) }),
      (.passphraseTooLong, { try await create(Secret(String(repeating: "x", count: 5000))) }),
      (.passphraseUnusable, { [canary] in try await create(Secret("\(canary)\u{7}\(canary)")) }),
      (.passphraseWeak, { try await create(Secret("Айгерім 1990")) }),
      (.recoveryCodeForm, { try await recover("ZZZZ") }),
      (.recoveryCodeMistyped, { try await recover(String(repeating: "0000-", count: 7) + "0001") }),
      (
        .wrongRecoveryCode,
        { [workshop] in
          let other = try await workshop.diary("other").takeRecoveryCode() ?? ""
          try await diary.bind(workshop.secret, code: Secret(other), to: SoftwareKey(1).kept)
        }
      ),
      (
        .deviceKey,
        { [workshop] in try await diary.bind(workshop.secret, code: Secret(code), to: SoftwareKey(nil).kept) }
      ),
      (.wrongPassphrase, { [canary] in try await diary.confirm(Secret("\(canary) \(canary)")) }),
      (
        .passphraseInUse,
        { [workshop] in try await diary.changePassphrase(from: workshop.secret, to: workshop.secret) }
      ),
    ]
  }

  /// Vaults that were damaged or put back, each in a copy of its own.
  private func vaults() async throws -> [Provocation] {
    let whole = try await workshop.diary("whole")
    _ = try await whole.add(plain(canary))
    let old = try Data(contentsOf: workshop.path("whole/header"))
    try await whole.changePassphrase(from: workshop.secret, to: Secret("жаңа тұман ескі алма"))
    try await whole.changePassphrase(from: Secret("жаңа тұман ескі алма"), to: workshop.secret)
    try await whole.lock()
    let header = try Data(contentsOf: workshop.path("whole/header"))
    let database = try Data(contentsOf: workshop.path("whole/log.db"))
    let newer = try await sealed(header, at: 8, [2, 0])
    let costly = try await sealed(header, at: 12, [0xFF, 0xFF, 0xFF, 0xFF])

    let opened = { @Sendable [workshop] (name: String, file: String, bytes: Data) in
      try FileManager.default.copyItem(at: workshop.path("whole"), to: workshop.path(name))
      try bytes.write(to: workshop.path("\(name)/\(file)"))
      let diary = try await OpenDiary.open(folder: workshop.path(name), passphrase: workshop.secret)
      _ = try await diary.list()
    }
    return [
      (
        .notAVault,
        { [workshop] in _ = try await OpenDiary.open(folder: workshop.path("no"), passphrase: workshop.secret) }
      ),
      (
        .readOnly,
        { [workshop, canary] in
          // Where nobody may write, root neither.
          let folder = URL(fileURLWithPath: "/sys/\(canary)")
          _ = try await OpenDiary.create(folder: folder, passphrase: workshop.secret, cost: .floor)
        }
      ),
      (
        .diskFull,
        { [workshop, canary] in
          // `env` mounts it with room for next to nothing.
          let folder = URL(fileURLWithPath: "/mnt/\(canary)")
          _ = try await OpenDiary.create(folder: folder, passphrase: workshop.secret, cost: .floor)
        }
      ),
      (
        .inUse,
        { [workshop] in _ = try await OpenDiary.open(folder: workshop.path("diary"), passphrase: workshop.secret) }
      ),
      (
        .targetExists,
        { [workshop] in _ = try await OpenDiary.create(folder: workshop.path("diary"), passphrase: workshop.secret) }
      ),
      (.oldKeyFile, { try await opened("old", "header", old) }),
      (.damagedKeyFile, { try await opened("zeros", "header", Data("IDVAULT1".utf8) + Data(count: 8184)) }),
      (.newerFormat, { try await opened("newer", "header", newer) }),
      (.kdfOutOfRange, { try await opened("costly", "header", costly) }),
      (.foreignDatabase, { try await opened("foreign", "log.db", Data(repeating: 0x41, count: 8192)) }),
      (.damaged, { try await opened("damaged", "log.db", database.withEveryCellChanged) }),
      (.cellsMissing, { try await opened("cells", "log.db", database.withoutCells) }),
      (
        .closed,
        { [workshop] in
          let removed = try await workshop.diary("removed")
          try FileManager.default.removeItem(at: workshop.path("removed"))
          _ = try await removed.add(plain("A"))
        }
      ),
      (
        .backup,
        { [workshop, canary] in
          let text = try workshop.file("text", Data(canary.utf8))
          _ = try await examine(backup: text, secret: workshop.secret)
        }
      ),
    ]
  }

  private func entries(_ diary: OpenDiary, _ id: String, _ item: String) async throws -> [Provocation] {
    let gone = try await diary.add(plain("A")).id
    _ = try await diary.withdraw(gone, reason: "R")
    let erased = try await diary.add(plain("A")).id
    _ = try await diary.erase(erased)
    let locked = try await workshop.diary("locked")
    try await locked.lock()
    let nobody = ExportSelection(language: "ru", originals: .hashesOnly, to: "1999-01-01")
    let encrypted = { @Sendable [workshop] (recipients: [String]) in
      let everything = ExportSelection(language: "ru", originals: .hashesOnly)
      let (file, secret) = (workshop.path("x.age"), workshop.secret)
      _ = try await diary.exportToRecipients(everything, to: file, recipients: recipients, passphrase: secret)
    }
    let bare = ExportSelection(language: "ru", originals: .hashesOnly, withhold: [WithheldField(field: "occurred")])
    return [
      (.locked, { _ = try await locked.people() }),
      (.invalidField, { [canary] in _ = try await diary.add(plain("\(canary)\u{0}")) }),
      (.invalidTime, { [canary] in _ = try await diary.list(ListQuery(from: canary)) }),
      (.datesReversed, { _ = try await diary.list(ListQuery(from: "2026-02-01", to: "2026-01-01")) }),
      (.cannotBeWithheld, { _ = try await diary.preview(bare) }),
      (.emptySelection, { _ = try await diary.preview(nobody) }),
      (
        .notChosen,
        {
          let file = ExportSelection(language: "ru", originals: .chosen(items: [item]), without: [id])
          _ = try await diary.preview(file)
        }
      ),
      (.timeStamp, { [canary] in _ = try await diary.acceptStamp(Data(canary.utf8)) }),
      (.invalidRecipient, { [canary] in try await encrypted([canary]) }),
      (.recipientCount, { try await encrypted([]) }),
      (.invalidID, { [canary] in _ = try await diary.show("../\(canary)") }),
      (.invalidFingerprint, { [canary] in _ = try await diary.isAncestor(canary) }),
      (.invalidCursor, { [canary] in _ = try await diary.list(ListQuery(after: canary)) }),
      (.invalidLimit, { _ = try await diary.list(ListQuery(limit: 201)) }),
      (.invalidDraftName, { [canary] in try await diary.saveDraft(Data(), form: canary) }),
      (.invalidDraft, { try await diary.saveDraft(Data([0xFF]), form: "new") }),
      (.full, { try await diary.saveDraft(Data(repeating: 0x41, count: 300_000), form: "new") }),
      (.unknownLanguage, { [canary] in _ = try labels(language: canary) }),
      (.notFound, { _ = try await diary.show("#4000000") }),
      (.notAnIncident, { _ = try await diary.show(item) }),
      (.notAnItem, { [workshop] in try await diary.extract(id, to: workshop.path("x")) }),
      (.erased, { _ = try await diary.amend(erased, with: IncidentPatch(count: 1), reason: "R") }),
      (.alreadyWithdrawn, { _ = try await diary.withdraw(gone, reason: "R") }),
    ]
  }

  private func files(_ diary: OpenDiary, _ id: String, _ item: String) throws -> [Provocation] {
    let attach = { @Sendable (file: URL, act: @escaping () -> Void) in
      let once = Once(act)
      _ = try await diary.attach(file, to: id) { _ in once() }
    }
    let empty = try workshop.file("empty", Data())
    let large = try workshop.file("large", Data())
    try FileHandle(forWritingTo: large).truncate(atOffset: (16 << 30) + 1)
    let grows = try workshop.file("grows", Data(repeating: 7, count: 3_000_000))
    let goes = try workshop.file("goes", Data(repeating: 8, count: 3_000_000))
    return [
      (.fileNotFound, { [workshop, canary] in try await attach(workshop.path(canary)) {} }),
      (.notAFile, { [workshop] in try await attach(workshop.folder) {} }),
      // One that can be written only, whoever asks.
      (.fileUnreadable, { try await attach(URL(fileURLWithPath: "/sys/bus/platform/uevent")) {} }),
      (.fileEmpty, { try await attach(empty) {} }),
      (.fileTooLarge, { try await attach(large) {} }),
      (
        .fileChanged,
        {
          try await attach(grows) {
            let end = try? FileHandle(forWritingTo: grows)
            _ = try? end?.seekToEnd()
            try? end?.write(contentsOf: Data([1]))
          }
        }
      ),
      (.fileVanished, { try await attach(goes) { try? FileManager.default.removeItem(at: goes) } }),
      (.storage, { [workshop] in try await diary.extract(item, to: workshop.path("no/folder")) }),
      (
        .evidenceDamaged,
        { [workshop] in
          let name = try #require(workshop.names(in: "diary/evidence").first)
          let stored = workshop.path("diary/evidence/\(name)")
          var bytes = try Data(contentsOf: stored)
          bytes[bytes.count / 2] ^= 1
          try bytes.write(to: stored)
          try await diary.extract(item, to: workshop.path("out"))
        }
      ),
      (
        .writerClosed,
        {
          let writer = try await diary.beginItem(for: id)
          try await writer.discard()
          try await writer.write(photo)
        }
      ),
      (
        .notABundle,
        { [workshop] in _ = try await verify(bundle: workshop.file("b.zip", Data(repeating: 0, count: 9))) }
      ),
      (
        .encryptedBundle,
        { [workshop] in _ = try await verify(bundle: workshop.file("b.age", Data("age-encryption.org/".utf8))) }
      ),
    ]
  }

  /// Over the generated object, which lets a listener do what the handler of an actor cannot.
  private func callbacks() throws -> [Provocation] {
    let (path, secret) = (workshop.path("raw").path, Data(Workshop.passphrase.utf8))
    let diary = try Diary.create(folder: path, passphrase: secret, cost: .floor)
    let canary = canary
    return [
      (.calledFromCallback, { _ = try diary.check(listener: Answer { try diary.people().isEmpty }) }),
      (
        .callback,
        { _ = try diary.check(listener: Answer { throw CocoaError(.featureUnsupported, userInfo: ["": canary]) }) }
      ),
      (.cancelled, { _ = try diary.check(listener: Answer { false }) }),
    ]
  }

  /// A header with other bytes at a place and a hash that fits, in both copies. The hash is the library's: Linux has none
  /// that every Swift brings along.
  private func sealed(_ header: Data, at place: Int, _ bytes: [UInt8]) async throws -> Data {
    var block = header.prefix(4064)
    block.replaceSubrange(place..<place + bytes.count, with: bytes)
    let diary = try await workshop.diary("hash-\(place)")
    let id = try await diary.add(plain("A")).id
    let hash = try await diary.attach(workshop.file("block", block), to: id).sha256
    try await diary.lock()
    let digits = Array(hash)
    block += stride(from: 0, to: digits.count, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
    return block + block
  }
}

extension Data {
  /// A database whose pages are in order and whose contents are not.
  fileprivate var withEveryCellChanged: Data {
    var changed = self
    for at in stride(from: 2 * 4096 + 2048, to: changed.count, by: 4096) { changed[at] ^= 1 }
    return changed
  }

  /// One whose first table, which begins at the second page, is an empty page (SQLite's file format, section 1.6).
  fileprivate var withoutCells: Data {
    var changed = self
    changed.replaceSubrange(4096..<4104, with: [13, 0, 0, 0, 0, 16, 0, 0])
    return changed
  }
}
