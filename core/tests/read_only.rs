//! A folder that cannot be written (FORMAT.md 2), as a user without rights finds it. A program of
//! its own, because the test starts another one, which would hold the locks of tests beside it.

#![cfg(unix)]
// Helpers of tests, too.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::error::Error as _;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use diary_core::time::SystemClock;
use diary_core::vault::{KdfCost, NewPassphrase, Passphrase, VaultError};
use diary_core::{Class, Diary, Error};

/// Where the user without rights looks; the test runs itself again for him.
const FOLDER: &str = "DIARY_TEST_READ_ONLY_FOLDER";
const NAME: &str = "section_2_a_folder_that_cannot_be_written_is_told_and_left_as_it_is";

#[test]
fn section_2_a_folder_that_cannot_be_written_is_told_and_left_as_it_is() {
    if let Some(folder) = std::env::var_os(FOLDER) {
        find_it_refused(Path::new(&folder));
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let vault = folder.path().join("vault");
    let passphrase = NewPassphrase::even_if_weak(b"a").unwrap();
    drop(Diary::create(&vault, &passphrase, KdfCost::Floor, Box::new(SystemClock)).unwrap());
    for name in ["header", "log.db", "lock"] {
        set_mode(&vault.join(name), 0o444);
    }
    for path in [&vault.join("evidence"), &vault, folder.path()] {
        set_mode(path, 0o555);
    }
    let before = contents(&vault);

    // Root may write everywhere, so somebody else tries, with a program that he may run.
    let is_root = fs::create_dir(folder.path().join("probe")).is_ok();
    let _ = fs::remove_dir(folder.path().join("probe"));
    let programs = tempfile::tempdir().unwrap();
    set_mode(programs.path(), 0o755);
    let program = programs.path().join("test");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    set_mode(&program, 0o755);
    let mut again = Command::new(program);
    again.args(["--exact", NAME]).env(FOLDER, folder.path());
    again.current_dir("/");
    if is_root {
        again.uid(65_534).gid(65_534);
    }
    let output = again.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && text.contains("1 passed"),
        "{text}"
    );

    assert!(contents(&vault) == before);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    for path in [folder.path(), &vault, &vault.join("evidence")] {
        set_mode(path, 0o755);
    }
}

fn find_it_refused(folder: &Path) {
    let clock = || Box::new(SystemClock);
    let opened = Diary::open(
        &folder.join("vault"),
        &Passphrase::new(b"a").unwrap(),
        clock(),
    );
    let passphrase = NewPassphrase::even_if_weak(b"a").unwrap();
    let made = Diary::create(&folder.join("new"), &passphrase, KdfCost::Floor, clock());
    for error in [opened.err().unwrap(), made.err().unwrap()] {
        assert!(matches!(error, Error::Vault(VaultError::ReadOnly)));
        assert_eq!(error.class(), Class::CannotBeDone);
        assert!(error.source().is_some());
    }
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn contents(folder: &Path) -> BTreeMap<std::ffi::OsString, Vec<u8>> {
    let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
    entries
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| (entry.file_name(), fs::read(entry.path()).unwrap()))
        .collect()
}
