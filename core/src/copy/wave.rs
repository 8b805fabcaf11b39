//! Sound in WAV (RIFF): recorders write it.
//!
//! Kept: the samples. Written anew: the header and the format. Everything else is left out.

use super::pieces::Pieces;
use super::{Cursor, Ended, NoCopy, Source, must, read};

/// Chunks of one file, at most.
const MAX_CHUNKS: usize = 1_024;

/// Bytes of a format chunk, at most.
const MAX_FORMAT: u64 = 40;

/// What follows the number of a coding where the format is an extended one.
const KIND: &[u8] = b"\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71";

pub(super) fn pieces(source: &mut dyn Source) -> Result<Pieces, Ended> {
    let length = source.length();
    let start = read(source, 0, 12)?;
    must(start.starts_with(b"RIFF") && start.ends_with(b"WAVE"))?;
    let (mut at, mut format, mut data) = (12, None, None);
    for _ in 0..MAX_CHUNKS {
        if at == length {
            break;
        }
        let (name, from, end) = chunk(source, at)?;
        match &name {
            b"fmt " => {
                must(format.is_none() && data.is_none() && end - from <= MAX_FORMAT)?;
                format = Some(read_format(&read(source, from, end - from)?)?);
            }
            b"data" => {
                must(data.is_none() && end > from)?;
                data = Some((from, end - from));
            }
            _ => {}
        }
        // Chunks begin at even places; a last one may lack its padding.
        at = end.next_multiple_of(2).min(length);
    }
    // A recorder that was interrupted never wrote how much there is: what stands behind the chunks
    // can be sound as well.
    must(at == length && is_size(&start, length))?;
    let (format, (from, size)) = format.zip(data).ok_or(NoCopy::Form)?;

    let padding = size % 2;
    let whole = size + padding + format.len() as u64 + 20;
    let mut pieces = Pieces::default();
    pieces.make(b"RIFF")?;
    pieces.make(&to_u32(whole)?.to_le_bytes())?;
    pieces.make(b"WAVEfmt ")?;
    pieces.make(&to_u32(format.len() as u64)?.to_le_bytes())?;
    pieces.make(&format)?;
    pieces.make(b"data")?;
    pieces.make(&to_u32(size)?.to_le_bytes())?;
    pieces.take(from, size)?;
    if padding == 1 {
        pieces.make(&[0])?;
    }
    Ok(pieces)
}

/// Name, start and end of a chunk.
fn chunk(source: &mut dyn Source, at: u64) -> Result<([u8; 4], u64, u64), Ended> {
    let head = read(source, at, 8)?;
    let mut cursor = Cursor::new(&head);
    let name = cursor.array()?;
    let end = at + 8 + u64::from(cursor.u32_le()?);
    must(end <= source.length())?;
    Ok((name, at + 8, end))
}

/// Whether a file of that length is as long as its first bytes say, but for padding.
fn is_size(start: &[u8], length: u64) -> bool {
    let size = start.get(4..).and_then(|size| size.first_chunk());
    let said = size.map(|size| u64::from(u32::from_le_bytes(*size)) + 8);
    said.is_some_and(|said| said == length || said + 1 == length || said == length + 1)
}

/// The format without what it may have at its end.
fn read_format(content: &[u8]) -> Result<Vec<u8>, NoCopy> {
    let mut cursor = Cursor::new(content);
    let fields = cursor.array::<16>()?;
    let [low, high, channels, ..] = fields;
    must(channels > 0)?;
    match u16::from_le_bytes([low, high]) {
        // Integers, floating point, A-law and μ-law.
        1 | 3 | 6 | 7 => Ok(fields.to_vec()),
        0xfffe => {
            must(cursor.array()? == [22, 0])?;
            let bits_and_channels = cursor.array::<6>()?;
            let coding = cursor.array::<2>()?;
            must(cursor.rest == KIND)?;
            if !matches!(coding, [1 | 3, 0]) {
                return Err(NoCopy::Coding);
            }
            Ok([&fields[..], &[22, 0], &bits_and_channels, &coding, KIND].concat())
        }
        _ => Err(NoCopy::Coding),
    }
}

fn to_u32(value: u64) -> Result<u32, NoCopy> {
    u32::try_from(value).map_err(|_| NoCopy::Size)
}
