//! Commands that write into a vault.

use std::path::PathBuf;

use clap::Args;
use diary_core::diary::IncidentRef;
use diary_core::incident::How;

use super::Opens;
use super::values::{self, Source, Words};

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
