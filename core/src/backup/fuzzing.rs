//! A backup whose chunks hold whatever the fuzzer says, sealed as a writer does.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)] // a panic is how it tells of a fault

use std::fs::{self, File, OpenOptions};
use std::io::{Seek, Write};

use zeroize::Zeroizing;

use super::frame::{CHUNK, HEAD, Head, SEALED};
use super::items::ITEM_HEAD;
use super::reader::LockedBackup;
use super::{Contents, FileReader};
use crate::evidence::TAG;
use crate::fuzzing::{damage, head};
use crate::progress::NoProgress;
use crate::vault::{CELL, Key, fuzzing};

/// Cells of both tables in the smallest backup.
const CELLS: usize = 2 * 8 * CELL;

/// Eight bytes of damage, the head of the first item, and what follows on the cells.
pub(crate) fn backup(bytes: &[u8]) {
    let (how, contents) = head::<8>(bytes);
    let (first, rest) = head::<ITEM_HEAD>(contents);
    let mut plain = first.to_vec();
    plain.resize(ITEM_HEAD + CELLS, 0);
    plain.extend_from_slice(rest.get(..3 * CHUNK).unwrap_or(rest));
    plain.resize(plain.len().next_multiple_of(CHUNK), 0);

    let header = fuzzing::backup_header();
    let frame = Head::new(&header, [5; 32], [6; 19]);
    let key = Key::from_bytes(Zeroizing::new([7; 32]));
    let mut file = frame.to_bytes();
    let stream = frame.stream(&key);
    let chunks = plain.len() / CHUNK;
    for (number, chunk) in plain.chunks(CHUNK).enumerate() {
        let mut sealed = vec![0; SEALED];
        let number = u32::try_from(number).unwrap();
        let last = number as usize + 1 == chunks;
        stream.seal(number, last, chunk, &mut sealed).unwrap();
        file.extend_from_slice(&sealed);
    }
    debug_assert!(file.len() == HEAD + chunks * (CHUNK + TAG));
    damage(&mut file, how);

    let on_disk = nameless(&file);
    let length = file.len() as u64;
    let Ok(locked) = LockedBackup::written(on_disk, length) else {
        return;
    };
    let Ok(mut backup) = locked.open_with(&key) else {
        return;
    };
    if let Ok(contents) = Contents::read(&mut backup) {
        assert!(contents.cells == 8);
        for file in &contents.files {
            let mut reader = FileReader::new(&mut backup, file);
            let mut out = Vec::new();
            if reader.copy_to(&mut out).is_ok() {
                assert!(out.len() as u64 == file.bytes);
                let _ = reader.finish();
            }
        }
    }
    let _ = backup.survey(&mut NoProgress);
    if let Ok(contents) = Contents::read_damaged(&mut backup) {
        let _ = contents.what_lies_in(0, 1);
        for file in &contents.files {
            let _ = FileReader::new(&mut backup, file).copy_to(&mut std::io::sink());
        }
    }
}

/// A file without a name, for as long as it is open.
fn nameless(bytes: &[u8]) -> File {
    let path = std::env::temp_dir().join(format!("diary-fuzz-{}", std::process::id()));
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true);
    let mut file = options.open(&path).unwrap();
    fs::remove_file(&path).unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();

    file
}
