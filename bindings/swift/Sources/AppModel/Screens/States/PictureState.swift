/// A picture that she looks at.
public struct PictureState: Equatable, Sendable, Unprintable {
  /// The name of the file.
  public var name: Phrase?
  /// The file as it was recorded, in memory only; `nil` while it is read, and where it cannot be shown.
  public var bytes: PictureBytes?
  /// It is being read.
  public var loading = true
  /// What went wrong.
  public var error: Phrase?
}
