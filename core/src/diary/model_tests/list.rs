//! The plain list in memory.

use std::collections::BTreeMap;

use super::steps::{CONTENTS, Word};
use crate::canonical::{Object, Value};
use crate::diary::Person;
use crate::log::{EntryId, EntryKind, Fingerprint};

/// An incident as the list in memory holds it.
pub(super) struct Told {
    pub(super) id: EntryId,
    /// `None` when it was erased.
    pub(super) object: Option<Object>,
    pub(super) withdrawn: bool,
    pub(super) history: Vec<Later>,
}

pub(super) struct Later {
    pub(super) id: Option<EntryId>,
    pub(super) kind: EntryKind,
    pub(super) reason: Option<Word>,
    pub(super) file: Option<(String, usize)>,
    pub(super) erased: bool,
}

#[derive(Default)]
pub(super) struct Model {
    /// Entries in the log.
    pub(super) size: u32,
    /// It was restored, and nothing was recorded since: an entry that says so comes before the next one.
    pub(super) restored: bool,
    pub(super) incidents: Vec<Told>,
    pub(super) drafts: BTreeMap<Word, String>,
    pub(super) codes: Vec<(u32, Fingerprint)>,
}

impl Told {
    pub(super) fn live_items(&self) -> impl Iterator<Item = &Later> {
        self.history
            .iter()
            .filter(|later| later.kind == EntryKind::Evidence && !later.erased)
    }

    pub(super) fn erase_all(&mut self) {
        self.object = None;
        for later in &mut self.history {
            later.erased |= later.kind != EntryKind::Erasure;
        }
    }

    /// Whether a search finds it.
    pub(super) fn holds(&self, word: &str) -> bool {
        let Some(object) = &self.object else {
            return false;
        };
        let text = String::from_utf8(Value::Object(object.clone()).to_bytes()).unwrap();
        let later = |l: &Later| {
            let named = l.file.as_ref().is_some_and(|(name, _)| name.contains(word));
            !l.erased && (l.reason == Some(word) || named)
        };
        text.contains(word) || self.history.iter().any(later)
    }
}

impl Later {
    pub(super) fn new(kind: EntryKind, reason: Option<Word>) -> Self {
        Self {
            id: None,
            kind,
            reason,
            file: None,
            erased: false,
        }
    }
}

impl Model {
    /// One entry more; its number.
    pub(super) fn append(&mut self) -> u32 {
        self.size += 1 + u32::from(std::mem::take(&mut self.restored));
        self.size - 1
    }

    pub(super) fn is_held(&self, content: usize) -> bool {
        let mut items = self.incidents.iter().flat_map(Told::live_items);
        items.any(|item| item.file.as_ref().is_some_and(|(_, held)| *held == content))
    }

    pub(super) fn files(&self) -> usize {
        (0..CONTENTS.len()).filter(|c| self.is_held(*c)).count()
    }

    pub(super) fn people(&self) -> Vec<Person> {
        let mut people: BTreeMap<String, Person> = BTreeMap::new();
        for object in self
            .incidents
            .iter()
            .filter_map(|told| told.object.as_ref())
        {
            let list = object.get("people").and_then(Value::as_list);
            for person in list.unwrap_or_default() {
                let text = |member| person.as_object().unwrap().get(member).unwrap().as_text();
                let (key, name) = (text("key").unwrap(), text("name").unwrap().to_owned());
                let held = people.entry(key.to_owned()).or_insert_with(|| Person {
                    key: key.to_owned(),
                    names: Vec::new(),
                    roles: vec!["perpetrator".to_owned()],
                    incidents: 0,
                });
                held.incidents += 1;
                if !held.names.contains(&name) {
                    held.names.push(name);
                }
            }
        }
        let mut people: Vec<Person> = people.into_values().collect();
        // For such names the code points are in the order of the alphabet.
        people.sort_by_key(|person| (person.names.first().cloned(), person.key.clone()));
        people
    }
}
