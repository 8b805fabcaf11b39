//! Restoring a backup, and telling what is in one without restoring it (FORMAT.md 22).

mod look;

use std::fs::{self, File as SystemFile};
use std::io;
use std::path::{Path, PathBuf};

use super::decoy::{self, Step};
use super::{Diary, TwoCodes};
use crate::backup::{
    BackupError, Contents, FileReader, LockedBackup, OpenBackup, StoredFile, newest_snapshot,
    snapshot_name,
};
use crate::bundle::Finding;
use crate::error::Error;
use crate::evidence::{Damage, EvidenceError, FileName};
use crate::files;
use crate::log::Fingerprint;
use crate::progress::{Progress, advance};
use crate::time::{Clock, SystemClock};
use crate::vault::{
    CELL, CellSource, Half, KdfCost, KdfFloor, NewPassphrase, NewVault, OpenSlot, Passphrase,
    RecoveryCode, RestoredFolder, STEP, SecretBytes, Vault, VaultError,
};

/// What opens a backup: any passphrase or recovery code of either diary in it that was valid when
/// it was made.
#[derive(Clone, Copy)]
pub enum Opener<'a> {
    /// A passphrase.
    Passphrase(&'a Passphrase),
    /// A recovery code.
    RecoveryCode(&'a RecoveryCode),
}

/// What is in a backup, and what was found.
#[derive(Clone, Debug)]
pub struct Restored {
    /// The vault was made. Never so in a dry run, nor from a backup that is damaged.
    pub restored: bool,
    /// No finding is a failure.
    pub sound: bool,
    /// What was found.
    pub findings: Vec<Finding>,
    /// The log in it; `None` if it cannot be opened.
    pub log: Option<RestoredLog>,
    /// Of a folder with backups, the number in the name of the one that was taken.
    pub snapshot: Option<u32>,
}

impl Restored {
    /// Of a folder with backups, the name of the one that was taken.
    #[must_use]
    pub fn snapshot_name(&self) -> Option<String> {
        self.snapshot.map(snapshot_name)
    }
}

/// The log of the diary that was opened in a backup.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RestoredLog {
    /// Entries.
    pub entries: u32,
    /// Incidents among them.
    pub incidents: u32,
    /// Evidence files in the backup, of this diary or not.
    pub files: u32,
    /// The code of the log: that of the vault when the backup was made.
    pub fingerprint: Fingerprint,
}

/// A backup that was opened.
pub(super) struct Opened {
    path: PathBuf,
    /// Its number, if it was the newest one in a folder.
    pub(super) snapshot: Option<u32>,
    floor: KdfFloor,
    pub(super) backup: OpenBackup,
    pub(super) slot: OpenSlot,
}

/// The cells of a backup, read where they lie.
pub(super) struct Cells {
    pub(super) backup: OpenBackup,
    pub(super) cells: u32,
}

impl Diary {
    /// Whether a file looks like a backup that this version can open, without any secret.
    ///
    /// # Errors
    /// [`Error::Backup`] says what it is instead; [`Error::Vault`] if it cannot be read.
    pub fn is_backup(file: &Path) -> Result<(), Error> {
        LockedBackup::open(&Self::backup_at(file)?, KdfFloor::LOWEST).map(drop)
    }

    /// The file of a backup: of a folder that [`Diary::backup_to_folder`] made, that of the newest one.
    ///
    /// # Errors
    /// [`Error::Backup`] for a folder without one; [`EvidenceError::NotFound`] where nothing is.
    pub fn backup_at(path: &Path) -> Result<PathBuf, Error> {
        found(path).map(|(file, _)| file)
    }

    /// Makes a vault from a backup, or the newest one in a folder: everything of both halves, under a new instance. `target` is
    /// absent or an empty folder. The log is that of the backup, and so is its fingerprint, until the
    /// first entry, before which it says that it was continued from a backup.
    ///
    /// A backup that is damaged is not restored: the findings say where it is.
    ///
    /// # Errors
    /// [`Error::Vault`] for a wrong secret, a target that is not empty, a full disk;
    /// [`Error::Backup`] for a file that is no backup, or of a newer version, and for a target in a vault;
    /// [`Error::Cancelled`].
    /// Nothing is left behind.
    pub fn restore(
        backup: &Path,
        target: &Path,
        opener: Opener<'_>,
        clock: Box<dyn Clock>,
        progress: &mut dyn Progress,
    ) -> Result<Restored, Error> {
        Opened::open(backup, &opener.bytes(), KdfFloor::Standard)?.restore(target, clock, progress)
    }

    /// Reads and proves everything in a backup, and writes nothing.
    ///
    /// # Errors
    /// As [`Diary::restore`].
    pub fn read_backup(
        backup: &Path,
        opener: Opener<'_>,
        clock: Box<dyn Clock>,
        progress: &mut dyn Progress,
    ) -> Result<Restored, Error> {
        Opened::open(backup, &opener.bytes(), KdfFloor::Standard)?.look_through(clock, progress)
    }

    /// Makes a new vault of the diary in a backup together with a second, empty one, as
    /// [`Diary::copy_with_decoy`] does. If the backup holds another diary, that one is not copied.
    ///
    /// # Errors
    /// As [`Diary::restore`] and [`Diary::copy_with_decoy`]. [`Error::Backup`] for a backup that is
    /// damaged.
    pub fn restore_with_decoy(
        backup: &Path,
        target: &Path,
        passphrase: &Passphrase,
        decoy: &NewPassphrase,
        cost: KdfCost,
        progress: &mut dyn Progress,
    ) -> Result<(RestoredLog, TwoCodes), Error> {
        let secret = SecretBytes::from(passphrase);
        let mut opened = Opened::open(backup, &secret, KdfFloor::LOWEST)?;
        let contents = Contents::read(&mut opened.backup)?;
        contents.read_cells(&mut opened.backup, |_| advance(progress, &mut 0, 0, 1))?;
        let mut diary = opened.diary(&contents, Box::new(SystemClock))?;
        let log = diary.restored_log(contents.files.len());
        let copy_file = |name: FileName, to: &Path, step: Step<'_>| {
            let named = |file: &&StoredFile| file.name == *name.as_bytes();
            let file = contents.files.iter().find(named);
            let file = file.ok_or(EvidenceError::Damaged(Damage::Missing))?;
            write_file(&mut opened.backup, file, to, step)
        };
        let secrets = (passphrase, decoy);
        let cost = (cost, STEP);
        let codes =
            diary.copy_to_new_vault(target, secrets, cost, &SystemClock, copy_file, progress)?;
        Ok((log, codes))
    }

    /// As [`Diary::restore`] and [`Diary::read_backup`] (without a target), also for a vault whose
    /// key derivation costs nothing.
    ///
    /// # Errors
    /// As these.
    #[cfg(any(test, feature = "danger-cheap-kdf-for-tests"))]
    #[doc(hidden)]
    pub fn danger_restore_with_cheap_kdf_for_tests(
        backup: &Path,
        target: Option<&Path>,
        opener: Opener<'_>,
        clock: Box<dyn Clock>,
        progress: &mut dyn Progress,
    ) -> Result<Restored, Error> {
        let opened = Opened::open(backup, &opener.bytes(), KdfFloor::DangerNone)?;
        match target {
            Some(target) => opened.restore(target, clock, progress),
            None => opened.look_through(clock, progress),
        }
    }

    /// What a log is, for whoever restored it.
    pub(super) fn restored_log(&mut self, files: usize) -> RestoredLog {
        let head = self.log.vault().head();
        let (entries, incidents) = (head.entries, head.incidents);
        RestoredLog {
            entries,
            incidents,
            files: u32::try_from(files).unwrap_or(u32::MAX),
            fingerprint: Fingerprint::of(&self.log.checkpoint()),
        }
    }
}

impl Opener<'_> {
    pub(super) fn bytes(&self) -> SecretBytes {
        match self {
            Self::Passphrase(passphrase) => SecretBytes::from(*passphrase),
            Self::RecoveryCode(code) => SecretBytes::from(*code),
        }
    }
}

impl Opened {
    /// Of a folder with backups, the newest.
    pub(super) fn open(path: &Path, secret: &SecretBytes, floor: KdfFloor) -> Result<Self, Error> {
        let (path, snapshot) = found(path)?;
        let (backup, slot) = LockedBackup::open(&path, floor)?.unlock(secret)?;
        Ok(Self {
            path,
            snapshot,
            floor,
            backup,
            slot,
        })
    }

    /// The same backup once more, with a place in the file of its own.
    pub(super) fn again(&self) -> Result<OpenBackup, Error> {
        let locked = LockedBackup::open(&self.path, self.floor)?;
        let mut backup = locked.open_with(&self.slot.keys.container)?;
        if self.backup.is_saving() {
            backup.save_what_can_be_read();
        }
        Ok(backup)
    }

    /// The diary in it, read where it lies.
    fn diary(&self, contents: &Contents, clock: Box<dyn Clock>) -> Result<Diary, Error> {
        let source = Cells {
            backup: self.again()?,
            cells: contents.cells,
        };
        let header = self.backup.header().clone();
        let lock = SystemFile::open(&self.path).map_err(VaultError::from_io)?;
        let vault = Vault::read_only(lock, header, self.slot.duplicate(), Box::new(source))?;
        Diary::over(vault, clock)
    }

    pub(super) fn restore(
        mut self,
        target: &Path,
        clock: Box<dyn Clock>,
        progress: &mut dyn Progress,
    ) -> Result<Restored, Error> {
        Diary::must_lie_outside(target)?;
        let written = self.write(target, progress);
        let (new, files) = match written {
            Ok(written) => written,
            // Every damage is named, not only the first.
            Err(Error::Backup(error)) if error.is_damaged() => {
                return self.look_through(clock, progress);
            }
            Err(error) => return Err(error),
        };
        let NewVault { vault, folder } = new;
        let mut diary = Diary::over(vault, clock)?;
        let report = diary.check(progress)?;
        let log = diary.restored_log(files);
        let vault = *diary.log.into_vault();
        NewVault { vault, folder }.publish(target)?;
        Ok(Restored {
            restored: true,
            sound: report.sound,
            findings: report.findings,
            log: Some(log),
            snapshot: self.snapshot,
        })
    }

    /// Writes the folder, and gives it with the number of its evidence files.
    fn write(
        &mut self,
        target: &Path,
        progress: &mut dyn Progress,
    ) -> Result<(NewVault, usize), Error> {
        let contents = Contents::read(&mut self.backup)?;
        let total = self.backup.contents();
        let mut done = 0;
        let header = self.backup.header().clone();
        let backup = &mut self.backup;
        let cells = contents.cells;
        let folder = RestoredFolder::begin(target, &header, cells, |half, position, out| {
            backup.read_at(contents.cell_at(half.byte(), position), out)?;
            advance(progress, &mut done, out.len() as u64, total)
        })?;
        for file in &contents.files {
            let path = folder
                .evidence()
                .join(FileName::from_bytes(file.name).to_hex());
            write_file(&mut self.backup, file, &path, &mut |bytes| {
                advance(progress, &mut done, bytes, total)
            })?;
        }
        files::sync_folder(&folder.evidence()).map_err(VaultError::from_io)?;
        let new = folder.unlock(self.slot.duplicate())?;
        Ok((new, contents.files.len()))
    }
}

impl CellSource for Cells {
    fn cells(&self) -> u32 {
        self.cells
    }

    fn read(&mut self, half: Half, position: u32, run: u16) -> Result<Option<Vec<u8>>, VaultError> {
        if position.saturating_add(run.into()) > self.cells {
            return Ok(None);
        }
        let mut cells = vec![0; usize::from(run) * CELL];
        let at = Contents::cell_offset(self.cells, half.byte(), position);
        match self.backup.read_at(at, &mut cells) {
            Ok(()) => Ok(Some(cells)),
            Err(Error::Vault(error)) => Err(error),
            // What is damaged in the backup was read before, and has stopped everything.
            Err(_) => Ok(None),
        }
    }
}

/// The file of a backup, and its number if it is the newest one in a folder.
fn found(path: &Path) -> Result<(PathBuf, Option<u32>), Error> {
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => {
            let newest = newest_snapshot(path)?.ok_or(BackupError::NotABackup)?;
            Ok((path.join(snapshot_name(newest)), Some(newest)))
        }
        Ok(_) => Ok((path.to_owned(), None)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(EvidenceError::NotFound.into())
        }
        Err(error) => Err(VaultError::Io(error).into()),
    }
}

fn write_file(
    backup: &mut OpenBackup,
    file: &StoredFile,
    path: &Path,
    step: Step<'_>,
) -> Result<(), Error> {
    let mut reader = FileReader::new(backup, file);
    let written = decoy::write_file(&mut reader, path, step);
    if matches!(written, Err(Error::Cancelled)) {
        return written;
    }
    // Why the backup could not be read comes first.
    let sha256 = reader.finish()?;
    written?;
    if sha256 != file.sha256 {
        return Err(BackupError::DamagedFile.into());
    }
    Ok(())
}

/// First and last of each row of numbers that follow each other.
pub(super) fn ranges(numbers: &[u32]) -> Vec<(u32, u32)> {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for number in numbers {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == *number => *last = *number,
            _ => ranges.push((*number, *number)),
        }
    }
    ranges
}
