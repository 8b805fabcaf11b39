//! Vectors of recordings: each has one copy, or one reason for which it has none.

use sha2::{Digest, Sha256};

use super::samples::{self, boxed};
use super::tests::{copy_of, with};
use super::{MediaType, NoCopy};
use crate::hex;
use crate::vectors::{self, Vector};

#[test]
fn section_18_7_vectors_of_copies() {
    vectors::settle("copy", &made());
    vectors::check("copy", |keys, body| {
        let media_type = MediaType::parse(&keys.text("media-type")).unwrap();
        match copy_of(media_type, body) {
            Ok(copy) => {
                keys.same("bytes", copy.len());
                keys.same("sha256", hex::encode(&Sha256::digest(&copy)));
                "success"
            }
            Err(NoCopy::Kind) => "kind",
            Err(NoCopy::Size) => "size",
            Err(NoCopy::Form) => "form",
            Err(NoCopy::Coding) => "coding",
            Err(NoCopy::Fragments) => "fragments",
            Err(other) => panic!("{other}"),
        }
    });
}

fn made() -> Vec<Vector> {
    let vector = |name: &str, media_type: MediaType, comment: &str, expect: &str, file: Vec<u8>| {
        let vector = Vector::new(name, expect, comment, file.clone())
            .compressed()
            .key("media-type", media_type.media_type());
        match copy_of(media_type, &file) {
            Ok(copy) => vector
                .key("bytes", copy.len())
                .key("sha256", hex::encode(&Sha256::digest(&copy))),
            Err(_) => vector,
        }
    };
    let iso = || samples::iso(b"mp42");
    let mp4 = |name: &str, comment: &str, expect: &str, file: Vec<u8>| {
        vector(name, MediaType::Mp4, comment, expect, file)
    };
    let changed = |name: &str, comment: &str, expect: &str, old: &[u8], new: &[u8]| {
        mp4(name, comment, expect, with(iso(), old, new))
    };
    let ogg = |name: &str, comment: &str, expect: &str, file: Vec<u8>| {
        vector(name, MediaType::Ogg, comment, expect, file)
    };
    let wave = |name: &str, comment: &str, expect: &str, file: Vec<u8>| {
        vector(name, MediaType::Wav, comment, expect, file)
    };
    let mp3 = |name: &str, comment: &str, expect: &str, file: Vec<u8>| {
        vector(name, MediaType::Mp3, comment, expect, file)
    };
    let [one, two] = samples::SAMPLES;
    let head = b"OpusHead\x01\x01\x38\x01\x80\x3e\0\0\0\0\0";
    let pages = |last: Vec<u8>| {
        let comments = samples::page(0, 1, b"OpusTags\0\0\0\0\0\0\0\0");
        [
            samples::page(2, 0, head),
            comments,
            samples::page(0, 2, one),
            last,
        ]
        .concat()
    };
    let mut checksum = samples::ogg();
    let last = checksum.len() - 1;
    checksum[last] ^= 1;
    let in_free = boxed(b"free", &iso()[116..]);
    vec![
        mp4(
            "mp4",
            "sound of a phone, with a place in every part",
            "success",
            iso(),
        ),
        vector(
            "mov",
            MediaType::QuickTime,
            "the same as QuickTime",
            "success",
            samples::iso(b"qt  "),
        ),
        vector(
            "m4a",
            MediaType::M4a,
            "the same of a recorder",
            "success",
            samples::iso(b"M4A "),
        ),
        vector(
            "3gp",
            MediaType::ThreeGp,
            "the same as 3GP",
            "success",
            samples::iso(b"3gp4"),
        ),
        mp4(
            "trailing-bytes",
            "bytes behind the last box",
            "success",
            [iso(), vec![7; 5]].concat(),
        ),
        changed(
            "encrypted",
            "the sample description is that of encrypted sound",
            "coding",
            b"mp4a",
            b"enca",
        ),
        changed(
            "coding",
            "a coding that is not on the list",
            "coding",
            b"mp4a",
            b"apac",
        ),
        changed(
            "fragment",
            "a fragment before the media data",
            "fragments",
            b"free",
            b"moof",
        ),
        changed(
            "promised-fragments",
            "the movie says that fragments follow",
            "fragments",
            b"iods",
            b"mvex",
        ),
        changed(
            "no-track",
            "no track of video or sound",
            "form",
            b"soun",
            b"hint",
        ),
        changed("no-movie", "no movie box", "form", b"moov", b"free"),
        changed(
            "no-data",
            "samples outside of media data",
            "form",
            b"mdat",
            b"free",
        ),
        changed(
            "elsewhere",
            "the samples are in another file",
            "form",
            b"url \0\0\0\x01",
            b"url \0\0\0\0",
        ),
        changed(
            "scaled",
            "a matrix that makes the picture larger",
            "form",
            b"\xff\xff\0\0\0\0\0\0",
            b"\xff\xfe\0\0\0\0\0\0",
        ),
        changed(
            "speed",
            "an edit that is played at double speed",
            "form",
            b"\0\0\x07\xd0\0\0\0\0\0\x01\0\0",
            b"\0\0\x07\xd0\0\0\0\0\0\x02\0\0",
        ),
        changed(
            "rows",
            "a table with more rows than bytes",
            "form",
            b"stts\0\0\0\0\0\0\0\x01",
            b"stts\0\0\0\0\0\0\0\x02",
        ),
        changed(
            "samples",
            "times of one sample more than there are",
            "form",
            b"\0\0\0\x05\0\0\x04\0",
            b"\0\0\0\x06\0\0\x04\0",
        ),
        changed(
            "run",
            "a run that begins with a chunk that there is not",
            "form",
            b"\0\0\0\x02\0\0\0\x01\0\0\0\x01",
            b"\0\0\0\x03\0\0\0\x01\0\0\0\x01",
        ),
        changed(
            "four-thousand-million",
            "samples of one size, as many as there can be",
            "form",
            b"stsz\0\0\0\0\0\0\0\0\0\0\0\x05",
            b"stsz\0\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff",
        ),
        changed(
            "aac-comment",
            "a configuration of AAC with a list of channels",
            "form",
            b"\x05\x02\x14\x08",
            b"\x05\x02\x14\0",
        ),
        mp4(
            "within-free",
            "everything in a box of free space",
            "form",
            in_free,
        ),
        ogg(
            "opus",
            "a voice message with a place in its comments",
            "success",
            samples::ogg(),
        ),
        ogg(
            "opus-no-end",
            "a recording without a last page",
            "success",
            pages(samples::page(0, 3, two)),
        ),
        ogg("checksum", "a page with a wrong checksum", "form", checksum),
        ogg(
            "missing-page",
            "a page is missing",
            "form",
            pages(samples::page(4, 4, two)),
        ),
        ogg(
            "second-stream",
            "a stream begins in the other",
            "form",
            pages(samples::page(2, 3, head)),
        ),
        ogg(
            "after-the-end",
            "a file behind the last page",
            "form",
            [samples::ogg(), samples::ogg()].concat(),
        ),
        ogg(
            "speex",
            "a coding that is not on the list",
            "coding",
            samples::page(2, 0, b"Speex   1.2"),
        ),
        wave(
            "wav",
            "a recording with texts around it",
            "success",
            samples::wave(),
        ),
        wave(
            "wav-coding",
            "a coding that is not on the list",
            "coding",
            with(
                samples::wave(),
                b"fmt \x10\0\0\0\x01",
                b"fmt \x10\0\0\0\x11",
            ),
        ),
        wave(
            "wav-cut",
            "more samples than there are bytes",
            "form",
            samples::wave()[..100].to_vec(),
        ),
        mp3(
            "mp3",
            "frames between two tags, the first without sound",
            "success",
            samples::mp3(),
        ),
        mp3(
            "mp3-gap",
            "something between the frames that is no frame",
            "form",
            with(samples::mp3(), b"TAG+43", b"GAP+43"),
        ),
        mp3(
            "mp3-one-frame",
            "one frame alone",
            "form",
            samples::mp3()[34..70].to_vec(),
        ),
        vector(
            "amr",
            MediaType::Amr,
            "a call, cut in its last frame",
            "success",
            samples::amr(),
        ),
        vector(
            "amr-between",
            MediaType::Amr,
            "a byte between frames that begins none",
            "form",
            with(samples::amr(), b"\x04second", b"\x05second"),
        ),
        vector(
            "aac",
            MediaType::Aac,
            "frames of AAC, cut in the last",
            "success",
            samples::aac(),
        ),
        vector(
            "aac-other",
            MediaType::Aac,
            "a frame of another frequency",
            "form",
            with(
                samples::aac(),
                b"\xff\xf1\x50\x80\x02",
                b"\xff\xf1\x54\x80\x02",
            ),
        ),
        vector(
            "pdf",
            MediaType::Pdf,
            "a kind of which no copy is made",
            "kind",
            b"%PDF-1.7\n".to_vec(),
        ),
    ]
}
