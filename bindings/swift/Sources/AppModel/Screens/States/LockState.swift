/// The locked diary.
public struct LockState: Equatable, Sendable {
  /// She takes the recovery code instead of the passphrase.
  public var recovering = false
  /// An attempt is running.
  public var busy = false
  /// It does not open because it is damaged: a backup can take its place.
  public var damaged = false
  /// After several wrong passphrases: so many seconds until the next one is taken.
  public var wait = 0
  /// What went wrong last.
  public var error: Phrase?
  /// Something waits for it to be opened; what, is nobody's business.
  public var notice: Phrase?

  /// How long she has to wait, in words; `nil` if the next one is taken at once.
  public var waitText: Phrase? { wait > 0 ? .of(.lockWait, [.words(String(wait))]) : nil }
}
