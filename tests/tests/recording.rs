//! `add`, `amend`, `withdraw`, `erase`, drafts.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use diary_tests::{Answer, Vault, contains, diary, incident, skip};
use serde_json::{Value, json};

/// The example of the contract, with every field.
fn full() -> Value {
    json!({
        "occurred": {"from": "2026-10-03T21:15+05:00", "to": "2026-10-03T22:00+05:00",
                     "precision": "about", "words": "after the evening news"},
        "narrative": "Ол тағы да кіреберісте күтіп тұрды.\nЕкінші жол.",
        "verbatim": ["«Всё равно найду»"],
        "place": {"class": "home", "text": "подъезд, 2-й этаж",
                  "latitude": "43.238", "longitude": "76.945"},
        "behaviours": ["waiting", "threat"],
        "channels": ["in_person", "whatsapp"],
        "count": 34,
        "shown_as": ["+7 700 000 00 00", "@user"],
        "people": [
            {"key": "p1", "role": "perpetrator", "name": "А", "relationship": "ex_partner",
             "description": "d", "vehicle": "v", "contact": "c"},
            {"key": "p2", "role": "witness", "name": "Б", "contact": "c", "note": "saw"}
        ],
        "children_present": "no",
        "refusal": {"when": "2026-09-01", "how": "message", "words": "w"},
        "after_refusal": "yes",
        "harm": {"kinds": ["fear", "sleep", "missed_work"], "words": "w",
                 "cost": {"amount": "15000", "currency": "KZT"}, "care": ["c"]},
        "response": ["blocked", "called_police"],
        "danger": ["weapon"],
        "reports": [{"body": "police", "on": "2026-10-04", "number": "КУИ 000",
                     "officer": "o", "outcome": "refused", "words": "w"}],
        "orders": [{"kind": "protective_order", "number": "n", "from": "2026-09-10",
                    "to": "2026-10-10", "breached": "yes"}],
        "private_note": "never leaves the vault"
    })
}

fn is_id(text: &str) -> bool {
    let Some((number, check)) = text.split_once('-') else {
        return false;
    };
    let is_crockford = |c: char| c.is_ascii_digit() || "abcdefghjkmnpqrstvwxyz".contains(c);
    number.parse::<u32>().is_ok() && check.len() == 4 && check.chars().all(is_crockford)
}

#[test]
fn an_incident_with_every_field_comes_back_as_it_was_written() {
    let vault = Vault::new();
    let input = full().to_string();
    let answer = vault
        .run_with_input("add", &["--file", "-", "--json"], &input)
        .done();
    let recorded = answer.json();
    let id = answer.text("id");
    assert!(is_id(&id), "{id}");
    assert_eq!(recorded["number"], 1);
    assert!(answer.text("recorded_at").starts_with("20"));
    let shown = vault.show(&id);
    assert_eq!(shown["incident"], full());
    assert_eq!(shown["id"], id.as_str());
    assert_eq!(shown["number"], 1);
    assert_eq!(shown["recorded_at"], recorded["recorded_at"]);
    assert_eq!(shown["evidence"], json!([]));
    assert_eq!(vault.show("#1")["id"], id.as_str());
}

#[test]
fn a_file_with_one_incident_may_take_many_lines() {
    let vault = Vault::new();
    let pretty = serde_json::to_string_pretty(&full()).unwrap();
    let file = vault.file("one.json", format!("\n{pretty}\n"));
    let answer = vault.run("add", &["--file", file.to_str().unwrap()]).done();
    assert!(is_id(answer.line()));
    assert_eq!(answer.err, "");
}

#[test]
fn the_short_form_means_now_unless_it_says_when() {
    let vault = Vault::new();
    let now = vault.run("add", &["--text", "Звонил"]).done();
    let occurred = &vault.show(now.line())["incident"]["occurred"];
    assert_eq!(occurred["precision"], "about");
    assert!(
        occurred["from"].as_str().unwrap().ends_with("+05:00"),
        "{occurred}"
    );

    let rest = [
        "--text",
        "-",
        "--when",
        "2026-10-03T21:15",
        "--place",
        "Двор",
        "--behaviour",
        "waiting",
        "--behaviour",
        "threat",
    ];
    let answer = vault
        .run_with_input("add", &rest, "Бірінші\nекінші\n")
        .done();
    let incident = &vault.show(answer.line())["incident"];
    assert_eq!(incident["narrative"], "Бірінші\nекінші");
    assert_eq!(incident["place"]["text"], "Двор");
    assert_eq!(incident["behaviours"], json!(["waiting", "threat"]));
    assert_eq!(incident["occurred"]["from"], "2026-10-03T21:15+05:00");

    let day = vault
        .run("add", &["--text", "n", "--when", "2026-10-03"])
        .done();
    let occurred = &vault.show(day.line())["incident"]["occurred"];
    assert_eq!(occurred["from"], "2026-10-03");
}

#[test]
fn the_short_form_is_refused_by_the_rules_of_the_long_one() {
    let vault = Vault::new();
    for rest in [
        &["--text", ""][..],
        &["--text", "n", "--behaviour", "dancing"],
        &["--text", "n", "--when", "0000-01-01"],
        &["--text", "n", "--when", "yesterday"],
    ] {
        let _ = vault.run("add", rest).refused();
    }
    assert_eq!(vault.list(&[])["incidents"], json!([]));
}

#[test]
fn json_lines_record_each_line_and_stop_at_the_first_bad_one() {
    let vault = Vault::new();
    let good = incident("2026-10-03", "жақсы").to_string();
    let bad = json!({
        "occurred": {"from": "2026-10-03", "precision": "day"}, "narrative": "құпияСөз",
        "people": [{"key": "p1", "role": "witness"}, {"key": "p2", "role": "ghost"}]
    });
    let lines = format!("{good}\n{good}\n\n{good}\n{bad}\n{good}\n");
    let answer = vault
        .run_with_input("add", &["--file", "-"], &lines)
        .refused();
    assert!(
        answer.error().starts_with("line 5: people[1].role: "),
        "{answer:?}"
    );
    assert!(
        !answer.err.contains("құпияСөз") && !answer.err.contains("ghost"),
        "{answer:?}"
    );
    let ids: Vec<&str> = answer.out.lines().collect();
    assert_eq!(ids.len(), 3);
    assert!(ids.iter().all(|id| is_id(id)));
    assert_eq!(vault.numbers(&[]), [3, 2, 1]);
}

#[test]
fn json_lines_answer_an_object_a_line() {
    let vault = Vault::new();
    let good = incident("2026-10-03", "n").to_string();
    let lines = format!("{good}\n{good}");
    let answer = vault
        .run_with_input("add", &["--file", "-", "--json"], &lines)
        .done();
    let numbers: Vec<Value> = answer
        .out
        .lines()
        .map(|line| {
            let value: Value = serde_json::from_str(line).unwrap();
            assert_eq!(value["format"], 1);
            value["number"].clone()
        })
        .collect();
    assert_eq!(numbers, [1, 2]);
}

#[test]
fn a_bad_first_line_is_named_as_well() {
    let vault = Vault::new();
    let good = incident("2026-10-03", "n").to_string();
    let lines = format!("{{\"narrative\":\"n\"}}\n{good}\n");
    let answer = vault
        .run_with_input("add", &["--file", "-"], &lines)
        .refused();
    assert!(answer.error().starts_with("line 1: occurred"), "{answer:?}");
    assert_eq!(answer.out, "");
}

#[test]
fn an_amendment_changes_what_stands_and_keeps_what_stood() {
    let vault = Vault::new();
    let id = vault.add(&full());
    let changes = json!({"place": null, "count": 35});
    let rest = [&id, "--file", "-", "--reason", "Посчитала ещё раз"];
    let answer = vault
        .run_with_input("amend", &rest, &changes.to_string())
        .done();
    assert!(is_id(answer.line()));
    let shown = vault.show(&id);
    assert!(shown["incident"].get("place").is_none());
    assert_eq!(shown["incident"]["count"], 35);
    assert_eq!(shown["incident"]["narrative"], full()["narrative"]);
    let history = shown["history"].as_array().unwrap();
    let amendment = history
        .iter()
        .find(|change| change["kind"] == "amendment")
        .unwrap();
    assert_eq!(amendment["reason"], "Посчитала ещё раз");
    assert_eq!(amendment["changes"], changes);
    assert!(amendment["recorded_at"].is_string());
    assert_eq!(vault.list(&[])["incidents"][0]["amended"], true);
}

/// Also of the private note, which no bundle has: she has it nowhere else.
#[test]
fn words_that_were_replaced_can_be_read_again() {
    let vault = Vault::new();
    let first =
        json!({"occurred": {"precision": "unknown"}, "narrative": "n0", "private_note": "p0"});
    let id = vault.add(&first);
    assert!(vault.show(&id).get("first_written").is_none());
    let changes = [
        json!({"private_note": "p1"}),
        json!({"narrative": "n1", "private_note": null}),
        json!({"narrative": "n2"}),
    ];
    for change in &changes {
        let rest = [&id, "--file", "-", "--reason", "r"];
        let _ = vault
            .run_with_input("amend", &rest, &change.to_string())
            .done();
    }
    let shown = vault.show(&id);
    assert_eq!(
        shown["incident"],
        json!({"occurred": first["occurred"], "narrative": "n2"})
    );
    assert_eq!(shown["first_written"], first);
    let history = shown["history"].as_array().unwrap();
    let told: Vec<_> = history
        .iter()
        .map(|change| change["changes"].clone())
        .collect();
    assert_eq!(told, changes);
    let page = vault.run("show", &[&id]).done().out;
    for words in ["n0", "n1", "n2", "p0", "p1"] {
        assert_eq!(
            page.matches(words).count(),
            1 + usize::from(words == "n2"),
            "{page}"
        );
    }
}

#[test]
fn amendments_are_checked_as_incidents_are() {
    let vault = Vault::new();
    let id = vault.add(&full());
    for (changes, path) in [
        ("{}", ""),
        (r#"{"behaviours":["dancing"]}"#, "behaviours[0]"),
        (r#"{"narrative":null}"#, "narrative"),
        (r#"{"occurred":null}"#, "occurred"),
        (r#"{"count":"many"}"#, "count"),
        (r#"{"unheard":1}"#, ""),
    ] {
        let rest = [&id, "--file", "-", "--reason", "r"];
        let answer = vault.run_with_input("amend", &rest, changes).refused();
        assert!(answer.error().starts_with(path), "{changes}: {answer:?}");
    }
    let rest = [&id, "--file", "-", "--reason", ""];
    let _ = vault
        .run_with_input("amend", &rest, r#"{"count":1}"#)
        .refused();
    assert_eq!(vault.show(&id)["incident"], full());
}

#[test]
fn a_withdrawal_keeps_the_words_and_marks_them() {
    let vault = Vault::new();
    let id = vault.add(&full());
    let rest = [&id, "--reason", "-"];
    let answer = vault
        .run_with_input("withdraw", &rest, "Не то число\n")
        .done();
    assert!(is_id(answer.line()));
    let shown = vault.show(&id);
    assert_eq!(shown["incident"], full());
    assert_eq!(shown["withdrawn"], true);
    let history = shown["history"].as_array().unwrap();
    assert!(history.iter().any(|change| {
        change["kind"] == "withdrawal" && change["reason"] == "Не то число"
    }));
    assert_eq!(vault.list(&[])["incidents"][0]["withdrawn"], true);
}

#[test]
fn erasure_destroys_the_words_and_keeps_the_place() {
    let vault = Vault::new();
    let id = vault.add(&full());
    let other = vault.add_simple("2026-10-04", "stays");
    let item = vault.attach(&id, "a.txt", b"evidence of the first");
    let shared = vault.attach(&id, "b.txt", b"evidence of both");
    let same = vault.attach(&other, "c.txt", b"evidence of both");
    let answer = vault.run("erase", &[&id, "--yes", "--json"]).done();
    assert_eq!(answer.json()["format"], 1);
    let shown = vault.show(&id);
    assert!(shown.get("incident").is_none(), "{shown}");
    assert_eq!(shown["erased"], true);
    assert_eq!(vault.list(&[])["incidents"][1]["erased"], true);
    let extract = |item: &str, name: &str| {
        let out = vault.beside(name);
        vault.run("extract", &[item, "--out", out.to_str().unwrap()])
    };
    let _ = extract(&item, "a.out").refused();
    let _ = extract(&shared, "b.out").refused();
    let _ = extract(&same, "c.out").done();
    assert_eq!(vault.show(&other)["incident"]["narrative"], "stays");
    assert_eq!(vault.run("check", &["--json"]).done().json()["sound"], true);
    let _ = vault.run("erase", &[&id, "--yes"]).refused();
}

#[test]
fn one_item_can_be_erased_alone() {
    let vault = Vault::new();
    let id = vault.add(&full());
    let item = vault.attach(&id, "a.txt", b"first");
    let other = vault.attach(&id, "b.txt", b"second");
    let _ = vault.run("erase", &[&item, "--yes"]).done();
    let shown = vault.show(&id);
    assert_eq!(shown["incident"], full());
    let evidence = shown["evidence"].as_array().unwrap();
    let items: Vec<&str> = evidence
        .iter()
        .filter_map(|item| item["item"].as_str())
        .collect();
    assert_eq!(items, [other.as_str()]);
}

#[test]
fn ids_of_nothing_are_refused() {
    let vault = Vault::new();
    let id = vault.add(&full());
    let number = id.split('-').next().unwrap();
    let mut wrong = id.clone();
    let last = if wrong.pop() == Some('0') { '1' } else { '0' };
    wrong.push(last);
    for other in [
        "999999-0000",
        "#2",
        "#0",
        &wrong,
        &format!("{number}-uuuu"),
        number,
        "",
    ] {
        let answer = vault.run("show", &[other]);
        assert!(matches!(answer.status, 1 | 2), "{other}: {answer:?}");
        let answer = vault.run("withdraw", &[other, "--reason", "r"]);
        assert!(matches!(answer.status, 1 | 2), "{other}: {answer:?}");
    }
    assert_eq!(vault.show(&id)["withdrawn"], false);
}

#[test]
fn drafts_are_kept_sealed_and_are_no_entries() {
    let vault = Vault::new();
    let before = vault.run("fingerprint", &[]).done();
    let text = "жарым-жартылай\nмәтін";
    let _ = vault
        .run_with_input("draft save", &["incident"], text)
        .done();
    let _ = vault
        .run_with_input("draft save", &["other", "--file", "-"], "x")
        .done();
    assert_eq!(vault.run("draft show", &["incident"]).done().out, text);
    assert_eq!(
        vault
            .run("draft show", &["incident", "--json"])
            .done()
            .text("text"),
        text
    );
    let _ = vault
        .run_with_input("draft save", &["incident"], "second")
        .done();
    assert_eq!(vault.run("draft show", &["incident"]).done().out, "second");
    let _ = vault.run("draft discard", &["incident"]).done();
    let _ = vault.run("draft show", &["incident"]).refused();
    assert_eq!(vault.run("draft show", &["other"]).done().out, "x");
    assert_eq!(
        vault.run("fingerprint", &[]).done().out,
        before.out,
        "no entry was made"
    );
}

/// Editors on Windows put it in front, and nobody sees it.
#[test]
fn a_byte_order_mark_before_json_or_words_is_passed_over() {
    let vault = Vault::new();
    let id = vault
        .run_with_input("add", &["--text", "-"], "\u{feff}words\r\n")
        .done();
    assert_eq!(vault.show(id.line())["incident"]["narrative"], "words");
    let text = format!("\u{feff}{}", incident("2026-10-03", "n"));
    let id = vault.run_with_input("add", &["--file", "-"], &text).done();
    let changes = "\u{feff}{\"count\":2}";
    let rest = [id.line(), "--file", "-", "--reason", "r"];
    let _ = vault.run_with_input("amend", &rest, changes).done();
    assert_eq!(vault.show(id.line())["incident"]["count"], 2);
}

/// The log says both for good, and one must not deny the other.
#[test]
fn the_name_of_the_zone_is_that_of_the_offset() {
    let almaty = "/usr/share/zoneinfo/Asia/Almaty";
    let cases = [
        ("<+05>-5", false),
        ("Asia/Almaty", true),
        (":Asia/Almaty", true),
    ];
    for (zone, is_named) in cases {
        if is_named && !std::path::Path::new(almaty).exists() {
            skip(
                "the_name_of_the_zone_is_that_of_the_offset",
                "no time zones",
            );
            continue;
        }
        let vault = Vault::new();
        let added = diary()
            .args(vault.arguments("add", &["--text", "n"]))
            .env("TZ", zone)
            .output();
        let _ = Answer::from(added.unwrap()).done();
        let (bundle, _) = vault.export("a.zip", &[]);
        let bytes = std::fs::read(bundle).unwrap();
        assert!(contains(&bytes, "+05:00"), "{zone}");
        let named = contains(&bytes, "\"zone\":\"Asia/Almaty\"");
        assert_eq!(named, is_named, "{zone}");
        assert!(!contains(&bytes, "Etc/UTC"), "{zone}");
    }
}

/// By rules that need no files of the machine.
#[test]
fn an_hour_that_happened_twice_is_the_earlier_one() {
    let vault = Vault::new();
    let rules = "CET-1CEST,M3.5.0,M10.5.0/3";
    for (when, offset) in [
        ("2026-10-25T01:59", "+02:00"),
        ("2026-10-25T02:30", "+02:00"),
        ("2026-10-25T03:00", "+01:00"),
    ] {
        let added = diary()
            .args(vault.arguments("add", &["--text", "n", "--when", when]))
            .env("TZ", rules)
            .output();
        let id = Answer::from(added.unwrap()).done();
        let shown = vault.show(id.line());
        assert_eq!(
            shown["incident"]["occurred"]["from"],
            format!("{when}{offset}")
        );
    }
}
