use proptest::prelude::*;

use super::*;

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fn all() -> [(Kind, Vec<u8>); 3] {
    [
        (Kind::Jpeg, samples::jpeg(48, 32, 6)),
        (Kind::Png, samples::png(48, 32)),
        (Kind::Webp, samples::webp(48, 32)),
    ]
}

#[test]
fn a_copy_holds_the_image_and_its_turn_and_nothing_else() {
    for (kind, original) in all() {
        assert!(holds(&original, samples::SECRET));
        let copy = clean(&original).unwrap();
        assert_eq!(copy.kind, kind);
        assert!(!holds(&copy.bytes, samples::SECRET), "{kind:?}");
        assert!(copy.bytes.len() < original.len());
        let turned = kind.parts(&copy.bytes).unwrap().orientation;
        assert_eq!(turned, kind.parts(&original).unwrap().orientation);
        assert_ne!(turned, Orientation::AsStored);
        assert_eq!(clean(&copy.bytes).unwrap().bytes, copy.bytes);
    }
}

#[test]
fn the_coded_image_is_taken_over_byte_for_byte() {
    let original = samples::jpeg(48, 32, 1);
    let at = |bytes: &[u8]| {
        let found = bytes.windows(2).rposition(|pair| pair == [0xff, 0xda]);
        found.unwrap()
    };
    let copy = clean(&original).unwrap().bytes;
    let scan = &copy[at(&copy)..];
    assert!(holds(&original, scan));
    assert!(!holds(&copy, b"Exif"));
    for (original, name) in [
        (samples::png(48, 32), &b"IDAT"[..]),
        (samples::webp(48, 32), b"VP8L"),
    ] {
        let copy = clean(&original).unwrap().bytes;
        let from = |bytes: &[u8]| bytes.windows(4).position(|part| part == name).unwrap();
        let (start, length) = (from(&copy), 200);
        assert!(holds(&original, &copy[start..start + length]));
    }
}

/// No byte of a file decides that something slips through: whatever copy is made is as clean.
#[test]
fn a_file_with_any_byte_changed_has_a_clean_copy_or_none() {
    for (kind, original) in all() {
        for at in 0..original.len() {
            for change in [0xff, 0x01, 0x80] {
                let mut changed = original.clone();
                changed[at] ^= change;
                if let Ok(copy) = clean(&changed) {
                    assert!(!holds(&copy.bytes, samples::SECRET), "{kind:?} {at}");
                    assert!(copy.bytes.len() < original.len());
                }
            }
        }
    }
}

#[test]
fn a_file_that_was_cut_has_no_copy() {
    for (kind, original) in all() {
        let copy = clean(&original).unwrap().bytes;
        for length in 0..copy.len() {
            assert!(clean(&copy[..length]).is_err(), "{kind:?} {length}");
        }
    }
}

#[test]
fn other_files_have_none() {
    let mut heic = b"\0\0\0\x18ftypheic\0\0\0\0heicmif1".to_vec();
    heic.resize(400, 7);
    for file in [
        &heic[..],
        b"%PDF-1.7\n",
        b"GIF89a",
        b"RIFF\x04\0\0\0WAVE",
        b"",
    ] {
        assert_eq!(clean(file).unwrap_err(), NoCopy::Kind);
    }
    let large = vec![0xff; usize::try_from(MAX_FILE).unwrap() + 1];
    assert_eq!(clean(&large).unwrap_err(), NoCopy::Size);
}

/// A header that promises 100,000 × 100,000 pixels takes no memory, and no time worth naming.
#[test]
fn a_bomb_has_none() {
    let mut file = png::SIGNATURE.to_vec();
    let mut header = [100_000u32.to_be_bytes(), 100_000u32.to_be_bytes()].concat();
    header.extend([8, 6, 0, 0, 0]);
    file.extend(samples::chunk(*b"IHDR", &header));
    assert_eq!(clean(&file).unwrap_err(), NoCopy::Size);
    let mut jpeg = clean(&samples::jpeg(16, 16, 1)).unwrap().bytes;
    let frame = jpeg
        .windows(2)
        .position(|pair| pair == [0xff, 0xc0])
        .unwrap();
    jpeg[frame + 5..frame + 9].fill(0xff);
    assert_eq!(clean(&jpeg).unwrap_err(), NoCopy::Size);
}

#[test]
fn image_data_that_says_less_or_more_than_its_header_has_none() {
    let with = |packed: &[u8]| {
        let mut file = png::SIGNATURE.to_vec();
        let header = b"\0\0\0\x04\0\0\0\x04\x08\0\0\0\0";
        file.extend(samples::chunk(*b"IHDR", header));
        file.extend(samples::chunk(*b"IDAT", packed));
        file.extend(samples::chunk(*b"IEND", b""));
        file
    };
    let pack = |length: usize| {
        use std::io::Write as _;
        let mut packer =
            flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        packer.write_all(&vec![0; length]).unwrap();
        packer.finish().unwrap()
    };
    assert!(clean(&with(&pack(20))).is_ok());
    for wrong in [19, 21, 1 << 20] {
        assert_eq!(clean(&with(&pack(wrong))).unwrap_err(), NoCopy::Form);
    }
    let behind = [pack(20), samples::SECRET.to_vec()].concat();
    assert_eq!(clean(&with(&behind)).unwrap_err(), NoCopy::Form);
}

#[test]
fn animated_pictures_have_none() {
    let png = clean(&samples::png(8, 8)).unwrap().bytes;
    let (head, rest) = png.split_at(8 + 25);
    let animated = [head, &samples::chunk(*b"acTL", &[0; 8]), rest].concat();
    assert_eq!(clean(&animated).unwrap_err(), NoCopy::Form);
    let mut webp = clean(&samples::webp(8, 8)).unwrap().bytes;
    let exif = webp.windows(4).position(|name| name == b"EXIF").unwrap();
    webp[exif..exif + 4].copy_from_slice(b"ANMF");
    assert_eq!(clean(&webp).unwrap_err(), NoCopy::Form);
}

proptest! {
    #[test]
    fn any_bytes_have_a_clean_copy_or_none(
        start in prop::sample::select(vec![&b"\xff\xd8\xff"[..], png::SIGNATURE, b"RIFF\xff\0\0\0WEBP"]),
        rest in proptest::collection::vec(any::<u8>(), 0..600),
    ) {
        let file = [start, &rest].concat();
        if let Ok(copy) = clean(&file) {
            prop_assert_eq!(clean(&copy.bytes).unwrap().bytes, copy.bytes);
        }
    }
}

/// A screenshot of a long conversation: 32 MB of pixels, of at most 64.
#[test]
fn a_tall_screenshot_is_read_row_by_row() {
    let (width, height) = (1_080, 10_000);
    let rgb = vec![200; 3 * 1_080 * 10_000];
    let tall = pixels::Pixels { width, height, rgb };
    let png = tall.to_png().unwrap();
    let read = pixels::Pixels::read(Kind::Png, &clean(&png).unwrap().bytes).unwrap();
    assert!((read.width, read.height) == (width, height) && read.rgb == tall.rgb);
    assert!(on_paper(&png, 1 << 19).is_some());
}

/// Twenty-five million pixels, of which colours would take 75 MB. Covering needs the picture as it is.
#[test]
fn a_very_large_photo_is_on_paper_without_its_colours() {
    let mut photo = clean(&samples::jpeg(16, 16, 6)).unwrap().bytes;
    let frame = photo.windows(2).position(|pair| pair == [0xff, 0xc0]);
    let size = frame.unwrap() + 5;
    photo[size..size + 4].copy_from_slice(b"\x13\x88\x13\x88");
    let shown = on_paper(&photo, 1 << 19).unwrap();
    assert!(shown.is_grey && shown.jpeg.len() <= 1 << 19);
    assert_eq!((shown.width, shown.height), (1_600, 1_600));
    assert_eq!(shown.orientation, exif::Orientation::TurnedRight);
    let area = "0,0,5,5".parse().unwrap();
    assert!(matches!(cover(&photo, &[area]), Err(NoCopy::Size)));
    // Eight thousand by eight thousand are more than there is room for.
    photo[size..size + 4].copy_from_slice(b"\x1f\x40\x1f\x40");
    assert!(on_paper(&photo, 1 << 19).is_none());
}
