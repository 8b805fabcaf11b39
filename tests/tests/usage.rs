//! Usage errors, help, and what is generated.

#![allow(clippy::unwrap_used)]

use diary_tests::{Vault, run, run_with_input};
use serde_json::Value;

const SECRET: &str = "құпияСөз";

#[test]
fn usage_errors_are_one_line_and_status_2() {
    for arguments in [
        &[][..],
        &["nonsense"],
        &["list"],
        &["list", "v", "--nonsense"],
        &["list", "v", "--limit", "0"],
        &["list", "v", "--limit", "201"],
        &["list", "v", "--limit", "x"],
        &["list", "v", "--behaviour", "dancing"],
        &["list", "v", "--from", "yesterday"],
        &["show", "v"],
        &["attach", "v", "1-0000"],
        &["export", "v", "--out", "x.zip", "--language", "fr"],
        &["export", "v"],
        &["add", "v", "--file", "x", "--text", "y"],
        &["add", "v", "--when", "2026-10-03"],
        &["withdraw", "v", "1-0000"],
        &["schema", "nonsense"],
        &["completions", "nonsense"],
        &["man", "nonsense"],
        &["verify", "x", "--fingerprint", "nonsense"],
    ] {
        let answer = run(arguments).impossible();
        assert_eq!(answer.out, "", "{arguments:?}");
    }
}

#[test]
fn no_error_repeats_what_was_typed() {
    for arguments in [
        &[SECRET][..],
        &["add", "v", SECRET],
        &["add", "v", "--text", "x", SECRET],
        &["withdraw", "v", SECRET, "--reason", "x"],
        &["list", "v", "--from", SECRET],
        &["list", "v", "--behaviour", SECRET],
        &["show", "v", SECRET],
        &["show", SECRET, "1-0000"],
        &["verify", SECRET],
        &["verify", "x", "--fingerprint", SECRET],
        &["export", "v", "--out", "x", "--withhold", SECRET],
        &["demo", "x", "--samples", SECRET],
        &["list", "v", "--passphrase-file", SECRET],
        &["add", "v", "--file", SECRET],
    ] {
        let answer = run(arguments);
        assert_ne!(answer.status, 0, "{arguments:?}");
        assert!(!answer.err.contains(SECRET), "{answer:?}");
    }
}

/// A dash begins a line of speech.
#[test]
fn words_can_begin_with_a_hyphen() {
    let vault = Vault::new();
    let said = "- Алло, - сказал он";
    let id = vault
        .run("add", &["--text", said, "--place", "-1 этаж"])
        .done();
    let id = id.line();
    let incident = &vault.show(id)["incident"];
    assert_eq!(incident["narrative"], said);
    assert_eq!(incident["place"]["text"], "-1 этаж");
    assert_eq!(vault.numbers(&["--search", said]), [1]);
    let _ = vault.run("withdraw", &[id, "--reason", "--ошибка"]).done();
    let shown = vault.show(id);
    let last = shown["history"].as_array().unwrap().last().unwrap();
    assert_eq!(last["reason"], "--ошибка");

    // A value that was forgotten.
    let answer = vault.run("add", &["--text", "--json"]).impossible();
    assert!(
        answer.error().contains("--text <TEXT> needs a value"),
        "{answer:?}"
    );
    // A file of such a name.
    std::fs::write(vault.beside("-a.txt"), "a").unwrap();
    let answer = vault.run("attach", &[id, "-a.txt"]).impossible();
    assert!(answer.error().contains("put -- before"), "{answer:?}");
    let secret = vault.passphrase_file();
    let program = diary_tests::diary()
        .args([
            "attach",
            "--passphrase-file",
            secret.to_str().unwrap(),
            "--",
        ])
        .args([vault.path().to_str().unwrap(), id, "-a.txt"])
        .current_dir(vault.beside(""))
        .output();
    let _ = diary_tests::Answer::from(program.unwrap()).done();
}

#[test]
fn standard_input_can_be_meant_once() {
    for arguments in [
        &["add", "v", "--file", "-", "--passphrase-file", "-"][..],
        &["add", "v", "--text", "-", "--place", "-"],
        &["amend", "v", "1-0000", "--file", "-", "--reason", "-"],
        &[
            "withdraw",
            "v",
            "1-0000",
            "--reason",
            "-",
            "--passphrase-file",
            "-",
        ],
        &["list", "v", "--search", "-", "--passphrase-file", "-"],
        &[
            "export",
            "v",
            "--out",
            "x",
            "--for",
            "-",
            "--passphrase-file",
            "-",
        ],
        &[
            "attach",
            "v",
            "1-0000",
            "f",
            "--note",
            "-",
            "--passphrase-file",
            "-",
        ],
        &[
            "recover",
            "v",
            "--recovery-file",
            "-",
            "--new-passphrase-file",
            "-",
        ],
        &["draft", "save", "v", "form", "--passphrase-file", "-"],
    ] {
        let answer = run_with_input(arguments, b"x\n").impossible();
        assert!(answer.error().contains('-'), "{answer:?}");
    }
}

#[test]
fn a_vault_that_is_not_there_is_said_before_a_passphrase_is_asked_for() {
    for command in ["list", "people", "check", "fingerprint"] {
        let answer = run([command, "/nowhere/at/all"]).impossible();
        assert!(!answer.err.contains("terminal"), "{answer:?}");
        assert!(!answer.err.contains("nowhere"), "{answer:?}");
    }
}

#[test]
fn a_folder_that_is_no_vault_is_told_apart_from_a_wrong_passphrase() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let secret = folder.path().join("p");
    std::fs::write(&secret, "a b c d e f g\n").unwrap();
    let arguments = ["list", path, "--passphrase-file", secret.to_str().unwrap()];
    let _ = run(arguments).impossible();
}

#[test]
fn help_and_version_are_answers() {
    for arguments in [
        &["--help"][..],
        &["-h"],
        &["export", "--help"],
        &["--version"],
    ] {
        let answer = run(arguments).done();
        assert!(!answer.out.is_empty());
        assert_eq!(answer.err, "");
    }
    let help = run(["--help"]).out;
    for command in [
        "init",
        "add",
        "amend",
        "withdraw",
        "erase",
        "attach",
        "extract",
        "list",
        "people",
        "show",
        "export",
        "verify",
        "check",
        "fingerprint",
        "recover",
        "backup",
        "restore",
        "decoy",
        "wipe",
        "schema",
        "demo",
        "completions",
        "man",
        "draft",
        "timestamp",
    ] {
        assert!(help.contains(&format!("\n  {command} ")), "{command}");
    }
    assert!(!help.contains("\n  statistics "), "it is not stubbed");
}

#[test]
fn completions_and_manual_are_generated() {
    for shell in ["bash", "zsh", "fish"] {
        assert!(
            run(["completions", shell])
                .done()
                .out
                .contains("fingerprint")
        );
    }
    assert!(run(["man"]).done().out.starts_with(".ie"));
    assert!(run(["man", "export"]).done().out.contains("withhold"));
}

#[test]
fn schemas_are_json_schema_2020_12() {
    let mut ids = Vec::new();
    for of in [None, Some("incident"), Some("amendment"), Some("bundle")] {
        let answer = run(std::iter::once("schema").chain(of)).done();
        let schema: Value = serde_json::from_str(&answer.out).unwrap();
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
        ids.push(answer.out);
    }
    assert_eq!(
        ids.first(),
        ids.get(1),
        "an incident unless something else is asked for"
    );
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 3);
}

#[test]
fn json_is_accepted_by_every_command_on_a_vault() {
    let vault = Vault::new();
    vault.add_simple("2026-10-03", "n");
    for command in ["list", "people", "check", "fingerprint"] {
        let answer = vault.run(command, &["--json"]).done();
        assert_eq!(answer.json()["format"], 1);
        assert_eq!(answer.err, "", "{command}");
    }
}
