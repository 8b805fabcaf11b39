//! clap's errors in one line. clap repeats what was typed, which may be her words or a
//! passphrase put in the wrong place; this does not.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::exit::Failure;

/// The failure for an error of the command line.
pub(crate) fn failure(error: &clap::Error) -> Failure {
    let (what, advice) = describe(error);
    let help = match command_path(error) {
        Some(path) => format!("see `{path} --help`"),
        None => "see `diary --help`".to_owned(),
    };
    match advice {
        Some(advice) => Failure::CannotBeDone(format!("{what}: {advice}; {help}")),
        None => Failure::CannotBeDone(format!("{what}: {help}")),
    }
}

fn describe(error: &clap::Error) -> (String, Option<String>) {
    // Names of our own arguments, never what was typed.
    let argument = || text(error, ContextKind::InvalidArg).unwrap_or_else(|| "argument".to_owned());
    let advice =
        |kind: ContextKind| text(error, kind).map(|names| format!("did you mean {names}?"));
    match error.kind() {
        ErrorKind::UnknownArgument => match text(error, ContextKind::InvalidArg) {
            Some(name) if is_option_name(&name) => (
                format!("unknown option {name}"),
                advice(ContextKind::SuggestedArg),
            ),
            Some(name) if name.starts_with('-') => (
                "what begins with a hyphen is taken for an option".to_owned(),
                Some("put -- before all that are none".to_owned()),
            ),
            _ => (
                "one argument too many".to_owned(),
                Some("put quotes around words".to_owned()),
            ),
        },
        ErrorKind::InvalidSubcommand => (
            "unknown command".to_owned(),
            advice(ContextKind::SuggestedSubcommand),
        ),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            ("no command given".to_owned(), None)
        }
        ErrorKind::InvalidValue => match text(error, ContextKind::InvalidValue) {
            Some(value) if value.is_empty() => (format!("{} needs a value", argument()), None),
            _ => (
                format!("{} does not take this value", argument()),
                text(error, ContextKind::ValidValue).map(|codes| format!("one of {codes}")),
            ),
        },
        ErrorKind::ValueValidation => (
            format!("{} does not take this value", argument()),
            reason(error),
        ),
        ErrorKind::MissingRequiredArgument => (format!("{} is missing", argument()), None),
        ErrorKind::ArgumentConflict => (
            match text(error, ContextKind::PriorArg) {
                Some(other) if other != argument() => {
                    format!("{} and {other} do not go together", argument())
                }
                _ => format!("{} is given twice", argument()),
            },
            None,
        ),
        ErrorKind::InvalidUtf8 => ("an argument is not UTF-8".to_owned(), None),
        ErrorKind::TooManyValues
        | ErrorKind::TooFewValues
        | ErrorKind::WrongNumberOfValues
        | ErrorKind::NoEquals => (
            format!("{} has the wrong number of values", argument()),
            None,
        ),
        _ => ("this is no valid command line".to_owned(), None),
    }
}

/// What a value parser of ours said; clap's own, for numbers, may repeat the value.
fn reason(error: &clap::Error) -> Option<String> {
    let said = std::error::Error::source(error)?.to_string();
    let is_a_number =
        text(error, ContextKind::InvalidArg).is_some_and(|name| name.starts_with("--limit"));
    Some(if is_a_number {
        "a number from 1 to 200".to_owned()
    } else {
        said
    })
}

fn command_path(error: &clap::Error) -> Option<String> {
    // `Usage: diary add [OPTIONS] <VAULT>`: the words before the first argument.
    let usage = error.get(ContextKind::Usage)?.to_string();
    let words: Vec<&str> = usage
        .split_whitespace()
        .skip_while(|word| *word != "diary")
        .take_while(|word| word.chars().all(|c| c.is_ascii_lowercase()))
        .collect();
    (!words.is_empty()).then(|| words.join(" "))
}

fn text(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join(", ")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        _ => None,
    }
}

/// Whether it can only be an option of this or another program: plain ASCII, no spaces.
fn is_option_name(text: &str) -> bool {
    text.len() <= 32
        && text.strip_prefix("--").is_some_and(|name| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
        })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::Cli;

    fn line(arguments: &[&str]) -> String {
        let error = Cli::try_parse_from(std::iter::once(&"diary").chain(arguments)).unwrap_err();
        let failure = failure(&error);
        assert_eq!(failure.status(), 2);
        let Failure::CannotBeDone(line) = failure else {
            panic!("a usage error has status 2");
        };
        assert!(!line.contains('\n'), "{line}");
        line
    }

    #[test]
    fn each_kind_of_error_is_one_line_that_says_what_to_do() {
        for (arguments, expected) in [
            (&[][..], "no command given: see `diary --help`"),
            (
                &["lsit", "v"],
                "unknown command: did you mean list?; see `diary --help`",
            ),
            (&["add"], "<VAULT> is missing: see `diary add --help`"),
            (
                &["list", "v", "--serach", "x"],
                "unknown option --serach: did you mean --search?; see `diary list --help`",
            ),
            (
                &["list", "v", "--limit", "0"],
                "--limit <N> does not take this value: a number from 1 to 200; \
                 see `diary --help`",
            ),
            (
                &["export", "v", "--out", "x.zip", "--language", "fr"],
                "--language <LANGUAGE> does not take this value: one of kk, ru, en; \
                 see `diary --help`",
            ),
            (
                &["add", "v", "--file", "x", "--text", "y"],
                "--file <FILE> and --text <TEXT> do not go together: see `diary add --help`",
            ),
            (
                &["list", "v", "--limit", "1", "--limit", "2"],
                "--limit <N> is given twice: see `diary list --help`",
            ),
        ] {
            assert_eq!(line(arguments), expected);
        }
    }

    #[test]
    fn the_help_of_an_export_says_what_makes_no_entry() {
        let help = Cli::try_parse_from(["diary", "export", "--help"]).unwrap_err();
        let help = help.to_string();
        let words: Vec<&str> = help.split_whitespace().collect();
        assert!(words.join(" ").contains("because no entry is made"));
    }

    #[test]
    fn nothing_that_was_typed_is_repeated() {
        for arguments in [
            &["add", "v", "сөз"][..],
            &["add", "v", "--text", "x", "сөз"],
            &["сөз"],
            &["add", "v", "-сөз"],
            &["add", "v", "--сөз"],
            &["list", "v", "--behaviour", "сөз"],
            &["list", "v", "--limit", "сөз"],
            &["list", "v", "--from", "сөз"],
            &["show", "v", "сөз"],
            &["verify", "b", "--fingerprint", "сөз"],
            &["export", "v", "--out", "x", "--withhold", "сөз"],
            &["add", "v", "--text", "x", "--text", "сөз"],
        ] {
            let line = line(arguments);
            assert!(!line.contains("сөз"), "{line}");
        }
    }
}
