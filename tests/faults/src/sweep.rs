//! Every call of every step fails once, or for good; what must be found then.

use std::collections::BTreeMap;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;

use diary_core::Error;
use diary_core::evidence::EvidenceError;
use diary_core::vault::VaultError;

use crate::chance::Chance;
use crate::disk::{Disk, Fate, Image, image_of, lay_out};
use crate::fault::{Fault, Kind};
use crate::player::{Player, State, Step};
use crate::view::{Found, look, stable, temporary_folder};
use crate::watch;

/// What was tried.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Steps of the script.
    pub steps: usize,
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

/// Each kind once, and the two that may last: a disk that is gone, and one that stays full.
pub const SORTS: [Sort; 7] = [
    Sort {
        kind: Kind::Broken,
        lasts: false,
    },
    Sort {
        kind: Kind::Broken,
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

/// Plays the script, and before each step plays that step on copies: in the nth copy its nth call fails.
/// One call in `one_in` is tried; the first `spared` steps are only played.
pub fn sweep(
    steps: &[Step],
    spared: usize,
    seed: u64,
    sorts: &[Sort],
    one_in: usize,
    ends: Option<Instant>,
) -> Tally {
    let folder = temporary_folder();
    let (disk, sources) = (folder.path().join("disk"), folder.path().join("sources"));
    for path in [&disk, &sources] {
        fs::create_dir(path).expect("a folder");
    }
    let mut player = Player::new(&disk, &sources, seed);
    let mut tally = Tally::default();
    let mut count = seed as usize;
    for (at, step) in steps.iter().enumerate() {
        if ends.is_some_and(|ends| Instant::now() > ends) {
            break;
        }
        player.close();
        let image = image_of(&disk);
        let twin = played_well(&image, &player, *step);
        for sort in sorts.iter().filter(|_| at >= spared) {
            let mut before = count % one_in;
            loop {
                let fault = Fault {
                    kind: sort.kind,
                    spared: before,
                    lasts: sort.lasts,
                };
                let tried = Tried {
                    image: &image,
                    player: &player,
                    twin: &twin,
                    step: *step,
                    fault,
                };
                let place = format!("step {at}, {step:?}, {fault:?}");
                let Some(answer) = tried.judge(&place, &mut tally.wrong) else {
                    break;
                };
                tally.faults += 1;
                tally.answers.entry(answer).or_insert((0, place)).0 += 1;
                before += one_in;
                count += 1;
            }
        }
        if *step != Step::Create {
            player.open().expect("nothing fails here");
        }
        player
            .play(*step)
            .unwrap_or_else(|error| panic!("step {at}, {step:?}: {error}"));
        tally.steps += 1;
    }
    tally
}

struct Tried<'a> {
    image: &'a Image,
    player: &'a Player,
    /// What can be read after the step where nothing fails.
    twin: &'a str,
    step: Step,
    fault: Fault,
}

/// The words after a step on a copy.
pub(crate) fn played_well(image: &Image, player: &Player, step: Step) -> String {
    let folder = temporary_folder();
    lay_out(image, folder.path()).expect("room for a vault");
    let mut twin = player.copy_to(folder.path());
    if step != Step::Create {
        twin.open().expect("nothing fails");
    }
    twin.play(step).expect("nothing fails");
    twin.state.words.unwrap_or_default()
}

impl Tried<'_> {
    /// How the step ended; `None` if it makes no such call.
    fn judge(&self, place: &str, wrong: &mut Vec<String>) -> Option<String> {
        let folder = temporary_folder();
        let disk = folder.path().join("disk");
        lay_out(self.image, &disk).expect("room for a vault");
        let mut player = self.player.copy_to(&disk);
        let before = player.state.clone();
        watch::watch(&disk, None);
        if self.step != Step::Create {
            player.open().expect("nothing fails yet");
        }
        watch::set_fault(Some(self.fault));
        let played = catch_unwind(AssertUnwindSafe(|| player.play(self.step)));
        let hit = watch::so_far().1;
        watch::set_fault(None);
        let Ok(played) = played else {
            watch::end();
            wrong.push(format!("{place}: it panicked"));
            return hit.then(|| "a panic".to_owned());
        };
        // The same session goes on, if there is one.
        let after = player.state.clone();
        let goes_on = played.is_ok() || self.step != Step::Create && self.step != Step::Reopen;
        let more = goes_on
            && catch_unwind(AssertUnwindSafe(|| player.play(Step::Add(50))))
                .is_ok_and(|added| added.is_ok());
        let second = player.state.clone();
        let words = |state: &State| state.words.clone().unwrap_or_default();
        if more {
            // One incident is new, in front, and everything else as it must be: by what was there before,
            // never by what this session says.
            let expected = if played.is_ok() {
                self.twin.to_owned()
            } else {
                words(&before)
            };
            if stable(&words(&second)).get(1..) != Some(stable(&expected).as_slice()) {
                wrong.push(format!("{place}: the session goes on with something else"));
            }
        } else if played.is_ok() && stable(&words(&after)) != stable(self.twin) {
            wrong.push(format!(
                "{place}: it says done and is not as without a fault"
            ));
        }
        player.close();
        let seen = watch::end();
        if !hit {
            return None;
        }

        if let Err(error) = &played {
            self.is_calm(error, &disk)
                .unwrap_or_else(|why| wrong.push(format!("{place}: {why}")));
        }
        // A disk that is gone for good may keep what had its name already.
        let gone = self.step == Step::Create && self.fault.lasts && played.is_err();
        let unknown = gone || matches!(played, Err(Error::Vault(VaultError::Closed)));
        let expected = if more { &second } else { &after };
        let expected = Expected {
            states: if played.is_ok() || more {
                vec![expected]
            } else {
                vec![&before]
            },
            unknown: unknown && !more,
        };
        let secret = format!("secret {}", self.player.next_count());
        let candidates = [
            before.passphrase.as_str(),
            after.passphrase.as_str(),
            &secret,
            // A vault that a disk kept that is gone for good.
            "first",
        ];
        // As it lies, and as it lies after the power went.
        let mut whole: Disk = seen.start;
        seen.ops.iter().for_each(|op| whole.apply(op));
        for (what, image) in [
            ("found", image_of(&disk)),
            (
                "after a loss of power",
                whole.crash(Fate::Dropped, &mut Chance::new(0)),
            ),
        ] {
            if let Err(why) = expected.found(&image, &candidates) {
                let answer = played.as_ref().err().map(ToString::to_string);
                wrong.push(format!(
                    "{place}, {what}: {why} (answer: {answer:?}, then added: {more})"
                ));
            }
        }
        if !self.fault.lasts {
            let left = left_behind(&image_of(&disk), &expected);
            if !left.is_empty() && !unknown {
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

    /// An error of a disk is told as one of a disk, in words that a person can act on.
    fn is_calm(&self, error: &Error, disk: &Path) -> Result<(), String> {
        let text = error.to_string();
        if text.contains(&*disk.to_string_lossy()) || text.lines().count() != 1 {
            return Err(format!("the answer shows a path or has lines: {text}"));
        }
        let kind = self.fault.kind;
        // SQLite takes EDQUOT for any failure of the disk, and tells nothing of why a file cannot be made:
        // then the answer names a full disk as well.
        let full = matches!(
            error,
            Error::Vault(VaultError::DiskFull) | Error::Evidence(EvidenceError::DiskFull)
        ) || text.ends_with("not full");
        let alarms = matches!(
            error,
            Error::Vault(
                VaultError::WrongSecret
                    | VaultError::NotAVault
                    | VaultError::NewerFormat
                    | VaultError::DamagedHeader
                    | VaultError::KdfOutOfRange
                    | VaultError::OldHeader
                    | VaultError::CellsMissing
                    | VaultError::ForeignDatabase
                    | VaultError::Damaged(_)
            ) | Error::Evidence(EvidenceError::Damaged(_) | EvidenceError::ChangedWhileRead)
        );
        match kind {
            Kind::Short => Err(format!("a short read or write is no error: {text}")),
            _ if alarms => Err(format!("the disk failed, and the answer is: {text}")),
            Kind::Full | Kind::Quota
                if !full && !matches!(error, Error::Vault(VaultError::Closed)) =>
            {
                Err(format!("the disk was full, and the answer is: {text}"))
            }
            _ => Ok(()),
        }
    }
}

pub(crate) struct Expected<'a> {
    pub(crate) states: Vec<&'a State>,
    /// The answer was that nobody knows: sound is enough.
    pub(crate) unknown: bool,
}

impl Expected<'_> {
    pub(crate) fn found(&self, image: &Image, passphrases: &[&str]) -> Result<(), String> {
        let (Some(state), folder) = (self.states.first(), temporary_folder()) else {
            return Ok(());
        };
        for (name, bytes) in &state.files {
            if image.get(name).and_then(Option::as_ref) != Some(bytes) {
                return Err(format!("{name} was acknowledged and is not whole"));
            }
        }
        if !image.contains_key("vault") {
            return match state.words {
                None => Ok(()),
                Some(_) => Err("the vault is gone".to_owned()),
            };
        }
        if state.words.is_none() && !self.unknown {
            return Err("a vault was made, and the answer says that none was".to_owned());
        }
        lay_out(image, folder.path()).expect("room for a vault");
        let looked = || {
            look(
                &folder.path().join("vault"),
                passphrases,
                state.code.as_ref(),
            )
        };
        let found: Found = catch_unwind(AssertUnwindSafe(looked)).map_err(|_| "it panicked")??;
        if found.orphans > 0 {
            return Err(format!("{} files that nothing names", found.orphans));
        }
        if self.unknown {
            return Ok(());
        }
        if Some(&found.words) != state.words.as_ref() {
            return Err("it does not hold what was acknowledged, or holds more".to_owned());
        }
        if found.passphrase != state.passphrase {
            return Err("another passphrase holds than the answer says".to_owned());
        }
        if state.code.is_some() && !found.knows_code {
            return Err("it does not know a code that was given out".to_owned());
        }
        Ok(())
    }
}

/// What lies outside of the vault and was not acknowledged.
fn left_behind(image: &Image, expected: &Expected<'_>) -> Vec<String> {
    let known = |name: &String| {
        let top = name.split('/').next().unwrap_or_default();
        let state = expected.states.first();
        name == "out"
            || top == "vault" && !name.ends_with(".new")
            || state.is_some_and(|state| {
                state.files.contains_key(name) || state.vaults.contains_key(top)
            })
    };
    image.keys().filter(|name| !known(name)).cloned().collect()
}
