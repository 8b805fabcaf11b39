//! Disks and memory cards that do not give everything back.

use std::fs::File;
use std::io::{self, Read};

use super::super::files::{Source, copy_one};
use super::super::*;
use super::*;
use crate::backup::BackupError;
use crate::diary::decoy;
use crate::vault::Fails;

/// Incidents whose words are there.
fn readable(diary: &mut Diary) -> usize {
    let query = Query {
        limit: Some(200),
        ..Query::default()
    };
    let page = diary.list(&query).unwrap();
    let whole = |line: &&Summary| !line.damaged && !line.erased;
    page.incidents.iter().filter(whole).count()
}

#[test]
fn section_24_a_database_that_was_cut_gives_what_it_has() {
    let case = Case::new();
    let whole = fs::metadata(case.small.vault().join("log.db"))
        .unwrap()
        .len();
    let mut saved = Vec::new();
    for eighths in 1..8 {
        let vault = case.small.path(&format!("cut {eighths}"));
        copy(&case.small.vault(), &vault);
        let database = File::options().write(true).open(vault.join("log.db"));
        database
            .unwrap()
            .set_len(whole * eighths / 8 + 100)
            .unwrap();
        let (target, salvaged) = case.salvage(&vault);
        assert!(!salvaged.sound);
        saved.push(match salvaged.restored {
            true => {
                let mut diary = open(&target);
                assert!(diary.check(&mut NoProgress).unwrap().sound);
                readable(&mut diary)
            }
            false => 0,
        });
    }
    assert!(saved.is_sorted(), "{saved:?}");
    assert!(saved[3] > 10 && saved[6] > 30, "{saved:?}");
}

#[test]
fn section_24_without_the_evidence_folder_the_entries_are_saved() {
    let case = Case::new();
    fs::remove_dir_all(case.small.vault().join("evidence")).unwrap();
    let (mut diary, salvaged) = case.saved();
    let failures = failed(&salvaged.findings);
    assert!(failures.contains(&(Check::EvidenceFile, "the evidence folder")));
    assert_eq!(readable(&mut diary), 39);
    assert!(extract(&mut diary, &case.item).is_err());
}

/// Reading the memory of this process from its start is an error of input and output.
#[cfg(target_os = "linux")]
#[test]
fn section_24_one_evidence_file_that_cannot_be_read_costs_no_other() {
    let case = Case::new();
    let evidence = case.small.vault().join("evidence");
    let short = names(&evidence).into_iter().find(|name| {
        let bytes = fs::metadata(evidence.join(name)).unwrap().len();
        bytes < 70_000
    });
    let short = evidence.join(short.unwrap());
    fs::remove_file(&short).unwrap();
    std::os::unix::fs::symlink("/proc/self/mem", &short).unwrap();
    let (target, salvaged) = case.salvage(&case.small.vault());
    let lost = |finding: &Finding| finding.detail.starts_with("1 evidence files are damaged");
    assert!(salvaged.findings.iter().any(lost));
    let mut diary = open(&target);
    assert_eq!(extract(&mut diary, &case.item).unwrap(), [7; 70_000]);

    // Neither of these is an error of writing; a folder that is not there is one.
    let folder = case.small.folder.path();
    assert!(!copy_one(&short, &folder.join("copied"), &mut |_| Ok(())).unwrap());
    assert!(!copy_one(folder, &folder.join("copied"), &mut |_| Ok(())).unwrap());
    assert!(!folder.join("copied").exists());
    assert!(
        copy_one(
            &case.backup,
            &folder.join("nowhere/copied"),
            &mut |_| Ok(())
        )
        .is_err()
    );
}

#[test]
fn section_24_a_source_tells_its_own_errors_from_those_of_the_copy() {
    struct Refused;
    impl Read for Refused {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::ErrorKind::PermissionDenied.into())
        }
    }
    let mut source = Source {
        file: Refused,
        failed: false,
    };
    let folder = temporary_folder();
    assert!(decoy::write_file(&mut source, &folder.path().join("copy"), &mut |_| Ok(())).is_err());
    assert!(source.failed);
    assert_eq!(names(folder.path()), [""; 0]);
}

#[cfg(unix)]
#[test]
fn section_24_a_chunk_that_the_disk_does_not_give_is_a_damaged_one() {
    let case = Case::new();
    let secret = SecretBytes::from(&passphrase("a"));
    let open = || Opened::open(&case.backup, &secret, KdfFloor::DangerNone).unwrap();
    // Nothing can be read through it.
    let deaf = || File::options().write(true).open(&case.backup).unwrap();
    let mut out = [0; 16];

    let mut opened = open();
    opened.backup.read_from(deaf());
    let refused = opened.backup.read_at(0, &mut out);
    assert!(matches!(refused, Err(Error::Vault(_))), "{refused:?}");

    opened.backup.save_what_can_be_read();
    let mut again = opened.again().unwrap();
    again.read_at(0, &mut out).unwrap();
    again.read_from(deaf());
    for backup in [&mut opened.backup, &mut again] {
        let damaged = backup.read_at(CHUNK as u64, &mut out);
        let expected = BackupError::Damaged { chunk: 1 };
        assert!(matches!(damaged, Err(Error::Backup(error)) if error == expected));
        let chunks = backup.survey(&mut NoProgress).unwrap().len();
        assert!(chunks >= 4, "{chunks}");
    }
}

/// A page of a file that the disk does not give, or bytes that were changed.
fn spoil(file: &Path, at: usize, bytes: usize) {
    let mut content = fs::read(file).unwrap();
    content[at..at + bytes].fill(0x5a);
    fs::write(file, content).unwrap();
}

#[test]
fn section_24_the_first_page_of_the_database_is_known() {
    for (at, bytes) in [(0, 4_096), (0, 1), (28, 4), (4_000, 90)] {
        let case = Case::new();
        spoil(&case.small.vault().join("log.db"), at, bytes);
        let (target, salvaged) = case.salvage(&case.small.vault());
        assert!(
            salvaged.restored && salvaged.sound,
            "{:?}",
            salvaged.findings
        );
        assert_eq!(readable(&mut open(&target)), 39);
    }
}

/// Pages that hold no rows, but point to those that do.
#[test]
fn section_24_the_database_s_own_pages_cost_no_cell() {
    let case = Case::new();
    let database = case.small.vault().join("log.db");
    let pages = fs::read(&database).unwrap();
    let points = |page: &[u8]| page[0] == 5;
    let inner: Vec<usize> = (1..pages.len() / 4_096)
        .filter(|page| points(&pages[page * 4_096..]))
        .collect();
    assert!(inner.contains(&1) && inner.contains(&2), "{inner:?}");
    for spoilt in [&inner[..1], &inner[1..2], &inner[..]] {
        fs::write(&database, &pages).unwrap();
        for page in spoilt {
            spoil(&database, page * 4_096, 4_096);
        }
        let (target, salvaged) = case.salvage(&case.small.vault());
        assert!(
            salvaged.restored && salvaged.sound,
            "{:?}",
            salvaged.findings
        );
        assert_eq!(readable(&mut open(&target)), 39);
        let saved = cells(&target, 1 - case.half);
        fs::write(&database, &pages).unwrap();
        let other = cells(&case.small.vault(), 1 - case.half);
        assert!(saved.starts_with(&other), "the other half");
    }
}

#[test]
fn section_24_two_damaged_copies_of_the_keys_are_enough_where_they_differ() {
    let case = Case::new();
    let header = case.small.vault().join("header");
    for file in [&header, &case.backup] {
        spoil(file, 300, 20);
        spoil(file, 4_096 + 3_000, 20);
    }
    spoil(&case.backup, 8_192, 64);
    let (target, salvaged) = case.salvage(&case.small.vault());
    assert!(salvaged.sound, "{:?}", salvaged.findings);
    let warned = |found: &Finding| (found.check, found.level) == (Check::Header, Level::Warning);
    assert!(salvaged.findings.iter().any(warned));
    assert_eq!(readable(&mut open(&target)), 39);
    let (target, salvaged) = case.salvage(&case.backup);
    assert!(salvaged.restored && salvaged.sound);
    assert_eq!(readable(&mut open(&target)), 39);

    // In the same place twice: the keys are nowhere else, and that is said.
    for file in [&header, &case.backup] {
        spoil(file, 4_096 + 300, 21);
    }
    for (source, said) in [
        (&case.small.vault(), "damaged in both copies"),
        (&case.backup, "keys are damaged in both copies"),
    ] {
        let refused = salvage_with(source, &case.small.path("none"), "a").unwrap_err();
        assert!(refused.to_string().contains(said), "{refused}");
        assert!(!case.small.path("none").exists());
    }
}

#[test]
fn section_24_a_disk_that_is_full_while_entries_are_written_is_told_as_one() {
    let case = Case::new();
    let (target, secret) = (
        case.small.path("saved"),
        SecretBytes::from(&passphrase("a")),
    );
    let (vault, floor) = (case.small.vault(), KdfFloor::DangerNone);
    let found = Remains::of_vault(&vault, &target, &secret, floor, &mut NoProgress);
    let (mut remains, _) = found.unwrap();
    let rebuilt = Rebuilt::from(&remains, &mut NoProgress).unwrap();
    let seed = remains.signing_seed().unwrap();
    let (mut new, _) = remains.begin(&target, seed).unwrap();
    new.vault.fail(Fails {
        before_commit: true,
        reopening: true,
        ..Fails::default()
    });
    let written = write_entries(&remains, &rebuilt, &mut new, &mut NoProgress);
    assert!(
        matches!(written, Err(Error::Vault(VaultError::DiskFull))),
        "{written:?}"
    );
}

/// The keys are there and nowhere else, and so is the log.
#[test]
fn section_24_a_file_that_is_gone_is_named() {
    let case = Case::new();
    let (vault, target) = (case.small.vault(), case.small.path("none"));
    let header = fs::read(vault.join("header")).unwrap();
    for left in [None, Some(vec![]), Some(vec![7; 8_192])] {
        fs::remove_file(vault.join("header")).unwrap();
        if let Some(bytes) = left {
            fs::write(vault.join("header"), bytes).unwrap();
        }
        let error = refused(salvage_with(&vault, &target, "a"));
        assert!(matches!(error, VaultError::DamagedHeader), "{error}");
        fs::write(vault.join("header"), &header).unwrap();
    }
    // Cut off or longer, one block is enough.
    for bytes in [&header[..4_096], &[&header[..], &[0]].concat()] {
        fs::write(vault.join("header"), bytes).unwrap();
        let (saved, salvaged) = case.salvage(&vault);
        let warned =
            |found: &Finding| (found.check, found.level) == (Check::Header, Level::Warning);
        assert!(salvaged.sound && salvaged.findings.iter().any(warned));
        assert_eq!(readable(&mut open(&saved)), 39);
    }
    fs::remove_file(vault.join("log.db")).unwrap();
    let error = refused(salvage_with(&vault, &target, "a"));
    assert!(matches!(error, VaultError::ForeignDatabase), "{error}");
}
