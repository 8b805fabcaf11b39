//! Files that a command writes whole or not at all, and never over another.

use std::io::{self, Write as _};
use std::path::Path;

use diary_core::Diary;
use tempfile::NamedTempFile;

use crate::exit::{Failure, reason};

/// Refused before she types a passphrase, or what is long begins. `what` is to be chosen anew: a path, a name.
pub(crate) fn must_be_free(path: &Path, what: &str) -> Result<(), Failure> {
    match path.symlink_metadata() {
        Ok(_) => Err(is_taken(what)),
        Err(_) => Ok(()),
    }
}

/// What [`must_be_free`] refuses with.
pub(crate) fn is_taken(what: &str) -> Failure {
    Failure::refused(format!(
        "something is there already and nothing is overwritten: choose another {what}"
    ))
}

/// The folder that a file lies in, or is to lie in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Refused before the long work; [`write_new`] refuses it again.
pub(crate) fn require_new(out: &Path, option: &str) -> Result<(), Failure> {
    if out.symlink_metadata().is_ok() {
        return Err(Failure::refused(format!(
            "{option}: it exists already and nothing is overwritten: choose another name"
        )));
    }
    Diary::must_lie_outside(out)?;
    match folder_of(out).metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Failure::cannot(format!(
            "{option}: there is no such folder: make it, or choose another"
        ))),
        _ => Ok(()),
    }
}

/// Written beside its name, which it gets when it is whole and if nothing has it by then.
pub(crate) fn write_new(out: &Path, bytes: &[u8], option: &str) -> Result<(), Failure> {
    let failure = |error: io::Error| {
        Failure::cannot(format!("{option}: {}: check the folder", reason(&error)))
    };
    let mut file = NamedTempFile::new_in(folder_of(out)).map_err(failure)?;
    file.write_all(bytes).map_err(failure)?;
    file.as_file().sync_all().map_err(failure)?;
    file.persist_noclobber(out)
        .map_err(|error| failure(error.error))?;
    Ok(())
}
