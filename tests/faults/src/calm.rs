//! Whether an answer is of what happened.

use std::path::Path;

use diary_core::Error;
use diary_core::backup::BackupError;
use diary_core::evidence::EvidenceError;
use diary_core::vault::VaultError;

use crate::fault::Kind;

/// An error of a disk is told as one of a disk, in words that a person can act on.
pub(crate) fn is_calm(kind: Kind, error: &Error, disk: &Path) -> Result<(), String> {
    let text = error.to_string();
    if text.contains(&*disk.to_string_lossy()) || text.lines().count() != 1 {
        return Err(format!("the answer shows a path or has lines: {text}"));
    }
    // SQLite takes EDQUOT for any failure of the disk, and tells nothing of why a file cannot be made:
    // then the answer names a full disk as well.
    let blames_both = text.ends_with("not full");
    let right = match (kind, error) {
        // Half of a read or a write is no failure.
        (Kind::Short, _) => false,
        (_, Error::Vault(VaultError::Closed)) => true,
        (Kind::Full | Kind::Quota, error) => match error {
            Error::Vault(VaultError::DiskFull) | Error::Evidence(EvidenceError::DiskFull) => true,
            Error::Vault(VaultError::ReadOnly) => blames_both,
            error => blames_both && sqlite_says(error, &[10]),
        },
        (Kind::Broken | Kind::Unwritable | Kind::Sync, error) => match error {
            Error::Vault(VaultError::Io(_)) | Error::Evidence(EvidenceError::Io(_)) => {
                text.contains("check the disk")
            }
            Error::Vault(VaultError::ReadOnly) => blames_both,
            // What was written is read back.
            Error::BundleNotSound | Error::Backup(BackupError::NotReadBack) => kind == Kind::Broken,
            error => sqlite_says(error, &[10, 11]),
        },
    };
    if right {
        return Ok(());
    }
    Err(format!(
        "the answer is of something else: {text} ({error:?})"
    ))
}

/// SQLite failed with one of these codes: 10 is a disk that fails, 11 a page that is damaged, which it calls one
/// that could not be read, too.
pub(crate) fn sqlite_says(error: &Error, codes: &[i32]) -> bool {
    let Error::Vault(VaultError::Database(error)) = error else {
        return false;
    };
    let said = error.sqlite_error();
    said.is_some_and(|said| codes.contains(&(said.extended_code & 0xff)))
}
