//! The sealed file, byte by byte.
//!
//! ```text
//! 0   4   "IDEV"
//! 4   1   suite: 1 = STREAM (BE32) with XChaCha20-Poly1305
//! 5   1   log2 of the bytes in a chunk: 16
//! 6   7   reserved, zero
//! 13  19  random prefix of every nonce
//! 32  ... chunks, each of 65,536 + 16 bytes; the last one filled up with zeros
//! ```
//! STREAM is that of Hoang, Reyhanitabar, Rogaway and Vizár (2015), "Online Authenticated-
//! Encryption and its Nonce-Reuse Misuse-Resistance", as age uses it. The true size is kept
//! outside.

mod reader;
mod stream;
mod writer;

pub(crate) use self::reader::Reader;
pub(crate) use self::stream::{PREFIX, Stream, TAG};
pub(crate) use self::writer::{Sealed, Writer, set_constant_time};

use super::Damage;

/// Bytes of the head. They are the associated data of every chunk.
const HEAD: usize = 32;

/// Chunks that are read, sealed and written together: 1 MiB of 64 KiB chunks. Small chunks make
/// a cheap place to resume or seek, few large writes make a pass cheap.
const BATCH: usize = 16;

/// Bytes of plain text in a chunk, as a power of two.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct ChunkSize {
    log2: u8,
}

impl ChunkSize {
    /// The only one of suite 1.
    pub(crate) const STANDARD: Self = Self { log2: 16 };

    /// A size that no reader accepts outside tests, so that tests can go through every bit.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn tiny() -> Self {
        Self { log2: 5 }
    }

    fn bytes(self) -> usize {
        1 << self.log2
    }

    fn chunks(self, size: u64) -> u64 {
        size.div_ceil(1 << self.log2)
    }

    fn sealed_length(self, size: u64) -> u64 {
        let sealed = (1 << self.log2) + TAG as u64;
        self.chunks(size)
            .saturating_mul(sealed)
            .saturating_add(HEAD as u64)
    }
}

/// The first 32 bytes.
struct Head([u8; HEAD]);

impl Head {
    /// STREAM (BE32) with XChaCha20-Poly1305.
    const SUITE: u8 = 1;

    fn new(chunk: ChunkSize, prefix: [u8; stream::PREFIX]) -> Self {
        let mut head = [0; HEAD];
        head[..4].copy_from_slice(b"IDEV");
        head[4] = Self::SUITE;
        head[5] = chunk.log2;
        head[HEAD - stream::PREFIX..].copy_from_slice(&prefix);
        Self(head)
    }

    /// Reads a head that has this chunk size and nothing unknown in it.
    fn parse(bytes: [u8; HEAD], chunk: ChunkSize) -> Result<Self, Damage> {
        let head = Self(bytes);
        if Self::new(chunk, head.prefix()).0 != bytes {
            return Err(Damage::Head);
        }
        Ok(head)
    }

    fn prefix(&self) -> [u8; stream::PREFIX] {
        self.0.last_chunk().copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use chacha20poly1305::aead::{Aead, KeyInit, Payload};
    use chacha20poly1305::{XChaCha20Poly1305, XNonce};
    use sha2::{Digest, Sha256};
    use zeroize::Zeroizing;

    use super::*;
    use crate::evidence::{EvidenceError, FileKey};
    use crate::progress::NoProgress;

    const PREFIX: [u8; stream::PREFIX] = [7; stream::PREFIX];

    fn key() -> FileKey {
        FileKey::from_bytes(Zeroizing::new([9; 32]))
    }

    fn some_bytes(size: usize) -> Vec<u8> {
        (0..size)
            .map(|i| u8::try_from(i.wrapping_mul(31) % 251).unwrap() + 1)
            .collect()
    }

    fn seal_tiny(path: &Path, bytes: &[u8]) {
        let mut writer = Writer::create_fixed(path, &key(), ChunkSize::tiny(), PREFIX).unwrap();
        writer.write(bytes).unwrap();
        writer.finish().unwrap();
    }

    /// What a reader gives out, and how it ends.
    fn read_tiny(path: &Path, size: u64) -> (Vec<u8>, Result<[u8; 32], EvidenceError>) {
        let mut out = Vec::new();
        let end = Reader::open_with(path, &key(), size, ChunkSize::tiny())
            .and_then(|mut reader| reader.copy_to(&mut out, &mut NoProgress));
        (out, end)
    }

    /// Writes `sealed` and reads it as 80 bytes. Refused, and nothing false given out.
    fn refused(path: &Path, sealed: &[u8], plain: &[u8]) -> Damage {
        fs::write(path, sealed).unwrap();
        let (out, end) = read_tiny(path, plain.len() as u64);
        assert!(plain.starts_with(&out));
        match end {
            Err(EvidenceError::Damaged(damage)) => damage,
            other => panic!("{other:?}"),
        }
    }

    /// Three chunks of 32 bytes, the last one half full: 32 + 3 x 48 = 176 bytes.
    fn three_chunks(path: &Path) -> (Vec<u8>, Vec<u8>) {
        let plain = some_bytes(80);
        seal_tiny(path, &plain);
        (plain, fs::read(path).unwrap())
    }

    #[test]
    fn section_17_comes_back_whole_at_every_edge() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sealed");
        let mib = 1 << 20;
        for size in [
            1,
            65_535,
            65_536,
            65_537,
            131_072,
            mib - 1,
            mib,
            mib + 1,
            2 * mib,
        ] {
            let (key, plain) = (FileKey::make().unwrap(), some_bytes(size));
            let mut writer = Writer::create(&path, &key).unwrap();
            for part in plain.chunks(100_003) {
                writer.write(part).unwrap();
            }
            let sealed = writer.finish().unwrap();
            assert_eq!(sealed.size, size as u64);
            assert_eq!(sealed.sha256, <[u8; 32]>::from(Sha256::digest(&plain)));
            let length = 32 + 65_552 * size.div_ceil(65_536);
            assert_eq!(fs::metadata(&path).unwrap().len(), length as u64);
            assert_eq!(
                ChunkSize::STANDARD.sealed_length(size as u64),
                length as u64
            );

            let mut out = Vec::new();
            let mut reader = Reader::open(&path, &key, size as u64).unwrap();
            assert_eq!(reader.copy_to(&mut out, &mut NoProgress), Ok(sealed.sha256));
            assert!(out == plain);
            fs::remove_file(&path).unwrap();
        }
    }

    /// Forwards, backwards, over the edges of chunks and batches, and not past the end.
    #[test]
    fn any_part_is_read_by_its_offset() {
        use crate::copy::Source as _;

        let size = 3 * 32 * BATCH + 7;
        let original = some_bytes(size);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sealed");
        seal_tiny(&path, &original);
        let mut reader = Reader::open_with(&path, &key(), size as u64, ChunkSize::tiny()).unwrap();
        assert_eq!(reader.length(), size as u64);
        for (start, length) in [
            (0, 1),
            (1_000, 200),
            (5, 40),
            (0, size),
            (size - 1, 1),
            (31, 2),
            (size, 0),
        ] {
            let mut part = vec![0; length];
            reader.read_at(start as u64, &mut part).unwrap();
            assert_eq!(part, original[start..start + length], "{start}");
        }
        for past in [size - 1, size, usize::MAX] {
            assert!(reader.read_at(past as u64, &mut [0; 2]).is_err());
        }
    }

    #[test]
    fn tiny_chunks_go_through_several_batches() {
        let folder = tempfile::tempdir().unwrap();
        for size in [1, 31, 32, 33, 511, 512, 513, 1024, 1025, 1600] {
            let (path, plain) = (folder.path().join(size.to_string()), some_bytes(size));
            seal_tiny(&path, &plain);
            let (out, end) = read_tiny(&path, size as u64);
            assert_eq!(
                (out, end),
                (plain.clone(), Ok(Sha256::digest(&plain).into()))
            );
        }
    }

    #[test]
    fn section_17_the_bytes_are_as_specified() {
        let folder = tempfile::tempdir().unwrap();
        let (mut plain, sealed) = three_chunks(&folder.path().join("sealed"));
        let head = [b"IDEV\x01\x05".as_slice(), &[0; 7], &PREFIX].concat();
        plain.resize(96, 0);
        let mut expected = head.clone();
        for (number, msg) in (0u8..).zip(plain.chunks(32)) {
            let nonce = [PREFIX.as_slice(), &[0, 0, 0, number, u8::from(number == 2)]].concat();
            expected.extend(
                XChaCha20Poly1305::new(key().expose().into())
                    .encrypt(
                        &XNonce::try_from(nonce.as_slice()).unwrap(),
                        Payload { msg, aad: &head },
                    )
                    .unwrap(),
            );
        }
        assert_eq!(sealed, expected);
    }

    #[test]
    fn section_17_every_flipped_bit_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (plain, sealed) = three_chunks(&folder.path().join("sealed"));
        let path = folder.path().join("changed");
        for bit in 0..sealed.len() * 8 {
            let mut changed = sealed.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            // The prefix is part of every nonce, so its bits show in the first chunk.
            let expected = match bit / 8 {
                0..13 => Damage::Head,
                13..80 => Damage::Chunk(0),
                80..128 => Damage::Chunk(1),
                _ => Damage::Chunk(2),
            };
            assert_eq!(refused(&path, &changed, &plain), expected, "bit {bit}");
        }
    }

    #[test]
    fn section_17_every_truncation_and_anything_appended_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (plain, sealed) = three_chunks(&folder.path().join("sealed"));
        let path = folder.path().join("changed");
        for length in 0..sealed.len() {
            assert_eq!(
                refused(&path, &sealed[..length], &plain),
                Damage::Length,
                "{length}"
            );
        }
        for more in [1, 16, 48] {
            let longer = [sealed.as_slice(), &vec![0; more]].concat();
            assert_eq!(refused(&path, &longer, &plain), Damage::Length);
        }
    }

    #[test]
    fn section_17_chunks_hold_their_places() {
        let folder = tempfile::tempdir().unwrap();
        let (plain, sealed) = three_chunks(&folder.path().join("sealed"));
        let path = folder.path().join("changed");
        let build = |order: &[usize]| {
            let mut file = sealed[..32].to_vec();
            for number in order {
                file.extend(&sealed[32 + 48 * number..][..48]);
            }
            file
        };
        assert_eq!(build(&[0, 1, 2]), sealed);
        for (order, bad) in [
            ([1, 0, 2], 0),
            ([0, 2, 1], 1),
            ([0, 0, 2], 1),
            ([0, 1, 1], 2),
            ([0, 2, 2], 1),
        ] {
            assert_eq!(
                refused(&path, &build(&order), &plain),
                Damage::Chunk(bad),
                "{order:?}"
            );
        }
        // Cut to whole chunks, with a size to match: the last chunk does not say that it is last.
        assert_eq!(
            refused(&path, &build(&[0, 1]), &plain[..64]),
            Damage::Chunk(1)
        );
        // Longer, with a size to match: the real last chunk says that it is.
        let longer = [plain.as_slice(), &[0; 48]].concat();
        assert_eq!(
            refused(&path, &build(&[0, 1, 2, 2]), &longer),
            Damage::Chunk(2)
        );
    }

    #[test]
    fn section_17_a_wrong_size_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sealed");
        let _ = three_chunks(&path);
        for (size, damage) in [
            (0, Damage::Length),
            (64, Damage::Length),
            (79, Damage::Padding),
            (97, Damage::Length),
            (u64::MAX, Damage::Length),
        ] {
            assert_eq!(read_tiny(&path, size).1, Err(damage.into()), "{size}");
        }
        // One byte too many is a zero of the padding: that is what the SHA-256 is for.
        assert_ne!(read_tiny(&path, 81).1, read_tiny(&path, 80).1);
    }

    #[test]
    fn another_key_or_chunk_size_opens_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sealed");
        seal_tiny(&path, &some_bytes(80));
        let mut reader =
            Reader::open_with(&path, &FileKey::make().unwrap(), 80, ChunkSize::tiny()).unwrap();
        assert_eq!(reader.next_part(), Err(Damage::Chunk(0).into()));
        assert_eq!(
            reader.next_part(),
            Err(Damage::Chunk(0).into()),
            "it stays refused"
        );

        let mut file = fs::read(&path).unwrap();
        file.resize(32 + 65_552, 0);
        fs::write(&path, &file).unwrap();
        assert_eq!(
            Reader::open(&path, &key(), 80).err(),
            Some(Damage::Head.into())
        );
    }
}
