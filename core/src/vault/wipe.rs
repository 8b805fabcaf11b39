//! Destroying a container: the key first, then what it opened (FORMAT.md 15).

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use super::error::VaultError;
use super::header::BLOCK;
use super::session::Vault;
use crate::files::sync_folder;
use crate::hex;
use crate::random::Filler;

/// Files of a container beside its header, as FORMAT.md 2 names them and as SQLite may leave them.
const FILES: [&str; 5] = [
    "header.new",
    "log.db",
    "log.db-wal",
    "log.db-shm",
    "log.db-journal",
];

impl Vault {
    /// Destroys the whole container, with both halves, and says whether the folder is gone: what
    /// somebody else put there stays.
    ///
    /// Fails with nothing changed only as long as the header could not be overwritten.
    pub(crate) fn wipe(self: Box<Self>) -> Result<bool, VaultError> {
        let Self { folder, store, .. } = *self;
        destroy_header(&folder.path().join("header")).map_err(VaultError::from_io)?;
        // From here on nothing opens any more, so all that can be removed is, whatever fails.
        drop(store);
        let removed = remove_all(folder.path());
        removed.map_err(VaultError::from_io)
    }
}

/// Both blocks overwritten in place, on the disk, before the name goes.
fn destroy_header(header: &Path) -> io::Result<()> {
    let mut noise = [0; 2 * BLOCK];
    let mut filler = Filler::new().map_err(|_| io::Error::other("no random bytes"))?;
    filler.fill(&mut noise);
    let mut file = OpenOptions::new().write(true).open(header)?;
    file.write_all(&noise)?;
    file.sync_all()
}

fn remove_all(folder: &Path) -> io::Result<bool> {
    let mut result = remove(&folder.join("header")).and_then(|()| sync_folder(folder));
    let mut then = |next: io::Result<()>| {
        if result.is_ok() {
            result = next;
        }
    };
    for name in FILES {
        then(remove(&folder.join(name)));
    }
    let evidence = folder.join("evidence");
    then(remove_evidence(&evidence));
    then(remove(&folder.join("lock")));
    let is_gone = fs::remove_dir(folder).is_ok();
    result.map(|()| is_gone)
}

/// Files that have the name of an evidence file, and the folder if nothing else is in it.
fn remove_evidence(evidence: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(evidence) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    let mut result = Ok(());
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let is_ours = name.to_str().and_then(hex::decode::<16>).is_some();
        if is_ours && let Err(error) = remove(&entry.path()) {
            result = Err(error);
        }
    }
    // A link that leads elsewhere is left to whoever made it, and so is a folder with other files.
    let _ = fs::remove_dir(evidence);
    result
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}
