//! Rotation: the half sealed anew under another key (FORMAT.md 15).

use std::ops::ControlFlow;
use std::sync::Arc;

use super::cell::{CELL, CellCipher, ObjectName, Place};
use super::error::{Part, VaultError};
use super::head::Head;
use super::header::Header;
use super::node::{self, LEVELS, Node, NodePlace, PLACES};
use super::secret::SecretBytes;
use super::session::{Ahead, Vault, cell_cipher};
use super::slot::SlotKeys;
use super::store::Store;
use crate::progress::Progress;
use crate::random::Filler;

/// Cells that are free before a rotation begins: for its entry, for one that says that the log goes on
/// from a backup, and for every node that they can fill.
const ROOM: u32 = 16;

/// What an open vault was before its rotation began, to go back to.
pub(crate) struct Before {
    header: Header,
    keys: SlotKeys,
}

impl Vault {
    /// Seals everything under a new key, in a transaction that is not committed yet. The caller
    /// appends the entry that says so and calls [`Vault::finish_rotation`], or, if anything fails,
    /// [`Vault::give_up_rotation`].
    ///
    /// Fails with the vault as it was, except that the head names slots that are never written.
    pub(crate) fn begin_rotation(
        &mut self,
        passphrase: &SecretBytes,
        code: &SecretBytes,
        progress: &mut dyn Progress,
    ) -> Result<Before, VaultError> {
        self.usable_store()?;
        let (header, keys) = self.with_next_keys(passphrase, code)?;
        self.make_room()?;
        self.announce(&header)?;
        let new = cell_cipher(&keys.half, &header, self.head.half);
        self.seal_anew(&new, progress)?;
        self.cipher = new;
        Ok(Before {
            header: std::mem::replace(&mut self.header, header),
            keys: std::mem::replace(&mut self.keys, keys),
        })
    }

    /// Writes the header and commits: from the first on, the new secrets hold and no other.
    pub(crate) fn finish_rotation(&mut self) -> Result<(), VaultError> {
        self.usable_store()?.flush_long()?;
        self.put_header(&self.header.clone())?;
        if self.store.commit_long().is_err() {
            // The next unlock finishes it.
            self.closed = true;
        } else if self.store.checkpoint().is_err() {
            // What was committed is in the log of writes.
            let _ = self.reload();
        }
        Ok(())
    }

    /// Nothing was written into the header: everything is as it was.
    pub(crate) fn give_up_rotation(&mut self, before: Before) -> Result<(), VaultError> {
        self.header = before.header;
        self.keys = before.keys;
        self.reload()
    }

    /// Seals everything under the new key, of a rotation whose header was written already. The caller
    /// appends the entry that says so and commits with [`Vault::finish_late_rotation`]; if anything fails, it
    /// calls [`Vault::reload`].
    pub(crate) fn seal_late(&mut self) -> Result<(), VaultError> {
        self.make_room()?;
        let new = cell_cipher(&self.keys.half, &self.header, self.head.half);
        self.seal_anew(&new, &mut crate::progress::NoProgress)?;
        self.cipher = new;
        self.rotation_cut_short = false;
        Ok(())
    }

    /// Commits a rotation whose header was written already.
    pub(crate) fn finish_late_rotation(&mut self) -> Result<(), VaultError> {
        self.store.commit_long()?;
        self.store.checkpoint()
    }

    fn make_room(&mut self) -> Result<(), VaultError> {
        let grown = self.store.grow_to(self.head.used.saturating_add(ROOM));
        if grown.is_err() {
            self.reload()?;
        }
        grown
    }

    /// Begins the transaction and seals all but the head, which the next write does. After an error
    /// the transaction is given up.
    fn seal_anew(
        &mut self,
        new: &CellCipher,
        progress: &mut dyn Progress,
    ) -> Result<(), VaultError> {
        let sealed = self.store.begin_long().and_then(|()| {
            let mut sealing = Sealing {
                store: &self.store,
                old: &self.cipher,
                new,
                progress,
                done: 0,
                total: u64::from(self.head.used) * CELL as u64,
            };
            sealing.half(&self.head, &self.edge)
        });
        match sealed {
            Ok((head, edge)) => {
                (self.head, self.edge) = (head, edge);
                self.full.clear();
                self.ahead = Ahead::default();
                Ok(())
            }
            Err(error) => {
                self.reload()?;
                Err(error)
            }
        }
    }
}

/// The work of sealing a half anew.
struct Sealing<'a> {
    store: &'a Store,
    old: &'a CellCipher,
    new: &'a CellCipher,
    progress: &'a mut dyn Progress,
    /// Bytes of cells.
    done: u64,
    total: u64,
}

impl Sealing<'_> {
    /// Everything but the head; gives head and right edge with the new checks.
    fn half(
        &mut self,
        head: &Head,
        edge: &[Arc<Node>; LEVELS],
    ) -> Result<(Head, [Arc<Node>; LEVELS]), VaultError> {
        let (mut head, mut edge) = (head.clone(), edge.clone());
        if let Some((place, _)) = &mut head.side
            && let Some(sealed) = self.object(ObjectName::Side, *place)?
        {
            *place = sealed;
        }
        for (level, open) in (0u8..).zip(&mut edge) {
            let number = node::open_number(level, head.entries);
            let renewed = self.below(level, number, open.as_ref().clone())?;
            let position = node::open_position(level);
            let check = if renewed.len() == 0 {
                self.overwrite(position)?;
                None
            } else {
                let name = ObjectName::Node { level, number };
                Some(self.put(name, position, &renewed.to_bytes())?.check)
            };
            if let Some(to) = head.edge.get_mut(usize::from(level)) {
                *to = check;
            }
            *open = Arc::new(renewed);
        }
        Ok((head, edge))
    }

    /// What a node points to, and the node with the new checks.
    fn below(&mut self, level: u8, number: u32, mut node: Node) -> Result<Node, VaultError> {
        match &mut node {
            Node::Entries(entries) => {
                for (entry, number) in entries.iter_mut().zip(number * 32..) {
                    if let Some(place) = &mut entry.place
                        && let Some(sealed) = self.object(ObjectName::Entry(number), *place)?
                    {
                        *place = sealed;
                    }
                }
            }
            Node::Nodes(nodes) => {
                for (said, number) in nodes.iter_mut().zip(number * 32..) {
                    said.check = self.full_node(level.saturating_sub(1), number, said)?;
                }
            }
        }
        Ok(node)
    }

    /// A full node and everything below it.
    fn full_node(
        &mut self,
        level: u8,
        number: u32,
        said: &NodePlace,
    ) -> Result<super::cell::Check, VaultError> {
        let name = ObjectName::Node { level, number };
        let place = Place {
            position: said.position,
            run: 1,
            check: said.check,
        };
        let node = self
            .store
            .read(place.position, place.run)?
            .and_then(|cells| self.old.open(name, place, &cells).ok())
            .and_then(|bytes| Node::parse(level, PLACES, &bytes))
            .filter(|node| node.incidents() == said.incidents && node.hash() == said.hash)
            .ok_or(VaultError::Damaged(Part::Node { level, number }))?;
        let node = self.below(level, number, node)?;
        Ok(self.put(name, place.position, &node.to_bytes())?.check)
    }

    /// An entry, or drafts. `None` if it does not open: it was damaged before and stays as it is.
    fn object(&mut self, name: ObjectName, place: Place) -> Result<Option<Place>, VaultError> {
        // What stays under the old key is lost with it.
        let cells = self.store.read_surely(place.position, place.run)?;
        cells
            .and_then(|cells| self.old.open(name, place, &cells).ok())
            .map(|object| self.put(name, place.position, &object))
            .transpose()
    }

    fn put(&mut self, name: ObjectName, position: u32, object: &[u8]) -> Result<Place, VaultError> {
        let sealed = self.new.seal(name, position, object)?;
        self.store.put(position, &sealed.cells)?;
        self.done = (self.done + sealed.cells.len() as u64).min(self.total);
        match self.progress.advance(self.done, self.total) {
            ControlFlow::Continue(()) => Ok(sealed.place),
            ControlFlow::Break(()) => Err(VaultError::Cancelled),
        }
    }

    /// An old copy that nothing points to must not stay under the old key either.
    fn overwrite(&mut self, position: u32) -> Result<(), VaultError> {
        let mut cell = vec![0; CELL];
        Filler::new()?.fill(&mut cell);
        self.store.put(position, &cell)
    }
}

#[cfg(test)]
impl Vault {
    /// Says of a cell whether the key that the vault has now opens it.
    pub(crate) fn cell_opener(&self) -> impl Fn(u32, &[u8]) -> bool + use<> {
        let cipher = cell_cipher(&self.keys.half, &self.header, self.head.half);
        move |position, cell| cipher.open_cell(position, cell, &mut Vec::new()).is_ok()
    }
}
