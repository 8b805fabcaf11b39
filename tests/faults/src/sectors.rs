//! A sector that cannot be read while a diary is opened and a step of a script is played: it must not be
//! taken for empty. When it can be read again, everything is there.

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use diary_core::Error;
use diary_core::vault::VaultError;

use crate::disk::{Image, image_of, lay_out};
use crate::player::{Player, State, Step};
use crate::sweep::{Expected, Tally, played_well};
use crate::view::{stable, temporary_folder};
use crate::watch::{self, SECTOR};

/// Plays the script, and before each step but the first plays that step on copies: in each copy another
/// sector of the vault's files cannot be read from before it is opened. One sector in `one_in` is tried; the
/// first `spared` steps are only played.
pub fn sectors(
    steps: &[Step],
    spared: usize,
    seed: u64,
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
        if *step != Step::Create {
            let twin = played_well(&image, &player, *step);
            for (name, number) in sectors_of(&image).filter(|_| at >= spared) {
                count += 1;
                if !count.is_multiple_of(one_in) {
                    continue;
                }
                let place = format!("step {at}, {step:?}, {name}, sector {number}");
                let tried = tried(&image, &player, *step, &twin, (name, number));
                let Some(tried) = tried.transpose() else {
                    continue;
                };
                let answer = tried.unwrap_or_else(|why| {
                    tally.wrong.push(format!("{place}: {why}"));
                    "wrong".to_owned()
                });
                tally.faults += 1;
                tally.answers.entry(answer).or_insert((0, place)).0 += 1;
            }
            player.open().expect("nothing fails here");
        }
        player
            .play(*step)
            .unwrap_or_else(|error| panic!("step {at}, {step:?}: {error}"));
        tally.steps += 1;
    }
    tally
}

/// All of the vault's files, the log of writes too. What is beside it is not needed to open it.
fn sectors_of(image: &Image) -> impl Iterator<Item = (&str, usize)> {
    image.iter().flat_map(|(name, content)| {
        let length = match content {
            Some(bytes) if name.starts_with("vault/") => bytes.len(),
            _ => 0,
        };
        (0..length.div_ceil(SECTOR)).map(move |number| (name.as_str(), number))
    })
}

/// How the step ended; `None` if it read nothing there. The error is what must not be.
fn tried(
    image: &Image,
    player: &Player,
    step: Step,
    twin: &State,
    (name, number): (&str, usize),
) -> Result<Option<String>, String> {
    let folder = temporary_folder();
    let disk = folder.path().join("disk");
    lay_out(image, &disk).expect("room for a vault");
    let mut player = player.copy_to(&disk);
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

/// A sector is no other passphrase, no other program and no other vault.
fn is_calm(error: &Error) -> Result<(), String> {
    let misnamed = matches!(
        error,
        Error::Vault(
            VaultError::WrongSecret
                | VaultError::NotAVault
                | VaultError::NewerFormat
                | VaultError::KdfOutOfRange
                | VaultError::OldHeader
                | VaultError::ForeignDatabase
                | VaultError::InUse
        )
    );
    if misnamed {
        return Err(format!("the answer is of something else: {error}"));
    }
    Ok(())
}
