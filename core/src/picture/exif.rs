//! How a picture is to be turned: the one tag of Exif that a copy keeps (CIPA DC-008, tag 274).

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
const SHORT: u16 = 3;
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
        let is_little = match tiff.get(..4)? {
            b"II*\0" => true,
            b"MM\0*" => false,
            _ => return None,
        };
        let u16_at = |at: usize| {
            let bytes = *tiff.get(at..)?.first_chunk()?;
            Some(match is_little {
                true => u16::from_le_bytes(bytes),
                false => u16::from_be_bytes(bytes),
            })
        };
        let u32_at = |at: usize| {
            let bytes = *tiff.get(at..)?.first_chunk()?;
            Some(match is_little {
                true => u32::from_le_bytes(bytes),
                false => u32::from_be_bytes(bytes),
            })
        };
        let directory = usize::try_from(u32_at(4)?).ok()?;
        let count = usize::from(u16_at(directory)?).min(MAX_ENTRIES);
        for entry in 0..count {
            let at = directory.checked_add(2 + 12 * entry)?;
            if u16_at(at)? == TAG && u16_at(at + 2)? == SHORT && u32_at(at + 4)? == 1 {
                return Self::of_tag(u16_at(at + 8)?);
            }
        }
        None
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

#[cfg(test)]
mod tests {
    use super::*;

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
