//! Vectors of sealed evidence files. Their originals are chosen so that most sealed bytes are
//! zeros: the files are as long as the format wants and as small as zlib makes them.

use std::fs;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::sealed::{Stream, TAG};
use super::{Damage, EvidenceError, FileKey, Reader};
use crate::hex;
use crate::progress::NoProgress;
use crate::vectors::{self, Vector, counting};

const CHUNK: usize = 65_536;
const KEY: u8 = 0xe0;
const PREFIX: u8 = 0;

/// The key of the file of the worked example.
pub(crate) fn key() -> FileKey {
    FileKey::from_bytes(Zeroizing::new(counting(KEY)))
}

fn head() -> [u8; 32] {
    let mut head = [0; 32];
    head[..6].copy_from_slice(b"IDEV\x01\x10");
    head[13..].copy_from_slice(&counting::<19>(PREFIX));
    head
}

/// Seals chunks of full length as a writer does that may lie: each with its number and flag.
pub(crate) fn seal(head: [u8; 32], chunks: &[(u32, bool, &[u8])]) -> Vec<u8> {
    let stream = Stream::new(key().expose(), counting(PREFIX), head);
    let mut file = head.to_vec();
    for (number, last, plain) in chunks {
        let mut sealed = vec![0; CHUNK + TAG];
        stream.seal(*number, *last, plain, &mut sealed).unwrap();
        file.extend(sealed);
    }
    file
}

/// An original of one chunk that is zeros when it is sealed, but for its tag.
fn original(head: [u8; 32], number: u32, last: bool) -> Vec<u8> {
    let sealed = seal(head, &[(number, last, &[0; CHUNK])]);
    sealed[32..32 + CHUNK].to_vec()
}

/// The file of the worked example: five bytes, filled up with zeros.
pub(crate) fn hello() -> Vec<u8> {
    let mut plain = [0; CHUNK];
    plain[..5].copy_from_slice(b"hello");
    seal(head(), &[(0, true, &plain)])
}

/// What FORMAT.md section 21 shows of this file.
pub(crate) fn examples() -> Vec<(&'static str, Vec<u8>)> {
    let file = hello();
    vec![
        ("evidence, head", file[..32].to_vec()),
        ("evidence, start of the chunk", file[32..64].to_vec()),
        ("evidence, tag", file[file.len() - TAG..].to_vec()),
        ("evidence, SHA", Sha256::digest(&file).to_vec()),
    ]
}

#[test]
fn section_17_vectors_of_evidence_files() {
    vectors::settle("evidence", &made());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sealed");
    vectors::check("evidence", |keys, body| {
        let key = FileKey::from_bytes(Zeroizing::new(keys.hex("key")));
        fs::write(&path, body).unwrap();
        let mut out = Vec::new();
        let read = Reader::open(&path, &key, keys.number("size"))
            .and_then(|mut reader| reader.copy_to(&mut out, &mut NoProgress));
        // Of everything that was given out, also before a failure.
        keys.same("given-out", out.len());
        keys.same("sha256", hex::encode(&Sha256::digest(&out)));
        match read {
            Ok(sha256) => {
                assert_eq!(sha256, <[u8; 32]>::from(Sha256::digest(&out)));
                "success"
            }
            Err(EvidenceError::Damaged(Damage::Length)) => "length",
            Err(EvidenceError::Damaged(Damage::Head)) => "head",
            Err(EvidenceError::Damaged(Damage::Chunk(_))) => "chunk",
            Err(EvidenceError::Damaged(Damage::Padding)) => "padding",
            Err(other) => panic!("{other}"),
        }
    });
}

fn made() -> Vec<Vector> {
    let vector =
        |name: &str, expect: &str, comment: &str, size: usize, file: &[u8], given: &[u8]| {
            Vector::new(name, expect, comment, file)
                .compressed()
                .key("key", hex::encode(key().expose()))
                .key("size", size)
                .key("given-out", given.len())
                .key("sha256", hex::encode(&Sha256::digest(given)))
        };
    let one = original(head(), 0, true);
    let good = seal(head(), &[(0, true, &one)]);
    let (first, second) = (original(head(), 0, false), original(head(), 1, true));
    let two = seal(head(), &[(0, false, &first), (1, true, &second)]);
    let both = [first.as_slice(), &second].concat();
    let with_head = |at: usize, byte: u8| {
        let mut head = head();
        head[at] = byte;
        seal(head, &[(0, true, &original(head, 0, true))])
    };
    let flipped = |file: &[u8], at: usize| {
        let mut file = file.to_vec();
        file[at] ^= 1;
        file
    };
    // 65,535 bytes of an original, and a byte after them that is not zero.
    let mut unpadded = one.clone();
    unpadded[CHUNK - 1] |= 1;
    let unpadded = seal(head(), &[(0, true, &unpadded)]);
    let (a, b) = two[32..].split_at(CHUNK + TAG);
    let swapped = [&two[..32], b, a].concat();
    let size = CHUNK;
    vec![
        vector(
            "five-bytes",
            "success",
            "the file of the worked example: hello",
            5,
            &hello(),
            b"hello",
        ),
        vector("one-chunk", "success", "a full chunk", size, &good, &one),
        vector(
            "two-chunks",
            "success",
            "two full chunks",
            2 * size,
            &two,
            &both,
        ),
        vector(
            "magic",
            "head",
            "another magic",
            size,
            &with_head(3, b'X'),
            b"",
        ),
        vector(
            "suite-2",
            "head",
            "a suite that does not exist",
            size,
            &with_head(4, 2),
            b"",
        ),
        vector(
            "chunk-log2-15",
            "head",
            "another chunk size",
            size,
            &with_head(5, 15),
            b"",
        ),
        vector(
            "reserved",
            "head",
            "a reserved byte is not zero",
            size,
            &with_head(12, 1),
            b"",
        ),
        vector(
            "prefix",
            "chunk",
            "a bit of the prefix",
            size,
            &flipped(&good, 13),
            b"",
        ),
        vector(
            "tag",
            "chunk",
            "a bit of the tag",
            size,
            &flipped(&good, 32 + CHUNK),
            b"",
        ),
        vector(
            "ciphertext",
            "chunk",
            "a bit of the second chunk: the first is given out",
            2 * size,
            &flipped(&two, 32 + CHUNK + TAG + 100),
            &first,
        ),
        vector(
            "not-last",
            "chunk",
            "the only chunk does not say that it is the last",
            size,
            &seal(head(), &[(0, false, &original(head(), 0, false))]),
            b"",
        ),
        vector(
            "last-too-early",
            "chunk",
            "the first of two chunks says that it is the last",
            2 * size,
            &seal(head(), &[(0, true, &one), (1, true, &second)]),
            b"",
        ),
        vector(
            "number",
            "chunk",
            "the only chunk has the number 1",
            size,
            &seal(head(), &[(1, true, &second)]),
            b"",
        ),
        vector(
            "swapped",
            "chunk",
            "two chunks exchanged",
            2 * size,
            &swapped,
            b"",
        ),
        vector(
            "short",
            "length",
            "the last byte is missing",
            size,
            &good[..good.len() - 1],
            b"",
        ),
        vector(
            "long",
            "length",
            "a byte follows",
            size,
            &[good.as_slice(), &[0]].concat(),
            b"",
        ),
        vector(
            "cut",
            "length",
            "the second chunk is missing",
            2 * size,
            &two[..32 + CHUNK + TAG],
            b"",
        ),
        vector("size-0", "length", "no file is empty", 0, &head(), b""),
        vector(
            "padding",
            "padding",
            "the byte after the original is not zero",
            size - 1,
            &unpadded,
            b"",
        ),
    ]
}
