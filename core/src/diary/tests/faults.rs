//! What is left when the disk fails, a cell is damaged, or two things happen at once.

use sha2::{Digest, Sha256};

use super::*;
use crate::vault::{Fails, Part, VaultError};

impl Case {
    /// A vault whose tables grow by 8 cells.
    fn with_small_steps() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault");
        let passphrase = NewPassphrase::even_if_weak(b"a").unwrap();
        let cost = KdfCost::DangerCheapForTests;
        let (mut new, _) = NewVault::create_with_step(&path, &passphrase, cost, 8).unwrap();
        Log::begin(&mut new.vault, &SystemClock).unwrap();
        let vault = new.publish(&path).unwrap();
        let diary = Some(Diary::over(vault, Box::new(SystemClock)).unwrap());
        Self { folder, diary }
    }

    /// Another byte in a cell, as a bad sector or an abuser leaves it.
    fn damage(&mut self, position: u32) {
        let half = self.diary().log.vault().head().half.byte();
        self.diary = None;
        let database = rusqlite::Connection::open(self.path("vault/log.db")).unwrap();
        let sql = format!("UPDATE p{half} SET b = randomblob(2016) WHERE i = {position}");
        assert_eq!(database.execute(&sql, []).unwrap(), 1);
        drop(database);
        self.reopen();
    }

    fn position(&mut self, id: EntryId) -> u32 {
        let place = self.diary().place_of(&id).unwrap();
        place.place.unwrap().position
    }

    fn fail(&mut self, fails: Fails) {
        self.diary().log.vault().fail(fails);
    }

    fn is_sound(&mut self) -> bool {
        let report = self.diary().check(&mut NoProgress);
        report.is_ok_and(|report| report.sound)
    }

    fn original(&mut self, item: &EntryId) -> Option<Vec<u8>> {
        let out = self.path("original");
        let _ = fs::remove_file(&out);
        self.diary().extract(item, &out, &mut NoProgress).ok()?;
        fs::read(out).ok()
    }
}

#[test]
fn section_13_an_item_that_is_being_written_is_no_file_that_was_left_behind() {
    let mut case = Case::new();
    let (one, two) = (case.add(ONE), case.add(TWO));
    let options = AttachOptions::default();
    let mut first = case.diary().begin_item(&one).unwrap();
    let mut second = case.diary().begin_item(&one).unwrap();
    first.write(b"first").unwrap();
    second.write(b"second").unwrap();
    case.diary().rest().unwrap();
    case.attach(&two, "a.txt", b"third");
    case.diary().erase(&two).unwrap();
    let mut finish = |pending, name| case.diary().finish_item(pending, name, None, &options);
    let first = finish(first, "1.txt").unwrap();
    let second = finish(second, "2.txt").unwrap();
    assert_eq!(case.original(&first.id).unwrap(), b"first");
    assert_eq!(case.original(&second.id).unwrap(), b"second");
    assert!(case.is_sound());
}

#[test]
fn section_13_an_item_begun_before_an_erasure_or_a_lock_is_refused_and_leaves_nothing() {
    let mut case = Case::new();
    let (one, two) = (case.add(ONE), case.add(TWO));
    let options = AttachOptions::default();
    let mut pending = case.diary().begin_item(&one).unwrap();
    pending.write(b"words of an erased incident").unwrap();
    case.diary().erase(&one).unwrap();
    let finished = case.diary().finish_item(pending, "a", None, &options);
    assert!(matches!(finished, Err(Error::Erased)));

    let mut pending = case.diary().begin_item(&two).unwrap();
    pending.write(b"of another session").unwrap();
    case.reopen();
    case.diary().rest().unwrap();
    let finished = case.diary().finish_item(pending, "a", None, &options);
    assert!(matches!(finished, Err(Error::Cancelled)));
    case.diary().rest().unwrap();
    assert!(case.files("vault/evidence").is_empty());
    assert!(case.is_sound());
}

#[test]
fn section_17_a_stored_copy_that_was_damaged_does_not_stand_for_one_that_is_whole() {
    let mut case = Case::new();
    let one = case.add(ONE);
    case.attach(&one, "a.txt", b"her only proof");
    for remove in [false, true] {
        for name in case.files("vault/evidence") {
            let path = case.path("vault/evidence").join(name);
            let mut bytes = fs::read(&path).unwrap();
            bytes[50] ^= 1;
            fs::write(&path, bytes).unwrap();
            if remove {
                fs::remove_file(&path).unwrap();
            }
        }
        let again = case.attach(&one, "a.txt", b"her only proof");
        assert!(!again.duplicate);
        assert_eq!(case.original(&again.id).unwrap(), b"her only proof");
        assert!(case.attach(&one, "a.txt", b"her only proof").duplicate);
    }
}

#[test]
fn section_12_what_a_failing_disk_denied_is_not_there_and_what_it_granted_is() {
    let all = [false, true];
    for (growth, before, after) in [
        (true, false, false),
        (false, true, false),
        (false, false, true),
        (false, false, false),
    ] {
        for (checkpoint, reopening) in all.into_iter().flat_map(|c| all.map(|r| (c, r))) {
            let mut case = Case::with_small_steps();
            case.add(ONE);
            // Large enough that the tables must grow.
            let text = "x".repeat(if growth { 20_000 } else { 10 });
            let json = format!(r#"{{"occurred":{{"precision":"unknown"}},"narrative":"{text}"}}"#);
            let incident = Incident::parse(json.as_bytes(), &SystemClock).unwrap();
            let before_it = case.diary().log.size();
            case.fail(Fails {
                spared: 0,
                growth,
                before_commit: before,
                after_commit: after,
                checkpoint,
                reopening,
                ..Fails::default()
            });
            let added = case.diary().add(&incident);
            case.reopen();
            let there = case.diary().log.size() > before_it;
            match added {
                Ok(recorded) => {
                    assert!(there);
                    assert!(case.diary().show(&IncidentRef::Id(recorded.id)).is_ok());
                }
                // The one error that says that it does not know.
                Err(Error::Vault(VaultError::Closed)) => assert!(reopening),
                Err(_) => assert!(!there),
            }
            assert!(!growth || !there);
            assert!(before || growth || there);
            assert!(case.is_sound());
        }
    }
}

#[test]
fn section_12_a_file_whose_entry_may_be_there_is_not_removed() {
    let mut case = Case::new();
    let one = case.add(ONE);
    let file = case.path("a.txt");
    fs::write(&file, b"her only proof").unwrap();
    // The name is doomed in the first write; the second reaches the disk, and nobody knows.
    case.fail(Fails {
        spared: 1,
        after_commit: true,
        reopening: true,
        ..Fails::default()
    });
    let options = AttachOptions::default();
    let attached = case.diary().attach(&one, &file, &options, &mut NoProgress);
    assert!(matches!(attached, Err(Error::Vault(VaultError::Closed))));
    assert!(case.diary().rest().is_err());
    case.reopen();
    let item = case.diary().show(&one).unwrap().evidence.remove(0);
    assert_eq!(case.original(&item.id).unwrap(), b"her only proof");
}

#[test]
fn new_secrets_that_hold_are_given_out_whatever_happens_after() {
    let mut case = Case::new();
    case.fail(Fails {
        spared: 1,
        before_commit: true,
        reopening: true,
        ..Fails::default()
    });
    let new = NewPassphrase::even_if_weak(b"new").unwrap();
    let code = case.diary().change_secrets(&new, true).unwrap().unwrap();
    case.diary = None;
    for secret in [
        SecretBytes::from(new.as_passphrase()),
        SecretBytes::from(&code),
    ] {
        let vault = crate::vault::fixture::open(&case.path("vault"), &secret).unwrap();
        case.diary = Some(Diary::over(vault, Box::new(SystemClock)).unwrap());
        assert!(case.is_sound());
        case.diary = None;
    }
    // Before the header is written, the old ones hold.
    let mut case = Case::new();
    case.fail(Fails {
        before_commit: true,
        ..Fails::default()
    });
    assert!(case.diary().change_secrets(&new, true).is_err());
    case.reopen();
    assert!(case.is_sound());
}

#[test]
fn section_14_check_notices_damage_to_drafts_and_to_what_was_read_before() {
    let mut case = Case::with_small_steps();
    case.add(ONE);
    case.diary().save_draft("add", b"words").unwrap();
    assert!(case.is_sound());
    let (side, _) = case.diary().log.vault().head().side.unwrap();
    case.damage(side.position);
    assert!(!case.is_sound());

    // While it is open, under whatever is kept in memory.
    for position in 0..3 {
        let mut case = Case::with_small_steps();
        case.add(ONE);
        case.diary().rest().unwrap();
        let half = case.diary().log.vault().head().half.byte();
        case.diary = None;
        let connection = rusqlite::Connection::open(case.path("vault/log.db")).unwrap();
        let sql = format!("SELECT b FROM p{half} WHERE i = {position}");
        let cell: Vec<u8> = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
        drop(connection);
        case.reopen();
        assert!(case.is_sound());
        let path = case.path("vault/log.db");
        let mut bytes = fs::read(&path).unwrap();
        let at = bytes
            .windows(24)
            .position(|window| *window == cell[..24])
            .unwrap();
        bytes[at] ^= 1;
        fs::write(&path, bytes).unwrap();
        // Positions 2 and later hold nothing yet. What is damaged is a finding, the head, too.
        let report = case.diary().check(&mut NoProgress).unwrap();
        assert_eq!(report.sound, position == 2, "{position}");
    }
}

/// Somebody with the passphrase and another program: the log has the right root all the same.
#[test]
fn section_14_check_notices_words_destroyed_and_marks_set_without_an_entry_that_says_so() {
    let mut case = Case::new();
    let one = case.add(ONE);
    let two = case.add(TWO);
    case.diary().withdraw(&two, "a mistake").unwrap();
    assert!(case.is_sound());
    let IncidentRef::Id(id) = one else { panic!() };
    let change = |case: &mut Case, withdrawn, destroyed| {
        let mut write = case.diary().log.vault().begin().unwrap();
        write
            .change_place(id.number(), |place| place.withdrawn = withdrawn)
            .unwrap();
        if destroyed {
            write.destroy(id.number()).unwrap();
        }
        write.commit().unwrap();
        case.is_sound()
    };
    assert!(!change(&mut case, true, false));
    assert!(change(&mut case, false, false));
    assert!(!change(&mut case, false, true));
}

#[test]
fn section_14_a_damaged_item_does_not_keep_her_from_attaching_and_erasing_others() {
    let mut case = Case::new();
    let (one, two) = (case.add(ONE), case.add(TWO));
    let damaged = case.attach(&one, "a.txt", b"first");
    let position = case.position(damaged.id);
    // It is the newest entry: that too does not keep the vault shut.
    case.damage(position);
    let item = case.attach(&two, "b.txt", b"second");
    assert_eq!(case.original(&item.id).unwrap(), b"second");
    assert_eq!(case.diary().erase(&two).unwrap().files, 1);
    assert!(!case.is_sound());
    // Nor from erasing the item itself; the name of its file is lost with its cell, and so is the key.
    let itself = IncidentRef::Id(damaged.id);
    let erased = case.diary().erase(&itself).unwrap();
    assert_eq!((erased.entries, erased.files), (1, 0));
    assert!(matches!(case.diary().erase(&itself), Err(Error::Erased)));
    assert!(case.is_sound());
}

#[test]
fn drafts_that_are_damaged_are_told_and_make_room_for_new_ones() {
    for saves in [true, false] {
        let mut case = Case::new();
        case.add(ONE);
        case.diary().save_draft("add", b"words").unwrap();
        let (side, _) = case.diary().log.vault().head().side.unwrap();
        case.damage(side.position);
        assert!(matches!(
            case.diary().draft("add"),
            Err(Error::Vault(VaultError::Damaged(Part::Side)))
        ));
        let kept = if saves {
            case.diary().save_draft("new", b"others").unwrap();
            Some(b"others".to_vec())
        } else {
            case.diary().discard_draft("new").unwrap();
            None
        };
        case.reopen();
        let found = case.diary().draft("new").unwrap();
        assert_eq!(found.map(|text| text.to_vec()), kept);
        assert!(case.diary().draft("add").unwrap().is_none());
        assert!(case.is_sound());
    }
}

#[test]
fn section_14_a_damaged_incident_costs_its_own_line_and_can_be_erased_and_left_out() {
    let mut case = Case::new();
    let one = case.add(ONE);
    case.add(TWO);
    let item = case.attach(&one, "a.txt", b"attached");
    let IncidentRef::Id(id) = one else { panic!() };
    let position = case.position(id);
    case.damage(position);
    for search in [None, Some("звонки".to_owned())] {
        let query = Query {
            search,
            ..Query::default()
        };
        let page = case.diary().list(&query).unwrap();
        let lines = page.incidents.iter().map(|s| (s.number, s.damaged));
        assert_eq!(lines.collect::<Vec<_>>(), [(2, false), (1, true)]);
    }
    assert!(case.diary().show(&one).is_err());
    let report = case.diary().check(&mut NoProgress).unwrap();
    let failures = report.findings.iter().filter(|f| f.level == Level::Failure);
    assert_eq!(failures.count(), 1, "{:#?}", report.findings);
    assert_eq!(case.original(&item.id).unwrap(), b"attached");
    // A preview names it; an export waits for her word.
    let damaged = [DamagedIncident { id, number: 1 }];
    let (bundle, report) = (
        case.diary().preview(&everything()).unwrap(),
        case.diary().preview_report(&everything()).unwrap(),
    );
    for preview in [bundle, report] {
        assert_eq!((preview.incidents.len(), preview.left_out), (1, 1));
        assert_eq!(preview.damaged, damaged);
    }
    let nothing_else = Selection {
        behaviours: vec![Behaviour::parse("waiting").unwrap()],
        ..everything()
    };
    assert!(matches!(
        case.diary().preview(&nothing_else),
        Err(Error::Vault(VaultError::Damaged(Part::Entry(_))))
    ));
    assert!(case.export(&everything(), "out.zip").is_err());
    let passphrase = Passphrase::new(b"a").unwrap();
    let confirmed = case.diary().confirm(&passphrase).unwrap();
    let path = case.path("report.pdf");
    assert!(
        case.diary()
            .export_report(&everything(), &path, confirmed, &mut NoProgress)
            .is_err()
    );
    assert!(!path.exists());
    assert!(case.diary().people().is_ok());
    let without = Selection {
        without: vec![one],
        ..everything()
    };
    assert_eq!(case.export(&without, "out.zip").unwrap().incidents, 1);
    let without = Selection {
        without: vec![IncidentRef::Number(1)],
        ..everything()
    };
    assert_eq!(case.export(&without, "again.zip").unwrap().incidents, 1);
    let erased = case.diary().erase(&one).unwrap();
    assert_eq!((erased.entries, erased.files), (2, 1));
    assert!(case.is_sound());
    assert!(matches!(case.diary().erase(&one), Err(Error::Erased)));
}

#[test]
fn section_13_a_code_in_a_bundle_is_remembered_also_in_the_first_write_after_a_restore() {
    let mut case = Case::new();
    case.add(ONE);
    case.diary = None;
    // What a restore does: another instance in both blocks of the header.
    let path = case.path("vault/header");
    let mut header = fs::read(&path).unwrap();
    for block in header.chunks_mut(4096) {
        block[80] ^= 1;
        let sum = Sha256::digest(&block[..4064]);
        block[4064..].copy_from_slice(&sum);
    }
    fs::write(&path, header).unwrap();
    case.reopen();
    let code = case.export(&everything(), "first.zip").unwrap().fingerprint;
    case.add(TWO);
    case.export(&everything(), "second.zip").unwrap();
    let fingerprint = Some(code);
    let options = VerifyOptions { fingerprint };
    let verdict = verify(&case.path("second.zip"), &options, &mut NoProgress).unwrap();
    assert!(verdict.sound, "{:#?}", verdict.findings);
    assert_eq!(verdict.anchor, Anchor::Fingerprint);
}

#[cfg(unix)]
#[test]
fn section_3_a_new_header_is_written_through_no_link_and_for_the_owner_only() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let mut case = Case::new();
    let other = case.path("other");
    fs::write(&other, "hers").unwrap();
    symlink(&other, case.path("vault/header.new")).unwrap();
    let new = NewPassphrase::even_if_weak(b"new").unwrap();
    case.diary().change_secrets(&new, false).unwrap();
    assert_eq!(fs::read(&other).unwrap(), b"hers");
    let header = fs::symlink_metadata(case.path("vault/header")).unwrap();
    assert!(header.is_file() && header.permissions().mode() & 0o777 == 0o600);
    assert!(!case.files("vault").contains(&"header.new".to_owned()));
}
