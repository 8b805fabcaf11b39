//! `diary check`

use diary_core::Error;
use diary_core::bundle::{Check, Finding, Level};
use diary_core::diary::Report;
use serde_json::json;

use crate::args;
use crate::console::Console;
use crate::exit::Failure;
use crate::output::findings;
use crate::session;

pub(super) fn run(console: Console, args: &args::Check) -> Result<(), Failure> {
    // Damage that keeps the vault shut is a verdict, too.
    let not_checked = |error: Error| match Report::of_error(&error) {
        Some(report) => tell(console, &report),
        None => Err(error.into()),
    };
    session::with_or(console, &args.opens, not_checked, |session| {
        let mut report = session.diary.check(&mut console.bar("checking"))?;
        // By itself an old copy is whole: only the token tells.
        let against = session
            .token_against
            .map(|told| Finding::new(Check::Checkpoint, Level::Warning, "", told));
        report.findings.extend(against);
        tell(console, &report)
    })
}

fn tell(console: Console, report: &Report) -> Result<(), Failure> {
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
}
