//! The SHA-256 of a file, taken along while a verifier reads it.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};

use crate::log::Hash;

/// Bytes that a reader leaves out between two files of a ZIP, at most: read here instead. Whoever
/// jumps farther is not followed; what is missing is read at the end.
const GAP: u64 = 1 << 20;

/// A file that is hashed as far as it is read in order.
pub(super) struct ReadBack {
    file: File,
    at: u64,
    hashed: Hashed,
}

/// How far the file is hashed. The same for all clones.
#[derive(Clone, Default)]
pub(super) struct Hashed(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    hash: Sha256,
    /// Bytes from the start that are in it.
    bytes: u64,
}

impl ReadBack {
    /// Reads from the start of the file, whatever was done with it.
    pub(super) fn new(mut file: File, hashed: &Hashed) -> io::Result<Self> {
        file.seek(SeekFrom::Start(0))?;
        Ok(Self {
            file,
            at: 0,
            hashed: hashed.clone(),
        })
    }
}

impl Read for ReadBack {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut state = self.hashed.0.lock().unwrap_or_else(PoisonError::into_inner);
        let gap = self.at.saturating_sub(state.bytes);
        if (1..=GAP).contains(&gap) {
            self.file.seek(SeekFrom::Start(state.bytes))?;
            state.add(&mut self.file, gap)?;
            self.file.seek(SeekFrom::Start(self.at))?;
        }
        let count = self.file.read(out)?;
        let read = out.get(..count).unwrap_or_default();
        let known = state.bytes.checked_sub(self.at);
        let known = known.and_then(|known| usize::try_from(known).ok());
        if let Some(new) = known.and_then(|known| read.get(known..)) {
            state.hash.update(new);
            state.bytes += new.len() as u64;
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for ReadBack {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = self.file.seek(to)?;
        Ok(self.at)
    }
}

impl Hashed {
    /// The hash of the whole file and its size; what nobody has read yet is read now.
    pub(super) fn finish(self, file: &mut File) -> io::Result<(Hash, u64)> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(state.bytes))?;
        state.add(file, u64::MAX)?;
        Ok((state.hash.clone().finalize().into(), state.bytes))
    }
}

impl State {
    /// Reads on, at most so many bytes.
    fn add(&mut self, file: &mut File, most: u64) -> io::Result<()> {
        let mut file = file.take(most);
        let mut buffer = vec![0; usize::try_from(most.min(1 << 20)).unwrap_or_default()];
        loop {
            let count = file.read(&mut buffer)?;
            if count == 0 {
                return Ok(());
            }
            self.hash.update(buffer.get(..count).unwrap_or_default());
            self.bytes += count as u64;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// However a reader jumps about, the hash is that of the file.
        #[test]
        fn the_hash_is_that_of_the_file(jumps in vec((0u64..3 << 20, 1usize..600_000), 0..12)) {
            let mut file = tempfile::tempfile().unwrap();
            let bytes: Vec<u8> = (0..3u32 << 18).flat_map(u32::to_le_bytes).collect();
            file.write_all(&bytes).unwrap();
            let hashed = Hashed::default();
            let mut reader = ReadBack::new(file.try_clone().unwrap(), &hashed).unwrap();
            for (at, count) in jumps {
                reader.seek(SeekFrom::Start(at)).unwrap();
                let mut out = vec![0; count];
                let read = reader.read(&mut out).unwrap();
                let from = usize::try_from(at).unwrap();
                prop_assert_eq!(&out[..read], &bytes[from..from + read]);
            }
            let (hash, size) = hashed.finish(&mut file).unwrap();
            prop_assert_eq!(hash, Hash::from(Sha256::digest(&bytes)));
            prop_assert_eq!(size, bytes.len() as u64);
        }
    }
}
