//! Pictures full of metadata, for tests. What must not be in a copy holds [`SECRET`].

use std::io::Write as _;

/// Stands in every place of a file that a copy has to leave out.
pub(crate) const SECRET: &[u8] = b"43.238 76.945 SN-0001";

/// An image of stripes, so that turning and covering can be seen.
pub(crate) fn rgb(width: u16, height: u16) -> Vec<u8> {
    let pixel = |at: usize| {
        let (x, y) = (at % usize::from(width), at / usize::from(width));
        [(x * 7) as u8, (y * 5) as u8, (x * y) as u8]
    };
    (0..usize::from(width) * usize::from(height))
        .flat_map(pixel)
        .collect()
}

/// A JPEG as a phone writes it, turned by `orientation`, with a second picture behind it.
pub(crate) fn jpeg(width: u16, height: u16, orientation: u8) -> Vec<u8> {
    let mut coded = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut coded, 90);
    let rgb = rgb(width, height);
    encoder
        .encode(&rgb, width, height, jpeg_encoder::ColorType::Rgb)
        .unwrap();
    let mut file = coded[..2].to_vec();
    for (marker, head) in [
        (0xe1, &[b"Exif\0\0", &exif(orientation)[..]].concat()[..]),
        (0xe1, b"http://ns.adobe.com/xap/1.0/\0"),
        (0xe2, b"ICC_PROFILE\0\x01\x01"),
        (0xe2, b"MPF\0"),
        (0xed, b"Photoshop 3.0\0"),
        (0xe5, b""),
        (0xfe, b""),
    ] {
        let data = [head, SECRET].concat();
        file.extend([0xff, marker]);
        file.extend(u16::try_from(data.len() + 2).unwrap().to_be_bytes());
        file.extend(data);
    }
    file.extend(&coded[2..]);
    file.extend(&coded);
    file.extend(SECRET);
    file
}

/// A TIFF structure with an orientation, and more than that.
pub(crate) fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x02\0".to_vec();
    tiff.extend(b"\x10\x01\x02\0\x15\0\0\0\x26\0\0\0");
    tiff.extend(b"\x12\x01\x03\0\x01\0\0\0");
    tiff.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    tiff.extend(SECRET);
    tiff
}

/// A PNG of eight bits a channel with texts, a time, a profile, and data behind its end.
pub(crate) fn png(width: u16, height: u16) -> Vec<u8> {
    let mut coded = Vec::new();
    let mut encoder = png::Encoder::new(&mut coded, width.into(), height.into());
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&rgb(width, height)).unwrap();
    writer.finish().unwrap();
    let (head, rest) = coded.split_at(8 + 25);
    let mut file = head.to_vec();
    for (kind, head) in [
        (b"gAMA", &b"\0\0\xb1\x8f"[..]),
        (b"iCCP", b"name\0\0"),
        (b"tEXt", b"Software\0"),
        (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0"),
        (b"eXIf", &exif(6)),
        (b"vpAg", b""),
    ] {
        let secret = if kind == b"gAMA" { &[][..] } else { SECRET };
        file.extend(chunk(*kind, &[head, secret].concat()));
    }
    file.extend(rest);
    file.extend(SECRET);
    file
}

/// A chunk of a PNG file.
pub(crate) fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut chunk = u32::try_from(data.len()).unwrap().to_be_bytes().to_vec();
    chunk.extend(kind);
    chunk.extend(data);
    let checksum = crc32fast::hash(&chunk[4..]);
    chunk.extend(checksum.to_be_bytes());
    chunk
}

/// A lossless WebP with everything that RFC 9649 lets stand beside an image.
pub(crate) fn webp(width: u16, height: u16) -> Vec<u8> {
    let mut coded = Vec::new();
    let mut encoder = image_webp::WebPEncoder::new(&mut coded);
    encoder.set_icc_profile(SECRET.to_vec());
    encoder.set_exif_metadata(exif(8));
    encoder.set_xmp_metadata(SECRET.to_vec());
    let rgb = rgb(width, height);
    encoder
        .encode(
            &rgb,
            width.into(),
            height.into(),
            image_webp::ColorType::Rgb8,
        )
        .unwrap();
    coded.write_all(SECRET).unwrap();
    coded
}
