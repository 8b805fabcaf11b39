//! The payload of an age file: chunks of 64 KiB under ChaCha20-Poly1305, the last one marked (C2SP
//! age.md, "Payload").

use std::io::{self, Read, Seek, SeekFrom, Write};

use chacha20poly1305::aead::{Aead, AeadInOut};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit};
use zeroize::Zeroizing;

use super::damaged;

pub(super) const CHUNK: usize = 65_536;
const TAG: usize = 16;
/// On the disk.
const SEALED: u64 = (CHUNK + TAG) as u64;

/// Seals what it is given.
pub(crate) struct Writer<W> {
    out: W,
    aead: ChaCha20Poly1305,
    chunk: Zeroizing<Vec<u8>>,
    number: u64,
}

impl<W: Write> Writer<W> {
    pub(super) fn new(out: W, key: &Zeroizing<[u8; 32]>) -> Self {
        Self {
            out,
            aead: ChaCha20Poly1305::new((&**key).into()),
            chunk: Zeroizing::new(Vec::with_capacity(CHUNK + TAG)),
            number: 0,
        }
    }

    /// Seals the last chunk, which is empty only if everything is.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.seal(true)?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn seal(&mut self, last: bool) -> io::Result<()> {
        let nonce = nonce(self.number, last);
        self.aead
            .encrypt_in_place(&nonce.into(), b"", &mut *self.chunk)
            .map_err(io::Error::other)?;
        self.out.write_all(&self.chunk)?;
        self.chunk.clear();
        self.number += 1;
        Ok(())
    }
}

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Only now is it known that the full chunk is not the last one.
        if self.chunk.len() == CHUNK && !bytes.is_empty() {
            self.seal(false)?;
        }
        let count = bytes.len().min(CHUNK - self.chunk.len());
        self.chunk
            .extend_from_slice(bytes.get(..count).unwrap_or_default());
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Opens chunks as they are asked for.
pub(super) struct Reader<R> {
    input: R,
    aead: ChaCha20Poly1305,
    /// Where the first chunk begins.
    start: u64,
    /// Bytes of the plain text.
    size: u64,
    chunks: u64,
    position: u64,
    open: Option<(u64, Zeroizing<Vec<u8>>)>,
}

impl<R: Read + Seek> Reader<R> {
    pub(super) fn new(mut input: R, key: &Zeroizing<[u8; 32]>, start: u64) -> io::Result<Self> {
        let length = input.seek(SeekFrom::End(0))?.saturating_sub(start);
        let chunks = length.div_ceil(SEALED);
        let size = length
            .checked_sub(chunks * TAG as u64)
            .ok_or_else(damaged)?;
        // An empty last chunk stands alone.
        if chunks == 0 || chunks > 1 && (length - 1) % SEALED < TAG as u64 {
            return Err(damaged());
        }
        let mut reader = Self {
            input,
            aead: ChaCha20Poly1305::new((&**key).into()),
            start,
            size,
            chunks,
            position: 0,
            open: None,
        };
        // What was cut off at a chunk would be an end of its own: the mark of the last tells.
        reader.chunk(chunks - 1)?;
        Ok(reader)
    }

    fn chunk(&mut self, number: u64) -> io::Result<&[u8]> {
        if self.open.as_ref().is_none_or(|(open, _)| *open != number) {
            self.input
                .seek(SeekFrom::Start(self.start + number * SEALED))?;
            let mut sealed = Vec::with_capacity(CHUNK + TAG);
            (&mut self.input).take(SEALED).read_to_end(&mut sealed)?;
            let nonce = nonce(number, number + 1 == self.chunks);
            let plain = self.aead.decrypt(&nonce.into(), sealed.as_slice());
            let plain = Zeroizing::new(plain.map_err(|_| damaged())?);
            self.open = Some((number, plain));
        }
        Ok(self.open.as_ref().map_or(&[], |(_, plain)| plain))
    }
}

impl<R: Read + Seek> Read for Reader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.size {
            return Ok(0);
        }
        let (number, at) = (self.position / CHUNK as u64, self.position % CHUNK as u64);
        let at = usize::try_from(at).map_err(io::Error::other)?;
        let mut rest = self.chunk(number)?.get(at..).unwrap_or_default();
        let count = rest.read(out)?;
        self.position += count as u64;
        Ok(count)
    }
}

impl<R: Read + Seek> Seek for Reader<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.position = super::position(self.position, self.size, to)?;
        Ok(self.position)
    }
}

/// An 11-byte counter and the mark of the last chunk.
fn nonce(number: u64, last: bool) -> [u8; 12] {
    let mut nonce = [0; 12];
    let [_, _, _, counter @ .., mark] = &mut nonce;
    counter.copy_from_slice(&number.to_be_bytes());
    *mark = last.into();
    nonce
}
