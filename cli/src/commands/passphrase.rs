//! `diary passphrase`

use diary_core::words::propose_passphrase;
use serde_json::json;

use crate::args::SetPassphrase;
use crate::console::Console;
use crate::exit::Failure;
use crate::secrets::{self, IfWeak};
use crate::session;
use crate::sheet;

pub(super) fn run(console: Console, args: &SetPassphrase) -> Result<(), Failure> {
    if let Some(language) = args.propose {
        let passphrase = propose_passphrase(language)?;
        return console.answer(
            || json!({ "passphrase": passphrase.as_str() }),
            || format!("{}\n", passphrase.as_str()),
        );
    }
    let Some(opens) = args.opens() else {
        return Err(Failure::cannot(
            "no vault is named: give its folder, or --propose kk|ru|en",
        ));
    };
    sheet::must_be_free(&args.sheet, args.rotate, "--rotate")?;
    session::with_confirmed(console, &opens, |session, confirmed| {
        let if_weak = IfWeak::refused_unless(args.weak);
        let new = secrets::setting(console, args.new_passphrase_file.as_ref(), if_weak)?;
        if !args.rotate {
            session.diary.change_passphrase(&new, confirmed)?;
            console.answer(|| json!({}), String::new)?;
            console.note(
                "The new passphrase is set. Whoever knew the old one and has a copy of the vault can \
                 still read that copy and what is added later; if somebody did, use --rotate.",
            );
            return Ok(());
        }
        let mut bar = console.bar("sealing");
        let code = session.diary.rotate(&new, confirmed, &mut bar)?;
        drop(bar);
        sheet::show(console, &args.sheet, &code, "the new passphrase is set")?;
        console.note(
            "This is the new recovery code; the old one and the old passphrase no longer work here. \
             Write it on paper. Copies and backups made before still open with the old ones.",
        );
        Ok(())
    })
}
