import DiaryKit
import Foundation
import Observation

/// What can be set, and the check of the whole diary.
@MainActor @Observable
public final class SettingsModel {
  /// What the screen shows.
  public private(set) var state = SettingsState()

  @ObservationIgnored private let session: Session
  @ObservationIgnored private var checking: Task<Void, Never>?

  init(_ session: Session) {
    self.session = session
    state.version = .words((try? libraryVersion()) ?? "")
    show()
    session.work({ [weak self] in self?.failed($0) }) { [weak self, session] in
      let bound = try await session.diary.isBound()
      self?.state.bound = bound
    }
  }

  /// After how many minutes without a touch the diary locks.
  public func chooseIdle(_ minutes: String) {
    guard idleChoices.contains(minutes) else { return }
    session.ports.settings.set(idleName, minutes)
    show()
  }

  /// Binds the passphrase to this device, for which she has the recovery code at hand. The view empties its fields.
  public func bind(passphrase: String, code: String) {
    let (passphrase, code) = (Secret(passphrase), Secret(code))
    change { diary, ports in
      try ports.device.make()
      try await diary.bind(passphrase, code: code, to: ports.key)
      ports.setBound(true)
    }
  }

  /// Lets the passphrase open the diary anywhere again. The view empties its field.
  public func unbind(passphrase: String) {
    let passphrase = Secret(passphrase)
    change { diary, ports in
      try await diary.unbind(passphrase, from: ports.key)
      ports.setBound(false)
    }
  }

  /// Reads everything and compares it with what was recorded.
  public func check() {
    guard !state.busy else { return }
    let text = Phrase.of(.settingsChecking)
    state.busy = true
    state.checked = nil
    state.findings = []
    state.error = nil
    let stopped = { @MainActor [weak self] in self?.failed(.of(.errorStopped)) ?? () }
    checking = session.work({ [weak self] in self?.failed($0) }, stopped: stopped) { [weak self, session] in
      let report = try await session.diary.check { [weak self] progress in
        Task { @MainActor in self?.tell(text, progress) }
      }
      self?.show(report)
    }
  }

  /// Stops the check; the screen is busy until it has ended.
  public func stop() { checking?.cancel() }

  /// The screen was left.
  func left() { checking?.cancel() }

  private func change(_ work: @escaping @Sendable (OpenDiary, Ports) async throws -> Void) {
    guard !state.busy else { return }
    state.busy = true
    state.error = nil
    session.work({ [weak self] in self?.failed($0) }) { [weak self, session] in
      try await work(session.diary, session.ports)
      let bound = try await session.diary.isBound()
      self?.state.bound = bound
      self?.state.busy = false
    }
  }

  private func tell(_ text: Phrase, _ progress: WorkProgress) {
    guard state.busy else { return }
    state.progress = ProgressState(text: text, percent: percent(progress))
  }

  private func show(_ report: CheckReport) {
    state.busy = false
    state.progress = nil
    state.checked = .of(report.sound ? .settingsSound : .settingsNotSound)
    state.findings = numbered(report.findings.filter { $0.level != .fine }.map(findingLine))
  }

  private func show() {
    let chosen = String(idleMinutes(session.ports.settings))
    state.idle = idleChoices.map {
      Choice(code: $0, label: .of(.settingsMinutes, [.words($0)]), chosen: $0 == chosen)
    }
  }

  private func failed(_ phrase: Phrase) {
    state.busy = false
    state.progress = nil
    state.error = phrase
  }
}

/// What a finding means for her, and below it what it is about and what an expert reads.
func findingLine(_ finding: Finding) -> (label: Phrase, value: Phrase) {
  let key: TextKey =
    switch (finding.check, finding.level) {
    case ("header", .warning): .noticeKeyFile
    case ("header", _): .errorKeyFile
    case ("evidence-file", _): .errorEvidenceDamaged
    default: .errorDamaged
    }
  return (.of(key), .words([finding.subject, finding.detail].filter { !$0.isEmpty }.joined(separator: ": ")))
}

/// After so many minutes without a touch the diary locks: five, unless she chose another time.
func idleMinutes(_ settings: any Settings) -> Int {
  settings.get(idleName).flatMap { idleChoices.contains($0) ? Int($0) : nil } ?? 5
}

private let idleChoices = ["1", "2", "5", "10"]
private let idleName = "idle_minutes"
