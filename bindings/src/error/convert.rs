//! From the errors of the core. Each of its cases has its own arm here, so a new one does not compile
//! until it has.

use diary_core::Error;
use diary_core::backup::BackupError;
use diary_core::bundle::envelope::InvalidRecipient;
use diary_core::diary::AcceptError;
use diary_core::evidence::{Damage, EvidenceError};
use diary_core::incident::{self, FieldNameError};
use diary_core::time::TimeError;
use diary_core::time::stamp::StampError;
use diary_core::vault::{DeviceKeyError, Limit, Part, SecretError, VaultError, Weakness};

use super::{
    BackupProblem, DamagedPart, DeviceKeyProblem, DiaryError, EvidenceDamage, FieldRule,
    FormatLimit, PassphraseWeakness, StampProblem, TimeRule,
};

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
            Error::DamagedItem(_, damage) => EvidenceError::from(damage).into(),
            Error::Id(_) => Self::InvalidId,
            Error::Fingerprint(_) => Self::InvalidFingerprint,
            Error::Form(form) => form.into(),
            Error::NotFound => Self::NotFound,
            Error::NotChosen(id) => Self::NotChosen { id: id.to_string() },
            Error::NotAnIncident => Self::NotAnIncident,
            Error::NotAnItem => Self::NotAnItem,
            Error::Erased => Self::Erased,
            Error::AlreadyWithdrawn => Self::AlreadyWithdrawn,
            Error::TooManyItems => Self::TooManyItems,
            Error::EmptySelection => Self::EmptySelection,
            Error::NoSuchElement => Self::CannotBeWithheld,
            Error::DatesReversed => Self::DatesReversed,
            Error::BundleTooLarge => Self::BundleTooLarge,
            Error::BundleNotSound => Self::BundleNotSound,
            Error::TargetExists => Self::TargetExists,
            Error::NotABundle => Self::NotABundle,
            Error::EncryptedBundle => Self::EncryptedBundle,
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
            BackupError::ForeignFolder => Self::ForeignFolder,
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
            Form::Recipients => Self::RecipientCount,
        }
    }
}

impl From<FieldNameError> for DiaryError {
    fn from(_: FieldNameError) -> Self {
        Self::CannotBeWithheld
    }
}

impl From<InvalidRecipient> for DiaryError {
    fn from(_: InvalidRecipient) -> Self {
        Self::InvalidRecipient
    }
}

impl From<AcceptError> for DiaryError {
    fn from(error: AcceptError) -> Self {
        match error {
            AcceptError::Answer(error) => Self::TimeStamp {
                problem: error.into(),
            },
            AcceptError::Diary(error) => error.into(),
        }
    }
}

impl From<StampError> for StampProblem {
    fn from(error: StampError) -> Self {
        match error {
            StampError::TooLarge => Self::TooLarge,
            StampError::Form => Self::NotAnAnswer,
            StampError::Refused { status } => Self::Refused { status },
            StampError::OtherImprint => Self::OtherRequest,
            StampError::OtherNonce => Self::OtherNumber,
            StampError::NoCertificate => Self::NoCertificate,
            StampError::UnknownAlgorithm(_) => Self::UnknownAlgorithm,
            StampError::Signature => Self::WrongSignature,
            StampError::Chain => Self::WrongChain,
            StampError::KeptAlready => Self::KeptAlready,
            StampError::OffClock => Self::OffClock,
        }
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
            Error::Form(Form::Recipients),
            Error::NotFound,
            Error::NotAnIncident,
            Error::NotAnItem,
            Error::Erased,
            Error::AlreadyWithdrawn,
            Error::TooManyItems,
            Error::EmptySelection,
            Error::NoSuchElement,
            Error::NotChosen("1-zzzz".parse().unwrap()),
            Error::DatesReversed,
            Error::BundleTooLarge,
            Error::BundleNotSound,
            Error::TargetExists,
            Error::NotABundle,
            Error::EncryptedBundle,
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
            BackupError::ForeignFolder,
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
