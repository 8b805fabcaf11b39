//! One bit flipped anywhere in a vault, a backup or a bundle: it is told, or it changes nothing that is hers.
//! Never silent, never a panic. (Every bit of a sealed file with small chunks: `core/src/evidence/sealed`.)

#![cfg(target_os = "linux")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Instant;

use diary_core::bundle::{Finding, Level, VerifyOptions, verify};
use diary_core::diary::{Opener, Restored};
use diary_core::time::SystemClock;
use diary_core::vault::VaultError;
use diary_core::{Diary, Error, NoProgress};
use diary_faults::chance::spread;
use diary_faults::damage::{Counts, Outcome, Sample, Shown, shown_in};
use diary_faults::limit::{LIMIT, within};
use diary_faults::player::{Player, Step, passphrase};
use diary_faults::view::temporary_folder;
use diary_faults::{half_of_the_rest, number};

/// A diary that nearly fills the least vault there can be: 16 cells a half.
const SMALL: [Step; 8] = [
    Step::Create,
    Step::Add(100),
    Step::Add(1_000),
    Step::Attach(100),
    Step::Amend,
    Step::Add(100),
    Step::Draft(200),
    Step::Code,
];

/// The folder of a diary that was locked, with what lies beside the vault.
struct Made {
    _folder: tempfile::TempDir,
    disk: PathBuf,
    secret: String,
    /// What the vault showed after each step.
    earlier: Vec<Shown>,
}

fn make(steps: &[Step]) -> Made {
    let folder = temporary_folder();
    let disk = folder.path().join("disk");
    let mut player = Player::new(folder.path(), 1);
    let mut earlier = Vec::new();
    for step in steps {
        player.play(*step).unwrap();
        earlier.push(shown_in(&player.vault(), &player.state.passphrase));
    }
    player.play(Step::Rest).unwrap();
    let secret = player.state.passphrase.clone();
    Made {
        _folder: folder,
        disk,
        secret,
        earlier,
    }
}

/// How many bits of each file are tried.
fn limit(usual: usize) -> usize {
    number("DIARY_FAULTS_FLIPS", usual)
}

fn flip(file: &Path, bit: usize) {
    let file = File::options().read(true).write(true).open(file).unwrap();
    let (mut byte, at) = ([0], (bit / 8) as u64);
    file.read_exact_at(&mut byte, at).unwrap();
    file.write_all_at(&[byte[0] ^ 1 << (bit % 8)], at).unwrap();
}

/// Flips bits of one file of the vault until the time is over: first one of each of these bytes.
fn flips(sample: &Sample, name: &str, first: &[usize], usual: usize) -> Counts {
    let ends = half_of_the_rest();
    let (mut counts, bits) = (Counts::default(), sample.file(name).len() * 8);
    let first = first.iter().map(|byte| byte * 8 + byte % 7);
    for (n, bit) in first.chain(spread(bits, limit(usual))).enumerate() {
        if ends.is_some_and(|ends| Instant::now() > ends) {
            break;
        }
        let what = format!("{name}, bit {bit}");
        sample.change(&mut counts, n % 8 == 0, &what, &|vault| {
            flip(&vault.join(name), bit)
        });
    }
    let name = name.split('/').next().unwrap_or(name);
    println!("figures: {name} of {bits} bits: {counts}");
    counts
}

/// A vault of a few steps.
fn small_vault() -> Sample {
    let made = make(&SMALL);
    Sample::of(&made.disk.join("vault"), &[&made.secret], made.earlier)
}

fn hold(counts: &Counts) {
    counts.hold();
    assert_eq!(counts.of(Outcome::SameLog) + counts.of(Outcome::ByToken), 0);
}

#[test]
fn a_flipped_bit_in_the_log_is_told_or_changes_nothing_that_is_hers() {
    let sample = small_vault();
    assert!(sample.file("log.db").len() <= 96 * 1024);
    let (bytes, cells) = (sample.file("log.db"), cells(&sample));
    // What SQLite finds the cells with.
    let in_cell = |byte: &usize| cells.iter().any(|cell| cell.contains(byte));
    let structure = (0..bytes.len()).filter(|byte| !is_free(bytes, *byte) && !in_cell(byte));
    let structure: Vec<usize> = structure.collect();
    assert!(
        (400..1_600).contains(&structure.len()),
        "{}",
        structure.len()
    );
    let database = flips(&sample, "log.db", &structure, 600);
    assert!(database.of(Outcome::WhenRead) > 0, "{database}");
    assert!(database.readable * 10 >= database.all * 6, "{database}");
    assert!(database.to_save > 0 && database.saved * 10 >= database.to_save * 9);
    // The key file is as it was, and so is its age.
    let old = VaultError::OldHeader.to_string();
    assert!(
        !database.answers.contains_key(&old),
        "{:?}",
        database.answers
    );
    hold(&database);
}

/// A cell has a seal: whichever bit of it is flipped, the same is lost.
#[test]
fn a_flipped_bit_in_a_cell_costs_what_lies_in_it_and_nothing_else() {
    let sample = small_vault();
    let (mut counts, mut costs) = (Counts::default(), BTreeMap::new());
    for cell in cells(&sample) {
        let bits = [cell.start * 8, cell.start * 8 + 9_000, cell.end * 8 - 1];
        let lost = bits.map(|bit| sample.lost(&|vault| flip(&vault.join("log.db"), bit)));
        assert!(
            lost[0] == lost[1] && lost[1] == lost[2],
            "{cell:?}: {lost:?}"
        );
        let [lost, ..] = lost;
        let what = format!("log.db, bit {}", bits[1]);
        sample.change(&mut counts, true, &what, &|vault| {
            flip(&vault.join("log.db"), bits[1]);
        });
        *costs.entry(lost).or_insert(0) += 1;
    }
    hold(&counts);
    // The head, and the one node of the index: it does not open, and every incident is saved.
    assert_eq!(costs.remove(&None), Some(2));
    assert!(
        counts.to_save == 6 && counts.saved == counts.to_save,
        "{counts}"
    );
    // The other half, what is free, and a code that was given out.
    assert_eq!(costs.remove(&Some(BTreeSet::new())), Some(16 + 8));
    assert_eq!(
        (counts.of(Outcome::Unaffected), counts.of(Outcome::ByCheck)),
        (16 + 7, 1)
    );
    let mut costs: Vec<(String, usize)> = costs
        .into_iter()
        .map(|(lost, cells)| (numbers(&lost.unwrap()), cells))
        .collect();
    costs.sort();
    let expected = [
        ("draft", 1),
        ("item 2 3, line 2, show 2", 3),
        ("line 1, show 1", 1),
        ("line 5, show 5", 1),
    ];
    assert_eq!(
        costs,
        expected.map(|(what, cells)| (what.to_owned(), cells))
    );
}

/// What is lost, by its numbers without the letters behind them.
fn numbers(lost: &BTreeSet<String>) -> String {
    let number = |word: &str| word.split('-').next().unwrap_or_default().to_owned();
    let words = |what: &String| what.split(' ').map(number).collect::<Vec<_>>().join(" ");
    lost.iter().map(words).collect::<Vec<_>>().join(", ")
}

/// Where the cells lie in the database.
fn cells(sample: &Sample) -> Vec<Range<usize>> {
    let database = sample.file("log.db");
    let folder = temporary_folder();
    let copy = folder.path().join("log.db");
    fs::write(&copy, database).unwrap();
    let log = rusqlite::Connection::open(&copy).unwrap();
    let mut cells = log
        .prepare("SELECT b FROM p0 UNION ALL SELECT b FROM p1")
        .unwrap();
    let cells = cells.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    // An old copy of a cell may be left in the free space of a page of another kind.
    let in_leaf = |at: usize| database[at / 4_096 * 4_096] == 0x0d;
    let place = |cell: Vec<u8>| {
        let mut windows = database.windows(cell.len()).enumerate();
        let found = windows.find(|(at, bytes)| in_leaf(*at) && *bytes == cell);
        let (at, _) = found.unwrap();
        at..at + cell.len()
    };
    cells.map(|cell| place(cell.unwrap())).collect()
}

/// Between the pointers to the cells of a page and the cells (SQLite's file format, 1.6).
fn is_free(database: &[u8], byte: usize) -> bool {
    let start = byte / 4_096 * 4_096;
    let head = start + if start == 0 { 100 } else { 0 };
    let number = |at: usize| usize::from(u16::from_be_bytes([database[at], database[at + 1]]));
    let pointers = head + if database[head] == 0x05 { 12 } else { 8 };
    (pointers + 2 * number(head + 3)..start + number(head + 5)).contains(&byte)
}

#[test]
fn a_flipped_bit_in_an_evidence_file_is_told_and_costs_nothing_else() {
    let sample = small_vault();
    let sealed = flips(&sample, sample.evidence(0), &[], 40);
    assert_eq!(sealed.of(Outcome::WhenRead), sealed.total(), "{sealed}");
    assert!(sealed.total() > 0 && sealed.all - sealed.readable == sealed.total());
    hold(&sealed);
}

/// Each block has a sum: one is damaged, is said to be and written anew.
#[test]
fn a_flipped_bit_in_the_key_file_is_told_and_keeps_nobody_out() {
    let sample = small_vault();
    let header = flips(&sample, "header", &[], 150);
    assert_eq!(header.of(Outcome::ByCheck), header.total(), "{header}");
    assert!(header.total() > 0 && header.readable == header.all);
    hold(&header);
}

#[test]
fn a_flipped_bit_in_a_backup_is_told() {
    let made = make(&[&SMALL[..], &[Step::Backup]].concat());
    let (ends, passphrase) = (half_of_the_rest(), passphrase(&made.secret));
    let backup = only_file(&made.disk.join("out"));
    let bits = fs::read(&backup).unwrap().len() * 8;
    let opener = || Opener::Passphrase(&passphrase);
    let read = |backup: &Path| {
        let clock = Box::new(SystemClock);
        let quiet = &mut NoProgress;
        Diary::danger_restore_with_cheap_kdf_for_tests(backup, None, opener(), clock, quiet)
    };
    let good = read(&backup).unwrap();
    assert!(good.sound && good.findings.iter().all(|found| found.level == Level::Ok));
    let incidents = good.log.unwrap().incidents as usize;
    let mut counts = Counts::default();
    for (n, bit) in spread(bits, limit(100)).enumerate() {
        if ends.is_some_and(|ends| Instant::now() > ends) {
            break;
        }
        flip(&backup, bit);
        let what = format!("a backup, bit {bit}");
        let read = || catch_unwind(AssertUnwindSafe(|| read(&backup)));
        let outcome = match within(LIMIT, &what, read) {
            Err(_) => Outcome::Panicked,
            Ok(Err(Error::Backup(error))) if error.is_damaged() => Outcome::AtUnlock,
            Ok(Err(_)) => Outcome::Misnamed,
            Ok(Ok(told)) => match told.findings.iter().map(|found| found.level).max() {
                Some(Level::Failure) if !told.sound => {
                    assert!(
                        names_chunk(&told, bit / 8),
                        "bit {bit}: {:?}",
                        told.findings
                    );
                    Outcome::WhenRead
                }
                // One of two copies of what is needed to open it.
                Some(Level::Warning) if told.sound => Outcome::ByCheck,
                _ => Outcome::Silent,
            },
        };
        if outcome == Outcome::WhenRead && n % 16 == 0 {
            let target = made.disk.join("saved");
            let saved = Diary::danger_salvage_with_cheap_kdf_for_tests(
                &backup,
                &target,
                opener(),
                || Box::new(SystemClock),
                &mut NoProgress,
            );
            let saved = saved.unwrap();
            counts.to_save += incidents;
            // What is lost is said.
            assert!(!saved.sound || saved.findings.iter().any(|found| found.level != Level::Ok));
            counts.saved += saved.log.map_or(0, |log| log.incidents as usize);
            let _ = fs::remove_dir_all(&target);
        }
        counts.add(outcome, &format!("bit {bit}"));
        flip(&backup, bit);
    }
    println!("figures: a backup of {bits} bits: {counts}");
    counts.hold();
    assert!(counts.total() > 0 && counts.of(Outcome::WhenRead) * 2 > counts.total());
    assert!(
        counts.to_save > 0 && counts.saved * 10 >= counts.to_save * 4,
        "{counts}"
    );
}

/// The damage is said to be where it is (FORMAT.md 22): after a head of 8,256 bytes, chunks of 65,552.
fn names_chunk(told: &Restored, byte: usize) -> bool {
    let failed = |found: &&Finding| found.level == Level::Failure;
    let mut failed = told.findings.iter().filter(failed);
    match byte.checked_sub(8_256) {
        None => failed.any(|found| !found.subject.is_empty()),
        Some(byte) => {
            let chunk = format!("chunk {}", byte / 65_552);
            failed.any(|found| found.subject == chunk)
        }
    }
}

#[test]
fn a_flipped_bit_in_a_bundle_is_told_or_in_no_file_of_it() {
    let made = make(&[&SMALL[..], &[Step::Export]].concat());
    let (ends, bundle) = (half_of_the_rest(), only_file(&made.disk.join("out")));
    let bytes = fs::read(&bundle).unwrap();
    let options = VerifyOptions::default();
    let sound = || verify(&bundle, &options, &mut NoProgress);
    let good = sound().unwrap();
    assert!(good.sound);
    let (contents, bits) = (contents(&bytes), bytes.len() * 8);
    assert!(contents.len() > 15);
    // A verifier makes the reports again, and so takes longer than anybody waits for every bit of them: one
    // bit of every 64 bytes of what a program has made of the rest, in the long form.
    let made = |bit: &usize| {
        contents
            .iter()
            .any(|part| part.made && part.bytes.contains(&(bit / 8)))
    };
    let (made, told): (Vec<usize>, Vec<usize>) = (0..bits).partition(made);
    let tried = spread(told.len(), limit(8)).map(|at| told[at]);
    let tried = tried.chain(spread(made.len(), limit(4).min(made.len() / 512)).map(|at| made[at]));
    // By its first 26 bytes a bundle is told from one that is encrypted for its way.
    let first = 0..26 * 8;
    let tried = first
        .clone()
        .chain(tried.filter(|bit| !first.contains(bit)));
    let mut counts = Counts::default();
    for bit in tried {
        if ends.is_some_and(|ends| Instant::now() > ends) {
            break;
        }
        flip(&bundle, bit);
        let in_a_file = contents.iter().any(|part| part.bytes.contains(&(bit / 8)));
        let what = format!("a bundle, bit {bit}");
        let outcome = match within(LIMIT, &what, || catch_unwind(AssertUnwindSafe(sound))) {
            Err(_) => Outcome::Panicked,
            // The container's own words, by which it is known.
            Ok(Err(Error::NotABundle)) if !in_a_file => Outcome::AtUnlock,
            Ok(Err(_)) => Outcome::Misnamed,
            Ok(Ok(verdict)) if !verdict.sound => {
                let named = contents.iter().find(|part| part.bytes.contains(&(bit / 8)));
                let names = |found: &Finding| {
                    let failed = found.level == Level::Failure;
                    let subject = &found.subject;
                    let is_it = |part: &Part| !subject.is_empty() && part.name.ends_with(subject);
                    failed && named.is_none_or(is_it)
                };
                let found = verdict.findings.iter().any(names);
                assert!(found, "bit {bit}: {:?}", verdict.findings);
                Outcome::WhenRead
            }
            Ok(Ok(_)) if in_a_file => Outcome::Silent,
            Ok(Ok(verdict)) if verdict.findings.len() > good.findings.len() => Outcome::ByCheck,
            // A date or a version in the container's own words.
            Ok(Ok(_)) => Outcome::Unaffected,
        };
        counts.add(outcome, &format!("bit {bit}"));
        flip(&bundle, bit);
    }
    println!(
        "figures: a bundle of {} bits, and {} of reports and checkers: {counts}",
        told.len(),
        made.len()
    );
    counts.hold();
}

fn only_file(folder: &Path) -> PathBuf {
    let mut files = fs::read_dir(folder).unwrap();
    let file = files.next().unwrap().unwrap().path();
    assert!(files.next().is_none());
    file
}

/// A file in a bundle.
struct Part {
    name: String,
    bytes: Range<usize>,
    /// A report or a checker: nothing in it is recorded.
    made: bool,
}

/// Where the bytes of its files lie in a ZIP file that we wrote: stored, one after the other (APPNOTE 4.3.7).
fn contents(zip: &[u8]) -> Vec<Part> {
    let number = |at: usize, bytes: usize| {
        let bytes = zip[at..at + bytes].iter().rev();
        bytes.fold(0, |number, byte| number << 8 | usize::from(*byte))
    };
    let (mut at, mut found) = (0, Vec::new());
    while zip[at..].starts_with(b"PK\x03\x04") {
        let name_ends = at + 30 + number(at + 26, 2);
        let start = name_ends + number(at + 28, 2);
        let name = String::from_utf8_lossy(&zip[at + 30..name_ends]).into_owned();
        let made = [".pdf", ".html", ".py"];
        at = start + number(at + 18, 4);
        found.push(Part {
            bytes: start..at,
            made: made.iter().any(|ending| name.ends_with(ending)),
            name,
        });
    }
    found
}
