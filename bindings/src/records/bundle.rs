//! What she hands over, and what a check of it or of the vault found.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use diary_core::bundle;
use diary_core::bundle::Language;
use diary_core::diary;
use diary_core::incident::{Behaviour, FieldName};
use diary_core::log::Fingerprint;

use super::{code, hex, parse_all, period};
use crate::error::DiaryError;

/// What is to leave, and in which form. What is not set asks for nothing.
#[derive(Clone, uniffi::Record)]
pub struct ExportSelection {
    /// Language of the reports: `kk`, `ru` or `en`.
    pub language: String,
    /// Which evidence originals go along.
    pub originals: Originals,
    /// Only what happened from then on: a date or a time.
    #[uniffi(default)]
    pub from: Option<String>,
    /// Only what happened until then: a date or a time.
    #[uniffi(default)]
    pub to: Option<String>,
    /// Only incidents with one of these: codes of `behaviours`.
    #[uniffi(default)]
    pub behaviours: Vec<String>,
    /// Only incidents with one of these people, by key.
    #[uniffi(default)]
    pub people: Vec<String>,
    /// Only these incidents: ids, or numbers such as `#12`. A withdrawn one shows its words only if
    /// it is named here.
    #[uniffi(default)]
    pub incidents: Vec<String>,
    /// Incidents that stay out, and evidence items that are withheld.
    #[uniffi(default)]
    pub without: Vec<String>,
    /// Fields that are named but not shown.
    #[uniffi(default)]
    pub withhold: Vec<WithheldField>,
    /// To whom and for what; kept in the log.
    #[uniffi(default)]
    pub audience: Option<String>,
    /// Whether a copy without metadata goes along for every item whose original does not, where one
    /// can be made.
    #[uniffi(default)]
    pub copies: bool,
}

/// Which evidence originals go into a bundle. An original carries whatever its file holds, such as
/// place and device.
#[derive(Clone, uniffi::Enum)]
pub enum Originals {
    /// None; their hashes are there.
    HashesOnly,
    /// All of the incidents that are exported.
    All,
    /// These items.
    Chosen {
        /// Their ids.
        items: Vec<String>,
    },
}

/// A field that is named in a bundle, but not shown.
#[derive(Clone, uniffi::Record)]
pub struct WithheldField {
    /// Such as `narrative`, `people[1].contact`, `occurred.words`, `evidence`.
    pub field: String,
    /// In this incident only; in all if not set.
    #[uniffi(default)]
    pub incident: Option<String>,
}

/// Exactly what would leave.
#[derive(Clone, uniffi::Record)]
pub struct ExportPreview {
    /// The incidents, in order of recording.
    pub incidents: Vec<PreviewIncident>,
    /// Every file of the bundle.
    pub files: Vec<PreviewFile>,
    /// Incidents of the log that stay out.
    pub left_out: u64,
    /// Those of them whose time is not known, where a period was chosen.
    pub unknown_time: u64,
    /// Incidents in the log.
    pub in_log: u64,
}

/// One incident of a preview.
#[derive(Clone, uniffi::Record)]
pub struct PreviewIncident {
    /// Its id.
    pub id: String,
    /// Names of the fields that are shown, of all entries about it.
    pub fields: Vec<String>,
    /// Names of the fields that are withheld.
    pub withheld: Vec<String>,
}

/// One file of a preview.
#[derive(Clone, uniffi::Record)]
pub struct PreviewFile {
    /// Its path below the top folder.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// A bundle that was written, verified and named.
#[derive(Clone, uniffi::Record)]
pub struct ExportedBundle {
    /// SHA-256 of the file, 64 hexadecimal digits.
    pub sha256: String,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// Incidents in it.
    pub incidents: u64,
    /// Incidents in the log.
    pub in_log: u64,
    /// The code of the log that it shows.
    pub fingerprint: String,
}

/// The outcome of checking a bundle.
#[derive(Clone, uniffi::Record)]
pub struct BundleVerdict {
    /// Nothing in it was changed since it was made. Says nothing about when that was.
    pub sound: bool,
    /// A code from outside was compared and belongs to it.
    pub anchored: bool,
    /// Entries that were in the log when that code was given out.
    pub covered: Vec<String>,
    /// The log that the bundle shows, if it can be read.
    pub checkpoint: Option<CheckpointSummary>,
    /// Everything that was checked.
    pub findings: Vec<Finding>,
}

/// The state of a log.
#[derive(Clone, uniffi::Record)]
pub struct CheckpointSummary {
    /// Entries.
    pub size: u32,
    /// Root of the tree over them, base64.
    pub root: String,
    /// The code that a person can read out.
    pub fingerprint: String,
}

/// What a check of the vault found.
#[derive(Clone, uniffi::Record)]
pub struct CheckReport {
    /// No finding is a failure.
    pub sound: bool,
    /// Everything that was checked.
    pub findings: Vec<Finding>,
}

/// One result of a check.
#[derive(Clone, uniffi::Record)]
pub struct Finding {
    /// What was checked: a stable name, such as `signature`.
    pub check: String,
    /// How bad it is.
    pub level: FindingLevel,
    /// What it is about: a file name or an id, safe to show; empty for the whole.
    pub subject: String,
    /// What was found, in one English sentence for an expert.
    pub detail: String,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum FindingLevel {
    /// As it must be.
    Fine,
    /// To be known, but not against soundness.
    Warning,
    /// Not sound.
    Failure,
}

impl ExportSelection {
    pub(crate) fn parse(self) -> Result<diary::Selection, DiaryError> {
        let behaviours = self.behaviours.iter();
        let withhold = self.withhold.iter().map(WithheldField::parse);
        Ok(diary::Selection {
            period: period(self.from.as_deref(), self.to.as_deref())?,
            behaviours: behaviours
                .map(|text| code("behaviours", text, Behaviour::parse))
                .collect::<Result<_, _>>()?,
            incidents: parse_all(&self.incidents)?,
            without: parse_all(&self.without)?,
            withhold: withhold.collect::<Result<_, _>>()?,
            originals: match self.originals {
                Originals::HashesOnly => diary::Originals::None,
                Originals::All => diary::Originals::All,
                Originals::Chosen { items } => diary::Originals::Items(parse_all(&items)?),
            },
            copies: self.copies,
            covers: Vec::new(),
            language: Language::parse(&self.language).ok_or(DiaryError::UnknownLanguage)?,
            people: self.people,
            audience: self.audience,
        })
    }
}

impl WithheldField {
    fn parse(&self) -> Result<(Option<diary::IncidentRef>, FieldName), DiaryError> {
        let incident = self.incident.as_deref();
        let incident = incident.map(str::parse).transpose()?;
        Ok((incident, FieldName::parse(&self.field)?))
    }
}

impl From<diary::Preview> for ExportPreview {
    fn from(preview: diary::Preview) -> Self {
        let incidents = preview
            .incidents
            .into_iter()
            .map(|incident| PreviewIncident {
                id: incident.id.to_string(),
                fields: incident.fields,
                withheld: incident.withheld,
            });
        let files = preview.files.into_iter().map(|file| PreviewFile {
            path: file.path,
            bytes: file.bytes,
        });
        Self {
            incidents: incidents.collect(),
            files: files.collect(),
            left_out: preview.left_out,
            unknown_time: preview.unknown_time,
            in_log: preview.in_log,
        }
    }
}

impl From<diary::Exported> for ExportedBundle {
    fn from(exported: diary::Exported) -> Self {
        Self {
            sha256: hex(&exported.sha256),
            bytes: exported.bytes,
            incidents: exported.incidents,
            in_log: exported.in_log,
            fingerprint: exported.fingerprint.to_string(),
        }
    }
}

impl From<bundle::Verdict> for BundleVerdict {
    fn from(verdict: bundle::Verdict) -> Self {
        let checkpoint = verdict.checkpoint.as_ref();
        Self {
            sound: verdict.sound,
            anchored: match verdict.anchor {
                bundle::Anchor::None => false,
                bundle::Anchor::Fingerprint => true,
            },
            covered: verdict.covered.iter().map(ToString::to_string).collect(),
            checkpoint: checkpoint.map(|checkpoint| CheckpointSummary {
                size: checkpoint.size,
                root: STANDARD.encode(checkpoint.root),
                fingerprint: Fingerprint::of(checkpoint).to_string(),
            }),
            findings: verdict.findings.into_iter().map(Finding::from).collect(),
        }
    }
}

impl From<diary::Report> for CheckReport {
    fn from(report: diary::Report) -> Self {
        Self {
            sound: report.sound,
            findings: report.findings.into_iter().map(Finding::from).collect(),
        }
    }
}

impl From<bundle::Finding> for Finding {
    fn from(finding: bundle::Finding) -> Self {
        Self {
            check: finding.check.name().to_owned(),
            level: match finding.level {
                bundle::Level::Ok => FindingLevel::Fine,
                bundle::Level::Warning => FindingLevel::Warning,
                bundle::Level::Failure => FindingLevel::Failure,
            },
            subject: finding.subject,
            detail: finding.detail,
        }
    }
}
