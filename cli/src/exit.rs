//! How a command ends when it does not end well: one line on standard error, and the status.

use std::io::{self, Write};

use diary_core::Class;

/// Why a command stopped.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The input or the state does not allow it. Status 1.
    Refused(String),
    /// The verdict is no; the JSON on standard output has said so. Status 1.
    Told,
    /// It could not be done at all: unreadable, no vault, disk full, usage. Status 2.
    CannotBeDone(String),
    /// Whoever read standard output has gone; nothing is said.
    ClosedPipe {
        /// Whether the work itself was done, and only the printing was not.
        done: bool,
    },
    /// A signal asked to stop, and what was running has put itself away.
    Interrupted,
}

impl Failure {
    /// `what is wrong: what to do`, without any text of hers.
    pub(crate) fn refused(line: impl Into<String>) -> Self {
        Self::Refused(line.into())
    }

    /// `what is wrong: what to do`, without any text of hers.
    pub(crate) fn cannot(line: impl Into<String>) -> Self {
        Self::CannotBeDone(line.into())
    }

    /// The same failure, with the place it happened in front.
    pub(crate) fn at(self, place: &str) -> Self {
        match self {
            Self::Refused(line) => Self::Refused(format!("{place}: {line}")),
            Self::CannotBeDone(line) => Self::CannotBeDone(format!("{place}: {line}")),
            other => other,
        }
    }

    /// For a command of several steps: if the pipe closed in between, the rest was not done.
    pub(crate) fn before_the_end(self) -> Self {
        match self {
            Self::ClosedPipe { .. } => Self::ClosedPipe { done: false },
            other => other,
        }
    }

    /// For a recovery code, which is shown once: nobody saw it, and what it was made for is done.
    pub(crate) fn code_unseen(self, done: &str) -> Self {
        self.secret_unseen(&format!(
            "{done}, but the recovery code could not be shown: make a new one with `diary passphrase --rotate`"
        ))
    }

    /// The same for the passphrase of a bundle.
    pub(crate) fn passphrase_unseen(self) -> Self {
        self.secret_unseen(
            "the bundle was written, but its passphrase could not be shown: delete it, and export again",
        )
    }

    fn secret_unseen(self, told: &str) -> Self {
        match self {
            Self::CannotBeDone(_) => Self::cannot(told),
            other => other,
        }
    }

    /// The exit status of the contract.
    pub(crate) fn status(&self) -> u8 {
        match self {
            Self::ClosedPipe { done: true } => 0,
            Self::Refused(_) | Self::Told => 1,
            Self::CannotBeDone(_) | Self::ClosedPipe { done: false } | Self::Interrupted => 2,
        }
    }

    /// Says it, unless nobody is there to read it.
    pub(crate) fn report(&self) {
        match self {
            Self::Refused(line) | Self::CannotBeDone(line) => say(line),
            Self::Interrupted => say("interrupted: what was acknowledged is kept"),
            Self::ClosedPipe { .. } | Self::Told => {}
        }
    }
}

impl From<diary_core::Error> for Failure {
    fn from(error: diary_core::Error) -> Self {
        // The library stops early only because it was told to.
        if crate::interrupt::is_pending() {
            return Self::Interrupted;
        }
        match error.class() {
            Class::Refused => Self::Refused(error.to_string()),
            Class::CannotBeDone => Self::CannotBeDone(error.to_string()),
        }
    }
}

impl From<diary_core::incident::FieldError> for Failure {
    fn from(error: diary_core::incident::FieldError) -> Self {
        // No field is to blame, so nothing else says where to look.
        let is_about_all = error.path().is_empty();
        match diary_core::Error::from(error).into() {
            Self::Refused(line) if is_about_all && !line.contains(": ") => {
                Self::Refused(format!("{line}: compare it with `diary schema`"))
            }
            failure => failure,
        }
    }
}

impl From<diary_core::vault::SecretError> for Failure {
    fn from(error: diary_core::vault::SecretError) -> Self {
        diary_core::Error::from(error).into()
    }
}

/// One line on standard error. If that is closed there is nowhere left to complain.
pub(crate) fn say(line: &str) {
    let line: String = line
        .chars()
        .map(|c| if c == '\n' { ' ' } else { c })
        .collect();
    let _ = writeln!(io::stderr(), "diary: {line}");
}

/// What an error of the system means to her, without the path she chose.
pub(crate) fn reason(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file",
        io::ErrorKind::PermissionDenied => "permission denied",
        io::ErrorKind::AlreadyExists => "it exists already",
        io::ErrorKind::IsADirectory => "it is a folder",
        io::ErrorKind::NotADirectory => "a part of the path is no folder",
        io::ErrorKind::StorageFull => "the disk is full",
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only",
        io::ErrorKind::InvalidData => "it is not UTF-8",
        _ => "an input/output error",
    }
}

/// A panic is a defect of the program: one calm line, no backtrace, status 2.
pub(crate) fn install_panic_hook() {
    std::panic::set_hook(Box::new(|info| {
        // Only places inside this project: others would name folders of the building machine.
        let place = info
            .location()
            .filter(|location| !location.file().starts_with(['/', '\\']))
            .map(|location| format!(" ({}:{})", location.file(), location.line()))
            .unwrap_or_default();
        say(&format!(
            "a defect in the program{place}: what was acknowledged is kept; please report it"
        ));
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_those_of_the_contract() {
        assert_eq!(Failure::refused("x").status(), 1);
        assert_eq!(Failure::Told.status(), 1);
        assert_eq!(Failure::cannot("x").status(), 2);
        assert_eq!(Failure::ClosedPipe { done: true }.status(), 0);
        let midway = Failure::ClosedPipe { done: true }.before_the_end();
        assert_eq!(midway.status(), 2);
    }

    #[test]
    fn a_place_goes_in_front_and_keeps_the_status() {
        let failure = Failure::refused("people[1].role: unknown code").at("line 5");
        assert_eq!(failure.status(), 1);
        let Failure::Refused(line) = failure else {
            panic!("the kind changed");
        };
        assert_eq!(line, "line 5: people[1].role: unknown code");
    }
}
