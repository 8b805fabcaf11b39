//! `diary check`

use serde_json::json;

use crate::args::Check;
use crate::console::Console;
use crate::exit::Failure;
use crate::output::findings;
use crate::session;

pub(super) fn run(console: Console, args: &Check) -> Result<(), Failure> {
    session::with(console, &args.opens, |session| {
        let report = session.diary.check(&mut console.bar("checking"))?;
        let sound = report.sound;
        let printed = console.answer(
            || json!({ "sound": sound, "findings": findings::json(&report.findings) }),
            || {
                let verdict = if sound { "sound" } else { "not sound" };
                format!("{}\n{verdict}\n", findings::text(&report.findings))
            },
        );
        // The status tells the verdict, even if nobody reads the rest.
        if sound {
            printed
        } else {
            Err(console.verdict("the vault is not sound: see the findings, and keep a copy of it"))
        }
    })
}
