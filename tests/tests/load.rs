//! A diary under load: many readers and a writer in one process, as the threads of a shell are. Memory and open
//! files stay flat; what was acknowledged is there afterwards.
//!
//! Small in an ordinary run. `tests/long load`: `DIARY_LOAD_INCIDENTS`, `DIARY_LOAD_ITEMS` and `DIARY_LOAD_BYTES` of
//! sparse evidence, then `DIARY_LOAD_MINUTES` of reading and writing. `DIARY_LOAD_FOLDER` says where there is room for it.

#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing
)]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use diary_core::diary::{AttachOptions, IncidentRef, Query};
use diary_core::incident::{Changes, Incident};
use diary_core::log::EntryId;
use diary_core::time::SystemClock;
use diary_core::vault::{KdfCost, NewPassphrase, Passphrase};
use diary_core::{Diary, NoProgress};

const PASSPHRASE: &str = "тест arman lamp violet seven";
const READERS: u64 = 50;
/// Changes that the writer makes in an ordinary run, and what each reader reads.
const CHANGES: u64 = 60;
const READS: u64 = 6;
/// Bytes of one sparse file, at most.
const LARGEST: u64 = 4 << 30;
/// Times that memory and open files are looked at.
const LOOKS: usize = 20;
/// Memory may be this much more in the last third of the looks than in the second: what the log grew by.
const SLACK: u64 = 6 << 20;

#[test]
fn many_readers_and_a_writer_leave_memory_and_open_files_flat() {
    let load = Load::new();
    let (diary, items) = load.fill();
    let diary = Arc::new(Mutex::new(diary));
    let looks = load.soak(&diary, &items);
    let Ok(diary) = Arc::try_unwrap(diary) else {
        panic!("a thread still has the diary")
    };
    load.is_whole(diary.into_inner().unwrap());
    looks.are_flat();
    println!(
        "figures: {} incidents, {} items, {} MiB of sparse evidence, {READERS} readers and a writer for {} s: {} reads, {} \
         changes; memory {} to {} MiB, at most {} files open",
        load.incidents,
        load.items,
        load.bytes >> 20,
        looks.seconds,
        load.reads.load(Ordering::Relaxed),
        load.changes.load(Ordering::Relaxed),
        looks.memory.iter().min().unwrap() >> 20,
        looks.memory.iter().max().unwrap() >> 20,
        looks.files.iter().max().unwrap(),
    );
}

struct Load {
    folder: tempfile::TempDir,
    incidents: u64,
    items: u64,
    bytes: u64,
    /// How long readers and writer work; not given, until they made [`READS`] and [`CHANGES`].
    minutes: Option<u64>,
    reads: AtomicU64,
    changes: AtomicU64,
}

/// What the process had at several moments.
struct Looks {
    memory: Vec<u64>,
    files: Vec<u64>,
    seconds: u64,
}

impl Load {
    fn new() -> Self {
        let number = |name: &str, default| {
            let value = std::env::var(name).ok();
            value.map_or(default, |value| value.parse().unwrap())
        };
        let folder = match std::env::var_os("DIARY_LOAD_FOLDER") {
            Some(folder) => tempfile::tempdir_in(folder).unwrap(),
            None => tempfile::tempdir().unwrap(),
        };
        Self {
            folder,
            incidents: number("DIARY_LOAD_INCIDENTS", 120),
            items: number("DIARY_LOAD_ITEMS", 8),
            bytes: number("DIARY_LOAD_BYTES", 4 << 20),
            minutes: Some(number("DIARY_LOAD_MINUTES", 0)).filter(|minutes| *minutes > 0),
            reads: AtomicU64::new(0),
            changes: AtomicU64::new(0),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The diary with everything in it, and its small items.
    fn fill(&self) -> (Diary, Vec<(EntryId, u64)>) {
        let new = NewPassphrase::new(PASSPHRASE.as_bytes()).unwrap();
        let clock = Box::new(SystemClock);
        let (mut diary, _) =
            Diary::create(&self.path("vault"), &new, KdfCost::Floor, clock).unwrap();
        for number in 0..self.incidents {
            diary.add(&incident(number)).unwrap();
        }
        let mut attach = |path: &Path, number: u64| {
            let incident = IncidentRef::Number(u32::try_from(number % self.incidents).unwrap() + 1);
            let options = AttachOptions::default();
            let item = diary.attach(&incident, path, &options, &mut NoProgress);
            fs::remove_file(path).unwrap();
            item.unwrap().id
        };
        let mut items = Vec::new();
        for number in 0..self.items {
            let path = self.path("item.bin");
            fs::write(&path, number.to_be_bytes().repeat(50)).unwrap();
            items.push((attach(&path, number), number));
        }
        let (mut left, mut number) = (self.bytes, 0_u64);
        while left > 0 {
            let path = self.path("large.bin");
            let size = left.min(LARGEST);
            File::create(&path).unwrap().set_len(size - number).unwrap();
            attach(&path, number);
            (left, number) = (left - size, number + 1);
        }
        (diary, items)
    }

    /// Readers and a writer until the time is up, or they are done.
    fn soak(&self, diary: &Arc<Mutex<Diary>>, items: &[(EntryId, u64)]) -> Looks {
        let done = AtomicBool::new(false);
        let began = Instant::now();
        let time = self
            .minutes
            .map(|minutes| Duration::from_secs(60 * minutes));
        let mut looks = Looks {
            memory: Vec::new(),
            files: Vec::new(),
            seconds: 0,
        };
        thread::scope(|scope| {
            for reader in 0..READERS {
                let (diary, done) = (Arc::clone(diary), &done);
                scope.spawn(move || {
                    let (mut turn, mut left) = (reader, time.map_or(READS, |_| u64::MAX));
                    while left > 0 && !done.load(Ordering::Relaxed) {
                        left -= 1;
                        self.read(&diary, items, reader, turn);
                        // So that the writer has its turn.
                        thread::yield_now();
                        turn = turn
                            .wrapping_mul(6_364_136_223_846_793_005)
                            .wrapping_add(1 + reader);
                        self.reads.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
            let mut change = 0;
            loop {
                let part = match time {
                    Some(time) => began.elapsed().as_millis() * LOOKS as u128 / time.as_millis(),
                    None => u128::from(change) * LOOKS as u128 / u128::from(CHANGES),
                };
                if part > looks.memory.len() as u128 {
                    looks.look();
                }
                if part >= LOOKS as u128 {
                    break;
                }
                self.change(diary, change);
                change += 1;
            }
            while looks.memory.len() < LOOKS {
                looks.look();
            }
            if time.is_some() {
                done.store(true, Ordering::Relaxed);
            }
        });
        looks.seconds = began.elapsed().as_secs();
        looks
    }

    /// One of the things that a shell reads: a page, a search, an incident, an original.
    fn read(&self, diary: &Mutex<Diary>, items: &[(EntryId, u64)], reader: u64, turn: u64) {
        let at = turn >> 7;
        let mut diary = diary.lock().unwrap();
        match turn % 8 {
            0 if !items.is_empty() => {
                let (item, number) = items[usize::try_from(at).unwrap() % items.len()];
                let out = self.path(&format!("out-{reader}"));
                diary.extract(&item, &out, &mut NoProgress).unwrap();
                assert_eq!(fs::read(&out).unwrap(), number.to_be_bytes().repeat(50));
                fs::remove_file(out).unwrap();
            }
            1 if at.is_multiple_of(64) => {
                let search = Some(format!("оқиға {}", at % self.incidents));
                let query = Query {
                    search,
                    limit: Some(5),
                    ..Query::default()
                };
                assert!(!diary.list(&query).unwrap().incidents.is_empty());
            }
            2..=4 => {
                let page = diary.list(&Query::default()).unwrap();
                assert_eq!(page.incidents.len() as u64, self.incidents.min(50));
            }
            _ => {
                let number = u32::try_from(at % self.incidents).unwrap() + 1;
                let detail = diary.show(&IncidentRef::Number(number)).unwrap();
                assert_eq!(detail.number, number);
            }
        }
    }

    /// The writer: an amendment in place of every fourth record.
    fn change(&self, diary: &Mutex<Diary>, change: u64) {
        let mut diary = diary.lock().unwrap();
        if change % 4 == 3 {
            let which = IncidentRef::Number(u32::try_from(change % self.incidents).unwrap() + 1);
            let changes = Changes::parse(br#"{"count":3}"#, &SystemClock).unwrap();
            diary.amend(&which, &changes, "load").unwrap();
        } else {
            diary.add(&incident(self.incidents + change)).unwrap();
        }
        self.changes.fetch_add(1, Ordering::Relaxed);
    }

    /// After a lock, what was acknowledged is on the disk, and the whole of it is sound.
    fn is_whole(&self, diary: Diary) {
        diary.lock().unwrap();
        let passphrase = Passphrase::new(PASSPHRASE.as_bytes()).unwrap();
        let clock = Box::new(SystemClock);
        let mut diary = Diary::open(&self.path("vault"), &passphrase, clock).unwrap();
        let changes = self.changes.load(Ordering::Relaxed);
        let added = self.incidents + changes - changes / 4;
        let number = |number: u64| IncidentRef::Number(u32::try_from(number).unwrap());
        assert!(diary.show(&number(added + 1)).is_err());
        // The last that were added, in their order.
        let plain = (0..changes).filter(|change| change % 4 != 3);
        for (place, change) in plain
            .enumerate()
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .take(100)
        {
            let shown = diary.show(&number(self.incidents + place as u64 + 1));
            let expected = incident(self.incidents + change).to_private_value();
            assert!(shown.unwrap().incident == Some(expected), "{change}");
        }
        for change in (0..changes).filter(|change| change % 4 == 3).take(100) {
            let shown = diary.show(&number(change % self.incidents + 1)).unwrap();
            assert!(!shown.history.is_empty(), "{change}");
        }
        let report = diary.check(&mut NoProgress).unwrap();
        assert!(report.sound);
        diary.lock().unwrap();
    }
}

impl Looks {
    fn look(&mut self) {
        let pages = fs::read_to_string("/proc/self/statm").unwrap();
        let resident = pages.split(' ').nth(1).unwrap();
        self.memory.push(4096 * resident.parse::<u64>().unwrap());
        self.files
            .push(fs::read_dir("/proc/self/fd").unwrap().count() as u64);
    }

    /// The last third takes no more than the second; in the first, caches fill.
    fn are_flat(&self) {
        let median = |values: &[u64]| {
            let mut sorted = values.to_vec();
            sorted.sort_unstable();
            sorted[sorted.len() / 2]
        };
        let third = LOOKS / 3;
        let flat = |values: &[u64], slack| {
            median(&values[LOOKS - third..]) <= median(&values[third..2 * third]) + slack
        };
        assert!(flat(&self.memory, SLACK), "{:?}", self.memory);
        // A reader that extracts has two files open.
        assert!(flat(&self.files, 2), "{:?}", self.files);
    }
}

fn incident(number: u64) -> Incident {
    let json = format!(
        r#"{{"occurred":{{"from":"2026-10-03T21:15+05:00","precision":"about"}},"narrative":"оқиға {number}: Ол тағы да кіреберісте күтіп тұрды.",
        "behaviours":["waiting"],"people":[{{"key":"p{}","role":"perpetrator"}}],"place":{{"class":"home"}}}}"#,
        number % 7
    );
    Incident::parse(json.as_bytes(), &SystemClock).unwrap()
}
