//! Which incidents fit: by time, by what he did, by who was there. Lists and exports use the same.

use super::history::Members;
use crate::canonical::Value;
use crate::incident::{Behaviour, Occurred};
use crate::time::TimeRange;

/// What is looked for; an empty list asks for nothing.
pub(crate) struct Filter<'a> {
    pub(crate) behaviours: &'a [Behaviour],
    pub(crate) people: &'a [String],
    pub(crate) period: &'a TimeRange,
}

/// Whether an incident fits.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fit {
    Yes,
    No,
    /// A period is asked for, and when it happened is not known: left out and counted.
    UnknownTime,
}

impl Filter<'_> {
    /// `None`: an erased incident, of which nothing is known but that it was there.
    pub(crate) fn fit(&self, incident: Option<&Members<'_>>) -> Fit {
        let Some(incident) = incident else {
            let any = self.behaviours.is_empty() && self.people.is_empty();
            return match (any, self.period.is_open()) {
                (false, _) => Fit::No,
                (true, true) => Fit::Yes,
                (true, false) => Fit::UnknownTime,
            };
        };
        let codes = incident.list("behaviours");
        let behaves = |wanted: &Behaviour| codes.iter().any(|c| c.as_text() == Some(wanted.code()));
        let behaviour = self.behaviours.is_empty() || self.behaviours.iter().any(behaves);
        let people = incident.list("people");
        let is_in = |wanted: &String| people.iter().any(|person| key(person) == Some(wanted));
        let person = self.people.is_empty() || self.people.iter().any(is_in);
        if !behaviour || !person {
            return Fit::No;
        }
        if self.period.is_open() {
            return Fit::Yes;
        }
        let occurred = incident.get("occurred").map(Occurred::from_value);
        match occurred.and_then(|occurred| occurred.ok()?.touches(self.period)) {
            Some(true) => Fit::Yes,
            Some(false) => Fit::No,
            None => Fit::UnknownTime,
        }
    }
}

fn key(person: &Value) -> Option<&str> {
    person.as_object()?.get("key")?.as_text()
}
