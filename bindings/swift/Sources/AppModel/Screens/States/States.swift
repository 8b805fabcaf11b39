import Foundation

// What each screen shows: the same states, by the same names, as on Android. A state is whole: a view that draws it
// needs nothing else, decides nothing and formats nothing. `error` is what went wrong last, in words for her; it goes
// away with the next thing she does.

/// Holds her words, or what opens the diary: it prints as its name, in a log and in a failed test.
public protocol Unprintable: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {}

extension Unprintable {
  /// The name of the type.
  public var description: String { "\(Self.self)" }

  /// The same.
  public var debugDescription: String { description }

  /// Shows nothing of what is in it.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// One thing to choose.
public struct Choice: Equatable, Identifiable, Sendable, Unprintable {
  /// What the library calls it.
  public let code: String
  /// What she reads.
  public let label: Phrase
  /// Whether it is chosen.
  public var chosen: Bool

  /// The code.
  public var id: String { code }
}

/// A name and what stands under it.
public struct Line: Equatable, Identifiable, Sendable {
  /// Its place among the lines of its list.
  public let id: Int
  /// The name.
  public let label: Phrase
  /// What stands under it.
  public let value: Phrase
  /// It is made to be compared or passed on, as a code is. Her words are not: what is copied, other apps can read.
  public var canCopy = false
}

/// How far long work is.
public struct ProgressState: Equatable, Sendable {
  /// In words.
  public let text: Phrase
  /// 0 to 100, or `nil` if nobody knows.
  public let percent: Int?
}
