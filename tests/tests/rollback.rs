//! The token that `--state-dir` keeps.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::Command;

use diary_tests::Vault;

fn copy(from: &Path, to: &Path) {
    let status = Command::new("cp")
        .arg("--archive")
        .arg(from)
        .arg(to)
        .status();
    assert!(status.unwrap().success());
}

#[test]
fn without_the_option_nothing_is_kept_anywhere() {
    let vault = Vault::new();
    vault.add_simple("2026-10-03", "n");
    let mut names: Vec<_> = fs::read_dir(vault.path().parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["passphrase", "vault"]);
}

#[test]
fn a_vault_put_back_to_an_older_state_is_told_and_opens() {
    let vault = Vault::new();
    vault.add_simple("2026-10-03", "first");
    let state = vault.beside("state");
    let state = state.to_str().unwrap();
    let old = vault.beside("old");
    copy(&vault.path(), &old);

    let answer = vault
        .run("add", &["--text", "second", "--state-dir", state])
        .done();
    assert_eq!(answer.err, "");
    let kept: Vec<_> = fs::read_dir(state).unwrap().map(Result::unwrap).collect();
    assert_eq!(kept.len(), 1);
    let size = kept.first().unwrap().metadata().unwrap().len();
    assert_eq!(size, 160, "the same with one diary and with two");
    let answer = vault.run("list", &["--state-dir", state]).done();
    assert_eq!(answer.err, "");

    fs::remove_dir_all(vault.path()).unwrap();
    copy(&old, &vault.path());
    for _ in 0..2 {
        let answer = vault.run("list", &["--state-dir", state]).done();
        assert!(answer.err.starts_with("diary: warning: "), "{answer:?}");
        assert!(answer.out.contains("first"), "told, not refused");
    }
    for entry in fs::read_dir(state).unwrap() {
        fs::remove_file(entry.unwrap().path()).unwrap();
    }
    assert_eq!(vault.run("list", &["--state-dir", state]).done().err, "");
}
