//! How claimed times compare.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, TimeDelta, Timelike};

use super::{TimeError, When};

/// A choice of times, both ends in; an end that is not given is open.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct TimeRange {
    from: Option<When>,
    to: Option<When>,
}

impl TimeRange {
    /// Everything from the beginning of `from` to the end of `to`.
    ///
    /// # Errors
    /// [`TimeError::Order`] if `to` ends before `from` begins.
    pub fn new(from: Option<When>, to: Option<When>) -> Result<Self, TimeError> {
        if let (Some(from), Some(to)) = (&from, &to)
            && to.is_before(from)
        {
            return Err(TimeError::Order);
        }
        Ok(Self { from, to })
    }

    /// Where it begins.
    #[must_use]
    pub fn from(&self) -> Option<&When> {
        self.from.as_ref()
    }

    /// Where it ends.
    #[must_use]
    pub fn to(&self) -> Option<&When> {
        self.to.as_ref()
    }

    /// Whether both ends are open, so that nothing was chosen by time.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    /// Whether at least a part of the span lies within.
    pub(crate) fn touches(&self, span: Span) -> bool {
        let ended = self
            .from()
            .is_some_and(|from| span.last.is_before(from.point));
        let not_begun = self.to().is_some_and(|to| to.point.is_before(span.first));
        !ended && !not_begun
    }
}

/// The first and the last thing that a claim may mean: the whole of `first`, the whole of `last`
/// and what lies between.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Span {
    pub(super) first: Point,
    pub(super) last: Point,
}

impl Span {
    /// From the beginning of this one to the end of the other.
    pub(crate) fn until(self, other: Self) -> Self {
        Self {
            first: self.first,
            last: other.last,
        }
    }

    /// The whole local hours that this touches; a date alone stays.
    pub(crate) fn hours(self) -> Self {
        self.map(|point| match point {
            Point::Day(_) => point,
            Point::Moment { first, .. } => Point::Moment {
                first: first
                    .with_minute(0)
                    .and_then(|at| at.with_second(0))
                    .and_then(|at| at.with_nanosecond(0))
                    .unwrap_or(first),
                length: TimeDelta::hours(1),
            },
        })
    }

    /// The whole days that this touches.
    pub(crate) fn days(self) -> Self {
        self.map(|point| Point::Day(point.date()))
    }

    /// The whole months that this touches.
    pub(crate) fn months(self) -> Self {
        let (first, last) = (self.first.date(), self.last.date());
        let next = match last.month() {
            12 => NaiveDate::from_ymd_opt(last.year() + 1, 1, 1),
            month => NaiveDate::from_ymd_opt(last.year(), month + 1, 1),
        };
        Self {
            first: Point::Day(first.with_day(1).unwrap_or(first)),
            last: Point::Day(next.and_then(|day| day.pred_opt()).unwrap_or(last)),
        }
    }

    /// The whole years that this touches.
    pub(crate) fn years(self) -> Self {
        let (first, last) = (self.first.date(), self.last.date());
        Self {
            first: Point::Day(first.with_ordinal(1).unwrap_or(first)),
            last: Point::Day(NaiveDate::from_ymd_opt(last.year(), 12, 31).unwrap_or(last)),
        }
    }

    fn map(self, change: impl Fn(Point) -> Point) -> Self {
        Self {
            first: change(self.first),
            last: change(self.last),
        }
    }
}

/// One written time and how long the unit is that it was written in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Point {
    Day(NaiveDate),
    Moment {
        first: DateTime<FixedOffset>,
        length: TimeDelta,
    },
}

impl Point {
    pub(super) fn date(self) -> NaiveDate {
        match self {
            Self::Day(date) => date,
            Self::Moment { first, .. } => first.date_naive(),
        }
    }

    pub(super) fn is_before(self, other: Self) -> bool {
        match (self, other) {
            (Self::Moment { first, length }, Self::Moment { first: other, .. }) => {
                let end = first.checked_add_signed(length);
                first < other && end.is_some_and(|end| end <= other)
            }
            _ => self.date() < other.date(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::test_zone::when;
    use super::*;

    fn touches(from: &str, to: &str, span: Span) -> bool {
        let end = |text: &str| (!text.is_empty()).then(|| when(text));
        TimeRange::new(end(from), end(to)).unwrap().touches(span)
    }

    #[test]
    fn a_range_has_both_ends_in() {
        let evening = when("2026-10-03T21:15+05:00")
            .span()
            .until(when("2026-10-04T01:00+05:00").span());
        for (from, to) in [
            ("", ""),
            ("2026-10-03", "2026-10-03"),
            ("2026-10-04", "2026-10-04"),
            ("2026-10-04T01:00:59+05:00", ""),
            ("", "2026-10-03T21:15+05:00"),
            ("2026-10-03T22:00+05:00", "2026-10-03T23:00+05:00"),
        ] {
            assert!(touches(from, to, evening), "{from} {to}");
        }
        for (from, to) in [
            ("2026-10-05", ""),
            ("", "2026-10-02"),
            ("2026-10-04T01:01+05:00", ""),
            ("", "2026-10-03T21:14+05:00"),
        ] {
            assert!(!touches(from, to, evening), "{from} {to}");
        }
        let wrong = TimeRange::new(Some(when("2026-10-04")), Some(when("2026-10-03")));
        assert_eq!(wrong, Err(TimeError::Order));
        assert!(TimeRange::new(Some(when("2026-10-03")), Some(when("2026-10-03"))).is_ok());
    }

    #[test]
    fn a_span_widens_to_its_precision() {
        let span = when("2024-02-29T21:45+06:00").span();
        assert!(touches(
            "2024-02-29T21:00",
            "2024-02-29T21:10",
            span.hours()
        ));
        assert!(!touches("2024-02-29T22:00", "", span.hours()));
        assert!(touches("2024-02-29T01:00", "2024-02-29T01:00", span.days()));
        assert!(!touches("2024-03-01", "", span.days()));
        assert!(touches("2024-02-01", "2024-02-01", span.months()));
        assert!(!touches("2024-03-01", "", span.months()));
        let december = when("2024-12-05").span().months();
        assert!(touches("2024-12-31", "", december) && !touches("2025-01-01", "", december));
        assert!(
            touches("2024-12-31", "", span.years()) && !touches("2025-01-01", "", span.years())
        );
        assert!(
            touches("", "2024-01-01", span.years()) && !touches("", "2023-12-31", span.years())
        );
    }
}
