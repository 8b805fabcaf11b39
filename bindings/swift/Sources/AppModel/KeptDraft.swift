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

  /// Keeps it. False if words that she typed could not be kept.
  func keeps(_ draft: KeptDraft?) -> Bool {
    guard let draft else { return true }
    do { try keep(draft) } catch { return draft.text == nil }
    return true
  }

  /// Erases an incident, and what was kept about it under these names: one call, so that no lock comes in between.
  func erase(_ incident: String, with forms: [String]) throws(DiaryError) {
    _ = try erase(incident)
    SavedBackup.outdate(in: self)
    var failed: DiaryError?
    for form in forms {
      do throws(DiaryError) { try discardDraft(form: form) } catch { failed = error }
    }
    if let failed { throw failed }
  }

  /// The text that was kept under this name.
  func kept(_ form: String) throws(DiaryError) -> String? {
    try draft(form: form).map { String(decoding: $0, as: UTF8.self) }
  }
}
