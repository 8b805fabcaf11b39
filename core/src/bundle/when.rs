//! Times as they are printed: `2026-11-21 10:00 (UTC+05:00)`. The offset is the one that held when
//! it was written; nothing is ever moved to another zone (Kazakhstan changed its zone in 2024, and
//! a phone with old rules would shift old times).

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};

/// A time or a date, as far as it has the form of one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Moment<'a> {
    /// `2026-11-21`.
    pub(crate) date: &'a str,
    /// `10:00`, and the rest as it was written: offset `+05:00`, or none.
    clock: Option<(&'a str, Option<&'a str>)>,
    text: &'a str,
}

impl<'a> Moment<'a> {
    /// Reads RFC 3339, seconds and offset optional, or a date alone. `None` for anything else.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        let (date, rest) = split(text, "dddd-dd-dd")?;
        let Some(rest) = rest.strip_prefix('T') else {
            return rest.is_empty().then_some(Self {
                date,
                clock: None,
                text,
            });
        };
        let (time, mut rest) = split(rest, "dd:dd")?;
        if let Some((_, after)) = split(rest, ":dd") {
            rest = match after.strip_prefix('.') {
                Some(fraction) => fraction.trim_start_matches(|c: char| c.is_ascii_digit()),
                None => after,
            };
        }
        let offset = match rest {
            "" => None,
            "Z" => Some("+00:00"),
            _ if fits(rest, "+dd:dd") || fits(rest, "-dd:dd") => Some(rest),
            _ => return None,
        };
        Some(Self {
            date,
            clock: Some((time, offset)),
            text,
        })
    }

    /// `2026-11`.
    pub(crate) fn month(&self) -> &'a str {
        self.date.get(..7).unwrap_or(self.date)
    }

    /// `2026`.
    pub(crate) fn year(&self) -> &'a str {
        self.date.get(..4).unwrap_or(self.date)
    }

    /// `2026-11-21 10:00 (UTC+05:00)`, or the date alone.
    pub(crate) fn printed(&self) -> String {
        match self.clock {
            None => self.date.to_owned(),
            Some((time, offset)) => format!("{} {time}{}", self.date, zone(offset)),
        }
    }

    /// As precisely as it is known: of a month only the month is printed.
    pub(crate) fn known(&self, precision: &str) -> String {
        match precision {
            "day" => self.date.to_owned(),
            "month" => self.month().to_owned(),
            "year" => self.year().to_owned(),
            _ => self.printed(),
        }
    }

    /// A span, without saying twice what both ends share.
    pub(crate) fn printed_to(&self, end: &Moment<'_>) -> String {
        match (self.clock, end.clock) {
            (Some((from, offset)), Some((to, same))) if offset == same => {
                let day = if self.date == end.date {
                    String::new()
                } else {
                    format!("{} ", end.date)
                };
                format!("{} {from} – {day}{to}{}", self.date, zone(offset))
            }
            _ => format!("{} – {}", self.printed(), end.printed()),
        }
    }

    /// Seconds since 1970 in UTC, to put incidents in order. Without an offset, as if in UTC.
    pub(crate) fn order(&self) -> i64 {
        let whole = DateTime::parse_from_rfc3339(self.text).map(|time| time.timestamp());
        whole.unwrap_or_else(|_| self.order_by_parts().unwrap_or(i64::MAX))
    }

    /// For a time without seconds, which RFC 3339 itself does not know.
    fn order_by_parts(&self) -> Option<i64> {
        let date = NaiveDate::parse_from_str(self.date, "%Y-%m-%d").ok()?;
        let (time, offset) = self.clock.unwrap_or(("00:00", None));
        let time = NaiveTime::parse_from_str(time, "%H:%M").ok()?;
        let local = NaiveDateTime::new(date, time).and_utc().timestamp();
        let offset = offset.unwrap_or("+00:00");
        let east = NaiveTime::parse_from_str(offset.get(1..)?, "%H:%M").ok()?;
        let east = east.signed_duration_since(NaiveTime::MIN).num_seconds();
        if offset.starts_with('-') {
            return local.checked_add(east);
        }
        local.checked_sub(east)
    }
}

/// A time printed, or the text as it stands if it has no form of one.
pub(crate) fn printed(text: &str) -> String {
    Moment::read(text).map_or_else(|| text.to_owned(), |moment| moment.printed())
}

/// `2026-11-21 05:00:05 UTC`: a time that [`is_utc_second`], to the second.
pub(crate) fn printed_utc(text: &str) -> String {
    let bare = text.strip_suffix('Z').and_then(|bare| bare.split_once('T'));
    bare.map_or_else(
        || text.to_owned(),
        |(date, time)| format!("{date} {time} UTC"),
    )
}

/// `2026-11-21T05:00:05Z`.
pub(crate) fn is_utc_second(text: &str) -> bool {
    fits(text, "dddd-dd-ddTdd:dd:ddZ")
}

/// `2026-11-21T10:00:05+05:00`.
pub(crate) fn is_local_second(text: &str) -> bool {
    fits(text, "dddd-dd-ddTdd:dd:dd+dd:dd") || fits(text, "dddd-dd-ddTdd:dd:dd-dd:dd")
}

fn zone(offset: Option<&str>) -> String {
    offset.map_or_else(String::new, |offset| format!(" (UTC{offset})"))
}

fn fits(text: &str, pattern: &str) -> bool {
    split(text, pattern).is_some_and(|(_, rest)| rest.is_empty())
}

/// Splits off what fits the pattern: `d` is a digit, everything else itself.
fn split<'a>(text: &'a str, pattern: &str) -> Option<(&'a str, &'a str)> {
    let (start, rest) = text.split_at_checked(pattern.len())?;
    let same = start
        .bytes()
        .zip(pattern.bytes())
        .all(|(byte, wanted)| match wanted {
            b'd' => byte.is_ascii_digit(),
            _ => byte == wanted,
        });
    same.then_some((start, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_the_offset_that_was_written() {
        for (text, shown) in [
            ("2026-11-21T10:00:05+05:00", "2026-11-21 10:00 (UTC+05:00)"),
            ("2024-02-29T23:30+06:00", "2024-02-29 23:30 (UTC+06:00)"),
            ("2026-11-21T05:00:05.250Z", "2026-11-21 05:00 (UTC+00:00)"),
            ("2026-11-21T10:00", "2026-11-21 10:00"),
            ("2026-11-21", "2026-11-21"),
            ("<b>", "<b>"),
            ("2026-11-21T10:00+5", "2026-11-21T10:00+5"),
            ("2026-11-2\u{660}", "2026-11-2\u{660}"),
        ] {
            assert_eq!(printed(text), shown);
        }
        let utc = "2026-11-21T05:00:05Z";
        assert!(is_utc_second(utc));
        assert_eq!(printed_utc(utc), "2026-11-21 05:00:05 UTC");
    }

    #[test]
    fn a_span_says_once_what_both_ends_share() {
        let span = |from, to| {
            let (from, to) = (Moment::read(from).unwrap(), Moment::read(to).unwrap());
            from.printed_to(&to)
        };
        assert_eq!(
            span("2026-10-03T21:15+05:00", "2026-10-03T22:00+05:00"),
            "2026-10-03 21:15 – 22:00 (UTC+05:00)"
        );
        assert_eq!(
            span("2026-10-03T23:15+05:00", "2026-10-04T01:00+05:00"),
            "2026-10-03 23:15 – 2026-10-04 01:00 (UTC+05:00)"
        );
        assert_eq!(
            span("2024-02-29T21:15+06:00", "2024-03-01T01:00+05:00"),
            "2024-02-29 21:15 (UTC+06:00) – 2024-03-01 01:00 (UTC+05:00)"
        );
        assert_eq!(span("2026-10-03", "2026-10-05"), "2026-10-03 – 2026-10-05");
    }

    #[test]
    fn no_more_is_printed_than_is_known() {
        let moment = Moment::read("2026-08-01T00:00:00+05:00").unwrap();
        let known = ["year", "month", "day", "about"].map(|precision| moment.known(precision));
        let whole = "2026-08-01 00:00 (UTC+05:00)";
        assert_eq!(known, ["2026", "2026-08", "2026-08-01", whole]);
    }

    #[test]
    fn order_is_that_of_the_moments() {
        let order = |text| Moment::read(text).unwrap().order();
        assert!(order("2024-02-29T23:30+06:00") < order("2024-02-29T23:00:00+05:00"));
        assert_eq!(
            order("2024-02-29T23:30+06:00"),
            order("2024-02-29T17:30:00Z")
        );
        assert_eq!(
            order("2024-02-29T23:30-03:30"),
            order("2024-03-01T03:00:00Z")
        );
        assert_eq!(order("2026-99-99"), i64::MAX);
    }

    #[test]
    fn recorded_times_have_one_form() {
        assert!(is_local_second("2026-11-21T10:00:05+05:00"));
        assert!(is_local_second("2026-11-21T10:00:05-03:30"));
        assert!(!is_local_second("2026-11-21T10:00:05Z"));
        assert!(!is_local_second("2026-11-21T10:00+05:00"));
        assert!(is_utc_second("2026-11-21T05:00:05Z"));
        assert!(!is_utc_second("2026-11-21T05:00:05+00:00"));
    }
}
