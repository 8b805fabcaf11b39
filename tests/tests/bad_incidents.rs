//! Incidents that are refused, each with the path of the field and none of the words.

#![allow(clippy::unwrap_used)]

use diary_tests::{Vault, incident};
use serde_json::json;

const SECRET: &str = "құпияСөз";

/// An incident with more members, as text, so that it can be wrong in any way.
fn with(members: &str) -> String {
    format!(
        r#"{{"occurred":{{"from":"2026-10-03","precision":"day"}},"narrative":"{SECRET}"{}{members}}}"#,
        if members.is_empty() { "" } else { "," }
    )
}

fn occurred(occurred: &str) -> String {
    format!(r#"{{"occurred":{occurred},"narrative":"{SECRET}"}}"#)
}

fn narrative(narrative: &str) -> String {
    format!(r#"{{"occurred":{{"precision":"unknown"}},"narrative":{narrative}}}"#)
}

#[test]
fn every_bad_incident_is_refused_with_the_path_and_nothing_is_recorded() {
    let vault = Vault::new();
    for (json, path) in [
        // Types that cannot be wrong.
        (
            with(r#""people":[{"key":"a","role":"witness"},{"key":"b","role":"ghost"}]"#),
            "people[1].role",
        ),
        (
            with(r#""behaviours":["waiting","dancing"]"#),
            "behaviours[1]",
        ),
        (with(r#""behaviours":"waiting""#), "behaviours"),
        (with(r#""channels":["pigeon"]"#), "channels[0]"),
        (with(r#""count":"34""#), "count"),
        (with(r#""count":1.5"#), "count"),
        (with(r#""count":-1"#), "count"),
        (with(r#""children_present":true"#), "children_present"),
        (with(r#""children_present":"maybe""#), "children_present"),
        (with(r#""place":{"class":"moon"}"#), "place.class"),
        (
            with(r#""place":{"class":"home","colour":"red"}"#),
            "place.colour",
        ),
        (with(r#""place":"home""#), "place"),
        (with(r#""harm":{"kinds":["fear","joy"]}"#), "harm.kinds[1]"),
        (
            with(r#""reports":[{"body":"police","outcome":"lost"}]"#),
            "reports[0].outcome",
        ),
        (with(r#""orders":[{"kind":"wish"}]"#), "orders[0].kind"),
        (
            with(r#""orders":[{"kind":"court_order","from":"2026-10-10","to":"2026-09-10"}]"#),
            "orders[0]",
        ),
        (
            with(r#""refusal":{"when":"2026-13-01","how":"message"}"#),
            "refusal.when",
        ),
        (with(r#""colour":"red""#), "colour"),
        // Unset is absent.
        (with(r#""place":null"#), "place"),
        (with(r#""private_note":"""#), "private_note"),
        (with(r#""place":{"class":"home","text":""}"#), "place.text"),
        // Two readers would read it differently.
        (with(r#""count":1,"count":2"#), "count"),
        (
            with(r#""place":{"class":"home","class":"work"}"#),
            "place.class",
        ),
        // Text that is none.
        (narrative(r#""a\u0000b""#), "narrative"),
        (narrative(r#""a\ud800b""#), "narrative"),
        (narrative(r#""""#), "narrative"),
        (narrative("null"), "narrative"),
        (narrative("7"), "narrative"),
        (format!(r#"{{"narrative":"{SECRET}"}}"#), "occurred"),
        (
            r#"{"occurred":{"precision":"unknown"}}"#.to_owned(),
            "narrative",
        ),
        // Times.
        (
            occurred(r#"{"from":"0000-01-01","precision":"day"}"#),
            "occurred.from",
        ),
        (
            occurred(r#"{"from":"2026-02-30","precision":"day"}"#),
            "occurred.from",
        ),
        (
            occurred(r#"{"from":"құпияСөз","precision":"day"}"#),
            "occurred.from",
        ),
        (
            occurred(r#"{"from":"2026-10-03","precision":"sharp"}"#),
            "occurred.precision",
        ),
        (
            occurred(r#"{"from":"2026-10-03","precision":"unknown"}"#),
            "occurred",
        ),
        (occurred(r#"{"precision":"day"}"#), "occurred"),
        (
            occurred(
                r#"{"from":"2026-10-03T22:00Z","to":"2026-10-03T21:00Z","precision":"exact"}"#,
            ),
            "occurred",
        ),
    ] {
        let answer = vault
            .run_with_input("add", &["--file", "-"], &json)
            .refused();
        assert_eq!(answer.out, "");
        let place = answer.error().split(": ").next().unwrap();
        assert!(place.starts_with(path), "{path} for {json}: {answer:?}");
        assert!(!answer.err.contains(SECRET), "{answer:?}");
        for typed in ["ghost", "dancing", "pigeon", "moon", "sharp"] {
            assert!(!answer.err.contains(typed), "{answer:?}");
        }
    }
    assert_eq!(vault.numbers(&[]), [0_u64; 0]);
}

#[test]
fn what_is_no_json_is_refused() {
    let vault = Vault::new();
    for text in [
        "",
        " \n",
        "құпияСөз",
        "[]",
        "7",
        "\"құпияСөз\"",
        "{",
        "{\n\"narrative\": \"құпияСөз\n",
    ] {
        let answer = vault
            .run_with_input("add", &["--file", "-"], text)
            .refused();
        assert!(!answer.err.contains(SECRET), "{answer:?}");
    }
    let file = vault.file("latin1.json", b"{\"narrative\":\"\xE9\"}");
    let _ = vault
        .run("add", &["--file", file.to_str().unwrap()])
        .refused();
    let missing = vault.beside("none.json");
    let _ = vault
        .run("add", &["--file", missing.to_str().unwrap()])
        .impossible();
    let folder = vault.path();
    let _ = vault
        .run("add", &["--file", folder.to_str().unwrap()])
        .impossible();
}

#[test]
fn limits_are_named() {
    let vault = Vault::new();
    let mut long = incident("2026-10-03", &"а".repeat(600_000));
    let answer = vault
        .run_with_input("add", &["--file", "-"], &long.to_string())
        .refused();
    assert!(answer.error().starts_with("narrative: "), "{answer:?}");
    assert!(answer.err.len() < 300, "{answer:?}");

    long["narrative"] = json!("n");
    let people = |count: usize| -> Vec<_> {
        (0..count)
            .map(|n| json!({"key": format!("p{n}"), "role": "witness"}))
            .collect()
    };
    long["people"] = json!(people(201));
    let answer = vault
        .run_with_input("add", &["--file", "-"], &long.to_string())
        .refused();
    assert!(answer.error().starts_with("people"), "{answer:?}");

    long["people"] = json!(people(200));
    long["narrative"] = json!("а".repeat(1024 * 1024 / 2));
    let _ = vault
        .run_with_input("add", &["--file", "-"], &long.to_string())
        .done();
}
