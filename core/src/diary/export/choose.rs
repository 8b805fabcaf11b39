//! Which incidents go out, and what of them is withheld.

use std::collections::{BTreeMap, BTreeSet};

use super::{DamagedIncident, Selection};
use crate::canonical::{Object, Value};
use crate::diary::Diary;
use crate::diary::filter::{Filter, Fit};
use crate::diary::history::{History, IncidentRef};
use crate::error::Error;
use crate::incident::FieldName;
use crate::log::leaf::{self, PRIVATE};
use crate::log::{EntryId, EntryKind, Reading};
use crate::vault::{Part, VaultError};

/// An incident that goes out.
pub(super) struct Chosen {
    pub(super) history: History,
    /// By entry: names of what is not shown, without the private note.
    withheld: BTreeMap<u32, BTreeSet<String>>,
}

/// What a selection comes to.
#[derive(Default)]
pub(super) struct Choice {
    pub(super) chosen: Vec<Chosen>,
    /// Left out because their time is not known.
    pub(super) unknown_time: u64,
    /// Neither taken nor passed over: nobody can tell whether they fit.
    pub(super) damaged: Vec<DamagedIncident>,
    /// Left out by name, and not fit anyway.
    pub(super) without_effect: Vec<EntryId>,
}

impl Diary {
    /// The incidents that fit, in order of recording.
    pub(super) fn choose(&mut self, selection: &Selection) -> Result<Choice, Error> {
        let mut left_out = BTreeSet::new();
        for which in &selection.without {
            if !self.is_item(which)? {
                left_out.insert(self.resolve(which)?);
            }
        }
        let mut named = BTreeSet::new();
        for which in &selection.incidents {
            named.insert(self.resolve(which)?);
        }
        let mut choice = Choice::default();
        let mut from = 0;
        while let Some(number) = self.next_candidate(&named, from)? {
            from = number + 1;
            let fit = self.fit(number, selection, named.contains(&number));
            if left_out.contains(&number) && !matches!(fit, Ok(Err(_))) {
                left_out.remove(&number);
                continue;
            }
            match fit {
                Ok(Ok(chosen)) => choice.chosen.push(chosen),
                Ok(Err(Fit::UnknownTime)) => choice.unknown_time += 1,
                Ok(Err(Fit::Yes | Fit::No)) => {}
                // It costs itself only: she sees it, and leaves it out.
                Err(Error::Vault(VaultError::Damaged(Part::Entry(_)))) => {
                    choice.damaged.push(DamagedIncident {
                        id: self.id_at(number)?,
                        number: self.log.vault().incident_number(number)?,
                    });
                }
                Err(error) => return Err(error),
            }
        }
        for number in left_out {
            choice.without_effect.push(self.id_at(number)?);
        }
        Ok(choice)
    }

    /// An incident if it goes out, or why it does not.
    fn fit(
        &mut self,
        number: u32,
        selection: &Selection,
        is_named: bool,
    ) -> Result<Result<Chosen, Fit>, Error> {
        let history = History::read_as(&mut self.log, number, Reading::Line)?;
        if history.recording.place.lost {
            // Nothing can be said of it; the bundle says how many entries were lost.
            return Ok(Err(Fit::No));
        }
        let fit = selection.filter().fit(history.members()?.as_ref());
        if fit != Fit::Yes {
            return Ok(Err(fit));
        }
        let history = History::read(&mut self.log, number)?;
        let hidden = history.is_withdrawn() && !is_named;
        Ok(Ok(Chosen::new(history, hidden)))
    }

    fn next_candidate(&mut self, named: &BTreeSet<u32>, from: u32) -> Result<Option<u32>, Error> {
        if named.is_empty() {
            return self.incident_from(from);
        }
        Ok(named.range(from..).next().copied())
    }

    /// Adds to each chosen incident what is withheld in it.
    pub(super) fn withhold(
        &mut self,
        selection: &Selection,
        chosen: &mut [Chosen],
    ) -> Result<(), Error> {
        for which in &selection.without {
            if self.is_item(which)? {
                self.withhold_item(which, chosen)?;
            }
        }
        for (which, field) in &selection.withhold {
            let only = match which {
                Some(which) if self.is_item(which)? => {
                    if !field.is_evidence() {
                        return Err(Error::NotAnIncident);
                    }
                    self.withhold_item(which, chosen)?;
                    continue;
                }
                Some(which) => {
                    let number = self.resolve(which)?;
                    if !chosen.iter().any(|one| one.history.number() == number) {
                        return Err(Error::NotChosen(self.id_at(number)?));
                    }
                    Some(number)
                }
                None => None,
            };
            let mut is_there = false;
            for chosen in chosen.iter_mut() {
                if only.is_none_or(|only| only == chosen.history.number()) {
                    is_there |= chosen.withhold(field);
                }
            }
            // A field that nobody filled in is withheld already; a wrong number, or the wrong incident, would show
            // what she meant to withhold.
            if (field.is_element() || only.is_some()) && !is_there {
                return Err(Error::NoSuchElement);
            }
        }
        Ok(())
    }

    fn withhold_item(&mut self, which: &IncidentRef, chosen: &mut [Chosen]) -> Result<(), Error> {
        let IncidentRef::Id(id) = which else {
            return Err(Error::NotAnItem);
        };
        self.resolve_item(id)?;
        let mut is_there = false;
        for chosen in chosen {
            is_there |= chosen.withhold_evidence(|number| number == id.number());
        }
        is_there.then_some(()).ok_or(Error::NotChosen(*id))
    }

    fn is_item(&mut self, which: &IncidentRef) -> Result<bool, Error> {
        match which {
            IncidentRef::Id(id) => Ok(self.place_of(id)?.kind == EntryKind::Evidence),
            IncidentRef::Number(_) => Ok(false),
        }
    }
}

impl Choice {
    /// A preview names what cannot be read; without her word a bundle leaves nothing out.
    pub(super) fn must_be_readable(&self) -> Result<(), VaultError> {
        match self.damaged.first() {
            Some(first) => Err(VaultError::Damaged(Part::Entry(first.id.number()))),
            None => Ok(()),
        }
    }
}

impl Selection {
    fn filter(&self) -> Filter<'_> {
        Filter {
            behaviours: &self.behaviours,
            people: &self.people,
            period: &self.period,
        }
    }
}

impl Chosen {
    /// `hidden`: withdrawn and not asked for by name, so only number, times and reason are shown.
    fn new(history: History, hidden: bool) -> Self {
        let mut chosen = Self {
            history,
            withheld: BTreeMap::new(),
        };
        if hidden {
            for (logged, entry) in chosen.history.entries() {
                let keeps = |name: &str| match logged.place.kind {
                    EntryKind::Withdrawal | EntryKind::Erasure => true,
                    _ => matches!(name, "recorded" | "occurred"),
                };
                let names = leaf::fields(entry).into_iter().map(|field| field.name);
                let hidden = names.filter(|name| !keeps(name)).collect();
                chosen.withheld.insert(logged.id.number(), hidden);
            }
        }
        chosen
    }

    /// Whether there is anything of it in the incident.
    fn withhold(&mut self, field: &FieldName) -> bool {
        if field.is_evidence() {
            return self.withhold_evidence(|_| true);
        }
        let empty = Object::new();
        let mut numbers = Vec::new();
        let mut versions = Vec::new();
        for (logged, entry) in self.history.entries() {
            let member = match logged.place.kind {
                EntryKind::Incident => "incident",
                EntryKind::Amendment => "changes",
                _ => continue,
            };
            numbers.push(logged.id.number());
            versions.push(
                entry
                    .proven
                    .get(member)
                    .and_then(Value::as_object)
                    .unwrap_or(&empty),
            );
        }
        let mut is_there = false;
        for (number, names) in numbers.into_iter().zip(field.in_versions(&versions)) {
            is_there |= !names.is_empty();
            self.withheld.entry(number).or_default().extend(names);
        }
        is_there
    }

    /// Whether there is such an item.
    fn withhold_evidence(&mut self, is_meant: impl Fn(u32) -> bool) -> bool {
        let mut is_there = false;
        for (number, entry) in self.history.entries_of(EntryKind::Evidence) {
            if is_meant(number) {
                is_there = true;
                let names = leaf::fields(entry).into_iter().map(|field| field.name);
                let names = names.filter(|name| name != "recorded");
                self.withheld.entry(number).or_default().extend(names);
            }
        }
        is_there
    }

    /// Whether any entry of it has something withheld whose name begins so.
    pub(super) fn withholds_of(&self, field: &str) -> bool {
        let mut names = self.withheld.values().flatten();
        names.any(|name| name.starts_with(field))
    }

    pub(super) fn withholds(&self, number: u32, name: &str) -> bool {
        name == PRIVATE
            || self
                .withheld
                .get(&number)
                .is_some_and(|names| names.contains(name))
    }
}
