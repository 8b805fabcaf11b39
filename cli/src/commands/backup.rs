//! `diary backup`

use serde_json::json;

use crate::args::Backup;
use crate::console::Console;
use crate::exit::Failure;
use crate::output::text;
use crate::session;

pub(super) fn run(console: Console, args: &Backup) -> Result<(), Failure> {
    // Refused before she types a passphrase.
    if args.file.symlink_metadata().is_ok() {
        return Err(Failure::refused(
            "something is there already and nothing is overwritten: choose another name",
        ));
    }
    session::with(console, &args.opens, |session| {
        let done = session
            .diary
            .backup(&args.file, &mut console.bar("backing up"))?;
        if done.unreadable_cells > 0 {
            console.warn(&format!(
                "{} cells of the vault cannot be read and are not in the backup: run check",
                done.unreadable_cells
            ));
        }
        if done.unreadable_files > 0 {
            console.warn(&format!(
                "{} evidence files are missing or cannot be read, in the backup too: run check",
                done.unreadable_files
            ));
        }
        console.answer(
            || {
                json!({
                    "file": args.file.display().to_string(),
                    "bytes": done.bytes,
                    "entries": done.entries,
                    "incidents": done.incidents,
                    "files": done.files,
                    "unreadable_cells": done.unreadable_cells,
                    "unreadable_files": done.unreadable_files,
                })
            },
            || {
                format!(
                    "{}: {}, {}, read back as written\n",
                    text::size(done.bytes),
                    text::count(done.incidents.into(), "incident"),
                    text::count(done.files.into(), "evidence file"),
                )
            },
        )?;
        console.note(
            "Keep it away from this device. It opens with the passphrase and the recovery code of today, whatever is \
             changed or erased later.",
        );
        Ok(())
    })
}
