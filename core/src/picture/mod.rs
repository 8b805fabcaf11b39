//! Pictures: copies without metadata, and pixels where they are needed.
//!
//! A copy is made by an allow-list: of each segment or chunk of a file it is known what it holds,
//! or it is left out. The coded image is taken over byte for byte; nothing is coded anew. What may
//! be hidden in the coded image itself stays: in its pixels, in tables that it does not use, behind
//! its last pixel.
//!
//! Whoever made the file may have been hostile: what is not formed exactly as its kind must be has
//! no copy, sizes are checked before memory is taken, and nothing here panics on any input.

mod cover;
mod exif;
mod jpeg;
mod paper;
mod pixels;
mod png;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;
mod webp;

pub use self::cover::{Area, InvalidArea};

pub(crate) use self::cover::cover;
pub(crate) use self::exif::{Orientation, taken};
pub(crate) use self::paper::{OnPaper, on_paper};
use crate::copy::{Cursor, NoCopy, must};

/// Largest file of which a copy is made, 32 MiB: it is held in memory twice. The largest JPEG of a
/// phone with 200 megapixels has some 30 MB.
pub const MAX_FILE: u64 = 32 << 20;

/// Most pixels in a picture of which a copy is made.
const MAX_PIXELS: u64 = 1 << 28;

/// The kinds of files of which copies are made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// ITU-T T.81, baseline or progressive, eight bits.
    Jpeg,
    /// ISO/IEC 15948, not animated.
    Png,
    /// RFC 9649, not animated.
    Webp,
}

/// A copy without metadata.
#[derive(Debug)]
pub(crate) struct Clean {
    pub(crate) kind: Kind,
    pub(crate) bytes: Vec<u8>,
}

/// What a parser took over from a file, and what it learnt.
#[derive(Debug)]
struct Parts {
    /// The file anew, with nothing in it but what shows the image.
    bytes: Vec<u8>,
    width: u32,
    height: u32,
    orientation: Orientation,
}

impl Kind {
    /// By the first bytes of a file.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"\xff\xd8\xff") {
            Some(Self::Jpeg)
        } else if bytes.starts_with(png::SIGNATURE) {
            Some(Self::Png)
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            Some(Self::Webp)
        } else {
            None
        }
    }

    /// Of a media type as evidence entries name it.
    pub(crate) fn of_media_type(media_type: &str) -> Option<Self> {
        match media_type {
            "image/jpeg" => Some(Self::Jpeg),
            "image/png" => Some(Self::Png),
            "image/webp" => Some(Self::Webp),
            _ => None,
        }
    }

    /// The extension of its files.
    pub(crate) fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
        }
    }

    fn parts(self, bytes: &[u8]) -> Result<Parts, NoCopy> {
        let parts = match self {
            Self::Jpeg => jpeg::parts(bytes),
            Self::Png => png::parts(bytes),
            Self::Webp => webp::parts(bytes),
        }?;
        let pixels = u64::from(parts.width) * u64::from(parts.height);
        if pixels > MAX_PIXELS {
            return Err(NoCopy::Size);
        }
        Ok(parts)
    }
}

/// Makes a copy of a picture that holds its coded image, how it is to be turned, and nothing else;
/// then reads the copy back.
///
/// # Errors
/// Why there is none.
pub(crate) fn clean(original: &[u8]) -> Result<Clean, NoCopy> {
    if original.len() as u64 > MAX_FILE {
        return Err(NoCopy::Size);
    }
    let kind = Kind::of(original).ok_or(NoCopy::Kind)?;
    let copy = kind.parts(original)?;
    // Whatever does not belong in a copy would be taken off it now, and the two would differ.
    let again = kind.parts(&copy.bytes)?;
    let is_same = again.bytes == copy.bytes
        && (again.width, again.height) == (copy.width, copy.height)
        && again.orientation == copy.orientation;
    if !is_same {
        return Err(NoCopy::Form);
    }
    let bytes = copy.bytes;
    Ok(Clean { kind, bytes })
}
