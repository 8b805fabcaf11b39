//! Every call of every step fails once, or for good; what must be found then.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;

use diary_core::Error;
use diary_core::vault::VaultError;

use crate::calm::is_calm;
use crate::chance::{Chance, spread};
use crate::contents::{holds, holds_the_same};
use crate::disk::{Disk, Fate, Image, Op, hash_of, image_of, lay_out};
use crate::fault::{Fault, Kind};
use crate::player::{FOLDER, Player, State, Step};
use crate::view::{Found, Secrets, look, stable, temporary_folder};
use crate::watch;

/// What was tried.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Steps of the script.
    pub steps: usize,
    /// Steps in which a fault happened.
    pub reached: usize,
    /// Faults that happened.
    pub faults: usize,
    /// How the steps ended, how often, and where first.
    pub answers: BTreeMap<String, (usize, String)>,
    /// What must not be.
    pub wrong: Vec<String>,
}

/// A fault without the call that it hits.
#[derive(Clone, Copy, Debug)]
pub struct Sort {
    pub kind: Kind,
    pub lasts: bool,
}

/// Each kind once, and those that may last: a disk that is gone, one that cannot be written, and one that stays full.
pub const SORTS: [Sort; 8] = [
    Sort {
        kind: Kind::Broken,
        lasts: false,
    },
    Sort {
        kind: Kind::Broken,
        lasts: true,
    },
    Sort {
        kind: Kind::Unwritable,
        lasts: true,
    },
    Sort {
        kind: Kind::Full,
        lasts: false,
    },
    Sort {
        kind: Kind::Full,
        lasts: true,
    },
    Sort {
        kind: Kind::Quota,
        lasts: false,
    },
    Sort {
        kind: Kind::Short,
        lasts: false,
    },
    Sort {
        kind: Kind::Sync,
        lasts: false,
    },
];

/// Plays the script, and each step on copies: in the nth copy its nth call fails. One call in `one_in` is tried;
/// the first `spared` steps are only played. What is left out at the end is of all steps evenly.
pub fn sweep(
    steps: &[Step],
    spared: usize,
    seed: u64,
    sorts: &[Sort],
    one_in: usize,
    ends: Option<Instant>,
) -> Tally {
    let folder = temporary_folder();
    let mut player = Player::new(folder.path(), seed);
    let scenes = scenes(&mut player, steps, spared);
    let mut tally = Tally {
        steps: steps.len(),
        ..Tally::default()
    };
    let mut count = seed as usize;
    let (all, mut reached) = (scenes.len() * sorts.len(), BTreeSet::new());
    for place in spread(all, usize::MAX) {
        if ends.is_some_and(|ends| Instant::now() > ends) {
            break;
        }
        let (scene, sort) = (&scenes[place / sorts.len()], sorts[place % sorts.len()]);
        let mut before = count % one_in;
        loop {
            let fault = Fault {
                kind: sort.kind,
                spared: before,
                lasts: sort.lasts,
            };
            let tried = Tried { scene, fault };
            let place = format!("step {}, {:?}, {fault:?}", scene.at, scene.step);
            let Some(answer) = tried.judge(&place, &mut tally.wrong) else {
                break;
            };
            reached.insert(scene.at);
            tally.faults += 1;
            tally.answers.entry(answer).or_insert((0, place)).0 += 1;
            before += one_in;
            count += 1;
        }
    }
    tally.reached = reached.len();
    tally
}

/// A step that is about to be played, and what comes of it.
pub(crate) struct Scene {
    pub(crate) at: usize,
    pub(crate) step: Step,
    pub(crate) image: Image,
    pub(crate) player: Player,
    /// What holds after the step where nothing fails.
    pub(crate) twin: State,
}

/// Plays the script, and keeps what lies there before each step but the first `spared`.
pub(crate) fn scenes(player: &mut Player, steps: &[Step], spared: usize) -> Vec<Scene> {
    let mut scenes = Vec::new();
    for (at, step) in steps.iter().copied().enumerate() {
        player.close();
        if at >= spared {
            let (image, copy) = (image_of(player.disk()), player.copy_to(player.disk()));
            let twin = played_well(&image, &copy, step);
            scenes.push(Scene {
                at,
                step,
                image,
                player: copy,
                twin,
            });
        }
        if step != Step::Create {
            player.open().expect("nothing fails here");
        }
        player
            .play(step)
            .unwrap_or_else(|error| panic!("step {at}, {step:?}: {error}"));
    }
    scenes
}

struct Tried<'a> {
    scene: &'a Scene,
    fault: Fault,
}

/// What holds after a step on a copy.
pub(crate) fn played_well(image: &Image, player: &Player, step: Step) -> State {
    let folder = temporary_folder();
    lay_out(image, folder.path()).expect("room for a vault");
    let mut twin = player.copy_to(folder.path());
    if step != Step::Create {
        twin.open().expect("nothing fails");
    }
    twin.play(step).expect("nothing fails");
    twin.state
}

impl Tried<'_> {
    /// How the step ended; `None` if it makes no such call.
    fn judge(&self, place: &str, wrong: &mut Vec<String>) -> Option<String> {
        let folder = temporary_folder();
        let disk = folder.path().join("disk");
        lay_out(&self.scene.image, &disk).expect("room for a vault");
        let mut player = self.scene.player.copy_to(&disk);
        let before = player.state.clone();
        watch::watch(&disk, None);
        if self.scene.step != Step::Create {
            player.open().expect("nothing fails yet");
        }
        watch::set_fault(Some(self.fault));
        let played = catch_unwind(AssertUnwindSafe(|| player.play(self.scene.step)));
        let (hit, answered) = (watch::so_far().1, watch::written_down());
        watch::set_fault(None);
        let Ok(played) = played else {
            watch::end();
            wrong.push(format!("{place}: it panicked"));
            return hit.then(|| "a panic".to_owned());
        };
        if matches!(played, Err(Error::Vault(VaultError::Closed)))
            && self.knows_its_header(&disk, answered)
        {
            wrong.push(format!(
                "{place}: the header is as it was, and the answer that nobody knows"
            ));
        }
        // The same session goes on, if there is one.
        let after = player.state.clone();
        let goes_on = played.is_ok() || self.scene.step.keeps_open();
        let more = goes_on
            && catch_unwind(AssertUnwindSafe(|| player.play(Step::Add(50))))
                .is_ok_and(|added| added.is_ok());
        let second = player.state.clone();
        let words = |state: &State| state.words.clone().unwrap_or_default();
        if played.is_ok() && stable(&words(&after)) != stable(&words(&self.scene.twin)) {
            wrong.push(format!(
                "{place}: it says done and is not as without a fault"
            ));
        }
        if more {
            // One incident is new, in front, and everything else as it must be: by what was there before,
            // never by what this session says.
            let expected = words(if played.is_ok() {
                &self.scene.twin
            } else {
                &before
            });
            if stable(&words(&second)).get(1..) != Some(stable(&expected).as_slice()) {
                wrong.push(format!("{place}: the session goes on with something else"));
            }
        }
        player.close();
        let seen = watch::end();
        if !hit {
            return None;
        }

        if let Err(error) = &played {
            is_calm(self.fault.kind, error, &disk)
                .unwrap_or_else(|why| wrong.push(format!("{place}: {why}")));
        }
        // A disk that is gone for good may keep what had its name already.
        let gone = self.scene.step == Step::Create && self.fault.lasts && played.is_err();
        let unknown = gone || matches!(played, Err(Error::Vault(VaultError::Closed)));
        let answer = played.as_ref().err().map(ToString::to_string);
        // An answer that says no has changed nothing of `state`.
        let expected = Expected {
            state: &after,
            or: unknown.then_some(&self.scene.twin),
            exported: self.scene.step == Step::Export && played.is_err(),
        };
        // The power goes when the answer is given: nothing later makes up for what was not done.
        let mut seen_by: Disk = seen.start;
        let (until, since) = seen.ops.split_at(answered);
        until.iter().for_each(|op| seen_by.apply(op));
        let torn = &mut Chance::new(self.fault.spared as u64);
        let mut lies = vec![
            (
                "power lost at the answer",
                seen_by.crash(Fate::Dropped, torn),
            ),
            ("torn at the answer", seen_by.crash(Fate::Torn(512), torn)),
        ];
        self.found(&expected, &lies).unwrap_or_else(|why| {
            wrong.push(format!("{place}, {why} (answer: {answer:?})"));
        });
        if played.is_ok() || matches!(self.scene.step, Step::Restore | Step::RestoreFolder) {
            self.left_well(&after)
                .unwrap_or_else(|why| wrong.push(format!("{place}: {why} (answer: {answer:?})")));
        }
        // And at the end, as it lies, and without what is on its way.
        let expected = Expected {
            state: if more { &second } else { &after },
            or: expected.or.filter(|_| !more),
            ..expected
        };
        since.iter().for_each(|op| seen_by.apply(op));
        let end = image_of(&disk);
        let dropped = seen_by.crash(Fate::Dropped, torn);
        lies = if more { Vec::new() } else { lies };
        lies.extend([("found", end.clone()), ("power lost at the end", dropped)]);
        self.found(&expected, &lies).unwrap_or_else(|why| {
            wrong.push(format!(
                "{place}, {why} (answer: {answer:?}, then added: {more})"
            ));
        });
        if !self.fault.lasts {
            let left = left_behind(&end, &expected);
            if !left.is_empty() {
                wrong.push(format!(
                    "{place}: left behind: {left:?} (answer: {:?})",
                    played.as_ref().err()
                ));
            }
        }
        Some(match played {
            Ok(()) => "done".to_owned(),
            Err(error) => error.to_string(),
        })
    }

    /// A change of keys closed the vault, and the header was never about to get its name: then the passphrase from
    /// before holds, and no other. `answered`: so many calls were made until then.
    fn knows_its_header(&self, disk: &Path, answered: usize) -> bool {
        let name = "vault/header";
        let header = std::fs::read(disk.join(name)).ok();
        let named = |op: &Op| matches!(op, Op::Sync { path, .. } if path == "vault/header.new");
        matches!(self.scene.step, Step::Passphrase | Step::Rotate)
            && self.scene.image.get(name) == Some(&header)
            && !watch::ops_until(answered).iter().any(named)
    }

    /// Judges what lies there, each once.
    fn found(&self, expected: &Expected<'_>, lies: &[(&str, Image)]) -> Result<(), String> {
        let mut judged = BTreeSet::new();
        for (what, image) in lies {
            if judged.insert(hash_of(image)) {
                let found = expected.found(image);
                found.map_err(|why| format!("{what}: {why}"))?;
            }
        }
        Ok(())
    }

    /// What was acknowledged as a bundle, a backup or a restored vault in this step is one.
    fn left_well(&self, after: &State) -> Result<(), String> {
        let before = &self.scene.player.state;
        for (name, bytes) in &after.files {
            if before.files.get(name) != Some(bytes) && !after.lacking.contains(name) {
                let twin = self.scene.twin.files.get(name);
                let twin = twin.ok_or(format!("{name} is not there without a fault"))?;
                holds(name, twin, after)?;
            }
        }
        Ok(())
    }
}

/// What may be found.
pub(crate) struct Expected<'a> {
    /// Word for word, with everything that was acknowledged.
    pub(crate) state: &'a State,
    /// Or what holds where the step was done, but for ids and times: the answer was that nobody knows. Nothing
    /// in between.
    pub(crate) or: Option<&'a State>,
    /// The entry of a bundle is committed before the bundle gets its name (FORMAT.md 13). So the log may know of
    /// a bundle that there is not; never the other way round.
    pub(crate) exported: bool,
}

impl Expected<'_> {
    pub(crate) fn found(&self, image: &Image) -> Result<(), String> {
        let state = self.state;
        for (name, bytes) in &state.files {
            if image.get(name).and_then(Option::as_ref) != Some(bytes) {
                return Err(format!("{name} was acknowledged and is not whole"));
            }
        }
        let folder = temporary_folder();
        lay_out(image, folder.path()).expect("room for a vault");
        let caught = |work: &dyn Fn() -> Result<(), String>| {
            catch_unwind(AssertUnwindSafe(work)).map_err(|_| "it panicked")?
        };
        let whole = |(name, _): &(&String, &State)| !state.lacking.contains(*name);
        for (name, state) in state.vaults.iter().filter(whole) {
            caught(&|| holds_the_same(&folder.path().join(name), state))
                .map_err(|why| format!("{name} was acknowledged: {why}"))?;
        }
        if !image.contains_key("vault") {
            return match state.words {
                None => Ok(()),
                Some(_) => Err("the vault is gone".to_owned()),
            };
        }
        if state.words.is_none() && self.or.is_none() {
            return Err("a vault was made, and the answer says that none was".to_owned());
        }
        caught(&|| self.found_in(&folder.path().join("vault")))
    }

    fn found_in(&self, vault: &Path) -> Result<(), String> {
        // The code of whom it was played for elsewhere is another.
        let or = self.or.map(|state| Secrets {
            recovery_code: None,
            ..state.secrets()
        });
        let secrets = [Some(self.state.secrets()), or].into_iter().flatten();
        let secrets: Vec<Secrets<'_>> = secrets
            .filter(|secrets| !secrets.passphrase.is_empty())
            .collect();
        let found = look(vault, &secrets, &self.state.codes)?;
        if found.orphans > 0 {
            return Err(format!("{} files that nothing names", found.orphans));
        }
        let one_less = Found {
            codes: found.codes.saturating_sub(1),
            ..found.clone()
        };
        if self.state.is(&found)
            || self.or.is_some_and(|state| state.is_like(&found))
            || self.exported && self.state.is(&one_less)
        {
            return Ok(());
        }
        let (words, codes) = (self.state.words.as_ref(), self.state.codes.len());
        Err(format!(
            "it does not hold what was acknowledged, or holds more (words as they were: {}, passphrase: {}, codes: \
             {} of {codes})",
            words == Some(&found.words),
            self.state.passphrase == found.passphrase,
            found.codes,
        ))
    }
}

/// What lies outside of the vault and was not acknowledged.
fn left_behind(image: &Image, expected: &Expected<'_>) -> Vec<String> {
    let known = |name: &String| {
        let top = name.split('/').next().unwrap_or_default();
        let state = expected.state;
        let acknowledged = state.files.contains_key(name) || state.vaults.contains_key(top);
        let made = ["out", FOLDER, &format!("{FOLDER}/evidence")].contains(&name.as_str());
        // An evidence file is there whole before the backup that lists it.
        let is_copy = name.strip_prefix(FOLDER).is_some_and(|evidence| {
            evidence.starts_with("/evidence/")
                && image.get(name) == image.get(&format!("vault{evidence}"))
        });
        made || is_copy || top == "vault" && !name.ends_with(".new") || acknowledged
    };
    image.keys().filter(|name| !known(name)).cloned().collect()
}
