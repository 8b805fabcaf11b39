//! Whether the objects of a vault lie apart from each other, as `check` proves.

use super::error::VaultError;
use super::head::FIRST_FREE;
use super::node::{self, LEVELS};
use super::session::Vault;

/// Reads every node, and says whether the runs of all objects are disjoint, start at the first
/// position that is free for them and end below `used`.
pub(crate) fn used_positions(vault: &mut Vault) -> Result<bool, VaultError> {
    let entries = vault.head().entries;
    let mut runs: Vec<(u32, u32)> = Vec::new();
    if let Some((place, _)) = vault.head().side {
        runs.push((place.position, place.run.into()));
    }
    for level in 0..LEVELS {
        let level = u8::try_from(level).unwrap_or(u8::MAX);
        for number in 0..=node::open_number(level, entries) {
            let node = vault.node(level, number)?;
            let places = node.entries().iter().filter_map(|entry| entry.place);
            runs.extend(places.map(|place| (place.position, place.run.into())));
            runs.extend(node.nodes().iter().map(|place| (place.position, 1)));
        }
    }
    runs.sort_unstable();
    let mut free = FIRST_FREE;
    for (position, run) in runs {
        if position < free {
            return Ok(false);
        }
        free = position.saturating_add(run);
    }
    Ok(free <= vault.head().used)
}
