/// One incident.
public struct IncidentState: Equatable, Sendable, Unprintable {
  /// It is on its way.
  public var loading = true
  /// `Incident 12`.
  public var title = Phrase.words("")
  /// When it happened, when it was written.
  public var times: [Line] = []
  /// What she wrote, field by field.
  public var lines: [Line] = []
  /// Its files.
  public var evidence: [EvidenceRow] = []
  /// What she first wrote and changed since.
  public var first: [Line] = []
  /// What came after, oldest first.
  public var history: [Line] = []
  /// Withdrawn, erased or damaged: said on top.
  public var notices: [Phrase] = []
  /// More can be written about it.
  public var canAmend = false
  /// It can be withdrawn.
  public var canWithdraw = false
  /// Its words can be erased.
  public var canErase = false
  /// Something is being done.
  public var busy = false
  /// How far it is.
  public var progress: ProgressState?
  /// Why she withdraws it, as far as she has typed it.
  public var reason = ""
  /// What went wrong last.
  public var error: Phrase?
  /// Something was done: said once.
  public var done: Phrase?

  /// Of the words on the page that a lawyer has yet to check.
  public var legal: Phrase? { legalNote((lines + first + history).flatMap { [$0.label, $0.value] }) }
}

/// A file of an incident.
public struct EvidenceRow: Equatable, Identifiable, Sendable {
  /// The item's id.
  public let id: String
  /// What the file was called.
  public let name: Phrase
  /// Size, kind, how it was acquired.
  public let about: Phrase
  /// The SHA-256 in groups of eight.
  public let sha256: Phrase
  /// Her note on it.
  public let note: Phrase?
  /// A picture, going by its content: `show` shows it.
  public let isPicture: Bool
}
