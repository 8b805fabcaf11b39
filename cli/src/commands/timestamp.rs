//! `diary timestamp`

use std::fs::File;
use std::io::Read;
use std::path::Path;

use diary_core::diary::{AcceptError, OffClock};
use diary_core::display::escape_for_display;
use diary_core::time::stamp::{MAX_ANSWER, MAX_CHAIN};
use serde_json::json;

use crate::args::{AcceptTimestamp, RequestTimestamp, TimestampCommand};
use crate::console::Console;
use crate::exit::{Failure, reason};
use crate::output::{file, text};
use crate::session;

pub(super) fn run(console: Console, command: &TimestampCommand) -> Result<(), Failure> {
    match command {
        TimestampCommand::Request(args) => request(console, args),
        TimestampCommand::Accept(args) => accept(console, args),
    }
}

fn request(console: Console, args: &RequestTimestamp) -> Result<(), Failure> {
    file::require_new(&args.out, "--out")?;
    session::with(console, &args.opens, |session| {
        let request = session.diary.stamp_request()?;
        file::write_new(&args.out, &request.to_bytes(), "--out")?;
        let out = args.out.to_string_lossy();
        console.answer(
            || json!({ "file": out, "bytes": request.to_bytes().len() }),
            || format!("{}\n", escape_for_display(&out)),
        )?;
        console.note(
            "Whoever sends it tells the authority an address and a time, and nothing of the diary. \
             Bring the answer back with `diary timestamp accept`.",
        );
        Ok(())
    })
}

fn accept(console: Console, args: &AcceptTimestamp) -> Result<(), Failure> {
    let answer = read(&args.answer, MAX_ANSWER)?;
    let chain = args.chain.as_deref();
    let chain = chain.map(|path| read(path, MAX_CHAIN).map_err(|failure| failure.at("--chain")));
    let chain = chain.transpose()?;
    session::with(console, &args.opens, |session| {
        let off_clock = match args.despite_clock {
            true => OffClock::Keep,
            false => OffClock::Refuse,
        };
        let accepted = session
            .diary
            .accept_stamp(&answer, chain.as_deref(), off_clock);
        let accepted = accepted.map_err(|error| match error {
            AcceptError::Diary(error) => error.into(),
            AcceptError::Answer(_) => Failure::refused(error.to_string()),
        })?;
        if accepted.is_off_clock {
            console.warn("the time in the token does not fit this device's clock");
        }
        let id = accepted.id.to_string();
        let signer = text::shown_on_a_line(&accepted.signer);
        console.answer(
            || {
                json!({
                    "id": id,
                    "size": accepted.size,
                    "time": accepted.time,
                    "signer": accepted.signer,
                })
            },
            || {
                text::pairs(&[
                    ("kept as", id.clone()),
                    ("time", accepted.time.clone()),
                    ("signer", signer),
                    ("entries", accepted.size.to_string()),
                ])
            },
        )?;
        console.note(
            "The signer's name is what its own certificate says: whether to trust it is checked with \
             `openssl ts -verify` and a root certificate from the authority itself.",
        );
        Ok(())
    })
}

/// A file, or a byte more than is kept of it: the library says then what is wrong.
fn read(path: &Path, longest: usize) -> Result<Vec<u8>, Failure> {
    let failure = |error: std::io::Error| {
        Failure::cannot(format!(
            "the file cannot be read: {}: check it",
            reason(&error)
        ))
    };
    let mut bytes = Vec::new();
    let mut file = File::open(path).map_err(failure)?.take(longest as u64 + 1);
    file.read_to_end(&mut bytes).map_err(failure)?;
    Ok(bytes)
}
