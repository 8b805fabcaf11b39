//! The head: the one cell that names everything else in a half (FORMAT.md 6).

use zeroize::Zeroizing;

use super::cell::{Check, Place};
use super::header::Half;
use super::node::{LEVELS, MAX_ENTRIES, open_position};
use super::store::MAX_CELLS;
use crate::bytes::{Fields, put};
use crate::log::Hash;

/// Bytes of a head, and of what its cell says is its total.
const HEAD: usize = 1_344;
/// First position that entries and full nodes may take.
pub(crate) const FIRST_FREE: u32 = 8;
/// Names that fit into the list of files to be removed.
pub(crate) const MAX_DOOMED: usize = 64;

const FORMAT: u16 = 1;

/// State of a half after its last commit.
#[derive(Clone)]
pub(crate) struct Head {
    pub(crate) half: Half,
    /// Commits so far.
    pub(crate) commits: u64,
    /// Next free position.
    pub(crate) used: u32,
    /// Entries in the log.
    pub(crate) entries: u32,
    /// Incidents among them.
    pub(crate) incidents: u32,
    /// RFC 6962 root over all entries.
    pub(crate) root: Hash,
    /// Ed25519 seed of the log's signing key.
    pub(crate) signing_seed: Zeroizing<[u8; 32]>,
    /// SHA-256 of the four own slots.
    pub(crate) slots: [u8; 32],
    /// SHA-256 of the four own slots that are being written, or zero.
    pub(crate) slots_pending: [u8; 32],
    /// Instance of the header under which was last written.
    pub(crate) instance: [u8; 16],
    /// Drafts, if there are any, with their length.
    pub(crate) side: Option<(Place, u32)>,
    /// Evidence files to be removed.
    pub(crate) doomed: Vec<[u8; 16]>,
    /// Check of the open node of each level, if it holds anything.
    pub(crate) edge: [Option<Check>; LEVELS],
}

impl Head {
    pub(crate) fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(vec![0; HEAD]);
        put(&mut bytes, 0, &FORMAT.to_be_bytes());
        put(&mut bytes, 2, &[self.half.byte()]);
        put(&mut bytes, 4, &self.commits.to_be_bytes());
        put(&mut bytes, 12, &self.used.to_be_bytes());
        put(&mut bytes, 16, &self.entries.to_be_bytes());
        put(&mut bytes, 20, &self.incidents.to_be_bytes());
        put(&mut bytes, 44, &self.root);
        put(&mut bytes, 76, self.signing_seed.as_ref());
        put(&mut bytes, 108, &self.slots);
        put(&mut bytes, 140, &self.slots_pending);
        put(&mut bytes, 172, &self.instance);
        if let Some((place, length)) = self.side {
            put(&mut bytes, 188, &place.position.to_be_bytes());
            put(&mut bytes, 192, &place.run.to_be_bytes());
            put(&mut bytes, 196, &length.to_be_bytes());
            put(&mut bytes, 200, &place.check);
        }
        let count = u16::try_from(self.doomed.len()).unwrap_or(u16::MAX);
        put(&mut bytes, 216, &count.to_be_bytes());
        for (at, name) in self.doomed.iter().enumerate() {
            put(&mut bytes, 220 + 16 * at, name);
        }
        for (level, check) in (0u8..).zip(&self.edge) {
            if let Some(check) = check {
                let at = 1_244 + 20 * usize::from(level);
                put(&mut bytes, at, check);
                put(&mut bytes, at + 16, &open_position(level).to_be_bytes());
            }
        }
        bytes
    }

    /// `None` for anything a writer of this format would not write.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        if bytes.len() != HEAD {
            return None;
        }
        let mut fields = Fields::new(bytes);
        if fields.u16()? != FORMAT {
            return None;
        }
        let half = match fields.u8()? {
            0 => Half::Zero,
            1 => Half::One,
            _ => return None,
        };
        fields.zeros(1)?;
        let commits = fields.u64()?;
        let used = fields.u32()?;
        let entries = fields.u32()?;
        let incidents = fields.u32()?;
        fields.zeros(20)?;
        let root = fields.array()?;
        let signing_seed = Zeroizing::new(fields.array()?);
        let slots = fields.array()?;
        let slots_pending = fields.array()?;
        let instance = fields.array()?;
        let side = parse_side(fields.take(28)?)?;
        let doomed = parse_doomed(fields.take(4 + 16 * MAX_DOOMED)?)?;
        let mut edge = [None; LEVELS];
        for (level, place) in (0u8..).zip(&mut edge) {
            let check: Check = fields.array()?;
            let position = fields.u32()?;
            *place = match position {
                0 if check == Check::default() => None,
                position if position == open_position(level) => Some(check),
                _ => return None,
            };
        }
        // With these, no sum of positions or numbers can overflow.
        if !(FIRST_FREE..=MAX_CELLS).contains(&used) || entries > MAX_ENTRIES || incidents > entries
        {
            return None;
        }
        Some(Self {
            half,
            commits,
            used,
            entries,
            incidents,
            root,
            signing_seed,
            slots,
            slots_pending,
            instance,
            side,
            doomed,
            edge,
        })
    }
}

fn parse_side(bytes: &[u8]) -> Option<Option<(Place, u32)>> {
    if bytes.iter().all(|byte| *byte == 0) {
        return Some(None);
    }
    let mut fields = Fields::new(bytes);
    let position = fields.u32()?;
    let run = fields.u16()?;
    fields.zeros(2)?;
    let length = fields.u32()?;
    let check = fields.array()?;
    (position >= FIRST_FREE && run > 0).then_some(Some((
        Place {
            position,
            run,
            check,
        },
        length,
    )))
}

fn parse_doomed(bytes: &[u8]) -> Option<Vec<[u8; 16]>> {
    let mut fields = Fields::new(bytes);
    let count = usize::from(fields.u16()?);
    fields.zeros(2)?;
    if count > MAX_DOOMED {
        return None;
    }
    let names = (0..count).map(|_| fields.array()).collect();
    fields.zeros(16 * (MAX_DOOMED - count))?;
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example() -> Head {
        Head {
            half: Half::One,
            commits: 7,
            used: 40,
            entries: 33,
            incidents: 20,
            root: [1; 32],
            signing_seed: Zeroizing::new([2; 32]),
            slots: [3; 32],
            slots_pending: [4; 32],
            instance: [5; 16],
            side: Some((
                Place {
                    position: 30,
                    run: 2,
                    check: [6; 16],
                },
                3_000,
            )),
            doomed: vec![[7; 16]; MAX_DOOMED],
            edge: [Some([8; 16]), Some([9; 16]), None, None, None],
        }
    }

    #[test]
    fn section_6_reads_what_it_wrote() {
        let bytes = example().to_bytes();
        assert_eq!(bytes.len(), HEAD);
        assert_eq!(Head::parse(&bytes).unwrap().to_bytes(), bytes);
        let empty = Head {
            side: None,
            doomed: vec![],
            edge: [None; LEVELS],
            ..example()
        };
        assert_eq!(
            Head::parse(&empty.to_bytes()).unwrap().to_bytes(),
            empty.to_bytes()
        );
    }

    #[test]
    fn section_6_what_no_writer_writes_is_refused() {
        for (at, byte) in [
            (1, 2),     // format
            (2, 2),     // half
            (3, 1),     // reserved
            (15, 7),    // used below the first free position
            (23, 34),   // more incidents than entries
            (24, 1),    // reserved
            (194, 1),   // reserved in the side place
            (217, 65),  // too many doomed files
            (218, 1),   // reserved
            (1_263, 2), // an open node of level 0 anywhere but at position 1
        ] {
            let mut bytes = example().to_bytes();
            bytes[at] = byte;
            assert!(Head::parse(&bytes).is_none(), "{at}");
        }
        assert!(Head::parse(&example().to_bytes()[1..]).is_none());
    }
}
