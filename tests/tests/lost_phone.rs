//! The whole story of a phone that is lost, through the program alone.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use diary_tests::{Answer, PASSPHRASE, incident, run, run_with_input, verify};
use serde_json::Value;
use tempfile::TempDir;

const DECOY: &str = "пироги apple garden window nine";
const NEW: &str = "терезе балық сағат бұлт";
const INCIDENTS: u64 = 200;

/// A device, or a piece of paper: a folder with files in it.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        fs::write(self.path(name), content).unwrap();
        self.path(name)
    }
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A command on a vault that a passphrase opens.
fn on(vault: &Path, passphrase: &Path, command: &str, rest: &[&str]) -> Answer {
    let with = ["--passphrase-file", text(passphrase)];
    run([command, text(vault)].iter().chain(rest).chain(&with))
}

fn numbers(vault: &Path, passphrase: &Path) -> Vec<u64> {
    let answer = on(vault, passphrase, "list", &["--json", "--limit", "200"]).done();
    let json = answer.json();
    let incidents = json["incidents"].as_array().unwrap().clone();
    let number = |incident: &Value| incident["number"].as_u64().unwrap();
    incidents.iter().map(number).collect()
}

fn copy(from: &Path, to: &Path) {
    let status = Command::new("cp")
        .arg("--archive")
        .args([from, to])
        .status();
    assert!(status.unwrap().success());
}

#[test]
fn a_phone_is_lost_and_everything_that_was_proven_stays_proven() {
    let (phone, drawer) = (Place::new(), Place::new());
    let vault = phone.path("vault");

    // init, with a second diary.
    let (own, decoy) = (
        drawer.file("own", PASSPHRASE),
        drawer.file("decoy", format!("{DECOY}\n")),
    );
    let codes = run([
        "init",
        text(&vault),
        "--kdf",
        "floor",
        "--json",
        "--with-decoy",
        "--new-passphrase-file",
        text(&own),
        "--decoy-passphrase-file",
        text(&decoy),
    ])
    .done();
    let paper = drawer.file("paper", codes.text("recovery_code"));

    // 200 incidents, 2 files.
    let mut lines = String::new();
    for number in 1..=INCIDENTS {
        let day = format!("2026-{:02}-{:02}", 1 + number / 28, 1 + number % 28);
        let words = format!("ол тағы келді {number}");
        writeln!(lines, "{}", incident(&day, &words)).unwrap();
    }
    let add = ["add", text(&vault), "--file", "-"];
    let with = ["--passphrase-file", text(&own)];
    let added = run_with_input(add.iter().chain(&with), lines.as_bytes()).done();
    assert_eq!(added.out.lines().count() as u64, INCIDENTS);
    let (photo, sound) = (vec![9; 150_000], b"the call".to_vec());
    let files = [
        phone.file("photo.jpg", &photo),
        phone.file("call.ogg", &sound),
    ];
    let attach = ["#7", text(&files[0]), text(&files[1]), "--json"];
    let attached = on(&vault, &own, "attach", &attach).done().json();
    let items: Vec<String> = attached["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["item"].as_str().unwrap().to_owned())
        .collect();
    let in_decoy = on(&vault, &decoy, "add", &["--text", "groceries"]);
    let _ = in_decoy.done();

    // A bundle goes to an advocate, a backup into the drawer.
    let bundle = drawer.path("bundle.zip");
    let export = ["--out", text(&bundle), "--originals", "all", "--json"];
    let told = on(&vault, &own, "export", &export)
        .done()
        .text("fingerprint");
    let backup = drawer.path("one.idback");
    let _ = on(&vault, &own, "backup", &[text(&backup)]).done();
    let code = on(&vault, &own, "fingerprint", &[])
        .done()
        .line()
        .to_owned();

    // The phone is lost; on an empty machine the recovery code brings everything back.
    drop(phone);
    assert!(!vault.exists());
    let machine = Place::new();
    let vault = machine.path("vault");
    let arguments = ["restore", text(&backup), text(&vault), "--json"];
    let restored = run(arguments.iter().chain(&["--recovery-file", text(&paper)])).done();
    let restored = restored.json();
    assert_eq!(
        (&restored["restored"], &restored["sound"]),
        (&true.into(), &true.into())
    );
    assert_eq!(restored["fingerprint"], code.as_str());
    assert_eq!(restored["incidents"], INCIDENTS);
    let now = on(&vault, &own, "fingerprint", &[]).done();
    assert_eq!(now.line(), code);
    let all: Vec<u64> = (1..=INCIDENTS).rev().collect();
    assert_eq!(numbers(&vault, &own), all);
    assert_eq!(numbers(&vault, &decoy), [1]);

    // Somebody may have found the passphrase on the phone.
    let new = machine.file("new", NEW);
    let rotate = ["--rotate", "--new-passphrase-file", text(&new), "--json"];
    let rotated = on(&vault, &own, "passphrase", &rotate).done();
    assert_ne!(rotated.text("recovery_code"), codes.text("recovery_code"));

    // The old backup still opens with the old passphrase, the new vault does not.
    let arguments = ["restore", text(&backup), "--dry-run", "--json"];
    let seen = run(arguments.iter().chain(&with)).done().json();
    assert_eq!(seen["fingerprint"], code.as_str());
    let _ = on(&vault, &own, "list", &[]).refused();
    let recover = ["recover", text(&vault), "--recovery-file", text(&paper)];
    let another = machine.file("another", "another passphrase of five words");
    let by_paper = run(recover
        .iter()
        .chain(&["--new-passphrase-file", text(&another)]));
    let _ = by_paper.refused();
    assert_eq!(numbers(&vault, &new), all);
    assert_eq!(numbers(&vault, &decoy), [1], "nobody touched the other one");
    let out = machine.path("out");
    for (item, bytes) in items.iter().zip([&photo, &sound]) {
        let _ = on(&vault, &new, "extract", &[item, "--out", text(&out)]).done();
        assert!(fs::read(&out).unwrap() == *bytes);
        fs::remove_file(&out).unwrap();
    }

    // An old copy of the vault is put back, and that is told when it is opened.
    let state = machine.path("state");
    let state = ["--state-dir", text(&state)];
    let old = machine.path("old");
    copy(&vault, &old);
    let words = ["--text", "what somebody wants to be gone"];
    let words: Vec<&str> = words.into_iter().chain(state).collect();
    assert_eq!(on(&vault, &new, "add", &words).done().err, "");
    let newest = machine.path("newest");
    fs::rename(&vault, &newest).unwrap();
    copy(&old, &vault);
    let opened = on(&vault, &new, "list", &state).done();
    assert!(
        opened
            .err
            .contains("older than when it was last opened here"),
        "{opened:?}"
    );
    // By itself it is whole.
    let checked = on(&vault, &new, "check", &["--json", state[0], state[1]])
        .done()
        .json();
    assert_eq!(checked["sound"], true);
    let warned = |found: &&Value| found["level"] == "warning";
    let found = checked["findings"].as_array().unwrap();
    let warning = found.iter().find(warned).expect("the token tells");
    assert_eq!(warning["check"], "checkpoint");
    let detail = warning["detail"].as_str().unwrap();
    assert!(detail.contains("older than when"), "{warning}");
    fs::remove_dir_all(&vault).unwrap();
    fs::rename(&newest, &vault).unwrap();
    let opened = on(&vault, &new, "list", &state).done();
    assert!(!opened.err.contains("warning"), "{opened:?}");

    // The bundle from before the loss still verifies, alone and against the restored log.
    let report = verify(&bundle, &["--fingerprint", &told]);
    assert_eq!(report["sound"], true, "{report}");
    assert_eq!(report["anchor"], "fingerprint");
    for given_out in [&told, &code] {
        let _ = on(&vault, &new, "fingerprint", &["--since", given_out]).done();
    }
    let later = machine.path("later.zip");
    let export = ["--out", text(&later), "--originals", "all"];
    let _ = on(&vault, &new, "export", &export).done();
    for given_out in [&told, &code] {
        let report = verify(&later, &["--fingerprint", given_out]);
        assert_eq!(
            (&report["sound"], &report["anchor"]),
            (&true.into(), &"fingerprint".into())
        );
        let covered = report["covered"].as_array().unwrap().len() as u64;
        assert_eq!(covered, INCIDENTS + 2, "every incident and both files");
    }
    let _ = on(&vault, &new, "check", &[]).done();
}
