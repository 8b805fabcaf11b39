//! Backups: written, looked into, restored.

use std::path::Path;
use std::sync::Arc;

use diary_core::Diary as CoreDiary;
use diary_core::diary::{self, Opener};
use diary_core::time::SystemClock;
use diary_core::vault::{Passphrase, RecoveryCode};

use crate::diary::Diary;
use crate::error::DiaryError;
use crate::panics::caught;
use crate::progress::{ProgressListener, Watch, alone};
use crate::records::bundle::Finding;

/// A backup that has its name and was read back.
#[derive(Clone, uniffi::Record)]
pub struct WrittenBackup {
    /// Size of the file; in a folder, of all files that were written.
    pub bytes: u64,
    /// Entries of this diary.
    pub entries: u32,
    /// Incidents among them.
    pub incidents: u32,
    /// Evidence files of the vault.
    pub files: u32,
    /// Cells of the vault that could not be read: if any, `check` tells what is lost.
    pub unreadable_cells: u32,
    /// Evidence files that are missing or could not be read, in the backup too: `check` names them.
    pub unreadable_files: u32,
    /// In a folder, evidence files that the vault has lost or cut and the backup has whole: `check`
    /// names them.
    pub damaged_files: u32,
    /// Evidence files that were written; in a folder, those that were not there yet.
    pub new_files: u32,
    /// In a folder, the name of the backup's own file.
    pub snapshot: Option<String>,
    /// The passphrase is bound to a device, so the backup opens with the recovery code only.
    pub bound: bool,
}

/// What is in a backup, and what was found.
#[derive(Clone, uniffi::Record)]
pub struct BackupReport {
    /// The vault was made. Never so when it was only read; from a backup that is damaged only by
    /// `salvage`.
    pub restored: bool,
    /// No finding is a failure.
    pub sound: bool,
    /// Everything that was checked.
    pub findings: Vec<Finding>,
    /// The log in it; absent if it cannot be opened.
    pub log: Option<BackupLog>,
    /// Of a folder with backups, the name of the one that was taken.
    pub snapshot: Option<String>,
}

/// The log of the diary that was opened in a backup.
#[derive(Clone, uniffi::Record)]
pub struct BackupLog {
    /// Entries.
    pub entries: u32,
    /// Incidents among them.
    pub incidents: u32,
    /// Evidence files in the backup.
    pub files: u32,
    /// The code of the log: that of the vault when the backup was made.
    pub fingerprint: String,
}

/// What opens a backup: a secret that was valid when it was made.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum SecretKind {
    /// A passphrase, UTF-8.
    Passphrase,
    /// A recovery code as it was typed.
    RecoveryCode,
}

#[uniffi::export]
impl Diary {
    /// Writes the whole vault into one sealed file at `out`, which does not exist yet. It opens with
    /// every passphrase and recovery code that opens the vault now, whatever is changed or erased
    /// later. Other calls go on while the evidence files are written.
    pub fn backup(
        &self,
        out: String,
        listener: Option<Arc<dyn ProgressListener>>,
    ) -> Result<WrittenBackup, DiaryError> {
        let begun = self.session().long_call(listener.clone(), |diary, watch| {
            Ok(diary.begin_backup(Path::new(&out), watch)?)
        })?;
        let written = self
            .session()
            .work_beside(listener, |watch| Ok(begun.finish(watch)?))?;
        Ok(written.into())
    }

    /// Adds a backup to a folder, absent, empty, or with backups of this vault: the log anew, and the
    /// evidence files that are not there yet. `restoreBackup` takes the folder, and the newest backup
    /// in it. Every earlier one stays. Otherwise as `backup`.
    pub fn backup_to_folder(
        &self,
        folder: String,
        listener: Option<Arc<dyn ProgressListener>>,
    ) -> Result<WrittenBackup, DiaryError> {
        let begun = self.session().long_call(listener.clone(), |diary, watch| {
            Ok(diary.begin_backup_to_folder(Path::new(&folder), watch)?)
        })?;
        let written = self
            .session()
            .work_beside(listener, |watch| Ok(begun.finish(watch)?))?;
        Ok(written.into())
    }
}

/// Makes a vault in `folder`, absent or empty, from a backup. The log and its fingerprint are those
/// of the backup until the first entry. A damaged backup is not restored: the findings say where.
#[uniffi::export]
pub fn restore_backup(
    backup: String,
    folder: String,
    secret: &[u8],
    kind: SecretKind,
    listener: Option<Arc<dyn ProgressListener>>,
) -> Result<BackupReport, DiaryError> {
    with_opener(secret, kind, listener, |opener, watch| {
        let (backup, folder) = (Path::new(&backup), Path::new(&folder));
        CoreDiary::restore(backup, folder, opener, Box::new(SystemClock), watch)
    })
}

/// Makes a vault in `folder`, absent or empty, of what can still be read of a damaged backup, or of the
/// folder of a damaged vault, which is not touched. The findings name what is lost, and so does an
/// entry of the new log, for good. Passphrase and recovery code stay.
#[uniffi::export]
pub fn salvage(
    source: String,
    folder: String,
    secret: &[u8],
    kind: SecretKind,
    listener: Option<Arc<dyn ProgressListener>>,
) -> Result<BackupReport, DiaryError> {
    with_opener(secret, kind, listener, |opener, watch| {
        let (source, folder) = (Path::new(&source), Path::new(&folder));
        CoreDiary::salvage(source, folder, opener, || Box::new(SystemClock), watch)
    })
}

/// Reads and proves everything in a backup, and writes nothing.
#[uniffi::export]
pub fn read_backup(
    backup: String,
    secret: &[u8],
    kind: SecretKind,
    listener: Option<Arc<dyn ProgressListener>>,
) -> Result<BackupReport, DiaryError> {
    with_opener(secret, kind, listener, |opener, watch| {
        CoreDiary::read_backup(Path::new(&backup), opener, Box::new(SystemClock), watch)
    })
}

/// The file of a backup: `path` itself, or in a folder of backups the newest one. `Backup` for a folder
/// without one. Needs no secret.
#[uniffi::export]
pub fn backup_at(path: String) -> Result<String, DiaryError> {
    caught(|| {
        let file = CoreDiary::backup_at(Path::new(&path))?;
        let file = file.into_os_string().into_string();
        file.map_err(|_| DiaryError::Storage)
    })
}

/// Looks whether a file, or the newest one in a folder, is a backup that this version can open, before a
/// secret is asked for: `Backup` says what it is instead, `FileNotFound` that nothing is there. Whether it is whole, `readBackup` tells.
#[uniffi::export]
pub fn must_be_backup(path: String) -> Result<(), DiaryError> {
    caught(|| Ok(CoreDiary::is_backup(Path::new(&path))?))
}

fn with_opener(
    secret: &[u8],
    kind: SecretKind,
    listener: Option<Arc<dyn ProgressListener>>,
    work: impl FnOnce(Opener<'_>, &mut Watch<'_>) -> Result<diary::Restored, diary_core::Error>,
) -> Result<BackupReport, DiaryError> {
    alone(listener, |watch| {
        let restored = match kind {
            SecretKind::Passphrase => {
                let passphrase = Passphrase::new(secret)?;
                work(Opener::Passphrase(&passphrase), watch)
            }
            SecretKind::RecoveryCode => {
                let code = RecoveryCode::parse(secret)?;
                work(Opener::RecoveryCode(&code), watch)
            }
        };
        Ok(restored?.into())
    })
}

impl From<diary::BackedUp> for WrittenBackup {
    fn from(written: diary::BackedUp) -> Self {
        Self {
            bytes: written.bytes,
            entries: written.entries,
            incidents: written.incidents,
            files: written.files,
            unreadable_cells: written.unreadable_cells,
            unreadable_files: written.unreadable_files,
            damaged_files: written.damaged_files,
            new_files: written.new_files,
            snapshot: written.snapshot_name(),
            bound: written.bound,
        }
    }
}

impl From<diary::Restored> for BackupReport {
    fn from(restored: diary::Restored) -> Self {
        Self {
            snapshot: restored.snapshot_name(),
            restored: restored.restored,
            sound: restored.sound,
            findings: restored.findings.into_iter().map(Finding::from).collect(),
            log: restored.log.map(BackupLog::from),
        }
    }
}

impl From<diary::RestoredLog> for BackupLog {
    fn from(log: diary::RestoredLog) -> Self {
        Self {
            entries: log.entries,
            incidents: log.incidents,
            files: log.files,
            fingerprint: log.fingerprint.to_string(),
        }
    }
}
