//! What she hands over, and what a check of it or of the vault found.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use diary_core::bundle;
use diary_core::bundle::Language;
use diary_core::copy;
use diary_core::diary;
use diary_core::incident::{Behaviour, FieldName};
use diary_core::log::{EntryId, Fingerprint};
use diary_core::picture::Area;

use super::{code, hex, parse_all, period};
use crate::error::{DiaryError, EvidenceDamage};

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
    /// Parts of pictures to cover with black boxes. A covered item leaves as a copy, whatever is said
    /// above; if its parts cannot be covered, nothing of it leaves but its hash, and the preview says why.
    #[uniffi(default)]
    pub covers: Vec<CoveredPart>,
}

/// A part of a picture, in pixels of the picture as it is looked at, from its upper left corner.
#[derive(Clone, uniffi::Record)]
pub struct CoveredPart {
    /// Id of the evidence item.
    pub item: String,
    /// From the left edge.
    pub x: u32,
    /// From the upper edge.
    pub y: u32,
    /// At least 1.
    pub width: u32,
    /// At least 1.
    pub height: u32,
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
    /// What leaves of each evidence item of these incidents, in order of recording.
    pub evidence: Vec<PreviewItem>,
    /// Incidents that cannot be read, whatever was chosen. An export fails until `without` names them.
    pub damaged: Vec<DamagedIncident>,
    /// Ids of incidents that `without` names and that would have stayed out anyway: perhaps others were meant.
    pub without_effect: Vec<String>,
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
    /// Names of the fields that are shown in one entry about it or more.
    pub fields: Vec<String>,
    /// Names of the fields that are shown in none.
    pub withheld: Vec<String>,
    /// The entries about it one by one, in order: an amendment may hide what the recording shows.
    pub entries: Vec<PreviewEntry>,
}

/// One entry of a preview.
#[derive(Clone, uniffi::Record)]
pub struct PreviewEntry {
    /// Its id.
    pub id: String,
    /// What it is: a code of `kind`.
    pub kind: String,
    /// Names of the fields that are shown; `evidence` stands for everything said of a file.
    pub fields: Vec<String>,
    /// Names of the fields that are not.
    pub withheld: Vec<String>,
}

/// An incident of which something does not open.
#[derive(Clone, uniffi::Record)]
pub struct DamagedIncident {
    /// Its id.
    pub id: String,
    /// Its number in order of recording, from 1.
    pub number: u32,
}

/// One file of a preview.
#[derive(Clone, uniffi::Record)]
pub struct PreviewFile {
    /// Its path below the top folder.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// What leaves of one evidence item.
#[derive(Clone, uniffi::Record)]
pub struct PreviewItem {
    /// Its id.
    pub item: String,
    /// What leaves of it.
    pub leaving: Leaving,
}

/// What leaves of an evidence item.
#[derive(Clone, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum Leaving {
    /// Nothing but that there is a file.
    Withheld,
    /// Its name, size and hash.
    HashOnly {
        /// Why there is no copy, if one was wanted.
        no_copy: Option<NoCopy>,
    },
    /// A copy without metadata, with the hash of the original; the file itself, where nothing had to be
    /// left out of it.
    Copy {
        /// Black boxes over parts of it.
        covered: u64,
    },
    /// The file as it is, with whatever it holds.
    Original,
}

/// Why no copy without metadata can be made of an evidence item.
#[derive(Clone, Copy, Debug, Eq, PartialEq, uniffi::Enum)]
pub enum NoCopy {
    /// Not a kind of file of which everything but what it shows or plays can be taken off.
    Kind,
    /// Too large, as a file, in pixels or in its parts.
    TooLarge,
    /// A part that is to be covered has no pixel in the picture.
    Outside,
    /// Damaged, animated, or not formed as its kind must be.
    WrongForm,
    /// Video or sound in a coding that is not known, or encrypted.
    UnknownCoding,
    /// Trimmed: what was cut away is still in the file, and would be in a copy.
    Trimmed,
    /// A recording in fragments, as pages on the web play them.
    InFragments,
    /// The stored file is missing or damaged. An export with it fails: leave it or its incident out.
    Damaged {
        /// In what.
        damage: EvidenceDamage,
    },
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
    /// Whether `report.pdf` is in it. A text of thousands of sheets has none: choose a period for one.
    pub on_paper: bool,
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
        let covers = self.covers.iter().map(CoveredPart::parse);
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
            covers: covers.collect::<Result<_, _>>()?,
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

impl CoveredPart {
    fn parse(&self) -> Result<(EntryId, Area), DiaryError> {
        let item = self.item.parse().map_err(diary_core::Error::from)?;
        let area = Area {
            x: self.x,
            y: self.y,
            width: self.width,
            height: self.height,
        };
        Ok((item, area))
    }
}

impl From<diary::Leaving> for Leaving {
    fn from(leaving: diary::Leaving) -> Self {
        match leaving {
            diary::Leaving::Withheld => Self::Withheld,
            diary::Leaving::Hash(reason) => Self::HashOnly {
                no_copy: reason.map(NoCopy::from),
            },
            diary::Leaving::Copy { covered } => Self::Copy { covered },
            diary::Leaving::Original => Self::Original,
        }
    }
}

impl From<copy::NoCopy> for NoCopy {
    fn from(reason: copy::NoCopy) -> Self {
        match reason {
            copy::NoCopy::Kind => Self::Kind,
            copy::NoCopy::Size => Self::TooLarge,
            copy::NoCopy::Outside => Self::Outside,
            copy::NoCopy::Form => Self::WrongForm,
            copy::NoCopy::Coding => Self::UnknownCoding,
            copy::NoCopy::Fragments => Self::InFragments,
            copy::NoCopy::Trimmed => Self::Trimmed,
            copy::NoCopy::Damaged(damage) => Self::Damaged {
                damage: damage.into(),
            },
        }
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
                entries: incident.entries.into_iter().map(Into::into).collect(),
            });
        let files = preview.files.into_iter().map(|file| PreviewFile {
            path: file.path,
            bytes: file.bytes,
        });
        let evidence = preview.evidence.into_iter();
        let evidence = evidence.map(|(item, leaving)| PreviewItem {
            item: item.to_string(),
            leaving: leaving.into(),
        });
        let damaged = preview.damaged.into_iter().map(|one| DamagedIncident {
            id: one.id.to_string(),
            number: one.number,
        });
        Self {
            incidents: incidents.collect(),
            files: files.collect(),
            evidence: evidence.collect(),
            damaged: damaged.collect(),
            without_effect: preview
                .without_effect
                .iter()
                .map(ToString::to_string)
                .collect(),
            left_out: preview.left_out,
            unknown_time: preview.unknown_time,
            in_log: preview.in_log,
        }
    }
}

impl From<diary::PreviewEntry> for PreviewEntry {
    fn from(entry: diary::PreviewEntry) -> Self {
        Self {
            id: entry.id.to_string(),
            kind: entry.kind.name().to_owned(),
            fields: entry.fields,
            withheld: entry.withheld,
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
            on_paper: exported.on_paper,
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
