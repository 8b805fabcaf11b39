/// What a view shows, before it has words: a change of language needs no new state.
public indirect enum Phrase: Equatable, Sendable {
  /// A text of the app, with what stands in for `%1$@`, `%2$@` and so on.
  case of(TextKey, [Phrase] = [])
  /// A field or a code as the library calls it, the same as in the report: `field.place`, `behaviours.calls`.
  case label(String)
  /// Words that stand as they are: hers, a file's name, a number.
  case words(String)
  /// Phrases in a row.
  case row([Phrase], between: String = ", ")
}

extension Phrase {
  /// All of them, one below the other; nothing where there is none.
  static func lines(_ phrases: [Phrase]) -> Phrase? {
    phrases.count > 1 ? .row(phrases, between: "\n") : phrases.first
  }
}

/// Never prints her words: a phrase in a log, or in a failed test, is only named.
extension Phrase: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The names of texts, and how long her words are.
  public var description: String {
    switch self {
    case .of(let key, let values): "\(key.rawValue)(\(values.map(\.description).joined(separator: ", ")))"
    case .label(let path): path
    case .words(let words): "words(\(words.count))"
    case .row(let parts, _): parts.map(\.description).joined(separator: " ")
    }
  }

  /// The same.
  public var debugDescription: String { description }

  /// Shows nothing of what is in it.
  public var customMirror: Mirror { Mirror(self, children: []) }
}
