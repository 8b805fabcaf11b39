import DiaryKit

/// Names, once each, those of these labels whose words have a meaning in law that no lawyer has checked yet; `nil` if there
/// is none. The reports say the same of them.
func legalNote(_ phrases: [Phrase]) -> Phrase? {
  var named: [String] = []
  for label in phrases.flatMap(labels) where unchecked.contains(label) && !named.contains(label) { named.append(label) }
  return named.isEmpty ? nil : .of(.labelToCheck, [.row(named.map { .label($0) })])
}

func labels(in phrase: Phrase) -> [String] {
  switch phrase {
  case .label(let path): [path]
  case .of(_, let parts), .row(let parts, _): parts.flatMap(labels)
  case .words: []
  }
}

private let unchecked = Set((try? labelsToBeChecked()) ?? [])
