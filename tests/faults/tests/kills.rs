//! A process that does everything a diary does is killed (kill -9) at random, again and again; whatever it
//! said was done is there, and of what it was doing all or nothing.

#![cfg(target_os = "linux")]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use diary_core::NoProgress;
use diary_core::bundle::{VerifyOptions, verify};
use diary_faults::chance::Chance;
use diary_faults::disk::{image_of, lay_out};
use diary_faults::player::{Player, Step, restore};
use diary_faults::view::{look, stable, temporary_folder};
use diary_faults::{deadline, number};

const CHILD: &str = "DIARY_FAULTS_CHILD";
/// Steps that a child does at most.
const STEPS: usize = 5;
/// Kills of one vault, before the next: a vault that has grown takes longer to look at.
const CYCLES: usize = 8;

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
    println!(
        "figures: {} kills, {} steps acknowledged, {} cut off ({} of them not there, {} there), \
         {} ended before; {} wrong",
        tally.kills(),
        tally.done,
        tally.before + tally.after,
        tally.before,
        tally.after,
        tally.ended,
        tally.wrong.len()
    );
    assert!(tally.cycles < 20 || tally.before > 0 && tally.after > 0);
    assert!(
        tally.wrong.is_empty(),
        "{} wrong:\n{}",
        tally.wrong.len(),
        tally.wrong.join("\n")
    );
}

#[derive(Default)]
struct Tally {
    cycles: usize,
    done: usize,
    /// What was cut off is not there, or is there.
    before: usize,
    after: usize,
    /// It had done everything before it was killed.
    ended: usize,
    wrong: Vec<String>,
}

impl Tally {
    fn kills(&self) -> usize {
        self.cycles - self.ended
    }
}

/// What the process does: any step, those that take long less often.
fn steps(seed: u64) -> Vec<Step> {
    let mut chance = Chance::new(seed);
    let mut step = || match chance.below(40) {
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
        _ => Step::Export,
    };
    (0..STEPS).map(|_| step()).collect()
}

/// `disk|sources|seed|count|passphrase`: does the steps of this seed, and says so on standard error.
fn child(what: &str) {
    let parts: Vec<&str> = what.split('|').collect();
    let [disk, sources, seed, count, secret] = parts[..] else {
        panic!("{what}")
    };
    let (seed, count) = (seed.parse().unwrap(), count.parse().unwrap());
    let (disk, sources) = (Path::new(disk), Path::new(sources));
    let mut player = Player::resume(disk, sources, seed, secret, count).unwrap();
    for (n, step) in steps(seed).into_iter().enumerate() {
        eprintln!("@begin {n}");
        player.play(step).unwrap();
        let words = player.state.words.as_ref().unwrap();
        let words = words.replace('\n', "\x1e");
        let files: Vec<&str> = player.state.files.keys().map(String::as_str).collect();
        let (secret, files) = (&player.state.passphrase, files.join("\x1e"));
        eprintln!("@done {n}\x1f{secret}\x1f{words}\x1f{files}");
    }
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
    let mut secret = player.state.passphrase.clone();
    let mut words = player.state.words.clone().unwrap();
    drop(player);
    for cycle in 0..cycles {
        let cycle = Cycle {
            disk: &disk,
            sources: &sources,
            seed: (seed + cycle) as u64,
            count: 100 * (cycle + 1),
        };
        tally.cycles += 1;
        match cycle.run(&secret, &words, tally) {
            Ok(now) => (secret, words) = now,
            Err(why) => {
                tally.wrong.push(format!("seed {}: {why}", cycle.seed));
                return;
            }
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
    /// Passphrase and words after it.
    fn run(&self, first: &str, words: &str, tally: &mut Tally) -> Result<(String, String), String> {
        let before = image_of(self.disk);
        let said = self.kill(first)?;
        let (mut secret, mut words) = (first.to_owned(), words.to_owned());
        // A backup opens with the passphrase of its moment.
        let mut secrets = vec![first.to_owned()];
        let (mut begun, mut done, mut files) = (0, 0, String::new());
        for line in &said {
            if line.starts_with("@begin ") {
                begun += 1;
            } else if let Some(state) = line.strip_prefix("@done ") {
                let mut parts = state.split('\x1f').skip(1);
                secret = parts.next().ok_or("half a line")?.to_owned();
                words = parts.next().ok_or("half a line")?.replace('\x1e', "\n");
                files = parts.next().ok_or("half a line")?.to_owned();
                secrets.push(secret.clone());
                done += 1;
            }
        }
        tally.done += done;
        tally.ended += usize::from(done == STEPS);
        let new = format!("secret {}", self.count + begun);
        let found = look(&self.disk.join("vault"), &[&secret, &new], &[])?;
        if found.words == words && found.passphrase == secret {
            tally.before += usize::from(begun > done);
        } else if begun > done {
            // Then it must be what the same steps make of a copy.
            tally.after += 1;
            let folder = temporary_folder();
            lay_out(&before, folder.path()).unwrap();
            let again = Player::resume(folder.path(), self.sources, self.seed, first, self.count);
            let mut again = again.map_err(|error| error.to_string())?;
            for step in steps(self.seed).into_iter().take(begun) {
                again.play(step).map_err(|error| error.to_string())?;
            }
            let expected = again.state.words.clone().unwrap_or_default();
            if stable(&expected) != stable(&found.words)
                || again.state.passphrase != found.passphrase
            {
                return Err(format!("step {begun} is there by half"));
            }
        } else {
            return Err(format!(
                "after {done} steps what was acknowledged is not there"
            ));
        }
        if found.orphans > 0 {
            return Err(format!("{} files that nothing names", found.orphans));
        }
        let mut acknowledged = files.split('\x1e').filter(|name| !name.is_empty());
        if let Some(gone) = acknowledged.find(|name| !self.disk.join(name).is_file()) {
            return Err(format!("{gone} was acknowledged and is gone"));
        }
        secrets.push(found.passphrase.clone());
        secrets.dedup();
        self.files_are_whole(&secrets)?;
        Ok((found.passphrase, found.words))
    }

    /// Runs the child until it is killed; the whole lines that it wrote.
    fn kill(&self, secret: &str) -> Result<Vec<String>, String> {
        let what = format!(
            "{}|{}|{}|{}|{secret}",
            self.disk.display(),
            self.sources.display(),
            self.seed,
            self.count
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
        // Some time after some step began: which call that hits is chance, and so is what is left.
        let until = chance.below(STEPS);
        let pause = Duration::from_micros(chance.below(8_000) as u64);
        let (mut said, until) = (Vec::new(), format!("@begin {until}"));
        while let Some(line) = whole_line(&mut lines) {
            let last = line == until;
            said.push(line);
            if last {
                std::thread::sleep(pause);
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

    /// What has its name is whole, acknowledged or not. Then it goes.
    fn files_are_whole(&self, secrets: &[String]) -> Result<(), String> {
        for entry in std::fs::read_dir(self.disk.join("out")).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let whole = if name.ends_with(".zip") {
                let verdict = verify(&path, &VerifyOptions::default(), &mut NoProgress);
                verdict.is_ok_and(|verdict| verdict.sound)
            } else if name.ends_with(".idback") {
                let folder = temporary_folder();
                let restored = |secret| restore(&path, &folder.path().join("vault"), secret);
                secrets
                    .iter()
                    .any(|secret| restored(secret).is_ok_and(|whole| whole.restored && whole.sound))
            } else {
                true
            };
            if !whole {
                return Err(format!("{name} has its name and is not whole"));
            }
            std::fs::remove_file(&path).unwrap();
        }
        Ok(())
    }
}

/// A line as it was said. The last one may be cut off, in the middle of a letter too: then it was not said.
fn whole_line(lines: &mut impl BufRead) -> Option<String> {
    let mut line = Vec::new();
    lines.read_until(b'\n', &mut line).unwrap();
    (line.pop() == Some(b'\n')).then(|| String::from_utf8(line).unwrap())
}
