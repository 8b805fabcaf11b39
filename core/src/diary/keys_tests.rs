//! Changing what opens a diary (FORMAT.md 15).

use super::fixture::*;
use super::*;
use crate::progress::NoProgress;
use crate::time::SystemClock;
use crate::vault::{Fails, Part, VaultError};
use std::ops::ControlFlow;

mod unfinished;

fn new(text: &str) -> NewPassphrase {
    NewPassphrase::even_if_weak(text.as_bytes()).unwrap()
}

fn confirmed(diary: &mut Diary, text: &str) -> Confirmed {
    diary.confirm(&passphrase(text)).unwrap()
}

fn is_refused(opened: Result<Diary, Error>) -> bool {
    matches!(opened.err(), Some(Error::Vault(VaultError::WrongSecret)))
}

#[test]
fn section_15_a_new_passphrase_takes_the_place_of_the_old_one_and_the_code_stays() {
    let mut small = Small::new();
    small.add("kept");
    let confirmed = confirmed(small.diary(), "a");
    small
        .diary()
        .change_passphrase(&new("b"), confirmed)
        .unwrap();
    let entries = small.diary().log.size();
    small.close();
    assert!(is_refused(open_with(&small.vault(), "a")));
    let mut diary = open_with(&small.vault(), "b").unwrap();
    assert!(is_sound(&mut diary));
    assert_eq!(diary.log.size(), entries, "nothing was left to settle");
    let newest = diary.log.read(entries - 1).unwrap().entry.unwrap();
    assert_eq!(newest.kind, EntryKind::KeysChanged);
    assert_eq!(
        newest.proven["changed"].as_list().unwrap(),
        [Value::from("passphrase")]
    );
    drop(diary);
    assert!(open_with_code(&small.vault(), &small.code).is_ok());
}

#[test]
fn section_4_the_old_passphrase_is_no_new_one() {
    let mut small = Small::new();
    let confirmed = confirmed(small.diary(), "a");
    let refused = small.diary().change_passphrase(&new("a"), confirmed);
    assert!(matches!(
        refused,
        Err(Error::Vault(VaultError::SecretInUse))
    ));
    small.reopen();
}

/// More than 32 entries, so that there are full nodes, with everything that a diary can hold.
fn full() -> Small {
    let mut small = Small::new();
    let first = small.add("first");
    for number in 0..33 {
        small.add(&format!("number {number}"));
    }
    attach(small.diary(), &first, "photo.jpg", b"pixels").unwrap();
    let changes = Changes::parse(br#"{"narrative":"better"}"#, &SystemClock).unwrap();
    small.diary().amend(&first, &changes, "remembered").unwrap();
    small.diary().erase(&IncidentRef::Number(3)).unwrap();
    small
        .diary()
        .withdraw(&IncidentRef::Number(4), "no")
        .unwrap();
    small
        .diary()
        .save_draft("incident", b"half a sentence")
        .unwrap();
    small
}

fn rotate(diary: &mut Diary, old: &str, text: &str) -> Result<RecoveryCode, Error> {
    let confirmed = confirmed(diary, old);
    diary.rotate(&new(text), confirmed, &mut NoProgress)
}

/// What must be the same before and after.
fn story(diary: &mut Diary) -> Vec<String> {
    let details = (1..=34).map(|number| format!("{:?}", diary.show(&IncidentRef::Number(number))));
    let mut story: Vec<String> = details.collect();
    let item = diary
        .show(&IncidentRef::Number(1))
        .unwrap()
        .evidence
        .remove(0);
    story.push(format!("{:?}", extract(diary, &item.id).unwrap()));
    story.push(format!("{:?}", diary.draft("incident").unwrap().as_deref()));
    story
}

/// Positions of the cells that a key opens.
fn opened_by(key: &dyn Fn(u32, &[u8]) -> bool, folder: &Path, half: u8) -> Vec<u32> {
    let cells = cells(folder, half);
    let opened = (0..).zip(&cells).filter(|(at, cell)| key(*at, cell));
    opened.map(|(at, _)| at).collect()
}

#[test]
fn section_15_rotation_keeps_every_word_under_a_new_key_and_kills_the_old_secrets() {
    let mut small = full();
    let before = story(small.diary());
    let given = small.diary().fingerprint().unwrap();
    let (size, half) = (small.diary().log.size(), small.half());
    let old = small.diary().log.vault().cell_opener();
    assert!(opened_by(&old, &small.copy_to("old"), half).len() > 40);

    let code = rotate(small.diary(), "a", "b").unwrap();
    assert_eq!(story(small.diary()), before);
    small.add("later");
    small.close();
    assert!(is_refused(open_with(&small.vault(), "a")));
    assert!(is_refused(open_with_code(&small.vault(), &small.code)));
    assert_eq!(opened_by(&old, &small.vault(), half), [0u32; 0]);
    // What was copied before still opens as it did.
    assert!(open_with(&small.path("old"), "a").is_ok());

    let mut diary = open_with(&small.vault(), "b").unwrap();
    assert!(!diary.key_change_was_finished());
    assert!(is_sound(&mut diary));
    assert_eq!(story(&mut diary), before);
    assert!(diary.is_ancestor(&given).unwrap());
    let told = diary.log.read(size).unwrap().entry.unwrap();
    let changed = told.proven["changed"].as_list().unwrap();
    assert_eq!(
        changed,
        ["passphrase", "recovery_code", "keys"].map(Value::from)
    );
    drop(diary);
    let mut diary = open_with_code(&small.vault(), &code).unwrap();
    // And once more, by whoever opened it with the code.
    let confirmed = confirmed(&mut diary, "b");
    diary.rotate(&new("c"), confirmed, &mut NoProgress).unwrap();
    drop(diary);
    let mut diary = open_with(&small.vault(), "c").unwrap();
    assert!(is_sound(&mut diary));
    assert_eq!(story(&mut diary), before);
}

#[test]
fn section_15_rotation_touches_nothing_of_the_other_half() {
    let mut small = full();
    let half = small.half();
    let copy = small.copy_to("before");
    rotate(small.diary(), "a", "b").unwrap();
    small.close();
    let other = usize::from(1 - half) * 4;
    let slots = |folder: &Path| header(folder).slots[other..other + 4].to_vec();
    assert_eq!(slots(&copy), slots(&small.vault()));
    let own = usize::from(half) * 4;
    let (old, new) = (header(&copy), header(&small.vault()));
    assert!((own..own + 4).all(|slot| old.slots[slot] != new.slots[slot]));
    // Both tables may have grown; what was there is there.
    let (old, new) = (cells(&copy, 1 - half), cells(&small.vault(), 1 - half));
    assert_eq!(new[..old.len()], old[..]);
}

#[test]
fn section_15_the_old_secrets_are_no_new_ones() {
    let mut small = Small::new();
    let refused = rotate(small.diary(), "a", "a").err();
    assert!(matches!(
        refused,
        Some(Error::Vault(VaultError::SecretInUse))
    ));
    small.reopen();
    assert!(is_sound(small.diary()));
}

#[test]
fn section_15_whoever_stops_it_keeps_everything_as_it_was() {
    let mut small = full();
    let before = story(small.diary());
    let size = small.diary().log.size();
    for stop_at in [1, 7, 40] {
        let mut calls = 0;
        let mut stop = |_: u64, _: u64| {
            calls += 1;
            if calls == stop_at {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        };
        let confirmed = confirmed(small.diary(), "a");
        let stopped = small.diary().rotate(&new("b"), confirmed, &mut stop).err();
        assert!(matches!(stopped, Some(Error::Vault(VaultError::Cancelled))));
        assert_eq!(story(small.diary()), before);
    }
    assert_eq!(small.diary().log.size(), size);
    small.add("it goes on");
    small.reopen();
    assert!(is_sound(small.diary()));
}

#[test]
fn section_15_a_full_disk_is_noticed_before_anything_changes() {
    let mut small = full();
    let before = story(small.diary());
    small.diary().log.vault().fail(Fails {
        flush: true,
        ..Fails::default()
    });
    let full = rotate(small.diary(), "a", "b").err();
    assert!(matches!(full, Some(Error::Vault(VaultError::DiskFull))));
    assert_eq!(story(small.diary()), before);
    small.add("it goes on");
    small.reopen();
    assert!(is_sound(small.diary()));
}

#[test]
fn section_15_a_damaged_entry_stays_damaged_and_a_damaged_node_ends_the_rotation() {
    let mut small = full();
    let damaged = small.diary().log.vault().entry_place(9).unwrap().unwrap();
    let position = damaged.place.unwrap().position;
    let node = small.diary().log.vault().node(1, 0).unwrap().nodes()[0].position;
    let half = small.half();
    small.close();
    let with_entry = small.copy_to("entry");
    let damage = |folder: &Path, position: u32| {
        alter(
            folder,
            half,
            &format!("UPDATE own SET b = zeroblob(2016) WHERE i = {position}"),
        );
    };
    damage(&with_entry, position);
    let mut diary = open(&with_entry);
    rotate(&mut diary, "a", "b").unwrap();
    drop(diary);
    let mut diary = open_with(&with_entry, "b").unwrap();
    let read = diary.log.read(9).err();
    assert!(matches!(read, Some(VaultError::Damaged(Part::Entry(9)))));
    assert!(diary.log.read(10).is_ok() && !is_sound(&mut diary));

    damage(&small.vault(), node);
    let mut diary = open(&small.vault());
    let ended = rotate(&mut diary, "a", "b").err();
    assert!(matches!(
        ended,
        Some(Error::Vault(VaultError::Damaged(Part::Node {
            level: 0,
            number: 0
        })))
    ));
    add(&mut diary, "it goes on");
    drop(diary);
    assert!(open_with(&small.vault(), "a").is_ok());
}

#[test]
fn section_15_an_older_header_that_is_put_back_does_not_open() {
    let mut small = full();
    let old = small.copy_to("old");
    rotate(small.diary(), "a", "b").unwrap();
    small.close();
    std::fs::copy(old.join("header"), small.vault().join("header")).unwrap();
    let told = open_with(&small.vault(), "a").err();
    assert!(matches!(
        told,
        Some(Error::Vault(VaultError::Damaged(Part::Head)))
    ));
}

#[test]
fn section_16_the_token_starts_anew_after_a_rotation() {
    let mut small = full();
    let token = small.diary().new_token(None).unwrap();
    rotate(small.diary(), "a", "b").unwrap();
    assert_eq!(
        small.diary().token_status(&token).unwrap(),
        TokenStatus::Unknown
    );
    let token = small.diary().new_token(Some(&token)).unwrap();
    assert_eq!(
        small.diary().token_status(&token).unwrap(),
        TokenStatus::Equal
    );
}

/// What an entry says of a change of keys.
fn told(diary: &mut Diary, entry: u32) -> Vec<String> {
    let entry = diary.log.read(entry).unwrap().entry.unwrap();
    let changed = entry.proven["changed"].as_list().unwrap().iter();
    changed
        .map(|what| what.as_text().unwrap().to_owned())
        .collect()
}

fn change(diary: &mut Diary, old: &str, text: &str) -> Result<(), Error> {
    let confirmed = confirmed(diary, old);
    diary.change_passphrase(&new(text), confirmed)
}
