//! Commands that make a vault or write into it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use diary_core::diary::IncidentRef;
use diary_core::incident::How;

use super::values::{self, Source, Words};
use super::{Opens, State};

/// Make a new vault and print its recovery code, once.
#[derive(Args, Debug)]
pub(crate) struct Init {
    /// The folder to make; it must not exist.
    pub(crate) vault: PathBuf,

    /// How much work a guess at the passphrase costs; otherwise about a second on this device.
    #[arg(long, value_enum)]
    pub(crate) kdf: Option<Cost>,

    /// Read the passphrase from the first line of FILE (`-`: standard input).
    #[arg(long, value_name = "FILE")]
    pub(crate) new_passphrase_file: Option<Source>,

    /// The same as --new-passphrase-file.
    #[arg(long, value_name = "FILE", conflicts_with = "new_passphrase_file")]
    pub(crate) passphrase_file: Option<Source>,

    #[command(flatten)]
    pub(crate) state: State,
}

/// What one guess at the passphrase costs.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Cost {
    /// 64 MiB, t=3, p=4, without measuring the device.
    Floor,
}

/// Write an incident down and print its id. Without --file and --text it asks on the terminal.
#[derive(Args, Debug)]
pub(crate) struct Add {
    #[command(flatten)]
    pub(crate) opens: Opens,

    /// One incident as JSON, or one a line (JSON Lines); `-` is standard input.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["text", "when", "place", "behaviour"])]
    pub(crate) file: Option<Source>,

    /// What happened, in your own words; `-` is standard input.
    #[arg(long, value_name = "TEXT")]
    pub(crate) text: Option<Words>,

    /// When it happened, such as 2026-10-03T21:15 or 2026-10-03; otherwise about now.
    #[arg(long, value_name = "TIME", requires = "text")]
    pub(crate) when: Option<String>,

    /// Where it happened; `-` is standard input.
    #[arg(long, value_name = "TEXT", requires = "text")]
    pub(crate) place: Option<Words>,

    /// What kind of thing it was, such as `waiting`; may be given again. `diary schema` lists
    /// the codes.
    #[arg(long, value_name = "CODE", requires = "text")]
    pub(crate) behaviour: Vec<String>,
}

/// Correct or add to an incident; the old words stay and are exported with the new ones.
#[derive(Args, Debug)]
pub(crate) struct Amend {
    #[command(flatten)]
    pub(crate) opens: Opens,

    /// The incident, such as 123-k7q2 or '#12'.
    #[arg(value_parser = values::parsed::<IncidentRef>)]
    pub(crate) id: IncidentRef,

    /// Only the fields that change, as JSON; null takes a field away. `-` is standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Source,

    /// Why; `-` is standard input.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Words,
}

/// Mark an incident as withdrawn; its words stay.
#[derive(Args, Debug)]
pub(crate) struct Withdraw {
    #[command(flatten)]
    pub(crate) opens: Opens,

    /// The incident, such as 123-k7q2 or '#12'.
    #[arg(value_parser = values::parsed::<IncidentRef>)]
    pub(crate) id: IncidentRef,

    /// Why; `-` is standard input.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Words,
}

/// Destroy the words of an incident, or one evidence item. Its place in the log stays.
#[derive(Args, Debug)]
pub(crate) struct Erase {
    #[command(flatten)]
    pub(crate) opens: Opens,

    /// The incident or the item, such as 123-k7q2 or '#12'.
    #[arg(value_parser = values::parsed::<IncidentRef>)]
    pub(crate) id: IncidentRef,

    /// Do not ask: it cannot be undone.
    #[arg(long)]
    pub(crate) yes: bool,
}

/// Keep files with an incident, bit for bit; prints item, bytes and SHA-256, a line a file.
#[derive(Args, Debug)]
pub(crate) struct Attach {
    #[command(flatten)]
    pub(crate) opens: Opens,

    /// The incident, such as 123-k7q2 or '#12'.
    #[arg(value_parser = values::parsed::<IncidentRef>)]
    pub(crate) id: IncidentRef,

    /// The files.
    #[arg(value_name = "FILE", required = true)]
    pub(crate) files: Vec<PathBuf>,

    /// How you came to have them.
    #[arg(long, value_name = "HOW", value_parser = values::how())]
    pub(crate) how: Option<How>,

    /// A note about them; `-` is standard input.
    #[arg(long, value_name = "TEXT")]
    pub(crate) note: Option<Words>,
}

/// Set a new passphrase with the recovery code.
#[derive(Args, Debug)]
pub(crate) struct Recover {
    /// The folder of the vault.
    pub(crate) vault: PathBuf,

    /// Read the recovery code from the first line of FILE (`-`: standard input).
    #[arg(long, value_name = "FILE")]
    pub(crate) recovery_file: Option<Source>,

    /// Read the new passphrase from the first line of FILE (`-`: standard input).
    #[arg(long, value_name = "FILE")]
    pub(crate) new_passphrase_file: Option<Source>,

    /// Make a new recovery code too; the old one stops working.
    #[arg(long)]
    pub(crate) new_code: bool,

    #[command(flatten)]
    pub(crate) state: State,
}
