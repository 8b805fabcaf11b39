import DiaryCore
import Foundation

// What she hands over, in clear or encrypted for the way. The passphrase of the diary is always asked for again, so that
// nobody who finds it open can carry it away.

extension OpenDiary {
  /// Shows exactly what an export would hold, without writing anything. The copy of a long video is made for it and takes
  /// its time.
  public nonisolated func preview(
    _ selection: ExportSelection,
    progress: ProgressHandler? = nil
  ) async throws(DiaryError) -> ExportPreview {
    try await long(progress) { [library] relay in try library.preview(selection: selection, listener: relay) }
  }

  /// Writes a bundle to a file that does not exist yet. The passphrase is asked for again, so that nobody who finds the
  /// diary open can carry it away. The bundle is verified as a stranger would, recorded in the log, and only then gets
  /// its name.
  public nonisolated func export(
    _ selection: ExportSelection,
    to file: URL,
    passphrase: Secret,
    progress: ProgressHandler? = nil
  ) async throws(DiaryError) -> ExportedBundle {
    try await long(progress) { [library] relay in
      try passphrase.spend {
        try library.export(selection: selection, out: file.path, passphrase: $0, listener: relay)
      }
    }
  }

  /// Shows exactly what `exportReport` would write, without writing anything.
  public nonisolated func previewReport(
    _ selection: ExportSelection,
    progress: ProgressHandler? = nil
  ) async throws(DiaryError) -> ExportPreview {
    try await long(progress) { [library] relay in try library.previewReport(selection: selection, listener: relay) }
  }

  /// Writes the report alone to a PDF that does not exist yet, at most 10 MB. Nothing in it can be checked without the
  /// bundle, and no original goes along.
  public nonisolated func exportReport(
    _ selection: ExportSelection,
    to file: URL,
    passphrase: Secret,
    progress: ProgressHandler? = nil
  ) async throws(DiaryError) -> ExportedBundle {
    try await long(progress) { [library] relay in
      try passphrase.spend {
        try library.exportReport(selection: selection, out: file.path, passphrase: $0, listener: relay)
      }
    }
  }

  /// As `export`, encrypted with age to 1 to 64 recipients, `age1...`, of whom each can open it alone. Nothing of it lies
  /// on the disk in clear.
  public nonisolated func exportToRecipients(
    _ selection: ExportSelection,
    to file: URL,
    recipients: [String],
    passphrase: Secret,
    progress: ProgressHandler? = nil
  ) async throws(DiaryError) -> ExportedBundle {
    try await long(progress) { [library] relay in
      try passphrase.spend {
        try library.exportToRecipients(
          selection: selection,
          out: file.path,
          recipients: recipients,
          passphrase: $0,
          listener: relay
        )
      }
    }
  }

  /// As `export`, encrypted with age and a passphrase for whoever gets it, which must not be the diary's own. One that is
  /// guessed easily is refused unless `allowWeak`.
  public nonisolated func exportWithPassphrase(
    _ selection: ExportSelection,
    to file: URL,
    bundlePassphrase: Secret,
    passphrase: Secret,
    allowWeak: Bool = false,
    progress: ProgressHandler? = nil
  ) async throws(DiaryError) -> ExportedBundle {
    try await long(progress) { [library] relay in
      try bundlePassphrase.spend { given in
        try passphrase.spend {
          try library.exportWithPassphrase(
            selection: selection,
            out: file.path,
            bundlePassphrase: given,
            passphrase: $0,
            listener: relay,
            allowWeak: allowWeak
          )
        }
      }
    }
  }

  /// As `export`, as an AES-256 ZIP around `bundle.zip`, which 7-Zip and WinZip open, with a passphrase that is made for
  /// it: `takePassphrase()` of the answer gives that one, once, to be told to whoever gets the file, by another way than
  /// the file.
  public nonisolated func exportAsZip(
    _ selection: ExportSelection,
    to file: URL,
    passphrase: Secret,
    progress: ProgressHandler? = nil
  ) async throws(DiaryError) -> SealedZip {
    try await long(progress) { [library] relay in
      try passphrase.spend {
        try library.exportAsZip(selection: selection, out: file.path, passphrase: $0, listener: relay)
      }
    }
  }
}

/// Checks a bundle as a stranger would: a ZIP file, or the folder where it lies unpacked. Needs no diary.
/// `fingerprint` is a code that was given out, from paper or a message. What is wrong in it is a finding.
public func verify(
  bundle: URL,
  fingerprint: String? = nil,
  progress: ProgressHandler? = nil
) async throws(DiaryError) -> BundleVerdict {
  try await long(progress) { relay in
    try verifyBundle(path: bundle.path, fingerprint: fingerprint, listener: relay)
  }
}

/// The reports of a bundle, rendered anew from nothing but what was checked, by name. Nothing unless it is sound.
public func render(bundle: URL, progress: ProgressHandler? = nil) async throws(DiaryError) -> [String: Data]? {
  try await long(progress) { relay in
    try renderBundle(path: bundle.path, listener: relay)
  }
}
