import Foundation

/// What a form holds: a value for each path, such as `people[0].role`. What is not filled in is not there. Chosen codes
/// of a list stand in one value, with spaces between them.
struct FormValues: Equatable, Unprintable {
  private(set) var values: [String: String] = [:]

  /// Ends the path that remembers an element to which nothing was written yet.
  private static let open = ".open"

  subscript(path: String) -> String {
    get { values[path] ?? "" }
    set { values[path] = newValue.isEmpty ? nil : newValue }
  }

  /// A value that is more than spaces.
  func text(_ path: String) -> String? {
    let value = self[path]
    return value.allSatisfy(\.isWhitespace) ? nil : value
  }

  /// Chosen codes.
  func codes(_ path: String) -> [String] {
    self[path].split(separator: " ").map(String.init)
  }

  /// How many elements a list has.
  func count(_ list: String) -> Int {
    (values.keys.compactMap { index(of: $0, in: list) }.max() ?? -1) + 1
  }

  /// Adds an empty element.
  mutating func add(_ list: String) {
    values["\(list)[\(count(list))]\(Self.open)"] = "1"
  }

  /// Takes an element away; those after it move up.
  mutating func remove(_ list: String, _ element: Int) {
    var moved: [String: String] = [:]
    for (path, value) in values {
      switch index(of: path, in: list) {
      case .some(element): continue
      case .some(let at) where at > element:
        moved["\(list)[\(at - 1)]\(path.dropFirst("\(list)[\(at)]".count))"] = value
      default: moved[path] = value
      }
    }
    values = moved
  }

  /// Something in this element was filled in.
  func isFilled(_ element: String) -> Bool {
    values.contains {
      $0.key.hasPrefix(element) && !$0.key.hasSuffix(Self.open) && !$0.value.allSatisfy(\.isWhitespace)
    }
  }

  /// The paths of the elements of a list in which something was filled in.
  func elements(_ list: String) -> [String] {
    (0..<count(list)).map { "\(list)[\($0)]" }.filter(isFilled)
  }

  /// For a draft: a line for each value, the same as on Android.
  func encoded() -> String {
    values.sorted { $0.key < $1.key }.map { "\($0.key)\t\(escaped($0.value))" }.joined(separator: "\n")
  }

  /// From `encoded`; a line that is none is passed over.
  init(decoding text: String) {
    for line in text.unicodeScalars.split(separator: "\n") {
      let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
      if parts.count == 2 { values[String(parts[0])] = unescaped(parts[1]) }
    }
  }

  init() {}

  /// The index that a path has in this list; `nil` if it is not in it.
  private func index(of path: String, in list: String) -> Int? {
    guard path.hasPrefix("\(list)[") else { return nil }
    return Int(path.dropFirst(list.count + 1).prefix { $0 != "]" })
  }
}

// Scalar by scalar: a backslash or an `n` may be one character with the accent that follows it.

private func escaped(_ value: String) -> String {
  var text = String.UnicodeScalarView()
  for scalar in value.unicodeScalars {
    switch scalar {
    case "\\": text.append(contentsOf: "\\\\".unicodeScalars)
    case "\n": text.append(contentsOf: "\\n".unicodeScalars)
    case "\t": text.append(contentsOf: "\\t".unicodeScalars)
    default: text.append(scalar)
    }
  }
  return String(text)
}

private func unescaped(_ value: Substring.UnicodeScalarView) -> String {
  var text = String.UnicodeScalarView()
  var escaping = false
  for scalar in value {
    if !escaping, scalar == "\\" {
      escaping = true
      continue
    }
    switch (escaping, scalar) {
    case (true, "n"): text.append("\n")
    case (true, "t"): text.append("\t")
    default: text.append(scalar)
    }
    escaping = false
  }
  return String(text)
}
