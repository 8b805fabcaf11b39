import DiaryCore
import Foundation

extension OpenDiary {
  /// Writes the whole vault into one sealed file that does not exist yet, and reads it back. It opens with every
  /// passphrase and recovery code that opens the vault now, whatever is changed or erased later. Other calls go on while
  /// the evidence is written.
  public nonisolated func backup(
    to file: URL,
    progress: ProgressHandler? = nil
  ) async throws(DiaryError) -> WrittenBackup {
    try await long(progress) { [library] relay in try library.backup(out: file.path, listener: relay) }
  }

  /// Adds a backup to a folder that is empty, not there, or holds backups of this vault: the log anew, and the evidence
  /// that is not there yet. `restore` takes the folder, and the newest backup in it.
  public nonisolated func backup(
    toFolder folder: URL,
    progress: ProgressHandler? = nil
  ) async throws(DiaryError) -> WrittenBackup {
    try await long(progress) { [library] relay in
      try library.backupToFolder(folder: folder.path, listener: relay)
    }
  }

  /// Destroys the whole vault, the key file first, and locks: no passphrase opens what is left. False if files that
  /// somebody else put into the folder are still there. Copies, backups and bundles elsewhere are not reached.
  public nonisolated func wipe(confirmedBy passphrase: Secret) async throws(DiaryError) -> Bool {
    try await aside { [library] in try passphrase.spend { try library.wipe(passphrase: $0) } }
  }
}

/// Makes a vault from a backup, in a folder that is empty or not there. `secret` is a passphrase or a recovery code that
/// was valid when the backup was made. A damaged backup is not restored, and nothing is left: the findings say where.
public func restore(
  backup: URL,
  to folder: URL,
  secret: Secret,
  kind: SecretKind = .passphrase,
  progress: ProgressHandler? = nil
) async throws(DiaryError) -> BackupReport {
  try await long(progress) { relay in
    try secret.spend {
      try restoreBackup(backup: backup.path, folder: folder.path, secret: $0, kind: kind, listener: relay)
    }
  }
}

/// The file of a backup: `path` itself, or in a folder of backups the newest one. Needs no secret.
public func backup(at path: URL) throws(DiaryError) -> URL {
  URL(fileURLWithPath: try typed { try backupAt(path: path.path) })
}

/// Looks whether a file, or the newest one in a folder, is a backup that this version can open, before a secret is asked
/// for: `Backup` says what it is instead. Whether it is whole, `examine` tells.
public func mustBeBackup(at path: URL) throws(DiaryError) {
  try typed { try mustBeBackup(path: path.path) }
}

/// Reads and proves everything in a backup, and writes nothing.
public func examine(
  backup: URL,
  secret: Secret,
  kind: SecretKind = .passphrase,
  progress: ProgressHandler? = nil
) async throws(DiaryError) -> BackupReport {
  try await long(progress) { relay in
    try secret.spend { try readBackup(backup: backup.path, secret: $0, kind: kind, listener: relay) }
  }
}

/// Makes a vault in a folder that is empty or not there, of what can still be read of a damaged backup, or of the folder of
/// a damaged vault, which is not touched. The findings name what is lost, and so does an entry of the new log, for good.
public func salvage(
  _ source: URL,
  to folder: URL,
  secret: Secret,
  kind: SecretKind = .passphrase,
  progress: ProgressHandler? = nil
) async throws(DiaryError) -> BackupReport {
  try await long(progress) { relay in
    try secret.spend {
      try DiaryCore.salvage(source: source.path, folder: folder.path, secret: $0, kind: kind, listener: relay)
    }
  }
}

/// A page to print (PDF) with a recovery code; `camera` adds a QR code of it. Nothing on it says what the code is for. The
/// page is to be let go as soon as it was printed.
public func recoverySheet(of code: Secret, language: String, camera: Bool = false) throws(DiaryError) -> Data {
  try typed { try code.spend { try DiaryCore.recoverySheet(recoveryCode: $0, language: language, camera: camera) } }
}

/// Why a passphrase would be refused; `nil` if it is strong enough to be set.
public func weakness(of passphrase: Secret) throws(DiaryError) -> PassphraseWeakness? {
  try typed { try passphrase.spend { try passphraseWeakness(passphrase: $0) } }
}
