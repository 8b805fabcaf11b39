//! Reading a backup by offset; nothing is given out before its chunk proved genuine.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use super::BackupError;
use super::folder::evidence_beside;
use super::frame::{CHUNK, HEAD, Head, SEALED};
use crate::error::Error;
use crate::evidence::Stream;
use crate::files::{self, OpenError};
use crate::progress::Progress;
use crate::vault::{BLOCK, Container, Header, KdfFloor, Key, OpenSlot, SecretBytes, VaultError};

/// A backup of which only the header was read.
pub(crate) struct LockedBackup {
    file: File,
    length: u64,
    head: Head,
    header_mended: bool,
    /// Where the evidence files are that are not in it.
    beside: PathBuf,
}

/// A backup whose chunks can be opened. Memory: two chunks.
pub(crate) struct OpenBackup {
    file: File,
    head: Head,
    stream: Stream,
    beside: PathBuf,
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
            OpenError::Io(error) => VaultError::Io(error).into(),
        })?;
        Self::over(file, metadata.len(), floor, evidence_beside(path))
    }

    /// A file that was just written.
    pub(crate) fn written(file: File, length: u64) -> Result<Self, Error> {
        Self::over(file, length, KdfFloor::LOWEST, PathBuf::new())
    }

    fn over(mut file: File, length: u64, floor: KdfFloor, beside: PathBuf) -> Result<Self, Error> {
        let (head, unread) = read_head(&mut file)?;
        let (head, header_mended) = match (Head::parse(&head, floor), unread) {
            (Err(Error::Backup(_)), Some(error)) => return Err(VaultError::Io(error).into()),
            (parsed, _) => parsed?,
        };
        Ok(Self {
            file,
            length,
            head,
            header_mended,
            beside,
        })
    }

    /// The container that it is a backup of.
    pub(super) fn container(&self) -> &[u8; 16] {
        &self.head.header.container_id
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
            beside: self.beside,
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

    /// Where the evidence files are that are not in it.
    pub(crate) fn beside(&self) -> &Path {
        &self.beside
    }

    /// Whether one copy of what stands before the chunks was damaged.
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

/// What stands before the chunks. A copy that the disk does not give is zeros, with the error: the other
/// one may be enough.
fn read_head(file: &mut (impl Read + Seek)) -> Result<([u8; HEAD], Option<io::Error>), Error> {
    let mut head = [0; HEAD];
    let mut unread = None;
    let mut at = 0;
    for part in head.chunks_mut(BLOCK) {
        let read = file.seek(SeekFrom::Start(at));
        match read.and_then(|_| file.read_exact(part)) {
            Ok(()) => {}
            // Shorter than any backup: another file, or the beginning of one.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                return Err(BackupError::NotABackup.into());
            }
            Err(error) => {
                part.fill(0);
                unread = Some(error);
            }
        }
        at += BLOCK as u64;
    }
    Ok((head, unread))
}
