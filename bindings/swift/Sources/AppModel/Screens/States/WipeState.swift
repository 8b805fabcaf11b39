/// Destroying the diary.
public struct WipeState: Equatable, Sendable {
  /// It is being destroyed.
  public var busy = false
  /// What went wrong last.
  public var error: Phrase?
}
