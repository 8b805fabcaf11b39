//! `diary amend`

use diary_core::incident::Changes;
use diary_core::time::SystemClock;

use super::recorded;
use crate::args::Amend;
use crate::console::Console;
use crate::exit::Failure;
use crate::{input, session};

pub(super) fn run(console: Console, args: &Amend) -> Result<(), Failure> {
    let reason = input::words(&args.reason, "--reason")?;
    let changes = Changes::parse(&input::document(&args.file, "--file")?, &SystemClock)?;
    session::with(console, &args.opens, |session| {
        let amended = session.diary.amend(&args.id, &changes, &reason)?;
        console.answer_line(recorded(&amended), &amended.id.to_string())
    })
}
