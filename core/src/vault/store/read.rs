//! Reading cells, and telling a damaged page from a disk that does not answer.

use std::cell::OnceCell;
use std::fs::File;
use std::io::{self, Seek};
use std::path::Path;

use super::Store;
use crate::vault::cell::CELL;
use crate::vault::error::VaultError;
use crate::vault::header::Half;

impl Store {
    /// Reads `run` cells from `position` on. `None` if one is missing, has another size, or lies in a
    /// damaged page.
    ///
    /// # Errors
    /// The disk failed: that says nothing of the cells.
    pub(crate) fn read(&self, position: u32, run: u16) -> Result<Option<Vec<u8>>, VaultError> {
        if let Some(source) = &self.source {
            return source.borrow_mut().read(self.half, position, run);
        }
        let mut read = self.read_cells(position, run);
        if is_damaged(&read) {
            // SQLite tells a read that failed (EIO) as a page that is damaged (SQLITE_IOERR_CORRUPTFS in its
            // os_unix.c). Taken for damage, a rotation would leave what is whole under the old key.
            read = self.read_cells(position, run);
        }
        if is_damaged(&read) {
            self.disk.answers(&self.path)?;
            // Its cells are lost, and no others.
            read = Ok(None);
        }
        Ok(read?.or_else(|| self.loose.as_ref()?.read(self.half, position, run)))
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
    files: OnceCell<Vec<File>>,
    answered: OnceCell<()>,
}

impl Disk {
    /// Reads the database and its log of writes to their ends, once.
    fn answers(&self, database: &Path) -> Result<(), VaultError> {
        if self.answered.get().is_some() {
            return Ok(());
        }
        let read = || -> io::Result<()> {
            let files = match self.files.get() {
                Some(files) => files,
                None => {
                    let opened = open_both(database)?;
                    self.files.get_or_init(|| opened)
                }
            };
            for mut file in files {
                file.rewind()?;
                io::copy(
                    &mut io::BufReader::with_capacity(1 << 17, file),
                    &mut io::sink(),
                )?;
            }
            Ok(())
        };
        read().map_err(VaultError::from_io)?;
        let _ = self.answered.set(());
        Ok(())
    }
}

fn open_both(database: &Path) -> io::Result<Vec<File>> {
    let mut log = database.as_os_str().to_owned();
    log.push("-wal");
    let mut files = vec![File::open(database)?];
    match File::open(log) {
        Ok(log) => files.push(log),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    Ok(files)
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
