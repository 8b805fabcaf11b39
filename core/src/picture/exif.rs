//! Two things that Exif says (CIPA DC-008): how a picture is to be turned, the one tag that a copy keeps,
//! and when its camera says it was taken.

use chrono::{DateTime, Datelike, NaiveDateTime};

/// What a viewer does to the stored pixels; the values are those of the tag.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Orientation {
    #[default]
    AsStored = 1,
    Mirrored = 2,
    Turned180 = 3,
    Flipped = 4,
    Transposed = 5,
    TurnedRight = 6,
    Transversed = 7,
    TurnedLeft = 8,
}

const TAG: u16 = 274;
/// Where the directory of Exif itself lies, and two of its tags.
const EXIF: u16 = 0x8769;
const TAKEN: u16 = 0x9003;
const TAKEN_OFFSET: u16 = 0x9011;
const ASCII: u16 = 2;
const SHORT: u16 = 3;
const LONG: u16 = 4;
/// Entries of a directory that are looked at; cameras write some 20.
const MAX_ENTRIES: usize = 512;

impl Orientation {
    /// Whether width and height change places.
    pub(crate) fn is_sideways(self) -> bool {
        matches!(
            self,
            Self::Transposed | Self::TurnedRight | Self::Transversed | Self::TurnedLeft
        )
    }

    /// From the TIFF structure of an Exif block; whatever cannot be read says nothing.
    pub(super) fn read(tiff: &[u8]) -> Self {
        Self::find(tiff).unwrap_or_default()
    }

    fn find(tiff: &[u8]) -> Option<Self> {
        let tiff = Tiff::new(tiff)?;
        let value = tiff.entry(tiff.u32_at(4)?, TAG, SHORT, 1)?;
        Self::of_tag(tiff.u16_at(value)?)
    }

    fn of_tag(value: u16) -> Option<Self> {
        Some(match value {
            1 => Self::AsStored,
            2 => Self::Mirrored,
            3 => Self::Turned180,
            4 => Self::Flipped,
            5 => Self::Transposed,
            6 => Self::TurnedRight,
            7 => Self::Transversed,
            8 => Self::TurnedLeft,
            _ => return None,
        })
    }

    /// A TIFF structure with this tag alone; `None` where there is nothing to turn.
    pub(super) fn tiff(self) -> Option<[u8; 26]> {
        if self == Self::AsStored {
            return None;
        }
        let mut tiff = *b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
        tiff[19] = self as u8;
        Some(tiff)
    }
}

/// When a picture was taken, as the start of its JPEG file claims: `2026-10-03T21:15:07`, by the camera's
/// clock, with the offset where it says one. Nothing else that Exif holds is looked at.
pub(crate) fn taken(start: &[u8]) -> Option<String> {
    let mut rest = start.strip_prefix(b"\xff\xd8")?;
    loop {
        let (head, after) = rest.split_at_checked(4)?;
        let &[0xff, marker @ (0xe0..=0xef | 0xfe), high, low] = head else {
            return None;
        };
        let length = usize::from(u16::from_be_bytes([high, low])).checked_sub(2)?;
        let (segment, next) = after.split_at_checked(length)?;
        match segment.strip_prefix(b"Exif\0\0") {
            Some(tiff) if marker == 0xe1 => return Tiff::new(tiff)?.taken(),
            _ => rest = next,
        }
    }
}

/// A TIFF structure; whatever leads out of it is nowhere.
struct Tiff<'a> {
    bytes: &'a [u8],
    is_little: bool,
}

impl<'a> Tiff<'a> {
    fn new(bytes: &'a [u8]) -> Option<Self> {
        let is_little = match bytes.get(..4)? {
            b"II*\0" => true,
            b"MM\0*" => false,
            _ => return None,
        };
        Some(Self { bytes, is_little })
    }

    fn taken(&self) -> Option<String> {
        let exif = self.u32_at(self.entry(self.u32_at(4)?, EXIF, LONG, 1)?)?;
        let time = self.ascii(self.entry(exif, TAKEN, ASCII, 20)?, 19)?;
        if !is_shaped(time, "0000:00:00 00:00:00") || time.ends_with("60") {
            return None;
        }
        let time = NaiveDateTime::parse_from_str(time, "%Y:%m:%d %H:%M:%S").ok()?;
        if !(1..=9999).contains(&time.year()) {
            return None;
        }
        let time = time.format("%Y-%m-%dT%H:%M:%S").to_string();
        let offset = self.entry(exif, TAKEN_OFFSET, ASCII, 7);
        let offset = offset.and_then(|at| self.ascii(at, 6));
        let offset = offset.filter(|text| is_shaped(text, "+00:00") || is_shaped(text, "-00:00"));
        let zoned = offset.map(|offset| format!("{time}{offset}"));
        let is_time = |text: &String| DateTime::parse_from_rfc3339(text).is_ok();
        Some(zoned.filter(is_time).unwrap_or(time))
    }

    /// Where the value of a tag stands, or its offset, in the directory at this place.
    fn entry(&self, directory: u32, tag: u16, kind: u16, count: u32) -> Option<usize> {
        let directory = usize::try_from(directory).ok()?;
        let entries = usize::from(self.u16_at(directory)?).min(MAX_ENTRIES);
        for entry in 0..entries {
            let at = directory.checked_add(2 + 12 * entry)?;
            let (found, of) = (self.u16_at(at)?, self.u16_at(at + 2)?);
            if found == tag && of == kind && self.u32_at(at + 4)? == count {
                return Some(at + 8);
            }
        }
        None
    }

    /// The first characters of a text to which an entry points.
    fn ascii(&self, at: usize, length: usize) -> Option<&'a str> {
        let start = usize::try_from(self.u32_at(at)?).ok()?;
        let text = self.bytes.get(start..start.checked_add(length)?)?;
        std::str::from_utf8(text).ok()
    }

    fn u16_at(&self, at: usize) -> Option<u16> {
        let bytes = *self.bytes.get(at..)?.first_chunk()?;
        Some(match self.is_little {
            true => u16::from_le_bytes(bytes),
            false => u16::from_be_bytes(bytes),
        })
    }

    fn u32_at(&self, at: usize) -> Option<u32> {
        let bytes = *self.bytes.get(at..)?.first_chunk()?;
        Some(match self.is_little {
            true => u32::from_le_bytes(bytes),
            false => u32::from_be_bytes(bytes),
        })
    }
}

/// Digits where `shape` has a zero, and its other characters where it has them: chrono takes more.
fn is_shaped(text: &str, shape: &str) -> bool {
    let fits = |(one, other): (u8, u8)| match other {
        b'0' => one.is_ascii_digit(),
        other => one == other,
    };
    text.len() == shape.len() && text.bytes().zip(shape.bytes()).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The start of a JPEG file with these texts for the time and its offset; both ends of bytes.
    fn photo(time: &[u8; 20], offset: &[u8; 7], is_little: bool) -> Vec<u8> {
        let order = |big: [u8; 4]| match is_little {
            true => u32::from_be_bytes(big).to_le_bytes(),
            false => big,
        };
        let short = |value: u16| match is_little {
            true => value.to_le_bytes(),
            false => value.to_be_bytes(),
        };
        let entry = |tag: u16, kind: u16, count: u32, value: u32| {
            [
                &short(tag)[..],
                &short(kind),
                &order(count.to_be_bytes()),
                &order(value.to_be_bytes()),
            ]
            .concat()
        };
        let mut tiff = if is_little { *b"II*\0" } else { *b"MM\0*" }.to_vec();
        tiff.extend(order(8u32.to_be_bytes()));
        tiff.extend(short(2));
        tiff.extend(entry(0x0110, ASCII, 21, 99)); // the camera, which nobody asks for
        tiff.extend(entry(EXIF, LONG, 1, 38));
        tiff.extend([0; 4]);
        tiff.extend(short(2));
        tiff.extend(entry(TAKEN, ASCII, 20, 68));
        tiff.extend(entry(TAKEN_OFFSET, ASCII, 7, 88));
        tiff.extend([0; 4]);
        tiff.extend(time);
        tiff.extend(offset);
        let exif = [b"Exif\0\0", &tiff[..]].concat();
        let mut file = b"\xff\xd8\xff\xe0\0\x04JF\xff\xfe\0\x02\xff\xe1".to_vec();
        file.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
        file.extend(exif);
        file
    }

    #[test]
    fn the_time_that_a_camera_claims_is_read_and_nothing_else() {
        for is_little in [true, false] {
            let whole = photo(b"2026:10:03 21:15:07\0", b"+05:00\0", is_little);
            let said = Some("2026-10-03T21:15:07+05:00".to_owned());
            assert_eq!(taken(&whole), said);
            for length in 0..whole.len() - 1 {
                let cut = taken(&whole[..length]);
                assert_eq!(cut, None, "{length}");
            }
        }
        let said = |time, offset| taken(&photo(time, offset, true));
        let without = Some("2026-10-03T21:15:07".to_owned());
        for offset in [
            b"      \0",
            b"+99:00\0",
            b"\0\0\0\0\0\0\0",
            b"\xff\xff+0:0\0",
            b".1234Z\0",
            b"+5:000\0",
        ] {
            assert_eq!(said(b"2026:10:03 21:15:07\0", offset), without);
        }
        for time in [
            b"0000:00:00 00:00:00\0",
            b"    :  :     :  :  \0",
            b"2026:13:03 21:15:07\0",
            b"2026:10:03 25:15:07\0",
            b"2026:10:03 21:15:60\0",
            b"2026:10:3  21:15:07\0",
            b"43.238 76.945 SN-000\0".first_chunk().unwrap(),
        ] {
            assert_eq!(said(time, b"+05:00\0"), None, "{time:?}");
        }
        assert_eq!(taken(b"\xff\xd8\xff\xda\0\x04ab"), None);
        assert_eq!(taken(&super::super::samples::jpeg(8, 8, 6)), None);
    }

    #[test]
    fn reads_what_it_writes_and_what_cameras_write() {
        for value in 1..=8 {
            let orientation = Orientation::of_tag(value).unwrap();
            let tiff = orientation.tiff();
            assert_eq!(tiff.is_none(), value == 1);
            let read = Orientation::read(tiff.as_ref().map_or(&[][..], |tiff| tiff));
            assert_eq!(read, orientation);
        }
        let intel =
            b"II*\0\x08\0\0\0\x02\0\x0f\x01\x02\0\x04\0\0\0Abc\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0";
        assert_eq!(Orientation::read(intel), Orientation::TurnedRight);
    }

    #[test]
    fn what_lies_about_itself_says_nothing() {
        let good = Orientation::TurnedLeft.tiff().unwrap();
        for length in 0..20 {
            assert_eq!(Orientation::read(&good[..length]), Orientation::AsStored);
        }
        for (at, byte) in [
            (7, 255),
            (4, 255),
            (11, 0),
            (13, 4),
            (17, 2),
            (19, 9),
            (19, 0),
        ] {
            let mut bad = good;
            bad[at] = byte;
            assert_eq!(Orientation::read(&bad), Orientation::AsStored, "{at}");
        }
    }
}
