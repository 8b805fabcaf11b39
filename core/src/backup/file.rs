//! An evidence file of a backup, in its chunks or beside it.

use std::fs::File;
use std::io::{self, Read, Write};

use sha2::{Digest, Sha256};

use super::frame::CHUNK;
use super::items::{Place, StoredFile};
use super::{BackupError, OpenBackup};
use crate::error::Error;
use crate::evidence::FileName;
use crate::files;
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
    /// `None` if it is not there, or has another length.
    Beside(Option<File>),
}

impl<'b> FileReader<'b> {
    pub(crate) fn new(backup: &'b mut OpenBackup, file: &StoredFile) -> Self {
        let bytes = match file.place {
            Place::Within(offset) => Bytes::Within(backup, offset),
            Place::Beside => {
                let name = FileName::from_bytes(file.name).to_hex();
                let opened = files::open_regular(&backup.beside().join(name)).ok();
                let right = opened.filter(|(_, metadata)| metadata.len() == file.bytes);
                Bytes::Beside(right.map(|(file, _)| file))
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
            Bytes::Beside(file) => file
                .as_mut()
                .and_then(|file| file.read_exact(out).ok())
                .ok_or(BackupError::DamagedFile.into()),
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
