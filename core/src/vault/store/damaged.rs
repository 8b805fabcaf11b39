//! A database of which not everything can be read any more (FORMAT.md 24).

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use rusqlite::OpenFlags;

use super::database::{TABLES, open_connection};
use super::loose::LooseCells;
use super::{MAX_CELLS, Store, log_of};
use crate::bytes::put;
use crate::vault::cell::CELL;
use crate::vault::error::VaultError;
use crate::vault::header::Half;

/// Bytes of a page, and where the first one says how many there are.
const PAGE: usize = 4096;
const PAGES_AT: usize = 28;

impl Store {
    /// Opens a copy of a database that may be damaged, to save what can be read of it: a row that
    /// cannot be read is a cell that is missing. Where a page of SQLite's own tree is damaged, the cells below it are
    /// still found: `half` is whose they are where only one of two is left.
    pub(crate) fn open_damaged(path: &Path, step: u32, half: Half) -> Result<Self, VaultError> {
        let connection = open_connection(path, OpenFlags::empty())?;
        // Otherwise nothing is read of a file that is shorter than its head says.
        connection.pragma_update(None, "writable_schema", true)?;
        // So that the file holds what is in the log of writes; if it cannot, only less is found below.
        let _ = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        let loose = LooseCells::find(path, half).map_err(VaultError::from_io)?;
        let longest = |table: &str| {
            let sql = format!("SELECT max(i) FROM {table}");
            connection.query_row(&sql, [], |row| row.get::<_, Option<u32>>(0))
        };
        let rows = TABLES.map(|table| match longest(table) {
            Ok(last) => last.map_or(0, |last| last.saturating_add(1)),
            Err(_) => 0,
        });
        // One damaged bit can give a row any number, and what is saved would be as large as that.
        let most = most_cells(path, step)?;
        let rows = match rows.into_iter().chain([loose.rows()]).max() {
            None | Some(0) => most,
            Some(rows) => rows.min(most),
        };
        let rows = rows.max(2 * step);
        let cells = rows.checked_next_multiple_of(step).unwrap_or(MAX_CELLS);
        if cells > MAX_CELLS.saturating_add(step) {
            return Err(VaultError::ForeignDatabase);
        }
        Ok(Self {
            connection,
            path: path.to_owned(),
            half: Half::Zero,
            cells,
            step,
            frames: 0,
            named: false,
            behind: false,
            source: None,
            loose: Some(loose),
            disk: super::Disk::default(),
            #[cfg(test)]
            fails: super::Fails::default(),
        })
    }

    /// Gives a copy of a database that may be damaged the first page that every vault's has: without it
    /// SQLite reads nothing.
    pub(crate) fn put_first_page(path: &Path, step: u32) -> Result<(), VaultError> {
        let like = path.with_extension("like");
        let mut store = Self::create(&like, Half::Zero, step)?;
        store.checkpoint()?;
        drop(store);
        let mut page = fs::read(&like).map_err(VaultError::from_io)?;
        page.truncate(PAGE);
        let mut file = File::options()
            .write(true)
            .open(path)
            .map_err(VaultError::from_io)?;
        let length = file.metadata().map_err(VaultError::from_io)?.len();
        let pages = u32::try_from(length / PAGE as u64).unwrap_or(u32::MAX);
        put(&mut page, PAGES_AT, &pages.to_be_bytes());
        file.write_all(&page).map_err(VaultError::from_io)
    }
}

/// Cells of a table in a database of this size, with its log of writes, at most: the tables grow in turn, by `step`.
fn most_cells(path: &Path, step: u32) -> Result<u32, VaultError> {
    let bytes = fs::metadata(path).map_err(VaultError::from_io)?.len();
    // Empty, or absent, where it could be moved into the database.
    let log = fs::metadata(log_of(path)).map_or(0, |log| log.len());
    let bytes = bytes.saturating_add(log);
    let cells = u32::try_from(bytes / (2 * CELL as u64)).unwrap_or(MAX_CELLS);
    Ok(cells.saturating_add(step).min(MAX_CELLS))
}
