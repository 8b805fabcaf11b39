//! What a crash left is opened and comes to rest, and that is cut off, or a call of it fails: the log of writes is
//! replayed, files are removed, a change of keys is settled, a rotation finished. Whatever becomes of it, the vault
//! holds what it held when the crash was over.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;

use diary_core::Error;
use diary_core::vault::VaultError;

use crate::calm::is_calm;
use crate::chance::{Chance, spread};
use crate::disk::{Disk, Fate, Image, NameOp, Op, hash_of, image_of, lay_out};
use crate::fault::{Fault, Kind};
use crate::player::{State, open};
use crate::power::{Recording, recorded};
use crate::sweep::{Expected, Sort, Tally};
use crate::view::{look, temporary_folder, words_of};
use crate::watch;

/// A vault as a crash left it, and what is found in it.
pub struct Crashed {
    /// Where in the script.
    pub place: String,
    image: Image,
    state: State,
}

/// So many crashes in each step of a recording, evenly, each with another fate; and in steps that replace the header
/// all from that on. Each image once; what is found in it is what was before the step, or after it.
pub fn crashed(recording: &Recording, each: usize, seed: u64) -> Vec<Crashed> {
    let fates = [Fate::Kept, Fate::Torn(512), Fate::Ordered, Fate::Dropped];
    let (mut disk, mut seen) = (recording.start.clone(), BTreeSet::new());
    let mut all = Vec::new();
    let marks = |wanted: &dyn Fn(&Op) -> bool| recording.ops.iter().position(wanted);
    for step in 0..recording.steps.len() {
        let begins = marks(&|op| matches!(op, Op::Began(at) if *at == step)).expect("it began");
        let ends = marks(&|op| matches!(op, Op::Done(at) if *at == step)).expect("it was done");
        let ops = &recording.ops[begins..ends];
        let chosen: BTreeSet<usize> = (1..=each).map(|n| ops.len() * n / (each + 1)).collect();
        let mut unsettled = false;
        for (at, op) in ops.iter().enumerate() {
            disk.apply(op);
            unsettled |= gives_a_header_its_name(op);
            let number = begins + at;
            let fate = if unsettled {
                // Of a name that is not synced, either is found.
                Fate::Kept
            } else {
                fates[(number + seed as usize) % fates.len()]
            };
            if !unsettled && !chosen.contains(&at) {
                continue;
            }
            let image = disk.crash(fate, &mut Chance::new(seed ^ number as u64));
            let image = vault_of(image);
            if image.is_empty() || !seen.insert(hash_of(&image)) {
                continue;
            }
            let place = format!("{:?}, call {at}, {fate:?}", recording.steps[step]);
            let states = [&recording.states[step], &recording.states[step + 1]];
            let state = found_in(&image, states).unwrap_or_else(|why| panic!("{place}: {why}"));
            all.push(Crashed {
                place,
                image,
                state,
            });
        }
    }
    all
}

/// Opens each and lets it rest, in copies: in the nth copy its nth call fails. One call in `one_in` is tried.
pub fn sweep(crashed: &[Crashed], sorts: &[Sort], one_in: usize, ends: Option<Instant>) -> Tally {
    let mut tally = Tally::default();
    let mut count = 0;
    for place in spread(crashed.len() * sorts.len(), usize::MAX) {
        if ends.is_some_and(|ends| Instant::now() > ends) {
            break;
        }
        let (crashed, sort) = (&crashed[place / sorts.len()], sorts[place % sorts.len()]);
        let mut before = count % one_in;
        loop {
            let fault = Fault {
                kind: sort.kind,
                spared: before,
                lasts: sort.lasts,
            };
            let place = format!("{}, {fault:?}", crashed.place);
            let Some(tried) = crashed.fails(fault).transpose() else {
                break;
            };
            let answer = tried.unwrap_or_else(|why| {
                tally.wrong.push(format!("{place}: {why}"));
                "wrong".to_owned()
            });
            tally.faults += 1;
            tally.answers.entry(answer).or_insert((0, place)).0 += 1;
            before += one_in;
            count += 1;
        }
    }
    tally
}

impl Crashed {
    /// Every call of opening it and letting it rest.
    pub fn record(&self) -> Recording {
        let folder = temporary_folder();
        let disk = self.lay_out(folder.path());
        watch::watch(&disk, None);
        let (opened, rested) = self.recover(&disk);
        let seen = watch::end();
        opened
            .and(rested)
            .unwrap_or_else(|error| panic!("{}: {error}", self.place));
        Recording {
            states: vec![self.state.clone()],
            ..recorded(seen, &disk)
        }
    }

    /// What became of it; `None` if it makes no such call. The error is what must not be.
    fn fails(&self, fault: Fault) -> Result<Option<String>, String> {
        let folder = temporary_folder();
        let disk = self.lay_out(folder.path());
        watch::watch(&disk, Some(fault));
        let recovered = catch_unwind(AssertUnwindSafe(|| self.recover(&disk)));
        let (hit, unread) = (watch::so_far().1, watch::kept_from_reading());
        let seen = watch::end();
        let (opened, rested) = recovered.map_err(|_| "it panicked")?;
        if !hit {
            return Ok(None);
        }
        for error in opened
            .as_ref()
            .err()
            .into_iter()
            .chain(rested.as_ref().err())
        {
            is_calm(fault.kind, error, &disk)?;
        }
        match &opened {
            Err(error) if !unread && !self.needs_a_log(error) => {
                return Err(format!("all can be read, and it stays shut: {error}"));
            }
            Ok(words) if self.state.words.as_ref() != Some(words) => {
                return Err("it shows something else".to_owned());
            }
            _ => {}
        }
        let mut left: Disk = seen.start;
        seen.ops.iter().for_each(|op| left.apply(op));
        let torn = &mut Chance::new(fault.spared as u64);
        let expected = Expected {
            state: &self.state,
            or: None,
            exported: false,
        };
        for (how, image) in [
            ("found", image_of(&disk)),
            ("power lost", left.crash(Fate::Dropped, torn)),
            ("torn", left.crash(Fate::Torn(512), torn)),
        ] {
            let answers = || format!("{:?}, {:?}", opened.as_ref().err(), rested.as_ref().err());
            let found = expected.found(&image);
            found.map_err(|why| format!("{how}: {why} (answers: {})", answers()))?;
        }
        Ok(Some(match opened.and(rested) {
            Ok(()) => "done".to_owned(),
            Err(error) => error.to_string(),
        }))
    }

    /// SQLite reads nothing before it has its log of writes, and there is none: it is removed at lock, and only a
    /// crash leaves it.
    fn needs_a_log(&self, error: &Error) -> bool {
        !self.image.contains_key("vault/log.db-wal")
            && matches!(error, Error::Vault(VaultError::ReadOnly))
    }

    /// What it shows, and how it came to rest. Where a read may fail, what is read after opening is not tried: that
    /// is the scripts' part.
    fn recover(&self, disk: &Path) -> (Result<String, Error>, Result<(), Error>) {
        let mut diary = match open(&disk.join("vault"), &self.state.passphrase) {
            Ok(diary) => diary,
            Err(error) => return (Err(error), Ok(())),
        };
        let words = if watch::fault().is_some_and(|fault| fault.kind == Kind::Broken) {
            watch::unwatched(|| words_of(&mut diary))
        } else {
            words_of(&mut diary)
        };
        let rested = diary.rest();
        (words, rested)
    }

    fn lay_out(&self, folder: &Path) -> std::path::PathBuf {
        let disk = folder.join("disk");
        lay_out(&self.image, &disk).expect("room for a vault");
        disk
    }
}

/// Whichever of the states it holds; of that without what lies outside of the vault.
fn found_in(image: &Image, states: [&State; 2]) -> Result<State, String> {
    let folder = temporary_folder();
    lay_out(image, folder.path()).expect("room for a vault");
    let secrets = states.map(State::secrets);
    let found = look(&folder.path().join("vault"), &secrets, &states[0].codes)?;
    let held = states.into_iter().find(|state| state.is(&found));
    let held = held.ok_or("it holds neither what was before the step nor what was after")?;
    Ok(State {
        files: Default::default(),
        vaults: Default::default(),
        ..held.clone()
    })
}

fn vault_of(mut image: Image) -> Image {
    image.retain(|name, _| name == "vault" || name.starts_with("vault/"));
    image
}

fn gives_a_header_its_name(op: &Op) -> bool {
    matches!(op, Op::Name(NameOp::Move { to: (_, name), .. }) if name == "header")
}
