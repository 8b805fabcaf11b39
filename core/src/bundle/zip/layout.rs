//! The one form in which we write a ZIP file. The writer writes these bytes, and the reader knows
//! by them whether a bundle is as it was written or was zipped again.

use std::ops::Range;

use super::records::{Central, End, End64, Locator64, Shared, WIDE_U16, WIDE_U32};

/// 1980-01-01 (year 0, month 1, day 1) at 00:00: a real time would tell when somebody exports.
pub(super) const DATE: u16 = 0x0021;
pub(super) const TIME: u16 = 0;

/// Versions of the format that a reader needs: 1.0, and 4.5 where there is a ZIP64 field.
const VERSION: u16 = 10;
const VERSION_ZIP64: u16 = 45;

/// Upper byte of "made by": Unix, so that the mode counts.
pub(super) const MADE_ON_UNIX: u16 = 3 << 8;

/// A regular file with mode 0644, in the upper half of the external attributes.
pub(super) const EXTERNAL: u32 = 0o100_644 << 16;

/// Id of the ZIP64 extra field (APPNOTE 4.5.3).
pub(super) const ZIP64_EXTRA: u16 = 1;

/// Stored: packed bytes are the file's bytes.
pub(super) const STORED: u16 = 0;

/// Deflate (RFC 1951). Read, never written by us.
pub(super) const DEFLATE: u16 = 8;

/// One file as we write it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ours<'a> {
    /// Name with the top folder, ASCII.
    pub(super) name: &'a str,
    pub(super) size: u64,
    pub(super) crc: u32,
    /// Where its local header begins.
    pub(super) offset: u64,
}

impl Ours<'_> {
    /// Local header, name and extra field.
    pub(super) fn local_bytes(&self) -> Vec<u8> {
        let extra = self.sizes_extra();
        let mut out = self.shared(extra.len()).local_bytes();
        out.extend(self.name.bytes());
        push_zip64(&mut out, &extra);
        out
    }

    /// Central header, name and extra field.
    pub(super) fn central_bytes(&self) -> Vec<u8> {
        let mut extra = self.sizes_extra();
        let offset = narrow(self.offset);
        if offset == WIDE_U32 {
            extra.push(self.offset);
        }
        let shared = self.shared(extra.len());
        let mut out = Central {
            made_by: MADE_ON_UNIX | shared.version,
            shared,
            comment_len: 0,
            disk: 0,
            internal: 0,
            external: EXTERNAL,
            offset,
        }
        .bytes();
        out.extend(self.name.bytes());
        push_zip64(&mut out, &extra);
        out
    }

    /// The sizes for the ZIP64 field, where they do not fit into four bytes.
    fn sizes_extra(&self) -> Vec<u64> {
        match narrow(self.size) {
            WIDE_U32 => vec![self.size, self.size],
            _ => Vec::new(),
        }
    }

    fn shared(&self, wide_fields: usize) -> Shared {
        let (version, extra_len) = match wide_fields {
            0 => (VERSION, 0),
            count => (VERSION_ZIP64, narrow_u16(4 + 8 * count)),
        };
        Shared {
            version,
            flags: 0,
            method: STORED,
            time: TIME,
            date: DATE,
            crc: self.crc,
            packed: narrow(self.size),
            size: narrow(self.size),
            name_len: narrow_u16(self.name.len()),
            extra_len,
        }
    }
}

/// What follows the central directory, which takes the bytes `directory` of the file.
pub(super) fn end_bytes(entries: usize, directory: Range<u64>) -> Vec<u8> {
    let directory_len = directory.end.saturating_sub(directory.start);
    let end = End {
        disk: 0,
        directory_disk: 0,
        entries_here: narrow_u16(entries),
        entries: narrow_u16(entries),
        directory_len: narrow(directory_len),
        directory_offset: narrow(directory.start),
        comment_len: 0,
    };
    let needs_zip64 = end.entries == WIDE_U16
        || end.directory_len == WIDE_U32
        || end.directory_offset == WIDE_U32;
    let mut out = Vec::new();
    if needs_zip64 {
        let end64 = End64 {
            rest_len: 44,
            made_by: MADE_ON_UNIX | VERSION_ZIP64,
            version: VERSION_ZIP64,
            disk: 0,
            directory_disk: 0,
            entries_here: entries as u64,
            entries: entries as u64,
            directory_len,
            directory_offset: directory.start,
        };
        let locator = Locator64 {
            disk: 0,
            offset: directory.end,
            disks: 1,
        };
        out.extend(end64.bytes());
        out.extend(locator.bytes());
    }
    out.extend(end.bytes());
    out
}

pub(super) fn push_zip64(out: &mut Vec<u8>, fields: &[u64]) {
    if fields.is_empty() {
        return;
    }
    out.extend(ZIP64_EXTRA.to_le_bytes());
    out.extend(narrow_u16(8 * fields.len()).to_le_bytes());
    for field in fields {
        out.extend(field.to_le_bytes());
    }
}

/// The value, or the mark that it stands in the ZIP64 field. 2^32 - 1 itself is that mark.
pub(super) fn narrow(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(WIDE_U32)
}

pub(super) fn narrow_u16(value: usize) -> u16 {
    u16::try_from(value).unwrap_or(WIDE_U16)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: u64 = 0xffff_ffff;

    fn ours(size: u64, offset: u64) -> Ours<'static> {
        Ours {
            name: "e/a",
            size,
            crc: 0x0102_0304,
            offset,
        }
    }

    #[test]
    fn a_small_file_has_no_extra_field() {
        let local = ours(5, 0).local_bytes();
        assert_eq!(
            local,
            b"PK\x03\x04\x0a\0\0\0\0\0\0\0\x21\0\x04\x03\x02\x01\x05\0\0\0\x05\0\0\0\x03\0\0\0e/a"
        );
        let central = ours(5, 7).central_bytes();
        assert_eq!(
            central,
            b"PK\x01\x02\x0a\x03\x0a\0\0\0\0\0\0\0\x21\0\x04\x03\x02\x01\x05\0\0\0\x05\0\0\0\
              \x03\0\0\0\0\0\0\0\0\0\0\0\xa4\x81\x07\0\0\0e/a"
        );
    }

    #[test]
    fn zip64_begins_where_four_bytes_end() {
        let extra_of = |bytes: Vec<u8>, header: usize| bytes[header + 3..].to_vec();
        let sizes =
            |size: u64| [&[1, 0, 16, 0][..], &size.to_le_bytes(), &size.to_le_bytes()].concat();

        assert_eq!(extra_of(ours(LIMIT - 1, 0).local_bytes(), 30), b"");
        assert_eq!(extra_of(ours(LIMIT, 0).local_bytes(), 30), sizes(LIMIT));
        assert_eq!(extra_of(ours(LIMIT, 0).central_bytes(), 46), sizes(LIMIT));
        assert_eq!(ours(LIMIT, 0).local_bytes()[18..26], [0xff; 8]);

        // A small file far behind: only its place is wide, and only in the directory.
        assert_eq!(extra_of(ours(5, LIMIT).local_bytes(), 30), b"");
        assert_eq!(
            extra_of(ours(5, LIMIT).central_bytes(), 46),
            [&[1, 0, 8, 0][..], &LIMIT.to_le_bytes()].concat()
        );
        assert_eq!(extra_of(ours(5, LIMIT - 1).central_bytes(), 46), b"");
    }

    #[test]
    fn the_end_is_wide_only_if_it_must() {
        assert_eq!(end_bytes(65_534, 10..LIMIT - 1 + 10).len(), 22);
        assert_eq!(end_bytes(1, LIMIT - 1..LIMIT).len(), 22);
        for wide in [
            end_bytes(65_535, 0..1),
            end_bytes(1, LIMIT..LIMIT + 9),
            end_bytes(1, 0..LIMIT),
        ] {
            assert_eq!(wide.len(), 56 + 20 + 22);
        }
        let wide = end_bytes(1, LIMIT..LIMIT + 9);
        assert_eq!(wide[64..72], (LIMIT + 9).to_le_bytes());
    }
}
