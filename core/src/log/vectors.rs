//! Vectors of entries, leaves, checkpoints, notes, signatures, proofs and codes, over one log of
//! three entries that FORMAT.md section 21 works through.

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

#[test]
fn section_8_vectors_of_entries() {
    let good = entries()[1].to_bytes();
    let refused =
        |name: &str, comment: &str, body: Vec<u8>| Vector::new(name, "not an entry", comment, body);
    let swapped = but(INCIDENT, r#"{"incident""#, r#"{ "incident""#);
    let spaced = [
        &good[..36],
        &u32::try_from(swapped.len()).unwrap().to_be_bytes(),
        swapped.as_bytes(),
        &good[40 + INCIDENT.len()..],
    ]
    .concat();
    let mut made = vec![
        refused("version-2", "version 2", with(&good, 0, &[2])),
        refused("kind-0", "no kind has the number 0", with(&good, 1, &[0])),
        refused("kind-12", "the last kind is 11", with(&good, 1, &[12])),
        refused(
            "reserved",
            "a reserved byte is not zero",
            with(&good, 3, &[1]),
        ),
        refused(
            "short",
            "the last byte is missing",
            good[..good.len() - 1].to_vec(),
        ),
        refused("long", "a byte follows", [good.as_slice(), b"\n"].concat()),
        refused("not-canonical", "a space in the proven part", spaced),
    ];
    for (number, entry) in entries().iter().enumerate() {
        let name = ["begun", "incident", "amendment"][number];
        let vector = Vector::new(
            name,
            "success",
            "an entry as it lies in cells",
            entry.to_bytes().to_vec(),
        );
        made.push(
            vector
                .key("kind", entry.kind.name())
                .key(
                    "about",
                    entry
                        .about()
                        .map_or("-".to_owned(), |about| about.to_string()),
                )
                .key("recorded-at", entry.recorded_at()),
        );
    }
    vectors::settle("entry", &made);
    vectors::check("entry", |keys, body| match Entry::parse(body) {
        None => "not an entry",
        Some(entry) => {
            keys.same("kind", entry.kind.name());
            keys.same(
                "about",
                entry
                    .about()
                    .map_or("-".to_owned(), |about| about.to_string()),
            );
            keys.same("recorded-at", entry.recorded_at());
            assert_eq!(*entry.to_bytes(), body);
            "success"
        }
    });
}

#[test]
fn section_10_vectors_of_leaves() {
    let leaves = leaves();
    let vector = |name: &str, expect: &str, comment: &str, number: usize, entry: &Entry| {
        Vector::new(name, expect, comment, entry.to_bytes().to_vec())
            .key("number", number)
            .key("leaf", hex::encode(&leaves[number.min(2)]))
    };
    let good = entries();
    let changed = |from: &str, to: &str| {
        entry(
            0xc1,
            EntryKind::Incident,
            &but(INCIDENT, from, to),
            r#"{"private_note":"only for me"}"#,
        )
    };
    let mut made: Vec<Vector> = (0..3)
        .map(|number| {
            let id = EntryId::new(number as u32, &leaves[number]);
            let name = ["begun", "incident", "amendment"][number];
            vector(
                name,
                "success",
                "an entry and its leaf hash",
                number,
                &good[number],
            )
            .key("id", id)
        })
        .collect();
    let other = "another leaf";
    made.extend([
        vector(
            "seed",
            other,
            "another seed gives other salts",
            1,
            &entry(
                0xc2,
                EntryKind::Incident,
                INCIDENT,
                r#"{"private_note":"only for me"}"#,
            ),
        ),
        vector("value", other, "another count", 1, &changed("34", "35")),
        vector(
            "words",
            other,
            "a Latin e for a Cyrillic one in the narrative",
            1,
            &changed("Түнде", "Түндe"),
        ),
        vector(
            "contact",
            other,
            "another contact of the first person",
            1,
            &changed("00 00\"", "00 01\""),
        ),
        vector(
            "private-note",
            other,
            "another private note, which no bundle shows",
            1,
            &entry(
                0xc1,
                EntryKind::Incident,
                INCIDENT,
                r#"{"private_note":"only for us"}"#,
            ),
        ),
        vector(
            "no-private-note",
            other,
            "the private note was taken away",
            1,
            &entry(0xc1, EntryKind::Incident, INCIDENT, "{}"),
        ),
        vector(
            "recorded",
            other,
            "another moment of writing",
            1,
            &changed("10:01:00", "10:01:01"),
        ),
        Vector::new(
            "number",
            other,
            "the same entry at another place",
            good[1].to_bytes().to_vec(),
        )
        .key("number", 2)
        .key("leaf", hex::encode(&leaves[1])),
        vector(
            "about",
            other,
            "the same amendment about another incident",
            2,
            &entry(
                0xc2,
                EntryKind::Amendment,
                &but(AMENDMENT, r#""about":1"#, r#""about":0"#),
                "{}",
            ),
        ),
        vector(
            "kind",
            other,
            "the same fields as another kind",
            0,
            &entry(
                0xc0,
                EntryKind::Salvaged,
                BEGUN,
                &format!(
                    r#"{{"signing_seed":"{}"}}"#,
                    hex::encode(&counting::<32>(SIGNING_SEED))
                ),
            ),
        ),
    ]);
    vectors::settle("leaf", &made);
    vectors::check("leaf", |keys, body| {
        let (number, leaf) = (keys.number("number"), keys.hex("leaf"));
        let found = Leaf::of(number, &Entry::parse(body).unwrap()).hash();
        if found != leaf {
            return "another leaf";
        }
        keys.same("id", EntryId::new(number, &leaf));
        "success"
    });
}

#[test]
fn section_11_vectors_of_checkpoints() {
    let text = checkpoint(3).text();
    let refused = |name: &str, comment: &str, text: String| {
        Vector::new(name, "not a checkpoint", comment, text)
    };
    let made = [
        Vector::new(
            "size-3",
            "success",
            "the log of the worked examples",
            text.clone(),
        )
        .key("size", 3)
        .key("root", hex::encode(&checkpoint(3).root))
        .key("code", Fingerprint::of(&checkpoint(3))),
        refused(
            "leading-zero",
            "the size has a leading zero",
            but(&text, "\n3\n", "\n03\n"),
        ),
        refused("plus", "the size has a sign", but(&text, "\n3\n", "\n+3\n")),
        refused("size-0", "the size is 0", but(&text, "\n3\n", "\n0\n")),
        refused(
            "size-2-32",
            "the size needs more than 32 bits",
            but(&text, "\n3\n", "\n4294967296\n"),
        ),
        refused("crlf", "lines end in CR LF", text.replace('\n', "\r\n")),
        refused(
            "extension",
            "an extension line follows",
            format!("{text}extension\n"),
        ),
        refused(
            "no-last-lf",
            "the last LF is missing",
            text.trim_end().to_owned(),
        ),
        refused(
            "no-padding",
            "the root has no base64 padding",
            but(&text, "=\n", "\n"),
        ),
        refused(
            "version-2",
            "an origin of another version",
            but(&text, ".v1/", ".v2/"),
        ),
        refused(
            "upper-case",
            "the origin's hex is upper case",
            but(&text, &text[18..82], &text[18..82].to_uppercase()),
        ),
    ];
    vectors::settle("checkpoint", &made);
    vectors::check("checkpoint", |keys, body| {
        let Some(checkpoint) = Checkpoint::parse(std::str::from_utf8(body).unwrap()) else {
            return "not a checkpoint";
        };
        keys.same("size", checkpoint.size);
        keys.same("root", hex::encode(&checkpoint.root));
        keys.same("code", Fingerprint::of(&checkpoint));
        "success"
    });
}

#[test]
fn section_11_vectors_of_notes() {
    let (key, checkpoint) = (log_key(), checkpoint(3));
    let note = key.sign_note(&checkpoint);
    let raw = key.sign(checkpoint.text().as_bytes());
    let other = LogKey::from_seed(&Zeroizing::new(counting(0)));
    let vector = |name: &str, expect: &str, comment: &str, note: String| {
        Vector::new(name, expect, comment, note)
            .key("public-key", hex::encode(key.public().as_bytes()))
            .key("rawsig", hex::encode(&raw))
    };
    let bad = "not signed";
    let signature = note.rsplit(' ').next().unwrap();
    let blob = STANDARD.decode(signature.trim()).unwrap();
    let sealed = |blob: Vec<u8>| but(&note, signature, &format!("{}\n", STANDARD.encode(blob)));
    let made = [
        vector(
            "size-3",
            "success",
            "the checkpoint of the worked examples",
            note.clone(),
        ),
        vector(
            "key-id",
            bad,
            "another key id",
            sealed(with(&blob, 0, &[blob[0] ^ 1])),
        ),
        vector(
            "signature",
            bad,
            "one bit of the signature",
            sealed(with(&blob, 67, &[blob[67] ^ 1])),
        ),
        vector(
            "size",
            bad,
            "another size under the same signature",
            but(&note, "\n3\n", "\n4\n"),
        ),
        vector(
            "second-signature",
            bad,
            "a second signature line",
            format!("{note}\u{2014} other AAAA\n"),
        ),
        vector(
            "hyphen",
            bad,
            "a hyphen for the em dash",
            but(&note, "\u{2014}", "-"),
        ),
        Vector::new(
            "another-key",
            bad,
            "signed by another key under this name",
            note.clone(),
        )
        .key("public-key", hex::encode(other.public().as_bytes()))
        .key("rawsig", hex::encode(&raw)),
    ];
    vectors::settle("note", &made);
    vectors::check("note", |keys, body| {
        let key = LogPublicKey::from_bytes(&keys.hex("public-key")).unwrap();
        let raw: [u8; 64] = keys.hex("rawsig");
        let note = std::str::from_utf8(body).unwrap();
        let text = &note[..=note.find("\n\n").unwrap()];
        let signed = Checkpoint::parse(text).is_some_and(|checkpoint| {
            key.verify(text.as_bytes(), &raw) && key.is_note(note, &checkpoint, &raw)
        });
        if signed { "success" } else { "not signed" }
    });
}

#[test]
fn section_11_vectors_of_ssh_signatures() {
    let (key, text) = (log_key(), checkpoint(3).text());
    let good = key.sign_ssh(CHECKPOINT_NAMESPACE, text.as_bytes());
    let other = LogKey::from_seed(&Zeroizing::new(counting(0)));
    let vector = |name: &str, expect: &str, comment: &str, namespace: &str, armored: String| {
        Vector::new(name, expect, comment, armored)
            .key("public-key", hex::encode(key.public().as_bytes()))
            .key("namespace", namespace)
            .key("message", STANDARD.encode(&text))
    };
    let bad = "not signed";
    let namespace = CHECKPOINT_NAMESPACE;
    let made = [
        vector(
            "checkpoint",
            "success",
            "the checkpoint of the worked examples",
            namespace,
            good.clone(),
        ),
        vector(
            "namespace",
            bad,
            "a signature for another purpose",
            BUNDLE_NAMESPACE,
            good.clone(),
        ),
        vector(
            "another-key",
            bad,
            "a good signature by another key",
            namespace,
            other.sign_ssh(namespace, text.as_bytes()),
        ),
        vector(
            "message",
            bad,
            "a good signature over another text",
            namespace,
            key.sign_ssh(namespace, b"another text\n"),
        ),
        vector(
            "columns",
            bad,
            "one base64 line is broken earlier",
            namespace,
            but(&good, "SIGNATURE-----\nU1NI", "SIGNATURE-----\nU1NI\n"),
        ),
        vector(
            "crlf",
            bad,
            "lines end in CR LF",
            namespace,
            good.replace('\n', "\r\n"),
        ),
    ];
    vectors::settle("sshsig", &made);
    vectors::check("sshsig", |keys, body| {
        let key = LogPublicKey::from_bytes(&keys.hex("public-key")).unwrap();
        let (namespace, message) = (keys.text("namespace"), keys.text("message"));
        let message = STANDARD.decode(message).unwrap();
        let armored = std::str::from_utf8(body).unwrap();
        if key.verify_ssh(&namespace, &message, armored) {
            "success"
        } else {
            "not signed"
        }
    });
}

#[test]
fn section_11_vectors_of_proofs() {
    vectors::settle(
        "proof",
        &[inclusion_vectors(), consistency_vectors()].concat(),
    );
    vectors::check("proof", |keys, body| {
        let text = std::str::from_utf8(body).unwrap();
        match keys.text("proof").as_str() {
            "inclusion" => read_inclusion(keys, text),
            "consistency" => read_consistency(keys, text),
            other => panic!("{other}"),
        }
    });
}

fn inclusion_vectors() -> Vec<Vector> {
    let note = log_key().sign_note(&checkpoint(3));
    let text = InclusionProof {
        index: 1,
        hashes: inclusion(1, 3),
        note,
    }
    .text();
    let vector = |name: &str, expect: &str, comment: &str, size: u32, text: String| {
        Vector::new(&format!("inclusion-{name}"), expect, comment, text)
            .key("proof", "inclusion")
            .key("size", size)
            .key("leaf", hex::encode(&leaves()[1]))
            .key("root", hex::encode(&checkpoint(size).root))
    };
    let lines: Vec<&str> = text.lines().collect();
    let (first, second) = (lines[2], lines[3]);
    let (bad, form) = ("not included", "not a proof");
    let flipped = STANDARD.encode(leaves()[0].map(|byte| byte ^ 1));
    vec![
        vector(
            "1-of-3",
            "success",
            "entry 1 in the log of three",
            3,
            text.clone(),
        ),
        vector("1-of-2", bad, "a proof for another size", 2, text.clone()),
        vector(
            "index",
            bad,
            "the index of another leaf",
            3,
            but(&text, "index 1\n", "index 2\n"),
        ),
        vector(
            "index-out",
            bad,
            "an index that the log does not reach",
            3,
            but(&text, "index 1\n", "index 3\n"),
        ),
        vector("hash", bad, "another hash", 3, but(&text, first, &flipped)),
        vector(
            "order",
            bad,
            "two hashes exchanged",
            3,
            but(
                &text,
                &format!("{first}\n{second}"),
                &format!("{second}\n{first}"),
            ),
        ),
        vector(
            "short",
            bad,
            "the last hash is missing",
            3,
            but(&text, &format!("{second}\n"), ""),
        ),
        vector(
            "long",
            bad,
            "a hash too many",
            3,
            but(
                &text,
                &format!("{second}\n"),
                &format!("{second}\n{first}\n"),
            ),
        ),
        vector(
            "hash-31",
            form,
            "a hash of 31 bytes",
            3,
            but(&text, first, &STANDARD.encode([1; 31])),
        ),
        vector(
            "leading-zero",
            form,
            "the index has a leading zero",
            3,
            but(&text, "index 1", "index 01"),
        ),
        vector(
            "version",
            form,
            "another version",
            3,
            but(&text, "@v1", "@v2"),
        ),
        vector(
            "no-note",
            form,
            "no signed note follows",
            3,
            text[..text.find("\n\n").unwrap()].to_owned(),
        ),
    ]
}

fn read_inclusion(keys: &mut Keys, text: &str) -> &'static str {
    let (size, leaf, root) = (keys.number("size"), keys.hex("leaf"), keys.hex("root"));
    match InclusionProof::parse(text) {
        None => "not a proof",
        Some(proof) if tree::verify_inclusion(&leaf, proof.index, size, &proof.hashes, &root) => {
            "success"
        }
        Some(_) => "not included",
    }
}

fn consistency_vectors() -> Vec<Vector> {
    let text = |old, new| {
        ConsistencyProof {
            old,
            new,
            hashes: consistency(old, new),
        }
        .text()
    };
    let vector = |name: &str, expect: &str, comment: &str, (old, new), text: String| {
        Vector::new(&format!("consistency-{name}"), expect, comment, text)
            .key("proof", "consistency")
            .key("old-root", hex::encode(&checkpoint(old).root))
            .key("new-root", hex::encode(&checkpoint(new).root))
    };
    let good = text(2, 3);
    let hash = good.lines().nth(4).unwrap().to_owned();
    let flipped = STANDARD.encode(leaves()[2].map(|byte| byte ^ 1));
    let (bad, form) = ("not consistent", "not a proof");
    vec![
        vector(
            "2-3",
            "success",
            "the log of three begins with that of two",
            (2, 3),
            good.clone(),
        ),
        vector(
            "1-3",
            "success",
            "the log of three begins with that of one",
            (1, 3),
            text(1, 3),
        ),
        vector("old-root", bad, "another older root", (1, 3), good.clone()),
        vector("new-root", bad, "another newer root", (2, 2), good.clone()),
        vector(
            "hash",
            bad,
            "another hash",
            (2, 3),
            but(&good, &hash, &flipped),
        ),
        vector(
            "long",
            bad,
            "a hash too many",
            (2, 3),
            format!("{good}{hash}\n"),
        ),
        vector(
            "short",
            bad,
            "no hash",
            (2, 3),
            but(&good, &format!("{hash}\n"), ""),
        ),
        vector(
            "old-0",
            bad,
            "every log begins with the empty one: it says nothing",
            (2, 3),
            but(&good, "old 2", "old 0"),
        ),
        vector(
            "backwards",
            bad,
            "the older is larger",
            (2, 3),
            but(&good, "old 2", "old 4"),
        ),
        vector(
            "leading-zero",
            form,
            "a size has a leading zero",
            (2, 3),
            but(&good, "old 2", "old 02"),
        ),
        vector(
            "version",
            form,
            "another version",
            (2, 3),
            but(&good, "@v1", "@v2"),
        ),
        vector(
            "no-last-lf",
            form,
            "the last LF is missing",
            (2, 3),
            good.trim_end().to_owned(),
        ),
    ]
}

fn read_consistency(keys: &mut Keys, text: &str) -> &'static str {
    let (old, new) = (keys.hex("old-root"), keys.hex("new-root"));
    match ConsistencyProof::parse(text) {
        None => "not a proof",
        Some(proof)
            if tree::verify_consistency(proof.old, proof.new, &proof.hashes, &old, &new) =>
        {
            "success"
        }
        Some(_) => "not consistent",
    }
}

#[test]
fn sections_4_and_11_vectors_of_codes() {
    let fingerprint = Fingerprint::of(&checkpoint(3)).to_string();
    let bits = hex::encode(&checkpoint(3).hash()[..15]);
    let secret: [u8; 16] = counting(0x90);
    let check: [u8; 32] = Sha256::new_with_prefix(b"idv1/code")
        .chain_update(secret)
        .finalize()
        .into();
    let recovery = crate::crockford::encode(&[secret.as_slice(), &check[..4]].concat());
    let grouped: Vec<&str> = (0..8).map(|i| &recovery[4 * i..4 * i + 4]).collect();
    let recovery = grouped.join("-");
    let vector = |name: &str, code: &str, expect: &str, comment: &str, text: String| {
        Vector::new(
            &format!("{code}-{name}"),
            expect,
            comment,
            format!("{text}\n"),
        )
        .key("code", code)
    };
    let swap = |text: &str| {
        // The first two characters, which differ.
        let (a, b) = (&text[..1], &text[1..2]);
        assert_ne!(a, b);
        format!("{b}{a}{}", &text[2..])
    };
    let fold = |text: &str| {
        text.to_lowercase()
            .replace('-', " ")
            .replace('0', "o")
            .replace('1', "l")
    };
    let mut made = Vec::new();
    for (code, text, value) in [
        ("fingerprint", &fingerprint, bits),
        ("recovery", &recovery, hex::encode(&secret)),
    ] {
        let shown = |vector: Vector| vector.key("value", &value).key("shown", text);
        made.extend([
            shown(vector(
                "as-shown",
                code,
                "success",
                "as it is printed",
                text.clone(),
            )),
            shown(vector(
                "as-typed",
                code,
                "success",
                "small letters, spaces, o for 0 and l for 1",
                fold(text),
            )),
            vector(
                "swapped",
                code,
                "mistyped",
                "the first two characters exchanged",
                swap(text),
            ),
            vector(
                "short",
                code,
                "not a code",
                "the last character is missing",
                text[..text.len() - 1].to_owned(),
            ),
            vector(
                "long",
                code,
                "not a code",
                "a character too many",
                format!("{text}0"),
            ),
            vector(
                "letter-u",
                code,
                "not a code",
                "U is not of the alphabet",
                format!("U{}", &text[1..]),
            ),
        ]);
    }
    vectors::settle("code", &made);
    vectors::check("code", |keys, body| {
        let (code, text) = (
            keys.text("code"),
            std::str::from_utf8(body).unwrap().trim_end(),
        );
        if code == "recovery" {
            return match RecoveryCode::parse(text.as_bytes()) {
                Ok(code) => {
                    keys.same("shown", code.reveal().as_str());
                    let secret = crate::vault::SecretBytes::from(&code);
                    keys.same("value", hex::encode(&secret.expose()[1..]));
                    "success"
                }
                Err(SecretError::Mistyped) => "mistyped",
                Err(_) => "not a code",
            };
        }
        use super::fingerprint::InvalidFingerprint;
        match text.parse::<Fingerprint>() {
            Ok(code) => {
                keys.same("shown", code);
                assert_eq!(Fingerprint::of(&checkpoint(3)), code);
                keys.same("value", hex::encode(&checkpoint(3).hash()[..15]));
                "success"
            }
            Err(InvalidFingerprint::Mistyped) => "mistyped",
            Err(InvalidFingerprint::NotACode) => "not a code",
        }
    });
}
