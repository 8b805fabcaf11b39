//! `diary decoy set`

use diary_core::Diary;

use super::init;
use crate::args::{Cost, SetDecoy};
use crate::console::Console;
use crate::exit::Failure;
use crate::output::file;
use crate::secrets::{self, IfWeak};
use crate::session;

pub(super) fn set(console: Console, args: &SetDecoy) -> Result<(), Failure> {
    // Refused before she types a passphrase.
    file::must_be_free(&args.out, "path")?;
    Diary::must_lie_outside(&args.out)?;
    let codes = session::with_passphrase(console, &args.opens, |session, passphrase| {
        let if_weak = IfWeak::refused_when_typed_unless(args.weak);
        let decoy = secrets::decoy(console, args.decoy_passphrase_file.as_ref(), if_weak)?;
        let cost = Cost::chosen(args.kdf);
        let bar = &mut console.bar("copying");
        Ok(session
            .diary
            .copy_with_decoy(&args.out, &passphrase, None, &decoy, cost, bar)?)
    })?;
    init::show_two_codes(console, &codes)?;
    console.note(
        "The old vault is as it was. When the new one opens with both passphrases, wipe the old one and \
         make a new backup: old backups hold no second diary.",
    );
    Ok(())
}
