//! Vectors of whole bundles: ZIP files over the log of the worked examples with one evidence item
//! more. Another version rendered their reports, so a change of a report's words leaves them alone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Cursor, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::assemble::{self, BundleText, Contents};
use super::bag::{self, BagInfo, Manifest};
use super::document::Document;
use super::zip::ZipWriter;
use super::zip::made::{Made, MadeEntry};
use super::{Anchor, Level, VerifyOptions, verify};
use crate::canonical::{Object, Value};
use crate::hex;
use crate::incident;
use crate::log::entry::{Entry, Seed};
use crate::log::leaf::{self, Leaf};
use crate::log::signature::{CHECKPOINT_NAMESPACE, LogKey};
use crate::log::vectors as log;
use crate::log::{Checkpoint, EntryId, EntryKind, Fingerprint, Hash, tree};
use crate::progress::NoProgress;
use crate::vectors::{self, Vector, counting};

const PICTURE: &[u8] = b"\xff\xd8\xff\xe0 not much of a picture";
const RENDERER: &str = "diary-core 0.0.1";
const STUB: &[u8] = b"rendered by another version\n";

/// The three entries of the worked examples, and an evidence item whose seed is 32 bytes 0xc3.
fn entries() -> Vec<Entry> {
    let mut entries = log::entries();
    let sha256 = hex::encode(&Sha256::digest(PICTURE));
    let proven = format!(
        r#"{{"about":1,"evidence":{{"bytes":{},"media_type":"image/jpeg","name":"a.jpg","sha256":"{sha256}"}},"recorded":{{"at":"2026-11-21T10:03:00+05:00","utc":"2026-11-21T05:03:00Z"}}}}"#,
        PICTURE.len()
    );
    entries.push(Entry {
        kind: EntryKind::Evidence,
        seed: Seed::from_bytes(zeroize::Zeroizing::new([0xc3; 32])),
        proven: object(&proven),
        vault_only: Object::new(),
    });
    entries
}

fn object(json: &str) -> Object {
    match Value::parse_canonical(json.as_bytes()) {
        Ok(Value::Object(object)) => object,
        other => panic!("{other:?}"),
    }
}

fn leaves() -> Vec<Hash> {
    let numbered = (0..).zip(entries());
    numbered
        .map(|(number, entry)| Leaf::of(number, &entry).hash())
        .collect()
}

fn checkpoint(size: u32) -> Checkpoint {
    Checkpoint {
        origin: log::log_key().public().origin(),
        size,
        root: tree::root(&leaves()[..size as usize]),
    }
}

/// The document: everything but the contact of the first person and the private notes.
fn document() -> Document {
    let mut shown = Vec::new();
    for (number, entry) in (0u32..).zip(entries()).skip(1) {
        let (mut salts, mut withheld) = (Object::new(), Object::new());
        let mut names = BTreeSet::new();
        for field in leaf::fields(&entry) {
            let salt = leaf::salt(&entry.seed, &field.name);
            if matches!(field.name.as_str(), "private" | "people[0].contact") {
                let commitment = leaf::commitment(&field.name, &salt, &field.value);
                withheld.insert(field.name.clone(), STANDARD.encode(commitment).into());
                names.insert(field.name);
            } else {
                salts.insert(field.name, STANDARD.encode(salt).into());
            }
        }
        let id = EntryId::new(number, &leaves()[number as usize]);
        let mut members = entry.proven.clone();
        if let Some(Value::Object(object)) = members.get("incident") {
            let part = incident::withhold(object, &names).shown;
            members.insert("incident".to_owned(), Value::Object(part));
        }
        members.insert("number".to_owned(), number.into());
        members.insert("id".to_owned(), id.to_string().into());
        members.insert("kind".to_owned(), entry.kind.name().into());
        members.insert("salts".to_owned(), Value::Object(salts));
        members.insert("withheld".to_owned(), Value::Object(withheld));
        if entry.kind == EntryKind::Evidence {
            members.insert("exhibit".to_owned(), "A-01".into());
            members.insert("file".to_owned(), "data/evidence/a-01.jpg".into());
        }
        shown.push(Value::Object(members));
    }
    let mut document = object(&format!(
        r#"{{"counts":{{"entries_in_log":4,"entries_shown":3,"incidents_in_log":1,"incidents_shown":1,"left_out":0,"unknown_time":0}},"exported":{{"at":{{"at":"2026-11-21T11:00:00+05:00","utc":"2026-11-21T06:00:00Z"}},"language":"en","renderer":"{RENDERER}"}},"format":1,"log":{{"origin":"{}","root":"{}","size":4}},"selection":{{}}}}"#,
        checkpoint(4).origin,
        STANDARD.encode(checkpoint(4).root)
    ));
    document.insert("entries".to_owned(), Value::List(shown));
    let mut bytes = Value::Object(document).to_bytes();
    bytes.push(b'\n');
    Document::parse(&bytes).unwrap()
}

/// The files of a bundle, by path.
#[derive(Clone)]
struct Bundle {
    top: String,
    files: BTreeMap<String, Vec<u8>>,
}

impl Bundle {
    /// A bundle that shows the code given out at size 2.
    fn new() -> Self {
        let document = document();
        let prove = |index| {
            let Ok(proof) = tree::inclusion(&mut leaves().as_slice(), index, 4);
            (index, proof)
        };
        let Ok(older) = tree::consistency(&mut leaves().as_slice(), 2, 4);
        let key = log::log_key();
        let made = assemble::files(&Contents {
            pictures: &super::pictures::Pictures::default(),
            document: &document,
            checkpoint: checkpoint(4),
            key: &key,
            inclusion: vec![prove(1), prove(2), prove(3)],
            older: vec![(checkpoint(2), older)],
            stamps: BTreeMap::new(),
            codes_given: 1,
        });
        let made = made.unwrap();
        let mut bundle = Self {
            top: made.top,
            files: made.small,
        };
        // That version made no report on paper, and had no page that checks.
        for path in ["data/report.pdf", "verify/verify.html"] {
            bundle.files.remove(path).unwrap();
        }
        for path in [
            "data/incidents.csv",
            "data/report.html",
            "start.html",
            "verify/readme.txt",
            "verify/verify.py",
        ] {
            assert!(bundle.files.contains_key(path), "{path}");
            bundle.put(path, STUB);
        }
        bundle.put("data/evidence/a-01.jpg", PICTURE);
        bundle.sealed(&document)
    }

    fn put(&mut self, path: &str, bytes: &[u8]) {
        self.files.insert(path.to_owned(), bytes.to_vec());
    }

    /// Replaces something that must be in a text.
    fn change(mut self, path: &str, from: &str, to: &str) -> Self {
        let text = String::from_utf8(self.files[path].clone()).unwrap();
        assert!(text.contains(from), "{path}: {from}");
        self.put(path, text.replacen(from, to, 1).as_bytes());
        self
    }

    /// Makes manifests and `bundle.txt` fit the files again, and signs: as the log's owner could.
    fn sealed(mut self, document: &Document) -> Self {
        let (mut payload, mut bytes) = (Manifest::new(), 0);
        for (path, file) in self
            .files
            .iter()
            .filter(|(path, _)| path.starts_with("data/"))
        {
            payload.insert(path, Sha256::digest(file).into()).unwrap();
            bytes += file.len() as u64;
        }
        let info = BagInfo {
            bagging_date: "2026-11-21".to_owned(),
            payload_bytes: bytes,
            payload_files: payload.len() as u64,
            external_identifier: self.top.clone(),
            software_agent: RENDERER.to_owned(),
        };
        self.put(bag::BAG_INFO_TXT, &info.to_bytes().unwrap());
        self.put(bag::MANIFEST, &payload.to_bytes());
        self.sealed_tags(document)
    }

    /// The same for the tag manifest and `bundle.txt` alone.
    fn sealed_tags(mut self, document: &Document) -> Self {
        let mut tags = Manifest::new();
        for (path, file) in &self.files {
            let is_tag = !path.starts_with("data/")
                && !path.starts_with("proof/bundle.txt")
                && path != bag::TAG_MANIFEST;
            if is_tag {
                tags.insert(path, Sha256::digest(file).into()).unwrap();
            }
        }
        self.put(bag::TAG_MANIFEST, &tags.to_bytes());
        let text = BundleText {
            tagmanifest: Sha256::digest(tags.to_bytes()).into(),
            codes_shown: 1,
            codes_given: 1,
        };
        self.signed(&text.text(document))
    }

    fn signed(mut self, text: &str) -> Self {
        let key = log::log_key();
        let ssh = key.sign_ssh("bundle@incident-diary.v1", text.as_bytes());
        self.put("proof/bundle.txt.sig", ssh.as_bytes());
        self.put("proof/bundle.txt.rawsig", &key.sign(text.as_bytes()));
        self.put("proof/bundle.txt", text.as_bytes());
        self
    }

    fn zip(&self) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()), &self.top).unwrap();
        for (path, bytes) in &self.files {
            zip.start(path, bytes.len() as u64).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }
}

fn made() -> Vec<Vector> {
    let (good, document) = (Bundle::new(), document());
    let success = |name: &str, comment: &str, zip: Vec<u8>| {
        Vector::new(name, "success", comment, zip)
            .compressed()
            .key("size", 4)
            .key("shown", Fingerprint::of(&checkpoint(4)))
    };
    let bad = |name: &str, expect: &str, comment: &str, bundle: Bundle| {
        Vector::new(name, expect, comment, bundle.zip()).compressed()
    };
    let change = |path: &str, from: &str, to: &str| good.clone().change(path, from, to);
    let again = |path: &str, from: &str, to: &str| change(path, from, to).sealed(&document);
    let with = |path: &str, bytes: &[u8]| {
        let mut bundle = good.clone();
        bundle.put(path, bytes);
        bundle
    };
    let without = |path: &str| {
        let mut bundle = good.clone();
        bundle.files.remove(path).unwrap();
        bundle
    };
    let other = LogKey::from_seed(&zeroize::Zeroizing::new(counting(0)));
    let text = String::from_utf8(good.files["proof/bundle.txt"].clone()).unwrap();
    let tagmanifest = hex::encode(&Sha256::digest(&good.files[bag::TAG_MANIFEST]));
    let tags = String::from_utf8(good.files[bag::TAG_MANIFEST].clone()).unwrap();
    let listed = tags.split_inclusive('\n');
    let listed: String = listed
        .filter(|line| !line.contains("allowed_signers"))
        .collect();
    let mut unlisted = good.clone();
    unlisted.put(bag::TAG_MANIFEST, listed.as_bytes());
    let hash = hex::encode(&Sha256::digest(listed));
    let unlisted = unlisted.signed(&text.replace(&tagmanifest, &hash));
    let checkpoint_text = checkpoint(4).text();
    let ids: Vec<String> = (1..4)
        .map(|number| EntryId::new(number, &leaves()[number as usize]).to_string())
        .collect();
    let rezipped = good
        .files
        .iter()
        .map(|(path, bytes)| MadeEntry::deflated(&format!("{}/{path}", good.top), bytes));
    let first_hash = |path: &str| {
        let text = String::from_utf8(good.files[path].clone()).unwrap();
        let is_hash = |line: &&str| line.len() == 44 && line.ends_with('=');
        text.lines().find(is_hash).unwrap().to_owned()
    };
    let (inclusion, consistency) = ("proof/entry-000001.tlog-proof", "proof/consistency-2-4.txt");
    let no_hash = STANDARD.encode([0; 32]);
    let code = |vector: Vector, size: u32, covered: &[String]| {
        vector
            .key("code", Fingerprint::of(&checkpoint(size)))
            .key("covered", covered.join(" "))
    };
    vec![
        success(
            "whole",
            "as our program writes it; no code from outside",
            good.zip(),
        ),
        code(success("code", "with its own code", good.zip()), 4, &ids),
        code(
            success(
                "earlier-code",
                "with the code given out at size 2",
                good.zip(),
            ),
            2,
            &ids[..1],
        ),
        success(
            "zipped-again",
            "deflated by another program",
            Made::new(rezipped.collect()).bytes(),
        ),
        Vector::new(
            "other-code",
            "fingerprint",
            "with the code of another log",
            good.zip(),
        )
        .compressed()
        .key("code", Fingerprint::of(&checkpoint(3))),
        Vector::new(
            "trailing-byte",
            "container",
            "a byte follows the ZIP file",
            [good.zip().as_slice(), &[0]].concat(),
        )
        .compressed(),
        bad(
            "payload",
            "manifest",
            "a report was changed afterwards",
            with("data/report.html", b"other\n"),
        ),
        bad(
            "unlisted",
            "manifest",
            "a file that no manifest lists",
            unlisted,
        ),
        bad(
            "missing",
            "manifest",
            "a file that a manifest lists",
            without("data/incidents.csv"),
        ),
        bad(
            "tag-manifest",
            "manifest",
            "bundle.txt names another tag manifest",
            good.clone()
                .signed(&text.replace(&tagmanifest, &"0".repeat(64))),
        ),
        bad(
            "extra-file",
            "names",
            "a listed file that nothing calls for",
            with("data/more.txt", b"more\n").sealed(&document),
        ),
        bad(
            "extension",
            "checkpoint",
            "the checkpoint has a fourth line",
            again(
                "proof/checkpoint.txt",
                &checkpoint_text,
                &format!("{checkpoint_text}more\n"),
            ),
        ),
        bad(
            "another-key",
            "key",
            "a key that the origin does not name",
            with("proof/log-key.pub.pem", other.public().to_pem().as_bytes()).sealed(&document),
        ),
        bad(
            "checkpoint-sig",
            "signature",
            "the checkpoint's SSHSIG is by another key",
            with(
                "proof/checkpoint.txt.sig",
                other
                    .sign_ssh(CHECKPOINT_NAMESPACE, checkpoint_text.as_bytes())
                    .as_bytes(),
            )
            .sealed(&document),
        ),
        bad(
            "bundle-rawsig",
            "signature",
            "the raw signature of bundle.txt is by another key",
            with("proof/bundle.txt.rawsig", &other.sign(text.as_bytes())),
        ),
        bad(
            "bundle-text",
            "incidents",
            "bundle.txt says another number of incidents",
            good.clone()
                .signed(&text.replace("incidents 1 of 1", "incidents 1 of 2")),
        ),
        bad(
            "not-canonical",
            "incidents",
            "a space in incidents.json",
            again("data/incidents.json", "{\"counts\"", "{ \"counts\""),
        ),
        bad(
            "value",
            "entry",
            "another count of calls",
            again("data/incidents.json", "\"count\":34", "\"count\":35"),
        ),
        bad(
            "inclusion",
            "inclusion",
            "an inclusion proof with another hash",
            again(inclusion, &first_hash(inclusion), &no_hash),
        ),
        bad(
            "consistency",
            "consistency",
            "a consistency proof with another hash",
            again(consistency, &first_hash(consistency), &no_hash),
        ),
        bad(
            "original",
            "evidence",
            "another original",
            with(
                "data/evidence/a-01.jpg",
                b"\xff\xd8\xff\xe0 not much of a pictures",
            )
            .sealed(&document),
        ),
    ]
}

#[test]
fn section_18_vectors_of_bundles() {
    vectors::settle("bundle", &made());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bundle.zip");
    vectors::check("bundle", |keys, body| {
        fs::write(&path, body).unwrap();
        let code = keys.optional("code").map(|code| code.parse().unwrap());
        let options = VerifyOptions { fingerprint: code };
        let verdict = verify(&path, &options, &mut NoProgress).unwrap();
        let bad = verdict
            .findings
            .iter()
            .filter(|finding| finding.level == Level::Failure);
        let bad: BTreeSet<&'static str> = bad.map(|finding| finding.check.name()).collect();
        assert_eq!(verdict.sound, bad.is_empty());
        if let Some(reason) = bad.first() {
            assert_eq!(bad.len(), 1, "one reason: {bad:?}");
            return reason;
        }
        let checkpoint = verdict.checkpoint.unwrap();
        keys.same("size", checkpoint.size);
        keys.same("shown", Fingerprint::of(&checkpoint));
        if code.is_some() {
            assert_eq!(verdict.anchor, Anchor::Fingerprint);
            let covered: Vec<String> = verdict.covered.iter().map(EntryId::to_string).collect();
            keys.same("covered", covered.join(" "));
        } else {
            assert_eq!(verdict.anchor, Anchor::None);
        }
        "success"
    });
}
