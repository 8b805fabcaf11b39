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
  @ObservationIgnored private var wanted: String?

  init(_ session: Session) {
    self.session = session
    state.version = .words((try? libraryVersion()) ?? "")
    show()
  }

  /// After how many minutes without a touch the diary locks. For more of them the passphrase is asked for: whoever holds
  /// the open phone must not be able to keep it open.
  public func chooseIdle(_ minutes: String) {
    guard !state.busy, idleChoices.contains(minutes), let chosen = Int(minutes) else { return }
    wanted = chosen > idleMinutes(session.ports.settings) ? minutes : nil
    if wanted == nil { session.ports.settings.set(idleName, minutes) }
    show()
  }

  /// The passphrase for the longer time. The view empties its field.
  public func confirmIdle(_ passphrase: String) {
    guard let minutes = wanted, !state.busy else { return }
    let passphrase = Secret(passphrase)
    state.busy = true
    state.error = nil
    session.work({ [weak self] in self?.failed($0) }) { [weak self, session] in
      try await session.diary.confirm(passphrase)
      session.ports.settings.set(idleName, minutes)
      self?.state.busy = false
      self?.keepIdle()
    }
  }

  /// She thought better of it.
  public func keepIdle() {
    wanted = nil
    show()
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
    checking = session.work({ [weak self] in self?.failed($0) }, stopped: stopped, isLong: true) {
      [weak self, session] in
      let report = try await session.diary.check { [weak self] progress in
        Task { @MainActor in self?.tell(text, progress) }
      }
      let keyFile = try await session.diary.keyFile()
      self?.show(report, keyFile)
    }
  }

  /// Stops the check; the screen is busy until it has ended.
  public func stop() { checking?.cancel() }

  /// Something went wrong on the way here.
  func trouble(_ phrase: Phrase) { state.error = phrase }

  /// The screen was left.
  func left() { checking?.cancel() }

  private func tell(_ text: Phrase, _ progress: WorkProgress) {
    guard state.busy else { return }
    state.progress = ProgressState(text: text, percent: percent(progress))
  }

  private func show(_ report: CheckReport, _ keyFile: KeyFile) {
    state.busy = false
    state.progress = nil
    state.checked = .of(report.sound ? .settingsSound : .settingsNotSound)
    var lines: [(label: Phrase, value: Phrase)] = []
    for line in report.findings.filter({ $0.level != .fine }).map({ findingLine($0, keyFile) })
    where !lines.contains(where: { $0 == line }) {
      lines.append(line)
    }
    state.findings = numbered(lines)
  }

  private func show() {
    let chosen = String(idleMinutes(session.ports.settings))
    state.idle = idleChoices.map {
      Choice(code: $0, label: .of(.settingsMinutes, [.words($0)]), chosen: $0 == chosen)
    }
    state.longer = wanted.map { .of(.settingsLonger, [.words($0)]) }
    state.error = nil
  }

  private func failed(_ phrase: Phrase) {
    state.busy = false
    state.progress = nil
    state.error = phrase
  }
}

/// What a check found, for her: which entry of the log, and what it means. The library's own sentence is for an expert.
/// `keyFile` says how bad it is with that.
func findingLine(_ finding: Finding, _ keyFile: KeyFile) -> (label: Phrase, value: Phrase) {
  let what: Phrase =
    switch finding.check {
    case "header": keyFilePhrase(keyFile) ?? .of(.findingOther)
    case "cell": .of(.findingCell)
    case "index": .of(.findingIndex)
    case "evidence-file": .of(.findingFile)
    default: .of(.findingOther)
    }
  // `entry 12`, or the id `12-k7q2`.
  let entry = finding.subject.wholeMatch(of: /(?:entry )?([0-9]+)(?:-[0-9a-z]{4})?/)
  let place: Phrase = entry.map { .of(.findingEntry, [.words(String($0.1))]) } ?? .of(.findingLog)
  return (place, what)
}

/// What she should know of the key file; nothing if it is whole.
func keyFilePhrase(_ file: KeyFile) -> Phrase? {
  switch file {
  case .whole: nil
  case .mended: .of(.noticeKeyFile)
  case .oneCopy: .of(.noticeKeyCopy)
  case .lost: .of(.noticeKeyLost)
  }
}

/// After so many minutes without a touch the diary locks: five, unless she chose another time.
func idleMinutes(_ settings: any Settings) -> Int {
  settings.get(idleName).flatMap { idleChoices.contains($0) ? Int($0) : nil } ?? 5
}

private let idleChoices = ["1", "2", "5", "10"]
private let idleName = "idle_minutes"
