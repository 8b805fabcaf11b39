//! What leaves of her evidence files: originals, copies without metadata, hashes alone.

use std::ops::ControlFlow;

use super::*;
use crate::copy::NoCopy;
use crate::evidence::Damage;
use crate::log::EntryId;

#[test]
fn copies_leave_without_what_the_file_knew_and_nothing_else_does() {
    use crate::picture::samples;

    let mut case = Case::new();
    let one = case.add(ONE);
    let photo = case.attach(&one, "photo.jpg", &samples::jpeg(40, 30, 6));
    let shot = case.attach(&one, "shot.png", &samples::png(40, 30));
    let broken = case.attach(&one, "broken.jpg", &samples::jpeg(40, 31, 1)[..900]);
    let text = case.attach(&one, "a.txt", b"attached words");
    let copies = Selection {
        originals: Originals::None,
        ..everything()
    };
    let preview = case.diary().preview(&copies).unwrap();
    let leaving: Vec<_> = preview
        .evidence
        .iter()
        .map(|(_, leaving)| leaving)
        .collect();
    assert_eq!(
        leaving,
        [
            &Leaving::Copy { covered: 0 },
            &Leaving::Copy { covered: 0 },
            &Leaving::Hash(Some(NoCopy::Form)),
            &Leaving::Hash(Some(NoCopy::Kind)),
        ]
    );
    case.export(&copies, "copies.zip").unwrap();
    let bytes = fs::read(case.path("copies.zip")).unwrap();
    let secret = std::str::from_utf8(samples::SECRET).unwrap();
    assert!(!contains(&bytes, secret) && !contains(&bytes, "attached words"));
    let leaves = |path: &str| preview.files.iter().any(|file| file.path == path);
    for path in [
        "a-01.copy.jpg",
        "a-01.note.txt",
        "a-02.copy.png",
        "a-03.note.txt",
    ] {
        assert!(
            leaves(&format!("data/evidence/{path}")) && contains(&bytes, path),
            "{path}"
        );
    }
    assert!(!contains(&bytes, "a-01.jpg") && !contains(&bytes, "a-03.copy"));
    for item in [&photo, &shot, &broken, &text] {
        assert!(contains(&bytes, &crate::hex::encode(&item.sha256)));
    }

    let one_original = Selection {
        originals: Originals::Items(vec![photo.id]),
        copies: false,
        ..everything()
    };
    case.export(&one_original, "original.zip").unwrap();
    let bytes = fs::read(case.path("original.zip")).unwrap();
    assert!(contains(&bytes, secret) && contains(&bytes, "a-01.jpg"));
    assert!(!contains(&bytes, "a-02.copy"));
    for bundle in ["copies.zip", "original.zip"] {
        let verdict = verify(
            &case.path(bundle),
            &VerifyOptions::default(),
            &mut NoProgress,
        );
        let verdict = verdict.unwrap();
        assert!(verdict.sound, "{:?}", verdict.findings);
        let of_copies = |finding: &&crate::bundle::Finding| finding.detail.contains("copies, not");
        let said = verdict.findings.iter().find(of_copies);
        assert_eq!(said.is_some(), bundle == "copies.zip");
        assert!(said.is_none_or(|finding| finding.level == crate::bundle::Level::Warning));
    }
}

#[test]
fn recordings_leave_as_copies_that_play_and_say_nothing_else() {
    use crate::copy::samples;

    let mut case = Case::new();
    let one = case.add(ONE);
    let recordings = [
        ("walk.mp4", samples::iso(b"mp42"), "a-01.copy.mp4"),
        ("clip.mov", samples::iso(b"qt  "), "a-02.copy.mov"),
        ("memo.m4a", samples::iso(b"M4A "), "a-03.copy.m4a"),
        ("voice.opus", samples::ogg(), "a-04.copy.ogg"),
        ("call.wav", samples::wave(), "a-05.copy.wav"),
        ("song.mp3", samples::mp3(), "a-06.copy.mp3"),
    ];
    let items: Vec<_> = recordings
        .iter()
        .map(|(name, bytes, _)| case.attach(&one, name, bytes))
        .collect();
    let broken = case.attach(&one, "cut.mp4", &samples::iso(b"mp42")[..900]);
    let copies = Selection {
        originals: Originals::None,
        ..everything()
    };
    let preview = case.diary().preview(&copies).unwrap();
    let leaving = preview.evidence.iter().map(|(_, leaving)| leaving);
    let copy = Leaving::Copy { covered: 0 };
    let hash = Leaving::Hash(Some(NoCopy::Form));
    let expected = std::iter::repeat_n(&copy, recordings.len()).chain([&hash]);
    assert!(leaving.eq(expected), "{:?}", preview.evidence);
    case.export(&copies, "copies.zip").unwrap();
    let bytes = fs::read(case.path("copies.zip")).unwrap();
    assert!(!contains(
        &bytes,
        std::str::from_utf8(samples::SECRET).unwrap()
    ));
    assert!(contains(
        &bytes,
        std::str::from_utf8(samples::SAMPLES[0]).unwrap()
    ));
    for (_, _, name) in &recordings {
        let path = format!("data/evidence/{name}");
        let leaves = preview.files.iter().any(|file| file.path == path);
        assert!(leaves && contains(&bytes, name), "{name}");
    }
    for item in items.iter().chain([&broken]) {
        assert!(contains(&bytes, &crate::hex::encode(&item.sha256)));
    }
    let whole = case.path("copies.zip");
    let verdict = verify(&whole, &VerifyOptions::default(), &mut NoProgress).unwrap();
    assert!(verdict.sound, "{:?}", verdict.findings);
}

/// A copy of a long recording is read by offset through chunks that are unsealed as they are needed.
#[test]
fn a_recording_of_many_chunks_is_copied_from_its_sealed_file() {
    use crate::copy::samples;

    let mut case = Case::new();
    let one = case.add(ONE);
    let run: Vec<u8> = (0..3_000_000u32).map(|at| (at % 251) as u8).collect();
    let recording = samples::iso_with(b"mp42", [&run, b"the end"]);
    case.attach(&one, "long.mp4", &recording);
    let copies = Selection {
        originals: Originals::None,
        ..everything()
    };
    case.export(&copies, "long.zip").unwrap();
    let bytes = fs::read(case.path("long.zip")).unwrap();
    let whole = [&run[..], b"the end"].concat();
    assert!(bytes.windows(whole.len()).any(|window| window == whole));
    let secret = std::str::from_utf8(samples::SECRET).unwrap();
    assert!(!contains(&bytes, secret));
    // Whoever asks for a preview can stop it, and so can whoever exports.
    let mut stop = |_: u64, _: u64| std::ops::ControlFlow::Break(());
    let stopped = case.diary().preview_with(&copies, &mut stop);
    assert!(matches!(stopped.err(), Some(Error::Cancelled)));
    // One chunk that is damaged: no copy, and no bundle that looks as if there had been none.
    let evidence = case.path("vault").join("evidence");
    let sealed = fs::read_dir(evidence)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let mut damaged = fs::read(&sealed).unwrap();
    damaged[2_000_000] ^= 1;
    fs::write(&sealed, damaged).unwrap();
    let preview = case.diary().preview(&copies).unwrap();
    assert!(matches!(
        preview.evidence[..],
        [(_, Leaving::Hash(Some(NoCopy::Damaged(_))))]
    ));
    assert!(case.export(&copies, "damaged.zip").is_err());
}

#[test]
fn a_covered_picture_leaves_covered_or_not_at_all() {
    use crate::picture::{Area, samples};

    let mut case = Case::new();
    let one = case.add(ONE);
    let photo = case.attach(&one, "photo.jpg", &samples::jpeg(40, 30, 6));
    let text = case.attach(&one, "a.txt", b"attached words");
    let area: Area = "0,0,20,20".parse().unwrap();
    for originals in [
        Originals::All,
        Originals::None,
        Originals::Items(vec![photo.id]),
    ] {
        let covered = Selection {
            originals,
            copies: false,
            covers: vec![(photo.id, area), (photo.id, area), (text.id, area)],
            ..everything()
        };
        let preview = case.diary().preview(&covered).unwrap();
        let leaving: Vec<_> = preview
            .evidence
            .iter()
            .map(|(_, leaving)| leaving)
            .collect();
        let hash = Leaving::Hash(Some(NoCopy::Kind));
        assert_eq!(leaving, [&Leaving::Copy { covered: 2 }, &hash]);
        case.export(&covered, "covered.zip").unwrap();
        let bytes = fs::read(case.path("covered.zip")).unwrap();
        let secret = std::str::from_utf8(samples::SECRET).unwrap();
        assert!(!contains(&bytes, secret) && !contains(&bytes, "attached words"));
        assert!(contains(&bytes, "\"covered\":2") && contains(&bytes, "КОПИЯ, ЧАСТИ ЗАКРЫТЫ"));
        assert!(
            !contains(&bytes, "КОПИЯ БЕЗ МЕТАДАННЫХ"),
            "in the hash list too"
        );
        assert!(!contains(&bytes, "a-01.jpg"));
        fs::remove_file(case.path("covered.zip")).unwrap();
    }
    let outside = Selection {
        covers: vec![(photo.id, "30,0,5,5".parse().unwrap())],
        ..everything()
    };
    let preview = case.diary().preview(&outside).unwrap();
    assert_eq!(preview.evidence[0].1, Leaving::Hash(Some(NoCopy::Outside)));
}

#[test]
fn the_report_alone_is_small_and_holds_no_original() {
    use crate::picture::samples;

    let mut case = Case::new();
    let one = case.add(ONE);
    for number in 0..12 {
        let mut photo = samples::jpeg(40, 30, 1);
        photo.push(number);
        case.attach(&one, "photo.jpg", &photo);
    }
    // Nobody can play what is not there.
    case.attach(&one, "memo.m4a", &crate::copy::samples::iso(b"M4A "));
    let preview = case.diary().preview_report(&everything()).unwrap();
    assert_eq!(preview.evidence[12].1, Leaving::Hash(None));
    let out = case.path("report.pdf");
    let exporting = |case: &mut Case, progress: &mut dyn Progress| {
        let passphrase = Passphrase::new(b"a").unwrap();
        let confirmed = case.diary().confirm(&passphrase).unwrap();
        case.diary()
            .export_report(&everything(), &out, confirmed, progress)
    };
    // Thirteen items, and at least one try at the pictures: it can be stopped before each.
    for stops_at in [1, 7, 14] {
        let mut steps = 0;
        let mut stopping = |_, _| {
            steps += 1;
            match steps == stops_at {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            }
        };
        let stopped = exporting(&mut case, &mut stopping);
        assert!(matches!(stopped, Err(Error::Cancelled)) && !out.exists());
    }
    let exported = exporting(&mut case, &mut NoProgress).unwrap();
    let bytes = fs::read(&out).unwrap();
    assert!(bytes.starts_with(b"%PDF-1.7") && bytes.len() < MAX_REPORT);
    assert_eq!(
        (exported.bytes, preview.files.len()),
        (bytes.len() as u64, 1)
    );
    // It names the second in which it was made, and is packed.
    assert!(preview.files[0].bytes.abs_diff(exported.bytes) <= 64);
    assert!(!contains(
        &bytes,
        std::str::from_utf8(samples::SECRET).unwrap()
    ));
    assert!(case.diary().is_ancestor(&exported.fingerprint).unwrap());
    let again = exporting(&mut case, &mut NoProgress);
    assert!(matches!(again, Err(Error::TargetExists)));
}

/// However it is damaged, whatever was to leave of it: the rest leaves without it.
#[test]
fn a_file_that_is_damaged_is_named_and_nothing_leaves_with_it() {
    use crate::picture::samples;

    let mut case = Case::new();
    let one = case.add(ONE);
    let items = [
        ("photo.jpg", samples::jpeg(40, 30, 6)),
        ("memo.m4a", crate::copy::samples::iso(b"M4A ")),
        ("a.txt", b"attached words".to_vec()),
    ]
    .map(|(name, bytes)| case.attach(&one, name, &bytes));
    let evidence = case.path("vault").join("evidence");
    let stored: Vec<_> = fs::read_dir(evidence)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    let copies = Selection {
        originals: Originals::None,
        ..everything()
    };
    let hashes = Selection {
        copies: false,
        ..copies.clone()
    };
    let (out, report) = (case.path("out.zip"), case.path("report.pdf"));
    for path in &stored {
        let whole = fs::read(path).unwrap();
        let mut flipped = whole.clone();
        flipped[whole.len() / 2] ^= 1;
        // Each of them by one bit; how else a file is damaged makes no difference to what leaves.
        let of_all = [Some(&flipped[..]), Some(&whole[..whole.len() - 1]), None];
        let ways = if *path == stored[0] { 3 } else { 1 };
        for damaged in of_all.into_iter().take(ways) {
            fs::remove_file(path).unwrap();
            if let Some(bytes) = damaged {
                fs::write(path, bytes).unwrap();
            }
            let mut named = Vec::new();
            for selection in [&everything(), &copies, &hashes] {
                let refused = case.export(selection, "out.zip");
                let Err(Error::DamagedItem(item, damage)) = refused else {
                    panic!("{refused:?}");
                };
                assert_eq!(damage == Damage::Missing, damaged.is_none());
                named.push(item);
            }
            let passphrase = Passphrase::new(b"a").unwrap();
            let confirmed = case.diary().confirm(&passphrase).unwrap();
            let alone = case
                .diary()
                .export_report(&hashes, &report, confirmed, &mut NoProgress);
            let Err(Error::DamagedItem(item, _)) = alone else {
                panic!("a damaged file is in a report");
            };
            named.push(item);
            assert!(items.iter().any(|one| one.id == item));
            assert!(named.iter().all(|one| *one == item), "{named:?}");
            for selection in [&copies, &hashes] {
                let preview = case.diary().preview(selection).unwrap();
                let is_told = |(id, leaving): &(EntryId, Leaving)| {
                    *id == item && matches!(leaving, Leaving::Hash(Some(NoCopy::Damaged(_))))
                };
                assert!(preview.evidence.iter().any(is_told));
            }
            assert!(!out.exists() && !report.exists());
            let without = Selection {
                without: vec![IncidentRef::Id(item)],
                ..copies.clone()
            };
            case.export(&without, "out.zip").unwrap();
            fs::remove_file(&out).unwrap();
        }
        fs::write(path, &whole).unwrap();
    }
}

/// Nothing had to be left out of it: what leaves is what was recorded, and the report says so.
#[test]
fn a_copy_that_is_the_same_as_its_original_is_the_original() {
    use crate::picture::{clean, samples};

    let mut case = Case::new();
    let one = case.add(ONE);
    let photo = clean(&samples::jpeg(40, 30, 1)).unwrap().bytes;
    let item = case.attach(&one, "photo.jpg", &photo);
    let copies = Selection {
        originals: Originals::None,
        ..everything()
    };
    let preview = case.diary().preview(&copies).unwrap();
    let no_metadata = (item.id, Leaving::Copy { covered: 0 });
    assert_eq!(preview.evidence, [no_metadata]);
    case.export(&copies, "out.zip").unwrap();
    let out = case.path("out.zip");
    let bytes = fs::read(&out).unwrap();
    assert!(contains(&bytes, "data/evidence/a-01.jpg"));
    assert!(contains(&bytes, "ОРИГИНАЛ") && !contains(&bytes, "КОПИЯ БЕЗ"));
    assert!(!contains(&bytes, "a-01.copy") && !contains(&bytes, "a-01.note"));
    let verdict = verify(&out, &VerifyOptions::default(), &mut NoProgress).unwrap();
    assert!(verdict.sound);
    let mut findings = verdict.findings.iter();
    assert!(
        findings.any(|finding| finding.subject == "data/evidence/a-01.jpg"
            && finding.detail.contains("unchanged since recorded"))
    );
    // Covered, it is a copy.
    let covered = Selection {
        covers: vec![(item.id, "0,0,20,20".parse().unwrap())],
        ..copies
    };
    case.export(&covered, "covered.zip").unwrap();
    let bytes = fs::read(case.path("covered.zip")).unwrap();
    assert!(contains(&bytes, "a-01.copy.jpg") && !contains(&bytes, "a-01.jpg"));
}
