//! Erased words and files are gone, and the place stays.

use super::*;
use crate::diary::fixture::names;
use crate::vault::{Fails, VaultError};

#[test]
fn section_13_erased_words_are_gone_and_the_place_stays() {
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
fn section_13_an_item_is_erased_alone() {
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
fn section_13_many_files_are_erased_in_several_steps() {
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
fn section_13_erasing_one_item_a_session_never_fills_the_list_of_doomed_files() {
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
fn section_13_an_erasure_that_cannot_be_finished_closes_the_vault_and_holds() {
    let mut case = Case::new();
    let one = case.add(ONE);
    let item = case.attach(&one, "a.txt", b"photo");
    // A file that cannot be removed.
    let evidence = case.path("vault/evidence");
    let stored = evidence.join(&names(&evidence)[0]);
    fs::remove_file(&stored).unwrap();
    fs::create_dir(&stored).unwrap();
    // Neither "done" nor "not erased" would be true.
    let unfinished = case.diary().erase(&IncidentRef::Id(item.id));
    assert!(matches!(unfinished, Err(Error::Vault(VaultError::Closed))));
    assert!(case.diary().show(&one).is_err());
    // Nor does it keep her from anything else afterwards.
    case.reopen();
    let two = case.add(TWO);
    let other = case.attach(&two, "b.txt", b"another");
    case.diary().erase(&IncidentRef::Id(other.id)).unwrap();
    assert!(case.diary().rest().is_err());
    fs::remove_dir(&stored).unwrap();
    fs::write(&stored, b"sealed").unwrap();
    case.reopen();
    case.diary().rest().unwrap();
    assert!(case.diary().show(&one).unwrap().evidence.is_empty());
    assert!(names(&evidence).is_empty());
}

#[test]
fn section_12_while_the_disk_may_not_have_what_is_read_no_file_goes_and_no_token_is_made() {
    let mut case = Case::new();
    let one = case.add(ONE);
    let mut item = case.diary().begin_item(&one).unwrap();
    item.write(b"given up").unwrap();
    let folder = case.path("vault/evidence");
    let left = folder.join(&names(&folder)[0]);
    drop(item);
    // As a kill leaves it.
    std::fs::write(&left, b"sealed").unwrap();
    case.diary().log.vault().fail(Fails {
        behind: true,
        ..Fails::default()
    });
    let token = case.diary().new_token(None);
    assert!(matches!(token, Err(Error::Vault(VaultError::Closed))));
    case.diary().rest().unwrap();
    assert_eq!(case.files("vault/evidence").len(), 1);
    // Now it was moved.
    assert!(case.diary().new_token(None).is_ok());
    case.diary().rest().unwrap();
    assert_eq!(case.files("vault/evidence").len(), 0);
}
