//! What goes in and comes out: plain records, converted here and checked by the core.

#[macro_use]
pub(crate) mod mirror;
pub(crate) mod bundle;
pub(crate) mod evidence;
pub(crate) mod incident;
pub(crate) mod page;

use chrono::DateTime;
use diary_core::diary::Recorded;
use diary_core::incident::UnknownCode;
use diary_core::time::{SystemClock, TimeRange, When};

use crate::error::{DiaryError, FieldRule};

/// When something was written down, by the device's clock: a claim, not a proof.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Record)]
pub struct RecordedTime {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub unix_ms: i64,
    /// The device's offset from UTC at that moment, in seconds; east is positive.
    pub utc_offset_seconds: i32,
}

/// Something was recorded and is on the disk.
#[derive(Clone, Debug, Eq, PartialEq, uniffi::Record)]
pub struct RecordedIncident {
    /// Id of the incident, such as `123-k7q2`.
    pub id: String,
    /// The incident's number in order of recording, from 1.
    pub number: u32,
    /// When.
    pub recorded_at: RecordedTime,
}

/// What was erased.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Record)]
pub struct ErasedCount {
    /// Entries whose words were destroyed.
    pub entries: u32,
    /// Evidence files that were removed; one that another incident holds stays.
    pub files: u32,
}

impl RecordedTime {
    /// From the RFC 3339 text that the core writes.
    pub(crate) fn parse(text: &str) -> Result<Self, DiaryError> {
        let time = DateTime::parse_from_rfc3339(text).map_err(|_| DiaryError::Defect {
            place: String::new(),
        })?;
        Ok(Self {
            unix_ms: time.timestamp_millis(),
            utc_offset_seconds: time.offset().local_minus_utc(),
        })
    }

    pub(crate) fn parse_optional(text: Option<&str>) -> Result<Option<Self>, DiaryError> {
        text.map(Self::parse).transpose()
    }
}

impl RecordedIncident {
    pub(crate) fn of(recorded: &Recorded) -> Result<Self, DiaryError> {
        Ok(Self {
            id: recorded.id.to_string(),
            number: recorded.number,
            recorded_at: RecordedTime::parse(&recorded.recorded_at)?,
        })
    }
}

/// From one claimed time to another, both ends in.
pub(crate) fn period(from: Option<&str>, to: Option<&str>) -> Result<TimeRange, DiaryError> {
    let end = |text: Option<&str>| -> Result<Option<When>, diary_core::Error> {
        Ok(text
            .map(|text| When::parse(text, &SystemClock))
            .transpose()?)
    };
    TimeRange::new(end(from)?, end(to)?).map_err(|_| DiaryError::DatesReversed)
}

/// A code outside of an incident; `path` is what an error calls it.
pub(crate) fn code<T>(
    path: &str,
    code: &str,
    parse: impl FnOnce(&str) -> Result<T, UnknownCode>,
) -> Result<T, DiaryError> {
    parse(code).map_err(|_| DiaryError::InvalidField {
        path: path.to_owned(),
        rule: FieldRule::UnknownCode,
    })
}

/// A list of texts that the core reads, such as ids.
pub(crate) fn parse_all<T, E>(texts: &[String]) -> Result<Vec<T>, DiaryError>
where
    T: std::str::FromStr<Err = E>,
    diary_core::Error: From<E>,
{
    let parsed = texts.iter().map(|text| text.parse());
    let parsed = parsed.collect::<Result<_, E>>();
    Ok(parsed.map_err(diary_core::Error::from)?)
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recorded_time_keeps_its_offset() {
        let time = RecordedTime::parse("2026-10-03T21:15:30+05:00").unwrap();
        assert_eq!(time.unix_ms, 1_791_044_130_000);
        assert_eq!(time.utc_offset_seconds, 18_000);
    }

    #[test]
    fn a_period_is_checked() {
        assert!(period(None, Some("2026-10-03")).is_ok());
        let reversed = period(Some("2026-10-03"), Some("2026-10-02"));
        assert_eq!(reversed.err(), Some(DiaryError::DatesReversed));
        let rule = crate::error::TimeRule::WrongForm;
        let form = period(Some("yesterday"), None);
        assert_eq!(form.err(), Some(DiaryError::InvalidTime { rule }));
    }
}
