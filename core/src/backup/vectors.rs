//! Vectors of backups: frames and items. The cells are chosen so that most sealed bytes are zeros.

use std::fs;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::frame::{CHUNK, HEAD, Head, SEALED};
use super::items::{Contents, ItemHead, ItemKind, Listed, Place};
use super::{BackupError, FileReader, LockedBackup};
use crate::bytes::put;
use crate::error::Error;
use crate::hex;
use crate::vault::vectors::{CONTAINER_KEY, empty_header};
use crate::vault::{BLOCK, CELL, Container, HEADER, Header, KdfFloor, Key};
use crate::vectors::{self, Keys, Vector, counting};

const SALT: u8 = 0xb0;
const PREFIX: u8 = 0xd0;
const STEP: u32 = 8;
const CELLS: usize = 2 * 16 * CELL;
const NAMES: [u8; 2] = [0x01, 0x81];

fn head() -> Head {
    let header = Header {
        step: STEP,
        ..empty_header()
    };
    Head::new(&header, counting(SALT), counting(PREFIX))
}

fn key(first: u8) -> Key<Container> {
    Key::from_bytes(Zeroizing::new(counting(first)))
}

/// Other bytes in both blocks, under sums that are right.
fn forged(header: &[u8], at: usize, bytes: &[u8]) -> Vec<u8> {
    let mut block = header[..BLOCK].to_vec();
    put(&mut block, at, bytes);
    let sum = Sha256::digest(&block[..BLOCK - 32]);
    put(&mut block, BLOCK - 32, &sum);
    block.repeat(2)
}

/// The sealed file of that number.
fn file(number: usize) -> Vec<u8> {
    vec![NAMES[number]; 1_000 + number]
}

fn item(kind: ItemKind, name: [u8; 16], content: &[u8]) -> Vec<u8> {
    let bytes = content.len() as u64;
    let head = ItemHead { kind, name, bytes }.to_bytes();
    [head.as_slice(), content].concat()
}

fn stored(number: usize) -> Vec<u8> {
    item(ItemKind::File, counting(NAMES[number]), &file(number))
}

fn listed(number: usize, sha256: [u8; 32]) -> [u8; 56] {
    let listed = Listed {
        name: counting(NAMES[number]),
        bytes: file(number).len() as u64,
        sha256,
    };
    listed.to_bytes()
}

fn list(numbers: &[usize]) -> Vec<u8> {
    let listed = numbers
        .iter()
        .map(|number| listed(*number, Sha256::digest(file(*number)).into()));
    item(
        ItemKind::List,
        [0; 16],
        &listed.collect::<Vec<_>>().concat(),
    )
}

fn end() -> Vec<u8> {
    item(ItemKind::End, [0; 16], &[])
}

/// An item that says of itself that it has so many bytes.
fn lying(mut item: Vec<u8>, bytes: u64) -> Vec<u8> {
    item[17..25].copy_from_slice(&bytes.to_be_bytes());
    item
}

/// A backup of these items after the cells, filled up to whole chunks.
fn sealed(head: &Head, items: &[Vec<u8>]) -> Vec<u8> {
    let mut plain = item(ItemKind::Cells, [0; 16], &[0; CELLS]);
    plain.extend(items.concat());
    plain.resize(plain.len().next_multiple_of(CHUNK), 0);
    let stream = head.stream(&key(CONTAINER_KEY));
    let last = plain.len() / CHUNK - 1;
    let seal = |plain: &[u8]| {
        let mut out = Vec::new();
        for (number, chunk) in plain.chunks(CHUNK).enumerate() {
            let mut sealed = vec![0; SEALED];
            let number = number as u32;
            stream
                .seal(number, number as usize == last, chunk, &mut sealed)
                .unwrap();
            out.push(sealed);
        }
        out
    };
    // Of zeros the cipher gives its own bytes: cells that are these are zeros when they are sealed.
    let cells = 25..25 + CELLS;
    let keystream = seal(&plain)[0][cells.clone()].to_vec();
    plain[cells].copy_from_slice(&keystream);
    [vec![head.to_bytes()], seal(&plain)].concat().concat()
}

fn read(keys: &mut Keys, body: &[u8]) -> Result<(), Error> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("backup");
    fs::write(&path, body).unwrap();
    let container = Key::from_bytes(Zeroizing::new(keys.hex("container-key")));
    let mut backup = LockedBackup::open(&path, KdfFloor::Standard)?.open_with(&container)?;
    let contents = Contents::read(&mut backup)?;
    let mut cells = Sha256::new();
    contents.read_cells(&mut backup, |part| {
        cells.update(part);
        Ok(())
    })?;
    for file in contents
        .files
        .iter()
        .filter(|file| file.place != Place::Beside)
    {
        if FileReader::new(&mut backup, file).finish()? != file.sha256 {
            return Err(BackupError::DamagedFile.into());
        }
    }
    keys.same("cells", contents.cells);
    keys.same("cells-sha256", hex::encode(&cells.finalize()));
    let names = contents.files.iter().map(|file| {
        let beside = if file.place == Place::Beside {
            " beside"
        } else {
            ""
        };
        format!("{}{beside}", hex::encode(&file.name))
    });
    keys.same("files", names.collect::<Vec<_>>().join(", "));
    let mended = if backup.header_mended() { "yes" } else { "no" };
    keys.same("a-copy-is-damaged", mended);
    Ok(())
}

#[test]
fn section_22_vectors_of_backups() {
    vectors::settle("backup", &made());
    vectors::check("backup", |keys, body| match read(keys, body) {
        Ok(()) => "success",
        Err(Error::Backup(BackupError::NotABackup)) => "not a backup",
        Err(Error::Backup(BackupError::NewerFormat)) => "newer format",
        Err(Error::Backup(BackupError::DamagedHeader)) => "damaged header",
        Err(Error::Backup(BackupError::Truncated)) => "truncated",
        Err(Error::Backup(BackupError::Damaged { .. })) => "chunk",
        Err(Error::Backup(BackupError::Malformed)) => "malformed",
        Err(Error::Backup(BackupError::DamagedFile)) => "file",
        Err(other) => panic!("{other}"),
    });
}

fn made() -> Vec<Vector> {
    let failing = |name: &str, expect: &str, comment: &str, body: &[u8]| {
        Vector::new(name, expect, comment, body)
            .compressed()
            .key("container-key", hex::encode(&counting::<32>(CONTAINER_KEY)))
    };
    let good = |name: &str, comment: &str, body: &[u8], files: &str, mended: &str| {
        let stream = head().stream(&key(CONTAINER_KEY));
        let mut plain = vec![0; CHUNK];
        let last = body.len() == HEAD + SEALED;
        let chunk = &body[HEAD..HEAD + SEALED];
        stream.open(0, last, chunk, &mut plain).unwrap();
        failing(name, "success", comment, body)
            .key("cells", 16)
            .key(
                "cells-sha256",
                hex::encode(&Sha256::digest(&plain[25..25 + CELLS])),
            )
            .key("files", files)
            .key("a-copy-is-damaged", mended)
    };
    let name = |number: usize| hex::encode(&counting::<16>(NAMES[number]));
    let none = sealed(&head(), &[list(&[]), end()]);
    let two = sealed(&head(), &[stored(0), stored(1), list(&[0, 1]), end()]);
    let both = format!("{}, {}", name(0), name(1));
    let beside = format!("{} beside, {} beside", name(0), name(1));
    let flipped = |places: &[usize]| {
        let mut body = none.clone();
        places.iter().for_each(|at| body[*at] ^= 1);
        body
    };
    let with_header = |header: Vec<u8>| [&header, &none[HEADER..]].concat();
    let other = Head::new(&head().header, counting(SALT), counting(PREFIX + 1));
    let foreign = sealed(&other, &[list(&[]), end()]);
    let (first, second) = two[HEAD..].split_at(SEALED);
    let wrong_sha = item(ItemKind::List, [0; 16], &listed(0, [7; 32]));
    let of = |items: &[Vec<u8>]| sealed(&head(), items);
    let another_key = Vector::new(
        "another-key",
        "chunk",
        "the container key of another vault",
        none.clone(),
    )
    .compressed()
    .key("container-key", hex::encode(&counting::<32>(0)));
    vec![
        good(
            "whole",
            "sixteen cells a half, no evidence",
            &none,
            "",
            "no",
        ),
        good(
            "two-files",
            "two evidence files, two chunks",
            &two,
            &both,
            "no",
        ),
        good(
            "beside",
            "a backup in a folder: the list names files that lie beside it",
            &of(&[list(&[0, 1]), end()]),
            &beside,
            "no",
        ),
        good(
            "first-block",
            "a bit of the first block",
            &flipped(&[200]),
            "",
            "yes",
        ),
        good(
            "salt-copy",
            "a bit of the salt that no sum covers",
            &flipped(&[HEADER]),
            "",
            "yes",
        ),
        good(
            "reserved-copy",
            "a reserved byte that no sum covers",
            &flipped(&[HEAD - 1]),
            "",
            "yes",
        ),
        good(
            "both-blocks-pieces",
            "a bit of each block, in different pieces of 256 bytes",
            &flipped(&[200, 4_096 + 300]),
            "",
            "yes",
        ),
        failing(
            "both-blocks",
            "damaged header",
            "a bit of each block, in the same piece of 256 bytes",
            &flipped(&[200, 4_096 + 210]),
        ),
        failing(
            "magic",
            "not a backup",
            "the header of a vault",
            &with_header(head().header.to_file()),
        ),
        failing(
            "short",
            "not a backup",
            "it ends before its first chunk",
            &none[..HEAD - 1],
        ),
        failing(
            "newer-format",
            "newer format",
            "format 2 in both blocks",
            &with_header(forged(&none[..HEADER], 8, &[0, 2])),
        ),
        failing(
            "no-chunk",
            "truncated",
            "nothing follows the header",
            &none[..HEAD],
        ),
        failing(
            "truncated",
            "truncated",
            "the last chunk is missing",
            &two[..HEAD + SEALED],
        ),
        failing(
            "cut",
            "truncated",
            "the last byte is missing",
            &none[..none.len() - 1],
        ),
        failing(
            "flipped",
            "chunk",
            "a bit of a chunk",
            &flipped(&[HEAD + 9_000]),
        ),
        failing(
            "swapped",
            "chunk",
            "two chunks exchanged",
            &[&two[..HEAD], second, first].concat(),
        ),
        failing(
            "foreign",
            "chunk",
            "the chunk of another backup of the same vault",
            &[&none[..HEAD], &foreign[HEAD..]].concat(),
        ),
        another_key,
        failing(
            "after-the-end",
            "malformed",
            "a byte that is not zero after the end",
            &of(&[list(&[]), end(), vec![1]]),
        ),
        failing(
            "longer",
            "malformed",
            "a byte follows the last chunk",
            &[none.as_slice(), &[0]].concat(),
        ),
        failing(
            "order",
            "malformed",
            "the list before the files",
            &of(&[list(&[0]), stored(0), end()]),
        ),
        failing(
            "descending",
            "malformed",
            "the names of the files descend",
            &of(&[stored(1), stored(0), list(&[1, 0]), end()]),
        ),
        failing(
            "unlisted",
            "malformed",
            "the list names one file of two",
            &of(&[stored(0), stored(1), list(&[0]), end()]),
        ),
        failing(
            "twice",
            "malformed",
            "the list of a folder names a file twice",
            &of(&[list(&[0, 0]), end()]),
        ),
        failing(
            "size",
            "truncated",
            "a file that is larger than the backup",
            &of(&[lying(stored(0), 1 << 40), list(&[0]), end()]),
        ),
        failing(
            "size-overflow",
            "truncated",
            "a file whose end is beyond every number",
            &of(&[lying(stored(0), u64::MAX), list(&[0]), end()]),
        ),
        failing(
            "list-size",
            "malformed",
            "a list that is no whole number of files",
            &of(&[lying(list(&[0]), 55), end()]),
        ),
        failing(
            "end-size",
            "malformed",
            "an end with something in it",
            &of(&[stored(0), list(&[0]), lying(end(), 1)]),
        ),
        failing(
            "cells-twice",
            "malformed",
            "cells where a file or the list must be",
            &of(&[item(ItemKind::Cells, [0; 16], &[0; 8]), list(&[]), end()]),
        ),
        failing(
            "file",
            "file",
            "the list has another SHA of the file",
            &of(&[stored(0), wrong_sha, end()]),
        ),
    ]
}
