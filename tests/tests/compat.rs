//! What earlier versions wrote: `tests/compat` has a vault, a backup and a bundle of each format.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::fs;
use std::path::{Path, PathBuf};

use diary_tests::{Answer, Vault, run, unpack, verify};

/// A copy of one folder, because opening a vault makes files in it.
struct Old {
    name: String,
    folder: tempfile::TempDir,
}

impl Old {
    fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("compat");
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
        let folders = entries.filter(|entry| entry.file_type().unwrap().is_dir());
        let all: Vec<Self> = folders.map(|entry| Self::copy(&entry.path())).collect();
        assert!(!all.is_empty());
        all
    }

    fn copy(from: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(from, folder.path());
        let name = from.file_name().unwrap().to_str().unwrap().to_owned();
        Self { name, folder }
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, command: &str, vault: &str, rest: &[&str]) -> Answer {
        let (vault, secret) = (self.path(vault), self.path("passphrase"));
        let mut arguments = vec![command, vault.to_str().unwrap()];
        arguments.extend(rest);
        arguments.extend(["--passphrase-file", secret.to_str().unwrap()]);
        run(arguments)
    }

    /// Everything that was written is in this vault.
    fn is_whole(&self, vault: &str) {
        assert_eq!(
            self.run("check", vault, &["--json"]).done().json()["sound"],
            true
        );
        let list = self.run("list", vault, &["--json"]).done().json();
        let said = |one: &serde_json::Value| {
            let flags = ["amended", "withdrawn", "erased"].map(|name| one[name] == true);
            (
                one["number"].as_u64().unwrap(),
                one["title"].as_str().unwrap_or("").to_owned(),
                flags,
            )
        };
        let lines: Vec<_> = list["incidents"]
            .as_array()
            .unwrap()
            .iter()
            .map(said)
            .collect();
        assert_eq!(
            lines,
            [
                (3, String::new(), [false, false, true]),
                (2, "Звонил ночью.".to_owned(), [false, true, false]),
                (
                    1,
                    "Ол кіреберісте күтіп тұрды.".to_owned(),
                    [true, false, false]
                ),
            ]
        );
        let first = self.run("show", vault, &["#1", "--json"]).done().json();
        assert_eq!(first["incident"]["private_note"], "жеке");
        assert_eq!(first["incident"]["place"]["class"], "home");
        let item = first["evidence"][0]["item"].as_str().unwrap();
        let out = self.path(&format!("{vault}.txt"));
        let _ = self
            .run("extract", vault, &[item, "--out", out.to_str().unwrap()])
            .done();
        assert_eq!(fs::read_to_string(out).unwrap(), "Всё равно найду\n");
    }
}

#[test]
fn an_old_vault_opens_whole_and_is_written_on() {
    for old in Old::all() {
        old.is_whole("vault");
        let _ = old
            .run(
                "fingerprint",
                "vault",
                &["--since", old.text("code").trim()],
            )
            .done();
        let _ = old.run("add", "vault", &["--text", "today"]).done();
        let check = old.run("check", "vault", &["--json"]).done().json();
        assert_eq!(check["sound"], true, "{check:#}");
    }
}

#[test]
fn its_recovery_code_opens_it() {
    for old in Old::all() {
        fs::write(old.path("passphrase"), "another arman lamp violet\n").unwrap();
        let [vault, code, new] =
            ["vault", "recovery-code", "passphrase"].map(|name| old.path(name));
        let recover = ["recover", vault.to_str().unwrap(), "--recovery-file"].map(Path::new);
        let rest = [&code, Path::new("--new-passphrase-file"), &new];
        let _ = run(recover.iter().chain(&rest)).done();
        old.is_whole("vault");
    }
}

#[test]
fn an_old_backup_restores_whole() {
    for old in Old::all() {
        let restored = old.path("restored");
        let _ = old
            .run("restore", "backup.idback", &[restored.to_str().unwrap()])
            .done();
        old.is_whole("restored");
    }
}

#[test]
fn an_old_bundle_verifies_with_its_code() {
    for old in Old::all() {
        let code = ["--fingerprint", old.text("code").trim()].map(str::to_owned);
        let verdict = verify(&old.path("bundle.zip"), &[&code[0], &code[1]]);
        assert_eq!(verdict["anchor"], "fingerprint");
        assert_eq!(verdict["covered"].as_array().unwrap().len(), 6);
        let findings = verdict["findings"].as_array().unwrap();
        let wrong = findings.iter().filter(|finding| {
            // Until a release, reports and checkers change under one name of what made them.
            let draft = old.name.starts_with("draft-");
            let made = ["reports", "verify-files"].map(|check| finding["check"] == check);
            finding["level"] == "failure" && !(draft && made.contains(&true))
        });
        assert_eq!(wrong.count(), 0, "{verdict:#}");
    }
}

/// Whoever changes the format makes it another one, and keeps an example of it.
#[test]
fn the_newest_folder_is_what_is_written_today() {
    let format = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/FORMAT.md");
    let format = fs::read_to_string(format).unwrap();
    let (_, name) = format.lines().next().unwrap().rsplit_once(", ").unwrap();
    let old = Old::all()
        .into_iter()
        .find(|old| old.name == name.replace(' ', "-"));
    let old = old.expect("tests/compat has a folder of the format of core/FORMAT.md");

    let vault = Vault::new();
    vault.add_simple("2026-10-03", "today");
    let (bundle, _) = vault.export("bundle.zip", &[]);
    let backup = vault.beside("backup.idback");
    let _ = vault.run("backup", &[backup.to_str().unwrap()]).done();
    let header = vault.path().join("header");
    for (today, then) in [(header, "vault/header"), (backup, "backup.idback")] {
        // Magic and format; the suite; the slots' number of lanes.
        let [today, then] = [today, old.path(then)].map(|path| fs::read(path).unwrap());
        assert_eq!(today[..12], then[..12]);
    }
    let [today, then] = [bundle, old.path("bundle.zip")].map(|zip| declared(&zip));
    assert_eq!(today, then);
}

/// What a bundle says of its format: names of the signed text's members, and of those of the document.
fn declared(zip: &Path) -> (String, serde_json::Value, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let top = unpack(zip, folder.path());
    let signed = fs::read_to_string(top.join("proof/bundle.txt")).unwrap();
    let document = fs::read(top.join("data/incidents.json")).unwrap();
    let document: serde_json::Value = serde_json::from_slice(&document).unwrap();
    let members = document.as_object().unwrap().keys().cloned().collect();
    let kind = signed.lines().next().unwrap().to_owned();
    (kind, document["format"].clone(), members)
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir(&to).unwrap();
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}
