//! The whole way through the library: record, change, attach, look, export, verify, check.

mod faults;

use std::fs;
use std::path::PathBuf;

use super::*;
use crate::bundle::{Anchor, Check, Language, Level, VerifyOptions, verify};
use crate::incident::Behaviour;
use crate::progress::NoProgress;
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
        let passphrase = Passphrase::new(b"a").unwrap();
        let path = self.path("vault");
        let clock = Box::new(SystemClock);
        let diary = Diary::danger_open_with_cheap_kdf_for_tests(&path, &passphrase, clock);
        self.diary = Some(diary.unwrap());
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

fn everything() -> Selection {
    Selection {
        period: TimeRange::default(),
        behaviours: Vec::new(),
        people: Vec::new(),
        incidents: Vec::new(),
        without: Vec::new(),
        withhold: Vec::new(),
        originals: Originals::All,
        language: Language::Russian,
        audience: None,
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
fn the_same_export_gives_the_same_files_but_for_its_time() {
    let mut case = Case::new();
    case.add(ONE);
    let first = case.diary().plan_for_tests(&everything());
    let second = case.diary().plan_for_tests(&everything());
    assert_eq!(first.len(), second.len());
    let differing: Vec<&String> = first
        .iter()
        .filter(|(path, bytes)| second.get(*path) != Some(bytes))
        .map(|(p, _)| p)
        .collect();
    for path in differing {
        // Only if the second turned over between the two.
        assert!(
            !path.contains("checkpoint") && !path.contains("entry"),
            "{path}"
        );
    }
}

#[test]
fn pages_are_newest_first_and_meet_without_gap_or_overlap() {
    let mut case = Case::new();
    for i in 0..95 {
        case.add(&format!(
            r#"{{"occurred":{{"from":"2026-01-{:02}"}},"narrative":"n{i}"}}"#,
            i % 28 + 1
        ));
    }
    let mut titles = Vec::new();
    let mut after = None;
    loop {
        let query = Query {
            after,
            limit: Some(40),
            ..Query::default()
        };
        let page = case.diary().list(&query).unwrap();
        titles.extend(
            page.incidents
                .iter()
                .map(|summary| (summary.number, summary.title.clone())),
        );
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let expected: Vec<(u32, String)> = (0..95).rev().map(|i| (i + 1, format!("n{i}"))).collect();
    assert_eq!(titles, expected);
    for limit in [0, 201] {
        let query = Query {
            limit: Some(limit),
            ..Query::default()
        };
        assert!(matches!(case.diary().list(&query), Err(Error::Form(_))));
    }
}

#[test]
fn search_and_filters_find_what_they_should() {
    let mut case = Case::new();
    let one = case.add(ONE);
    case.add(TWO);
    let mut found = |query: Query| -> Vec<u32> {
        let page = case.diary().list(&query).unwrap();
        page.incidents
            .iter()
            .map(|summary| summary.number)
            .collect()
    };
    let search = |text: &str| Query {
        search: Some(text.to_owned()),
        ..Query::default()
    };
    assert_eq!(found(search("кутип ТУРДЫ")), [1]);
    assert_eq!(found(search("найду")), [1]);
    assert_eq!(found(search("canary")), [1]);
    assert_eq!(found(search("ночь звон")), [2]);
    assert!(found(search("нет такого")).is_empty());
    let behaviour = Behaviour::parse("calls").ok();
    assert_eq!(
        found(Query {
            behaviour,
            ..Query::default()
        }),
        [2]
    );
    assert_eq!(
        found(Query {
            person: Some("p1".to_owned()),
            ..Query::default()
        }),
        [1]
    );
    let day = |text: &str| When::parse(text, &SystemClock).ok();
    let period = TimeRange::new(day("2026-10-03"), day("2026-10-31")).unwrap();
    assert_eq!(
        found(Query {
            period,
            ..Query::default()
        }),
        [1]
    );

    // A change is found, and what it replaced is not.
    let changes = Changes::parse(br#"{"verbatim":["zzz"]}"#, &SystemClock).unwrap();
    case.diary().amend(&one, &changes, "because").unwrap();
    let mut found = |text: &str| case.diary().list(&search(text)).unwrap().incidents.len();
    assert_eq!((found("zzz"), found("найду"), found("because")), (1, 0, 1));
    let people = case.diary().people().unwrap();
    assert_eq!(
        (people.len(), people[0].key.as_str(), people[0].incidents),
        (1, "p1", 1)
    );
}

#[test]
fn erased_words_are_gone_and_the_place_stays() {
    let mut case = Case::new();
    let one = case.add(ONE);
    let two = case.add(TWO);
    let item = case.attach(&one, "a.jpg", b"only here");
    let shared = case.attach(&one, "b.jpg", b"in both");
    case.attach(&two, "b.jpg", b"in both");
    assert_eq!(case.files("vault/evidence").len(), 2);

    let erased = case.diary().erase(&one).unwrap();
    assert_eq!((erased.entries, erased.files), (3, 1));
    assert_eq!(case.files("vault/evidence").len(), 1);
    assert!(matches!(case.diary().erase(&one), Err(Error::Erased)));
    assert!(matches!(
        case.diary().amend(
            &one,
            &Changes::parse(br#"{"count":1}"#, &SystemClock).unwrap(),
            "x"
        ),
        Err(Error::Erased)
    ));
    let out = case.path("x");
    for id in [item.id, shared.id] {
        assert!(matches!(
            case.diary().extract(&id, &out, &mut NoProgress),
            Err(Error::Erased)
        ));
    }
    case.reopen();
    assert!(case.diary().show(&one).unwrap().incident.is_none());
    let page = case.diary().list(&Query::default()).unwrap();
    assert_eq!(
        page.incidents.iter().map(|s| s.erased).collect::<Vec<_>>(),
        [false, true]
    );
    let report = case.diary().check(&mut NoProgress).unwrap();
    assert!(report.sound, "{:#?}", report.findings);
    let exported = case.export(&everything(), "out.zip").unwrap();
    assert_eq!(exported.incidents, 2);
}

#[test]
fn an_item_is_erased_alone() {
    let mut case = Case::new();
    let one = case.add(ONE);
    let item = case.attach(&one, "a.jpg", b"only here");
    let erased = case.diary().erase(&IncidentRef::Id(item.id)).unwrap();
    assert_eq!((erased.entries, erased.files), (1, 1));
    assert!(case.files("vault/evidence").is_empty());
    let detail = case.diary().show(&one).unwrap();
    assert!(detail.incident.is_some() && detail.evidence.is_empty());
    assert!(case.diary().check(&mut NoProgress).unwrap().sound);
    // The same file again is a new one.
    assert!(!case.attach(&one, "a.jpg", b"only here").duplicate);
}

#[test]
fn many_files_are_erased_in_several_steps() {
    let mut case = Case::new();
    let one = case.add(ONE);
    for i in 0..70 {
        case.attach(&one, "a.bin", format!("file {i}").as_bytes());
    }
    assert_eq!(
        case.diary().erase(&one).unwrap(),
        Erased {
            entries: 71,
            files: 70
        }
    );
    assert!(case.files("vault/evidence").is_empty());
    case.reopen();
    assert!(case.diary().check(&mut NoProgress).unwrap().sound);
}

#[test]
fn erasing_one_item_a_session_never_fills_the_list_of_doomed_files() {
    let mut case = Case::new();
    let one = case.add(ONE);
    let items: Vec<Item> = (0..70)
        .map(|i| case.attach(&one, "a.bin", format!("file {i}").as_bytes()))
        .collect();
    for item in items {
        case.reopen();
        case.diary().erase(&IncidentRef::Id(item.id)).unwrap();
    }
    assert!(case.files("vault/evidence").is_empty());
}

#[test]
fn withdrawn_words_leave_only_when_named() {
    let mut case = Case::new();
    let one = case.add(ONE);
    case.attach(&one, "a.jpg", b"attached words");
    case.diary().withdraw(&one, "it was somebody else").unwrap();
    assert!(matches!(
        case.diary().withdraw(&one, "x"),
        Err(Error::AlreadyWithdrawn)
    ));
    case.export(&everything(), "hidden.zip").unwrap();
    let bytes = fs::read(case.path("hidden.zip")).unwrap();
    assert!(contains(&bytes, "it was somebody else"));
    assert!(!contains(&bytes, "кіреберісте") && !contains(&bytes, "attached words"));
    let named = Selection {
        incidents: vec![one],
        ..everything()
    };
    case.export(&named, "named.zip").unwrap();
    let bytes = fs::read(case.path("named.zip")).unwrap();
    assert!(contains(&bytes, "кіреберісте") && contains(&bytes, "attached words"));
}

#[test]
fn anything_but_the_time_may_be_withheld() {
    let mut case = Case::new();
    let one = case.add(ONE);
    let changes = br#"{"narrative":"Corrected","people":null}"#;
    let changes = Changes::parse(changes, &SystemClock).unwrap();
    case.diary().amend(&one, &changes, "a reason").unwrap();
    let item = case.attach(&one, "a.jpg", b"attached words");
    let fields = [
        "narrative",
        "people",
        "verbatim",
        "behaviours[0]",
        "evidence",
        "occurred.words",
    ];
    let withhold = fields
        .map(|field| (Some(one), field.parse().unwrap()))
        .to_vec();
    case.export(
        &Selection {
            withhold,
            ..everything()
        },
        "all.zip",
    )
    .unwrap();
    let bytes = fs::read(case.path("all.zip")).unwrap();
    for words in [
        "кіреберісте",
        "Corrected",
        "attached words",
        "secret contact",
        "a.jpg",
    ] {
        assert!(!contains(&bytes, words), "{words}");
    }
    assert!(contains(&bytes, "a reason") && contains(&bytes, "threat"));
    let without = vec![IncidentRef::Id(item.id)];
    case.export(
        &Selection {
            without,
            ..everything()
        },
        "item.zip",
    )
    .unwrap();
    let bytes = fs::read(case.path("item.zip")).unwrap();
    assert!(!contains(&bytes, "attached words") && contains(&bytes, "Corrected"));
}

#[test]
fn a_token_tells_an_old_copy_from_the_newest() {
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
fn what_is_withheld_is_not_told_by_what_was_asked_for() {
    let mut case = Case::new();
    case.add(&ONE.replace("\"p1\"", "\"the-key\""));
    let people = vec!["the-key".to_owned()];
    let asked = Selection {
        people,
        ..everything()
    };
    case.export(&asked, "shown.zip").unwrap();
    assert!(contains(
        &fs::read(case.path("shown.zip")).unwrap(),
        "the-key"
    ));
    let withhold = vec![(None, "people".parse().unwrap())];
    case.export(&Selection { withhold, ..asked }, "withheld.zip")
        .unwrap();
    assert!(!contains(
        &fs::read(case.path("withheld.zip")).unwrap(),
        "the-key"
    ));
}

#[test]
fn an_export_that_selects_nothing_is_refused_and_leaves_nothing() {
    let mut case = Case::new();
    let one = case.add(ONE);
    let nothing = [
        Selection {
            without: vec![one],
            ..everything()
        },
        Selection {
            people: vec!["nobody".to_owned()],
            ..everything()
        },
    ];
    for selection in nothing {
        assert!(matches!(
            case.export(&selection, "out.zip"),
            Err(Error::EmptySelection)
        ));
    }
    let wrong = case.diary().confirm(&Passphrase::new(b"b").unwrap());
    assert!(wrong.is_err());
    assert_eq!(case.files("."), ["vault"]);
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

#[test]
fn a_failed_attach_leaves_nothing_behind() {
    let mut case = Case::new();
    let one = case.add(ONE);
    let folder = case.path("a folder");
    fs::create_dir(&folder).unwrap();
    let options = AttachOptions::default();
    assert!(
        case.diary()
            .attach(&one, &folder, &options, &mut NoProgress)
            .is_err()
    );
    let file = case.path("big");
    fs::write(&file, vec![1; 3 << 20]).unwrap();
    let mut stop = |_: u64, _: u64| std::ops::ControlFlow::Break(());
    let stopped = case.diary().attach(&one, &file, &options, &mut stop);
    assert!(matches!(stopped, Err(Error::Cancelled)));
    assert!(case.files("vault/evidence").is_empty());
    case.attach(&one, "a.txt", b"fine");
    assert!(case.diary().check(&mut NoProgress).unwrap().sound);
}

#[test]
fn a_file_may_come_by_chunks() {
    let mut case = Case::new();
    let one = case.add(ONE);
    let options = AttachOptions::default();
    let mut pending = case.diary().begin_item(&one).unwrap();
    for chunk in [b"the first ".as_slice(), b"and the second"] {
        pending.write(chunk).unwrap();
    }
    let item = case
        .diary()
        .finish_item(pending, "voice.txt", None, &options)
        .unwrap();
    assert_eq!((item.bytes, item.media_type.as_str()), (24, "text/plain"));
    // One that is given up leaves nothing.
    let mut pending = case.diary().begin_item(&one).unwrap();
    pending.write(b"never finished").unwrap();
    drop(pending);
    assert_eq!(case.files("vault/evidence").len(), 1);
    case.reopen();
    let out = case.path("out");
    case.diary()
        .extract(&item.id, &out, &mut NoProgress)
        .unwrap();
    assert_eq!(fs::read(&out).unwrap(), b"the first and the second");
    assert!(case.diary().check(&mut NoProgress).unwrap().sound);
}

#[test]
fn a_damaged_stored_file_is_reported_and_never_given_out() {
    let mut case = Case::new();
    let one = case.add(ONE);
    let item = case.attach(&one, "a.txt", b"the original words");
    let name = case.files("vault/evidence").remove(0);
    let path = case.path("vault/evidence").join(name);
    let mut bytes = fs::read(&path).unwrap();
    bytes[40] ^= 1;
    fs::write(&path, bytes).unwrap();
    let out = case.path("out");
    assert!(
        case.diary()
            .extract(&item.id, &out, &mut NoProgress)
            .is_err()
    );
    assert!(!out.exists());
    assert!(!case.diary().check(&mut NoProgress).unwrap().sound);
    assert!(case.export(&everything(), "out.zip").is_err());
    assert!(!case.path("out.zip").exists());
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}
