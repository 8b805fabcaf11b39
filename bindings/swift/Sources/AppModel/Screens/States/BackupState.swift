/// The backup.
public struct BackupState: Equatable, Sendable {
  /// The passphrase is bound to this phone: elsewhere the backup opens with the recovery code only.
  public var bound = false
  /// It is being written.
  public var busy = false
  /// How far it is.
  public var progress: ProgressState?
  /// What is in the backup that was written.
  public var result: [Line] = []
  /// Something of the diary could not be read.
  public var unreadable: Phrase?
  /// What went wrong last.
  public var error: Phrase?
}
