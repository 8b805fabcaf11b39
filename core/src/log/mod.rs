//! The log: immutable entries, a salted commitment for each field, an RFC 6962 tree over them,
//! and signed checkpoints (FORMAT.md 8 to 11).

pub mod checkpoint;
pub mod fingerprint;
pub mod proof;
pub mod tree;

pub(crate) mod entry;
#[cfg(test)]
mod known_answers;
pub(crate) mod leaf;
mod members;
#[cfg(test)]
mod parser_tests;
pub(crate) mod record;
mod recorded;
pub(crate) mod signature;
#[cfg(test)]
pub(crate) mod vectors;

pub use self::checkpoint::{Checkpoint, Origin};
pub use self::entry::{EntryId, EntryKind};
pub use self::fingerprint::Fingerprint;
pub(crate) use self::record::{Draft, Log, Logged, Reading};
pub use self::tree::Hash;
