//! Appending to the log and reading it back, with every leaf checked.

mod key_change;
mod stamp;
#[cfg(test)]
mod tests;

use zeroize::Zeroizing;

use super::checkpoint::Checkpoint;
use super::entry::{Entry, EntryId, EntryKind, Seed};
use super::leaf::Leaf;
use super::recorded::recorded;
use super::signature::LogKey;
use super::tree::{self, Hash};
use crate::canonical::{Object, Value};
use crate::hex;
use crate::time::Clock;
use crate::vault::{EntryPlace, Part, Vault, VaultError, Write};

/// The log of an open vault.
pub(crate) struct Log {
    /// In a place of its own, as the key: moving a log must not leave copies of keys on the stack.
    vault: Box<Vault>,
    clock: Box<dyn Clock>,
    key: Box<LogKey>,
    /// What the newest entry says of its time.
    last: Object,
    /// Doomed files that are gone; the next commit takes them off the head's list.
    gone: Vec<[u8; 16]>,
    /// A change of keys had been cut short when the log was opened.
    key_change_cut_short: bool,
}

/// How much of an entry is read and checked. Its cells are checked always.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Reading {
    /// Shown or exported: all of it, and its leaf is recomputed.
    Proven,
    /// Searched: all of it.
    Page,
    /// One line of a list, or one of many to choose from: [`Entry::parse_line`].
    Line,
}

/// An entry that is to be appended; time, seed and number are given to it.
pub(crate) struct Draft {
    pub(crate) kind: EntryKind,
    /// Recording entry of the incident it is about.
    pub(crate) about: Option<u32>,
    /// Members of the proven part but `recorded` and `about`.
    pub(crate) proven: Object,
    pub(crate) vault_only: Object,
}

/// An entry that is on the disk.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Appended {
    pub(crate) id: EntryId,
    pub(crate) recorded_at: String,
}

/// An entry that was read, and what the index knows of it.
pub(crate) struct Logged {
    pub(crate) id: EntryId,
    pub(crate) place: EntryPlace,
    /// `None` when it was erased.
    pub(crate) entry: Option<Entry>,
}

impl Log {
    /// Begins a log in a vault that has none: entry 0.
    pub(crate) fn begin(vault: &mut Vault, clock: &dyn Clock) -> Result<(), VaultError> {
        let seed = Zeroizing::new(hex::encode(vault.head().signing_seed.as_ref()));
        let software = format!("diary-core {}", env!("CARGO_PKG_VERSION"));
        let draft = Draft {
            kind: EntryKind::Begun,
            about: None,
            proven: Object::from([("software".to_owned(), software.into())]),
            vault_only: Object::from([("signing_seed".to_owned(), Value::Text(seed.to_string()))]),
        };
        append(
            vault,
            &recorded(vault, &clock.read(), &Object::new()),
            draft,
            |_, _| Ok(()),
        )?;
        Ok(())
    }

    /// Takes over an open vault: looks at the newest entry, and finishes a change of secrets that was
    /// cut short, if the disk lets it.
    pub(crate) fn open(vault: Vault, clock: Box<dyn Clock>) -> Result<Self, VaultError> {
        let vault = Box::new(vault);
        let key = Box::new(LogKey::from_seed(&vault.head().signing_seed));
        let mut log = Self {
            vault,
            clock,
            key,
            last: Object::new(),
            gone: Vec::new(),
            key_change_cut_short: false,
        };
        let newest = log
            .size()
            .checked_sub(1)
            .ok_or(VaultError::Damaged(Part::Root))?;
        // A damaged entry costs its own words only, also when it is the newest: whoever reads it
        // is told. What is missed here is a comparison of two clocks.
        log.last = match log.read(newest) {
            Err(VaultError::Damaged(Part::Entry(_))) => Object::new(),
            read => read?
                .entry
                .as_ref()
                .and_then(Entry::recorded)
                .cloned()
                .unwrap_or_default(),
        };
        log.finish_key_change()?;
        Ok(log)
    }

    /// Appends an entry; done means on the disk.
    pub(crate) fn append(&mut self, draft: Draft) -> Result<Appended, VaultError> {
        self.append_with(draft, |_, _| Ok(()))
    }

    /// Appends an entry together with other changes, given the entry's number.
    pub(crate) fn append_with(
        &mut self,
        draft: Draft,
        more: impl FnOnce(&mut Write<'_>, u32) -> Result<(), VaultError>,
    ) -> Result<Appended, VaultError> {
        self.finish_rotation()?;
        self.continue_under_new_instance()?;
        self.append_here(draft, more)
    }

    /// Reads an entry and recomputes its leaf. The number is below [`Log::size`].
    pub(crate) fn read(&mut self, number: u32) -> Result<Logged, VaultError> {
        self.read_as(number, Reading::Proven)
    }

    /// Reads an entry, with or without recomputing its leaf.
    pub(crate) fn read_as(&mut self, number: u32, how: Reading) -> Result<Logged, VaultError> {
        let damaged = VaultError::Damaged(Part::Entry(number));
        let Some(place) = self.vault.entry_place(number)? else {
            return Err(damaged);
        };
        let id = EntryId::new(number, &place.leaf);
        let Some(at) = place.place else {
            return Ok(Logged {
                id,
                place,
                entry: None,
            });
        };
        let bytes = self.vault.entry(number, at)?;
        let entry = match how {
            Reading::Line => Entry::parse_line(&bytes),
            Reading::Page => Entry::parse(&bytes),
            Reading::Proven => {
                Entry::parse(&bytes).filter(|entry| is_in_its_place(number, entry, &place))
            }
        };
        let entry = entry.ok_or(damaged)?;
        Ok(Logged {
            id,
            place,
            entry: Some(entry),
        })
    }

    /// Names an evidence file that is to be removed, unless a later commit takes the name back.
    pub(crate) fn doom(&mut self, name: [u8; 16]) -> Result<(), VaultError> {
        self.finish_rotation()?;
        let mut write = self.vault.begin()?;
        write.undoom(&self.gone);
        write.doom(name)?;
        write.commit()?;
        self.gone.clear();
        Ok(())
    }

    /// Evidence files that are to be removed and are not gone yet. None in a vault that was
    /// closed: the file may know better than the head that was read.
    pub(crate) fn doomed(&self) -> Vec<[u8; 16]> {
        if self.vault.is_closed() {
            return Vec::new();
        }
        let doomed = self.vault.head().doomed.iter();
        doomed
            .filter(|name| !self.gone.contains(name))
            .copied()
            .collect()
    }

    /// A doomed file is gone: the next commit takes it off the list.
    pub(crate) fn forget_doomed(&mut self, name: [u8; 16]) {
        self.gone.push(name);
    }

    /// Entries in the log.
    pub(crate) fn size(&self) -> u32 {
        self.vault.head().entries
    }

    /// The log as it is now.
    pub(crate) fn checkpoint(&self) -> Checkpoint {
        let head = self.vault.head();
        Checkpoint {
            origin: self.key.public().origin(),
            size: head.entries,
            root: head.root,
        }
    }

    /// The log as it was with `size` entries, at least 1.
    pub(crate) fn checkpoint_at(&mut self, size: u32) -> Result<Checkpoint, VaultError> {
        let root = tree::root_at(self.vault.as_mut(), size)?;
        Ok(Checkpoint {
            origin: self.key.public().origin(),
            size,
            root,
        })
    }

    /// Inclusion proof of an entry in the log of `size` entries.
    pub(crate) fn inclusion(&mut self, number: u32, size: u32) -> Result<Vec<Hash>, VaultError> {
        tree::inclusion(self.vault.as_mut(), number, size)
    }

    /// Consistency proof between two sizes of the log.
    pub(crate) fn consistency(&mut self, old: u32, new: u32) -> Result<Vec<Hash>, VaultError> {
        tree::consistency(self.vault.as_mut(), old, new)
    }

    /// Remembers that a code of the log as it is now was given out. It adds no entry, so asking
    /// twice gives the same code.
    pub(crate) fn mark_code_given(&mut self) -> Result<(), VaultError> {
        let Some(newest) = self.size().checked_sub(1) else {
            return Ok(());
        };
        let marked = self
            .vault
            .entry_place(newest)?
            .is_some_and(|place| place.code_given);
        if marked {
            return Ok(());
        }
        let mut write = self.begin_write()?;
        write.change_place(newest, |place| place.code_given = true)?;
        write.commit()
    }

    /// How many entries were lost before the diary was salvaged.
    pub(crate) fn lost_entries(&mut self) -> Result<u64, VaultError> {
        let mut lost = 0;
        for node in 0..=self.size() >> 5 {
            let node = self.vault.node(0, node)?;
            let places = node.entries().iter().filter(|place| place.lost);
            lost += places.count() as u64;
        }
        Ok(lost)
    }

    /// Sizes of the log at which a code was given out, newest first.
    pub(crate) fn marked_sizes(&mut self) -> Result<Vec<u32>, VaultError> {
        let mut sizes = Vec::new();
        for node in (0..=self.size() >> 5).rev() {
            let places = self.vault.node(0, node)?;
            let marked = (node * 32 + 1..)
                .zip(places.entries())
                .filter(|(_, p)| p.code_given);
            sizes.extend(
                marked
                    .map(|(size, _)| size)
                    .collect::<Vec<_>>()
                    .into_iter()
                    .rev(),
            );
        }
        Ok(sizes)
    }

    pub(crate) fn key(&self) -> &LogKey {
        &self.key
    }

    /// Begins a change that appends nothing. What an earlier rotation left is finished before.
    pub(crate) fn begin_write(&mut self) -> Result<Write<'_>, VaultError> {
        self.finish_rotation()?;
        self.vault.begin()
    }

    pub(crate) fn vault(&mut self) -> &mut Vault {
        &mut self.vault
    }

    /// The vault alone, without its log: to destroy it, or to give it its name.
    pub(crate) fn into_vault(self) -> Box<Vault> {
        self.vault
    }

    /// What the device says now, as it would be recorded.
    pub(crate) fn now(&self) -> Object {
        recorded(&self.vault, &self.clock.read(), &self.last)
    }

    fn append_here(
        &mut self,
        draft: Draft,
        more: impl FnOnce(&mut Write<'_>, u32) -> Result<(), VaultError>,
    ) -> Result<Appended, VaultError> {
        let recorded = self.now();
        let gone = &self.gone;
        let appended = append(&mut self.vault, &recorded, draft, |write, number| {
            write.undoom(gone);
            more(write, number)
        })?;
        self.gone.clear();
        self.last = recorded;
        Ok(appended)
    }

    /// The first write after a restore says that the log goes on from a backup.
    fn continue_under_new_instance(&mut self) -> Result<(), VaultError> {
        let (from, to) = (self.vault.head().instance, self.vault.header().instance);
        if from == to {
            return Ok(());
        }
        let draft = Draft {
            kind: EntryKind::Continued,
            about: None,
            proven: Object::from([
                ("from".to_owned(), hex::encode(&from).into()),
                ("to".to_owned(), hex::encode(&to).into()),
            ]),
            vault_only: Object::new(),
        };
        self.append_here(draft, |write, _| {
            write.set_instance();
            Ok(())
        })?;
        Ok(())
    }
}

/// Whether an entry is the one that the index means: kind and leaf.
pub(crate) fn is_in_its_place(number: u32, entry: &Entry, place: &EntryPlace) -> bool {
    entry.kind == place.kind && Leaf::of(number, entry).hash() == place.leaf
}

fn append(
    vault: &mut Vault,
    recorded: &Object,
    draft: Draft,
    more: impl FnOnce(&mut Write<'_>, u32) -> Result<(), VaultError>,
) -> Result<Appended, VaultError> {
    let number = vault.head().entries;
    let mut proven = draft.proven;
    proven.insert("recorded".to_owned(), Value::Object(recorded.clone()));
    if let Some(about) = draft.about {
        proven.insert("about".to_owned(), about.into());
    }
    let entry = Entry {
        kind: draft.kind,
        seed: Seed::make()?,
        proven,
        vault_only: draft.vault_only,
    };
    let leaf = Leaf::of(number, &entry).hash();
    let link = match draft.about {
        // The incident points to its newest entry, each of them to the one before.
        Some(about) => vault
            .entry_place(about)?
            .map_or(about, |place| place.link.max(about)),
        None => 0,
    };
    let mut write = vault.begin()?;
    write.append(entry.kind, &entry.to_bytes(), leaf, link)?;
    if let Some(about) = draft.about {
        write.change_place(about, |place| place.link = number)?;
    }
    more(&mut write, number)?;
    write.commit()?;
    let recorded_at = entry.recorded_at().to_owned();
    Ok(Appended {
        id: EntryId::new(number, &leaf),
        recorded_at,
    })
}
