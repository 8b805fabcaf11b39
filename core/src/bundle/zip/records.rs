//! The records of a ZIP file as bytes (PKWARE APPNOTE.TXT 6.3.10, section 4.3), without any
//! judgement about them. All numbers are little-endian.

/// Marks a local file header (4.3.7), a data descriptor (4.3.9.3), a central directory header
/// (4.3.12), the ZIP64 end of central directory record (4.3.14) and its locator (4.3.15), and the
/// end of central directory record (4.3.16).
pub(super) const LOCAL: [u8; 4] = *b"PK\x03\x04";
pub(super) const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";
pub(super) const CENTRAL: [u8; 4] = *b"PK\x01\x02";
pub(super) const END64: [u8; 4] = *b"PK\x06\x06";
pub(super) const LOCATOR64: [u8; 4] = *b"PK\x06\x07";
pub(super) const END: [u8; 4] = *b"PK\x05\x06";

/// Lengths of the records without their variable parts, in bytes.
pub(super) const LOCAL_LEN: usize = 30;
pub(super) const END64_LEN: usize = 56;
pub(super) const LOCATOR64_LEN: usize = 20;
pub(super) const END_LEN: usize = 22;

/// "See the ZIP64 field instead", in a field of four and of two bytes.
pub(super) const WIDE_U32: u32 = u32::MAX;
pub(super) const WIDE_U16: u16 = u16::MAX;

/// What a local and a central header have in common, in this order.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Shared {
    pub(super) version: u16,
    pub(super) flags: u16,
    pub(super) method: u16,
    pub(super) time: u16,
    pub(super) date: u16,
    pub(super) crc: u32,
    pub(super) packed: u32,
    pub(super) size: u32,
    pub(super) name_len: u16,
    pub(super) extra_len: u16,
}

/// A central directory header without its name, extra field and comment.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Central {
    pub(super) made_by: u16,
    pub(super) shared: Shared,
    pub(super) comment_len: u16,
    pub(super) disk: u16,
    pub(super) internal: u16,
    pub(super) external: u32,
    pub(super) offset: u32,
}

/// An end of central directory record.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct End {
    pub(super) disk: u16,
    pub(super) directory_disk: u16,
    pub(super) entries_here: u16,
    pub(super) entries: u16,
    pub(super) directory_len: u32,
    pub(super) directory_offset: u32,
    pub(super) comment_len: u16,
}

/// A ZIP64 end of central directory record of version 1.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct End64 {
    /// Bytes after this field: 44 in version 1.
    pub(super) rest_len: u64,
    pub(super) made_by: u16,
    pub(super) version: u16,
    pub(super) disk: u32,
    pub(super) directory_disk: u32,
    pub(super) entries_here: u64,
    pub(super) entries: u64,
    pub(super) directory_len: u64,
    pub(super) directory_offset: u64,
}

/// A ZIP64 end of central directory locator.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Locator64 {
    pub(super) disk: u32,
    pub(super) offset: u64,
    pub(super) disks: u32,
}

/// Reads fields from the front of bytes; `None` where they end too early.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    fn mark(&mut self, mark: [u8; 4]) -> Option<()> {
        (self.array()? == mark).then_some(())
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*taken)
    }
}

impl Shared {
    /// Reads a whole local header up to its name.
    pub(super) fn parse_local(fields: &mut Fields<'_>) -> Option<Self> {
        fields.mark(LOCAL)?;
        Self::parse(fields)
    }

    /// A whole local header up to its name.
    pub(super) fn local_bytes(&self) -> Vec<u8> {
        let mut out = LOCAL.to_vec();
        self.push_to(&mut out);
        out
    }

    fn parse(fields: &mut Fields<'_>) -> Option<Self> {
        Some(Self {
            version: fields.u16()?,
            flags: fields.u16()?,
            method: fields.u16()?,
            time: fields.u16()?,
            date: fields.u16()?,
            crc: fields.u32()?,
            packed: fields.u32()?,
            size: fields.u32()?,
            name_len: fields.u16()?,
            extra_len: fields.u16()?,
        })
    }

    fn push_to(&self, out: &mut Vec<u8>) {
        for short in [self.version, self.flags, self.method, self.time, self.date] {
            out.extend(short.to_le_bytes());
        }
        for long in [self.crc, self.packed, self.size] {
            out.extend(long.to_le_bytes());
        }
        out.extend(self.name_len.to_le_bytes());
        out.extend(self.extra_len.to_le_bytes());
    }
}

impl Central {
    pub(super) fn parse(fields: &mut Fields<'_>) -> Option<Self> {
        fields.mark(CENTRAL)?;
        Some(Self {
            made_by: fields.u16()?,
            shared: Shared::parse(fields)?,
            comment_len: fields.u16()?,
            disk: fields.u16()?,
            internal: fields.u16()?,
            external: fields.u32()?,
            offset: fields.u32()?,
        })
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut out = CENTRAL.to_vec();
        out.extend(self.made_by.to_le_bytes());
        self.shared.push_to(&mut out);
        for short in [self.comment_len, self.disk, self.internal] {
            out.extend(short.to_le_bytes());
        }
        out.extend(self.external.to_le_bytes());
        out.extend(self.offset.to_le_bytes());
        out
    }
}

impl End {
    pub(super) fn parse(fields: &mut Fields<'_>) -> Option<Self> {
        fields.mark(END)?;
        Some(Self {
            disk: fields.u16()?,
            directory_disk: fields.u16()?,
            entries_here: fields.u16()?,
            entries: fields.u16()?,
            directory_len: fields.u32()?,
            directory_offset: fields.u32()?,
            comment_len: fields.u16()?,
        })
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut out = END.to_vec();
        for short in [
            self.disk,
            self.directory_disk,
            self.entries_here,
            self.entries,
        ] {
            out.extend(short.to_le_bytes());
        }
        out.extend(self.directory_len.to_le_bytes());
        out.extend(self.directory_offset.to_le_bytes());
        out.extend(self.comment_len.to_le_bytes());
        out
    }
}

impl End64 {
    pub(super) fn parse(fields: &mut Fields<'_>) -> Option<Self> {
        fields.mark(END64)?;
        Some(Self {
            rest_len: fields.u64()?,
            made_by: fields.u16()?,
            version: fields.u16()?,
            disk: fields.u32()?,
            directory_disk: fields.u32()?,
            entries_here: fields.u64()?,
            entries: fields.u64()?,
            directory_len: fields.u64()?,
            directory_offset: fields.u64()?,
        })
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut out = END64.to_vec();
        out.extend(self.rest_len.to_le_bytes());
        out.extend(self.made_by.to_le_bytes());
        out.extend(self.version.to_le_bytes());
        out.extend(self.disk.to_le_bytes());
        out.extend(self.directory_disk.to_le_bytes());
        for wide in [
            self.entries_here,
            self.entries,
            self.directory_len,
            self.directory_offset,
        ] {
            out.extend(wide.to_le_bytes());
        }
        out
    }
}

impl Locator64 {
    pub(super) fn parse(fields: &mut Fields<'_>) -> Option<Self> {
        fields.mark(LOCATOR64)?;
        Some(Self {
            disk: fields.u32()?,
            offset: fields.u64()?,
            disks: fields.u32()?,
        })
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut out = LOCATOR64.to_vec();
        out.extend(self.disk.to_le_bytes());
        out.extend(self.offset.to_le_bytes());
        out.extend(self.disks.to_le_bytes());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each record is read back from counting bytes, and cut short nowhere read past its end.
    fn round_trip<T>(
        mark: [u8; 4],
        len: usize,
        parse: impl Fn(&mut Fields<'_>) -> Option<T>,
        bytes: impl Fn(&T) -> Vec<u8>,
    ) {
        let mut record = mark.to_vec();
        record.extend((4..len).map(|place| u8::try_from(place).unwrap()));
        let read = parse(&mut Fields(&record)).unwrap();
        assert_eq!(bytes(&read), record);
        for cut in 0..len {
            assert!(parse(&mut Fields(&record[..cut])).is_none(), "{cut}");
        }
        record[3] ^= 1;
        assert!(parse(&mut Fields(&record)).is_none());
    }

    #[test]
    fn records_are_read_as_they_are_written() {
        round_trip(LOCAL, LOCAL_LEN, Shared::parse_local, Shared::local_bytes);
        round_trip(CENTRAL, 46, Central::parse, Central::bytes);
        round_trip(END, END_LEN, End::parse, End::bytes);
        round_trip(END64, END64_LEN, End64::parse, End64::bytes);
        round_trip(LOCATOR64, LOCATOR64_LEN, Locator64::parse, Locator64::bytes);
    }
}
