import DiaryKit
import Foundation
import Observation

/// Her passphrase: another one, and whether it opens the diary on this phone only. And a new recovery code.
@MainActor @Observable
public final class KeysModel {
  /// What the screen shows.
  public private(set) var state = KeysState()

  @ObservationIgnored private let app: AppModel
  @ObservationIgnored private let session: Session
  @ObservationIgnored private var code: NewCode?
  @ObservationIgnored private var making: Task<Void, Never>?
  @ObservationIgnored private var hasLeft = false

  init(_ app: AppModel, _ session: Session) {
    self.app = app
    self.session = session
    session.work({ [weak self] in self?.failed($0) }) { [weak self, session] in
      let bound = try await session.diary.isBound()
      self?.state.bound = bound
    }
  }

  /// Sets a new passphrase, given the one that holds now. The recovery code stays. The view empties its fields.
  public func change(_ passphrase: String, to new: String, again: String) {
    guard same(new, again) else { return }
    let (passphrase, new) = (Secret(passphrase), Secret(new))
    work { diary, ports in
      let bound = try await diary.isBound()
      try await diary.changePassphrase(from: passphrase, to: new)
      ports.setBound(false)
      return bound ? .keysChangedUnbound : .keysChanged
    }
  }

  /// Binds the passphrase to this phone, for which she has the recovery code at hand. The view empties its fields.
  public func bind(passphrase: String, code: String) {
    let (passphrase, code) = (Secret(passphrase), Secret(code))
    work { diary, ports in
      try ports.device.make()
      try await diary.bind(passphrase, code: code, to: ports.key)
      ports.setBound(true)
      return .keysBound
    }
  }

  /// Lets the passphrase open the diary anywhere again. The view empties its field.
  public func unbind(passphrase: String) {
    let passphrase = Secret(passphrase)
    work { diary, ports in
      try await diary.unbind(passphrase, from: ports.key)
      ports.setBound(false)
      return .keysUnbound
    }
  }

  /// Makes a new recovery code, with a new passphrase beside it: all is sealed anew. Where the old passphrase was bound to
  /// this phone, the new one is. The view empties its fields.
  public func makeCode(_ passphrase: String, new: String, again: String) {
    guard !state.busy, same(new, again) else { return }
    let text = Phrase.of(.keysCodeMaking)
    // Each use wipes its own.
    let (passphrase, new, toBind) = (Secret(passphrase), Secret(new), Secret(new))
    begin()
    state.progress = ProgressState(text: text, percent: nil)
    let stopped = { @MainActor [weak self] in self?.failed(.of(.errorStopped)) ?? () }
    making = session.work({ [weak self] in self?.failed($0) }, stopped: stopped, isLong: true) { [weak self, session] in
      let (diary, ports) = (session.diary, session.ports)
      let bound = try await diary.isBound()
      let code = try await NewCode.making(ports) {
        try await diary.rotate(from: passphrase, to: new) { [weak self] progress in
          Task { @MainActor in self?.tell(text, progress) }
        }
      }
      // Also where the diary is about to lock, which waits for it.
      let again = bound ? (try? await diary.bind(toBind, code: Secret(code), to: ports.key)) != nil : false
      ports.setBound(again)
      self?.show(NewCode(code, ports: ports), bound: again, was: bound)
    }
  }

  /// Stops making a code, unless it is made already: what held before holds then. The screen is busy until it has ended.
  public func stop() { making?.cancel() }

  /// She has written the code down.
  public func codeWritten() {
    guard state.step == .code, let code else { return }
    (state.step, state.code, state.question) = (.confirm, [], code.written())
  }

  /// She typed the group of the code that she was asked for.
  public func confirm(_ group: String) {
    guard let code else { return }
    guard code.confirm(group) else {
      state.error = .of(.startConfirmWrong)
      return
    }
    self.code = nil
    app.codeShown(false, in: session)
    state = KeysState(bound: state.bound, done: state.done ?? .of(.keysCodeMade))
  }

  /// True if she stays: a code is left by confirming it, or with the diary.
  func back() -> Bool {
    if let code {
      (state.step, state.code, state.question, state.error) = (.code, code.groups, nil, nil)
      return true
    }
    if state.progress == nil { return false }
    stop()
    return true
  }

  /// Something went wrong on the way here.
  func trouble(_ phrase: Phrase) { state.error = phrase }

  /// The screen or the diary is left, and the code with it.
  func left() {
    stop()
    hasLeft = true
    code = nil
    state.code = []
  }

  /// Comes back when a code is made or given up, if one was asked for.
  func settled() async { await making?.value }

  private func same(_ new: String, _ again: String) -> Bool {
    guard new != again else { return true }
    state.done = nil
    state.error = .of(.passphrasesDiffer)
    return false
  }

  private func show(_ made: NewCode, bound: Bool, was wasBound: Bool) {
    guard !hasLeft else { return }
    code = made
    let told: Phrase? = wasBound && !bound ? .of(.keysCodeMadeUnbound) : nil
    state = KeysState(step: .code, bound: bound, done: told, code: made.groups)
    app.codeShown(true, in: session)
  }

  private func tell(_ text: Phrase, _ progress: WorkProgress) {
    guard state.busy else { return }
    state.progress = ProgressState(text: text, percent: percent(progress))
  }

  private func begin() {
    state.busy = true
    state.error = nil
    state.done = nil
  }

  /// Does it and says so.
  private func work(_ work: @escaping @Sendable (OpenDiary, Ports) async throws -> TextKey) {
    guard !state.busy else { return }
    begin()
    session.work({ [weak self] in self?.failed($0) }) { [weak self, session] in
      let done = try await work(session.diary, session.ports)
      let bound = try await session.diary.isBound()
      self?.state.bound = bound
      self?.state.busy = false
      self?.state.done = .of(done)
    }
  }

  private func failed(_ phrase: Phrase) {
    state.busy = false
    state.progress = nil
    state.error = phrase
  }
}
