//! Backups in a folder, which share their evidence files (FORMAT.md 22.1).

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::sealed::{Read, read_sealed};
use super::{BackedUp, Backup, named};
use crate::backup::{BackupError, BackupFolder};
use crate::diary::Diary;
use crate::error::Error;
use crate::evidence::{self, EvidenceError, FileName};
use crate::files::NewFile;
use crate::progress::{Progress, advance};
use crate::vault::VaultError;

/// What is in the folder already, under the name of an evidence file.
enum Copy {
    /// A file of the right length, with this SHA-256.
    Read([u8; 32]),
    /// Something else: cut, or not to be read.
    Damaged,
    Absent,
}

impl Diary {
    /// Adds a backup to a folder: the log anew, and the evidence files that are not there yet. Every backup
    /// in it is whole and stays. The folder is made if it is absent; one that is there is empty, or holds
    /// backups of this vault.
    ///
    /// # Errors
    /// [`Error::Backup`], [`BackupError::ForeignFolder`] among others; [`Error::Vault`] for a full disk;
    /// [`Error::Cancelled`]. Every earlier backup in the folder is as it was.
    pub fn backup_to_folder(
        &mut self,
        folder: &Path,
        progress: &mut dyn Progress,
    ) -> Result<BackedUp, Error> {
        self.begin_backup_to_folder(folder, progress)?
            .finish(progress)
    }

    /// The first part of [`Diary::backup_to_folder`], as [`Diary::begin_backup`] is of
    /// [`Diary::backup`].
    ///
    /// # Errors
    /// As [`Diary::backup_to_folder`].
    pub fn begin_backup_to_folder(
        &mut self,
        folder: &Path,
        progress: &mut dyn Progress,
    ) -> Result<Backup, Error> {
        self.log.settle_earlier()?;
        Self::must_lie_outside(&folder.join("file"))?;
        let vault = self.log.vault();
        let container = &vault.header().container_id;
        let folder = BackupFolder::begin(folder, container, vault.container_key())?;
        self.begin(&folder.snapshot(), Some(folder), progress)
    }
}

impl Backup {
    /// Puts an evidence file into the folder, unless it is there.
    pub(super) fn put_beside(
        &mut self,
        folder: &BackupFolder,
        name: [u8; 16],
        bytes: u64,
        total: u64,
        progress: &mut dyn Progress,
    ) -> Result<(), Error> {
        let hex = FileName::from_bytes(name).to_hex();
        let (source, target) = (self.evidence.join(&hex), folder.evidence().join(&hex));
        // A file never changes: what an earlier backup lists counts before what the vault has today, so that damage
        // there never reaches a whole copy that is listed.
        let earlier = folder.earlier(&name);
        let right_bytes = earlier.map_or(bytes, |(bytes, _)| bytes);
        let copy = copy_at(&target, right_bytes, |part| {
            advance(progress, &mut self.done, part.len() as u64, total)
        })?;
        let in_vault = fs::metadata(&source).map(|found| found.len() == right_bytes);
        if let Copy::Read(sha256) = copy
            && match earlier {
                Some((_, listed)) => listed == sha256,
                None => is_same(&source, bytes, sha256),
            }
        {
            self.writer.list(name, right_bytes, sha256);
            let damaged = u32::from(!matches!(in_vault, Ok(true)));
            self.written.damaged_files = self.written.damaged_files.saturating_add(damaged);
            return advance(progress, &mut self.done, right_bytes, total);
        }
        // One that cannot be looked at is not missing: it is read all the same.
        let is_missing = match in_vault {
            Ok(right) => !right,
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        };
        if is_missing && earlier.is_some() {
            self.leave_out();
            return Ok(());
        }
        let new = match copy {
            Copy::Absent => NewFile::beside(&target),
            Copy::Read(_) | Copy::Damaged => NewFile::in_place_of(&target),
        };
        let mut new = new.map_err(named)?;
        let out = new.file();
        let written = read_sealed(&source, bytes, |part| {
            out.write_all(part).map_err(|error| match error.kind() {
                io::ErrorKind::FileTooLarge => Error::from(EvidenceError::TooLarge),
                _ => VaultError::from_io(error).into(),
            })?;
            advance(progress, &mut self.done, part.len() as u64, total)
        });
        let (sha256, read) = match written {
            // Some memory cards hold no file of 4 GiB: the others still go there.
            Err(Error::Evidence(EvidenceError::TooLarge)) => {
                self.leave_out();
                return Ok(());
            }
            written => written?,
        };
        let is_other = earlier.is_some_and(|(_, listed)| listed != sha256);
        if read == Read::Partly || is_other {
            self.leave_out();
            return Ok(());
        }
        // Not every storage keeps times.
        let _ = evidence::set_constant_time(out);
        if read_sealed(new.path(), bytes, |_| Ok(()))? != (sha256, Read::Whole) {
            return Err(BackupError::NotReadBack.into());
        }
        let named_now = match copy {
            Copy::Absent => new.publish(),
            Copy::Read(_) | Copy::Damaged => new.replace(),
        };
        named_now.map_err(named)?;
        self.writer.list(name, bytes, sha256);
        self.written.new_files = self.written.new_files.saturating_add(1);
        self.written.bytes = self.written.bytes.saturating_add(bytes);
        match copy {
            Copy::Absent => advance(progress, &mut self.done, bytes, total),
            Copy::Read(_) | Copy::Damaged => Ok(()),
        }
    }

    /// A file that is lost in the vault and of which no copy is whole.
    fn leave_out(&mut self) {
        self.count_unreadable(true);
        self.written.files = self.written.files.saturating_sub(1);
    }
}

/// What lies there.
fn copy_at(
    path: &Path,
    bytes: u64,
    each: impl FnMut(&[u8]) -> Result<(), Error>,
) -> Result<Copy, Error> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Copy::Absent),
        // A link is no copy.
        Ok(found) if found.is_file() && found.len() == bytes => {}
        Ok(_) => return Ok(Copy::Damaged),
        Err(error) => return Err(VaultError::from_io(error).into()),
    }
    match read_sealed(path, bytes, each) {
        Ok((sha256, Read::Whole)) => Ok(Copy::Read(sha256)),
        Ok((_, Read::Partly)) | Err(Error::Backup(_)) => Ok(Copy::Damaged),
        Err(error) => Err(error),
    }
}

/// Whether the vault has the same bytes.
fn is_same(source: &Path, bytes: u64, sha256: [u8; 32]) -> bool {
    let found = read_sealed(source, bytes, |_| Ok(()));
    matches!(found, Ok((vaults, Read::Whole)) if vaults == sha256)
}
