//! The frame of a ZIP around one encrypted entry, in the form AE-2 of WinZip ("AES Encryption
//! Information", version 1.04). Written only: a bundle is never read from one.

use super::layout::{
    DATE, EXTERNAL, MADE_ON_UNIX, TIME, end_bytes, narrow, narrow_u16, push_zip64,
};
use super::records::{Central, Shared};

/// The one name; the bundle's own are inside.
pub(in crate::bundle) const NAME: &str = "bundle.zip";

/// The entry's sizes: what it has inside, and with salt, check and MAC.
#[derive(Clone, Copy, Debug)]
pub(in crate::bundle) struct Outer {
    pub(in crate::bundle) size: u64,
    pub(in crate::bundle) packed: u64,
}

/// Version 5.1 of the format: AES.
const VERSION: u16 = 51;
/// Bit 0: encrypted.
const ENCRYPTED: u16 = 1;
/// "See the extra field."
const METHOD: u16 = 99;
/// Id, length, AE-2, vendor, AES-256, and the method inside: stored.
const EXTRA: [u8; 11] = [0x01, 0x99, 7, 0, 2, 0, b'A', b'E', 3, 0, 0];

impl Outer {
    pub(in crate::bundle) fn local_bytes(&self) -> Vec<u8> {
        let wide = self.wide_sizes();
        let mut out = self.shared(&wide).local_bytes();
        self.push_rest(&mut out, &wide);
        out
    }

    /// Central directory and end, behind an entry that begins at 0.
    pub(in crate::bundle) fn end_bytes(&self) -> Vec<u8> {
        let start = self.local_bytes().len() as u64 + self.packed;
        let wide = self.wide_sizes();
        let shared = self.shared(&wide);
        let mut out = Central {
            made_by: MADE_ON_UNIX | VERSION,
            shared,
            comment_len: 0,
            disk: 0,
            internal: 0,
            external: EXTERNAL,
            offset: 0,
        }
        .bytes();
        self.push_rest(&mut out, &wide);
        let end = start + out.len() as u64;
        out.extend(end_bytes(1, start..end));
        out
    }

    fn push_rest(&self, out: &mut Vec<u8>, wide: &[u64]) {
        out.extend(NAME.bytes());
        push_zip64(out, wide);
        out.extend(EXTRA);
    }

    /// Both sizes for the ZIP64 field, where the larger does not fit into four bytes.
    fn wide_sizes(&self) -> Vec<u64> {
        if self.packed >= u64::from(u32::MAX) {
            return vec![self.size, self.packed];
        }
        Vec::new()
    }

    fn shared(&self, wide: &[u64]) -> Shared {
        let (packed, size) = match wide {
            [] => (narrow(self.packed), narrow(self.size)),
            _ => (u32::MAX, u32::MAX),
        };
        let zip64 = if wide.is_empty() { 0 } else { 20 };
        Shared {
            version: VERSION,
            flags: ENCRYPTED,
            method: METHOD,
            time: TIME,
            date: DATE,
            crc: 0, // AE-2: a checksum of the plain text would tell of it
            packed,
            size,
            name_len: narrow_u16(NAME.len()),
            extra_len: narrow_u16(zip64 + EXTRA.len()),
        }
    }
}
