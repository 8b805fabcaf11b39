//! Video and sound in the ISO base media format (ISO/IEC 14496-12) and in QuickTime's, from which it
//! comes: MP4, MOV, M4A, 3GP.
//!
//! Kept as they are: the samples of the tracks of video and sound, byte for byte and in their
//! order, and the tables that say when each is shown. Written anew: every box around them, with
//! what a player needs. Everything else is left out: places, devices, names, times, thumbnails,
//! texts, tracks of other kinds, whatever lies between the samples.
//!
//! Memory for a file of any size: its movie box, that of the copy, twice for a moment, and 56 bytes for
//! each run of samples; at most 64 MiB.

mod boxes;
mod codec;
mod config;
mod movie;
mod tables;
mod track;

use self::boxes::{put, to_u32};
use self::movie::Movie;
use self::tables::Chunk;
use super::pieces::{MAX_MADE, Pieces};
use super::{Cursor, Ended, NoCopy, Source, must, read};

/// Boxes beside each other in a file, at most. Each costs a look into the stored file.
const MAX_BOXES: usize = 1_024;

/// What a file says that it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Brand {
    Mp4,
    QuickTime,
    M4a,
    ThreeGp,
    ThreeGp2,
}

/// Where a file has what is needed of it.
#[derive(Default)]
struct Top {
    /// Offset and length.
    movie: Option<(u64, u64)>,
    /// Offsets and ends, ascending.
    data: Vec<(u64, u64)>,
}

impl Brand {
    /// The major brand, and those that it is compatible with.
    fn words(self) -> &'static [&'static [u8; 4]] {
        match self {
            Self::Mp4 => &[b"isom", b"isom", b"iso2", b"mp41"],
            Self::QuickTime => &[b"qt  ", b"qt  "],
            Self::M4a => &[b"M4A ", b"M4A ", b"mp42", b"isom"],
            Self::ThreeGp => &[b"3gp5", b"3gp5", b"isom"],
            Self::ThreeGp2 => &[b"3g2a", b"3g2a", b"isom"],
        }
    }
}

/// A copy of a file: its type, its movie, and its samples.
pub(super) fn pieces(brand: Brand, source: &mut dyn Source) -> Result<Pieces, Ended> {
    let top = Top::read(source)?;
    let (offset, length) = top.movie.ok_or(NoCopy::Form)?;
    if length > MAX_MADE as u64 {
        return Err(NoCopy::Size.into());
    }
    let bytes = read(source, offset, length)?;
    let movie = Movie::read(brand, &bytes)?;
    let mut chunks = movie.chunks()?;
    chunks.sort_unstable_by_key(|chunk| (chunk.from, chunk.length));
    top.must_hold(&chunks)?;

    // Where each chunk begins after the first one, in the order of the tracks.
    let mut places = movie.places();
    let mut data = 0u64;
    for chunk in &chunks {
        let place = places.get_mut(chunk.track as usize);
        let place = place.and_then(|places| places.get_mut(chunk.index as usize));
        *place.ok_or(NoCopy::Form)? = data;
        data = data.checked_add(chunk.length).ok_or(NoCopy::Size)?;
    }
    let head = head(brand, &movie, &places, data, bytes.len())?;
    drop((movie, places));
    drop(bytes);
    let mut pieces = Pieces::default();
    pieces.make(&head)?;
    for chunk in &chunks {
        pieces.take(chunk.from, chunk.length)?;
    }
    Ok(pieces)
}

/// Everything before the samples: `about` so many bytes.
fn head(
    brand: Brand,
    movie: &Movie<'_>,
    places: &[Vec<u64>],
    data: u64,
    about: usize,
) -> Result<Vec<u8>, NoCopy> {
    let mut head = Vec::with_capacity(about + 1_024);
    put(&mut head, b"ftyp", |out| {
        let (major, compatible) = brand.words().split_first().ok_or(NoCopy::Form)?;
        out.extend(*major);
        out.extend([0; 4]);
        compatible.iter().for_each(|word| out.extend(*word));
        Ok(())
    })?;
    // How long the movie is does not depend on the offsets in it, only on how wide they are.
    let is_wide = data > u64::from(u32::MAX) - 2 * MAX_MADE as u64;
    let before = head.len();
    movie.write(places, 0, is_wide, &mut head)?;
    let start = head.len() + if is_wide { 16 } else { 8 };
    head.truncate(before);
    movie.write(places, start as u64, is_wide, &mut head)?;
    if is_wide {
        head.extend(1u32.to_be_bytes());
        head.extend(b"mdat");
        head.extend(data.checked_add(16).ok_or(NoCopy::Size)?.to_be_bytes());
    } else {
        head.extend(to_u32(data + 8)?.to_be_bytes());
        head.extend(b"mdat");
    }
    Ok(head)
}

impl Top {
    fn read(source: &mut dyn Source) -> Result<Self, Ended> {
        let length = source.length();
        let mut top = Self::default();
        let mut at = 0;
        for _ in 0..MAX_BOXES {
            if at == length {
                return Ok(top);
            }
            let head = read(source, at, (length - at).min(16))?;
            // What stands behind the last box that is one is no part of the movie.
            let Ok((name, from, end)) = outer(&head, at, length) else {
                return Ok(top);
            };
            match &name {
                b"moov" => {
                    must(top.movie.is_none())?;
                    top.movie = Some((from, end - from));
                }
                b"mdat" => top.data.push((from, end)),
                b"moof" | b"styp" | b"sidx" => return Err(NoCopy::Fragments.into()),
                _ => {}
            }
            at = end;
        }
        Err(NoCopy::Form.into())
    }

    /// Chunks in their order lie in the media data, and none in another.
    fn must_hold(&self, chunks: &[Chunk]) -> Result<(), NoCopy> {
        let mut data = self.data.iter();
        let mut here = data.next();
        let mut before = 0;
        for chunk in chunks {
            let end = chunk.from.checked_add(chunk.length).ok_or(NoCopy::Form)?;
            must(before <= chunk.from)?;
            while here.is_some_and(|(_, data_end)| *data_end < end) {
                here = data.next();
            }
            must(here.is_some_and(|(start, _)| *start <= chunk.from))?;
            before = end;
        }
        Ok(())
    }
}

/// Name, start and end of what a box in a file holds.
fn outer(head: &[u8], at: u64, length: u64) -> Result<([u8; 4], u64, u64), NoCopy> {
    let mut cursor = Cursor::new(head);
    let size = cursor.u32_be()?;
    let name = cursor.array()?;
    let (size, header) = match size {
        0 => (length - at, 8),
        1 => (cursor.u64_be()?, 16),
        size => (u64::from(size), 8),
    };
    let end = at.checked_add(size).ok_or(NoCopy::Form)?;
    must(size >= header && end <= length)?;
    Ok((name, at + header, end))
}
