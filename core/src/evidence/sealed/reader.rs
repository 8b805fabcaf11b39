//! Reading a sealed file: nothing is given out before it proved genuine.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{BATCH, ChunkSize, HEAD, Head, Stream, TAG};
use crate::copy::Source;
use crate::evidence::{Damage, EvidenceError, FileKey, MAX_BYTES};
use crate::files::{self, OpenError};
use crate::progress::Progress;

/// A sealed file being read, from its start to its end or by offset. Memory: 2 MiB, less for a small file.
pub(crate) struct Reader<R = File> {
    source: R,
    stream: Stream,
    chunk: ChunkSize,
    size: u64,
    given: u64,
    chunks: u32,
    next: u32,
    sealed: Vec<u8>,
    plain: Zeroizing<Vec<u8>>,
    /// Which bytes of the original `plain` begins with, for reading by offset.
    held: Range<u64>,
    /// What was found wrong. Nothing is given out after it.
    damage: Option<Damage>,
}

impl Reader {
    /// Opens a sealed file that holds `size` bytes of an original. Checks its head and that its
    /// length is exactly that of `size`.
    ///
    /// What it proves: these are bytes sealed under `key`, all of them and in order. Whether
    /// zeros at the end belong to the original is for the SHA-256 to say.
    pub(crate) fn open(path: &Path, key: &FileKey, size: u64) -> Result<Self, EvidenceError> {
        Self::open_with(path, key, size, ChunkSize::STANDARD)
    }

    /// As [`Reader::open`], for files that have another chunk size: only tests do.
    pub(crate) fn open_with(
        path: &Path,
        key: &FileKey,
        size: u64,
        chunk: ChunkSize,
    ) -> Result<Self, EvidenceError> {
        let (file, metadata) = files::open_regular(path).map_err(|error| match error {
            OpenError::NotAFile => Damage::Missing.into(),
            OpenError::Io(error) if error.kind() == io::ErrorKind::NotFound => {
                Damage::Missing.into()
            }
            OpenError::Io(error) => EvidenceError::from(error),
        })?;
        Self::over_with(file, metadata.len(), key, size, chunk)
    }
}

impl<R: Read> Reader<R> {
    /// As [`Reader::open`], for a sealed file of `length` bytes that lies elsewhere.
    pub(crate) fn over(
        source: R,
        length: u64,
        key: &FileKey,
        size: u64,
    ) -> Result<Self, EvidenceError> {
        Self::over_with(source, length, key, size, ChunkSize::STANDARD)
    }

    pub(crate) fn over_with(
        mut source: R,
        length: u64,
        key: &FileKey,
        size: u64,
        chunk: ChunkSize,
    ) -> Result<Self, EvidenceError> {
        if !(1..=MAX_BYTES).contains(&size) || length != chunk.sealed_length(size) {
            return Err(Damage::Length.into());
        }
        let mut head = [0; HEAD];
        read_whole(&mut source, &mut head)?;
        let head = Head::parse(head, chunk)?;
        let chunks = u32::try_from(chunk.chunks(size)).map_err(|_| Damage::Length)?;
        let batch = BATCH.min(usize::try_from(chunks).unwrap_or(BATCH));
        Ok(Self {
            source,
            // EXPOSE: the cipher takes plain bytes.
            stream: Stream::new(key.expose(), head.prefix(), head.0),
            chunk,
            size,
            given: 0,
            chunks,
            next: 0,
            sealed: vec![0; batch * (chunk.bytes() + TAG)],
            plain: Zeroizing::new(vec![0; batch * chunk.bytes()]),
            held: 0..0,
            damage: None,
        })
    }

    /// The next bytes of the original, 1 MiB or what is left; `None` after the last. Chunks
    /// before a damaged one are still given out, then the error, again and again.
    pub(crate) fn next_part(&mut self) -> Result<Option<&[u8]>, EvidenceError> {
        let length = self.open_batch()?;
        Ok(self.plain.get(..length).filter(|part| !part.is_empty()))
    }

    /// Writes the whole original to `out` and returns its SHA-256, for the caller to compare.
    /// After an error `out` holds a genuine beginning, to be thrown away.
    pub(crate) fn copy_to(
        &mut self,
        out: &mut dyn Write,
        progress: &mut dyn Progress,
    ) -> Result<[u8; 32], EvidenceError> {
        let mut sha256 = Sha256::new();
        self.copy(out, progress, |part| sha256.update(part))?;
        Ok(sha256.finalize().into())
    }

    /// As [`Reader::copy_to`], for a caller whose output is hashed and compared later.
    pub(crate) fn copy_unhashed(
        &mut self,
        out: &mut dyn Write,
        progress: &mut dyn Progress,
    ) -> Result<(), EvidenceError> {
        self.copy(out, progress, |_| {})
    }

    fn copy(
        &mut self,
        out: &mut dyn Write,
        progress: &mut dyn Progress,
        mut each: impl FnMut(&[u8]),
    ) -> Result<(), EvidenceError> {
        let (mut done, total) = (self.given, self.size);
        while let Some(part) = self.next_part()? {
            each(part);
            out.write_all(part)?;
            done += part.len() as u64;
            if progress.advance(done, total).is_break() {
                return Err(EvidenceError::Cancelled);
            }
        }
        Ok(())
    }

    /// Opens the next chunks into `plain` and returns how many bytes of it are the original's.
    fn open_batch(&mut self) -> Result<usize, EvidenceError> {
        if let Some(damage) = self.damage {
            return Err(damage.into());
        }
        let chunk = self.chunk.bytes();
        let count = usize::try_from(self.chunks - self.next)
            .unwrap_or(BATCH)
            .min(BATCH);
        let (sealed, _) = self.sealed.split_at_mut(count * (chunk + TAG));
        read_whole(&mut self.source, sealed)?;

        let before = self.given;
        for (sealed, plain) in sealed
            .chunks_exact(chunk + TAG)
            .zip(self.plain.chunks_exact_mut(chunk))
        {
            let last = self.next + 1 == self.chunks;
            if self.stream.open(self.next, last, sealed, plain).is_err() {
                self.damage = Some(Damage::Chunk(self.next));
                break;
            }
            let left = usize::try_from(self.size - self.given).unwrap_or(chunk);
            let (original, padding) = plain.split_at(left.min(chunk));
            if padding.iter().any(|byte| *byte != 0) {
                self.damage = Some(Damage::Padding);
                break;
            }
            self.given += original.len() as u64;
            self.next += 1;
        }
        match (
            self.damage,
            usize::try_from(self.given - before).unwrap_or(0),
        ) {
            (Some(damage), 0) => Err(damage.into()),
            (_, given) => Ok(given),
        }
    }
}

impl<R: Read + Seek> Source for Reader<R> {
    fn length(&self) -> u64 {
        self.size
    }

    /// Chunks are opened as for [`Reader::next_part`], which must not be used beside it.
    fn read_at(&mut self, offset: u64, mut out: &mut [u8]) -> Result<(), EvidenceError> {
        let end = offset.checked_add(out.len() as u64);
        if end.is_none_or(|end| end > self.size) {
            return Err(EvidenceError::Io(io::ErrorKind::UnexpectedEof));
        }
        let mut at = offset;
        while !out.is_empty() {
            if !self.held.contains(&at) {
                self.hold(at)?;
            }
            let start = usize::try_from(at - self.held.start).unwrap_or(usize::MAX);
            let length = usize::try_from(self.held.end - at).unwrap_or(usize::MAX);
            let (part, rest) = out.split_at_mut(length.min(out.len()));
            let plain = self.plain.get(start..).unwrap_or_default();
            part.iter_mut()
                .zip(plain)
                .for_each(|(to, from)| *to = *from);
            at += part.len() as u64;
            out = rest;
        }
        Ok(())
    }
}

impl<R: Read + Seek> Reader<R> {
    /// Opens chunks from that of this offset on.
    fn hold(&mut self, offset: u64) -> Result<(), EvidenceError> {
        let bytes = self.chunk.bytes() as u64;
        let chunk = u32::try_from(offset / bytes).map_err(|_| Damage::Length)?;
        if chunk != self.next {
            let sealed = u64::from(chunk) * (bytes + TAG as u64) + HEAD as u64;
            self.source.seek(SeekFrom::Start(sealed))?;
            self.next = chunk;
            self.given = u64::from(chunk) * bytes;
        }
        self.held = 0..0;
        let start = self.given;
        let length = self.open_batch()? as u64;
        self.held = start..start + length;
        match self.held.contains(&offset) {
            true => Ok(()),
            false => Err(self.damage.unwrap_or(Damage::Length).into()),
        }
    }
}

/// A file that is shorter than its metadata said was cut while it was open.
fn read_whole(source: &mut impl Read, buffer: &mut [u8]) -> Result<(), EvidenceError> {
    source
        .read_exact(buffer)
        .map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => Damage::Length.into(),
            _ => EvidenceError::from(error),
        })
}
