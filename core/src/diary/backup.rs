//! Writing a backup while the diary is used (FORMAT.md 22).

use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::Diary;
use crate::backup::{BackupError, BackupWriter, Contents, FileReader, LockedBackup, OpenBackup};
use crate::error::Error;
use crate::evidence::FileName;
use crate::files::{self, NewFile, OpenError, folder_of};
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
    written: BackedUp,
    done: u64,
    _alive: Arc<()>,
}

/// A backup that has its name and was read back.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct BackedUp {
    /// Size of the file.
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
}

/// Bytes of an evidence file that are read together.
const PART: usize = 1 << 20;

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
        if self.log.vault().slots_unsettled() {
            self.log.settle_slots(&["interrupted"])?;
        }
        let evidence = self.log.vault().evidence_folder();
        must_lie_outside(&evidence, target)?;
        let alive = Arc::new(());
        self.backups.push(Arc::downgrade(&alive));
        let files = self.stored_files(&evidence)?;

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
        };
        Ok(Backup {
            new,
            writer,
            files,
            evidence,
            key,
            written,
            done,
            _alive: alive,
        })
    }

    /// All files that a backup holds: known to this diary or not, but none that is to be removed.
    fn stored_files(&mut self, evidence: &Path) -> Result<Vec<([u8; 16], u64)>, Error> {
        let doomed = self.log.vault().head().doomed.clone();
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
}

impl Backup {
    /// Adds the evidence files, reads everything back, and gives the file its name.
    ///
    /// # Errors
    /// As [`Diary::backup`].
    pub fn finish(mut self, progress: &mut dyn Progress) -> Result<BackedUp, Error> {
        let sizes = self.files.iter().map(|(_, bytes)| *bytes);
        let total = 2 * sizes.fold(self.done, u64::saturating_add);
        for (name, bytes) in std::mem::take(&mut self.files) {
            self.writer.file(name, bytes)?;
            let path = self.evidence.join(FileName::from_bytes(name).to_hex());
            let writer = &mut self.writer;
            let done = &mut self.done;
            let sha256 = read_sealed(&path, bytes, |part| {
                writer.write(part)?;
                advance(progress, done, part.len() as u64, total)
            })?;
            self.writer.list(name, bytes, sha256);
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
        Ok(BackedUp {
            bytes,
            ..self.written
        })
    }
}

/// Reads a sealed file of which the length is known, in parts, and gives its SHA-256.
fn read_sealed(
    path: &Path,
    bytes: u64,
    mut each: impl FnMut(&[u8]) -> Result<(), Error>,
) -> Result<[u8; 32], Error> {
    let (mut file, metadata) = files::open_regular(path).map_err(|error| match error {
        OpenError::NotAFile => Error::from(BackupError::FileChanged),
        OpenError::Io(error) if error.kind() == std::io::ErrorKind::NotFound => {
            BackupError::FileChanged.into()
        }
        OpenError::Io(error) => VaultError::from_io(error).into(),
    })?;
    if metadata.len() != bytes {
        return Err(BackupError::FileChanged.into());
    }
    let mut sha256 = Sha256::new();
    let mut part = vec![0; PART];
    let mut left = bytes;
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(PART).min(PART);
        let room = part.get_mut(..most).unwrap_or_default();
        let count = file.read(room).map_err(VaultError::from_io)?;
        let read = room.get(..count).unwrap_or_default();
        if read.is_empty() {
            return Err(BackupError::FileChanged.into());
        }
        sha256.update(read);
        each(read)?;
        left -= read.len() as u64;
    }
    Ok(sha256.finalize().into())
}

/// Opens every chunk, and compares every file with the list.
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
    for file in &contents.files {
        let sha256 = FileReader::new(&mut backup, file).finish()?;
        if sha256 != file.sha256 {
            return Err(BackupError::DamagedFile.into());
        }
        advance(progress, done, file.bytes, total)?;
    }
    Ok(())
}

/// A backup inside the vault would be lost with it.
fn must_lie_outside(evidence: &Path, target: &Path) -> Result<(), Error> {
    let vault = folder_of(evidence).canonicalize();
    let target = folder_of(target).canonicalize();
    match (vault, target) {
        (Ok(vault), Ok(target)) if target.starts_with(&vault) => {
            Err(BackupError::InsideVault.into())
        }
        _ => Ok(()),
    }
}

fn named(error: std::io::Error) -> Error {
    if error.kind() == std::io::ErrorKind::AlreadyExists {
        Error::TargetExists
    } else {
        VaultError::from_io(error).into()
    }
}
