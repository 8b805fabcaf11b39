//! The incident diary for Kotlin, Swift and Python.
//!
//! Each call converts, calls the core once and converts back; no rule of the diary is here. Secrets
//! go in as bytes and never come out, but for what was just made to be shown once: a recovery code, the
//! passphrase of one file, a passphrase that is only proposed. Every call can fail with a
//! [`DiaryError`], which holds no text that she wrote; none panics.

#![forbid(unsafe_op_in_unsafe_fn)]
#![deny(missing_docs, rustdoc::broken_intra_doc_links)]

mod backup;
mod device;
mod diary;
mod error;
mod export;
mod functions;
mod item_writer;
mod memory;
mod panics;
mod progress;
mod proof;
mod reading;
mod records;
mod second;
mod session;
mod writing;

pub use self::backup::{
    BackupLog, BackupReport, SecretKind, WrittenBackup, backup_at, must_be_backup, read_backup,
    restore_backup, salvage,
};
pub use self::device::{DeviceAnswer, DeviceKey};
pub use self::diary::{Diary, KeyCost, KeyFile};
pub use self::error::{
    BackupProblem, DamagedPart, DeviceKeyProblem, DiaryError, EvidenceDamage, FieldRule,
    FormatLimit, PassphraseWeakness, StampProblem, TimeRule,
};
pub use self::export::SealedZip;
pub use self::functions::{
    CodeList, SchemaKind, code_lists, escape_for_display, known_of_time, labels,
    labels_to_be_checked, library_version, passphrase_weakness, propose_passphrase, recovery_sheet,
    render_bundle, schema, verify_bundle,
};
pub use self::item_writer::ItemWriter;
pub use self::progress::ProgressListener;
pub use self::proof::{AcceptedStamp, OffClock, TokenStatus};
pub use self::records::bundle::{
    BundleVerdict, CheckReport, CheckpointSummary, CoveredPart, ExportPreview, ExportSelection,
    ExportedBundle, Finding, FindingLevel, Leaving, NoCopy, Originals, PreviewEntry, PreviewFile,
    PreviewIncident, PreviewItem, WithheldField,
};
pub use self::records::evidence::{Attachment, EvidenceItem};
pub use self::records::incident::{
    Cost, Harm, Incident, IncidentPatch, Occurred, Order, Person, Place, Refusal, Report,
};
pub use self::records::page::{
    HistoryEntry, IncidentDetail, IncidentPage, IncidentSummary, KnownPerson, ListQuery,
};
pub use self::records::{ErasedCount, RecordedIncident, RecordedTime};
pub use self::second::{RestoredWithSecond, TwoRecoveryCodes, restore_with_second};

uniffi::setup_scaffolding!();
