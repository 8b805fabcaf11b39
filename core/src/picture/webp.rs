//! WebP files (RFC 9649), chunk by chunk.
//!
//! Kept as they are: the coded image and its transparency. Written anew: the header and one Exif
//! tag, the orientation. Everything else is left out.

use super::exif::Orientation;
use super::{Cursor, NoCopy, Parts, must};

/// Flags of the extended header.
const ALPHA: u8 = 0x10;
const EXIF: u8 = 0x08;

pub(super) fn parts(bytes: &[u8]) -> Result<Parts, NoCopy> {
    let mut file = Cursor::new(bytes);
    must(file.array()? == *b"RIFF")?;
    let length = usize::try_from(file.u32_le()?).map_err(|_| NoCopy::Form)?;
    // What stands behind this length is not part of the picture.
    let mut cursor = Cursor::new(file.take(length)?);
    must(cursor.array()? == *b"WEBP")?;

    let (mut canvas, mut alpha, mut image, mut orientation) = (None, None, None, None);
    while !cursor.rest.is_empty() {
        let (kind, data) = chunk(&mut cursor)?;
        match &kind {
            b"VP8X" => {
                must(canvas.is_none() && image.is_none())?;
                canvas = Some(extended(data)?);
            }
            b"ALPH" => {
                must(alpha.is_none() && image.is_none() && canvas.is_some())?;
                alpha = Some(data);
            }
            b"VP8 " | b"VP8L" => {
                must(image.is_none())?;
                image = Some((kind, data));
            }
            b"EXIF" => {
                let tiff = data.strip_prefix(b"Exif\0\0").unwrap_or(data);
                orientation.get_or_insert_with(|| Orientation::read(tiff));
            }
            // Animated: no single image is what the file shows.
            b"ANIM" | b"ANMF" => return Err(NoCopy::Form),
            _ => {}
        }
    }
    let (kind, data) = image.ok_or(NoCopy::Form)?;
    let is_lossless = kind == *b"VP8L";
    let (width, height, has_alpha) = match is_lossless {
        true => lossless(data)?,
        false => {
            let (width, height) = lossy(data)?;
            (width, height, alpha.is_some())
        }
    };
    must(canvas.is_none_or(|canvas| canvas == (width, height)))?;
    must(!is_lossless || alpha.is_none())?;
    let orientation = orientation.unwrap_or_default();

    let mut kept = b"WEBP".to_vec();
    let tiff = orientation.tiff();
    if tiff.is_some() || alpha.is_some() {
        let flags = if has_alpha { ALPHA } else { 0 } | if tiff.is_some() { EXIF } else { 0 };
        let mut header = vec![flags, 0, 0, 0];
        for side in [width, height] {
            header.extend((side - 1).to_le_bytes().into_iter().take(3));
        }
        put(&mut kept, *b"VP8X", &header)?;
    }
    if let Some(alpha) = alpha {
        put(&mut kept, *b"ALPH", alpha)?;
    }
    put(&mut kept, kind, data)?;
    if let Some(tiff) = tiff {
        put(&mut kept, *b"EXIF", &tiff)?;
    }
    let mut bytes = Vec::with_capacity(kept.len() + 8);
    put_unpadded(&mut bytes, *b"RIFF", &kept)?;
    Ok(Parts {
        bytes,
        width,
        height,
        orientation,
    })
}

fn chunk<'a>(cursor: &mut Cursor<'a>) -> Result<([u8; 4], &'a [u8]), NoCopy> {
    let kind = cursor.array()?;
    let length = usize::try_from(cursor.u32_le()?).map_err(|_| NoCopy::Form)?;
    let data = cursor.take(length)?;
    if length % 2 == 1 {
        cursor.take(1)?;
    }
    Ok((kind, data))
}

fn put(out: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) -> Result<(), NoCopy> {
    put_unpadded(out, kind, data)?;
    if data.len() % 2 == 1 {
        out.push(0);
    }
    Ok(())
}

fn put_unpadded(out: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) -> Result<(), NoCopy> {
    let length = u32::try_from(data.len()).map_err(|_| NoCopy::Form)?;
    out.extend(kind);
    out.extend(length.to_le_bytes());
    out.extend(data);
    Ok(())
}

/// The size that the extended header names.
fn extended(data: &[u8]) -> Result<(u32, u32), NoCopy> {
    let mut cursor = Cursor::new(data);
    cursor.take(4)?;
    let mut side = || {
        let [low, middle, high] = cursor.array()?;
        Ok(u32::from_le_bytes([low, middle, high, 0]) + 1)
    };
    let size = (side()?, side()?);
    must(cursor.rest.is_empty())?;
    Ok(size)
}

/// The size in a frame header of VP8 (RFC 6386 section 9.1); only a key frame is a picture.
fn lossy(data: &[u8]) -> Result<(u32, u32), NoCopy> {
    let mut cursor = Cursor::new(data);
    let [tag, _, _] = cursor.array()?;
    must(tag & 1 == 0 && cursor.array()? == [0x9d, 0x01, 0x2a])?;
    let mut side = || Ok(u32::from(u16::from_le_bytes(cursor.array()?) & 0x3fff));
    let (width, height) = (side()?, side()?);
    must(width > 0 && height > 0)?;
    Ok((width, height))
}

/// Size and transparency in the header of VP8L (RFC 9649 section 3.4).
fn lossless(data: &[u8]) -> Result<(u32, u32, bool), NoCopy> {
    let mut cursor = Cursor::new(data);
    must(cursor.byte()? == 0x2f)?;
    let bits = cursor.u32_le()?;
    must(bits >> 29 == 0)?;
    let side = |bits: u32| (bits & 0x3fff) + 1;
    Ok((side(bits), side(bits >> 14), bits >> 28 & 1 == 1))
}
