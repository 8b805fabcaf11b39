//! Commands that make a vault, and those that change what opens it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use diary_core::bundle::Language;
use diary_core::vault::KdfCost;

use super::values::{self, Source};
use super::{Opens, State};

/// Make a new vault and print its recovery code, once.
#[derive(Args, Debug)]
pub(crate) struct Init {
    /// The folder to make; it must not exist.
    pub(crate) vault: PathBuf,

    /// How much work a guess at the passphrase costs; otherwise about a second on this device.
    #[arg(long, value_enum)]
    pub(crate) kdf: Option<Cost>,

    /// Read the passphrase from the first line of FILE (`-`: standard input).
    #[arg(long, value_name = "FILE")]
    pub(crate) new_passphrase_file: Option<Source>,

    /// The same as --new-passphrase-file.
    #[arg(long, value_name = "FILE", conflicts_with = "new_passphrase_file")]
    pub(crate) passphrase_file: Option<Source>,

    /// Put a second, empty diary into the vault, which opens with a passphrase of its own.
    #[arg(long)]
    pub(crate) with_decoy: bool,

    /// Read the second diary's passphrase from the first line of FILE (`-`: standard input).
    #[arg(long, value_name = "FILE", requires = "with_decoy")]
    pub(crate) decoy_passphrase_file: Option<Source>,

    /// Take a passphrase that is guessed easily; what that means is said.
    #[arg(long)]
    pub(crate) weak: bool,

    #[command(flatten)]
    pub(crate) sheet: Sheet,

    #[command(flatten)]
    pub(crate) state: State,
}

/// The recovery code on paper.
#[derive(Args, Debug)]
pub(crate) struct Sheet {
    /// Write the recovery code on a page to print (PDF) as well; it must not exist.
    #[arg(long, value_name = "FILE")]
    pub(crate) sheet: Option<PathBuf>,

    /// Language of the page.
    #[arg(long, value_name = "LANGUAGE", value_parser = values::language(), default_value = "ru")]
    pub(crate) sheet_language: Language,

    /// Put the code on the page for a camera, too.
    #[arg(long, requires = "sheet")]
    pub(crate) sheet_qr: bool,
}

/// What one guess at the passphrase costs.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Cost {
    /// 64 MiB, t=3, p=4, without measuring the device.
    Floor,
}

impl Cost {
    /// What a new key costs, where nothing else was asked for.
    pub(crate) fn chosen(asked: Option<Self>) -> KdfCost {
        match asked {
            Some(Self::Floor) => KdfCost::Floor,
            None => KdfCost::Measured,
        }
    }
}

/// Set a new passphrase; with --rotate also a new key and a new recovery code.
#[derive(Args, Debug)]
pub(crate) struct SetPassphrase {
    /// The folder of the vault.
    #[arg(required_unless_present = "propose")]
    pub(crate) vault: Option<PathBuf>,

    /// Read the passphrase from the first line of FILE (`-`: standard input).
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<Source>,

    #[command(flatten)]
    pub(crate) state: State,

    /// Print a passphrase of five words made by chance, and do nothing else.
    #[arg(long, value_name = "LANGUAGE", value_parser = values::language(), conflicts_with_all = ["vault", "rotate"])]
    pub(crate) propose: Option<Language>,

    /// Somebody knew the passphrase: seal everything anew under a new key, and print a new recovery
    /// code; the old one then opens only copies and backups made before.
    #[arg(long)]
    pub(crate) rotate: bool,

    /// Read the new passphrase from the first line of FILE (`-`: standard input).
    #[arg(long, value_name = "FILE")]
    pub(crate) new_passphrase_file: Option<Source>,

    /// Take a passphrase that is guessed easily; what that means is said.
    #[arg(long)]
    pub(crate) weak: bool,

    #[command(flatten)]
    pub(crate) sheet: Sheet,
}

impl SetPassphrase {
    /// The vault to open, unless a passphrase is only proposed.
    pub(crate) fn opens(&self) -> Option<Opens> {
        Some(Opens {
            vault: self.vault.clone()?,
            passphrase_file: self.passphrase_file.clone(),
            state: self.state.clone(),
        })
    }
}

/// Destroy the whole folder, the key file first, whichever passphrase asks. It cannot be undone.
#[derive(Args, Debug)]
pub(crate) struct Wipe {
    #[command(flatten)]
    pub(crate) opens: Opens,

    /// Do not ask.
    #[arg(long)]
    pub(crate) yes: bool,
}

/// Set a new passphrase with the recovery code.
#[derive(Args, Debug)]
pub(crate) struct Recover {
    /// The folder of the vault.
    pub(crate) vault: PathBuf,

    /// Read the recovery code from the first line of FILE (`-`: standard input).
    #[arg(long, value_name = "FILE")]
    pub(crate) recovery_file: Option<Source>,

    /// Read the new passphrase from the first line of FILE (`-`: standard input).
    #[arg(long, value_name = "FILE")]
    pub(crate) new_passphrase_file: Option<Source>,

    /// Make a new recovery code too; the old one then opens only copies and backups made before.
    #[arg(long)]
    pub(crate) new_code: bool,

    /// Take a passphrase that is guessed easily; what that means is said.
    #[arg(long)]
    pub(crate) weak: bool,

    #[command(flatten)]
    pub(crate) sheet: Sheet,

    #[command(flatten)]
    pub(crate) state: State,
}
