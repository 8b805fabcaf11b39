//! Lists of incidents, one incident whole, and the people in them.

use diary_core::diary::{Change, Detail, Page, Person, Query, Summary};
use diary_core::incident::Behaviour;

use super::evidence::EvidenceItem;
use super::incident::{Incident, IncidentPatch, Occurred};
use super::{RecordedTime, code, period};
use crate::error::DiaryError;

/// Which incidents a page shows. What is not set asks for nothing.
#[derive(Clone, Default, uniffi::Record)]
pub struct ListQuery {
    /// Words that all must occur, in any field, in any part of a word; Kazakh and Russian letters
    /// are folded.
    #[uniffi(default)]
    pub search: Option<String>,
    /// Only what happened from then on: a date or a time.
    #[uniffi(default)]
    pub from: Option<String>,
    /// Only what happened until then: a date or a time.
    #[uniffi(default)]
    pub to: Option<String>,
    /// One of the incident's behaviours: a code of `behaviours`.
    #[uniffi(default)]
    pub behaviour: Option<String>,
    /// Key of somebody in the incident.
    #[uniffi(default)]
    pub person: Option<String>,
    /// Incidents on the page, 1 to 200; 50 if not set.
    #[uniffi(default)]
    pub limit: Option<u32>,
    /// `next` of the page before.
    #[uniffi(default)]
    pub after: Option<String>,
}

/// A page of incidents, newest recorded first.
#[derive(Clone, uniffi::Record)]
pub struct IncidentPage {
    /// The incidents.
    pub incidents: Vec<IncidentSummary>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
    /// Incidents passed over because a period was asked for and their time is not known.
    pub unknown_time: u32,
}

/// One line of a page.
#[derive(Clone, uniffi::Record)]
pub struct IncidentSummary {
    /// Id of the incident.
    pub id: String,
    /// Number in order of recording, from 1.
    pub number: u32,
    /// When it happened, as she remembers it; absent when erased or damaged.
    pub occurred: Option<Occurred>,
    /// When it was written; absent when erased or damaged.
    pub recorded_at: Option<RecordedTime>,
    /// First line of the narrative, at most 80 characters.
    pub title: String,
    /// What he did: codes of `behaviours`.
    pub behaviours: Vec<String>,
    /// Evidence items that were not erased.
    pub evidence: u32,
    /// It was added to or corrected.
    pub amended: bool,
    /// It was withdrawn.
    pub withdrawn: bool,
    /// Its words were erased.
    pub erased: bool,
    /// Something about it is damaged; it is listed whatever was asked for.
    pub damaged: bool,
}

/// One incident with everything about it.
#[derive(Clone, uniffi::Record)]
pub struct IncidentDetail {
    /// Id of the incident.
    pub id: String,
    /// Number in order of recording, from 1.
    pub number: u32,
    /// When it was written; absent when erased.
    pub recorded_at: Option<RecordedTime>,
    /// As it stands, with her private note; absent when erased.
    pub incident: Option<Incident>,
    /// As it was first written, with her private note, where an amendment changed it since.
    pub first_written: Option<Incident>,
    /// What came after, oldest first.
    pub history: Vec<HistoryEntry>,
    /// Evidence items that were not erased.
    pub evidence: Vec<EvidenceItem>,
    /// It was withdrawn.
    pub withdrawn: bool,
    /// Its words were erased.
    pub erased: bool,
    /// Entries about it that were lost before the diary was salvaged: of it, or of what came after.
    pub lost: u32,
}

/// Something that came after an incident was recorded.
#[derive(Clone, uniffi::Record)]
pub struct HistoryEntry {
    /// Id of its entry.
    pub id: String,
    /// `amendment`, `withdrawal`, `erasure` or `evidence`; `labels` has `kind.*` for each.
    pub kind: String,
    /// When it was written; absent when erased.
    pub recorded_at: Option<RecordedTime>,
    /// Why, in her words.
    pub reason: Option<String>,
    /// What an amendment changed, the private note too.
    pub changes: Option<IncidentPatch>,
}

/// Somebody in one or more incidents.
#[derive(Clone, Eq, PartialEq, uniffi::Record)]
pub struct KnownPerson {
    /// The key that she gave.
    pub key: String,
    /// Names under this key, in order of writing.
    pub names: Vec<String>,
    /// Roles under this key: codes of `people.role`.
    pub roles: Vec<String>,
    /// In how many incidents.
    pub incidents: u32,
}

impl ListQuery {
    pub(crate) fn parse(self) -> Result<Query, DiaryError> {
        let behaviour = self.behaviour.as_deref();
        Ok(Query {
            search: self.search,
            period: period(self.from.as_deref(), self.to.as_deref())?,
            behaviour: behaviour
                .map(|text| code("behaviour", text, Behaviour::parse))
                .transpose()?,
            person: self.person,
            limit: self.limit,
            after: self.after.map(|after| after.parse()).transpose()?,
        })
    }
}

impl IncidentPage {
    pub(crate) fn of(page: Page) -> Result<Self, DiaryError> {
        let incidents = page.incidents.into_iter().map(IncidentSummary::of);
        Ok(Self {
            incidents: incidents.collect::<Result<_, _>>()?,
            next: page.next.map(|cursor| cursor.to_string()),
            unknown_time: page.unknown_time,
        })
    }
}

impl IncidentSummary {
    fn of(summary: Summary) -> Result<Self, DiaryError> {
        let behaviours = summary.behaviours.iter();
        Ok(Self {
            id: summary.id.to_string(),
            number: summary.number,
            occurred: summary.occurred.map(Occurred::from_object),
            recorded_at: RecordedTime::parse_optional(summary.recorded_at.as_deref())?,
            title: summary.title,
            behaviours: behaviours.map(|code| code.code().to_owned()).collect(),
            evidence: summary.evidence,
            amended: summary.amended,
            withdrawn: summary.withdrawn,
            erased: summary.erased,
            damaged: summary.damaged,
        })
    }
}

impl IncidentDetail {
    pub(crate) fn of(detail: Detail) -> Result<Self, DiaryError> {
        let history = detail.history.into_iter().map(HistoryEntry::of);
        Ok(Self {
            id: detail.id.to_string(),
            number: detail.number,
            recorded_at: RecordedTime::parse_optional(detail.recorded_at.as_deref())?,
            erased: detail.incident.is_none() && detail.lost == 0,
            incident: detail.incident.map(Incident::from_object),
            first_written: detail.first_written.map(Incident::from_object),
            history: history.collect::<Result<_, _>>()?,
            evidence: detail
                .evidence
                .into_iter()
                .map(EvidenceItem::from)
                .collect(),
            withdrawn: detail.withdrawn,
            lost: detail.lost,
        })
    }
}

impl HistoryEntry {
    fn of(change: Change) -> Result<Self, DiaryError> {
        Ok(Self {
            id: change.id.to_string(),
            kind: change.kind.name().to_owned(),
            recorded_at: RecordedTime::parse_optional(change.recorded_at.as_deref())?,
            reason: change.reason,
            changes: change.changes.as_ref().map(IncidentPatch::from_changes),
        })
    }
}

impl From<Person> for KnownPerson {
    fn from(person: Person) -> Self {
        Self {
            key: person.key,
            names: person.names,
            roles: person.roles,
            incidents: person.incidents,
        }
    }
}
