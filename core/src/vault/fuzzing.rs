//! Readers of the vault behind their seals: the bytes of the fuzzer are what was sealed.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)] // a panic is how it tells of a fault

use std::sync::OnceLock;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::Token;
use super::cell::{
    CellCipher, ObjectName, PLAINTEXT, Place, check_of, first_of_object, run_of, write_cell_head,
};
use super::head::Head;
use super::header::{BLOCK, HEADER, Half, Header, SLOT, SLOTS};
use super::kdf::{KdfFloor, KdfParams, Stretched};
use super::keys::Key;
use super::node::{self, Node};
use super::secret::{Passphrase, SecretBytes};
use super::slot::{self, open_any, seal_plaintext};
use crate::bytes::put;
use crate::fuzzing::head;

/// A file as it is, and a block whose sum is made to fit.
pub(crate) fn header(bytes: &[u8]) {
    let _ = Header::parse(bytes, KdfFloor::Standard);
    let mut block = bytes.to_vec();
    block.resize(BLOCK - 32, 0);
    let sum = Sha256::digest(&block);
    block.extend_from_slice(&sum);
    let file = block.repeat(2);
    if let Ok(read) = Header::parse(&file, KdfFloor::Standard) {
        assert!(read.header.to_file() == file && !read.one_block_damaged);
        assert!(file.len() == HEADER);
    }
    if let Ok((read, extra)) = Header::parse_backup(&file, KdfFloor::Standard) {
        assert!(read.header.to_backup(&extra) == file && !read.one_block_damaged);
    }
}

/// What a slot holds, sealed in a slot of either half.
pub(crate) fn slot(bytes: &[u8]) {
    static STRETCHED: OnceLock<Stretched> = OnceLock::new();
    let ([index], rest) = head::<1>(bytes);
    let (plaintext, _) = head::<{ slot::PLAINTEXT }>(rest);
    let index = usize::from(index) % SLOTS;
    let mut header = example();
    let stretched = STRETCHED.get_or_init(|| {
        let passphrase = Passphrase::new(b"fuzz").unwrap();
        header
            .params
            .stretch(&SecretBytes::from(&passphrase), &header.salt)
            .unwrap()
    });
    let sealed = Zeroizing::new(plaintext);
    header.slots[index] = seal_plaintext(&header, index, stretched, sealed, [9; 24]).unwrap();
    if let Some(opened) = open_any(&header, stretched) {
        assert!(opened.index == index);
        let kind = [super::SlotKind::Passphrase, super::SlotKind::RecoveryCode];
        let written = kind.map(|kind| *opened.keys.plaintext(kind) == plaintext);
        assert!(written.contains(&true));
    }
    // And as a slot of the file, which no key made.
    header.slots[index] = [bytes.first().copied().unwrap_or(0); SLOT];
    assert!(open_any(&header, stretched).is_none());
}

/// Objects of one to four cells, sealed whatever they hold.
pub(crate) fn cell(bytes: &[u8]) {
    let cipher = CellCipher::new(
        &Key::from_bytes(Zeroizing::new([7; 32])),
        [1; 16],
        Half::Zero,
    );
    let ([position, wrong], plain) = head::<2>(bytes);
    let mut cells = Vec::new();
    let mut all = Vec::new();
    for (part, piece) in (0..4u8).zip(plain.chunks(PLAINTEXT)) {
        let mut plaintext = [0; PLAINTEXT];
        put(&mut plaintext, 0, piece);
        all.extend_from_slice(&plaintext);
        let at = u32::from(position) + u32::from(part);
        cells.extend_from_slice(&cipher.seal_cell(at, [part; 24], &mut plaintext).unwrap());
    }
    let first = first_of_object(&all);
    let name = first.map_or(ObjectName::Head, |(name, _)| name);
    let position = u32::from(position);
    let read = cipher.open_unchecked(name, position, &cells);
    if let Ok(object) = &read {
        let mut written = Vec::new();
        for (part, piece) in (0..run_of(object.len())).zip(padded(object)) {
            let mut plaintext = [0; PLAINTEXT];
            write_cell_head(&mut plaintext, name, part, object.len());
            put(&mut plaintext, 16, piece);
            written.extend_from_slice(&plaintext);
        }
        assert!(written == all);
    }
    let place = Place {
        position: position + u32::from(wrong),
        run: u16::try_from(cells.len() / super::CELL).unwrap(),
        check: check_of(&cells),
    };
    if cipher.open(name, place, &cells).is_ok() {
        assert!(wrong == 0 && read.is_ok());
    }
}

/// Heads and nodes, and the token.
pub(crate) fn index(bytes: &[u8]) {
    let ([level, places], object) = head::<2>(bytes);
    let (level, places) = (level % 6, usize::from(places) % (node::PLACES + 2));
    if let Some(read) = Node::parse(level, places, object) {
        assert!(read.len() == places && read.to_bytes() == object);
        let _ = (read.hash(), read.incidents(), read.is_full());
    }
    if let Some(read) = Head::parse(object) {
        assert!(*read.to_bytes() == object);
    }
    assert!(Token::from_bytes(object).is_some() == (object.len() == 160));
}

fn padded(object: &[u8]) -> impl Iterator<Item = &[u8]> {
    let empty = object.is_empty().then_some(object);
    object.chunks(super::cell::DATA).chain(empty)
}

/// A header at a cost that no reader takes, so that a target runs often.
fn example() -> Header {
    let (memory_kib, passes) = (32, 1);
    Header {
        params: KdfParams { memory_kib, passes },
        step: 8,
        container_id: [1; 16],
        salt: [2; 32],
        instance: [3; 16],
        slots: [[4; SLOT]; SLOTS],
    }
}

/// The same for a backup.
pub(crate) fn backup_header() -> Header {
    let (memory_kib, passes) = (64 << 10, 3);
    Header {
        params: KdfParams { memory_kib, passes },
        ..example()
    }
}
