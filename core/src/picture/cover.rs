//! Black boxes over parts of a picture: the pixels under them are gone, and the picture is coded
//! anew.

use std::fmt;
use std::str::FromStr;

use super::pixels::Pixels;
use super::{Clean, Kind, NoCopy, clean};

/// A part of a picture as it is looked at, in pixels from its upper left corner.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Area {
    /// From the left edge.
    pub x: u32,
    /// From the upper edge.
    pub y: u32,
    /// At least 1.
    pub width: u32,
    /// At least 1.
    pub height: u32,
}

/// Not four numbers of a part of a picture.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct InvalidArea;

/// Of the JPEG that is coded anew: what is not covered looks as before.
const QUALITY: u8 = 92;

/// A copy without metadata in which these parts are black. It is turned as it is looked at, and a
/// WebP becomes a PNG.
///
/// # Errors
/// Why there is none; [`NoCopy::Outside`] if a part has no pixel in the picture.
pub(crate) fn cover(original: &[u8], areas: &[Area]) -> Result<Clean, NoCopy> {
    let copy = clean(original)?;
    let orientation = copy.kind.parts(&copy.bytes)?.orientation;
    let pixels = Pixels::read(copy.kind, &copy.bytes).ok_or(NoCopy::Size)?;
    let mut pixels = pixels.turned(orientation);
    for area in areas {
        pixels.blacken(area).ok_or(NoCopy::Outside)?;
    }
    let (kind, coded) = match copy.kind {
        Kind::Jpeg => (Kind::Jpeg, pixels.to_jpeg(QUALITY)),
        Kind::Png | Kind::Webp => (Kind::Png, pixels.to_png()),
    };
    // What the encoders write beside the image is left out like anything else.
    let covered = clean(&coded.ok_or(NoCopy::Size)?)?;
    if covered.kind == kind {
        Ok(covered)
    } else {
        Err(NoCopy::Form)
    }
}

impl Pixels {
    fn blacken(&mut self, area: &Area) -> Option<()> {
        let is_inside = area.x < self.width && area.y < self.height;
        if !is_inside || area.width == 0 || area.height == 0 {
            return None;
        }
        let right = area.x.saturating_add(area.width).min(self.width) as usize;
        let rows = area.height.min(self.height - area.y) as usize;
        let stride = self.width as usize * 3;
        let all = self.rgb.chunks_exact_mut(stride);
        for row in all.skip(area.y as usize).take(rows) {
            row.get_mut(3 * area.x as usize..3 * right)?.fill(0);
        }
        Some(())
    }
}

impl FromStr for Area {
    type Err = InvalidArea;

    /// `x,y,width,height`.
    fn from_str(text: &str) -> Result<Self, InvalidArea> {
        let is_plain = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
        let numbers: Option<Vec<u32>> = text
            .split(',')
            .map(|part| Some(part).filter(is_plain)?.parse().ok())
            .collect();
        match numbers.as_deref() {
            Some(&[x, y, width, height]) if width > 0 && height > 0 => Ok(Self {
                x,
                y,
                width,
                height,
            }),
            _ => Err(InvalidArea),
        }
    }
}

impl std::error::Error for InvalidArea {}

impl fmt::Display for InvalidArea {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "must be x,y,width,height in pixels from the upper left corner, such as 40,0,300,120",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::samples;

    fn area(text: &str) -> Area {
        text.parse().unwrap()
    }

    #[test]
    fn covered_pixels_are_black_and_the_others_as_before() {
        for (file, kind) in [
            (samples::png(40, 30), Kind::Png),
            (samples::webp(40, 30), Kind::Png),
            (samples::jpeg(40, 30, 1), Kind::Jpeg),
        ] {
            let covered = cover(&file, &[area("4,6,10,8"), area("20,24,900,900")]).unwrap();
            assert_eq!(covered.kind, kind);
            assert_eq!(clean(&covered.bytes).unwrap().bytes, covered.bytes);
            let seen = Pixels::read(kind, &covered.bytes).unwrap();
            let before = clean(&file).unwrap();
            let turned = before.kind.parts(&before.bytes).unwrap().orientation;
            let before = Pixels::read(before.kind, &before.bytes)
                .unwrap()
                .turned(turned);
            let near = if kind == Kind::Jpeg { 40 } else { 0 };
            assert_eq!((seen.width, seen.height), (before.width, before.height));
            for y in 0..seen.height {
                for x in 0..seen.width {
                    let is_covered = (4..14).contains(&x) && (6..14).contains(&y)
                        || (20..).contains(&x) && (24..).contains(&y);
                    let at = 3 * (y * seen.width + x) as usize;
                    for (seen, before) in seen.rgb[at..at + 3].iter().zip(&before.rgb[at..at + 3]) {
                        let expected = if is_covered { 0 } else { *before };
                        assert!(seen.abs_diff(expected) <= near, "{kind:?} {x},{y}");
                    }
                }
            }
        }
    }

    /// She gives the place as she sees it: the stored picture lies on its side.
    #[test]
    fn the_place_is_that_of_the_picture_as_it_is_looked_at() {
        let covered = cover(&samples::jpeg(40, 30, 6), &[area("0,0,30,20")]).unwrap();
        let pixels = Pixels::read(Kind::Jpeg, &covered.bytes).unwrap();
        assert_eq!((pixels.width, pixels.height), (30, 40));
        let (black, rest) = pixels.rgb.split_at(30 * 16 * 3);
        assert!(black.iter().all(|value| *value < 12));
        assert!(rest[30 * 8 * 3..].iter().any(|value| *value > 100));
        assert_eq!(
            Kind::Jpeg.parts(&covered.bytes).unwrap().orientation,
            super::super::Orientation::AsStored
        );
    }

    #[test]
    fn what_cannot_be_covered_has_no_copy() {
        let png = samples::png(40, 30);
        for outside in ["30,0,1,1", "0,40,1,1"] {
            // Turned by its Exif, it is 30 wide and 40 tall.
            assert_eq!(cover(&png, &[area(outside)]).unwrap_err(), NoCopy::Outside);
        }
        assert!(cover(&png, &[area("29,39,1,1")]).is_ok());
        assert_eq!(
            cover(b"%PDF-1.7", &[area("0,0,1,1")]).unwrap_err(),
            NoCopy::Kind
        );
        for text in [
            "",
            "1,2,3",
            "1,2,3,4,5",
            "1,2,0,4",
            "-1,2,3,4",
            "1, 2,3,4",
            "+1,2,3,4",
            "9999999999,0,1,1",
        ] {
            assert_eq!(text.parse::<Area>(), Err(InvalidArea), "{text}");
        }
    }
}
