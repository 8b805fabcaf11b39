//! Two diaries in one vault: nothing outside the cells tells, and neither harms the other.

use std::fs;

use super::fixture::*;
use super::*;
use crate::progress::NoProgress;
use crate::time::SystemClock;
use crate::vault::{VaultError, work};

/// A vault with the diaries `a` and `b`, and their codes.
fn two(folder: &Path) -> (Diary, RecoveryCode, RecoveryCode) {
    let passphrase = NewPassphrase::even_if_weak(b"a").unwrap();
    let decoy = NewPassphrase::even_if_weak(b"b").unwrap();
    let cost = KdfCost::DangerCheapForTests;
    let (mut new, own) = NewVault::create_with_step(folder, &passphrase, cost, STEP).unwrap();
    Log::begin(&mut new.vault, &SystemClock).unwrap();
    let (new, code) = new
        .with_second(&decoy, |vault| Log::begin(vault, &SystemClock))
        .unwrap();
    let vault = new.publish(folder).unwrap();
    (
        Diary::over(vault, Box::new(SystemClock)).unwrap(),
        own,
        code,
    )
}

/// Everything in a vault but the cells and what is random in the header: names, lengths, the
/// database with its cells cut out.
fn outside_the_cells(folder: &Path) -> (Vec<String>, Vec<String>, Vec<u8>, Vec<u8>) {
    let mut database = fs::read(folder.join("log.db")).unwrap();
    // What SQLite has not given to a row: left over from the filler that was there first.
    for (number, page) in database.chunks_mut(4_096).enumerate() {
        let start = if number == 0 { 100 } else { 0 };
        let word =
            |at: usize| usize::from(u16::from_be_bytes([page[start + at], page[start + at + 1]]));
        let (rows, interior) = (word(3), page[start] == 5);
        let array = start + if interior { 12 } else { 8 };
        let mut used = vec![(0, array + 2 * rows)];
        for row in 0..rows {
            let at = word(array - start + 2 * row);
            // A pointer and the row that it is for; or a row: two lengths, its number, types, the cell.
            let length = if interior {
                4 + varint(&page[at + 4..])
            } else {
                2 + varint(&page[at + 2..]) + 4 + 2_016
            };
            used.push((at, (at + length).min(page.len())));
        }
        used.sort_unstable();
        let mut free = 0;
        for (from, to) in used {
            page[free..from.max(free)].fill(0);
            free = free.max(to);
        }
        page[free..].fill(0);
    }
    for table in [0, 1] {
        for cell in cells(folder, table) {
            let at = find(&database, &cell);
            database[at..at + cell.len()].fill(0);
        }
    }
    let mut header = fs::read(folder.join("header")).unwrap();
    for block in [0, 4_096] {
        // Container id, salt, instance; slots; sum.
        for random in [32..96, 128..2_176, 4_064..4_096] {
            header[block..][random].fill(0);
        }
    }
    (
        names(folder),
        names(&folder.join("evidence")),
        header,
        database,
    )
}

/// Bytes of a number as SQLite writes it.
fn varint(bytes: &[u8]) -> usize {
    1 + bytes.iter().take_while(|byte| **byte >= 128).count()
}

fn find(haystack: &[u8], needle: &[u8]) -> usize {
    let starts = needle.first_chunk::<16>().unwrap();
    let mut places = haystack.windows(16).enumerate();
    places.find(|(_, window)| window == starts).unwrap().0
}

#[test]
fn section_23_outside_the_cells_one_diary_and_two_are_equal() {
    let folder = temporary_folder();
    let mut seen = Vec::new();
    let mut halves = [0; 2];
    for number in 0..24 {
        let path = folder.path().join(number.to_string());
        let mut diary = if number % 2 == 0 {
            create(&path).0
        } else {
            two(&path).0
        };
        halves[usize::from(diary.log.vault().head().half.byte())] += 1;
        for text in ["one", "two"] {
            add(&mut diary, text);
        }
        diary.lock().unwrap();
        if number % 4 == 1 {
            // Used, as it should be: written into now and then.
            let mut decoy = open_with(&path, "b").unwrap();
            add(&mut decoy, "groceries");
            decoy.lock().unwrap();
        }
        seen.push(outside_the_cells(&path));
    }
    for (number, (names, evidence, header, database)) in seen.iter().enumerate() {
        let (first_names, first_evidence, first_header, first_database) = &seen[0];
        assert_eq!((names, evidence), (first_names, first_evidence), "{number}");
        assert!(header == first_header, "{number}");
        let mut pairs = database.iter().zip(first_database).enumerate();
        let differs = pairs.find(|(_, (a, b))| a != b);
        assert_eq!(differs, None, "{number}");
        assert_eq!(database.len(), first_database.len(), "{number}");
    }
    assert!(halves.iter().all(|count| *count > 0), "{halves:?}");
}

#[test]
fn section_23_each_opens_with_its_own_secrets_only() {
    let folder = temporary_folder();
    let path = folder.path().join("vault");
    let (mut own, own_code, decoy_code) = two(&path);
    add(&mut own, "hers");
    drop(own);
    let mut decoy = open_with(&path, "b").unwrap();
    assert_eq!(decoy.log.size(), 1);
    add(&mut decoy, "harmless");
    drop(decoy);
    assert_eq!(open_with_code(&path, &own_code).unwrap().log.size(), 2);
    assert_eq!(open_with_code(&path, &decoy_code).unwrap().log.size(), 2);
    // Neither may take the other's secret: it would no longer be known which one it opens.
    let taken = recover(&path, &decoy_code, "a", false);
    assert!(matches!(taken, Err(Error::Vault(VaultError::SecretInUse))));
    // The decoy's new passphrase leaves the other slots as they are.
    recover(&path, &decoy_code, "c", true).unwrap();
    assert!(is_sound(&mut open(&path)));
    assert!(open_with(&path, "c").is_ok());
    assert!(open_with(&path, "b").is_err());
}

#[test]
fn section_23_no_session_harms_the_other_diary() {
    let folder = temporary_folder();
    let path = folder.path().join("vault");
    let (mut own, ..) = two(&path);
    let incident = IncidentRef::Id(add(&mut own, "hers").id);
    let item = attach(&mut own, &incident, "p.jpg", &[1; 70_000]).unwrap();
    let code = own.fingerprint().unwrap();
    drop(own);

    // Filled until both halves grow twice, erased, its files removed, its secrets changed.
    let mut decoy = open_with(&path, "b").unwrap();
    let before = decoy.log.vault().cells();
    let mut first = None;
    while decoy.log.vault().cells() < before + 2 * STEP {
        first = first.or(Some(add(&mut decoy, "x").id));
    }
    let first = IncidentRef::Id(first.unwrap());
    attach(&mut decoy, &first, "q.jpg", b"q").unwrap();
    decoy.erase(&first).unwrap();
    assert!(is_sound(&mut decoy));
    rotate(&mut decoy, "b", "c");
    decoy.lock().unwrap();
    let decoy = |text: &str| open_with(&path, text).unwrap();
    recover_with_passphrase(&mut decoy("c"), "c", "b");

    let mut own = open(&path);
    assert_eq!(own.fingerprint().unwrap(), code);
    assert!(is_sound(&mut own));
    assert_eq!(extract(&mut own, &item.id).unwrap(), [1; 70_000]);
    add(&mut own, "and on");
    let before = names(&path.join("evidence"));
    own.erase(&incident).unwrap();
    assert!(names(&path.join("evidence")).len() < before.len());
    rotate(&mut own, "a", "d");
    drop(own);
    assert!(is_sound(&mut decoy("b")));
    assert!(is_sound(&mut decoy("d")));
}

fn rotate(diary: &mut Diary, old: &str, new: &str) {
    let confirmed = diary.confirm(&passphrase(old)).unwrap();
    let new = NewPassphrase::even_if_weak(new.as_bytes()).unwrap();
    drop(diary.rotate(&new, confirmed, &mut NoProgress).unwrap());
}

fn recover_with_passphrase(diary: &mut Diary, old: &str, new: &str) {
    let confirmed = diary.confirm(&passphrase(old)).unwrap();
    let new = NewPassphrase::even_if_weak(new.as_bytes()).unwrap();
    diary.change_passphrase(&new, confirmed).unwrap();
}

#[test]
fn section_14_whatever_a_secret_opens_the_same_work_is_done() {
    let folder = temporary_folder();
    let mut halves = [0; 2];
    let mut done = std::collections::BTreeSet::new();
    for number in 0..8 {
        let path = folder.path().join(number.to_string());
        let (mut own, own_code, decoy_code) = two(&path);
        add(&mut own, "groceries");
        drop(own);
        add(&mut open_with(&path, "b").unwrap(), "groceries");
        let ways: [&dyn Fn() -> Result<Diary, Error>; 4] = [
            &|| open_with(&path, "a"),
            &|| open_with(&path, "b"),
            &|| open_with_code(&path, &own_code),
            &|| open_with_code(&path, &decoy_code),
        ];
        for way in ways {
            work::taken();
            let mut opened = way().unwrap();
            done.insert(work::taken());
            halves[usize::from(opened.log.vault().head().half.byte())] += 1;
        }
        assert!(open_with(&path, "c").is_err());
        let wrong = work::taken();
        assert_eq!((wrong["key derivations"], wrong["slots tried"]), (1, 8));
        assert_eq!(wrong.len(), 2, "{wrong:?}");
    }
    assert!(halves.iter().all(|count| *count > 8), "{halves:?}");
    // All did the same, and as much of it as a wrong one.
    assert_eq!(done.len(), 1, "{done:?}");
    let done = done.first().unwrap();
    assert_eq!((done["key derivations"], done["slots tried"]), (1, 8));
    assert!(done["reads of cells"] > 1);
}

#[test]
fn section_23_a_backup_brings_both_back() {
    let folder = temporary_folder();
    let path = folder.path().join("vault");
    let (mut own, ..) = two(&path);
    add(&mut own, "hers");
    let backup = folder.path().join("b.idback");
    own.backup(&backup, &mut NoProgress).unwrap();
    drop(own);
    for (text, entries) in [("a", 2), ("b", 1)] {
        let target = folder.path().join(text);
        let passphrase = passphrase(text);
        let restored = Diary::danger_restore_with_cheap_kdf_for_tests(
            &backup,
            Some(&target),
            Opener::Passphrase(&passphrase),
            Box::new(SystemClock),
            &mut NoProgress,
        );
        assert_eq!(restored.unwrap().log.unwrap().entries, entries);
        assert!(is_sound(&mut open_with(&target, "a").unwrap()));
        assert!(is_sound(&mut open_with(&target, "b").unwrap()));
    }
}

/// A diary with everything that a copy must keep.
fn full(small: &mut Small) -> (EntryId, Fingerprint) {
    let first = small.add("бірінші");
    for _ in 0..40 {
        small.add("n");
    }
    let diary = small.diary();
    let erased = IncidentRef::Number(3);
    attach(diary, &erased, "gone.jpg", b"gone").unwrap();
    diary.erase(&erased).unwrap();
    diary.withdraw(&IncidentRef::Number(4), "r").unwrap();
    diary.fingerprint().unwrap();
    let item = attach(diary, &first, "p.jpg", &[1; 70_000]).unwrap();
    diary.save_draft("new", b"unfinished").unwrap();
    (item.id, diary.fingerprint().unwrap())
}

#[test]
fn section_23_a_copy_is_the_same_log_in_a_new_container() {
    let mut small = Small::new();
    let (item, code) = full(&mut small);
    let target = small.path("copy");
    let decoy = NewPassphrase::even_if_weak(b"b").unwrap();
    let before = header(&small.vault());
    let same = NewPassphrase::even_if_weak(b"a").unwrap();
    let copy = |diary: &mut Diary, decoy: &NewPassphrase| {
        let evidence = diary.log.vault().evidence_folder();
        diary.copy_to_new_vault(
            &target,
            (&passphrase("a"), decoy),
            (KdfCost::DangerCheapForTests, STEP),
            &SystemClock,
            |name, to, step| super::decoy::copy_file(&evidence.join(name.to_hex()), to, step),
            &mut NoProgress,
        )
    };
    let refused = copy(small.diary(), &same);
    assert!(matches!(
        refused,
        Err(Error::Vault(VaultError::SecretInUse))
    ));
    assert_eq!(names(small.folder.path()), ["vault"]);
    let codes = copy(small.diary(), &decoy).unwrap();
    assert!(matches!(
        copy(small.diary(), &decoy),
        Err(Error::Vault(VaultError::TargetExists))
    ));
    assert!(is_sound(small.diary()), "the old vault is as it was");
    assert_eq!(header(&small.vault()), before);

    let mut diary = open(&target);
    let made = header(&target);
    assert_ne!(made.container_id, before.container_id);
    assert_ne!(made.salt, before.salt);
    assert_eq!(diary.fingerprint().unwrap(), code);
    assert!(is_sound(&mut diary));
    assert_eq!(
        diary.log.marked_sizes().unwrap(),
        small.diary().log.marked_sizes().unwrap()
    );
    assert_eq!(extract(&mut diary, &item).unwrap(), [1; 70_000]);
    assert_eq!(*diary.draft("new").unwrap().unwrap(), *b"unfinished");
    for number in 0..diary.log.size() {
        let (old, new) = (
            small.diary().log.read(number).unwrap(),
            diary.log.read(number).unwrap(),
        );
        assert_eq!(old.id, new.id);
        let index = |place: EntryPlace| EntryPlace {
            place: None,
            ..place
        };
        assert_eq!(index(old.place), index(new.place));
        assert_eq!(old.entry.is_some(), new.entry.is_some());
    }
    let last = diary.log.size();
    add(&mut diary, "after");
    let place = diary.log.read(last).unwrap().place;
    assert_eq!(place.kind, EntryKind::Continued);
    drop(diary);
    assert!(open_with_code(&target, &codes.own).is_ok());
    assert_eq!(open_with_code(&target, &codes.decoy).unwrap().log.size(), 1);
    assert!(is_sound(&mut open_with(&target, "b").unwrap()));
}

#[test]
fn section_23_what_is_damaged_is_not_copied_as_if_it_were_whole() {
    let mut small = Small::new();
    full(&mut small);
    let half = small.half();
    small.close();
    alter(
        &small.vault(),
        half,
        "UPDATE own SET b = zeroblob(2016) WHERE i = 9",
    );
    small.reopen();
    let decoy = NewPassphrase::even_if_weak(b"b").unwrap();
    let target = small.path("copy");
    let refused = small.diary().copy_to_new_vault(
        &target,
        (&passphrase("a"), &decoy),
        (KdfCost::DangerCheapForTests, STEP),
        &SystemClock,
        |_, _, _| Ok(()),
        &mut NoProgress,
    );
    assert!(matches!(refused, Err(Error::Vault(VaultError::Damaged(_)))));
    assert_eq!(names(small.folder.path()), ["vault"]);
}

#[test]
fn a_large_file_can_be_stopped_while_it_is_copied() {
    let folder = temporary_folder();
    let (from, to) = (folder.path().join("from"), folder.path().join("to"));
    fs::write(&from, vec![7; 3 << 20]).unwrap();
    let mut copied = 0;
    let stopped = super::decoy::copy_file(&from, &to, &mut |bytes| {
        copied += bytes;
        if copied < 2 << 20 {
            Ok(())
        } else {
            Err(Error::Cancelled)
        }
    });
    assert!(matches!(stopped, Err(Error::Cancelled)), "{stopped:?}");
    assert_eq!(copied, 2 << 20);
    assert_eq!(names(folder.path()), ["from"]);
    super::decoy::copy_file(&from, &to, &mut |_| Ok(())).unwrap();
    assert!(fs::read(&to).unwrap() == fs::read(&from).unwrap());
}

#[test]
fn section_23_a_copy_whose_evidence_is_not_what_was_recorded_gets_no_name() {
    let mut small = Small::new();
    full(&mut small);
    let evidence = small.vault().join("evidence");
    let file = evidence.join(&names(&evidence)[0]);
    let mut bytes = fs::read(&file).unwrap();
    bytes[500] ^= 1;
    fs::write(&file, bytes).unwrap();
    let decoy = NewPassphrase::even_if_weak(b"b").unwrap();
    let target = small.path("copy");
    let mut copy = || {
        small.diary().copy_to_new_vault(
            &target,
            (&passphrase("a"), &decoy),
            (KdfCost::DangerCheapForTests, STEP),
            &SystemClock,
            |name, to, step| super::decoy::copy_file(&evidence.join(name.to_hex()), to, step),
            &mut NoProgress,
        )
    };
    let refused = copy().err();
    let damaged =
        |error: Option<Error>| matches!(error, Some(Error::Evidence(error)) if error.is_damaged());
    assert!(damaged(refused));
    fs::remove_file(&file).unwrap();
    assert!(damaged(copy().err()));
    assert_eq!(names(small.folder.path()), ["vault"]);
}
