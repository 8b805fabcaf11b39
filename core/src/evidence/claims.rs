//! What a source claims about itself. Nothing here is proof; all of it is kept as data.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Datelike, SecondsFormat};

/// Most characters kept of a name. File systems allow 255 bytes or UTF-16 units; a shell may say
/// anything.
const NAME: usize = 255;

/// A name with each control character (C0, DEL, C1) replaced by U+FFFD, cut to 255 characters;
/// `unnamed` if there is none. Everything else stays: whoever shows it escapes it.
pub(super) fn name(claimed: &str) -> String {
    let name: String = claimed
        .chars()
        .map(|c| {
            if c.is_control() {
                char::REPLACEMENT_CHARACTER
            } else {
                c
            }
        })
        .take(NAME)
        .collect();
    if name.is_empty() {
        "unnamed".to_owned()
    } else {
        name
    }
}

/// A time as RFC 3339 in UTC, to the second. `None` for a year that RFC 3339 cannot write, and
/// for year 0, which the diary refuses everywhere.
pub(super) fn time(claimed: SystemTime) -> Option<String> {
    let seconds = match claimed.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).ok()?,
        Err(before) => {
            let before = before.duration();
            let seconds = before
                .as_secs()
                .saturating_add(u64::from(before.subsec_nanos() > 0));
            i64::try_from(seconds).ok()?.checked_neg()?
        }
    };
    DateTime::from_timestamp(seconds, 0)
        .filter(|time| (1..=9999).contains(&time.year()))
        .map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn names_are_kept_as_data() {
        assert_eq!(name("фото\u{202e}gpj.exe"), "фото\u{202e}gpj.exe");
        assert_eq!(
            name("a\0b\nc\u{85}d\u{7f}"),
            "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}"
        );
        assert_eq!(name(&"ә".repeat(300)).chars().count(), 255);
        assert_eq!(name(""), "unnamed");
    }

    #[test]
    fn times_never_panic_and_never_round_up() {
        let at = |seconds| {
            UNIX_EPOCH
                .checked_add(Duration::from_secs(seconds))
                .unwrap()
        };
        assert_eq!(time(at(0)).unwrap(), "1970-01-01T00:00:00Z");
        assert_eq!(time(at(253_402_300_799)).unwrap(), "9999-12-31T23:59:59Z");
        assert_eq!(time(at(253_402_300_800)), None);
        for seconds in [i64::MAX as u64, u64::MAX] {
            if let Some(far) = UNIX_EPOCH.checked_add(Duration::from_secs(seconds)) {
                assert_eq!(time(far), None);
            }
        }
        let before = UNIX_EPOCH - Duration::from_millis(1_500);
        assert_eq!(time(before).unwrap(), "1969-12-31T23:59:58Z");
    }
}
