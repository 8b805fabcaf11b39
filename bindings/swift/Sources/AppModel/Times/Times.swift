import DiaryKit
import Foundation

/// When it happened, as precisely as she knows it. The offset stands beside a time only where it is not that of the
/// device at that time.
func occurredPhrase(_ occurred: Occurred, in zone: TimeZone) -> Phrase {
  guard let start = occurred.from.flatMap({ Moment($0) }) else {
    return occurred.words.map(Phrase.words) ?? .of(.timeUnknown)
  }
  let first = known(start, occurred.precision, in: zone)
  let span: Phrase =
    switch occurred.to.flatMap({ Moment($0) }) {
    case .none: first
    case .some(let end) where end.day == start.day && end.clock != nil:
      .of(.timeSpan, [first, .words(end.clock?.written ?? "")])
    case .some(let end): .of(.timeSpan, [first, known(end, occurred.precision, in: zone)])
    }
  return occurred.precision == "about" ? .of(.timeAbout, [span]) : span
}

/// When an entry was written, by the clock of the device.
func writtenPhrase(_ time: RecordedTime, in zone: TimeZone) -> Phrase {
  known(Moment(unixMilliseconds: time.unixMs, offset: Int(time.utcOffsetSeconds)), "exact", in: zone)
}

/// A day as she reads it.
func dayPhrase(_ day: Day) -> Phrase {
  .of(.date, [.words(String(day.day)), .of(months[day.month - 1]), .words(String(day.year))])
}

/// A size as she reads it.
func sizePhrase(_ bytes: UInt64) -> Phrase {
  let kib: UInt64 = 1024
  let mib = kib * kib
  return switch bytes {
  case ..<kib: .of(.sizeBytes, [.words(String(bytes))])
  case ..<mib: .of(.sizeKib, [.words(String((bytes + kib / 2) / kib))])
  default: .of(.sizeMib, [.words(String(bytes / mib + (bytes % mib >= mib / 2 ? 1 : 0)))])
  }
}

private func known(_ moment: Moment, _ precision: String?, in zone: TimeZone) -> Phrase {
  let day = moment.day
  guard precision != "year" else { return .of(.dateYear, [.words(String(day.year))]) }
  guard precision != "month" else {
    return .of(.dateMonth, [.of(monthsAlone[day.month - 1]), .words(String(day.year))])
  }
  guard precision != "day", let clock = moment.clock else { return dayPhrase(day) }
  let plain = Phrase.of(.dateTime, [dayPhrase(day), .words(clock.written)])
  guard let offset = moment.offset, !moment.isUsual(in: zone) else { return plain }
  return .of(.timeOffset, [plain, .words(offsetText(offset))])
}

private let months = TextKey.allCases.filter { $0.rawValue.hasPrefix("month_") }
private let monthsAlone = TextKey.allCases.filter { $0.rawValue.hasPrefix("monthalone_") }
