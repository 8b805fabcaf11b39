//! What the device claims of the time of an entry, and whether its clock was moved (FORMAT.md 9).

use sha2::{Digest, Sha256};

use crate::canonical::{Object, Value};
use crate::hex;
use crate::time;
use crate::vault::Vault;

/// Wall clock and uptime may drift apart by so many milliseconds before the clock has "jumped".
const JUMP_MS: i64 = 5 * 60 * 1000;

/// The `recorded` member: what the device claims, and whether its clock was moved since `last`.
pub(super) fn recorded(vault: &Vault, reading: &time::Reading, last: &Object) -> Object {
    use chrono::{SecondsFormat, Utc};
    let utc = reading.at.with_timezone(&Utc);
    let mut recorded = Object::from([
        (
            "at".to_owned(),
            reading
                .at
                .to_rfc3339_opts(SecondsFormat::Secs, false)
                .into(),
        ),
        (
            "utc".to_owned(),
            utc.to_rfc3339_opts(SecondsFormat::Secs, true).into(),
        ),
    ]);
    if let Some(zone) = reading.zone.as_ref().filter(|zone| is_zone_id(zone)) {
        recorded.insert("zone".to_owned(), zone.clone().into());
    }
    if let Some(boot) = &reading.boot {
        let hash = Sha256::new_with_prefix(b"idv1/boot")
            .chain_update(vault.header().container_id)
            .chain_update(boot)
            .finalize();
        let short: [u8; 8] = std::array::from_fn(|i| hash.get(i).copied().unwrap_or_default());
        recorded.insert("boot".to_owned(), hex::encode(&short).into());
    }
    if let Some(uptime) = reading.uptime_ms {
        recorded.insert("uptime_ms".to_owned(), Value::Integer(uptime));
    }
    if let Some(flag) = clock_flag(&recorded, last) {
        recorded.insert("clock".to_owned(), flag.into());
    }
    recorded
}

fn clock_flag(now: &Object, last: &Object) -> Option<&'static str> {
    let utc = |of: &Object| {
        let text = of.get("utc")?.as_text()?;
        chrono::DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|time| time.timestamp_millis())
    };
    let uptime = |of: &Object| i64::try_from(of.get("uptime_ms")?.as_integer()?).ok();
    let passed = utc(now)?.checked_sub(utc(last)?)?;
    if passed < 0 {
        return Some("back");
    }
    if now.get("boot").is_none() || now.get("boot") != last.get("boot") {
        return None;
    }
    let ran = uptime(now)?.checked_sub(uptime(last)?)?;
    (passed.abs_diff(ran) > JUMP_MS.unsigned_abs()).then_some("jumped")
}

/// IANA ids are short ASCII; anything else a system says is not kept.
fn is_zone_id(zone: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-' | '+');
    !zone.is_empty() && zone.len() <= 64 && zone.chars().all(allowed)
}
