//! `diary passphrase`

use serde_json::json;

use crate::args::SetPassphrase;
use crate::console::Console;
use crate::exit::Failure;
use crate::secrets::{self, IfWeak};
use crate::session;

pub(super) fn run(console: Console, args: &SetPassphrase) -> Result<(), Failure> {
    session::with_confirmed(console, &args.opens, |session, confirmed| {
        let if_weak = IfWeak::refused_unless(args.weak);
        let new = secrets::setting(console, args.new_passphrase_file.as_ref(), if_weak)?;
        session.diary.change_passphrase(&new, confirmed)?;
        console.answer(|| json!({}), String::new)?;
        console.note(
            "The new passphrase is set. Whoever knew the old one and has a copy of the vault can still \
             read that copy.",
        );
        Ok(())
    })
}
