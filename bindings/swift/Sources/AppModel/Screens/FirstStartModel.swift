import DiaryKit
import Foundation
import Observation

/// Makes a diary: a word about it, a passphrase, the recovery code once, and a look at whether it was written down.
@MainActor @Observable
public final class FirstStartModel {
  /// What the screen shows.
  public private(set) var state = FirstStartState()

  @ObservationIgnored private let app: AppModel
  /// A damaged diary is there, and the one of the backup takes its place.
  @ObservationIgnored private let replaced: Bool
  @ObservationIgnored private var made: OpenDiary?
  @ObservationIgnored private var code: NewCode?
  @ObservationIgnored private var backup: PickedFile?
  @ObservationIgnored private var restoring: Task<Void, Never>?

  init(_ app: AppModel, replaced: Bool = false) {
    self.app = app
    self.replaced = replaced
  }

  /// She has read the first screen.
  public func begin() {
    state.step = .passphrase
    state.error = nil
  }

  /// Lets her pick a backup to make the diary of.
  public func pickBackup() {
    if !state.busy { app.ask(.pickFiles) }
  }

  func backupPicked(_ files: [PickedFile]) {
    guard !state.busy, [.welcome, .restore].contains(state.step), let file = files.first else { return }
    backup = file
    state = FirstStartState(step: .restore)
  }

  /// Something went wrong on the way here.
  func trouble(_ phrase: Phrase) { state.error = phrase }

  /// She takes the recovery code instead of the passphrase, or the other way round.
  public func useCode(_ code: Bool) {
    state.usingCode = code
    state.error = nil
  }

  /// Makes the diary of the backup, with the passphrase or the recovery code of its time. The view empties its field.
  public func restore(_ secret: String) {
    guard let backup, !state.busy else { return }
    let secret = Secret(secret)
    let kind: SecretKind = state.usingCode ? .recoveryCode : .passphrase
    let text = Phrase.of(.exportWriting)
    let folder = app.ports.folders.restored
    state.busy = true
    state.error = nil
    state.progress = ProgressState(text: text, percent: nil)
    restoring = Task {
      do {
        try app.ports.protection.protect(folder: folder.deletingLastPathComponent())
        let relay: ProgressHandler = { [weak self] progress in Task { @MainActor in self?.tell(text, progress) } }
        let report = try await backup.lent(by: app.ports.lender) { url in
          try await DiaryKit.restore(backup: url, to: folder, secret: secret, kind: kind, progress: relay)
        }
        if report.restored { try app.restored() } else { failed(.of(.backupDamaged)) }
      } catch {
        failed(Task.isCancelled ? .of(.errorStopped) : errorPhrase(error))
      }
    }
  }

  /// Stops the work; nothing is left behind.
  public func stop() { restoring?.cancel() }

  private func tell(_ text: Phrase, _ progress: WorkProgress) {
    if state.busy { state.progress = ProgressState(text: text, percent: percent(progress)) }
  }

  private func failed(_ phrase: Phrase) {
    state.busy = false
    state.progress = nil
    state.error = phrase
  }

  /// Makes the diary. The view empties its fields.
  public func create(passphrase: String, again: String) {
    guard !state.busy else { return }
    guard passphrase == again else {
      state.error = .of(.passphrasesDiffer)
      return
    }
    state.busy = true
    state.error = nil
    let secret = Secret(passphrase)
    let (ports, departures) = (app.ports, app.departures)
    Task {
      do {
        try ports.protection.protect(folder: ports.folders.diary.deletingLastPathComponent())
        let diary = try await NewCode.making(ports) {
          try await OpenDiary.create(folder: ports.folders.diary, passphrase: secret, cost: ports.keyCost)
        }
        made = diary
        let shown = NewCode(try await diary.takeRecoveryCode() ?? "", ports: ports)
        code = shown
        state = FirstStartState(step: .code, code: shown.groups)
        app.made()
        // Nobody else may find the code: at the next unlock she is told that it was not confirmed.
        if departures != app.departures { app.lock() }
      } catch {
        state.busy = false
        state.error = errorPhrase(error)
      }
    }
  }

  /// She has written the code down.
  public func codeWritten() {
    guard state.step == .code, let code else { return }
    state = FirstStartState(step: .confirm, question: code.written())
  }

  /// She typed the group of the code that she was asked for.
  public func confirm(_ group: String) {
    guard let code, let diary = made else { return }
    guard code.confirm(group) else {
      state.error = .of(.startConfirmWrong)
      return
    }
    _ = takeMade()
    app.unlocked(diary, askedAfter: app.departures)
  }

  /// One step back, to see the code once more.
  func back() -> Bool {
    switch state.step {
    case .confirm: state = FirstStartState(step: .code, code: code?.groups ?? [])
    case .passphrase, .restore:
      if state.busy { break }
      if replaced { app.notRestored() } else { state = FirstStartState() }
    case .welcome, .code: return false
    }
    return true
  }

  /// The diary that was made, if its code was not confirmed; it is given up here, and so is the code.
  func takeMade() -> OpenDiary? {
    defer { (made, code) = (nil, nil) }
    return made
  }
}
