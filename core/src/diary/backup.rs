//! Writing a backup while the diary is used (FORMAT.md 22).

mod folder;
#[cfg(test)]
mod folder_tests;
mod sealed;

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use self::sealed::{Read, read_sealed};
use super::Diary;
use super::items::ItemIndex;
use crate::backup::{
    BackupError, BackupFolder, BackupWriter, Contents, FileReader, LockedBackup, OpenBackup, Place,
    StoredFile, snapshot_name,
};
use crate::error::Error;
use crate::evidence::FileName;
use crate::files::{NewFile, sync_folder};
use crate::progress::{Progress, advance};
use crate::vault::{CELL, Container, Key, VaultError};

/// A backup of which the log is written and the evidence files are not yet. The diary can be used
/// meanwhile; it removes no file as long as this lives. Dropping it leaves nothing.
pub struct Backup {
    new: NewFile,
    writer: BackupWriter<File>,
    /// Name and length of the sealed files, names ascending.
    files: Vec<([u8; 16], u64)>,
    evidence: PathBuf,
    key: Key<Container>,
    /// Where the evidence files go if they lie beside the backup.
    folder: Option<BackupFolder>,
    written: BackedUp,
    done: u64,
    _alive: Arc<()>,
}

/// A backup that has its name and was read back.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BackedUp {
    /// Size of the file; in a folder, of all files that were written.
    pub bytes: u64,
    /// Entries of the diary that is open.
    pub entries: u32,
    /// Incidents among them.
    pub incidents: u32,
    /// Evidence files of the vault.
    pub files: u32,
    /// Cells of the vault that could not be read; they are lost in the backup too. `check` tells
    /// whether they hold anything of this diary.
    pub unreadable_cells: u32,
    /// Evidence files that could not be read to their end, and of this diary those that are missing;
    /// they are lost in the backup too. `check` names them.
    pub unreadable_files: u32,
    /// In a folder, evidence files that are missing in the vault or have another length there: the backup has them whole.
    /// `check` names them.
    pub damaged_files: u32,
    /// Evidence files that were written; in a folder, those that were not there yet, whole.
    pub new_files: u32,
    /// In a folder, the number in the name of the backup's own file.
    pub snapshot: Option<u32>,
    /// The passphrase that the diary was opened with is bound to a device. So the backup opens with the
    /// recovery code only: nothing can ask the device for a backup.
    pub bound: bool,
}

impl BackedUp {
    /// In a folder, the name of the backup's own file.
    #[must_use]
    pub fn snapshot_name(&self) -> Option<String> {
        self.snapshot.map(snapshot_name)
    }
}

impl Diary {
    /// Writes the whole vault into one sealed file, which opens with every passphrase and recovery
    /// code that opens the vault now.
    ///
    /// # Errors
    /// [`Error::TargetExists`]; [`Error::Backup`]; [`Error::Cancelled`]. No file is left then.
    pub fn backup(
        &mut self,
        target: &Path,
        progress: &mut dyn Progress,
    ) -> Result<BackedUp, Error> {
        self.begin_backup(target, progress)?.finish(progress)
    }

    /// The first part of [`Diary::backup`], which needs the diary: the log, as it is now. The
    /// other part, [`Backup::finish`], is the long one and does not.
    ///
    /// # Errors
    /// As [`Diary::backup`].
    pub fn begin_backup(
        &mut self,
        target: &Path,
        progress: &mut dyn Progress,
    ) -> Result<Backup, Error> {
        self.log.settle_earlier()?;
        Self::must_lie_outside(target)?;
        self.begin(target, None, progress)
    }

    fn begin(
        &mut self,
        target: &Path,
        folder: Option<BackupFolder>,
        progress: &mut dyn Progress,
    ) -> Result<Backup, Error> {
        let evidence = self.log.vault().evidence_folder();
        let alive = Arc::new(());
        self.backups.push(Arc::downgrade(&alive));
        let mut files = self.stored_files(&evidence)?;
        let mut missing = self.missing_files(&files)?;
        if let Some(folder) = &folder {
            // What an earlier backup in the folder still has is not lost.
            missing.retain(|name| {
                let earlier = folder.earlier(name);
                files.extend(earlier.map(|(bytes, _)| (*name, bytes)));
                earlier.is_none()
            });
            files.sort_unstable();
        }
        let unreadable_files = u32::try_from(missing.len()).unwrap_or(u32::MAX);

        let mut new = NewFile::beside(target).map_err(named)?;
        let out = new.file().try_clone().map_err(VaultError::from_io)?;
        let vault = self.log.vault();
        let key = vault.container_key().duplicate();
        let mut writer = BackupWriter::begin(out, vault.header(), &key)?;
        let cells = 2 * u64::from(vault.cells()) * CELL as u64;
        let total = 2 * files
            .iter()
            .fold(cells, |sum, (_, bytes)| sum.saturating_add(*bytes));
        writer.cells(cells)?;
        let mut done = 0;
        let unreadable_cells = vault.copy_cells(|cells| {
            writer.write(cells)?;
            advance(progress, &mut done, cells.len() as u64, total)
        })?;
        let written = BackedUp {
            bytes: 0,
            entries: vault.head().entries,
            incidents: vault.head().incidents,
            files: u32::try_from(files.len()).unwrap_or(u32::MAX),
            unreadable_cells,
            unreadable_files,
            damaged_files: 0,
            new_files: 0,
            snapshot: folder.as_ref().map(BackupFolder::number),
            bound: vault.is_bound(),
        };
        Ok(Backup {
            new,
            writer,
            files,
            evidence,
            key,
            folder,
            written,
            done,
            _alive: alive,
        })
    }

    /// All files that a backup holds: known to this diary or not, but none that is to be removed. A name on that
    /// list may have come onto it while the disk did not give an entry with it: such a file is never left out.
    fn stored_files(&mut self, evidence: &Path) -> Result<Vec<([u8; 16], u64)>, Error> {
        if self.items.as_ref().is_some_and(ItemIndex::is_partial) {
            // By now the disk may give what it did not.
            self.items = None;
        }
        self.pending.retain(|(_, alive)| alive.strong_count() > 0);
        let pending: Vec<FileName> = self.pending.iter().map(|(name, _)| *name).collect();
        let mut doomed = self.log.vault().head().doomed.clone();
        let index = self.item_index()?;
        doomed.retain(|name| {
            let name = FileName::from_bytes(*name);
            pending.contains(&name) || !index.is_partial() && !index.knows(&name)
        });
        let mut files = Vec::new();
        for entry in fs::read_dir(evidence).map_err(VaultError::from_io)? {
            let entry = entry.map_err(VaultError::from_io)?;
            let Some(name) = entry.file_name().to_str().and_then(FileName::parse) else {
                continue;
            };
            let metadata = entry.metadata().map_err(VaultError::from_io)?;
            if metadata.is_file() && !doomed.contains(name.as_bytes()) {
                files.push((*name.as_bytes(), metadata.len()));
            }
        }
        files.sort_unstable();
        Ok(files)
    }

    /// The files that the diary names and that are not among these, whose names ascend.
    fn missing_files(&mut self, files: &[([u8; 16], u64)]) -> Result<Vec<[u8; 16]>, Error> {
        let stored = |name: &[u8; 16]| {
            let found = files.binary_search_by_key(name, |(name, _)| *name);
            found.is_ok()
        };
        let named = self.item_index()?.file_names();
        let named = named.iter().map(|name| *name.as_bytes());
        Ok(named.filter(|name| !stored(name)).collect())
    }
}

impl Backup {
    /// Adds the evidence files, reads everything back, and gives the file its name.
    ///
    /// # Errors
    /// As [`Diary::backup`].
    pub fn finish(mut self, progress: &mut dyn Progress) -> Result<BackedUp, Error> {
        let sizes = self.files.iter().map(|(_, bytes)| *bytes);
        let total = 2 * sizes.fold(self.done, u64::saturating_add);
        let folder = self.folder.take();
        for (name, bytes) in std::mem::take(&mut self.files) {
            match &folder {
                Some(folder) => self.put_beside(folder, name, bytes, total, progress)?,
                None => self.put_in(name, bytes, total, progress)?,
            }
        }
        if let Some(folder) = &folder {
            sync_folder(&folder.evidence()).map_err(VaultError::from_io)?;
        }
        let file = self.writer.finish()?;
        file.sync_all().map_err(VaultError::from_io)?;
        let bytes = file.metadata().map_err(VaultError::from_io)?.len();
        let read_back = LockedBackup::written(file, bytes).and_then(|backup| {
            prove(
                backup.open_with(&self.key)?,
                &mut self.done,
                total,
                progress,
            )
        });
        match read_back {
            Ok(()) => {}
            Err(Error::Backup(_)) => return Err(BackupError::NotReadBack.into()),
            Err(error) => return Err(error),
        }
        self.new.publish().map_err(named)?;
        self.written.bytes = self.written.bytes.saturating_add(bytes);
        Ok(self.written)
    }

    /// Adds an evidence file.
    fn put_in(
        &mut self,
        name: [u8; 16],
        bytes: u64,
        total: u64,
        progress: &mut dyn Progress,
    ) -> Result<(), Error> {
        self.writer.file(name, bytes)?;
        let path = self.evidence.join(FileName::from_bytes(name).to_hex());
        let writer = &mut self.writer;
        let done = &mut self.done;
        let (sha256, read) = read_sealed(&path, bytes, |part| {
            writer.write(part)?;
            advance(progress, done, part.len() as u64, total)
        })?;
        self.writer.list(name, bytes, sha256);
        self.written.new_files = self.written.new_files.saturating_add(1);
        self.count_unreadable(read == Read::Partly);
        Ok(())
    }

    fn count_unreadable(&mut self, is_unreadable: bool) {
        let more = u32::from(is_unreadable);
        self.written.unreadable_files = self.written.unreadable_files.saturating_add(more);
    }
}

/// Opens every chunk, and compares every file in them with the list.
fn prove(
    mut backup: OpenBackup,
    done: &mut u64,
    total: u64,
    progress: &mut dyn Progress,
) -> Result<(), Error> {
    let contents = Contents::read(&mut backup)?;
    contents.read_cells(&mut backup, |cells| {
        advance(progress, done, cells.len() as u64, total)
    })?;
    let within = |file: &&StoredFile| file.place != Place::Beside;
    for file in contents.files.iter().filter(within) {
        let sha256 = FileReader::new(&mut backup, file).finish()?;
        if sha256 != file.sha256 {
            return Err(BackupError::DamagedFile.into());
        }
        advance(progress, done, file.bytes, total)?;
    }
    Ok(())
}

fn named(error: io::Error) -> Error {
    if error.kind() == io::ErrorKind::AlreadyExists {
        Error::TargetExists
    } else {
        VaultError::from_io(error).into()
    }
}
