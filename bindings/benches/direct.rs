//! The calls of `bindings/bench` without the foreign boundary: what Kotlin is compared with.
//!
//! Prints `NAME MICROSECONDS` lines, the best of several runs each: time of the processor, so that
//! neither the disk nor other programs count; but for `durable`, the median of what the clock shows.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use diary_core::Diary;
use diary_core::diary::Query;
use diary_core::incident::Incident;
use diary_core::time::SystemClock;
use diary_core::vault::{KdfCost, NewPassphrase};
// Its allocator, which wipes: what the app has.
use diary_ffi as _;
use rustix::time::{ClockId, clock_gettime};

/// As many as Bench.kt writes.
const INCIDENTS: usize = 2_000;
const PASSPHRASE: &[u8] = b"four words and some more";
const NARRATIVE: &str = "Ол тағы да кіреберісте күтіп тұрды, содан кейін телефон соқты.";

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault");
    let passphrase = NewPassphrase::new(PASSPHRASE).unwrap();
    let clock = || Box::new(SystemClock);
    let made = Diary::create(&vault, &passphrase, KdfCost::Floor, clock());
    let (mut diary, _) = made.unwrap();
    let json = format!(
        r#"{{"occurred": {{"from": "2026-10-03T21:15+05:00"}}, "narrative": "{NARRATIVE}"}}"#
    );
    let mut add = || {
        let incident = Incident::parse(json.as_bytes(), &SystemClock).unwrap();
        diary.add(&incident).unwrap()
    };
    told("add", best(INCIDENTS, &mut add));
    told("durable", median(INCIDENTS, add));
    diary.lock().unwrap();
    told("open", best(5, || open(&vault, &passphrase)));
    let mut diary = open(&vault, &passphrase);
    told(
        "page",
        best(2_000, || diary.list(&Query::default()).unwrap()),
    );
}

fn open(vault: &Path, passphrase: &NewPassphrase) -> Diary {
    Diary::open(vault, passphrase.as_passphrase(), Box::new(SystemClock)).unwrap()
}

/// The best of many runs: what the others lose is lost to the machine.
fn best<T>(runs: usize, mut work: impl FnMut() -> T) -> f64 {
    let times = (0..runs).map(|_| {
        let start = now();
        let done = work();
        let taken = now() - start;
        drop(black_box(done));
        taken
    });
    times.fold(f64::INFINITY, f64::min)
}

/// As she has it: with the disk, and what else the machine does, of which the median leaves out the
/// most.
fn median<T>(runs: usize, mut work: impl FnMut() -> T) -> f64 {
    let mut times: Vec<f64> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            drop(black_box(work()));
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times.into_iter().nth(runs / 2).unwrap()
}

/// What this thread has used so far, in microseconds.
fn now() -> f64 {
    let used = clock_gettime(ClockId::ThreadCPUTime);
    used.tv_sec as f64 * 1e6 + used.tv_nsec as f64 / 1e3
}

fn told(name: &str, microseconds: f64) {
    println!("{name} {microseconds:.1}");
}
