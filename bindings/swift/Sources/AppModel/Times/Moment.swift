import Foundation

/// A day of the calendar, as people there counted it: no zone, no time.
public struct Day: Comparable, Hashable, Sendable {
  /// The year, such as 2026.
  public let year: Int
  /// 1 to 12.
  public let month: Int
  /// 1 to 31.
  public let day: Int

  /// `nil` if the calendar has no such day.
  public init?(year: Int, month: Int, day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1 else { return nil }
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard day <= lengths[month - 1] else { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  /// Reads `2026-10-03`; `nil` for anything else.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, [4, 2, 2] == parts.map(\.utf8.count),
      let year = number(parts[0]), let month = number(parts[1]), let day = number(parts[2])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// The form that the library reads.
  public var written: String { "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))" }

  /// In order of the calendar.
  public static func < (left: Day, right: Day) -> Bool {
    (left.year, left.month, left.day) < (right.year, right.month, right.day)
  }
}

extension Day {
  /// Noon of that day on this device, for a picker of the system.
  public var asDate: Date {
    Calendar(identifier: .gregorian).date(from: DateComponents(year: year, month: month, day: day, hour: 12)) ?? Date()
  }

  /// The day that a picker of the system shows.
  public init?(asDate date: Date) {
    let parts = Calendar(identifier: .gregorian).dateComponents([.year, .month, .day], from: date)
    self.init(year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0)
  }
}

/// A time of day, to the minute.
public struct TimeOfDay: Hashable, Sendable {
  /// 0 to 23.
  public let hour: Int
  /// 0 to 59.
  public let minute: Int

  /// `nil` if there is no such time.
  public init?(hour: Int, minute: Int) {
    guard (0...23).contains(hour), (0...59).contains(minute) else { return nil }
    self.hour = hour
    self.minute = minute
  }

  /// Reads `21:15`, with seconds that are left aside; `nil` for anything else.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count >= 2, parts[0].utf8.count == 2, parts[1].utf8.count == 2,
      let hour = number(parts[0]), let minute = number(parts[1])
    else { return nil }
    self.init(hour: hour, minute: minute)
  }

  /// `21:15`, as she reads it and as the library does.
  public var written: String { "\(padded(hour, 2)):\(padded(minute, 2))" }
}

/// A claimed time as the library writes it: a day, or a day and a time with the offset it was written with. No time is
/// ever moved to another zone: Kazakhstan changed its zone in 2024, and a device with old rules would shift it.
struct Moment: Hashable, Sendable {
  let day: Day
  let clock: TimeOfDay?
  /// East of UTC in seconds.
  let offset: Int?

  init(day: Day, clock: TimeOfDay?, offset: Int?) {
    self.day = day
    self.clock = clock
    self.offset = offset
  }

  /// Reads `2026-10-03` and RFC 3339, seconds and offset optional; `nil` for anything else.
  init?(_ text: String) {
    let parts = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let day = Day(first) else { return nil }
    guard parts.count == 2 else {
      self.init(day: day, clock: nil, offset: nil)
      return
    }
    var time = parts[1]
    var offset: Int?
    if time.hasSuffix("Z") {
      offset = 0
      time.removeLast()
    } else if let sign = time.lastIndex(where: { $0 == "+" || $0 == "-" }) {
      guard let apart = TimeOfDay(time[time.index(after: sign)...]) else { return nil }
      offset = (apart.hour * 60 + apart.minute) * 60 * (time[sign] == "-" ? -1 : 1)
      time = time[..<sign]
    }
    guard let clock = TimeOfDay(time) else { return nil }
    self.init(day: day, clock: clock, offset: offset)
  }

  /// When that was in a zone, by the offset that the zone had then and not by the one of today.
  init(unixMilliseconds: Int64, offset: Int) {
    let (days, seconds) = floorDivide(Int(unixMilliseconds / 1000) + offset, 86_400)
    self.init(
      day: Day(sinceEpoch: days),
      clock: TimeOfDay(hour: seconds / 3600, minute: seconds % 3600 / 60),
      offset: offset
    )
  }

  /// That instant, as the zone counted it.
  init(_ date: Date, in zone: TimeZone) {
    let milliseconds = Int64((date.timeIntervalSince1970 * 1000).rounded(.down))
    self.init(unixMilliseconds: milliseconds, offset: zone.secondsFromGMT(for: date))
  }

  /// That day and time, with the offset that the zone had then.
  init(day: Day, clock: TimeOfDay, in zone: TimeZone) {
    let local = Double(day.sinceEpoch * 86_400 + clock.hour * 3600 + clock.minute * 60)
    var offset = 0
    // The second look is for a time near a change of the clocks.
    for _ in 0..<3 { offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: local - Double(offset))) }
    self.init(day: day, clock: clock, offset: offset)
  }

  /// The form that the library reads.
  var written: String {
    guard let clock else { return day.written }
    return "\(day.written)T\(clock.written)\(offset.map(offsetText) ?? "")"
  }

  /// Whether the zone had this offset then, or none is said.
  func isUsual(in zone: TimeZone) -> Bool {
    guard let clock, let offset else { return true }
    let seconds = day.sinceEpoch * 86_400 + clock.hour * 3600 + clock.minute * 60 - offset
    return zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(seconds))) == offset
  }
}

/// `+05:00`.
func offsetText(_ seconds: Int) -> String {
  let minutes = abs(seconds) / 60
  return "\(seconds < 0 ? "-" : "+")\(padded(minutes / 60, 2)):\(padded(minutes % 60, 2))"
}

extension Day {
  /// Days since 1970-01-01, in the calendar that Gregory's rules extend both ways (Hinnant, days_from_civil).
  var sinceEpoch: Int {
    let shifted = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = floorDivide(shifted, 400)
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// The inverse; every whole number is some day.
  init(sinceEpoch days: Int) {
    let (era, dayOfEra) = floorDivide(days + 719_468, 146_097)
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    month = (shifted + 2) % 12 + 1
    day = dayOfYear - (153 * shifted + 2) / 5 + 1
    year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
  }
}

private func number(_ digits: some StringProtocol) -> Int? {
  digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(digits) : nil
}

private func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

private func floorDivide(_ number: Int, _ by: Int) -> (quotient: Int, remainder: Int) {
  let remainder = ((number % by) + by) % by
  return ((number - remainder) / by, remainder)
}
