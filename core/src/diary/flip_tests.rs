//! One flipped bit in every byte of a small vault: it is reported, or it changes nothing that is
//! hers. Never silent, never a panic.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use super::*;
use crate::bundle::{Check, Level};
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

const PASSPHRASE: &str = "a";

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
            let passphrase = NewPassphrase::even_if_weak(PASSPHRASE.as_bytes()).unwrap();
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
        match super::fixture::open_with(&self.path, PASSPHRASE) {
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
        // Whatever could be opened at all shows as many things as before, or says why not.
        let opened = !shown.0.contains_key("open") && !shown.0.contains_key("list");
        if opened && !shown.0.keys().eq(self.shown.0.keys()) {
            return Outcome::Silent;
        }
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
        match diary.list(&Query::default()) {
            Err(error) => drop(shown.insert("list".to_owned(), Err(error.to_string()))),
            Ok(page) => {
                for summary in page.incidents {
                    let line = format!("{summary:?}");
                    let line = if summary.damaged { Err(line) } else { Ok(line) };
                    shown.insert(format!("line {}", summary.number), line);
                }
            }
        }
        let detail = diary.show(&IncidentRef::Number(1));
        shown.insert("show 1".to_owned(), text(detail));
        let draft = diary
            .draft("new")
            .map(|draft| draft.map(|draft| draft.to_vec()));
        shown.insert("draft".to_owned(), text(draft));
        shown.insert("check".to_owned(), said_by_check(diary));
        Self(shown)
    }
}

/// What a check finds: as an error if there is anything to say.
fn said_by_check(diary: &mut Diary) -> Result<String, String> {
    let report = diary
        .check(&mut NoProgress)
        .map_err(|error| error.to_string())?;
    let said = report
        .findings
        .iter()
        .filter(|finding| finding.level != Level::Ok);
    let said: Vec<String> = said.map(|finding| format!("{finding:?}")).collect();
    if said.is_empty() {
        Ok(format!("{:?}", report.findings))
    } else {
        Err(said.join("\n"))
    }
}

fn text<T: std::fmt::Debug>(result: Result<T, Error>) -> Result<String, String> {
    match result {
        Ok(value) => Ok(format!("{value:?}")),
        Err(error) => Err(error.to_string()),
    }
}

/// Three incidents, an amendment and a draft: with the entry that begins the log, six cells.
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

/// Where the bytes of the cells lie in the database; whatever is in none of them is SQLite's.
struct Map {
    /// Cells that the diary reads.
    own: Vec<usize>,
    /// Cells of the other half, and own ones that hold nothing or an old copy.
    unused: Vec<usize>,
    /// What SQLite uses to find the cells that the diary reads.
    structure: Vec<usize>,
    /// What SQLite uses in pages that the diary does not read.
    foreign: Vec<usize>,
    /// The free space in pages.
    empty: Vec<usize>,
}

impl Map {
    fn of(small: &Small, half: u8) -> Self {
        let database = rusqlite::Connection::open(small.path.join("log.db")).unwrap();
        let (mut own, mut unused) = (Vec::new(), Vec::new());
        let mut taken = vec![false; small.database.len()];
        for table in [0, 1] {
            let sql = format!("SELECT i, b FROM p{table}");
            let mut rows = database.prepare(&sql).unwrap();
            let mut rows = rows.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                let (position, cell): (u32, Vec<u8>) = (row.get(0).unwrap(), row.get(1).unwrap());
                // A copy of a cell may be left in the free space of another page.
                let at = small.database.windows(cell.len()).enumerate();
                let is_leaf = |at: usize| small.database[at / PAGE * PAGE] == 0x0d;
                let mut at = at.filter(|(at, window)| is_leaf(*at) && *window == cell);
                let at = at.next().unwrap().0;
                taken[at..at + cell.len()].fill(true);
                let is_read = table == half && matches!(position, 0 | 1 | 8..=13);
                if is_read { &mut own } else { &mut unused }.push(at);
            }
        }
        drop(database);
        let _ = fs::remove_file(small.path.join("log.db-wal"));
        let _ = fs::remove_file(small.path.join("log.db-shm"));
        fs::write(small.path.join("log.db"), &small.database).unwrap();
        let free: Vec<usize> = (0..taken.len()).filter(|at| !taken[*at]).collect();
        let is_empty = |at: usize| free_space(&small.database, at / PAGE).contains(&at);
        let (empty, structure): (Vec<usize>, Vec<usize>) =
            free.into_iter().partition(|at| is_empty(*at));
        // Pages with cells that only the other half, or nobody, reads.
        let page = |at: &usize| at / PAGE;
        let own_pages: Vec<usize> = own.iter().map(page).collect();
        let mut foreign: Vec<usize> = unused.iter().map(page).collect();
        foreign.retain(|page| !own_pages.contains(page));
        let (foreign, structure) = structure
            .into_iter()
            .partition(|at| foreign.contains(&page(at)));
        Self {
            own,
            unused,
            structure,
            foreign,
            empty,
        }
    }
}

const CELL: usize = 2_016;
const PAGE: usize = 4_096;

/// The bytes of a page between its cell pointers and its cells (SQLite's file format, section 1.6).
fn free_space(database: &[u8], page: usize) -> std::ops::Range<usize> {
    let start = page * PAGE;
    let header = start + if page == 0 { 100 } else { 0 };
    let number = |at: usize| usize::from(u16::from_be_bytes([database[at], database[at + 1]]));
    let pointers = header + if database[header] == 0x05 { 12 } else { 8 };
    pointers + 2 * number(header + 3)..start + number(header + 5)
}

fn flip_each(small: &Small, name: &str, bytes: impl Iterator<Item = usize>) -> Counts {
    let (mut counts, mut numbers) = (Counts::new(), Numbers(0x1dea));
    for at in bytes {
        let mask = numbers.bit();
        let outcome = small.flip(name, &[(at, mask)]);
        count(&mut counts, outcome, &|| {
            format!("{name} byte {at}, bit {mask:#04x}")
        });
    }
    counts
}

/// Flips a bit in each of these bytes of the database, many at once: nothing may come of it.
fn flip_together(small: &Small, bytes: &[usize], together: usize) {
    let mut numbers = Numbers(0x1dea);
    for group in 0..together {
        let bytes = bytes.iter().skip(group).step_by(together);
        let flips: Vec<(usize, u8)> = bytes.map(|at| (*at, numbers.bit())).collect();
        assert_eq!(
            small.flip("log.db", &flips),
            Outcome::Unaffected,
            "group {group}"
        );
    }
}

/// Every how many bytes one is flipped: all, if `DIARY_FLIP_EVERY_BYTE` is set (`tests/long flips`).
fn stride(usual: usize) -> usize {
    if std::env::var_os("DIARY_FLIP_EVERY_BYTE").is_some() {
        1
    } else {
        usual
    }
}

/// All bytes of the file are flipped one by one in `vault/header.rs`.
#[test]
fn section_3_a_flipped_bit_in_the_header_is_reported_and_mended() {
    let small = Small::in_half(1);
    let counts = flip_each(&small, "header", (0..8_192).step_by(stride(61)));
    assert_eq!(counts.keys().collect::<Vec<_>>(), [&Outcome::Reported]);
}

/// All bytes of the sealed cells are flipped one by one in `vault/flip_tests.rs`; here some of them,
/// every byte with which SQLite finds them, and of what the diary does not read many at once.
#[test]
fn section_5_a_flipped_bit_in_the_database_is_reported_or_changes_nothing() {
    for (half, every) in [(0, 1), (1, 8)] {
        let small = Small::in_half(half);
        let map = Map::of(&small, half);
        assert_eq!((map.own.len(), map.unused.len()), (8, 24));

        let own = map.own.iter();
        let own = own.flat_map(|at| (*at..at + CELL).step_by(stride(97 * every)));
        let counts = flip_each(&small, "log.db", own);
        assert_eq!(counts.keys().collect::<Vec<_>>(), [&Outcome::Reported]);

        let structure = map.structure.iter().copied().step_by(stride(every));
        let counts = flip_each(&small, "log.db", structure);
        assert!(counts[&Outcome::Reported] > 0 && counts[&Outcome::Unaffected] > 0);
        let foreign = map.foreign.iter().copied().step_by(stride(every));
        flip_each(&small, "log.db", foreign);

        let unused = map.unused.iter().flat_map(|at| *at..at + CELL);
        flip_together(&small, &unused.collect::<Vec<_>>(), 4);
        flip_together(&small, &map.empty, 16);
    }
}

#[test]
fn section_17_a_flipped_bit_in_an_evidence_file_is_reported() {
    let small = Small::in_half(0);
    let mut diary = super::fixture::open_with(&small.path, PASSPHRASE).unwrap();
    let file = small.path.join("photo");
    fs::write(&file, vec![7; 60_000]).unwrap();
    let which = IncidentRef::Number(1);
    let options = AttachOptions::default();
    let item = diary
        .attach(&which, &file, &options, &mut NoProgress)
        .unwrap();
    let mut sealed = fs::read_dir(small.path.join("evidence")).unwrap();
    let sealed = sealed.next().unwrap().unwrap().path();
    let original = fs::read(&sealed).unwrap();
    assert_eq!(original.len(), 65_584);

    let mut numbers = Numbers(0x1dea);
    // The head, the tag, and the chunk in steps: every byte of a chunk is flipped in
    // `evidence/sealed`.
    let bytes = (0..48)
        .chain((48..65_560).step_by(stride(61)))
        .chain(65_560..65_584);
    let mut last = None;
    let mut file = fs::OpenOptions::new().write(true).open(&sealed).unwrap();
    for at in bytes {
        let mut put = |byte| {
            file.seek(SeekFrom::Start(at as u64)).unwrap();
            file.write_all(&[byte]).unwrap();
        };
        put(original[at] ^ numbers.bit());
        let report = diary.check(&mut NoProgress).unwrap();
        let bad = report.findings.iter().filter(|f| f.level == Level::Failure);
        let bad: Vec<Check> = bad.map(|finding| finding.check).collect();
        assert_eq!(bad, [Check::EvidenceFile], "byte {at}");
        if at % 20 == 0 {
            let out = small.path.join("out");
            assert!(diary.extract(&item.id, &out, &mut NoProgress).is_err());
            assert!(!out.exists());
        }
        put(original[at]);
        last = Some(at);
    }
    assert_eq!(last, Some(65_583));
    assert!(diary.check(&mut NoProgress).unwrap().sound);
}
