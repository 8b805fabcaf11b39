//! Incidents as their entries add up to them. Only shown, never stored.

use std::collections::{BTreeMap, BTreeSet};

use super::{Body, Document, Entry};
use crate::canonical::{Object, Value};
use crate::log::leaf::PRIVATE;

/// Everything a document shows about one incident.
#[derive(Clone, Debug)]
pub struct Incident<'a> {
    /// Number of the entry that recorded it.
    pub number: u64,
    /// That entry; absent if its words were erased.
    pub recording: Option<&'a Entry>,
    /// Amendments in order.
    pub amendments: Vec<&'a Entry>,
    /// Withdrawals in order; more than one only if the program that wrote them erred.
    pub withdrawals: Vec<&'a Entry>,
    /// Erasures of words or of files, in order.
    pub erasures: Vec<&'a Entry>,
    /// Attached files in order.
    pub evidence: Vec<&'a Entry>,
    /// The recording with its amendments put in.
    pub stands: State<'a>,
}

/// Fields of an incident at one point of its history.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct State<'a> {
    fields: BTreeMap<&'a str, Field<'a>>,
}

/// One field, as far as it is shown.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Field<'a> {
    /// What is shown of it.
    pub value: Option<&'a Value>,
    /// The parts that are withheld: `place`, `people[1]`, `people[0].contact`.
    pub withheld: Vec<&'a str>,
}

impl Document {
    /// The incidents shown, by number of their recording.
    #[must_use]
    pub fn incidents(&self) -> Vec<Incident<'_>> {
        let mut incidents: BTreeMap<u64, Incident<'_>> = BTreeMap::new();
        for entry in &self.entries {
            let incident = incidents
                .entry(entry.subject())
                .or_insert_with(|| Incident::empty(entry.subject()));
            incident.add(entry);
        }
        incidents.into_values().collect()
    }
}

impl<'a> Incident<'a> {
    fn empty(number: u64) -> Self {
        Self {
            number,
            recording: None,
            amendments: Vec::new(),
            withdrawals: Vec::new(),
            erasures: Vec::new(),
            evidence: Vec::new(),
            stands: State::default(),
        }
    }

    fn add(&mut self, entry: &'a Entry) {
        self.stands.apply(entry);
        match entry.body {
            Body::Incident { .. } => self.recording = Some(entry),
            Body::Amendment { .. } => self.amendments.push(entry),
            Body::Withdrawal { .. } => self.withdrawals.push(entry),
            Body::Erasure { .. } => self.erasures.push(entry),
            Body::Evidence { .. } => self.evidence.push(entry),
        }
    }

    /// Whether she withdrew it.
    #[must_use]
    pub fn is_withdrawn(&self) -> bool {
        !self.withdrawals.is_empty()
    }

    /// Whether its words were destroyed.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.recording.is_none()
    }

    /// Names of all parts withheld in the recording or an amendment, without `private`, which
    /// every entry of these kinds withholds.
    #[must_use]
    pub fn withheld(&self) -> BTreeSet<&'a str> {
        let entries = self.recording.iter().chain(&self.amendments);
        entries
            .flat_map(|entry| entry.withheld.keys())
            .map(String::as_str)
            .filter(|name| *name != PRIVATE)
            .collect()
    }

    /// The text of a field as it stands, if it is shown and a string.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&'a str> {
        self.stands.value(name)?.as_text()
    }
}

impl<'a> State<'a> {
    /// Puts in what a recording or an amendment says; other entries change nothing.
    ///
    /// A field that the entry touches is replaced as a whole, also where the entry withholds it:
    /// the old value no longer stands then.
    pub fn apply(&mut self, entry: &'a Entry) {
        let Some(object) = fields(entry) else {
            return;
        };
        for name in touched(entry) {
            self.fields.remove(name);
        }
        let takes_away = matches!(entry.body, Body::Amendment { .. });
        for (name, value) in object {
            if !(takes_away && *value == Value::Null) {
                self.fields.entry(name).or_default().value = Some(value);
            }
        }
        for name in withheld(entry) {
            self.fields
                .entry(base(name))
                .or_default()
                .withheld
                .push(name);
        }
    }

    /// A field, if it is set.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field<'a>> {
        self.fields.get(name)
    }

    /// What is shown of a field.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&'a Value> {
        self.fields.get(name)?.value
    }

    /// All fields that are set, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &Field<'a>)> {
        self.fields.iter().map(|(name, field)| (*name, field))
    }
}

/// Names of the top-level fields that a recording or an amendment says something about, shown or
/// withheld.
pub(crate) fn touched(entry: &Entry) -> BTreeSet<&str> {
    let shown = fields(entry).into_iter().flat_map(|object| object.keys());
    shown
        .map(String::as_str)
        .chain(withheld(entry).map(base))
        .collect()
}

fn fields(entry: &Entry) -> Option<&Object> {
    match &entry.body {
        Body::Incident { incident } => Some(incident),
        Body::Amendment { changes, .. } => Some(changes),
        _ => None,
    }
}

/// Withheld names that belong to the incident, not to the entry.
fn withheld(entry: &Entry) -> impl Iterator<Item = &str> {
    let names = entry.withheld.keys().map(String::as_str);
    names.filter(|name| !matches!(*name, PRIVATE | "reason" | "recorded"))
}

/// `people[1].contact` -> `people`.
fn base(name: &str) -> &str {
    name.split(['[', '.']).next().unwrap_or(name)
}
