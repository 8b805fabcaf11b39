//! Everything the log holds about one incident, and what it adds up to.

use crate::canonical::{Object, Value};
use crate::error::Error;
use crate::incident::{Changes, Incident};
use crate::log::entry::Entry;
use crate::log::{EntryId, EntryKind, Log, Logged, Reading};
use crate::vault::{Part, VaultError};

/// Which incident is meant: by its id, or by its number in order of recording.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum IncidentRef {
    /// The id of its recording entry.
    Id(EntryId),
    /// Counted from 1.
    Number(u32),
}

impl std::str::FromStr for IncidentRef {
    type Err = Error;

    /// Reads `123-k7q2` or `#12`.
    fn from_str(text: &str) -> Result<Self, Error> {
        match text.strip_prefix('#') {
            Some(number) => {
                let plain = number.bytes().all(|byte| byte.is_ascii_digit());
                let number = number.parse().ok().filter(|_| plain);
                number
                    .map(Self::Number)
                    .ok_or(Error::Id(crate::log::entry::InvalidId))
            }
            None => Ok(Self::Id(text.parse()?)),
        }
    }
}

/// The entries about one incident, oldest first.
pub(crate) struct History {
    pub(crate) recording: Logged,
    /// Amendments, withdrawal, erasures and evidence.
    pub(crate) later: Vec<Logged>,
}

/// The members of an incident as it stands, without the private note.
pub(crate) struct Members<'a> {
    recorded: &'a Object,
    /// What amendments changed, oldest first.
    changes: Vec<&'a Object>,
}

impl<'a> Members<'a> {
    /// A member, as the newest entry has it that names it.
    pub(crate) fn get(&self, name: &str) -> Option<&'a Value> {
        let newest = self
            .changes
            .iter()
            .rev()
            .find_map(|object| object.get(name));
        newest
            .or_else(|| self.recorded.get(name))
            .filter(|value| **value != Value::Null)
    }

    /// The elements of a list; none if it is not there.
    pub(crate) fn list(&self, name: &str) -> &'a [Value] {
        self.get(name).and_then(Value::as_list).unwrap_or_default()
    }
}

impl History {
    /// Reads everything about the incident that entry `number` records.
    pub(crate) fn read(log: &mut Log, number: u32) -> Result<Self, Error> {
        Self::read_as(log, number, Reading::Proven)
    }

    /// As [`History::read`], with or without recomputing leaves.
    pub(crate) fn read_as(log: &mut Log, number: u32, how: Reading) -> Result<Self, Error> {
        let recording = log.read_as(number, how)?;
        if recording.place.kind != EntryKind::Incident {
            return Err(Error::NotAnIncident);
        }
        let mut later = Vec::new();
        let mut at = recording.place.link;
        // Every link points to an earlier entry, so this ends.
        while at > number {
            let logged = log.read_as(at, how)?;
            let next = logged.place.link;
            later.push(logged);
            if next >= at {
                return Err(VaultError::Damaged(Part::Entry(at)).into());
            }
            at = next;
        }
        later.reverse();
        Ok(Self { recording, later })
    }

    pub(crate) fn number(&self) -> u32 {
        self.recording.id.number()
    }

    pub(crate) fn is_erased(&self) -> bool {
        self.recording.entry.is_none()
    }

    /// Entries about it that were lost before the diary was salvaged.
    pub(crate) fn lost(&self) -> u32 {
        let later = self.later.iter().filter(|logged| logged.place.lost);
        let lost = later.count() + usize::from(self.recording.place.lost);
        u32::try_from(lost).unwrap_or(u32::MAX)
    }

    pub(crate) fn is_withdrawn(&self) -> bool {
        self.recording.place.withdrawn
    }

    /// The incident as it stands; `None` when it was erased.
    pub(crate) fn incident(&self) -> Result<Option<Incident>, Error> {
        let Some(entry) = &self.recording.entry else {
            return Ok(None);
        };
        let mut incident = recorded_incident(self.number(), entry)?;
        for (number, entry) in self.entries_of(EntryKind::Amendment) {
            incident = incident
                .amended(&recorded_changes(number, entry)?)
                .map_err(|_| VaultError::Damaged(Part::Entry(number)))?;
        }
        Ok(Some(incident))
    }

    /// The members of the incident as it stands; `None` when it was erased. The rules of its
    /// fields are not checked again: for one line of a list, or to choose among many.
    pub(crate) fn members(&self) -> Result<Option<Members<'_>>, Error> {
        let Some(entry) = &self.recording.entry else {
            return Ok(None);
        };
        let recorded = entry.proven.get("incident").and_then(Value::as_object);
        let recorded = recorded.ok_or(VaultError::Damaged(Part::Entry(self.number())))?;
        let changes = self
            .entries_of(EntryKind::Amendment)
            .filter_map(|(_, entry)| entry.proven.get("changes")?.as_object());
        Ok(Some(Members {
            recorded,
            changes: changes.collect(),
        }))
    }

    /// Later entries of a kind that were not erased.
    pub(crate) fn entries_of(&self, kind: EntryKind) -> impl Iterator<Item = (u32, &Entry)> {
        self.later
            .iter()
            .filter(move |logged| logged.place.kind == kind)
            .filter_map(|logged| Some((logged.id.number(), logged.entry.as_ref()?)))
    }

    /// Every entry that was not erased, oldest first.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&Logged, &Entry)> {
        std::iter::once(&self.recording)
            .chain(&self.later)
            .filter_map(|logged| Some((logged, logged.entry.as_ref()?)))
    }
}

/// The incident that a recording entry holds, with its private note.
pub(crate) fn recorded_incident(number: u32, entry: &Entry) -> Result<Incident, Error> {
    let object = with_private_note(entry, "incident");
    object
        .and_then(|object| Incident::from_value(&object).ok())
        .ok_or_else(|| VaultError::Damaged(Part::Entry(number)).into())
}

/// The changes that an amendment holds, with the private note's.
pub(crate) fn recorded_changes(number: u32, entry: &Entry) -> Result<Changes, Error> {
    let object = with_private_note(entry, "changes");
    object
        .and_then(|object| Changes::from_value(&object).ok())
        .ok_or_else(|| VaultError::Damaged(Part::Entry(number)).into())
}

/// A member of an entry, with the private note that belongs to it.
pub(super) fn with_private_note(entry: &Entry, member: &str) -> Option<Object> {
    let mut object = match entry.proven.get(member) {
        Some(Value::Object(object)) => object.clone(),
        // An amendment may change nothing but the private note.
        None => Object::new(),
        _ => return None,
    };
    if let Some(note) = entry.vault_only.get("private_note") {
        object.insert("private_note".to_owned(), note.clone());
    }
    Some(object)
}
