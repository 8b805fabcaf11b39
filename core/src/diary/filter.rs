//! Which incidents fit: by time, by what he did, by who was there. Lists and exports use the same.

use crate::incident::{Behaviour, Incident};
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
    pub(crate) fn fit(&self, incident: Option<&Incident>) -> Fit {
        let Some(incident) = incident else {
            let any = self.behaviours.is_empty() && self.people.is_empty();
            return match (any, self.period.is_open()) {
                (false, _) => Fit::No,
                (true, true) => Fit::Yes,
                (true, false) => Fit::UnknownTime,
            };
        };
        let behaves = |code| incident.behaviours().contains(code);
        let behaviour = self.behaviours.is_empty() || self.behaviours.iter().any(behaves);
        let is_in = |key: &String| {
            incident
                .people()
                .iter()
                .any(|p| p.key().is_some_and(|held| held.as_str() == key))
        };
        let person = self.people.is_empty() || self.people.iter().any(is_in);
        if !behaviour || !person {
            return Fit::No;
        }
        match incident.occurred().touches(self.period) {
            Some(true) => Fit::Yes,
            Some(false) => Fit::No,
            None if self.period.is_open() => Fit::Yes,
            None => Fit::UnknownTime,
        }
    }
}
