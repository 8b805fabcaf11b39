//! What a check found, item by item, in words and with a stable name.

use crate::display::escape_name;

/// What was checked. The names are stable: scripts rely on them.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Check {
    /// The ZIP file or folder: can two readers read it differently?
    Container,
    /// Names inside the container.
    Names,
    /// Number and size of files.
    Limits,
    /// The manifests of the bag against its files.
    Manifest,
    /// The form of the checkpoint.
    Checkpoint,
    /// The signing key against the checkpoint's origin.
    Key,
    /// The signatures over checkpoint and bundle.
    Signature,
    /// The shape of `incidents.json`.
    Incidents,
    /// One entry's leaf against its values, salts and commitments.
    Entry,
    /// One entry's place in the log.
    Inclusion,
    /// An older checkpoint's place in the log.
    Consistency,
    /// An evidence file against its entry.
    Evidence,
    /// The reports against the data.
    Reports,
    /// The files of `verify/` against the known ones.
    VerifyFiles,
    /// A time stamp.
    TimeStamp,
    /// The code from outside.
    Fingerprint,
    /// The header of a vault.
    Header,
    /// A sealed cell of a vault.
    Cell,
    /// The sealed index of a vault.
    Index,
    /// A sealed evidence file of a vault.
    EvidenceFile,
    /// A backup: its chunks, and what is in them.
    Backup,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Level {
    /// As it must be.
    Ok,
    /// To be known, but not against soundness.
    Warning,
    /// Not sound.
    Failure,
}

/// One result of a check.
///
/// Subject and detail never hold her words: they are file names of the bundle, ids, and fixed
/// sentences.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Finding {
    /// What was checked.
    pub check: Check,
    /// How bad it is.
    pub level: Level,
    /// What it is about: a file name or an id, safe to show; empty for the whole.
    pub subject: String,
    /// What was found, in one sentence, lower case, without a full stop.
    pub detail: String,
}

/// Collects findings in the order of the checks.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Findings(Vec<Finding>);

impl Check {
    /// Every check, in the order in which they are made.
    pub const ALL: [Self; 21] = [
        Self::Container,
        Self::Names,
        Self::Limits,
        Self::Manifest,
        Self::Checkpoint,
        Self::Key,
        Self::Signature,
        Self::Incidents,
        Self::Entry,
        Self::Inclusion,
        Self::Consistency,
        Self::Evidence,
        Self::Reports,
        Self::VerifyFiles,
        Self::TimeStamp,
        Self::Fingerprint,
        Self::Header,
        Self::Cell,
        Self::Index,
        Self::EvidenceFile,
        Self::Backup,
    ];

    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Container => "container",
            Self::Names => "names",
            Self::Limits => "limits",
            Self::Manifest => "manifest",
            Self::Checkpoint => "checkpoint",
            Self::Key => "key",
            Self::Signature => "signature",
            Self::Incidents => "incidents",
            Self::Entry => "entry",
            Self::Inclusion => "inclusion",
            Self::Consistency => "consistency",
            Self::Evidence => "evidence",
            Self::Reports => "reports",
            Self::VerifyFiles => "verify-files",
            Self::TimeStamp => "time-stamp",
            Self::Fingerprint => "fingerprint",
            Self::Header => "header",
            Self::Cell => "cell",
            Self::Index => "index",
            Self::EvidenceFile => "evidence-file",
            Self::Backup => "backup",
        }
    }
}

impl Level {
    /// The stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failure => "failure",
        }
    }
}

impl Finding {
    /// A finding; `subject` may come from a hostile file and is made safe to show.
    #[must_use]
    pub fn new(check: Check, level: Level, subject: &str, detail: impl Into<String>) -> Self {
        Self {
            check,
            level,
            subject: escape_name(subject),
            detail: detail.into(),
        }
    }
}

impl Findings {
    /// Nothing found yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// True as long as there is no failure.
    #[must_use]
    pub fn sound(&self) -> bool {
        !self.0.iter().any(|found| found.level == Level::Failure)
    }

    /// Adds that something is as it must be.
    pub fn ok(&mut self, check: Check, subject: &str, detail: impl Into<String>) {
        self.push(Finding::new(check, Level::Ok, subject, detail));
    }

    /// Adds something to be known.
    pub fn warning(&mut self, check: Check, subject: &str, detail: impl Into<String>) {
        self.push(Finding::new(check, Level::Warning, subject, detail));
    }

    /// Adds something that makes the whole unsound.
    pub fn failure(&mut self, check: Check, subject: &str, detail: impl Into<String>) {
        self.push(Finding::new(check, Level::Failure, subject, detail));
    }

    /// Adds a finding.
    pub fn push(&mut self, finding: Finding) {
        self.0.push(finding);
    }

    /// The findings, in order.
    #[must_use]
    pub fn as_slice(&self) -> &[Finding] {
        &self.0
    }

    /// The findings, in order.
    #[must_use]
    pub fn into_vec(self) -> Vec<Finding> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_kebab_case_and_unique() {
        let names: BTreeSet<_> = Check::ALL.iter().map(|check| check.name()).collect();
        assert_eq!(names.len(), Check::ALL.len());
        for name in names {
            assert!(
                name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'),
                "{name}"
            );
        }
        assert!(Check::ALL.is_sorted(), "the list follows the enum");
    }

    #[test]
    fn only_a_failure_makes_unsound() {
        let mut findings = Findings::new();
        findings.ok(Check::Container, "", "fine");
        findings.warning(Check::Container, "", "zipped again");
        assert!(findings.sound());
        findings.failure(Check::Manifest, "data/a\u{202e}.txt", "changed");
        assert!(!findings.sound());
        assert_eq!(findings.as_slice()[2].subject, "data/a[U+202E].txt");
        assert_eq!(findings.as_slice()[2].level.name(), "failure");
    }
}
