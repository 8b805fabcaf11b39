//! Writing: every change is one transaction, made ready in memory and acknowledged after the disk
//! has it (FORMAT.md 13).

mod seal;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cell::ObjectName;
use super::edge::Edge;
use super::error::{Limit, VaultError};
use super::head::{Head, MAX_DOOMED};
use super::node::{self, EntryPlace, LEVELS, MAX_ENTRIES, Node};
use super::session::{Ahead, Vault};
use super::store::CellWrites;
use crate::log::entry::MAX_ENTRY;
use crate::log::{EntryKind, Hash, tree};

/// Drafts and settings together, at most: 256 KiB.
const MAX_SIDE: usize = 256 * 1024;

/// A change that is being made ready. Nothing of it is in the vault before [`Write::commit`].
pub(crate) struct Write<'v> {
    vault: &'v mut Vault,
    head: Head,
    edge: [Arc<Node>; LEVELS],
    /// Open nodes that changed.
    touched: [bool; LEVELS],
    /// Full nodes that changed or became full.
    full: BTreeMap<(u8, u32), FullNode>,
    cells: CellWrites,
}

/// A write failed.
pub(crate) struct NotCommitted {
    pub(crate) error: VaultError,
    /// It is not on the disk; else it may be, and the vault is closed.
    known: bool,
}

impl From<VaultError> for NotCommitted {
    fn from(error: VaultError) -> Self {
        Self { error, known: true }
    }
}

struct FullNode {
    node: Node,
    /// `None` for one that became full in this write.
    position: Option<u32>,
}

impl Vault {
    /// Whether a write failed and the file could not be read again.
    pub(crate) fn is_closed(&self) -> bool {
        self.closed
    }

    /// Whether nobody knows if the disk has what is read: nothing outside of the vault may depend on it.
    pub(crate) fn is_uncertain(&self) -> bool {
        self.closed || self.store.is_behind()
    }

    /// Reads head and right edge from the disk again, and every node from now on.
    pub(crate) fn read_anew(&mut self) -> Result<(), VaultError> {
        self.usable_store()?;
        self.reload()
    }

    /// Where the disk fails from now on, until the database is opened again.
    #[cfg(test)]
    pub(crate) fn fail(&mut self, fails: super::store::Fails) {
        self.store.fail(fails);
        self.folder.sync_fails = fails.folder_sync;
    }

    /// Begins a change.
    pub(crate) fn begin(&mut self) -> Result<Write<'_>, VaultError> {
        self.usable_store()?;
        if self.rotation_cut_short {
            // The log finishes it before. Nothing more is sealed under a key that somebody may know, nor are the
            // slots settled over it: then nothing would tell of it any more.
            return Err(VaultError::ReadOnly);
        }
        Ok(Write {
            head: self.head.clone(),
            edge: self.edge.clone(),
            touched: [false; LEVELS],
            full: BTreeMap::new(),
            cells: Vec::new(),
            vault: self,
        })
    }
}

impl Write<'_> {
    /// Appends an entry and gives its number.
    pub(crate) fn append(
        &mut self,
        kind: EntryKind,
        object: &[u8],
        leaf: Hash,
        link: u32,
    ) -> Result<u32, VaultError> {
        let like = EntryPlace {
            place: None,
            kind,
            withdrawn: false,
            code_given: false,
            lost: false,
            link,
            leaf,
        };
        self.append_copy(Some(object), &like)
    }

    /// Appends an entry of which the index knows something already; `None` for one that was erased.
    pub(crate) fn append_copy(
        &mut self,
        object: Option<&[u8]>,
        like: &EntryPlace,
    ) -> Result<u32, VaultError> {
        let number = self.head.entries;
        if number >= MAX_ENTRIES {
            return Err(VaultError::Full(Limit::Entries));
        }
        if object.is_some_and(|object| object.len() > MAX_ENTRY) {
            return Err(VaultError::Full(Limit::EntrySize));
        }
        let place = object
            .map(|object| self.seal_at_end(ObjectName::Entry(number), object))
            .transpose()?;
        self.head.entries += 1;
        self.head.incidents += u32::from(like.kind == EntryKind::Incident);
        let entry = EntryPlace { place, ..*like };
        if let Node::Entries(places) = self.open_node(0) {
            places.push(entry);
        }
        self.move_full_nodes(number);
        Ok(number)
    }

    /// Changes what the index knows of an entry.
    pub(crate) fn change_place(
        &mut self,
        number: u32,
        change: impl FnOnce(&mut EntryPlace),
    ) -> Result<(), VaultError> {
        let of = node::parent(number);
        let node = if of >= node::open_number(0, self.head.entries) {
            self.open_node(0)
        } else {
            self.full_node(0, of)?
        };
        if let Node::Entries(places) = node
            && let Some(place) = places.get_mut(node::slot(number))
        {
            change(place);
        }
        Ok(())
    }

    /// Destroys an entry's words: random bytes over its cells, its place emptied.
    pub(crate) fn destroy(&mut self, number: u32) -> Result<(), VaultError> {
        let mut destroyed = None;
        self.change_place(number, |place| destroyed = place.place.take())?;
        if let Some(place) = destroyed {
            self.overwrite(place)?;
        }
        Ok(())
    }

    /// Replaces drafts and settings.
    pub(crate) fn set_side(&mut self, object: &[u8]) -> Result<(), VaultError> {
        if object.len() > MAX_SIDE {
            return Err(VaultError::Full(Limit::Drafts));
        }
        let fits = self
            .head
            .side
            .filter(|(place, _)| super::cell::run_of(object.len()) == place.run);
        let place = if let Some((place, _)) = fits {
            let sealed = self
                .vault
                .cipher
                .seal(ObjectName::Side, place.position, object)?;
            self.put(sealed)
        } else {
            let place = self.seal_at_end(ObjectName::Side, object)?;
            if let Some((old, _)) = self.head.side {
                self.overwrite(old)?;
            }
            place
        };
        self.head.side = Some((place, u32::try_from(object.len()).unwrap_or(u32::MAX)));
        Ok(())
    }

    /// Names an evidence file that is to be removed unless a later commit takes the name back.
    pub(crate) fn doom(&mut self, name: [u8; 16]) -> Result<(), VaultError> {
        if self.head.doomed.len() >= MAX_DOOMED {
            return Err(VaultError::Full(Limit::DoomedFiles));
        }
        self.head.doomed.push(name);
        Ok(())
    }

    /// Takes names off the list of files to be removed.
    pub(crate) fn undoom(&mut self, names: &[[u8; 16]]) {
        self.head.doomed.retain(|name| !names.contains(name));
    }

    /// Names the slots that are about to be written into the header.
    pub(crate) fn set_slots_pending(&mut self, slots: [u8; 32]) {
        self.head.slots_pending = slots;
    }

    /// Makes the slots of the header the current ones.
    pub(crate) fn settle_slots(&mut self) {
        self.head.slots = self.vault.header.slots_hash(self.head.half);
        self.head.slots_pending = [0; 32];
    }

    /// The log goes on under the header's instance.
    pub(crate) fn set_instance(&mut self) {
        self.head.instance = self.vault.header.instance;
    }

    /// Seals what changed, from the bottom up, and writes it. Done means on the disk; in a long transaction
    /// nothing is before that is committed.
    ///
    /// # Errors
    /// [`VaultError::Closed`] if nobody knows whether it is on the disk. Of a container that is being made nothing
    /// stays, and the error itself is told.
    pub(crate) fn commit(self) -> Result<(), VaultError> {
        let is_new = self.vault.folder.is_new();
        self.try_commit().map_err(|failed| {
            if failed.known || is_new {
                failed.error
            } else {
                VaultError::Closed
            }
        })
    }

    /// As [`Write::commit`], for whom it is the same whether it is on the disk if it failed.
    pub(crate) fn try_commit(mut self) -> Result<(), NotCommitted> {
        self.seal_nodes()?;
        self.head.commits += 1;
        if self.head.entries > 0 {
            let Ok(root) = tree::root_at(&mut Edge(&self.edge), self.head.entries);
            self.head.root = root;
        }
        let sealed = self
            .vault
            .cipher
            .seal(ObjectName::Head, 0, &self.head.to_bytes())
            .map_err(VaultError::from)?;
        self.put(sealed);

        let Self {
            vault,
            head,
            edge,
            full,
            cells,
            ..
        } = self;
        vault.ahead = Ahead::default();
        // After an error SQLite may have ended it.
        let in_long = vault.store.in_long();
        if let Err(error) = vault.store.grow_to(head.used) {
            // Nothing of this write is in the file, whether or not it can be read again.
            if !in_long {
                let _ = vault.reload();
            }
            return Err(error.into());
        }
        if let Err(error) = vault.store.write(&cells) {
            if in_long {
                // Nor is anything before it: whoever began it gives it up, and has the keys that hold.
                return Err(error.into());
            }
            // Only the file tells whether the commit is in it.
            let mut known = vault.reload().is_ok();
            if known && vault.head.commits == head.commits {
                if !vault.store.is_behind() {
                    return Ok(());
                }
                // It is read, and the disk may not have it.
                (known, vault.closed) = (false, true);
            }
            return Err(NotCommitted { error, known });
        }
        if vault.folder.was_removed() {
            vault.closed = true;
            let error = VaultError::Closed;
            return Err(NotCommitted {
                error,
                known: false,
            });
        }
        vault.head = head;
        vault.edge = edge;
        for (name, full) in full {
            vault.full.insert(name, Arc::new(full.node));
        }
        if vault.store.checkpoint_if_long().is_err() {
            // The entry is in the log of writes, and stays there; if that cannot be read again, it
            // is for the next write to say so.
            let _ = vault.reload();
        }
        Ok(())
    }

    /// The open node of a level, to be changed.
    fn open_node(&mut self, level: u8) -> &mut Node {
        let at = usize::from(level).min(LEVELS - 1);
        if let Some(touched) = self.touched.get_mut(at) {
            *touched = true;
        }
        let [first, rest @ ..] = &mut self.edge;
        Arc::make_mut(
            at.checked_sub(1)
                .and_then(|at| rest.get_mut(at))
                .unwrap_or(first),
        )
    }

    /// A full node, to be changed.
    fn full_node(&mut self, level: u8, number: u32) -> Result<&mut Node, VaultError> {
        use std::collections::btree_map::Entry;
        Ok(match self.full.entry((level, number)) {
            Entry::Occupied(held) => &mut held.into_mut().node,
            Entry::Vacant(free) => {
                let node = self.vault.node(level, number)?;
                let above = self.vault.node(level + 1, node::parent(number))?;
                let position = above
                    .nodes()
                    .get(node::slot(number))
                    .map(|place| place.position);
                &mut free
                    .insert(FullNode {
                        node: node.as_ref().clone(),
                        position,
                    })
                    .node
            }
        })
    }
}
