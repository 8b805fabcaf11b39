/// Files that she is about to attach.
public struct AttachState: Equatable, Sendable, Unprintable {
  /// What she picked.
  public var files: [FileRow] = []
  /// How the files were acquired.
  public var how: [Choice] = []
  /// Her note.
  public var note = ""
  /// They are being attached.
  public var busy = false
  /// How far it is.
  public var progress: ProgressState?
  /// There is something to attach.
  public var canSave = false
  /// What went wrong last.
  public var error: Phrase?
  /// How the files came here, if that needs a word.
  public var notice: Phrase?
}

/// A picked file.
public struct FileRow: Equatable, Identifiable, Sendable {
  /// For `remove`.
  public let id: String
  /// What it is called.
  public let name: Phrase
  /// How large it is, if that is known.
  public let size: Phrase?
  /// It lies nowhere else: it is asked for before it is removed.
  public var onlyHere = false
  /// Why it was not attached.
  public var error: Phrase?
}
