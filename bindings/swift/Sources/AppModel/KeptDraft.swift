import DiaryKit
import Foundation

/// What she began and did not finish: kept in the diary, sealed, under the name of its form. Without a text nothing is to
/// be kept any more.
struct KeptDraft: Equatable, Unprintable {
  let form: String
  let text: String?
}

extension OpenDiary {
  /// Keeps it, or forgets what was kept.
  func keep(_ draft: KeptDraft) throws(DiaryError) {
    guard let text = draft.text else { return try discardDraft(form: draft.form) }
    try saveDraft(Data(text.utf8), form: draft.form)
  }

  /// The text that was kept under this name.
  func kept(_ form: String) throws(DiaryError) -> String? {
    try draft(form: form).map { String(decoding: $0, as: UTF8.self) }
  }
}
