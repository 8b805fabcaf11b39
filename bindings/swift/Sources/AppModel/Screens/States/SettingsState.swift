/// Settings.
public struct SettingsState: Equatable, Sendable {
  /// After how many minutes without a touch the diary locks.
  public var idle: [Choice] = []
  /// She chose a longer time, for which the passphrase is asked.
  public var longer: Phrase?
  /// The version of the app's library.
  public var version = Phrase.words("")
  /// What the check of the whole diary found.
  public var findings: [Line] = []
  /// The outcome of the check in one sentence.
  public var checked: Phrase?
  /// The check is running.
  public var busy = false
  /// How far it is.
  public var progress: ProgressState?
  /// What went wrong last.
  public var error: Phrase?
}
