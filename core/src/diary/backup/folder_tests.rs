//! Backups in a folder: what is written again and what is not, and everything that can be wrong with one.

mod faults;

use std::collections::BTreeMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use crate::backup::BackupError;
use crate::bundle::{Check, Finding, Level};
use crate::diary::fixture::*;
use crate::diary::{BackedUp, Diary, IncidentRef, Opener, Restored};
use crate::error::Error;
use crate::log::{EntryId, Fingerprint};
use crate::progress::NoProgress;
use crate::time::SystemClock;

/// A vault with two files, and a folder with one backup.
struct Case {
    small: Small,
    folder: PathBuf,
    code: Fingerprint,
    items: [EntryId; 2],
}

impl Case {
    fn new() -> Self {
        let mut small = Small::new();
        let which = small.add("бірінші");
        let a = attach(small.diary(), &which, "a.txt", &[7; 100_000]).unwrap();
        let b = attach(small.diary(), &which, "b.txt", b"short").unwrap();
        let code = small.diary().fingerprint().unwrap();
        let folder = small.path("backups");
        let mut case = Self {
            small,
            folder,
            code,
            items: [a.id, b.id],
        };
        let done = case.backup();
        assert_eq!((done.files, done.new_files, done.snapshot), (2, 2, Some(1)));
        case
    }

    fn try_backup(&mut self) -> Result<BackedUp, Error> {
        let folder = self.folder.clone();
        let diary = self.small.diary();
        diary.backup_to_folder(&folder, &mut NoProgress)
    }

    fn backup(&mut self) -> BackedUp {
        self.try_backup().unwrap()
    }

    fn evidence(&self) -> PathBuf {
        self.folder.join("evidence")
    }

    /// The evidence file of the larger item and of the smaller one, in a folder of them.
    fn sealed(&self, folder: &Path) -> [PathBuf; 2] {
        let mut files: Vec<PathBuf> = names(folder).iter().map(|n| folder.join(n)).collect();
        files.sort_by_key(|file| std::cmp::Reverse(fs::metadata(file).unwrap().len()));
        [files[0].clone(), files[1].clone()]
    }

    fn restore(&self, from: &Path, target: Option<&str>) -> Result<Restored, Error> {
        let passphrase = passphrase("a");
        Diary::danger_restore_with_cheap_kdf_for_tests(
            from,
            target.map(|name| self.small.path(name)).as_deref(),
            Opener::Passphrase(&passphrase),
            Box::new(SystemClock),
            &mut NoProgress,
        )
    }

    /// A restored vault has the log of this code and both files.
    fn is_whole(&self, from: &Path, code: &Fingerprint) {
        assert!(self.restore(from, None).unwrap().sound);
        let restored = self.restore(from, Some("restored")).unwrap();
        assert!(restored.sound && restored.restored);
        let target = self.small.path("restored");
        let mut diary = open(&target);
        assert_eq!(diary.fingerprint().unwrap(), *code);
        assert_eq!(extract(&mut diary, &self.items[0]).unwrap(), [7; 100_000]);
        assert_eq!(extract(&mut diary, &self.items[1]).unwrap(), b"short");
        drop(diary);
        fs::remove_dir_all(target).unwrap();
    }
}

fn flip(file: &Path) {
    let mut bytes = fs::read(file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(file, bytes).unwrap();
}

fn failures(findings: &[Finding]) -> Vec<(Check, String)> {
    let failed = findings.iter().filter(|f| f.level == Level::Failure);
    failed.map(|f| (f.check, f.subject.clone())).collect()
}

fn is_foreign<T>(result: Result<T, Error>) -> bool {
    matches!(result, Err(Error::Backup(BackupError::ForeignFolder)))
}

/// What changed in a folder: device and number of each file tell whether it was written anew.
#[cfg(unix)]
fn inodes(folder: &Path) -> BTreeMap<String, u64> {
    use std::os::unix::fs::MetadataExt;
    let inode = |name: &String| fs::metadata(folder.join(name)).unwrap().ino();
    names(folder)
        .into_iter()
        .map(|name| (name.clone(), inode(&name)))
        .collect()
}

#[cfg(unix)]
#[test]
fn section_22_1_the_second_backup_writes_only_what_is_new_and_both_are_whole() {
    let mut case = Case::new();
    let before = inodes(&case.evidence());
    let first = fs::read(case.folder.join("snapshot-000001.idback")).unwrap();
    let which = case.small.add("екінші");
    attach(case.small.diary(), &which, "c.txt", &[3; 1_000]).unwrap();
    let later = case.small.diary().fingerprint().unwrap();
    let done = case.backup();
    assert_eq!((done.files, done.new_files, done.snapshot), (3, 1, Some(2)));
    let after = inodes(&case.evidence());
    assert_eq!(after.len(), 3);
    assert!(before.iter().all(|(name, inode)| after[name] == *inode));
    let second = case.folder.join("snapshot-000002.idback");
    let sealed = 32 + 65_552;
    assert_eq!(done.bytes, fs::metadata(&second).unwrap().len() + sealed);
    assert!(fs::read(case.folder.join("snapshot-000001.idback")).unwrap() == first);
    assert_eq!(
        names(&case.folder),
        [
            "evidence",
            "snapshot-000001.idback",
            "snapshot-000002.idback"
        ]
    );

    let (folder, code) = (case.folder.clone(), case.code);
    case.is_whole(&folder, &later);
    case.is_whole(&folder.join("snapshot-000001.idback"), &code);
    case.is_whole(&second, &later);
    // Nothing is new: not one evidence file is written.
    assert_eq!(case.backup().new_files, 0);
    assert_eq!(inodes(&case.evidence()), after);
}

#[test]
fn section_22_1_a_changed_key_changes_no_evidence_and_each_opens_with_what_was_valid() {
    let mut case = Case::new();
    let confirmed = case.small.diary().confirm(&passphrase("a")).unwrap();
    let new = crate::vault::NewPassphrase::even_if_weak(b"b").unwrap();
    case.small
        .diary()
        .rotate(&new, confirmed, &mut NoProgress)
        .unwrap();
    assert_eq!(case.backup().new_files, 0);
    let old = case.folder.join("snapshot-000001.idback");
    assert!(case.restore(&old, None).unwrap().sound);
    let newest = case.restore(&case.folder, None);
    assert!(matches!(
        newest,
        Err(Error::Vault(crate::vault::VaultError::WrongSecret))
    ));
}

#[test]
fn section_22_1_a_flipped_byte_is_named_and_the_next_backup_mends_the_copy() {
    let mut case = Case::new();
    let [large, _] = case.sealed(&case.evidence());
    let name = format!("evidence/{}", large.file_name().unwrap().to_str().unwrap());
    let whole = fs::read(&large).unwrap();
    let spoil: [fn(&Path); 3] = [
        flip,
        |file| fs::write(file, b"cut").unwrap(),
        |file| fs::remove_file(file).unwrap(),
    ];
    for spoil in spoil {
        spoil(&large);
        for target in [None, Some("restored")] {
            let told = case.restore(&case.folder, target).unwrap();
            assert!(!told.restored && !told.sound);
            let failures = failures(&told.findings);
            assert!(
                failures.contains(&(Check::Backup, name.clone())),
                "{failures:?}"
            );
            assert!(!case.small.path("restored").exists());
        }
        assert_eq!(case.backup().new_files, 1);
        assert!(fs::read(&large).unwrap() == whole);
        let (folder, code) = (case.folder.clone(), case.code);
        case.is_whole(&folder, &code);
    }
}

#[test]
fn section_22_1_damage_in_the_vault_does_not_reach_a_copy_that_is_whole() {
    let mut case = Case::new();
    let [large, small] = case.sealed(&case.small.vault().join("evidence"));
    let whole = fs::read(&large).unwrap();
    let longer = [whole.as_slice(), &[0]].concat();
    for spoilt in [&whole[..0], &whole[..70_000], &longer] {
        fs::write(&large, spoilt).unwrap();
        let done = case.backup();
        assert_eq!(
            (done.files, done.new_files, done.unreadable_files),
            (2, 0, 0)
        );
        assert_eq!(done.damaged_files, 1);
        let (folder, code) = (case.folder.clone(), case.code);
        case.is_whole(&folder, &code);
    }
    fs::write(&large, &whole).unwrap();
    flip(&large);
    fs::remove_file(small).unwrap();
    let done = case.backup();
    assert_eq!(
        (done.files, done.new_files, done.unreadable_files),
        (2, 0, 0)
    );
    let (folder, code) = (case.folder.clone(), case.code);
    case.is_whole(&folder, &code);
    // Lost in both places: left out, and counted.
    let copies = case.sealed(&case.evidence());
    for (lost, copy) in (1..).zip(&copies) {
        flip(copy);
        let damaged = fs::read(copy).unwrap();
        let done = case.backup();
        assert_eq!((done.files, done.unreadable_files), (2 - lost, lost));
        assert!(done.new_files == 0 && fs::read(copy).unwrap() == damaged);
    }
    assert!(!case.restore(&case.folder, None).unwrap().sound);
}

#[test]
fn section_22_1_other_folders_are_refused_and_left_as_they_are() {
    let mut case = Case::new();
    let documents = case.small.path("documents");
    fs::create_dir(&documents).unwrap();
    fs::write(documents.join("letter.txt"), "dear").unwrap();
    let folder = case.folder.clone();
    let mut other = Small::new();
    for (diary, folder) in [(case.small.diary(), &documents), (other.diary(), &folder)] {
        let before = (names(folder), contents(folder));
        assert!(is_foreign(diary.backup_to_folder(folder, &mut NoProgress)));
        assert_eq!((names(folder), contents(folder)), before);
    }
    let vault = case.small.vault();
    for inside in [vault.clone(), vault.join("evidence"), vault.join("new")] {
        let refused = case
            .small
            .diary()
            .backup_to_folder(&inside, &mut NoProgress);
        assert!(matches!(
            refused,
            Err(Error::Backup(BackupError::InsideVault))
        ));
    }
    let file = documents.join("letter.txt");
    assert!(
        case.small
            .diary()
            .backup_to_folder(&file, &mut NoProgress)
            .is_err()
    );
    let nowhere = case.restore(&documents, None);
    assert!(matches!(
        nowhere,
        Err(Error::Backup(BackupError::NotABackup))
    ));
    // Beside backups of this vault anything may lie: what a system puts onto every memory card.
    fs::write(case.folder.join(".DS_Store"), "x").unwrap();
    fs::write(case.evidence().join("Thumbs.db"), "x").unwrap();
    assert_eq!(case.backup().snapshot, Some(2));
    fs::write(case.folder.join("snapshot-999999.idback"), "x").unwrap();
    assert!(is_foreign(case.try_backup()));
}

#[cfg(unix)]
#[test]
fn section_22_1_a_link_is_no_copy() {
    let mut case = Case::new();
    let [copy, _] = case.sealed(&case.evidence());
    let source = case
        .small
        .vault()
        .join("evidence")
        .join(copy.file_name().unwrap());
    fs::remove_file(&copy).unwrap();
    std::os::unix::fs::symlink(&source, &copy).unwrap();
    assert_eq!(case.backup().new_files, 1);
    assert!(copy.symlink_metadata().unwrap().is_file());
    assert!(source.symlink_metadata().unwrap().is_file());
}

#[test]
fn section_22_1_stopped_anywhere_every_earlier_backup_is_whole_and_the_next_one_tidies() {
    let mut case = Case::new();
    let which = IncidentRef::Number(1);
    attach(case.small.diary(), &which, "c.txt", &[3; 1_000]).unwrap();
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
        let folder = case.folder.clone();
        match case.small.diary().backup_to_folder(&folder, &mut stops) {
            Err(Error::Cancelled) => calls += 1,
            done => break assert_eq!(done.unwrap().snapshot, Some(2)),
        }
        assert_eq!(names(&folder), ["evidence", "snapshot-000001.idback"]);
        assert!(case.restore(&folder, None).unwrap().sound);
    }
    assert!(calls > 4, "{calls}");

    // What kills left, of a folder's first backup too.
    let first = case.small.path("first");
    fs::create_dir_all(first.join("evidence")).unwrap();
    let [copy, _] = case.sealed(&case.evidence());
    let name = copy.file_name().unwrap();
    fs::copy(&copy, first.join("evidence").join(name)).unwrap();
    for folder in [&first, &case.folder] {
        fs::write(folder.join(".0123456789abcdef.part"), "x").unwrap();
        fs::write(folder.join("evidence/.0123456789abcdef.part"), "x").unwrap();
    }
    let written = case
        .small
        .diary()
        .backup_to_folder(&first, &mut NoProgress)
        .unwrap();
    assert_eq!((written.files, written.new_files), (3, 2));
    case.backup();
    for folder in [&first, &case.folder] {
        assert!(!names(folder).iter().any(|name| name.starts_with('.')));
        assert_eq!(names(&folder.join("evidence")).len(), 3);
    }
}

#[test]
fn section_22_1_the_diary_is_used_meanwhile_and_no_file_goes_away() {
    let mut case = Case::new();
    let folder = case.small.path("second");
    let begun = case
        .small
        .diary()
        .begin_backup_to_folder(&folder, &mut NoProgress);
    let begun = begun.unwrap();
    let which = case.small.add("кейін");
    attach(case.small.diary(), &which, "c.txt", b"later").unwrap();
    case.small.diary().erase(&IncidentRef::Number(1)).unwrap();
    let written = std::thread::spawn(move || begun.finish(&mut NoProgress)).join();
    assert_eq!(written.unwrap().unwrap().files, 2);
    let code = case.code;
    case.is_whole(&folder, &code);
}

#[test]
fn section_24_what_a_damaged_backup_in_a_folder_holds_is_saved_with_its_evidence() {
    let mut case = Case::new();
    for _ in 0..40 {
        case.small.add("x");
    }
    case.backup();
    let newest = case.folder.join("snapshot-000002.idback");
    let bytes = fs::read(&newest).unwrap();
    let last = bytes.len() - 100;
    let [large, small] = case.sealed(&case.evidence());
    for at in [8_256 + 5_000, last] {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        fs::write(&newest, damaged).unwrap();
        let target = case.small.path("saved");
        let passphrase = passphrase("a");
        let saved = Diary::danger_salvage_with_cheap_kdf_for_tests(
            &case.folder,
            &target,
            Opener::Passphrase(&passphrase),
            || Box::new(SystemClock),
            &mut NoProgress,
        );
        let saved = saved.unwrap();
        assert!(saved.restored && !saved.sound);
        for file in [&large, &small] {
            let kept = target.join("evidence").join(file.file_name().unwrap());
            assert!(fs::read(kept).unwrap() == fs::read(file).unwrap());
        }
        fs::remove_dir_all(&target).unwrap();
    }
}
