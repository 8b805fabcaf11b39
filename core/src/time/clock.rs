//! Readings of the device's clock, and where they come from.

use std::sync::OnceLock;

use chrono::{DateTime, FixedOffset, Local, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};

use super::zone;

/// One reading of the device's clock. Everything in it is a claim of the device.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reading {
    /// Wall clock with the offset that held at that moment, to the second.
    pub at: DateTime<FixedOffset>,
    /// IANA time zone id, such as `Asia/Almaty`, where the device tells it.
    pub zone: Option<String>,
    /// Names one start of the device, where it tells it. Never leaves the core as it is.
    pub boot: Option<String>,
    /// Milliseconds since that start, by a clock that nobody can set.
    pub uptime_ms: Option<u64>,
}

/// Where time comes from. Tests pass one that stands still.
pub trait Clock: Send + Sync {
    /// Reads the clock now.
    fn read(&self) -> Reading;
}

/// The system's rules for local time, for a time that was typed without an offset.
pub trait LocalZone {
    /// The offset that held at this local time; the earlier one where a clock was set back and
    /// the hour happened twice. `None` if the time was skipped.
    fn offset_at(&self, local: NaiveDateTime) -> Option<FixedOffset>;
}

/// The operating system's clock and zone.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn read(&self) -> Reading {
        let now = Utc::now().with_timezone(&Local);
        Reading {
            at: now.with_timezone(&now.offset().fix()),
            zone: zone::name(),
            boot: boot_id(),
            uptime_ms: read_first_word("/proc/uptime").and_then(|text| seconds_to_ms(&text)),
        }
    }
}

impl LocalZone for SystemClock {
    fn offset_at(&self, local: NaiveDateTime) -> Option<FixedOffset> {
        earliest(local, |utc| Local.offset_from_utc_datetime(&utc).fix())
    }
}

/// Of the offsets that hold a day before and a day after, that with which the local time is the earlier moment, if
/// it holds then. Not what chrono finds for a local time (0.4.45): in a doubled hour it names the smaller offset,
/// which is the later moment, first.
fn earliest(
    local: NaiveDateTime,
    offset_at_utc: impl Fn(NaiveDateTime) -> FixedOffset,
) -> Option<FixedOffset> {
    [TimeDelta::days(-1), TimeDelta::days(1)]
        .into_iter()
        .filter_map(|away| Some(offset_at_utc(local.checked_add_signed(away)?)))
        .filter(|offset| {
            local
                .checked_sub_offset(*offset)
                .is_some_and(|utc| offset_at_utc(utc) == *offset)
        })
        .max_by_key(FixedOffset::local_minus_utc)
}

/// The same as long as this program runs, so it is read once.
fn boot_id() -> Option<String> {
    static BOOT: OnceLock<Option<String>> = OnceLock::new();
    BOOT.get_or_init(|| read_first_word("/proc/sys/kernel/random/boot_id"))
        .clone()
}

/// Linux and Android tell both in files; elsewhere the hint is absent, and that is recorded.
fn read_first_word(path: &str) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    text.split_whitespace().next().map(str::to_owned)
}

fn seconds_to_ms(text: &str) -> Option<u64> {
    let (seconds, hundredths) = text.split_once('.')?;
    let seconds: u64 = seconds.parse().ok()?;
    let hundredths: u64 = hundredths.parse().ok()?;
    seconds
        .checked_mul(1000)?
        .checked_add(hundredths.checked_mul(10)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Almaty went from +06:00 to +05:00 as 2024-03-01 began; the others go forward by an hour.
    #[test]
    fn an_hour_that_happened_twice_is_the_earlier_one() {
        let hour = |hours: i32| FixedOffset::east_opt(hours * 3600).unwrap();
        for ((change, before, after), times) in [
            (
                ("2024-02-29T18:00:00", 6, 5),
                &[
                    ("2024-02-29T22:59:59", Some(6)),
                    ("2024-02-29T23:00:00", Some(6)),
                    ("2024-02-29T23:59:59", Some(6)),
                    ("2024-03-01T00:00:00", Some(5)),
                    ("2024-03-01T12:00:00", Some(5)),
                ][..],
            ),
            (
                ("2026-03-29T01:00:00", 1, 2),
                &[
                    ("2026-03-29T01:59:59", Some(1)),
                    ("2026-03-29T02:00:00", None),
                    ("2026-03-29T02:59:59", None),
                    ("2026-03-29T03:00:00", Some(2)),
                ],
            ),
            (
                ("2026-03-08T07:00:00", -5, -4),
                &[
                    ("2026-03-08T02:30:00", None),
                    ("2026-03-08T03:00:00", Some(-4)),
                ],
            ),
        ] {
            let change: NaiveDateTime = change.parse().unwrap();
            let zone = |utc| hour(if utc < change { before } else { after });
            for (local, hours) in times {
                let found = earliest(local.parse().unwrap(), zone);
                assert_eq!(found, hours.map(hour), "{local}");
            }
            for end in [NaiveDateTime::MIN, NaiveDateTime::MAX] {
                let _ = earliest(end, zone);
            }
        }
    }

    #[test]
    fn uptime_is_read_to_hundredths() {
        assert_eq!(seconds_to_ms("12345.67"), Some(12_345_670));
        assert_eq!(seconds_to_ms("x"), None);
        assert_eq!(seconds_to_ms("99999999999999999999.00"), None);
    }
}
