//! `diary backup`

use serde_json::json;

use crate::args::Backup;
use crate::console::Console;
use crate::exit::Failure;
use crate::output::{file, text};
use crate::session;

pub(super) fn run(console: Console, args: &Backup) -> Result<(), Failure> {
    // Refused before she types a passphrase.
    if let Some(file) = &args.file {
        file::must_be_free(file, "name")?;
    }
    session::with(console, &args.opens, |session| {
        let bar = &mut console.bar("backing up");
        let (done, file) = match (&args.to_folder, &args.file) {
            (Some(folder), _) => {
                let done = session.diary.backup_to_folder(folder, bar)?;
                let name = done.snapshot_name().unwrap_or_default();
                (done, folder.join(name))
            }
            (None, Some(file)) => (session.diary.backup(file, bar)?, file.clone()),
            (None, None) => return Err(Failure::cannot("where to: name a file, or --to-folder")),
        };
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
        if done.damaged_files > 0 {
            console.warn(&format!(
                "{} evidence files are missing or cut in the vault; the folder has them whole: run check",
                done.damaged_files
            ));
        }
        console.answer(
            || {
                json!({
                    "file": file.display().to_string(),
                    "bytes": done.bytes,
                    "entries": done.entries,
                    "incidents": done.incidents,
                    "files": done.files,
                    "new_files": done.new_files,
                    "unreadable_cells": done.unreadable_cells,
                    "unreadable_files": done.unreadable_files,
                    "damaged_files": done.damaged_files,
                })
            },
            || {
                let already = done.files.saturating_sub(done.new_files);
                let already = match already {
                    0 => String::new(),
                    already => format!(" ({already} there already)"),
                };
                format!(
                    "{}: {}, {}{already}, read back as written\n",
                    text::size(done.bytes),
                    text::count(done.incidents.into(), "incident"),
                    text::count(done.files.into(), "evidence file"),
                )
            },
        )?;
        console.note(match &args.to_folder {
            None => {
                "Keep it away from this device. It opens with the passphrase and the recovery code of today, whatever is \
                 changed or erased later."
            }
            Some(_) => {
                "Keep the folder away from this device. Each backup in it opens with the passphrase and the recovery code of \
                 its day. If somebody knew one of them, use passphrase --rotate and begin a new folder."
            }
        });
        Ok(())
    })
}
