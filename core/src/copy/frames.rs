//! Sound in bare frames: AMR (RFC 4867, section 5), as recorders of calls write it, and AAC in ADTS
//! (ISO/IEC 13818-7). They have no room for metadata but between frames, where nothing may stand.

use super::pieces::Pieces;
use super::{Ended, NoCopy, Source, must, read};

/// Frames of one file, at most: some ninety hours. Each is looked at.
const MAX_FRAMES: u32 = 1 << 24;

/// Bytes behind the head of a frame, by its type.
const AMR: [Option<u64>; 16] = [
    Some(12),
    Some(13),
    Some(15),
    Some(17),
    Some(19),
    Some(20),
    Some(26),
    Some(31),
    Some(5),
    None,
    None,
    None,
    None,
    None,
    None,
    Some(0),
];
const AMR_WIDEBAND: [Option<u64>; 16] = [
    Some(17),
    Some(23),
    Some(32),
    Some(36),
    Some(40),
    Some(46),
    Some(50),
    Some(58),
    Some(60),
    Some(5),
    None,
    None,
    None,
    None,
    Some(0),
    Some(0),
];

pub(super) fn amr(source: &mut dyn Source) -> Result<Pieces, Ended> {
    of_amr(source, b"#!AMR\n", AMR)
}

pub(super) fn amr_wideband(source: &mut dyn Source) -> Result<Pieces, Ended> {
    of_amr(source, b"#!AMR-WB\n", AMR_WIDEBAND)
}

fn of_amr(
    source: &mut dyn Source,
    magic: &[u8],
    lengths: [Option<u64>; 16],
) -> Result<Pieces, Ended> {
    let start = magic.len() as u64;
    must(read(source, 0, start)? == magic)?;
    let mut pieces = Pieces::default();
    pieces.make(magic)?;
    frames::<1>(source, start, &mut pieces, |[head]| {
        let length = lengths.get(usize::from(head >> 3 & 15)).copied().flatten();
        length.filter(|_| head & 0x83 == 0).map(|length| length + 1)
    })?;
    Ok(pieces)
}

pub(super) fn aac(source: &mut dyn Source) -> Result<Pieces, Ended> {
    let mut pieces = Pieces::default();
    let mut first = None;
    frames::<7>(
        source,
        0,
        &mut pieces,
        |[sync, second, third, fourth, fifth, sixth, _]| {
            // What all frames of a recording have in common: version, object, frequency.
            let common = (second & 0xfe, third & 0xfc);
            let is_frame = sync == 0xff && second & 0xf6 == 0xf0 && third >> 2 & 15 < 13;
            let [high, middle, low] = [fourth & 3, fifth, sixth >> 5].map(u64::from);
            let length = high << 11 | middle << 3 | low;
            let is_like = *first.get_or_insert(common) == common;
            (is_frame && is_like && length >= 7).then_some(length)
        },
    )?;
    Ok(pieces)
}

/// Takes frame after frame, whose head tells how long each is with it, to the end of the file. One
/// that was cut there is left out.
fn frames<const HEAD: usize>(
    source: &mut dyn Source,
    start: u64,
    pieces: &mut Pieces,
    mut length_of: impl FnMut([u8; HEAD]) -> Option<u64>,
) -> Result<(), Ended> {
    let end = source.length();
    let (mut at, mut count) = (start, 0);
    while end - at >= HEAD as u64 {
        let mut head = [0; HEAD];
        source.read_at(at, &mut head)?;
        let length = length_of(head).ok_or(NoCopy::Form)?;
        if length > end - at {
            break;
        }
        pieces.take(at, length)?;
        at += length;
        count += 1;
        if count > MAX_FRAMES {
            return Err(NoCopy::Size.into());
        }
    }
    must(count > 0)?;
    Ok(())
}
