//! A vault opened for one command, and closed whatever the command came to.

use std::path::Path;

use diary_core::diary::Confirmed;
use diary_core::time::SystemClock;
use diary_core::vault::{KeyFile, Passphrase};
use diary_core::{Diary, Error};

use crate::args::Opens;
use crate::console::Console;
use crate::exit::Failure;
use crate::secrets::{self, Again};
use crate::state::{self, RollbackToken};

/// An unlocked diary.
pub(crate) struct Session {
    /// The diary.
    pub(crate) diary: Diary,
    /// What the token in `--state-dir` says against this vault.
    pub(crate) token_against: Option<&'static str>,
    again: Again,
}

impl Session {
    /// Asks for the passphrase once more, as it was had the first time.
    pub(crate) fn confirm(&mut self) -> Result<Confirmed, Failure> {
        let passphrase = secrets::again(&self.again)?;
        Ok(self.diary.confirm(&passphrase)?)
    }
}

/// Opens the vault, runs the command, and closes the vault; the command's failure comes first.
pub(crate) fn with<T>(
    console: Console,
    opens: &Opens,
    command: impl FnOnce(&mut Session) -> Result<T, Failure>,
) -> Result<T, Failure> {
    with_or(console, opens, |error| Err(error.into()), command)
}

/// As [`with`], for what has an answer also where the vault does not open.
pub(crate) fn with_or<T>(
    console: Console,
    opens: &Opens,
    unopened: impl FnOnce(Error) -> Result<T, Failure>,
    command: impl FnOnce(&mut Session) -> Result<T, Failure>,
) -> Result<T, Failure> {
    run(console, opens, unopened, |session, passphrase| {
        // Wiped before the command does anything.
        drop(passphrase);
        command(session)
    })
}

/// As [`with`], for what needs the passphrase to be known now: it has just opened the vault.
pub(crate) fn with_confirmed<T>(
    console: Console,
    opens: &Opens,
    command: impl FnOnce(&mut Session, Confirmed) -> Result<T, Failure>,
) -> Result<T, Failure> {
    with_passphrase(console, opens, |session, passphrase| {
        let confirmed = session.diary.confirm(&passphrase)?;
        drop(passphrase);
        command(session, confirmed)
    })
}

/// As [`with`], for what uses the passphrase once more.
pub(crate) fn with_passphrase<T>(
    console: Console,
    opens: &Opens,
    command: impl FnOnce(&mut Session, Passphrase) -> Result<T, Failure>,
) -> Result<T, Failure> {
    run(console, opens, |error| Err(error.into()), command)
}

/// Keeps the token, if one is kept, and locks.
pub(crate) fn close(mut diary: Diary, token: &RollbackToken) -> Result<(), Failure> {
    let kept = token.keep(&mut diary);
    diary.lock()?;
    kept
}

/// So that nobody types a passphrase for a folder that is not there.
pub(crate) fn require_folder(vault: &Path) -> Result<(), Failure> {
    match std::fs::metadata(vault) {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => Err(Failure::cannot(
            "this is a file, not the folder of a vault: check the path",
        )),
        Err(error) => Err(Failure::cannot(format!(
            "no vault here: {}: check the path",
            crate::exit::reason(&error)
        ))),
    }
}

/// Whether a folder is there. What cannot be looked at is not taken for something else.
pub(crate) fn is_folder(path: &Path) -> Result<bool, Failure> {
    match std::fs::metadata(path) {
        Ok(found) => Ok(found.is_dir()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Failure::cannot(format!(
            "the path cannot be looked at: {}: check it and the disk",
            crate::exit::reason(&error)
        ))),
    }
}

fn run<T>(
    console: Console,
    opens: &Opens,
    unopened: impl FnOnce(Error) -> Result<T, Failure>,
    command: impl FnOnce(&mut Session, Passphrase) -> Result<T, Failure>,
) -> Result<T, Failure> {
    require_folder(&opens.vault)?;
    state::must_lie_outside(&opens.state)?;
    let (passphrase, again) = secrets::opening(opens.passphrase_file.as_ref())?;
    let mut diary = match Diary::open(&opens.vault, &passphrase, Box::new(SystemClock)) {
        Ok(diary) => diary,
        Err(error) => return unopened(error),
    };
    match diary.key_file() {
        KeyFile::Whole => {}
        KeyFile::Mended => {
            console.warn("one copy of the vault's key file was damaged and was written anew");
        }
        KeyFile::OneCopy | KeyFile::Lost => console.warn(
            "one copy of the vault's key file is damaged, and could not be written anew: make a \
             backup, and check the disk",
        ),
    }
    if diary.key_change_was_finished() {
        console.warn(
            "a change of passphrase or recovery code had been cut short, and the new ones hold: if no \
             new recovery code was shown then, make one with `diary passphrase --rotate`",
        );
    }
    let mut token = RollbackToken::load(&opens.state, &mut diary)?;
    token.compare(console, &mut diary)?;
    let token_against = token.against();
    let mut session = Session {
        diary,
        token_against,
        again,
    };
    let result = command(&mut session, passphrase);
    let closed = close(session.diary, &token);
    let answer = result?;
    closed?;
    Ok(answer)
}
