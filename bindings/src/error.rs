//! What a shell is told when something is refused or cannot be done: cases and numbers, no text of
//! hers. Every case of the core has its own arm here, so a new one does not compile until it has.

use std::fmt;

use diary_core::Error;
use diary_core::backup::BackupError;
use diary_core::evidence::{Damage, EvidenceError};
use diary_core::incident::{self, FieldNameError};
use diary_core::time::TimeError;
use diary_core::vault::{DeviceKeyError, Limit, Part, SecretError, VaultError, Weakness};

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
    /// A write failed and the vault was closed. Open it again and look whether the last one is
    /// there; what was acknowledged is.
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
    /// Nothing that can be withheld has this name.
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
    /// The period ends before it starts.
    DatesReversed,
    /// The bundle would be larger than a verifier accepts.
    BundleTooLarge,
    /// The bundle that was written does not verify, and was removed.
    BundleNotSound,
    /// The file is no bundle.
    NotABundle,
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

/// Why a passphrase is guessed easily.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum PassphraseWeakness {
    /// Fewer than 14 characters.
    Short,
    /// Fewer than four different words, and no long row of different characters either.
    FewWords,
    /// A saying, a verse or a row of keys that is on every list.
    Known,
}

/// Why the key of the device gave no answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum DeviceKeyProblem {
    /// This device has no such key: another device, or its key store was cleared.
    Missing,
    /// The device has it and did not use it: locked, or not allowed now.
    Failed,
    /// What the shell gave is not 32 bytes: a defect of the shell.
    WrongLength,
}

/// Why a backup cannot be written or read.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum BackupProblem {
    /// The file is no backup.
    NotABackup,
    /// It was made by a newer version. It was not touched.
    NewerFormat,
    /// Both copies of its keys are damaged.
    DamagedKeys,
    /// It ends too early: it was not copied whole.
    Truncated,
    /// One chunk of 64 KiB does not open.
    DamagedChunk {
        /// Which, counted from 0.
        number: u32,
    },
    /// It opens, but is not as it must be.
    Malformed,
    /// An evidence file in it is not the one that was put in.
    DamagedFile,
    /// An evidence file went away while it was written: make it again.
    FileChanged,
    /// What was written does not read back, and was removed: use another disk.
    NotReadBack,
    /// It would lie in the vault itself, and be lost with it.
    InsideVault,
}

/// A part of the vault.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum DamagedPart {
    /// The cell that names everything else.
    Head,
    /// A node of the index.
    Index,
    /// One entry of the log; every other one can be read.
    Entry {
        /// Its number in the log.
        number: u32,
    },
    /// Drafts and settings.
    Drafts,
    /// The tree over the log.
    Tree,
}

/// A limit of the format.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum FormatLimit {
    /// 16,777,216 entries.
    Entries,
    /// 16,777,216 cells.
    Cells,
    /// 4 MiB an entry.
    EntrySize,
    /// 256 KiB of drafts.
    Drafts,
    /// 64 files waiting to be removed: lock and open again.
    DoomedFiles,
}

/// In what a stored evidence file differs from what was written.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum EvidenceDamage {
    /// It is not there.
    Missing,
    /// It is too short or too long.
    Length,
    /// Its head is not known.
    Head,
    /// One chunk does not open.
    Chunk {
        /// Which, counted from 0.
        number: u32,
    },
    /// Something follows its last byte.
    Padding,
    /// It is not the file that was recorded.
    Hash,
}

/// The rules that a field can break.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum FieldRule {
    /// Not valid Unicode, or not of the form that can be recorded.
    NotText,
    /// A name that is no field.
    UnknownField,
    /// Needed, but not there.
    Missing,
    /// A value of another kind.
    WrongKind,
    /// It cannot be taken away here.
    CannotBeNull,
    /// Every incident has it: it cannot be taken away.
    Needed,
    /// Nothing in it: leave out what is not set.
    Empty,
    /// An amendment that changes nothing.
    NoChange,
    /// A word that is no code of its list.
    UnknownCode,
    /// It stands there twice, or is set and taken away at once.
    Twice,
    /// Another person of this incident has this key.
    SameKey,
    /// A control character, such as NUL.
    Control,
    /// Longer than fits.
    TooLong {
        /// Bytes of UTF-8 that fit.
        limit: u64,
    },
    /// More elements than fit.
    TooMany {
        /// How many fit.
        limit: u64,
    },
    /// A number outside its bounds.
    OutOfRange {
        /// The smallest.
        least: u64,
        /// The greatest.
        most: u64,
    },
    /// Not of the form that the field has.
    WrongForm,
    /// Not a time as it should be written.
    WrongTime {
        /// What is wrong with it.
        rule: TimeRule,
    },
    /// For a month or a year its first day stands.
    NotFirstDay,
    /// The precision is unknown, and there is a time all the same.
    TimeOfUnknown,
    /// The private note cannot be here: it never leaves the diary.
    NeverLeaves,
    /// The incident as a whole, or the amendment, is too large.
    TooLarge {
        /// Bytes that fit.
        limit: u64,
    },
}

/// What is wrong with a time.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum TimeRule {
    /// Neither a date such as `2026-10-03` nor a time such as `2026-10-03T21:15+05:00`.
    WrongForm,
    /// The year is outside 1900 to 2199.
    Year,
    /// No such day in the calendar.
    NoSuchDay,
    /// No such time of day.
    NoSuchTime,
    /// No such offset.
    Offset,
    /// A time of day without its offset.
    NoOffset,
    /// The clocks were set forward over this time.
    Skipped,
    /// The end lies before the beginning.
    Reversed,
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
                | Self::FileNotFound
                | Self::FileUnreadable
                | Self::EvidenceDamaged { .. }
        )
    }
}

impl From<Error> for DiaryError {
    fn from(error: Error) -> Self {
        match error {
            Error::Secret(error) => error.into(),
            Error::Vault(error) => error.into(),
            Error::Field(error) => Self::InvalidField {
                path: error.path().to_owned(),
                rule: error.rule().into(),
            },
            Error::Time(error) => Self::InvalidTime { rule: error.into() },
            Error::Backup(error) => Self::Backup {
                problem: error.into(),
            },
            Error::Evidence(error) => error.into(),
            Error::Id(_) => Self::InvalidId,
            Error::Fingerprint(_) => Self::InvalidFingerprint,
            Error::Form(form) => form.into(),
            Error::NotFound => Self::NotFound,
            Error::NotAnIncident => Self::NotAnIncident,
            Error::NotAnItem => Self::NotAnItem,
            Error::Erased => Self::Erased,
            Error::AlreadyWithdrawn => Self::AlreadyWithdrawn,
            Error::TooManyItems => Self::TooManyItems,
            Error::EmptySelection => Self::EmptySelection,
            Error::DatesReversed => Self::DatesReversed,
            Error::BundleTooLarge => Self::BundleTooLarge,
            Error::BundleNotSound => Self::BundleNotSound,
            Error::TargetExists => Self::TargetExists,
            Error::NotABundle => Self::NotABundle,
            Error::Cancelled => Self::Cancelled,
        }
    }
}

impl From<BackupError> for BackupProblem {
    fn from(error: BackupError) -> Self {
        match error {
            BackupError::NotABackup => Self::NotABackup,
            BackupError::NewerFormat => Self::NewerFormat,
            BackupError::DamagedHeader => Self::DamagedKeys,
            BackupError::Truncated => Self::Truncated,
            BackupError::Damaged { chunk } => Self::DamagedChunk { number: chunk },
            BackupError::Malformed => Self::Malformed,
            BackupError::DamagedFile => Self::DamagedFile,
            BackupError::FileChanged => Self::FileChanged,
            BackupError::NotReadBack => Self::NotReadBack,
            BackupError::InsideVault => Self::InsideVault,
        }
    }
}

impl From<SecretError> for DiaryError {
    fn from(error: SecretError) -> Self {
        match error {
            SecretError::NotUtf8 => Self::PassphraseNotText,
            SecretError::Empty => Self::PassphraseEmpty,
            SecretError::TooLong => Self::PassphraseTooLong,
            SecretError::UnusableCharacter => Self::PassphraseUnusable,
            SecretError::Weak(weakness) => Self::PassphraseWeak {
                weakness: weakness.into(),
            },
            SecretError::NotACode => Self::RecoveryCodeForm,
            SecretError::Mistyped => Self::RecoveryCodeMistyped,
        }
    }
}

impl From<VaultError> for DiaryError {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::NotAVault => Self::NotAVault,
            VaultError::TargetExists => Self::TargetExists,
            VaultError::NewerFormat => Self::NewerFormat,
            VaultError::DamagedHeader => Self::DamagedKeyFile,
            VaultError::KdfOutOfRange => Self::KdfOutOfRange,
            VaultError::OutOfMemory => Self::OutOfMemory,
            VaultError::WrongSecret => Self::WrongPassphrase,
            VaultError::SecretInUse => Self::PassphraseInUse,
            VaultError::InUse => Self::InUse,
            VaultError::ForeignDatabase => Self::ForeignDatabase,
            VaultError::CellsMissing => Self::CellsMissing,
            VaultError::OldHeader => Self::OldKeyFile,
            VaultError::Damaged(part) => Self::Damaged { part: part.into() },
            VaultError::Full(limit) => Self::Full {
                limit: limit.into(),
            },
            VaultError::Closed => Self::Closed,
            VaultError::Cancelled => Self::Cancelled,
            VaultError::DeviceKey(error) => DeviceKeyProblem::from(error).into(),
            VaultError::NoRecoveryCode => Self::WrongRecoveryCode,
            VaultError::NoRandomness => Self::NoRandomness,
            VaultError::DiskFull => Self::DiskFull,
            VaultError::ReadOnly => Self::ReadOnly,
            VaultError::Io(_) | VaultError::Database(_) => Self::Storage,
        }
    }
}

impl From<DeviceKeyError> for DeviceKeyProblem {
    fn from(error: DeviceKeyError) -> Self {
        match error {
            DeviceKeyError::Missing => Self::Missing,
            DeviceKeyError::Failed => Self::Failed,
        }
    }
}

impl From<DeviceKeyProblem> for DiaryError {
    fn from(problem: DeviceKeyProblem) -> Self {
        Self::DeviceKey { problem }
    }
}

impl From<EvidenceError> for DiaryError {
    fn from(error: EvidenceError) -> Self {
        match error {
            EvidenceError::NotFound => Self::FileNotFound,
            EvidenceError::NotAFile => Self::NotAFile,
            EvidenceError::Empty => Self::FileEmpty,
            EvidenceError::TooLarge => Self::FileTooLarge,
            EvidenceError::ChangedWhileRead => Self::FileChanged,
            EvidenceError::Vanished => Self::FileVanished,
            EvidenceError::Unreadable(_) => Self::FileUnreadable,
            EvidenceError::Damaged(damage) => Self::EvidenceDamaged {
                damage: damage.into(),
            },
            EvidenceError::Exists => Self::TargetExists,
            EvidenceError::DiskFull => Self::DiskFull,
            EvidenceError::Cancelled => Self::Cancelled,
            EvidenceError::NoRandomness => Self::NoRandomness,
            EvidenceError::Io(_) => Self::Storage,
        }
    }
}

impl From<diary_core::Form> for DiaryError {
    fn from(form: diary_core::Form) -> Self {
        use diary_core::Form;
        match form {
            Form::Cursor => Self::InvalidCursor,
            Form::Limit => Self::InvalidLimit,
            Form::DraftName => Self::InvalidDraftName,
            Form::Draft => Self::InvalidDraft,
            Form::Language => Self::UnknownLanguage,
        }
    }
}

impl From<FieldNameError> for DiaryError {
    fn from(_: FieldNameError) -> Self {
        Self::CannotBeWithheld
    }
}

/// Of an error that a callback did not declare, nothing is kept: its text may be hers.
impl From<uniffi::UnexpectedUniFFICallbackError> for DiaryError {
    fn from(_: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Callback
    }
}

impl From<Weakness> for PassphraseWeakness {
    fn from(weakness: Weakness) -> Self {
        match weakness {
            Weakness::Short => Self::Short,
            Weakness::FewWords => Self::FewWords,
            Weakness::Known => Self::Known,
        }
    }
}

impl From<Part> for DamagedPart {
    fn from(part: Part) -> Self {
        match part {
            Part::Head => Self::Head,
            Part::Node { .. } => Self::Index,
            Part::Entry(number) => Self::Entry { number },
            Part::Side => Self::Drafts,
            Part::Root => Self::Tree,
        }
    }
}

impl From<Limit> for FormatLimit {
    fn from(limit: Limit) -> Self {
        match limit {
            Limit::Entries => Self::Entries,
            Limit::Cells => Self::Cells,
            Limit::EntrySize => Self::EntrySize,
            Limit::Drafts => Self::Drafts,
            Limit::DoomedFiles => Self::DoomedFiles,
        }
    }
}

impl From<Damage> for EvidenceDamage {
    fn from(damage: Damage) -> Self {
        match damage {
            Damage::Missing => Self::Missing,
            Damage::Length => Self::Length,
            Damage::Head => Self::Head,
            Damage::Chunk(number) => Self::Chunk { number },
            Damage::Padding => Self::Padding,
            Damage::Hash => Self::Hash,
        }
    }
}

impl From<&incident::FieldRule> for FieldRule {
    fn from(rule: &incident::FieldRule) -> Self {
        use incident::FieldRule as Rule;
        match rule {
            Rule::Json { .. } => Self::NotText,
            Rule::UnknownField { .. } => Self::UnknownField,
            Rule::Missing => Self::Missing,
            Rule::Kind { .. } => Self::WrongKind,
            Rule::Null => Self::CannotBeNull,
            Rule::Needed => Self::Needed,
            Rule::Empty => Self::Empty,
            Rule::NoChange => Self::NoChange,
            Rule::UnknownCode(_) => Self::UnknownCode,
            Rule::Twice => Self::Twice,
            Rule::SameKey => Self::SameKey,
            Rule::Control => Self::Control,
            Rule::TooLong { limit } => Self::TooLong {
                limit: *limit as u64,
            },
            Rule::TooMany { limit } => Self::TooMany {
                limit: *limit as u64,
            },
            Rule::Number { least, most } => Self::OutOfRange {
                least: *least,
                most: *most,
            },
            Rule::Form { .. } => Self::WrongForm,
            Rule::Time(error) => Self::WrongTime {
                rule: (*error).into(),
            },
            Rule::NotFirstDay => Self::NotFirstDay,
            Rule::TimeOfUnknown => Self::TimeOfUnknown,
            Rule::Private => Self::NeverLeaves,
            Rule::TooLarge { limit } => Self::TooLarge {
                limit: *limit as u64,
            },
        }
    }
}

impl From<TimeError> for TimeRule {
    fn from(error: TimeError) -> Self {
        match error {
            TimeError::Form => Self::WrongForm,
            TimeError::Year => Self::Year,
            TimeError::Date => Self::NoSuchDay,
            TimeError::Clock => Self::NoSuchTime,
            TimeError::Offset => Self::Offset,
            TimeError::NoOffset => Self::NoOffset,
            TimeError::Skipped => Self::Skipped,
            TimeError::Order => Self::Reversed,
        }
    }
}

impl std::error::Error for DiaryError {}

/// The case and its numbers: what a defect report may hold.
impl fmt::Display for DiaryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{self, ErrorKind};

    use diary_core::{Class, Form};

    use super::*;

    #[test]
    fn refused_means_the_same_as_in_the_core() {
        let vault = [
            VaultError::NotAVault,
            VaultError::TargetExists,
            VaultError::NewerFormat,
            VaultError::DamagedHeader,
            VaultError::KdfOutOfRange,
            VaultError::OutOfMemory,
            VaultError::WrongSecret,
            VaultError::SecretInUse,
            VaultError::InUse,
            VaultError::ForeignDatabase,
            VaultError::CellsMissing,
            VaultError::OldHeader,
            VaultError::Damaged(Part::Head),
            VaultError::Full(Limit::Cells),
            VaultError::Closed,
            VaultError::DeviceKey(DeviceKeyError::Missing),
            VaultError::NoRecoveryCode,
            VaultError::NoRandomness,
            VaultError::ReadOnly,
            VaultError::Io(io::Error::from(ErrorKind::Other)),
        ];
        let evidence = [
            EvidenceError::NotFound,
            EvidenceError::NotAFile,
            EvidenceError::Empty,
            EvidenceError::TooLarge,
            EvidenceError::ChangedWhileRead,
            EvidenceError::Vanished,
            EvidenceError::Unreadable(ErrorKind::Other),
            EvidenceError::Damaged(Damage::Missing),
            EvidenceError::Exists,
            EvidenceError::DiskFull,
            EvidenceError::Io(ErrorKind::Other),
        ];
        let others = [
            Error::Secret(SecretError::Empty),
            Error::Time(TimeError::Form),
            Error::Form(Form::Cursor),
            Error::NotFound,
            Error::NotAnIncident,
            Error::NotAnItem,
            Error::Erased,
            Error::AlreadyWithdrawn,
            Error::TooManyItems,
            Error::EmptySelection,
            Error::DatesReversed,
            Error::BundleTooLarge,
            Error::BundleNotSound,
            Error::TargetExists,
            Error::NotABundle,
            Error::Cancelled,
        ];
        let errors = vault.into_iter().map(Error::from);
        let backup = [
            BackupError::NotABackup,
            BackupError::NewerFormat,
            BackupError::DamagedHeader,
            BackupError::Truncated,
            BackupError::Damaged { chunk: 7 },
            BackupError::Malformed,
            BackupError::DamagedFile,
            BackupError::FileChanged,
            BackupError::NotReadBack,
            BackupError::InsideVault,
        ];
        let errors = errors.chain(evidence.map(Error::from)).chain(others);
        let errors = errors.chain(backup.map(Error::from));
        for error in errors {
            let refused = error.class() == Class::Refused;
            let name = format!("{error:?}");
            assert_eq!(DiaryError::from(error).is_refused(), refused, "{name}");
        }
    }

    #[test]
    fn no_text_of_another_program_is_kept() {
        let told = "/home/her/дневник";
        let error = VaultError::Io(io::Error::other(told));
        assert!(!DiaryError::from(error).to_string().contains(told));
        let reason = uniffi::UnexpectedUniFFICallbackError::new(told);
        assert_eq!(DiaryError::from(reason), DiaryError::Callback);
    }
}
