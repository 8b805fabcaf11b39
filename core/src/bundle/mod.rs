//! The bundle she hands over: its data, its reports, and how a stranger checks it.

pub mod bag;
pub mod container;
pub mod csv;
pub mod document;
pub mod envelope;
pub mod fault;
pub mod finding;
pub mod html;
pub mod limits;
pub mod note;
pub mod path;
pub mod pdf;
pub mod readme;
pub mod start;
pub mod texts;
pub mod verify;
pub mod zip;

pub(crate) mod assemble;

mod entries;
mod folder;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod names;
pub(crate) mod pictures;
mod report;
mod sheet;
mod visible;
mod when;

#[cfg(test)]
mod sample;
#[cfg(test)]
mod vectors;
#[cfg(test)]
mod verify_py;
#[cfg(test)]
mod verify_tests;

use self::document::{Document, Entry};

pub use self::finding::{Check, Finding, Findings, Level};
pub use self::sheet::recovery_sheet;
pub use self::texts::Language;
pub use self::verify::{Anchor, Verdict, VerifyOptions, verify};

pub(crate) use crate::hex::encode as hex;

/// Name and version of what renders the reports, raised whenever one byte of them changes. A verifier of the same version compares them.
pub const RENDERER: &str = concat!("diary-core ", env!("CARGO_PKG_VERSION"), "+reports.13");

/// `verify/verify.py`: checks a bundle with Python's standard library alone. The same bytes in
/// every bundle of this version.
pub const VERIFY_PY: &str = include_str!("verify.py");

/// `verify/verify.html`: a page that checks a bundle in a browser, without a network. The same bytes
/// in every bundle of this version.
pub const VERIFY_HTML: &str = include_str!("verify.html");

/// What every report and page of a bundle is made from, and nothing else: the same in, the same
/// bytes out.
#[derive(Clone, Copy, Debug)]
pub struct Rendering<'a> {
    /// `incidents.json`.
    pub document: &'a Document,
    /// The fingerprint of the document's checkpoint, five groups of five.
    pub fingerprint: &'a str,
}

/// A hash as people compare it: hex digits in groups of eight.
pub(crate) fn grouped(hash: &[u8; 32]) -> String {
    let groups: Vec<String> = hash.chunks(4).map(hex).collect();
    groups.join(" ")
}

/// The command with which Windows computes the hash of a file of this bundle that the report's
/// hash list names.
pub(crate) fn certutil(document: &Document) -> String {
    let path = document.exhibits().find_map(Entry::file);
    let path = path.map_or_else(|| "proof/checkpoint.txt".to_owned(), |file| file.path());
    format!("certutil -hashfile {} SHA256", path.replace('/', "\\"))
}
