//! Cells: everything in `log.db` is sealed in pieces of one size (FORMAT.md 5).

use diary_aead::Aead;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::header::Half;
use super::keys::{Cell, Key};
use crate::bytes::{Fields, put};
use crate::random::{self, NoRandomness};

/// A sealed cell in bytes: two of them fill a page of SQLite.
pub(crate) const CELL: usize = 2016;
/// Data bytes in a cell.
pub(crate) const DATA: usize = PLAINTEXT - 16;

/// Bytes that a cell holds.
pub(super) const PLAINTEXT: usize = CELL - 24 - 16;

/// What an object is. A reader compares it before it uses a byte.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ObjectName {
    Head,
    Side,
    Node { level: u8, number: u32 },
    Entry(u32),
}

/// Where an object lies, and the check over its cells.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Place {
    pub(crate) position: u32,
    pub(crate) run: u16,
    pub(crate) check: Check,
}

/// SHA-256 over nonces and tags, cut to 16 bytes. Whoever points to an object stores it, so an
/// older, foreign, swapped or dropped cell is an error.
pub(crate) type Check = [u8; 16];

/// The sealed cells of one object, one after the other.
pub(crate) struct SealedObject {
    pub(crate) place: Place,
    pub(crate) cells: Vec<u8>,
}

/// Seals and opens the cells of one half.
pub(crate) struct CellCipher {
    aead: Aead,
    container_id: [u8; 16],
    half: Half,
}

/// A cell or a whole object does not open, or is not what its place says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct NotThisObject;

impl CellCipher {
    pub(crate) fn new(key: &Key<Cell>, container_id: [u8; 16], half: Half) -> Self {
        // EXPOSE: the AEAD crate takes plain bytes; its own copy is wiped on drop.
        Self {
            aead: Aead::new(key.expose()),
            container_id,
            half,
        }
    }

    /// Seals an object for its position, over as many cells as it needs.
    pub(crate) fn seal(
        &self,
        name: ObjectName,
        position: u32,
        object: &[u8],
    ) -> Result<SealedObject, NoRandomness> {
        let run = run_of(object.len());
        let mut cells = Vec::with_capacity(usize::from(run) * CELL);
        let mut plaintext = Zeroizing::new([0; PLAINTEXT]);
        let mut pieces = object.chunks(DATA);
        for part in 0..run {
            plaintext.fill(0);
            write_cell_head(plaintext.as_mut(), name, part, object.len());
            put(plaintext.as_mut(), 16, pieces.next().unwrap_or_default());
            let position = position.wrapping_add(part.into());
            let cell = self.seal_cell(position, random::bytes()?, &mut plaintext)?;
            cells.extend_from_slice(&cell);
        }
        let check = check_of(&cells);
        Ok(SealedObject {
            place: Place {
                position,
                run,
                check,
            },
            cells,
        })
    }

    /// Seals one cell under a nonce, which MUST be fresh outside tests; `plaintext` is spent.
    pub(super) fn seal_cell(
        &self,
        position: u32,
        nonce: [u8; 24],
        plaintext: &mut [u8; PLAINTEXT],
    ) -> Result<[u8; CELL], NoRandomness> {
        let tag = self.aead.seal(&nonce, &self.aad(position), plaintext);
        let tag = tag.ok_or(NoRandomness)?;
        let mut cell = [0; CELL];
        put(&mut cell, 0, &nonce);
        put(&mut cell, 24, plaintext);
        put(&mut cell, 24 + PLAINTEXT, &tag);
        Ok(cell)
    }

    /// Opens an object from all its cells, in order.
    pub(crate) fn open(
        &self,
        name: ObjectName,
        place: Place,
        cells: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, NotThisObject> {
        if cells.len() != usize::from(place.run) * CELL || check_of(cells) != place.check {
            return Err(NotThisObject);
        }
        self.open_unchecked(name, place.position, cells)
    }

    /// Opens an object that nothing points to: the head. Its age is not known.
    pub(crate) fn open_unchecked(
        &self,
        name: ObjectName,
        position: u32,
        cells: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, NotThisObject> {
        let mut object = Zeroizing::new(Vec::with_capacity(cells.len()));
        let mut total = None;
        for (part, cell) in (0..u16::MAX).zip(cells.chunks(CELL)) {
            let start = object.len();
            let position = position.wrapping_add(part.into());
            let plaintext = self.open_cell(position, cell, &mut object)?;
            let said = check_cell_head(plaintext, name, part).ok_or(NotThisObject)?;
            if *total.get_or_insert(said) != said {
                return Err(NotThisObject);
            }
            // Data follows on data.
            object.copy_within(start + 16.., start);
            object.truncate(start + DATA);
        }
        let total = total.ok_or(NotThisObject)?;
        let whole = usize::from(run_of(total)) * CELL == cells.len();
        let padded = object
            .get(total..)
            .is_some_and(|rest| rest.iter().all(|byte| *byte == 0));
        if !whole || !padded {
            return Err(NotThisObject);
        }
        object.truncate(total);
        Ok(object)
    }

    /// Opens a cell at the end of `to`, so that there is one copy of its plain text.
    pub(super) fn open_cell<'a>(
        &self,
        position: u32,
        cell: &[u8],
        to: &'a mut Vec<u8>,
    ) -> Result<&'a [u8], NotThisObject> {
        let mut fields = Fields::new(cell);
        let nonce: [u8; 24] = fields.array().ok_or(NotThisObject)?;
        let sealed = fields.take(PLAINTEXT).ok_or(NotThisObject)?;
        let tag: [u8; 16] = fields.rest().try_into().map_err(|_| NotThisObject)?;
        let start = to.len();
        to.extend_from_slice(sealed);
        let plaintext = to.get_mut(start..).unwrap_or_default();
        self.aead
            .open(&nonce, &self.aad(position), plaintext, &tag)
            .map_err(|_| NotThisObject)?;
        Ok(plaintext)
    }

    pub(super) fn aad(&self, position: u32) -> [u8; 30] {
        let mut aad = [0; 30];
        put(&mut aad, 0, b"idv1/cell");
        put(&mut aad, 9, &self.container_id);
        put(&mut aad, 25, &[self.half.byte()]);
        put(&mut aad, 26, &position.to_be_bytes());
        aad
    }
}

impl ObjectName {
    fn kind(self) -> u8 {
        match self {
            Self::Head => 1,
            Self::Side => 2,
            Self::Node { .. } => 3,
            Self::Entry(_) => 4,
        }
    }

    fn level_and_id(self) -> (u8, u32) {
        match self {
            Self::Head | Self::Side => (0, 0),
            Self::Node { level, number } => (level, number),
            Self::Entry(number) => (0, number),
        }
    }
}

/// Cells that an object of so many bytes takes. No object is near the limit of u16: the largest
/// is an entry of 4 MiB, 2,140 cells.
pub(crate) fn run_of(bytes: usize) -> u16 {
    u16::try_from(bytes.div_ceil(DATA).max(1)).unwrap_or(u16::MAX)
}

pub(super) fn check_of(cells: &[u8]) -> Check {
    let mut hash = Sha256::new_with_prefix(b"idv1/check");
    for cell in cells.chunks(CELL) {
        let (nonce, rest) = cell.split_at_checked(24).unwrap_or_default();
        hash.update(nonce);
        hash.update(rest.last_chunk::<16>().unwrap_or(&[0; 16]));
    }
    let hash: [u8; 32] = hash.finalize().into();
    let mut check = Check::default();
    check.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    check
}

pub(super) fn write_cell_head(plaintext: &mut [u8], name: ObjectName, part: u16, total: usize) {
    let (level, id) = name.level_and_id();
    put(plaintext, 0, &[name.kind(), level]);
    put(plaintext, 2, &part.to_be_bytes());
    put(plaintext, 4, &id.to_be_bytes());
    put(
        plaintext,
        8,
        &u32::try_from(total).unwrap_or(u32::MAX).to_be_bytes(),
    );
}

/// What the first cell of an object says it is, and how many cells the object takes; `None` for any
/// other cell.
pub(super) fn first_of_object(plaintext: &[u8]) -> Option<(ObjectName, u16)> {
    let mut fields = Fields::new(plaintext);
    let (kind, level) = (fields.u8()?, fields.u8()?);
    let (part, id) = (fields.u16()?, fields.u32()?);
    let total = usize::try_from(fields.u32()?).ok()?;
    let name = match (kind, level) {
        (1, 0) => ObjectName::Head,
        (2, 0) => ObjectName::Side,
        (3, level) => ObjectName::Node { level, number: id },
        (4, 0) => ObjectName::Entry(id),
        _ => return None,
    };
    (part == 0).then(|| (name, run_of(total)))
}

/// The total that the cell says, if it is the named part of the named object.
fn check_cell_head(plaintext: &[u8], name: ObjectName, part: u16) -> Option<usize> {
    let mut fields = Fields::new(plaintext);
    let kind = fields.u8()?;
    let level = fields.u8()?;
    let said_part = fields.u16()?;
    let id = fields.u32()?;
    let total = fields.u32()?;
    fields.zeros(4)?;
    let fits = kind == name.kind() && (level, id) == name.level_and_id() && said_part == part;
    fits.then(|| usize::try_from(total).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cipher(half: Half) -> CellCipher {
        let key = Key::from_bytes(Zeroizing::new([7; 32]));
        CellCipher::new(&key, [1; 16], half)
    }

    #[test]
    fn section_5_objects_of_every_length_come_back() {
        let cipher = cipher(Half::Zero);
        for length in [0, 1, DATA - 1, DATA, DATA + 1, 3 * DATA, 10_000] {
            let object: Vec<u8> = (0..length).map(|i| i as u8).collect();
            let name = ObjectName::Entry(9);
            let sealed = cipher.seal(name, 40, &object).unwrap();
            assert_eq!(usize::from(sealed.place.run), length.div_ceil(DATA).max(1));
            let opened = cipher.open(name, sealed.place, &sealed.cells).unwrap();
            assert_eq!(*opened, object);
        }
    }

    #[test]
    fn section_5_position_half_name_and_age_are_bound() {
        let cipher0 = cipher(Half::Zero);
        let name = ObjectName::Node {
            level: 1,
            number: 5,
        };
        let sealed = cipher0.seal(name, 8, b"places").unwrap();
        let place = sealed.place;
        assert!(cipher0.open(name, place, &sealed.cells).is_ok());

        let moved = Place {
            position: 9,
            ..place
        };
        assert_eq!(cipher0.open(name, moved, &sealed.cells), Err(NotThisObject));
        assert_eq!(
            cipher(Half::One).open(name, place, &sealed.cells),
            Err(NotThisObject)
        );
        for other in [
            ObjectName::Node {
                level: 0,
                number: 5,
            },
            ObjectName::Node {
                level: 1,
                number: 4,
            },
            ObjectName::Entry(5),
            ObjectName::Side,
            ObjectName::Head,
        ] {
            assert_eq!(
                cipher0.open(other, place, &sealed.cells),
                Err(NotThisObject)
            );
        }
        let older = cipher0.seal(name, 8, b"older").unwrap();
        assert_eq!(cipher0.open(name, place, &older.cells), Err(NotThisObject));
    }

    #[test]
    fn section_5_swapped_doubled_or_dropped_cells_are_refused() {
        let cipher = cipher(Half::One);
        let name = ObjectName::Entry(1);
        let sealed = cipher.seal(name, 8, &[5; 3 * DATA]).unwrap();
        let parts: Vec<&[u8]> = sealed.cells.chunks(CELL).collect();
        for order in [
            vec![1, 0, 2],
            vec![0, 0, 2],
            vec![0, 1],
            vec![0, 1, 2, 2],
            vec![],
        ] {
            let cells: Vec<u8> = order.iter().flat_map(|i| parts[*i].to_vec()).collect();
            let place = Place {
                run: order.len() as u16,
                ..sealed.place
            };
            assert!(cipher.open(name, sealed.place, &cells).is_err());
            assert!(cipher.open(name, place, &cells).is_err());
            let rightly_checked = Place {
                check: check_of(&cells),
                ..place
            };
            assert!(cipher.open(name, rightly_checked, &cells).is_err());
        }
    }

    #[test]
    fn section_5_every_bit_of_a_cell_counts() {
        let cipher = cipher(Half::Zero);
        let sealed = cipher.seal(ObjectName::Entry(1), 8, b"words").unwrap();
        for bit in 0..CELL * 8 {
            let mut cells = sealed.cells.clone();
            cells[bit / 8] ^= 1 << (bit % 8);
            assert!(
                cipher
                    .open(ObjectName::Entry(1), sealed.place, &cells)
                    .is_err()
            );
        }
    }
}
