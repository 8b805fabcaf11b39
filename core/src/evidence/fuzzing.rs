//! A sealed file that was damaged, and one that a writer made which may lie.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)] // a panic is how it tells of a fault

use zeroize::Zeroizing;

use super::sealed::{ChunkSize, Reader, Stream, TAG};
use super::{FileKey, MediaType};
use crate::fuzzing::{damage, head};
use crate::progress::NoProgress;

/// Bytes in a chunk.
const CHUNK: usize = 32;

/// Eight bytes of damage, the size that the log would say, and what is in the chunks.
pub(crate) fn sealed(bytes: &[u8]) {
    let _ = MediaType::of(bytes);
    let (how, rest) = head::<8>(bytes);
    let (size, plain) = head::<2>(rest);
    let size = u64::from(u16::from_be_bytes(size));
    let key = FileKey::from_bytes(Zeroizing::new([7; 32]));

    let mut first = *b"IDEV\x01\x05__________________________";
    first[6..13].fill(0);
    let prefix = *first.last_chunk().unwrap();
    let stream = Stream::new(key.expose(), prefix, first);
    let mut file = first.to_vec();
    let chunks = plain.len().div_ceil(CHUNK);
    for (number, piece) in (0..).zip(plain.chunks(CHUNK)) {
        let (chunk, _) = head::<CHUNK>(piece);
        let mut sealed = [0; CHUNK + TAG];
        let last = number as usize + 1 == chunks;
        stream.seal(number, last, &chunk, &mut sealed).unwrap();
        file.extend_from_slice(&sealed);
    }
    let changed = damage(&mut file, how);

    let length = file.len() as u64;
    let read = Reader::over_with(file.as_slice(), length, &key, size, ChunkSize::tiny());
    let Ok(mut reader) = read else { return };
    let mut out = Vec::new();
    let whole = reader.copy_to(&mut out, &mut NoProgress);
    // A genuine beginning, whatever follows.
    assert!(plain.starts_with(&out[..out.len().min(plain.len())]));
    assert!(out.iter().skip(plain.len()).all(|byte| *byte == 0));
    if whole.is_ok() {
        assert!(!changed && out.len() as u64 == size);
    }
}
