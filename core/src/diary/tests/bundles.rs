//! What leaves in a bundle, and what does not.

use std::ops::ControlFlow;

use super::*;
use crate::copy::NoCopy;

#[test]
fn the_same_export_gives_the_same_files_but_for_its_time() {
    let mut case = Case::new();
    case.add(ONE);
    let first = case.diary().plan_for_tests(&everything());
    let second = case.diary().plan_for_tests(&everything());
    assert_eq!(first.len(), second.len());
    let differing: Vec<&String> = first
        .iter()
        .filter(|(path, bytes)| second.get(*path) != Some(bytes))
        .map(|(p, _)| p)
        .collect();
    for path in differing {
        // Only if the second turned over between the two.
        assert!(
            !path.contains("checkpoint") && !path.contains("entry"),
            "{path}"
        );
    }
}

#[test]
fn withdrawn_words_leave_only_when_named() {
    let mut case = Case::new();
    let one = case.add(ONE);
    case.attach(&one, "a.jpg", b"attached words");
    case.diary().withdraw(&one, "it was somebody else").unwrap();
    assert!(matches!(
        case.diary().withdraw(&one, "x"),
        Err(Error::AlreadyWithdrawn)
    ));
    case.export(&everything(), "hidden.zip").unwrap();
    let bytes = fs::read(case.path("hidden.zip")).unwrap();
    assert!(contains(&bytes, "it was somebody else"));
    assert!(!contains(&bytes, "кіреберісте") && !contains(&bytes, "attached words"));
    let named = Selection {
        incidents: vec![one],
        ..everything()
    };
    case.export(&named, "named.zip").unwrap();
    let bytes = fs::read(case.path("named.zip")).unwrap();
    assert!(contains(&bytes, "кіреберісте") && contains(&bytes, "attached words"));
}

#[test]
fn anything_but_the_time_may_be_withheld() {
    let mut case = Case::new();
    let one = case.add(ONE);
    let changes = br#"{"narrative":"Corrected","people":null}"#;
    let changes = Changes::parse(changes, &SystemClock).unwrap();
    case.diary().amend(&one, &changes, "a reason").unwrap();
    let item = case.attach(&one, "a.jpg", b"attached words");
    let fields = [
        "narrative",
        "people",
        "verbatim",
        "behaviours[0]",
        "evidence",
        "occurred.words",
    ];
    let withhold = fields
        .map(|field| (Some(one), field.parse().unwrap()))
        .to_vec();
    case.export(
        &Selection {
            withhold,
            ..everything()
        },
        "all.zip",
    )
    .unwrap();
    let bytes = fs::read(case.path("all.zip")).unwrap();
    for words in [
        "кіреберісте",
        "Corrected",
        "attached words",
        "secret contact",
        "a.jpg",
    ] {
        assert!(!contains(&bytes, words), "{words}");
    }
    assert!(contains(&bytes, "a reason") && contains(&bytes, "threat"));
    let without = vec![IncidentRef::Id(item.id)];
    case.export(
        &Selection {
            without,
            ..everything()
        },
        "item.zip",
    )
    .unwrap();
    let bytes = fs::read(case.path("item.zip")).unwrap();
    assert!(!contains(&bytes, "attached words") && contains(&bytes, "Corrected"));
}

#[test]
fn an_element_that_is_not_there_cannot_be_withheld_by_mistake() {
    let mut case = Case::new();
    let one = case.add(ONE);
    for (which, field, is_there) in [
        (Some(one), "people[0].contact", true),
        (Some(one), "people[2]", false),
        (None, "people[2]", false),
        (None, "people[0]", true),
        (None, "orders", true),
    ] {
        let asked = Selection {
            withhold: vec![(which, field.parse().unwrap())],
            ..everything()
        };
        let preview = case.diary().preview(&asked);
        match is_there {
            true => assert!(preview.is_ok(), "{field}"),
            false => assert!(matches!(preview, Err(Error::NoSuchElement)), "{field}"),
        }
    }
}

#[test]
fn what_is_withheld_is_not_told_by_what_was_asked_for() {
    let mut case = Case::new();
    case.add(&ONE.replace("\"p1\"", "\"the-key\""));
    let people = vec!["the-key".to_owned()];
    let asked = Selection {
        people,
        ..everything()
    };
    case.export(&asked, "shown.zip").unwrap();
    assert!(contains(
        &fs::read(case.path("shown.zip")).unwrap(),
        "the-key"
    ));
    let withhold = vec![(None, "people".parse().unwrap())];
    case.export(&Selection { withhold, ..asked }, "withheld.zip")
        .unwrap();
    assert!(!contains(
        &fs::read(case.path("withheld.zip")).unwrap(),
        "the-key"
    ));
}

#[test]
fn an_export_that_selects_nothing_is_refused_and_leaves_nothing() {
    let mut case = Case::new();
    let one = case.add(ONE);
    let nothing = [
        Selection {
            without: vec![one],
            ..everything()
        },
        Selection {
            people: vec!["nobody".to_owned()],
            ..everything()
        },
    ];
    for selection in nothing {
        assert!(matches!(
            case.export(&selection, "out.zip"),
            Err(Error::EmptySelection)
        ));
    }
    let wrong = case.diary().confirm(&Passphrase::new(b"b").unwrap());
    assert!(wrong.is_err());
    assert_eq!(case.files("."), ["vault"]);
}

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

#[test]
fn a_file_that_is_damaged_is_named_and_leaves_only_if_nothing_of_the_files_is_asked_for() {
    use crate::evidence::Damage;
    use crate::picture::samples;

    let mut case = Case::new();
    let one = case.add(ONE);
    let photo = case.attach(&one, "photo.jpg", &samples::jpeg(40, 30, 6));
    let evidence = case.path("vault").join("evidence");
    for file in fs::read_dir(evidence).unwrap() {
        fs::remove_file(file.unwrap().path()).unwrap();
    }
    let copies = Selection {
        originals: Originals::None,
        ..everything()
    };
    for selection in [&everything(), &copies] {
        let preview = case.diary().preview(selection).unwrap();
        let missing = Leaving::Hash(Some(NoCopy::Damaged(Damage::Missing)));
        assert_eq!(preview.evidence, [(photo.id, missing)]);
        let refused = case.export(selection, "out.zip");
        let Err(Error::DamagedItem(item, Damage::Missing)) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(item, photo.id);
        assert!(!case.files(".").contains(&"out.zip".to_owned()));
    }
    let hashes = Selection {
        copies: false,
        ..copies
    };
    case.export(&hashes, "out.zip").unwrap();
}

#[test]
fn what_opens_the_diary_is_not_what_a_bundle_is_encrypted_with() {
    use crate::bundle::envelope::Envelope;
    use crate::vault::VaultError;

    let mut case = Case::new();
    case.add(ONE);
    let envelope = Envelope::Passphrase(zeroize::Zeroizing::new(b"a".to_vec()));
    let confirmed = case
        .diary()
        .confirm(&Passphrase::new(b"a").unwrap())
        .unwrap();
    let out = case.path("out.age");
    let refused =
        case.diary()
            .export_sealed(&envelope, &everything(), &out, confirmed, &mut NoProgress);
    assert!(matches!(
        refused,
        Err(Error::Vault(VaultError::SecretInUse))
    ));
    assert_eq!(case.files("."), ["vault"]);
}

#[test]
fn to_nobody_or_to_too_many_no_bundle_is_encrypted() {
    use crate::bundle::envelope::{Envelope, MAX_RECIPIENTS, Recipient};
    use crate::error::Form;

    let mut case = Case::new();
    case.add(ONE);
    let one: Recipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
        .parse()
        .unwrap();
    for count in [0, MAX_RECIPIENTS + 1] {
        let envelope = Envelope::Recipients(vec![one; count]);
        let passphrase = Passphrase::new(b"a").unwrap();
        let confirmed = case.diary().confirm(&passphrase).unwrap();
        let out = case.path("out.age");
        let refused =
            case.diary()
                .export_sealed(&envelope, &everything(), &out, confirmed, &mut NoProgress);
        assert!(matches!(refused, Err(Error::Form(Form::Recipients))));
        assert_eq!(case.files("."), ["vault"]);
    }
}
