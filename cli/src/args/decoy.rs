//! The second diary of a vault.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::values::Source;
use super::{Cost, Opens};

#[derive(Debug, Subcommand)]
pub(crate) enum DecoyCommand {
    /// Copy the diary into a new vault together with a second, empty one. The old vault stays as it
    /// is.
    Set(SetDecoy),
}

/// The vault that is copied, and what is made.
#[derive(Args, Debug)]
pub(crate) struct SetDecoy {
    #[command(flatten)]
    pub(crate) opens: Opens,

    /// The folder of the new vault; it must not exist.
    #[arg(long, value_name = "NEWVAULT")]
    pub(crate) out: PathBuf,

    /// Read the second diary's passphrase from the first line of FILE (`-`: standard input).
    #[arg(long, value_name = "FILE")]
    pub(crate) decoy_passphrase_file: Option<Source>,

    /// How much work a guess at the passphrase costs; otherwise about a second on this device.
    #[arg(long, value_enum)]
    pub(crate) kdf: Option<Cost>,

    /// Take a passphrase that is guessed easily; what that means is said.
    #[arg(long)]
    pub(crate) weak: bool,
}
