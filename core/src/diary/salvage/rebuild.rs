//! The index of a log, rebuilt from the entries that can be read and from what is left of the old one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use sha2::{Digest, Sha256};

use crate::canonical::{Object, Value};
use crate::error::Error;
use crate::log::entry::Entry;
use crate::log::leaf::Leaf;
use crate::log::record::is_in_its_place;
use crate::log::{EntryKind, Hash};
use crate::progress::Progress;
use crate::vault::{EntryPlace, Remains};

/// What the new index holds of each entry.
pub(super) struct Rebuilt {
    /// By number: its place without a position, and whether its words can be read.
    places: Vec<(EntryPlace, bool)>,
    /// Entries whose words are lost and were not erased.
    pub(super) lost: Vec<u32>,
    /// Entries of which not even the leaf is known.
    pub(super) unknown: Vec<u32>,
    /// The vault-only part of entry 0.
    pub(super) begun: Option<Object>,
}

/// What the entries say of each other.
#[derive(Default)]
struct Said {
    /// Incident that an entry is about.
    about: BTreeMap<u32, u32>,
    /// Entries that an erasure destroyed, and the incident that it is about.
    erased: BTreeMap<u32, u32>,
    /// Entries after which a code was given out in a bundle.
    marked: BTreeSet<u32>,
}

impl Rebuilt {
    pub(super) fn from(remains: &Remains, progress: &mut dyn Progress) -> Result<Self, Error> {
        let size = remains.size();
        let mut said = Said::default();
        let mut rebuilt = Self {
            places: Vec::new(),
            lost: Vec::new(),
            unknown: Vec::new(),
            begun: None,
        };
        for number in 0..size {
            if number % 256 == 0 && progress.advance(number.into(), size.into()).is_break() {
                return Err(Error::Cancelled);
            }
            let known = remains.place(number);
            let bytes = remains.entry(number)?;
            let entry = bytes
                .and_then(|bytes| Entry::parse(&bytes))
                .filter(|entry| known.is_none_or(|place| is_in_its_place(number, entry, &place)));
            if known.is_none() && entry.is_none() {
                rebuilt.unknown.push(number);
            }
            let place = new_place(number, known, entry.as_ref());
            if let Some(entry) = &entry {
                said.hear(entry, number);
            } else if place.kind.is_about_an_incident() {
                said.follow(number, place.link, &rebuilt.places);
            }
            rebuilt.places.push((place, entry.is_some()));
            if number == 0 {
                rebuilt.begun = entry.map(|entry| entry.vault_only);
            }
        }
        rebuilt.settle(&said);
        Ok(rebuilt)
    }

    pub(super) fn size(&self) -> u32 {
        u32::try_from(self.places.len()).unwrap_or(u32::MAX)
    }

    /// Puts one more entry at the end, lost and unknown, for whatever may have stood there, and gives
    /// its number.
    pub(super) fn add_unknown_end(&mut self) -> u32 {
        let number = self.size();
        self.places.push((new_place(number, None, None), false));
        self.lost.push(number);
        self.unknown.push(number);
        number
    }

    /// Whether anything of it can be read.
    pub(super) fn has_words(&self) -> bool {
        self.places.iter().any(|(_, has_words)| *has_words)
    }

    /// What the index is to hold of an entry, and whether its words can be read.
    pub(super) fn place(&self, number: u32) -> (EntryPlace, bool) {
        let place = self.places.get(number as usize).copied();
        place.unwrap_or_else(|| (new_place(number, None, None), false))
    }

    /// What an entry's place says that other entries tell.
    fn settle(&mut self, said: &Said) {
        for about in said.erased.values().chain(said.about.values()) {
            // Of the entry itself nothing is known, but somebody else says what it was.
            if self.unknown.binary_search(about).is_ok()
                && let Some((place, _)) = self.places.get_mut(*about as usize)
            {
                place.kind = EntryKind::Incident;
            }
        }
        let first_unknown = self.unknown.first().copied().unwrap_or(u32::MAX);
        let mut newest: HashMap<u32, u32> = HashMap::new();
        let mut withdrawn: BTreeSet<u32> = BTreeSet::new();
        for (number, (place, has_words)) in (0u32..).zip(&mut self.places) {
            let was_erased = !place.lost && !*has_words;
            place.lost = !*has_words && !was_erased && !said.erased.contains_key(&number);
            if place.lost {
                self.lost.push(number);
            }
            // No checkpoint behind a leaf that is not known can be computed again.
            place.code_given |= said.marked.contains(&number);
            place.code_given &= number < first_unknown;
            let about = said.about.get(&number).copied();
            if let Some(about) = about.filter(|_| place.kind.is_about_an_incident()) {
                place.link = newest.insert(about, number).unwrap_or(about);
                if place.kind == EntryKind::Withdrawal {
                    withdrawn.insert(about);
                }
            }
        }
        for (number, (place, _)) in (0u32..).zip(&mut self.places) {
            if place.kind == EntryKind::Incident {
                place.link = newest.get(&number).copied().unwrap_or(0);
                place.withdrawn |= withdrawn.contains(&number);
            }
        }
    }
}

impl Said {
    fn hear(&mut self, entry: &Entry, number: u32) {
        let about = entry.about().filter(|about| *about < number);
        if let Some(about) = about.filter(|_| entry.kind.is_about_an_incident()) {
            self.about.insert(number, about);
        }
        let numbers = |name: &str| entry.proven.get(name).and_then(Value::as_list);
        let number_of = |value: &Value| u32::try_from(value.as_integer()?).ok();
        match entry.kind {
            EntryKind::Erasure => {
                let erased = numbers("erased").unwrap_or_default().iter();
                let about = about.unwrap_or(number);
                self.erased
                    .extend(erased.filter_map(number_of).map(|number| (number, about)));
            }
            EntryKind::Export => {
                let size = entry.proven.get("checkpoint_size").and_then(number_of);
                self.marked
                    .extend(size.and_then(|size| size.checked_sub(1)));
            }
            _ => {}
        }
    }

    /// An entry without words is about the incident that its link leads to.
    fn follow(&mut self, number: u32, link: u32, before: &[(EntryPlace, bool)]) {
        let is_incident = before
            .get(link as usize)
            .is_some_and(|(place, _)| place.kind == EntryKind::Incident);
        let about = if is_incident {
            Some(link)
        } else {
            self.about.get(&link).copied()
        };
        self.about.extend(about.map(|about| (number, about)));
    }
}

/// The place of an entry as far as the old index and the entry itself tell. Links come later.
fn new_place(number: u32, known: Option<EntryPlace>, entry: Option<&Entry>) -> EntryPlace {
    let nobody_knows = EntryPlace {
        place: None,
        kind: match number {
            0 => EntryKind::Begun,
            _ => EntryKind::Salvaged,
        },
        withdrawn: false,
        code_given: false,
        lost: true,
        link: 0,
        leaf: lost_leaf(number),
    };
    match (known, entry) {
        (Some(known), entry) => {
            let erased = known.place.is_none() && !known.lost;
            EntryPlace {
                place: None,
                lost: entry.is_none() && !erased,
                ..known
            }
        }
        (None, Some(entry)) => EntryPlace {
            kind: entry.kind,
            lost: false,
            leaf: Leaf::of(number, entry).hash(),
            ..nobody_knows
        },
        (None, None) => nobody_knows,
    }
}

/// The leaf that stands for one that nobody knows.
fn lost_leaf(number: u32) -> Hash {
    let text = format!("incident-diary/lost/1\n{number}\n");
    Sha256::new_with_prefix([0])
        .chain_update(text)
        .finalize()
        .into()
}
