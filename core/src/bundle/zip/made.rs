//! ZIP files that tell any lie, for tests: every record is honest until a test changes it.

use std::io::{Cursor, Read as _, Write as _};

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::layout;
use super::records::{Central, DESCRIPTOR, End, End64, Locator64, Shared};
use crate::bundle::container::Container;
use crate::bundle::fault::{ContainerError, Fault};

/// A ZIP file to be made.
#[derive(Clone)]
pub(in crate::bundle) struct Made {
    pub(in crate::bundle) entries: Vec<MadeEntry>,
    /// Bytes between the last entry and the directory.
    pub(super) gap: Vec<u8>,
    /// Makes ZIP64 end records.
    pub(super) zip64: bool,
    pub(super) end64: fn(&mut End64, &mut Locator64),
    pub(super) end: fn(&mut End),
    /// Bytes after the end record; not counted as its comment.
    pub(super) after: Vec<u8>,
}

/// An entry to be made. Lengths in the headers follow from the fields here.
#[derive(Clone)]
pub(in crate::bundle) struct MadeEntry {
    /// Bytes before the local header.
    pub(super) before: Vec<u8>,
    pub(super) local: Shared,
    pub(super) local_name: Vec<u8>,
    pub(super) local_extra: Vec<u8>,
    /// The packed bytes.
    pub(in crate::bundle) data: Vec<u8>,
    /// The data descriptor.
    pub(super) after: Vec<u8>,
    pub(super) central: Central,
    pub(super) name: Vec<u8>,
    pub(super) extra: Vec<u8>,
    pub(super) comment: Vec<u8>,
    /// Where the directory says it is, if not where it is.
    pub(super) offset: Option<u32>,
}

impl Made {
    pub(in crate::bundle) fn new(entries: Vec<MadeEntry>) -> Self {
        Self {
            entries,
            gap: Vec::new(),
            zip64: false,
            end64: |_, _| {},
            end: |_| {},
            after: Vec::new(),
        }
    }

    /// Three files as another program zips them: deflated, with times and folder entries.
    pub(in crate::bundle) fn rezipped() -> Self {
        let mut entries = vec![
            MadeEntry::folder("e/"),
            MadeEntry::deflated("e/bagit.txt", b"bag bag bag bag bag bag"),
            MadeEntry::folder("e/data/"),
            MadeEntry::streamed("e/data/a", &[b'a'; 1000]),
            MadeEntry::stored("e/data/b", b"bytes"),
        ];
        for entry in &mut entries {
            entry.local_extra = b"UT\x09\0\x03abcdefgh".to_vec();
            entry.extra = b"UT\x05\0\x03abcd".to_vec();
            entry.both(|shared| (shared.date, shared.time) = (0x5b75, 0x6000));
        }
        Self::new(entries)
    }

    pub(in crate::bundle) fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut directory = Vec::new();
        for entry in &self.entries {
            out.extend(&entry.before);
            let offset = u32::try_from(out.len()).unwrap();
            let local = Shared {
                name_len: len16(&entry.local_name),
                extra_len: len16(&entry.local_extra),
                ..entry.local
            };
            out.extend(local.local_bytes());
            for part in [
                &entry.local_name,
                &entry.local_extra,
                &entry.data,
                &entry.after,
            ] {
                out.extend(part);
            }
            let central = Central {
                shared: Shared {
                    name_len: len16(&entry.name),
                    extra_len: len16(&entry.extra),
                    ..entry.central.shared
                },
                comment_len: len16(&entry.comment),
                offset: entry.offset.unwrap_or(offset),
                ..entry.central
            };
            directory.extend(central.bytes());
            for part in [&entry.name, &entry.extra, &entry.comment] {
                directory.extend(part);
            }
        }
        out.extend(&self.gap);
        let start = out.len() as u64;
        out.extend(&directory);
        self.push_end(&mut out, start);
        out.extend(&self.after);
        out
    }

    /// Opens it and reads every file to the end.
    pub(in crate::bundle) fn read(&self) -> Result<Vec<(String, Vec<u8>)>, ContainerError> {
        read(self.bytes())
    }

    /// The fault for which it is refused.
    pub(in crate::bundle) fn fault(&self) -> Option<Fault> {
        self.read().err().and_then(|error| error.fault())
    }

    fn push_end(&self, out: &mut Vec<u8>, start: u64) {
        let directory_end = out.len() as u64;
        let entries = self.entries.len() as u64;
        if self.zip64 {
            let mut end64 = End64 {
                rest_len: 44,
                made_by: 45,
                version: 45,
                disk: 0,
                directory_disk: 0,
                entries_here: entries,
                entries,
                directory_len: directory_end - start,
                directory_offset: start,
            };
            let mut locator = Locator64 {
                disk: 0,
                offset: directory_end,
                disks: 1,
            };
            (self.end64)(&mut end64, &mut locator);
            out.extend(end64.bytes());
            out.extend(locator.bytes());
        }
        // As old writers count more than 65,535: from 0 again.
        let count = u16::try_from(entries % 0x1_0000).unwrap();
        let mut end = End {
            disk: 0,
            directory_disk: 0,
            entries_here: count,
            entries: count,
            directory_len: u32::try_from(directory_end - start).unwrap(),
            directory_offset: u32::try_from(start).unwrap(),
            comment_len: 0,
        };
        (self.end)(&mut end);
        out.extend(end.bytes());
    }
}

impl MadeEntry {
    pub(in crate::bundle) fn stored(name: &str, data: &[u8]) -> Self {
        Self::packed(name, layout::STORED, data, data.to_vec())
    }

    pub(in crate::bundle) fn deflated(name: &str, data: &[u8]) -> Self {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(data).unwrap();
        Self::packed(name, layout::DEFLATE, data, encoder.finish().unwrap())
    }

    /// As written to a pipe: sizes and check sum only in the directory and the descriptor.
    pub(super) fn streamed(name: &str, data: &[u8]) -> Self {
        let mut entry = Self::deflated(name, data);
        let sizes = [entry.local.crc, entry.local.packed, entry.local.size];
        entry.after = DESCRIPTOR.to_vec();
        entry
            .after
            .extend(sizes.iter().flat_map(|n| n.to_le_bytes()));
        (entry.local.crc, entry.local.packed, entry.local.size) = (0, 0, 0);
        entry.both(|shared| shared.flags |= 8);
        entry
    }

    pub(super) fn folder(name: &str) -> Self {
        let mut entry = Self::stored(name, b"");
        entry.central.external = 0o040_755 << 16 | 0x10;
        entry
    }

    /// The same name, bad or not, in both headers.
    pub(super) fn named(mut self, name: &[u8]) -> Self {
        self.name = name.to_vec();
        self.local_name = name.to_vec();
        self
    }

    /// The same change to both headers.
    pub(super) fn both(&mut self, change: impl Fn(&mut Shared)) {
        change(&mut self.local);
        change(&mut self.central.shared);
    }

    fn packed(name: &str, method: u16, data: &[u8], packed: Vec<u8>) -> Self {
        let shared = Shared {
            version: 20,
            flags: 0,
            method,
            time: 0,
            date: 0x21,
            crc: crc32fast::hash(data),
            packed: u32::try_from(packed.len()).unwrap(),
            size: u32::try_from(data.len()).unwrap(),
            name_len: 0,
            extra_len: 0,
        };
        Self {
            before: Vec::new(),
            local: shared,
            local_name: name.into(),
            local_extra: Vec::new(),
            data: packed,
            after: Vec::new(),
            central: Central {
                made_by: 0x0314,
                shared,
                comment_len: 0,
                disk: 0,
                internal: 0,
                external: 0o100_644 << 16,
                offset: 0,
            },
            name: name.into(),
            extra: Vec::new(),
            comment: Vec::new(),
            offset: None,
        }
    }
}

/// Deflated, streamed and stored file in [`Made::rezipped`].
pub(super) const DEFLATED: usize = 1;
pub(super) const STREAMED: usize = 3;
pub(super) const STORED: usize = 4;

/// [`Made::rezipped`] is read, and with one change refused for `fault`.
pub(super) fn refused(fault: Fault, change: impl FnOnce(&mut Made)) {
    let mut made = Made::rezipped();
    assert!(made.read().is_ok());
    change(&mut made);
    assert_eq!(made.fault(), Some(fault));
}

/// Opens a ZIP file in memory and reads every file to the end.
pub(in crate::bundle) fn read(bytes: Vec<u8>) -> Result<Vec<(String, Vec<u8>)>, ContainerError> {
    let mut container = Container::from_zip(Cursor::new(bytes))?;
    let mut files = Vec::new();
    for entry in container.entries().to_vec() {
        let mut content = Vec::new();
        container
            .read(entry.path.as_str())?
            .read_to_end(&mut content)?;
        files.push((entry.path.to_string(), content));
    }
    Ok(files)
}

fn len16(bytes: &[u8]) -> u16 {
    u16::try_from(bytes.len()).unwrap()
}
