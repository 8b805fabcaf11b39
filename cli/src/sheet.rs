//! The page with the recovery code, to print.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use diary_core::Diary;
use diary_core::bundle::recovery_sheet;
use diary_core::vault::RecoveryCode;
use serde_json::json;

use crate::args::Sheet;
use crate::console::Console;
use crate::exit::{Failure, reason};
use crate::output::file;
use crate::session::is_folder;

/// Refused before anything is changed. `wanted_by` is the option that makes a code, if it takes one.
pub(crate) fn must_be_free(sheet: &Sheet, made: bool, wanted_by: &str) -> Result<(), Failure> {
    match &sheet.sheet {
        Some(_) if !made => Err(Failure::cannot(format!(
            "--sheet is for a new recovery code, and none is made: add {wanted_by}"
        ))),
        Some(path) => {
            file::must_be_free(path, "name for the sheet")?;
            if !is_folder(file::folder_of(path))? {
                return Err(Failure::cannot(
                    "there is no such folder for the sheet: choose another place for it",
                ));
            }
            Ok(Diary::must_lie_outside(path)?)
        }
        None => Ok(()),
    }
}

/// Prints the code, which is shown only here, and writes the page, if it was asked for. `done` is what the code
/// was made for.
pub(crate) fn show(
    console: Console,
    sheet: &Sheet,
    code: &RecoveryCode,
    done: &str,
) -> Result<(), Failure> {
    let text = code.reveal();
    let shown = console.answer(
        || json!({ "recovery_code": text.as_str() }),
        || format!("{}\n", text.as_str()),
    );
    let written = write(console, sheet, code);
    let is_on_paper = sheet.sheet.is_some() && written.is_ok();
    shown.map_err(|failure| match is_on_paper {
        true => failure,
        false => failure.code_unseen(done),
    })?;
    written
}

/// Writes the page, if it was asked for. The code was shown before.
pub(crate) fn write(console: Console, sheet: &Sheet, code: &RecoveryCode) -> Result<(), Failure> {
    let Some(path) = &sheet.sheet else {
        return Ok(());
    };
    let by_hand = |what: &str| {
        Failure::cannot(format!(
            "the sheet cannot be written: {what}: everything else is done; copy the code by hand"
        ))
    };
    let page = recovery_sheet(code, sheet.sheet_language, sheet.sheet_qr);
    let page = page.ok_or_else(|| by_hand("the program is damaged"))?;
    put(path, &page).map_err(|error| by_hand(reason(&error)))?;
    console.note(
        "The sheet holds the code in clear. Print it, give it to somebody you trust, and remove the file.",
    );
    Ok(())
}

/// Writes a file that only its owner can read, and never over another one.
fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut out = private(path)?;
    let written = out.write_all(bytes).and_then(|()| out.sync_all());
    if written.is_err() {
        let _ = fs::remove_file(path);
    }
    written
}

fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
