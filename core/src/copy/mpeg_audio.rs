//! Sound in MP3 (ISO/IEC 11172-3 and 13818-3, layer III): frame after frame.
//!
//! Kept: the frames. Written anew: the first one where it holds no sound but how long the file is.
//! Everything else is left out: the tags before and behind (ID3, APE) with names, times, places and
//! pictures.

use super::pieces::Pieces;
use super::{Ended, NoCopy, Source, must, read};

/// Tags before the first frame, at most.
const MAX_TAGS: usize = 16;

/// Bytes of what is no sound that are read together.
const PART: u64 = 1 << 16;

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
    must(is_without_sound(source, at)?)?;
    Ok(pieces)
}

/// Where the first frame begins: behind the tags of ID3v2.
fn behind_tags(source: &mut dyn Source) -> Result<u64, Ended> {
    let mut at = 0;
    for _ in 0..MAX_TAGS {
        match id3_end(source, at)? {
            Some(end) => at = end,
            None => return Ok(at),
        }
    }
    Err(NoCopy::Form.into())
}

/// Whether only zeros and tags follow, up to the end: anything else might be a second recording.
fn is_without_sound(source: &mut dyn Source, mut at: u64) -> Result<bool, Ended> {
    let length = source.length();
    for _ in 0..MAX_TAGS {
        at = behind_zeros(source, at)?;
        if at == length {
            return Ok(true);
        }
        let head = read(source, at, (length - at).min(16))?;
        at = match &head[..] {
            [b'T', b'A', b'G', b'+', ..] if length - at == 227 + 128 => at + 227,
            [b'T', b'A', b'G', ..] if length - at == 128 => length,
            // Version, then the size without this header.
            [
                b'A',
                b'P',
                b'E',
                b'T',
                b'A',
                b'G',
                b'E',
                b'X',
                _,
                _,
                _,
                _,
                a,
                b,
                c,
                d,
            ] => at + 32 + u64::from(u32::from_le_bytes([*a, *b, *c, *d])),
            _ => match id3_end(source, at)? {
                Some(end) => end,
                None => return Ok(false),
            },
        };
        must(at <= length)?;
    }
    Ok(false)
}

fn behind_zeros(source: &mut dyn Source, mut at: u64) -> Result<u64, Ended> {
    let length = source.length();
    while at < length {
        let part = read(source, at, (length - at).min(PART))?;
        if let Some(other) = part.iter().position(|byte| *byte != 0) {
            return Ok(at + other as u64);
        }
        at += part.len() as u64;
    }
    Ok(length)
}

/// Where the tag of ID3v2 ends that begins there, if one does.
fn id3_end(source: &mut dyn Source, at: u64) -> Result<Option<u64>, Ended> {
    let length = source.length();
    let head = read(source, at, (length - at).min(10))?;
    let Some(&[_, _, flags, a, b, c, d]) = head.strip_prefix(b"ID3") else {
        return Ok(None);
    };
    must([a, b, c, d].iter().all(|byte| *byte < 0x80))?;
    let size = [a, b, c, d]
        .iter()
        .fold(0u64, |size, byte| size << 7 | u64::from(*byte));
    let footer = if flags & 0x10 == 0 { 0 } else { 10 };
    let end = at + 10 + size + footer;
    must(end <= length)?;
    Ok(Some(end))
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
    /// name of the program that stands in it; empty where nothing can be kept. `None` for a frame of
    /// sound.
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
            made.resize(frame.len(), 0);
            Some(made)
        } else {
            let is_overview = frame.get(36..)?.starts_with(b"VBRI");
            is_overview.then(Vec::new)
        }
    }
}
