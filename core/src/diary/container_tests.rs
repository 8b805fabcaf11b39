//! What FORMAT.md asks of the folder, the header, the secrets and the database (sections 2, 3, 4
//! and 12), on whole vaults. Sections that one module keeps alone have their tests there.

use std::fs;

use super::fixture::*;
use super::*;
use crate::NoProgress;
use crate::bundle::Level;
use crate::vault::{KeyFile, VaultError};

#[test]
fn section_2_the_folder_holds_what_is_specified_and_nothing_else() {
    let mut small = Small::new();
    let one = small.add("a");
    attach(small.diary(), &one, "a.bin", b"a").unwrap();
    let all = ["evidence", "header", "lock", "log.db", "log.db-wal"];
    assert_eq!(names(&small.vault()), all);
    let file = names(&small.vault().join("evidence")).remove(0);
    assert!(file.len() == 32 && file.bytes().all(|b| b.is_ascii_hexdigit()));
    small.close();
    assert_eq!(names(&small.vault()), all[..4]);
    assert_eq!(fs::read(small.vault().join("lock")).unwrap(), b"");
    assert_eq!(names(small.folder.path()), ["vault"]);
}

#[test]
fn section_2_the_half_is_chosen_by_chance() {
    let mut halves = [0; 2];
    for _ in 0..24 {
        halves[usize::from(Small::new().half())] += 1;
    }
    // Wrong once in eight million runs.
    assert!(halves[0] > 0 && halves[1] > 0);
}

#[test]
fn section_2_one_at_a_time_and_the_lock_goes_with_the_diary() {
    let mut small = Small::new();
    small.add("a");
    for passphrase in ["a", "wrong"] {
        let second = refused(open_with(&small.vault(), passphrase));
        assert!(matches!(second, VaultError::InUse));
    }
    small.reopen();
    small.add("b");
}

#[test]
fn section_2_a_vault_opens_wherever_it_lies() {
    let mut small = Small::new();
    let one = small.add("a");
    let item = attach(small.diary(), &one, "a.bin", b"the bytes").unwrap();
    small.close();
    let mut diary = open(&small.copy_to("elsewhere"));
    assert_eq!(extract(&mut diary, &item.id).unwrap(), b"the bytes");
    assert!(is_sound(&mut diary));
}

#[test]
fn section_2_another_folder_is_left_as_it_is() {
    let folder = temporary_folder();
    fs::write(folder.path().join("letter"), b"hers").unwrap();
    for path in [folder.path().to_owned(), folder.path().join("none")] {
        let error = refused(open_with(&path, "a"));
        assert!(matches!(error, VaultError::NotAVault));
    }
    assert_eq!(names(folder.path()), ["letter"]);
}

#[test]
fn section_3_the_file_is_written_anew_only_after_a_right_secret() {
    let mut small = Small::new();
    small.close();
    let file = small.vault().join("header");
    let good = fs::read(&file).unwrap();
    for at in [500, 4_096 + 500] {
        let mut damaged = good.clone();
        damaged[at] ^= 1;
        fs::write(&file, &damaged).unwrap();
        assert!(matches!(
            refused(open_with(&small.vault(), "wrong")),
            VaultError::WrongSecret
        ));
        assert!(fs::read(&file).unwrap() == damaged);
        small.reopen();
        assert_eq!(small.diary().key_file(), KeyFile::Mended);
        assert!(fs::read(&file).unwrap() == good);
        small.reopen();
        assert_eq!(small.diary().key_file(), KeyFile::Whole);
        small.close();
    }
}

/// As a disk that was full, or a program that copies, leaves it.
#[test]
fn section_3_a_file_that_was_cut_or_goes_on_is_written_anew() {
    let mut small = Small::new();
    small.close();
    let file = small.vault().join("header");
    let good = fs::read(&file).unwrap();
    let mut second_alone = good.clone();
    second_alone[..4_096].fill(0);
    let longer = |bytes: &[u8]| [bytes, &[0]].concat();
    for bytes in [
        good[..4_096].to_vec(),
        good[..4_097].to_vec(),
        good[..8_191].to_vec(),
        longer(&good),
        longer(&second_alone),
        good.repeat(2),
    ] {
        fs::write(&file, &bytes).unwrap();
        assert!(matches!(
            refused(open_with(&small.vault(), "wrong")),
            VaultError::WrongSecret
        ));
        assert!(fs::read(&file).unwrap() == bytes);
        // Where it cannot be written, that is told too.
        let in_the_way = small.vault().join("header.new");
        fs::create_dir(&in_the_way).unwrap();
        small.reopen();
        assert_eq!(small.diary().key_file(), KeyFile::OneCopy);
        fs::remove_dir(&in_the_way).unwrap();
        small.reopen();
        assert_eq!(small.diary().key_file(), KeyFile::Mended);
        let report = small.diary().check(&mut NoProgress).unwrap();
        assert!(
            report.sound
                && report
                    .findings
                    .iter()
                    .any(|one| one.level == Level::Warning)
        );
        small.close();
        assert!(fs::read(&file).unwrap() == good);
    }
}

/// "No vault: check the path" would send her away from what is hers.
#[test]
fn section_3_without_a_key_file_the_log_tells_that_it_is_a_vault() {
    let mut small = Small::new();
    small.add("a");
    small.close();
    fs::remove_file(small.vault().join("header")).unwrap();
    let before = contents(&small.vault());
    let error = refused(open_with(&small.vault(), "a"));
    assert!(matches!(error, VaultError::DamagedHeader), "{error}");
    fs::create_dir(small.vault().join("header")).unwrap();
    let error = refused(open_with(&small.vault(), "a"));
    assert!(matches!(error, VaultError::DamagedHeader), "{error}");
    assert!(contents(&small.vault()) == before);
}

#[test]
fn section_12_without_its_log_a_vault_says_so() {
    let mut small = Small::new();
    small.close();
    let (log, kept) = (small.vault().join("log.db"), small.path("kept.db"));
    fs::rename(&log, &kept).unwrap();
    let gone = || refused(open_with(&small.vault(), "a"));
    assert!(gone().to_string().starts_with("log.db is missing"));
    assert!(!log.exists());
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&kept, &log).unwrap();
        assert!(matches!(gone(), VaultError::ForeignDatabase));
    }
}

/// A disk that is full, or fails, with one damaged block: the other one opens the diary.
#[test]
fn section_3_a_file_that_cannot_be_written_anew_keeps_nobody_out() {
    let mut small = Small::new();
    small.close();
    let file = small.vault().join("header");
    let good = fs::read(&file).unwrap();
    let mut damaged = good.clone();
    damaged[500] ^= 1;
    fs::write(&file, &damaged).unwrap();
    let in_the_way = small.vault().join("header.new");
    fs::create_dir(&in_the_way).unwrap();
    small.reopen();
    assert_eq!(small.diary().key_file(), KeyFile::OneCopy);
    assert!(fs::read(&file).unwrap() == damaged);
    assert!(small.diary().check(&mut NoProgress).unwrap().sound);
    small.close();
    fs::remove_dir(&in_the_way).unwrap();
    small.reopen();
    assert_eq!(small.diary().key_file(), KeyFile::Mended);

    // What happens to the file while the diary is open is told too.
    fs::write(&file, &damaged).unwrap();
    assert_eq!(small.diary().key_file(), KeyFile::OneCopy);
    fs::write(&file, [7; 8_192]).unwrap();
    assert_eq!(small.diary().key_file(), KeyFile::Lost);
    assert!(!small.diary().check(&mut NoProgress).unwrap().sound);
}

#[test]
fn section_3_a_header_that_cannot_be_used_leaves_everything_untouched() {
    use sha2::{Digest, Sha256};
    let mut small = Small::new();
    small.close();
    let file = small.vault().join("header");
    let good = fs::read(&file).unwrap();
    let forge = |at: usize, bytes: &[u8]| {
        let mut block = good[..4_064].to_vec();
        block[at..at + bytes.len()].copy_from_slice(bytes);
        let sum = Sha256::digest(&block);
        block.extend_from_slice(&sum);
        block.repeat(2)
    };
    let mut damaged = good.clone();
    damaged[500] ^= 1;
    damaged[4_096 + 600] ^= 1;
    const LOST: &str = "the key file is missing, or damaged in both copies";
    let four_gib = (4u32 << 20).to_be_bytes();
    for (bytes, expected) in [
        (damaged, LOST),
        (forge(8, &[0, 2]), "the vault was made by a newer version"),
        (forge(12, &four_gib), "the key file asks for a cost"),
        (forge(16, &[0, 0, 0, 65]), "the key file asks for a cost"),
        (vec![0; 8_192], LOST),
        (vec![], LOST),
        (good[..4_095].to_vec(), LOST),
        (good[1..].to_vec(), LOST),
    ] {
        fs::write(&file, bytes).unwrap();
        let before = contents(&small.vault());
        let error = refused(open_with(&small.vault(), "a")).to_string();
        assert!(error.starts_with(expected), "{error}");
        assert!(contents(&small.vault()) == before);
    }
    // The cheap cost of this vault is refused by whoever is no test.
    fs::write(&file, good).unwrap();
    let clock = Box::new(crate::time::SystemClock);
    let error = refused(Diary::open(&small.vault(), &passphrase("a"), clock));
    assert!(matches!(error, VaultError::KdfOutOfRange));
}

#[test]
fn section_3_a_change_of_secrets_keeps_all_but_the_own_slots() {
    let mut small = Small::new();
    let one = small.add("a");
    let half = usize::from(small.half());
    small.close();
    let before = header(&small.vault());
    recover(&small.vault(), &small.code, "b", true).unwrap();
    let after = header(&small.vault());
    assert_eq!(
        (
            after.params,
            after.step,
            after.container_id,
            after.salt,
            after.instance
        ),
        (
            before.params,
            before.step,
            before.container_id,
            before.salt,
            before.instance
        )
    );
    let changed: Vec<usize> = (0..8)
        .filter(|i| before.slots[*i] != after.slots[*i])
        .collect();
    assert_eq!(changed, [4 * half, 4 * half + 1]);
    assert_eq!(
        names(&small.vault()),
        ["evidence", "header", "lock", "log.db"]
    );
    let mut diary = open_with(&small.vault(), "b").unwrap();
    assert!(diary.show(&one).unwrap().incident.is_some());
}

#[test]
fn section_4_what_does_not_open_is_told_in_one_way() {
    let mut small = Small::new();
    let half = usize::from(small.half());
    small.close();
    assert!(matches!(
        refused(open_with(&small.vault(), "wrong")),
        VaultError::WrongSecret
    ));
    let mut header = header(&small.vault());
    header.slots[4 * half][40] ^= 1;
    fs::write(small.vault().join("header"), header.to_file()).unwrap();
    assert!(matches!(
        refused(open_with(&small.vault(), "a")),
        VaultError::WrongSecret
    ));
}

#[test]
fn section_4_a_new_secret_that_opens_a_slot_is_refused() {
    let mut small = Small::new();
    small.close();
    let before = fs::read(small.vault().join("header")).unwrap();
    let error = refused(recover(&small.vault(), &small.code, "a", true));
    assert!(matches!(error, VaultError::SecretInUse));
    assert!(fs::read(small.vault().join("header")).unwrap() == before);
    small.reopen();
    assert_eq!(small.diary().log.size(), 1);
}

#[test]
fn section_12_the_other_table_is_only_ever_appended_to() {
    let mut small = Small::new();
    let half = small.half();
    let mut before = cells(&small.copy_to("before"), 1 - half);
    assert_eq!(before.len(), 2 * STEP as usize);
    let one = small.add("a");
    for i in 0..40 {
        let more = small.add(&"x".repeat(i * 97 + 1));
        attach(small.diary(), &more, "a.bin", &[i as u8]).unwrap();
        let changes = br#"{"count":2}"#;
        let changes = Changes::parse(changes, &crate::time::SystemClock).unwrap();
        small.diary().amend(&one, &changes, "b").unwrap();
        small
            .diary()
            .save_draft("add", &vec![b'x'; 300 * i])
            .unwrap();
    }
    small.diary().fingerprint().unwrap();
    small.diary().erase(&one).unwrap();
    small.reopen();
    let copy = small.copy_to("after");
    let (own, other) = (cells(&copy, half), cells(&copy, 1 - half));
    assert_eq!(own.len(), other.len());
    assert!(own.len() > 100 && own.len().is_multiple_of(STEP as usize));
    before.extend_from_slice(&other[before.len()..]);
    assert!(before == other);
    // What is appended cannot be told from anything else: no two cells are the same.
    let mut all: Vec<Vec<u8>> = own.into_iter().chain(other).collect();
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count);
}
