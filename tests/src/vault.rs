//! A vault for one test.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{Answer, run, run_with_input};

/// The passphrase of every test vault.
pub const PASSPHRASE: &str = "тест arman lamp violet seven";

/// A vault in a folder that vanishes with it.
pub struct Vault {
    folder: TempDir,
    recovery_code: String,
}

impl Vault {
    /// A new one, with the KDF at its floor.
    #[must_use]
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let passphrase = folder.path().join("passphrase");
        fs::write(&passphrase, format!("{PASSPHRASE}\n")).expect("the folder is writable");
        let mut vault = Self {
            folder,
            recovery_code: String::new(),
        };
        let answer = run([
            "init".as_ref(),
            vault.path().as_os_str(),
            "--kdf".as_ref(),
            "floor".as_ref(),
            "--json".as_ref(),
            "--new-passphrase-file".as_ref(),
            passphrase.as_os_str(),
        ]);
        vault.recovery_code = answer.done().text("recovery_code");
        vault
    }

    /// The folder of the vault.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("vault")
    }

    /// The file its passphrase is in.
    #[must_use]
    pub fn passphrase_file(&self) -> PathBuf {
        self.folder.path().join("passphrase")
    }

    /// What `init` printed.
    #[must_use]
    pub fn recovery_code(&self) -> &str {
        &self.recovery_code
    }

    /// A path beside the vault.
    #[must_use]
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A file beside the vault.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.beside(name);
        fs::write(&path, content).expect("the folder is writable");
        path
    }

    /// All arguments for a command, such as `list` or `draft show`, on this vault.
    #[must_use]
    pub fn arguments(&self, command: &str, rest: &[&str]) -> Vec<OsString> {
        let mut arguments: Vec<OsString> = command.split(' ').map(Into::into).collect();
        arguments.push(self.path().into());
        arguments.extend(rest.iter().map(Into::into));
        arguments.push("--passphrase-file".into());
        arguments.push(self.passphrase_file().into());
        arguments
    }

    /// Runs a command on this vault with its passphrase.
    pub fn run(&self, command: &str, rest: &[&str]) -> Answer {
        run(self.arguments(command, rest))
    }

    /// The same with something on standard input.
    pub fn run_with_input(&self, command: &str, rest: &[&str], input: &str) -> Answer {
        run_with_input(self.arguments(command, rest), input.as_bytes())
    }

    /// Records an incident; its id.
    pub fn add(&self, incident: &Value) -> String {
        let input = incident.to_string();
        let answer = self.run_with_input("add", &["--file", "-"], &input).done();
        answer.line().to_owned()
    }

    /// Records a narrative that happened on a day; its id.
    pub fn add_simple(&self, day: &str, narrative: &str) -> String {
        self.add(&incident(day, narrative))
    }

    /// Attaches a file with this content; its item id.
    pub fn attach(&self, incident: &str, name: &str, content: &[u8]) -> String {
        let file = self.file(name, content);
        let answer = self
            .run("attach", &[incident, text(&file), "--json"])
            .done();
        let json = answer.json();
        json["items"][0]["item"]
            .as_str()
            .expect("an item id")
            .to_owned()
    }

    /// What `show --json` prints.
    pub fn show(&self, id: &str) -> Value {
        self.run("show", &[id, "--json"]).done().json()
    }

    /// What `list --json` prints.
    pub fn list(&self, rest: &[&str]) -> Value {
        let arguments: Vec<&str> = rest.iter().copied().chain(["--json"]).collect();
        self.run("list", &arguments).done().json()
    }

    /// The numbers of the incidents that `list` finds, in its order.
    pub fn numbers(&self, rest: &[&str]) -> Vec<u64> {
        let json = self.list(rest);
        let incidents = json["incidents"].as_array().expect("a list");
        incidents
            .iter()
            .filter_map(|incident| incident["number"].as_u64())
            .collect()
    }

    /// Exports everything with all originals; the bundle and the code.
    pub fn export(&self, name: &str, rest: &[&str]) -> (PathBuf, String) {
        let out = self.beside(name);
        let mut arguments = vec!["--out", text(&out), "--json"];
        arguments.extend(rest);
        let answer = self.run("export", &arguments).done();
        (out.clone(), answer.text("fingerprint"))
    }

    /// The bytes of every file of the vault, by name.
    #[must_use]
    pub fn stored(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![self.path()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("the folder is readable") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else if let Ok(bytes) = fs::read(&path) {
                    files.push((path, bytes));
                }
            }
        }
        files
    }
}

impl Default for Vault {
    fn default() -> Self {
        Self::new()
    }
}

/// The smallest incident: a day and a narrative.
#[must_use]
pub fn incident(day: &str, narrative: &str) -> Value {
    json!({ "occurred": { "from": day, "precision": "day" }, "narrative": narrative })
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}
