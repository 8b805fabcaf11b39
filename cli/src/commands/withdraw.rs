//! `diary withdraw`

use super::recorded;
use crate::args::Withdraw;
use crate::console::Console;
use crate::exit::Failure;
use crate::{input, session};

pub(super) fn run(console: Console, args: &Withdraw) -> Result<(), Failure> {
    let reason = input::words(&args.reason, "--reason")?;
    session::with(console, &args.opens, |session| {
        let withdrawn = session.diary.withdraw(&args.id, &reason)?;
        console.answer_line(recorded(&withdrawn), &withdrawn.id.to_string())
    })
}
