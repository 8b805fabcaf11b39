/// Her passphrase, and the recovery code beside it.
public struct KeysState: Equatable, Sendable, Unprintable {
  /// What is in front: the keys, a new recovery code, or the question whether it was written down.
  public enum Step: Sendable {
    case keys, code, confirm
  }

  /// Where she is.
  public var step = Step.keys
  /// The passphrase opens the diary on this phone only.
  public var bound = false
  /// Something is being done.
  public var busy = false
  /// How far long work is.
  public var progress: ProgressState?
  /// What went wrong last.
  public var error: Phrase?
  /// Something was done: said once.
  public var done: Phrase?
  /// The new code in groups, only at `Step.code`: it is shown once and kept nowhere.
  public var code: [String] = []
  /// Which group of it she is asked to copy from her paper, at `Step.confirm`.
  public var question: Phrase?
}
