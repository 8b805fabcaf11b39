//! Sealing what a write changed, from the bottom of the tree up.

use super::{FullNode, Write};
use crate::random::Filler;
use crate::vault::cell::{CELL, ObjectName, Place, SealedObject};
use crate::vault::error::{Limit, VaultError};
use crate::vault::node::{self, LEVELS, Node, NodePlace};
use crate::vault::store::MAX_CELLS;

impl Write<'_> {
    /// After entry `number`: an open node with 32 places becomes a full one, level by level. Its
    /// place in the level above follows when it is sealed.
    pub(super) fn move_full_nodes(&mut self, number: u32) {
        let mut number = number;
        for level in 0u8.. {
            number = node::parent(number);
            let next = level + 1;
            if usize::from(next) >= LEVELS || !self.open_node(level).is_full() {
                return;
            }
            let node = std::mem::replace(self.open_node(level), Node::empty(level));
            let place = NodePlace {
                position: 0,
                incidents: node.incidents(),
                check: [0; 16],
                hash: node.hash(),
            };
            self.full.insert(
                (level, number),
                FullNode {
                    node,
                    position: None,
                },
            );
            if let Node::Nodes(places) = self.open_node(next) {
                places.push(place);
            }
        }
    }

    pub(super) fn seal_nodes(&mut self) -> Result<(), VaultError> {
        for level in 0..LEVELS {
            let level = u8::try_from(level).unwrap_or(u8::MAX);
            let numbers: Vec<u32> = self
                .full
                .range((level, 0)..=(level, u32::MAX))
                .map(|((_, n), _)| *n)
                .collect();
            for number in numbers {
                self.seal_full_node(level, number)?;
            }
            self.seal_open_node(level)?;
        }
        Ok(())
    }

    /// Seals a full node and tells the level above.
    pub(super) fn seal_full_node(&mut self, level: u8, number: u32) -> Result<(), VaultError> {
        let Some(full) = self.full.get(&(level, number)) else {
            return Ok(());
        };
        let (bytes, incidents, hash) = (
            full.node.to_bytes(),
            full.node.incidents(),
            full.node.hash(),
        );
        let name = ObjectName::Node { level, number };
        let place = match full.position {
            Some(position) => {
                let sealed = self.vault.cipher.seal(name, position, &bytes)?;
                self.put(sealed)
            }
            None => self.seal_at_end(name, &bytes)?,
        };
        let above = node::parent(number);
        let open = above >= node::open_number(level + 1, self.head.entries);
        let above = if open {
            self.open_node(level + 1)
        } else {
            self.full_node(level + 1, above)?
        };
        if let Node::Nodes(places) = above
            && let Some(to) = places.get_mut(node::slot(number))
        {
            *to = NodePlace {
                position: place.position,
                incidents,
                check: place.check,
                hash,
            };
        }
        Ok(())
    }

    pub(super) fn seal_open_node(&mut self, level: u8) -> Result<(), VaultError> {
        let at = usize::from(level);
        if !self.touched.get(at).is_some_and(|touched| *touched) {
            return Ok(());
        }
        let Some(node) = self.edge.get(at) else {
            return Ok(());
        };
        let check = if node.len() == 0 {
            None
        } else {
            let number = node::open_number(level, self.head.entries);
            let name = ObjectName::Node { level, number };
            let position = node::open_position(level);
            let sealed = self.vault.cipher.seal(name, position, &node.to_bytes())?;
            Some(self.put(sealed).check)
        };
        if let Some(to) = self.head.edge.get_mut(at) {
            *to = check;
        }
        Ok(())
    }

    /// Seals an object at the end of what is used.
    pub(super) fn seal_at_end(
        &mut self,
        name: ObjectName,
        object: &[u8],
    ) -> Result<Place, VaultError> {
        let position = self.head.used;
        let sealed = self.vault.cipher.seal(name, position, object)?;
        let used = position + u32::from(sealed.place.run);
        if used > MAX_CELLS {
            return Err(VaultError::Full(Limit::Cells));
        }
        self.head.used = used;
        Ok(self.put(sealed))
    }

    pub(super) fn put(&mut self, sealed: SealedObject) -> Place {
        self.cells.push((sealed.place.position, sealed.cells));
        sealed.place
    }

    /// Random bytes over the cells of an object that nothing points to any more.
    pub(super) fn overwrite(&mut self, place: Place) -> Result<(), VaultError> {
        let mut cells = vec![0; usize::from(place.run) * CELL];
        Filler::new()?.fill(&mut cells);
        self.cells.push((place.position, cells));
        Ok(())
    }
}
