//! When it happened, as she remembers it.

use chrono::Datelike as _;
use serde_json::json;

use crate::canonical::Value;
use crate::time::{TimeError, TimeRange, When};

use super::codes::Precision;
use super::error::{FieldError, FieldRule};
use super::record::{At, Field, Rules};
use super::text::Text;

record! {
    /// When it happened, as she remembers it. One of the three times that are never merged:
    /// when it happened, when it was written down, and what is proven.
    Occurred in "occurred" {
        /// When it began, or when it was. Absent only if the precision is `unknown`.
        optional from: When,
        /// When it ended, not before `from`.
        optional to: When,
        /// How sure she is, if she said so.
        optional precision: Precision,
        /// The time in her words, such as "after the evening news".
        optional words: Text,
    }
}

impl Occurred {
    /// At that time, with nothing more known.
    #[must_use]
    pub fn at(from: When) -> Self {
        Self {
            from: Some(from),
            to: None,
            precision: None,
            words: None,
        }
    }

    /// At a time that is not known.
    #[must_use]
    pub fn unknown() -> Self {
        Self {
            from: None,
            to: None,
            precision: Some(Precision::Unknown),
            words: None,
        }
    }

    /// Reads one that was stored, or stands in a bundle.
    ///
    /// # Errors
    /// [`FieldError`] with a path inside of it, such as `from`.
    pub fn from_value(value: &Value) -> Result<Self, FieldError> {
        Self::decode(value.clone(), &At::stored())
    }

    /// Whether at least a part of it lies within the range; `None` if its time is unknown.
    ///
    /// It lasts from the beginning of `from` to the end of `to`, or of `from` where there is no
    /// `to`, each as wide as its precision: an hour, a day, a month or a year that it may have
    /// been. `about` adds nothing.
    #[must_use]
    pub fn touches(&self, range: &TimeRange) -> Option<bool> {
        let from = self.from.as_ref()?;
        let to = self.to.as_ref().unwrap_or(from);
        let span = from.span().until(to.span());
        let span = match self.precision {
            Some(Precision::Hour) => span.hours(),
            Some(Precision::Day) => span.days(),
            Some(Precision::Month) => span.months(),
            Some(Precision::Year) => span.years(),
            _ => span,
        };
        Some(range.touches(span))
    }
}

impl Precision {
    /// As much of a claimed time as is known with this precision, in the form that an incident takes:
    /// nothing of it, its year, month or day by their first day, or all of it. What is no claimed time
    /// stays as it is, for [`Occurred`] to say what is wrong with it.
    #[must_use]
    pub fn known_of(self, time: &str) -> Option<String> {
        if self == Self::Unknown {
            return None;
        }
        let known = When::day_of(time).ok().and_then(|day| match self {
            Self::Day => Some(day),
            Self::Month => day.with_day(1),
            Self::Year => day.with_ordinal(1),
            _ => None,
        });
        Some(known.map_or_else(|| time.to_owned(), |day| day.to_string()))
    }
}

impl Rules for Occurred {
    fn check(&self, at: &At<'_>) -> Result<(), FieldError> {
        let ends = [("from", &self.from), ("to", &self.to)];
        let ends = ends
            .into_iter()
            .filter_map(|(name, end)| end.as_ref().map(|end| (name, end)));
        if self.precision == Some(Precision::Unknown) {
            return match ends.into_iter().next() {
                Some((name, _)) => Err(at.member(name).error(FieldRule::TimeOfUnknown)),
                None => Ok(()),
            };
        }
        if self.from.is_none() {
            return Err(at.member("from").error(FieldRule::Missing));
        }
        for (name, end) in ends {
            let day = end.date().format("%m-%d").to_string();
            let first = match self.precision {
                Some(Precision::Month) => day.ends_with("-01"),
                Some(Precision::Year) => day == "01-01",
                _ => true,
            };
            if !first {
                return Err(at.member(name).error(FieldRule::NotFirstDay));
            }
        }
        in_order(self.from.as_ref(), self.to.as_ref(), at)
    }

    fn keywords() -> serde_json::Value {
        let is = |precision: &str| {
            let properties = json!({"precision": {"const": precision}});
            json!({"required": ["precision"], "properties": properties})
        };
        let first = |pattern: &str| {
            let day = json!({"pattern": pattern});
            json!({"properties": {"from": day, "to": day}})
        };
        json!({
            "if": is("unknown"),
            "then": {"properties": {"from": false, "to": false}},
            "else": {"required": ["from"]},
            "allOf": [
                {"if": is("month"), "then": first("^[0-9]{4}-[0-9]{2}-01")},
                {"if": is("year"), "then": first("^[0-9]{4}-01-01")},
            ],
        })
    }
}

/// Refuses an end before its beginning, with the path of the end.
pub(super) fn in_order(
    from: Option<&When>,
    to: Option<&When>,
    at: &At<'_>,
) -> Result<(), FieldError> {
    if let (Some(from), Some(to)) = (from, to)
        && to.is_before(from)
    {
        return Err(at.member("to").error(TimeError::Order.into()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::time::test_zone::when;

    use super::*;

    fn occurred(json: &str) -> Occurred {
        Occurred::from_value(&Value::parse(json.as_bytes()).unwrap()).unwrap()
    }

    fn touches(json: &str, from: &str, to: &str) -> Option<bool> {
        let end = |text: &str| (!text.is_empty()).then(|| when(text));
        occurred(json).touches(&TimeRange::new(end(from), end(to)).unwrap())
    }

    #[test]
    fn a_span_touches_as_widely_as_it_is_known() {
        let month = r#"{"from":"2026-10-01","precision":"month"}"#;
        assert_eq!(touches(month, "2026-10-15", "2026-10-16"), Some(true));
        assert_eq!(touches(month, "2026-11-01", ""), Some(false));
        let months = r#"{"from":"2026-10-01","to":"2026-12-01","precision":"month"}"#;
        assert_eq!(touches(months, "2026-12-31", ""), Some(true));
        let year = r#"{"from":"2026-01-01","precision":"year"}"#;
        assert_eq!(touches(year, "2026-12-31T23:59+05:00", ""), Some(true));
        let day = r#"{"from":"2026-10-03T21:15+05:00","precision":"day"}"#;
        assert_eq!(touches(day, "", "2026-10-03T08:00+05:00"), Some(true));
        let hour = r#"{"from":"2026-10-03T21:15+05:00","precision":"hour"}"#;
        assert_eq!(touches(hour, "2026-10-03T21:50+05:00", ""), Some(true));
        assert_eq!(touches(hour, "2026-10-03T22:00+05:00", ""), Some(false));
        let about = r#"{"from":"2026-10-03T21:15+05:00","precision":"about"}"#;
        assert_eq!(touches(about, "2026-10-03T21:16+05:00", ""), Some(false));
        let open = r#"{"from":"2026-10-03T21:15+05:00","to":"2026-10-04"}"#;
        assert_eq!(touches(open, "2026-10-04T23:00+05:00", ""), Some(true));
    }

    #[test]
    fn of_a_time_as_much_is_kept_as_is_known() {
        let time = "2026-10-03T21:15+05:00";
        for (precision, known) in [
            (Precision::Exact, Some(time)),
            (Precision::About, Some(time)),
            (Precision::Hour, Some(time)),
            (Precision::Day, Some("2026-10-03")),
            (Precision::Month, Some("2026-10-01")),
            (Precision::Year, Some("2026-01-01")),
            (Precision::Unknown, None),
        ] {
            assert_eq!(precision.known_of(time).as_deref(), known, "{precision:?}");
            let taken = match known {
                Some(from) => format!(r#"{{"from":"{from}","precision":"{}"}}"#, precision.code()),
                None => format!(r#"{{"precision":"{}"}}"#, precision.code()),
            };
            occurred(&taken);
        }
        // Without an offset, as a form has it before a zone is asked.
        let day = Precision::Month.known_of("2026-10-03T21:15");
        assert_eq!(day.as_deref(), Some("2026-10-01"));
        for other in ["yesterday", "2026-02-30", "2026-10-03T25:00", ""] {
            assert_eq!(Precision::Year.known_of(other).as_deref(), Some(other));
        }
    }

    #[test]
    fn an_unknown_time_is_neither_in_nor_out() {
        assert_eq!(
            touches(r#"{"precision":"unknown"}"#, "2026-10-03", ""),
            None
        );
        assert_eq!(Occurred::unknown().touches(&TimeRange::default()), None);
    }

    #[test]
    fn what_is_made_in_code_is_what_is_read() {
        let at = Occurred::at(when("2026-10-03"));
        assert!(at == occurred(r#"{"from":"2026-10-03"}"#));
        assert!(Occurred::unknown() == occurred(r#"{"precision":"unknown"}"#));
    }
}
