//! ZIP files, written in one form.

mod layout;
mod records;
mod writer;

pub use self::writer::{ZipWriteError, ZipWriter};
