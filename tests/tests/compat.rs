//! What earlier versions wrote: `tests/compat` has a vault, a backup and a bundle of each format, and one with a second diary.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::fs;
use std::path::{Path, PathBuf};

use diary_tests::{Answer, Vault, run, unpack, verify};

/// What stands in the second diary.
const DECOY: &str = "Пирог с яблоками.";

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

    fn holds(&self, name: &str) -> bool {
        self.path(name).exists()
    }

    fn run(&self, command: &str, vault: &str, rest: &[&str]) -> Answer {
        self.run_with("passphrase", command, vault, rest)
    }

    fn run_with(&self, secret: &str, command: &str, vault: &str, rest: &[&str]) -> Answer {
        let (vault, secret) = (self.path(vault), self.path(secret));
        let mut arguments = vec![command, vault.to_str().unwrap()];
        arguments.extend(rest);
        arguments.extend(["--passphrase-file", secret.to_str().unwrap()]);
        run(arguments)
    }

    /// With this passphrase nothing of the vault is damaged, and nothing is to be said of it.
    fn is_sound(&self, secret: &str, vault: &str) {
        let answer = self.run_with(secret, "check", vault, &["--json"]);
        let check = answer.done().json();
        assert_eq!(check["sound"], true, "{}: {check:#}", self.name);
        let findings = check["findings"].as_array().unwrap();
        assert!(!findings.is_empty(), "{check:#}");
        let bad = findings.iter().find(|finding| finding["level"] != "ok");
        assert_eq!(bad, None, "{}: {check:#}", self.name);
    }

    /// The second diary of the vault, if it has one, is there too.
    fn decoy_is_whole(&self, vault: &str, incidents: &[&str]) {
        if !self.holds("decoy-passphrase") {
            return;
        }
        self.is_sound("decoy-passphrase", vault);
        let list = self.run_with("decoy-passphrase", "list", vault, &["--json"]);
        let list = list.done().json();
        let list = list["incidents"].as_array().unwrap();
        let titles: Vec<_> = list
            .iter()
            .map(|one| one["title"].as_str().unwrap())
            .collect();
        assert_eq!(titles, incidents, "{}", self.name);
    }

    /// Sets what the file of the passphrase holds now, with the recovery code.
    fn recover(&self, code: &str, passphrase: &str) {
        let [vault, code, new] = ["vault", code, passphrase].map(|name| self.path(name));
        let recover = ["recover", vault.to_str().unwrap(), "--recovery-file"].map(Path::new);
        let rest = [&code, Path::new("--new-passphrase-file"), &new];
        let _ = run(recover.iter().chain(&rest)).done();
    }

    /// Everything that was written is in this vault.
    fn is_whole(&self, vault: &str) {
        self.is_sound("passphrase", vault);
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
        old.is_sound("passphrase", "vault");
    }
}

/// Some format's sample has a second diary: each is written on, and neither harms the other.
#[test]
fn an_old_second_diary_opens_whole_and_is_written_on() {
    let with_decoy: Vec<_> = Old::all()
        .into_iter()
        .filter(|old| old.holds("decoy-passphrase"))
        .collect();
    assert!(!with_decoy.is_empty());
    for old in with_decoy {
        let secret = "decoy-passphrase";
        old.decoy_is_whole("vault", &[DECOY]);
        let _ = old.run("add", "vault", &["--text", "today"]).done();
        old.decoy_is_whole("vault", &[DECOY]);
        let _ = old
            .run_with(secret, "add", "vault", &["--text", "groceries"])
            .done();
        old.decoy_is_whole("vault", &["groceries", DECOY]);
        old.is_sound("passphrase", "vault");

        fs::write(old.path(secret), "another apple garden window\n").unwrap();
        old.recover("decoy-recovery-code", secret);
        old.decoy_is_whole("vault", &["groceries", DECOY]);
        old.is_sound("passphrase", "vault");
    }
}

#[test]
fn its_recovery_code_opens_it() {
    for old in Old::all() {
        fs::write(old.path("passphrase"), "another arman lamp violet\n").unwrap();
        old.recover("recovery-code", "passphrase");
        old.is_whole("vault");
        old.decoy_is_whole("vault", &[DECOY]);
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
        old.decoy_is_whole("restored", &[DECOY]);
    }
}

#[test]
fn an_old_bundle_verifies_with_its_code() {
    let with_bundle: Vec<_> = Old::all()
        .into_iter()
        .filter(|old| old.holds("bundle.zip"))
        .collect();
    assert!(!with_bundle.is_empty());
    for old in with_bundle {
        let code = ["--fingerprint", old.text("code").trim()].map(str::to_owned);
        let verdict = verify(&old.path("bundle.zip"), &[&code[0], &code[1]]);
        assert_eq!(verdict["sound"], true, "{}: {verdict:#}", old.name);
        assert_eq!(verdict["anchor"], "fingerprint");
        assert_eq!(verdict["covered"].as_array().unwrap().len(), 6);
        // Of a draft, other reports and checkers are not kept: that they could not be compared is said.
        let draft = old.name.starts_with("draft-");
        let findings = verdict["findings"].as_array().unwrap();
        let bad = findings.iter().find(|finding| {
            let not_compared = ["reports", "verify-files"].map(|check| finding["check"] == check);
            finding["level"] != "ok" && !(draft && not_compared.contains(&true))
        });
        assert_eq!(bad, None, "{}: {verdict:#}", old.name);
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
