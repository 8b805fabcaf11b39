import DiaryKit

/// Which incidents are meant, in the list and in an export.
struct Filter: Equatable {
  var from: Day?
  var to: Day?
  var behaviours: [String] = []
  var people: [String] = []

  var isActive: Bool { self != Filter() }

  @MainActor
  func state(_ session: Session, _ known: [KnownPerson]) -> FilterState {
    FilterState(
      from: from,
      to: to,
      fromText: from.map(dayPhrase) ?? .of(.filterAnyDay),
      toText: to.map(dayPhrase) ?? .of(.filterAnyDay),
      behaviours: session.choices("behaviours", behaviours),
      people: known.map {
        Choice(code: $0.key, label: .words($0.names.first ?? $0.key), chosen: people.contains($0.key))
      },
      active: isActive
    )
  }
}

extension Array where Element == String {
  /// Takes a code in, or out again.
  func toggled(_ code: String) -> [String] {
    contains(code) ? filter { $0 != code } : self + [code]
  }
}

/// A SHA-256 as it can be compared by eye: groups of eight.
func grouped(_ sha256: String) -> Phrase {
  var groups: [Substring] = []
  var rest = sha256[...]
  while !rest.isEmpty {
    groups.append(rest.prefix(8))
    rest = rest.dropFirst(8)
  }
  return .words(groups.joined(separator: " "))
}

/// Lines with their places in the list.
func numbered(_ lines: [(label: Phrase, value: Phrase)]) -> [Line] {
  lines.enumerated().map { Line(id: $0, label: $1.label, value: $1.value) }
}

/// How far work is; `nil` if nobody knows.
func percent(_ progress: WorkProgress) -> Int? {
  progress.total == 0 ? nil : Int(progress.fraction * 100)
}
