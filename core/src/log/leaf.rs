//! Commitments and leaves: what the tree holds of an entry (FORMAT.md 10).

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::entry::{Entry, EntryKind, Seed};
use super::tree::{self, Hash};
use crate::bytes::put;
use crate::canonical::{Object, Value};
use crate::incident;

/// A salt of one field; it stays secret until the field is shown.
pub(crate) type Salt = [u8; 32];

/// Name of the commitment over the private note, which is never shown.
pub(crate) const PRIVATE: &str = "private";

/// One field of an entry: its name and the bytes that are committed.
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) value: Zeroizing<Vec<u8>>,
}

/// Everything a leaf says: which entry, what kind, about what, and a commitment for each field.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Leaf {
    pub(crate) number: u32,
    pub(crate) kind: EntryKind,
    /// The recording entry of the incident that the entry is about.
    pub(crate) about: Option<u32>,
    /// By name, sorted by bytes.
    pub(crate) commitments: BTreeMap<String, Hash>,
}

impl Leaf {
    /// The leaf of an entry in the vault.
    pub(crate) fn of(number: u32, entry: &Entry) -> Self {
        let commitments = fields(entry)
            .into_iter()
            .map(|field| {
                let salt = salt(&entry.seed, &field.name);
                let commitment = commitment(&field.name, &salt, &field.value);
                (field.name, commitment)
            })
            .collect();
        Self {
            number,
            kind: entry.kind,
            about: entry.about(),
            commitments,
        }
    }

    /// RFC 6962 leaf hash over the leaf's text.
    pub(crate) fn hash(&self) -> Hash {
        tree::leaf_hash(self.text().as_bytes())
    }

    /// The text that is hashed (FORMAT.md 10).
    pub(super) fn text(&self) -> String {
        let about = self
            .about
            .map_or_else(|| "-".to_owned(), |about| about.to_string());
        let kind = self.kind.name();
        let mut text = format!("incident-diary/leaf/1\n{}\n{kind}\n{about}\n", self.number);
        for (name, commitment) in &self.commitments {
            text.push_str(name);
            text.push(' ');
            STANDARD.encode_string(commitment, &mut text);
            text.push('\n');
        }
        text
    }
}

/// SHA-256 over domain, name, salt and value, each but the salt with its length.
pub(crate) fn commitment(name: &str, salt: &Salt, value: &[u8]) -> Hash {
    Sha256::new_with_prefix(b"incident-diary/field/1\n")
        .chain_update(length(name.as_bytes()))
        .chain_update(name)
        .chain_update(salt)
        .chain_update(length(value))
        .chain_update(value)
        .finalize()
        .into()
}

/// The salt of a field follows from the entry's seed, so that nothing but the seed is stored.
pub(crate) fn salt(seed: &Seed, name: &str) -> Salt {
    mac(seed, &[b"salt/1\n", name.as_bytes()])
}

/// Names and values of everything an entry commits to.
pub(crate) fn fields(entry: &Entry) -> Vec<Field> {
    let mut fields: Vec<Field> = shown_members(entry.kind, &entry.proven)
        .into_iter()
        .map(|(name, value)| Field {
            name,
            value: Zeroizing::new(value.to_bytes()),
        })
        .collect();
    if matches!(entry.kind, EntryKind::Incident | EntryKind::Amendment) {
        // Always there, so that its presence says nothing.
        let value = match entry.vault_only.get("private_note") {
            Some(note) => Zeroizing::new(note.to_bytes()),
            None => Zeroizing::new(mac(&entry.seed, &[b"private/1\n"]).to_vec()),
        };
        fields.push(Field {
            name: PRIVATE.to_owned(),
            value,
        });
    }
    fields
}

/// Names and values that follow from the proven part alone.
pub(crate) fn shown_members(kind: EntryKind, proven: &Object) -> Vec<(String, Value)> {
    let mut members = Vec::new();
    for (name, value) in proven {
        match (kind, name.as_str(), value) {
            (_, "about", _) => {}
            (EntryKind::Incident, "incident", Value::Object(object))
            | (EntryKind::Amendment, "changes", Value::Object(object)) => {
                members.extend(incident::fields(object));
            }
            (EntryKind::Evidence, "evidence", Value::Object(object)) => {
                members.extend(
                    object
                        .iter()
                        .map(|(name, value)| (name.clone(), value.clone())),
                );
            }
            _ => members.push((name.clone(), value.clone())),
        }
    }
    members
}

fn length(bytes: &[u8]) -> [u8; 4] {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes()
}

pub(crate) fn mac(seed: &Seed, parts: &[&[u8]]) -> [u8; 32] {
    // EXPOSE: HMAC takes plain bytes, padded with zeros to its block (RFC 2104 section 2).
    let mut block = Zeroizing::new([0; 64]);
    put(block.as_mut(), 0, seed.expose());
    let mut mac = Hmac::<Sha256>::new((&*block).into());
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(json: &str) -> Object {
        match Value::parse(json.as_bytes()) {
            Ok(Value::Object(object)) => object,
            other => panic!("{other:?}"),
        }
    }

    fn entry(kind: EntryKind, proven: &str, vault_only: &str) -> Entry {
        Entry {
            kind,
            seed: Seed::from_bytes(Zeroizing::new([9; 32])),
            proven: object(proven),
            vault_only: object(vault_only),
        }
    }

    fn names(entry: &Entry) -> Vec<String> {
        Leaf::of(5, entry).commitments.into_keys().collect()
    }

    #[test]
    fn section_10_names_follow_from_the_entry() {
        let incident = entry(
            EntryKind::Incident,
            r#"{"recorded":{"at":"x"},"incident":{"occurred":{"from":"2026-01-01","words":"w"},
                "narrative":"n","people":[{"role":"witness","contact":"c"},{"role":"helper"}]}}"#,
            "{}",
        );
        let expected = [
            "narrative",
            "occurred",
            "occurred.words",
            "people[0]",
            "people[0].contact",
            "people[1]",
            "private",
            "recorded",
        ];
        assert_eq!(names(&incident), expected);

        let evidence = entry(
            EntryKind::Evidence,
            r#"{"recorded":{},"about":3,"evidence":{"sha256":"00","bytes":1,"name":"a"}}"#,
            r#"{"file":"f","key":"k"}"#,
        );
        assert_eq!(names(&evidence), ["bytes", "name", "recorded", "sha256"]);

        let erasure = entry(
            EntryKind::Erasure,
            r#"{"recorded":{},"about":3,"erased":[3,4]}"#,
            "{}",
        );
        assert_eq!(names(&erasure), ["erased", "recorded"]);
    }

    #[test]
    fn section_10_every_part_of_an_entry_changes_its_leaf() {
        let base = || {
            entry(
                EntryKind::Amendment,
                r#"{"about":3,"changes":{"narrative":"a"}}"#,
                "{}",
            )
        };
        let hash = |number, entry: &Entry| Leaf::of(number, entry).hash();
        let original = hash(5, &base());
        assert_eq!(original, hash(5, &base()));
        assert_ne!(original, hash(6, &base()));
        let other = |proven, private| entry(EntryKind::Amendment, proven, private);
        for changed in [
            other(r#"{"about":4,"changes":{"narrative":"a"}}"#, "{}"),
            other(r#"{"about":3,"changes":{"narrative":"b"}}"#, "{}"),
            other(r#"{"about":3,"changes":{"verbatim":["a"]}}"#, "{}"),
            other(
                r#"{"about":3,"changes":{"narrative":"a"}}"#,
                r#"{"private_note":"a"}"#,
            ),
            other(
                r#"{"about":3,"changes":{"narrative":"a"}}"#,
                r#"{"private_note":null}"#,
            ),
            Entry {
                seed: Seed::from_bytes(Zeroizing::new([8; 32])),
                ..base()
            },
            Entry {
                kind: EntryKind::Withdrawal,
                ..base()
            },
        ] {
            assert_ne!(original, hash(5, &changed));
        }
    }

    #[test]
    fn section_10_name_and_value_cannot_run_into_each_other() {
        let salt = [1; 32];
        assert_ne!(commitment("ab", &salt, b"c"), commitment("a", &salt, b"bc"));
    }
}
