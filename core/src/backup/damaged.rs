//! Finding what lies where in a backup that is damaged (FORMAT.md 24).

use super::BackupError;
use super::frame::CHUNK;
use super::items::{
    Contents, ITEM_HEAD, ItemKind, LISTED, Listed, MAX_FILES, Place, StoredFile, cells_of, item_at,
};
use super::reader::OpenBackup;
use crate::error::Error;
use crate::vault::MAX_CELLS;

impl Contents {
    /// Where the cells and the files lie, as far as anything still tells. Files of which nobody knows
    /// where they lie are not in it; what lies there may be damaged.
    pub(crate) fn read_damaged(backup: &mut OpenBackup) -> Result<Self, Error> {
        let step = backup.header().step;
        let head = genuine(item_at(backup, 0))?.and_then(|head| cells_of(&head, step));
        let cells = match head {
            Some(cells) => cells,
            None => find_cells(backup, step)?.ok_or(BackupError::Malformed)?,
        };
        let mut offset = Self::cell_offset(cells, 2, 0);
        let mut files: Vec<StoredFile> = Vec::new();
        while let Some(head) = genuine(item_at(backup, offset))? {
            let content = offset + ITEM_HEAD as u64;
            let end = content.checked_add(head.bytes);
            let known = head.kind == ItemKind::File && files.len() < MAX_FILES;
            let Some(end) = end.filter(|end| known && *end <= backup.contents()) else {
                break;
            };
            files.push(StoredFile {
                name: head.name,
                bytes: head.bytes,
                sha256: [0; 32],
                place: Place::Within(content),
            });
            offset = end;
        }
        // The list names all of them, also those behind a head that is lost.
        if let Some(listed) = find_list(backup, cells)? {
            files = listed;
        }
        Ok(Self { cells, files })
    }
}

/// What was read; `None` where it is damaged or no item.
fn genuine<T>(read: Result<T, Error>) -> Result<Option<T>, Error> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(Error::Backup(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Where the item after the cells begins tells how many cells there are.
fn find_cells(backup: &mut OpenBackup, step: u32) -> Result<Option<u32>, Error> {
    let mut cells = 2 * step;
    while Contents::cell_offset(cells, 2, 0) <= backup.contents() && cells <= MAX_CELLS {
        let head = genuine(item_at(backup, Contents::cell_offset(cells, 2, 0)))?;
        let fits = head.is_some_and(|head| match head.kind {
            // An evidence file of 1 byte to 16 GiB, sealed.
            ItemKind::File => (32..1 << 35).contains(&head.bytes),
            ItemKind::List => head.bytes.is_multiple_of(LISTED as u64) && head.bytes < 1 << 24,
            ItemKind::Cells | ItemKind::End => false,
        });
        if fits {
            return Ok(Some(cells));
        }
        cells = cells.saturating_add(step);
    }
    Ok(None)
}

/// The list, from the end of the backup: it gives every file in order, and so where each lies.
fn find_list(backup: &mut OpenBackup, cells: u32) -> Result<Option<Vec<StoredFile>>, Error> {
    let mut last = vec![0; CHUNK];
    let at = backup.contents().saturating_sub(CHUNK as u64);
    if genuine(backup.read_at(at, &mut last))?.is_none() {
        return Ok(None);
    }
    // Behind the kind of the last item there are zeros only.
    let Some(end) = last.iter().rposition(|byte| *byte != 0) else {
        return Ok(None);
    };
    let end = at + u64::try_from(end).unwrap_or(0);
    for count in 0..=MAX_FILES {
        let bytes = u64::try_from(count * LISTED).unwrap_or(u64::MAX);
        let Some(at) = end.checked_sub(bytes + ITEM_HEAD as u64) else {
            return Ok(None);
        };
        let head = genuine(item_at(backup, at))?;
        if head.is_some_and(|head| head.kind == ItemKind::List && head.bytes == bytes) {
            return files_of(backup, at, count, cells);
        }
    }
    Ok(None)
}

/// The files of a list, if together with the cells they end where the list begins, or if the cells do and
/// so the files are beside.
fn files_of(
    backup: &mut OpenBackup,
    list: u64,
    count: usize,
    cells: u32,
) -> Result<Option<Vec<StoredFile>>, Error> {
    let mut offset = Contents::cell_offset(cells, 2, 0);
    let mut files = Vec::new();
    for number in 0..count {
        let at = list + ITEM_HEAD as u64 + u64::try_from(number * LISTED).unwrap_or(0);
        let mut bytes = [0; LISTED];
        if genuine(backup.read_at(at, &mut bytes))?.is_none() {
            return Ok(None);
        }
        let Some(listed) = Listed::parse(&bytes) else {
            return Ok(None);
        };
        files.push(StoredFile {
            name: listed.name,
            bytes: listed.bytes,
            sha256: listed.sha256,
            place: Place::Within(offset + ITEM_HEAD as u64),
        });
        offset = offset
            .saturating_add(ITEM_HEAD as u64)
            .saturating_add(listed.bytes);
    }
    if list == Contents::cell_offset(cells, 2, 0) {
        for file in &mut files {
            file.place = Place::Beside;
        }
        return Ok(Some(files));
    }
    Ok((offset == list).then_some(files))
}
