//! SQLite as a crash-safe array of sealed cells, and nothing more (FORMAT.md 12).

use std::path::{Path, PathBuf};

use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

use super::cell::CELL;
use super::error::VaultError;
use super::header::Half;
use crate::files::folder_of;
use crate::random::Filler;

/// The database of one container. Dropping it closes it.
pub(crate) struct Store {
    connection: Connection,
    path: PathBuf,
    half: Half,
    /// Cells of each table.
    cells: u32,
    step: u32,
    /// Frames in the write-ahead log since the last checkpoint, at most.
    frames: u32,
    #[cfg(test)]
    fails: Fails,
}

/// Where a test makes the disk fail.
#[cfg(test)]
#[derive(Clone, Copy, Default)]
pub(crate) struct Fails {
    /// So many writes succeed before one fails.
    pub(crate) spared: u32,
    pub(crate) growth: bool,
    pub(crate) before_commit: bool,
    pub(crate) after_commit: bool,
    pub(crate) checkpoint: bool,
    pub(crate) reopening: bool,
}

/// Cells that are to be written in one transaction: position and the cells from there on.
pub(crate) type CellWrites = Vec<(u32, Vec<u8>)>;

/// Cells in a half, at most: 2^24.
pub(crate) const MAX_CELLS: u32 = 1 << 24;

const TABLES: [&str; 2] = ["p0", "p1"];
/// After so many frames the log of writes goes into the database. SQLite would do it by itself, but
/// would keep silent if that failed.
const CHECKPOINT_FRAMES: u32 = 1000;
/// A hostile file must not make us take a gigabyte for one cell.
const MAX_BLOB: i32 = 64 * 1024;

/// Each with its reason. They are set at every opening and read back.
const PRAGMAS: [(&str, &str, &str); 8] = [
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

impl Store {
    /// Makes the database with `2 * step` random cells in both tables.
    pub(crate) fn create(path: &Path, half: Half, step: u32) -> Result<Self, VaultError> {
        let connection = open_connection(path, OpenFlags::SQLITE_OPEN_CREATE)?;
        connection.pragma_update(None, "page_size", 4096)?;
        set_pragmas(&connection)?;
        for table in TABLES {
            connection.execute_batch(&schema(table))?;
        }
        let path = path.to_owned();
        let mut store = Self {
            connection,
            path,
            half,
            cells: 0,
            step,
            frames: 0,
            #[cfg(test)]
            fails: Fails::default(),
        };
        store.grow(2 * step)?;
        Ok(store)
    }

    /// Opens the database, replays its log of writes, and checks that it is one of ours.
    pub(crate) fn open(path: &Path, step: u32) -> Result<Self, VaultError> {
        let connection = open_connection(path, OpenFlags::empty())?;
        set_pragmas(&connection)?;
        check_schema(&connection)?;
        let cells = count_cells(&connection, step)?;
        let (path, half) = (path.to_owned(), Half::Zero);
        let mut store = Self {
            connection,
            path,
            half,
            cells,
            step,
            frames: 0,
            #[cfg(test)]
            fails: Fails::default(),
        };
        store.checkpoint()?;
        Ok(store)
    }

    /// The half whose cells are read and written from now on.
    pub(crate) fn use_half(&mut self, half: Half) {
        self.half = half;
    }

    /// Closes the connection and opens a new one: after a failed write nothing else tells what is
    /// in the file.
    pub(crate) fn reopen(&mut self) -> Result<(), VaultError> {
        let memory = Connection::open_in_memory()?;
        // The old connection must be gone before its file is opened again.
        drop(std::mem::replace(&mut self.connection, memory));
        #[cfg(test)]
        if self.fails.reopening {
            return Err(VaultError::DiskFull);
        }
        let half = self.half;
        *self = Self::open(&self.path, self.step)?;
        self.half = half;
        Ok(())
    }

    /// Cells in each table.
    pub(crate) fn cells(&self) -> u32 {
        self.cells
    }

    /// Reads `run` cells from `position` on. `None` if one is missing or has another size.
    pub(crate) fn read(&self, position: u32, run: u16) -> Result<Option<Vec<u8>>, VaultError> {
        match self.read_cells(position, run) {
            // A page of the table is damaged: its cells are lost, and no others.
            Err(VaultError::Database(error)) if is_damage(&error) => Ok(None),
            read => read,
        }
    }

    fn read_cells(&self, position: u32, run: u16) -> Result<Option<Vec<u8>>, VaultError> {
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

    /// Writes cells in one transaction: acknowledged means on the disk. The caller has made sure
    /// that all positions are there ([`Store::grow_to`]).
    ///
    /// After an error nothing is known of the transaction; call [`Store::reopen`].
    pub(crate) fn write(&mut self, writes: &CellWrites) -> Result<(), VaultError> {
        let sql = match self.half {
            Half::Zero => "UPDATE p0 SET b = ?2 WHERE i = ?1",
            Half::One => "UPDATE p1 SET b = ?2 WHERE i = ?1",
        };
        let transaction = self.connection.transaction()?;
        let mut written = 0u32;
        {
            let mut statement = transaction.prepare_cached(sql)?;
            for (first, cells) in writes {
                for (position, cell) in (*first..).zip(cells.chunks(CELL)) {
                    if statement.execute(params![position, cell])? != 1 {
                        return Err(VaultError::CellsMissing);
                    }
                    written += 1;
                }
            }
        }
        #[cfg(test)]
        let spared = self.fails.spared.checked_sub(1);
        #[cfg(test)]
        if spared.is_none() && self.fails.before_commit {
            return Err(VaultError::DiskFull);
        }
        transaction.commit()?;
        #[cfg(test)]
        match spared {
            Some(left) => self.fails.spared = left,
            None if self.fails.after_commit => return Err(VaultError::DiskFull),
            None => {}
        }
        self.frames = self.frames.saturating_add(written);
        Ok(())
    }

    /// Moves the log of writes into the database when it has become long.
    pub(crate) fn checkpoint_if_long(&mut self) -> Result<(), VaultError> {
        if self.frames > CHECKPOINT_FRAMES {
            self.checkpoint()
        } else {
            Ok(())
        }
    }

    /// Moves the log of writes into the database and empties it.
    pub(crate) fn checkpoint(&mut self) -> Result<(), VaultError> {
        #[cfg(test)]
        if self.fails.checkpoint {
            return Err(VaultError::DiskFull);
        }
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        let busy: i64 = self.connection.query_row(sql, [], |row| row.get(0))?;
        if busy != 0 {
            return Err(VaultError::InUse);
        }
        self.frames = 0;
        Ok(())
    }

    /// Makes sure that positions below `needed` are there; both tables grow, in a transaction of
    /// its own.
    pub(crate) fn grow_to(&mut self, needed: u32) -> Result<(), VaultError> {
        if needed > MAX_CELLS {
            return Err(VaultError::Full(super::error::Limit::Cells));
        }
        while self.cells < needed {
            #[cfg(test)]
            if self.fails.growth {
                return Err(VaultError::DiskFull);
            }
            self.grow(self.step)?;
        }
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn fail(&mut self, fails: Fails) {
        self.fails = fails;
        if fails.checkpoint {
            self.frames = CHECKPOINT_FRAMES;
        }
    }

    fn grow(&mut self, count: u32) -> Result<(), VaultError> {
        let mut filler = Filler::new()?;
        let mut cell = vec![0; CELL];
        let transaction = self.connection.transaction()?;
        for table in TABLES {
            let sql = format!("INSERT INTO {table}(i, b) VALUES (?1, ?2)");
            let mut statement = transaction.prepare(&sql)?;
            for position in self.cells..self.cells + count {
                filler.fill(&mut cell);
                statement.execute(params![position, cell])?;
            }
        }
        transaction.commit()?;
        self.cells += count;
        self.checkpoint()
    }
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
fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode;
    let code = error.sqlite_error_code();
    matches!(code, Some(ErrorCode::DatabaseCorrupt | ErrorCode::TooBig))
}

fn open_connection(path: &Path, extra: OpenFlags) -> Result<Connection, VaultError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW
        | extra;
    let connection = Connection::open_with_flags(without_links(path)?, flags)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, MAX_BLOB)?;
    Ok(connection)
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

fn set_pragmas(connection: &Connection) -> Result<(), VaultError> {
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

fn read_pragma(connection: &Connection, name: &str) -> Result<String, VaultError> {
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

fn schema(table: &str) -> String {
    format!("CREATE TABLE {table}(i INTEGER PRIMARY KEY, b BLOB NOT NULL)")
}

fn check_schema(connection: &Connection) -> Result<(), VaultError> {
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
fn count_cells(connection: &Connection, step: u32) -> Result<u32, VaultError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(byte: u8) -> Vec<u8> {
        vec![byte; CELL]
    }

    fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(&folder.path().join("log.db"), Half::One, 8).unwrap();
        (folder, store)
    }

    #[test]
    fn section_12_pragmas_are_read_back() {
        let (_folder, store) = store();
        for (name, _, expected) in PRAGMAS.into_iter().chain([("page_size", "", "4096")]) {
            assert_eq!(
                read_pragma(&store.connection, name).unwrap(),
                expected,
                "{name}"
            );
        }
    }

    #[test]
    fn section_12_no_shared_memory_file_and_two_cells_a_page() {
        let (folder, store) = store();
        assert!(!folder.path().join("log.db-shm").exists());
        assert!(folder.path().join("log.db-wal").exists());
        // The schema, two tables with two cells a leaf page, and their inner pages.
        let pages: i64 = store
            .connection
            .query_row("PRAGMA page_count", [], |row| row.get(0))
            .unwrap();
        assert_eq!(pages, 1 + 2 * (16 / 2 + 1));
    }

    #[test]
    fn section_12_writes_come_back_and_only_in_the_own_half() {
        let (folder, mut store) = store();
        store.use_half(Half::Zero);
        let other = store.read(3, 1).unwrap();
        store.use_half(Half::One);
        store
            .write(&vec![(3, cell(1)), (5, [cell(2), cell(3)].concat())])
            .unwrap();
        assert_eq!(store.read(3, 1).unwrap(), Some(cell(1)));
        assert_eq!(store.read(5, 2).unwrap(), Some([cell(2), cell(3)].concat()));
        assert_eq!(store.read(15, 2).unwrap(), None);
        drop(store);

        let mut store = Store::open(&folder.path().join("log.db"), 8).unwrap();
        assert_eq!(store.read(3, 1).unwrap(), other);
        store.use_half(Half::One);
        assert_eq!(store.read(6, 1).unwrap(), Some(cell(3)));
    }

    #[test]
    fn section_12_both_tables_grow_together_and_pages_stay_where_they_are() {
        let (folder, mut store) = store();
        store.write(&vec![(3, cell(1))]).unwrap();
        store.grow_to(17).unwrap();
        assert_eq!(store.cells(), 24);
        assert_eq!(store.read(3, 1).unwrap(), Some(cell(1)));
        drop(store);
        assert_eq!(
            Store::open(&folder.path().join("log.db"), 8)
                .unwrap()
                .cells(),
            24
        );
    }

    #[test]
    fn section_12_a_write_beyond_the_end_changes_nothing() {
        let (_folder, mut store) = store();
        let before = store.read(3, 1).unwrap();
        let error = store.write(&vec![(3, cell(1)), (16, cell(2))]).unwrap_err();
        assert!(matches!(error, VaultError::CellsMissing));
        store.reopen().unwrap();
        assert_eq!(store.read(3, 1).unwrap(), before);
    }

    #[test]
    fn section_12_a_second_connection_is_refused() {
        let (folder, mut store) = store();
        store.write(&vec![(3, cell(1))]).unwrap();
        let second = Store::open(&folder.path().join("log.db"), 8);
        assert!(matches!(second.err(), Some(VaultError::InUse)));
    }

    /// What the file says page by page; two cells lie on each of these.
    fn leaf_pages(file: &[u8]) -> Vec<usize> {
        let starts = (4096..file.len()).step_by(4096);
        starts.filter(|start| file[*start] == 0x0d).collect()
    }

    #[test]
    fn section_15_a_damaged_page_costs_its_own_cells_and_does_not_keep_the_vault_shut() {
        let (folder, store) = store();
        drop(store);
        let path = folder.path().join("log.db");
        let whole = std::fs::read(&path).unwrap();
        let pages = leaf_pages(&whole);
        assert_eq!(pages.len(), 16);
        // Neither the first nor the last page of a table, from which N is read.
        for damaged in [pages[3], pages[11]] {
            let mut bytes = whole.clone();
            bytes[damaged] ^= 0xff;
            std::fs::write(&path, bytes).unwrap();
            let mut store = Store::open(&path, 8).unwrap();
            let lost = [Half::Zero, Half::One].map(|half| {
                store.use_half(half);
                let whole = store.read(0, 16).unwrap().is_some();
                let lost = (0..16).filter(|at| store.read(*at, 1).unwrap().is_none());
                (whole, lost.count())
            });
            let (hit, other) = ((false, 2), (true, 0));
            assert!(lost == [hit, other] || lost == [other, hit], "{lost:?}");
        }
    }

    #[test]
    fn section_12_opening_does_not_read_the_whole_table() {
        let (_folder, store) = store();
        let plan = "EXPLAIN QUERY PLAN SELECT (SELECT min(i) FROM p0), (SELECT max(i) FROM p0)";
        let mut statement = store.connection.prepare(plan).unwrap();
        let steps: Vec<String> = statement
            .query_map([], |row| row.get(3))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!(
            steps.iter().filter(|s| *s == "SEARCH p0").count(),
            2,
            "{steps:?}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn section_2_the_way_to_a_vault_may_lead_through_a_link_but_its_database_is_none() {
        let (folder, store) = store();
        drop(store);
        let way = folder.path().join("way");
        std::os::unix::fs::symlink(folder.path(), &way).unwrap();
        assert!(Store::open(&way.join("log.db"), 8).is_ok());
        let link = folder.path().join("link.db");
        std::os::unix::fs::symlink(folder.path().join("log.db"), &link).unwrap();
        assert!(Store::open(&link, 8).is_err());
    }

    #[test]
    fn section_12_a_huge_blob_is_no_cell_and_is_not_read() {
        let (folder, store) = store();
        let huge = "UPDATE p0 SET b = zeroblob(60000) || zeroblob(60000) WHERE i = 3";
        store
            .connection
            .set_limit(Limit::SQLITE_LIMIT_LENGTH, 1 << 20)
            .unwrap();
        store.connection.execute_batch(huge).unwrap();
        drop(store);
        let store = Store::open(&folder.path().join("log.db"), 8).unwrap();
        assert_eq!(store.read(3, 1).unwrap(), None);
        assert_eq!(store.read(2, 3).unwrap(), None);
        assert!(store.read(4, 1).unwrap().is_some());
    }

    #[test]
    fn section_12_foreign_databases_are_refused() {
        let alterations = [
            "CREATE TABLE other(x)",
            "CREATE INDEX more ON p0(b)",
            "CREATE TRIGGER run AFTER UPDATE ON p0 BEGIN DELETE FROM p1; END",
            "DROP TABLE p1",
            "DELETE FROM p1 WHERE i = 15",
            "DELETE FROM p0 WHERE i = 0",
        ];
        for sql in alterations {
            let (folder, store) = store();
            store.connection.execute_batch(sql).unwrap();
            drop(store);
            let error = Store::open(&folder.path().join("log.db"), 8).err();
            let expected = matches!(
                error,
                Some(VaultError::ForeignDatabase | VaultError::CellsMissing)
            );
            assert!(expected, "{sql}: {error:?}");
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.db");
        std::fs::write(
            &path,
            b"this is no database, it is a text that is long enough",
        )
        .unwrap();
        assert!(matches!(
            Store::open(&path, 8).err(),
            Some(VaultError::ForeignDatabase)
        ));
    }
}
