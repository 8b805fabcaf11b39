/// The code of the log.
public struct FingerprintState: Equatable, Sendable, Unprintable {
  /// The code, to be read out in groups.
  public var code: String?
  /// It is being looked up.
  public var busy = true
  /// The answer to a code that she typed in.
  public var answer: Phrase?
  /// What went wrong last.
  public var error: Phrase?
}
