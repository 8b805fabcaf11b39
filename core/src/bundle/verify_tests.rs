//! What the owner of the key could sign, and no verifier may call sound.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::assemble::{self, BUNDLE_TXT, BundleText, Contents};
use super::bag::{self, BagInfo, Manifest};
use super::document::{Body, Document, Entry, Stamp};
use super::pictures::{IN_BUNDLE, Pictures};
use super::sample::{self, PICTURE};
use super::{Check, Finding, Language, Level, Rendering, Verdict, VerifyOptions, verify};
use crate::canonical::{MAX_INTEGER, Value};
use crate::log::signature::{BUNDLE_NAMESPACE, LogKey};
use crate::log::{Checkpoint, Fingerprint, Origin};
use crate::progress::NoProgress;
use crate::time::stamp::{Request, authority};

type Files = BTreeMap<String, Vec<u8>>;

#[derive(Clone)]
struct Bundle {
    document: Document,
    files: Files,
}

fn key() -> LogKey {
    LogKey::from_seed(&Zeroizing::new([9; 32]))
}

/// A whole bundle over the sample, with one earlier code.
fn bundle(renderer: &str) -> Bundle {
    let sample = sample::sample(Language::English);
    let mut document = sample.document;
    let origin = key().public().origin();
    document.log.origin = origin.to_string();
    document.exported.renderer = renderer.to_owned();
    let checkpoint = checkpoint(&document, origin);
    let index = |number: u64| usize::try_from(number).unwrap();
    let numbers = document.entries.iter().map(|entry| entry.number);
    let inclusion = numbers.map(|number| {
        let proof = sample::path(index(number), &sample.leaves);
        (u32::try_from(number).unwrap(), proof)
    });
    let older = Checkpoint {
        origin,
        size: 5,
        root: sample::root(&sample.leaves[..5]),
    };
    let (stamp, stamps) = stamp(&older);
    document.stamps.push(stamp);
    let key = key();
    let pictures = pictures(&document);
    let contents = Contents {
        pictures: &pictures,
        inclusion: inclusion.collect(),
        document: &document,
        checkpoint,
        key: &key,
        older: vec![(older, sample::consistency(5, &sample.leaves))],
        stamps,
        codes_given: 1,
    };
    let made = assemble::files(&contents).unwrap();
    let mut files = made.small;
    for path in made.originals.into_keys() {
        files.insert(path, PICTURE.to_vec());
    }
    Bundle { document, files }
}

/// As a verifier finds them: there, and not to be shown.
fn pictures(document: &Document) -> Pictures {
    let read = |_: &Entry| Ok::<_, std::convert::Infallible>(Some(PICTURE.into()));
    let Ok(pictures) = Pictures::load(document, IN_BUNDLE, read);
    pictures
}

/// A token over a checkpoint, with certificates.
fn stamp(checkpoint: &Checkpoint) -> (Stamp, Files) {
    let request = Request::new(checkpoint.hash(), [3; 8]);
    let chain = b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
    let stamp = Stamp {
        size: checkpoint.size.into(),
        number: 1,
        time: "2026-11-22T05:00:00Z".to_owned(),
        signer: authority::SIGNER.to_owned(),
        chain: Some(Sha256::digest(chain).into()),
    };
    let answer = authority::answer(&request, "20261122050000Z");
    let files = Files::from([
        (stamp.request_path(), request.to_bytes()),
        (stamp.answer_path(), answer),
        (stamp.chain_path(), chain.to_vec()),
    ]);
    (stamp, files)
}

fn checkpoint(document: &Document, origin: Origin) -> Checkpoint {
    Checkpoint {
        origin,
        size: u32::try_from(document.log.size).unwrap(),
        root: document.log.root,
    }
}

impl Bundle {
    /// Manifests and signatures over the files as they are now.
    fn sign_again(&mut self) {
        let (mut payload, mut tags) = (Manifest::new(), Manifest::new());
        let in_data = |path: &String| path.starts_with("data/");
        let data = self.files.iter().filter(|(path, _)| in_data(path));
        let mut bytes = 0;
        for (path, content) in data {
            payload
                .insert(path, Sha256::digest(content).into())
                .unwrap();
            bytes += content.len() as u64;
        }
        if let Some(info) = self.files.get_mut(bag::BAG_INFO_TXT) {
            let mut said = BagInfo::parse(info).unwrap();
            (said.payload_bytes, said.payload_files) = (bytes, payload.len() as u64);
            *info = said.to_bytes().unwrap();
        }
        self.put_if_there(bag::MANIFEST, payload.to_bytes());
        let aside = [
            bag::TAG_MANIFEST,
            BUNDLE_TXT,
            "proof/bundle.txt.sig",
            "proof/bundle.txt.rawsig",
        ];
        for (path, content) in &self.files {
            if !in_data(path) && !aside.contains(&path.as_str()) {
                tags.insert(path, Sha256::digest(content).into()).unwrap();
            }
        }
        let tagmanifest = tags.to_bytes();
        let codes = self
            .files
            .keys()
            .filter(|path| path.starts_with("proof/consistency-"));
        let text = BundleText {
            tagmanifest: Sha256::digest(&tagmanifest).into(),
            codes_shown: codes.count(),
            codes_given: 1,
        }
        .text(&self.document);
        self.put_if_there(bag::TAG_MANIFEST, tagmanifest);
        let ssh = key().sign_ssh(BUNDLE_NAMESPACE, text.as_bytes());
        self.put_if_there("proof/bundle.txt.sig", ssh.into_bytes());
        let raw = key().sign(text.as_bytes()).to_vec();
        self.put_if_there("proof/bundle.txt.rawsig", raw);
        self.put_if_there(BUNDLE_TXT, text.into_bytes());
    }

    /// What follows from the document, after it was changed.
    fn render_again(&mut self) {
        let checkpoint = checkpoint(&self.document, key().public().origin());
        let fingerprint = Fingerprint::of(&checkpoint).to_string();
        let rendering = Rendering {
            document: &self.document,
            fingerprint: &fingerprint,
        };
        self.files
            .extend(assemble::rendered(&rendering, &pictures(&self.document)));
        let json = self.document.to_bytes();
        self.put_if_there("data/incidents.json", json);
    }

    fn put_if_there(&mut self, path: &str, bytes: Vec<u8>) {
        if let Some(held) = self.files.get_mut(path) {
            *held = bytes;
        }
    }

    fn write(&self, folder: &Path) {
        for (path, bytes) in &self.files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }

    fn verdict(&self) -> Verdict {
        let folder = tempfile::tempdir().unwrap();
        self.write(folder.path());
        verify(folder.path(), &VerifyOptions::default(), &mut NoProgress).unwrap()
    }

    fn is_sound(&self) -> bool {
        let verdict = self.verdict();
        let failed = verdict.findings.iter().any(|f| f.level == Level::Failure);
        assert_eq!(verdict.sound, !failed);
        verdict.sound
    }
}

#[test]
fn a_bundle_that_lacks_any_file_is_not_sound_whoever_signed_it() {
    for renderer in [super::RENDERER, "diary-core 9.9.9+reports.9"] {
        let mut whole = bundle(renderer);
        assert!(whole.is_sound());
        whole.sign_again();
        assert!(whole.is_sound());
        for path in whole.files.keys() {
            let mut lacking = whole.clone();
            lacking.files.remove(path);
            lacking.sign_again();
            // One pair of files for an earlier code may be left out together, and is counted.
            assert!(!lacking.is_sound(), "{path}");
        }
    }
}

#[test]
fn a_bundle_with_another_byte_or_file_is_not_sound_whoever_signed_it() {
    let whole = bundle(super::RENDERER);
    let paths: Vec<String> = whole.files.keys().cloned().collect();
    let signed = [
        bag::MANIFEST,
        bag::TAG_MANIFEST,
        BUNDLE_TXT,
        "proof/bundle.txt.sig",
        "proof/bundle.txt.rawsig",
    ];
    for path in &paths {
        for again in [false, true] {
            let mut changed = whole.clone();
            if again && (signed.contains(&path.as_str()) || path == bag::BAG_INFO_TXT) {
                continue;
            }
            changed.files.get_mut(path).unwrap().push(b'\n');
            if again {
                changed.sign_again();
            }
            assert!(!changed.is_sound(), "{path} {again}");
        }
        // As large as it was, and nothing says that this file is as it must be.
        let mut flipped = whole.clone();
        *flipped.files.get_mut(path).unwrap().last_mut().unwrap() ^= 1;
        let verdict = flipped.verdict();
        assert!(!verdict.sound, "{path}");
        let praises = |found: &&Finding| found.level == Level::Ok && found.subject == *path;
        assert_eq!(verdict.findings.iter().find(praises), None);
    }
    for path in ["data/more.txt", "proof/more.txt", "verify/more.txt"] {
        let mut more = whole.clone();
        more.files.insert(path.to_owned(), b"more".to_vec());
        more.sign_again();
        assert!(!more.is_sound(), "{path}");
    }
}

/// Else an incident of which one file was erased could be shown as erased itself.
#[test]
fn an_incident_that_is_not_shown_is_erased_only_where_an_entry_says_so() {
    let mut changed = bundle(super::RENDERER);
    let entries = &mut changed.document.entries;
    entries.retain(|entry| ![6, 7].contains(&entry.number));
    for entry in entries.iter_mut() {
        if let Body::Erasure { about, .. } = &mut entry.body {
            *about = 6;
        }
    }
    let counts = &mut changed.document.counts;
    counts.entries_shown -= 2;
    counts.incidents_shown -= 1;
    counts.left_out += 1;
    changed.render_again();
    changed.sign_again();
    let told = |bundle: &Bundle| {
        let findings = bundle.verdict().findings;
        let not_shown = "the incident that it is about is not shown";
        findings.iter().any(|found| found.detail == not_shown)
    };
    assert!(told(&changed));
    // What is lost may be what it is about.
    changed.document.counts.lost = 1;
    changed.render_again();
    changed.sign_again();
    assert!(!told(&changed));
}

#[test]
fn a_checker_is_named_by_its_release_and_one_that_nobody_knows_is_told() {
    let named = |bundle: &Bundle, path: &str| {
        let verdict = bundle.verdict();
        let about = |found: &&Finding| found.check == Check::VerifyFiles && found.subject == path;
        let last = verdict.findings.iter().rfind(about).unwrap();
        (
            verdict.sound,
            last.level,
            last.detail.contains(super::RENDERER),
        )
    };
    for path in ["verify/verify.html", "verify/verify.py"] {
        for renderer in [super::RENDERER, "diary-core 9.9.9+reports.9"] {
            let mut whole = bundle(renderer);
            assert_eq!(named(&whole, path), (true, Level::Ok, true), "{path}");
            whole.files.insert(path.to_owned(), b"says sound".to_vec());
            whole.sign_again();
            // Of another version it may be a checker that this one does not know yet.
            let sound = renderer != super::RENDERER;
            assert_eq!(
                named(&whole, path),
                (sound, Level::Warning, false),
                "{path}"
            );
        }
    }
}

/// A token that is genuine, but not what the bundle says it is; each signed again.
#[test]
fn a_token_of_something_else_is_not_sound_whoever_signed_it() {
    let whole = bundle(super::RENDERER);
    let stamp = whole.document.stamps[0].clone();
    let genuine = Request::parse(&whole.files[&stamp.request_path()]).unwrap();
    let other = Request::new([1; 32], [3; 8]);
    let another_number = Request::new(*genuine.imprint(), [4; 8]);
    let answer = |request, time| authority::answer(request, time);
    let time = "20261122050000Z";
    for (path, bytes) in [
        (stamp.answer_path(), answer(&genuine, "20251122050000Z")),
        (stamp.answer_path(), answer(&other, time)),
        (stamp.answer_path(), answer(&another_number, time)),
        (stamp.request_path(), another_number.to_bytes()),
        (stamp.request_path(), other.to_bytes()),
    ] {
        let mut changed = whole.clone();
        changed.files.insert(path.clone(), bytes);
        changed.sign_again();
        assert!(!changed.is_sound(), "{path}");
    }
    for change in [
        (|stamp: &mut Stamp| stamp.time = "2025-11-22T05:00:00Z".to_owned()) as fn(&mut Stamp),
        |stamp| stamp.signer = "A ministry".to_owned(),
        |stamp| stamp.chain = None,
    ] {
        let mut changed = whole.clone();
        change(&mut changed.document.stamps[0]);
        changed.render_again();
        changed.sign_again();
        assert!(!changed.is_sound());
    }
    // What is said of it is a warning at most, and names no time as the true one.
    let folder = tempfile::tempdir().unwrap();
    whole.write(folder.path());
    let verdict = verify(folder.path(), &VerifyOptions::default(), &mut NoProgress).unwrap();
    let said = verdict
        .findings
        .iter()
        .filter(|f| f.check == Check::TimeStamp);
    let said: Vec<_> = said.collect();
    assert_eq!(said.len(), 1);
    assert_eq!(said[0].level, Level::Warning);
    assert!(
        said[0]
            .detail
            .ends_with("whether to trust the signer must be checked")
    );
}

/// Every value of a document, one after the other, becomes something that nobody writes.
#[test]
fn no_document_that_is_read_makes_a_report_panic() {
    let bytes = sample::document(Language::Russian).to_bytes();
    let value = Value::parse(&bytes).unwrap();
    let mut paths = Vec::new();
    collect(&value, &mut Vec::new(), &mut paths);
    let deep = format!("{}1{}", "[".repeat(90), "]".repeat(90));
    let odd = [
        Value::Null,
        Value::Integer(MAX_INTEGER),
        Value::from(""),
        Value::from("9999-99-99T99:99:99+99:99"),
        Value::from("\u{1f469}\u{200d}\u{1f469}\u{202e}ж-12"),
        Value::List(vec![Value::Null]),
        Value::parse(deep.as_bytes()).unwrap(),
    ];
    let mut rendered = 0;
    for path in &paths {
        for odd in &odd {
            let mut changed = value.clone();
            *at(&mut changed, path) = odd.clone();
            let mut bytes = changed.to_bytes();
            bytes.push(b'\n');
            if let Ok(document) = Document::parse(&bytes) {
                rendered += 1;
                let rendering = Rendering {
                    document: &document,
                    fingerprint: sample::FINGERPRINT,
                };
                // On paper only some of them: each takes a while.
                if rendered % 16 == 0 {
                    let files = assemble::rendered(&rendering, &Pictures::default());
                    assert!(files.contains_key("data/report.pdf"));
                } else {
                    assert!(assemble::rendered_as_text(&rendering).len() >= 5);
                }
            }
        }
    }
    assert!(rendered > 300, "{rendered}");
}

#[derive(Clone)]
enum Step {
    Member(String),
    Element(usize),
}

fn collect(value: &Value, here: &mut Vec<Step>, paths: &mut Vec<Vec<Step>>) {
    paths.push(here.clone());
    let mut enter = |step, value: &Value| {
        here.push(step);
        collect(value, here, paths);
        here.pop();
    };
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                if !matches!(name.as_str(), "salts" | "withheld") {
                    enter(Step::Member(name.clone()), value);
                }
            }
        }
        Value::List(list) => {
            for (index, value) in list.iter().enumerate() {
                enter(Step::Element(index), value);
            }
        }
        _ => {}
    }
}

fn at<'a>(value: &'a mut Value, path: &[Step]) -> &'a mut Value {
    path.iter().fold(value, |value, step| match (value, step) {
        (Value::Object(object), Step::Member(name)) => object.get_mut(name).unwrap(),
        (Value::List(list), Step::Element(index)) => &mut list[*index],
        _ => panic!("no such place"),
    })
}
