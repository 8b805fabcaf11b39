//! What a command prints, and where to.

use std::io::{self, IsTerminal, Write};

use serde_json::{Map, Value};

use crate::exit::Failure;
use crate::output::json;
use crate::progress::Bar;

/// Standard output and standard error, in the form that was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Console {
    json: bool,
    quiet: bool,
}

impl Console {
    /// `json`: one document; `quiet`: no progress and no notes.
    pub(crate) fn new(json: bool, quiet: bool) -> Self {
        Self { json, quiet }
    }

    /// Whether JSON was asked for.
    pub(crate) fn is_json(self) -> bool {
        self.json
    }

    /// Whether standard output is a terminal, where raw characters could do something.
    pub(crate) fn is_terminal(self) -> bool {
        io::stdout().is_terminal()
    }

    /// The members as a JSON document, or else the text.
    pub(crate) fn answer(
        self,
        members: impl FnOnce() -> Value,
        text: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        if self.json {
            self.write(json::document(members()).as_bytes())
        } else {
            self.write(text().as_bytes())
        }
    }

    /// As [`Console::answer`] on one line, and out of every buffer when it returns.
    pub(crate) fn answer_line(
        self,
        members: Map<String, Value>,
        text: &str,
    ) -> Result<(), Failure> {
        if self.json {
            self.write(json::line(members).as_bytes())
        } else {
            self.write(format!("{text}\n").as_bytes())
        }
    }

    /// The failure of a verdict that was printed: its JSON is the whole answer.
    pub(crate) fn verdict(self, line: &str) -> Failure {
        if self.json {
            Failure::Told
        } else {
            Failure::refused(line)
        }
    }

    /// Bytes as they are, flushed.
    pub(crate) fn write(self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        let written = out.write_all(bytes).and_then(|()| out.flush());
        written.map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::ClosedPipe { done: true },
            _ => Failure::cannot("cannot write to standard output: check where it goes"),
        })
    }

    /// A remark beside the answer; nothing with `--quiet`.
    pub(crate) fn note(self, line: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr(), "{line}");
        }
    }

    /// What a question is about; shown even with `--quiet`, because it is answered blindly else.
    pub(crate) fn before_asking(self, text: &str) {
        let _ = write!(io::stderr(), "{text}");
    }

    /// Something she must know, whatever the options.
    pub(crate) fn warn(self, line: &str) {
        crate::exit::say(&format!("warning: {line}"));
    }

    /// The bar of a long work.
    pub(crate) fn bar(self, word: &'static str) -> Bar {
        Bar::new(word, self.quiet)
    }
}
