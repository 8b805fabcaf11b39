//! One flipped bit in every byte of a small vault: it is reported, or it changes nothing that is
//! hers. Never silent, never a panic.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use super::*;
use crate::bundle::Level;
use crate::progress::NoProgress;
use crate::time::SystemClock;

/// A vault of 16 cells a half, which its diary nearly fills.
struct Small {
    _folder: tempfile::TempDir,
    path: PathBuf,
    header: Vec<u8>,
    database: Vec<u8>,
    /// What it shows as long as it is whole.
    shown: Shown,
}

/// Everything that a diary shows, each as text or as the error in its place.
#[derive(Debug, Eq, PartialEq)]
struct Shown(BTreeMap<String, Result<String, String>>);

/// What a flipped bit did.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Outcome {
    /// An error, or a finding of `check`.
    Reported,
    /// Everything is as before.
    Unaffected,
    /// Something else was shown, and nothing was said.
    Silent,
    Panicked,
}

type Counts = BTreeMap<Outcome, u32>;

const PASSPHRASE: &[u8] = b"a";
const SECTOR: usize = 4096;

/// In memory where the system has such a place: nothing here needs to last.
fn temporary() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

impl Small {
    /// A vault whose diary lies in this half.
    fn in_half(half: u8) -> Self {
        loop {
            let folder = temporary();
            let path = folder.path().join("vault");
            let passphrase = NewPassphrase::new(PASSPHRASE).unwrap();
            let cost = KdfCost::DangerCheapForTests;
            let (mut new, _) = NewVault::create_with_step(&path, &passphrase, cost, 8).unwrap();
            if new.vault.head().half.byte() != half {
                continue;
            }
            Log::begin(&mut new.vault, &SystemClock).unwrap();
            let vault = new.publish(&path).unwrap();
            let mut diary = Diary::over(vault, Box::new(SystemClock)).unwrap();
            write_a_little(&mut diary);
            assert_eq!(diary.log.vault().head().used, 14, "most of 16 cells");
            diary.lock().unwrap();
            let read = |name| fs::read(path.join(name)).unwrap();
            let (header, database) = (read("header"), read("log.db"));
            let mut small = Self {
                _folder: folder,
                header,
                database,
                shown: Shown(BTreeMap::new()),
                path,
            };
            small.shown = small.look();
            assert!(small.shown.0.values().all(Result::is_ok));
            return small;
        }
    }

    fn look(&self) -> Shown {
        let passphrase = Passphrase::new(PASSPHRASE).unwrap();
        let clock = Box::new(SystemClock);
        let opened = Diary::danger_open_with_cheap_kdf_for_tests(&self.path, &passphrase, clock);
        match opened {
            Ok(mut diary) => Shown::by(&mut diary),
            Err(error) => Shown(BTreeMap::from([(
                "open".to_owned(),
                Err(error.to_string()),
            )])),
        }
    }

    /// Flips bits of one file, looks, and puts everything back.
    fn flip(&self, name: &str, flips: &[(usize, u8)]) -> Outcome {
        let path = self.path.join(name);
        let mut file = fs::OpenOptions::new().write(true).open(&path).unwrap();
        let original = self.original(name);
        for (at, mask) in flips {
            file.seek(SeekFrom::Start(*at as u64)).unwrap();
            file.write_all(&[original[*at] ^ mask]).unwrap();
        }
        drop(file);
        let outcome = match catch_unwind(AssertUnwindSafe(|| self.look())) {
            Ok(shown) => self.judge(&shown),
            Err(_) => Outcome::Panicked,
        };
        for name in ["header", "log.db"] {
            let path = self.path.join(name);
            if fs::read(&path).unwrap() != self.original(name) {
                fs::write(&path, self.original(name)).unwrap();
            }
        }
        let _ = fs::remove_file(self.path.join("log.db-wal"));
        outcome
    }

    fn original(&self, name: &str) -> &[u8] {
        if name == "header" {
            &self.header
        } else {
            &self.database
        }
    }

    fn judge(&self, shown: &Shown) -> Outcome {
        if *shown == self.shown {
            return Outcome::Unaffected;
        }
        let differs = |(what, shown): (&String, &Result<String, String>)| {
            what != "check" && shown.is_ok() && self.shown.0.get(what) != Some(shown)
        };
        let said = shown.0.values().any(Result::is_err);
        if said && !shown.0.iter().any(differs) {
            Outcome::Reported
        } else {
            Outcome::Silent
        }
    }
}

impl Shown {
    fn by(diary: &mut Diary) -> Self {
        let mut shown = BTreeMap::new();
        let page = diary.list(&Query::default());
        shown.insert("list".to_owned(), text(page));
        for number in 1..=3 {
            let detail = diary.show(&IncidentRef::Number(number));
            shown.insert(format!("show {number}"), text(detail));
        }
        shown.insert("people".to_owned(), text(diary.people()));
        shown.insert("draft".to_owned(), text(diary.draft("new")));
        let report = diary.check(&mut NoProgress).unwrap();
        let said = report.findings.iter().filter(|f| f.level != Level::Ok);
        let said: Vec<String> = said.map(|finding| format!("{finding:?}")).collect();
        let check = if said.is_empty() {
            Ok(format!("{:?}", report.findings))
        } else {
            Err(said.join("\n"))
        };
        shown.insert("check".to_owned(), check);
        Self(shown)
    }
}

fn text<T: std::fmt::Debug>(result: Result<T, Error>) -> Result<String, String> {
    match result {
        Ok(value) => Ok(format!("{value:?}")),
        Err(error) => Err(error.to_string()),
    }
}

/// Three incidents, an amendment, a file and a draft: six cells of entries beside the one that
/// begins the log... and the side object.
fn write_a_little(diary: &mut Diary) {
    let add = |diary: &mut Diary, json: &str| {
        let incident = Incident::parse(json.as_bytes(), &SystemClock).unwrap();
        diary.add(&incident).unwrap().id
    };
    let first = add(
        diary,
        r#"{"occurred":{"from":"2026-10-03"},"narrative":"Ол күтіп тұрды","private_note":"note"}"#,
    );
    add(
        diary,
        r#"{"occurred":{"from":"2026-10-04"},"narrative":"Звонил","people":[{"key":"p1","role":"perpetrator","name":"Х"}]}"#,
    );
    add(
        diary,
        r#"{"occurred":{"from":"2026-10-05"},"narrative":"Again"}"#,
    );
    let changes = Changes::parse(br#"{"narrative":"He waited"}"#, &SystemClock).unwrap();
    let first = IncidentRef::Id(first);
    diary.amend(&first, &changes, "translated").unwrap();
    diary.save_draft("new", "not yet".as_bytes()).unwrap();
}

/// Numbers that look random and are the same in every run (xorshift64, Marsaglia 2003).
struct Numbers(u64);

impl Numbers {
    fn bit(&mut self) -> u8 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        1 << (self.0 % 8)
    }
}

fn count(counts: &mut Counts, outcome: Outcome, what: &dyn Fn() -> String) {
    *counts.entry(outcome).or_default() += 1;
    assert!(
        !matches!(outcome, Outcome::Silent | Outcome::Panicked),
        "{outcome:?}: {}",
        what()
    );
}

fn flip_every_byte(small: &Small, name: &str, seed: u64, step: usize) -> Counts {
    let mut counts = Counts::new();
    let mut numbers = Numbers(seed);
    for at in (0..small.original(name).len()).step_by(step) {
        let mask = numbers.bit();
        let outcome = small.flip(name, &[(at, mask)]);
        count(&mut counts, outcome, &|| {
            format!("{name} byte {at} (page {}), bit {mask:#04x}", at / SECTOR)
        });
    }
    counts
}

#[test]
fn a_flipped_bit_in_the_header_is_reported_and_mended() {
    for half in [0, 1] {
        let small = Small::in_half(half);
        let counts = flip_every_byte(&small, "header", 0x1dea, 64);
        println!("header, half {half}: {counts:?}");
    }
}

#[test]
fn a_flipped_bit_in_the_database_is_reported_or_changes_nothing() {
    for half in [0, 1] {
        let small = Small::in_half(half);
        let t = std::time::Instant::now();
        let counts = flip_every_byte(&small, "log.db", 0x1dea, 640);
        println!(
            "log.db, half {half}: {counts:?} {:?} {}",
            t.elapsed(),
            small.database.len()
        );
    }
}
