//! What people type: incidents, codes, times, names, searches.

use std::str::FromStr;

use chrono::{FixedOffset, NaiveDateTime};

use crate::bundle::envelope::Recipient;
use crate::display;
use crate::incident::{Changes, Incident};
use crate::log::checkpoint::Origin;
use crate::log::{EntryId, Fingerprint};
use crate::picture::Area;
use crate::search::{self, Needle};
use crate::time::{LocalZone, When};
use crate::vault::{NewPassphrase, Passphrase, RecoveryCode};

/// +05:00, but for one hour that never was.
struct Zone;

impl LocalZone for Zone {
    fn offset_at(&self, local: NaiveDateTime) -> Option<FixedOffset> {
        let skipped = local.to_string().starts_with("2005-03-27 00");
        FixedOffset::east_opt(5 * 3600).filter(|_| !skipped)
    }
}

/// What is taken is stored in one form, and read back from it as the same.
pub(super) fn incident(bytes: &[u8]) {
    let incident = Incident::parse(bytes, &Zone);
    if let Ok(incident) = &incident {
        let stored = incident.to_private_value();
        assert!(Incident::from_value(&stored).is_ok_and(|read| read.to_private_value() == stored));
        assert!(!incident.to_value().contains_key("private_note"));
        let _ = (incident.title().len(), incident.texts().len());
    }
    if let Ok(changes) = Changes::parse(bytes, &Zone) {
        let stored = changes.to_private_value();
        assert!(Changes::from_value(&stored).is_ok_and(|read| read.to_private_value() == stored));
        if let Ok(incident) = incident {
            let _ = incident.amended(&changes);
        }
    }
}

pub(super) fn text(bytes: &[u8]) {
    let _ = Passphrase::new(bytes);
    if let Ok(new) = NewPassphrase::even_if_weak(bytes) {
        let _ = new.weakness();
    }
    if let Ok(code) = RecoveryCode::parse(bytes) {
        let shown = code.reveal();
        assert!(RecoveryCode::parse(shown.as_bytes()).is_ok_and(|again| *again.reveal() == *shown));
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    shown_again::<EntryId>(text);
    shown_again::<Fingerprint>(text);
    if let Some(origin) = Origin::parse(text) {
        assert!(origin.to_string() == text);
    }
    if let Ok(when) = When::parse(text, &Zone) {
        assert!(When::parse_stored(when.as_str()).as_ref() == Ok(&when));
    }
    let _ = (text.parse::<Recipient>(), text.parse::<Area>());

    let folded = search::fold(text);
    assert!(search::fold(&folded) == folded);
    assert!(Needle::new(text).matches(&folded));

    let shown = display::escape_for_display(text);
    assert!(
        !shown
            .chars()
            .any(|c| c.is_control() || display::is_deceptive(c))
    );
    let _ = display::escape_name(text);
}

/// What is taken is the same once it was shown.
fn shown_again<T: FromStr + ToString + PartialEq>(text: &str) {
    if let Ok(read) = text.parse::<T>() {
        assert!(read.to_string().parse().is_ok_and(|again: T| again == read));
    }
}
