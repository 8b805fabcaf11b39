//! An entry of the log: what lies sealed in the vault (FORMAT.md 8 and 9).

use std::fmt;
use std::str::FromStr;

use zeroize::Zeroizing;

use super::tree::Hash;
use crate::bytes::Fields;
use crate::canonical::{self, Object, Value};
use crate::crockford;
use crate::random::{self, NoRandomness};

/// Largest entry in bytes: 4 MiB.
pub(crate) const MAX_ENTRY: usize = 4 * 1024 * 1024;

const VERSION: u8 = 1;

/// Members of `recorded`, `incident` and `changes` that a line of a list needs, or a filter.
const LINE: [&str; 5] = ["at", "behaviours", "narrative", "occurred", "people"];

/// What an entry records.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EntryKind {
    /// The log begins: entry 0.
    Begun,
    /// An incident was recorded.
    Incident,
    /// Something about an incident was added or corrected.
    Amendment,
    /// An incident was withdrawn; its words stay.
    Withdrawal,
    /// The words of an incident, or one evidence item, were destroyed.
    Erasure,
    /// An evidence item was attached to an incident.
    Evidence,
    /// A bundle was handed out.
    Export,
    /// An answer of a time-stamping authority was received.
    TimeStamp,
    /// A passphrase or recovery code was changed.
    KeysChanged,
    /// The log goes on from a backup.
    Continued,
    /// A lost index was rebuilt.
    Salvaged,
}

impl EntryKind {
    const ALL: [Self; 11] = [
        Self::Begun,
        Self::Incident,
        Self::Amendment,
        Self::Withdrawal,
        Self::Erasure,
        Self::Evidence,
        Self::Export,
        Self::TimeStamp,
        Self::KeysChanged,
        Self::Continued,
        Self::Salvaged,
    ];

    /// The name that stands in a leaf.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Begun => "begun",
            Self::Incident => "incident",
            Self::Amendment => "amendment",
            Self::Withdrawal => "withdrawal",
            Self::Erasure => "erasure",
            Self::Evidence => "evidence",
            Self::Export => "export",
            Self::TimeStamp => "time-stamp",
            Self::KeysChanged => "keys-changed",
            Self::Continued => "continued",
            Self::Salvaged => "salvaged",
        }
    }

    /// The kind with that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether such an entry is about an incident that was recorded before.
    #[must_use]
    pub fn is_about_an_incident(self) -> bool {
        matches!(
            self,
            Self::Amendment | Self::Withdrawal | Self::Erasure | Self::Evidence
        )
    }

    pub(crate) fn byte(self) -> u8 {
        (1..)
            .zip(Self::ALL)
            .find(|(_, kind)| *kind == self)
            .map_or(0, |(byte, _)| byte)
    }

    pub(crate) fn from_byte(byte: u8) -> Option<Self> {
        Self::ALL.get(usize::from(byte).checked_sub(1)?).copied()
    }
}

/// The identifier shown for an entry: its number in the log and the first 20 bits of its leaf hash,
/// `123-k7q2`. It stays the same through restore and change of keys.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct EntryId {
    number: u32,
    /// The first 20 bits of the leaf hash.
    bits: u32,
}

/// The text is no identifier of an entry.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct InvalidId;

impl EntryId {
    pub(crate) fn new(number: u32, leaf: &Hash) -> Self {
        let [a, b, c, ..] = *leaf;
        Self {
            number,
            bits: u32::from_be_bytes([0, a, b, c]) >> 4,
        }
    }

    /// The entry's number in the log, from 0.
    #[must_use]
    pub fn number(self) -> u32 {
        self.number
    }
}

impl FromStr for EntryId {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let (number, code) = text.split_once('-').ok_or(InvalidId)?;
        let plain = number == "0" || !number.starts_with(['0', '+']);
        let values = crockford::values(code).ok_or(InvalidId)?;
        if !plain || values.len() != 4 || code.len() != 4 {
            return Err(InvalidId);
        }
        let bits = values
            .iter()
            .fold(0, |bits, value| bits << 5 | u32::from(*value));
        Ok(Self {
            number: number.parse().map_err(|_| InvalidId)?,
            bits,
        })
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-", self.number)?;
        for shift in [15, 10, 5, 0] {
            write!(
                f,
                "{}",
                crockford::letter(self.bits >> shift & 31).to_ascii_lowercase()
            )?;
        }
        Ok(())
    }
}

impl std::error::Error for InvalidId {}

impl fmt::Display for InvalidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an id: it looks like 123-k7q2")
    }
}

/// 32 random bytes from which an entry's salts follow. They never leave the vault; wiped on drop.
pub(crate) struct Seed(Zeroizing<[u8; 32]>);

impl Seed {
    pub(crate) fn make() -> Result<Self, NoRandomness> {
        random::key().map(Self)
    }

    pub(crate) fn from_bytes(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// EXPOSE: it keys the HMAC that makes salts, and lies in the sealed entry.
    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

/// An entry as it lies in the vault.
pub(crate) struct Entry {
    pub(crate) kind: EntryKind,
    pub(crate) seed: Seed,
    /// What the leaf commits to.
    pub(crate) proven: Object,
    /// What no bundle may contain.
    pub(crate) vault_only: Object,
}

impl Entry {
    /// The object that is sealed.
    pub(crate) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let proven = Zeroizing::new(canonical::object_bytes(&self.proven));
        let vault_only = Zeroizing::new(canonical::object_bytes(&self.vault_only));
        let mut bytes = Zeroizing::new(Vec::with_capacity(44 + proven.len() + vault_only.len()));
        bytes.extend_from_slice(&[VERSION, self.kind.byte(), 0, 0]);
        bytes.extend_from_slice(self.seed.expose());
        for part in [&proven, &vault_only] {
            // An entry is at most 4 MiB; the writer checks the whole.
            bytes.extend_from_slice(&u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
            bytes.extend_from_slice(part);
        }
        bytes
    }

    /// Reads a sealed object; `None` for anything a writer of this format would not write.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        Self::parse_with(bytes, |part| Value::parse_canonical(part).ok())
    }

    /// Reads of a sealed object what a line of a list shows, and what chooses among incidents. Of
    /// the rest nothing is kept or checked, but that the cells are genuine.
    pub(crate) fn parse_line(bytes: &[u8]) -> Option<Self> {
        Self::parse_with(bytes, |part| Value::parse_members(part, &LINE))
    }

    fn parse_with(bytes: &[u8], parse: impl Fn(&[u8]) -> Option<Value>) -> Option<Self> {
        let mut fields = Fields::new(bytes);
        if fields.u8()? != VERSION {
            return None;
        }
        let kind = EntryKind::from_byte(fields.u8()?)?;
        fields.zeros(2)?;
        let seed = Seed::from_bytes(Zeroizing::new(fields.array()?));
        let proven = part(&mut fields, &parse)?;
        let vault_only = part(&mut fields, &parse)?;
        fields.rest().is_empty().then_some(Self {
            kind,
            seed,
            proven,
            vault_only,
        })
    }

    /// Number of the recording entry of the incident that this one is about.
    pub(crate) fn about(&self) -> Option<u32> {
        u32::try_from(self.proven.get("about")?.as_integer()?).ok()
    }

    /// The moment of writing as the device's clock had it, RFC 3339 with its offset.
    pub(crate) fn recorded_at(&self) -> &str {
        self.recorded()
            .and_then(|recorded| recorded.get("at")?.as_text())
            .unwrap_or_default()
    }

    pub(crate) fn recorded(&self) -> Option<&Object> {
        self.proven.get("recorded")?.as_object()
    }

    pub(crate) fn reason(&self) -> Option<&str> {
        self.proven.get("reason")?.as_text()
    }
}

fn part(fields: &mut Fields<'_>, parse: impl Fn(&[u8]) -> Option<Value>) -> Option<Object> {
    let length = usize::try_from(fields.u32()?).ok()?;
    match parse(fields.take(length)?) {
        Some(Value::Object(object)) => Some(object),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn object(json: &str) -> Object {
        match Value::parse(json.as_bytes()) {
            Ok(Value::Object(object)) => object,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn section_8_reads_what_it_wrote() {
        let entry = Entry {
            kind: EntryKind::Amendment,
            seed: Seed::make().unwrap(),
            proven: object(r#"{"about":7,"reason":"қате","recorded":{"at":"x"}}"#),
            vault_only: object(r#"{"private_note":null}"#),
        };
        let bytes = entry.to_bytes();
        let parsed = Entry::parse(&bytes).unwrap();
        assert_eq!(parsed.to_bytes(), bytes);
        assert_eq!(
            (parsed.about(), parsed.reason(), parsed.recorded_at()),
            (Some(7), Some("қате"), "x")
        );

        for (at, byte) in [(0, 2), (1, 0), (1, 12), (2, 1)] {
            let mut bad = bytes.clone();
            bad[at] = byte;
            assert!(Entry::parse(&bad).is_none());
        }
        for length in 0..bytes.len() {
            assert!(Entry::parse(&bytes[..length]).is_none());
        }
        let mut longer = bytes.clone();
        longer.push(0);
        assert!(Entry::parse(&longer).is_none());
    }

    #[test]
    fn section_8_kinds_have_their_bytes_and_names() {
        for byte in 1..=11 {
            let kind = EntryKind::from_byte(byte).unwrap();
            assert_eq!(kind.byte(), byte);
            assert_eq!(EntryKind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(EntryKind::from_byte(0), None);
        assert_eq!(EntryKind::from_byte(12), None);
        assert_eq!(EntryKind::Incident.byte(), 2);
        assert_eq!(EntryKind::Salvaged.byte(), 11);
    }

    #[test]
    fn section_8_ids_name_number_and_leaf() {
        let mut leaf = [0; 32];
        leaf[..3].copy_from_slice(&[0x9a, 0x5c, 0x2f]);
        let id = EntryId::new(123, &leaf);
        assert_eq!(id.to_string(), "123-k9e2");
        assert_eq!("123-K9E2".parse(), Ok(id));
        for bad in [
            "123",
            "123-",
            "-k9e2",
            "123-k9e",
            "123-k9e22",
            "0123-k9e2",
            "+1-k9e2",
            "x-k9e2",
            "4294967296-k9e2",
            "123-k9-2",
            "#12",
            "",
        ] {
            assert_eq!(bad.parse::<EntryId>(), Err(InvalidId), "{bad}");
        }
    }
}
