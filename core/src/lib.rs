//! An incident diary that works offline, is encrypted with a passphrase, and shows when it was
//! changed.
//!
//! It protects what is stored. It cannot protect an unlocked phone, and it shows that an entry is
//! unchanged since it was recorded, never that it is true.

#![forbid(unsafe_code)]
#![deny(missing_docs, rustdoc::broken_intra_doc_links)]
// Tests count in small numbers and cut their own ASCII.
#![cfg_attr(test, allow(clippy::cast_possible_truncation, clippy::string_slice))]

pub mod backup;
pub mod bundle;
pub mod canonical;
pub mod copy;
pub mod diary;
pub mod display;
pub mod evidence;
pub mod incident;
pub mod log;
pub mod picture;
pub mod search;
pub mod time;
pub mod vault;
pub mod words;

mod bytes;
mod collation;
mod crockford;
mod error;
mod files;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod hex;
#[cfg(test)]
mod mutate;
mod progress;
mod random;
mod stack;
#[cfg(test)]
mod vectors;

pub use self::diary::Diary;
pub use self::error::{Class, Error, Form};
pub use self::progress::{NoProgress, Progress};
