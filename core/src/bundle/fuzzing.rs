//! Readers of a bundle, and what a verifier makes of a document that a stranger wrote.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)] // a panic is how it tells of a fault

use std::io::{Read, Write};

use super::assemble::{self, BundleText};
use super::bag::{BagInfo, Manifest};
use super::container::Container;
use super::document::Document;
use super::envelope::{Envelope, Recipient, ZipPassphrase};
use super::pictures::Pictures;
use super::{Rendering, pdf};
use crate::fuzzing::{damage, head, reader};

pub(crate) fn manifest(bytes: &[u8]) {
    if let Ok(read) = Manifest::parse(bytes) {
        assert!(read.to_bytes() == bytes);
        for (path, _) in read.iter() {
            // Two dots in a name are a name: `a..b`.
            let climbs = |part: &str| matches!(part, "" | "." | "..");
            assert!(!path.as_str().split('/').any(climbs));
        }
    }
    if let Ok(read) = BagInfo::parse(bytes) {
        assert!(read.to_bytes().as_deref() == Ok(bytes));
    }
}

/// What opens gives every file in full and no more, or refuses it.
pub(crate) fn zip(bytes: &[u8]) {
    let Ok(mut container) = Container::from_zip(reader(bytes)) else {
        return;
    };
    let entries = container.entries().to_vec();
    for entry in entries {
        let Ok(mut file) = container.read(entry.path.as_str()) else {
            continue;
        };
        // Deflate makes at most 1,032 bytes of one.
        let (mut given, most) = (0, bytes.len() as u64 * 1_100);
        let mut part = [0; 8192];
        loop {
            match file.read(&mut part) {
                Ok(0) => {
                    assert!(given == entry.size);
                    break;
                }
                Ok(count) => given += count as u64,
                Err(_) => break,
            }
            assert!(given <= entry.size && given <= most);
        }
    }
}

/// A document that is taken is written back as it was, and can be shown.
pub(crate) fn document(bytes: &[u8]) {
    let Ok(document) = Document::parse(bytes) else {
        return;
    };
    assert!(document.to_bytes() == bytes);
    let rendering = Rendering {
        document: &document,
        fingerprint: "ABCDE-ABCDE-ABCDE-ABCDE-ABCDE",
    };
    let files = assemble::rendered_as_text(&rendering);
    let html = &files["data/report.html"];
    assert!(std::str::from_utf8(html).is_ok_and(|html| !html.contains("<script")));
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = BundleText::parse(text, &document);
    }
}

/// The same on paper.
pub(crate) fn report(bytes: &[u8]) {
    let Ok(document) = Document::parse(bytes) else {
        return;
    };
    let rendering = Rendering {
        document: &document,
        fingerprint: "ABCDE-ABCDE-ABCDE-ABCDE-ABCDE",
    };
    let made = pdf::report_alone(&rendering, &Pictures::default());
    assert!(made.is_none_or(|pdf| pdf.starts_with(b"%PDF-")));
}

/// Eight bytes of damage to what is encrypted for the way, and what is encrypted.
pub(crate) fn envelope(bytes: &[u8]) {
    let ([kind], rest) = head::<1>(bytes);
    let (how, plain) = head::<8>(rest);
    let recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    let envelope = match kind % 2 {
        0 => Envelope::Recipients(vec![recipient.parse::<Recipient>().unwrap()]),
        _ => Envelope::Zip(ZipPassphrase::make().unwrap()),
    };
    let size = plain.len() as u64;
    let mut sealer = envelope.seal(Vec::new(), size).unwrap();
    sealer.write_all(plain).unwrap();
    let (mut file, opener) = sealer.finish().unwrap();
    let changed = damage(&mut file, how);
    let Ok(mut opened) = opener.open(reader(&file)) else {
        assert!(changed);
        return;
    };
    let mut out = Vec::new();
    let read = opened.read_to_end(&mut out);
    assert!(out.len() <= plain.len());
    if read.is_ok() && kind % 2 == 0 {
        assert!(out == plain);
    }
}
