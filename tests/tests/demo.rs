//! `demo`: the whole way on the samples.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use diary_tests::{diary, run};

/// The samples lie beside the crate of the tests.
fn samples() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap().join("samples")
}

#[test]
fn the_whole_way_ends_with_a_sound_bundle_and_is_not_run_over() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("demo-out");
    let samples = samples();
    let arguments = [
        "demo".as_ref(),
        out.as_path(),
        "--samples".as_ref(),
        samples.as_path(),
    ];
    let answer = run(arguments).done();
    for step in [
        "init",
        "sheet",
        "add",
        "attach",
        "amend",
        "withdraw",
        "search",
        "list",
        "fingerprint",
        "export",
        "verify",
    ] {
        assert!(
            answer.out.lines().any(|line| line.starts_with(step)),
            "{step}: {}",
            answer.out
        );
    }
    let sound = answer.out.lines();
    let sound = sound.filter(|line| line.trim() == "inside   sound").count();
    assert_eq!(sound, 2, "{}", answer.out);

    let mut names: Vec<_> = fs::read_dir(&out)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), 4, "{names:?}");
    assert!(names[0].ends_with("_kk.zip") && names[1].ends_with("_ru.zip"));
    assert_eq!(names[2..], ["spare-code.pdf", "vault"]);
    let zip = out.join(&names[0]);
    let _ = run(["verify".as_ref(), zip.as_path()]).done();

    let line = answer
        .out
        .lines()
        .find_map(|line| line.trim().strip_prefix("passphrase"));
    let passphrase = folder.path().join("passphrase");
    fs::write(&passphrase, line.unwrap().trim()).unwrap();
    let vault = out.join("vault");
    let list = [
        "list".as_ref(),
        vault.as_path(),
        "--passphrase-file".as_ref(),
        passphrase.as_path(),
    ];
    assert!(run(list).done().out.lines().count() > 10);

    let before = fs::read(&zip).unwrap();
    let _ = run(arguments).refused();
    assert_eq!(fs::read(&zip).unwrap(), before);
}

#[test]
fn json_is_one_document() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("demo-out");
    let samples = samples();
    let arguments = [
        "demo".as_ref(),
        out.as_path(),
        "--samples".as_ref(),
        samples.as_path(),
    ];
    let answer = run(arguments.into_iter().chain(["--json".as_ref()])).done();
    let answer = answer.json();
    assert_eq!(answer["sound"], true);
    let bundles = answer["bundles"].as_array().unwrap();
    let said = |name: &str| -> Vec<_> { bundles.iter().map(|made| made[name].clone()).collect() };
    assert_eq!(said("language"), ["ru", "kk"]);
    assert_eq!(said("anchor"), ["fingerprint", "fingerprint"]);
    assert_eq!(said("incidents"), said("in_log"));
}

#[test]
fn a_file_in_its_place_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "x").unwrap();
    let samples = samples();
    let arguments = [
        "demo".as_ref(),
        file.as_path(),
        "--samples".as_ref(),
        samples.as_path(),
    ];
    let _ = run(arguments).refused();
    assert_eq!(fs::read(&file).unwrap(), b"x");
}

#[test]
fn without_samples_it_says_where_to_get_them() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("demo-out");
    let output = diary()
        .arg("demo")
        .arg(&out)
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--samples"));
    assert!(!out.exists(), "nothing was made");
}
