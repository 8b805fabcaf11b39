//! The pixels of a picture: read within a fixed amount of memory, turned, made smaller, coded anew.
//!
//! Only copies without metadata are read: their form and size are known. The readers are those of
//! other projects; should one of them fail on what it reads, the picture is not shown, and nothing
//! else stops. Everything is done with whole numbers and without the special instructions of any
//! processor, so that a verifier on another one gets the same bytes.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image_webp::WebPDecoder;
use jpeg_encoder::{ColorType, Encoder};
use png::{Decoder, Limits, Transformations};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::exif::Orientation;
use super::{Kind, jpeg};

/// Most memory for the pixels of one picture and for reading them, 64 MiB.
const MAX_MEMORY: u64 = 64 << 20;

/// Red, green and blue, row by row; what was transparent is white.
pub(super) struct Pixels {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) rgb: Vec<u8>,
}

impl Pixels {
    /// Reads a copy. `None` if it takes more memory than there is for it, or is damaged.
    pub(super) fn read(kind: Kind, copy: &[u8]) -> Option<Self> {
        let parts = kind.parts(copy).ok()?;
        let pixels = u64::from(parts.width) * u64::from(parts.height);
        if !Self::has_room(kind, copy) {
            return None;
        }
        let read = || match kind {
            Kind::Jpeg => read_jpeg(copy),
            Kind::Png => read_png(copy),
            Kind::Webp => read_webp(copy),
        };
        let read = unharmed(read)?;
        let is_whole = (read.width, read.height) == (parts.width, parts.height)
            && read.rgb.len() as u64 == pixels * 3;
        is_whole.then_some(read)
    }

    /// Whether there is memory enough for its pixels.
    pub(super) fn has_room(kind: Kind, copy: &[u8]) -> bool {
        // Bytes a pixel, with what the readers hold beside the result.
        let needed = match kind {
            Kind::Jpeg if jpeg::is_progressive(copy) => 9,
            Kind::Jpeg => 3,
            Kind::Png if is_interlaced(copy) => 7,
            Kind::Png => 4,
            Kind::Webp => 12,
        };
        kind.parts(copy).is_ok_and(|parts| {
            u64::from(parts.width) * u64::from(parts.height) * needed <= MAX_MEMORY
        })
    }

    /// A JPEG for which there is no room in colour, without its colours and with no side longer than
    /// `side`: its brightness is coded by itself, and takes a third.
    pub(super) fn read_grey(copy: &[u8], side: u32) -> Option<Self> {
        let parts = Kind::Jpeg.parts(copy).ok()?;
        let pixels = u64::from(parts.width) * u64::from(parts.height);
        let small = 3 * u64::from(side) * u64::from(side);
        if jpeg::is_progressive(copy) || pixels + small > MAX_MEMORY {
            return None;
        }
        let (grey, width, height) = unharmed(|| decode_jpeg(copy, ColorSpace::Luma))?;
        if (width, height) != (parts.width, parts.height) || grey.len() as u64 != pixels {
            return None;
        }
        let (width, height, grey) = match width.max(height) > side {
            true => shrink::<1>(&grey, width, height, side),
            false => (width, height, grey),
        };
        let rgb = grey.into_iter().flat_map(|grey| [grey; 3]).collect();
        Some(Self { width, height, rgb })
    }

    /// As it is to be looked at.
    pub(super) fn turned(self, orientation: Orientation) -> Self {
        if orientation == Orientation::AsStored {
            return self;
        }
        let (width, height) = match orientation.is_sideways() {
            true => (self.height, self.width),
            false => (self.width, self.height),
        };
        let mut rgb = Vec::with_capacity(self.rgb.len());
        for y in 0..height {
            for x in 0..width {
                let (right, down) = (width - 1 - x, height - 1 - y);
                let (u, v) = match orientation {
                    Orientation::AsStored => (x, y),
                    Orientation::Mirrored => (right, y),
                    Orientation::Turned180 => (right, down),
                    Orientation::Flipped => (x, down),
                    Orientation::Transposed => (y, x),
                    Orientation::TurnedRight => (y, right),
                    Orientation::Transversed => (down, right),
                    Orientation::TurnedLeft => (down, x),
                };
                rgb.extend(self.pixel(u, v));
            }
        }
        Self { width, height, rgb }
    }

    fn pixel(&self, x: u32, y: u32) -> [u8; 3] {
        let at = 3 * (y as usize * self.width as usize + x as usize);
        let pixel = self.rgb.get(at..).and_then(<[u8]>::first_chunk);
        pixel.copied().unwrap_or_default()
    }

    /// Smaller, so that neither side is longer than `side`: each pixel is the mean of those it
    /// stands for.
    pub(super) fn within(self, side: u32) -> Self {
        if self.width.max(self.height) <= side {
            return self;
        }
        let (width, height, rgb) = shrink::<3>(&self.rgb, self.width, self.height, side);
        Self { width, height, rgb }
    }

    /// As a JPEG without metadata.
    pub(super) fn to_jpeg(&self, quality: u8) -> Option<Vec<u8>> {
        let (width, height) = (u16::try_from(self.width), u16::try_from(self.height));
        let mut coded = Vec::new();
        Encoder::new(&mut coded, quality)
            .encode(&self.rgb, width.ok()?, height.ok()?, ColorType::Rgb)
            .ok()?;
        Some(coded)
    }

    /// As a PNG without metadata.
    pub(super) fn to_png(&self) -> Option<Vec<u8>> {
        let mut coded = Vec::new();
        let mut encoder = png::Encoder::new(&mut coded, self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        let mut writer = encoder.write_header().ok()?;
        writer.write_image_data(&self.rgb).ok()?;
        writer.finish().ok()?;
        Some(coded)
    }
}

/// What a reader of another project makes of a file, whatever it does.
fn unharmed<T>(read: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(read)).ok()?
}

/// Pixels of `N` samples, with a longer side of `side`: each is the mean of those it stands for.
fn shrink<const N: usize>(
    samples: &[u8],
    from_width: u32,
    from_height: u32,
    side: u32,
) -> (u32, u32, Vec<u8>) {
    let scaled = |length: u32| {
        let scaled = u64::from(length) * u64::from(side) / u64::from(from_width.max(from_height));
        u32::try_from(scaled.max(1)).unwrap_or(1)
    };
    let (width, height) = (scaled(from_width), scaled(from_height));
    let bounds = |at: u32, small: u32, large: u32| {
        let bound = |at: u32| {
            let bound = u64::from(at) * u64::from(large) / u64::from(small);
            usize::try_from(bound).unwrap_or(usize::MAX)
        };
        (bound(at), bound(at + 1).max(bound(at) + 1))
    };
    let stride = from_width as usize * N;
    let mut small = Vec::with_capacity(width as usize * height as usize * N);
    let mut sums = vec![[0u64; N]; width as usize];
    for y in 0..height {
        let (top, end) = bounds(y, height, from_height);
        sums.fill([0; N]);
        for row in samples.chunks_exact(stride).take(end).skip(top) {
            for (x, sum) in (0u32..).zip(&mut sums) {
                let (left, right) = bounds(x, width, from_width);
                let pixels = row.get(N * left..N * right).unwrap_or_default();
                for pixel in pixels.as_chunks::<N>().0 {
                    for (sum, sample) in sum.iter_mut().zip(pixel) {
                        *sum += u64::from(*sample);
                    }
                }
            }
        }
        for (x, sum) in (0u32..).zip(&sums) {
            let (left, right) = bounds(x, width, from_width);
            let count = ((end - top) * (right - left)) as u64;
            let mean = |sum| u8::try_from((sum + count / 2) / count).unwrap_or(u8::MAX);
            small.extend(sum.map(mean));
        }
    }
    (width, height, small)
}

fn read_jpeg(copy: &[u8]) -> Option<Pixels> {
    let (rgb, width, height) = decode_jpeg(copy, ColorSpace::RGB)?;
    Some(Pixels { width, height, rgb })
}

fn decode_jpeg(copy: &[u8], space: ColorSpace) -> Option<(Vec<u8>, u32, u32)> {
    let options = DecoderOptions::new_safe()
        .set_max_width(usize::from(u16::MAX))
        .set_max_height(usize::from(u16::MAX))
        .jpeg_set_out_colorspace(space);
    let mut decoder = JpegDecoder::new_with_options(Cursor::new(copy), options);
    let samples = decoder.decode().ok()?;
    let (width, height) = decoder.dimensions()?;
    let (width, height) = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    Some((samples, width, height))
}

/// Whether a PNG comes in seven passes (IHDR, the last of its bytes), and not row by row.
fn is_interlaced(copy: &[u8]) -> bool {
    copy.get(28) != Some(&0)
}

fn read_png(copy: &[u8]) -> Option<Pixels> {
    let limits = Limits {
        bytes: usize::try_from(MAX_MEMORY).ok()?,
    };
    let mut decoder = Decoder::new_with_limits(Cursor::new(copy), limits);
    // Eight bits a channel, and no palette.
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().ok()?;
    if !is_interlaced(copy) {
        // A screenshot of a long conversation is a picture of ten thousand rows.
        let (width, height) = (reader.info().width, reader.info().height);
        let samples = reader.output_color_type().0.samples();
        let mut rgb = Vec::with_capacity(3 * width as usize * height as usize);
        while let Some(row) = reader.next_row().ok()? {
            rgb.extend(on_white(row.data(), samples)?);
        }
        return Some(Pixels { width, height, rgb });
    }
    let mut buffer = vec![0; reader.output_buffer_size()?];
    let info = reader.next_frame(&mut buffer).ok()?;
    let rgb = on_white(&buffer, info.color_type.samples())?;
    Some(Pixels {
        width: info.width,
        height: info.height,
        rgb,
    })
}

fn read_webp(copy: &[u8]) -> Option<Pixels> {
    let mut decoder = WebPDecoder::new(Cursor::new(copy)).ok()?;
    decoder.set_memory_limit(usize::try_from(MAX_MEMORY).ok()?);
    let (width, height) = decoder.dimensions();
    let mut buffer = vec![0; decoder.output_buffer_size()?];
    decoder.read_image(&mut buffer).ok()?;
    let channels = if decoder.has_alpha() { 4 } else { 3 };
    let rgb = on_white(&buffer, channels)?;
    Some(Pixels { width, height, rgb })
}

/// Red, green and blue of pixels with so many channels.
fn on_white(samples: &[u8], channels: usize) -> Option<Vec<u8>> {
    let over = |sample: u8, alpha: u8| {
        let (sample, alpha) = (u32::from(sample), u32::from(alpha));
        let mixed = (sample * alpha + 255 * (255 - alpha) + 127) / 255;
        u8::try_from(mixed).unwrap_or(u8::MAX)
    };
    let mut rgb = Vec::with_capacity(samples.len() / channels.max(1) * 3);
    for pixel in samples.chunks_exact(channels) {
        rgb.extend(match *pixel {
            [grey] => [grey; 3],
            [grey, alpha] => [over(grey, alpha); 3],
            [red, green, blue] => [red, green, blue],
            [red, green, blue, alpha] => [over(red, alpha), over(green, alpha), over(blue, alpha)],
            _ => return None,
        });
    }
    Some(rgb)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::{clean, samples};

    fn read(file: &[u8]) -> Pixels {
        let copy = clean(file).unwrap();
        Pixels::read(copy.kind, &copy.bytes).unwrap()
    }

    #[test]
    fn lossless_pictures_are_read_as_they_were() {
        let rgb = samples::rgb(21, 13);
        for file in [samples::png(21, 13), samples::webp(21, 13)] {
            assert_eq!(read(&file).rgb, rgb);
        }
        let near = |(a, b): (&u8, &u8)| a.abs_diff(*b) < 60;
        assert!(
            read(&samples::jpeg(21, 13, 1))
                .rgb
                .iter()
                .zip(&rgb)
                .all(near)
        );
    }

    #[test]
    fn turning_moves_the_corners_where_they_belong() {
        // 1 2 3
        // 4 5 6
        let stored = || Pixels {
            width: 3,
            height: 2,
            rgb: (1..=6).flat_map(|value| [value; 3]).collect(),
        };
        for (orientation, width, expected) in [
            (Orientation::AsStored, 3, [1, 2, 3, 4, 5, 6]),
            (Orientation::Mirrored, 3, [3, 2, 1, 6, 5, 4]),
            (Orientation::Turned180, 3, [6, 5, 4, 3, 2, 1]),
            (Orientation::Flipped, 3, [4, 5, 6, 1, 2, 3]),
            (Orientation::Transposed, 2, [1, 4, 2, 5, 3, 6]),
            (Orientation::TurnedRight, 2, [4, 1, 5, 2, 6, 3]),
            (Orientation::Transversed, 2, [6, 3, 5, 2, 4, 1]),
            (Orientation::TurnedLeft, 2, [3, 6, 2, 5, 1, 4]),
        ] {
            let turned = stored().turned(orientation);
            let values: Vec<u8> = turned.rgb.chunks(3).map(|pixel| pixel[0]).collect();
            assert_eq!(
                (turned.width, &values[..]),
                (width, &expected[..]),
                "{orientation:?}"
            );
        }
    }

    #[test]
    fn smaller_is_the_mean_and_never_larger_than_asked() {
        let grey = |values: &[u8], width| Pixels {
            width,
            height: values.len() as u32 / width,
            rgb: values.iter().flat_map(|value| [*value; 3]).collect(),
        };
        let small = grey(&[10, 20, 30, 40, 50, 60, 70, 80], 4).within(2);
        assert_eq!((small.width, small.height), (2, 1));
        assert_eq!(small.rgb, [35, 35, 35, 55, 55, 55]);
        let long = grey(&[7; 5_000], 5_000).within(1_600);
        assert_eq!((long.width, long.height), (1_600, 1));
        assert!(long.rgb.iter().all(|value| *value == 7));
    }

    #[test]
    fn what_is_transparent_is_white() {
        let samples = [0, 0, 0, 0, 0, 0, 0, 255, 100, 0, 200, 128];
        let expected = [255, 255, 255, 0, 0, 0, 177, 127, 227];
        assert_eq!(on_white(&samples, 4).unwrap(), expected);
    }

    #[test]
    fn more_pixels_than_there_is_memory_for_are_not_read() {
        let mut copy = clean(&samples::jpeg(16, 16, 1)).unwrap();
        let pair = [0xff, 0xc0];
        let frame = copy
            .bytes
            .windows(2)
            .position(|window| window == pair)
            .unwrap();
        copy.bytes[frame + 5..frame + 9].copy_from_slice(b"\x13\x88\x13\x88");
        assert!(Kind::Jpeg.parts(&copy.bytes).is_ok());
        assert!(Pixels::read(copy.kind, &copy.bytes).is_none());
    }

    /// The same brightness, in whatever way colours are coded beside it.
    #[test]
    fn grey_is_the_brightness_alone() {
        for file in [samples::jpeg(64, 40, 1), samples::jpeg(17, 23, 6)] {
            let copy = clean(&file).unwrap();
            let colour = Pixels::read(copy.kind, &copy.bytes).unwrap();
            let grey = Pixels::read_grey(&copy.bytes, 100).unwrap();
            assert_eq!((grey.width, grey.height), (colour.width, colour.height));
            for (grey, colour) in grey.rgb.chunks(3).zip(colour.rgb.chunks(3)) {
                assert!(grey[0] == grey[1] && grey[1] == grey[2]);
                let [red, green, blue] = [0, 1, 2].map(|at| u32::from(colour[at]));
                let bright = (299 * red + 587 * green + 114 * blue) / 1_000;
                // Colours beyond those of a screen are cut off in one of the two only.
                assert!(
                    u32::from(grey[0]).abs_diff(bright) < 40,
                    "{grey:?} {colour:?}"
                );
            }
            let small = Pixels::read_grey(&copy.bytes, 10).unwrap();
            assert_eq!(small.width.max(small.height), 10);
        }
    }

    /// Whatever a file holds, reading it ends, with a picture of its size or with none.
    #[test]
    fn damaged_pictures_are_read_or_not_and_nothing_else_happens() {
        for file in [
            samples::jpeg(24, 24, 1),
            samples::png(24, 24),
            samples::webp(24, 24),
        ] {
            let copy = clean(&file).unwrap();
            for at in (0..copy.bytes.len()).step_by(3) {
                let mut damaged = copy.bytes.clone();
                damaged[at] ^= 0x55;
                let _ = Pixels::read(copy.kind, &damaged);
                if copy.kind == Kind::Jpeg {
                    let _ = Pixels::read_grey(&damaged, 10);
                }
            }
        }
    }
}
