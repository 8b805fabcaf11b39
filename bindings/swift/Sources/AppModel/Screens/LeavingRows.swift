import DiaryKit

/// What leaves of a file of the incident with this number, in words.
func leavingRow(_ file: EvidenceItem, of number: UInt32, _ leaving: Leaving) -> LeavingRow {
  let isOriginal = leaving == .original
  let change: TextKey? =
    switch leaving {
    case .original: .leavingKeepOriginal
    case .withheld, .hashOnly(noCopy: .damaged): nil
    case .copy, .hashOnly: .leavingTakeOriginal
    }
  var said: [(label: Phrase, value: Phrase)] = []
  if leaving != .withheld {
    if let how = file.how { said.append((.of(.labelEvidenceHow), .label("how.\(how)"))) }
    if let note = file.note { said.append((.of(.attachNote), .words(note))) }
  }
  return LeavingRow(
    id: file.id,
    name: fileName(file.name),
    about: .row([.of(.listNumber, [.words(String(number))]), sizePhrase(file.bytes)]),
    lines: numbered(said),
    leaving: .of(leavingKey(leaving)),
    isOriginal: isOriginal,
    change: change.map { .of($0) }
  )
}

private func leavingKey(_ leaving: Leaving) -> TextKey {
  switch leaving {
  case .withheld: .leavingWithheld
  case .original: .leavingOriginal
  case .copy: .leavingCopy
  case .hashOnly(noCopy: nil): .leavingHash
  case .hashOnly(noCopy: .damaged): .leavingDamaged
  case .hashOnly: .leavingNoCopy
  }
}

extension Leaving {
  /// Its stored file is missing or damaged.
  var isDamaged: Bool {
    if case .hashOnly(noCopy: .damaged) = self { true } else { false }
  }
}

/// The name of a file as it is shown: it comes from others, and must not look like another one.
func fileName(_ name: String) -> Phrase { .words((try? escapeForDisplay(text: name)) ?? "") }
