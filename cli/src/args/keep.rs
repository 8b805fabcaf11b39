//! Commands that keep a vault safe against its loss.

use std::path::PathBuf;

use clap::Args;

use super::values::Source;
use super::{Cost, Opens};

/// Write the whole vault into one sealed file. It opens with every passphrase and recovery code
/// that opens the vault now, and with no other.
#[derive(Args, Debug)]
pub(crate) struct Backup {
    #[command(flatten)]
    pub(crate) opens: Opens,

    /// The file to write; it must not exist. Keep it somewhere else than the vault.
    #[arg(required_unless_present = "to_folder")]
    pub(crate) file: Option<PathBuf>,

    /// Add a backup to DIR, absent, empty, or with earlier ones: evidence files that are there already are not
    /// written again. Their number and sizes show, and an old passphrase opens the backups of its time. Nothing in
    /// DIR is ever removed.
    #[arg(long, value_name = "DIR", conflicts_with = "file")]
    pub(crate) to_folder: Option<PathBuf>,
}

/// Make a vault from a backup, or see what is in one.
#[derive(Args, Debug)]
pub(crate) struct Restore {
    /// The backup: its file, or the folder of --to-folder, which means the newest in it; with --salvage also
    /// the folder of a damaged vault.
    pub(crate) file: PathBuf,

    /// The folder to make; it must not exist, or be empty.
    #[arg(required_unless_present = "dry_run")]
    pub(crate) vault: Option<PathBuf>,

    /// Read and prove everything, and write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Save what can be read of a damaged backup, or of a damaged vault, which stays as it is. What is
    /// lost is named, and stays marked in the log for good.
    #[arg(long, conflicts_with_all = ["dry_run", "with_decoy"])]
    pub(crate) salvage: bool,

    /// Put a second, empty diary beside the one that the passphrase opens, in a new vault with new
    /// recovery codes. Another diary in the backup is not copied.
    #[arg(long, conflicts_with_all = ["dry_run", "recovery", "recovery_file"])]
    pub(crate) with_decoy: bool,

    /// Read the second diary's passphrase from the first line of FILE (`-`: standard input).
    #[arg(long, value_name = "FILE", requires = "with_decoy")]
    pub(crate) decoy_passphrase_file: Option<Source>,

    /// With --with-decoy: how much work a guess at the passphrase costs; otherwise about a second on
    /// this device.
    #[arg(long, value_enum, requires = "with_decoy")]
    pub(crate) kdf: Option<Cost>,

    /// Take a passphrase that is guessed easily; what that means is said.
    #[arg(long, requires = "with_decoy")]
    pub(crate) weak: bool,

    /// Ask for the recovery code instead of the passphrase.
    #[arg(long, conflicts_with_all = ["passphrase_file", "recovery_file"])]
    pub(crate) recovery: bool,

    /// Read the passphrase from the first line of FILE (`-`: standard input).
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<Source>,

    /// Open it with the recovery code in the first line of FILE (`-`: standard input).
    #[arg(long, value_name = "FILE", conflicts_with = "passphrase_file")]
    pub(crate) recovery_file: Option<Source>,
}
