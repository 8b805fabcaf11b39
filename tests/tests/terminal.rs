//! Questions on a terminal, which `script` (util-linux) provides.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use diary_tests::{PASSPHRASE, Vault, diary, run};

/// A program on a terminal of its own.
struct Terminal {
    child: Child,
    keys: ChildStdin,
    screen: Receiver<Vec<u8>>,
    seen: String,
}

impl Terminal {
    fn new(shell_command: &str) -> Self {
        let mut child = Command::new("script")
            .args([
                "--quiet",
                "--return",
                "--command",
                shell_command,
                "/dev/null",
            ])
            .env("TERM", "dumb")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("script (util-linux)");
        let mut out = child.stdout.take().unwrap();
        let (sender, screen) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = out.read(&mut buffer) {
                let _ = sender.send(buffer.iter().take(read).copied().collect());
            }
        });
        let keys = child.stdin.take().unwrap();
        Self {
            child,
            keys,
            screen,
            seen: String::new(),
        }
    }

    /// The program on this vault.
    fn diary(vault: &Vault, command: &str, rest: &str) -> Self {
        let program = diary();
        // After `setsid --wait`, which would take the terminal away again.
        let path = program
            .get_args()
            .last()
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        let vault = vault.path();
        Self::new(&format!(
            "TZ='<+05>-5' '{path}' {command} '{}' {rest}",
            vault.display()
        ))
    }

    /// Waits until the screen shows this, then types the answer.
    fn answer(&mut self, question: &str, answer: &str) {
        self.wait_for(question);
        self.keys.write_all(answer.as_bytes()).unwrap();
    }

    /// The same for a secret: the question is on the screen a moment before the echo is off.
    fn answer_unseen(&mut self, question: &str, secret: &str) {
        self.wait_for(question);
        let end = Instant::now() + Duration::from_secs(60);
        while self.shows_what_is_typed() {
            assert!(Instant::now() < end, "«{question}» would show the answer");
            std::thread::sleep(Duration::from_millis(5));
        }
        self.keys.write_all(secret.as_bytes()).unwrap();
    }

    fn shows_what_is_typed(&self) -> bool {
        let script = self.child.id();
        let program = fs::read_to_string(format!("/proc/{script}/task/{script}/children")).unwrap();
        let terminal = format!("/proc/{}/fd/0", program.trim());
        let state = Command::new("stty").args(["-a", "-F", &terminal]).output();
        !String::from_utf8_lossy(&state.unwrap().stdout).contains(" -echo ")
    }

    fn wait_for(&mut self, text: &str) {
        let end = Instant::now() + Duration::from_secs(60);
        while !self.seen.contains(text) {
            let left = end.saturating_duration_since(Instant::now());
            match self.screen.recv_timeout(left) {
                Ok(bytes) => self.seen.push_str(&String::from_utf8_lossy(&bytes)),
                Err(_) => panic!("waited for «{text}» and saw: {}", self.seen),
            }
        }
    }

    /// The exit status and everything that was on the screen.
    fn end(mut self) -> (i32, String) {
        drop(self.keys);
        let status = self.child.wait().unwrap().code().unwrap_or(-1);
        while let Ok(bytes) = self.screen.recv_timeout(Duration::from_secs(5)) {
            self.seen.push_str(&String::from_utf8_lossy(&bytes));
        }
        (status, self.seen)
    }
}

fn list(vault: &Path, passphrase: &Path) -> String {
    let arguments = [
        "list".as_ref(),
        vault,
        "--passphrase-file".as_ref(),
        passphrase,
    ];
    run(arguments).done().out
}

#[test]
fn init_asks_twice_without_echo() {
    let vault = Vault::new();
    let new = vault.beside("new");
    let path = diary()
        .get_args()
        .last()
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned();
    let start = || Terminal::new(&format!("'{path}' init '{}' --kdf floor", new.display()));

    let mut terminal = start();
    terminal.answer_unseen("New passphrase", &format!("{PASSPHRASE}\r"));
    terminal.answer_unseen("once more", "something else entirely here\r");
    let (status, screen) = terminal.end();
    assert_eq!(status, 1, "{screen}");
    assert!(screen.contains("differ"), "{screen}");
    assert!(!new.exists());

    let mut terminal = start();
    terminal.answer_unseen("New passphrase", "arman 1990\r");
    let (status, screen) = terminal.end();
    assert_eq!(status, 1, "{screen}");
    assert!(
        screen.contains("--weak") && !screen.contains("arman"),
        "{screen}"
    );
    assert!(!new.exists());

    let mut terminal = start();
    terminal.answer_unseen("New passphrase", &format!("{PASSPHRASE}\r"));
    terminal.answer_unseen("once more", &format!("{PASSPHRASE}\r"));
    let (status, screen) = terminal.end();
    assert_eq!(status, 0, "{screen}");
    assert!(!screen.contains("arman"), "{screen}");
    assert_eq!(list(&new, &vault.passphrase_file()), "");
}

#[test]
fn add_alone_asks_what_happened() {
    let vault = Vault::new();
    let mut terminal = Terminal::diary(&vault, "add", "");
    terminal.answer_unseen("Passphrase", &format!("{PASSPHRASE}\r"));
    terminal.answer("What happened?", "Бірінші жол\rекінші жол\r\r");
    terminal.answer("When?", "2026-10-03T21:15\r");
    terminal.answer("Where?", "Двор\r");
    terminal.answer("What kind?", "waiting, threat\r");
    let (status, screen) = terminal.end();
    assert_eq!(status, 0, "{screen}");
    let incident = &vault.show("#1")["incident"];
    assert_eq!(incident["narrative"], "Бірінші жол\nекінші жол");
    assert_eq!(incident["occurred"]["from"], "2026-10-03T21:15+05:00");
    assert_eq!(incident["place"]["text"], "Двор");
    assert_eq!(
        incident["behaviours"],
        serde_json::json!(["waiting", "threat"])
    );
}

#[test]
fn export_shows_what_leaves_and_asks_again() {
    let vault = Vault::new();
    vault.add_simple("2026-10-03", "n");
    let out = vault.beside("a.zip");
    let rest = format!("--out '{}'", out.display());
    let mut terminal = Terminal::diary(&vault, "export", &rest);
    terminal.answer_unseen("Passphrase", &format!("{PASSPHRASE}\r"));
    terminal.wait_for("1 of 1 incident");
    terminal.answer("Type yes", "yes\r");
    terminal.answer_unseen("Passphrase again", "not the passphrase at all\r");
    let (status, screen) = terminal.end();
    assert_eq!(status, 1, "{screen}");
    assert!(!out.exists());

    let mut terminal = Terminal::diary(&vault, "export", &format!("{rest} --plain"));
    terminal.answer_unseen("Passphrase", &format!("{PASSPHRASE}\r"));
    terminal.answer_unseen("Passphrase again", &format!("{PASSPHRASE}\r"));
    let (status, screen) = terminal.end();
    assert_eq!(status, 0, "{screen}");
    assert!(out.exists());
}

#[test]
fn a_bundle_in_clear_is_written_after_a_yes_alone() {
    let vault = Vault::new();
    vault.add_simple("2026-10-03", "n");
    let (out, file) = (vault.beside("a.zip"), vault.passphrase_file());
    let rest = format!(
        "--out '{}' --passphrase-file '{}'",
        out.display(),
        file.display()
    );
    for (answer, status) in [("\r", 1), ("y\r", 1), ("yes\r", 0)] {
        let mut terminal = Terminal::diary(&vault, "export", &rest);
        terminal.wait_for("whoever finds or copies it can read it");
        terminal.answer("Type yes", answer);
        let (ended, screen) = terminal.end();
        assert_eq!(ended, status, "{screen}");
        assert_eq!(out.exists(), status == 0);
    }
    // What is encrypted needs no such question.
    let sealed = vault.beside("b.zip");
    let rest = format!(
        "--out '{}' --passphrase-file '{}' --zip",
        sealed.display(),
        file.display()
    );
    let (ended, screen) = Terminal::diary(&vault, "export", &rest).end();
    assert_eq!(ended, 0, "{screen}");
    assert!(!screen.contains("Type yes"), "{screen}");
}

#[test]
fn erase_asks_and_only_yes_is_yes() {
    let vault = Vault::new();
    vault.add_simple("2026-10-03", "kept");
    let file = vault.passphrase_file();
    let rest = format!("'#1' --passphrase-file '{}'", file.display());
    for (answer, status) in [("y\r", 1), ("\r", 1), ("yes\r", 0)] {
        assert_eq!(vault.show("#1")["erased"], false);
        let mut terminal = Terminal::diary(&vault, "erase", &rest);
        terminal.answer("Type yes", answer);
        let (ended, screen) = terminal.end();
        assert_eq!(ended, status, "{screen}");
    }
    assert_eq!(vault.show("#1")["erased"], true);
}

#[test]
fn ctrl_c_at_the_passphrase_gives_the_echo_back() {
    let vault = Vault::new();
    let path = diary()
        .get_args()
        .last()
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned();
    let line = format!(
        "trap : INT; '{path}' list '{}'; echo ended $?; stty --all",
        vault.path().display()
    );
    let mut terminal = Terminal::new(&line);
    terminal.answer_unseen("Passphrase", "\x03");
    terminal.wait_for("ended");
    let (_, screen) = terminal.end();
    let settings = screen.split("ended").nth(1).unwrap();
    assert!(!settings.trim_start().starts_with('0'), "{screen}");
    assert!(
        settings.contains(" echo ") && settings.contains(" icanon "),
        "{screen}"
    );
}

#[test]
fn a_passphrase_on_standard_input_is_refused_when_that_is_the_terminal() {
    let vault = Vault::new();
    let terminal = Terminal::diary(&vault, "list", "--passphrase-file -");
    let (status, screen) = terminal.end();
    assert_eq!(status, 2, "{screen}");
}
