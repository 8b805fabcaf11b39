import DiaryKit
import Observation

/// The code of the log, to be written down or told to somebody, and the check of an earlier one.
@MainActor @Observable
public final class FingerprintModel {
  /// What the screen shows.
  public private(set) var state = FingerprintState()

  @ObservationIgnored private let app: AppModel
  @ObservationIgnored private let session: Session

  init(_ app: AppModel, _ session: Session) {
    self.app = app
    self.session = session
    session.work({ [weak self] in self?.failed($0) }) { [weak self, session] in
      let code = try await session.diary.fingerprint()
      self?.state.code = code
      self?.state.busy = false
    }
  }

  /// She types a code that was given out earlier.
  public func editEarlier(_ text: String) {
    app.onUserActive()
    state.earlier = text
  }

  /// Says whether that code belongs to this diary.
  public func check() {
    guard !state.busy else { return }
    let code = state.earlier
    state.busy = true
    state.answer = nil
    state.error = nil
    session.work({ [weak self] in self?.failed($0) }) { [weak self, session] in
      let belongs = try await session.diary.isAncestor(code)
      self?.state.busy = false
      self?.state.answer = .of(belongs ? .codeYes : .codeNo)
    }
  }

  private func failed(_ phrase: Phrase) {
    state.busy = false
    state.error = phrase
  }
}
