/// Making a diary, from the first word of the app to the confirmed recovery code.
public struct FirstStartState: Equatable, Sendable, Unprintable {
  /// The steps, in their order.
  public enum Step: Sendable {
    case welcome, passphrase, code, confirm
    /// A backup leads here.
    case restore
  }

  /// Where she is.
  public var step = Step.welcome
  /// The diary is being made.
  public var busy = false
  /// What went wrong last.
  public var error: Phrase?
  /// The code in groups, only at `Step.code`: it is shown once and kept nowhere.
  public var code: [String] = []
  /// Which group of the code she is asked to copy from her paper, at `Step.confirm`.
  public var question: Phrase?
  /// At `Step.restore`: she takes the recovery code instead of the passphrase.
  public var usingCode = false
  /// How far long work is.
  public var progress: ProgressState?
}
