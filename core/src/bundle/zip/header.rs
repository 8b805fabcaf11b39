//! One header of the central directory, judged on its own.

use std::ops::Range;

use super::extra::{self, MAX_EXTRA};
use super::layout::{DEFLATE, STORED};
use super::records::{Central, Fields};
use crate::bundle::fault::{Fault, Refusal};

/// Flag: sizes and check sum follow the data (APPNOTE 4.4.4, bit 3).
const HAS_DESCRIPTOR: u16 = 1 << 3;

/// Flag: the name is UTF-8 (bit 11).
const IS_UTF8: u16 = 1 << 11;

/// Flags: encryption, strong encryption, masked headers (bits 0, 6, 13).
const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;

/// Flags that may be set; bits 1 and 2 only tell how hard the packer tried.
const KNOWN: u16 = 1 << 1 | 1 << 2 | HAS_DESCRIPTOR | IS_UTF8;

/// Kinds of a Unix mode (`S_IFMT` and values), in the upper half of the external attributes.
const KIND: u32 = 0o170_000;
const KIND_UNKNOWN: u32 = 0;
const KIND_FILE: u32 = 0o100_000;
const KIND_FOLDER: u32 = 0o040_000;
const KIND_LINK: u32 = 0o120_000;

/// Windows attributes, in the lower half.
const VOLUME_LABEL: u32 = 0x08;
const WINDOWS_FOLDER: u32 = 0x10;
const REPARSE_POINT: u32 = 0x400;

/// How a file is packed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Method {
    Stored,
    Deflate,
}

/// What the directory says about one entry.
#[derive(Debug)]
pub(super) struct Listed {
    /// With the top folder; folders end with a slash.
    pub(super) name: String,
    pub(super) method: Method,
    pub(super) flags: u16,
    pub(super) crc: u32,
    pub(super) packed: u64,
    pub(super) size: u64,
    /// Where its local header begins.
    pub(super) offset: u64,
    /// Where its header stands in the bytes of the directory.
    pub(super) place: Range<usize>,
}

impl Method {
    /// The number that stands for it in a header.
    pub(super) fn number(self) -> u16 {
        match self {
            Self::Stored => STORED,
            Self::Deflate => DEFLATE,
        }
    }
}

impl Listed {
    /// Reads all headers; `bytes` is exactly the directory.
    pub(super) fn parse_all(bytes: &[u8], entries: u64) -> Result<Vec<Self>, Refusal> {
        let mut fields = Fields(bytes);
        let mut all = Vec::new();
        while !fields.0.is_empty() {
            let start = bytes.len() - fields.0.len();
            let mut listed = Self::parse(&mut fields)?;
            listed.place = start..bytes.len() - fields.0.len();
            all.push(listed);
        }
        if all.len() as u64 != entries {
            return Err(Fault::CountDiffers.at(""));
        }
        Ok(all)
    }

    /// True for a folder entry.
    pub(super) fn is_folder(&self) -> bool {
        self.name.ends_with('/')
    }

    /// True where a data descriptor follows the packed bytes.
    pub(super) fn has_descriptor(&self) -> bool {
        self.flags & HAS_DESCRIPTOR != 0
    }

    fn parse(fields: &mut Fields<'_>) -> Result<Self, Refusal> {
        let damaged = || Fault::DirectoryRecord.at("");
        let header = Central::parse(fields).ok_or_else(damaged)?;
        let name = fields.take(header.shared.name_len.into());
        let extra = fields.take(header.shared.extra_len.into());
        let comment = fields.take(header.comment_len.into());
        let (Some(name), Some(extra), Some(_)) = (name, extra, comment) else {
            return Err(damaged());
        };
        Self::judge(&header, name, extra).map_err(|fault| fault.at(String::from_utf8_lossy(name)))
    }

    fn judge(header: &Central, name: &[u8], extra: &[u8]) -> Result<Self, Fault> {
        let shared = &header.shared;
        if header.comment_len != 0 {
            return Err(Fault::EntryComment);
        }
        if header.disk != 0 {
            return Err(Fault::MultiDisk);
        }
        if shared.extra_len > MAX_EXTRA {
            return Err(Fault::ExtraField);
        }
        if shared.flags & ENCRYPTED != 0 {
            return Err(Fault::Encrypted);
        }
        if shared.flags & !KNOWN != 0 {
            return Err(Fault::Flags);
        }
        let method = match shared.method {
            STORED => Method::Stored,
            DEFLATE => Method::Deflate,
            _ => return Err(Fault::Method),
        };
        let zip64 = extra::zip64(extra)?;
        let narrow = [shared.size, shared.packed, header.offset];
        let [size, packed, offset] = extra::widen(narrow, zip64.as_deref())?;
        let listed = Self {
            name: decode_name(name, shared.flags)?,
            method,
            flags: shared.flags,
            crc: shared.crc,
            packed,
            size,
            offset,
            place: 0..0,
        };
        listed.check_method()?;
        check_kind(header.external, listed.is_folder())?;
        Ok(listed)
    }

    fn check_method(&self) -> Result<(), Fault> {
        if self.is_folder() && (self.size != 0 || self.crc != 0) {
            return Err(Fault::FolderWithContent);
        }
        if self.method == Method::Stored {
            // Where the sizes follow the data, only a packed stream tells its own end; a reader
            // that looks for the descriptor's mark finds it in a stored ZIP file too.
            if self.has_descriptor() && self.size != 0 {
                return Err(Fault::DescriptorOnStored);
            }
            if self.size != self.packed {
                return Err(Fault::SizeDiffers);
            }
        }
        Ok(())
    }
}

fn decode_name(name: &[u8], flags: u16) -> Result<String, Fault> {
    let text = str::from_utf8(name).map_err(|_| Fault::NameEncoding)?;
    if !text.is_ascii() && flags & IS_UTF8 == 0 {
        return Err(Fault::NameEncoding);
    }
    Ok(text.to_owned())
}

/// Some readers go by the name's last character, some by the attributes: both must say the same.
fn check_kind(external: u32, is_folder: bool) -> Result<(), Fault> {
    let kind = external >> 16 & KIND;
    if kind == KIND_LINK || external & REPARSE_POINT != 0 {
        return Err(Fault::Link);
    }
    if !matches!(kind, KIND_UNKNOWN | KIND_FILE | KIND_FOLDER) || external & VOLUME_LABEL != 0 {
        return Err(Fault::SpecialFile);
    }
    let says_folder = kind == KIND_FOLDER || external & WINDOWS_FOLDER != 0;
    let says_file = kind == KIND_FILE;
    if says_folder && !is_folder || says_file && is_folder {
        return Err(Fault::FileOrFolder);
    }
    Ok(())
}
