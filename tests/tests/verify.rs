//! `verify`, `fingerprint`, `check`: what can be shown, and to whom.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::fs;

use diary_tests::{Answer, PASSPHRASE, Vault, contains, diary, run, story, unpack, verify};
use serde_json::{Value, json};

#[test]
fn a_bundle_is_sound_and_the_code_anchors_it() {
    let (vault, ids) = story();
    let item = vault.attach(&ids[0], "a.txt", "дәлелСөз".as_bytes());
    let out = vault.beside("a.zip");
    let rest = [
        "--out",
        out.to_str().unwrap(),
        "--originals",
        "all",
        "--json",
    ];
    let answer = vault.run("export", &rest).done();
    let json = answer.json();
    assert_eq!(json["file"], out.to_str().unwrap());
    assert_eq!(json["incidents"], 3);
    assert_eq!(json["in_log"], 3);
    assert_eq!(answer.text("sha256").len(), 64);
    let code = answer.text("fingerprint");
    assert_eq!(code.len(), 29, "five groups of five: {code}");

    let verdict = verify(&out, &[]);
    assert_eq!(verdict["sound"], true);
    assert_eq!(verdict["anchor"], "none");
    assert_eq!(verdict["covered"], json!([]));
    assert_eq!(verdict["checkpoint"]["fingerprint"], code.as_str());
    assert!(verdict["checkpoint"]["size"].is_u64() && verdict["checkpoint"]["root"].is_string());
    let findings = verdict["findings"].as_array().unwrap();
    for finding in findings {
        for name in ["check", "level", "subject", "detail"] {
            assert!(finding[name].is_string(), "{finding}");
        }
        let level = finding["level"].as_str().unwrap();
        assert!(["ok", "warning", "failure"].contains(&level), "{finding}");
    }
    assert!(
        findings.iter().any(|finding| finding["level"] == "warning"),
        "no outside: said"
    );

    let verdict = verify(
        &out,
        &["--fingerprint", &code.to_lowercase().replace('-', " ")],
    );
    assert_eq!(verdict["anchor"], "fingerprint");
    let covered: Vec<&str> = verdict["covered"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    for id in ids.iter().chain([&item]) {
        assert!(covered.contains(&id.as_str()), "{id} in {covered:?}");
    }
    let bytes = fs::read(&out).unwrap();
    assert!(contains(&bytes, "дәлелСөз"), "the original is in it");
    assert!(!contains(&bytes, "жекеСөз"), "a private note never is");
    assert!(!contains(&bytes, PASSPHRASE));
}

#[test]
fn the_code_of_another_log_or_a_mistyped_one_is_told() {
    let (vault, _) = story();
    let other = Vault::new();
    other.add_simple("2026-10-03", "n");
    let (bundle, code) = vault.export("a.zip", &[]);
    let foreign = other.run("fingerprint", &[]).done();
    let path = bundle.to_str().unwrap();
    let told = run(["verify", path, "--fingerprint", foreign.line()]).refused();
    // Today's code of the same log is as foreign to an older bundle: neither speaks against the inside.
    let later = vault.run("fingerprint", &[]).done();
    let later = run(["verify", path, "--fingerprint", later.line()]).refused();
    for told in [told, later] {
        assert!(told.out.ends_with("inside   sound\n"), "{}", told.out);
        assert!(told.err.contains("the code fits nothing"), "{}", told.err);
    }
    let answer = run(["verify", path, "--json", "--fingerprint", foreign.line()]);
    assert_eq!(
        (answer.status, answer.err.as_str()),
        (1, ""),
        "the JSON says it all"
    );
    assert_eq!(answer.json()["anchor"], "none");
    let mut typed: Vec<char> = code.chars().collect();
    typed[0] = if typed[0] == '7' { '8' } else { '7' };
    let typed: String = typed.into_iter().collect();
    let _ = run(["verify", path, "--fingerprint", &typed]).impossible();
}

#[test]
fn an_unpacked_bundle_is_sound_and_a_changed_one_is_not() {
    let (vault, ids) = story();
    vault.attach(&ids[0], "a.txt", b"the original bytes");
    let (bundle, code) = vault.export("a.zip", &["--originals", "all"]);
    let folder = unpack(&bundle, &vault.beside("unpacked"));
    assert_eq!(verify(&folder, &["--fingerprint", &code])["sound"], true);
    // Windows would take it for `data/a`, and so the reason says.
    let dotted = folder.join("data/a.");
    fs::write(&dotted, "x").unwrap();
    let told = verify(&folder, &[]);
    let findings = told["findings"].as_array().unwrap();
    let named = findings.iter().find(|one| one["subject"] == "data/a.");
    let reason = named.unwrap()["detail"].as_str().unwrap();
    assert!(reason.contains("not ended with a dot"), "{reason}");
    fs::remove_file(dotted).unwrap();
    let extra = folder.join("data/evidence/extra.txt");
    fs::write(&extra, "x").unwrap();
    assert_eq!(verify(&folder, &[])["sound"], false);
    fs::remove_file(extra).unwrap();
    let report = folder.join("data/report.html");
    fs::write(
        &report,
        fs::read_to_string(&report)
            .unwrap()
            .replace("оқиға", "оқига"),
    )
    .unwrap();
    assert_eq!(verify(&folder, &[])["sound"], false);

    fs::remove_file(folder.join("data/incidents.json")).unwrap();
    let told = run(["verify", folder.to_str().unwrap()]).refused();
    assert!(told.out.contains("incidents.json"), "{told:?}");
    assert!(!told.out.contains("entity not found"), "{told:?}");

    let mut bytes = fs::read(&bundle).unwrap();
    let original = b"the original bytes";
    let at = bytes
        .windows(original.len())
        .position(|window| window == original)
        .unwrap();
    bytes[at] ^= 1;
    let changed = vault.file("changed.zip", bytes);
    let answer = run(["verify", changed.to_str().unwrap()]).refused();
    assert!(answer.out.contains("not sound"), "{answer:?}");
}

#[test]
fn what_is_no_bundle_cannot_be_verified() {
    let vault = Vault::new();
    for (name, content) in [
        ("empty.zip", ""),
        ("text.zip", "not a bundle"),
        ("pk.zip", "PK\x03\x04"),
    ] {
        let file = vault.file(name, content);
        let answer = run(["verify", file.to_str().unwrap()]);
        assert!(matches!(answer.status, 1 | 2), "{answer:?}");
        assert!(!answer.err.contains("panicked"), "{answer:?}");
    }
    let _ = run(["verify", vault.beside("none.zip").to_str().unwrap()]).impossible();
}

/// "Not sound" reads as forged, and nobody has looked inside.
#[test]
fn what_is_still_encrypted_is_neither_sound_nor_not() {
    let (vault, _) = story();
    let secret = vault.file("agreed", "bulut orman kitap lamp eight\n");
    let age = ["--age-passphrase-file", secret.to_str().unwrap()];
    let told = "this bundle is encrypted: open it with its password or its key first";
    for (name, rest) in [("a.zip", &["--zip"][..]), ("a.age", &age)] {
        let (out, _) = vault.export(name, rest);
        for more in [None, Some("--json")] {
            let answer = run(["verify", out.to_str().unwrap()].into_iter().chain(more));
            let answer = answer.impossible();
            assert!(answer.error().starts_with(told), "{answer:?}");
            assert_eq!(answer.out, "");
        }
    }
    let armored = vault.file("b.age", "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n");
    let answer = run(["verify", armored.to_str().unwrap()]).impossible();
    assert!(answer.error().starts_with(told), "{answer:?}");
}

#[test]
fn a_report_can_be_made_anew() {
    let (vault, _) = story();
    let (bundle, _) = vault.export("a.zip", &["--language", "kk"]);
    let out = vault.beside("report.html");
    let _ = verify(&bundle, &["--render", out.to_str().unwrap()]);
    let report = fs::read(&out).unwrap();
    assert!(contains(
        &fs::read(&bundle).unwrap(),
        std::str::from_utf8(&report).unwrap()
    ));
    let again = [
        "verify",
        bundle.to_str().unwrap(),
        "--render",
        out.to_str().unwrap(),
    ];
    let _ = run(again).refused();
}

#[test]
fn all_reports_can_be_made_anew_in_a_new_folder_and_of_a_sound_bundle_only() {
    let (vault, _) = story();
    let (bundle, _) = vault.export("a.zip", &["--language", "kk"]);
    let out = vault.beside("reports");
    let _ = verify(&bundle, &["--render", out.to_str().unwrap()]);
    let whole = fs::read(&bundle).unwrap();
    let mut names: Vec<String> = Vec::new();
    for file in fs::read_dir(&out).unwrap() {
        let file = file.unwrap();
        let report = fs::read(file.path()).unwrap();
        // Stored, not packed: the bundle holds its bytes.
        assert!(whole.windows(report.len()).any(|part| part == report));
        names.push(file.file_name().into_string().unwrap());
    }
    names.sort();
    assert_eq!(names, ["incidents.csv", "report.html", "report.pdf"]);

    let render = |bundle: &std::path::Path, out: &std::path::Path| {
        let words = ["verify", bundle.to_str().unwrap(), "--render"];
        run([words[0], words[1], words[2], out.to_str().unwrap()])
    };
    let _ = render(&bundle, &out).refused();
    let empty = vault.beside("empty");
    fs::create_dir(&empty).unwrap();
    let _ = render(&bundle, &empty).refused();
    let _ = render(&bundle, &vault.beside("none/reports")).impossible();

    let mut changed = whole;
    let at = changed
        .windows(9)
        .position(|part| part == b"narrative")
        .unwrap();
    changed[at] ^= 1;
    let bad = vault.beside("bad.zip");
    fs::write(&bad, changed).unwrap();
    let never = vault.beside("never");
    let _ = render(&bad, &never).refused();
    assert!(!never.exists());
}

#[test]
fn the_code_is_one_line_and_stays_until_something_is_recorded() {
    let vault = Vault::new();
    vault.add_simple("2026-10-03", "n");
    let first = vault.run("fingerprint", &[]).done();
    assert_eq!(first.line().len(), 29);
    assert_eq!(vault.run("fingerprint", &[]).done().out, first.out);
    assert_eq!(
        vault
            .run("fingerprint", &["--json"])
            .done()
            .text("fingerprint"),
        first.line()
    );
    vault.add_simple("2026-10-04", "n");
    let second = vault.run("fingerprint", &[]).done();
    assert_ne!(second.out, first.out);
    let _ = vault.run("fingerprint", &["--since", first.line()]).done();
    let _ = vault.run("fingerprint", &["--since", second.line()]).done();
    let other = Vault::new();
    let foreign = other.run("fingerprint", &[]).done();
    let _ = vault
        .run("fingerprint", &["--since", foreign.line()])
        .refused();
    let answer = vault.run("fingerprint", &["--since", foreign.line(), "--json"]);
    assert_eq!((answer.status, answer.err.as_str()), (1, ""));
    assert_eq!(answer.json()["ancestor"], false);
    let _ = vault
        .run("fingerprint", &["--since", "nonsense"])
        .impossible();
    let json = vault
        .run("fingerprint", &["--since", first.line(), "--json"])
        .done()
        .json();
    assert_eq!(json["ancestor"], true);
}

#[test]
fn a_code_given_out_early_covers_what_was_there() {
    let (vault, ids) = story();
    let early = vault.run("fingerprint", &[]).done();
    let later = vault.add_simple("2026-11-01", "кейінгі");
    let (bundle, _) = vault.export("a.zip", &[]);
    let verdict = verify(&bundle, &["--fingerprint", early.line()]);
    assert_eq!(verdict["sound"], true);
    let covered = verdict["covered"].as_array().unwrap();
    assert!(
        covered.contains(&json!(ids[0])) && !covered.contains(&json!(later)),
        "{covered:?}"
    );
}

#[test]
fn check_finds_nothing_in_a_good_vault_and_something_in_a_damaged_one() {
    let (vault, ids) = story();
    vault.attach(&ids[0], "a.txt", &[7; 100_000]);
    let json = vault.run("check", &["--json"]).done().json();
    assert_eq!(json["sound"], true);
    assert!(json["findings"].is_array());
    let evidence = vault.path().join("evidence");
    let file = fs::read_dir(evidence)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).unwrap();
    let answer = vault.run("check", &["--json"]);
    assert_eq!(answer.status, 1, "{answer:?}");
    assert_eq!(answer.json()["sound"], false);
}

/// What keeps the vault shut is a verdict of the check as well, and names the part; what is no damage stays an error.
#[test]
fn check_tells_damage_that_keeps_the_vault_shut() {
    let (vault, _) = story();
    let path = |name: &str| vault.path().join(name);
    let (header, log) = (
        fs::read(path("header")).unwrap(),
        fs::read(path("log.db")).unwrap(),
    );
    let not_sound = |subject: &str, check: &str| {
        let answer = vault.run("check", &["--json"]);
        assert_eq!(answer.status, 1, "{answer:?}");
        let json = answer.json();
        assert_eq!(json["sound"], false);
        let found = json["findings"].as_array().unwrap();
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(
            (&found[0]["check"], &found[0]["level"], &found[0]["subject"]),
            (&json!(check), &json!("failure"), &json!(subject))
        );
        let text = vault.run("check", &[]);
        assert_eq!(text.status, 1, "{text:?}");
        assert!(text.out.contains(subject) && text.out.ends_with("not sound\n"));
        assert!(text.out.contains("salvage the vault"), "{text:?}");
        // Whatever else is asked cannot be done.
        assert_eq!(vault.run("list", &[]).status, 2);
    };
    fs::write(path("header"), &header[..4_000]).unwrap();
    not_sound("header", "header");
    fs::remove_file(path("header")).unwrap();
    not_sound("header", "header");
    fs::write(path("header"), &header).unwrap();
    fs::write(path("log.db"), b"her words, and no database".repeat(400)).unwrap();
    not_sound("log.db", "cell");
    fs::remove_file(path("log.db")).unwrap();
    not_sound("log.db", "cell");
    fs::write(path("log.db"), flipped(&log, 0)).unwrap();
    not_sound("the head of the log", "index");
    fs::write(path("log.db"), flipped(&log, 1)).unwrap();
    not_sound("index node 0 of level 0", "index");

    fs::write(path("log.db"), &log).unwrap();
    assert_eq!(vault.run("check", &["--json"]).done().json()["sound"], true);
    fs::remove_file(path("header")).unwrap();
    fs::remove_file(path("log.db")).unwrap();
    let answer = vault.run("check", &["--json"]);
    assert_eq!((answer.status, answer.out.as_str()), (2, ""), "{answer:?}");
}

/// The database with a bit flipped in the first or the second cell of both halves.
fn flipped(log: &[u8], cell: usize) -> Vec<u8> {
    let mut flipped = log.to_vec();
    let mut found = 0;
    for page in flipped.chunks_mut(4_096).filter(|page| page[0] == 13) {
        let at =
            |row: usize| usize::from(u16::from_be_bytes([page[8 + 2 * row], page[9 + 2 * row]]));
        // A row is two bytes of length, its number, and so on; the first page of a table has number 0.
        if page[at(0) + 2] == 0 {
            let at = at(cell) + 1_000;
            page[at] ^= 1;
            found += 1;
        }
    }
    assert_eq!(found, 2);
    flipped
}

/// Whoever opens a pipe waits for the one who writes, and hears no signal.
#[test]
fn a_pipe_is_no_bundle_and_is_not_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let output = std::process::Command::new("timeout")
        .args(["-s", "KILL", "60"])
        .arg(diary().get_program())
        .args(diary().get_args())
        .arg("verify")
        .arg(&pipe)
        .output();
    let _ = Answer::from(output.unwrap()).impossible();
}
