import DiaryKit
import Foundation

/// A language of the app and of the reports.
public enum Language: String, CaseIterable, Sendable {
  /// Kazakh.
  case kk
  /// Russian.
  case ru
  /// English, from which the others are translated.
  case en

  /// The first of the wanted ones that the app has: `kk-KZ` is Kazakh. English otherwise.
  public init(preferred: [String]) {
    let known = preferred.lazy.compactMap { tag in Language(rawValue: String(tag.prefix { $0 != "-" && $0 != "_" })) }
    self = known.first ?? .en
  }
}

/// The words of phrases in one language: the texts of the app, and what the library calls fields and codes.
public struct Strings: Sendable {
  /// The language.
  public let language: Language
  private let texts: [String: String]
  private let labels: [String: String]

  /// Reads them from the app's resources and from the library.
  public init(_ language: Language) {
    self.language = language
    texts = Self.resources(language)
    labels = (try? DiaryCore.labels(language: language.rawValue)) ?? [:]
  }

  /// The words of a text, with its places for values.
  public func text(_ key: TextKey) -> String {
    texts[key.rawValue] ?? key.rawValue
  }

  /// The words of a phrase.
  public func read(_ phrase: Phrase) -> String {
    switch phrase {
    case .of(let key, let values): fill(text(key), with: values.map(read))
    case .label(let path): ownLabels[path].map(text) ?? labels[path] ?? path
    case .words(let words): words
    case .row(let parts, let between): parts.map(read).joined(separator: between)
    }
  }

  /// Whether a text is there; a test asks for every one.
  func has(_ key: TextKey) -> Bool {
    texts[key.rawValue]?.isEmpty == false
  }

  /// A table of Xcode's form, also where it was compiled to a property list.
  private static func resources(_ language: Language) -> [String: String] {
    guard
      let file = Bundle.module.url(
        forResource: "Localizable",
        withExtension: "strings",
        subdirectory: nil,
        localization: language.rawValue
      ),
      let data = try? Data(contentsOf: file),
      let table = try? PropertyListSerialization.propertyList(from: data, format: nil)
    else { return [:] }
    return table as? [String: String] ?? [:]
  }
}

/// Puts the values into one pass over the pattern: what a value holds is never read as a pattern.
private func fill(_ pattern: String, with values: [String]) -> String {
  var filled = ""
  var rest = pattern[...]
  while let percent = rest.firstIndex(of: "%") {
    filled += rest[..<percent]
    let place = rest[percent...].prefix(4)
    if place.count == 4, place.hasSuffix("$@"), let number = place.dropFirst().first?.wholeNumberValue {
      filled += values.indices.contains(number - 1) ? values[number - 1] : ""
      rest = rest[place.endIndex...]
    } else {
      filled.append("%")
      rest = rest[rest.index(after: percent)...]
    }
  }
  return filled + rest
}
