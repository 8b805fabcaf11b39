use proptest::prelude::*;

use super::*;
use crate::bundle::sample;
use crate::canonical::{CanonicalError, Value};

fn text(document: &Document) -> String {
    String::from_utf8(document.to_bytes()).unwrap()
}

fn refusal(text: &str) -> String {
    Document::parse(text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn reads_what_it_writes() {
    for language in Language::ALL {
        for document in [
            sample::document(language),
            sample::full_of("Қауіп 💔\u{202e}\n", language),
        ] {
            let bytes = document.to_bytes();
            assert_eq!(Document::parse(&bytes), Ok(document));
            assert!(bytes.ends_with(b"}\n"));
        }
    }
}

#[test]
fn the_bytes_have_one_form() {
    let text = text(&sample::document(Language::Russian));
    let json = text.strip_suffix('\n').unwrap();
    assert_eq!(
        Document::parse(json.as_bytes()),
        Err(DocumentError::LineFeed)
    );
    for other in [
        format!("{json}\n\n"),
        format!("{json}\r\n"),
        format!(" {json}\n"),
    ] {
        assert_eq!(
            Document::parse(other.as_bytes()),
            Err(DocumentError::Json(CanonicalError::NotCanonical))
        );
    }
    let newer = text.replacen("\"format\":1", "\"format\":2", 1);
    assert_eq!(
        refusal(&newer),
        "incidents.json: format 2 is not known: use a newer program"
    );
}

#[test]
fn every_rule_is_named_with_the_path() {
    let text = text(&sample::document(Language::English));
    let cases = [
        (
            "\"language\":\"en\"",
            "\"language\":\"de\"",
            "exported.language: must be en, kk or ru",
        ),
        (
            "\"renderer\":\"diary-core 0.1.0\"",
            "\"renderer\":1",
            "exported.renderer: must be a string",
        ),
        (
            "incident-diary.v1/",
            "incident-diary.v2/",
            "log.origin: must be incident-diary.v1/ and 64 hex digits",
        ),
        (
            "\"size\":13",
            "\"size\":0",
            "log.size: must be a whole number in range",
        ),
        (
            "\"size\":13",
            "\"size\":12",
            "entries[8].number: must be a whole number in range",
        ),
        (
            "\"size\":13",
            "\"size\":14",
            "counts.entries_in_log: does not agree with the entries or the size of the log",
        ),
        (
            "\"entries_shown\":9",
            "\"entries_shown\":8",
            "counts.entries_shown: does not agree with the entries or the size of the log",
        ),
        (
            "\"incidents_shown\":4",
            "\"incidents_shown\":3",
            "counts.incidents_shown: does not agree with the entries or the size of the log",
        ),
        (
            "\"left_out\":1",
            "\"left_out\":2",
            "counts.left_out: does not agree with the entries or the size of the log",
        ),
        (
            "\"unknown_time\":0",
            "\"unknown_time\":2",
            "counts.unknown_time: does not agree with the entries or the size of the log",
        ),
        (
            "\"unknown_time\":0",
            "\"unknown_time\":0,\"x\":0",
            "counts.x: is not known in this format",
        ),
        (
            "\"without\":[\"11-0000\"]",
            "\"without\":[]",
            "selection.without: must be a list, not empty",
        ),
        (
            "\"without\":[\"11-0000\"]",
            "\"without\":[1]",
            "selection.without[0]: must be a string",
        ),
        (
            "\"from\":\"2026-08-01\"",
            "\"from\":\"2026-13-45\"",
            "selection.from: must be a date or a time with its offset",
        ),
        (
            "\"number\":2,",
            "\"number\":1,",
            "entries[1].number: must be greater than the one before",
        ),
        (
            "\"id\":\"2-",
            "\"id\":\"3-",
            "entries[1].id: must be the entry's number, a dash and four letters",
        ),
        (
            "\"id\":\"2-",
            "\"id\":\"02-",
            "entries[1].id: must be the entry's number, a dash and four letters",
        ),
        (
            "\"kind\":\"withdrawal\"",
            "\"kind\":\"export\"",
            "entries[5].kind: is no kind of entry that a bundle shows",
        ),
        (
            "\"about\":6",
            "\"about\":7",
            "entries[5].about: must be the number of an earlier recording",
        ),
        (
            "\"about\":6",
            "\"about\":4",
            "entries[5].about: must be the number of an earlier recording",
        ),
        (
            "\"erased\":[8]",
            "\"erased\":[9]",
            "entries[6].erased[0]: must be a whole number in range",
        ),
        (
            "\"erased\":[8]",
            "\"erased\":[8,8]",
            "entries[6].erased[1]: must be greater than the one before",
        ),
        (
            "\"erased\":[8]",
            "\"erased\":[]",
            "entries[6].erased: must be a list, not empty",
        ),
        (
            "\"exhibit\":\"A-01\"",
            "\"exhibit\":\"A-1\"",
            "entries[1].exhibit: must be the next exhibit number",
        ),
        (
            "data/evidence/a-01.jpg",
            "data/evidence/../a-01.jpg",
            "entries[1].file: must be the file of this exhibit in data/evidence",
        ),
        (
            "data/evidence/a-01.jpg",
            "data/evidence/a-01.Jpg",
            "entries[1].file: must be the file of this exhibit in data/evidence",
        ),
        (
            "data/evidence/a-01.jpg",
            "data/evidence/a-01.x\\\"y",
            "entries[1].file: must be the file of this exhibit in data/evidence",
        ),
        (
            "data/evidence/a-01.jpg",
            "data/evidence/a-02.jpg",
            "entries[1].file: must be the file of this exhibit in data/evidence",
        ),
        (
            "22:01:05+05:00",
            "22:01+05:00",
            "entries[0].recorded.at: must be a time of RFC 3339 to the second",
        ),
        (
            "17:01:05Z",
            "17:01:05+00:00",
            "entries[0].recorded.utc: must be a time of RFC 3339 to the second",
        ),
        (
            "17:01:05Z",
            "17:01:06Z",
            "entries[0].recorded.utc: must be the same moment as the local time",
        ),
        (
            "\"clock\":\"back\"",
            "\"clock\":\"slow\"",
            "entries[2].recorded.clock: must be back or jumped",
        ),
        (
            "0123456789abcdef",
            "0123456789ABCDEF",
            "entries[0].recorded.boot: must be lower-case hex digits of the right number",
        ),
        (
            "\"media_type\":\"image/jpeg\",",
            "",
            "entries[1].evidence.media_type: is missing",
        ),
        (
            "\"name\":\"photo",
            "\"nam\":\"photo",
            "entries[1].evidence.name: is missing",
        ),
        (
            "\"danger\":[\"escalation\"]",
            "\"danger\":[]",
            "entries[0].incident.danger: must be a list, not empty",
        ),
        (
            "\"private\":",
            "\"privat\":",
            "entries[0].withheld.private: must be withheld in recordings and changes, and stand \
             nowhere else",
        ),
        (
            "\"withheld\":{}",
            "\"withheld\":{\"private\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"}",
            "entries[1].withheld.private: must be withheld in recordings and changes, and stand \
             nowhere else",
        ),
    ];
    for (old, new, message) in cases {
        assert!(text.contains(old), "{old}");
        let refused = refusal(&text.replacen(old, new, 1));
        assert_eq!(
            refused,
            format!("incidents.json: {message}"),
            "{old} -> {new}"
        );
    }
}

#[test]
fn a_foreign_name_is_not_repeated() {
    let text = text(&sample::document(Language::English));
    let hostile = text.replacen(
        "\"unknown_time\":0",
        "\"unknown_time\":0,\"~\\u001b[2J\":0",
        1,
    );
    assert_eq!(
        refusal(&hostile),
        "incidents.json: counts.?: is not known in this format"
    );
}

#[test]
fn salts_and_commitments_are_32_bytes_under_field_names() {
    let edit = |change: fn(&mut Object)| {
        let bytes = sample::document(Language::English).to_bytes();
        let Value::Object(mut top) = Value::parse(&bytes).unwrap() else {
            panic!();
        };
        let Some(Value::List(entries)) = top.get_mut("entries") else {
            panic!();
        };
        let Value::Object(entry) = &mut entries[0] else {
            panic!();
        };
        change(entry);
        let bytes = [Value::Object(top).to_bytes(), b"\n".to_vec()].concat();
        Document::parse(&bytes).unwrap_err().to_string()
    };
    fn inside<'a>(entry: &'a mut Object, name: &str) -> &'a mut Object {
        match entry.get_mut(name) {
            Some(Value::Object(object)) => object,
            other => panic!("{other:?}"),
        }
    }
    let short = edit(|entry| {
        inside(entry, "salts").insert("recorded".to_owned(), Value::from("AAAA"));
    });
    assert_eq!(
        short,
        "incidents.json: entries[0].salts.recorded: must be base64 of 32 bytes"
    );
    // The last digit of 32 bytes carries two bits that must be zero.
    let loose = edit(|entry| {
        let text = format!("{}B=", "A".repeat(42));
        inside(entry, "salts").insert("recorded".to_owned(), Value::from(text));
    });
    assert_eq!(
        loose,
        "incidents.json: entries[0].salts.recorded: must be base64 of 32 bytes"
    );
    let both = edit(|entry| {
        let salt = inside(entry, "salts")["narrative"].clone();
        inside(entry, "withheld").insert("narrative".to_owned(), salt);
    });
    assert_eq!(
        both,
        "incidents.json: entries[0].withheld.narrative: is both shown and withheld, or neither"
    );
    let name = edit(|entry| {
        let text = format!("{}=", "A".repeat(43));
        inside(entry, "salts").insert("a b\nc".to_owned(), Value::from(text));
    });
    assert_eq!(name, "incidents.json: entries[0].salts.?: is no field name");
}

#[test]
fn an_incident_stands_as_its_amendments_leave_it() {
    let document = sample::document(Language::Kazakh);
    let incidents = document.incidents();
    let numbers: Vec<u64> = incidents.iter().map(|incident| incident.number).collect();
    assert_eq!(numbers, [1, 3, 6, 8]);
    let [first, amended, withdrawn, erased] = &incidents[..] else {
        panic!();
    };
    assert_eq!(first.evidence.len(), 2);
    assert_eq!(
        first.withheld().into_iter().collect::<Vec<_>>(),
        ["people[1].contact"]
    );

    let stands = &amended.stands;
    assert_eq!(
        amended.text("narrative"),
        Some("Исправлено: он звонил 41 раз.")
    );
    assert_eq!(stands.value("count"), Some(&Value::Integer(41)));
    assert_eq!(stands.field("children_present"), None);
    // Withheld in both versions: the old place must not stand in for the new one.
    let place = stands.field("place").unwrap();
    assert_eq!((place.value, &place.withheld[..]), (None, &["place"][..]));
    let people = stands.field("people").unwrap();
    assert_eq!(people.value.unwrap().as_list().unwrap().len(), 1);
    assert_eq!(people.withheld, ["people[0]", "people[0].contact"]);

    assert!(withdrawn.is_withdrawn() && !withdrawn.is_erased());
    assert_eq!(withdrawn.stands.field("behaviours").unwrap().value, None);
    assert!(erased.is_erased() && erased.stands.iter().next().is_none());
}

#[test]
fn the_checkpoint_is_three_lines() {
    let document = sample::document(Language::Kazakh);
    let text = document.checkpoint_text();
    let lines: Vec<&str> = text.split('\n').collect();
    assert_eq!(lines.len(), 4);
    assert_eq!((lines[0], lines[1]), (document.log.origin.as_str(), "13"));
    assert_eq!((lines[2].len(), lines[3]), (44, ""));
}

#[test]
fn names_of_files_are_made_by_the_program() {
    let exhibit = Exhibit::new(7).unwrap();
    let file = EvidenceFile::new(exhibit, "jpg").unwrap();
    assert_eq!(file.path(), "data/evidence/a-07.jpg");
    assert_eq!(exhibit.note_path(), "data/evidence/a-07.note.txt");
    assert_eq!(Exhibit::new(123).unwrap().to_string(), "A-123");
    assert_eq!(Exhibit::new(0), None);
    for extension in ["", "JPG", "x/y", "..", "a.b", "abcdefghi", "қ"] {
        assert_eq!(EvidenceFile::new(exhibit, extension), None, "{extension}");
    }
}

proptest! {
    /// Whatever is done to one byte: refused, or read as exactly what stands there.
    #[test]
    fn any_changed_byte_is_refused_or_read_as_it_is(at in 0..10_000usize, byte: u8) {
        let mut bytes = sample::document(Language::Russian).to_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        if let Ok(document) = Document::parse(&bytes) {
            prop_assert_eq!(document.to_bytes(), bytes);
        }
    }
}

#[test]
fn a_document_that_would_fill_the_memory_is_refused_before_it_does() {
    let values = format!("[{}0]\n", "0,".repeat(8_000_000));
    let entries = text(&sample::document(Language::English));
    let entries = entries.replace(
        "\"entries\":[",
        &format!("\"entries\":[{}", "0,".repeat(20_000)),
    );
    for text in [values, entries] {
        let error = Document::parse(text.as_bytes()).unwrap_err();
        let rule = DocumentRule::Size;
        assert!(matches!(error, DocumentError::Member { rule: found, .. } if found == rule));
    }
}
