//! What can be typed after `diary`. The doc comments are the help texts.

mod decoy;
mod joined;
mod keep;
mod keys;
mod read;
mod record;
mod share;
mod timestamp;
mod values;

use std::path::PathBuf;

use clap::{ArgMatches, Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub(crate) use self::decoy::{DecoyCommand, SetDecoy};
pub(crate) use self::joined::joined;
pub(crate) use self::keep::{Backup, Restore};
pub(crate) use self::keys::{Cost, Init, Recover, SetPassphrase, Sheet, Wipe};
pub(crate) use self::read::{DraftCommand, DraftForm, Extract, List, People, SaveDraft, Show};
pub(crate) use self::record::{Add, Amend, Attach, Erase, Withdraw};
pub(crate) use self::share::{Check, Export, Fingerprint, Verify};
pub(crate) use self::timestamp::{AcceptTimestamp, RequestTimestamp, TimestampCommand};
pub(crate) use self::values::{Original, Source, Withhold, Words};

/// An incident diary that works offline, is encrypted with a passphrase, and shows when it was
/// changed.
///
/// A passphrase is asked for on the terminal, without echo, or read from a file; it is never an
/// argument. Texts can be given as `-`, which is standard input, so that they do not stand in the
/// shell's history.
#[derive(Debug, Parser)]
#[command(
    name = "diary",
    version,
    subcommand_required = true,
    disable_help_subcommand = true,
    after_help = "Exit status: 0 done; 1 refused; 2 cannot be done."
)]
pub(crate) struct Cli {
    /// Print one JSON document and nothing else.
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// No progress and no notes; errors and warnings stay.
    #[arg(long, global = true)]
    pub(crate) quiet: bool,

    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Init(Init),
    Add(Add),
    Amend(Amend),
    Withdraw(Withdraw),
    Erase(Erase),
    Attach(Attach),
    Extract(Extract),
    List(List),
    People(People),
    Show(Show),
    Export(Export),
    Verify(Verify),
    Check(Check),
    Fingerprint(Fingerprint),
    Passphrase(SetPassphrase),
    Recover(Recover),
    Wipe(Wipe),
    /// A second diary in one vault, for somebody who makes her open it.
    #[command(subcommand)]
    Decoy(DecoyCommand),
    /// Have somebody else's clock put a time to the log.
    #[command(subcommand)]
    Timestamp(TimestampCommand),
    Backup(Backup),
    Restore(Restore),
    /// Keep an unfinished text in the vault, sealed; it is no entry of the log.
    #[command(subcommand)]
    Draft(DraftCommand),
    /// Print a JSON Schema (2020-12).
    Schema {
        /// Which one.
        #[arg(value_enum, default_value_t)]
        of: Schema,
    },
    /// Show the whole way on the samples: write down, attach, search, export, verify.
    Demo {
        /// A new or empty folder; DIR/vault, DIR/spare-code.pdf with its recovery code, and DIR/*.zip
        /// stay in it.
        dir: PathBuf,
        /// The folder that holds story.json; otherwise ./samples.
        #[arg(long, value_name = "DIR")]
        samples: Option<PathBuf>,
    },
    /// Print completions for a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Print the manual page, of the whole program or of one command.
    Man {
        /// The command, such as `export`.
        command: Option<String>,
    },
}

/// What a JSON Schema can describe.
#[derive(Clone, Copy, Debug, Default, ValueEnum)]
pub(crate) enum Schema {
    /// An incident, as `add --file` takes it.
    #[default]
    Incident,
    /// Changes, as `amend --file` takes them.
    Amendment,
    /// `incidents.json` in a bundle.
    Bundle,
}

/// A vault, and the passphrase that opens it.
#[derive(Args, Debug)]
pub(crate) struct Opens {
    /// The folder of the vault.
    pub(crate) vault: PathBuf,

    /// Read the passphrase from the first line of FILE (`-`: standard input).
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<Source>,

    #[command(flatten)]
    pub(crate) state: State,
}

/// Where the token against rollback is kept.
#[derive(Args, Clone, Debug)]
pub(crate) struct State {
    /// Keep in DIR what tells that an older copy of the vault was put back. Whoever sees DIR sees
    /// that a diary was opened here; without this nothing is kept.
    #[arg(long, value_name = "DIR")]
    pub(crate) state_dir: Option<PathBuf>,
}

/// The arguments for which `-` means standard input.
const MAY_BE_STANDARD_INPUT: [&str; 12] = [
    "age_passphrase_file",
    "decoy_passphrase_file",
    "file",
    "for_whom",
    "new_passphrase_file",
    "note",
    "passphrase_file",
    "place",
    "reason",
    "recovery_file",
    "search",
    "text",
];

/// How many arguments of the command ask for standard input; it can be read once.
pub(crate) fn uses_of_standard_input(matches: &ArgMatches) -> usize {
    let here: usize = MAY_BE_STANDARD_INPUT
        .iter()
        .filter_map(|name| matches.try_get_raw(name).ok().flatten())
        .map(|values| values.filter(|value| *value == "-").count())
        .sum();
    let below = matches
        .subcommand()
        .map_or(0, |(_, matches)| uses_of_standard_input(matches));
    here + below
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn uses(line: &str) -> usize {
        let matches = Cli::command()
            .try_get_matches_from(line.split(' '))
            .unwrap();
        uses_of_standard_input(&matches)
    }

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_listed_argument_exists_and_takes_words_or_a_file() {
        let mut known: Vec<String> = Vec::new();
        let mut commands = vec![Cli::command()];
        while let Some(command) = commands.pop() {
            known.extend(
                command
                    .get_arguments()
                    .filter(|argument| {
                        let parser = format!("{:?}", argument.get_value_parser().type_id());
                        parser.contains("Words") || parser.contains("Source")
                    })
                    .map(|argument| argument.get_id().to_string()),
            );
            commands.extend(command.get_subcommands().cloned());
        }
        known.sort();
        known.dedup();
        assert_eq!(known, MAY_BE_STANDARD_INPUT);
    }

    #[test]
    fn standard_input_is_counted_over_all_arguments() {
        assert_eq!(uses("diary list v"), 0);
        assert_eq!(uses("diary add v --file -"), 1);
        assert_eq!(uses("diary add v --file - --passphrase-file -"), 2);
        assert_eq!(uses("diary add v --text - --place -"), 2);
        assert_eq!(uses("diary draft save v form --file -"), 1);
        assert_eq!(
            uses("diary add - --file x"),
            0,
            "a vault named `-` is a folder"
        );
    }
}
