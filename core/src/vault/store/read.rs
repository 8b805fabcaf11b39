//! Reading cells, and telling a damaged page from a disk that does not answer.

use std::cell::OnceCell;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::Path;

use super::{Store, log_of};
use crate::vault::cell::CELL;
use crate::vault::error::VaultError;
use crate::vault::header::Half;

impl Store {
    /// Reads `run` cells from `position` on. `None` if one is missing, has another size, or lies in a
    /// page that cannot be read.
    ///
    /// # Errors
    /// The disk failed, and gives nothing at all: that says nothing of the cells.
    pub(crate) fn read(&self, position: u32, run: u16) -> Result<Option<Vec<u8>>, VaultError> {
        let mut read = self.read_twice(position, run);
        if is_damaged(&read) {
            self.disk.gives_a_byte(&self.path)?;
            // Its cells are lost, and no others: everything else must reach her, and a backup, all the more.
            read = Ok(None);
        }
        Ok(read?.or_else(|| self.loose.as_ref()?.read(self.half, position, run)))
    }

    /// As [`Store::read`], for what destroys that which it cannot read: a page is damaged only if the whole
    /// database can be read without SQLite, and still makes no sense.
    ///
    /// # Errors
    /// The disk failed anywhere in the database.
    pub(crate) fn read_surely(
        &self,
        position: u32,
        run: u16,
    ) -> Result<Option<Vec<u8>>, VaultError> {
        let mut read = self.read_twice(position, run);
        if is_damaged(&read) {
            self.disk.gives_all(&self.path)?;
            read = self.read_cells(position, run);
        }
        if is_damaged(&read) { Ok(None) } else { read }
    }

    /// Whether the disk gives the whole database: what still makes no sense is damaged, and will not come back.
    pub(crate) fn disk_gives_all(&self) -> bool {
        self.source.is_some() || self.disk.gives_all(&self.path).is_ok()
    }

    /// Once more, since SQLite tells a read that failed (EIO) as a page that is damaged
    /// (SQLITE_IOERR_CORRUPTFS in its os_unix.c).
    fn read_twice(&self, position: u32, run: u16) -> Result<Option<Vec<u8>>, VaultError> {
        if let Some(source) = &self.source {
            return source.borrow_mut().read(self.half, position, run);
        }
        let read = self.read_cells(position, run);
        if is_damaged(&read) {
            return self.read_cells(position, run);
        }
        read
    }

    fn read_cells(&self, position: u32, run: u16) -> Result<Option<Vec<u8>>, VaultError> {
        #[cfg(test)]
        crate::vault::work::count("reads of cells");
        let wanted = usize::from(run) * CELL;
        let mut bytes = Vec::with_capacity(wanted);
        if run == 1 {
            let sql = match self.half {
                Half::Zero => "SELECT b FROM p0 WHERE i = ?1",
                Half::One => "SELECT b FROM p1 WHERE i = ?1",
            };
            let mut statement = self.connection.prepare_cached(sql)?;
            let mut rows = statement.query([position])?;
            if let Some(row) = rows.next()? {
                append_cell(&mut bytes, row, 0);
            }
        } else {
            let last = position.saturating_add(u32::from(run).saturating_sub(1));
            self.scan(position, last, |_, cell| bytes.extend_from_slice(cell))?;
        }
        Ok((bytes.len() == wanted).then_some(bytes))
    }

    /// Gives the cells of a range of positions, in order; those of another size are left out.
    pub(crate) fn scan(
        &self,
        first: u32,
        last: u32,
        mut each: impl FnMut(u32, &[u8]),
    ) -> Result<(), VaultError> {
        let sql = match self.half {
            Half::Zero => "SELECT i, b FROM p0 WHERE i BETWEEN ?1 AND ?2 ORDER BY i",
            Half::One => "SELECT i, b FROM p1 WHERE i BETWEEN ?1 AND ?2 ORDER BY i",
        };
        let mut statement = self.connection.prepare_cached(sql)?;
        let mut rows = statement.query([first, last])?;
        while let Some(row) = rows.next()? {
            let position = row.get(0)?;
            if let Ok(cell) = row.get_ref(1)?.as_blob()
                && cell.len() == CELL
            {
                each(position, cell);
            }
        }
        Ok(())
    }
}

/// The files of the database once more, without SQLite. They stay open as long as the connection: when a
/// process closes a file, it gives up every lock that it has on it (fcntl(2)), SQLite's too.
#[derive(Default)]
pub(super) struct Disk {
    database: OnceCell<File>,
    log: OnceCell<File>,
}

impl Disk {
    /// The disk is there.
    fn gives_a_byte(&self, database: &Path) -> Result<(), VaultError> {
        read_to(opened(&self.database, database)?, 1)
    }

    /// Reads the database and its log of writes to their ends.
    fn gives_all(&self, database: &Path) -> Result<(), VaultError> {
        read_to(opened(&self.database, database)?, u64::MAX)?;
        let log = log_of(database);
        if log.try_exists().map_err(VaultError::from_io)? {
            read_to(opened(&self.log, &log)?, u64::MAX)?;
        }
        Ok(())
    }
}

fn opened<'a>(cell: &'a OnceCell<File>, path: &Path) -> Result<&'a File, VaultError> {
    if let Some(file) = cell.get() {
        return Ok(file);
    }
    let file = File::open(path).map_err(VaultError::from_io)?;
    Ok(cell.get_or_init(|| file))
}

fn read_to(mut file: &File, bytes: u64) -> Result<(), VaultError> {
    let mut read = || {
        file.rewind()?;
        let mut from = io::BufReader::with_capacity(1 << 17, file.take(bytes));
        io::copy(&mut from, &mut io::sink())
    };
    read().map(drop).map_err(VaultError::from_io)
}

fn append_cell(bytes: &mut Vec<u8>, row: &rusqlite::Row<'_>, column: usize) {
    if let Ok(blob) = row.get_ref(column)
        && let Ok(cell) = blob.as_blob()
        && cell.len() == CELL
    {
        bytes.extend_from_slice(cell);
    }
}

/// A page of the database that makes no sense, or a blob longer than any of ours.
fn is_damaged(read: &Result<Option<Vec<u8>>, VaultError>) -> bool {
    use rusqlite::ErrorCode;
    let Err(VaultError::Database(error)) = read else {
        return false;
    };
    let code = error.sqlite_error_code();
    matches!(code, Some(ErrorCode::DatabaseCorrupt | ErrorCode::TooBig))
}
