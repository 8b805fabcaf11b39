//! What is compared before anything is shown (FORMAT.md 8 and 14).

use super::fixture::*;
use super::*;
use crate::log::entry::{Entry, Seed};
use crate::progress::NoProgress;
use crate::time::SystemClock;

fn is_not_found<T>(result: Result<T, Error>) -> bool {
    matches!(result, Err(Error::NotFound))
}

#[test]
fn section_8_the_letters_of_an_id_are_compared_as_well_as_its_number() {
    let mut small = Small::new();
    let one = small.add("a");
    let item = attach(small.diary(), &one, "a.bin", b"a").unwrap();
    let IncidentRef::Id(id) = one else { panic!() };
    let [wrong, wrong_item] = [id, item.id].map(|id| {
        let other = [[0x55; 32], [0xaa; 32]];
        let mut ids = other
            .map(|leaf| EntryId::new(id.number(), &leaf))
            .into_iter();
        ids.find(|other| *other != id).unwrap()
    });
    let which = IncidentRef::Id(wrong);
    let changes = Changes::parse(br#"{"count":2}"#, &SystemClock).unwrap();
    let diary = small.diary();
    assert!(is_not_found(diary.show(&which)));
    assert!(is_not_found(diary.amend(&which, &changes, "r")));
    assert!(is_not_found(diary.withdraw(&which, "r")));
    assert!(is_not_found(diary.erase(&which)));
    assert!(is_not_found(diary.erase(&IncidentRef::Id(wrong_item))));
    assert!(is_not_found(diary.begin_item(&which)));
    assert!(is_not_found(attach(diary, &which, "a.bin", b"b")));
    assert!(is_not_found(extract(diary, &wrong_item)));
    assert_eq!(diary.log.size(), 3);
    assert!(diary.show(&one).is_ok() && extract(diary, &item.id).is_ok());
}

#[test]
fn section_14_showing_and_exporting_recompute_the_leaf_and_a_line_need_not() {
    let mut small = Small::new();
    small.add("a");
    // Another program with the key: cells and tree are right, but the leaf is of other words.
    let vault = small.diary().log.vault();
    let json = r#"{"incident":{"narrative":"b","occurred":{"from":"2026-10-03"}},
        "recorded":{"at":"2026-10-03T00:00:00+05:00","utc":"2026-10-02T19:00:00Z"}}"#;
    let Ok(Value::Object(proven)) = Value::parse(json.as_bytes()) else {
        panic!();
    };
    let entry = Entry {
        kind: EntryKind::Incident,
        seed: Seed::make().unwrap(),
        proven,
        vault_only: Object::new(),
    };
    let mut write = vault.begin().unwrap();
    write
        .append(entry.kind, &entry.to_bytes(), [7; 32], 0)
        .unwrap();
    write.commit().unwrap();
    small.reopen();
    let diary = small.diary();
    let damaged = |error: Error| {
        let entry = crate::vault::Part::Entry(2);
        matches!(error, Error::Vault(crate::vault::VaultError::Damaged(part)) if part == entry)
    };
    assert_eq!(diary.list(&Query::default()).unwrap().incidents.len(), 2);
    let which = IncidentRef::Number(2);
    assert!(damaged(diary.show(&which).unwrap_err()));
    let changes = Changes::parse(br#"{"count":2}"#, &SystemClock).unwrap();
    assert!(damaged(diary.amend(&which, &changes, "r").unwrap_err()));
    let selection = crate::diary::fixture::everything();
    let preview = diary.preview(&selection).unwrap();
    assert_eq!(preview.damaged.len(), 1);
    let confirmed = diary
        .confirm(&crate::diary::fixture::passphrase("a"))
        .unwrap();
    let out = small.folder.path().join("out.zip");
    let diary = small.diary();
    let refused = diary.export(&selection, &out, confirmed, &mut NoProgress);
    assert!(damaged(refused.unwrap_err()) && !out.exists());
    assert!(!diary.check(&mut NoProgress).unwrap().sound);
    assert!(diary.show(&IncidentRef::Number(1)).is_ok());
}
