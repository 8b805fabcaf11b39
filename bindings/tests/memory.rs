//! What the library leaves in the memory of an app that has locked the diary. The core's own test
//! (`core/tests/memory.rs`) looks for the keys, in a process that wipes what it gives back; this one
//! shows that the library of the phones does that by itself.

#![cfg(target_os = "linux")]
#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::fs::{self, File};
use std::hint::black_box;
use std::os::unix::fs::FileExt;

use diary_ffi::{Diary, Incident, KeyCost, ListQuery, Occurred};

/// Only the masked form stands in the program and in this test's own memory.
const WORDS: [u8; 20] = mask(*b"her own secret words");

const fn mask<const N: usize>(mut bytes: [u8; N]) -> [u8; N] {
    let mut at = 0;
    while at < N {
        bytes[at] ^= 0x80;
        at += 1;
    }
    bytes
}

fn words() -> String {
    let mask = black_box(0x80);
    String::from_utf8(WORDS.iter().map(|byte| byte ^ mask).collect()).unwrap()
}

#[test]
fn after_the_lock_none_of_her_words_is_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault").display().to_string();
    let diary = Diary::create(vault, b"lamp violet arman seven", KeyCost::Floor, false).unwrap();
    for _ in 0..8 {
        diary.add(incident()).unwrap();
    }
    diary.show("#3".into()).unwrap();
    let search = ListQuery {
        search: Some(words()),
        from: None,
        to: None,
        behaviour: None,
        person: None,
        limit: None,
        after: None,
    };
    assert_eq!(diary.list(search).unwrap().incidents.len(), 8);
    assert!(
        times_in_memory() > 0,
        "not found before the lock: the test could not fail"
    );
    diary.lock().unwrap();
    drop(diary);
    assert_eq!(times_in_memory(), 0);
}

/// How often the words are in memory that the process may write to.
fn times_in_memory() -> usize {
    let memory = File::open("/proc/self/mem").unwrap();
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    // The kernel's own pages cannot be read.
    let lines = maps
        .lines()
        .filter(|line| line.contains(" rw") && !line.contains("[v"));
    let mut found = 0;
    for line in lines {
        let (start, end) = line.split_once(' ').unwrap().0.split_once('-').unwrap();
        let [start, end] = [start, end].map(|hex| u64::from_str_radix(hex, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(end - start).unwrap()];
        if memory.read_exact_at(&mut bytes, start).is_err() {
            continue;
        }
        // Masked as it is read, so that what was found is not found again.
        for byte in &mut bytes {
            *byte ^= 0x80;
        }
        found += bytes.windows(WORDS.len()).filter(|at| *at == WORDS).count();
    }
    found
}

fn incident() -> Incident {
    Incident {
        occurred: Occurred {
            from: Some("2026-10-03".into()),
            to: None,
            precision: None,
            words: None,
        },
        narrative: words().repeat(100),
        verbatim: vec![words(), words().repeat(20)],
        place: None,
        behaviours: Vec::new(),
        channels: Vec::new(),
        count: None,
        shown_as: Vec::new(),
        people: Vec::new(),
        children_present: None,
        refusal: None,
        after_refusal: None,
        harm: None,
        response: Vec::new(),
        danger: Vec::new(),
        reports: Vec::new(),
        orders: Vec::new(),
        private_note: None,
    }
}
