//! A folder of backups that share their evidence files (FORMAT.md 22.1).

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::{BackupError, Contents, LockedBackup, StoredFile};
use crate::error::Error;
use crate::evidence::FileName;
use crate::files;
use crate::vault::{Container, KdfFloor, Key, VaultError};

/// A number has six digits.
const MAX_NUMBER: u32 = 999_999;

/// A folder that takes one more backup of a vault.
pub(crate) struct BackupFolder {
    path: PathBuf,
    /// Number of the backup that is written.
    number: u32,
    /// What the backups before it list, by name.
    earlier: BTreeMap<[u8; 16], StoredFile>,
}

/// Number of the newest backup in a folder, damaged or not; `None` if there is none in it.
pub(crate) fn newest_snapshot(folder: &Path) -> Result<Option<u32>, Error> {
    for number in numbers(folder)?.into_iter().rev() {
        let found = fs::metadata(folder.join(snapshot_name(number)));
        // Empty: a name that was reserved for one, where a kill came between.
        if found.map_err(VaultError::from_io)?.len() > 0 {
            return Ok(Some(number));
        }
    }
    Ok(None)
}

/// Name of the backup of that number.
pub(crate) fn snapshot_name(number: u32) -> String {
    format!("snapshot-{number:06}.idback")
}

/// Where the evidence files of a backup lie that holds none itself.
pub(super) fn evidence_beside(snapshot: &Path) -> PathBuf {
    files::folder_of(snapshot).join(EVIDENCE)
}

const EVIDENCE: &str = "evidence";

impl BackupFolder {
    /// Makes a folder ready for one more backup of this container, and removes what a kill left in it.
    /// One that holds something else is refused before anything is written.
    pub(crate) fn begin(
        path: &Path,
        container: &[u8; 16],
        key: &Key<Container>,
    ) -> Result<Self, Error> {
        make_folder(path)?;
        let numbers = numbers(path)?;
        let mut earlier = BTreeMap::new();
        let mut any = false;
        for number in numbers.iter().rev() {
            let snapshot = path.join(snapshot_name(*number));
            let locked = LockedBackup::open(&snapshot, KdfFloor::LOWEST);
            let Some(locked) = unless_damaged(locked)? else {
                continue;
            };
            if locked.container() != container {
                return Err(BackupError::ForeignFolder.into());
            }
            any = true;
            // Each file has one length and one hash for good; the newest list says which.
            for file in unless_damaged(listed(locked, key))?.unwrap_or_default() {
                earlier.entry(file.name).or_insert(file);
            }
        }
        let leftovers = leftovers(path, any)?;
        for leftover in leftovers {
            // Only untidy, if it stays.
            let _ = fs::remove_file(leftover);
        }
        let number = numbers.last().map_or(1, |newest| newest + 1);
        if number > MAX_NUMBER {
            return Err(BackupError::ForeignFolder.into());
        }
        make_folder(&path.join(EVIDENCE))?;
        Ok(Self {
            path: path.to_owned(),
            number,
            earlier,
        })
    }

    pub(crate) fn number(&self) -> u32 {
        self.number
    }

    /// Where the new backup goes.
    pub(crate) fn snapshot(&self) -> PathBuf {
        self.path.join(snapshot_name(self.number))
    }

    /// Where the sealed files go.
    pub(crate) fn evidence(&self) -> PathBuf {
        self.path.join(EVIDENCE)
    }

    /// Length and SHA-256 of a sealed file as the backup before this one lists it.
    pub(crate) fn earlier(&self, name: &[u8; 16]) -> Option<(u64, [u8; 32])> {
        let file = self.earlier.get(name)?;
        Some((file.bytes, file.sha256))
    }
}

/// Numbers of the backups in a folder, ascending.
fn numbers(folder: &Path) -> Result<Vec<u32>, Error> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder).map_err(VaultError::from_io)? {
        let entry = entry.map_err(VaultError::from_io)?;
        numbers.extend(entry.file_name().to_str().and_then(number_of));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

fn number_of(name: &str) -> Option<u32> {
    let digits = name.strip_prefix("snapshot-")?.strip_suffix(".idback")?;
    let number = digits.parse().ok()?;
    (snapshot_name(number) == name).then_some(number)
}

/// What a backup lists.
fn listed(locked: LockedBackup, key: &Key<Container>) -> Result<Vec<StoredFile>, Error> {
    Ok(Contents::read(&mut locked.open_with(key)?)?.files)
}

/// A backup that is damaged keeps nobody from making a new one. One that cannot be read now does: what it lists
/// would not be known, and the only whole copy of a file could be replaced.
fn unless_damaged<T>(read: Result<T, Error>) -> Result<Option<T>, Error> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(Error::Backup(BackupError::NewerFormat)) => Err(BackupError::NewerFormat.into()),
        Err(Error::Backup(_) | Error::Vault(VaultError::KdfOutOfRange)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Makes a folder, unless it is there, so that it has its name for good.
fn make_folder(path: &Path) -> Result<(), Error> {
    match fs::create_dir(path) {
        Ok(()) => Ok(files::sync_folder(files::folder_of(path)).map_err(VaultError::from_io)?),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(VaultError::from_io(error).into()),
    }
}

/// Unfinished files of an earlier run. A folder without a backup in it must hold nothing else than what
/// such a run leaves.
fn leftovers(path: &Path, has_backups: bool) -> Result<Vec<PathBuf>, Error> {
    let mut leftovers = Vec::new();
    let evidence = path.join(EVIDENCE);
    for folder in [path, &evidence] {
        let entries = match fs::read_dir(folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries.map_err(VaultError::from_io)?,
        };
        for entry in entries {
            let entry = entry.map_err(VaultError::from_io)?;
            let kind = entry.file_type().map_err(VaultError::from_io)?;
            let name = entry.file_name();
            let name = name.to_str().unwrap_or_default();
            let ours = match (folder == path, kind.is_dir()) {
                (true, true) => name == EVIDENCE,
                (true, false) => number_of(name).is_some(),
                (false, _) => kind.is_file() && FileName::parse(name).is_some(),
            };
            if kind.is_file() && files::is_unfinished(name) {
                leftovers.push(entry.path());
            } else if !ours && !has_backups {
                return Err(BackupError::ForeignFolder.into());
            }
        }
    }
    Ok(leftovers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn section_22_1_a_number_has_one_name() {
        assert_eq!(number_of("snapshot-000012.idback"), Some(12));
        for other in [
            "snapshot-12.idback",
            "snapshot-0000012.idback",
            "snapshot-+00012.idback",
            "snapshot-000012.idback.part",
            "snapshot-00001x.idback",
        ] {
            assert_eq!(number_of(other), None, "{other}");
        }
    }
}
