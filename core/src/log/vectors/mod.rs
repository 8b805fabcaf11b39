//! Vectors of entries, leaves, checkpoints, notes, signatures, proofs and codes, over one log of
//! three entries that FORMAT.md section 21 works through.

mod codes;
mod leaves;
mod proofs;
mod signed;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::entry::{Entry, EntryId, EntryKind, Seed};
use super::leaf::Leaf;
use super::proof::{ConsistencyProof, InclusionProof};
use super::signature::{BUNDLE_NAMESPACE, CHECKPOINT_NAMESPACE, LogKey, LogPublicKey};
use super::tree::{self, Hash};
use super::{Checkpoint, Fingerprint};
use crate::canonical::{Object, Value};
use crate::hex;
use crate::vault::{RecoveryCode, SecretError};
use crate::vectors::{self, Keys, Vector, counting};

/// The signing seed of the log.
pub(crate) const SIGNING_SEED: u8 = 0xa0;

const BEGUN: &str = r#"{"recorded":{"at":"2026-11-21T10:00:00+05:00","utc":"2026-11-21T05:00:00Z"},"software":"diary-core 0.1.0"}"#;
const INCIDENT: &str = r#"{"incident":{"behaviours":["calls"],"count":34,"narrative":"Түнде қоңырау шалды","occurred":{"from":"2026-11-20T23:10:00+05:00","precision":"about","words":"after midnight"},"people":[{"contact":"+7 700 000 00 00","key":"p1","role":"perpetrator"}]},"recorded":{"at":"2026-11-21T10:01:00+05:00","utc":"2026-11-21T05:01:00Z","zone":"Asia/Almaty"}}"#;
const AMENDMENT: &str = r#"{"about":1,"changes":{"count":41,"people":null},"reason":"counted again","recorded":{"at":"2026-11-21T10:02:00+05:00","utc":"2026-11-21T05:02:00Z"}}"#;

/// The three entries: begun, an incident, an amendment. The seed of entry n is 32 bytes 0xc0 + n.
pub(crate) fn entries() -> Vec<Entry> {
    let signing_seed = hex::encode(&counting::<32>(SIGNING_SEED));
    let begun = format!(r#"{{"signing_seed":"{signing_seed}"}}"#);
    vec![
        entry(0xc0, EntryKind::Begun, BEGUN, &begun),
        entry(
            0xc1,
            EntryKind::Incident,
            INCIDENT,
            r#"{"private_note":"only for me"}"#,
        ),
        entry(0xc2, EntryKind::Amendment, AMENDMENT, "{}"),
    ]
}

pub(crate) fn leaves() -> Vec<Hash> {
    (0..)
        .zip(entries())
        .map(|(number, entry)| Leaf::of(number, &entry).hash())
        .collect()
}

pub(crate) fn log_key() -> LogKey {
    LogKey::from_seed(&Zeroizing::new(counting(SIGNING_SEED)))
}

/// The log at one of its sizes.
pub(crate) fn checkpoint(size: u32) -> Checkpoint {
    Checkpoint {
        origin: log_key().public().origin(),
        size,
        root: tree::root(&leaves()[..size as usize]),
    }
}

pub(crate) fn inclusion(index: u32, size: u32) -> Vec<Hash> {
    let Ok(proof) = tree::inclusion(&mut leaves().as_slice(), index, size);
    proof
}

pub(crate) fn consistency(old: u32, new: u32) -> Vec<Hash> {
    let Ok(proof) = tree::consistency(&mut leaves().as_slice(), old, new);
    proof
}

/// What FORMAT.md section 21 shows of this log.
pub(crate) fn examples() -> Vec<(&'static str, Vec<u8>)> {
    let (key, entries) = (log_key(), entries());
    let (size_3, size_2) = (checkpoint(3), checkpoint(2));
    let amendment = Leaf::of(2, &entries[2]);
    let salt = super::leaf::salt(&entries[1].seed, "count");
    let commitment = super::leaf::commitment("count", &salt, b"34");
    let note = key.sign_note(&size_3);
    let inclusion = InclusionProof {
        index: 1,
        hashes: inclusion(1, 3),
        note: note.clone(),
    };
    let consistency = ConsistencyProof {
        old: 2,
        new: 3,
        hashes: consistency(2, 3),
    };
    let mut examples: Vec<(&'static str, Vec<u8>)> = vec![
        ("salt", salt.to_vec()),
        ("commitment", commitment.to_vec()),
        ("leaf text", amendment.text().into_bytes()),
        ("root of 3", size_3.root.to_vec()),
        ("public key", key.public().as_bytes().to_vec()),
        ("checkpoint", size_3.text().into_bytes()),
        ("older checkpoint", size_2.text().into_bytes()),
        (
            "fingerprint",
            Fingerprint::of(&size_3).to_string().into_bytes(),
        ),
        ("note", note.into_bytes()),
        ("rawsig", key.sign(size_3.text().as_bytes()).to_vec()),
        (
            "sshsig",
            key.sign_ssh(CHECKPOINT_NAMESPACE, size_3.text().as_bytes())
                .into_bytes(),
        ),
        ("tlog-proof", inclusion.text().into_bytes()),
        ("consistency proof", consistency.text().into_bytes()),
        ("proven part of entry 0", BEGUN.into()),
        ("proven part of entry 1", INCIDENT.into()),
        ("proven part of entry 2", AMENDMENT.into()),
    ];
    for (number, leaf) in (0..).zip(leaves()) {
        examples.push((
            ["leaf 0", "leaf 1", "leaf 2"][number as usize],
            leaf.to_vec(),
        ));
        let id = EntryId::new(number, &leaf).to_string();
        examples.push((["id 0", "id 1", "id 2"][number as usize], id.into_bytes()));
    }
    examples
}

fn entry(seed: u8, kind: EntryKind, proven: &str, vault_only: &str) -> Entry {
    let object = |json: &str| match Value::parse_canonical(json.as_bytes()) {
        Ok(Value::Object(object)) => object,
        other => panic!("{other:?}"),
    };
    let seed = Seed::from_bytes(Zeroizing::new([seed; 32]));
    let (proven, vault_only): (Object, Object) = (object(proven), object(vault_only));
    Entry {
        kind,
        seed,
        proven,
        vault_only,
    }
}

/// The bytes with some of them replaced.
fn with(bytes: &[u8], at: usize, new: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at..at + new.len()].copy_from_slice(new);
    bytes
}

/// The text with something replaced, which must be in it.
fn but(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from}");
    text.replacen(from, to, 1)
}
