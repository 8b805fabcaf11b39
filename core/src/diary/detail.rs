//! Reading: one incident whole, and the people in all of them.

use std::collections::BTreeMap;

use super::Diary;
use super::history::{History, IncidentRef, with_private_note};
use super::items::{self, Item};
use crate::canonical::Object;
use crate::collation::{First, SortKey};
use crate::error::Error;
use crate::log::{EntryId, EntryKind, Reading};
use crate::vault::{Part, VaultError};

/// One incident with everything about it.
#[derive(Clone, Debug)]
pub struct Detail {
    /// Id of the incident.
    pub id: EntryId,
    /// Number in order of recording, from 1.
    pub number: u32,
    /// When it was written, by the device's clock; `None` when erased.
    pub recorded_at: Option<String>,
    /// As it stands, with her private note; `None` when erased.
    pub incident: Option<Object>,
    /// As it was first written, with her private note, where an amendment changed it since.
    pub first_written: Option<Object>,
    /// What came after, oldest first.
    pub history: Vec<Change>,
    /// Evidence items that were not erased.
    pub evidence: Vec<Item>,
    /// It was withdrawn.
    pub withdrawn: bool,
    /// Entries about it that were lost before the diary was salvaged.
    pub lost: u32,
}

/// Something that came after an incident was recorded.
#[derive(Clone, Debug)]
pub struct Change {
    /// Id of its entry.
    pub id: EntryId,
    /// Amendment, withdrawal, erasure or evidence.
    pub kind: EntryKind,
    /// When it was written; `None` when erased.
    pub recorded_at: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// What an amendment changed, the private note too; a field taken away is `null`.
    pub changes: Option<Object>,
}

/// Somebody in one or more incidents.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Person {
    /// The key that she gave.
    pub key: String,
    /// Names under this key, in order of writing.
    pub names: Vec<String>,
    /// Roles under this key.
    pub roles: Vec<String>,
    /// In how many incidents.
    pub incidents: u32,
}

impl Diary {
    /// One incident with everything about it; every entry is checked against its leaf.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::NotAnIncident`].
    pub fn show(&mut self, which: &IncidentRef) -> Result<Detail, Error> {
        let number = self.resolve(which)?;
        let history = History::read(&mut self.log, number)?;
        let incident = history
            .incident()?
            .map(|incident| incident.to_private_value());
        let changes = history.later.iter().map(|logged| {
            let entry = logged.entry.as_ref();
            Change {
                id: logged.id,
                kind: logged.place.kind,
                recorded_at: entry.map(|entry| entry.recorded_at().to_owned()),
                reason: entry.and_then(|entry| entry.reason()).map(str::to_owned),
                changes: entry
                    .filter(|_| logged.place.kind == EntryKind::Amendment)
                    .and_then(|entry| with_private_note(entry, "changes")),
            }
        });
        let amended = history.entries_of(EntryKind::Amendment).next().is_some();
        let first_written = history.recording.entry.as_ref().filter(|_| amended);
        let evidence = history
            .later
            .iter()
            .filter(|logged| logged.place.kind == EntryKind::Evidence)
            .filter_map(|logged| items::item(logged.id, logged.entry.as_ref()?));
        Ok(Detail {
            id: history.recording.id,
            number: self.log.vault().incident_number(number)?,
            recorded_at: history
                .recording
                .entry
                .as_ref()
                .map(|e| e.recorded_at().to_owned()),
            incident,
            first_written: first_written.and_then(|entry| with_private_note(entry, "incident")),
            history: changes.collect(),
            evidence: evidence.collect(),
            withdrawn: history.is_withdrawn(),
            lost: history.lost(),
        })
    }

    /// The people by the keys that she gave them, sorted by name; those without a name at the end. Those
    /// in a damaged incident are not known.
    ///
    /// # Errors
    /// [`Error::Vault`].
    pub fn people(&mut self) -> Result<Vec<Person>, Error> {
        let mut people: BTreeMap<String, Person> = BTreeMap::new();
        let mut below = 0;
        while let Some(number) = self.incident_from(below)? {
            below = number + 1;
            let history = History::read_as(&mut self.log, number, Reading::Page);
            let incident = match history.and_then(|history| history.incident()) {
                Ok(Some(incident)) => incident,
                Ok(None) | Err(Error::Vault(VaultError::Damaged(Part::Entry(_)))) => continue,
                Err(error) => return Err(error),
            };
            for person in incident.people() {
                let Some(key) = person.key() else { continue };
                let entry = people
                    .entry(key.as_str().to_owned())
                    .or_insert_with(|| Person {
                        key: key.as_str().to_owned(),
                        names: Vec::new(),
                        roles: Vec::new(),
                        incidents: 0,
                    });
                entry.incidents += 1;
                push_new(&mut entry.roles, person.role().code());
                if let Some(name) = person.name() {
                    push_new(&mut entry.names, name.as_str());
                }
            }
        }
        let mut people: Vec<Person> = people.into_values().collect();
        people.sort_by_cached_key(|person| {
            let name = person.names.first();
            let name = name.map(|name| SortKey::new(name, First::Cyrillic));
            (name.is_none(), name, person.key.clone())
        });
        Ok(people)
    }
}

fn push_new(list: &mut Vec<String>, text: &str) {
    if !list.iter().any(|held| held == text) {
        list.push(text.to_owned());
    }
}
