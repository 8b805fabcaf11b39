//! Writing a sealed file: one pass for the SHA-256 and the sealing.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::stream::PREFIX;
use super::{BATCH, ChunkSize, Head, Stream, TAG};
use crate::evidence::{EvidenceError, FileKey, MAX_BYTES, MediaType};
use crate::files::{self, Unfinished};
use crate::picture;
use crate::random;

/// Seconds from 1970 to 1980-01-01: the modification time of every sealed file, so that it does
/// not tell when she wrote. It is the same as in bundles.
const MODIFIED: Duration = Duration::from_secs(315_532_800);

/// Gives a sealed file the time that all of them have.
pub(crate) fn set_constant_time(file: &File) -> io::Result<()> {
    file.set_modified(SystemTime::UNIX_EPOCH + MODIFIED)
}

/// What was sealed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Sealed {
    /// Bytes of the original.
    pub(crate) size: u64,
    /// SHA-256 of the original.
    pub(crate) sha256: [u8; 32],
    /// What its first bytes look like.
    pub(crate) media_type: MediaType,
    /// When a picture says it was taken.
    pub(crate) taken: Option<String>,
}

/// A sealed file being written, fed with the original piece by piece. Dropped before
/// [`Writer::finish`], it removes the file. Memory: 2 MiB, whatever the size.
pub(crate) struct Writer {
    file: File,
    unfinished: Unfinished,
    folder: PathBuf,
    stream: Stream,
    chunk: ChunkSize,
    /// A batch of the original; full only while it is not known whether more comes.
    plain: Zeroizing<Vec<u8>>,
    filled: usize,
    sealed: Vec<u8>,
    next: u32,
    size: u64,
    sha256: Sha256,
    media_type: Option<MediaType>,
    taken: Option<String>,
    /// A batch was lost on its way to the disk: the file can never be finished.
    broken: bool,
}

impl Writer {
    /// Starts a sealed file at `path`, where nothing may be yet.
    ///
    /// `key` MUST be fresh and MUST NOT be used for a second attempt.
    pub(crate) fn create(path: &Path, key: &FileKey) -> Result<Self, EvidenceError> {
        Self::start(path, key, ChunkSize::STANDARD, random::bytes()?)
    }

    /// The same bytes every time, for tests and test vectors.
    #[cfg(test)]
    pub(crate) fn create_fixed(
        path: &Path,
        key: &FileKey,
        chunk: ChunkSize,
        prefix: [u8; PREFIX],
    ) -> Result<Self, EvidenceError> {
        Self::start(path, key, chunk, prefix)
    }

    /// Adds the next bytes of the original.
    pub(crate) fn write(&mut self, mut bytes: &[u8]) -> Result<(), EvidenceError> {
        while !bytes.is_empty() {
            let room = self.room()?;
            let (now, later) = bytes.split_at(bytes.len().min(room.len()));
            room.split_at_mut(now.len()).0.copy_from_slice(now);
            self.took(now.len())?;
            bytes = later;
        }
        Ok(())
    }

    /// Adds what one read of `source` gives, at most `most` bytes, without copying it. Returns
    /// how many bytes: 0 at the end of the source. To be called only if the source is known to
    /// hold more; if it does not, the file may not be finished any more.
    pub(crate) fn read_from(
        &mut self,
        source: &mut impl Read,
        most: u64,
    ) -> Result<usize, EvidenceError> {
        let room = self.room()?;
        let most = usize::try_from(most).unwrap_or(usize::MAX).min(room.len());
        let (room, _) = room.split_at_mut(most);
        let got = loop {
            match source.read(room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                got => break got.map_err(|error| EvidenceError::of_source(&error))?,
            }
        };
        self.took(got)?;
        Ok(got)
    }

    /// Seals the rest and makes the file and its name durable.
    pub(crate) fn finish(mut self) -> Result<Sealed, EvidenceError> {
        if self.size == 0 {
            return Err(EvidenceError::Empty);
        }
        if self.filled == 0 {
            // The last batch was sealed as not the last, and what should have followed never came.
            return Err(EvidenceError::ChangedWhileRead);
        }
        self.flush(true)?;
        set_constant_time(&self.file)?;
        self.file.sync_all()?;
        files::sync_folder(&self.folder)?;
        self.unfinished.keep();
        Ok(Sealed {
            size: self.size,
            sha256: self.sha256.finalize().into(),
            media_type: self.media_type.unwrap_or(MediaType::Unknown),
            taken: self.taken,
        })
    }

    fn start(
        path: &Path,
        key: &FileKey,
        chunk: ChunkSize,
        prefix: [u8; PREFIX],
    ) -> Result<Self, EvidenceError> {
        let (mut file, unfinished) = files::create(path)?;
        let head = Head::new(chunk, prefix);
        file.write_all(&head.0)?;
        Ok(Self {
            file,
            unfinished,
            folder: files::folder_of(path).to_owned(),
            // EXPOSE: the cipher takes plain bytes.
            stream: Stream::new(key.expose(), prefix, head.0),
            chunk,
            plain: Zeroizing::new(vec![0; BATCH * chunk.bytes()]),
            filled: 0,
            sealed: vec![0; BATCH * (chunk.bytes() + TAG)],
            next: 0,
            size: 0,
            sha256: Sha256::new(),
            media_type: None,
            taken: None,
            broken: false,
        })
    }

    /// Where the next bytes go; never empty. To be called only when at least one more byte is
    /// sure to come, because it seals a full batch as not the last.
    fn room(&mut self) -> Result<&mut [u8], EvidenceError> {
        if self.filled == self.plain.len() {
            self.flush(false)?;
        }
        Ok(self.plain.get_mut(self.filled..).unwrap_or_default())
    }

    fn took(&mut self, count: usize) -> Result<(), EvidenceError> {
        self.filled += count;
        self.size = self.size.saturating_add(count as u64);
        if self.size > MAX_BYTES {
            return Err(EvidenceError::TooLarge);
        }
        Ok(())
    }

    /// Hashes, seals and writes what is there. Chunk by chunk, so that each is still in the
    /// processor's cache when it is sealed.
    fn flush(&mut self, last: bool) -> Result<(), EvidenceError> {
        if self.broken || self.size > MAX_BYTES {
            return Err(EvidenceError::Io(io::ErrorKind::BrokenPipe));
        }
        self.broken = true;
        let chunk = self.chunk.bytes();
        let count = self.filled.div_ceil(chunk);
        let (original, rest) = self.plain.split_at_mut(self.filled);
        if self.media_type.is_none() {
            self.media_type = Some(MediaType::of(original));
            self.taken = picture::taken(original);
        }
        rest.fill(0);

        let parts = self
            .plain
            .chunks_exact(chunk)
            .zip(self.sealed.chunks_exact_mut(chunk + TAG));
        let mut left = self.filled;
        for (plain, sealed) in parts.take(count) {
            let (original, _) = plain.split_at(left.min(chunk));
            self.sha256.update(original);
            left -= original.len();
            self.stream
                .seal(self.next, last && left == 0, plain, sealed)
                .ok_or(EvidenceError::TooLarge)?;
            self.next = self.next.checked_add(1).ok_or(EvidenceError::TooLarge)?;
        }
        let (sealed, _) = self.sealed.split_at(count * (chunk + TAG));
        self.file.write_all(sealed)?;
        self.filled = 0;
        self.broken = false;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A writer of tiny chunks that holds one full batch, not yet sealed.
    fn full(path: &Path) -> Writer {
        let key = FileKey::make().unwrap();
        let mut writer = Writer::create_fixed(path, &key, ChunkSize::tiny(), [0; PREFIX]).unwrap();
        writer.write(&vec![1; BATCH * 32]).unwrap();
        writer
    }

    #[test]
    fn a_promised_byte_that_never_came_is_not_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sealed");
        let mut writer = full(&path);
        assert_eq!(writer.read_from(&mut io::empty(), 1), Ok(0));
        assert_eq!(writer.finish(), Err(EvidenceError::ChangedWhileRead));
        assert!(!path.exists());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn nothing_can_be_finished_after_a_full_disk() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sealed");
        let mut writer = full(&path);
        writer.file = File::options().write(true).open("/dev/full").unwrap();
        assert_eq!(writer.write(&[1]), Err(EvidenceError::DiskFull));
        writer.file = File::create(folder.path().join("space")).unwrap();
        assert!(writer.write(&[1]).is_err());
        assert!(writer.finish().is_err());
        assert!(!path.exists());
    }

    #[test]
    fn dropping_it_removes_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sealed");
        let writer = full(&path);
        assert!(path.exists());
        drop(writer);
        assert!(!path.exists());
    }
}
