//! Commands that read from a vault, and drafts.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use diary_core::diary::{Cursor, IncidentRef};
use diary_core::incident::Behaviour;
use diary_core::log::EntryId;
use diary_core::time::When;

use super::Opens;
use super::values::{self, Source, Words};

/// Write the original of an evidence item to a new file, bit for bit.
#[derive(Args, Debug)]
pub(crate) struct Extract {
    #[command(flatten)]
    pub(crate) opens: Opens,

    /// The item, such as 126-9x3c.
    #[arg(value_parser = values::parsed::<EntryId>)]
    pub(crate) item: EntryId,

    /// The file to write; it must not exist.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}

/// List incidents, newest recorded first.
#[derive(Args, Debug)]
pub(crate) struct List {
    #[command(flatten)]
    pub(crate) opens: Opens,

    /// Only those that hold these words or parts of words; `-` is standard input.
    #[arg(long, value_name = "TEXT")]
    pub(crate) search: Option<Words>,

    /// Only those that happened at this time or later.
    #[arg(long, value_name = "TIME", value_parser = values::when)]
    pub(crate) from: Option<When>,

    /// Only those that happened at this time or earlier; a date alone is the whole day.
    #[arg(long, value_name = "TIME", value_parser = values::when)]
    pub(crate) to: Option<When>,

    /// Only those of this kind.
    #[arg(long, value_name = "CODE", value_parser = values::behaviour())]
    pub(crate) behaviour: Option<Behaviour>,

    /// Only those with this person; `diary people` lists the keys.
    #[arg(long, value_name = "KEY")]
    pub(crate) person: Option<String>,

    /// How many, at most 200; otherwise 50.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=200))]
    pub(crate) limit: Option<u32>,

    /// Go on from the cursor that the page before ended with.
    #[arg(long, value_name = "CURSOR", value_parser = values::parsed::<Cursor>)]
    pub(crate) after: Option<Cursor>,
}

/// List the people by key, with how often they appear.
#[derive(Args, Debug)]
pub(crate) struct People {
    #[command(flatten)]
    pub(crate) opens: Opens,
}

/// Show an incident as it stands, its history and its evidence.
#[derive(Args, Debug)]
pub(crate) struct Show {
    #[command(flatten)]
    pub(crate) opens: Opens,

    /// The incident, such as 123-k7q2 or '#12'.
    #[arg(value_parser = values::parsed::<IncidentRef>)]
    pub(crate) id: IncidentRef,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DraftCommand {
    /// Keep a text as the draft of a form, in place of the one before.
    Save(SaveDraft),
    /// Print the draft of a form.
    Show(DraftForm),
    /// Destroy the draft of a form.
    Discard(DraftForm),
}

/// A form, and the text to keep.
#[derive(Args, Debug)]
pub(crate) struct SaveDraft {
    #[command(flatten)]
    pub(crate) form: DraftForm,

    /// The text; `-` is standard input.
    #[arg(long, value_name = "FILE", default_value = "-")]
    pub(crate) file: Source,
}

/// A form whose draft is meant.
#[derive(Args, Debug)]
pub(crate) struct DraftForm {
    #[command(flatten)]
    pub(crate) opens: Opens,

    /// The name of the form, such as `incident`.
    pub(crate) form: String,
}
