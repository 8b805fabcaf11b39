//! Questions on the terminal.

use std::io::{self, BufRead, IsTerminal, Write};

use zeroize::Zeroizing;

use crate::exit::Failure;
use crate::interrupt::{self, Echo};

/// Asks for a secret on the terminal itself, without echo, whatever standard input is.
///
/// `option` is what to give where there is no terminal.
pub(crate) fn secret(question: &str, option: &str) -> Result<Zeroizing<String>, Failure> {
    let _echo = Echo::remember();
    match rpassword::prompt_password(format!("{question}: ")) {
        Ok(text) => Ok(Zeroizing::new(text)),
        Err(error) => Err(unanswered(&error, option)),
    }
}

fn unanswered(error: &io::Error, option: &str) -> Failure {
    match error.kind() {
        // A Ctrl-C was typed, and its signal is on its way.
        io::ErrorKind::Interrupted => {
            interrupt::wait();
            Failure::Interrupted
        }
        _ if interrupt::is_pending() => Failure::Interrupted,
        io::ErrorKind::UnexpectedEof => Failure::cannot("nothing was typed: try again"),
        _ => Failure::cannot(format!("there is no terminal to ask on: give {option}")),
    }
}

/// Whether questions can be asked: both ends are a terminal.
pub(crate) fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks for one line; an empty one is an answer. `None` at the end of input.
pub(crate) fn line(question: &str) -> Result<Option<String>, Failure> {
    ask(question)?;
    read_line()
}

/// Asks for lines, up to an empty one.
pub(crate) fn lines(question: &str) -> Result<String, Failure> {
    ask(question)?;
    let mut lines = Vec::new();
    while let Some(line) = read_line()? {
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    Ok(lines.join("\n"))
}

/// Asks a question whose only yes is `yes`.
pub(crate) fn agrees(question: &str) -> Result<bool, Failure> {
    Ok(line(&format!("{question} Type yes to go on: "))?.as_deref() == Some("yes"))
}

fn ask(question: &str) -> Result<(), Failure> {
    let mut out = io::stderr();
    write!(out, "{question}")
        .and_then(|()| out.flush())
        .map_err(|_| Failure::cannot("cannot ask on the terminal: give the options instead"))
}

fn read_line() -> Result<Option<String>, Failure> {
    let mut line = String::new();
    let read = io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|_| Failure::cannot("what was typed is no readable text: try again"))?;
    if read == 0 {
        return Ok(None);
    }
    Ok(Some(line.trim_end_matches(['\n', '\r']).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ctrl_c_is_never_a_terminal_that_is_not_there() {
        let unanswered = |kind| unanswered(&io::Error::from(kind), "--passphrase-file FILE");
        let interrupted = unanswered(io::ErrorKind::Interrupted);
        assert!(matches!(interrupted, Failure::Interrupted));
        for (kind, told) in [
            (io::ErrorKind::UnexpectedEof, "nothing was typed"),
            (io::ErrorKind::NotFound, "no terminal to ask on"),
        ] {
            assert!(matches!(unanswered(kind), Failure::CannotBeDone(line) if line.contains(told)));
        }
    }
}
