//! Pictures as a report on paper holds them: JPEG, small, without metadata.

use std::sync::Arc;

use super::exif::Orientation;
use super::pixels::Pixels;
use super::{Kind, clean, jpeg};

/// A picture for paper.
#[derive(Clone, Debug)]
pub(crate) struct OnPaper {
    /// A JPEG of one or three components, without metadata.
    pub(crate) jpeg: Arc<Vec<u8>>,
    /// Its size as stored.
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// What is to be done to it when it is drawn.
    pub(crate) orientation: Orientation,
    /// Whether its colours were left out, because it is very large.
    pub(crate) is_grey: bool,
}

/// Longest side of a picture that is taken as it is, in pixels: at the full width of a page, 220 to
/// the inch.
const LONGEST: u32 = 1_600;

/// Longest side and quality of one that is coded anew; the next where the first takes too much.
const STEPS: [(u32, u8); 5] = [(LONGEST, 80), (1_200, 75), (900, 65), (640, 55), (480, 45)];

/// A picture of the bundle as the report shows it, in at most `budget` bytes: as it is, where it is
/// small, else made smaller. `None` if it is no picture that can be read within 64 MiB.
pub(crate) fn on_paper(file: &[u8], budget: usize) -> Option<OnPaper> {
    let copy = clean(file).ok()?;
    let parts = copy.kind.parts(&copy.bytes).ok()?;
    let orientation = parts.orientation;
    let mut steps = STEPS.as_slice();
    if copy.kind == Kind::Jpeg && parts.width.max(parts.height) <= LONGEST {
        let plain = jpeg::for_paper(&copy.bytes);
        // Coded anew at the same size, it would hardly be less than half as large.
        if let Some(jpeg) = &plain
            && jpeg.len() < 2 * budget
        {
            steps = steps.get(1..).unwrap_or_default();
        }
        if let Some(jpeg) = plain.filter(|jpeg| jpeg.len() <= budget) {
            let (width, height) = (parts.width, parts.height);
            return Some(OnPaper {
                jpeg: Arc::new(jpeg),
                width,
                height,
                orientation,
                is_grey: false,
            });
        }
    }
    let is_grey = copy.kind == Kind::Jpeg && !Pixels::has_room(copy.kind, &copy.bytes);
    let mut pixels = match is_grey {
        true => Pixels::read_grey(&copy.bytes, LONGEST)?,
        false => Pixels::read(copy.kind, &copy.bytes)?,
    };
    drop(copy);
    for &(side, quality) in steps {
        pixels = pixels.within(side);
        let jpeg = pixels.to_jpeg(quality)?;
        if jpeg.len() <= budget {
            return Some(OnPaper {
                jpeg: Arc::new(jpeg),
                width: pixels.width,
                height: pixels.height,
                orientation,
                is_grey,
            });
        }
    }
    None
}
