//! `list`, `people`, `show`: what is found, and how it looks.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use diary_tests::Vault;
use serde_json::{Value, json};

fn add(vault: &Vault, occurred: Value, narrative: &str, behaviours: &[&str]) -> String {
    let mut incident = json!({ "occurred": occurred, "narrative": narrative });
    if !behaviours.is_empty() {
        incident["behaviours"] = json!(behaviours);
    }
    vault.add(&incident)
}

#[test]
fn the_newest_recorded_comes_first_whenever_it_happened() {
    let vault = Vault::new();
    vault.add_simple("2026-10-03", "first\nsecond line");
    vault.add_simple("2025-01-01", "later recorded");
    let list = vault.list(&[]);
    assert_eq!(vault.numbers(&[]), [2, 1]);
    assert!(list.get("next").is_none());
    let incident = &list["incidents"][1];
    assert_eq!(incident["title"], "first");
    assert_eq!(incident["number"], 1);
    assert_eq!(
        incident["occurred"],
        json!({"from": "2026-10-03", "precision": "day"})
    );
    assert_eq!(incident["behaviours"], json!([]));
    assert_eq!(incident["evidence"], 0);
    for mark in ["amended", "withdrawn", "erased"] {
        assert_eq!(incident[mark], false);
    }
    assert!(incident["id"].is_string() && incident["recorded_at"].is_string());
}

#[test]
fn titles_are_80_letters() {
    let vault = Vault::new();
    vault.add_simple("2026-10-03", &"ұ".repeat(200));
    assert_eq!(vault.list(&[])["incidents"][0]["title"], "ұ".repeat(80));
}

#[test]
fn pages_visit_each_incident_once() {
    let vault = Vault::new();
    let lines: Vec<String> = (1..=120)
        .map(|n| diary_tests::incident("2026-10-03", &format!("n{n}")).to_string())
        .collect();
    let _ = vault
        .run_with_input("add", &["--file", "-"], &lines.join("\n"))
        .done();
    assert_eq!(vault.numbers(&[]).len(), 50);
    assert_eq!(vault.numbers(&["--limit", "200"]).len(), 120);
    let (mut seen, mut after) = (Vec::new(), None::<String>);
    loop {
        let mut rest = vec!["--limit", "33"];
        if let Some(cursor) = &after {
            rest.extend(["--after", cursor]);
        }
        seen.extend(vault.numbers(&rest));
        match vault.list(&rest)["next"].as_str() {
            Some(next) => after = Some(next.to_owned()),
            None => break,
        }
    }
    assert_eq!(seen, (1..=120).rev().collect::<Vec<u64>>());
    let _ = vault.run("list", &["--after", "nonsense"]).impossible();
}

#[test]
fn what_has_no_known_time_is_counted_where_a_period_leaves_it_out() {
    let vault = Vault::new();
    vault.add_simple("2026-10-03", "n");
    add(&vault, json!({"precision": "unknown"}), "n", &[]);
    let period = ["--from", "2026-10-01", "--to", "2026-10-31"];
    assert_eq!(vault.list(&[])["unknown_time"], 0);
    let list = vault.list(&period);
    assert_eq!(list["unknown_time"], 1);
    assert_eq!(list["incidents"].as_array().unwrap().len(), 1);
    let told = "their time is not known: 1 incident\n";
    let answer = vault.run("list", &period).done();
    assert!(answer.err.ends_with(told), "{answer:?}");
    assert_eq!(vault.run("list", &[]).done().err, "");
    let rest = [&["--dry-run", "--json"][..], &period].concat();
    let preview = vault.run("export", &rest).done().json();
    assert_eq!(preview["unknown_time"], 1);
}

#[test]
fn search_finds_parts_of_words_in_kazakh_and_russian() {
    let vault = Vault::new();
    vault.add_simple("2026-10-03", "Ол тағы да кіреберісте күтіп тұрды");
    vault.add_simple("2026-10-04", "Ещё раз звонил, ждал у подъезда");
    vault.add(&json!({
        "occurred": {"precision": "unknown"}, "narrative": "n",
        "place": {"class": "home", "text": "Қарағанды көшесі"}, "private_note": "тек өзіме"
    }));
    for (search, found) in [
        ("кіреберіс", &[1][..]),
        ("КІРЕБЕРІС", &[1]),
        // Typed without the Kazakh letters.
        ("киребериcте", &[1]),
        ("реберис", &[1]),
        ("еще", &[2]),
        ("ЗВОНИЛ", &[2]),
        ("караганды", &[3]),
        ("озиме", &[3]),
        ("ждал подъезда", &[2]),
        ("nothing", &[]),
    ] {
        assert_eq!(vault.numbers(&["--search", search]), found, "{search}");
    }
    let answer = vault
        .run_with_input("list", &["--search", "-", "--json"], "звонил\n")
        .done();
    assert_eq!(answer.json()["incidents"][0]["number"], 2);
}

#[test]
fn dates_select_by_when_it_happened_with_both_ends_in() {
    let vault = Vault::new();
    add(
        &vault,
        json!({"from": "2026-10-03T23:30+05:00", "to": "2026-10-04T01:00+05:00",
                       "precision": "exact"}),
        "over midnight",
        &[],
    );
    add(
        &vault,
        json!({"from": "2026-10-05", "precision": "day"}),
        "a day",
        &[],
    );
    add(
        &vault,
        json!({"from": "2026-11-01", "precision": "month"}),
        "a month",
        &[],
    );
    add(&vault, json!({"precision": "unknown"}), "some time", &[]);
    for (rest, found) in [
        (&["--from", "2026-10-04"][..], &[3, 2, 1][..]),
        (&["--to", "2026-10-03"], &[1]),
        (&["--to", "2026-10-03T23:29"], &[]),
        (
            &["--from", "2026-10-04T01:00", "--to", "2026-10-04T02:00"],
            &[1],
        ),
        (
            &["--from", "2026-10-04T01:01", "--to", "2026-10-05T12:00"],
            &[2],
        ),
        (&["--from", "2026-11-15", "--to", "2026-11-16"], &[3]),
        (&["--from", "2026-12-01"], &[]),
        (
            &["--from", "2026-10-03T18:30Z", "--to", "2026-10-03T18:30Z"],
            &[1],
        ),
    ] {
        assert_eq!(vault.numbers(rest), found, "{rest:?}");
    }
    assert_eq!(vault.numbers(&[]), [4, 3, 2, 1]);
    let wrong = ["--from", "2026-10-05", "--to", "2026-10-04"];
    let _ = vault.run("list", &wrong).refused();
}

#[test]
fn behaviours_and_people_select() {
    let vault = Vault::new();
    let day = json!({"from": "2026-10-03", "precision": "day"});
    add(&vault, day.clone(), "n", &["waiting", "threat"]);
    add(&vault, day.clone(), "n", &["calls"]);
    for name in ["А. Б.", "Арман"] {
        vault.add(&json!({
            "occurred": day, "narrative": "n",
            "people": [{"key": "p1", "role": "perpetrator", "name": name}]
        }));
    }
    assert_eq!(vault.numbers(&["--behaviour", "threat"]), [1]);
    assert_eq!(vault.numbers(&["--behaviour", "gifts"]), [0_u64; 0]);
    assert_eq!(vault.numbers(&["--person", "p1"]), [4, 3]);
    assert_eq!(vault.numbers(&["--person", "p2"]), [0_u64; 0]);
    let people = vault.run("people", &["--json"]).done().json();
    assert_eq!(people["people"][0]["key"], "p1");
    assert_eq!(people["people"][0]["incidents"], 2);
    let text = vault.run("people", &[]).done().out;
    assert!(text.starts_with("p1"), "{text}");
}

#[test]
fn text_begins_with_the_id_and_marks_what_changed() {
    let vault = Vault::new();
    let first = vault.add_simple("2026-10-03", "Бірінші");
    let second = vault.add_simple("2026-10-04", "Екінші");
    vault.attach(&first, "a.txt", b"a");
    let _ = vault.run("withdraw", &[&first, "--reason", "r"]).done();
    let list = vault.run("list", &[]).done().out;
    let lines: Vec<&str> = list.lines().collect();
    assert!(
        lines[0].starts_with(&second) && lines[1].starts_with(&first),
        "{list}"
    );
    assert!(
        lines[1].contains("#1") && lines[1].contains("2026-10-03"),
        "{list}"
    );
    assert!(lines[1].ends_with("[evidence 1, withdrawn]"), "{list}");
    let page = vault.run("show", &[&second]).done().out;
    assert!(
        page.starts_with(&second) && page.contains("Екінші"),
        "{page}"
    );
}

#[test]
fn nothing_she_or_he_wrote_acts_on_the_terminal() {
    let vault = Vault::new();
    let evil = "a\u{202e}gpj\u{200b}";
    let id = vault.add(&json!({
        "occurred": {"from": "2026-10-03", "precision": "day", "words": "a\u{2066}b"},
        "narrative": "first \u{202e} line\nsecond",
        "people": [{"key": "p1", "role": "perpetrator", "name": "x\u{202e}y"}]
    }));
    let name = format!("{evil}.txt");
    vault.attach(&id, &name, b"a");
    for answer in [
        vault.run("list", &[]).done(),
        vault.run("show", &[&id]).done(),
        vault.run("people", &[]).done(),
        vault.run("list", &["--json"]).done(),
        vault.run("show", &[&id, "--json"]).done(),
    ] {
        let acts = |c: char| {
            (c.is_control() && c != '\n') || matches!(c, '\u{200b}' | '\u{202e}' | '\u{2066}')
        };
        assert!(!answer.out.contains(acts), "{answer:?}");
    }
    assert_eq!(
        vault.show(&id)["evidence"][0]["name"],
        name.as_str(),
        "the data is as it was"
    );
    assert!(vault.run("show", &[&id]).done().out.contains("[U+202E]"));
}
