//! Values that begin with a hyphen, as a dash of speech does: clap would take them for options.

use std::ffi::{OsStr, OsString};

use clap::{Arg, Command, CommandFactory};

use super::Cli;

/// The command line with each value that begins with a hyphen joined to its option by `=`. An option takes the next
/// argument as it is, unless that is itself an option of the command: then the value was forgotten.
pub(crate) fn joined(line: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut program = Cli::command();
    // Gives each command the options of the whole program.
    program.build();
    let mut command = &program;
    let mut line = line.into_iter().peekable();
    let mut joined: Vec<OsString> = line.next().into_iter().collect();
    while let Some(mut argument) = line.next() {
        if argument == "--" {
            joined.push(argument);
            break;
        }
        if let Some(below) = argument
            .to_str()
            .and_then(|name| command.find_subcommand(name))
        {
            command = below;
        } else if takes_value(command, &argument)
            && let Some(value) =
                line.next_if(|next| begins_with_hyphen(next) && !is_option(command, next))
        {
            argument.push("=");
            argument.push(value);
        }
        joined.push(argument);
    }
    joined.extend(line);
    joined
}

fn takes_value(command: &Command, argument: &OsStr) -> bool {
    long(command, argument).is_some_and(|found| found.get_action().takes_values())
}

/// `-` alone means standard input.
fn begins_with_hyphen(argument: &OsStr) -> bool {
    matches!(argument.as_encoded_bytes(), [b'-', _, ..])
}

/// With or without a value of its own.
fn is_option(command: &Command, argument: &OsStr) -> bool {
    let text = argument.to_string_lossy();
    let name = text.split_once('=').map_or(&*text, |(name, _)| name);
    let is_short = |found: &Arg| {
        found
            .get_short()
            .is_some_and(|short| text == format!("-{short}"))
    };
    long(command, OsStr::new(name)).is_some() || command.get_arguments().any(is_short)
}

fn long<'a>(command: &'a Command, argument: &OsStr) -> Option<&'a Arg> {
    let name = argument.to_str()?.strip_prefix("--")?;
    command
        .get_arguments()
        .find(|found| found.get_long() == Some(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(line: &[&str]) -> Vec<String> {
        let line = std::iter::once("diary").chain(line.iter().copied());
        let joined = joined(line.map(OsString::from));
        let words = joined.into_iter().skip(1);
        words.map(|word| word.into_string().unwrap()).collect()
    }

    #[test]
    fn a_value_is_taken_as_it_is() {
        for (line, expected) in [
            (
                &["add", "v", "--text", "- Алло, - сказал он"][..],
                "--text=- Алло, - сказал он",
            ),
            (&["add", "v", "--text", "-5"], "--text=-5"),
            (&["add", "v", "--text", "--"], "--text=--"),
            (&["add", "v", "--text", "--not-ours"], "--text=--not-ours"),
            (&["draft", "save", "v", "f", "--file", "-x"], "--file=-x"),
            (&["--json", "list", "v", "--search", "-x"], "--search=-x"),
        ] {
            assert_eq!(after(line).last().unwrap(), expected);
        }
    }

    #[test]
    fn an_option_is_no_value_and_all_else_stays() {
        for line in [
            &["add", "v", "--text", "--json"][..],
            &["add", "v", "--text", "--place=x"],
            &["add", "v", "--text", "-h"],
            &["add", "v", "--text", "-", "--place", "x"],
            &["add", "v", "--text=x", "-y"],
            &["list", "v", "--json", "-y"],
            &["list", "--", "--search", "-y"],
        ] {
            assert_eq!(after(line), line);
        }
    }
}
