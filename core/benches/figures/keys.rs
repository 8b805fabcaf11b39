//! What a change of keys, a backup and a restore cost, and whether the time of an unlock tells what opened.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use diary_core::diary::{Opener, Restored};
use diary_core::time::SystemClock;
use diary_core::vault::{KdfCost, NewPassphrase, Passphrase, RecoveryCode};
use diary_core::{Diary, NoProgress};
use sha2::{Digest, Sha256};

use crate::measure::{Usage, cpu};
use crate::tasks::{Place, attach, copy_folder, create, open, parsed, passphrase};

/// Everything sealed anew under a new key; of a copy.
pub fn rotate(place: &Place, size: u64) -> Usage {
    let folder = place.scratch();
    copy_folder(&place.vault(size), &folder);
    let mut diary = open(&folder);
    let confirmed = diary.confirm(&passphrase()).unwrap();
    let new = NewPassphrase::even_if_weak(b"b").unwrap();
    let usage = Usage::of(|| {
        drop(diary.rotate(&new, confirmed, &mut NoProgress).unwrap());
        diary.lock().unwrap();
    });
    fs::remove_dir_all(folder).unwrap();
    usage
}

/// One sealed file of a vault with so many bytes of evidence.
pub fn backup(place: &Place, size: u64) -> Usage {
    with_item(place, size, |diary| {
        let file = place.scratch().join("one.idback");
        Usage::of(|| {
            let _ = diary.backup(&file, &mut NoProgress).unwrap();
        })
    })
}

/// The second backup in a folder: no evidence is new.
pub fn backup_again(place: &Place, size: u64) -> Usage {
    with_item(place, size, |diary| {
        let folder = place.scratch().join("backups");
        diary.backup_to_folder(&folder, &mut NoProgress).unwrap();
        Usage::of(|| {
            let again = diary.backup_to_folder(&folder, &mut NoProgress).unwrap();
            assert_eq!(again.new_files, 0);
        })
    })
}

/// A vault made of that file again, and checked.
pub fn restore(place: &Place, size: u64) -> Usage {
    with_item(place, size, |diary| {
        let file = place.scratch().join("one.idback");
        diary.backup(&file, &mut NoProgress).unwrap();
        fs::remove_dir_all(place.scratch().join("vault/evidence")).unwrap();
        let target = place.scratch().join("restored");
        Usage::of(|| {
            let restored = Diary::danger_restore_with_cheap_kdf_for_tests(
                &file,
                Some(&target),
                Opener::Passphrase(&passphrase()),
                Box::new(SystemClock),
                &mut NoProgress,
            );
            assert!(matches!(restored, Ok(Restored { sound: true, .. })));
        })
    })
}

fn with_item(place: &Place, size: u64, work: impl FnOnce(&mut Diary) -> Usage) -> Usage {
    fs::create_dir(place.scratch()).unwrap();
    let mut diary = create(&place.scratch().join("vault"));
    diary.add(&parsed(1)).unwrap();
    attach(&mut diary, &place.original(size));
    let usage = work(&mut diary);
    drop(diary);
    fs::remove_dir_all(place.scratch()).unwrap();
    usage
}

/// What somebody may type.
struct Attempt<'a> {
    what: &'static str,
    vault: &'a Path,
    secret: Secret<'a>,
}

enum Secret<'a> {
    Passphrase(Passphrase),
    Code(&'a RecoveryCode),
}

/// A vault with the diaries `a` and `b`, as full as each other, and the codes of both.
struct Two {
    vault: PathBuf,
    codes: [RecoveryCode; 2],
}

/// How long an unlock takes, for every kind of secret in turn: mean, standard deviation, and Welch's t against
/// the first kind.
pub fn unlocks(root: &Path) {
    for (cost, name, times) in [
        (KdfCost::DangerCheapForTests, "derivation for nothing", 200),
        (KdfCost::Floor, "derivation at the floor", 12),
    ] {
        let [first, second] = in_both_halves(root, cost);
        let typed = |text: &str| Secret::Passphrase(Passphrase::new(text.as_bytes()).unwrap());
        let attempts = [
            ("one diary, half 0", &first, typed("a")),
            ("one diary, half 1", &second, typed("a")),
            ("the other diary, half 1", &first, typed("b")),
            ("the other diary, half 0", &second, typed("b")),
            (
                "recovery code, half 0",
                &first,
                Secret::Code(&first.codes[0]),
            ),
            (
                "recovery code, half 1",
                &first,
                Secret::Code(&first.codes[1]),
            ),
            ("wrong passphrase", &first, typed("c")),
        ]
        .map(|(what, two, secret)| Attempt {
            what,
            vault: &two.vault,
            secret,
        });
        let mut taken: Vec<[Vec<f64>; 2]> = attempts.iter().map(|_| Default::default()).collect();
        for _ in 0..times {
            for (attempt, taken) in attempts.iter().zip(&mut taken) {
                let (cpu_before, started) = (cpu(), Instant::now());
                attempt.make();
                let spent = [cpu() - cpu_before, started.elapsed()];
                for (list, spent) in taken.iter_mut().zip(spent) {
                    list.push(spent.as_secs_f64() * 1_000.0);
                }
            }
        }
        println!("unlock, {name}, {times} of each: ms CPU mean, sd, Welch's t; wall the same");
        for (attempt, [cpu, wall]) in attempts.iter().zip(&taken) {
            let line = |list: &[f64], first: &[f64]| {
                let (mean, variance) = moments(list);
                let (mean_of_first, of_first) = moments(first);
                let error = ((variance + of_first) / list.len() as f64).sqrt();
                let t = (mean - mean_of_first) / error;
                format!("{mean:8.3} {:7.3} {t:6.2}", variance.sqrt())
            };
            let (cpu, wall) = (line(cpu, &taken[0][0]), line(wall, &taken[0][1]));
            println!("  {:<26} {cpu}   {wall}", attempt.what);
        }
    }
}

impl Attempt<'_> {
    fn make(&self) {
        let clock = Box::new(SystemClock);
        let opened = match &self.secret {
            Secret::Passphrase(passphrase) => {
                Diary::danger_open_with_cheap_kdf_for_tests(self.vault, passphrase, clock)
            }
            Secret::Code(code) => Diary::danger_open_with_code_for_tests(self.vault, code, clock),
        };
        drop(opened);
    }
}

/// A vault whose diary `a` lives in half 0, and one where it lives in half 1.
fn in_both_halves(root: &Path, cost: KdfCost) -> [Two; 2] {
    let folder = tempfile::tempdir_in(root).unwrap().keep();
    let mut found = [None, None];
    for number in 0.. {
        let two = two(&folder.join(number.to_string()), cost);
        let half = usize::from(opens_without_first_half(&two.vault));
        found[half] = Some(two);
        if let [Some(_), Some(_)] = &found {
            break;
        }
    }
    found.map(Option::unwrap)
}

fn two(vault: &Path, cost: KdfCost) -> Two {
    let new = |text: &str| NewPassphrase::even_if_weak(text.as_bytes()).unwrap();
    let clock = Box::new(SystemClock);
    let (mut diary, codes) =
        Diary::create_with_decoy(vault, &new("a"), &new("b"), cost, clock).unwrap();
    for number in 0..20 {
        diary.add(&parsed(number)).unwrap();
    }
    diary.lock().unwrap();
    let other = Passphrase::new(b"b").unwrap();
    let clock = Box::new(SystemClock);
    let mut diary = Diary::danger_open_with_cheap_kdf_for_tests(vault, &other, clock).unwrap();
    for number in 0..20 {
        diary.add(&parsed(number)).unwrap();
    }
    diary.lock().unwrap();
    Two {
        vault: vault.to_owned(),
        codes: [codes.own, codes.decoy],
    }
}

/// Whether `a` still opens a copy whose slots 0 to 3 are noise: nothing else tells the half.
fn opens_without_first_half(vault: &Path) -> bool {
    let copy = vault.with_extension("copy");
    copy_folder(vault, &copy);
    let mut block = fs::read(copy.join("header")).unwrap();
    block.truncate(4_096);
    block[128..128 + 1_024].fill(7);
    let sum = Sha256::digest(&block[..4_064]);
    block[4_064..].copy_from_slice(&sum);
    fs::write(copy.join("header"), block.repeat(2)).unwrap();
    let clock = Box::new(SystemClock);
    let opened = Diary::danger_open_with_cheap_kdf_for_tests(&copy, &passphrase(), clock).is_ok();
    fs::remove_dir_all(copy).unwrap();
    opened
}

/// Mean and variance.
fn moments(list: &[f64]) -> (f64, f64) {
    let count = list.len() as f64;
    let mean = list.iter().sum::<f64>() / count;
    let squares = list.iter().map(|one| (one - mean).powi(2));
    (mean, squares.sum::<f64>() / (count - 1.0))
}
