//! What can go wrong with a file of evidence.

use std::error::Error;
use std::fmt;
use std::io;

use crate::files::{OpenError, in_words, trouble};
use crate::random::NoRandomness;

/// Why a file was not attached, read back or written out. Whatever it is, nothing is left behind.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EvidenceError {
    /// There is no file of that name.
    NotFound,
    /// A folder, pipe, socket or device.
    NotAFile,
    /// The file holds no bytes.
    Empty,
    /// The file holds more than [`MAX_BYTES`](super::MAX_BYTES).
    TooLarge,
    /// Its size, times or identity changed while it was read.
    ChangedWhileRead,
    /// It was removed while it was read.
    Vanished,
    /// The file to attach cannot be read.
    Unreadable(io::ErrorKind),
    /// A sealed file is not what was written.
    Damaged(Damage),
    /// Something has the name of the file to be written.
    Exists,
    /// No space is left, or none that this user may take.
    DiskFull,
    /// [`Progress`](crate::Progress) said so.
    Cancelled,
    /// The operating system gave no random bytes.
    NoRandomness,
    /// A file could not be written, or a sealed one could not be read.
    Io(io::ErrorKind),
}

/// In what a sealed file differs from what was written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Damage {
    /// It is not in the folder.
    Missing,
    /// It is too short or too long.
    Length,
    /// Its first 32 bytes are not a head that this version knows.
    Head,
    /// This chunk, counted from 0, does not open: bytes were changed, or it belongs elsewhere.
    Chunk(u32),
    /// There is something other than zeros after the last byte.
    Padding,
    /// Every chunk opens, but it is not the file that was recorded.
    Hash,
}

impl EvidenceError {
    /// A backup may help. Trying again does not.
    #[must_use]
    pub fn is_damaged(&self) -> bool {
        matches!(self, Self::Damaged(_))
    }

    /// The person asked for it.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        matches!(self, Self::Cancelled)
    }

    /// A rule of the diary refused it, and nothing went wrong.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        matches!(
            self,
            Self::NotAFile
                | Self::Empty
                | Self::TooLarge
                | Self::ChangedWhileRead
                | Self::Vanished
                | Self::Exists
        )
    }

    /// The error of reading the file to attach, told apart from errors of the diary's own files.
    pub(super) fn of_source(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            kind => Self::Unreadable(kind),
        }
    }
}

impl fmt::Display for EvidenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotFound => f.write_str("there is no such file: check the name"),
            Self::NotAFile => {
                f.write_str("this is not a file: a folder, pipe or device cannot be attached")
            }
            Self::Empty => f.write_str("the file is empty: choose one that holds something"),
            Self::TooLarge => f.write_str("the file is larger than 16 GiB: attach it in parts"),
            Self::ChangedWhileRead => f.write_str(
                "the file changed while it was read: close what writes it, then try again",
            ),
            Self::Vanished => {
                f.write_str("the file was removed while it was read: attach a copy that stays")
            }
            Self::Unreadable(kind) => {
                write!(
                    f,
                    "the file cannot be read ({}): check who may read it",
                    in_words(*kind)
                )
            }
            Self::Damaged(damage) => write!(
                f,
                "evidence is damaged ({damage}): a backup can bring it back"
            ),
            Self::Exists => {
                f.write_str("the target exists: choose another name, nothing is overwritten")
            }
            Self::DiskFull => f.write_str("the disk is full: free some space, then try again"),
            Self::Cancelled => f.write_str("cancelled: nothing was kept"),
            Self::NoRandomness => {
                f.write_str("the system gives no random bytes: restart the device")
            }
            Self::Io(kind) => f.write_str(trouble(*kind)),
        }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("the sealed file is missing"),
            Self::Length => f.write_str("its length is wrong"),
            Self::Head => f.write_str("its head is not known"),
            Self::Chunk(number) => write!(f, "chunk {number} was changed"),
            Self::Padding => f.write_str("its end is not zero"),
            Self::Hash => f.write_str("it is not the file that was recorded"),
        }
    }
}

impl Error for EvidenceError {}

/// For files that the diary writes. Only the kind is kept: texts of other programs may name paths.
impl From<io::Error> for EvidenceError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull,
            io::ErrorKind::AlreadyExists => Self::Exists,
            kind => Self::Io(kind),
        }
    }
}

impl From<NoRandomness> for EvidenceError {
    fn from(_: NoRandomness) -> Self {
        Self::NoRandomness
    }
}

impl From<Damage> for EvidenceError {
    fn from(damage: Damage) -> Self {
        Self::Damaged(damage)
    }
}

/// For the file to attach.
impl From<OpenError> for EvidenceError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::NotAFile => Self::NotAFile,
            OpenError::Io(error) => Self::of_source(&error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_apart() {
        for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded] {
            assert_eq!(
                EvidenceError::from(io::Error::from(kind)),
                EvidenceError::DiskFull
            );
        }
        let denied = EvidenceError::from(io::Error::from(io::ErrorKind::PermissionDenied));
        assert_eq!(denied, EvidenceError::Io(io::ErrorKind::PermissionDenied));
    }

    #[test]
    fn texts_follow_the_form_of_the_command_line() {
        let errors = [
            EvidenceError::Unreadable(io::ErrorKind::PermissionDenied),
            EvidenceError::Damaged(Damage::Chunk(3)),
            EvidenceError::Cancelled,
        ];
        for error in errors {
            let text = error.to_string();
            assert!(text.contains(": ") && !text.ends_with('.'), "{text}");
        }
    }
}
