//! Backup: a whole container as one sealed file (FORMAT.md 22).
//!
//! ```text
//! write    cells of one moment -> chunks (the diary waits) -> evidence files -> list -> read back -> name
//! read     header -> secret -> chunks by offset -> items, each proven before it is used
//! ```
//! Nothing here knows of a log: what the entries say of the files is for the diary to compare.

mod damaged;
mod error;
mod file;
mod folder;
mod frame;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod items;
mod reader;
#[cfg(test)]
mod vectors;
mod writer;

pub use self::error::BackupError;

pub(crate) use self::file::FileReader;
pub(crate) use self::folder::{BackupFolder, newest_snapshot, snapshot_name};
pub(crate) use self::items::{Contents, Place, StoredFile};
pub(crate) use self::reader::{LockedBackup, OpenBackup};
pub(crate) use self::writer::BackupWriter;
