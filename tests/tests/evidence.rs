//! `attach` and `extract`.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::fs;
use std::process::Command;

use diary_tests::Vault;
use serde_json::json;

fn sha256(path: &std::path::Path) -> String {
    let output = Command::new("sha256sum").arg(path).output().unwrap();
    let line = String::from_utf8(output.stdout).unwrap();
    line.split(' ').next().unwrap().to_owned()
}

#[test]
fn a_file_comes_back_bit_for_bit() {
    let vault = Vault::new();
    let id = vault.add_simple("2026-10-03", "n");
    // One byte, and sizes around the chunks they are sealed in.
    for size in [1, 65_535, 65_536, 65_537, 1_048_577] {
        let bytes: Vec<u8> = (0..size)
            .map(|i| u8::try_from(i * 7 % 251).unwrap())
            .collect();
        let file = vault.file("original.bin", &bytes);
        let path = file.to_str().unwrap();
        let answer = vault.run("attach", &[&id, path, "--how", "copied"]).done();
        let columns: Vec<&str> = answer.line().split('\t').collect();
        assert_eq!(columns[1], size.to_string());
        assert_eq!(columns[2], sha256(&file));
        let out = vault.beside(&format!("out-{size}"));
        let _ = vault
            .run("extract", &[columns[0], "--out", out.to_str().unwrap()])
            .done();
        assert!(fs::read(&out).unwrap() == bytes, "{size}");
    }
}

#[test]
fn several_files_are_a_line_each_and_one_document() {
    let vault = Vault::new();
    let id = vault.add_simple("2026-10-03", "n");
    let a = vault.file("a.txt", "first");
    let b = vault.file("b.txt", "second");
    let c = vault.file("c.txt", "first");
    let (a, b, c) = (
        a.to_str().unwrap(),
        b.to_str().unwrap(),
        c.to_str().unwrap(),
    );
    let answer = vault.run("attach", &[&id, a, b]).done();
    assert_eq!(answer.out.lines().count(), 2);
    assert!(answer.out.lines().all(|line| line.split('\t').count() == 3));
    let answer = vault.run("attach", &[&id, b, c, "--json"]).done();
    let json = answer.json();
    let items = json["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    assert!(items.iter().all(|item| item["duplicate"] == true), "{json}");
    assert_eq!(items[0]["bytes"], 6);
    assert_eq!(items[0]["sha256"].as_str().unwrap().len(), 64);
}

#[test]
fn where_a_file_came_from_is_kept() {
    let vault = Vault::new();
    let id = vault.add_simple("2026-10-03", "n");
    let file = vault.file("IMG_1 фото.jpg", b"\xFF\xD8\xFF\xE0 no real picture");
    let path = file.to_str().unwrap();
    let rest = [&id, path, "--how", "received", "--note", "-"];
    let _ = vault.run_with_input("attach", &rest, "от соседки\n").done();
    let shown = vault.show(&id);
    let item = &shown["evidence"][0];
    assert_eq!(item["name"], "IMG_1 фото.jpg");
    assert_eq!(item["how"], "received");
    assert_eq!(item["note"], "от соседки");
    assert_eq!(item["bytes"], fs::metadata(&file).unwrap().len());
    assert_eq!(item["sha256"], sha256(&file));
    assert!(item["media_type"].is_string());
    assert_eq!(vault.list(&[])["incidents"][0]["evidence"], 1);
    let page = vault.run("show", &[&id]).done().out;
    assert!(
        page.contains("IMG_1 фото.jpg") && page.contains("от соседки"),
        "{page}"
    );
}

#[test]
fn what_is_no_plain_file_is_refused_and_nothing_stays_behind() {
    let vault = Vault::new();
    let id = vault.add_simple("2026-10-03", "n");
    let empty = vault.file("empty", "");
    let fifo = vault.beside("fifo");
    assert!(
        Command::new("mkfifo")
            .arg(&fifo)
            .status()
            .unwrap()
            .success()
    );
    let missing = vault.beside("құпияСөз");
    let before = vault.stored().len();
    for path in [vault.path(), fifo, missing, empty] {
        let answer = vault.run("attach", &[&id, path.to_str().unwrap()]);
        assert!(matches!(answer.status, 1 | 2), "{answer:?}");
        assert_eq!(answer.out, "");
        assert!(!answer.err.contains("құпияСөз"), "{answer:?}");
    }
    assert_eq!(vault.show(&id)["evidence"], json!([]));
    assert_eq!(vault.stored().len(), before);
}

#[test]
fn files_before_a_bad_one_stay_and_its_place_is_named() {
    let vault = Vault::new();
    let id = vault.add_simple("2026-10-03", "n");
    let good = vault.file("good.txt", "good");
    let missing = vault.beside("missing.txt");
    let rest = [&id, good.to_str().unwrap(), missing.to_str().unwrap()];
    let answer = vault.run("attach", &rest);
    assert_ne!(answer.status, 0);
    assert!(answer.error().starts_with("file 2: "), "{answer:?}");
    assert_eq!(answer.out.lines().count(), 1);
    assert_eq!(vault.show(&id)["evidence"].as_array().unwrap().len(), 1);
}

#[test]
fn as_json_too_what_is_kept_is_told_although_a_later_file_is_not() {
    let vault = Vault::new();
    let id = vault.add_simple("2026-10-03", "n");
    let a = vault.file("a.txt", "first");
    let none = vault.beside("none");
    let (a, none) = (a.to_str().unwrap(), none.to_str().unwrap());
    let answer = vault
        .run("attach", &[&id, a, none, a, "--json"])
        .impossible();
    assert!(answer.error().starts_with("file 2: "), "{answer:?}");
    let items = &answer.json()["items"];
    assert_eq!(items.as_array().unwrap().len(), 1);
    assert_eq!(items[0]["item"], vault.show(&id)["evidence"][0]["item"]);
    let answer = vault.run("attach", &[&id, none, "--json"]).impossible();
    assert_eq!(answer.out, "");
}

#[test]
fn nothing_is_overwritten() {
    let vault = Vault::new();
    let id = vault.add_simple("2026-10-03", "n");
    let item = vault.attach(&id, "a.txt", b"original");
    let out = vault.file("there", "precious");
    let _ = vault
        .run("extract", &[&item, "--out", out.to_str().unwrap()])
        .refused();
    assert_eq!(fs::read(&out).unwrap(), b"precious");
    let nowhere = vault.beside("no/such/folder/file");
    let nowhere = nowhere.to_str().unwrap();
    let words = "there is no such file or folder";
    for (answer, words) in [
        (vault.run("extract", &[&item, "--out", nowhere]), words),
        (
            vault.run("export", &["--out", nowhere]),
            "--out: there is no such folder",
        ),
        (vault.run("backup", &[nowhere]), words),
    ] {
        assert!(answer.impossible().error().contains(words));
    }
    let new = vault.beside("new");
    for wrong in [id.as_str(), "999999-0000"] {
        let _ = vault
            .run("extract", &[wrong, "--out", new.to_str().unwrap()])
            .refused();
    }
    assert!(!new.exists());
}

#[test]
fn attaching_to_nothing_is_refused() {
    let vault = Vault::new();
    let file = vault.file("a.txt", "a");
    let _ = vault
        .run("attach", &["#1", file.to_str().unwrap()])
        .refused();
    let usage = vault.run("attach", &["#1", file.to_str().unwrap(), "--how", "stolen"]);
    let _ = usage.impossible();
}
