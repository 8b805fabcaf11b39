//! Where passphrases and the recovery code come from, and what is refused.

#![allow(clippy::unwrap_used)]

use std::path::Path;

use diary_tests::{Answer, PASSPHRASE, Vault, run, run_with_input};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn list(vault: &Vault, passphrase_file: &Path) -> Answer {
    run([
        "list",
        text(&vault.path()),
        "--passphrase-file",
        text(passphrase_file),
    ])
}

#[test]
fn the_first_line_without_its_ending_is_the_passphrase() {
    let vault = Vault::new();
    for content in [
        PASSPHRASE.to_owned(),
        format!("{PASSPHRASE}\r\n"),
        format!("{PASSPHRASE}\nanother line\n"),
    ] {
        let _ = list(&vault, &vault.file("p", content)).done();
    }
    let path = vault.path();
    let arguments = ["list", text(&path), "--passphrase-file", "-"];
    let _ = run_with_input(arguments, format!("{PASSPHRASE}\n").as_bytes()).done();
}

#[test]
fn a_wrong_passphrase_is_refused() {
    let vault = Vault::new();
    for content in [
        "wrong arman lamp violet seven\n",
        &format!("{PASSPHRASE} \n"),
    ] {
        let answer = list(&vault, &vault.file("p", content)).refused();
        assert!(!answer.err.contains("arman"), "{answer:?}");
    }
}

#[test]
fn what_is_no_secret_is_refused() {
    let vault = Vault::new();
    for content in [
        &b""[..],
        b"\n",
        b"\xEF\xBB\xBFa b c d e\n",
        b"\xFF\xFE\x61\x00\n",
        &[b'x'; 100_000],
    ] {
        let _ = list(&vault, &vault.file("p", content)).refused();
    }
    let _ = list(&vault, &vault.beside("none")).impossible();
    let _ = list(&vault, &vault.path()).impossible();
}

#[test]
fn without_a_terminal_and_without_a_file_nothing_waits() {
    let vault = Vault::new();
    let path = vault.path();
    let new = vault.beside("new");
    for arguments in [
        &["list", text(&path)][..],
        &["add", text(&path)],
        &["add", text(&path), "--text", "x"],
        &["init", text(&new)],
        &["recover", text(&path)],
        &["check", text(&path)],
    ] {
        let answer = run(arguments).impossible();
        assert!(answer.error().contains("terminal"), "{answer:?}");
    }
    assert!(!new.exists(), "nothing was made");
}

#[test]
fn erase_without_yes_does_not_wait_either() {
    let vault = Vault::new();
    let id = vault.add_simple("2026-10-03", "n");
    let answer = vault.run("erase", &[&id]).impossible();
    assert!(answer.error().contains("--yes"), "{answer:?}");
    assert_eq!(vault.show(&id)["incident"]["narrative"], "n");
}

#[test]
fn init_takes_the_passphrase_from_either_option_but_not_from_both() {
    let vault = Vault::new();
    let file = vault.passphrase_file();
    let other = vault.beside("other");
    let init = ["init", text(&other), "--kdf", "floor"];
    let both = [
        "--passphrase-file",
        text(&file),
        "--new-passphrase-file",
        text(&file),
    ];
    let _ = run(init.iter().chain(&both)).impossible();
    assert!(!other.exists());
    let answer = run(init.iter().chain(&both[..2])).done();
    assert!(
        answer.line().len() > 20,
        "the recovery code alone: {answer:?}"
    );
    let _ = run(["list", text(&other), "--passphrase-file", text(&file)]).done();
}

#[test]
fn init_refuses_what_is_there_and_passphrases_that_cannot_be_typed_again() {
    let vault = Vault::new();
    let path = vault.path();
    let empty = vault.beside("empty");
    std::fs::create_dir(&empty).unwrap();
    let file = vault.file("file", "precious");
    let before = vault.stored();
    for target in [&path, &empty, &file] {
        let passphrase = vault.passphrase_file();
        let arguments = [
            "init",
            text(target),
            "--kdf",
            "floor",
            "--new-passphrase-file",
        ];
        let _ = run(arguments.into_iter().chain([text(&passphrase)])).refused();
    }
    assert_eq!(before, vault.stored());
    assert_eq!(std::fs::read(&file).unwrap(), b"precious");
    let new = vault.beside("new");
    for content in ["\n", "tab\tin the middle\n", &"x".repeat(2000)] {
        let passphrase = vault.file("bad", content);
        let arguments = [
            "init",
            text(&new),
            "--kdf",
            "floor",
            "--new-passphrase-file",
        ];
        let _ = run(arguments.into_iter().chain([text(&passphrase)])).refused();
        assert!(!new.exists(), "nothing was made");
    }
}

#[test]
fn the_recovery_code_sets_a_new_passphrase() {
    let vault = Vault::new();
    vault.add_simple("2026-10-03", "kept");
    let path = vault.path();
    let wrong = vault.file("wrong", "0000-0000-0000-0000-0000-0000-0000-0000\n");
    let recover = |code: &Path, new: &Path, more: &[&str]| {
        let arguments = ["recover", text(&path), "--recovery-file", text(code)];
        let set = ["--new-passphrase-file", text(new), "--json"];
        run(arguments.iter().chain(&set).chain(more))
    };
    let first = vault.file("first", "another arman lamp violet\n");
    let _ = recover(&wrong, &first, &[]).refused();
    let code = vault.file("code", vault.recovery_code().to_lowercase());
    let answer = recover(&code, &first, &[]).done();
    assert!(answer.json().get("recovery_code").is_none());
    let _ = list(&vault, &vault.passphrase_file()).refused();
    assert!(list(&vault, &first).done().out.contains("kept"));

    // The code still works; --new-code makes another one and kills it.
    let second = vault.file("second", "one more lamp violet\n");
    let answer = recover(&code, &second, &["--new-code"]).done();
    let new_code = vault.file("new-code", answer.text("recovery_code"));
    let third = vault.file("third", "and a third lamp violet\n");
    let _ = recover(&code, &third, &[]).refused();
    let _ = recover(&new_code, &third, &[]).done();
    let _ = list(&vault, &third).done();
}

#[test]
fn export_reads_the_passphrase_once_more_from_where_it_came() {
    let vault = Vault::new();
    vault.add_simple("2026-10-03", "n");
    let path = vault.path();
    let out = vault.beside("a.zip");
    let arguments = [
        "export",
        text(&path),
        "--out",
        text(&out),
        "--passphrase-file",
        "-",
    ];
    let _ = run_with_input(arguments, format!("{PASSPHRASE}\n").as_bytes()).done();
    let _ = run(["verify", text(&out)]).done();
}
