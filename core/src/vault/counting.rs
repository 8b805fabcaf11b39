//! Which number an incident has, and which incident has a number: one path of the index, whatever its size.

use super::error::VaultError;
use super::node::{self, LEVELS, Node};
use super::session::Vault;

impl Vault {
    /// Number of the incident that an entry records, counted from 1 in order of recording.
    pub(crate) fn incident_number(&mut self, entry: u32) -> Result<u32, VaultError> {
        let mut before = 0;
        for level in (0..LEVELS).rev() {
            let level = u8::try_from(level).unwrap_or(u8::MAX);
            let below = entry >> (5 * u32::from(level));
            let node = self.node(level, node::parent(below))?;
            before += match node.as_ref() {
                Node::Entries(places) => node::incidents_in(places.iter().take(node::slot(below))),
                Node::Nodes(places) => places
                    .iter()
                    .take(node::slot(below))
                    .map(|place| place.incidents)
                    .sum(),
            };
        }
        Ok(before + 1)
    }

    /// The entry that records an incident, by the number counted from 1.
    pub(crate) fn incident_entry(&mut self, number: u32) -> Result<Option<u32>, VaultError> {
        if number == 0 || number > self.head.incidents {
            return Ok(None);
        }
        let mut left = number;
        // Down from the highest level; where the full nodes of a level do not reach, the open node
        // of the level below goes on.
        for level in (1..LEVELS).rev() {
            let level = u8::try_from(level).unwrap_or(u8::MAX);
            let mut at = self.node(level, node::open_number(level, self.head.entries))?;
            let mut first = node::open_number(level, self.head.entries) * 32;
            let mut depth = level;
            if at.incidents() < left {
                left -= at.incidents();
                continue;
            }
            loop {
                let mut found = first;
                for place in at.nodes() {
                    if left <= place.incidents {
                        break;
                    }
                    left -= place.incidents;
                    found += 1;
                }
                depth -= 1;
                at = self.node(depth, found)?;
                first = found * 32;
                if depth == 0 {
                    return Ok(nth_incident(first, &at, left));
                }
            }
        }
        let open = node::open_number(0, self.head.entries);
        let node = self.node(0, open)?;
        Ok(nth_incident(open * 32, &node, left))
    }
}

fn nth_incident(first: u32, node: &Node, nth: u32) -> Option<u32> {
    use crate::log::EntryKind;
    (first..)
        .zip(node.entries())
        .filter(|(_, place)| place.kind == EntryKind::Incident)
        .nth(nth.checked_sub(1)? as usize)
        .map(|(number, _)| number)
}
