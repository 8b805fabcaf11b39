//! The whole way through the library: record, change, attach, look, export, verify, check.

mod bundles;
mod erasing;
mod faults;
mod files;
mod leaving;
mod pages;

use std::fs;
use std::path::PathBuf;

use super::fixture::everything;
use super::*;
use crate::bundle::{Anchor, Check, Level, VerifyOptions, verify};
use crate::incident::Behaviour;
use crate::progress::{NoProgress, Progress};
use crate::time::{SystemClock, TimeRange, When};

struct Case {
    folder: tempfile::TempDir,
    diary: Option<Diary>,
}

impl Case {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let passphrase = NewPassphrase::even_if_weak(b"a").unwrap();
        let path = folder.path().join("vault");
        let cost = KdfCost::DangerCheapForTests;
        let (diary, _) = Diary::create(&path, &passphrase, cost, Box::new(SystemClock)).unwrap();
        Self {
            folder,
            diary: Some(diary),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn diary(&mut self) -> &mut Diary {
        self.diary.as_mut().unwrap()
    }

    fn reopen(&mut self) {
        self.diary = None;
        self.diary = Some(super::fixture::open(&self.path("vault")));
    }

    fn add(&mut self, json: &str) -> IncidentRef {
        let incident = Incident::parse(json.as_bytes(), &SystemClock).unwrap();
        IncidentRef::Id(self.diary().add(&incident).unwrap().id)
    }

    fn attach(&mut self, which: &IncidentRef, name: &str, bytes: &[u8]) -> Item {
        let file = self.path(name);
        fs::write(&file, bytes).unwrap();
        let options = AttachOptions::default();
        self.diary()
            .attach(which, &file, &options, &mut NoProgress)
            .unwrap()
    }

    fn export(&mut self, selection: &Selection, name: &str) -> Result<Exported, Error> {
        let confirmed = self
            .diary()
            .confirm(&Passphrase::new(b"a").unwrap())
            .unwrap();
        let out = self.path(name);
        self.diary()
            .export(selection, &out, confirmed, &mut NoProgress)
    }

    fn files(&self, folder: &str) -> Vec<String> {
        let names = fs::read_dir(self.path(folder)).unwrap();
        names
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }
}

const ONE: &str = r#"{"occurred":{"from":"2026-10-03T21:15+05:00","precision":"about"},
    "narrative":"Ол тағы да кіреберісте күтіп тұрды.\nСосын кетті.","verbatim":["Всё равно найду"],
    "behaviours":["waiting","threat"],"people":[{"key":"p1","role":"perpetrator","name":"Х",
    "contact":"+7 700 000 00 00"},{"role":"witness","name":"W","contact":"secret contact"}],
    "private_note":"canary note"}"#;
const TWO: &str = r#"{"occurred":{"from":"2026-11-01"},"narrative":"Звонки всю ночь","behaviours":["calls"],"count":34}"#;

#[test]
fn one_incident_from_the_form_to_a_verified_bundle() {
    let mut case = Case::new();
    let one = case.add(ONE);
    let two = case.add(TWO);
    let item = case.attach(&one, "photo.jpg", b"\xff\xd8\xff\xe0 a picture");
    assert!(!item.duplicate);
    assert!(
        case.attach(&two, "same.jpg", b"\xff\xd8\xff\xe0 a picture")
            .duplicate
    );
    let changes = br#"{"narrative":"Corrected","people":null,"private_note":"another canary"}"#;
    let changes = Changes::parse(changes, &SystemClock).unwrap();
    let code = case.diary().fingerprint().unwrap();
    case.diary()
        .amend(&one, &changes, "I remembered more")
        .unwrap();
    case.reopen();

    let mut selection = everything();
    selection.withhold = vec![
        (None, "verbatim".parse().unwrap()),
        (None, "people[1]".parse().unwrap()),
    ];
    let preview = case.diary().preview(&selection).unwrap();
    let exported = case.export(&selection, "out.zip").unwrap();
    assert_eq!((exported.incidents, exported.in_log), (2, 2));
    let out = case.path("out.zip");
    let verdict = verify(&out, &VerifyOptions::default(), &mut NoProgress).unwrap();
    assert!(verdict.sound, "{:#?}", verdict.findings);
    assert_eq!(verdict.anchor, Anchor::None);

    let fingerprint = Some(code);
    let verdict = verify(&out, &VerifyOptions { fingerprint }, &mut NoProgress).unwrap();
    assert!(verdict.sound);
    assert_eq!(verdict.anchor, Anchor::Fingerprint);
    let numbers: Vec<u32> = verdict.covered.iter().map(|id| id.number()).collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    let newer =
        |f: &&crate::bundle::Finding| f.level == Level::Warning && f.check == Check::Fingerprint;
    assert_eq!(verdict.findings.iter().filter(newer).count(), 1);

    // What the preview named is what the bundle holds, and nothing private.
    let container = crate::bundle::container::Container::open(&out).unwrap();
    let held: Vec<(String, u64)> = container
        .entries()
        .iter()
        .map(|e| (e.path.as_str().to_owned(), e.size))
        .collect();
    let named: Vec<(String, u64)> = preview
        .files
        .into_iter()
        .map(|file| (file.path, file.bytes))
        .collect();
    assert_eq!(held, named);
    let bytes = fs::read(&out).unwrap();
    for canary in [
        "canary note",
        "another canary",
        "secret contact",
        "равно найду",
    ] {
        assert!(!contains(&bytes, canary), "{canary}");
    }
    assert!(contains(&bytes, "Corrected") && contains(&bytes, "a picture"));
    assert!(case.diary().check(&mut NoProgress).unwrap().sound);
    assert!(case.diary().is_ancestor(&code).unwrap());
    assert!(case.diary().is_ancestor(&exported.fingerprint).unwrap());
    assert!(matches!(
        case.export(&everything(), "out.zip"),
        Err(Error::TargetExists)
    ));
}

#[test]
fn section_16_a_token_tells_an_old_copy_from_the_newest() {
    let mut case = Case::new();
    case.add(ONE);
    let old = case.diary().new_token(None).unwrap();
    assert_eq!(case.diary().token_status(&old).unwrap(), TokenStatus::Equal);
    let copy = case.path("copy");
    case.diary = None;
    let copy_vault = |from: &std::path::Path, to: &std::path::Path| {
        fs::create_dir_all(to.join("evidence")).unwrap();
        for name in ["header", "log.db", "lock"] {
            fs::copy(from.join(name), to.join(name)).unwrap();
        }
    };
    copy_vault(&case.path("vault"), &copy);
    case.reopen();
    case.add(TWO);
    assert_eq!(case.diary().token_status(&old).unwrap(), TokenStatus::Newer);
    let new = case.diary().new_token(Some(&old)).unwrap();
    case.diary = None;
    fs::remove_dir_all(case.path("vault")).unwrap();
    copy_vault(&copy, &case.path("vault"));
    case.reopen();
    assert_eq!(case.diary().token_status(&new).unwrap(), TokenStatus::Older);
    case.add(ONE);
    assert_eq!(
        case.diary().token_status(&new).unwrap(),
        TokenStatus::Forked
    );
    let foreign = crate::vault::Token::from_bytes(&[7; 160]).unwrap();
    assert_eq!(
        case.diary().token_status(&foreign).unwrap(),
        TokenStatus::Unknown
    );
    assert!(crate::vault::Token::from_bytes(&[7; 159]).is_none());
}

#[test]
fn drafts_are_kept_sealed_one_a_form() {
    let mut case = Case::new();
    let size = case.diary().log.size();
    case.diary()
        .save_draft("add", "жазылып жатыр".as_bytes())
        .unwrap();
    case.diary().save_draft("amend", &[b'x'; 9_000]).unwrap();
    case.reopen();
    let draft = case.diary().draft("add").unwrap().unwrap();
    assert_eq!(*draft, "жазылып жатыр".as_bytes());
    case.diary().discard_draft("amend").unwrap();
    assert_eq!(case.diary().draft("amend").unwrap(), None);
    assert_eq!(case.diary().log.size(), size);
    assert!(matches!(
        case.diary().save_draft("A", b""),
        Err(Error::Form(_))
    ));
    assert!(matches!(
        case.diary().save_draft("a", &[0xff]),
        Err(Error::Form(_))
    ));
    assert!(case.diary().save_draft("a", &[b'x'; 300_000]).is_err());
    assert!(case.diary().check(&mut NoProgress).unwrap().sound);
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}
