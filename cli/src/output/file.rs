//! Files that a command writes whole or not at all, and never over another.

use std::io::{self, Write as _};
use std::path::Path;

use diary_core::Diary;
use tempfile::NamedTempFile;

use crate::exit::{Failure, reason};

/// Refused before the long work; [`write_new`] refuses it again.
pub(crate) fn require_new(out: &Path, option: &str) -> Result<(), Failure> {
    if out.symlink_metadata().is_ok() {
        return Err(Failure::refused(format!(
            "{option}: it exists already and nothing is overwritten: choose another name"
        )));
    }
    Diary::must_lie_outside(out)?;
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder.map(Path::metadata) {
        Some(Err(error)) if error.kind() == io::ErrorKind::NotFound => Err(Failure::cannot(
            format!("{option}: there is no such folder: make it, or choose another"),
        )),
        _ => Ok(()),
    }
}

/// Written beside its name, which it gets when it is whole and if nothing has it by then.
pub(crate) fn write_new(out: &Path, bytes: &[u8], option: &str) -> Result<(), Failure> {
    let failure = |error: io::Error| {
        Failure::cannot(format!("{option}: {}: check the folder", reason(&error)))
    };
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut file = NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(failure)?;
    file.write_all(bytes).map_err(failure)?;
    file.as_file().sync_all().map_err(failure)?;
    file.persist_noclobber(out)
        .map_err(|error| failure(error.error))?;
    Ok(())
}
