import DiaryKit
import Foundation
import Observation

/// Her passphrase: another one, and whether it opens the diary on this phone only.
@MainActor @Observable
public final class KeysModel {
  /// What the screen shows.
  public private(set) var state = KeysState()

  @ObservationIgnored private let session: Session

  init(_ session: Session) {
    self.session = session
    session.work({ [weak self] in self?.failed($0) }) { [weak self, session] in
      let bound = try await session.diary.isBound()
      self?.state.bound = bound
    }
  }

  /// Sets a new passphrase, given the one that holds now. The recovery code stays. The view empties its fields.
  public func change(_ passphrase: String, to new: String, again: String) {
    guard new == again else {
      state.done = nil
      state.error = .of(.passphrasesDiffer)
      return
    }
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

  /// Does it and says so.
  private func work(_ work: @escaping @Sendable (OpenDiary, Ports) async throws -> TextKey) {
    guard !state.busy else { return }
    state.busy = true
    state.error = nil
    state.done = nil
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
    state.error = phrase
  }
}
