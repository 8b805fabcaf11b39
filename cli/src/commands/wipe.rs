//! `diary wipe`

use diary_core::Diary;
use diary_core::time::SystemClock;
use serde_json::json;

use crate::args::Wipe;
use crate::console::Console;
use crate::exit::Failure;
use crate::state::{self, RollbackToken};
use crate::{secrets, session, terminal};

pub(super) fn run(console: Console, args: &Wipe) -> Result<(), Failure> {
    if !args.yes && !terminal::can_ask() {
        return Err(Failure::cannot(
            "this cannot be undone and there is no terminal to ask on: add --yes",
        ));
    }
    let vault = &args.opens.vault;
    session::require_folder(vault)?;
    state::must_lie_outside(&args.opens.state)?;
    let (passphrase, _) = secrets::opening(args.opens.passphrase_file.as_ref())?;
    let mut diary = Diary::open(vault, &passphrase, Box::new(SystemClock))?;
    let confirmed = diary.confirm(&passphrase)?;
    drop(passphrase);
    let question = "This destroys the whole folder for good: every diary in it, with every file.";
    if !args.yes && !terminal::agrees(question)? {
        return Err(Failure::refused("nothing was destroyed"));
    }
    let token = RollbackToken::load(&args.opens.state, &mut diary)?;
    let is_gone = diary.wipe(confirmed)?;
    token.forget()?;
    console.answer(|| json!({ "folder_is_gone": is_gone }), String::new)?;
    if !is_gone {
        console.warn(
            "files are in the folder that the diary did not put there: they stay, and so does the folder; look at \
             them, and remove what tells of the diary",
        );
    }
    console.note("Destroyed. Copies and backups elsewhere still open with their passphrases.");
    Ok(())
}
