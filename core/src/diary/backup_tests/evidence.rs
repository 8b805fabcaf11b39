//! Which evidence files are in a backup, and what is said of the others.

use std::collections::BTreeSet;

use super::*;

#[test]
fn section_22_both_halves_and_unknown_files_come_back_and_doomed_ones_do_not() {
    let mut case = Case::new();
    let evidence = case.small.vault().join("evidence");
    let unknown = "00112233445566778899aabbccddeeff";
    fs::write(evidence.join(unknown), [5; 70_000]).unwrap();
    fs::write(evidence.join("not a name of ours"), "x").unwrap();
    let doomed = FileName::make().unwrap();
    case.small.diary().log.doom(*doomed.as_bytes()).unwrap();
    fs::write(evidence.join(doomed.to_hex()), "half written").unwrap();
    let backup = case.small.path("two.idback");
    let written = case.small.diary().backup(&backup, &mut NoProgress).unwrap();
    assert_eq!(written.files, 3);
    case.small.close();

    let (target, restored) = case.restore(&backup);
    assert!(restored.unwrap().sound);
    let stored: BTreeSet<String> = names(&target.join("evidence")).into_iter().collect();
    assert_eq!(stored.len(), 3);
    assert_eq!(
        fs::read(target.join("evidence").join(unknown)).unwrap(),
        [5; 70_000]
    );
    for table in [0, 1] {
        assert!(cells(&target, table) == cells(&case.small.vault(), table));
    }
}

#[test]
fn section_22_a_doomed_file_that_an_entry_names_is_in_the_backup() {
    let mut case = Case::new();
    let evidence = case.small.vault().join("evidence");
    for name in names(&evidence) {
        let name = FileName::parse(&name).unwrap();
        case.small.diary().log.doom(*name.as_bytes()).unwrap();
    }
    let backup = case.small.path("two.idback");
    let written = case.small.diary().backup(&backup, &mut NoProgress).unwrap();
    assert_eq!((written.files, written.unreadable_files), (2, 0));
    let (target, restored) = case.restore(&backup);
    assert!(restored.unwrap().sound);
    let mut diary = open(&target);
    assert_eq!(extract(&mut diary, &case.items[0]).unwrap(), [7; 100_000]);
}

#[test]
fn section_22_an_evidence_file_that_goes_away_stops_the_backup() {
    let mut case = Case::new();
    let target = case.small.path("two.idback");
    let backup = case.small.diary().begin_backup(&target, &mut NoProgress);
    let evidence = case.small.vault().join("evidence");
    fs::remove_file(evidence.join(&names(&evidence)[1])).unwrap();
    let stopped = backup.unwrap().finish(&mut NoProgress);
    assert!(matches!(
        stopped,
        Err(Error::Backup(BackupError::FileChanged))
    ));
    assert_eq!(names(case.small.folder.path()), ["one.idback", "vault"]);
}

#[test]
fn section_22_damaged_evidence_is_told_by_a_dry_run() {
    let mut case = Case::new();
    let evidence = case.small.vault().join("evidence");
    let first = evidence.join(&names(&evidence)[0]);
    let mut bytes = fs::read(&first).unwrap();
    bytes[1_000] ^= 1;
    fs::write(&first, bytes).unwrap();
    fs::remove_file(evidence.join(&names(&evidence)[1])).unwrap();
    let backup = case.small.path("two.idback");
    let written = case.small.diary().backup(&backup, &mut NoProgress).unwrap();
    assert_eq!((written.files, written.unreadable_files), (1, 1));
    let seen = case.dry_run(&backup).unwrap();
    assert!(!seen.sound);
    let checks: Vec<Check> = failures(&seen.findings).into_iter().map(|f| f.0).collect();
    assert_eq!(checks, [Check::EvidenceFile; 2]);
}
