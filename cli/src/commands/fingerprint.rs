//! `diary fingerprint`

use serde_json::json;

use crate::args::Fingerprint;
use crate::console::Console;
use crate::exit::Failure;
use crate::session;

pub(super) fn run(console: Console, args: &Fingerprint) -> Result<(), Failure> {
    session::with(console, &args.opens, |session| {
        let Some(code) = &args.since else {
            let code = session.diary.fingerprint()?.to_string();
            return console.answer(|| json!({ "fingerprint": code }), || format!("{code}\n"));
        };
        let is_ancestor = session.diary.is_ancestor(code)?;
        let printed = if is_ancestor || console.is_json() {
            console.answer(
                || json!({ "ancestor": is_ancestor }),
                || "today's log contains the log of this code, unchanged\n".to_owned(),
            )
        } else {
            Ok(())
        };
        if is_ancestor {
            printed
        } else {
            Err(console.verdict(
                "the code is not one of this log: it was mistyped, belongs to another diary, or \
                 the log was changed since",
            ))
        }
    })
}
