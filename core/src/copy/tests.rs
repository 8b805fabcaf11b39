use proptest::prelude::*;

use super::samples::{SAMPLES, SECRET, boxed};
use super::*;
use crate::progress::NoProgress;

/// A file in memory, that counts the reads.
struct Held<'a> {
    bytes: &'a [u8],
    reads: u32,
}

impl Source for Held<'_> {
    fn length(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&mut self, offset: u64, out: &mut [u8]) -> Result<(), EvidenceError> {
        self.reads += 1;
        let start = usize::try_from(offset).unwrap();
        out.copy_from_slice(&self.bytes[start..start + out.len()]);
        Ok(())
    }
}

pub(super) fn copy_of(media_type: MediaType, bytes: &[u8]) -> Result<Vec<u8>, NoCopy> {
    let mut source = Held { bytes, reads: 0 };
    let copy = match make(media_type, &mut source) {
        Ok(copy) => copy,
        Err(Ended::NoCopy(reason)) => return Err(reason),
        Err(Ended::Read(error)) => panic!("{error}"),
    };
    let mut out = Vec::new();
    copy.write_to(&mut source, &mut out, &mut NoProgress)
        .unwrap();
    assert_eq!(out.len() as u64, copy.length());
    assert!(source.reads < 10_000);
    Ok(out)
}

fn copied(bytes: &[u8]) -> Result<Vec<u8>, NoCopy> {
    copy_of(MediaType::of(bytes), bytes)
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// No part of the secret that is long enough to mean anything.
fn is_clean(copy: &[u8]) -> bool {
    let parts: Vec<_> = SECRET.chunks_exact(6).collect();
    !copy.windows(6).any(|window| parts.contains(&window))
}

fn all() -> [(MediaType, Vec<u8>); 9] {
    [
        (MediaType::Mp4, samples::iso(b"mp42")),
        (MediaType::QuickTime, samples::iso(b"qt  ")),
        (MediaType::M4a, samples::iso(b"M4A ")),
        (MediaType::ThreeGp, samples::iso(b"3gp4")),
        (MediaType::Ogg, samples::ogg()),
        (MediaType::Wav, samples::wave()),
        (MediaType::Mp3, samples::mp3()),
        (MediaType::Amr, samples::amr()),
        (MediaType::Aac, samples::aac()),
    ]
}

/// A sample with these bytes at their only place replaced by others of that length.
pub(super) fn with(mut file: Vec<u8>, old: &[u8], new: &[u8]) -> Vec<u8> {
    let mut places = file
        .windows(old.len())
        .enumerate()
        .filter(|(_, part)| part == &old);
    let (at, _) = places.next().unwrap();
    file[at..at + new.len()].copy_from_slice(new);
    file
}

#[test]
fn a_copy_holds_the_samples_and_nothing_else() {
    for (media_type, original) in all() {
        assert_eq!(MediaType::of(&original), media_type);
        let copy = copied(&original).unwrap();
        assert!(is_clean(&copy), "{media_type:?}");
        assert!(
            SAMPLES.iter().all(|run| holds(&copy, run)),
            "{media_type:?}"
        );
        assert!(copy.len() < original.len());
        assert_eq!(MediaType::of(&copy), media_type);
        assert_eq!(copied(&copy).unwrap(), copy);
    }
}

#[test]
fn a_copy_has_no_time_and_keeps_how_it_is_turned() {
    let original = samples::iso(b"mp42");
    let copy = copied(&original).unwrap();
    let time = 1_764_000_000u32.to_be_bytes();
    assert!(holds(&original, &time) && !holds(&copy, &time));
    let turned = b"\0\0\0\0\0\x01\0\0\0\0\0\0\xff\xff\0\0";
    assert!(holds(&original, turned) && holds(&copy, turned));
    assert!(holds(&original, b"\x15\xc7") && !holds(&copy, b"\x15\xc7"));
}

/// No byte of a file decides that something slips through: whatever copy is made is as clean.
#[test]
fn a_file_with_any_byte_changed_has_a_clean_copy_or_none() {
    // MOV, M4A and 3GP are read as MP4 is.
    let alike = [MediaType::QuickTime, MediaType::M4a, MediaType::ThreeGp];
    let different = all().into_iter().filter(|(kind, _)| !alike.contains(kind));
    for (media_type, original) in different {
        for at in 0..original.len() {
            let mut changed = original.clone();
            changed[at] ^= [0xff, 0x01, 0x80][at % 3];
            let Ok(copy) = copy_of(media_type, &changed) else {
                continue;
            };
            // What the samples are, the tables say alone: moved by a byte that was changed, they
            // can begin in what lies between. So a frame of MP3 that is no overview any more.
            let tables = [&b"stsd"[..], b"\xff\xf3\x18"];
            let mut tables = tables
                .iter()
                .filter_map(|name| original.windows(name.len()).position(|part| part == *name));
            let is_table = tables.any(|start| (start..start + 300).contains(&at));
            assert!(is_table || is_clean(&copy), "{media_type:?} {at}");
            assert!(copy.len() <= original.len());
        }
    }
}

#[test]
fn a_copy_that_was_cut_has_none() {
    for (media_type, original) in all() {
        let copy = copied(&original).unwrap();
        // Bare frames have no end: one less is a shorter recording.
        let least = match media_type {
            MediaType::Mp3 => 72,
            MediaType::Amr => 6 + 21,
            MediaType::Aac => 7 + SAMPLES[0].len(),
            _ => copy.len(),
        };
        for length in 0..least {
            let cut = copy_of(media_type, &copy[..length]);
            let ends_on_page = media_type == MediaType::Ogg && cut.is_ok();
            assert!(cut.is_err() || ends_on_page, "{media_type:?} {length}");
        }
    }
}

#[test]
fn what_is_no_plain_recording_has_none() {
    let mp4 = || samples::iso(b"mp42");
    for (changed, reason) in [
        (with(mp4(), b"mp4a", b"enca"), NoCopy::Coding),
        (with(mp4(), b"mp4a", b"apac"), NoCopy::Coding),
        (with(mp4(), b"free", b"moof"), NoCopy::Fragments),
        (with(mp4(), b"iods", b"mvex"), NoCopy::Fragments),
        (with(mp4(), b"soun", b"meta"), NoCopy::Form),
        (with(mp4(), b"moov", b"free"), NoCopy::Form),
        (with(mp4(), b"mdat", b"free"), NoCopy::Form),
        // Not in this file.
        (
            with(mp4(), b"url \0\0\0\x01", b"url \0\0\0\0"),
            NoCopy::Form,
        ),
        (with(samples::ogg(), b"OpusHead", b"Speex   "), NoCopy::Form),
        (
            with(
                samples::wave(),
                b"fmt \x10\0\0\0\x01",
                b"fmt \x10\0\0\0\x11",
            ),
            NoCopy::Coding,
        ),
        ([samples::ogg(), samples::ogg()].concat(), NoCopy::Form),
    ] {
        assert_eq!(copied(&changed), Err(reason));
    }
    for (media_type, _) in all() {
        for tiny in [
            &b""[..],
            b"RIFFWAVE",
            b"ID3",
            b"\xff\xf3\x18\xc4",
            b"OggS\0",
            b"\0\0\0\x08ftyp",
        ] {
            assert_eq!(
                copy_of(media_type, tiny),
                Err(NoCopy::Form),
                "{media_type:?}"
            );
        }
    }
    for other in [MediaType::Heic, MediaType::Pdf, MediaType::Matroska] {
        assert!(!is_made_of(other));
        assert_eq!(copy_of(other, b"anything"), Err(NoCopy::Kind));
    }
}

/// What a recorder or a disk broke off can go on behind the break; the copy would end there without
/// a word.
#[test]
fn sound_behind_a_break_is_not_lost_in_silence() {
    let mp3 = samples::mp3;
    let gap = [mp3(), vec![0; 70_000], mp3()].concat();
    let half = mp3().len() - 64;
    for broken in [
        [mp3(), mp3()].concat(),
        gap,
        [&mp3()[..half], &mp3()].concat(),
        [&mp3()[..], b"x"].concat(),
    ] {
        assert_eq!(copied(&broken), Err(NoCopy::Form));
    }
    assert!(copied(&[mp3(), mp3()[..34].to_vec()].concat()).is_err());
    let padded = [&mp3()[..mp3().len() - 128], &[0; 70_000]].concat();
    assert!(copied(&padded).is_ok_and(|copy| is_clean(&copy)));

    let wave = samples::wave();
    let size = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap().to_le_bytes();
    let sound = samples::SAMPLES.concat();
    let said = [&b"data"[..], &size(&sound)].concat();
    for never_written in [0u32, 2] {
        let stale = [b"data", &never_written.to_le_bytes()[..]].concat();
        assert_eq!(
            copied(&with(wave.clone(), &said, &stale)),
            Err(NoCopy::Form)
        );
    }
    assert_eq!(copied(&[&wave[..], b"more"].concat()), Err(NoCopy::Form));
}

#[test]
fn a_first_frame_with_nothing_to_keep_is_left_out() {
    let mut file = samples::mp3();
    let start = file
        .windows(4)
        .position(|part| part == b"\xff\xf3\x18\xc4")
        .unwrap();
    // A longer frame, as only those of 36 bytes and more can hold it.
    let long = [&b"\xff\xf3\x28\xc4"[..], &[0; 32], b"VBRI", &[7; 32]].concat();
    file.splice(start..start + 36, long);
    let copy = copied(&file).unwrap();
    assert!(is_clean(&copy) && !holds(&copy, b"VBRI"));
    assert_eq!(copy.len(), 72);
}

/// What she cut away must not leave with the copy, unseen.
#[test]
fn a_trimmed_recording_has_none() {
    let edit = |duration: u32, from: u32| {
        let old = [2_000u32, 0, 0x0001_0000].map(u32::to_be_bytes).concat();
        let new = [duration, from, 0x0001_0000].map(u32::to_be_bytes).concat();
        let long = with(
            samples::iso(b"mp42"),
            b"\0\0\0\x05\0\0\x04\0",
            b"\0\0\0\x05\0\0\x3e\x80",
        );
        copied(&with(long, &old, &new))
    };
    // Five seconds of samples.
    for (duration, from) in [(5_000, 0), (4_200, 8_000), (0, 0), (0, 15_000), (9_000, 0)] {
        assert!(edit(duration, from).is_ok(), "{duration} {from}");
    }
    for (duration, from) in [(3_900, 0), (2_000, 48_000), (0, 17_000), (5_000, u32::MAX)] {
        assert_eq!(
            edit(duration, from),
            Err(NoCopy::Trimmed),
            "{duration} {from}"
        );
    }
}

/// Tables that promise four thousand million rows, samples or tracks take no memory and no time.
#[test]
fn a_bomb_has_none() {
    let mp4 = || samples::iso(b"mp42");
    let most = b"\xff\xff\xff\xff";
    let table = |name: &[u8], count: &[u8; 4]| {
        let old = [name, &[0; 4]].concat();
        with(mp4(), &old, &[&old[..], count].concat())
    };
    for name in [&b"stts"[..], b"stsc", b"stco", b"stsd", b"elst"] {
        assert_eq!(copied(&table(name, most)), Err(NoCopy::Form));
    }
    // Samples of one size, as many as there can be.
    let sizes = b"stsz\0\0\0\0\0\0\0\0\0\0\0\x05";
    let same = b"stsz\0\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff";
    assert_eq!(copied(&with(mp4(), sizes, same)), Err(NoCopy::Form));
    // Boxes within boxes, and boxes of no size.
    let nested = (0..10_000).fold(Vec::new(), |inner, _| boxed(b"trak", &inner));
    for movie in [
        nested,
        boxed(b"trak", &[]).repeat(100_000),
        vec![0; 1 << 20],
    ] {
        let file = [boxed(b"ftyp", b"isom\0\0\0\0isom"), boxed(b"moov", &movie)].concat();
        assert_eq!(copied(&file), Err(NoCopy::Form));
    }
    let many = [
        &boxed(b"ftyp", b"isom\0\0\0\0isom")[..],
        &boxed(b"free", b"").repeat(100_000),
    ];
    assert_eq!(copied(&many.concat()), Err(NoCopy::Form));
    // A movie that would fill the memory.
    let large = vec![0; pieces::MAX_MADE + 1];
    let file = [boxed(b"ftyp", b"isom\0\0\0\0isom"), boxed(b"moov", &large)].concat();
    assert_eq!(copied(&file), Err(NoCopy::Size));
}

#[test]
fn samples_in_common_or_outside_of_the_media_data_have_none() {
    let original = samples::iso(b"mp42");
    let place = original
        .windows(4)
        .position(|name| name == b"stco")
        .unwrap()
        + 12;
    for moved in [0, 1, 100] {
        let mut changed = original.clone();
        changed[place + 4..place + 8].copy_from_slice(&[0, 0, 0, moved]);
        assert_eq!(copied(&changed), Err(NoCopy::Form));
    }
    let mut twice = original.clone();
    let (first, second) = (place..place + 4, place + 4);
    twice.copy_within(first, second);
    assert_eq!(copied(&twice), Err(NoCopy::Form));
}

#[test]
fn a_page_with_a_wrong_checksum_has_none() {
    let original = samples::ogg();
    for at in 0..original.len() {
        let mut changed = original.clone();
        changed[at] ^= 0x10;
        assert!(copy_of(MediaType::Ogg, &changed).is_err(), "{at}");
    }
}

proptest! {
    #[test]
    fn any_bytes_have_a_copy_of_the_same_form_or_none(
        which in 0..9usize,
        at in any::<prop::sample::Index>(),
        rest in proptest::collection::vec(any::<u8>(), 0..200),
        cut in any::<bool>(),
    ) {
        let (media_type, mut file) = all()[which].clone();
        let at = at.index(file.len());
        if cut {
            file.truncate(at);
            file.extend(&rest);
        } else {
            file.iter_mut().skip(at).zip(&rest).for_each(|(to, from)| *to = *from);
        }
        if let Ok(copy) = copy_of(media_type, &file) {
            prop_assert_eq!(copy_of(media_type, &copy).unwrap(), copy);
        }
    }

    /// Two changed numbers at once: of a table and of its box, say.
    #[test]
    fn numbers_that_lie_end_nothing(
        which in 0..9usize,
        places in proptest::collection::vec((any::<prop::sample::Index>(), any::<u32>()), 1..4),
    ) {
        let (media_type, mut file) = all()[which].clone();
        for (at, number) in places {
            let at = at.index(file.len() - 4);
            file[at..at + 4].copy_from_slice(&number.to_be_bytes());
        }
        if let Ok(copy) = copy_of(media_type, &file) {
            prop_assert_eq!(copy_of(media_type, &copy).unwrap(), copy);
        }
    }
}
