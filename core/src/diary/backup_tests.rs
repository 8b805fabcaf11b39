//! Backups: written, read, restored, and everything that can be wrong with one.

mod evidence;

use std::ops::ControlFlow;

use super::fixture::*;
use super::*;
use crate::backup::BackupError;
use crate::bundle::{Check, Finding, Level};
use crate::progress::{NoProgress, Progress};
use crate::time::SystemClock;
use crate::vault::VaultError;
use std::fs;
use std::path::PathBuf;

/// Bytes before the first chunk, and of a sealed chunk.
const HEAD: usize = 8_256;
const CHUNK: usize = 65_536 + 16;

/// A vault with two incidents and two files, and its backup.
struct Case {
    small: Small,
    backup: PathBuf,
    code: Fingerprint,
    items: [EntryId; 2],
}

impl Case {
    fn new() -> Self {
        let mut small = Small::new();
        let first = small.add("бірінші");
        let second = small.add("вторая");
        let a = attach(small.diary(), &first, "a.txt", &[7; 100_000]).unwrap();
        let b = attach(small.diary(), &second, "b.txt", b"short").unwrap();
        let backup = small.path("one.idback");
        let done = small.diary().backup(&backup, &mut NoProgress).unwrap();
        assert_eq!((done.entries, done.incidents), (5, 2));
        assert_eq!(done.files, 2);
        assert_eq!((done.unreadable_cells, done.unreadable_files), (0, 0));
        assert_eq!(done.bytes, fs::metadata(&backup).unwrap().len());
        let code = Fingerprint::of(&small.diary().log.checkpoint());
        Self {
            small,
            backup,
            code,
            items: [a.id, b.id],
        }
    }

    fn dry_run(&self, backup: &Path) -> Result<Restored, Error> {
        restore_with(backup, None, "a")
    }

    fn restore(&self, backup: &Path) -> (PathBuf, Result<Restored, Error>) {
        let target = self.small.path("restored");
        let restored = restore_with(backup, Some(&target), "a");
        (target, restored)
    }

    /// The backup with other bytes, under another name.
    fn altered(&self, alter: impl FnOnce(&mut Vec<u8>)) -> PathBuf {
        let mut bytes = fs::read(&self.backup).unwrap();
        alter(&mut bytes);
        let path = self.small.path("altered");
        fs::write(&path, bytes).unwrap();
        path
    }
}

fn restore_with(backup: &Path, target: Option<&Path>, text: &str) -> Result<Restored, Error> {
    let passphrase = passphrase(text);
    let opener = Opener::Passphrase(&passphrase);
    Diary::danger_restore_with_cheap_kdf_for_tests(
        backup,
        target,
        opener,
        Box::new(SystemClock),
        &mut NoProgress,
    )
}

fn failures(findings: &[Finding]) -> Vec<(Check, String)> {
    findings
        .iter()
        .filter(|found| found.level == Level::Failure)
        .map(|found| (found.check, found.subject.clone()))
        .collect()
}

#[test]
fn section_22_everything_comes_back_with_the_same_fingerprint() {
    let mut case = Case::new();
    let seen = case.dry_run(&case.backup).unwrap();
    assert!(seen.sound && !seen.restored, "{:?}", seen.findings);
    let log = seen.log.unwrap();
    assert_eq!((log.entries, log.incidents, log.files), (5, 2, 2));
    assert_eq!(log.fingerprint, case.code);
    assert_eq!(names(case.small.folder.path()), ["one.idback", "vault"]);

    let (target, restored) = case.restore(&case.backup);
    let restored = restored.unwrap();
    assert!(restored.sound && restored.restored);
    assert_eq!(restored.log.unwrap().fingerprint, case.code);
    let (old, new) = (header(&case.small.vault()), header(&target));
    assert_ne!(old.instance, new.instance);
    assert_eq!(old.slots, new.slots);
    assert_eq!(old.container_id, new.container_id);

    let mut diary = open(&target);
    assert_eq!(diary.fingerprint().unwrap(), case.code);
    assert!(is_sound(&mut diary));
    assert_eq!(extract(&mut diary, &case.items[0]).unwrap(), [7; 100_000]);
    add(&mut diary, "after");
    let kinds: Vec<_> = (5..7)
        .map(|n| diary.log.read(n).unwrap().place.kind)
        .collect();
    assert_eq!(kinds, [EntryKind::Continued, EntryKind::Incident]);
    assert!(diary.is_ancestor(&case.code).unwrap());
    // The vault that was backed up goes on as it was.
    case.small.reopen();
    assert!(is_sound(case.small.diary()));
}

#[test]
fn section_22_it_opens_with_what_opened_the_vault_then() {
    let mut case = Case::new();
    case.small.close();
    recover(&case.small.vault(), &case.small.code, "b", true).unwrap();
    assert!(case.dry_run(&case.backup).unwrap().sound);
    let opener = Opener::RecoveryCode(&case.small.code);
    let seen = Diary::danger_restore_with_cheap_kdf_for_tests(
        &case.backup,
        None,
        opener,
        Box::new(SystemClock),
        &mut NoProgress,
    );
    assert!(seen.unwrap().sound);
    let wrong = restore_with(&case.backup, None, "b");
    assert!(matches!(wrong, Err(Error::Vault(VaultError::WrongSecret))));
}

#[test]
fn section_22_an_empty_folder_is_a_target_and_nothing_else_is() {
    let case = Case::new();
    let target = case.small.path("restored");
    fs::create_dir(&target).unwrap();
    assert!(case.restore(&case.backup).1.unwrap().restored);
    let before = contents(&target);
    let refused = case.restore(&case.backup).1;
    assert!(matches!(
        refused,
        Err(Error::Vault(VaultError::TargetExists))
    ));
    assert!(contents(&target) == before);
    let refused = restore_with(&case.backup, Some(&case.backup), "a");
    assert!(matches!(
        refused,
        Err(Error::Vault(VaultError::TargetExists))
    ));
    assert_eq!(
        names(case.small.folder.path()),
        ["one.idback", "restored", "vault"]
    );
}

#[test]
fn section_22_no_target_is_replaced_and_none_lies_in_the_vault() {
    let mut case = Case::new();
    let before = fs::read(&case.backup).unwrap();
    let again = case.small.diary().backup(&case.backup, &mut NoProgress);
    assert!(matches!(again, Err(Error::TargetExists)));
    assert!(fs::read(&case.backup).unwrap() == before);
    let vault = case.small.vault();
    for inside in [vault.join("b"), vault.join("evidence").join("b")] {
        let refused = case.small.diary().backup(&inside, &mut NoProgress);
        assert!(matches!(
            refused,
            Err(Error::Backup(BackupError::InsideVault))
        ));
    }
}

#[test]
fn section_22_the_diary_is_used_while_a_backup_is_written() {
    let mut case = Case::new();
    let target = case.small.path("two.idback");
    let backup = case.small.diary().begin_backup(&target, &mut NoProgress);
    let backup = backup.unwrap();
    let third = case.small.add("үшінші");
    attach(case.small.diary(), &third, "c.txt", b"later").unwrap();
    let first = IncidentRef::Number(1);
    case.small.diary().erase(&first).unwrap();
    let evidence = case.small.vault().join("evidence");
    assert_eq!(names(&evidence).len(), 3, "erasing waits for the backup");
    let written = std::thread::spawn(move || backup.finish(&mut NoProgress)).join();
    assert_eq!(written.unwrap().unwrap().files, 2);
    case.small.diary().rest().unwrap();
    assert_eq!(names(&evidence).len(), 2);

    let (target, restored) = case.restore(&target);
    assert!(restored.unwrap().sound);
    let mut diary = open(&target);
    assert_eq!(diary.fingerprint().unwrap(), case.code, "of its beginning");
    assert_eq!(extract(&mut diary, &case.items[0]).unwrap(), [7; 100_000]);
}

#[test]
fn section_22_dropped_or_cancelled_it_leaves_nothing() {
    let mut case = Case::new();
    let target = case.small.path("two.idback");
    drop(case.small.diary().begin_backup(&target, &mut NoProgress));
    let mut calls = 0;
    loop {
        let mut left = calls;
        let mut stops = move |_, _| {
            if left == 0 {
                return ControlFlow::Break(());
            }
            left -= 1;
            ControlFlow::Continue(())
        };
        match case.small.diary().backup(&target, &mut stops) {
            Err(Error::Cancelled) => calls += 1,
            done => break assert!(done.is_ok()),
        }
        assert_eq!(names(case.small.folder.path()), ["one.idback", "vault"]);
    }
    assert!(calls > 3, "{calls}");
    // And so does a restore.
    let restored = case.small.path("restored");
    let mut stops = |_: u64, _: u64| ControlFlow::Break(());
    let passphrase = passphrase("a");
    let stopped = Diary::danger_restore_with_cheap_kdf_for_tests(
        &target,
        Some(&restored),
        Opener::Passphrase(&passphrase),
        Box::new(SystemClock),
        &mut stops as &mut dyn Progress,
    );
    assert!(matches!(stopped, Err(Error::Cancelled)));
    assert_eq!(
        names(case.small.folder.path()),
        ["one.idback", "two.idback", "vault"]
    );
}

#[test]
fn section_22_every_truncation_is_told_and_nothing_restored() {
    let case = Case::new();
    let length = fs::read(&case.backup).unwrap().len();
    for cut in [0, 1, 16, 25, 4_096, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK] {
        let altered = case.altered(|bytes| bytes.truncate(length - 1 - cut));
        if length - 1 - cut < HEAD {
            continue;
        }
        let (target, told) = case.restore(&altered);
        let told = told.unwrap();
        assert!(!told.sound && !told.restored && !target.exists(), "{cut}");
        let end = (Check::Backup, "end".to_owned());
        assert!(failures(&told.findings).contains(&end), "{cut}");
    }
    for length in [0, 1, 100, HEAD - 1] {
        let altered = case.altered(|bytes| bytes.truncate(length));
        let told = case.dry_run(&altered);
        let none = matches!(told, Err(Error::Backup(BackupError::NotABackup)));
        assert!(none, "{length}");
    }
    let headless = case.altered(|bytes| bytes.truncate(HEAD));
    assert!(!case.dry_run(&headless).unwrap().sound);
    let longer = case.altered(|bytes| bytes.extend([0; 100]));
    assert!(!case.dry_run(&longer).unwrap().sound);
    let doubled = case.altered(|bytes| bytes.extend_from_within(HEAD..HEAD + CHUNK));
    assert!(!case.dry_run(&doubled).unwrap().sound);
}

#[test]
fn section_22_a_flipped_bit_anywhere_is_told_with_its_place() {
    let case = Case::new();
    let length = fs::read(&case.backup).unwrap().len();
    let chunks = (length - HEAD) / CHUNK;
    assert!(chunks > 3);
    for chunk in 0..chunks {
        for within in [0, 30_000, CHUNK - 1] {
            let altered = case.altered(|bytes| bytes[HEAD + chunk * CHUNK + within] ^= 4);
            let (target, told) = case.restore(&altered);
            let told = told.unwrap();
            assert!(!told.restored && !target.exists());
            let expected = vec![(Check::Backup, format!("chunk {chunk}"))];
            assert_eq!(failures(&told.findings), expected);
        }
    }
    // One copy of everything before the chunks may be damaged.
    for at in [5, 200, 2_180, 4_096 + 200, 8_192, 8_224, 8_250] {
        let altered = case.altered(|bytes| bytes[at] ^= 4);
        let told = case.dry_run(&altered).unwrap();
        assert!(told.sound);
        assert!(
            told.findings
                .iter()
                .any(|found| found.level == Level::Warning)
        );
    }
    // Both, if not in the same place.
    let altered = case.altered(|bytes| {
        bytes[200] ^= 4;
        bytes[4_096 + 300] ^= 4;
        bytes[8_192..8_256].fill(0);
    });
    assert!(case.dry_run(&altered).unwrap().sound);
    let altered = case.altered(|bytes| {
        bytes[200] ^= 4;
        bytes[4_096 + 210] ^= 4;
    });
    let told = case.dry_run(&altered);
    assert!(matches!(
        told,
        Err(Error::Backup(BackupError::DamagedHeader))
    ));
}

#[test]
fn section_22_other_files_and_newer_formats_are_told_apart() {
    let mut case = Case::new();
    case.small.close();
    let zip = case.altered(|bytes| *bytes = vec![b'P'; 20_000]);
    let told = case.dry_run(&zip);
    assert!(matches!(told, Err(Error::Backup(BackupError::NotABackup))));
    let vault = case.small.vault();
    for not_a_backup in [vault.join("header"), vault.join("log.db"), vault] {
        let told = case.dry_run(&not_a_backup);
        assert!(matches!(told, Err(Error::Backup(BackupError::NotABackup))));
    }
    let newer = case.altered(|bytes| {
        let mut block = bytes[..4_096].to_vec();
        block[9] = 2;
        let sum = <sha2::Sha256 as sha2::Digest>::digest(&block[..4_064]);
        block[4_064..].copy_from_slice(&sum);
        bytes[..8_192].copy_from_slice(&block.repeat(2));
    });
    let told = case.dry_run(&newer);
    assert!(matches!(told, Err(Error::Backup(BackupError::NewerFormat))));
    // Chunks of another backup of the same vault.
    let other = case.small.path("other.idback");
    open(&case.small.vault())
        .backup(&other, &mut NoProgress)
        .unwrap();
    let foreign = fs::read(&other).unwrap();
    let mixed = case.altered(|bytes| {
        bytes[HEAD + CHUNK..HEAD + 2 * CHUNK]
            .copy_from_slice(&foreign[HEAD + CHUNK..HEAD + 2 * CHUNK]);
    });
    let told = case.dry_run(&mixed).unwrap();
    assert_eq!(
        failures(&told.findings),
        [(Check::Backup, "chunk 1".to_owned())]
    );
}

/// Its name came onto the list while the disk did not give an entry that names it, too.
#[test]
fn section_22_a_damaged_vault_is_backed_up_as_far_as_it_can_be_read() {
    let mut case = Case::new();
    let half = case.small.half();
    case.small.close();
    alter(
        &case.small.vault(),
        half,
        "UPDATE own SET b = x'00' WHERE i = 9",
    );
    case.small.reopen();
    let backup = case.small.path("two.idback");
    let written = case.small.diary().backup(&backup, &mut NoProgress).unwrap();
    assert_eq!(written.unreadable_cells, 1);
    let (target, restored) = case.restore(&backup);
    let restored = restored.unwrap();
    assert!(restored.restored && !restored.sound);
    assert_eq!(failures(&restored.findings)[0].0, Check::Cell);
    assert_eq!(names(&target).len(), 4);
}
