//! A process that does everything a diary does is killed (kill -9) at random, again and again; whatever it
//! said was done is there, and of what it was doing all or nothing.

#![cfg(target_os = "linux")]

mod beside;
mod tally;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use diary_faults::chance::Chance;
use diary_faults::disk::{Image, image_of, lay_out};
use diary_faults::player::{FOLDER, Player, State, Step};
use diary_faults::view::{Found, Secrets, look, stable, temporary_folder};
use diary_faults::{deadline, number};

use self::beside::{files_are_whole, with_a_name};
use self::tally::Tally;

const CHILD: &str = "DIARY_FAULTS_CHILD";
/// Steps that a child does at most.
const STEPS: usize = 5;
/// Kills of one vault, before the next: a vault that has grown takes longer to look at.
const CYCLES: usize = 8;
/// What a child says before it opens the vault.
const OPENS: &str = "@open";

#[test]
fn a_killed_process_loses_nothing_that_it_acknowledged() {
    if let Ok(what) = std::env::var(CHILD) {
        return child(&what);
    }
    let (wanted, seed) = (
        number("DIARY_FAULTS_CYCLES", 500),
        number("DIARY_FAULTS_SEED", 1),
    );
    let (ends, mut tally) = (deadline(), Tally::default());
    while tally.kills() < wanted && ends.is_none_or(|ends| Instant::now() < ends) {
        let first = seed * 1_000_000 + tally.cycles;
        one_vault(first, CYCLES.min(wanted - tally.kills()), &mut tally);
    }
    println!("figures: {tally}");
    println!("figures: {}", tally.by_step());
    assert!(
        tally.wrong.is_empty(),
        "{} wrong:\n{}",
        tally.wrong.len(),
        tally.wrong.join("\n")
    );
}

/// What the process does: any step. Those that take long are rarer, and are killed anywhere in their time.
fn steps(seed: u64) -> Vec<Step> {
    let mut chance = Chance::new(seed);
    let mut step = || match chance.below(47) {
        0..=9 => Step::Add(1 + chance.below(3_000)),
        10..=13 => Step::Amend,
        14..=15 => Step::Withdraw,
        16..=18 => Step::Erase,
        19..=23 => Step::Attach(1 + chance.below(3) * 33_000),
        24 => Step::GiveUp(70_000),
        25..=26 => Step::EraseItem,
        27..=29 => Step::Draft(1 + chance.below(5_000)),
        30 => Step::Discard,
        31 => Step::Rest,
        32 => Step::Reopen,
        33..=34 => Step::Passphrase,
        35 => Step::Rotate,
        36..=38 => Step::Backup,
        39..=40 => Step::BackupToFolder,
        41..=42 => Step::Restore,
        _ => Step::Export,
    };
    (0..STEPS).map(|_| step()).collect()
}

/// `disk|sources|seed|count|passphrase|code`: opens what the last kill left, does the steps of this seed, and says
/// so on standard error.
fn child(what: &str) {
    let parts: Vec<&str> = what.split('|').collect();
    let [disk, sources, seed, count, passphrase, code] = parts[..] else {
        panic!("{what}")
    };
    let (seed, count) = (seed.parse().unwrap(), count.parse().unwrap());
    let (disk, sources) = (Path::new(disk), Path::new(sources));
    let secrets = Secrets {
        passphrase,
        recovery_code: Some(code).filter(|code| !code.is_empty()),
    };
    eprintln!("{OPENS}");
    let mut player = Player::resume(disk, sources, seed, secrets, count).unwrap();
    for (n, step) in steps(seed).into_iter().enumerate() {
        eprintln!("@begin {n}");
        player.play(step).unwrap();
        let state = &player.state;
        let words = state.words.as_ref().unwrap().replace('\n', "\x1e");
        let made = state.files.keys().chain(state.vaults.keys());
        let files: Vec<&str> = made.map(String::as_str).collect();
        let codes: Vec<String> = state.codes.iter().map(ToString::to_string).collect();
        let (files, codes) = (files.join("\x1e"), codes.join("\x1e"));
        let (secret, code) = (&state.passphrase, state.recovery_code.as_deref());
        let code = code.unwrap_or_default();
        eprintln!("@done {n}\x1f{secret}\x1f{code}\x1f{words}\x1f{files}\x1f{codes}");
    }
}

/// What a killed process leaves to the next one.
struct Left {
    state: State,
    /// Passphrases that held: a backup opens with that of its moment.
    secrets: Vec<String>,
    /// Moments of which the log knows that a code was given out: one more than anybody was told, where an export
    /// was cut off.
    known: usize,
}

fn one_vault(seed: usize, cycles: usize, tally: &mut Tally) {
    let folder = temporary_folder();
    let (disk, sources) = (folder.path().join("disk"), folder.path().join("sources"));
    let mut player = Player::new(folder.path(), seed as u64);
    for step in [
        Step::Create,
        Step::Add(100),
        Step::Attach(1),
        Step::Add(2_000),
    ] {
        player.play(step).unwrap();
    }
    let mut left = Left {
        state: player.state.clone(),
        secrets: vec![player.state.passphrase.clone()],
        known: 0,
    };
    drop(player);
    for cycle in 0..cycles {
        let cycle = Cycle {
            disk: &disk,
            sources: &sources,
            seed: (seed + cycle) as u64,
            count: 100 * (cycle + 1),
        };
        tally.cycles += 1;
        if let Err(why) = cycle.run(&mut left, tally) {
            tally.wrong.push(format!("seed {}: {why}", cycle.seed));
            return;
        }
    }
}

struct Cycle<'a> {
    disk: &'a Path,
    sources: &'a Path,
    seed: u64,
    count: usize,
}

impl Cycle<'_> {
    fn run(&self, left: &mut Left, tally: &mut Tally) -> Result<(), String> {
        let before = image_of(self.disk);
        let first = left.state.clone();
        let said = self.kill(first.secrets(), tally)?;
        let (mut begun, mut done, mut files) = (0, 0, Vec::new());
        // Those that were given out in this process.
        let mut codes = Vec::new();
        for line in &said {
            if line.starts_with("@begin ") {
                begun += 1;
            } else if let Some(state) = line.strip_prefix("@done ") {
                let parts: Vec<&str> = state.split('\x1f').skip(1).collect();
                let [secret, code, words, named, given] = parts[..] else {
                    return Err("half a line".to_owned());
                };
                left.state.passphrase = secret.to_owned();
                left.state.recovery_code = (!code.is_empty()).then(|| code.to_owned());
                left.state.words = Some(words.replace('\x1e', "\n"));
                files = listed(named).map(str::to_owned).collect();
                codes = listed(given).map(|code| code.parse().unwrap()).collect();
                left.secrets.push(secret.to_owned());
                done += 1;
            }
        }
        left.state.codes.extend(&codes);
        tally.done += done;
        tally.ended += usize::from(done == STEPS);
        tally.opening += usize::from(begun == 0);
        let cut_off = steps(self.seed).get(done).copied().filter(|_| begun > done);
        let new = format!("secret {}", self.count + begun);
        let new = Secrets {
            passphrase: &new,
            // Of a rotation that was cut off nobody has seen it.
            recovery_code: left
                .state
                .secrets()
                .recovery_code
                .filter(|_| cut_off != Some(Step::Rotate)),
        };
        // The next process opens what this one left, so that only a copy is opened here.
        let folder = temporary_folder();
        lay_out(&image_of(&self.disk.join("vault")), folder.path()).unwrap();
        let found = look(
            folder.path(),
            &[left.state.secrets(), new],
            &left.state.codes,
        )?;
        let known = left.known + codes.len();
        let named = with_a_name(&before, self.disk, &files);
        let as_told = left.state.words.as_ref() == Some(&found.words)
            && left.state.passphrase == found.passphrase;
        let one_more = cut_off == Some(Step::Export) && found.codes == known + 1;
        if let Some(step) = cut_off {
            let there = match step {
                Step::Export | Step::Backup => named.any("out/"),
                Step::BackupToFolder => named.any(FOLDER),
                Step::Restore => named.any("restored-"),
                _ => !as_told,
            };
            tally.cut_off(step, there);
        }
        if as_told && found.codes == known {
            tally.before += usize::from(cut_off.is_some());
        } else if as_told && one_more {
            tally.after += 1;
        } else if cut_off.is_some() {
            // Then it must be what the same steps make of a copy.
            tally.after += 1;
            self.is_whole(before, first.secrets(), begun, left.known, &found)?;
        } else {
            return Err(format!(
                "after {done} steps what was acknowledged is not there ({} of {known} codes)",
                found.codes
            ));
        }
        if found.orphans > 0 {
            return Err(format!("{} files that nothing names", found.orphans));
        }
        if let Some(gone) = files.iter().find(|name| !self.disk.join(name).exists()) {
            return Err(format!("{gone} was acknowledged and is gone"));
        }
        left.secrets.push(found.passphrase.clone());
        left.secrets.dedup();
        files_are_whole(self.disk, &left.secrets)?;
        if found.passphrase == new.passphrase {
            left.state.recovery_code = new.recovery_code.map(str::to_owned);
        }
        (left.state.passphrase, left.state.words) = (found.passphrase, Some(found.words));
        left.known = found.codes;
        Ok(())
    }

    /// What was found is what the first `begun` steps make of a copy of what was there before.
    fn is_whole(
        &self,
        before: Image,
        secrets: Secrets<'_>,
        begun: usize,
        known: usize,
        found: &Found,
    ) -> Result<(), String> {
        let folder = temporary_folder();
        lay_out(&before, folder.path()).unwrap();
        let again = Player::resume(folder.path(), self.sources, self.seed, secrets, self.count);
        let mut again = again.map_err(|error| error.to_string())?;
        for step in steps(self.seed).into_iter().take(begun) {
            again.play(step).map_err(|error| error.to_string())?;
        }
        let expected = again.state.words.clone().unwrap_or_default();
        if stable(&expected) != stable(&found.words)
            || again.state.passphrase != found.passphrase
            || known + again.state.codes.len() != found.codes
        {
            return Err(format!("step {begun} is there by half"));
        }
        Ok(())
    }

    /// What this step, the nth, makes beside the vault.
    fn made_by(&self, step: Step, n: usize) -> Option<PathBuf> {
        let count = self.count + n + 1;
        let name = match step {
            Step::Export => format!("out/{count}.zip"),
            Step::Backup => format!("out/{count}.idback"),
            Step::Restore => format!("restored-{count}"),
            _ => return None,
        };
        Some(self.disk.join(name))
    }

    /// Runs the child until it is killed; the whole lines that it wrote.
    fn kill(&self, secrets: Secrets<'_>, tally: &mut Tally) -> Result<Vec<String>, String> {
        let what = format!(
            "{}|{}|{}|{}|{}|{}",
            self.disk.display(),
            self.sources.display(),
            self.seed,
            self.count,
            secrets.passphrase,
            secrets.recovery_code.unwrap_or_default(),
        );
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "a_killed_process_loses_nothing_that_it_acknowledged",
                "--nocapture",
            ])
            .env(CHILD, what)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let mut chance = Chance::new(self.seed ^ 0x5eed);
        // Some time after it began to open the vault, or some step: which call that hits is chance, and so is what
        // is left.
        let (steps, until) = (steps(self.seed), chance.below(STEPS + 1).checked_sub(1));
        let pause = tally.within(until.map(|step| steps[step]), &mut chance);
        // Between the name of a bundle and the answer there is so little that chance alone would not meet it.
        let made = until.and_then(|step| self.made_by(steps[step], step));
        let made = made.filter(|_| chance.below(3) == 0);
        let until = until.map_or(OPENS.to_owned(), |step| format!("@begin {step}"));
        let (mut said, mut began) = (Vec::new(), Instant::now());
        while let Some(line) = whole_line(&mut lines) {
            let last = line == until;
            if line.starts_with("@done ") {
                let done = said
                    .iter()
                    .filter(|line: &&String| line.starts_with("@done "));
                tally.took(steps[done.count()], began.elapsed());
            }
            began = Instant::now();
            said.push(line);
            if last {
                match &made {
                    Some(path) => wait_for(path),
                    None => std::thread::sleep(pause),
                }
                break;
            }
        }
        child.kill().unwrap();
        said.extend(std::iter::from_fn(|| whole_line(&mut lines)));
        child.wait().unwrap();
        // A panic has several lines, of which the first is empty.
        let other: Vec<&str> = said
            .iter()
            .map(String::as_str)
            .filter(|line| !line.starts_with('@'))
            .collect();
        if other.is_empty() {
            Ok(said)
        } else {
            Err(format!("it said: {}", other.join("\n")))
        }
    }
}

/// Not for long: it may be that there is nothing to make it of.
fn wait_for(path: &Path) {
    let ends = Instant::now() + Duration::from_secs(1);
    while !path.exists() && Instant::now() < ends {
        std::thread::sleep(Duration::from_micros(100));
    }
}

fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.split('\x1e').filter(|one| !one.is_empty())
}

/// A line as it was said. The last one may be cut off, in the middle of a letter too: then it was not said.
fn whole_line(lines: &mut impl BufRead) -> Option<String> {
    let mut line = Vec::new();
    lines.read_until(b'\n', &mut line).unwrap();
    (line.pop() == Some(b'\n')).then(|| String::from_utf8(line).unwrap())
}
