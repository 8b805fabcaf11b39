//! A sector that cannot be read while a diary is opened and a step of a script is played: it must not be
//! taken for empty. When it can be read again, everything is there.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use diary_core::Error;
use diary_core::backup::BackupError;
use diary_core::evidence::EvidenceError;
use diary_core::vault::VaultError;

use crate::calm::sqlite_says;
use crate::chance::spread;
use crate::disk::{image_of, lay_out};
use crate::player::{Player, Step};
use crate::sweep::{Expected, Scene, Tally, scenes};
use crate::view::{stable, temporary_folder};
use crate::watch::{self, SECTOR};

/// Plays the script, and before each step but the first plays that step on copies: in each copy another
/// sector of the vault's files cannot be read from before it is opened. One sector in `one_in` is tried; the
/// first `spared` steps are only played. What is left out at the end is of all steps evenly.
pub fn sectors(
    steps: &[Step],
    spared: usize,
    seed: u64,
    one_in: usize,
    ends: Option<Instant>,
) -> Tally {
    let folder = temporary_folder();
    let mut player = Player::new(folder.path(), seed);
    let scenes = scenes(&mut player, steps, spared.max(1));
    let mut tally = Tally {
        steps: steps.len(),
        ..Tally::default()
    };
    let sectors = |scene| sectors_of(scene).map(move |sector| (scene, sector));
    let places: Vec<_> = scenes
        .iter()
        .flat_map(|scene| sectors(scene).skip(seed as usize % one_in).step_by(one_in))
        .collect();
    let mut reached = BTreeSet::new();
    for place in spread(places.len(), usize::MAX) {
        if ends.is_some_and(|ends| Instant::now() > ends) {
            break;
        }
        let (scene, sector) = places[place];
        let (at, step, (name, number)) = (scene.at, scene.step, sector);
        let place = format!("step {at}, {step:?}, {name}, sector {number}");
        let Some(tried) = tried(scene, sector).transpose() else {
            continue;
        };
        let answer = tried.unwrap_or_else(|why| {
            tally.wrong.push(format!("{place}: {why}"));
            "wrong".to_owned()
        });
        reached.insert(at);
        tally.faults += 1;
        tally.answers.entry(answer).or_insert((0, place)).0 += 1;
    }
    tally.reached = reached.len();
    tally
}

/// All of the vault's files, the log of writes too. What is beside it is not needed to open it.
fn sectors_of(scene: &Scene) -> impl Iterator<Item = (&str, usize)> {
    scene.image.iter().flat_map(|(name, content)| {
        let length = match content {
            Some(bytes) if name.starts_with("vault/") => bytes.len(),
            _ => 0,
        };
        (0..length.div_ceil(SECTOR)).map(move |number| (name.as_str(), number))
    })
}

/// How the step ended; `None` if it read nothing there. The error is what must not be.
fn tried(scene: &Scene, (name, number): (&str, usize)) -> Result<Option<String>, String> {
    let (step, twin) = (scene.step, &scene.twin);
    let folder = temporary_folder();
    let disk = folder.path().join("disk");
    lay_out(&scene.image, &disk).expect("room for a vault");
    let mut player = scene.player.copy_to(&disk);
    let before = player.state.clone();
    watch::watch(&disk, None);
    watch::set_bad_sector(name, number);
    let played = catch_unwind(AssertUnwindSafe(|| {
        player.open()?;
        player.play(step)
    }));
    let after = player.state.clone();
    drop(player);
    let met = watch::so_far().1;
    watch::end();
    let played = played.map_err(|_| "it panicked")?;
    if !met {
        return Ok(None);
    }
    if let Err(error) = &played {
        is_calm(error)?;
    } else if after.words.as_deref().map(stable) != twin.words.as_deref().map(stable) {
        return Err("it says done and is not as with a good disk".to_owned());
    }
    let unknown = matches!(played, Err(Error::Vault(VaultError::Closed)));
    let expected = Expected {
        state: if played.is_ok() { &after } else { &before },
        or: unknown.then_some(twin),
        exported: step == Step::Export && played.is_err(),
    };
    expected
        .found(&image_of(&disk))
        .map_err(|why| format!("{why} (answer: {:?})", played.as_ref().err()))?;
    let answer = played.map_or_else(|error| error.to_string(), |()| "done".to_owned());
    Ok(Some(answer))
}

/// A sector that cannot be read is told as a disk that fails, or as what lay there.
fn is_calm(error: &Error) -> Result<(), String> {
    let right = match error {
        Error::Vault(VaultError::Closed | VaultError::Damaged(_))
        | Error::DamagedItem(..)
        | Error::BundleNotSound
        | Error::Backup(BackupError::NotReadBack) => true,
        Error::Vault(VaultError::Io(_)) | Error::Evidence(EvidenceError::Io(_)) => {
            error.to_string().contains("check the disk")
        }
        error => sqlite_says(error, &[10, 11]),
    };
    if !right {
        return Err(format!(
            "the answer is of something else: {error} ({error:?})"
        ));
    }
    Ok(())
}
