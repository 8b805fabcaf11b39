//! `diary recover`

use diary_core::Diary;
use diary_core::time::SystemClock;
use serde_json::json;

use crate::args::Recover;
use crate::console::Console;
use crate::exit::Failure;
use crate::secrets::{self, IfWeak};
use crate::session;
use crate::sheet;
use crate::state::{self, RollbackToken};

pub(super) fn run(console: Console, args: &Recover) -> Result<(), Failure> {
    session::require_folder(&args.vault)?;
    state::must_lie_outside(&args.state)?;
    sheet::must_be_free(&args.sheet, args.new_code, "--new-code")?;
    let code = secrets::recovery(args.recovery_file.as_ref())?;
    let if_weak = IfWeak::refused_when_typed_unless(args.weak);
    let new = secrets::setting(console, args.new_passphrase_file.as_ref(), if_weak)?;
    let clock = Box::new(SystemClock);
    let (mut diary, new_code) = Diary::recover(&args.vault, &code, &new, args.new_code, clock)?;
    // The code is shown whatever happens now: it holds already, and is shown only here.
    let closed = RollbackToken::load(&args.state, &mut diary).and_then(|mut token| {
        token.compare(console, &mut diary)?;
        session::close(diary, &token)
    });
    let done = "the new passphrase is set";
    match &new_code {
        Some(code) => sheet::show(console, &args.sheet, code, done)?,
        None => console.answer(|| json!({}), String::new)?,
    }
    console.note("The new passphrase is set.");
    if new_code.is_some() {
        console.note(
            "The old recovery code no longer works here; copies and backups made before still open with \
             it. Write the new one on paper. If somebody saw the old one, use `passphrase --rotate`.",
        );
    }
    closed
}
