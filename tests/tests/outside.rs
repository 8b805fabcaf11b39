//! Nothing is put into the folder of a vault: it would stay when that is wiped.

#![allow(clippy::unwrap_used)]

use std::fs;

use diary_tests::{Answer, Vault, incident, run};

#[test]
fn no_command_puts_anything_into_the_folder_of_a_vault() {
    let vault = Vault::new();
    vault.add(&incident("2026-10-03", "n"));
    let (bundle, _) = vault.export("bundle.zip", &[]);
    let (bundle, backup) = (text(&bundle), vault.beside("b.idback"));
    let _ = vault.run("backup", &[text(&backup)]).done();
    let secret = vault.passphrase_file();
    let new = vault.file("new", "bulut orman lamp violet seven\n");
    let (secret, new, backup) = (text(&secret), text(&new), text(&backup));
    let code = vault.file("code", vault.recovery_code());
    let code = text(&code);
    let before = names(&vault);
    for inside in ["inner", "evidence/inner", "evidence"] {
        let inside = vault.path().join(inside);
        let inside = text(&inside);
        let restored = run(["restore", backup, inside, "--passphrase-file", secret]);
        assert_told(restored, &vault, &before);
        if inside.ends_with("evidence") {
            continue;
        }
        let own = vault.path();
        let own = text(&own);
        for arguments in [
            &[
                "init",
                inside,
                "--kdf",
                "floor",
                "--new-passphrase-file",
                new,
            ][..],
            &["verify", bundle, "--render", inside],
            &[
                "recover",
                own,
                "--recovery-file",
                code,
                "--new-passphrase-file",
                new,
                "--state-dir",
                inside,
            ],
            &[
                "recover",
                own,
                "--recovery-file",
                code,
                "--new-passphrase-file",
                new,
                "--new-code",
                "--sheet",
                inside,
            ],
        ] {
            assert_told(run(arguments), &vault, &before);
        }
        for (command, rest) in [
            (
                "decoy set",
                &[
                    "--kdf",
                    "floor",
                    "--decoy-passphrase-file",
                    new,
                    "--out",
                    inside,
                ][..],
            ),
            ("timestamp request", &["--out", inside]),
            ("export", &["--out", inside]),
            ("backup", &[inside]),
            ("backup", &["--to-folder", inside]),
            (
                "passphrase",
                &["--rotate", "--new-passphrase-file", new, "--sheet", inside],
            ),
            ("list", &["--state-dir", inside]),
            ("wipe", &["--yes", "--state-dir", inside]),
        ] {
            assert_told(vault.run(command, rest), &vault, &before);
        }
    }
}

#[test]
fn a_token_does_not_lie_in_the_vault_that_is_made() {
    let vault = Vault::new();
    let new = vault.beside("new");
    let state = new.join("state");
    let secret = vault.passphrase_file();
    let answer = run([
        "init",
        text(&new),
        "--kdf",
        "floor",
        "--new-passphrase-file",
        text(&secret),
        "--state-dir",
        text(&state),
    ]);
    assert_eq!(answer.status, 1, "{answer:?}");
    assert!(answer.err.contains("outside of it"), "{answer:?}");
    assert!(!answer.out.is_empty() && !state.exists(), "{answer:?}");
}

#[test]
fn wipe_names_that_what_is_not_of_the_diary_stays() {
    let vault = Vault::new();
    let letter = vault.path().join("letter.txt");
    fs::write(&letter, "dear").unwrap();
    let answer = vault.run("wipe", &["--yes"]).done();
    assert!(answer.err.contains("they stay"), "{answer:?}");
    assert!(answer.err.contains("look at them"), "{answer:?}");
    assert!(letter.exists());
}

fn assert_told(answer: Answer, vault: &Vault, before: &[std::path::PathBuf]) {
    let answer = answer.refused();
    let told = "the file would be lost with the vault: choose a place outside of it";
    assert_eq!(answer.error(), told, "{answer:?}");
    assert_eq!(names(vault), before);
}

fn names(vault: &Vault) -> Vec<std::path::PathBuf> {
    let mut names: Vec<_> = vault.stored().into_iter().map(|(name, _)| name).collect();
    names.sort();
    names
}

fn text(path: &std::path::Path) -> &str {
    path.to_str().unwrap()
}
