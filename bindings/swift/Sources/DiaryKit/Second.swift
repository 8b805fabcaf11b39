import DiaryCore
import Foundation

// A second diary in one vault, with secrets of its own. Whoever opens either is not told that there are two, and neither
// is the other's part. What it is good for, and what it is not, says SECURITY.md.

extension OpenDiary {
  /// As `create`, with a second, empty diary in the same vault, which opens with `second`. The first one is open then;
  /// `takeRecoveryCode()` and `takeSecondRecoveryCode()` give the codes, once each.
  public static func create(
    folder: URL,
    passphrase: Secret,
    second: Secret,
    cost: KeyCost = .measured,
    allowWeak: Bool = false
  ) async throws(DiaryError) -> OpenDiary {
    try await aside {
      let library = try passphrase.spend { passphrase in
        try second.spend {
          try Diary.createWithSecond(
            folder: folder.path,
            passphrase: passphrase,
            secondPassphrase: $0,
            cost: cost,
            allowWeak: allowWeak
          )
        }
      }
      return OpenDiary(library)
    }
  }

  /// The recovery code of the second diary that was made with this one, to be written on paper. Given once.
  public func takeSecondRecoveryCode() throws(DiaryError) -> String? {
    try typed { try library.takeSecondRecoveryCode() }
  }

  /// Copies this diary into a new vault in a folder that does not exist yet, together with a second, empty one. The
  /// passphrase is asked for again and opens the copy too, where it is not bound to a device. Codes of the log, ids and
  /// evidence stay what they are, and this vault is not touched. The recovery codes are given here and nowhere else.
  public nonisolated func copy(
    to folder: URL,
    passphrase: Secret,
    second: Secret,
    cost: KeyCost = .measured,
    allowWeak: Bool = false,
    progress: ProgressHandler? = nil
  ) async throws(DiaryError) -> TwoRecoveryCodes {
    try await long(progress) { [library] relay in
      try passphrase.spend { passphrase in
        try second.spend {
          try library.copyWithSecond(
            folder: folder.path,
            passphrase: passphrase,
            secondPassphrase: $0,
            cost: cost,
            listener: relay,
            allowWeak: allowWeak
          )
        }
      }
    }
  }
}

/// Makes a vault of the diary in a backup that `passphrase` opens, together with a second, empty one, in a folder that is
/// empty or not there. If the backup holds another diary, that one is not restored.
public func restore(
  backup: URL,
  to folder: URL,
  passphrase: Secret,
  second: Secret,
  cost: KeyCost = .measured,
  allowWeak: Bool = false,
  progress: ProgressHandler? = nil
) async throws(DiaryError) -> RestoredWithSecond {
  try await long(progress) { relay in
    try passphrase.spend { passphrase in
      try second.spend {
        try restoreWithSecond(
          backup: backup.path,
          folder: folder.path,
          passphrase: passphrase,
          secondPassphrase: $0,
          cost: cost,
          listener: relay,
          allowWeak: allowWeak
        )
      }
    }
  }
}
