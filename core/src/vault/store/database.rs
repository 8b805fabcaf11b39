//! Opening the database: pragmas, each read back, its schema, and how many cells it has.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags, OptionalExtension};

use super::MAX_CELLS;
use crate::files::folder_of;
use crate::vault::error::VaultError;
use crate::vault::folder::leads_nowhere;

pub(super) const TABLES: [&str; 2] = ["p0", "p1"];

/// A hostile file must not make us take a gigabyte for one cell.
const MAX_BLOB: i32 = 64 * 1024;

/// Each with its reason. They are set at every opening and read back.
pub(super) const PRAGMAS: [(&str, &str, &str); 8] = [
    // No -shm file beside the database, and no second process in it.
    ("locking_mode", "EXCLUSIVE", "exclusive"),
    // A commit is one append and one fsync, and a torn one is dropped by its checksum.
    ("journal_mode", "WAL", "wal"),
    // What was acknowledged is on the disk.
    ("synchronous", "FULL", "2"),
    // Android has no folder for temporary files; and nothing of the vault lies elsewhere.
    ("temp_store", "MEMORY", "2"),
    // A hostile schema must not run functions.
    ("trusted_schema", "OFF", "0"),
    // Damaged pages are found before they are used.
    ("cell_size_check", "ON", "1"),
    // Checkpoints are made by us, because SQLite's own ignores errors.
    ("wal_autocheckpoint", "0", "0"),
    // Pages are never moved.
    ("auto_vacuum", "NONE", "0"),
];

/// On Apple, fsync alone does not reach the disk.
#[cfg(target_vendor = "apple")]
const APPLE_PRAGMAS: [(&str, &str, &str); 2] =
    [("fullfsync", "1", "1"), ("checkpoint_fullfsync", "1", "1")];
#[cfg(not(target_vendor = "apple"))]
const APPLE_PRAGMAS: [(&str, &str, &str); 0] = [];

pub(super) fn open_connection(path: &Path, extra: OpenFlags) -> Result<Connection, VaultError> {
    must_be_a_file(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW
        | extra;
    let connection = Connection::open_with_flags(without_links(path)?, flags)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_BLOB)?;
    Ok(connection)
}

/// SQLite says of what is not there, and of a link, only that it cannot open it, as of a folder without permissions.
fn must_be_a_file(path: &Path) -> Result<(), VaultError> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => Ok(()),
        Ok(_) => Err(VaultError::ForeignDatabase),
        Err(error) if leads_nowhere(&error) => Err(VaultError::ForeignDatabase),
        Err(error) => Err(VaultError::from_io(error)),
    }
}

/// The file itself must not be a link, but SQLite refuses a link anywhere in the path; and the
/// folder of an app on Android, or a home on another disk, is reached through one.
fn without_links(path: &Path) -> Result<PathBuf, VaultError> {
    match path.file_name() {
        Some(name) if cfg!(unix) => {
            let folder = folder_of(path).canonicalize();
            Ok(folder.map_err(VaultError::from_io)?.join(name))
        }
        _ => Ok(path.to_owned()),
    }
}

pub(super) fn set_pragmas(connection: &Connection) -> Result<(), VaultError> {
    for (name, value, read_back) in PRAGMAS.into_iter().chain(APPLE_PRAGMAS) {
        // Some pragmas answer with the value, some with nothing.
        connection
            .query_row(&format!("PRAGMA {name} = {value}"), [], |_| Ok(()))
            .optional()?;
        if read_pragma(connection, name)? != read_back {
            return Err(VaultError::ForeignDatabase);
        }
    }
    if read_pragma(connection, "page_size")? != "4096" {
        return Err(VaultError::ForeignDatabase);
    }
    Ok(())
}

pub(super) fn read_pragma(connection: &Connection, name: &str) -> Result<String, VaultError> {
    use rusqlite::types::ValueRef;
    let value = connection.query_row(&format!("PRAGMA {name}"), [], |row| {
        Ok(match row.get_ref(0)? {
            ValueRef::Integer(number) => number.to_string(),
            ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
            _ => String::new(),
        })
    })?;
    Ok(value)
}

pub(super) fn schema(table: &str) -> String {
    format!("CREATE TABLE {table}(i INTEGER PRIMARY KEY, b BLOB NOT NULL)")
}

pub(super) fn check_schema(connection: &Connection) -> Result<(), VaultError> {
    let mut statement = connection.prepare("SELECT sql FROM sqlite_schema ORDER BY name")?;
    let found: Vec<Option<String>> = statement
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    if found != TABLES.map(|table| Some(schema(table))) {
        return Err(VaultError::ForeignDatabase);
    }
    Ok(())
}

/// The number of cells, the same in both tables and a multiple of `step`.
pub(super) fn count_cells(connection: &Connection, step: u32) -> Result<u32, VaultError> {
    let mut counts = [None; 2];
    for (count, table) in counts.iter_mut().zip(TABLES) {
        // Two queries: one that asks for both reads the whole table, and fails if any page of it
        // is damaged.
        let sql = format!("SELECT (SELECT min(i) FROM {table}), (SELECT max(i) FROM {table})");
        let (first, last): (Option<i64>, Option<i64>) =
            connection.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        *count = last
            .filter(|_| first == Some(0))
            .and_then(|last| u32::try_from(last).ok());
    }
    match counts {
        [Some(first), Some(second)]
            if first == second && first < MAX_CELLS + step && (first + 1).is_multiple_of(step) =>
        {
            Ok(first + 1)
        }
        _ => Err(VaultError::CellsMissing),
    }
}
