//! Killed, interrupted, read by nobody: nothing acknowledged is lost, nothing leaks to the disk.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStdout, Stdio};
use std::time::Duration;

use diary_tests::{Answer, PASSPHRASE, Vault, contains, diary, incident, verify};

const WORD: &str = "кіреберістегіСөз";

fn spawn(vault: &Vault, command: &str, rest: &[&str]) -> Child {
    diary()
        .args(vault.arguments(command, rest))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Sends one incident and waits for its id.
fn record(child: &mut Child, out: &mut BufReader<ChildStdout>, n: usize) -> String {
    let line = incident("2026-10-03", &format!("{WORD} {n}"));
    writeln!(child.stdin.as_mut().unwrap(), "{line}").unwrap();
    let mut id = String::new();
    out.read_line(&mut id).unwrap();
    id.trim_end().to_owned()
}

fn ids(vault: &Vault) -> Vec<String> {
    let (mut ids, mut after) = (Vec::new(), None::<String>);
    loop {
        let mut rest = vec!["--limit", "200"];
        if let Some(cursor) = &after {
            rest.extend(["--after", cursor]);
        }
        let page = vault.list(&rest);
        let incidents = page["incidents"].as_array().unwrap();
        ids.extend(
            incidents
                .iter()
                .map(|one| one["id"].as_str().unwrap().to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => after = Some(next.to_owned()),
            None => return ids,
        }
    }
}

fn assert_nothing_readable(vault: &Vault) {
    for (path, bytes) in vault.stored() {
        for word in [
            WORD,
            PASSPHRASE,
            "narrative",
            "2026-10-03",
            vault.recovery_code(),
        ] {
            assert!(!contains(&bytes, word), "{word} in {}", path.display());
        }
    }
}

#[test]
fn after_kill_9_in_the_middle_every_acknowledged_id_is_there() {
    let vault = Vault::new();
    let mut child = spawn(&vault, "add", &["--file", "-"]);
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut acknowledged = Vec::new();
    for n in 0..100 {
        acknowledged.push(record(&mut child, &mut out, n));
    }
    assert_nothing_readable(&vault);
    // A hundred more are on their way when it is killed.
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        for n in 100..200 {
            if writeln!(stdin, "{}", incident("2026-10-03", &format!("{WORD} {n}"))).is_err() {
                return;
            }
        }
    });
    let mut line = String::new();
    while acknowledged.len() < 120 && out.read_line(&mut line).unwrap() > 0 {
        acknowledged.push(std::mem::take(&mut line).trim_end().to_owned());
    }
    child.kill().unwrap();
    child.wait().unwrap();
    writer.join().unwrap();
    for rest in out.lines().map_while(Result::ok) {
        acknowledged.push(rest);
    }
    assert_nothing_readable(&vault);
    let there = ids(&vault);
    assert!(acknowledged.len() >= 120 && there.len() <= 200);
    for id in &acknowledged {
        assert!(there.contains(id), "{id} was acknowledged and is lost");
    }
    assert_eq!(vault.run("check", &["--json"]).done().json()["sound"], true);
    assert_nothing_readable(&vault);
}

#[test]
fn nothing_is_readable_after_every_kind_of_record() {
    let vault = Vault::new();
    let id = vault.add_simple("2026-10-03", WORD);
    vault.attach(&id, &format!("{WORD}.txt"), WORD.as_bytes());
    let _ = vault.run("withdraw", &[&id, "--reason", WORD]).done();
    let _ = vault
        .run_with_input("draft save", &["incident"], WORD)
        .done();
    let _ = vault.run("list", &["--search", WORD]).done();
    std::fs::remove_file(vault.beside(&format!("{WORD}.txt"))).unwrap();
    vault.export("a.zip", &[]);
    assert_nothing_readable(&vault);
}

#[test]
fn a_second_process_is_told_that_the_vault_is_in_use() {
    let vault = Vault::new();
    let mut child = spawn(&vault, "add", &["--file", "-"]);
    let mut out = BufReader::new(child.stdout.take().unwrap());
    record(&mut child, &mut out, 0);
    let _ = vault.run("add", &["--text", "n"]).impossible();
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    assert_eq!(vault.numbers(&[]), [1]);
}

#[test]
fn ctrl_c_and_termination_end_it_and_keep_what_was_acknowledged() {
    let vault = Vault::new();
    for (n, signal) in ["INT", "TERM"].into_iter().enumerate() {
        let mut child = spawn(&vault, "add", &["--file", "-"]);
        let mut out = BufReader::new(child.stdout.take().unwrap());
        record(&mut child, &mut out, n);
        let pid = child.id().to_string();
        let kill = std::process::Command::new("kill")
            .args(["-s", signal, &pid])
            .status();
        assert!(kill.unwrap().success());
        assert!(!child.wait().unwrap().success(), "{signal}");
    }
    assert_eq!(vault.numbers(&[]), [2, 1]);
}

#[test]
fn ctrl_c_during_an_export_leaves_a_whole_bundle_or_nothing() {
    let vault = Vault::new();
    let id = vault.add_simple("2026-10-03", "n");
    vault.attach(&id, "a.bin", &vec![7; 4 << 20]);
    let folder = vault.beside("out");
    std::fs::create_dir(&folder).unwrap();
    let names = || {
        let entries = std::fs::read_dir(&folder).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.collect::<Vec<_>>()
    };
    let out = folder.join("a.zip");
    let rest = ["--originals", "all", "--plain", "--out"];
    let rest = [&rest[..], &[out.to_str().unwrap()]].concat();
    let mut child = spawn(&vault, "export", &rest);
    // As soon as something of it is on the disk.
    while names().is_empty() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(2));
    }
    let pid = child.id().to_string();
    let _ = std::process::Command::new("kill")
        .args(["-s", "INT", &pid])
        .status();
    let status = child.wait().unwrap();
    match names().as_slice() {
        [] => assert_eq!(status.signal(), Some(2), "{status}"),
        [name] => {
            assert_eq!(name, "a.zip");
            assert_eq!(verify(&out, &[])["sound"], true);
        }
        more => panic!("{more:?}"),
    }
}

#[test]
fn a_closed_pipe_ends_silently() {
    let vault = Vault::new();
    vault.add_simple("2026-10-03", "n");
    for (command, rest) in [("list", &[][..]), ("show", &["#1"]), ("check", &[])] {
        let mut child = spawn(&vault, command, rest);
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{command}");
        assert_eq!(output.status.code(), Some(0), "{command}");
    }
    for arguments in [
        &["--help"][..],
        &["schema"],
        &["man"],
        &["completions", "bash"],
    ] {
        let mut child = diary()
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
    }
}

#[test]
fn json_lines_stop_when_nobody_reads_the_ids() {
    let vault = Vault::new();
    let mut child = spawn(&vault, "add", &["--file", "-"]);
    let mut out = BufReader::new(child.stdout.take().unwrap());
    record(&mut child, &mut out, 0);
    drop(out);
    let mut stdin = child.stdin.take().unwrap();
    for n in 1..50 {
        if writeln!(stdin, "{}", incident("2026-10-03", &n.to_string())).is_err() {
            break;
        }
    }
    drop(stdin);
    let mut err = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut err)
        .unwrap();
    assert_eq!(
        child.wait().unwrap().code(),
        Some(2),
        "the rest was not recorded"
    );
    assert_eq!(err, "");
    assert!(vault.numbers(&[]).len() < 50);
}

#[test]
fn a_full_disk_behind_standard_output_is_said() {
    let vault = Vault::new();
    vault.add_simple("2026-10-03", "n");
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = diary()
        .args(vault.arguments("list", &[]))
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stderr.starts_with(b"diary: "));
}

#[test]
fn a_recovery_code_that_nobody_saw_is_told_with_how_to_get_another() {
    let vault = Vault::new();
    let (made, page) = (vault.beside("made"), vault.beside("page.pdf"));
    let secret = vault.passphrase_file();
    let init = |target: &std::path::Path, more: &[&std::path::Path]| -> Answer {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
        let output = diary()
            .args(["init", "--kdf", "floor", "--new-passphrase-file"])
            .args([&secret, target])
            .args(more)
            .stdout(full.unwrap())
            .output();
        output.unwrap().into()
    };
    let answer = init(&made, &[]).impossible();
    let told = "the diary was made, but the recovery code could not be shown";
    assert!(answer.error().starts_with(told), "{answer:?}");
    assert!(answer.error().contains("passphrase --rotate"), "{answer:?}");
    assert!(made.exists());
    // On paper it was seen.
    let other = vault.beside("other");
    let answer = init(&other, &["--sheet".as_ref(), &page]);
    assert_eq!(answer.status, 2, "{answer:?}");
    assert!(
        !answer.err.contains("recovery code could not"),
        "{answer:?}"
    );
    assert!(page.exists());
}

/// The bundle stays, and nobody can open it.
#[test]
fn a_passphrase_of_a_bundle_that_nobody_saw_is_told() {
    let vault = Vault::new();
    vault.add_simple("2026-10-03", "n");
    let out = vault.beside("a.zip");
    let export = |more: &[&str]| -> Answer {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
        let rest = [&["--out", out.to_str().unwrap()], more].concat();
        let output = diary()
            .args(vault.arguments("export", &rest))
            .stdout(full.unwrap())
            .output();
        output.unwrap().into()
    };
    let answer = export(&["--zip"]).impossible();
    assert!(
        answer
            .error()
            .contains("passphrase could not be shown: delete it"),
        "{answer:?}"
    );
    std::fs::remove_file(&out).unwrap();
    assert!(!export(&[]).impossible().error().contains("passphrase"));
}

/// Where her folder goes while the program waits for the next incident, nothing more is acknowledged.
#[test]
fn nothing_is_acknowledged_after_the_vault_was_removed() {
    let vault = Vault::new();
    let mut child = spawn(&vault, "add", &["--file", "-"]);
    let mut out = BufReader::new(child.stdout.take().unwrap());
    assert!(!record(&mut child, &mut out, 0).is_empty());
    let elsewhere = vault.beside("elsewhere");
    std::fs::rename(vault.path(), &elsewhere).unwrap();
    assert!(
        !record(&mut child, &mut out, 1).is_empty(),
        "it was moved, and nothing is lost"
    );
    std::fs::remove_dir_all(&elsewhere).unwrap();
    assert_eq!(record(&mut child, &mut out, 2), "");
    let answer = Answer::from(child.wait_with_output().unwrap()).impossible();
    assert!(
        answer.error().contains("the vault was closed"),
        "{answer:?}"
    );
}

#[test]
fn each_id_is_printed_before_the_next_incident_is_read() {
    let vault = Vault::new();
    let mut child = spawn(&vault, "add", &["--file", "-", "--json"]);
    let mut out = BufReader::new(child.stdout.take().unwrap());
    for n in 0..3 {
        let line = record(&mut child, &mut out, n);
        assert!(line.contains("\"format\":1"), "{line}");
        std::thread::sleep(Duration::from_millis(10));
    }
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}

#[cfg(target_os = "linux")]
#[test]
fn no_core_dump_is_written_of_an_open_vault() {
    let vault = Vault::new();
    let mut child = spawn(&vault, "add", &["--file", "-"]);
    let mut out = BufReader::new(child.stdout.take().unwrap());
    record(&mut child, &mut out, 0);
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    let line = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    let words: Vec<&str> = line.unwrap().split_whitespace().collect();
    assert_eq!(words[4..6], ["0", "0"], "{line:?}");
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}
