//! Reading a backup by offset; nothing is given out before its chunk proved genuine.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::frame::{CHUNK, HEAD, Head, SEALED};
use super::{BackupError, StoredFile};
use crate::error::Error;
use crate::evidence::Stream;
use crate::files::{self, OpenError};
use crate::progress::Progress;
use crate::vault::{Container, Header, KdfFloor, Key, OpenSlot, SecretBytes, VaultError};

/// A backup of which only the header was read.
pub(crate) struct LockedBackup {
    file: File,
    length: u64,
    head: Head,
    header_mended: bool,
}

/// A backup whose chunks can be opened. Memory: two chunks.
pub(crate) struct OpenBackup {
    file: File,
    head: Head,
    stream: Stream,
    /// Whole chunks in the file.
    chunks: u32,
    /// The last chunk of the file is not the one that was written last.
    cut: bool,
    /// The file does not end where a chunk ends.
    ragged: bool,
    header_mended: bool,
    /// A chunk that the disk does not give counts as damaged.
    saving: bool,
    /// The chunk that `plain` holds.
    at: Option<u32>,
    plain: Vec<u8>,
    sealed: Vec<u8>,
}

impl LockedBackup {
    /// Opens a file and reads what stands before its chunks.
    pub(crate) fn open(path: &Path, floor: KdfFloor) -> Result<Self, Error> {
        let (file, metadata) = files::open_regular(path).map_err(|error| match error {
            OpenError::NotAFile => Error::from(BackupError::NotABackup),
            OpenError::Io(error) => VaultError::from_io(error).into(),
        })?;
        Self::over(file, metadata.len(), floor)
    }

    /// A file that was just written.
    pub(crate) fn written(file: File, length: u64) -> Result<Self, Error> {
        Self::over(file, length, KdfFloor::LOWEST)
    }

    fn over(mut file: File, length: u64, floor: KdfFloor) -> Result<Self, Error> {
        let mut head = [0; HEAD];
        file.rewind().map_err(VaultError::from_io)?;
        file.read_exact(&mut head)
            .map_err(|error| match error.kind() {
                // Shorter than any backup: another file, or the beginning of one.
                io::ErrorKind::UnexpectedEof => BackupError::NotABackup.into(),
                _ => Error::from(VaultError::from_io(error)),
            })?;
        let (head, header_mended) = Head::parse(&head, floor)?;
        Ok(Self {
            file,
            length,
            head,
            header_mended,
        })
    }

    /// Tries a secret, at the full cost of an attempt. It also gives the keys of one half.
    pub(crate) fn unlock(self, secret: &SecretBytes) -> Result<(OpenBackup, OpenSlot), Error> {
        let slot = self.head.header.open_slot(secret)?;
        Ok((self.open_with(&slot.keys.container)?, slot))
    }

    /// With a key that was had before.
    pub(crate) fn open_with(self, key: &Key<Container>) -> Result<OpenBackup, Error> {
        let chunks = self.length.saturating_sub(HEAD as u64);
        let whole = chunks.is_multiple_of(SEALED as u64);
        let chunks = u32::try_from(chunks / SEALED as u64).map_err(|_| BackupError::Malformed)?;
        Ok(OpenBackup {
            stream: self.head.stream(key),
            file: self.file,
            head: self.head,
            chunks,
            cut: chunks == 0,
            ragged: !whole,
            header_mended: self.header_mended,
            saving: false,
            at: None,
            plain: vec![0; CHUNK],
            sealed: vec![0; SEALED],
        })
    }
}

impl OpenBackup {
    /// The header that lies in it.
    pub(crate) fn header(&self) -> &Header {
        &self.head.header
    }

    /// Whether one block of the header was damaged.
    pub(crate) fn header_mended(&self) -> bool {
        self.header_mended
    }

    /// From now on a chunk that the disk does not give is a damaged one among others, and no error of
    /// the whole backup: what can be read is to be saved.
    pub(crate) fn save_what_can_be_read(&mut self) {
        self.saving = true;
    }

    /// Reads from another file from now on.
    #[cfg(test)]
    pub(crate) fn read_from(&mut self, file: File) {
        self.file = file;
    }

    /// Whether [`OpenBackup::save_what_can_be_read`] was called.
    pub(crate) fn is_saving(&self) -> bool {
        self.saving
    }

    /// Bytes in all chunks.
    pub(crate) fn contents(&self) -> u64 {
        u64::from(self.chunks) * CHUNK as u64
    }

    /// Reads the bytes from `offset` of the chunks' contents on.
    ///
    /// [`BackupError::Damaged`] and [`BackupError::Truncated`]; then `out` holds nothing to be used.
    pub(crate) fn read_at(&mut self, offset: u64, out: &mut [u8]) -> Result<(), Error> {
        let mut offset = offset;
        let mut rest = out;
        while !rest.is_empty() {
            let chunk = offset / CHUNK as u64;
            let within = usize::try_from(offset % CHUNK as u64).unwrap_or(0);
            let chunk = u32::try_from(chunk).map_err(|_| BackupError::Malformed)?;
            let from = self.chunk(chunk)?.get(within..).unwrap_or_default();
            let count = from.len().min(rest.len());
            let (now, later) = rest.split_at_mut(count);
            now.copy_from_slice(from.get(..count).unwrap_or_default());
            offset += now.len() as u64;
            rest = later;
        }
        Ok(())
    }

    /// Tries every chunk, and gives the numbers of those that do not open.
    pub(crate) fn survey(&mut self, progress: &mut dyn Progress) -> Result<Vec<u32>, Error> {
        let mut damaged = Vec::new();
        for number in 0..self.chunks {
            let (done, total) = (u64::from(number), u64::from(self.chunks));
            if progress.advance(done, total).is_break() {
                return Err(Error::Cancelled);
            }
            match self.chunk(number) {
                Ok(_) => {}
                Err(Error::Backup(BackupError::Damaged { chunk })) => damaged.push(chunk),
                Err(error) => return Err(error),
            }
        }
        Ok(damaged)
    }

    /// Whether the file ends as it was written: with its last chunk, and nothing after it. Known
    /// once that chunk was read.
    pub(crate) fn ends_whole(&self) -> Result<(), BackupError> {
        match (self.cut, self.ragged) {
            (true, _) => Err(BackupError::Truncated),
            (false, true) => Err(BackupError::Malformed),
            (false, false) => Ok(()),
        }
    }

    /// Opens a chunk, unless it is the one that is open.
    fn chunk(&mut self, number: u32) -> Result<&[u8], Error> {
        if self.at != Some(number) {
            self.at = None;
            self.load(number)?;
            self.at = Some(number);
        }
        Ok(&self.plain)
    }

    fn load(&mut self, number: u32) -> Result<(), Error> {
        if number >= self.chunks {
            return Err(BackupError::Truncated.into());
        }
        let at = HEAD as u64 + u64::from(number) * SEALED as u64;
        self.file
            .seek(SeekFrom::Start(at))
            .and_then(|_| self.file.read_exact(&mut self.sealed))
            .map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => Error::from(BackupError::Truncated),
                _ if self.saving => BackupError::Damaged { chunk: number }.into(),
                _ => VaultError::from_io(error).into(),
            })?;
        let last = number + 1 == self.chunks;
        let open = |last, plain: &mut [u8]| self.stream.open(number, last, &self.sealed, plain);
        if open(last, &mut self.plain).is_ok() {
            return Ok(());
        }
        // Where a backup was cut, the chunk that comes last now does not say so.
        if last && open(false, &mut self.plain).is_ok() {
            self.cut = true;
            return Ok(());
        }
        Err(BackupError::Damaged { chunk: number }.into())
    }
}

/// An evidence file in a backup, read from its start to its end.
pub(crate) struct FileReader<'b> {
    backup: &'b mut OpenBackup,
    offset: u64,
    left: u64,
    sha256: Sha256,
    /// Why a read failed: [`io::Error`] has no place for it.
    failure: Option<Error>,
}

impl<'b> FileReader<'b> {
    pub(crate) fn new(backup: &'b mut OpenBackup, file: &StoredFile) -> Self {
        Self {
            backup,
            offset: file.offset,
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
}

impl Read for FileReader<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.left).unwrap_or(usize::MAX);
        let count = out.len().min(left).min(CHUNK);
        let Some(now) = out.get_mut(..count) else {
            return Ok(0);
        };
        if let Err(error) = self.backup.read_at(self.offset, now) {
            self.failure = Some(error);
            return Err(io::ErrorKind::InvalidData.into());
        }
        self.sha256.update(&*now);
        self.offset += count as u64;
        self.left -= count as u64;
        Ok(count)
    }
}
