//! Reading: pages of incidents, those that a search or a filter selects.

use std::str::FromStr;

use zeroize::Zeroizing;

use super::Diary;
use super::filter::{Filter, Fit};
use super::history::{History, Members};
use super::items::{self, Item};
use crate::canonical::{Object, Value};
use crate::error::{Error, Form};
use crate::incident::{Behaviour, title_of};
use crate::log::{EntryId, EntryKind, Reading};
use crate::search::{Needle, fold};
use crate::time::TimeRange;
use crate::vault::{EntryPlace, Part, VaultError};

/// Incidents on a page, at most.
pub const MAX_PAGE: u32 = 200;
/// Incidents on a page, unless asked otherwise.
const DEFAULT_PAGE: u32 = 50;
/// Folded texts kept in memory, at most: about 30 MB.
const MAX_FOLDED: usize = 20_000;

/// Which incidents a page shows.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Words that all must occur, in any field, in any part of a word.
    pub search: Option<String>,
    /// When it happened.
    pub period: TimeRange,
    /// One of the incident's behaviours.
    pub behaviour: Option<Behaviour>,
    /// Key of somebody in the incident.
    pub person: Option<String>,
    /// 1 to [`MAX_PAGE`]; 50 if not given.
    pub limit: Option<u32>,
    /// Where the page before ended.
    pub after: Option<Cursor>,
}

/// Where a page ended: it goes on below this entry.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Cursor(u32);

/// A page of incidents, newest recorded first.
#[derive(Clone, Debug)]
pub struct Page {
    /// The incidents.
    pub incidents: Vec<Summary>,
    /// Where the next page begins, if there is one.
    pub next: Option<Cursor>,
    /// Incidents passed over because a period was asked for and their time is not known.
    pub unknown_time: u32,
}

/// One line of a page.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Id of the incident.
    pub id: EntryId,
    /// Number in order of recording, from 1.
    pub number: u32,
    /// When it happened, as the contract's object; `None` when erased.
    pub occurred: Option<Object>,
    /// When it was written, by the device's clock; `None` when erased.
    pub recorded_at: Option<String>,
    /// First line of the narrative, 80 characters.
    pub title: String,
    /// What he did.
    pub behaviours: Vec<Behaviour>,
    /// Evidence items that were not erased.
    pub evidence: u32,
    /// It was added to or corrected.
    pub amended: bool,
    /// It was withdrawn.
    pub withdrawn: bool,
    /// Its words were erased.
    pub erased: bool,
    /// Something about it is damaged, so nothing of its words is here; it is listed whatever was
    /// asked for, because nobody can know whether it fits.
    pub damaged: bool,
}

/// When it happened is not known, and a period was asked for.
struct UnknownTime;

impl Diary {
    /// A page of incidents, newest recorded first.
    ///
    /// # Errors
    /// [`Error::Form`] for a limit out of range, [`Error::DatesReversed`].
    pub fn list(&mut self, query: &Query) -> Result<Page, Error> {
        let limit = query.limit.unwrap_or(DEFAULT_PAGE);
        if !(1..=MAX_PAGE).contains(&limit) {
            return Err(Error::Form(Form::Limit));
        }
        let needle = query.search.as_deref().map(Needle::new);
        let mut below = query
            .after
            .map_or(self.log.size(), |cursor| cursor.0.min(self.log.size()));
        let mut incidents = Vec::new();
        let mut unknown_time = 0;
        while let Some(number) = self.incident_below(below)? {
            if incidents.len() >= limit as usize {
                let next = Some(Cursor(below));
                return Ok(Page {
                    incidents,
                    next,
                    unknown_time,
                });
            }
            below = number;
            match self.line(number, query, needle.as_ref()) {
                Ok(Some(Ok(summary))) => incidents.push(summary),
                Ok(Some(Err(UnknownTime))) => unknown_time += 1,
                Ok(None) => {}
                // It costs its own line only, and no search or filter may hide it.
                Err(Error::Vault(VaultError::Damaged(Part::Entry(_)))) => {
                    incidents.push(self.damaged(number)?);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(Page {
            incidents,
            next: None,
            unknown_time,
        })
    }

    /// The newest incident recorded below an entry.
    pub(crate) fn incident_below(&mut self, below: u32) -> Result<Option<u32>, Error> {
        let mut end = below;
        while let Some(last) = end.checked_sub(1) {
            let node = self.log.vault().node(0, last >> 5)?;
            let first = last & !31;
            let places = (first..=last).zip(node.entries());
            let found = places
                .filter(|(_, place)| place.kind == EntryKind::Incident)
                .last();
            if let Some((number, _)) = found {
                return Ok(Some(number));
            }
            end = first;
        }
        Ok(None)
    }

    /// The oldest incident recorded from an entry on.
    pub(crate) fn incident_from(&mut self, from: u32) -> Result<Option<u32>, Error> {
        let size = self.log.size();
        let mut start = from;
        while start < size {
            let node = self.log.vault().node(0, start >> 5)?;
            let places = (start & !31..).zip(node.entries());
            let mut incidents = places
                .filter(|(number, place)| *number >= start && place.kind == EntryKind::Incident);
            if let Some((number, _)) = incidents.next() {
                return Ok(Some(number));
            }
            start = (start | 31) + 1;
        }
        Ok(None)
    }

    /// The line of an incident, if it fits.
    fn line(
        &mut self,
        number: u32,
        query: &Query,
        needle: Option<&Needle>,
    ) -> Result<Option<Result<Summary, UnknownTime>>, Error> {
        if let Some(needle) = needle
            && !self.search_matches(number, needle)?
        {
            return Ok(None);
        }
        let history = History::read_as(&mut self.log, number, Reading::Line)?;
        let members = history.members()?;
        Ok(match query.filter().fit(members.as_ref()) {
            Fit::Yes => {
                let number = self.log.vault().incident_number(number)?;
                Some(Ok(summary(number, &history, members.as_ref())))
            }
            Fit::UnknownTime => Some(Err(UnknownTime)),
            Fit::No => None,
        })
    }

    /// The id of an entry of which only the index need be readable.
    pub(crate) fn id_at(&mut self, number: u32) -> Result<EntryId, Error> {
        Ok(EntryId::new(number, &self.place_at(number)?.leaf))
    }

    fn place_at(&mut self, number: u32) -> Result<EntryPlace, Error> {
        let place = self.log.vault().entry_place(number)?;
        Ok(place.ok_or(VaultError::Damaged(Part::Entry(number)))?)
    }

    /// The line of an incident of which something cannot be read.
    fn damaged(&mut self, number: u32) -> Result<Summary, Error> {
        Ok(Summary {
            id: self.id_at(number)?,
            number: self.log.vault().incident_number(number)?,
            occurred: None,
            recorded_at: None,
            title: String::new(),
            behaviours: Vec::new(),
            evidence: 0,
            amended: false,
            withdrawn: self.place_at(number)?.withdrawn,
            erased: false,
            damaged: true,
        })
    }

    fn search_matches(&mut self, number: u32, needle: &Needle) -> Result<bool, Error> {
        if let Some(text) = self.folded.get(&number) {
            return Ok(needle.matches(text));
        }
        let text = self.folded_text(number)?;
        let matches = needle.matches(&text);
        if self.folded.len() < MAX_FOLDED {
            self.folded.insert(number, text);
        }
        Ok(matches)
    }

    /// All words of an incident as it stands, with what she wrote of its evidence and its changes.
    fn folded_text(&mut self, number: u32) -> Result<Zeroizing<String>, Error> {
        let history = History::read_as(&mut self.log, number, Reading::Page)?;
        let Some(incident) = history.incident()? else {
            return Ok(Zeroizing::default());
        };
        let mut words: Vec<&str> = incident.texts();
        let items: Vec<Item> = history
            .later
            .iter()
            .filter(|logged| logged.place.kind == EntryKind::Evidence)
            .filter_map(|logged| items::item(logged.id, logged.entry.as_ref()?))
            .collect();
        for item in &items {
            words.push(&item.name);
            words.extend(item.note.as_deref());
        }
        words.extend(
            history
                .later
                .iter()
                .filter_map(|l| l.entry.as_ref()?.reason()),
        );
        // A line feed keeps the end of one text and the start of the next apart.
        let whole = Zeroizing::new(words.join("\n"));
        Ok(Zeroizing::new(fold(&whole)))
    }
}

/// The line of an incident; `None`: it was erased.
fn summary(number: u32, history: &History, members: Option<&Members<'_>>) -> Summary {
    let member = |name| members.and_then(|members| members.get(name));
    let recording = history.recording.entry.as_ref();
    let codes = members.map_or(&[][..], |members| members.list("behaviours"));
    let behaviours = codes
        .iter()
        .filter_map(|code| Behaviour::parse(code.as_text()?).ok());
    let evidence = history.entries_of(EntryKind::Evidence).count();
    let narrative = member("narrative").and_then(Value::as_text);
    Summary {
        id: history.recording.id,
        number,
        occurred: member("occurred").and_then(Value::as_object).cloned(),
        recorded_at: recording.map(|entry| entry.recorded_at().to_owned()),
        title: narrative.map(title_of).unwrap_or_default().to_owned(),
        behaviours: behaviours.collect(),
        evidence: u32::try_from(evidence).unwrap_or(u32::MAX),
        amended: history
            .later
            .iter()
            .any(|l| l.place.kind == EntryKind::Amendment),
        withdrawn: history.is_withdrawn(),
        erased: history.is_erased() && !history.recording.place.lost,
        damaged: history.recording.place.lost,
    }
}

impl Query {
    fn filter(&self) -> Filter<'_> {
        Filter {
            behaviours: self.behaviour.as_slice(),
            people: self.person.as_slice(),
            period: &self.period,
        }
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for Cursor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        text.parse()
            .map(Self)
            .map_err(|_| Error::Form(Form::Cursor))
    }
}
