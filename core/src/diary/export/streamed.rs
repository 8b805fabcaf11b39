//! Copies of video and sound: made from the original, hashed or written, and never kept.

use std::io::Write;

use sha2::{Digest, Sha256};

use super::leaving::{Decision, Made};
use crate::copy::{self, Ended, NoCopy};
use crate::diary::Diary;
use crate::error::Error;
use crate::evidence::{Damage, EvidenceError, MediaType};
use crate::progress::Progress;

impl Diary {
    /// Makes a copy once, for its size and hash: a long recording takes its time.
    pub(super) fn decide_streamed(
        &mut self,
        number: u32,
        media_type: MediaType,
        progress: &mut dyn Progress,
    ) -> Result<Decision, Error> {
        let mut hash = Hasher(Sha256::new());
        let made = self.stream_copy(number, media_type, &mut hash, progress)?;
        Ok(match made {
            Ok(bytes) => Decision::Copy(Made {
                extension: media_type.extension(),
                sha256: hash.0.finalize().into(),
                bytes,
                covered: Vec::new(),
                kept: None,
                streamed: Some(media_type),
            }),
            Err(reason) => Decision::Hash(Some(reason)),
        })
    }

    /// Writes the copy of an item to `out` and gives its size, or why there is none.
    pub(super) fn stream_copy(
        &mut self,
        number: u32,
        media_type: MediaType,
        out: &mut dyn Write,
        progress: &mut dyn Progress,
    ) -> Result<Result<u64, NoCopy>, Error> {
        let damaged = |damage: Damage| Ok(Err(NoCopy::Damaged(damage)));
        let mut original = match self.open_item(number) {
            Err(Error::Evidence(EvidenceError::Damaged(damage))) => return damaged(damage),
            original => original?,
        };
        let copy = match copy::make(media_type, &mut original) {
            Err(Ended::NoCopy(reason)) => return Ok(Err(reason)),
            Err(Ended::Read(error)) => return Err(error.into()),
            Ok(copy) => copy,
        };
        match copy.write_to(&mut original, out, progress) {
            Err(EvidenceError::Damaged(damage)) => damaged(damage),
            written => {
                written?;
                Ok(Ok(copy.length()))
            }
        }
    }
}

/// Hashes bytes, and keeps none.
struct Hasher(Sha256);

impl Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
