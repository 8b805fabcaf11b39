//! Helpers for the black-box tests: they drive the built `diary` and know nothing of its inside.

// A helper that fails is a failed test.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used
)]

mod answer;
mod disk;
mod program;
mod story;
mod vault;
mod zip;

use std::fs::OpenOptions;
use std::io::Write as _;

pub use self::answer::Answer;
pub use self::disk::on_a_small_disk;
pub use self::program::{diary, run, run_with_input};
pub use self::story::{story, verify};
pub use self::vault::{PASSPHRASE, Vault, incident};
pub use self::zip::unpack;

/// Whether `needle` stands anywhere in `haystack`.
#[must_use]
pub fn contains(haystack: &[u8], needle: &str) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle.as_bytes())
}

/// Tells `tests/run` that a check cannot be made on this machine; it is counted as skipped.
pub fn skip(name: &str, reason: &str) {
    if let Some(list) = std::env::var_os("DIARY_TESTS_SKIPPED") {
        let mut list = OpenOptions::new().append(true).open(list).expect("a list");
        writeln!(list, "{name}: {reason}").expect("a line");
    }
}
