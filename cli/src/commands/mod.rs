//! One function a command: it reads its input, calls the library once or in a loop, and prints.

mod add;
mod amend;
mod attach;
mod backup;
mod check;
mod decoy;
mod demo;
mod draft;
mod erase;
mod export;
mod extract;
mod fingerprint;
mod generate;
mod init;
mod list;
mod passphrase;
mod people;
mod recover;
mod restore;
mod show;
mod timestamp;
mod verify;
mod wipe;
mod withdraw;

use serde_json::{Map, Value, json};

use diary_core::diary::Recorded;

use crate::args::{Cli, Command, DecoyCommand};
use crate::console::Console;
use crate::exit::Failure;
use crate::output::json::members;

/// Runs the command that was typed.
pub(crate) fn run(cli: Cli) -> Result<(), Failure> {
    let console = Console::new(cli.json, cli.quiet);
    match cli.command {
        Command::Init(args) => init::run(console, &args),
        Command::Add(args) => add::run(console, &args),
        Command::Amend(args) => amend::run(console, &args),
        Command::Withdraw(args) => withdraw::run(console, &args),
        Command::Erase(args) => erase::run(console, &args),
        Command::Attach(args) => attach::run(console, &args),
        Command::Extract(args) => extract::run(console, &args),
        Command::List(args) => list::run(console, args),
        Command::People(args) => people::run(console, &args),
        Command::Show(args) => show::run(console, &args),
        Command::Export(args) => export::run(console, args),
        Command::Verify(args) => verify::run(console, args),
        Command::Check(args) => check::run(console, &args),
        Command::Fingerprint(args) => fingerprint::run(console, &args),
        Command::Passphrase(args) => passphrase::run(console, &args),
        Command::Recover(args) => recover::run(console, &args),
        Command::Wipe(args) => wipe::run(console, &args),
        Command::Decoy(DecoyCommand::Set(args)) => decoy::set(console, &args),
        Command::Timestamp(command) => timestamp::run(console, &command),
        Command::Backup(args) => backup::run(console, &args),
        Command::Restore(args) => restore::run(console, &args),
        Command::Draft(args) => draft::run(console, &args),
        Command::Schema { of } => generate::schema(console, of),
        Command::Demo { dir, samples } => demo::run(console, &dir, samples.as_deref()),
        Command::Completions { shell } => generate::completions(console, shell),
        Command::Man { command } => generate::man(console, command.as_deref()),
    }
}

/// What `add`, `amend` and `withdraw` print.
fn recorded(recorded: &Recorded) -> Map<String, Value> {
    members(json!({
        "id": recorded.id.to_string(),
        "number": recorded.number,
        "recorded_at": recorded.recorded_at,
    }))
}
