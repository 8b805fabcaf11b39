//! Two diaries in one vault, through the program.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use diary_tests::{Answer, Vault, run};

const DECOY: &str = "пироги apple garden window nine";

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn list(vault: &Path, passphrase: &Path) -> Answer {
    let arguments = [
        "list",
        text(vault),
        "--json",
        "--passphrase-file",
        text(passphrase),
    ];
    run(arguments).done()
}

fn incidents(vault: &Path, passphrase: &Path) -> usize {
    list(vault, passphrase).json()["incidents"]
        .as_array()
        .unwrap()
        .len()
}

#[test]
fn a_vault_is_made_with_two_diaries_and_each_passphrase_opens_its_own() {
    let beside = Vault::new();
    let (own, decoy) = (beside.passphrase_file(), beside.file("decoy", DECOY));
    let vault = beside.beside("two");
    let init = |rest: &[&str]| {
        let arguments = [
            "init",
            text(&vault),
            "--kdf",
            "floor",
            "--json",
            "--with-decoy",
        ];
        let arguments = arguments
            .into_iter()
            .chain(["--new-passphrase-file", text(&own)]);
        run(arguments.chain(rest.iter().copied()))
    };
    // The same passphrase could open only one of them.
    let _ = init(&["--decoy-passphrase-file", text(&own)]).refused();
    let _ = init(&[]).impossible();
    assert!(!vault.exists());
    let answer = init(&["--decoy-passphrase-file", text(&decoy)]).done();
    assert_ne!(
        answer.text("recovery_code"),
        answer.text("decoy_recovery_code")
    );

    for (passphrase, words) in [(&own, "hers"), (&decoy, "groceries"), (&decoy, "the cat")] {
        let with = ["--passphrase-file", text(passphrase)];
        let arguments = ["add", text(&vault), "--text", words];
        let _ = run(arguments.iter().chain(&with)).done();
        let _ = run(["check", text(&vault)].iter().chain(&with)).done();
    }
    assert_eq!((incidents(&vault, &own), incidents(&vault, &decoy)), (1, 2));
    let paper = beside.file("paper", answer.text("decoy_recovery_code"));
    let new = beside.file("new", "another passphrase of five words");
    let arguments = ["recover", text(&vault), "--recovery-file", text(&paper)];
    let _ = run(arguments
        .iter()
        .chain(&["--new-passphrase-file", text(&new)]))
    .done();
    assert_eq!((incidents(&vault, &own), incidents(&vault, &new)), (1, 2));
}

#[test]
fn a_diary_that_exists_is_copied_beside_a_second_one() {
    let vault = Vault::new();
    let first = vault.add_simple("2026-10-03", "hers");
    vault.attach(&first, "photo.jpg", &[9; 100_000]);
    let code = vault.run("fingerprint", &[]).done().line().to_owned();
    let backup = vault.beside("b.idback");
    let _ = vault.run("backup", &[text(&backup)]).done();
    let decoy = vault.file("decoy", DECOY);
    let own = vault.passphrase_file();
    let before: Vec<_> = vault.stored();

    let (set, restored) = (vault.beside("set"), vault.beside("restored"));
    let with = [
        "--kdf",
        "floor",
        "--decoy-passphrase-file",
        text(&decoy),
        "--json",
    ];
    let arguments: Vec<&str> = ["--out", text(&set)].into_iter().chain(with).collect();
    let codes = vault.run("decoy set", &arguments).done();
    assert_ne!(codes.text("recovery_code"), vault.recovery_code());
    assert!(vault.stored() == before, "the old vault is as it was");
    let arguments = ["restore", text(&backup), text(&restored), "--with-decoy"];
    let arguments = arguments.into_iter().chain(with);
    let _ = run(arguments.chain(["--passphrase-file", text(&own)])).done();

    for made in [&set, &restored] {
        assert_eq!((incidents(made, &own), incidents(made, &decoy)), (1, 0));
        for passphrase in [&own, &decoy] {
            let with = ["--passphrase-file", text(passphrase)];
            let _ = run(["check", text(made)].iter().chain(&with)).done();
        }
        let arguments = ["fingerprint", text(made), "--passphrase-file", text(&own)];
        assert_eq!(run(arguments).done().line(), code);
        assert_eq!(fs::read_dir(made.join("evidence")).unwrap().count(), 1);
    }
    // Nothing that is there is overwritten.
    let arguments: Vec<&str> = ["--out", text(&set)].into_iter().chain(with).collect();
    let _ = vault.run("decoy set", &arguments).refused();
}
