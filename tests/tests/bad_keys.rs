//! What bad input gets where keys, backups and tokens are concerned: one clear line each, and nothing lost.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use diary_tests::{Answer, Vault, on_a_small_disk, run, skip};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn recover(vault: &Vault, code: &str) -> Answer {
    let (code, new) = (
        vault.file("code", code),
        vault.file("new", "another arman lamp violet seven"),
    );
    let path = vault.path();
    run([
        "recover",
        text(&path),
        "--recovery-file",
        text(&code),
        "--new-passphrase-file",
        text(&new),
    ])
}

/// The vault as it is, and it opens with what opened it before.
fn untouched(vault: &Vault, work: impl FnOnce()) {
    let before = vault.stored();
    work();
    assert!(vault.stored() == before);
    assert_eq!(vault.numbers(&[]), [1]);
}

#[test]
fn a_code_that_is_wrong_mistyped_or_of_another_vault_changes_nothing() {
    let vault = Vault::new();
    vault.add_simple("2026-10-03", "kept");
    let other = Vault::new();
    untouched(&vault, || {
        let of_another = recover(&vault, other.recovery_code()).refused();
        assert!(of_another.error().contains("wrong"), "{of_another:?}");
        // Told at once, before anything is derived: the paper is right, the typing is not.
        for at in [0, 7, 38] {
            let mut code = vault.recovery_code().to_owned().into_bytes();
            code[at] = if code[at] == b'7' { b'8' } else { b'7' };
            let mistyped = recover(&vault, std::str::from_utf8(&code).unwrap()).refused();
            assert!(mistyped.error().contains("typing error"), "{mistyped:?}");
        }
        let short = recover(&vault, "ABCD-EFGH").refused();
        assert!(short.error().contains("recovery code"), "{short:?}");
    });
}

#[test]
fn an_old_passphrase_after_a_rotation_is_a_wrong_one() {
    let vault = Vault::new();
    vault.add_simple("2026-10-03", "kept");
    let new = vault.file("rotated", "терезе балық сағат бұлт алма");
    let rotate = ["--rotate", "--new-passphrase-file", text(&new)];
    let _ = vault.run("passphrase", &rotate).done();
    let before = vault.stored();
    let old = vault.run("list", &[]).refused();
    assert!(old.error().contains("wrong passphrase"), "{old:?}");
    assert!(vault.stored() == before);
    let path = vault.path();
    let listed = run(["list", text(&path), "--passphrase-file", text(&new)]);
    assert!(listed.done().out.contains("kept"));
}

#[test]
fn a_backup_of_a_newer_format_is_refused_and_left_as_it_is() {
    let vault = Vault::new();
    let backup = vault.beside("one.idback");
    let _ = vault.run("backup", &[text(&backup)]).done();
    let mut bytes = fs::read(&backup).unwrap();
    let mut block = bytes[..4_096].to_vec();
    block[9] = 2;
    let sum = sha256(&vault.file("block", &block[..4_064]));
    block[4_064..].copy_from_slice(&sum);
    bytes[..8_192].copy_from_slice(&block.repeat(2));
    fs::write(&backup, &bytes).unwrap();
    let (target, passphrase) = (vault.beside("target"), vault.passphrase_file());
    for more in [&[][..], &["--salvage"], &["--dry-run"]] {
        let arguments = ["restore", text(&backup), text(&target)];
        let with = ["--passphrase-file", text(&passphrase)];
        let refused = run(arguments.iter().chain(&with).chain(more)).impossible();
        assert!(refused.error().contains("newer version"), "{refused:?}");
        assert!(!target.exists());
    }
    assert!(fs::read(&backup).unwrap() == bytes);
}

/// As `sha256sum` has it.
fn sha256(file: &Path) -> Vec<u8> {
    let output = Command::new("sha256sum").arg(file).output().unwrap();
    let digits = output.stdout[..64].chunks(2);
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.map(byte).collect()
}

/// A token of another vault says nothing of this one, and nothing is said: a part that does not open is also what
/// the token of a vault with two diaries looks like from the one that was not opened here yet.
#[test]
fn a_token_of_another_vault_tells_nothing_and_bars_nothing() {
    let (vault, other) = (Vault::new(), Vault::new());
    vault.add_simple("2026-10-03", "kept");
    let state = vault.beside("state");
    let token = |vault: &Vault| -> PathBuf {
        let _ = fs::remove_dir_all(&state);
        let _ = vault.run("list", &["--state-dir", text(&state)]).done();
        fs::read_dir(&state)
            .unwrap()
            .next()
            .unwrap()
            .unwrap()
            .path()
    };
    let foreign = fs::read(token(&other)).unwrap();
    let own = token(&vault);
    for bytes in [&foreign[..], b"", &[0; 160], &[7; 4_000]] {
        fs::write(&own, bytes).unwrap();
        let listed = vault.run("list", &["--state-dir", text(&state)]).done();
        assert_eq!(listed.err, "");
        assert!(listed.out.contains("kept"));
        assert_eq!(
            fs::read(&own).unwrap().len(),
            160,
            "from now on it is known"
        );
    }
}

#[test]
fn a_full_disk_is_told_and_nothing_half_written_stays() {
    let vault = Vault::new();
    vault.add_simple("2026-10-03", "kept");
    let backup = vault.beside("one.idback");
    let _ = vault.run("backup", &[text(&backup)]).done();
    let disk = vault.beside("disk");
    fs::create_dir(&disk).unwrap();
    let (file, folder) = (disk.join("b.idback"), disk.join("backups"));
    let passphrase = vault.passphrase_file();
    let restore = [
        "restore",
        text(&backup),
        text(&file),
        "--passphrase-file",
        text(&passphrase),
    ];
    let cases = [
        (vault.arguments("backup", &[text(&file)]), ""),
        (
            vault.arguments("backup", &["--to-folder", text(&folder)]),
            "backups\n",
        ),
        (restore.map(Into::into).to_vec(), ""),
    ];
    for (arguments, expected) in cases {
        let Some((answer, left)) = on_a_small_disk(&disk, &arguments) else {
            return skip("a full disk", "this machine allows no mounts");
        };
        assert!(answer.impossible().error().contains("disk is full"));
        assert_eq!(left, expected);
    }
    untouched(&vault, || {});
}
