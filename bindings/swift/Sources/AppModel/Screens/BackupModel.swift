import DiaryKit
import Foundation
import Observation

/// Writes everything into one sealed file, which she keeps away from this phone.
@MainActor @Observable
public final class BackupModel {
  /// What the screen shows.
  public private(set) var state = BackupState()

  @ObservationIgnored private let session: Session
  @ObservationIgnored private let file: OutgoingFile

  init(_ app: AppModel, _ session: Session) {
    self.session = session
    file = OutgoingFile(app, session)
    session.work({ [weak self] in self?.failed($0) }) { [weak self, session] in
      let bound = try await session.diary.isBound()
      self?.state.bound = bound
    }
  }

  /// Writes it, and lets her choose where a copy goes. It opens with what opens the diary now, so no passphrase is asked
  /// for.
  public func choosePlace() {
    guard !state.busy else { return }
    let text = Phrase.of(.exportWriting)
    state = BackupState(bound: state.bound, busy: true, progress: ProgressState(text: text, percent: nil))
    file.begin(
      named: "\(session.today).backup",
      ended: { [weak self] in self?.failed($0) },
      done: { [weak self] (made: (WrittenBackup, UInt32)) in self?.done(made.0, newest: made.1) },
      make: { [weak self, session] file in
        let newest = try await session.diary.list(ListQuery(limit: 1)).incidents.first?.number ?? 0
        let written = try await session.diary.backup(to: file) { [weak self] progress in
          Task { @MainActor in self?.tell(text, progress) }
        }
        return (written, newest)
      }
    )
  }

  /// Stops the work; the screen is busy until it has ended, and then nothing of the file is left here.
  public func stop() { file.stop() }

  /// Something went wrong on the way here.
  func trouble(_ phrase: Phrase) { state.error = phrase }

  /// The screen was left.
  func left() { file.left() }

  private func tell(_ text: Phrase, _ progress: WorkProgress) {
    guard state.busy else { return }
    state.progress = ProgressState(text: text, percent: percent(progress))
  }

  private func done(_ written: WrittenBackup, newest: UInt32) {
    session.work({ [weak self] in self?.failed($0) }) { [session] in
      try await SavedBackup(newest: newest).keep(in: session.diary)
    }
    state.busy = false
    state.progress = nil
    state.result = numbered([
      (.of(.exportIncidents), .words(String(written.incidents))),
      (.of(.exportFiles), .words(String(written.files))),
      (.of(.exportSize), sizePhrase(written.bytes)),
    ])
    if written.unreadableCells > 0 || written.unreadableFiles > 0 { state.unreadable = .of(.backupUnreadable) }
  }

  private func failed(_ phrase: Phrase) {
    state.busy = false
    state.progress = nil
    state.error = phrase
  }
}

/// The last backup, as a draft keeps it: sealed, so that nobody else learns of it.
struct SavedBackup {
  /// The number of the newest incident in it; 0 if there was no backup.
  var newest: UInt32 = 0
  /// Something was added to an incident since, or changed.
  var isOlder = false

  private static let form = "backup"
  private static let older = "+"

  /// `nil` if nobody knows.
  @MainActor
  static func last(in session: Session) async throws -> SavedBackup? {
    let text = try await session.kept(form)
    return session.draftsDamaged ? nil : SavedBackup(text ?? "")
  }

  /// Something that the last backup has not was just recorded, besides a new incident, which has a number.
  static func outdate(in diary: isolated OpenDiary) {
    guard let text = (try? diary.kept(form)) ?? nil else { return }
    var saved = SavedBackup(text)
    guard saved.newest > 0, !saved.isOlder else { return }
    saved.isOlder = true
    try? saved.keep(in: diary)
  }

  init(newest: UInt32) { self.newest = newest }

  /// `12`, or `12+` if it is older than what is recorded.
  private init(_ text: String) {
    isOlder = text.hasSuffix(Self.older)
    newest = UInt32(isOlder ? String(text.dropLast()) : text) ?? 0
  }

  func keep(in diary: isolated OpenDiary) throws {
    try diary.keep(KeptDraft(form: Self.form, text: String(newest) + (isOlder ? Self.older : "")))
  }
}
