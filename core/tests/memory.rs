//! What a process still holds in memory after the diary was locked (threats: a memory dump, swap).
//! The test looks into a process of its own, before the lock and after it, through `/proc`, which is
//! what `gcore` reads. The process wipes memory that is given back, as the command line does.

#![cfg(target_os = "linux")]
#![allow(clippy::indexing_slicing, clippy::print_stdout, clippy::unwrap_used)]

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;

use argon2::{Algorithm, Argon2, Params, Version};
use blake2::{Blake2b512, Digest};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use diary_core::bundle::Language;
use diary_core::diary::{AttachOptions, IncidentRef, Originals, Query, Selection};
use diary_core::incident::Incident;
use diary_core::time::SystemClock;
use diary_core::vault::{KdfCost, NewPassphrase, Passphrase};
use diary_core::{Diary, NoProgress};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

#[global_allocator]
static WIPES: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

const CHILD: &str = "DIARY_MEMORY_TEST_FOLDER";

/// Every byte with one bit turned over, so that the program itself does not hold the words.
fn hidden(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let mask = black_box(0x80);
    Zeroizing::new(bytes.iter().map(|byte| byte ^ mask).collect())
}

/// Only the masked form stands in the program; [`hidden`] gives it back.
const PASSPHRASE: [u8; 23] = mask(*b"lamp violet arman seven");
const WORDS: [u8; 20] = mask(*b"her own secret words");

const fn mask<const N: usize>(mut bytes: [u8; N]) -> [u8; N] {
    let mut at = 0;
    while at < N {
        bytes[at] ^= 0x80;
        at += 1;
    }
    bytes
}

#[test]
fn after_the_lock_memory_holds_no_passphrase_no_key_and_none_of_her_words() {
    if let Some(folder) = std::env::var_os(CHILD) {
        return live(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "after_the_lock_memory_holds_no_passphrase_no_key_and_none_of_her_words",
        ])
        .args(["--nocapture", "--test-threads", "1"])
        .env(CHILD, folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());

    wait_for(&mut out, "open");
    let (mut secrets, stretched) = keys(&folder.path().join("vault"));
    for (name, count) in search(&child, &stretched) {
        assert_eq!(count, 0, "{name} outlives the unlock");
    }
    secrets.push(("passphrase", hidden(&PASSPHRASE)));
    secrets.push(("words", hidden(&WORDS)));
    let found = search(&child, &secrets);
    for (name, count) in &found {
        assert!(
            *count > 0,
            "before the lock {name} is not found: the test could not fail"
        );
    }
    next(&mut child);
    wait_for(&mut out, "locked");
    secrets.extend(stretched);
    let found = search(&child, &secrets);
    next(&mut child);
    assert!(child.wait().unwrap().success());
    for (name, count) in found {
        assert_eq!(count, 0, "{name} is still there");
    }
}

/// What the process that is looked into does.
fn live(folder: &Path) {
    let path = folder.join("vault");
    let passphrase = Passphrase::new(&hidden(&PASSPHRASE)).unwrap();
    let new = NewPassphrase::new(&hidden(&PASSPHRASE)).unwrap();
    let (diary, code) = Diary::create(&path, &new, KdfCost::Floor, Box::new(SystemClock)).unwrap();
    drop(code);
    diary.lock().unwrap();
    // A shell unlocks on one thread and locks on another; the first is there all the time.
    let (opened, diary) = mpsc::channel();
    let (end, ended) = mpsc::channel::<()>();
    let unlocks = thread::spawn(move || {
        opened
            .send(Diary::open(&path, &passphrase, Box::new(SystemClock)))
            .unwrap();
        drop(passphrase);
        let _ = ended.recv();
    });
    let mut diary = diary.recv().unwrap().unwrap();
    let passphrase = Passphrase::new(&hidden(&PASSPHRASE)).unwrap();
    let words = hidden(&WORDS);
    {
        let words = std::str::from_utf8(&words).unwrap();
        let json = Zeroizing::new(format!(
            r#"{{"occurred":{{"from":"2026-10-03"}},"narrative":"{words}","private_note":"{words}"}}"#
        ));
        let incident = Incident::parse(json.as_bytes(), &SystemClock).unwrap();
        diary.add(&incident).unwrap();
        let query = Query {
            search: Some(words.to_owned()),
            ..Query::default()
        };
        assert_eq!(diary.list(&query).unwrap().incidents.len(), 1);
        drop(diary.show(&IncidentRef::Number(1)).unwrap());
        diary.save_draft("incident", words.as_bytes()).unwrap();
        let source = Zeroizing::new(format!("{}/{words}.txt", folder.display()));
        fs::write(&*source, words).unwrap();
        let options = AttachOptions::default();
        let incident = IncidentRef::Number(1);
        let item = diary.attach(&incident, Path::new(&*source), &options, &mut NoProgress);
        let out = folder.join("out");
        diary
            .extract(&item.unwrap().id, &out, &mut NoProgress)
            .unwrap();
        let confirmed = diary.confirm(&passphrase).unwrap();
        diary
            .export(
                &everything(),
                &folder.join("bundle.zip"),
                confirmed,
                &mut NoProgress,
            )
            .unwrap();
        diary
            .backup(&folder.join("backup"), &mut NoProgress)
            .unwrap();
    }
    tell("open");
    drop((passphrase, new, words));
    diary.lock().unwrap();
    tell("locked");
    drop(end);
    unlocks.join().unwrap();
}

fn everything() -> Selection {
    Selection {
        originals: Originals::All,
        ..Selection::everything(Language::Kazakh)
    }
}

fn tell(word: &str) {
    println!("\n{word}");
    std::io::stdout().flush().unwrap();
    std::io::stdin()
        .lock()
        .read_line(&mut String::new())
        .unwrap();
}

fn wait_for(out: &mut impl BufRead, word: &str) {
    let mut line = String::new();
    while line.trim() != word {
        line.clear();
        assert!(
            out.read_line(&mut line).unwrap() > 0,
            "it ended before «{word}»"
        );
    }
}

fn next(child: &mut Child) {
    child.stdin.as_mut().unwrap().write_all(b"\n").unwrap();
}

/// How often each of these stands in the memory of the process.
fn search<'a>(child: &Child, secrets: &[(&'a str, Zeroizing<Vec<u8>>)]) -> Vec<(&'a str, usize)> {
    let proc = Path::new("/proc").join(child.id().to_string());
    let maps = fs::read_to_string(proc.join("maps")).unwrap();
    let mut memory = File::open(proc.join("mem")).unwrap();
    let mut found: Vec<_> = secrets.iter().map(|(name, _)| (*name, 0)).collect();
    for line in maps.lines().filter(|line| !line.contains("[v")) {
        let (range, rest) = line.split_once(' ').unwrap();
        if !rest.starts_with("rw") {
            continue;
        }
        let (start, end) = range.split_once('-').unwrap();
        let [start, end] = [start, end].map(|hex| u64::from_str_radix(hex, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(end - start).unwrap()];
        memory.seek(SeekFrom::Start(start)).unwrap();
        if memory.read_exact(&mut bytes).is_err() {
            continue;
        }
        for ((_, secret), (_, count)) in secrets.iter().zip(&mut found) {
            let windows = bytes.windows(secret.len());
            *count += windows
                .filter(|window| *window == secret.as_slice())
                .count();
        }
    }
    found
}

type Secrets = Vec<(&'static str, Zeroizing<Vec<u8>>)>;

/// PK, CK and the key of the cells, from the passphrase and the files alone (FORMAT.md 3 and 4); and what Argon2id
/// makes of the passphrase first and last (RFC 9106, 3.2).
fn keys(vault: &Path) -> (Secrets, Secrets) {
    let header = fs::read(vault.join("header")).unwrap();
    let number = |at: usize| u32::from_be_bytes(header[at..at + 4].try_into().unwrap());
    let secret = [&[0], hidden(&PASSPHRASE).as_slice()].concat();
    let mut stretched = [0; 64];
    let params = Params::new(number(12), number(16), 4, Some(32)).unwrap();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(&secret, &header[48..80], &mut stretched[..32])
        .unwrap();
    let slot = |index: u8| {
        let at = 128 + 256 * usize::from(index);
        let mut key = [0; 32];
        let info = [
            &b"idv1/kek"[..],
            &header[8..24],
            &header[32..48],
            &[index, 0],
        ]
        .concat();
        Hkdf::<Sha256>::new(Some(&header[48..80]), &stretched)
            .expand(&info, &mut key)
            .unwrap();
        let aad = [&b"idv1/slot"[..], &header[32..48], &[index]].concat();
        let nonce = XNonce::try_from(&header[at..at + 24]).unwrap();
        let payload = Payload {
            msg: &header[at + 24..at + 256],
            aad: &aad,
        };
        XChaCha20Poly1305::new(&key.into())
            .decrypt(&nonce, payload)
            .ok()
    };
    let plain = (0..8).find_map(slot).unwrap();
    let mut cells = vec![0; 32];
    let id = Some(&header[32..48]);
    Hkdf::<Sha256>::new(id, &plain[8..40])
        .expand(b"idv1/cell", &mut cells)
        .unwrap();
    let mut first = Blake2b512::new();
    for number in [4, 32, number(12), number(16), 0x13, 2] {
        first.update(number.to_le_bytes());
    }
    for part in [secret.as_slice(), &header[48..80], &[], &[]] {
        first.update(u32::try_from(part.len()).unwrap().to_le_bytes());
        first.update(part);
    }
    let stretched = vec![
        (
            "the first hash of Argon2id",
            Zeroizing::new(first.finalize().to_vec()),
        ),
        (
            "the last of Argon2id",
            Zeroizing::new(stretched[..32].to_vec()),
        ),
    ];
    let keys = vec![
        ("the key of the half", Zeroizing::new(plain[8..40].to_vec())),
        ("the container key", Zeroizing::new(plain[72..104].to_vec())),
        ("the key of the cells", Zeroizing::new(cells)),
    ];
    (keys, stretched)
}
