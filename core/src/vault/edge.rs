//! The right edge of the tree: the head and the open nodes, checked against each other and against the root, and
//! the subtrees that the log's proofs are made from.

use std::sync::Arc;

use super::cell::{CellCipher, ObjectName, Place};
use super::error::{Part, VaultError};
use super::head::Head;
use super::header::Half;
use super::node::{self, LEVELS, Node};
use super::session::Vault;
use super::store::Store;
use crate::log::Hash;
use crate::log::tree::{self, Subtrees};

/// The right edge of the tree: enough for its root.
pub(super) struct Edge<'a>(pub(super) &'a [Arc<Node>; LEVELS]);

impl Subtrees for Edge<'_> {
    type Error = std::convert::Infallible;

    fn subtree(&mut self, height: u32, index: u32) -> Result<Hash, Self::Error> {
        let node = self.0.get(height as usize / 5);
        Ok(node.map_or([0; 32], |node| subtree_of(node, height, index)))
    }
}

impl Subtrees for Vault {
    type Error = VaultError;

    fn subtree(&mut self, height: u32, index: u32) -> Result<Hash, VaultError> {
        let level = u8::try_from(height / 5).unwrap_or(u8::MAX);
        let node = self.node(level, index >> (5 - height % 5))?;
        Ok(subtree_of(&node, height, index))
    }
}

/// Head and right edge, checked against each other and against the root.
pub(super) fn read_state(
    store: &Store,
    cipher: &CellCipher,
    half: Half,
) -> Result<(Head, [Arc<Node>; LEVELS]), VaultError> {
    let head_damaged = || VaultError::Damaged(Part::Head);
    let cells = store.read(0, 1)?.ok_or_else(head_damaged)?;
    let head = cipher
        .open_unchecked(ObjectName::Head, 0, &cells)
        .ok()
        .and_then(|bytes| Head::parse(&bytes))
        .filter(|head| head.half == half)
        .ok_or_else(head_damaged)?;
    if head.used > store.cells() {
        return Err(VaultError::CellsMissing);
    }
    let mut edge: [Arc<Node>; LEVELS] = Default::default();
    for ((level, to), check) in (0u8..).zip(&mut edge).zip(head.edge) {
        let number = node::open_number(level, head.entries);
        let places = node::open_places(level, head.entries);
        let part = Part::Node { level, number };
        *to = Arc::new(match check {
            None if places == 0 => Node::empty(level),
            Some(check) if places > 0 => {
                let place = Place {
                    position: node::open_position(level),
                    run: 1,
                    check,
                };
                store
                    .read(place.position, place.run)?
                    .and_then(|cells| {
                        cipher
                            .open(ObjectName::Node { level, number }, place, &cells)
                            .ok()
                    })
                    .and_then(|bytes| Node::parse(level, places, &bytes))
                    .ok_or(VaultError::Damaged(part))?
            }
            _ => return Err(head_damaged()),
        });
    }
    if head.entries > 0 {
        let Ok(root) = tree::root_at(&mut Edge(&edge), head.entries);
        let incidents = edge
            .iter()
            .fold(0u32, |sum, node| sum.saturating_add(node.incidents()));
        if root != head.root || incidents != head.incidents {
            return Err(VaultError::Damaged(Part::Root));
        }
    }
    Ok((head, edge))
}

/// A node of level l holds subtrees of 2^(5l) to 2^(5l+4) leaves.
fn subtree_of(node: &Node, height: u32, index: u32) -> Hash {
    let width = 1usize << (height % 5);
    let first = node::slot(index << (height % 5));
    tree::root(node.hashes().get(first..first + width).unwrap_or_default())
}
