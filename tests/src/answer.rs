//! What one run of the program came to.

use std::os::unix::process::ExitStatusExt;
use std::process::Output;

use serde_json::Value;

/// Status, standard output and standard error.
#[derive(Debug)]
pub struct Answer {
    /// The exit status; the negative number of the signal that ended it.
    pub status: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl From<Output> for Answer {
    fn from(output: Output) -> Self {
        let signal = || output.status.signal().map(|signal| -signal);
        Self {
            status: output.status.code().or_else(signal).expect("it has ended"),
            out: String::from_utf8(output.stdout).expect("standard output is UTF-8"),
            err: String::from_utf8(output.stderr).expect("standard error is UTF-8"),
        }
    }
}

impl Answer {
    /// It must have worked.
    #[must_use]
    pub fn done(self) -> Self {
        assert_eq!(self.status, 0, "{self:?}");
        self
    }

    /// It must have been refused: status 1 and one line.
    #[must_use]
    pub fn refused(self) -> Self {
        self.failed(1)
    }

    /// It must have been impossible: status 2 and one line.
    #[must_use]
    pub fn impossible(self) -> Self {
        self.failed(2)
    }

    /// The line of the error, without `diary: `.
    #[must_use]
    pub fn error(&self) -> &str {
        let line = self.err.lines().next().unwrap_or_default();
        line.strip_prefix("diary: ")
            .unwrap_or_else(|| panic!("no error line: {self:?}"))
    }

    /// The one JSON document of standard output.
    #[must_use]
    pub fn json(&self) -> Value {
        let value: Value =
            serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        assert_eq!(value["format"], 1, "{value}");
        value
    }

    /// A text member of the JSON document.
    #[must_use]
    pub fn text(&self, name: &str) -> String {
        let json = self.json();
        let text = json[name].as_str();
        text.unwrap_or_else(|| panic!("no text {name}: {json}"))
            .to_owned()
    }

    /// Standard output without the line ending.
    #[must_use]
    pub fn line(&self) -> &str {
        let line = self
            .out
            .strip_suffix('\n')
            .unwrap_or_else(|| panic!("no line: {self:?}"));
        assert!(!line.contains('\n'), "more than a line: {self:?}");
        line
    }

    fn failed(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        let lines: Vec<&str> = self.err.lines().collect();
        assert!(
            (1..=2).contains(&lines.len()),
            "one line, a second at most: {self:?}"
        );
        let error = self.error();
        assert!(error.contains(": "), "what is wrong: what to do: {self:?}");
        for noise in ["panicked", "backtrace", "RUST_BACKTRACE", "src/"] {
            assert!(!self.err.contains(noise), "{self:?}");
        }
        self
    }
}
