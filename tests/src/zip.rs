//! Unpacks a bundle: every file in it is stored as it is, so this needs no ZIP library.

use std::fs;
use std::path::{Path, PathBuf};

/// Unpacks into `folder`; the one top folder.
#[must_use]
pub fn unpack(zip: &Path, folder: &Path) -> PathBuf {
    let bytes = fs::read(zip).expect("the bundle is readable");
    let short = |at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
    let long = |at: usize| short(at) + short(at + 2) * 65_536;
    let (mut at, mut top) = (0, None);
    // Local file headers, one after the other (APPNOTE 4.3.7), up to the central directory.
    while bytes[at..].starts_with(b"PK\x03\x04") {
        assert_eq!(short(at + 8), 0, "stored");
        let (size, name) = (long(at + 18), at + 30);
        let data = name + short(at + 26) + short(at + 28);
        let name = std::str::from_utf8(&bytes[name..name + short(at + 26)]).expect("ASCII");
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("writable");
        fs::write(&path, &bytes[data..data + size]).expect("writable");
        top = top.or(name.split_once('/').map(|(top, _)| folder.join(top)));
        at = data + size;
    }
    top.expect("there is a top folder")
}
