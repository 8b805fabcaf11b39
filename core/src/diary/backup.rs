//! Writing a backup while the diary is used (FORMAT.md 22).

use std::fs::{self, File};
use std::io;
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
    /// Evidence files that could not be read to their end, and of this diary those that are missing;
    /// they are lost in the backup too. `check` names them.
    pub unreadable_files: u32,
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
        self.log.settle_earlier()?;
        let evidence = self.log.vault().evidence_folder();
        must_lie_outside(&evidence, target)?;
        let alive = Arc::new(());
        self.backups.push(Arc::downgrade(&alive));
        let files = self.stored_files(&evidence)?;
        let unreadable_files = self.missing_files(&files)?;

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

    /// How many files the diary names that are not among these, whose names ascend.
    fn missing_files(&mut self, files: &[([u8; 16], u64)]) -> Result<u32, Error> {
        let stored = |name: &FileName| {
            let found = files.binary_search_by_key(name.as_bytes(), |(name, _)| *name);
            found.is_ok()
        };
        let named = self.item_index()?.file_names();
        let missing = named.iter().filter(|name| !stored(name)).count();
        Ok(u32::try_from(missing).unwrap_or(u32::MAX))
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
            let (sha256, read) = read_sealed(&path, bytes, |part| {
                writer.write(part)?;
                advance(progress, done, part.len() as u64, total)
            })?;
            self.writer.list(name, bytes, sha256);
            let unreadable = u32::from(read == Read::Partly);
            self.written.unreadable_files =
                self.written.unreadable_files.saturating_add(unreadable);
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

/// How much of a file could be read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Read {
    Whole,
    /// Zeros stand for the rest.
    Partly,
}

/// Reads a sealed file of which the length is known, in parts, and gives the SHA-256 of what was given
/// on. A disk that cannot read one file must not keep her from a backup of all others.
fn read_sealed(
    path: &Path,
    bytes: u64,
    each: impl FnMut(&[u8]) -> Result<(), Error>,
) -> Result<([u8; 32], Read), Error> {
    let opened = match files::open_regular(path) {
        Ok((file, metadata)) if metadata.len() == bytes => Ok(file),
        Ok(_) | Err(OpenError::NotAFile) => return Err(BackupError::FileChanged.into()),
        Err(OpenError::Io(error)) if error.kind() == io::ErrorKind::NotFound => {
            return Err(BackupError::FileChanged.into());
        }
        Err(OpenError::Io(error)) => Err(error),
    };
    read_parts(opened, bytes, each)
}

fn read_parts(
    mut source: io::Result<impl io::Read>,
    bytes: u64,
    mut each: impl FnMut(&[u8]) -> Result<(), Error>,
) -> Result<([u8; 32], Read), Error> {
    let mut sha256 = Sha256::new();
    let mut part = vec![0; PART];
    let mut left = bytes;
    let mut so_far = Read::Whole;
    while left > 0 {
        let most = usize::try_from(left).unwrap_or(PART).min(PART);
        let room = part.get_mut(..most).unwrap_or_default();
        let count = match source.as_mut().map(|source| source.read(room)) {
            Ok(Ok(0)) => return Err(BackupError::FileChanged.into()),
            Ok(Ok(count)) => count,
            Ok(Err(error)) if error.kind() == io::ErrorKind::Interrupted => continue,
            Ok(Err(_)) | Err(_) => {
                so_far = Read::Partly;
                source = Err(io::ErrorKind::Other.into());
                room.fill(0);
                most
            }
        };
        let read = room.get(..count).unwrap_or_default();
        sha256.update(read);
        each(read)?;
        left -= read.len() as u64;
    }
    Ok((sha256.finalize().into(), so_far))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives some bytes, then fails as a disk does.
    struct Failing(Vec<u8>);

    impl io::Read for Failing {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Err(io::Error::from_raw_os_error(5));
            }
            let count = self.0.len().min(out.len());
            out[..count].copy_from_slice(&self.0[..count]);
            self.0.drain(..count);
            Ok(count)
        }
    }

    #[test]
    fn section_22_zeros_stand_for_what_the_disk_cannot_read_and_are_counted() {
        let mut given = Vec::new();
        let bytes = PART + 10;
        let mut expected = vec![7; 1_000];
        let read = read_parts(Ok(Failing(expected.clone())), bytes as u64, |part| {
            given.extend_from_slice(part);
            Ok(())
        });
        expected.resize(bytes, 0);
        let sha256: [u8; 32] = Sha256::digest(&expected).into();
        assert_eq!(read.unwrap(), (sha256, Read::Partly));
        assert!(given == expected);
        let unopened: io::Result<&[u8]> = Err(io::ErrorKind::PermissionDenied.into());
        let read = read_parts(unopened, 3, |part| {
            assert_eq!(part, [0; 3]);
            Ok(())
        });
        assert_eq!(read.unwrap().1, Read::Partly);
        let read = read_parts(Ok(&b"abc"[..]), 3, |_| Ok(()));
        assert_eq!(read.unwrap().1, Read::Whole);
        let shorter = read_parts(Ok(&b"abc"[..]), 4, |_| Ok(()));
        assert!(matches!(
            shorter,
            Err(Error::Backup(BackupError::FileChanged))
        ));
    }
}
