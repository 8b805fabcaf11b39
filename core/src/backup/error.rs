//! Why a backup cannot be written or read.

use std::fmt;

/// Why a backup cannot be written or read. Nothing is left behind, and nothing of hers is changed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum BackupError {
    /// The file is no backup of ours.
    NotABackup,
    /// The backup was made by a newer version. It was not touched.
    NewerFormat,
    /// Both copies of the key block at its start are damaged.
    DamagedHeader,
    /// It ends too early: it was not copied whole.
    Truncated,
    /// This chunk, counted from 0, does not open: bytes were changed, or it belongs elsewhere.
    Damaged {
        /// Number of the chunk of 64 KiB.
        chunk: u32,
    },
    /// It opens, but what is in it is not what a backup holds.
    Malformed,
    /// A sealed evidence file in it is not the one that was put in.
    DamagedFile,
    /// An evidence file went away, or changed, while the backup was written.
    FileChanged,
    /// What was written does not read back as it was written.
    NotReadBack,
    /// The backup, the bundle or the original would lie in the vault itself, and be lost with it.
    InsideVault,
    /// A folder that holds something else than backups of this vault.
    ForeignFolder,
}

impl BackupError {
    /// Another copy of the backup may help, and so may salvage.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        matches!(
            self,
            Self::DamagedHeader
                | Self::Truncated
                | Self::Damaged { .. }
                | Self::Malformed
                | Self::DamagedFile
        )
    }
}

impl std::error::Error for BackupError {}

impl fmt::Display for BackupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotABackup => f.write_str("this file is no backup of a vault: check the path"),
            Self::NewerFormat => f.write_str(
                "the backup was made by a newer version: update the program; nothing was changed",
            ),
            Self::DamagedHeader => f.write_str(
                "the backup's keys are damaged in both copies: use another copy of the backup",
            ),
            Self::Truncated => {
                f.write_str("the backup ends too early: copy it again, or use another one")
            }
            Self::Damaged { chunk } => write!(
                f,
                "the backup is damaged in chunk {chunk}: use another copy of it"
            ),
            Self::Malformed => {
                f.write_str("what is in the backup is not as it must be: use another one")
            }
            Self::DamagedFile => f.write_str(
                "an evidence file in the backup is not the one that was put in: use another one",
            ),
            Self::FileChanged => f.write_str(
                "an evidence file went away while the backup was written: make the backup again",
            ),
            Self::NotReadBack => f.write_str(
                "the backup does not read back as it was written and was removed: use another disk",
            ),
            Self::ForeignFolder => f.write_str(
                "the folder holds something else, or backups of another vault: choose an empty folder",
            ),
            Self::InsideVault => {
                f.write_str("the file would be lost with the vault: choose a place outside of it")
            }
        }
    }
}
