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
mod program;
mod story;
mod vault;
mod zip;

pub use self::answer::Answer;
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
