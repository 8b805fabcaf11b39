//! An evidence file of a backup, in its chunks or beside it.

use std::fs::File;
use std::io::{self, Read, Write};

use sha2::{Digest, Sha256};

use super::frame::CHUNK;
use super::items::{Place, StoredFile};
use super::{BackupError, OpenBackup};
use crate::error::Error;
use crate::evidence::FileName;
use crate::files::{self, OpenError};
use crate::vault::VaultError;

/// An evidence file in a backup, read from its start to its end.
pub(crate) struct FileReader<'b> {
    bytes: Bytes<'b>,
    left: u64,
    sha256: Sha256,
    /// Why a read failed: [`io::Error`] has no place for it.
    failure: Option<Error>,
}

enum Bytes<'b> {
    Within(&'b mut OpenBackup, u64),
    /// A file of the right length, or why there is none.
    Beside {
        file: io::Result<File>,
        /// Whatever the disk does not give counts as damaged.
        saving: bool,
    },
}

impl<'b> FileReader<'b> {
    pub(crate) fn new(backup: &'b mut OpenBackup, file: &StoredFile) -> Self {
        let bytes = match file.place {
            Place::Within(offset) => Bytes::Within(backup, offset),
            Place::Beside => {
                let name = FileName::from_bytes(file.name).to_hex();
                let opened = match files::open_regular(&backup.beside().join(name)) {
                    Ok((opened, metadata)) if metadata.len() == file.bytes => Ok(opened),
                    Ok(_) | Err(OpenError::NotAFile) => Err(io::ErrorKind::UnexpectedEof.into()),
                    Err(OpenError::Io(error)) => Err(error),
                };
                Bytes::Beside {
                    file: opened,
                    saving: backup.is_saving(),
                }
            }
        };
        Self {
            bytes,
            left: file.bytes,
            sha256: Sha256::new(),
            failure: None,
        }
    }

    /// Writes the whole file, as far as its chunks are genuine.
    pub(crate) fn copy_to(&mut self, out: &mut impl Write) -> Result<(), Error> {
        let copied = io::copy(self, out);
        match (self.failure.take(), copied) {
            (Some(failure), _) => Err(failure),
            (None, Err(error)) => Err(VaultError::from_io(error).into()),
            (None, Ok(_)) => Ok(()),
        }
    }

    /// Reads what is left, and gives the SHA-256 of the whole sealed file.
    pub(crate) fn finish(mut self) -> Result<[u8; 32], Error> {
        self.copy_to(&mut io::sink())?;
        Ok(self.sha256.finalize().into())
    }

    fn fill(&mut self, out: &mut [u8]) -> Result<(), Error> {
        match &mut self.bytes {
            Bytes::Within(backup, offset) => {
                backup.read_at(*offset, out)?;
                *offset += out.len() as u64;
                Ok(())
            }
            Bytes::Beside { file, saving } => {
                let read = match file {
                    Ok(file) => file.read_exact(out),
                    Err(error) => Err(error.kind().into()),
                };
                read.map_err(|error| match error.kind() {
                    _ if *saving => BackupError::DamagedFile.into(),
                    kind if is_missing(kind) => BackupError::DamagedFile.into(),
                    // The disk may give it later: nobody is to save what is left without it.
                    _ => VaultError::from_io(error).into(),
                })
            }
        }
    }
}

impl Read for FileReader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.left).unwrap_or(usize::MAX);
        let count = out.len().min(left).min(CHUNK);
        let Some(now) = out.get_mut(..count) else {
            return Ok(0);
        };
        if let Err(error) = self.fill(now) {
            self.failure = Some(error);
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.sha256.update(&*now);
        self.left -= count as u64;
        Ok(count)
    }
}

/// Whether a file is not there, or not as long as it was.
fn is_missing(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{NotADirectory, NotFound, UnexpectedEof};
    matches!(kind, NotFound | NotADirectory | UnexpectedEof)
}
