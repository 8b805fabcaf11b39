/// The list of incidents, newest recorded first.
public struct ListState: Equatable, Sendable, Unprintable {
  /// The lines.
  public var rows: [IncidentRow] = []
  /// The first page is on its way.
  public var loading = true
  /// There is another page: ask with `more()` when the end is near.
  public var hasMore = false
  /// What she searches for.
  public var search = ""
  /// Which incidents are shown.
  public var filter = FilterState()
  /// What to say where no row stands.
  public var empty: Phrase?
  /// Things she should know: an old copy put back, times that are not known.
  public var notices: [Phrase] = []
  /// A form waits with what she had typed.
  public var unfinished = false
  /// There is no backup, or much was written since the last one.
  public var backup: Phrase?
  /// The recovery code was not confirmed: the way to a new one.
  public var code: Phrase?
  /// What went wrong last.
  public var error: Phrase?

  /// Of the words in the rows that a lawyer has yet to check.
  public var legal: Phrase? { legalNote(rows.flatMap(\.behaviours)) }
}

/// One line of the list.
public struct IncidentRow: Equatable, Identifiable, Sendable {
  /// The incident's id.
  public let id: String
  /// `No. 12`.
  public let number: Phrase
  /// The first line of what happened.
  public let title: Phrase
  /// When.
  public let occurred: Phrase
  /// What he did.
  public let behaviours: [Phrase]
  /// `Files: 3`, if there are any.
  public let evidence: Phrase?
  /// Amended, withdrawn, erased or damaged.
  public let marks: [Phrase]
  /// Its words are not there: erased or damaged.
  public let faded: Bool
}

/// Which incidents are shown, and what can be chosen.
public struct FilterState: Equatable, Sendable {
  /// From this day on.
  public var from: Day?
  /// Until this day.
  public var to: Day?
  /// The first day as she reads it.
  public var fromText = Phrase.of(.filterAnyDay)
  /// The last day as she reads it.
  public var toText = Phrase.of(.filterAnyDay)
  /// What he did.
  public var behaviours: [Choice] = []
  /// Who was there.
  public var people: [Choice] = []
  /// Something is chosen.
  public var active = false

  /// Of the words among the choices that a lawyer has yet to check.
  public var legal: Phrase? { legalNote(behaviours.map(\.label)) }
}
