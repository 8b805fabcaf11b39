//! Backups through the program: made, looked into, restored.

#![allow(clippy::indexing_slicing, clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use diary_tests::{Answer, Vault, run};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Two incidents and a file, the backup, and the code.
fn backed_up() -> (Vault, std::path::PathBuf, String) {
    let vault = Vault::new();
    let first = vault.add_simple("2026-10-03", "бірінші");
    vault.add_simple("2026-10-04", "вторая");
    vault.attach(&first, "photo.jpg", &[9; 200_000]);
    let code = vault.run("fingerprint", &[]).done().line().to_owned();
    let backup = vault.beside("one.idback");
    let answer = vault.run("backup", &[text(&backup), "--json"]).done();
    let json = answer.json();
    assert_eq!(
        (json["entries"].as_u64(), json["files"].as_u64()),
        (Some(4), Some(1))
    );
    assert_eq!(json["bytes"], fs::metadata(&backup).unwrap().len());
    (vault, backup, code)
}

fn restore(vault: &Vault, rest: &[&str]) -> Answer {
    let passphrase = vault.passphrase_file();
    let with = ["--passphrase-file", text(&passphrase)];
    run(["restore"].iter().chain(rest).chain(&with))
}

#[test]
fn a_backup_brings_everything_back_with_the_same_code() {
    let (vault, backup, code) = backed_up();
    let before: Vec<_> = vault.stored();
    let seen = restore(&vault, &[text(&backup), "--dry-run", "--json"])
        .done()
        .json();
    assert_eq!(seen["restored"], false);
    assert_eq!(seen["sound"], true);
    assert_eq!(seen["fingerprint"], code.as_str());
    assert!(vault.stored() == before, "it changes nothing");

    fs::remove_dir_all(vault.path()).unwrap();
    let target = vault.path();
    let answer = restore(&vault, &[text(&backup), text(&target), "--json"]).done();
    let json = answer.json();
    assert_eq!(json["restored"], true);
    assert_eq!(json["incidents"], 2);
    assert_eq!(json["fingerprint"], code.as_str());
    assert_eq!(vault.run("fingerprint", &[]).done().line(), code);
    let _ = vault.run("check", &[]).done();
    vault.add_simple("2026-10-05", "үшінші");
    let _ = vault.run("fingerprint", &["--since", &code]).done();
    assert_eq!(vault.numbers(&[]), [3, 2, 1]);
}

#[test]
fn a_phone_is_lost_and_the_recovery_code_opens_the_backup() {
    let (vault, backup, code) = backed_up();
    fs::remove_dir_all(vault.path()).unwrap();
    let paper = vault.file("paper", vault.recovery_code());
    let target = vault.path();
    let arguments = [
        "restore",
        text(&backup),
        text(&target),
        "--recovery-file",
        text(&paper),
    ];
    let answer = run(arguments).done();
    assert!(answer.out.contains(&code), "{answer:?}");
    let new = vault.file("new", "another passphrase of five words\n");
    let _ = run([
        "recover",
        text(&target),
        "--recovery-file",
        text(&paper),
        "--new-passphrase-file",
        text(&new),
    ])
    .done();
    let _ = run(["check", text(&target), "--passphrase-file", text(&new)]).done();
}

#[test]
fn bad_backups_and_targets_are_refused_and_leave_nothing() {
    let (vault, backup, _) = backed_up();
    let whole = fs::read(&backup).unwrap();
    let target = vault.beside("restored");
    let files = |vault: &Vault| {
        fs::read_dir(vault.path().parent().unwrap())
            .unwrap()
            .count()
    };

    // A name that is taken is never given to another file.
    let _ = vault.run("backup", &[text(&backup)]).refused();
    assert!(fs::read(&backup).unwrap() == whole);
    let inside = vault.path().join("b.idback");
    let _ = vault.run("backup", &[text(&inside)]).refused();
    let taken = vault.path();
    let _ = restore(&vault, &[text(&backup), text(&taken)]).refused();

    let bad = vault.beside("bad");
    let mut flipped = whole.clone();
    flipped[300_000] ^= 1;
    let truncated = &whole[..whole.len() - 70_000];
    for damaged in [&flipped, truncated] {
        fs::write(&bad, damaged).unwrap();
        let before = files(&vault);
        let answer = restore(&vault, &[text(&bad), text(&target)]).refused();
        assert!(answer.out.contains("failure  backup"), "{answer:?}");
        assert_eq!(files(&vault), before);
    }
    for (content, status) in [
        (&b"PK\x03\x04 a bundle"[..], 2),
        (&[0; 20_000], 2),
        (b"", 2),
    ] {
        fs::write(&bad, content).unwrap();
        let answer = restore(&vault, &[text(&bad), text(&target)]);
        assert_eq!(answer.status, status, "{answer:?}");
    }
    let _ = restore(&vault, &["nowhere", text(&target)]).impossible();
    let _ = restore(&vault, &[text(&vault.path()), text(&target)]).impossible();
    let _ = run(["restore", text(&backup), text(&target)]).impossible();
    let _ = run(["restore", text(&backup)]).impossible();
    let wrong = vault.file("wrong", "not the passphrase at all\n");
    let _ = run([
        "restore",
        text(&backup),
        text(&target),
        "--passphrase-file",
        text(&wrong),
    ])
    .refused();
    assert!(!target.exists());
}

#[test]
fn no_word_of_hers_stands_in_a_backup() {
    let (vault, backup, _) = backed_up();
    let bytes = fs::read(&backup).unwrap();
    for word in ["бірінші", "вторая", "photo.jpg", "2026-10"] {
        assert!(!diary_tests::contains(&bytes, word), "{word}");
    }
    drop(vault);
}

#[test]
fn what_a_damaged_backup_still_holds_is_saved_and_said_to_be_incomplete() {
    let vault = Vault::new();
    let mut lines = String::new();
    for number in 1..=40 {
        // Each takes two cells, so that a chunk holds 16 of them.
        let words = format!("{number} {}", "ұзақ мәтін ".repeat(140));
        lines.push_str(&format!(
            "{}\n",
            diary_tests::incident("2026-10-03", &words)
        ));
    }
    let _ = vault.run_with_input("add", &["--file", "-"], &lines).done();
    let backup = vault.beside("one.idback");
    let _ = vault.run("backup", &[text(&backup)]).done();
    let mut bytes = fs::read(&backup).unwrap();
    // A chunk in the middle of each half's cells: one of them is hers.
    let chunks = (bytes.len() - 8_256) / 65_552;
    for chunk in [1, 1 + chunks / 2] {
        bytes[8_256 + chunk * 65_552 + 7] ^= 1;
    }
    let damaged = vault.file("damaged.idback", &bytes);
    let target = vault.beside("saved");
    let arguments = [text(&damaged), text(&target)];
    let answer = restore(&vault, &arguments).refused();
    assert!(answer.error().contains("--salvage"), "{answer:?}");
    assert!(!target.exists());

    let salvage = [text(&damaged), text(&target), "--salvage", "--json"];
    let answer = restore(&vault, &salvage);
    assert_eq!(answer.status, 1, "it is not complete");
    let json = answer.json();
    assert_eq!(
        (&json["restored"], &json["sound"]),
        (&true.into(), &false.into())
    );
    let passphrase = vault.passphrase_file();
    let on = |command: &str, rest: &[&str]| {
        let with = ["--passphrase-file", text(&passphrase)];
        run([command, text(&target)].iter().chain(rest).chain(&with))
    };
    let checked = on("check", &["--json"]).done().json();
    let warned = |finding: &&serde_json::Value| finding["level"] == "warning";
    let findings = checked["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| warned(&finding)), "{checked}");
    let listed = on("list", &["--json"]).done().json();
    let lines = listed["incidents"].as_array().unwrap();
    let lost = lines.iter().filter(|line| line["damaged"] == true).count();
    assert!((1..30).contains(&lost), "{lost} of {}", lines.len());

    // What is left can be handed over, and says what it is.
    let bundle = vault.beside("saved.zip");
    let _ = on("export", &["--out", text(&bundle)]).done();
    let report = diary_tests::verify(&bundle, &[]);
    assert_eq!(report["sound"], true);
    let said = report["findings"].to_string();
    assert!(
        said.contains("lost before the diary was salvaged"),
        "{said}"
    );

    // A vault that is whole can be saved as well, and stays as it is.
    let before = vault.stored();
    let again = vault.beside("again");
    let path = vault.path();
    let _ = restore(&vault, &[text(&path), text(&again), "--salvage"]).done();
    assert!(vault.stored() == before);
    let taken = [text(&path), text(&again), "--salvage"];
    let _ = restore(&vault, &taken).refused();
    let _ = restore(&vault, &["nowhere", text(&vault.beside("n")), "--salvage"]).impossible();
}

#[test]
fn a_folder_takes_only_what_is_new_and_gives_everything_back() {
    let (vault, _, _) = backed_up();
    let folder = vault.beside("backups");
    let to_folder = ["--to-folder", text(&folder), "--json"];
    let first = vault.run("backup", &to_folder).done().json();
    assert_eq!(
        (&first["files"], &first["new_files"]),
        (&1.into(), &1.into())
    );
    let id = vault.add_simple("2026-10-05", "үшінші");
    vault.attach(&id, "second.jpg", &[4; 70_000]);
    let code = vault.run("fingerprint", &[]).done().line().to_owned();
    let second = vault.run("backup", &to_folder).done().json();
    assert_eq!(
        (&second["files"], &second["new_files"]),
        (&2.into(), &1.into())
    );
    let file = folder.join("snapshot-000002.idback");
    assert_eq!(second["file"], text(&file));
    assert_eq!(
        second["bytes"],
        fs::metadata(&file).unwrap().len() + 32 + 2 * 65_552
    );
    let page = vault.run("backup", &["--to-folder", text(&folder)]).done();
    assert!(page.out.contains("(2 there already)"), "{page:?}");

    let target = vault.beside("restored");
    let page = restore(&vault, &[text(&folder), "--dry-run"]).done();
    assert!(page.out.contains("snapshot-000003.idback"), "{page:?}");
    let seen = restore(&vault, &[text(&folder), "--dry-run", "--json"])
        .done()
        .json();
    assert_eq!(seen["snapshot"], "snapshot-000003.idback");
    assert_eq!(
        (&seen["sound"], &seen["fingerprint"]),
        (&true.into(), &code.as_str().into())
    );
    let json = restore(&vault, &[text(&folder), text(&target), "--json"])
        .done()
        .json();
    assert_eq!(
        (&json["fingerprint"], &json["files"]),
        (&code.as_str().into(), &2.into())
    );

    // A flipped byte is named, whether anything is to be written or not.
    let evidence = folder.join("evidence");
    let damaged = fs::read_dir(&evidence)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let mut bytes = fs::read(&damaged).unwrap();
    bytes[40_000] ^= 1;
    fs::write(&damaged, bytes).unwrap();
    let again = vault.beside("again");
    let name = format!(
        "evidence/{}",
        damaged.file_name().unwrap().to_str().unwrap()
    );
    let refused = restore(&vault, &[text(&folder), text(&again)]).refused();
    assert!(refused.out.contains(&name), "{refused:?}");
    assert!(refused.error().contains("older one"), "{refused:?}");
    assert!(
        restore(&vault, &[text(&folder), "--dry-run"])
            .refused()
            .out
            .contains(&name)
    );
    let salvaged = restore(
        &vault,
        &[text(&folder), text(&again), "--salvage", "--json"],
    );
    assert_eq!(
        (salvaged.status, &salvaged.json()["restored"]),
        (1, &true.into())
    );

    // What is wrong with a folder or an argument is said, and nothing is made.
    let other = Vault::new();
    let foreign = other
        .run("backup", &["--to-folder", text(&folder)])
        .refused();
    assert!(foreign.error().contains("another vault"), "{foreign:?}");
    let _ = vault
        .run("backup", &["file.idback", "--to-folder", text(&folder)])
        .impossible();
    let _ = vault.run("backup", &[]).impossible();
    let _ = vault
        .run("backup", &["--to-folder", text(&damaged)])
        .impossible();
    fs::write(folder.join("snapshot-000009.idback"), [7; 90_000]).unwrap();
    let newest = restore(&vault, &[text(&folder), "--dry-run"]).impossible();
    assert!(
        newest.error().contains("snapshot-000009.idback"),
        "{newest:?}"
    );
}

/// Killed at any moment, every earlier backup in the folder can be restored, and the next run goes on.
#[test]
fn a_kill_while_a_folder_is_written_costs_nothing() {
    let (vault, _, code) = backed_up();
    let folder = vault.beside("backups");
    let to_folder = ["--to-folder", text(&folder)];
    let _ = vault.run("backup", &to_folder).done();
    let larger = vault.beside("larger");
    fs::write(&larger, vec![5; 8_000_000]).unwrap();
    let _ = vault.run("attach", &["#1", text(&larger)]).done();
    let evidence = folder.join("evidence");
    let unfinished = |folder: &Path| {
        let mut entries = fs::read_dir(folder).unwrap();
        entries.any(|entry| {
            entry
                .unwrap()
                .file_name()
                .to_string_lossy()
                .starts_with('.')
        })
    };
    let moments: [&dyn Fn() -> bool; 3] =
        [&|| unfinished(&folder), &|| unfinished(&evidence), &|| {
            fs::read_dir(&evidence).unwrap().count() == 2 && !unfinished(&evidence)
        }];
    let mut killed = 0;
    for moment in moments {
        let mut running = diary_tests::diary()
            .args(vault.arguments("backup", &to_folder))
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        while !moment() && running.try_wait().unwrap().is_none() {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        let _ = running.kill();
        killed += u32::from(!running.wait().unwrap().success());
        let first = folder.join("snapshot-000001.idback");
        let seen = restore(&vault, &[text(&first), "--dry-run", "--json"])
            .done()
            .json();
        assert_eq!(
            (&seen["sound"], &seen["fingerprint"]),
            (&true.into(), &code.as_str().into())
        );
    }
    assert!(killed > 0, "nothing was killed");
    let last = vault
        .run("backup", &[&to_folder[..], &["--json"]].concat())
        .done()
        .json();
    assert_eq!(last["files"], 2);
    let seen = restore(&vault, &[text(&folder), "--dry-run", "--json"])
        .done()
        .json();
    assert_eq!((&seen["sound"], &seen["files"]), (&true.into(), &2.into()));
    assert!(!unfinished(&folder) && !unfinished(&evidence));
}
