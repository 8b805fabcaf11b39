//! `diary extract`

use serde_json::json;

use crate::args::Extract;
use crate::console::Console;
use crate::exit::Failure;
use crate::session;

pub(super) fn run(console: Console, args: &Extract) -> Result<(), Failure> {
    session::with(console, &args.opens, |session| {
        session
            .diary
            .extract(&args.item, &args.out, &mut console.bar("extracting"))?;
        if !console.is_json() {
            return Ok(());
        }
        let file = args.out.to_string_lossy();
        console.answer(
            || json!({ "item": args.item.to_string(), "file": file }),
            String::new,
        )
    })
}
