//! What some errors say besides their name.

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
    /// Something else lies in the folder, or backups of another vault: choose an empty one.
    ForeignFolder,
}

/// Why the answer of a time-stamping authority is not kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum StampProblem {
    /// Larger than any answer, over 64,000 bytes.
    TooLarge,
    /// No answer of such an authority.
    NotAnAnswer,
    /// The authority gave no token.
    Refused {
        /// Its status, 2 to 5 (RFC 3161 section 2.4.2).
        status: u8,
    },
    /// Not to a request of this diary.
    OtherRequest,
    /// Without the number of the request.
    OtherNumber,
    /// Without the certificate of its signer.
    NoCertificate,
    /// Signed in a way that is not known here, or too weak.
    UnknownAlgorithm,
    /// Its signature is wrong: it was changed on the way.
    WrongSignature,
    /// The chain is no PEM file of certificates of at most 64,000 bytes.
    WrongChain,
    /// It is in the log already.
    KeptAlready,
    /// Its time does not fit this device's clock.
    OffClock,
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
