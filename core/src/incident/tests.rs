//! Each field with what it takes and what it refuses, and with which path.

use proptest::prelude::*;

use crate::time::TimeError;
use crate::time::test_zone::{Almaty, when};

use super::samples::{FULL, changes, incident};
use super::*;

fn object(json: &str) -> Object {
    match Value::parse(json.as_bytes()) {
        Ok(Value::Object(object)) => object,
        other => panic!("{other:?}"),
    }
}

fn parse(json: &str) -> Incident {
    Incident::parse(json.as_bytes(), &Almaty).unwrap()
}

fn refused(json: &str) -> String {
    let incident = Incident::parse(json.as_bytes(), &Almaty);
    incident
        .err()
        .map_or_else(|| panic!("taken: {json}"), |error| error.to_string())
}

/// What is needed, with one member more or another one.
fn with(member: &str) -> String {
    let mut members = vec![member];
    for needed in [r#""occurred":{"from":"2026-10-03"}"#, r#""narrative":"x""#] {
        let name = needed.split(':').next().unwrap();
        if !member.starts_with(name) {
            members.push(needed);
        }
    }
    format!("{{{}}}", members.join(","))
}

/// The lines of a table, without what explains it.
fn lines(table: &str) -> impl Iterator<Item = &str> {
    table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[test]
fn takes_every_field_as_it_is() {
    let incident = parse(FULL);
    let full = object(FULL);
    assert!(
        full.keys()
            .all(|name| Incident::MEMBERS.contains(&name.as_str()))
    );
    assert_eq!(full.len(), Incident::MEMBERS.len());
    assert_eq!(incident.to_private_value(), full);
    let mut shown = full;
    shown.remove("private_note");
    assert_eq!(incident.to_value(), shown);
    assert_eq!(incident.private_note().map(Text::as_str), Some("M"));

    assert_eq!(incident.count().map(|count| count.value()), Some(34));
    assert_eq!(
        incident.behaviours(),
        [Behaviour::Waiting, Behaviour::Threat]
    );
    let [him, her] = incident.people() else {
        panic!("two people");
    };
    assert_eq!(him.key().map(PersonKey::as_str), Some("p1"));
    assert_eq!(him.relationship(), Some(&Relationship::ExPartner));
    assert_eq!(*her.role(), Role::Witness);
}

#[test]
fn takes_what_is_allowed() {
    for member in lines(include_str!("testdata/taken.txt")) {
        let incident = parse(&with(member));
        assert_eq!(incident.to_value(), object(&with(member)), "{member}");
        assert!(Incident::from_value(&incident.to_value()).is_ok_and(|same| same == incident));
    }
}

#[test]
fn adds_the_offset_to_a_time_and_nothing_else() {
    let typed = with(r#""occurred":{"from":"2024-02-29T21:15","to":"2024-03-01T21:15:30"}"#);
    let stored = typed
        .replace(r#"T21:15""#, r#"T21:15+06:00""#)
        .replace(r#"T21:15:30""#, r#"T21:15:30+05:00""#);
    assert_eq!(parse(&typed).to_value(), object(&stored));
    let error = Incident::from_value(&object(&typed)).err().unwrap();
    assert_eq!(error.path(), "occurred.from");
    assert_eq!(*error.rule(), FieldRule::Time(TimeError::NoOffset));
}

#[test]
fn refuses_with_the_path_of_the_field() {
    for line in lines(include_str!("testdata/refused.txt")) {
        let (input, expected) = line.split_once(" -> ").unwrap();
        let message = match input.starts_with('"') {
            true => refused(&with(input)),
            false => refused(input),
        };
        assert!(message.starts_with(expected), "{input}: {message}");
    }
    let raw = refused(&with("\"narrative\":\"\u{1}\""));
    assert!(raw.starts_with("narrative: a control character must be escaped"));
    let second_line = refused("{\"count\":\n[}");
    assert_eq!(second_line, "count[0]: not valid JSON (line 2, column 2)");
}

#[test]
fn refuses_what_is_too_long_with_the_limit() {
    let texts =
        |count: usize, length: usize| vec![format!("\"{}\"", "x".repeat(length)); count].join(",");
    let people = |count: usize| vec![r#"{"role":"other"}"#; count].join(",");
    for (member, message) in [
        (
            format!(r#""narrative":{}"#, texts(1, MAX_NARRATIVE + 1)),
            "narrative: longer than 1048576 bytes",
        ),
        (
            format!(r#""verbatim":["x",{}]"#, texts(1, MAX_TEXT + 1)),
            "verbatim[1]: longer than 65536 bytes",
        ),
        (
            format!(r#""shown_as":[{}]"#, texts(MAX_LIST + 1, 1)),
            "shown_as: more than 1000",
        ),
        (
            format!(r#""people":[{}]"#, people(MAX_PEOPLE + 1)),
            "people: more than 200",
        ),
        (
            format!(r#""verbatim":[{}]"#, texts(48, MAX_TEXT)),
            "larger than 3145728 bytes",
        ),
    ] {
        let refused = refused(&with(&member));
        assert!(refused.starts_with(message), "{refused}");
        let changes = Changes::parse(format!("{{{member}}}").as_bytes(), &Almaty);
        assert!(changes.is_err_and(|error| error.to_string() == refused));
    }
    for member in [
        format!(r#""narrative":{}"#, texts(1, MAX_NARRATIVE)),
        format!(r#""verbatim":[{}]"#, texts(1, MAX_TEXT)),
        format!(r#""shown_as":[{}]"#, texts(MAX_LIST, 1)),
        format!(r#""people":[{}]"#, people(MAX_PEOPLE)),
    ] {
        parse(&with(&member));
    }
}

#[test]
fn no_error_repeats_what_she_wrote() {
    for json in [
        with(r#""behaviours":["secret"]"#),
        with(r#""place":{"latitude":"secret","longitude":"secret"}"#),
        with(r#""my secret":"secret""#),
        with(r#""occurred":{"from":"secret"}"#),
        with(r#""people":[{"role":"secret"}]"#),
        with(r#""verbatim":["secret",{}"#),
    ] {
        assert!(!refused(&json).contains("secret"), "{json}");
    }
    assert!(!format!("{:?}", parse(FULL)).contains("Ол"));
}

#[test]
fn the_title_is_the_first_line() {
    let title = |narrative: &str| {
        let incident = Incident::short(narrative, &Occurred::unknown(), None, &[]).unwrap();
        incident.title().to_owned()
    };
    assert_eq!(parse(FULL).title(), "Ол тағы да кіреберісте күтіп тұрды.");
    assert_eq!(title("a\r\nb"), "a");
    assert_eq!(title("\n \nb"), "b");
    assert_eq!(title(&"ә".repeat(80)), "ә".repeat(80));
    assert_eq!(title(&"ә".repeat(81)), "ә".repeat(80));
}

#[test]
fn the_short_form_is_an_incident_like_any_other() {
    let occurred = Occurred::at(when("2026-10-03T21:15"));
    let behaviours = [Behaviour::Calls, Behaviour::Threat];
    let incident = Incident::short("x", &occurred, Some("home"), &behaviours).unwrap();
    let json = r#"{"occurred":{"from":"2026-10-03T21:15+05:00"},"narrative":"x",
        "place":{"text":"home"},"behaviours":["calls","threat"]}"#;
    assert_eq!(incident.to_value(), object(json));
    for (incident, path) in [
        (Incident::short("", &occurred, None, &[]), "narrative"),
        (Incident::short("x", &occurred, Some(""), &[]), "place.text"),
        (
            Incident::short("x", &occurred, None, &[Behaviour::Calls; 2]),
            "behaviours[1]",
        ),
    ] {
        assert_eq!(
            incident
                .err()
                .map(|error| error.path().to_owned())
                .as_deref(),
            Some(path)
        );
    }
}

#[test]
fn a_search_finds_all_her_words_and_no_codes() {
    let incident = parse(FULL);
    let texts = incident.texts();
    for letter in "ABCDEFGHIJKLM".chars() {
        assert!(texts.contains(&letter.to_string().as_str()), "{letter}");
    }
    assert!(texts.contains(&"after the evening news") && texts.contains(&"@user"));
    assert!(texts.contains(&"подъезд, 2-й этаж") && texts.contains(&"КУИ 000"));
    assert!(
        !texts
            .iter()
            .any(|text| ["waiting", "home", "KZT", "43.238", "p1"].contains(text))
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_is_written_is_read_again(object in incident()) {
        let json = Value::Object(object.clone()).to_bytes();
        let incident = Incident::parse(&json, &Almaty).unwrap();
        prop_assert_eq!(incident.to_private_value(), object.clone());
        prop_assert!(Incident::from_value(&object).is_ok_and(|same| same == incident));
    }

    #[test]
    fn an_amendment_replaces_fields_as_a_whole(object in incident(), changed in changes()) {
        let incident = Incident::from_value(&object).unwrap();
        let changes = Changes::from_value(&changed).unwrap();
        let mut expected = object;
        for (name, value) in changed {
            match value {
                Value::Null => drop(expected.remove(&name)),
                value => drop(expected.insert(name, value)),
            }
        }
        let amended = incident.amended(&changes).unwrap();
        prop_assert_eq!(amended.to_private_value(), expected);
    }

    #[test]
    fn any_bytes_are_read_without_panic(text in "[\\[\\]{}:,\"a-z0-9\\\\ -]{0,60}") {
        let _ = Incident::parse(text.as_bytes(), &Almaty);
        let _ = Changes::parse(text.as_bytes(), &Almaty);
    }
}
