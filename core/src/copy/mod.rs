//! Copies without metadata: what of a file may leave, and that nothing else does.
//!
//! A copy is made by an allow-list: of each part of a file it is known what it holds, or it is left
//! out. What was coded, pixels or sound, is taken over byte for byte; nothing is coded anew. What
//! may be hidden in the coded data itself stays. Each copy is read back by the same rules.
//!
//! Pictures are made in memory, in [`crate::picture`]. Video and sound are made here, of files of any
//! size: a copy is a list of pieces of the original and of a few bytes that are written anew, and is
//! read through it.
//!
//! Whoever made the file may have been hostile: what is not formed exactly as its kind must be has
//! no copy, sizes are checked before memory is taken, and nothing here panics on any input.

mod cursor;
mod frames;
mod iso;
mod mpeg_audio;
mod ogg;
mod pieces;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
mod wave;

use std::fmt;

pub(crate) use self::cursor::{Cursor, must};
use self::iso::Brand;
pub(crate) use self::pieces::Pieces;
use crate::evidence::{Damage, EvidenceError, MediaType};

/// A file that is read by offset.
pub(crate) trait Source {
    /// Its size in bytes.
    fn length(&self) -> u64;

    /// Fills `out` from this offset on. All of it lies in the file.
    ///
    /// # Errors
    /// The stored file cannot be read, or is not as it was recorded.
    fn read_at(&mut self, offset: u64, out: &mut [u8]) -> Result<(), EvidenceError>;
}

/// Why there is no copy.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum NoCopy {
    /// Not a kind of file of which this program can take off everything but what it shows or plays.
    Kind,
    /// Too large, as a file, in pixels or in its parts.
    Size,
    /// A part that is to be covered has no pixel in the picture.
    Outside,
    /// Damaged, animated, or not formed as its kind must be.
    Form,
    /// Video or sound in a coding that this program does not know, or encrypted.
    Coding,
    /// Trimmed: what was cut away is not shown any more, but still in the file.
    Trimmed,
    /// A recording in fragments, as pages on the web play them.
    Fragments,
    /// The stored file is missing, or not as it was recorded. Nothing is exported with it.
    Damaged(Damage),
}

/// Why the making of a copy ended without one.
#[derive(Debug)]
pub(crate) enum Ended {
    NoCopy(NoCopy),
    Read(EvidenceError),
}

/// Makes a copy of a file of this type that holds what it shows or plays and nothing else, and reads
/// it back.
///
/// # Errors
/// Why there is none, or why the file could not be read.
pub(crate) fn make(media_type: MediaType, source: &mut dyn Source) -> Result<Pieces, Ended> {
    let make = maker(media_type).ok_or(NoCopy::Kind)?;
    let copy = make(source)?;
    // Whatever does not belong in a copy would be taken off it now, and the two would differ.
    let again = make(&mut copy.over(source))?;
    if !again.is_all_of(&copy) {
        return Err(NoCopy::Form.into());
    }
    Ok(copy)
}

/// Whether copies of files of this type are made here.
pub(crate) fn is_made_of(media_type: MediaType) -> bool {
    maker(media_type).is_some()
}

type Maker = fn(&mut dyn Source) -> Result<Pieces, Ended>;

fn maker(media_type: MediaType) -> Option<Maker> {
    Some(match media_type {
        MediaType::Mp4 => |source| iso::pieces(Brand::Mp4, source),
        MediaType::QuickTime => |source| iso::pieces(Brand::QuickTime, source),
        MediaType::M4a => |source| iso::pieces(Brand::M4a, source),
        MediaType::ThreeGp => |source| iso::pieces(Brand::ThreeGp, source),
        MediaType::ThreeGp2 => |source| iso::pieces(Brand::ThreeGp2, source),
        MediaType::Ogg => ogg::pieces,
        MediaType::Wav => wave::pieces,
        MediaType::Mp3 => mpeg_audio::pieces,
        MediaType::Amr => frames::amr,
        MediaType::AmrWideband => frames::amr_wideband,
        MediaType::Aac => frames::aac,
        _ => return None,
    })
}

impl From<NoCopy> for Ended {
    fn from(reason: NoCopy) -> Self {
        Self::NoCopy(reason)
    }
}

impl From<EvidenceError> for Ended {
    fn from(error: EvidenceError) -> Self {
        match error {
            EvidenceError::Damaged(damage) => Self::NoCopy(NoCopy::Damaged(damage)),
            error => Self::Read(error),
        }
    }
}

impl fmt::Display for NoCopy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kind => "no copy without metadata can be made of this kind of file",
            Self::Size => "too large for a copy without metadata",
            Self::Form => "damaged or unusual: no copy without metadata can be made",
            Self::Coding => "coded in a way of which no copy without metadata can be made",
            Self::Trimmed => "trimmed: what was cut away is still in it, and would be in a copy",
            Self::Fragments => "in fragments: no copy without metadata can be made",
            Self::Outside => "the part to be covered lies outside of the picture",
            Self::Damaged(damage) => return write!(f, "damaged in the vault ({damage})"),
        })
    }
}

/// Bytes of a file; the caller bounds the length.
fn read(source: &mut dyn Source, offset: u64, length: u64) -> Result<Vec<u8>, Ended> {
    let end = offset.checked_add(length).ok_or(NoCopy::Form)?;
    must(end <= source.length())?;
    let mut bytes = vec![0; usize::try_from(length).map_err(|_| NoCopy::Size)?];
    source.read_at(offset, &mut bytes)?;
    Ok(bytes)
}
