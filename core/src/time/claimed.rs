//! Times she writes down: a day, or a time of day with its offset, kept as entered.
//!
//! The form is RFC 3339 with `T` and `Z` in capitals; seconds may be left out, and so may the
//! whole time of day. A time always has an offset: where none was typed, the one that the system's
//! zone had at that time is added once, and never computed again (the rules of a zone change).

mod read;
mod span;

use std::fmt;
use std::ops::RangeInclusive;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, TimeZone, Timelike};

use super::LocalZone;

use self::read::{Parts, Time};
use self::span::Point;
pub(crate) use self::span::Span;
pub use self::span::TimeRange;

/// The first and the last year that a claimed time may have. Outside of them a time is a slip of
/// the keyboard.
pub const YEARS: RangeInclusive<i32> = 1900..=2199;

/// A claimed time: a whole day, or a time of day.
///
/// Two of them compare as the stretches of time that they name: `21:15` is a minute, `21:15:30` a
/// second, a date alone a day. A date alone has no offset, because it means the day as people
/// there counted it; against a time of day it is taken in that time's offset, against another date
/// by the calendar.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct When {
    text: String,
    point: Point,
}

impl When {
    /// Reads what was typed. A time without an offset gets the one that `zone` had then.
    ///
    /// # Errors
    /// [`TimeError`] names the rule.
    pub fn parse(text: &str, zone: &dyn LocalZone) -> Result<Self, TimeError> {
        let Parts { date, time } = Parts::read(text)?;
        let Some(time) = time else {
            return Ok(Self::on(text, date));
        };
        if let Some(offset) = time.offset {
            return Self::at(text.to_owned(), date, time, offset);
        }
        let local = date.and_time(time.clock);
        let offset = zone.offset_at(local).ok_or(TimeError::Skipped)?;
        // Before time zones, offsets had seconds, which RFC 3339 cannot write.
        let minutes = offset.local_minus_utc().div_euclid(60);
        let offset = FixedOffset::east_opt(minutes * 60).ok_or(TimeError::Offset)?;
        Self::at(format!("{text}{offset}"), date, time, offset)
    }

    /// Reads one that was stored: a time has its offset.
    ///
    /// # Errors
    /// [`TimeError`], also [`TimeError::NoOffset`].
    pub fn parse_stored(text: &str) -> Result<Self, TimeError> {
        let Parts { date, time } = Parts::read(text)?;
        let Some(time) = time else {
            return Ok(Self::on(text, date));
        };
        let offset = time.offset.ok_or(TimeError::NoOffset)?;
        Self::at(text.to_owned(), date, time, offset)
    }

    /// The day of what was typed, whatever the offset is.
    pub(crate) fn day_of(text: &str) -> Result<NaiveDate, TimeError> {
        Ok(Parts::read(text)?.date)
    }

    /// As it stands in the diary.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The day, as people there counted it.
    #[must_use]
    pub fn date(&self) -> NaiveDate {
        self.point.date()
    }

    /// Whether this is a date alone.
    #[must_use]
    pub fn is_day(&self) -> bool {
        matches!(self.point, Point::Day(_))
    }

    /// Whether this ended before the other began.
    #[must_use]
    pub fn is_before(&self, other: &Self) -> bool {
        self.point.is_before(other.point)
    }

    /// The stretch of time this names.
    pub(crate) fn span(&self) -> Span {
        Span {
            first: self.point,
            last: self.point,
        }
    }

    fn on(text: &str, date: NaiveDate) -> Self {
        Self {
            text: text.to_owned(),
            point: Point::Day(date),
        }
    }

    fn at(
        text: String,
        date: NaiveDate,
        time: Time,
        offset: FixedOffset,
    ) -> Result<Self, TimeError> {
        let first = offset.from_local_datetime(&date.and_time(time.clock));
        let point = Point::Moment {
            first: first.single().ok_or(TimeError::Date)?,
            length: time.length,
        };
        Ok(Self { text, point })
    }
}

impl From<DateTime<FixedOffset>> for When {
    /// A reading of the clock, to the second.
    fn from(at: DateTime<FixedOffset>) -> Self {
        let at = at.with_nanosecond(0).unwrap_or(at);
        Self {
            text: at.format("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            point: Point::Moment {
                first: at,
                length: TimeDelta::seconds(1),
            },
        }
    }
}

/// Why a text is no claimed time. Never holds the text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TimeError {
    /// Not of the form.
    Form,
    /// A year outside [`YEARS`].
    Year,
    /// No such day in the calendar.
    Date,
    /// No such time of day. A leap second is none either: no phone shows it.
    Clock,
    /// No such offset.
    Offset,
    /// A time of day without an offset, where one must have been stored.
    NoOffset,
    /// The clocks were set forward over this local time.
    Skipped,
    /// The end lies before the beginning.
    Order,
}

impl std::error::Error for TimeError {}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = (YEARS.start(), YEARS.end());
        match self {
            Self::Form => f.write_str(
                "not a date such as 2026-10-03 or a time such as 2026-10-03T21:15+05:00",
            ),
            Self::Year => write!(f, "the year must be from {first} to {last}"),
            Self::Date => f.write_str("there is no such day in the calendar"),
            Self::Clock => f.write_str("there is no such time of day: 00:00:00 to 23:59:59"),
            Self::Offset => f.write_str("there is no such offset: -23:59 to +23:59, or Z"),
            Self::NoOffset => f.write_str("a time needs its offset, such as +05:00"),
            Self::Skipped => f.write_str(
                "the clocks were set forward over this time: add the offset, such as +05:00",
            ),
            Self::Order => f.write_str("ends before it begins: exchange the two times"),
        }
    }
}

/// A zone for the tests of everything that reads claimed times.
#[cfg(test)]
pub(crate) mod test_zone {
    use chrono::NaiveDateTime;

    use super::*;

    /// As Almaty, which went from +06:00 to +05:00 on 2024-03-01; the hour before happened twice.
    /// It also skips the first hour of 2005-03-27.
    pub(crate) struct Almaty;

    impl LocalZone for Almaty {
        fn offset_at(&self, local: NaiveDateTime) -> Option<FixedOffset> {
            let local = local.to_string();
            if local.starts_with("2005-03-27 00") {
                return None;
            }
            let seconds = match local.as_str() {
                old if old < "1924-05-02" => 18_468,
                old if old < "2024-03-01" => 21_600,
                _ => 18_000,
            };
            FixedOffset::east_opt(seconds)
        }
    }

    pub(crate) fn when(text: &str) -> When {
        When::parse(text, &Almaty).unwrap()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::test_zone::{Almaty, when};
    use super::*;

    #[test]
    fn keeps_what_has_an_offset_as_entered() {
        for text in [
            "2026-10-03",
            "2026-10-03T21:15+05:00",
            "2026-10-03T21:15:30Z",
            "2026-10-03T21:15:30.120-03:30",
            "2026-10-03T21:15:30.123456789+00:00",
            "2024-02-29T00:00Z",
            "1900-01-01",
            "2199-12-31T23:59:59Z",
        ] {
            assert_eq!(when(text).as_str(), text);
            assert_eq!(When::parse_stored(text), Ok(when(text)));
        }
    }

    #[test]
    fn adds_the_offset_of_that_time() {
        for (typed, stored) in [
            ("2026-10-03T21:15", "2026-10-03T21:15+05:00"),
            ("2024-02-29T22:15:01", "2024-02-29T22:15:01+06:00"),
            ("2024-02-29T23:15:01.5", "2024-02-29T23:15:01.5+06:00"),
            ("1910-01-01T00:00", "1910-01-01T00:00+05:07"),
        ] {
            assert_eq!(when(typed).as_str(), stored);
            assert_eq!(When::parse_stored(typed), Err(TimeError::NoOffset));
            assert_eq!(When::parse_stored(stored), Ok(when(typed)));
        }
        let skipped = When::parse("2005-03-27T00:30", &Almaty);
        assert_eq!(skipped, Err(TimeError::Skipped));
    }

    #[test]
    fn refuses_with_the_rule() {
        for (text, rule) in [
            ("", TimeError::Form),
            ("yesterday", TimeError::Form),
            ("2026-10", TimeError::Form),
            ("2026-10-3", TimeError::Form),
            ("2026-10-03T", TimeError::Form),
            ("2026-10-03T21", TimeError::Form),
            ("2026-10-03 21:15", TimeError::Form),
            ("2026-10-03t21:15z", TimeError::Form),
            ("2026-10-03T21:15:", TimeError::Form),
            ("2026-10-03T21:15:30.", TimeError::Form),
            ("2026-10-03T21:15:30.1234567890Z", TimeError::Form),
            ("2026-10-03T21:15+0500", TimeError::Form),
            ("2026-10-03T21:15+05:00 ", TimeError::Form),
            ("2026-10-03Z", TimeError::Form),
            ("２026-10-03", TimeError::Form),
            ("+2026-10-03", TimeError::Form),
            ("0000-01-01", TimeError::Year),
            ("1899-12-31", TimeError::Year),
            ("2200-01-01T00:00Z", TimeError::Year),
            ("2026-13-01", TimeError::Date),
            ("2026-02-29", TimeError::Date),
            ("2026-04-00", TimeError::Date),
            ("2026-10-03T24:00", TimeError::Clock),
            ("2026-10-03T21:60", TimeError::Clock),
            ("2026-12-31T23:59:60Z", TimeError::Clock),
            ("2026-10-03T21:15+24:00", TimeError::Offset),
            ("2026-10-03T21:15-05:60", TimeError::Offset),
        ] {
            assert_eq!(When::parse(text, &Almaty), Err(rule), "{text}");
        }
    }

    #[test]
    fn a_clock_reading_is_told_to_the_second() {
        let at = DateTime::parse_from_rfc3339("2026-11-21T10:00:05.9+05:00").unwrap();
        assert_eq!(When::from(at), when("2026-11-21T10:00:05+05:00"));
    }

    #[test]
    fn before_means_ended_before_the_other_began() {
        for (first, second) in [
            ("2026-10-03", "2026-10-04"),
            ("2026-10-03T21:15+05:00", "2026-10-03T21:16+05:00"),
            ("2026-10-03T21:15:29Z", "2026-10-03T21:15:30Z"),
            ("2026-10-03T21:15:29.1Z", "2026-10-03T21:15:29.2Z"),
            // 20:15Z, although the clock on the wall showed more.
            ("2026-10-04T01:15+05:00", "2026-10-03T21:15Z"),
            // A date alone is the day in the offset of the other side.
            ("2026-10-03", "2026-10-04T00:00+05:00"),
            ("2026-10-03T23:59+05:00", "2026-10-04"),
        ] {
            assert!(when(first).is_before(&when(second)), "{first} {second}");
            assert!(!when(second).is_before(&when(first)), "{second} {first}");
        }
        for (one, other) in [
            ("2026-10-03", "2026-10-03T00:00+05:00"),
            ("2026-10-03T23:59:59-11:00", "2026-10-03"),
            ("2026-10-03T21:15Z", "2026-10-03T21:15:59Z"),
            ("2026-10-03T21:15:30Z", "2026-10-03T21:15:30.999Z"),
            ("2026-10-03T21:15+05:00", "2026-10-03T16:15Z"),
        ] {
            assert!(!when(one).is_before(&when(other)), "{one} {other}");
            assert!(!when(other).is_before(&when(one)), "{other} {one}");
        }
    }

    proptest! {
        #[test]
        fn reads_any_text_without_panic(text in "[-+:.TZ0-9]{0,40}") {
            if let Ok(read) = When::parse(&text, &Almaty) {
                prop_assert_eq!(When::parse_stored(read.as_str()), Ok(read));
            }
        }

        #[test]
        fn at_most_one_of_two_is_before_the_other(
            one in 0i64..9_000_000_000, other in 0i64..9_000_000_000, hours in -12i32..14,
        ) {
            let at = |seconds, offset| When::from(
                DateTime::from_timestamp(seconds - 2_000_000_000, 0)
                    .unwrap()
                    .with_timezone(&FixedOffset::east_opt(offset).unwrap()),
            );
            let (a, b) = (at(one, hours * 3600), at(other, 0));
            prop_assert_eq!(a.is_before(&b), one < other);
            prop_assert_eq!(b.is_before(&a), other < one);
        }
    }
}
