//! The built program.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::Answer;

/// The program, ready for arguments: without a terminal of its own, so that a question ends with
/// an error instead of waiting for somebody, and in a known zone.
#[must_use]
pub fn diary() -> Command {
    // A session of its own has no terminal: /dev/tty cannot be opened in it.
    let mut command = Command::new("setsid");
    command
        .args(["--wait".as_ref(), path().as_os_str()])
        .stdin(Stdio::null())
        .env_clear()
        // UTC+5 in the form that needs no zone files.
        .env("TZ", "<+05>-5")
        .env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

/// Runs it with arguments and nothing on standard input.
pub fn run<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Answer {
    let output = diary().args(arguments).output();
    output.expect("setsid (util-linux) runs the program").into()
}

/// Runs it with these bytes on standard input.
pub fn run_with_input<A: AsRef<OsStr>>(
    arguments: impl IntoIterator<Item = A>,
    input: &[u8],
) -> Answer {
    let mut child = diary()
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("setsid (util-linux) runs the program");
    let mut stdin = child.stdin.take().expect("it was piped");
    let input = input.to_vec();
    // It may stop reading early; then there is nobody to tell the rest.
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().expect("it ends");
    writer.join().expect("the writer ends");
    output.into()
}

/// Where the program is: `DIARY_BIN`, or beside the test, freshly built.
pub(crate) fn path() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| match std::env::var_os("DIARY_BIN") {
        Some(path) => std::path::absolute(path).expect("the current folder exists"),
        None => built(),
    })
}

fn built() -> PathBuf {
    let test = std::env::current_exe().expect("the test knows where it is");
    // target/debug/deps/name-hash
    let profile = test
        .ancestors()
        .nth(2)
        .expect("tests lie in target/PROFILE/deps");
    let program = profile.join("diary");
    if let Some(cargo) = std::env::var_os("CARGO") {
        let mut build = Command::new(cargo);
        build.args(["build", "--quiet", "--locked", "--package", "diary-cli"]);
        build
            .arg("--target-dir")
            .arg(profile.parent().expect("target/PROFILE"));
        if profile.ends_with("release") {
            build.arg("--release");
        }
        let status = build.status().expect("cargo runs");
        assert!(status.success(), "the program does not build");
    }
    assert!(
        program.is_file(),
        "run the tests with cargo, or set DIARY_BIN"
    );
    program
}
