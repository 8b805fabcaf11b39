//! ZIP files: written in one form, read strictly.
//!
//! A ZIP file says most things twice, in the local headers and in the central directory, and
//! readers differ in which they believe. The reader here therefore accepts a file only where both
//! say the same, where every byte belongs to exactly one record or file, and where nothing is in
//! it that one reader uses and another ignores.
//!
//! Written and read by hand: crate `zip` finishes a half-written archive when it is dropped and
//! reports a full disk on standard error; crate `rawzip` shows neither disk numbers nor the
//! records of ZIP64. And the reader has to know the writer's bytes anyway.

pub(super) mod aes;
mod directory;
mod extra;
mod header;
mod layout;
mod reader;
mod records;
mod stream;
mod writer;

#[cfg(test)]
mod accepted_tests;
#[cfg(test)]
mod entry_tests;
#[cfg(test)]
mod frame_tests;
#[cfg(test)]
pub(in crate::bundle) mod made;
#[cfg(test)]
mod mutation_tests;

pub(super) use self::reader::{Archive, Member};
pub(super) use self::stream::EntryStream;
pub use self::writer::{ZipWriteError, ZipWriter};
