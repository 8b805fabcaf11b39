//! Why a vault cannot be made, opened, read or written.

use std::{fmt, io};

use super::device::DeviceKeyError;
use crate::files::trouble;
use crate::random::NoRandomness;

/// Why a vault cannot be made, opened, read or written. Nothing recorded before is lost by any of
/// these, and nothing is deleted.
#[derive(Debug)]
pub enum VaultError {
    /// The folder does not exist, or holds neither a `header` of ours nor a log.
    NotAVault,
    /// Something already stands where the new vault should go.
    TargetExists,
    /// The vault was made by a newer version. It was not touched.
    NewerFormat,
    /// Both copies of the header are damaged, or there is none beside the log.
    DamagedHeader,
    /// The header asks for a cost outside of what a reader may spend.
    KdfOutOfRange,
    /// There is not enough memory for the key derivation.
    OutOfMemory,
    /// No slot opens: the secret is wrong, or the slots are damaged. The two cannot be told apart.
    WrongSecret,
    /// A new passphrase or code opens a slot already.
    SecretInUse,
    /// Another process has the vault open.
    InUse,
    /// `log.db` is not there, no database, or not one of ours.
    ForeignDatabase,
    /// The database holds fewer cells than the head says.
    CellsMissing,
    /// The slots are not those that the head knows: an older or damaged header was put back.
    OldHeader,
    /// Something sealed does not open, or is not what its place says.
    Damaged(Part),
    /// A limit of the format: 2^24 entries and cells, 4 MiB an entry, 256 KiB of drafts.
    Full(Limit),
    /// A write failed and the vault was closed. What was acknowledged before is safe; whether the
    /// last one is in the log, the next opening tells.
    Closed,
    /// The device gave no answer that a bound passphrase needs.
    DeviceKey(DeviceKeyError),
    /// The recovery code is another diary's, so nothing would open this one without the device.
    NoRecoveryCode,
    /// The shell asked to stop; everything is as it was.
    Cancelled,
    /// The operating system gave no random bytes.
    NoRandomness,
    /// The disk is full.
    DiskFull,
    /// The folder cannot be written.
    ReadOnly,
    /// Reading or writing a file failed.
    Io(io::Error),
    /// SQLite failed. Its text is never shown: it can quote data.
    Database(rusqlite::Error),
}

/// A part of the vault.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Part {
    /// The head: the cell that names everything else.
    Head,
    /// A node of the index.
    Node {
        /// Level, from 0.
        level: u8,
        /// Number in its level.
        number: u32,
    },
    /// An entry of the log.
    Entry(u32),
    /// Drafts and settings.
    Side,
    /// The tree does not have the root that the head names.
    Root,
}

/// A limit of the format.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Limit {
    /// 2^24 entries.
    Entries,
    /// 2^24 cells in a half.
    Cells,
    /// 4 MiB an entry.
    EntrySize,
    /// 256 KiB of drafts.
    Drafts,
    /// 64 files waiting to be removed.
    DoomedFiles,
}

/// What there is to do about a vault that is damaged.
const MEND: &str = "restore a backup, or salvage the vault";

impl VaultError {
    /// Whether the vault itself is damaged: not the secret or the path is wrong, nor does the disk refuse something
    /// that it may give later.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        match self {
            Self::DamagedHeader | Self::KdfOutOfRange | Self::OldHeader => true,
            Self::ForeignDatabase | Self::CellsMissing | Self::Damaged(_) => true,
            Self::Database(error) => is_corrupt(error),
            _ => false,
        }
    }

    /// A file error, with the two that a person can do something about told apart.
    pub(crate) fn from_io(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => Self::ReadOnly,
            _ => Self::Io(error),
        }
    }
}

/// SQLite says so of a page that makes no sense.
fn is_corrupt(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseCorrupt)
}

impl From<NoRandomness> for VaultError {
    fn from(NoRandomness: NoRandomness) -> Self {
        Self::NoRandomness
    }
}

impl From<rusqlite::Error> for VaultError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::ReadOnly
            }
            Some(ErrorCode::NotADatabase) => Self::ForeignDatabase,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::InUse,
            _ => Self::Database(error),
        }
    }
}

impl std::error::Error for VaultError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for VaultError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAVault => f.write_str("this folder is no vault: check the path"),
            Self::TargetExists => {
                f.write_str("something is already there: choose a path that does not exist yet")
            }
            Self::NewerFormat => f.write_str(
                "the vault was made by a newer version: update the program; nothing was changed",
            ),
            Self::DamagedHeader => f.write_str(
                "the key file is missing, or damaged in both copies: put a copy of it there, restore a \
                 backup, or try to salvage the vault; nothing was changed",
            ),
            Self::KdfOutOfRange => f.write_str(
                "the key file asks for a cost that is not allowed, so it was altered: put a copy of it \
                 there, or restore a backup",
            ),
            Self::OutOfMemory => {
                f.write_str("not enough memory to check the passphrase: close other programs")
            }
            Self::WrongSecret => f.write_str("wrong passphrase, or a damaged key file: try again"),
            Self::SecretInUse => f.write_str("this passphrase cannot be used: choose another one"),
            Self::InUse => {
                f.write_str("another program has this vault open: close it and try again")
            }
            Self::ForeignDatabase => {
                write!(f, "log.db is missing, damaged or not from a vault: {MEND}")
            }
            Self::CellsMissing => write!(f, "cells are missing from log.db: {MEND}"),
            Self::OldHeader => write!(
                f,
                "an older or damaged key file was put back: put the newest one there, {MEND}"
            ),
            Self::Damaged(Part::Head) => write!(
                f,
                "the head of the log does not open: it is damaged, or an older key file was put \
                 back: put the newest one there, {MEND}"
            ),
            Self::Damaged(part) => write!(f, "{part} is damaged: {MEND}"),
            Self::Full(limit) => write!(f, "too much: {limit}"),
            Self::Closed => f.write_str(
                "a write failed and the vault was closed: open it again and look whether the last \
                 change is there; what was acknowledged is; of a passphrase, try the new one, then the old",
            ),
            Self::DeviceKey(error) => error.fmt(f),
            Self::NoRecoveryCode => f.write_str(
                "this recovery code does not open this diary: find the right one first, or make a \
                 new one",
            ),
            Self::Cancelled => f.write_str("stopped: nothing was changed"),
            Self::NoRandomness => f.write_str("the system gives no random numbers: restart it"),
            Self::DiskFull => f.write_str("the disk is full: free some space; nothing was lost"),
            Self::ReadOnly => f.write_str(
                "the folder cannot be written: check its permissions, and that the disk is not \
                 full",
            ),
            Self::Io(error) => f.write_str(trouble(error.kind())),
            Self::Database(error) => match error.sqlite_error() {
                // The number alone: SQLite calls a disk that failed once "malformed".
                Some(code) if is_corrupt(error) => write!(
                    f,
                    "log.db cannot be used (SQLite {}): check the disk, then {MEND}",
                    code.extended_code
                ),
                Some(code) => write!(
                    f,
                    "log.db cannot be used (SQLite {}): check the disk, and that it is not full",
                    code.extended_code
                ),
                None => {
                    f.write_str("log.db cannot be used: check the disk, and that it is not full")
                }
            },
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Head => f.write_str("the head of the log"),
            Self::Node { level, number } => write!(f, "index node {number} of level {level}"),
            Self::Entry(number) => write!(f, "entry {number}"),
            Self::Side => f.write_str("the place for drafts"),
            Self::Root => f.write_str("the tree over the log"),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Entries => "a diary holds at most 16,777,216 entries",
            Self::Cells => "a diary holds at most 16,777,216 cells",
            Self::EntrySize => "an entry holds at most 4 MiB",
            Self::Drafts => "drafts hold at most 256 KiB together",
            Self::DoomedFiles => "64 files wait to be removed: lock and open again first",
        })
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    fn sqlite(code: i32) -> VaultError {
        rusqlite::Error::SqliteFailure(ffi::Error::new(code), None).into()
    }

    /// A backup may be older than what can still be saved, and not everybody has one.
    #[test]
    fn damage_names_the_backup_and_the_salvage() {
        for error in [
            VaultError::DamagedHeader,
            VaultError::OldHeader,
            VaultError::ForeignDatabase,
            VaultError::CellsMissing,
            VaultError::Damaged(Part::Head),
            VaultError::Damaged(Part::Root),
            VaultError::Damaged(Part::Node {
                level: 0,
                number: 3,
            }),
            sqlite(ffi::SQLITE_CORRUPT),
            sqlite(ffi::SQLITE_CORRUPT_INDEX),
            sqlite(ffi::SQLITE_NOTADB),
        ] {
            let text = error.to_string();
            assert!(error.is_damage(), "{text}");
            let named = ["backup", "salvage the vault"].map(|word| text.contains(word));
            assert_eq!(named, [true, true], "{text}");
        }
    }

    #[test]
    fn what_a_disk_or_a_person_may_give_later_is_no_damage() {
        for error in [
            VaultError::NotAVault,
            VaultError::WrongSecret,
            VaultError::InUse,
            VaultError::NewerFormat,
            VaultError::DiskFull,
            VaultError::Closed,
            sqlite(ffi::SQLITE_IOERR_READ),
            sqlite(ffi::SQLITE_FULL),
            sqlite(ffi::SQLITE_CANTOPEN),
        ] {
            assert!(!error.is_damage(), "{error}");
        }
    }
}
