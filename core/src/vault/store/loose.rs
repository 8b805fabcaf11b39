//! Cells found in the pages of a database, whatever points to them: one damaged page of SQLite's own tree must not
//! cost all cells below it (FORMAT.md 24).

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use super::MAX_CELLS;
use crate::bytes::Fields;
use crate::vault::cell::CELL;
use crate::vault::header::Half;

const PAGE: usize = 4096;
const PAGES_TOGETHER: usize = 64;
/// First byte of a page with rows of a table.
const ROWS: u8 = 13;
/// What stands before the cell in a row, besides its number: bytes of the record; its head of 4 bytes; nothing for
/// the number, which is the row's; a blob of 2,016 bytes.
const RECORD: [u8; 2] = [0x8f, 0x64];
const RECORD_HEAD: [u8; 4] = [4, 0, 0x9f, 0x4c];

/// Where cells lie in a file.
pub(super) struct LooseCells {
    file: RefCell<File>,
    /// By position: where the row of p0 lies, then that of p1, because p0 grows first.
    places: BTreeMap<u32, Vec<u64>>,
    /// Whose a cell is of which only one of two was found: under the key of another half it does not open.
    half: Half,
}

impl LooseCells {
    /// Looks into every page. One that cannot be read has no cells.
    pub(super) fn find(path: &Path, half: Half) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let bytes = file.metadata()?.len();
        let mut places: BTreeMap<u32, Vec<u64>> = BTreeMap::new();
        let mut pages = vec![0; PAGES_TOGETHER * PAGE];
        let mut at = 0;
        while at < bytes {
            let left = usize::try_from(bytes - at).unwrap_or(usize::MAX);
            let count = pages.len().min(left);
            let now = pages.get_mut(..count).unwrap_or_default();
            file.read_exact(now)?;
            for (page_at, page) in (at..).step_by(PAGE).zip(now.chunks(PAGE)) {
                for (position, within) in rows_of(page) {
                    let found = places.entry(position).or_default();
                    found.push(page_at.saturating_add(within as u64));
                }
            }
            at = at.saturating_add(count as u64);
        }
        Ok(Self {
            file: RefCell::new(file),
            places,
            half,
        })
    }

    /// The highest position that was found, and one.
    pub(super) fn rows(&self) -> u32 {
        let last = self.places.last_key_value();
        last.map_or(0, |(position, _)| position.saturating_add(1))
    }

    /// The cells from a position on, if all of them were found.
    pub(super) fn read(&self, half: Half, position: u32, run: u16) -> Option<Vec<u8>> {
        let mut cells = vec![0; usize::from(run) * CELL];
        for (position, cell) in (position..).zip(cells.chunks_mut(CELL)) {
            let at = match self.places.get(&position)?.as_slice() {
                [only] if half == self.half => *only,
                [first, second] => match half {
                    Half::Zero => *first,
                    Half::One => *second,
                },
                _ => return None,
            };
            let mut file = self.file.borrow_mut();
            file.seek(SeekFrom::Start(at)).ok()?;
            file.read_exact(cell).ok()?;
        }
        Some(cells)
    }
}

/// Position of each cell in a page, and where it begins there.
fn rows_of(page: &[u8]) -> Vec<(u32, usize)> {
    let mut fields = Fields::new(page);
    let mut rows = Vec::new();
    if fields.u8() != Some(ROWS) || fields.u16().is_none() {
        return rows;
    }
    let count = fields.u16().unwrap_or(0);
    // Where the content begins, and bytes that are left over between rows.
    let _ = fields.array::<3>();
    for _ in 0..count.min(2) {
        let at = usize::from(fields.u16().unwrap_or(u16::MAX));
        rows.extend(row_at(page, at));
    }
    rows
}

fn row_at(page: &[u8], at: usize) -> Option<(u32, usize)> {
    let row = page.get(at..)?.strip_prefix(&RECORD)?;
    // Seven bits of the number in each byte, the last one without a mark.
    let length = 1 + row.iter().take(4).take_while(|byte| **byte >= 0x80).count();
    let number = row.get(..length)?;
    let position = number
        .iter()
        .fold(0, |sum, byte| sum << 7 | u32::from(byte & 0x7f));
    let record = row.get(length..)?.strip_prefix(&RECORD_HEAD)?;
    let begins = at + RECORD.len() + length + RECORD_HEAD.len();
    (position <= MAX_CELLS && record.len() >= CELL).then_some((position, begins))
}
