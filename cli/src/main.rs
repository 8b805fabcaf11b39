//! The command `diary`: the desktop shell of the incident diary, and the recipient's verifier.
//!
//! It asks, calls the library and prints; every rule of the diary is in the library.

#![forbid(unsafe_code)]

mod args;
mod commands;
mod console;
mod exit;
mod guessing;
mod input;
mod interrupt;
mod memory;
mod output;
mod progress;
mod secrets;
mod session;
mod sheet;
mod state;
mod terminal;
mod usage;

use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches};

use crate::args::Cli;
use crate::exit::Failure;

fn main() -> ExitCode {
    memory::forbid_core_dumps();
    exit::install_panic_hook();
    interrupt::watch();
    // A panic unwinds, so that temporary files are removed; the hook has said it.
    let status = match std::panic::catch_unwind(run) {
        Ok(Ok(())) => 0,
        Ok(Err(failure)) => {
            failure.report();
            failure.status()
        }
        Err(_) => 2,
    };
    interrupt::finish();
    ExitCode::from(status)
}

fn run() -> Result<(), Failure> {
    let matches = match Cli::command().try_get_matches_from(args::joined(std::env::args_os())) {
        Ok(matches) => matches,
        Err(error) => return help_or_usage(&error),
    };
    if args::uses_of_standard_input(&matches) > 1 {
        return Err(Failure::cannot(
            "`-` is given twice, and standard input can be read once: use a file for one of them",
        ));
    }
    match Cli::from_arg_matches(&matches) {
        Ok(cli) => commands::run(cli),
        Err(error) => Err(usage::failure(&error)),
    }
}

/// `--help` and `--version` are errors for clap, and answers for everybody else.
fn help_or_usage(error: &clap::Error) -> Result<(), Failure> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => match error.print() {
            Ok(()) => Ok(()),
            Err(_) => Err(Failure::ClosedPipe { done: true }),
        },
        _ => Err(usage::failure(error)),
    }
}
