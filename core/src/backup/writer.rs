//! Sealing a backup, chunk by chunk.

use std::io::Write;

use super::frame::{CHUNK, Head, SEALED};
use super::items::{ItemHead, ItemKind, Listed};
use crate::error::Error;
use crate::evidence::{EvidenceError, Stream};
use crate::vault::{Container, Header, Key, VaultError};

/// A backup being written: items in the order of the format. Memory: two chunks.
pub(crate) struct BackupWriter<W> {
    out: W,
    stream: Stream,
    number: u32,
    /// The chunk that is being filled; full only while it is not known whether more comes.
    plain: Vec<u8>,
    sealed: Vec<u8>,
    list: Vec<Listed>,
}

impl<W: Write> BackupWriter<W> {
    /// Writes what stands before the chunks.
    pub(crate) fn begin(out: W, header: &Header, key: &Key<Container>) -> Result<Self, Error> {
        Self::begin_with(out, Head::make(header)?, key)
    }

    pub(super) fn begin_with(mut out: W, head: Head, key: &Key<Container>) -> Result<Self, Error> {
        out.write_all(&head.to_bytes())
            .map_err(VaultError::from_io)?;
        Ok(Self {
            out,
            stream: head.stream(key),
            number: 0,
            plain: Vec::with_capacity(CHUNK),
            sealed: vec![0; SEALED],
            list: Vec::new(),
        })
    }

    /// Announces all cells: `bytes` of them follow with [`BackupWriter::write`].
    pub(crate) fn cells(&mut self, bytes: u64) -> Result<(), Error> {
        self.head(ItemKind::Cells, [0; 16], bytes)
    }

    /// Announces an evidence file: `bytes` of it follow with [`BackupWriter::write`].
    pub(crate) fn file(&mut self, name: [u8; 16], bytes: u64) -> Result<(), Error> {
        self.head(ItemKind::File, name, bytes)
    }

    /// Puts a file on the list, once its bytes are known.
    pub(crate) fn list(&mut self, name: [u8; 16], bytes: u64, sha256: [u8; 32]) {
        self.list.push(Listed {
            name,
            bytes,
            sha256,
        });
    }

    /// The next bytes of the item that was announced.
    pub(crate) fn write(&mut self, mut bytes: &[u8]) -> Result<(), Error> {
        while !bytes.is_empty() {
            if self.plain.len() == CHUNK {
                self.seal(false)?;
            }
            let room = CHUNK - self.plain.len();
            let (now, later) = bytes.split_at(bytes.len().min(room));
            self.plain.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    /// Writes the list and the end, and gives back what was written to.
    pub(crate) fn finish(mut self) -> Result<W, Error> {
        let list = std::mem::take(&mut self.list);
        let bytes: Vec<u8> = list.iter().flat_map(Listed::to_bytes).collect();
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.head(ItemKind::List, [0; 16], size)?;
        self.write(&bytes)?;
        self.head(ItemKind::End, [0; 16], 0)?;
        self.plain.resize(CHUNK, 0);
        self.seal(true)?;
        Ok(self.out)
    }

    fn head(&mut self, kind: ItemKind, name: [u8; 16], bytes: u64) -> Result<(), Error> {
        self.write(&ItemHead { kind, name, bytes }.to_bytes())
    }

    fn seal(&mut self, last: bool) -> Result<(), Error> {
        self.stream
            .seal(self.number, last, &self.plain, &mut self.sealed)
            // Nothing else can fail: the lengths are constants.
            .ok_or(EvidenceError::TooLarge)?;
        self.out
            .write_all(&self.sealed)
            .map_err(VaultError::from_io)?;
        self.plain.clear();
        self.number = self.number.checked_add(1).ok_or(EvidenceError::TooLarge)?;
        Ok(())
    }
}
