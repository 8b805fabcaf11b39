//! What decoders need to begin, read field by field and written anew.

use crate::copy::{Cursor, NoCopy, must};

/// Bytes of a configuration of AAC, at most; longer ones hold a comment.
const MAX_AAC: usize = 16;

/// Bytes of a configuration of MPEG-4 video, at most.
const MAX_MPEG4_VIDEO: usize = 120;

/// Parameter sets of H.264 (ISO/IEC 14496-15, 5.3.3): sequence and picture sets.
pub(super) fn avc(content: &[u8]) -> Result<Vec<u8>, NoCopy> {
    let mut cursor = Cursor::new(content);
    let head @ [version, profile, ..] = cursor.array::<5>()?;
    must(version == 1)?;
    let mut out = head.to_vec();
    for unit_type in [7, 8] {
        let count = cursor.byte()?;
        out.push(count);
        // The first count has three bits more, all set.
        let count = if unit_type == 7 { count & 31 } else { count };
        for _ in 0..count {
            let unit = unit(&mut cursor)?;
            must(matches!(unit, [first, ..] if first & 31 == unit_type))?;
            put_unit(unit, &mut out)?;
        }
    }
    // Chroma and depths; many programs leave them out.
    if let (100 | 110 | 122 | 144, Ok(extension)) = (profile, cursor.array::<4>()) {
        let [chroma, luma_depth, chroma_depth, sets] = extension;
        if chroma >> 2 == 0x3f && luma_depth >> 3 == 0x1f && chroma_depth >> 3 == 0x1f && sets == 0
        {
            out.extend(extension);
        }
    }
    Ok(out)
}

/// Parameter sets of HEVC (ISO/IEC 14496-15, 8.3.3), without the messages that may stand there.
pub(super) fn hevc(content: &[u8]) -> Result<Vec<u8>, NoCopy> {
    let mut cursor = Cursor::new(content);
    let head = cursor.array::<22>()?;
    must(matches!(head, [1, ..]))?;
    let mut sets = Vec::new();
    let mut kept = 0u8;
    for _ in 0..cursor.byte()? {
        let kind = cursor.byte()?;
        let count = cursor.u16_be()?;
        let mut units = Vec::new();
        for _ in 0..count {
            let unit = unit(&mut cursor)?;
            must(matches!(unit, [first, _, ..] if first >> 1 == kind & 63))?;
            put_unit(unit, &mut units)?;
        }
        if matches!(kind & 63, 32..=34) {
            kept += 1;
            sets.push(kind & 0xbf);
            sets.extend(count.to_be_bytes());
            sets.extend(units);
        }
    }
    cursor.end()?;
    Ok([&head[..], &[kept], &sets].concat())
}

fn unit<'a>(cursor: &mut Cursor<'a>) -> Result<&'a [u8], NoCopy> {
    let length = cursor.u16_be()?;
    cursor.take(length.into())
}

fn put_unit(unit: &[u8], out: &mut Vec<u8>) -> Result<(), NoCopy> {
    let length = u16::try_from(unit.len()).map_err(|_| NoCopy::Form)?;
    out.extend(length.to_be_bytes());
    out.extend(unit);
    Ok(())
}

/// Profile, level and colours of VP9, and no data for a decoder.
pub(super) fn vp9(content: &[u8]) -> Result<Vec<u8>, NoCopy> {
    let mut cursor = Cursor::new(content);
    let [version, _, _, _, fields @ ..] = cursor.array::<10>()?;
    must(version == 1 && cursor.u16_be()? == 0)?;
    cursor.end()?;
    Ok([&[1, 0, 0, 0], &fields[..], &[0, 0]].concat())
}

/// Profile and level of AV1; the sequence header stands in the samples too.
pub(super) fn av1(content: &[u8]) -> Result<Vec<u8>, NoCopy> {
    let head @ [first, ..] = Cursor::new(content).array::<4>()?;
    must(first == 0x81)?;
    Ok(head.to_vec())
}

/// Level and profile of H.263 (3GPP TS 26.244).
pub(super) fn h263(content: &[u8]) -> Result<Vec<u8>, NoCopy> {
    let mut cursor = Cursor::new(content);
    // Who made the program, and its version.
    cursor.take(5)?;
    let [level, profile] = cursor.array()?;
    cursor.end()?;
    Ok(vec![0, 0, 0, 0, 0, level, profile])
}

/// Modes of AMR (3GPP TS 26.244).
pub(super) fn amr(content: &[u8]) -> Result<Vec<u8>, NoCopy> {
    let mut cursor = Cursor::new(content);
    cursor.take(5)?;
    let modes = cursor.array::<4>()?;
    cursor.end()?;
    Ok([&[0; 5], &modes[..]].concat())
}

/// Apple Lossless: its 24 bytes.
pub(super) fn alac(content: &[u8]) -> Result<Vec<u8>, NoCopy> {
    let mut cursor = Cursor::new(content);
    cursor.take(4)?;
    let config = cursor.array::<24>()?;
    Ok([&[0; 4], &config[..]].concat())
}

/// Channels and gain of Opus.
pub(super) fn opus(content: &[u8]) -> Result<Vec<u8>, NoCopy> {
    let mut cursor = Cursor::new(content);
    let head @ [version, channels, .., family] = cursor.array::<11>()?;
    must(version == 0 && channels > 0)?;
    let mapping = cursor.take(if family == 0 {
        0
    } else {
        2 + usize::from(channels)
    })?;
    cursor.end()?;
    Ok([&head[..], mapping].concat())
}

pub(super) fn mpeg4_sound(content: &[u8]) -> Result<Vec<u8>, NoCopy> {
    let decoder = Decoder::read(content)?;
    match decoder.object {
        0x40 | 0x66..=0x68 => must(is_aac(decoder.specific))?,
        // MPEG-1 and MPEG-2 audio.
        0x69 | 0x6b => must(decoder.specific.is_empty())?,
        _ => return Err(NoCopy::Coding),
    }
    decoder.write(0x15)
}

pub(super) fn mpeg4_video(content: &[u8]) -> Result<Vec<u8>, NoCopy> {
    let mut decoder = Decoder::read(content)?;
    if decoder.object != 0x20 {
        return Err(NoCopy::Coding);
    }
    // Headers up to the user data, which names the program.
    let mut codes = decoder.specific.windows(4);
    if let Some(end) = codes.position(|code| *code == [0, 0, 1, 0xb2]) {
        decoder.specific = decoder.specific.get(..end).unwrap_or_default();
    }
    must((1..=MAX_MPEG4_VIDEO).contains(&decoder.specific.len()))?;
    decoder.write(0x11)
}

/// Whether this configures AAC (ISO/IEC 14496-3, 1.6.2.1) by a number of channels: a list of them
/// can hold a comment.
fn is_aac(specific: &[u8]) -> bool {
    let [first, second, rest @ ..] = specific else {
        return false;
    };
    let (object, frequency) = (first >> 3, (first & 7) << 1 | second >> 7);
    let channels = match (frequency, rest) {
        (15, [_, _, last, ..]) => last >> 3 & 15,
        (15, _) => 0,
        _ => second >> 3 & 15,
    };
    object != 31 && channels != 0 && specific.len() <= MAX_AAC
}

/// The decoder of an elementary stream descriptor (ISO/IEC 14496-1, 7.2.6.5).
struct Decoder<'a> {
    object: u8,
    /// Size of the buffer, and bit rates.
    rates: [u8; 11],
    specific: &'a [u8],
}

impl<'a> Decoder<'a> {
    fn read(content: &'a [u8]) -> Result<Self, NoCopy> {
        let mut cursor = Cursor::new(content);
        cursor.take(4)?;
        let (tag, stream) = descriptor(&mut cursor)?;
        must(tag == 3)?;
        let mut stream = Cursor::new(stream);
        stream.take(2)?;
        // It depends on no other stream, has no address and no clock of another.
        must(stream.byte()? & 0xe0 == 0)?;
        let (tag, decoder) = descriptor(&mut stream)?;
        must(tag == 4)?;
        let mut decoder = Cursor::new(decoder);
        let [object, _kind] = decoder.array()?;
        let rates = decoder.array()?;
        let mut specific = &[][..];
        if !decoder.rest.is_empty() {
            let (tag, content) = descriptor(&mut decoder)?;
            if tag == 5 {
                specific = content;
            }
        }
        Ok(Self {
            object,
            rates,
            specific,
        })
    }

    fn write(&self, kind: u8) -> Result<Vec<u8>, NoCopy> {
        let specific = match self.specific {
            [] => Vec::new(),
            specific => put_descriptor(5, specific)?,
        };
        let decoder = [&[self.object, kind], &self.rates[..], &specific].concat();
        let stream = [
            &[0; 3][..],
            &put_descriptor(4, &decoder)?,
            &put_descriptor(6, &[2])?,
        ];
        Ok([&[0; 4][..], &put_descriptor(3, &stream.concat())?].concat())
    }
}

/// Tag and content; the length has one to four bytes of seven bits.
fn descriptor<'a>(cursor: &mut Cursor<'a>) -> Result<(u8, &'a [u8]), NoCopy> {
    let tag = cursor.byte()?;
    let mut length = 0;
    for _ in 0..4 {
        let byte = cursor.byte()?;
        length = length << 7 | usize::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Ok((tag, cursor.take(length)?));
        }
    }
    Err(NoCopy::Form)
}

fn put_descriptor(tag: u8, content: &[u8]) -> Result<Vec<u8>, NoCopy> {
    let length = u8::try_from(content.len())
        .ok()
        .filter(|length| *length < 0x80);
    let length = length.ok_or(NoCopy::Form)?;
    Ok([&[tag, length], content].concat())
}
