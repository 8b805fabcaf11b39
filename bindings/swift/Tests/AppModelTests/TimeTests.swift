import DiaryKit
import Foundation
import Testing

@testable import AppModel

@Suite("Times as she reads them")
struct TimeTests {
  private let almaty = TimeZone(secondsFromGMT: 5 * 3600) ?? .gmt
  private let strings = Strings(.en)

  private func read(_ from: String?, to: String? = nil, _ precision: String? = nil, words: String? = nil) -> String {
    strings.read(
      occurredPhrase(Occurred(from: from, to: to, precision: precision, words: words), in: almaty)
    )
  }

  @Test func asPreciselyAsSheKnows() {
    #expect(read("2026-10-03T21:15+05:00") == "3 October 2026, 21:15")
    #expect(read("2026-10-03T21:15:30.5+05:00") == "3 October 2026, 21:15")
    #expect(read("2026-10-03") == "3 October 2026")
    #expect(read("2026-10-03T21:15+05:00", "day") == "3 October 2026")
    #expect(read("2026-10-01", "month") == "October 2026")
    #expect(read("2026-01-01", "year") == "2026")
    #expect(read("2026-10-03T21:15+05:00", "about") == "about 3 October 2026, 21:15")
    #expect(read(nil, "unknown") == "time not known")
    #expect(read(nil, "unknown", words: "өткен қыста") == "өткен қыста")
  }

  @Test func aSpanSaysTheDayOnce() {
    #expect(read("2026-10-03T21:15+05:00", to: "2026-10-03T22:00+05:00") == "3 October 2026, 21:15 – 22:00")
    #expect(
      read("2026-10-03T21:15+05:00", to: "2026-10-04T02:00+05:00")
        == "3 October 2026, 21:15 – 4 October 2026, 02:00"
    )
  }

  @Test func anotherOffsetIsSaidAndNothingIsMoved() {
    #expect(read("2026-10-03T21:15+06:00") == "3 October 2026, 21:15 (UTC+06:00)")
    #expect(read("2026-10-03T21:15Z") == "3 October 2026, 21:15 (UTC+00:00)")
  }

  @Test func anOffsetIsThatOfItsTimeAndNotOfToday() throws {
    // Almaty had summer time until 2004. That it went to +05:00 in 2024 not every system knows.
    let zone = try #require(TimeZone(identifier: "Asia/Almaty"))
    #expect(try #require(Moment("2004-07-01T10:00+07:00")).isUsual(in: zone))
    #expect(try #require(Moment("2004-12-01T10:00+06:00")).isUsual(in: zone))
    #expect(try #require(Moment("2004-12-01T10:00+07:00")).isUsual(in: zone) == false)
  }

  @Test func whenItWasWritten() {
    let time = RecordedTime(unixMs: 1_791_044_130_000, utcOffsetSeconds: 18_000)
    #expect(strings.read(writtenPhrase(time, in: almaty)) == "3 October 2026, 21:15")
  }

  @Test(arguments: ["0001-01-01", "1582-10-20", "2004-02-29", "2026-03-29", "2026-10-03", "9999-12-31"])
  func aDayComesBackFromThePickerAsItWas(_ written: String) throws {
    let day = try #require(Day(written))
    #expect(Day(asDate: day.asDate) == day)
    // Whatever time of that day the picker gives.
    for hours in [-11, 11] { #expect(Day(asDate: day.asDate + TimeInterval(hours * 3600)) == day) }
  }

  @Test @MainActor func todayIsByTheClockThatTheAppWasGiven() throws {
    #expect(try Rig().app.today == Day("2026-10-03"))
  }

  @Test func inThreeLanguages() throws {
    let day = try #require(Day("2026-10-03"))
    #expect(Strings(.ru).read(dayPhrase(day)) == "3 октября 2026")
    #expect(Strings(.kk).read(dayPhrase(day)).contains("қазан"))
  }

  @Test func onlyDaysOfTheCalendarAreDays() {
    #expect(Day("2026-02-29") == nil)
    #expect(Day("2028-02-29")?.written == "2028-02-29")
    for text in ["", "2026-1-1", "2026-13-01", "2026-00-10", "2026-10-32", "+026-10-03", "2026-10-03x", "٢٠٢٦-10-03"] {
      #expect(Day(text) == nil, "\(text)")
    }
    for text in ["2026-10-03T", "2026-10-03T25:00+05:00", "2026-10-03T9:00", "2026-10-03 10:00", "2026-10-03T10:00+5"] {
      #expect(Moment(text) == nil, "\(text)")
    }
  }

  @Test func daysCountAsFoundationCounts() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    for offset in stride(from: -25_000, through: 80_000, by: 37) {
      let day = Day(sinceEpoch: offset)
      let parts = calendar.dateComponents(
        [.year, .month, .day],
        from: Date(timeIntervalSince1970: Double(offset) * 86_400)
      )
      #expect([day.year, day.month, day.day] == [parts.year, parts.month, parts.day])
      #expect(day.sinceEpoch == offset)
    }
  }

  @Test func sizes() {
    #expect(strings.read(sizePhrase(1023)) == "1023 bytes")
    #expect(strings.read(sizePhrase(1536)) == "2 KB")
    #expect(strings.read(sizePhrase(3 << 20)) == "3 MB")
    #expect(strings.read(sizePhrase(.max)).hasSuffix("MB"))
  }
}
