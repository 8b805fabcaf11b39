//! Readings of the device's clock, and where they come from.

use std::sync::OnceLock;

use chrono::{DateTime, FixedOffset, Local, NaiveDateTime, Offset, TimeZone, Utc};

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
        Local
            .from_local_datetime(&local)
            .earliest()
            .map(|time| time.offset().fix())
    }
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

    #[test]
    fn uptime_is_read_to_hundredths() {
        assert_eq!(seconds_to_ms("12345.67"), Some(12_345_670));
        assert_eq!(seconds_to_ms("x"), None);
        assert_eq!(seconds_to_ms("99999999999999999999.00"), None);
    }
}
