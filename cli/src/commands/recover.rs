//! `diary recover`

use diary_core::Diary;
use diary_core::time::SystemClock;
use diary_core::vault::RecoveryCode;
use serde_json::{Map, Value};

use crate::args::Recover;
use crate::console::Console;
use crate::exit::Failure;
use crate::output::json;
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
    let shown = new_code.as_ref().map(RecoveryCode::reveal);
    console.answer(
        || {
            let mut answer = Map::new();
            json::set(
                &mut answer,
                "recovery_code",
                shown.as_deref().map(String::as_str),
            );
            Value::Object(answer)
        },
        || match shown.as_deref() {
            Some(code) => format!("{code}\n"),
            None => String::new(),
        },
    )?;
    console.note("The new passphrase is set.");
    if let Some(code) = &new_code {
        sheet::write(console, &args.sheet, code)?;
    }
    if shown.is_some() {
        console.note("The old recovery code no longer works: write the new one on paper.");
    }
    closed
}
