//! What leaves in a bundle, and what does not.

use super::*;

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
    let one = case.add(&ONE.replace(r#""about"}"#, r#""about","words":"at supper"}"#));
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
        "at supper",
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
fn what_is_not_there_cannot_be_withheld_by_mistake() {
    let mut case = Case::new();
    let one = case.add(ONE);
    for (which, field, is_there) in [
        (Some(one), "people[0].contact", true),
        (Some(one), "people[2]", false),
        (None, "people[2]", false),
        (None, "people[0]", true),
        (None, "orders", true),
        (None, "evidence", true),
        (Some(one), "orders", false),
        (Some(one), "evidence", false),
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
fn what_a_withdrawn_incident_hides_is_not_told_by_what_was_asked_for() {
    let mut case = Case::new();
    let one = case.add(&ONE.replace("\"p1\"", "\"the-key\""));
    case.diary().withdraw(&one, "a reason").unwrap();
    let people = vec!["the-key".to_owned()];
    let asked = Selection {
        people,
        ..everything()
    };
    case.export(&asked, "hidden.zip").unwrap();
    assert!(!contains(
        &fs::read(case.path("hidden.zip")).unwrap(),
        "the-key"
    ));
    let incidents = vec![one];
    case.export(&Selection { incidents, ..asked }, "named.zip")
        .unwrap();
    assert!(contains(
        &fs::read(case.path("named.zip")).unwrap(),
        "the-key"
    ));
}

#[test]
fn an_export_can_be_stopped_while_it_is_verified() {
    let mut case = Case::new();
    let one = case.add(ONE);
    case.attach(&one, "a.txt", b"attached");
    let size = case.diary().log.size();
    let passphrase = Passphrase::new(b"a").unwrap();
    let confirmed = case.diary().confirm(&passphrase).unwrap();
    let out = case.path("out.zip");
    // Every file of the bundle is more than the one that went into it.
    let mut stops = |_: u64, total: u64| match total {
        ..1000 => std::ops::ControlFlow::Continue(()),
        _ => std::ops::ControlFlow::Break(()),
    };
    let stopped = case
        .diary()
        .export(&everything(), &out, confirmed, &mut stops);
    assert!(matches!(stopped, Err(Error::Cancelled)), "{stopped:?}");
    assert!(!out.exists());
    assert_eq!(case.diary().log.size(), size, "nothing was recorded");
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
