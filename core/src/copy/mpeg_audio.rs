//! Sound in MP3 (ISO/IEC 11172-3 and 13818-3, layer III): frame after frame.
//!
//! Kept: the frames. Written anew: the first one where it holds no sound but how long the file is.
//! Everything else is left out: the tags before and behind (ID3, APE, Lyrics3) with names, times,
//! places and pictures.

use super::pieces::Pieces;
use super::{Ended, NoCopy, Source, must, read};

/// Tags before the first frame, at most.
const MAX_TAGS: usize = 16;

/// What a tag behind the last frame begins with.
const TAGS_BEHIND: [&[u8]; 4] = [b"TAG", b"APETAGEX", b"LYRICSBEGIN", b"ID3"];

/// Bytes of a table of places, of how many frames and bytes there are, and of the flags for them.
const FRAMES: usize = 4;
const BYTES: usize = 4;
const PLACES: usize = 100;

/// The head of a frame.
#[derive(Clone, Copy)]
struct Frame {
    bytes: [u8; 4],
    length: u64,
}

pub(super) fn pieces(source: &mut dyn Source) -> Result<Pieces, Ended> {
    let length = source.length();
    let mut at = behind_tags(source)?;
    let mut pieces = Pieces::default();
    let mut first: Option<Frame> = None;
    let mut count = 0u32;
    while length - at >= 4 {
        let head = read(source, at, 4)?;
        let Some(frame) = Frame::read(&head) else {
            break;
        };
        must(first.is_none_or(|first| first.is_like(frame)))?;
        if frame.length > length - at {
            // A recording that was cut in its last frame.
            at = length;
            break;
        }
        match first {
            None => match frame.overview(&read(source, at, frame.length)?) {
                Some(made) => pieces.make(&made)?,
                None => pieces.take(at, frame.length)?,
            },
            Some(_) => pieces.take(at, frame.length)?,
        }
        first.get_or_insert(frame);
        at += frame.length;
        count = count.saturating_add(1);
    }
    must(count >= 2)?;
    let behind = read(source, at, (length - at).min(16))?;
    let is_tag = TAGS_BEHIND.iter().any(|tag| behind.starts_with(tag));
    // Padding at the end is no sound either; anything else might be.
    must(is_tag || behind.iter().all(|byte| *byte == 0))?;
    Ok(pieces)
}

/// Where the first frame begins: behind the tags of ID3v2.
fn behind_tags(source: &mut dyn Source) -> Result<u64, Ended> {
    let length = source.length();
    let mut at = 0u64;
    for _ in 0..MAX_TAGS {
        let head = read(source, at, (length - at).min(10))?;
        let Some(&[_, _, flags, a, b, c, d]) = head.strip_prefix(b"ID3") else {
            return Ok(at);
        };
        must([a, b, c, d].iter().all(|byte| *byte < 0x80))?;
        let size = [a, b, c, d]
            .iter()
            .fold(0u64, |size, byte| size << 7 | u64::from(*byte));
        let footer = if flags & 0x10 == 0 { 0 } else { 10 };
        at += 10 + size + footer;
        must(at <= length)?;
    }
    Err(NoCopy::Form.into())
}

impl Frame {
    fn read(head: &[u8]) -> Option<Self> {
        const MPEG1: [u64; 14] = [
            32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320,
        ];
        const MPEG2: [u64; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
        let bytes @ [0xff, second, third, _] = *head.first_chunk()? else {
            return None;
        };
        let version = second >> 3 & 3;
        if second < 0xe0 || version == 1 || second >> 1 & 3 != 1 {
            return None;
        }
        let (rates, factor, divisor) = match version {
            3 => (MPEG1, 144, 1),
            2 => (MPEG2, 72, 2),
            _ => (MPEG2, 72, 4),
        };
        let rate = rates.get(usize::from(third >> 4).checked_sub(1)?)?;
        let frequency = [44_100, 48_000, 32_000].get(usize::from(third >> 2 & 3))? / divisor;
        let padding = u64::from(third >> 1 & 1);
        Some(Self {
            bytes,
            length: factor * rate * 1_000 / frequency + padding,
        })
    }

    /// Whether two frames can be of one recording.
    fn is_like(self, other: Self) -> bool {
        let [_, version, rates, _] = self.bytes;
        let [_, other_version, other_rates, _] = other.bytes;
        (version ^ other_version) & 0xfe == 0 && (rates ^ other_rates) & 0x0c == 0
    }

    /// A first frame without sound, which tells how long the file is: with that, and without the
    /// name of the program that stands in it. `None` for a frame of sound.
    fn overview(self, frame: &[u8]) -> Option<Vec<u8>> {
        let [_, second, _, fourth] = self.bytes;
        let (is_mpeg1, is_mono) = (second >> 3 & 3 == 3, fourth >> 6 == 3);
        let side = match (is_mpeg1, is_mono) {
            (true, false) => 32,
            (false, true) => 9,
            _ => 17,
        };
        let mut made = self.bytes.to_vec();
        let tag = frame.get(4 + side..)?;
        if let [b'X' | b'I', _, _, _, _, _, _, flags, rest @ ..] = tag
            && (tag.starts_with(b"Xing") || tag.starts_with(b"Info"))
        {
            let flags = flags & 7;
            let wanted = [(1, FRAMES), (2, BYTES), (4, PLACES)];
            let wanted = wanted.iter().filter(|(flag, _)| flags & flag != 0);
            let length = wanted.map(|(_, length)| length).sum();
            made.resize(4 + side, 0);
            made.extend(tag.get(..4)?);
            made.extend([0, 0, 0, flags]);
            made.extend(rest.get(..length)?);
        } else if !frame.get(36..)?.starts_with(b"VBRI") {
            return None;
        }
        made.resize(frame.len(), 0);
        Some(made)
    }
}
