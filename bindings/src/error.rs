//! What a shell is told when something is refused or cannot be done: cases and numbers, no text of
//! hers.

mod convert;
mod kinds;

use std::fmt;

pub use self::kinds::{
    BackupProblem, DamagedPart, DeviceKeyProblem, EvidenceDamage, FieldRule, FormatLimit,
    PassphraseWeakness, StampProblem, TimeRule,
};

/// Why something was refused, or cannot be done. Shells have a calm sentence for each case; nothing
/// in it is text that she wrote, a path, or a text of another program.
#[derive(Clone, Debug, Eq, PartialEq, uniffi::Error)]
pub enum DiaryError {
    /// The diary is locked, or was locked while this waited or worked.
    Locked,
    /// A callback called the diary that is calling it. Note what is wanted and do it afterwards.
    CalledFromCallback,
    /// A callback failed with an error of its own, of which nothing is kept.
    Callback,
    /// The work was stopped, as it was asked to; nothing was left behind.
    Cancelled,
    /// This writer was finished or given up already.
    WriterClosed,
    /// A defect in the library. What was acknowledged is kept; the diary is locked.
    Defect {
        /// Where in the source, such as `core/src/log/record.rs:120`; for a report. May be empty.
        place: String,
    },

    /// The passphrase is no UTF-8 text.
    PassphraseNotText,
    /// The passphrase is empty.
    PassphraseEmpty,
    /// The passphrase is longer than 1,024 bytes.
    PassphraseTooLong,
    /// The passphrase holds a character that not every keyboard has.
    PassphraseUnusable,
    /// The passphrase is guessed easily. Who was told so may set it all the same: `allowWeak`.
    PassphraseWeak {
        /// What is weak about it.
        weakness: PassphraseWeakness,
    },
    /// A recovery code has eight groups of four characters.
    RecoveryCodeForm,
    /// The recovery code has a typing error.
    RecoveryCodeMistyped,
    /// The recovery code is another diary's.
    WrongRecoveryCode,

    /// The folder does not exist, or is no vault.
    NotAVault,
    /// Something already stands where the new vault or file should go.
    TargetExists,
    /// The vault was made by a newer version. It was not touched.
    NewerFormat,
    /// Both copies of the key file are damaged.
    DamagedKeyFile,
    /// The key file asks for a cost that is not allowed: it is damaged or was altered.
    KdfOutOfRange,
    /// There is not enough memory to check a passphrase.
    OutOfMemory,
    /// Wrong passphrase or recovery code, or damaged slots: the two cannot be told apart.
    WrongPassphrase,
    /// A new passphrase or code opens something already: choose another one.
    PassphraseInUse,
    /// The passphrase may be bound to a device, and its key gave no answer. The recovery code opens the
    /// diary without it.
    DeviceKey {
        /// Why.
        problem: DeviceKeyProblem,
    },
    /// Another process has the vault open.
    InUse,
    /// The database of the vault is none, or not one of ours.
    ForeignDatabase,
    /// The database holds fewer cells than it should.
    CellsMissing,
    /// An older or damaged key file was put back.
    OldKeyFile,
    /// Something sealed is damaged: a backup brings it back.
    Damaged {
        /// Which part of the vault.
        part: DamagedPart,
    },
    /// A limit of the format.
    Full {
        /// Which one.
        limit: FormatLimit,
    },
    /// A write failed and the vault was closed. Open it again and look whether the last change
    /// is there; what was acknowledged is.
    Closed,
    /// The system gives no random numbers.
    NoRandomness,
    /// The disk is full. Nothing was lost.
    DiskFull,
    /// The folder cannot be written.
    ReadOnly,
    /// Reading or writing a file failed.
    Storage,

    /// A field breaks a rule. Nothing was recorded.
    InvalidField {
        /// The field, such as `people[1].role`; empty for the whole.
        path: String,
        /// The rule.
        rule: FieldRule,
    },
    /// Not a time as it should be written.
    InvalidTime {
        /// What is wrong with it.
        rule: TimeRule,
    },
    /// Nothing that can be withheld has this name, or it is not in that incident, or no chosen one has that element.
    CannotBeWithheld,
    /// Not an id such as `123-k7q2`, or a number such as `#12`.
    InvalidId,
    /// Not a code of the log, or one with a typing error.
    InvalidFingerprint,
    /// Not what the page before gave.
    InvalidCursor,
    /// A page holds 1 to 200 incidents.
    InvalidLimit,
    /// A form's name has 1 to 32 small letters, digits, `-` or `_`.
    InvalidDraftName,
    /// A draft must be UTF-8 text.
    InvalidDraft,
    /// A language is `kk`, `ru` or `en`.
    UnknownLanguage,
    /// Not an age recipient, `age1...`, or one with a typing error.
    InvalidRecipient,
    /// A bundle is encrypted to 1 to 64 recipients.
    RecipientCount,
    /// The answer of a time-stamping authority is not kept. Nothing was recorded.
    TimeStamp {
        /// Why.
        problem: StampProblem,
    },

    /// Nothing has this id or number.
    NotFound,
    /// This id is not an incident's.
    NotAnIncident,
    /// This id is not an evidence item's.
    NotAnItem,
    /// The words were erased.
    Erased,
    /// The incident is withdrawn already.
    AlreadyWithdrawn,
    /// An incident holds at most 1,000 evidence items.
    TooManyItems,
    /// No incident fits the selection.
    EmptySelection,
    /// Something was asked of an incident, or of an evidence item, that is not in what leaves.
    NotChosen {
        /// Its id.
        id: String,
    },
    /// The period ends before it starts.
    DatesReversed,
    /// The bundle would be larger than a verifier accepts.
    BundleTooLarge,
    /// The bundle that was written does not verify, and was removed.
    BundleNotSound,
    /// The file is no bundle.
    NotABundle,
    /// The bundle is encrypted for its way: open it first, and verify what comes out.
    EncryptedBundle,
    /// A backup cannot be written or read.
    Backup {
        /// Why.
        problem: BackupProblem,
    },

    /// There is no such file.
    FileNotFound,
    /// A folder, pipe or device cannot be attached.
    NotAFile,
    /// The file holds nothing.
    FileEmpty,
    /// The file is larger than 16 GiB.
    FileTooLarge,
    /// The file changed while it was read.
    FileChanged,
    /// The file was removed while it was read.
    FileVanished,
    /// The file cannot be read.
    FileUnreadable,
    /// A stored evidence file is not what was written: a backup brings it back.
    EvidenceDamaged {
        /// In what.
        damage: EvidenceDamage,
    },
}

#[uniffi::export]
impl DiaryError {
    /// True if it was refused, so that something else must be asked for or given; false if it
    /// cannot be done here and now: damaged, no space, in use, newer format, stopped.
    pub fn is_refused(&self) -> bool {
        use BackupProblem as Problem;
        !matches!(
            self,
            Self::Backup {
                problem: Problem::NotABackup
                    | Problem::NewerFormat
                    | Problem::FileChanged
                    | Problem::NotReadBack
            } | Self::Callback
                | Self::Cancelled
                | Self::Defect { .. }
                | Self::DeviceKey { .. }
                | Self::NotAVault
                | Self::NewerFormat
                | Self::DamagedKeyFile
                | Self::KdfOutOfRange
                | Self::OutOfMemory
                | Self::InUse
                | Self::ForeignDatabase
                | Self::CellsMissing
                | Self::OldKeyFile
                | Self::Damaged { .. }
                | Self::Closed
                | Self::NoRandomness
                | Self::DiskFull
                | Self::ReadOnly
                | Self::Storage
                | Self::NotABundle
                | Self::EncryptedBundle
                | Self::FileNotFound
                | Self::FileUnreadable
                | Self::EvidenceDamaged { .. }
        )
    }
}

impl std::error::Error for DiaryError {}

/// The case and its numbers: what a defect report may hold.
impl fmt::Display for DiaryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
