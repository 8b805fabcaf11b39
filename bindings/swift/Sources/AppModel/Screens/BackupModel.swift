import DiaryKit
import Foundation
import Observation

/// Writes everything into one sealed file, which she keeps away from this phone.
@MainActor @Observable
public final class BackupModel {
  /// What the screen shows.
  public private(set) var state = BackupState()

  @ObservationIgnored private let app: AppModel
  @ObservationIgnored private let session: Session
  @ObservationIgnored private var running: Task<Void, Never>?
  /// What is written, while she chooses where a copy of it goes.
  @ObservationIgnored private var offered: URL?

  init(_ app: AppModel, _ session: Session) {
    self.app = app
    self.session = session
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
    let stopped = { @MainActor [weak self] in self?.failed(.of(.errorStopped)) ?? () }
    running = session.work({ [weak self] in self?.failed($0) }, stopped: stopped) { [weak self] in
      guard let self else { return }
      let file = try app.scratchFile(named: "\(session.today).backup")
      let written: WrittenBackup
      do {
        written = try await session.diary.backup(to: file) { [weak self] progress in
          Task { @MainActor in self?.tell(text, progress) }
        }
        try Task.checkCancellation()
      } catch {
        try? FileManager.default.removeItem(at: file)
        throw error
      }
      offered = file
      app.askToSave(file) { [weak self] saved in
        guard let self, offered == file else { return }
        if saved { done(written) } else { failed(.of(.errorStopped)) }
      }
    }
  }

  /// Stops the work; the screen is busy until it has ended, and then nothing of the file is left here.
  public func stop() {
    running?.cancel()
    if offered != nil { failed(.of(.errorStopped)) }
  }

  /// The screen was left.
  func left() {
    running?.cancel()
    forget()
  }

  private func tell(_ text: Phrase, _ progress: WorkProgress) {
    guard state.busy else { return }
    state.progress = ProgressState(text: text, percent: percent(progress))
  }

  private func done(_ written: WrittenBackup) {
    forget()
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
    forget()
    state.busy = false
    state.progress = nil
    state.error = phrase
  }

  /// The file on its way out is removed; what she saved is a copy.
  private func forget() {
    if let offered { try? FileManager.default.removeItem(at: offered) }
    offered = nil
  }
}
