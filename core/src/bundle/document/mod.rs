//! `incidents.json` as types: the one source from which every report of a bundle is made.
//!
//! [`Document::parse`] accepts exactly the bytes that [`Document::to_bytes`] writes, so two readers
//! cannot read one file differently. What she wrote is kept as [`Object`], unread: a report shows
//! whatever stands there and cannot fail on it.

mod error;
mod members;
mod parse;
mod stamp;
#[cfg(test)]
mod tests;
mod view;
mod write;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::texts::Language;
use crate::canonical::Object;

pub use self::error::{DocumentError, DocumentRule};
pub(crate) use self::parse::MAX_STAMPS;
pub use self::stamp::Stamp;
pub(crate) use self::view::touched;
pub use self::view::{Field, Incident, State};

/// The `format` of `incidents.json` that this program writes and reads.
pub const FORMAT: u64 = 1;

/// What every origin line starts with; 64 hex digits of the SHA-256 of the Ed25519 key follow.
pub const ORIGIN_PREFIX: &str = "incident-diary.v1/";

/// The whole of `incidents.json`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Document {
    /// The log at the moment of the export.
    pub log: LogState,
    /// When, in which language and for whom the bundle was made.
    pub exported: Export,
    /// What was asked for.
    pub selection: Chosen,
    /// What is shown, and what is not.
    pub counts: Counts,
    /// The entries shown, by ascending number.
    pub entries: Vec<Entry>,
    /// Time stamps over earlier checkpoints of the log, ascending by size and number.
    pub stamps: Vec<Stamp>,
}

/// The checkpoint of the log.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LogState {
    /// [`ORIGIN_PREFIX`] and 64 lower-case hex digits: SHA-256 of the Ed25519 public key.
    pub origin: String,
    /// Number of entries in the log, at least 1.
    pub size: u64,
    /// Root of the tree over all of them (RFC 6962 section 2.1).
    pub root: [u8; 32],
}

/// The circumstances of the export.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Export {
    /// Clock of the device when the bundle was made.
    pub at: Recorded,
    /// Language of the reports.
    pub language: Language,
    /// Name and version of the program that made the reports, such as `diary-core 0.1.0`.
    pub renderer: String,
    /// For whom and for what, in her words.
    pub audience: Option<String>,
}

/// What was asked for. Everything absent: the whole log.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Chosen {
    /// Earliest time of the period, RFC 3339 or a date.
    pub from: Option<String>,
    /// Latest time of the period.
    pub to: Option<String>,
    /// Only these behaviours (codes).
    pub behaviours: Vec<String>,
    /// Only these people (keys).
    pub people: Vec<String>,
    /// Incidents asked for by id.
    pub incidents: Vec<String>,
    /// Incidents or items left out by id.
    pub without: Vec<String>,
}

/// Numbers of incidents and entries.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// Incidents with at least one entry in this document: the length of
    /// [`Document::incidents`].
    pub incidents_shown: u64,
    /// Incidents in the log, the erased ones included.
    pub incidents_in_log: u64,
    /// The length of [`Document::entries`].
    pub entries_shown: u64,
    /// Entries in the log, of every kind: the size of the checkpoint.
    pub entries_in_log: u64,
    /// `incidents_in_log` less `incidents_shown`.
    pub left_out: u64,
    /// Incidents left out because a period was chosen and their time is not known.
    pub unknown_time: u64,
    /// Entries of the log, of any kind, that were lost before the diary was salvaged.
    pub lost: u64,
}

/// One entry of the log, as far as it is shown.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    /// Its place in the log, from 0.
    pub number: u64,
    /// The number and 20 bits of the leaf hash: `123-k7q2`.
    pub id: String,
    /// Clock of the device when it was written.
    pub recorded: Recorded,
    /// What it says.
    pub body: Body,
    /// Salt of every field shown, by field name.
    pub salts: BTreeMap<String, [u8; 32]>,
    /// Commitment of every field not shown, by field name.
    pub withheld: BTreeMap<String, [u8; 32]>,
}

/// What an entry says, by kind.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Body {
    /// An incident, written down for the first time.
    Incident {
        /// The incident without its withheld parts.
        incident: Object,
    },
    /// A later change.
    Amendment {
        /// Number of the entry that recorded the incident.
        about: u64,
        /// Only what changes; `null` takes a field away. Empty if all of it is withheld.
        changes: Object,
        /// Why, in her words; absent if withheld.
        reason: Option<String>,
    },
    /// The incident was withdrawn; the words stay in the log.
    Withdrawal {
        /// Number of the entry that recorded the incident.
        about: u64,
        /// Why, in her words; absent if withheld.
        reason: Option<String>,
    },
    /// A file was attached.
    Evidence {
        /// Number of the entry that recorded the incident.
        about: u64,
        /// What the log says about the file; absent if the item is withheld.
        evidence: Option<Evidence>,
        /// Its number in this bundle.
        exhibit: Exhibit,
        /// The original, if it is in this bundle.
        file: Option<EvidenceFile>,
        /// A copy without metadata, if that is in this bundle in its place.
        copy: Option<Box<EvidenceCopy>>,
    },
    /// Words or a file were destroyed; the places in the log stay.
    Erasure {
        /// Number of the entry that recorded the incident.
        about: u64,
        /// Numbers of the entries destroyed, ascending.
        erased: Vec<u64>,
    },
}

/// What the log says about an attached file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Evidence {
    /// SHA-256 of the bytes as they were taken in.
    pub sha256: [u8; 32],
    /// Size in bytes.
    pub bytes: u64,
    /// Type by content, such as `image/jpeg`.
    pub media_type: String,
    /// Name the file had. Data, never a path to write to.
    pub name: String,
    /// How it was acquired (code).
    pub how: Option<String>,
    /// Her note about it.
    pub note: Option<String>,
    /// Times the file itself claims.
    pub claimed: Option<Object>,
}

/// The number of an exhibit, from 1: `A-01`.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Exhibit(u32);

/// A copy without metadata that stands in a bundle for its original. No entry of the log speaks
/// for it: it was made for this bundle.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EvidenceCopy {
    /// Its name.
    pub file: EvidenceFile,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
    /// Size in bytes.
    pub bytes: u64,
    /// Black boxes that she drew over parts of it.
    pub covered: u64,
}

/// The name of an evidence file in the bundle: `data/evidence/a-01.jpg` for an original,
/// `data/evidence/a-01.copy.jpg` for a copy. Made by the program, never taken from the device, so
/// it may stand in a link.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct EvidenceFile {
    exhibit: Exhibit,
    is_copy: bool,
    extension: String,
}

/// One reading of the device's clock: a claim, kept as it was written.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Recorded {
    /// Local time with offset, RFC 3339 to the second.
    pub at: String,
    /// The same moment as UTC, with `Z`.
    pub utc: String,
    /// IANA time zone id.
    pub zone: Option<String>,
    /// Names one start of the device: 16 hex digits.
    pub boot: Option<String>,
    /// Milliseconds since that start.
    pub uptime_ms: Option<u64>,
    /// What was odd about the clock.
    pub clock: Option<ClockFlag>,
}

/// What was odd about the clock when an entry was written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ClockFlag {
    /// It went back since the entry before.
    Back,
    /// It jumped against the time since the device was started.
    Jumped,
}

impl Document {
    /// The text of the checkpoint (C2SP tlog-checkpoint): origin, size and base64 root, a line each.
    #[must_use]
    pub fn checkpoint_text(&self) -> String {
        let LogState { origin, size, root } = &self.log;
        format!("{origin}\n{size}\n{}\n", STANDARD.encode(root))
    }

    /// SHA-256 of the checkpoint's text, of which the fingerprint is the first 120 bits.
    #[must_use]
    pub fn checkpoint_hash(&self) -> [u8; 32] {
        Sha256::digest(self.checkpoint_text()).into()
    }

    /// The evidence entries, in order of their exhibit numbers.
    pub fn exhibits(&self) -> impl Iterator<Item = &Entry> {
        self.entries
            .iter()
            .filter(|entry| matches!(entry.body, Body::Evidence { .. }))
    }
}

impl Entry {
    /// The name of its kind, as in the leaf.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self.body {
            Body::Incident { .. } => "incident",
            Body::Amendment { .. } => "amendment",
            Body::Withdrawal { .. } => "withdrawal",
            Body::Evidence { .. } => "evidence",
            Body::Erasure { .. } => "erasure",
        }
    }

    /// Number of the entry that recorded the incident; its own for a recording.
    #[must_use]
    pub fn subject(&self) -> u64 {
        match self.body {
            Body::Incident { .. } => self.number,
            Body::Amendment { about, .. }
            | Body::Withdrawal { about, .. }
            | Body::Evidence { about, .. }
            | Body::Erasure { about, .. } => about,
        }
    }

    /// The exhibit number of an evidence entry.
    #[must_use]
    pub fn exhibit(&self) -> Option<Exhibit> {
        match self.body {
            Body::Evidence { exhibit, .. } => Some(exhibit),
            _ => None,
        }
    }

    /// The original of an evidence entry, if it is in the bundle.
    #[must_use]
    pub fn file(&self) -> Option<&EvidenceFile> {
        match &self.body {
            Body::Evidence { file, .. } => file.as_ref(),
            _ => None,
        }
    }

    /// The file of an evidence entry that is in the bundle: original or copy.
    #[must_use]
    pub fn shown_file(&self) -> Option<&EvidenceFile> {
        self.file().or(self.copy().map(|copy| &copy.file))
    }

    /// The copy that stands for the original of an evidence entry.
    #[must_use]
    pub fn copy(&self) -> Option<&EvidenceCopy> {
        match &self.body {
            Body::Evidence { copy, .. } => copy.as_deref(),
            _ => None,
        }
    }

    /// Path of its inclusion proof in the bundle: `proof/entry-000123.tlog-proof`.
    #[must_use]
    pub fn proof_path(&self) -> String {
        format!("proof/entry-{:06}.tlog-proof", self.number)
    }
}

impl Exhibit {
    /// The exhibit with this number, counted from 1. `None` for 0.
    #[must_use]
    pub fn new(number: u32) -> Option<Self> {
        (number > 0).then_some(Self(number))
    }

    /// Path of the note that stands for an original that is not in the bundle.
    #[must_use]
    pub fn note_path(self) -> String {
        format!("data/evidence/a-{:02}.note.txt", self.0)
    }
}

impl std::fmt::Display for Exhibit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "A-{:02}", self.0)
    }
}

impl EvidenceFile {
    /// The original of `exhibit` with this extension: 1 to 8 lower-case letters or digits. `None`
    /// for any other extension.
    #[must_use]
    pub fn new(exhibit: Exhibit, extension: &str) -> Option<Self> {
        Self::named(exhibit, false, extension)
    }

    /// The copy of `exhibit` with this extension.
    #[must_use]
    pub fn copy_of(exhibit: Exhibit, extension: &str) -> Option<Self> {
        Self::named(exhibit, true, extension)
    }

    fn named(exhibit: Exhibit, is_copy: bool, extension: &str) -> Option<Self> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        let fits = (1..=8).contains(&extension.len()) && extension.bytes().all(allowed);
        fits.then(|| Self {
            exhibit,
            is_copy,
            extension: extension.to_owned(),
        })
    }

    /// Path from the top folder: `data/evidence/a-01.jpg`.
    #[must_use]
    pub fn path(&self) -> String {
        format!("data/{}", self.beside_report())
    }

    /// Path from `data/`, where the report lies.
    pub(crate) fn beside_report(&self) -> String {
        let copy = if self.is_copy { ".copy" } else { "" };
        format!("evidence/a-{:02}{copy}.{}", self.exhibit.0, self.extension)
    }

    pub(crate) fn is_copy(&self) -> bool {
        self.is_copy
    }

    pub(crate) fn extension(&self) -> &str {
        &self.extension
    }
}
