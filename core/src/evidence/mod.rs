//! Evidence: files kept bit for bit as they came, each sealed under a key of its own.
//!
//! ```text
//! take in   path or chunks -> one pass: SHA-256 and sealing, 1 MiB at a time -> fsync -> Intake
//! read      sealed file -> chunks that proved genuine -> extract, or the bundle
//! ```
//! A sealed file is written once and never changed. Its size, SHA-256 and name are kept in the
//! log, its key beside them; nothing here knows of the log.

mod claims;
mod error;
mod extract;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod intake;
mod key;
mod media_type;
mod sealed;
#[cfg(test)]
pub(crate) mod vectors;

pub use self::error::{Damage, EvidenceError};
pub use self::intake::Source;
pub use self::media_type::MediaType;

pub(crate) use self::extract::extract;
pub(crate) use self::intake::{Intake, read_into};
pub(crate) use self::key::{FileKey, FileName};
pub(crate) use self::sealed::{PREFIX, Reader, Sealed, Stream, TAG, Writer, set_constant_time};

/// Largest file that can be attached: 16 GiB. The chunk counter would allow 256 TiB; a phone that
/// is asked to seal that much is being asked by mistake.
pub const MAX_BYTES: u64 = 16 << 30;
