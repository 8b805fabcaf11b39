//! `diary schema`, `diary completions`, `diary man`: made from the program itself.

use clap::CommandFactory;
use clap_complete::Shell;
use diary_core::incident::{amendment_schema, bundle_schema, incident_schema};

use crate::args::{Cli, Schema};
use crate::console::Console;
use crate::exit::Failure;

/// The schema is JSON whether it was asked for or not.
pub(super) fn schema(console: Console, schema: Schema) -> Result<(), Failure> {
    let schema = match schema {
        Schema::Incident => incident_schema(),
        Schema::Amendment => amendment_schema(),
        Schema::Bundle => bundle_schema(),
    };
    console.write(format!("{schema:#}\n").as_bytes())
}

pub(super) fn completions(console: Console, shell: Shell) -> Result<(), Failure> {
    no_json(console)?;
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "diary", &mut script);
    console.write(&script)
}

pub(super) fn man(console: Console, command: Option<&str>) -> Result<(), Failure> {
    no_json(console)?;
    let mut program = Cli::command();
    // Gives each command its full name, such as diary-export.
    program.build();
    let page = match command {
        None => clap_mangen::Man::new(program),
        Some(name) => {
            let found = program.find_subcommand(name).cloned();
            let found = found
                .ok_or_else(|| Failure::cannot("there is no such command: see `diary --help`"))?;
            clap_mangen::Man::new(found)
        }
    };
    let mut roff = Vec::new();
    page.render(&mut roff)
        .map_err(|_| Failure::cannot("the page could not be made: please report it"))?;
    console.write(&roff)
}

fn no_json(console: Console) -> Result<(), Failure> {
    if console.is_json() {
        return Err(Failure::cannot(
            "there is no JSON form of this: leave --json out",
        ));
    }
    Ok(())
}
