//! ZIP files that must be read: our own, and the same files as other programs zip them.

use std::io::{self, Cursor, Read, Seek, SeekFrom, Write};

use super::ZipWriter;
use super::layout::{Ours, end_bytes};
use super::made::{Made, MadeEntry, read};
use crate::bundle::container::{Container, Form};

/// A small bundle as our writer writes it.
pub(super) fn as_written() -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()), "e").unwrap();
    for (path, bytes) in [
        ("bagit.txt", &b"bag"[..]),
        ("data/a", b""),
        ("data/b", b"bytes"),
    ] {
        zip.start(path, bytes.len() as u64).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn form(bytes: Vec<u8>) -> Form {
    Container::from_zip(Cursor::new(bytes)).unwrap().form()
}

fn names_and_lengths(made: &Made) -> Vec<(String, usize)> {
    let files = made.read().unwrap();
    files.into_iter().map(|(n, b)| (n, b.len())).collect()
}

#[test]
fn our_own_is_as_written() {
    let mut container = Container::from_zip(Cursor::new(as_written())).unwrap();
    assert_eq!(container.form(), Form::AsWritten);
    assert!(!container.is_rewritten());
    assert_eq!(container.top_folder(), Some("e"));
    let listed: Vec<_> = container
        .entries()
        .iter()
        .map(|entry| (entry.path.as_str(), entry.size))
        .collect();
    assert_eq!(listed, [("bagit.txt", 3), ("data/a", 0), ("data/b", 5)]);
    assert_eq!(container.read_all("data/b", 5).unwrap(), b"bytes");
    assert_eq!(container.read_all("bagit.txt", 9).unwrap(), b"bag");
    assert!(container.read_all("data/b", 4).is_err());
    assert!(container.read("data/c").is_err());
}

#[test]
fn a_bundle_zipped_again_is_read() {
    let made = Made::rezipped();
    assert_eq!(form(made.bytes()), Form::ZippedAgain);
    let expected = [("bagit.txt", 23), ("data/a", 1000), ("data/b", 5)];
    assert_eq!(
        names_and_lengths(&made),
        expected.map(|(name, len)| (name.to_owned(), len))
    );
}

#[test]
fn other_orders_and_tops_are_zipped_again() {
    let stored = |name: &str| MadeEntry::stored(name, b"x");
    for names in [
        ["e/data/a", "e/bagit.txt"],
        ["Дело 15/bagit.txt", "Дело 15/data/a"],
        ["bagit.txt", "data/a"],
    ] {
        let mut made = Made::new(names.iter().map(|name| stored(name)).collect());
        for entry in &mut made.entries {
            entry.both(|shared| shared.flags |= 1 << 11);
        }
        assert_eq!(form(made.bytes()), Form::ZippedAgain, "{names:?}");
        assert_eq!(made.read().unwrap().len(), 2);
    }
    // Our own bytes but for the name of the top folder.
    let mut renamed = as_written();
    for place in 1..renamed.len() {
        if renamed[place - 1..].starts_with(b"e/") {
            renamed[place - 1] = b'E';
        }
    }
    assert_eq!(form(renamed), Form::ZippedAgain);
}

#[test]
fn every_form_of_descriptor_is_read() {
    let entry = MadeEntry::streamed("e/bagit.txt", b"bag bag bag bag");
    let [crc, packed, size] = [4, 8, 12].map(|at| entry.after[at..at + 4].to_vec());
    let wide = |field: &[u8]| [field, &[0; 4]].concat();
    for after in [
        entry.after.clone(),
        entry.after[4..].to_vec(),
        [&b"PK\x07\x08"[..], &crc, &wide(&packed), &wide(&size)].concat(),
        [&crc[..], &wide(&packed), &wide(&size)].concat(),
    ] {
        let mut made = Made::new(vec![entry.clone()]);
        made.entries[0].after = after;
        assert_eq!(made.read().unwrap()[0].1, b"bag bag bag bag");
    }
}

/// libarchive knows the sizes and still writes a descriptor; Java deflates folders.
#[test]
fn habits_of_other_writers_are_read() {
    let mut known = MadeEntry::streamed("e/bagit.txt", b"bag bag bag bag");
    known.local.size = known.central.shared.size;
    known.local.packed = known.central.shared.packed;
    let mut folder = MadeEntry::streamed("e/data/", b"");
    folder.central.external = 0x10;
    let mut empty = MadeEntry::stored("e/data/a", b"");
    empty.both(|shared| shared.flags |= 8);
    empty.after = [&b"PK\x07\x08"[..], &[0; 12]].concat();
    let mut wide = MadeEntry::stored("e/data/b", b"bytes");
    wide.local_extra = [&[1, 0, 16, 0][..], &5u64.to_le_bytes(), &5u64.to_le_bytes()].concat();
    (wide.local.size, wide.local.packed) = (u32::MAX, u32::MAX);
    assert_eq!(folder.data, [3, 0]);
    let made = Made::new(vec![known, folder, empty, wide]);
    assert_eq!(made.read().unwrap().len(), 3);
}

#[test]
fn needless_zip64_that_agrees_is_read() {
    let mut made = Made::rezipped();
    made.zip64 = true;
    assert_eq!(form(made.bytes()), Form::ZippedAgain);
    made.end = |end| {
        (end.entries, end.entries_here) = (u16::MAX, u16::MAX);
        (end.directory_len, end.directory_offset) = (u32::MAX, u32::MAX);
    };
    assert_eq!(made.read().unwrap().len(), 3);

    let mut zip = as_written();
    let end = zip.split_off(zip.len() - 22);
    let offset = u32::from_le_bytes(end[16..20].try_into().unwrap());
    let end64 = end_bytes(65_535, u64::from(offset)..zip.len() as u64);
    zip.extend(&end64[..24]);
    zip.extend([3, 0, 0, 0, 0, 0, 0, 0].repeat(2));
    zip.extend(&end64[40..76]);
    zip.extend(end);
    assert_eq!(form(zip), Form::ZippedAgain);
}

#[test]
fn an_evidence_file_may_be_a_zip_file() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()), "e").unwrap();
    for (path, bytes) in [("bagit.txt", as_written()), ("data/a.bin", as_written())] {
        zip.start(path, bytes.len() as u64).unwrap();
        zip.write_all(&bytes).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert_eq!(form(bytes.clone()), Form::AsWritten);
    assert_eq!(read(bytes).unwrap()[1].1, as_written());
}

/// Places and sizes over 4 GiB, without as many bytes.
#[test]
fn a_bundle_over_four_gib_is_as_written() {
    const GIB: u64 = 1 << 30;
    let mut file = Sparse::default();
    let mut entries = [("e/bagit.txt", 5 * GIB), ("e/data/a", 3)].map(|(name, size)| Ours {
        name,
        size,
        crc: 0,
        offset: 0,
    });
    for entry in &mut entries {
        entry.offset = file.len;
        file.push(&entry.local_bytes());
        file.len += entry.size;
    }
    let start = file.len;
    for entry in &entries {
        file.push(&entry.central_bytes());
    }
    file.push(&end_bytes(2, start..file.len));
    let container = Container::from_zip(file).unwrap();
    assert_eq!(container.form(), Form::AsWritten);
    let sizes = container.entries().iter().map(|entry| entry.size);
    assert_eq!(sizes.sum::<u64>(), 5 * GIB + 3);
}

/// A file of zeros with pieces of something else.
#[derive(Default)]
struct Sparse {
    pieces: Vec<(u64, Vec<u8>)>,
    len: u64,
    place: u64,
}

impl Sparse {
    fn push(&mut self, bytes: &[u8]) {
        self.pieces.push((self.len, bytes.to_vec()));
        self.len += bytes.len() as u64;
    }
}

impl Read for Sparse {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.len - self.place);
        let room = out.len().min(left.unwrap_or(usize::MAX)); // 32 bits hold less
        for (place, byte) in (self.place..).zip(&mut out[..room]) {
            let piece = self.pieces.iter().find_map(|(start, bytes)| {
                let at = usize::try_from(place.checked_sub(*start)?).ok()?;
                bytes.get(at)
            });
            *byte = piece.copied().unwrap_or(0);
        }
        self.place += room as u64;
        Ok(room)
    }
}

impl Seek for Sparse {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.place = match to {
            SeekFrom::Start(place) => place,
            SeekFrom::End(back) => self.len.checked_add_signed(back).unwrap(),
            SeekFrom::Current(by) => self.place.checked_add_signed(by).unwrap(),
        };
        Ok(self.place)
    }
}
