//! Why the diary refuses something, or cannot do it.

use std::fmt;

use crate::backup::BackupError;
use crate::evidence::{Damage, EvidenceError};
use crate::incident::FieldError;
use crate::log::EntryId;
use crate::log::entry::InvalidId;
use crate::log::fingerprint::InvalidFingerprint;
use crate::time::TimeError;
use crate::vault::{SecretError, VaultError};

/// Why the diary refuses something, or cannot do it. No text that she wrote is in it.
#[derive(Debug)]
pub enum Error {
    /// The passphrase or recovery code cannot be used.
    Secret(SecretError),
    /// The vault cannot be made, opened, read or written.
    Vault(VaultError),
    /// A field of an incident breaks a rule.
    Field(FieldError),
    /// A time is not written as it should be.
    Time(TimeError),
    /// A backup cannot be written or read.
    Backup(BackupError),
    /// A file cannot be taken in or given out.
    Evidence(EvidenceError),
    /// The stored file of an evidence item that was to leave is damaged.
    DamagedItem(EntryId, Damage),
    /// The text is no id.
    Id(InvalidId),
    /// The text is no code.
    Fingerprint(InvalidFingerprint),
    /// Another input is not of its form.
    Form(Form),
    /// No entry has this id, or no incident this number.
    NotFound,
    /// The id is not that of an incident.
    NotAnIncident,
    /// The id is not that of an evidence item.
    NotAnItem,
    /// The words were erased.
    Erased,
    /// The incident is withdrawn already.
    AlreadyWithdrawn,
    /// An incident has at most 1,000 evidence items.
    TooManyItems,
    /// No incident fits the selection.
    EmptySelection,
    /// Something is to be withheld of one incident, or by its number in a list, and is not there.
    NoSuchElement,
    /// Something was asked of an incident, or of an evidence item, that is not in what leaves.
    NotChosen(EntryId),
    /// The end of the period lies before its start.
    DatesReversed,
    /// The bundle would be larger than a verifier accepts.
    BundleTooLarge,
    /// The file that was written does not verify; it was removed.
    BundleNotSound,
    /// Something already stands where the new file should go.
    TargetExists,
    /// The file is no bundle.
    NotABundle,
    /// The bundle is encrypted for its way: nothing can be said of the one inside.
    EncryptedBundle,
    /// The shell asked to stop; nothing was left behind.
    Cancelled,
}

/// An input with a form of its own.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Form {
    /// A page ends where the next begins: the cursor is what the page before gave.
    Cursor,
    /// A page has 1 to 200 incidents.
    Limit,
    /// A form's name is 1 to 32 small letters, digits, `-` and `_`.
    DraftName,
    /// A draft is UTF-8 text.
    Draft,
    /// A language is `kk`, `ru` or `en`.
    Language,
    /// A bundle is encrypted to 1 to 64 recipients.
    Recipients,
}

/// What a program says with its exit status.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Class {
    /// Refused: something else must be asked for, or given.
    Refused,
    /// It cannot be done here and now: unreadable, damaged, no space, in use, newer format.
    CannotBeDone,
}

impl Error {
    /// Whether the request was refused, or could not be carried out.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::Vault(VaultError::WrongSecret | VaultError::SecretInUse)
            | Self::Vault(VaultError::NoRecoveryCode)
            | Self::Vault(VaultError::TargetExists | VaultError::Full(_)) => Class::Refused,
            Self::Vault(_) | Self::NotABundle | Self::EncryptedBundle | Self::Cancelled => {
                Class::CannotBeDone
            }
            Self::Backup(error) if error.is_damaged() => Class::Refused,
            Self::Backup(BackupError::InsideVault | BackupError::ForeignFolder) => Class::Refused,
            Self::Backup(_) => Class::CannotBeDone,
            Self::Evidence(error) if error.is_refused() => Class::Refused,
            Self::Evidence(_) => Class::CannotBeDone,
            _ => Class::Refused,
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Secret(error) => Some(error),
            Self::Vault(error) => Some(error),
            Self::Field(error) => Some(error),
            Self::Time(error) => Some(error),
            Self::Backup(error) => Some(error),
            Self::Evidence(error) => Some(error),
            Self::Id(error) => Some(error),
            Self::Fingerprint(error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Secret(error) => error.fmt(f),
            Self::Vault(error) => error.fmt(f),
            Self::Field(error) => error.fmt(f),
            Self::Time(error) => error.fmt(f),
            Self::Backup(error) => error.fmt(f),
            Self::Evidence(error) => error.fmt(f),
            Self::DamagedItem(id, damage) => write!(
                f,
                "{id}: evidence is damaged ({damage}): a backup can bring it back; --without {id} leaves it out"
            ),
            Self::Id(error) => error.fmt(f),
            Self::Fingerprint(error) => error.fmt(f),
            Self::Form(form) => form.fmt(f),
            Self::NotFound => f.write_str("nothing has this id: look it up with list or show"),
            Self::NotAnIncident => f.write_str("this id is not an incident's: use list to find it"),
            Self::NotAnItem => {
                f.write_str("this id is not an evidence item's: use show to find it")
            }
            Self::Erased => f.write_str("the words were erased: only the place in the log is left"),
            Self::AlreadyWithdrawn => {
                f.write_str("the incident is withdrawn already: nothing to do")
            }
            Self::TooManyItems => {
                f.write_str("an incident holds at most 1,000 evidence items: record another one")
            }
            Self::EmptySelection => {
                f.write_str("no incident fits the selection: choose another period or id")
            }
            Self::NoSuchElement => f.write_str(
                "what is to be withheld is not there: check the id of the incident, and the number, from 0, of an \
                 element; show tells both",
            ),
            Self::NotChosen(id) => write!(
                f,
                "{id}: not in what leaves, so nothing was done with it: choose its incident too, or do not name it"
            ),
            Self::DatesReversed => {
                f.write_str("the period ends before it starts: exchange the two dates")
            }
            Self::BundleTooLarge => f.write_str(
                "it would be too large: choose a period; a bundle can do without large originals too",
            ),
            Self::BundleNotSound => f.write_str(
                "the bundle that was written does not verify and was removed: check the disk and \
                 run check",
            ),
            Self::TargetExists => {
                f.write_str("something is already there: choose a name that does not exist yet")
            }
            Self::NotABundle => f.write_str("this is no bundle: check the path"),
            Self::EncryptedBundle => f.write_str(
                "this bundle is encrypted: open it with its password or its key first, and verify what \
                 comes out",
            ),
            Self::Cancelled => f.write_str("stopped: nothing was left behind"),
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cursor => "not a cursor: use the one that the page before gave",
            Self::Limit => "a page holds 1 to 200 incidents: choose a number between",
            Self::DraftName => {
                "a form's name has 1 to 32 small letters, digits, - or _: choose another"
            }
            Self::Draft => "a draft must be a text: it was not kept",
            Self::Language => "not a language of the bundle: choose kk, ru or en",
            Self::Recipients => {
                "a bundle is encrypted to 1 to 64 recipients: name one, or make two bundles"
            }
        })
    }
}

macro_rules! from {
    ($($error:ty => $variant:ident),* $(,)?) => {$(
        impl From<$error> for Error {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        }
    )*};
}

from! {
    SecretError => Secret,
    VaultError => Vault,
    FieldError => Field,
    TimeError => Time,
    BackupError => Backup,
    InvalidId => Id,
    InvalidFingerprint => Fingerprint,
}

impl From<EvidenceError> for Error {
    fn from(error: EvidenceError) -> Self {
        if error.is_cancelled() {
            Self::Cancelled
        } else {
            Self::Evidence(error)
        }
    }
}
