import DiaryKit
import Foundation

/// In which form it leaves: the whole bundle or the report alone, and what keeps others from reading it on the way.
enum ExportForm: String, CaseIterable {
  case zip, age, plain, report

  var label: TextKey {
    switch self {
    case .zip: .exportFormZip
    case .age: .exportFormAge
    case .plain: .exportFormPlain
    case .report: .exportFormReport
    }
  }

  /// What she should know of it before she chooses it.
  var help: TextKey {
    switch self {
    case .zip: .exportFormZipHelp
    case .age: .exportFormAgeHelp
    case .plain: .exportNotEncrypted
    case .report: .exportFormReportHelp
    }
  }

  /// The end of the file's name.
  var ending: String {
    switch self {
    case .zip, .plain: ".zip"
    case .age: ".zip.age"
    case .report: ".pdf"
    }
  }

  /// Writes it to a file that does not exist yet; gives what was written, and what opens it if that was made for it.
  /// `recipients` are for `age`.
  @MainActor
  func write(
    _ selection: ExportSelection,
    of diary: OpenDiary,
    to file: URL,
    recipients: [String],
    passphrase: Secret,
    progress: @escaping ProgressHandler
  ) async throws -> (bundle: ExportedBundle, opener: String?) {
    switch self {
    case .zip:
      let zip = try await diary.exportAsZip(selection, to: file, passphrase: passphrase, progress: progress)
      return (try zip.file(), try zip.takePassphrase())
    case .age:
      let bundle = try await diary.exportToRecipients(
        selection,
        to: file,
        recipients: recipients,
        passphrase: passphrase,
        progress: progress
      )
      return (bundle, nil)
    case .plain:
      return (try await diary.export(selection, to: file, passphrase: passphrase, progress: progress), nil)
    case .report:
      return (try await diary.exportReport(selection, to: file, passphrase: passphrase, progress: progress), nil)
    }
  }

  /// The keys in what she typed, one after the other; `nil` if one of them has not the form of a key.
  static func recipients(in typed: String) -> [String]? {
    let keys = typed.lowercased().split { $0.isWhitespace || $0 == "," || $0 == ";" }.map(String.init)
    return !keys.isEmpty && keys.allSatisfy { $0.wholeMatch(of: /age1[0-9a-z]{58}/) != nil } ? keys : nil
  }
}
