//! `diary init`

use diary_core::Diary;
use diary_core::diary::TwoCodes;
use diary_core::time::SystemClock;
use serde_json::json;

use crate::args::{Cost, Init};
use crate::console::Console;
use crate::exit::Failure;
use crate::output::file;
use crate::secrets::{self, IfWeak};
use crate::session;
use crate::sheet;
use crate::state::{self, RollbackToken};

pub(super) fn run(console: Console, args: &Init) -> Result<(), Failure> {
    // Refused before she thinks of a passphrase.
    file::must_be_free(&args.vault, "path")?;
    Diary::must_lie_outside(&args.vault)?;
    sheet::must_be_free(&args.sheet, true, "")?;
    state::must_lie_outside(&args.state)?;
    let source = args.new_passphrase_file.as_ref();
    let source = source.or(args.passphrase_file.as_ref());
    let if_weak = IfWeak::refused_when_typed_unless(args.weak);
    let passphrase = secrets::setting(console, source, if_weak)?;
    let cost = Cost::chosen(args.kdf);
    let clock = Box::new(SystemClock);
    if args.with_decoy {
        let decoy = secrets::decoy(console, args.decoy_passphrase_file.as_ref(), if_weak)?;
        let (mut diary, codes) =
            Diary::create_with_decoy(&args.vault, &passphrase, &decoy, cost, clock)?;
        let closed = RollbackToken::load(&args.state, &mut diary)
            .and_then(|token| session::close(diary, &token));
        show_two_codes(console, &codes)?;
        // Never both codes on one sheet: that would tell of the other diary.
        sheet::write(console, &args.sheet, &codes.own)?;
        return closed;
    }
    let (mut diary, code) = Diary::create(&args.vault, &passphrase, cost, clock)?;
    // The code is shown whatever happens now: it is shown only here.
    let closed = RollbackToken::load(&args.state, &mut diary)
        .and_then(|token| session::close(diary, &token));
    sheet::show(console, &args.sheet, &code, "the diary was made")?;
    console.note(
        "This is the recovery code. Write it on paper and keep it away from the phone. It opens the vault when the \
         passphrase is lost, and is not shown again.",
    );
    closed
}

/// The recovery codes of a vault with two diaries: hers first.
pub(super) fn show_two_codes(console: Console, codes: &TwoCodes) -> Result<(), Failure> {
    let (own, decoy) = (codes.own.reveal(), codes.decoy.reveal());
    let shown = console.answer(
        || json!({ "recovery_code": own.as_str(), "decoy_recovery_code": decoy.as_str() }),
        || format!("{}\n{}\n", own.as_str(), decoy.as_str()),
    );
    shown.map_err(|failure| failure.code_unseen("the new vault was made"))?;
    console.note(
        "These are the recovery codes, of the first passphrase and of the second one. Write them on two papers: whoever \
         finds both knows that there are two diaries. They are not shown again.",
    );
    console.note(
        "The second diary is for somebody who looks through the program, not for a laboratory: SECURITY.md \
         says what can be told from the files. Write something harmless into it now and then.",
    );
    Ok(())
}
