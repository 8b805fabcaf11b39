//! `diary decoy set`

use diary_core::Diary;
use diary_core::vault::KdfCost;

use super::init;
use crate::args::{Cost, SetDecoy};
use crate::console::Console;
use crate::exit::Failure;
use crate::secrets::{self, IfWeak};
use crate::session;

pub(super) fn set(console: Console, args: &SetDecoy) -> Result<(), Failure> {
    // Refused before she types a passphrase.
    if args.out.symlink_metadata().is_ok() {
        return Err(Failure::refused(
            "something is there already and nothing is overwritten: choose another path",
        ));
    }
    Diary::must_lie_outside(&args.out)?;
    let codes = session::with_passphrase(console, &args.opens, |session, passphrase| {
        let if_weak = IfWeak::refused_when_typed_unless(args.weak);
        let decoy = secrets::decoy(console, args.decoy_passphrase_file.as_ref(), if_weak)?;
        let cost = match args.kdf {
            Some(Cost::Floor) => KdfCost::Floor,
            None => KdfCost::Measured,
        };
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
