//! PNG files (ISO/IEC 15948), chunk by chunk.
//!
//! Kept as they are: header, palette, transparency, image data, end, and the two colour chunks of
//! fixed length (`gAMA`, `sRGB`). Written anew: one Exif tag, the orientation. Everything else is
//! left out: texts, times, densities, colour profiles, unknown chunks, and whatever stands behind
//! the end, where programs that cut a screenshot have left the part that was cut off.

use flate2::{Decompress, FlushDecompress, Status};

use super::exif::Orientation;
use super::{Cursor, NoCopy, Parts, must};

pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Most bytes that the image data of one picture unpacks to, 1 GiB: a bomb costs seconds, not hours.
const MAX_RAW: u64 = 1 << 30;

pub(super) fn parts(bytes: &[u8]) -> Result<Parts, NoCopy> {
    let mut cursor = Cursor::new(bytes);
    must(cursor.take(SIGNATURE.len())? == SIGNATURE)?;
    let (kind, data) = chunk(&mut cursor)?;
    must(kind == *b"IHDR")?;
    let header = Header::read(data)?;
    let mut kept = SIGNATURE.to_vec();
    put(&mut kept, *b"IHDR", data)?;

    let mut image = Image::new();
    let mut orientation = None;
    let mut has_palette = false;
    loop {
        let (kind, data) = chunk(&mut cursor)?;
        let is_before = !image.has_begun;
        let is_kept = match &kind {
            b"IEND" => break,
            b"IDAT" => {
                image.add(data, header.raw_bytes)?;
                true
            }
            b"PLTE" => {
                must(is_before && !has_palette && data.len() % 3 == 0 && data.len() <= 768)?;
                has_palette = true;
                true
            }
            b"tRNS" => {
                must(is_before && data.len() <= 256)?;
                true
            }
            b"gAMA" => is_before && data.len() == 4,
            b"sRGB" => is_before && data.len() == 1,
            b"eXIf" => {
                orientation.get_or_insert_with(|| Orientation::read(data));
                false
            }
            // Animated: the image data alone would be a part of what the file shows.
            b"acTL" | b"fcTL" | b"fdAT" => return Err(NoCopy::Form),
            // A capital says that the image cannot be shown without it.
            [first, ..] if first.is_ascii_uppercase() => return Err(NoCopy::Form),
            _ => false,
        };
        image.is_open = kind == *b"IDAT";
        if is_kept {
            put(&mut kept, kind, data)?;
        }
    }
    must(image.is_whole)?;
    let orientation = orientation.unwrap_or_default();
    if let Some(tiff) = orientation.tiff() {
        put(&mut kept, *b"eXIf", &tiff)?;
    }
    put(&mut kept, *b"IEND", &[])?;
    Ok(Parts {
        bytes: kept,
        width: header.width,
        height: header.height,
        orientation,
    })
}

fn chunk<'a>(cursor: &mut Cursor<'a>) -> Result<([u8; 4], &'a [u8]), NoCopy> {
    let length = usize::try_from(cursor.u32_be()?).map_err(|_| NoCopy::Form)?;
    let kind: [u8; 4] = cursor.array()?;
    let data = cursor.take(length)?;
    must(kind.iter().all(u8::is_ascii_alphabetic))?;
    must(cursor.u32_be()? == checksum(kind, data))?;
    Ok((kind, data))
}

fn put(out: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) -> Result<(), NoCopy> {
    let length = u32::try_from(data.len()).map_err(|_| NoCopy::Form)?;
    out.extend(length.to_be_bytes());
    out.extend(kind);
    out.extend(data);
    out.extend(checksum(kind, data).to_be_bytes());
    Ok(())
}

fn checksum(kind: [u8; 4], data: &[u8]) -> u32 {
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(&kind);
    checksum.update(data);
    checksum.finalize()
}

struct Header {
    width: u32,
    height: u32,
    /// What the image data unpacks to.
    raw_bytes: u64,
}

impl Header {
    fn read(data: &[u8]) -> Result<Self, NoCopy> {
        let mut cursor = Cursor::new(data);
        let (width, height) = (cursor.u32_be()?, cursor.u32_be()?);
        let [depth, colour, compression, filter, interlace] = cursor.array()?;
        must(cursor.rest.is_empty())?;
        let is_side = |side| (1..1 << 31).contains(&side);
        must(is_side(width) && is_side(height))?;
        must(compression == 0 && filter == 0 && interlace <= 1)?;
        let channels = match (colour, depth) {
            (0, 1 | 2 | 4 | 8 | 16) | (3, 1 | 2 | 4 | 8) => 1,
            (2, 8 | 16) => 3,
            (4, 8 | 16) => 2,
            (6, 8 | 16) => 4,
            _ => return Err(NoCopy::Form),
        };
        let bits = u64::from(depth) * channels;
        let raw = |width: u32, height: u32| match width {
            0 => 0,
            _ => u64::from(height).saturating_mul(1 + (u64::from(width) * bits).div_ceil(8)),
        };
        let raw_bytes = match interlace {
            0 => raw(width, height),
            // Adam7: seven pictures, each from its first column and row on, in these steps.
            _ => [
                (0, 8, 0, 8),
                (4, 8, 0, 8),
                (0, 4, 4, 8),
                (2, 4, 0, 4),
                (0, 2, 2, 4),
                (1, 2, 0, 2),
                (0, 1, 1, 2),
            ]
            .into_iter()
            .map(|(left, across, top, down)| {
                raw(
                    width.saturating_sub(left).div_ceil(across),
                    height.saturating_sub(top).div_ceil(down),
                )
            })
            .fold(0, u64::saturating_add),
        };
        if raw_bytes > MAX_RAW {
            return Err(NoCopy::Size);
        }
        Ok(Self {
            width,
            height,
            raw_bytes,
        })
    }
}

/// The image data, unpacked to be measured: exactly what the header calls for, with its checksum,
/// and nothing behind it.
struct Image {
    packed: Decompress,
    room: Box<[u8]>,
    has_begun: bool,
    is_open: bool,
    is_whole: bool,
}

impl Image {
    fn new() -> Self {
        Self {
            packed: Decompress::new(true),
            room: vec![0; 1 << 15].into_boxed_slice(),
            has_begun: false,
            is_open: false,
            is_whole: false,
        }
    }

    fn add(&mut self, mut data: &[u8], raw_bytes: u64) -> Result<(), NoCopy> {
        must(self.is_open || !self.has_begun)?;
        self.has_begun = true;
        loop {
            if self.is_whole {
                return must(data.is_empty());
            }
            let (read, made) = (self.packed.total_in(), self.packed.total_out());
            let status = self
                .packed
                .decompress(data, &mut self.room, FlushDecompress::None)
                .map_err(|_| NoCopy::Form)?;
            let used = usize::try_from(self.packed.total_in() - read).unwrap_or(usize::MAX);
            data = data.get(used..).ok_or(NoCopy::Form)?;
            must(self.packed.total_out() <= raw_bytes)?;
            if status == Status::StreamEnd {
                must(self.packed.total_out() == raw_bytes)?;
                self.is_whole = true;
            } else if used == 0 && self.packed.total_out() == made {
                // It wants more, which is in the next chunk.
                return must(data.is_empty());
            }
        }
    }
}
