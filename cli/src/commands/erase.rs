//! `diary erase`

use serde_json::json;

use crate::args::Erase;
use crate::console::Console;
use crate::exit::Failure;
use crate::{session, terminal};

pub(super) fn run(console: Console, args: &Erase) -> Result<(), Failure> {
    if !args.yes && !terminal::can_ask() {
        return Err(Failure::cannot(
            "this cannot be undone and there is no terminal to ask on: add --yes",
        ));
    }
    session::with(console, &args.opens, |session| {
        let question = "This destroys the words for good; their place in the log stays.";
        if !args.yes && !terminal::agrees(question)? {
            return Err(Failure::refused("nothing was erased"));
        }
        let erased = session.diary.erase(&args.id)?;
        console.note("Backups and bundles made before are not reached: they still hold it.");
        console.answer(
            || json!({ "entries": erased.entries, "files": erased.files }),
            || {
                format!(
                    "erased {} {} and {} {}\n",
                    erased.entries,
                    if erased.entries == 1 {
                        "entry"
                    } else {
                        "entries"
                    },
                    erased.files,
                    if erased.files == 1 { "file" } else { "files" },
                )
            },
        )
    })
}
