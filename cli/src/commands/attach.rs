//! `diary attach`

use diary_core::diary::{AttachOptions, Item};
use diary_core::incident::Text;
use serde_json::{Value, json};

use crate::args::Attach;
use crate::console::Console;
use crate::exit::Failure;
use crate::input;
use crate::output::json::hex;
use crate::session::{self, Session};

pub(super) fn run(console: Console, args: &Attach) -> Result<(), Failure> {
    let options = AttachOptions {
        how: args.how,
        note: input::optional_words(args.note.as_ref(), "--note")?
            .map(|note| Text::new("note", &note))
            .transpose()?,
    };
    session::with(console, &args.opens, |session| {
        let mut items: Vec<Item> = Vec::new();
        let kept = keep_all(console, session, args, &options, &mut items);
        if !console.is_json() || (kept.is_err() && items.is_empty()) {
            return kept;
        }
        // What is kept is told, whatever kept the others from it.
        let printed = print(console, &items);
        kept.and(printed)
    })
}

fn keep_all(
    console: Console,
    session: &mut Session,
    args: &Attach,
    options: &AttachOptions,
    items: &mut Vec<Item>,
) -> Result<(), Failure> {
    for (position, file) in args.files.iter().enumerate() {
        let attached = session
            .diary
            .attach(&args.id, file, options, &mut console.bar("attaching"));
        let item = attached.map_err(|error| {
            let failure = Failure::from(error);
            // The number, not the name, which can be her words.
            if args.files.len() > 1 {
                failure.at(&format!("file {}", position + 1))
            } else {
                failure
            }
        })?;
        if item.duplicate {
            console.note("This file is in the vault already; it is stored once.");
        }
        // As text a line a file, when it is durable; as JSON one document at the end.
        if !console.is_json() {
            let line = format!("{}\t{}\t{}\n", item.id, item.bytes, hex(&item.sha256));
            let last = position + 1 == args.files.len();
            let written = console.write(line.as_bytes());
            written.map_err(|failure| {
                if last {
                    failure
                } else {
                    failure.before_the_end()
                }
            })?;
        }
        items.push(item);
    }
    Ok(())
}

fn print(console: Console, items: &[Item]) -> Result<(), Failure> {
    let items: Value = items
        .iter()
        .map(|item| {
            json!({
                "item": item.id.to_string(),
                "bytes": item.bytes,
                "sha256": hex(&item.sha256),
                "duplicate": item.duplicate,
            })
        })
        .collect();
    console.answer(|| json!({ "items": items }), String::new)
}
