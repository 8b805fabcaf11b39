//! The token against rollback, kept in `--state-dir` and nowhere else.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use diary_core::diary::TokenStatus;
use diary_core::vault::{Token, VaultError};
use diary_core::{Diary, Error};

use crate::args::State;
use crate::console::Console;
use crate::exit::{Failure, reason};
use crate::output::json::hex;

/// The token of one container: where it is kept, and what was found there.
pub(crate) struct RollbackToken {
    file: Option<PathBuf>,
    found: Option<Token>,
    /// What the token says against this vault. It stays as it is, and the warning with it, until she takes it away.
    against: Option<&'static str>,
}

/// Refused before anything is changed: it would stay when the vault is wiped, and tell of it.
pub(crate) fn must_lie_outside(state: &State) -> Result<(), Failure> {
    match &state.state_dir {
        Some(folder) => Ok(Diary::must_lie_outside(&folder.join("token"))?),
        None => Ok(()),
    }
}

impl RollbackToken {
    /// Reads the token of this container, if tokens are kept. A file that is none tells nothing.
    pub(crate) fn load(state: &State, diary: &mut Diary) -> Result<Self, Failure> {
        // Of a vault that was made just now, too.
        must_lie_outside(state)?;
        let name = format!("{}.token", hex(&diary.container_id()));
        let file = state.state_dir.as_ref().map(|folder| folder.join(name));
        let found = match file.as_deref().map(fs::read) {
            Some(Ok(bytes)) => Token::from_bytes(&bytes),
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => {
                return Err(failure(&error));
            }
            _ => None,
        };
        Ok(Self {
            file,
            found,
            against: None,
        })
    }

    /// Warns if the vault is not the one it was. Never refuses: it may have been restored.
    pub(crate) fn compare(&mut self, console: Console, diary: &mut Diary) -> Result<(), Failure> {
        let Some(found) = &self.found else {
            return Ok(());
        };
        let told = match diary.token_status(found)? {
            TokenStatus::Unknown | TokenStatus::Equal | TokenStatus::Newer => return Ok(()),
            TokenStatus::Older => {
                "this vault is older than when it was last opened here: entries are missing that \
                 were there"
            }
            TokenStatus::Forked => {
                "this vault went another way than the one last opened here: an entry was \
                 replaced, or two devices went on from one backup"
            }
        };
        console.warn(&format!(
            "{told}; once you know why, delete the token in --state-dir"
        ));
        self.against = Some(told);
        Ok(())
    }

    /// What [`compare`](Self::compare) warned of.
    pub(crate) fn against(&self) -> Option<&'static str> {
        self.against
    }

    /// Removes the token of a vault that is no more.
    pub(crate) fn forget(&self) -> Result<(), Failure> {
        match self.file.as_ref().map(fs::remove_file) {
            Some(Err(error)) if error.kind() != io::ErrorKind::NotFound => Err(failure(&error)),
            _ => Ok(()),
        }
    }

    /// Keeps the token of the diary as it is now. After a write that failed only the next opening tells how that is:
    /// then the old one stays.
    pub(crate) fn keep(&self, diary: &mut Diary) -> Result<(), Failure> {
        let Some(file) = self.file.as_ref().filter(|_| self.against.is_none()) else {
            return Ok(());
        };
        let token = match diary.new_token(self.found.as_ref()) {
            Err(Error::Vault(VaultError::Closed)) => return Ok(()),
            made => made?,
        };
        replace(file, token.as_bytes()).map_err(|error| failure(&error))
    }
}

/// Written beside its name and renamed, so that there is always a whole one.
fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let beside = file.with_extension("new");
    let mut out = private(&beside)?;
    out.write_all(bytes)?;
    out.sync_all()?;
    fs::rename(&beside, file)
}

/// A file that only its owner can read.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn failure(error: &io::Error) -> Failure {
    Failure::cannot(format!("--state-dir: {}: check the folder", reason(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_replaced_whole_and_nothing_stays_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("new").join("a.token");
        replace(&file, b"first, longer").unwrap();
        replace(&file, b"second").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"second");
        assert_eq!(fs::read_dir(file.parent().unwrap()).unwrap().count(), 1);
    }
}
