import DiaryKit
import Foundation
import Observation

/// Opens the diary with the passphrase, or with the recovery code. After some wrong ones it makes the next one wait; it
/// never destroys anything.
@MainActor @Observable
public final class LockModel {
  /// What the screen shows.
  public private(set) var state: LockState

  @ObservationIgnored private let app: AppModel
  @ObservationIgnored private var wrong = 0

  init(_ app: AppModel, _ reason: Phrase?) {
    self.app = app
    state = LockState(error: reason)
  }

  /// Opens the diary. The view empties its field.
  public func unlock(_ passphrase: String) {
    let secret = Secret(passphrase)
    let key = app.ports.openingKey
    attempt { try await OpenDiary.open(folder: $0, passphrase: secret, device: key) }
  }

  /// She wants to use the recovery code.
  public func forgot() {
    state.recovering = true
    state.error = nil
  }

  /// Opens the diary with the recovery code and sets a new passphrase. The view empties its fields.
  public func recover(code: String, new: String, again: String) {
    guard new == again else {
      state.error = .of(.passphrasesDiffer)
      return
    }
    let (code, new) = (Secret(code), Secret(new))
    let ports = app.ports
    attempt {
      let diary = try await OpenDiary.recover(folder: $0, code: code, newPassphrase: new)
      // She has it on paper, and it holds.
      ports.codeUnconfirmed = false
      ports.setBound(false)
      return diary
    }
  }

  /// Lets her pick a backup, where what is here cannot be opened any more.
  public func pickBackup() {
    if state.damaged && !state.busy { app.ask(.pickFiles) }
  }

  /// Something waits for the diary to be opened.
  func somethingWaits() { state.notice = .of(.lockFinish) }

  /// She has left: whoever comes next learns nothing of it.
  func left() { state.notice = nil }

  /// Something went wrong on the way here.
  func trouble(_ phrase: Phrase) { state.error = phrase }

  func back() -> Bool {
    guard state.recovering else { return false }
    state.recovering = false
    state.error = nil
    return true
  }

  private func attempt(_ open: @escaping @Sendable (URL) async throws -> OpenDiary) {
    guard !state.busy, state.wait == 0 else { return }
    state.busy = true
    state.error = nil
    let departures = app.departures
    Task {
      do {
        await app.closed()
        let diary = try await open(app.ports.folders.diary)
        let left = await app.left(in: diary)
        let notices = (try? await notices(of: diary)) ?? []
        app.unlocked(diary, notices: notices, left: left, askedAfter: departures)
      } catch {
        state.busy = false
        state.damaged = tellsOfDamage(error)
        if case DiaryError.WrongPassphrase = error {
          // Who left in the middle of a change was not told how it ended.
          state.error = .of(.lockWrong)
          await slowDown()
        } else {
          state.error = openingPhrase(error)
        }
      }
    }
  }

  private func notices(of diary: OpenDiary) async throws -> [Phrase] {
    var notices: [Phrase] = []
    if let notice = try await app.token.notice(diary) { notices.append(notice) }
    if let notice = try await app.untold.keyFileNotice(diary) { notices.append(notice) }
    return notices
  }

  /// Five are free; then 5, 10, 20 seconds and so on, a minute at most.
  private func slowDown() async {
    wrong += 1
    guard wrong >= 5 else { return }
    let time = app.ports.time
    let end = time.elapsed + .seconds(min(5 << min(wrong - 5, 4), 60))
    while time.elapsed < end {
      state.wait = Int((end - time.elapsed).components.seconds)
      try? await time.wait(until: time.elapsed + .seconds(1))
    }
    state.wait = 0
  }
}

/// No passphrase opens what is here.
func tellsOfDamage(_ error: any Error) -> Bool {
  switch error {
  case DiaryError.DamagedKeyFile, DiaryError.KdfOutOfRange, DiaryError.NotAVault, DiaryError.ForeignDatabase,
    DiaryError.CellsMissing, DiaryError.OldKeyFile, DiaryError.Damaged:
    true
  default: false
  }
}
