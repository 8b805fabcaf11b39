//! A log in a real vault, against FORMAT.md 7, 9, 11 and 13.

use std::path::Path;
use std::sync::{Arc, Mutex};

use chrono::DateTime;

use super::*;
use crate::time::Reading;
use crate::vault::{KdfCost, NewPassphrase, NewVault, Passphrase, SecretBytes};

/// A clock that is set by hand.
#[derive(Clone)]
struct HandClock(Arc<Mutex<Reading>>);

impl HandClock {
    fn new() -> Self {
        Self(Arc::new(Mutex::new(Reading {
            at: DateTime::parse_from_rfc3339("2026-10-03T21:15:00+05:00").unwrap(),
            zone: Some("Asia/Almaty".to_owned()),
            boot: Some("boot".to_owned()),
            uptime_ms: Some(1_000_000),
        })))
    }

    fn advance(&self, wall_seconds: i64, uptime_seconds: u64) {
        let mut reading = self.0.lock().unwrap();
        reading.at += chrono::Duration::seconds(wall_seconds);
        reading.uptime_ms = reading.uptime_ms.map(|ms| ms + 1000 * uptime_seconds);
    }
}

impl Clock for HandClock {
    fn read(&self) -> Reading {
        self.0.lock().unwrap().clone()
    }
}

fn make(path: &Path, clock: &HandClock) -> Log {
    let passphrase = NewPassphrase::even_if_weak(b"a").unwrap();
    let (mut new, _) =
        NewVault::create_with_step(path, &passphrase, KdfCost::DangerCheapForTests, 8).unwrap();
    Log::begin(&mut new.vault, clock).unwrap();
    Log::open(new.publish(path).unwrap(), Box::new(clock.clone())).unwrap()
}

fn reopen(path: &Path, clock: &HandClock) -> Log {
    let secret = SecretBytes::from(&Passphrase::new(b"a").unwrap());
    let vault = crate::vault::fixture::open(path, &secret).unwrap();
    Log::open(vault, Box::new(clock.clone())).unwrap()
}

fn draft(kind: EntryKind, about: Option<u32>, text: &str) -> Draft {
    Draft {
        kind,
        about,
        proven: Object::from([("reason".to_owned(), text.into())]),
        vault_only: Object::new(),
    }
}

#[test]
fn section_7_the_index_is_the_tree_of_rfc_6962_at_every_size() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault");
    let clock = HandClock::new();
    let mut log = make(&path, &clock);
    let mut checkpoints = vec![log.checkpoint()];
    for i in 1..1_100u32 {
        let kind = if i % 3 == 0 {
            EntryKind::Incident
        } else {
            EntryKind::Export
        };
        log.append(draft(kind, None, &"x".repeat((i % 7 * 700) as usize)))
            .unwrap();
        checkpoints.push(log.checkpoint());
    }
    drop(log);

    let mut log = reopen(&path, &clock);
    let mut leaves = Vec::new();
    let mut incidents = 0;
    for number in 0..log.size() {
        let logged = log.read(number).unwrap();
        if logged.place.kind == EntryKind::Incident {
            incidents += 1;
            assert_eq!(log.vault().incident_number(number).unwrap(), incidents);
            assert_eq!(log.vault().incident_entry(incidents).unwrap(), Some(number));
        }
        leaves.push(logged.place.leaf);
    }
    assert_eq!(log.vault().incident_entry(incidents + 1).unwrap(), None);
    assert_eq!(log.vault().incident_entry(0).unwrap(), None);
    for (size, checkpoint) in (1..).zip(&checkpoints) {
        assert_eq!(checkpoint.root, tree::root(&leaves[..size as usize]));
        assert_eq!(log.checkpoint_at(size).unwrap(), *checkpoint);
    }
    let size = log.size();
    let all = &mut leaves.as_slice();
    for number in (0..size).step_by(37) {
        assert_eq!(log.inclusion(number, size).unwrap(), {
            let Ok(proof) = tree::inclusion(all, number, size);
            proof
        });
        assert_eq!(log.consistency(number + 1, size).unwrap(), {
            let Ok(proof) = tree::consistency(all, number + 1, size);
            proof
        });
    }
}

#[test]
fn section_7_links_lead_through_everything_about_an_incident() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault");
    let clock = HandClock::new();
    let mut log = make(&path, &clock);
    let incident = log
        .append(draft(EntryKind::Incident, None, "a"))
        .unwrap()
        .id
        .number();
    for i in 0..100 {
        log.append(draft(EntryKind::Export, None, "b")).unwrap();
        if i % 25 == 0 {
            log.append(draft(EntryKind::Amendment, Some(incident), "c"))
                .unwrap();
        }
    }
    drop(log);
    let mut log = reopen(&path, &clock);
    let mut at = log.read(incident).unwrap().place.link;
    let mut chain = Vec::new();
    while at != incident {
        let logged = log.read(at).unwrap();
        assert_eq!(logged.entry.unwrap().about(), Some(incident));
        chain.push(at);
        at = logged.place.link;
    }
    assert_eq!(chain.len(), 4);
    assert!(chain.is_sorted_by(|a, b| a > b));
}

#[test]
fn section_9_a_moved_clock_is_flagged_and_not_corrected() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault");
    let clock = HandClock::new();
    let mut log = make(&path, &clock);
    let mut flag = |wall, uptime| {
        clock.advance(wall, uptime);
        let number = log
            .append(draft(EntryKind::Export, None, "x"))
            .unwrap()
            .id
            .number();
        let entry = log.read(number).unwrap().entry.unwrap();
        let flag = entry.recorded().unwrap().get("clock").cloned();
        flag.and_then(|flag| flag.as_text().map(str::to_owned))
    };
    assert_eq!(flag(60, 60), None);
    assert_eq!(flag(360, 61), None);
    assert_eq!(flag(400, 60).as_deref(), Some("jumped"));
    assert_eq!(flag(60, 600).as_deref(), Some("jumped"));
    assert_eq!(flag(-1, 60).as_deref(), Some("back"));
    assert_eq!(flag(60, 60), None);
    clock.0.lock().unwrap().boot = Some("another".to_owned());
    assert_eq!(flag(100_000, 1), None);
}

#[test]
fn section_11_a_code_given_out_is_remembered_without_an_entry() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault");
    let clock = HandClock::new();
    let mut log = make(&path, &clock);
    for i in 0..70 {
        if [1, 31, 32, 63].contains(&i) {
            let before = log.checkpoint();
            log.mark_code_given().unwrap();
            log.mark_code_given().unwrap();
            assert_eq!(log.checkpoint(), before);
        }
        log.append(draft(EntryKind::Export, None, "x")).unwrap();
    }
    drop(log);
    assert_eq!(
        reopen(&path, &clock).marked_sizes().unwrap(),
        [64, 33, 32, 2]
    );
}

#[test]
fn section_13_an_entry_is_there_after_a_kill_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("vault");
    let clock = HandClock::new();
    let mut log = make(&path, &clock);
    log.append(draft(EntryKind::Incident, None, "a")).unwrap();
    let checkpoint = log.checkpoint();
    // What a kill leaves: the files as they are, with the log of writes not moved.
    let copy = folder.path().join("copy");
    std::fs::create_dir(&copy).unwrap();
    for name in ["header", "log.db", "log.db-wal", "lock"] {
        std::fs::copy(path.join(name), copy.join(name)).unwrap();
    }
    std::fs::create_dir(copy.join("evidence")).unwrap();
    assert_eq!(reopen(&copy, &clock).checkpoint(), checkpoint);
    // Without it: the state of the last checkpoint.
    drop(log);
    std::fs::copy(copy.join("log.db"), copy.join("older.db")).unwrap();
    let _ = std::fs::remove_file(copy.join("log.db-wal"));
    assert!(reopen(&copy, &clock).size() >= 1);
}
