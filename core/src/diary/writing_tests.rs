//! What FORMAT.md asks of every write (sections 8, 9, 13, 16 and 17), on whole vaults.

use std::fs;

use super::fixture::*;
use super::*;
use crate::progress::NoProgress;
use crate::time::SystemClock;
use crate::vault::{CELL, Limit, VaultError};

/// Where a needle of bytes occurs in a file of the vault.
fn holds(folder: &std::path::Path, file: &str, needle: &[u8]) -> bool {
    let bytes = fs::read(folder.join(file)).unwrap_or_default();
    let mut windows = bytes.windows(needle.len());
    windows.any(|window| window == needle)
}

#[test]
fn section_8_every_kind_has_its_members() {
    let mut small = Small::new();
    let json = br#"{"occurred":{"from":"2026-10-03"},"narrative":"x","private_note":"n"}"#;
    let incident = Incident::parse(json, &SystemClock).unwrap();
    let one = IncidentRef::Id(small.diary().add(&incident).unwrap().id);
    for changes in [r#"{"count":2}"#, r#"{"private_note":null}"#] {
        let changes = Changes::parse(changes.as_bytes(), &SystemClock).unwrap();
        small.diary().amend(&one, &changes, "r").unwrap();
    }
    attach(small.diary(), &one, "a.bin", b"a").unwrap();
    small.diary().withdraw(&one, "r").unwrap();
    let expected = [
        ("begun", "recorded software", "signing_seed"),
        ("incident", "incident recorded", "private_note"),
        ("amendment", "about changes reason recorded", ""),
        ("amendment", "about changes reason recorded", "private_note"),
        ("evidence", "about evidence recorded", "file key"),
        ("withdrawal", "about reason recorded", ""),
    ];
    for (number, expected) in (0..).zip(expected) {
        let entry = small.diary().log.read(number).unwrap().entry.unwrap();
        let members = |object: &Object| {
            let names: Vec<&str> = object.keys().map(String::as_str).collect();
            names.join(" ")
        };
        let (proven, vault_only) = (members(&entry.proven), members(&entry.vault_only));
        assert_eq!((entry.kind.name(), &*proven, &*vault_only), expected);
    }
    small.diary().erase(&one).unwrap();
    let erasure = small.diary().log.read(6).unwrap().entry.unwrap();
    let numbers = (1..6u32).map(Value::from).collect();
    assert_eq!(erasure.proven["erased"], Value::List(numbers));
}

#[test]
fn section_8_drafts_over_the_limit_change_nothing() {
    let mut small = Small::new();
    small.diary().save_draft("add", b"the first").unwrap();
    let too_much = vec![b'x'; 256 * 1024];
    let refused = small.diary().save_draft("other", &too_much);
    let full = Error::Vault(VaultError::Full(Limit::Drafts)).to_string();
    assert_eq!(refused.unwrap_err().to_string(), full);
    assert_eq!(*small.diary().draft("add").unwrap().unwrap(), b"the first");
    // With its frame, the largest that fits.
    let most = vec![b'x'; 256 * 1024 - r#"{"drafts":{"a":""}}"#.len()];
    small.diary().discard_draft("add").unwrap();
    small.diary().save_draft("a", &most).unwrap();
    small.reopen();
    assert_eq!(*small.diary().draft("a").unwrap().unwrap(), most);
}

#[test]
fn section_8_the_cells_that_the_drafts_leave_become_random() {
    let mut small = Small::new();
    let half = small.half();
    small.diary().save_draft("add", &[b'x'; 3_000]).unwrap();
    let (old, _) = small.diary().log.vault().head().side.unwrap();
    assert_eq!(old.run, 2);
    let before = cells(&small.copy_to("before"), half);
    // In place while it takes as many cells, elsewhere when it takes more.
    small.diary().save_draft("add", &[b'y'; 3_500]).unwrap();
    let (same, _) = small.diary().log.vault().head().side.unwrap();
    assert_eq!(same.position, old.position);
    small.diary().save_draft("add", &[b'z'; 9_000]).unwrap();
    let (new, _) = small.diary().log.vault().head().side.unwrap();
    assert!(new.position > old.position && new.run == 5);
    small.diary().rest().unwrap();
    for cell in &before[old.position as usize..][..2] {
        for piece in cell.chunks(64) {
            assert!(!holds(&small.vault(), "log.db", piece));
        }
    }
    // What lies there now opens under no key of the diary.
    assert!(is_sound(small.diary()));
}

#[test]
fn section_12_the_log_of_writes_is_emptied_at_lock_when_idle_and_when_it_is_long() {
    let mut small = Small::new();
    let path = small.vault().join("log.db-wal");
    let length = || fs::metadata(&path).map_or(0, |data| data.len());
    let one = small.add("a");
    assert!(length() > 0);
    small.diary().rest().unwrap();
    assert_eq!(length(), 0);
    attach(small.diary(), &one, "a.bin", b"a").unwrap();
    small.diary().erase(&one).unwrap();
    assert_eq!(length(), 0);
    // At lock, and at opening what a kill left.
    small.add("b");
    let copy = small.copy_to("killed");
    assert!(fs::metadata(copy.join("log.db-wal")).unwrap().len() > 0);
    let diary = open(&copy);
    assert_eq!(
        fs::metadata(copy.join("log.db-wal")).map_or(0, |data| data.len()),
        0
    );
    diary.lock().unwrap();
    assert_eq!(
        fs::metadata(copy.join("log.db-wal")).map_or(0, |data| data.len()),
        0
    );
    // After 1,000 frames, without being asked; a frame is a page and its head. Room is made first,
    // because growing empties the log of writes as well.
    small.diary().save_draft("room", &[b'x'; 200_000]).unwrap();
    small.diary().discard_draft("room").unwrap();
    small.diary().rest().unwrap();
    let mut longest = 0;
    for _ in 0..700 {
        small.diary().save_draft("add", b"x").unwrap();
        longest = longest.max(length());
    }
    let frame = 4_096 + 24;
    assert!((900 * frame..1_100 * frame).contains(&longest), "{longest}");
    assert!(length() < longest);
}

#[test]
fn section_13_an_entry_over_the_limit_changes_nothing() {
    let mut small = Small::new();
    let draft = |length: usize| Draft {
        kind: EntryKind::TimeStamp,
        about: None,
        proven: Object::from([
            ("answer".to_owned(), "x".repeat(length).into()),
            ("checkpoint_size".to_owned(), 1.into()),
        ]),
        vault_only: Object::new(),
    };
    let before = small.diary().log.checkpoint();
    let refused = small.diary().log.append(draft(4 << 20));
    assert!(matches!(refused, Err(VaultError::Full(Limit::EntrySize))));
    assert_eq!(small.diary().log.checkpoint(), before);
    small.diary().log.append(draft((4 << 20) - 1_000)).unwrap();
    small.reopen();
    assert!(is_sound(small.diary()));
}

#[test]
fn section_13_erased_cells_are_random_in_the_database_and_in_its_log() {
    let mut small = Small::new();
    let half = small.half();
    let one = small.add(&"w".repeat(5_000));
    let changes = Changes::parse(br#"{"count":2}"#, &SystemClock).unwrap();
    small.diary().amend(&one, &changes, "r").unwrap();
    let kept = small.add("kept");
    let positions = |small: &mut Small, number: u32| {
        let place = small.diary().log.vault().entry_place(number).unwrap();
        let place = place.unwrap().place.unwrap();
        place.position as usize..place.position as usize + usize::from(place.run)
    };
    let doomed: Vec<usize> = (1..3).flat_map(|n| positions(&mut small, n)).collect();
    assert_eq!(doomed.len(), 4);
    let before = cells(&small.copy_to("before"), half);
    small.diary().erase(&one).unwrap();
    let vault = small.vault();
    for file in ["log.db", "log.db-wal"] {
        for position in &doomed {
            let cell = &before[*position];
            for piece in [&cell[..64], &cell[1_000..1_064], &cell[CELL - 64..]] {
                assert!(!holds(&vault, file, piece), "{file} {position}");
            }
        }
    }
    let other = positions(&mut small, 3).start;
    assert!(holds(&vault, "log.db", &before[other][..64]));
    assert!(small.diary().show(&kept).unwrap().incident.is_some());
    let place = small.diary().log.vault().entry_place(1).unwrap().unwrap();
    assert!(place.place.is_none() && place.leaf != [0; 32]);
    // A draft that is discarded goes the same way once the log of writes is emptied.
    assert!(is_sound(small.diary()));
}

#[test]
fn section_13_a_broken_attach_is_tidied_and_a_foreign_file_never() {
    let mut small = Small::new();
    let one = small.add("a");
    let evidence = small.vault().join("evidence");
    let foreign = "00112233445566778899aabbccddeeff";
    fs::write(evidence.join(foreign), b"of the other half").unwrap();
    let mut pending = small.diary().begin_item(&one).unwrap();
    pending.write(b"never finished").unwrap();
    // A kill while the file is written, and after it is whole.
    let copy = small.copy_to("copy");
    drop(pending);
    assert_eq!(names(&copy.join("evidence")).len(), 2);
    let mut diary = open(&copy);
    diary.rest().unwrap();
    assert_eq!(names(&copy.join("evidence")), [foreign]);
    attach(&mut diary, &one, "a.bin", b"a").unwrap();
    assert!(is_sound(&mut diary));
    assert!(diary.log.vault().head().doomed.is_empty());
    diary.erase(&one).unwrap();
    diary.lock().unwrap();
    assert_eq!(names(&copy.join("evidence")), [foreign]);
}

#[test]
fn section_13_an_erased_file_is_removed_later_if_the_program_ended_before() {
    let mut small = Small::new();
    let one = small.add("a");
    attach(small.diary(), &one, "a.bin", b"a").unwrap();
    let evidence = small.vault().join("evidence");
    let name = names(&evidence).remove(0);
    let sealed = fs::read(evidence.join(&name)).unwrap();
    small.diary().erase(&one).unwrap();
    // The list of doomed files holds the name until the next commit.
    let tidied = small.copy_to("tidied");
    let older = small.copy_to("older");
    let earlier = small.diary().new_token(None).unwrap();
    for copy in [&tidied, &older] {
        fs::write(copy.join("evidence").join(&name), &sealed).unwrap();
    }
    let mut diary = open(&tidied);
    diary.rest().unwrap();
    assert!(names(&tidied.join("evidence")).is_empty());
    drop(diary);
    // But not in an old copy that somebody put back.
    add(small.diary(), "b");
    let token = small.diary().new_token(None).unwrap();
    let mut diary = open(&older);
    assert_eq!(diary.token_status(&token).unwrap(), TokenStatus::Older);
    assert_eq!(diary.token_status(&earlier).unwrap(), TokenStatus::Equal);
    diary.rest().unwrap();
    assert_eq!(names(&older.join("evidence")), [name]);
}

#[test]
fn section_13_a_file_that_is_still_coming_is_not_tidied_away() {
    let mut small = Small::new();
    let (one, two) = (small.add("a"), small.add("b"));
    let mut slow = small.diary().begin_item(&one).unwrap();
    slow.write(b"first ").unwrap();
    small.diary().rest().unwrap();
    attach(small.diary(), &two, "a.bin", b"another").unwrap();
    let mut given_up = small.diary().begin_item(&two).unwrap();
    given_up.write(b"x").unwrap();
    drop(given_up);
    small.diary().erase(&two).unwrap();
    slow.write(b"second").unwrap();
    let options = AttachOptions::default();
    let item = small.diary().finish_item(slow, "v.bin", None, &options);
    let item = item.unwrap();
    assert_eq!(extract(small.diary(), &item.id).unwrap(), b"first second");
    small.diary().rest().unwrap();
    assert!(is_sound(small.diary()));
    assert_eq!(names(&small.vault().join("evidence")).len(), 1);
}

#[test]
fn section_13_a_file_for_an_incident_that_was_erased_meanwhile_is_refused() {
    let mut small = Small::new();
    let one = small.add("a");
    let mut slow = small.diary().begin_item(&one).unwrap();
    slow.write(b"x").unwrap();
    small.diary().erase(&one).unwrap();
    let options = AttachOptions::default();
    let refused = small.diary().finish_item(slow, "v.bin", None, &options);
    assert!(matches!(refused, Err(Error::Erased)));
    small.diary().rest().unwrap();
    assert!(names(&small.vault().join("evidence")).is_empty());
    assert!(is_sound(small.diary()));
}

#[test]
fn section_13_the_first_entry_under_a_new_instance_says_continued() {
    let mut small = Small::new();
    small.add("a");
    small.close();
    let mut header = header(&small.vault());
    let from = std::mem::replace(&mut header.instance, [9; 16]);
    fs::write(small.vault().join("header"), header.to_file()).unwrap();
    small.reopen();
    small.diary().list(&Query::default()).unwrap();
    assert_eq!(small.diary().log.size(), 2);
    small.add("b");
    small.reopen();
    small.add("c");
    let kinds: Vec<&str> = (0..5)
        .map(|n| small.diary().log.read(n).unwrap().place.kind.name())
        .collect();
    assert_eq!(
        kinds,
        ["begun", "incident", "continued", "incident", "incident"]
    );
    let continued = small.diary().log.read(2).unwrap().entry.unwrap();
    let text = |name: &str| continued.proven[name].as_text().unwrap().to_owned();
    let hex = [crate::hex::encode(&from), "09".repeat(16)];
    assert_eq!([text("from"), text("to")], hex);
}

#[test]
fn section_13_each_write_is_one_commit() {
    let mut small = Small::new();
    let commits = |small: &mut Small| small.diary().log.vault().head().commits;
    let start = commits(&mut small);
    let one = small.add("a");
    assert_eq!(commits(&mut small), start + 1);
    let changes = Changes::parse(br#"{"count":2}"#, &SystemClock).unwrap();
    small.diary().amend(&one, &changes, "r").unwrap();
    assert_eq!(commits(&mut small), start + 2);
    // The name first, then the entry.
    attach(small.diary(), &one, "a.bin", b"a").unwrap();
    assert_eq!(commits(&mut small), start + 4);
    small.diary().withdraw(&one, "r").unwrap();
    small.diary().erase(&one).unwrap();
    assert_eq!(commits(&mut small), start + 6);
    // Nothing is written by looking.
    small.diary().show(&one).unwrap();
    small.diary().check(&mut NoProgress).unwrap();
    small.reopen();
    assert_eq!(commits(&mut small), start + 6);
}

#[test]
fn section_13_making_a_vault_leaves_all_or_nothing() {
    let folder = temporary_folder();
    let passphrase = NewPassphrase::even_if_weak(b"a").unwrap();
    let make = |target: &std::path::Path| {
        let cost = KdfCost::DangerCheapForTests;
        NewVault::create_with_step(target, &passphrase, cost, STEP)
    };
    // Something is there already, whatever it is.
    let target = folder.path().join("vault");
    fs::write(&target, b"hers").unwrap();
    assert!(matches!(
        make(&target).err(),
        Some(VaultError::TargetExists)
    ));
    assert_eq!(fs::read(&target).unwrap(), b"hers");
    // The folder above is not there, or is none.
    assert!(make(&target.join("vault")).is_err());
    assert!(make(&folder.path().join("none").join("vault")).is_err());
    assert_eq!(names(folder.path()), ["vault"]);
    // It is given up, or its name was taken meanwhile.
    let second = folder.path().join("second");
    let (new, _) = make(&second).unwrap();
    assert_eq!(names(folder.path()).len(), 2);
    drop(new);
    assert_eq!(names(folder.path()), ["vault"]);
    let (new, _) = make(&second).unwrap();
    fs::create_dir(&second).unwrap();
    fs::write(second.join("letter"), b"hers").unwrap();
    assert!(new.publish(&second).is_err());
    assert_eq!(names(folder.path()), ["second", "vault"]);
    assert_eq!(names(&second), ["letter"]);
}

#[test]
fn section_14_a_damaged_draft_is_found_by_check() {
    let mut small = Small::new();
    let half = small.half();
    small.diary().save_draft("add", b"words").unwrap();
    let (place, _) = small.diary().log.vault().head().side.unwrap();
    small.close();
    let sql = format!(
        "UPDATE own SET b = randomblob(2016) WHERE i = {}",
        place.position
    );
    alter(&small.vault(), half, &sql);
    small.reopen();
    assert!(small.diary().draft("add").is_err());
    assert!(!is_sound(small.diary()));
}

#[test]
fn section_16_the_other_part_of_a_token_is_copied() {
    let mut small = Small::new();
    let own = 80 * usize::from(small.half());
    let first = small.diary().new_token(None).unwrap();
    let second = small.diary().new_token(Some(&first)).unwrap();
    assert_eq!(first.as_bytes().len(), 160);
    for at in 0..160 {
        if !(own..own + 80).contains(&at) {
            assert_eq!(first.as_bytes()[at], second.as_bytes()[at]);
        }
    }
    assert!(first.as_bytes()[own..own + 80] != second.as_bytes()[own..own + 80]);
    let unrelated = small.diary().new_token(None).unwrap();
    let other = 80 - own;
    assert!(first.as_bytes()[other..other + 80] != unrelated.as_bytes()[other..other + 80]);
}

#[test]
fn section_17_a_stored_file_tells_no_time_and_its_length_is_a_number_of_chunks() {
    let mut small = Small::new();
    let one = small.add("a");
    for (size, chunks) in [(1, 1), (65_536, 1), (65_537, 2)] {
        attach(small.diary(), &one, "a.bin", &vec![7; size]).unwrap();
        let mut found = Vec::new();
        for file in fs::read_dir(small.vault().join("evidence")).unwrap() {
            let data = file.unwrap().metadata().unwrap();
            let modified = data.modified().unwrap();
            let since = modified.duration_since(std::time::UNIX_EPOCH).unwrap();
            assert_eq!(since.as_secs(), 315_532_800);
            found.push(data.len());
        }
        assert!(found.contains(&(32 + 65_552 * chunks)));
    }
}
