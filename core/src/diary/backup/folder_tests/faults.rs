//! Backups in a folder that is damaged, or that the disk does not give.

use super::*;
use crate::vault::VaultError;

/// Bytes before the chunks, and of one chunk.
const HEAD: u64 = 8_256;
const CHUNK: u64 = 65_536 + 16;

/// A disk that does not give a file: a name that leads to itself is none that is absent.
#[cfg(unix)]
fn withhold(file: &Path) {
    let _ = fs::remove_file(file);
    std::os::unix::fs::symlink(file, file).unwrap();
}

#[cfg(unix)]
fn is_of_the_disk<T>(result: Result<T, Error>) -> bool {
    matches!(result, Err(Error::Vault(VaultError::Io(_))))
}

#[test]
fn section_22_1_a_damaged_backup_is_told_and_an_older_one_can_be_named() {
    let mut case = Case::new();
    case.backup();
    let newest = case.folder.join("snapshot-000002.idback");
    flip(&newest);
    let told = case.restore(&case.folder, Some("restored")).unwrap();
    assert!(!told.restored && !told.sound);
    let (older, code) = (case.folder.join("snapshot-000001.idback"), case.code);
    case.is_whole(&older, &code);
    // Not even its keys are left: it is still the newest, and keeps nobody from a new one.
    fs::write(&newest, [0; 90_000]).unwrap();
    let told = case.restore(&case.folder, None);
    assert!(matches!(told, Err(Error::Backup(BackupError::NotABackup))));
    assert_eq!(case.backup().snapshot, Some(3));
    // A name that was reserved for one is none.
    fs::write(case.folder.join("snapshot-000004.idback"), "").unwrap();
    assert!(case.restore(&case.folder, None).unwrap().sound);
    assert_eq!(case.backup().snapshot, Some(5));
    let folder = case.folder.clone();
    case.is_whole(&folder, &code);
}

/// What was cut is never taken for a name that was reserved: it would be restored from an older backup, and
/// nobody would know.
#[test]
fn section_22_1_a_backup_that_was_cut_anywhere_is_told_and_never_passed_over() {
    let mut case = Case::new();
    for _ in 0..40 {
        case.small.add("x");
    }
    case.backup();
    let newest = case.folder.join("snapshot-000002.idback");
    let bytes = fs::read(&newest).unwrap();
    let length = bytes.len() as u64;
    let ends = [
        0,
        HEAD - 1,
        HEAD,
        HEAD + CHUNK - 1,
        HEAD + CHUNK,
        length - 1,
    ];
    let spread = (1..length).step_by(20_011);
    for length in ends.into_iter().chain(spread) {
        fs::write(&newest, &bytes).unwrap();
        let file = fs::File::options().write(true).open(&newest).unwrap();
        file.set_len(length).unwrap();
        let told = case.restore(&case.folder, None);
        match length {
            0 => {
                let older = told.unwrap();
                assert!(older.sound && older.snapshot == Some(1));
            }
            1..HEAD => {
                let none = matches!(told, Err(Error::Backup(BackupError::NotABackup)));
                assert!(none, "{length}");
            }
            _ => {
                let told = told.unwrap();
                assert_eq!((told.sound, told.snapshot), (false, Some(2)), "{length}");
            }
        }
        let restored = case.restore(&case.folder, Some("restored"));
        assert_eq!(restored.is_ok_and(|told| told.restored), length == 0);
        let _ = fs::remove_dir_all(case.small.path("restored"));
    }
}

#[test]
fn section_22_1_it_is_said_which_backup_was_taken() {
    let mut case = Case::new();
    case.backup();
    let restored = case.restore(&case.folder, Some("restored")).unwrap();
    let name = "snapshot-000002.idback";
    assert_eq!(restored.snapshot_name().as_deref(), Some(name));
    let named = case.restore(&case.folder.join(name), None).unwrap();
    assert!(named.sound && named.snapshot.is_none());
}

#[cfg(unix)]
#[test]
fn section_22_1_a_backup_that_cannot_be_looked_at_is_no_reason_to_take_an_older_one() {
    let mut case = Case::new();
    case.backup();
    withhold(&case.folder.join("snapshot-000002.idback"));
    assert!(is_of_the_disk(case.restore(&case.folder, None)));
    let target = case.small.path("saved");
    let passphrase = passphrase("a");
    let saved = Diary::danger_salvage_with_cheap_kdf_for_tests(
        &case.folder,
        &target,
        Opener::Passphrase(&passphrase),
        || Box::new(SystemClock),
        &mut NoProgress,
    );
    assert!(is_of_the_disk(saved) && !target.exists());
}

/// What it lists would not be known, and damage in the vault would take the place of a whole copy.
#[cfg(unix)]
#[test]
fn section_22_1_an_earlier_backup_that_cannot_be_read_now_ends_the_next_one() {
    let mut case = Case::new();
    let snapshot = case.folder.join("snapshot-000001.idback");
    let [copy, _] = case.sealed(&case.evidence());
    let whole = (fs::read(&snapshot).unwrap(), fs::read(&copy).unwrap());
    let evidence = case.small.vault().join("evidence");
    flip(&evidence.join(copy.file_name().unwrap()));
    withhold(&snapshot);
    assert!(is_of_the_disk(case.try_backup()));
    assert!(fs::read(&copy).unwrap() == whole.1);
    fs::remove_file(&snapshot).unwrap();
    fs::write(&snapshot, whole.0).unwrap();
    assert_eq!(case.backup().new_files, 0);
    let (folder, code) = (case.folder.clone(), case.code);
    case.is_whole(&folder, &code);
}

/// "Missing" would be followed by a salvage, which leaves the file out for good.
#[cfg(unix)]
#[test]
fn section_22_1_an_evidence_file_that_the_disk_does_not_give_is_not_called_missing() {
    let case = Case::new();
    let [copy, _] = case.sealed(&case.evidence());
    withhold(&copy);
    for target in [None, Some("restored")] {
        assert!(is_of_the_disk(case.restore(&case.folder, target)));
        assert!(!case.small.path("restored").exists());
    }
    // Whoever saves what can be read goes on without it.
    let passphrase = passphrase("a");
    let saved = Diary::danger_salvage_with_cheap_kdf_for_tests(
        &case.folder,
        &case.small.path("saved"),
        Opener::Passphrase(&passphrase),
        || Box::new(SystemClock),
        &mut NoProgress,
    );
    let saved = saved.unwrap();
    assert!(saved.restored && !saved.sound);
    assert_eq!(saved.snapshot, Some(1));
}
