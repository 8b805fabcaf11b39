//! How large a bundle may be: one set of numbers for writer and verifier, so that no bundle is
//! written that its own verifier refuses.

use std::error::Error;
use std::fmt;

/// Most files in one bundle.
pub const MAX_FILES: u64 = 20_000;

/// Largest file in a bundle, in bytes: 16 GiB.
pub const MAX_FILE_BYTES: u64 = 16 << 30;

/// Most bytes in all files of a bundle together: 64 GiB.
pub const MAX_TOTAL_BYTES: u64 = 64 << 30;

/// Largest file on FAT32, the format of many USB sticks, in bytes.
pub const FAT32_BYTES: u64 = (4 << 30) - 1;

/// Largest ratio of unpacked to packed bytes. Deflate reaches 1,032; documents stay below 30.
pub const MAX_RATIO: u64 = 200;

/// Up to so many unpacked bytes any ratio is allowed: a blank screenshot zipped again is no bomb.
pub const RATIO_FREE_BYTES: u64 = 16 << 20;

/// Counts files and bytes against the limits while a bundle is written or listed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    files: u64,
    bytes: u64,
}

/// A limit that was passed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Limit {
    /// More than [`MAX_FILES`].
    Files,
    /// A file over [`MAX_FILE_BYTES`].
    FileBytes,
    /// More than [`MAX_TOTAL_BYTES`] together.
    TotalBytes,
}

impl Tally {
    /// Nothing counted yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts one more file of `bytes` bytes.
    ///
    /// # Errors
    /// The first [`Limit`] that this file would pass; it is not counted then.
    pub fn add(&mut self, bytes: u64) -> Result<(), Limit> {
        if self.files >= MAX_FILES {
            return Err(Limit::Files);
        }
        if bytes > MAX_FILE_BYTES {
            return Err(Limit::FileBytes);
        }
        // Cannot overflow: both sides are below 2^37.
        let total = self.bytes + bytes;
        if total > MAX_TOTAL_BYTES {
            return Err(Limit::TotalBytes);
        }
        self.files += 1;
        self.bytes = total;
        Ok(())
    }

    /// Files counted.
    #[must_use]
    pub fn files(&self) -> u64 {
        self.files
    }

    /// Bytes counted.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Files => "more than 20,000 files for one bundle: choose a shorter period",
            Self::FileBytes => "a file of more than 16 GiB: leave its original out",
            Self::TotalBytes => "more than 64 GiB for one bundle: choose a shorter period",
        })
    }
}

impl Error for Limit {}

/// True where `packed` bytes that unpack to `bytes` look like a bomb.
#[must_use]
pub fn is_bomb(bytes: u64, packed: u64) -> bool {
    bytes > RATIO_FREE_BYTES && bytes > packed.saturating_mul(MAX_RATIO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_allowed_file_is_counted_and_the_next_is_not() {
        let mut tally = Tally::new();
        for _ in 0..MAX_FILES {
            tally.add(1).unwrap();
        }
        assert_eq!(tally.add(0), Err(Limit::Files));
        assert_eq!((tally.files(), tally.bytes()), (20_000, 20_000));
    }

    #[test]
    fn bytes_are_limited_one_by_one_and_together() {
        let mut tally = Tally::new();
        assert_eq!(tally.add(MAX_FILE_BYTES + 1), Err(Limit::FileBytes));
        assert_eq!(tally.add(u64::MAX), Err(Limit::FileBytes));
        for _ in 0..4 {
            tally.add(MAX_FILE_BYTES).unwrap();
        }
        assert_eq!(tally.add(1), Err(Limit::TotalBytes));
        tally.add(0).unwrap();
        assert_eq!(tally.bytes(), MAX_TOTAL_BYTES);
    }

    #[test]
    fn a_bomb_is_told_by_ratio_and_size() {
        assert!(is_bomb(10 << 30, 10 << 20));
        assert!(!is_bomb(10 << 30, 60 << 20));
        assert!(!is_bomb(RATIO_FREE_BYTES, 1));
        assert!(is_bomb(RATIO_FREE_BYTES + 1, 0));
    }
}
