//! Commands that hand something over, and that check.

use std::path::PathBuf;

use clap::Args;
use diary_core::bundle::Language;
use diary_core::diary::IncidentRef;
use diary_core::incident::Behaviour;
use diary_core::log::EntryId;
use diary_core::picture::Area;
use diary_core::time::When;

use super::Opens;
use super::values::{self, Original, Source, Withhold, Words};

/// Write a bundle that somebody else can open and check; asks for the passphrase again.
#[derive(Args, Debug)]
pub(crate) struct Export {
    #[command(flatten)]
    pub(crate) opens: Opens,

    /// The ZIP to write, or the PDF with --report-only; it must not exist.
    #[arg(long, value_name = "FILE", required_unless_present = "dry_run")]
    pub(crate) out: Option<PathBuf>,

    /// The language of the report.
    #[arg(long, value_name = "LANGUAGE", value_parser = values::language(), default_value = "ru")]
    pub(crate) language: Language,

    /// To whom and for what; shown in the bundle and kept in the log. With --report-only it is shown in
    /// the report alone, because no entry is made. `-` is standard input.
    #[arg(long = "for", value_name = "TEXT")]
    pub(crate) for_whom: Option<Words>,

    /// Only what happened at this time or later.
    #[arg(long, value_name = "TIME", value_parser = values::when)]
    pub(crate) from: Option<When>,

    /// Only what happened at this time or earlier; a date alone is the whole day.
    #[arg(long, value_name = "TIME", value_parser = values::when)]
    pub(crate) to: Option<When>,

    /// Only this kind; may be given again.
    #[arg(long, value_name = "CODE", value_parser = values::behaviour())]
    pub(crate) behaviour: Vec<Behaviour>,

    /// Only what involves this person; may be given again.
    #[arg(long, value_name = "KEY")]
    pub(crate) person: Vec<String>,

    /// Only this incident; may be given again.
    #[arg(long, value_name = "ID", value_parser = values::parsed::<IncidentRef>)]
    pub(crate) incident: Vec<IncidentRef>,

    /// Not this incident; may be given again.
    #[arg(long, value_name = "ID", value_parser = values::parsed::<IncidentRef>)]
    pub(crate) without: Vec<IncidentRef>,

    /// Name this field but do not show it, such as `people[1].contact`, in every incident or in
    /// one; the id of an evidence item withholds that item. May be given again.
    #[arg(long, value_name = "FIELD|ID:FIELD|ITEM", value_parser = values::withhold)]
    pub(crate) withhold: Vec<Withhold>,

    /// Which evidence files leave as they are, with their metadata (place, device): `all` or an
    /// item; may be given again. Of the others a copy without metadata leaves, where one can be
    /// made. `none`: only names, sizes and hashes leave.
    #[arg(long, value_name = "all|none|ITEM", value_parser = values::original)]
    pub(crate) originals: Vec<Original>,

    /// Encrypt it to this age recipient (`age1...`); may be given again. `age -d -i KEY` opens it.
    #[arg(
        long,
        value_name = "age1...",
        value_parser = values::parsed::<diary_core::bundle::envelope::Recipient>,
        conflicts_with_all = ["age_passphrase_file", "zip", "plain"]
    )]
    pub(crate) recipient: Vec<diary_core::bundle::envelope::Recipient>,

    /// Encrypt it with age and the passphrase in the first line of FILE (`-`: standard input).
    #[arg(long, value_name = "FILE", conflicts_with_all = ["zip", "plain"])]
    pub(crate) age_passphrase_file: Option<Source>,

    /// Encrypt it as an AES-256 ZIP around `bundle.zip`, which 7-Zip and WinZip open; the passphrase is
    /// made and printed.
    #[arg(long, conflicts_with = "plain")]
    pub(crate) zip: bool,

    /// Write it in clear without asking.
    #[arg(long)]
    pub(crate) plain: bool,

    /// Cover a part of a picture with a black box: the item and x,y,width,height in pixels of the
    /// picture as it is looked at, from its upper left corner. The item leaves as a covered copy. May
    /// be given again.
    #[arg(long = "box", value_name = "ITEM:x,y,w,h", value_parser = values::cover)]
    pub(crate) boxes: Vec<(EntryId, Area)>,

    /// Write report.pdf alone, without the bundle, under 10 MB; nobody can check it without the
    /// bundle. At most a hundred pictures are shown in it.
    #[arg(long, conflicts_with_all = ["originals", "recipient", "age_passphrase_file", "zip"])]
    pub(crate) report_only: bool,

    /// Only show what would leave; nothing is written.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// Check a bundle, without any vault: what it proves, and what it does not.
#[derive(Args, Debug)]
pub(crate) struct Verify {
    /// The bundle, as a ZIP or unpacked.
    #[arg(value_name = "FILE.zip|DIR")]
    pub(crate) bundle: PathBuf,

    /// The code that was given out, on paper or by telephone: not the one in the bundle.
    #[arg(long, value_name = "CODE", value_parser = values::parsed::<diary_core::log::Fingerprint>)]
    pub(crate) fingerprint: Option<diary_core::log::Fingerprint>,

    /// Write the reports, made anew from the data, to a new folder; or the page alone, if the
    /// name ends with `.html`. Only if the bundle is sound.
    #[arg(long, value_name = "DIR|FILE.html")]
    pub(crate) render: Option<PathBuf>,
}

/// Check every cell, every file and the whole tree of a vault.
#[derive(Args, Debug)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) opens: Opens,
}

/// Print the code of the log as it is now, to read out or to write on a receipt.
#[derive(Args, Debug)]
pub(crate) struct Fingerprint {
    #[command(flatten)]
    pub(crate) opens: Opens,

    /// Tell whether this older code belongs to the same log: exit 0 if it does, 1 if not.
    #[arg(long, value_name = "CODE", value_parser = values::parsed::<diary_core::log::Fingerprint>)]
    pub(crate) since: Option<diary_core::log::Fingerprint>,
}
