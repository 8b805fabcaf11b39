/// The code of the log.
public struct FingerprintState: Equatable, Sendable, Unprintable {
  /// The code, to be read out in groups.
  public var code: String?
  /// It is being looked up.
  public var busy = true
  /// A code that was given out earlier, as she types it.
  public var earlier = ""
  /// The answer to it.
  public var answer: Phrase?
  /// What went wrong last.
  public var error: Phrase?
}
