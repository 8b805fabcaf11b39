//! Passphrases and recovery codes: from the terminal, a file, or standard input; never from an
//! argument. Buffers are wiped.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::PathBuf;

use diary_core::vault::{NewPassphrase, Passphrase, RecoveryCode};
use zeroize::Zeroizing;

use crate::args::Source;
use crate::console::Console;
use crate::exit::{Failure, reason};
use crate::{guessing, terminal};

/// The longest first line of a secret file, in bytes. The library has limits of its own; this one
/// only keeps a wrong file from being read whole.
const LONGEST: usize = 4096;

/// UTF-8 BOM, which editors on Windows put in front and nobody sees.
const BOM: [u8; 3] = [0xEF, 0xBB, 0xBF];

/// The bytes of a secret.
pub(crate) type Bytes = Zeroizing<Vec<u8>>;

/// How the passphrase that opens a vault is had once more, for an export.
pub(crate) enum Again {
    /// Ask on the terminal.
    Ask,
    /// Read the file once more.
    Read(PathBuf),
    /// It came through a pipe, which holds it only once.
    Reuse(Bytes),
}

/// The passphrase that opens, and how to have it again.
pub(crate) fn opening(source: Option<&Source>) -> Result<(Passphrase, Again), Failure> {
    const OPTION: &str = "--passphrase-file";
    let Some(source) = source else {
        let typed = terminal::secret("Passphrase", "--passphrase-file FILE")?;
        return Ok((Passphrase::new(typed.as_bytes())?, Again::Ask));
    };
    let bytes = read(source, OPTION)?;
    let passphrase = Passphrase::new(&bytes)?;
    let again = match source {
        Source::File(path) if path.is_file() => Again::Read(path.clone()),
        _ => Again::Reuse(bytes),
    };
    Ok((passphrase, again))
}

/// The same passphrase once more.
pub(crate) fn again(again: &Again) -> Result<Passphrase, Failure> {
    match again {
        Again::Ask => {
            let typed = terminal::secret(
                "Passphrase again, to let this leave",
                "--passphrase-file FILE",
            )?;
            Ok(Passphrase::new(typed.as_bytes())?)
        }
        Again::Read(path) => {
            let bytes = read(&Source::File(path.clone()), "--passphrase-file")?;
            Ok(Passphrase::new(&bytes)?)
        }
        Again::Reuse(bytes) => Ok(Passphrase::new(bytes)?),
    }
}

/// What becomes of a passphrase that is guessed easily.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum IfWeak {
    /// It is not set.
    Refused,
    /// It is not set if she types it. From a file it is, and she is told: a script that makes vaults
    /// must not stop, and the file can hold what a program chose.
    RefusedWhenTyped,
    /// It is set, and she is told what it means.
    Told,
}

impl IfWeak {
    /// For a passphrase that takes the place of another.
    pub(crate) fn refused_unless(weak: bool) -> Self {
        if weak { Self::Told } else { Self::Refused }
    }

    /// For the first passphrase, and for one after the old one was lost.
    pub(crate) fn refused_when_typed_unless(weak: bool) -> Self {
        if weak {
            Self::Told
        } else {
            Self::RefusedWhenTyped
        }
    }
}

/// A passphrase to set; typed twice.
pub(crate) fn setting(
    console: Console,
    source: Option<&Source>,
    if_weak: IfWeak,
) -> Result<NewPassphrase, Failure> {
    let question = "New passphrase (four words or more)";
    set(console, source, if_weak, question, "--new-passphrase-file")
}

/// The passphrase of a second diary; typed twice.
pub(crate) fn decoy(
    console: Console,
    source: Option<&Source>,
    if_weak: IfWeak,
) -> Result<NewPassphrase, Failure> {
    let question = "Passphrase of the second diary (another one, four words or more)";
    set(
        console,
        source,
        if_weak,
        question,
        "--decoy-passphrase-file",
    )
}

fn set(
    console: Console,
    source: Option<&Source>,
    if_weak: IfWeak,
    question: &str,
    option: &str,
) -> Result<NewPassphrase, Failure> {
    if let Some(source) = source {
        let refused = if_weak == IfWeak::Refused;
        return strong_enough(console, &read(source, option)?, refused);
    }
    let instead = format!("{option} FILE");
    let typed = terminal::secret(question, &instead)?;
    // Refused before it is typed a second time.
    let refused = if_weak != IfWeak::Told;
    let passphrase = strong_enough(console, typed.as_bytes(), refused)?;
    let second = terminal::secret("The same once more", &instead)?;
    if typed.as_bytes() != second.as_bytes() {
        return Err(Failure::refused(
            "the two passphrases differ: nothing was changed; try again",
        ));
    }
    Ok(passphrase)
}

fn strong_enough(console: Console, utf8: &[u8], refused: bool) -> Result<NewPassphrase, Failure> {
    let passphrase = NewPassphrase::even_if_weak(utf8)?;
    match passphrase.weakness() {
        None => Ok(passphrase),
        Some(weakness) if refused => Err(Failure::refused(format!("{weakness}, or add --weak"))),
        Some(weakness) => {
            console.warn(&weakness.to_string());
            console.warn(guessing::line(weakness));
            Ok(passphrase)
        }
    }
}

/// The passphrase of a file that goes to somebody else. A weak one is taken, and said to be weak: it
/// may have been agreed on by telephone.
pub(crate) fn to_send(console: Console, source: &Source) -> Result<Bytes, Failure> {
    let bytes = read(source, "--age-passphrase-file")?;
    if let Some(weakness) = NewPassphrase::even_if_weak(&bytes)?.weakness() {
        console.warn(&format!("--age-passphrase-file: {weakness}"));
    }
    Ok(bytes)
}

/// The recovery code.
pub(crate) fn recovery(source: Option<&Source>) -> Result<RecoveryCode, Failure> {
    if let Some(source) = source {
        return Ok(RecoveryCode::parse(&read(source, "--recovery-file")?)?);
    }
    let typed = terminal::secret("Recovery code", "--recovery-file FILE")?;
    Ok(RecoveryCode::parse(typed.as_bytes())?)
}

/// The first line of a file or of standard input.
fn read(source: &Source, option: &str) -> Result<Bytes, Failure> {
    let unreadable =
        |error: io::Error| Failure::cannot(format!("{option}: {}: check the file", reason(&error)));
    let line = match source {
        Source::File(path) => first_line(&mut File::open(path).map_err(unreadable)?),
        Source::StandardInput if io::stdin().is_terminal() => {
            return Err(Failure::cannot(format!(
                "{option} -: standard input is the terminal and would show it: leave {option} \
                 out to be asked"
            )));
        }
        Source::StandardInput => first_line(&mut unbuffered_standard_input()?),
    };
    check(line.map_err(unreadable)?, option)
}

/// Bytes up to the first LF, without it and without a CR before it; `None` if that is too long.
fn first_line(input: &mut dyn Read) -> io::Result<Option<Bytes>> {
    // Made once at full size: growing would leave copies behind.
    let mut line = Zeroizing::new(Vec::with_capacity(LONGEST));
    let mut byte = Zeroizing::new([0u8; 1]);
    loop {
        match input.read(byte.as_mut()) {
            Ok(0) => break,
            Ok(_) if byte.first() == Some(&b'\n') => break,
            Ok(_) if line.len() == LONGEST => return Ok(None),
            Ok(_) => line.extend_from_slice(byte.as_ref()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(Some(line))
}

fn check(line: Option<Bytes>, option: &str) -> Result<Bytes, Failure> {
    let problem = match &line {
        None => "its first line is too long to be a secret: check the file",
        Some(line) if line.starts_with(&BOM) => {
            "it begins with a byte order mark: save it as UTF-8 without one"
        }
        Some(line) if line.is_empty() => "its first line is empty: put the secret there",
        Some(line) if std::str::from_utf8(line).is_err() => "it is not UTF-8: save it as UTF-8",
        Some(_) => "",
    };
    match line {
        Some(line) if problem.is_empty() => Ok(line),
        _ => Err(Failure::refused(format!("{option}: {problem}"))),
    }
}

/// Standard input without the buffer of the standard library, which is never wiped.
#[cfg(unix)]
fn unbuffered_standard_input() -> Result<File, Failure> {
    use std::os::fd::AsFd;
    let descriptor = io::stdin().as_fd().try_clone_to_owned();
    descriptor
        .map(File::from)
        .map_err(|_| Failure::cannot("standard input is closed: give a file"))
}

#[cfg(not(unix))]
fn unbuffered_standard_input() -> Result<io::Stdin, Failure> {
    Ok(io::stdin())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn from_file(content: &[u8]) -> Result<Vec<u8>, Failure> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(content).unwrap();
        read(&Source::File(file.path().to_owned()), "--passphrase-file").map(|bytes| bytes.to_vec())
    }

    #[test]
    fn the_first_line_is_the_secret() {
        for content in ["а б в", "а б в\n", "а б в\r\n", "а б в\nsecond\n"] {
            assert_eq!(from_file(content.as_bytes()).unwrap(), "а б в".as_bytes());
        }
    }

    #[test]
    fn only_the_line_ending_is_taken_off() {
        assert_eq!(
            from_file(b"  spaces stay \t\n").unwrap(),
            b"  spaces stay \t"
        );
        assert_eq!(from_file(b"a\rb\r\r\n").unwrap(), b"a\rb\r");
    }

    #[test]
    fn what_is_no_secret_is_refused_without_repeating_it() {
        for (content, expected) in [
            (&b""[..], "empty"),
            (b"\n", "empty"),
            (b"\r\nsecond", "empty"),
            (b"\xEF\xBB\xBFhidden mark\n", "byte order mark"),
            (b"\xFFnot text\n", "not UTF-8"),
            (&[b'x'; LONGEST + 1], "too long"),
        ] {
            let failure = from_file(content).unwrap_err();
            assert_eq!(failure.status(), 1);
            let Failure::Refused(line) = failure else {
                panic!("another kind");
            };
            assert!(line.contains(expected), "{line}");
            assert!(line.starts_with("--passphrase-file: "), "{line}");
        }
    }

    #[test]
    fn the_longest_line_is_accepted() {
        assert_eq!(from_file(&[b'x'; LONGEST]).unwrap().len(), LONGEST);
    }

    #[test]
    fn a_missing_file_or_a_folder_cannot_be_read() {
        let folder = tempfile::tempdir().unwrap();
        for path in [folder.path().to_owned(), folder.path().join("none")] {
            let failure = read(&Source::File(path), "--recovery-file").unwrap_err();
            assert_eq!(failure.status(), 2);
        }
    }
}
