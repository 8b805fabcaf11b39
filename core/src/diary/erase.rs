//! Erasing for her safety: words and salts are overwritten, the place in the log stays.

use super::Diary;
use super::history::IncidentRef;
use super::items::{self, Sealed};
use crate::canonical::{Object, Value};
use crate::error::Error;
use crate::evidence::FileName;
use crate::log::{Draft, EntryKind};
use crate::vault::{Part, VaultError};

/// What was erased.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Erased {
    /// Entries whose words were destroyed.
    pub entries: u32,
    /// Evidence files that are removed: now, or once no backup is being written and the disk gives every
    /// entry. One that another incident holds stays.
    pub files: u32,
}

/// Files that one erasure may remove: half of what the list of doomed files holds.
pub(super) const FILES_AT_ONCE: usize = 32;

impl Diary {
    /// Destroys the words of an incident with everything about it, or one evidence item. What was
    /// there, when, and that it was erased stays in the log. Backups and bundles made before are
    /// not reached.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Erased`]. After [`VaultError::Closed`] it may be erased, and what was
    /// erased may still be on the disk: opening the diary again tells, and [`Diary::rest`] removes it.
    pub fn erase(&mut self, which: &IncidentRef) -> Result<Erased, Error> {
        // Files of earlier sessions that are gone come off the list, or it would fill up. One that cannot be
        // removed must not keep her from this.
        let _ = self.tidy();
        let item = match which {
            IncidentRef::Id(id) if self.place_of(id)?.kind == EntryKind::Evidence => Some(id),
            _ => None,
        };
        if let Some(id) = item {
            let number = self.resolve_item(id)?;
            let about = self.incident_of(number)?;
            return self.erase_entries(about, &[number]);
        }
        let number = self.resolve(which)?;
        let about = self.entries_about(number)?;
        let (evidence, words): (Vec<_>, Vec<_>) = about
            .into_iter()
            .filter(|(_, kind)| *kind != EntryKind::Erasure)
            .partition(|(_, kind)| *kind == EntryKind::Evidence);
        let mut evidence: Vec<u32> = evidence.into_iter().map(|(number, _)| number).collect();
        let mut erased = Erased {
            entries: 0,
            files: 0,
        };
        // The words go together with the last files, so a kill in between leaves an incident that
        // can be erased again.
        while evidence.len() > FILES_AT_ONCE {
            let some: Vec<u32> = evidence.drain(..FILES_AT_ONCE).collect();
            let some = self.erase_entries(number, &some);
            erased.add(self.or_closed(&erased, some)?);
        }
        let rest: Vec<u32> = words
            .into_iter()
            .map(|(number, _)| number)
            .chain(evidence)
            .collect();
        let rest = self.erase_entries(number, &rest);
        erased.add(self.or_closed(&erased, rest)?);
        Ok(erased)
    }

    /// After a part was erased, no error may say that nothing was.
    fn or_closed(&mut self, before: &Erased, some: Result<Erased, Error>) -> Result<Erased, Error> {
        if some.is_err() && before.entries > 0 {
            self.log.vault().close();
            return Err(VaultError::Closed.into());
        }
        some
    }

    /// The incident that an item which was not erased is about, from the index alone.
    fn incident_of(&mut self, item: u32) -> Result<u32, Error> {
        let mut at = item;
        loop {
            let damaged = VaultError::Damaged(Part::Entry(at));
            let Some(place) = self.log.vault().entry_place(at)? else {
                return Err(damaged.into());
            };
            if at == item && place.place.is_none() {
                return Err(Error::Erased);
            }
            if place.kind == EntryKind::Incident {
                return Ok(at);
            }
            // From an entry about an incident to the one before it.
            if place.link >= at {
                return Err(damaged.into());
            }
            at = place.link;
        }
    }

    /// The incident and what was not erased about it, from the index alone: what is damaged can be
    /// erased like anything else.
    fn entries_about(&mut self, number: u32) -> Result<Vec<(u32, EntryKind)>, Error> {
        let mut entries = Vec::new();
        let mut at = number;
        loop {
            let place = self.log.vault().entry_place(at)?;
            let place = place.ok_or(VaultError::Damaged(Part::Entry(at)))?;
            if at == number && place.place.is_none() && !place.lost {
                return Err(Error::Erased);
            }
            if place.place.is_some() {
                entries.push((at, place.kind));
            }
            let next = place.link;
            // From the incident to its newest entry, and from there back.
            if next <= number || at != number && next >= at {
                entries.sort_unstable_by_key(|(number, _)| *number);
                return Ok(entries);
            }
            at = next;
        }
    }

    /// One transaction; then the log of writes is emptied, then the files go.
    fn erase_entries(&mut self, about: u32, numbers: &[u32]) -> Result<Erased, Error> {
        let mut sealed: Vec<Sealed> = Vec::new();
        for number in numbers {
            let logged = match self.log.read(*number) {
                // Which file it named is lost with it, and so is the file's key.
                Err(VaultError::Damaged(Part::Entry(_))) => continue,
                read => read?,
            };
            if let Some(entry) = logged
                .entry
                .filter(|entry| entry.kind == EntryKind::Evidence)
            {
                sealed
                    .push(items::sealed(&entry).ok_or(VaultError::Damaged(Part::Entry(*number)))?);
            }
        }
        let files = self.item_index()?.remove(&sealed);
        let mut erased: Vec<u32> = numbers.to_vec();
        erased.sort_unstable();
        let draft = Draft {
            kind: EntryKind::Erasure,
            about: Some(about),
            proven: Object::from([(
                "erased".to_owned(),
                Value::List(erased.iter().map(|number| Value::from(*number)).collect()),
            )]),
            vault_only: Object::new(),
        };
        // Whatever happens now, the index of files is built anew from the log.
        self.items = None;
        self.forget_search(about);
        self.log.append_with(draft, |write, _| {
            for number in &erased {
                write.destroy(*number)?;
            }
            files
                .iter()
                .try_for_each(|name| write.doom(*name.as_bytes()))
        })?;
        // The old cells must not stay readable in the log of writes, nor the files. It is erased, whatever
        // fails here: the next opening shows it, and what tidies up then finishes it.
        let emptied = self.log.vault().checkpoint();
        let _ = self.tidy();
        let remains = |name: &FileName| self.log.doomed().contains(name.as_bytes());
        let unfinished = !self.keeps_files() && files.iter().any(remains);
        if emptied.is_err() || unfinished {
            self.log.vault().close();
            return Err(VaultError::Closed.into());
        }
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Ok(Erased {
            entries: count(erased.len()),
            files: count(files.len()),
        })
    }
}

impl Erased {
    fn add(&mut self, more: Self) {
        self.entries += more.entries;
        self.files += more.files;
    }
}
