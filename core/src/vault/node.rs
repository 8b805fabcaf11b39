//! Index nodes: the RFC 6962 tree, 32 places at a time (FORMAT.md 7).

use super::cell::{Check, Place};
use crate::bytes::{Fields, put};
use crate::log::{EntryKind, Hash, tree};

/// Levels of the index. Level 4 alone names 2^25 entries, more than the format allows.
pub(crate) const LEVELS: usize = 5;
/// Places of a node.
pub(crate) const PLACES: usize = 32;
/// Entries in a half, at most: 2^24.
pub(crate) const MAX_ENTRIES: u32 = 1 << 24;

const NODE: usize = PLACES * 60;

/// Position of the open node of a level.
pub(crate) fn open_position(level: u8) -> u32 {
    1 + u32::from(level)
}

/// Number of the node of level 0 that holds an entry, or of level l+1 that holds a node.
pub(crate) fn parent(number: u32) -> u32 {
    number >> 5
}

/// Slot of an entry or node in its parent.
pub(crate) fn slot(number: u32) -> usize {
    (number & 31) as usize
}

/// Number of the open node of a level when the log has so many entries.
pub(crate) fn open_number(level: u8, entries: u32) -> u32 {
    entries >> (5 * (u32::from(level) + 1))
}

/// Places of the open node of a level when the log has so many entries.
pub(crate) fn open_places(level: u8, entries: u32) -> usize {
    slot(entries >> (5 * u32::from(level)))
}

/// How many of the entries are incidents.
pub(crate) fn incidents_in<'a>(places: impl Iterator<Item = &'a EntryPlace>) -> u32 {
    places
        .map(|place| u32::from(place.kind == EntryKind::Incident))
        .sum()
}

/// What the index knows of one entry.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct EntryPlace {
    /// Where its cells lie; `None` when it was erased or lost.
    pub(crate) place: Option<Place>,
    pub(crate) kind: EntryKind,
    /// The incident it is about was withdrawn (on the incident's place).
    pub(crate) withdrawn: bool,
    /// A code was given out when the log ended with this entry.
    pub(crate) code_given: bool,
    /// Its words were lost before the diary was salvaged; nobody erased them.
    pub(crate) lost: bool,
    /// Of an incident: the newest entry about it, or 0. Of an entry about one: the entry before
    /// it about the same incident.
    pub(crate) link: u32,
    pub(crate) leaf: Hash,
}

/// What the index knows of one full node.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct NodePlace {
    pub(crate) position: u32,
    /// Incidents in its subtree.
    pub(crate) incidents: u32,
    pub(crate) check: Check,
    /// RFC 6962 hash of its subtree.
    pub(crate) hash: Hash,
}

/// A node of the index; full with 32 places.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Node {
    /// Level 0.
    Entries(Vec<EntryPlace>),
    /// Levels 1 to 4.
    Nodes(Vec<NodePlace>),
}

impl Default for Node {
    fn default() -> Self {
        Self::empty(0)
    }
}

impl Node {
    /// A node without places.
    pub(crate) fn empty(level: u8) -> Self {
        if level == 0 {
            Self::Entries(Vec::new())
        } else {
            Self::Nodes(Vec::new())
        }
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Entries(places) => places.len(),
            Self::Nodes(places) => places.len(),
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.len() == PLACES
    }

    pub(crate) fn entries(&self) -> &[EntryPlace] {
        match self {
            Self::Entries(places) => places,
            Self::Nodes(_) => &[],
        }
    }

    pub(crate) fn nodes(&self) -> &[NodePlace] {
        match self {
            Self::Entries(_) => &[],
            Self::Nodes(places) => places,
        }
    }

    /// Incidents among the entries below.
    pub(crate) fn incidents(&self) -> u32 {
        match self {
            Self::Entries(places) => incidents_in(places.iter()),
            Self::Nodes(places) => places
                .iter()
                .fold(0, |sum, place| sum.saturating_add(place.incidents)),
        }
    }

    /// RFC 6962 hashes of the subtrees below, one a place.
    pub(crate) fn hashes(&self) -> Vec<Hash> {
        match self {
            Self::Entries(places) => places.iter().map(|place| place.leaf).collect(),
            Self::Nodes(places) => places.iter().map(|place| place.hash).collect(),
        }
    }

    /// RFC 6962 hash of the whole subtree; only a full node has one of its own.
    pub(crate) fn hash(&self) -> Hash {
        tree::root(&self.hashes())
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0; NODE];
        let places = bytes.chunks_exact_mut(60);
        match self {
            Self::Entries(entries) => {
                entries
                    .iter()
                    .zip(places)
                    .for_each(|(entry, to)| write_entry(entry, to));
            }
            Self::Nodes(nodes) => {
                nodes
                    .iter()
                    .zip(places)
                    .for_each(|(node, to)| write_node(node, to));
            }
        }
        bytes
    }

    /// Reads a node with exactly `places` places; `None` for anything else.
    pub(crate) fn parse(level: u8, places: usize, bytes: &[u8]) -> Option<Self> {
        if bytes.len() != NODE || places > PLACES {
            return None;
        }
        let (held, empty) = bytes.split_at_checked(60 * places)?;
        if empty.iter().any(|byte| *byte != 0) {
            return None;
        }
        let pieces = held.chunks_exact(60);
        if level == 0 {
            pieces
                .map(parse_entry)
                .collect::<Option<_>>()
                .map(Self::Entries)
        } else {
            pieces
                .map(parse_node)
                .collect::<Option<_>>()
                .map(Self::Nodes)
        }
    }
}

const ERASED: u8 = 1;
const WITHDRAWN: u8 = 2;
const CODE_GIVEN: u8 = 4;
const LOST: u8 = 8;

fn write_entry(entry: &EntryPlace, to: &mut [u8]) {
    let flag = |set: bool, flag: u8| if set { flag } else { 0 };
    let flags = flag(entry.place.is_none(), ERASED)
        | flag(entry.withdrawn, WITHDRAWN)
        | flag(entry.code_given, CODE_GIVEN)
        | flag(entry.lost, LOST);
    let place = entry.place.unwrap_or_default();
    put(to, 0, &place.position.to_be_bytes());
    put(to, 4, &place.run.to_be_bytes());
    put(to, 6, &[entry.kind.byte(), flags]);
    put(to, 8, &entry.link.to_be_bytes());
    put(to, 12, &place.check);
    put(to, 28, &entry.leaf);
}

fn parse_entry(bytes: &[u8]) -> Option<EntryPlace> {
    let mut fields = Fields::new(bytes);
    let position = fields.u32()?;
    let run = fields.u16()?;
    let kind = EntryKind::from_byte(fields.u8()?)?;
    let flags = fields.u8()?;
    let link = fields.u32()?;
    let check = fields.array()?;
    let leaf = fields.array()?;
    let (erased, lost) = (flags & ERASED != 0, flags & LOST != 0);
    if flags & !(ERASED | WITHDRAWN | CODE_GIVEN | LOST) != 0 || lost && !erased {
        return None;
    }
    let place = Place {
        position,
        run,
        check,
    };
    let place = if erased {
        (place == Place::default()).then_some(None)?
    } else {
        (run > 0).then_some(Some(place))?
    };
    Some(EntryPlace {
        place,
        kind,
        withdrawn: flags & WITHDRAWN != 0,
        code_given: flags & CODE_GIVEN != 0,
        lost,
        link,
        leaf,
    })
}

fn write_node(node: &NodePlace, to: &mut [u8]) {
    put(to, 0, &node.position.to_be_bytes());
    put(to, 4, &node.incidents.to_be_bytes());
    put(to, 12, &node.check);
    put(to, 28, &node.hash);
}

fn parse_node(bytes: &[u8]) -> Option<NodePlace> {
    let mut fields = Fields::new(bytes);
    let position = fields.u32()?;
    let incidents = fields.u32()?;
    fields.zeros(4)?;
    Some(NodePlace {
        position,
        incidents,
        check: fields.array()?,
        hash: fields.array()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(count: u8) -> Node {
        Node::Entries(
            (0..count)
                .map(|i| EntryPlace {
                    place: (i != 3).then_some(Place {
                        position: u32::from(i) + 8,
                        run: 1,
                        check: [i; 16],
                    }),
                    kind: EntryKind::Incident,
                    withdrawn: i == 4,
                    code_given: i == 5,
                    lost: false,
                    link: 9,
                    leaf: [i; 32],
                })
                .collect(),
        )
    }

    #[test]
    fn section_7_reads_what_it_wrote() {
        for count in [0, 1, 31, 32] {
            let node = entries(count);
            let parsed = Node::parse(0, usize::from(count), &node.to_bytes());
            assert_eq!(parsed, Some(node));
        }
        let nodes = Node::Nodes(vec![NodePlace {
            position: 9,
            incidents: 7,
            check: [1; 16],
            hash: [2; 32],
        }]);
        assert_eq!(Node::parse(3, 1, &nodes.to_bytes()), Some(nodes));
    }

    #[test]
    fn section_7_places_that_should_not_be_there_are_refused() {
        let bytes = entries(7).to_bytes();
        assert!(Node::parse(0, 6, &bytes).is_none());
        assert!(Node::parse(0, 8, &bytes).is_none());
        let mut unknown_flag = bytes.clone();
        unknown_flag[7] |= 16;
        assert!(Node::parse(0, 7, &unknown_flag).is_none());
        let mut lost_but_placed = bytes.clone();
        lost_but_placed[7] |= LOST;
        assert!(Node::parse(0, 7, &lost_but_placed).is_none());
        let mut erased_but_placed = bytes;
        erased_but_placed[7] |= ERASED;
        assert!(Node::parse(0, 7, &erased_but_placed).is_none());
    }

    #[test]
    fn section_7_open_nodes_follow_from_the_number_of_entries() {
        assert_eq!((open_number(0, 31), open_places(0, 31)), (0, 31));
        assert_eq!((open_number(0, 32), open_places(0, 32)), (1, 0));
        assert_eq!((open_number(1, 1_000), open_places(1, 1_000)), (0, 31));
        assert_eq!((open_number(1, 1_024), open_places(2, 1_024)), (1, 1));
        assert_eq!(open_places(4, MAX_ENTRIES), 16);
    }
}
