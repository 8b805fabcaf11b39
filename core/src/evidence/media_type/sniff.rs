//! Telling types apart by the bytes a file begins with.

use std::str;

use super::MediaType;

/// Bytes that are looked at. Office files name their parts within them.
const LOOK: usize = 65_536;

/// Bytes in which a browser would look for markup; the WHATWG MIME Sniffing standard says 1,445.
const MARKUP: usize = 2_048;

/// The type of a file that begins with `start`. Signatures go before guesses.
pub(super) fn sniff(start: &[u8]) -> Option<MediaType> {
    let start = start.get(..LOOK).unwrap_or(start);
    by_signature(start)
        .or_else(|| iso_media(start))
        .or_else(|| matroska(start))
        .or_else(|| ogg(start))
        .or_else(|| zip(start))
        .or_else(|| mpeg_audio(start))
        .or_else(|| text(start))
}

/// Types with fixed bytes at fixed places; `?` in a pattern is any byte.
fn by_signature(start: &[u8]) -> Option<MediaType> {
    const TABLE: [(&[u8], MediaType); 17] = [
        (b"\xff\xd8\xff", MediaType::Jpeg),
        (b"\x89PNG\r\n\x1a\n", MediaType::Png),
        (b"GIF87a", MediaType::Gif),
        (b"GIF89a", MediaType::Gif),
        (b"RIFF????WEBP", MediaType::Webp),
        (b"RIFF????WAVE", MediaType::Wav),
        (b"RIFF????AVI ", MediaType::Avi),
        (b"II*\0", MediaType::Tiff),
        (b"MM\0*", MediaType::Tiff),
        (b"BM????\0\0\0\0", MediaType::Bmp),
        (b"fLaC\0", MediaType::Flac),
        (b"#!AMR\n", MediaType::Amr),
        (b"#!AMR-WB\n", MediaType::AmrWideband),
        (b"%PDF-", MediaType::Pdf),
        (b"ID3", MediaType::Mp3),
        (b"????moov????mvhd", MediaType::QuickTime), // from before `ftyp` existed
        (b"????wide????mdat", MediaType::QuickTime),
    ];
    let fits = |pattern: &[u8]| {
        start.len() >= pattern.len()
            && pattern
                .iter()
                .zip(start)
                .all(|(p, byte)| *p == b'?' || p == byte)
    };
    TABLE
        .into_iter()
        .find(|(pattern, _)| fits(pattern))
        .map(|(_, found)| found)
}

/// The ISO base media format (ISO/IEC 14496-12): `size u32 | "ftyp" | major brand | version |
/// compatible brands`. The first brand that is known decides; the general image brands are known
/// only if no other image brand comes after them (HEIF, ISO/IEC 23008-12).
fn iso_media(start: &[u8]) -> Option<MediaType> {
    let (size, rest) = start.split_first_chunk::<4>()?;
    let rest = rest.strip_prefix(b"ftyp")?;
    let length = usize::try_from(u32::from_be_bytes(*size))
        .ok()?
        .checked_sub(8)?;
    let (words, _) = rest
        .get(..length.min(rest.len()).min(512))?
        .as_chunks::<4>();
    let brands = || words.first().into_iter().chain(words.iter().skip(2)); // the second: a version
    if brands()
        .next()
        .is_some_and(|major| matches!(major, b"mif1" | b"mif2" | b"msf1"))
    {
        let exact = brands()
            .filter_map(brand)
            .find(|found| matches!(found, MediaType::Avif | MediaType::Heic));
        return Some(exact.unwrap_or(MediaType::Heif));
    }
    brands().find_map(brand)
}

fn brand(brand: &[u8; 4]) -> Option<MediaType> {
    Some(match brand {
        b"avif" | b"avis" => MediaType::Avif,
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"hevm" | b"hevs" => {
            MediaType::Heic
        }
        b"qt  " => MediaType::QuickTime,
        b"M4A " | b"M4B " => MediaType::M4a,
        [b'3', b'g', b'2', _] => MediaType::ThreeGp2,
        [b'3', b'g', b'p' | b'e' | b'g' | b'h' | b'r' | b's', _] => MediaType::ThreeGp,
        [b'i', b's', b'o', b'm' | b'2'..=b'9' | b'a'..=b'c'] => MediaType::Mp4,
        b"mp41" | b"mp42" | b"avc1" | b"M4V " | b"MSNV" | b"dash" | b"mmp4" => MediaType::Mp4,
        _ => return None,
    })
}

/// EBML (RFC 8794, RFC 9559): the element DocType (0x4282) near the start names the format.
fn matroska(start: &[u8]) -> Option<MediaType> {
    let head = start.strip_prefix(b"\x1a\x45\xdf\xa3")?;
    let head = head.get(..256).unwrap_or(head);
    if holds(head, b"\x42\x82\x84webm") {
        return Some(MediaType::WebM);
    }
    holds(head, b"\x42\x82\x88matroska").then_some(MediaType::Matroska)
}

/// Ogg (RFC 3533): the first packet, right after the first page's head, names the codec.
fn ogg(start: &[u8]) -> Option<MediaType> {
    if !start.starts_with(b"OggS\0") {
        return None;
    }
    match start.get(28..)? {
        packet if packet.starts_with(b"\x80theora") => Some(MediaType::OggVideo),
        packet
            if [
                b"OpusHead".as_slice(),
                b"\x01vorbis",
                b"Speex   ",
                b"\x7fFLAC",
            ]
            .iter()
            .any(|codec| packet.starts_with(codec)) =>
        {
            Some(MediaType::Ogg)
        }
        _ => None,
    }
}

/// ZIP, and the office files among them. OpenDocument (part 2, section 3.3) begins with its type;
/// Office Open XML has parts of telling names.
fn zip(start: &[u8]) -> Option<MediaType> {
    const LOCAL: &[u8] = b"PK\x03\x04";
    if !start.starts_with(LOCAL) {
        return start.starts_with(b"PK\x05\x06").then_some(MediaType::Zip);
    }
    let names = || {
        let heads = start
            .windows(LOCAL.len())
            .enumerate()
            .filter(|(_, window)| *window == LOCAL);
        heads.filter_map(|(at, _)| start.get(at + 30..))
    };
    let first = start.get(30..).unwrap_or_default();
    if let Some(kind) = first.strip_prefix(b"mimetypeapplication/vnd.oasis.opendocument.") {
        // What follows the type is the next local header.
        return Some(match kind {
            _ if kind.starts_with(b"textPK") => MediaType::Odt,
            _ if kind.starts_with(b"spreadsheetPK") => MediaType::Ods,
            _ => MediaType::Zip,
        });
    }
    let has = |name: &[u8]| names().any(|given| given.starts_with(name));
    let office = has(b"[Content_Types].xml") || has(b"_rels/.rels");
    Some(match office {
        true if has(b"word/") => MediaType::Docx,
        true if has(b"xl/") => MediaType::Xlsx,
        true if has(b"ppt/") => MediaType::Pptx,
        _ => MediaType::Zip,
    })
}

/// MPEG audio layer III (ISO/IEC 11172-3) and AAC in ADTS (ISO/IEC 13818-7), which have no magic
/// number but a frame head of which many values are forbidden.
fn mpeg_audio(start: &[u8]) -> Option<MediaType> {
    let [0xff, second, third, ..] = *start else {
        return None;
    };
    let (version, layer) = (second >> 3 & 3, second >> 1 & 3);
    let (bit_rate, sample_rate) = (third >> 4, third >> 2 & 3);
    if second >= 0xe0 && version != 1 && layer == 1 {
        return (!matches!(bit_rate, 0 | 15) && sample_rate != 3).then_some(MediaType::Mp3);
    }
    (second & 0xf6 == 0xf0 && third >> 2 & 15 < 13).then_some(MediaType::Aac)
}

/// UTF-8 without control characters. What a program could take for markup or a script is not
/// plain text, wherever in its beginning that stands.
fn text(start: &[u8]) -> Option<MediaType> {
    let text = match str::from_utf8(start) {
        Ok(text) => text,
        // A character cut at the end of what is looked at, not at the end of the file.
        Err(error) if error.error_len().is_none() && start.len() == LOOK => {
            str::from_utf8(start.get(..error.valid_up_to())?).ok()?
        }
        Err(_) => return None,
    };
    if text.is_empty()
        || text
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
    {
        return None;
    }
    let head = start.get(..MARKUP).unwrap_or(start).to_ascii_lowercase();
    let any = |markup: &[&[u8]]| markup.iter().any(|tag| holds(&head, tag));
    // A page may draw with SVG, and an SVG may hold scripts.
    if any(&[b"<!doctype html", b"<html", b"<head", b"<body"]) {
        return Some(MediaType::Html);
    }
    if any(&[b"<svg"]) {
        return Some(MediaType::Svg);
    }
    if any(&[b"<script", b"<iframe"]) {
        return Some(MediaType::Html);
    }
    let words = text.trim_start_matches('\u{feff}').trim_start().as_bytes();
    match words {
        [b'<', b'!' | b'?' | b'%' | b'/', ..]
        | [b'#', b'!', ..]
        | [b'{', b'\\', b'r', b't', b'f', ..] => None,
        [b'<', letter, ..] if letter.is_ascii_alphabetic() => None,
        _ if head.starts_with(b"@echo") => None,
        _ => Some(MediaType::Text),
    }
}

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn is(expected: MediaType, start: &[u8]) {
        assert_eq!(MediaType::of(start), expected, "{}", start.escape_ascii());
    }

    #[test]
    fn signatures() {
        is(MediaType::Jpeg, b"\xff\xd8\xff\xe1\0\x10Exif");
        is(MediaType::Png, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
        is(MediaType::Gif, b"GIF89a\x01\0");
        is(MediaType::Webp, b"RIFF\x24\0\0\0WEBPVP8 ");
        is(MediaType::Wav, b"RIFF\x24\0\0\0WAVEfmt ");
        is(MediaType::Avi, b"RIFF\x24\0\0\0AVI LIST");
        is(MediaType::Unknown, b"RIFF\x24\0\0\0ACON");
        is(MediaType::Bmp, b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0");
        is(MediaType::Text, b"BM is a name");
        is(MediaType::Amr, b"#!AMR\n\x0c");
        is(MediaType::AmrWideband, b"#!AMR-WB\n\x0c");
        is(MediaType::Pdf, b"%PDF-1.7\n%\xe2\xe3");
        is(MediaType::Unknown, b"MZ\x90\0\x03\0\0\0");
        is(MediaType::Unknown, b"");
    }

    #[test]
    fn brands_of_iso_media() {
        let ftyp = |brands: &[u8]| {
            let size = u32::try_from(brands.len() + 8).unwrap().to_be_bytes();
            [size.as_slice(), b"ftyp", brands, b"\0\0\0\x08freeqt  "].concat()
        };
        is(MediaType::Mp4, &ftyp(b"isom\0\0\x02\0isomiso2avc1mp41"));
        is(MediaType::Mp4, &ftyp(b"mp42\0\0\0\0isommp42"));
        is(MediaType::M4a, &ftyp(b"M4A \0\0\x02\0M4A isomiso2"));
        is(MediaType::QuickTime, &ftyp(b"qt  \0\0\0\0qt  "));
        is(MediaType::ThreeGp, &ftyp(b"3gp4\0\0\0\0isom3gp4"));
        is(MediaType::ThreeGp2, &ftyp(b"3g2a\0\0\0\0"));
        is(MediaType::Heic, &ftyp(b"heic\0\0\0\0mif1heic"));
        is(MediaType::Heic, &ftyp(b"mif1\0\0\0\0mif1MiHEheic"));
        is(MediaType::Avif, &ftyp(b"avif\0\0\0\0avifmif1miaf"));
        is(MediaType::Heif, &ftyp(b"mif1\0\0\0\0mif1isom"));
        // The version is no brand, nor is anything after the box; an unknown one says nothing.
        is(MediaType::Unknown, &ftyp(b"XXXXisom"));
        is(MediaType::Mp4, &ftyp(b"XXXX\0\0\0\0YYYYmp42"));
        is(MediaType::QuickTime, b"\0\0\0\x6cmoov\0\0\0\x64mvhd");
        is(MediaType::Unknown, b"\0\0\0\x04ftypisom");
    }

    #[test]
    fn matroska_and_ogg_by_what_is_inside() {
        is(
            MediaType::WebM,
            b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm\x42",
        );
        is(
            MediaType::Matroska,
            b"\x1a\x45\xdf\xa3\xa3\x42\x82\x88matroska\x42",
        );
        is(
            MediaType::Unknown,
            b"\x1a\x45\xdf\xa3\xa3\x42\x82\x85other\x42",
        );
        let page = |packet: &[u8]| [b"OggS\0\x02".as_slice(), &[0; 22], packet].concat();
        is(MediaType::Ogg, &page(b"OpusHead\x01\x01"));
        is(MediaType::Ogg, &page(b"\x01vorbis"));
        is(MediaType::OggVideo, &page(b"\x80theora"));
        is(MediaType::Unknown, &page(b"fishead\0"));
    }

    #[test]
    fn zip_and_what_is_made_of_it() {
        let entry = |name: &[u8]| [b"PK\x03\x04".as_slice(), &[0; 26], name].concat();
        let office = |part: &[u8]| [entry(b"[Content_Types].xml"), entry(part)].concat();
        is(MediaType::Docx, &office(b"word/document.xml"));
        is(MediaType::Xlsx, &office(b"xl/workbook.xml"));
        is(MediaType::Pptx, &office(b"ppt/presentation.xml"));
        is(MediaType::Zip, &entry(b"word/document.xml"));
        let odf = |kind: &str| {
            entry(format!("mimetypeapplication/vnd.oasis.opendocument.{kind}").as_bytes())
        };
        is(MediaType::Odt, &odf("textPK\x03\x04"));
        is(MediaType::Ods, &odf("spreadsheetPK\x03\x04"));
        is(MediaType::Zip, &odf("text-masterPK\x03\x04"));
        is(MediaType::Zip, b"PK\x05\x06\0\0");
    }

    #[test]
    fn audio_frames_without_a_magic_number() {
        is(MediaType::Mp3, b"ID3\x04\0\0");
        is(MediaType::Mp3, b"\xff\xfb\x90\x64");
        is(MediaType::Mp3, b"\xff\xf3\x40\xc4");
        is(MediaType::Aac, b"\xff\xf1\x50\x80");
        is(MediaType::Aac, b"\xff\xf9\x4c\x80");
        is(MediaType::Unknown, b"\xff\xfe\x41\0"); // UTF-16
        is(MediaType::Unknown, b"\xff\xfb\xf0\x64"); // a bit rate that does not exist
        is(MediaType::Unknown, b"\xff\xff\xff\xff");
    }

    #[test]
    fn plain_text_is_what_no_program_runs() {
        is(
            MediaType::Text,
            "03.10.2026, 21:15 - Ол: «Всё равно найду»\r\n".as_bytes(),
        );
        is(MediaType::Text, b"\xef\xbb\xbf1 < 2\n<3");
        for active in [
            "#!/bin/sh\n",
            "<?xml version=\"1.0\"?><a/>",
            "<?php",
            "<% x %>",
            "\n <a href=x>",
            "@ECHO off",
            "\u{feff}#!/bin/sh",
            "{\\rtf1",
            "nul\0",
            "esc\u{1b}[2J",
        ] {
            is(MediaType::Unknown, active.as_bytes());
        }
        is(MediaType::Html, b"<!DOCTYPE html>\n");
        is(MediaType::Html, b"harmless words <SCRIPT src=x>");
        is(MediaType::Html, b"<html><svg></svg>");
        is(MediaType::Svg, b"<?xml version=\"1.0\"?>\n<svg xmlns=");
        is(MediaType::Svg, b"<svg><script>");
    }

    #[test]
    fn a_character_may_be_cut_only_where_looking_ends() {
        let long = "x".to_owned() + &"ы".repeat(LOOK);
        is(MediaType::Text, long.as_bytes());
        is(MediaType::Unknown, &"ы".as_bytes()[..1]);
    }

    proptest! {
        #[test]
        fn nothing_panics(magic in 0..12usize, rest in prop::collection::vec(any::<u8>(), 0..200)) {
            const MAGIC: [&[u8]; 12] = [
                b"", b"\0\0\0\x20ftyp", b"\xff\xff\xff\xffftyp", b"\0\0\0\0ftyp", b"OggS\0",
                b"\x1a\x45\xdf\xa3", b"PK\x03\x04", b"RIFF", b"\xff\xfb", b"\xff\xf1", b"<", b"\xef\xbb\xbf",
            ];
            let _ = MediaType::of(&[MAGIC[magic], &rest].concat());
        }
    }
}
