//! The targets with bytes that are good, with changes to them, and with those of `tests/fuzz/corpus`.
//!
//! With `DIARY_FUZZ_SEEDS` set, the good ones are written there, a folder for each target: where
//! libFuzzer begins.

use std::fs;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use proptest::test_runner::{Config, TestRunner};

use super::{TARGETS, run};
use crate::bundle::container::Container;
use crate::mutate::mutated;
use crate::picture::samples::{jpeg, png, webp};
use crate::vectors;

/// Changed seeds that an ordinary run tries of each target, but for those that take a while.
const CASES: u32 = 256;
const CASES_OF_SLOW: u32 = 8;
const SLOW: [&str; 4] = ["backup", "copy", "recording", "report"];

#[test]
fn every_file_of_the_corpus_is_taken_or_refused() {
    let folder = root().join("tests/fuzz/corpus");
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let folder = entry.unwrap().path();
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        for file in files(&folder) {
            run(&name, &fs::read(file).unwrap());
        }
        names.push(name);
    }
    names.sort();
    assert_eq!(names, TARGETS.map(|(name, _)| name));
}

#[test]
fn good_bytes_and_small_changes_of_them_are_taken_or_refused() {
    for (target, _) in TARGETS {
        for seed in seeds(target) {
            run(target, &seed);
            let cases = match SLOW.contains(&target) {
                true => CASES_OF_SLOW,
                false => CASES,
            };
            let mut runner = TestRunner::new(Config::with_cases(cases));
            let checked = runner.run(&mutated(seed), |bytes| {
                run(target, &bytes);
                Ok(())
            });
            assert!(checked.is_ok(), "{target}: {}", checked.unwrap_err());
        }
    }
}

#[test]
fn seeds_for_the_fuzzer() {
    let to = std::env::var_os("DIARY_FUZZ_SEEDS").map(PathBuf::from);
    for (target, _) in TARGETS {
        let seeds = seeds(target);
        assert!(!seeds.is_empty(), "{target}");
        let Some(folder) = to.as_ref().map(|to| to.join(target)) else {
            continue;
        };
        fs::create_dir_all(&folder).unwrap();
        for (number, seed) in seeds.iter().enumerate() {
            fs::write(folder.join(format!("seed-{number:03}")), seed).unwrap();
        }
    }
}

/// Bytes that a target takes.
fn seeds(target: &str) -> Vec<Vec<u8>> {
    let with_head = |head: &[u8], bodies: Vec<Vec<u8>>| {
        let bodies = bodies.into_iter();
        bodies.map(|body| [head, &body].concat()).collect()
    };
    match target {
        "backup" => vec![backup()],
        "canonical" | "incident" => incidents(),
        "cell" => with_head(
            &[8, 0],
            of("entry").iter().map(|entry| cell(entry)).collect(),
        ),
        "checkpoint" => of("checkpoint"),
        "copy" => with_head(&[0; 8], vec![jpeg(16, 8, 6), png(9, 7), webp(9, 7)]),
        "document" | "report" => of_bundle(&["data/incidents.json", "proof/bundle.txt"]),
        "entry" => of("entry"),
        "envelope" => vec![[0; 40].to_vec(), [1; 40].to_vec()],
        "evidence" => vec![[&[0; 8][..], &[0, 40], &[7; 40]].concat(), [0; 11].to_vec()],
        "header" => of("header")
            .into_iter()
            .map(|file| file[..4064.min(file.len())].to_vec())
            .collect(),
        "index" => [
            with_head(&[0, 3], of("node")),
            with_head(&[0, 0], of("head")),
        ]
        .concat(),
        "manifest" => of_bundle(&[
            "manifest-sha256.txt",
            "tagmanifest-sha256.txt",
            "bag-info.txt",
        ]),
        "proof" => of("proof"),
        "recording" => files(&root().join("tests/independent/recordings"))
            .iter()
            .filter(|path| path.extension().is_some_and(|extension| extension != "sh"))
            .map(read)
            .collect(),
        "signature" => [
            of("note"),
            of("sshsig"),
            of_bundle(&["proof/log-key.pub.pem"]),
        ]
        .concat(),
        "slot" => vec![[&[0, 1, 1][..], &[0; 6], &[7; 32], &[0; 32], &[8; 32]].concat()],
        "stamp" => files(&root().join("core/src/time/stamp/testdata"))
            .iter()
            .map(read)
            .collect(),
        "text" => of("code")
            .into_iter()
            .chain(TEXTS.map(|text| text.as_bytes().to_vec()))
            .collect(),
        "zip" => of("bundle"),
        other => panic!("no seeds for {other}"),
    }
}

const TEXTS: [&str; 9] = [
    "123-k7q2",
    "2026-10-03T21:15+05:00",
    "2005-03-27T00:30",
    "1,2,30,40",
    "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
    "cәлем Kaмшат ё й",
    "\u{202e}\u{301}a\u{0}\u{1b}[31m",
    "five words make a passphrase",
    "12345678",
];

fn of(kind: &str) -> Vec<Vec<u8>> {
    vectors::all(kind)
        .into_iter()
        .map(|vector| vector.body)
        .collect()
}

fn incidents() -> Vec<Vec<u8>> {
    let folder = root().join("samples");
    let all = [files(&folder), files(&folder.join("amendments"))].concat();
    let json = all.iter().filter(|path| {
        path.extension()
            .is_some_and(|extension| extension == "json")
    });
    json.map(read).collect()
}

/// Files of the bundle among the vectors that is sound.
fn of_bundle(paths: &[&str]) -> Vec<Vec<u8>> {
    let whole = vectors::all("bundle")
        .into_iter()
        .find(|vector| vector.name == "whole");
    let mut container = Container::from_zip(Cursor::new(whole.unwrap().body)).unwrap();
    let known: Vec<_> = container
        .entries()
        .iter()
        .map(|entry| entry.path.to_string())
        .collect();
    let mut found = Vec::new();
    for path in known.iter().filter(|path| paths.contains(&path.as_str())) {
        let mut bytes = Vec::new();
        container
            .read(path)
            .unwrap()
            .read_to_end(&mut bytes)
            .unwrap();
        found.push(bytes);
    }
    found
}

/// An entry in its cells, before they are sealed.
fn cell(object: &[u8]) -> Vec<u8> {
    let mut cells = Vec::new();
    for (part, piece) in (0u16..).zip(object.chunks(crate::vault::CELL - 56)) {
        let total = u32::try_from(object.len()).unwrap();
        cells.extend([4, 0]);
        cells.extend(part.to_be_bytes());
        cells.extend(1u32.to_be_bytes());
        cells.extend(total.to_be_bytes());
        cells.extend([0; 4]);
        cells.extend_from_slice(piece);
    }
    cells
}

/// Cells, one file of 40 bytes, the list of it, the end.
fn backup() -> Vec<u8> {
    let head =
        |kind: u8, name: u8, bytes: u64| [&[kind][..], &[name; 16], &bytes.to_be_bytes()].concat();
    let cells = 2 * 8 * crate::vault::CELL as u64;
    let listed = [&[1; 16][..], &40u64.to_be_bytes(), &[9; 32]].concat();
    [
        [0; 8].to_vec(),
        head(1, 0, cells),
        head(2, 1, 40),
        vec![5; 40],
        head(3, 0, 56),
        listed,
        head(255, 0, 0),
    ]
    .concat()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    files
}

fn read(path: impl AsRef<Path>) -> Vec<u8> {
    fs::read(path).unwrap()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}
