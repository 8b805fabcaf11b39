//! `diary draft`

use serde_json::json;

use crate::args::{DraftCommand, DraftForm, SaveDraft};
use crate::console::Console;
use crate::exit::Failure;
use crate::output::text;
use crate::{input, session};

pub(super) fn run(console: Console, command: &DraftCommand) -> Result<(), Failure> {
    match command {
        DraftCommand::Save(args) => save(console, args),
        DraftCommand::Show(args) => show(console, args),
        DraftCommand::Discard(args) => discard(console, args),
    }
}

fn save(console: Console, args: &SaveDraft) -> Result<(), Failure> {
    let text = input::bytes(&args.file, "--file")?;
    session::with(console, &args.form.opens, |session| {
        session.diary.save_draft(&args.form.form, &text)?;
        done(console, &args.form.form)
    })
}

fn show(console: Console, args: &DraftForm) -> Result<(), Failure> {
    session::with(console, &args.opens, |session| {
        let Some(draft) = session.diary.draft(&args.form)? else {
            return Err(Failure::refused(
                "there is no draft of this form: save one first",
            ));
        };
        let draft_text = String::from_utf8_lossy(&draft);
        if console.is_json() {
            return console.answer(
                || json!({ "form": args.form, "text": draft_text }),
                String::new,
            );
        }
        if console.is_terminal() {
            return console.write(format!("{}\n", text::shown(&draft_text)).as_bytes());
        }
        console.write(&draft)
    })
}

fn discard(console: Console, args: &DraftForm) -> Result<(), Failure> {
    session::with(console, &args.opens, |session| {
        session.diary.discard_draft(&args.form)?;
        done(console, &args.form)
    })
}

/// As text there is nothing to say.
fn done(console: Console, form: &str) -> Result<(), Failure> {
    console.answer(|| json!({ "form": form }), String::new)
}
