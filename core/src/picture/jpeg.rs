//! JPEG files (ITU-T T.81), segment by segment.
//!
//! Kept as they are: tables, frame and scan headers, scans. Written anew: the JFIF header (without
//! density and thumbnail), Adobe's marker (its colour transform alone) and one Exif tag, the
//! orientation. Everything else is left out: all other application segments with what they hold
//! (places, devices, times, thumbnails, colour profiles, maker notes), comments, fill bytes, and
//! whatever stands behind the end.

use super::exif::Orientation;
use super::{Cursor, NoCopy, Parts, must};

/// Scans in one file. Progressive files of cameras and messengers have about ten; with thousands, a
/// small file keeps a decoder busy for hours.
const MAX_SCANS: usize = 64;

const SOI: u8 = 0xd8;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;
const DQT: u8 = 0xdb;
const DRI: u8 = 0xdd;
const DHT: u8 = 0xc4;

#[derive(Default)]
struct Found {
    frame: Option<Frame>,
    scans: usize,
    has_jfif: bool,
    adobe: Option<u8>,
    orientation: Option<Orientation>,
    /// Segments and scans that are kept, in their order.
    kept: Vec<u8>,
}

/// What a frame header says.
struct Frame {
    width: u16,
    height: u16,
    components: Vec<u8>,
    is_progressive: bool,
}

pub(super) fn parts(bytes: &[u8]) -> Result<Parts, NoCopy> {
    read(bytes)?.into_parts()
}

fn read(bytes: &[u8]) -> Result<Found, NoCopy> {
    let mut cursor = Cursor::new(bytes);
    must(cursor.array()? == [0xff, SOI])?;
    let mut found = Found::default();
    loop {
        let marker = next_marker(&mut cursor)?;
        if marker == EOI {
            break;
        }
        // Markers without a segment, reserved ones, and those of other processes (arithmetic
        // coding, lossless and hierarchical files), which no browser shows.
        must(matches!(marker, 0xc0..=0xc2 | DHT | SOS | DQT | DRI | 0xe0..=0xfe))?;
        let length = usize::from(cursor.u16_be()?);
        let segment = cursor.take(length.checked_sub(2).ok_or(NoCopy::Form)?)?;
        found.segment(marker, segment)?;
        if marker == SOS {
            found.scan(&mut cursor)?;
        }
    }
    Ok(found)
}

/// Whether a copy is coded in several scans that need all of it in memory.
pub(super) fn is_progressive(copy: &[u8]) -> bool {
    let found = read(copy).ok();
    found.is_some_and(|found| found.frame.is_some_and(|frame| frame.is_progressive))
}

/// A copy without Exif, for a report that turns the picture itself. `None` if its colours are those
/// of a printing press, which paper of this kind does not hold.
pub(super) fn for_paper(copy: &[u8]) -> Option<Vec<u8>> {
    let mut found = read(copy).ok()?;
    let components = found.frame.as_ref()?.components.len();
    found.orientation = None;
    let parts = found.into_parts().ok()?;
    (components < 4).then_some(parts.bytes)
}

fn next_marker(cursor: &mut Cursor<'_>) -> Result<u8, NoCopy> {
    must(cursor.byte()? == 0xff)?;
    loop {
        let marker = cursor.byte()?;
        if marker != 0xff {
            return Ok(marker);
        }
    }
}

impl Found {
    fn segment(&mut self, marker: u8, segment: &[u8]) -> Result<(), NoCopy> {
        let is_fine = match marker {
            0xc0..=0xc2 => {
                must(self.frame.is_none())?;
                self.frame = Some(Frame::read(marker, segment)?);
                true
            }
            SOS => self.is_scan_header(segment),
            DQT => is_quantization(segment),
            DHT => is_huffman(segment),
            DRI => segment.len() == 2,
            _ => {
                self.metadata(marker, segment);
                return Ok(());
            }
        };
        must(is_fine)?;
        self.keep(marker, segment)
    }

    fn keep(&mut self, marker: u8, segment: &[u8]) -> Result<(), NoCopy> {
        let length = u16::try_from(segment.len() + 2).map_err(|_| NoCopy::Form)?;
        self.kept.extend([0xff, marker]);
        self.kept.extend(length.to_be_bytes());
        self.kept.extend(segment);
        Ok(())
    }

    /// Nothing of it is kept; what must be known to show the image right is written anew.
    fn metadata(&mut self, marker: u8, segment: &[u8]) {
        if self.scans > 0 {
            return;
        }
        match marker {
            0xe0 if segment.starts_with(b"JFIF\0") => self.has_jfif = true,
            0xe1 if self.orientation.is_none() => {
                let tiff = segment.strip_prefix(b"Exif\0\0");
                self.orientation = tiff.map(Orientation::read);
            }
            0xee if segment.len() >= 12 && segment.starts_with(b"Adobe") => {
                self.adobe = segment.get(11).copied();
            }
            _ => {}
        }
    }

    fn is_scan_header(&self, segment: &[u8]) -> bool {
        let Some(frame) = &self.frame else {
            return false;
        };
        let Some((&count, rest)) = segment.split_first() else {
            return false;
        };
        let count = usize::from(count);
        let Some((selectors, [start, end, approximation])) = rest.split_at_checked(2 * count)
        else {
            return false;
        };
        let are_known = selectors
            .chunks(2)
            .all(|pair| matches!(pair, [id, tables] if frame.components.contains(id) && tables & 0xcc == 0));
        (1..=4).contains(&count)
            && are_known
            && *start <= 63
            && *end <= 63
            && approximation >> 4 <= 13
            && approximation & 15 <= 13
    }

    /// The coded image up to the next marker.
    fn scan(&mut self, cursor: &mut Cursor<'_>) -> Result<(), NoCopy> {
        self.scans += 1;
        must(self.scans <= MAX_SCANS)?;
        let pairs = cursor.rest.windows(2);
        let end = pairs
            .enumerate()
            .find(|(_, pair)| matches!(pair, [0xff, next] if !matches!(next, 0 | 0xd0..=0xd7)));
        let (end, _) = end.ok_or(NoCopy::Form)?;
        must(end > 0)?;
        let scan = cursor.take(end)?;
        self.kept.extend(scan);
        Ok(())
    }

    fn into_parts(self) -> Result<Parts, NoCopy> {
        let frame = self.frame.ok_or(NoCopy::Form)?;
        must(self.scans > 0)?;
        let orientation = self.orientation.unwrap_or_default();
        let mut head = Self::default();
        if self.has_jfif {
            head.keep(0xe0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")?;
        }
        if let Some(tiff) = orientation.tiff() {
            head.keep(0xe1, &[b"Exif\0\0", &tiff[..]].concat())?;
        }
        if let Some(transform) = self.adobe {
            must(transform <= 2)?;
            head.keep(0xee, &[b"Adobe\0\x64\0\0\0\0", &[transform][..]].concat())?;
        }
        let bytes = [&[0xff, SOI], &head.kept[..], &self.kept, &[0xff, EOI]].concat();
        Ok(Parts {
            bytes,
            width: frame.width.into(),
            height: frame.height.into(),
            orientation,
        })
    }
}

impl Frame {
    fn read(marker: u8, segment: &[u8]) -> Result<Self, NoCopy> {
        let mut cursor = Cursor::new(segment);
        must(cursor.byte()? == 8)?;
        let (height, width) = (cursor.u16_be()?, cursor.u16_be()?);
        let count = cursor.byte()?;
        must(width > 0 && height > 0 && matches!(count, 1 | 3 | 4))?;
        let mut components = Vec::new();
        for _ in 0..count {
            let [id, sampling, table] = cursor.array()?;
            let is_sampled = |factor| (1..=4).contains(&factor);
            must(is_sampled(sampling >> 4) && is_sampled(sampling & 15) && table <= 3)?;
            must(!components.contains(&id))?;
            components.push(id);
        }
        must(cursor.rest.is_empty())?;
        Ok(Self {
            width,
            height,
            components,
            is_progressive: marker == 0xc2,
        })
    }
}

/// Tables of 64 values of one or two bytes, and no byte more.
fn is_quantization(mut rest: &[u8]) -> bool {
    while let Some((head, tables)) = rest.split_first() {
        let (precision, number) = (head >> 4, head & 15);
        let length = if precision == 0 { 64 } else { 128 };
        let Some(after) = tables.get(length..) else {
            return false;
        };
        if precision > 1 || number > 3 {
            return false;
        }
        rest = after;
    }
    true
}

/// Tables of 16 counts and their values, and no byte more.
fn is_huffman(mut rest: &[u8]) -> bool {
    while let Some((head, tables)) = rest.split_first() {
        let Some((counts, values)) = tables.split_at_checked(16) else {
            return false;
        };
        let count: usize = counts.iter().map(|count| usize::from(*count)).sum();
        let Some(after) = values.get(count..) else {
            return false;
        };
        if head >> 4 > 1 || head & 15 > 3 || count > 256 {
            return false;
        }
        rest = after;
    }
    true
}
