/// The form for a new incident, or for more about one that is recorded.
public struct FormState: Equatable, Sendable, Unprintable {
  /// What the form is for.
  public var title = Phrase.of(.formTitleNew)
  /// What is always asked.
  public var fields: [FieldState] = []
  /// The rest, folded until she asks for it.
  public var more: [FieldState] = []
  /// Whether the rest is unfolded.
  public var moreOpen = false
  /// More about a recorded incident: a reason is asked for.
  public var amending = false
  /// It is being saved.
  public var busy = false
  /// What went wrong last.
  public var error: Phrase?
  /// What she typed lies sealed in the diary.
  public var kept = false
}

/// One field of the form.
public struct FieldState: Equatable, Identifiable, Sendable, Unprintable {
  /// How a field is filled in.
  public enum Kind: Sendable {
    /// One line.
    case line
    /// A text of any length.
    case text
    /// Digits.
    case number
    /// A day: `2026-10-03`.
    case date
    /// A time of day: `21:15`.
    case time
    /// One of the choices, or none.
    case oneOf
    /// Any of the choices.
    case someOf
    /// A button that adds an element to a list.
    case add
    /// A line that separates groups.
    case group
  }

  /// The name of the field, as the library says it in an error: `people[0].role`.
  public let path: String
  /// How it is filled in.
  public let kind: Kind
  /// What it is called.
  public let label: Phrase
  /// An example, or what to think of.
  public var hint: Phrase?
  /// What she typed.
  public var value = ""
  /// A day or a time as she reads it.
  public var shown: Phrase?
  /// What can be chosen.
  public var choices: [Choice] = []
  /// What is wrong with it.
  public var error: Phrase?
  /// A new element of a list begins here, and this is its name.
  public var heading: Phrase?
  /// Its path, for `remove`.
  public var element: String?
  /// Which group begins here: a group has no path.
  var number = 0

  /// The path; groups are numbered.
  public var id: String { path.isEmpty ? "group \(number)" : path }

  /// The choices that are chosen, as she reads them.
  public var chosen: Phrase { .row(choices.filter(\.chosen).map(\.label)) }

  /// Of its words, and of those among its choices, that a lawyer has yet to check.
  public var legal: Phrase? { kind == .add ? nil : legalNote(choices.map(\.label) + [label]) }
}
