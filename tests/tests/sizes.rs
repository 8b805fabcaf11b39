//! What the size, the name and the time of a file of the vault say: no more than the table in SECURITY.md.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::UNIX_EPOCH;

use diary_tests::{Vault, run};

#[test]
fn a_vault_without_evidence_is_as_large_with_much_in_it_as_with_nothing_and_with_a_second_diary() {
    let empty = Vault::new();
    let full = Vault::new();
    let words = "Ол тағы да кіреберісте күтіп тұрды. ".repeat(900);
    for day in ["2026-10-01", "2026-10-02", "2026-10-03"] {
        let id = full.add_simple(day, &words);
        let _ = full.run("withdraw", &[&id, "--reason", "a mistake"]).done();
    }
    let _ = full
        .run_with_input("draft save", &["incident"], &words)
        .done();
    let _ = full.run("fingerprint", &[]).done();
    let two = full.beside("two");
    let secret = full.passphrase_file();
    let second = full.file("second", "another arman lamp violet\n");
    let made = [
        "init".as_ref(),
        two.as_os_str(),
        "--kdf".as_ref(),
        "floor".as_ref(),
    ];
    let with = [
        "--new-passphrase-file".as_ref(),
        secret.as_os_str(),
        "--with-decoy".as_ref(),
    ];
    let decoy = ["--decoy-passphrase-file".as_ref(), second.as_os_str()];
    let _ = run(made.iter().chain(&with).chain(&decoy)).done();

    let sizes = sizes(&empty.path());
    assert_eq!(sizes.len(), 3, "{sizes:?}");
    assert_eq!(sizes, self::sizes(&full.path()));
    assert_eq!(sizes, self::sizes(&two));
    let steps = sizes["log.db"] / (8 << 20);
    assert!((1..=2).contains(&steps), "{sizes:?}");
}

#[test]
fn an_evidence_file_says_its_size_in_steps_of_64_kib_and_nothing_else() {
    let vault = Vault::new();
    let id = vault.add_simple("2026-10-03", "n");
    for (name, size) in [("a.txt", 1), ("b.jpg", 65_536), ("c", 65_537)] {
        vault.attach(&id, name, &vec![7; size]);
    }
    let mut chunks = Vec::new();
    for entry in fs::read_dir(vault.path().join("evidence")).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let random = name.len() == 32 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
        assert!(random, "{name}");
        let about = entry.metadata().unwrap();
        let modified = about.modified().unwrap().duration_since(UNIX_EPOCH);
        assert_eq!(modified.unwrap().as_secs(), 315_532_800, "1980-01-01");
        assert_eq!((about.len() - 32) % 65_552, 0);
        chunks.push((about.len() - 32) / 65_552);
    }
    chunks.sort_unstable();
    assert_eq!(chunks, [1, 1, 2]);
}

#[test]
fn a_folder_of_backups_says_how_many_there_are_and_what_the_vault_says_of_its_evidence() {
    let vault = Vault::new();
    let folder = vault.beside("backups");
    let to_folder = ["--to-folder", folder.to_str().unwrap()];
    let id = vault.add_simple("2026-10-03", "Ол тағы да кіреберісте күтіп тұрды.");
    vault.attach(&id, "her photo.jpg", &vec![7; 100_000]);
    let _ = vault.run("backup", &to_folder).done();
    vault.attach(&id, "a voice.m4a", b"short");
    let _ = vault.run("backup", &to_folder).done();

    let named = sizes(&folder).into_keys().collect::<Vec<_>>();
    assert_eq!(named, ["snapshot-000001.idback", "snapshot-000002.idback"]);
    let evidence = sizes(&folder.join("evidence"));
    assert_eq!(evidence.len(), 2);
    assert_eq!(evidence, sizes(&vault.path().join("evidence")));
    // Besides the two: nothing, hidden or not.
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 3);
}

/// Sizes of the files, by name.
fn sizes(vault: &Path) -> BTreeMap<String, u64> {
    let entries = fs::read_dir(vault).unwrap().map(|entry| entry.unwrap());
    let files = entries.filter(|entry| entry.file_type().unwrap().is_file());
    let named = files.map(|entry| {
        let name = entry.file_name().into_string().unwrap();
        (name, entry.metadata().unwrap().len())
    });
    named.collect()
}
