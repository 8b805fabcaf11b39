//! Loss of power at any moment of a script, and what must be found then.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;

use crate::chance::Chance;
use crate::disk::{Disk, Fate, Image, Op, hash_of, image_of, lay_out};
use crate::player::{FOLDER, Player, State, Step};
use crate::view::{Found, Secrets, look, temporary_folder};
use crate::watch::{self, Seen, mark};

/// A script as it was played on a watched disk.
pub struct Recording {
    /// What was there before.
    pub start: Disk,
    pub steps: Vec<Step>,
    pub ops: Vec<Op>,
    /// `states[n]` holds after n steps.
    pub states: Vec<State>,
}

/// Plays a script and writes down every call. That nothing was missed is proven: what the calls add up to
/// is what lies on the disk, byte for byte.
pub fn record(steps: &[Step], seed: u64) -> Recording {
    let folder = temporary_folder();
    let disk = folder.path().join("disk");
    let mut player = Player::new(folder.path(), seed);
    watch::watch(&disk, None);
    let mut states = vec![State::default()];
    for (at, step) in steps.iter().enumerate() {
        mark(Op::Began(at));
        player
            .play(*step)
            .unwrap_or_else(|error| panic!("step {at}, {step:?}: {error}"));
        mark(Op::Done(at));
        states.push(player.state.clone());
    }
    Recording {
        steps: steps.to_vec(),
        states,
        ..recorded(watch::end(), &disk)
    }
}

/// What was seen, of no step.
pub(crate) fn recorded(seen: Seen, disk: &Path) -> Recording {
    let mut whole = seen.start.clone();
    seen.ops.iter().for_each(|op| whole.apply(op));
    let kept = whole.crash(Fate::Kept, &mut Chance::new(0));
    assert!(
        kept == image_of(disk),
        "calls were missed: {:?}",
        differing(&kept, &image_of(disk))
    );
    Recording {
        start: seen.start,
        ops: seen.ops,
        steps: Vec::new(),
        states: Vec::new(),
    }
}

fn differing(one: &Image, other: &Image) -> Vec<String> {
    let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let differ = |name: &&&String| one.get(**name) != other.get(**name);
    names
        .iter()
        .filter(differ)
        .map(|name| (*name).clone())
        .collect()
}

/// What was looked at.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Calls of the script.
    pub calls: usize,
    /// States that were judged.
    pub states: usize,
    /// Different ones among them.
    pub different: usize,
    /// What must not be, with the place and seed that make it again.
    pub wrong: Vec<String>,
}

/// How many states are made at each call.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// By chance, before each sync and at each acknowledgement.
    pub at_syncs: usize,
    /// One call in so many is followed by a kill; 0: none.
    pub one_in: usize,
    /// No more than so many states, of the whole script evenly.
    pub limit: usize,
    /// Ends with the first that is wrong.
    pub until_wrong: bool,
    /// Ends then.
    pub ends: Option<Instant>,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            at_syncs: 0,
            one_in: 0,
            limit: usize::MAX,
            until_wrong: false,
            ends: None,
        }
    }
}

/// Judges every state that the plan names. `lost` leaves syncs out, as if the program did not make them.
pub fn judge(recording: &Recording, plan: Plan, seed: u64, lost: &dyn Fn(&str) -> bool) -> Tally {
    let mut judge = Judge {
        recording,
        tally: Tally {
            calls: recording.ops.len(),
            ..Tally::default()
        },
        seen: HashSet::new(),
        found: HashMap::new(),
    };
    let planned = planned(recording, plan, lost);
    // Where time may end it, the whole script is gone through several times, each time with other states.
    let passes = if plan.ends.is_some() { PASSES } else { 1 };
    for pass in 0..passes {
        let few = Few::of(plan.limit, planned);
        judge.go_through(plan, seed, lost, few, (pass, passes));
    }
    judge.tally.different = judge.seen.len();
    judge.tally
}

/// Prime: not always the same of the states at one call.
const PASSES: usize = 17;

/// How many states a plan has without its limit.
fn planned(recording: &Recording, plan: Plan, lost: &dyn Fn(&str) -> bool) -> usize {
    let (mut disk, mut states) = (recording.start.clone(), 0);
    for (at, op) in recording.ops.iter().enumerate() {
        if matches!(op, Op::Sync { path, .. } if lost(path)) {
            continue;
        }
        if matches!(op, Op::Sync { .. } | Op::Done(_)) && !disk.is_settled() {
            states += plan.at_syncs;
        }
        disk.apply(op);
        states += usize::from(plan.one_in > 0 && at % plan.one_in == 0);
    }
    states
}

/// Takes so many of all, at even distances.
struct Few {
    take: usize,
    of: usize,
    count: usize,
}

impl Few {
    fn of(take: usize, of: usize) -> Self {
        let take = take.min(of);
        Self { take, of, count: 0 }
    }

    fn takes_next(&mut self) -> bool {
        let before = self.count * self.take / self.of.max(1);
        self.count += 1;
        self.count * self.take / self.of.max(1) > before
    }
}

/// What was found is kept for so many images: each is all words of a diary.
const KEPT: usize = 256;

struct Judge<'a> {
    recording: &'a Recording,
    tally: Tally,
    seen: HashSet<u64>,
    /// What was found in a vault, by its image and what it was asked.
    found: HashMap<(u64, usize, usize), Result<Found, String>>,
}

impl Judge<'_> {
    /// Judges of the states that `few` takes one in `of`, from number `first` on.
    fn go_through(
        &mut self,
        plan: Plan,
        seed: u64,
        lost: &dyn Fn(&str) -> bool,
        mut few: Few,
        (first, of): (usize, usize),
    ) {
        let mut disk = self.recording.start.clone();
        let (mut done, mut begun, mut taken) = (0, 0, 0);
        let mut takes_next = move || {
            let takes = few.takes_next();
            taken += usize::from(takes);
            takes && (taken - 1) % of == first
        };
        let recording = self.recording;
        for (at, op) in recording.ops.iter().enumerate() {
            let late = plan.ends.is_some_and(|ends| Instant::now() > ends);
            if late || plan.until_wrong && !self.tally.wrong.is_empty() {
                break;
            }
            match op {
                Op::Began(step) => begun = step + 1,
                Op::Done(step) => done = step + 1,
                Op::Sync { path, .. } if lost(path) => continue,
                _ => {}
            }
            // Before the sync, when most is on its way.
            if matches!(op, Op::Sync { .. } | Op::Done(_)) {
                for n in 0..plan.at_syncs {
                    if disk.is_settled() {
                        break;
                    }
                    if !takes_next() {
                        continue;
                    }
                    let fate = match n {
                        0 => Fate::Dropped,
                        n if n % 4 == 1 => Fate::Ordered,
                        n if n % 4 == 2 => Fate::Torn(4096),
                        _ => Fate::Torn(512),
                    };
                    let number = (at as u64) << 20 ^ (n as u64) << 56;
                    let image = disk.crash(fate, &mut Chance::new(seed ^ number));
                    self.state(
                        &image,
                        done,
                        begun,
                        &format!("call {at}, seed {seed}, state {n}, {fate:?}"),
                    );
                }
            }
            disk.apply(op);
            if plan.one_in > 0 && at % plan.one_in == 0 && takes_next() {
                let image = disk.crash(Fate::Kept, &mut Chance::new(0));
                self.state(&image, done, begun, &format!("killed after call {at}"));
            }
        }
    }

    /// `done` steps were acknowledged, `begun` were begun.
    fn state(&mut self, image: &Image, done: usize, begun: usize, place: &str) {
        self.tally.states += 1;
        self.seen.insert(hash_of(image));
        if let Err(wrong) = self.judged(image, done, begun) {
            let step = self.recording.steps.get(begun.saturating_sub(1));
            self.tally
                .wrong
                .push(format!("{place}, {done} steps done, in {step:?}: {wrong}"));
        }
    }

    fn judged(&mut self, image: &Image, done: usize, begun: usize) -> Result<(), String> {
        let (old, new) = (
            &self.recording.states[done],
            &self.recording.states[begun.max(done)],
        );
        for (name, bytes) in &old.files {
            match image.get(name) {
                Some(Some(found)) if found == bytes => {}
                found => return Err(format!("{name} was acknowledged and is {}", kind(found))),
            }
        }
        for (name, bytes) in &new.files {
            match image.get(name) {
                None => {}
                Some(Some(found)) if found == bytes => {}
                found => {
                    return Err(format!(
                        "{name} has its name and is {}",
                        kind(found.or(None))
                    ));
                }
            }
        }
        // A backup in a folder has its name after all that it lists.
        let within = |name: &&String| name.starts_with(FOLDER) && !old.files.contains_key(*name);
        let mut beside = new.files.keys().filter(within);
        let is_named = |name: &&String| name.ends_with(".idback") && image.contains_key(*name);
        if beside.clone().any(|name| is_named(&name))
            && let Some(missing) = beside.find(|name| !image.contains_key(*name))
        {
            return Err(format!("a backup has its name, and {missing} is not there"));
        }
        for (name, state) in &new.vaults {
            let there = image.contains_key(name);
            if !there && old.vaults.contains_key(name) {
                return Err(format!("{name} was acknowledged and is gone"));
            }
            let secrets = [state.secrets()];
            if there && !state.is(&self.look(image, name, done, begun, &secrets, &state.codes)?) {
                return Err(format!("{name} does not hold what was in the backup"));
            }
        }
        if !image.contains_key("vault") {
            return match old.words {
                None => Ok(()),
                Some(_) => Err("the vault is gone".to_owned()),
            };
        }
        let secrets = [old.secrets(), new.secrets()];
        let found = self.look(image, "vault", done, begun, &secrets, &old.codes)?;
        if !old.is(&found) && !new.is(&found) {
            return Err("it holds neither what was before the step nor what was after".to_owned());
        }
        if found.orphans > 0 {
            return Err(format!("{} files that nothing names", found.orphans));
        }
        Ok(())
    }

    fn look(
        &mut self,
        image: &Image,
        name: &str,
        done: usize,
        begun: usize,
        secrets: &[Secrets<'_>],
        codes: &[diary_core::log::Fingerprint],
    ) -> Result<Found, String> {
        let below = format!("{name}/");
        let vault: Image = image
            .iter()
            .filter(|(path, _)| *path == name || path.starts_with(&below))
            .map(|(path, content)| (path.clone(), content.clone()))
            .collect();
        let key = (hash_of(&vault), done, begun);
        if let Some(found) = self.found.get(&key) {
            return found.clone();
        }
        let folder = temporary_folder();
        lay_out(&vault, folder.path()).expect("room for a vault");
        let looked = catch_unwind(AssertUnwindSafe(|| {
            look(&folder.path().join(name), secrets, codes)
        }));
        let found = looked.unwrap_or_else(|_| Err("it panicked".to_owned()));
        // The same image comes again soon or never.
        if self.found.len() >= KEPT {
            self.found.clear();
        }
        self.found.insert(key, found.clone());
        found
    }
}

fn kind(found: Option<&Option<Vec<u8>>>) -> &'static str {
    match found {
        None => "gone",
        Some(None) => "a folder",
        Some(Some(bytes)) if bytes.is_empty() => "empty",
        Some(Some(_)) => "not whole",
    }
}
