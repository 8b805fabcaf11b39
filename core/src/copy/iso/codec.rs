//! Sample descriptions: how samples are coded, and what a decoder needs to begin.

use super::boxes::{Boxes, put, put_bytes, versioned};
use super::config;
use super::track::Handler;
use crate::copy::{Cursor, NoCopy, must};

/// Descriptions in one track, at most.
const MAX_ENTRIES: u32 = 16;

/// What QuickTime puts around the configuration of compressed sound.
const WAVE: &[u8; 4] = b"wave";

/// How many descriptions, and these written anew.
///
/// # Errors
/// [`NoCopy::Coding`] for one that is not known, or for encrypted samples.
pub(super) fn entries(handler: Handler, content: &[u8]) -> Result<(u32, Vec<u8>), NoCopy> {
    let (version, mut cursor) = versioned(content)?;
    must(version == 0)?;
    let count = cursor.u32_be()?;
    must((1..=MAX_ENTRIES).contains(&count))?;
    let mut entries = Boxes::new(cursor.rest);
    let mut out = Vec::new();
    for _ in 0..count {
        let (coding, content) = entries.next()?.ok_or(NoCopy::Form)?;
        let mut content = Cursor::new(content);
        // Six bytes without meaning, then the number of the data reference.
        content.take(8)?;
        put(&mut out, &coding, |out| {
            out.extend(b"\0\0\0\0\0\0\0\x01");
            match handler {
                Handler::Video => video(&coding, content, out),
                Handler::Sound => sound(&coding, content, out),
            }
        })?;
    }
    must(entries.next()?.is_none())?;
    Ok((count, out))
}

fn video(coding: &[u8; 4], mut cursor: Cursor<'_>, out: &mut Vec<u8>) -> Result<(), NoCopy> {
    type Read = fn(&[u8]) -> Result<Vec<u8>, NoCopy>;
    let (name, read): (&[u8; 4], Read) = match coding {
        b"avc1" | b"avc3" => (b"avcC", config::avc),
        b"hvc1" | b"hev1" | b"dvh1" | b"dvhe" => (b"hvcC", config::hevc),
        b"vp09" => (b"vpcC", config::vp9),
        b"av01" => (b"av1C", config::av1),
        b"mp4v" => (b"esds", config::mpeg4_video),
        b"s263" => (b"d263", config::h263),
        _ => return Err(NoCopy::Coding),
    };
    cursor.take(16)?;
    let size = cursor.array::<4>()?;
    // Resolution, frames a sample, and the name of the program that coded it.
    cursor.take(4 + 4 + 4 + 2 + 32)?;
    let depth = cursor.u16_be()?;
    // Without a table of colours.
    must(matches!(depth, 24 | 32) && cursor.u16_be()? == 0xffff)?;
    out.extend([0; 16]);
    out.extend(size);
    out.extend(b"\0\x48\0\0\0\x48\0\0\0\0\0\0\0\x01");
    out.extend([0; 32]);
    out.extend(depth.to_be_bytes());
    out.extend(b"\xff\xff");

    let boxes = Boxes::new(cursor.rest);
    must_be_clear(&boxes)?;
    put_bytes(out, name, &read(boxes.one(name)?)?)?;
    if let Some(space) = boxes.maybe(b"colr")?.and_then(colours) {
        put_bytes(out, b"colr", space)?;
    }
    for (name, length) in [(b"pasp", 8), (b"clap", 32)] {
        if let Some(content) = boxes.maybe(name)? {
            must(content.len() == length)?;
            put_bytes(out, name, content)?;
        }
    }
    for name in [b"dvcC", b"dvvC"] {
        if let Some(content) = boxes.maybe(name)? {
            // What is behind the levels is reserved.
            let levels = Cursor::new(content).array::<5>()?;
            put_bytes(out, name, &[&levels[..], &[0; 19]].concat())?;
        }
    }
    Ok(())
}

/// The colours by their numbers in ITU-T H.273; a profile says more than that.
fn colours(content: &[u8]) -> Option<&[u8]> {
    let length = match content.first_chunk()? {
        b"nclx" => 11,
        b"nclc" => 10,
        _ => return None,
    };
    content.get(..length)
}

fn sound(coding: &[u8; 4], mut cursor: Cursor<'_>, out: &mut Vec<u8>) -> Result<(), NoCopy> {
    type Read = fn(&[u8]) -> Result<Vec<u8>, NoCopy>;
    let (name, read): (&[u8; 4], Read) = match coding {
        b"mp4a" => (b"esds", config::mpeg4_sound),
        b"alac" => (b"alac", config::alac),
        b"Opus" => (b"dOps", config::opus),
        b"samr" | b"sawb" => (b"damr", config::amr),
        _ => return Err(NoCopy::Coding),
    };
    let version = cursor.u16_be()?;
    // Version 2 of QuickTime is for sound that is not compressed.
    must(version <= 1)?;
    cursor.take(6)?;
    let channels_and_bits = cursor.array::<4>()?;
    let compression = cursor.u16_be()?;
    must(matches!(compression, 0 | 0xfffe | 0xffff))?;
    cursor.take(2)?;
    let rate = cursor.array::<4>()?;
    let packets = cursor.take(if version == 1 { 16 } else { 0 })?;
    out.extend(version.to_be_bytes());
    out.extend([0; 6]);
    out.extend(channels_and_bits);
    out.extend(compression.to_be_bytes());
    out.extend([0; 2]);
    out.extend(rate);
    out.extend(packets);

    let boxes = Boxes::new(cursor.rest);
    must_be_clear(&boxes)?;
    match boxes.maybe(WAVE)? {
        Some(wave) => {
            let wave = Boxes::new(wave);
            must_be_clear(&wave)?;
            let config = read(wave.one(name)?)?;
            put(out, WAVE, |out| {
                put_bytes(out, b"frma", coding)?;
                if coding == b"mp4a" {
                    put_bytes(out, b"mp4a", &[0; 4])?;
                }
                put_bytes(out, name, &config)?;
                put_bytes(out, &[0; 4], &[])
            })?;
        }
        None => put_bytes(out, name, &read(boxes.one(name)?)?)?,
    }
    if let Some(layout) = boxes.maybe(b"chan")? {
        // Tag, bitmap, and no description of single channels.
        let (_, mut cursor) = versioned(layout)?;
        let tag_and_bitmap = cursor.array::<8>()?;
        let layout = [&[0; 4], &tag_and_bitmap[..], &[0; 4]].concat();
        put_bytes(out, b"chan", &layout)?;
    }
    Ok(())
}

/// Samples are not encrypted.
fn must_be_clear(boxes: &Boxes<'_>) -> Result<(), NoCopy> {
    match boxes.maybe(b"sinf")? {
        None => Ok(()),
        Some(_) => Err(NoCopy::Coding),
    }
}
