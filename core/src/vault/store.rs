//! SQLite as a crash-safe array of sealed cells, and nothing more (FORMAT.md 12).

mod damaged;
mod database;
#[cfg(test)]
mod fails;
mod loose;
mod read;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, params};

#[cfg(test)]
pub(crate) use self::fails::Fails;

use self::database::{TABLES, check_schema, count_cells, open_connection, schema, set_pragmas};
use self::loose::LooseCells;
use self::read::Disk;
use super::cell::CELL;
use super::error::VaultError;
use super::header::Half;
use crate::files::{self, folder_of, sync_folder};
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
    /// The name of the write-ahead log is on the disk.
    named: bool,
    /// The log of writes as it was found was not moved into the database yet, or that failed. What is in it is read
    /// there, and may not even be on the disk, if a sync of it had failed: nothing is written, and nothing is said
    /// to be there, before it was moved.
    behind: bool,
    /// The cells lie elsewhere and are only read; the connection holds nothing.
    source: Option<RefCell<Box<dyn CellSource>>>,
    /// Of a damaged database, cells that SQLite may not reach.
    loose: Option<LooseCells>,
    /// Last, so that the connection is gone before these files are closed.
    disk: Disk,
    #[cfg(test)]
    fails: Fails,
}

/// Cells that lie elsewhere than in a database: in a backup.
pub(crate) trait CellSource: Send {
    /// Cells of each table.
    fn cells(&self) -> u32;

    /// `run` cells from `position` on; `None` if one of them is damaged.
    fn read(&mut self, half: Half, position: u32, run: u16) -> Result<Option<Vec<u8>>, VaultError>;
}

/// Cells that are to be written in one transaction: position and the cells from there on.
pub(crate) type CellWrites = Vec<(u32, Vec<u8>)>;

/// Cells in a half, at most: 2^24.
pub(crate) const MAX_CELLS: u32 = 1 << 24;

/// After so many frames the log of writes goes into the database. SQLite would do it by itself, but
/// would keep silent if that failed.
const CHECKPOINT_FRAMES: u32 = 1000;

impl Store {
    /// Makes the database with `2 * step` random cells in both tables.
    pub(crate) fn create(path: &Path, half: Half, step: u32) -> Result<Self, VaultError> {
        // Its name first, and no other file: SQLite syncs the folder as it writes, keeps silent if that fails,
        // and a later sync need not bring what that one lost.
        let (_, made) = files::create(path).map_err(VaultError::from_io)?;
        made.keep();
        sync_folder(folder_of(path)).map_err(VaultError::from_io)?;
        let connection = open_connection(path, OpenFlags::empty())?;
        connection.query_row("PRAGMA journal_mode = MEMORY", [], |_| Ok(()))?;
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
            // Whoever gives the container its name syncs the folder.
            named: true,
            behind: false,
            source: None,
            loose: None,
            disk: Disk::default(),
            #[cfg(test)]
            fails: Fails::default(),
        };
        store.grow(2 * step)?;
        Ok(store)
    }

    /// Opens the database, replays its log of writes, and checks that it is one of ours. On a disk that is full or
    /// cannot be written it can be read all the same.
    pub(crate) fn open(path: &Path, step: u32) -> Result<Self, VaultError> {
        let mut store = Self::open_as_it_lies(path, step)?;
        if store.checkpoint().is_err() {
            drop_as_it_lies(store.connection);
            store = Self::open_as_it_lies(path, step)?;
        }
        Ok(store)
    }

    fn open_as_it_lies(path: &Path, step: u32) -> Result<Self, VaultError> {
        let connection = open_connection(path, OpenFlags::empty())?;
        set_pragmas(&connection)?;
        check_schema(&connection)?;
        let cells = count_cells(&connection, step)?;
        let (path, half) = (path.to_owned(), Half::Zero);
        Ok(Self {
            connection,
            path,
            half,
            cells,
            step,
            frames: 0,
            named: false,
            behind: true,
            source: None,
            loose: None,
            disk: Disk::default(),
            #[cfg(test)]
            fails: Fails::default(),
        })
    }

    /// Reads cells from elsewhere. Nothing can be written.
    pub(crate) fn read_only(source: Box<dyn CellSource>, step: u32) -> Result<Self, VaultError> {
        Ok(Self {
            connection: Connection::open_in_memory()?,
            path: PathBuf::new(),
            half: Half::Zero,
            cells: source.cells(),
            step,
            frames: 0,
            named: false,
            behind: false,
            source: Some(RefCell::new(source)),
            loose: None,
            disk: Disk::default(),
            #[cfg(test)]
            fails: Fails::default(),
        })
    }

    /// The half whose cells are read and written from now on.
    pub(crate) fn use_half(&mut self, half: Half) {
        self.half = half;
    }

    /// Closes the connection and opens a new one: after a failed write nothing else tells what is
    /// in the file.
    pub(crate) fn reopen(&mut self) -> Result<(), VaultError> {
        if self.source.is_some() {
            return Ok(());
        }
        let memory = Connection::open_in_memory()?;
        drop_as_it_lies(std::mem::replace(&mut self.connection, memory));
        self.disk = Disk::default();
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

    /// Writes cells in one transaction: acknowledged means on the disk. The caller has made sure
    /// that all positions are there ([`Store::grow_to`]). In a long transaction they are part of it.
    ///
    /// After an error nothing is known of the transaction; call [`Store::reopen`].
    pub(crate) fn write(&mut self, writes: &CellWrites) -> Result<(), VaultError> {
        self.must_be_writable()?;
        if self.in_long() {
            #[cfg(test)]
            if self.fails.long_write {
                return Err(VaultError::DiskFull);
            }
            return writes
                .iter()
                .try_for_each(|(first, cells)| self.put(*first, cells));
        }
        self.before_commit()?;
        let half = self.half;
        let transaction = self.connection.transaction()?;
        let mut written = 0;
        for (first, cells) in writes {
            written += update(&transaction, half, *first, cells)?;
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

    /// Begins a transaction that lasts until [`Store::commit_long`]. Its cells are not kept in
    /// memory: SQLite moves them into the log of writes, where without a commit they count for
    /// nothing. Giving it up is [`Store::reopen`].
    pub(crate) fn begin_long(&mut self) -> Result<(), VaultError> {
        self.must_be_writable()?;
        self.before_commit()?;
        Ok(self.connection.execute_batch("BEGIN IMMEDIATE")?)
    }

    /// Writes cells in a long transaction.
    pub(crate) fn put(&self, first: u32, cells: &[u8]) -> Result<(), VaultError> {
        update(&self.connection, self.half, first, cells).map(drop)
    }

    /// Makes sure that the disk has room for a long transaction: all but its last frame is written.
    pub(crate) fn flush_long(&self) -> Result<(), VaultError> {
        #[cfg(test)]
        if self.fails.flush {
            return Err(VaultError::DiskFull);
        }
        Ok(self.connection.cache_flush()?)
    }

    /// Commits a long transaction: done means on the disk.
    pub(crate) fn commit_long(&mut self) -> Result<(), VaultError> {
        #[cfg(test)]
        if self.fails.long_commit {
            return Err(VaultError::DiskFull);
        }
        self.connection.execute_batch("COMMIT")?;
        // However long it was.
        self.frames = u32::MAX;
        Ok(())
    }

    pub(crate) fn in_long(&self) -> bool {
        !self.connection.is_autocommit()
    }

    /// Moves the log of writes into the database when it has become long.
    pub(crate) fn checkpoint_if_long(&mut self) -> Result<(), VaultError> {
        if self.frames > CHECKPOINT_FRAMES && !self.in_long() {
            self.checkpoint()
        } else {
            Ok(())
        }
    }

    /// Moves the log of writes into the database and empties it.
    pub(crate) fn checkpoint(&mut self) -> Result<(), VaultError> {
        if self.source.is_some() {
            return Ok(());
        }
        #[cfg(test)]
        if self.fails.checkpoint {
            return Err(VaultError::DiskFull);
        }
        let sql = "PRAGMA wal_checkpoint(TRUNCATE)";
        let busy: i64 = self.connection.query_row(sql, [], |row| row.get(0))?;
        if busy != 0 {
            return Err(VaultError::InUse);
        }
        if self.behind {
            self.sync_emptied_log()?;
        }
        (self.frames, self.behind) = (0, false);
        Ok(())
    }

    /// SQLite does not sync the log when it has emptied it. If a sync of it had failed, a part of it may be on the disk, and
    /// after a loss of power SQLite would put that part over the newer cells in the database.
    fn sync_emptied_log(&self) -> Result<(), VaultError> {
        let file = OpenOptions::new().write(true).open(log_of(&self.path));
        match file.and_then(|file| file.sync_all()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(VaultError::from_io(error))
            }
            _ => Ok(()),
        }
    }

    /// Whether what is read may not be on the disk yet.
    pub(crate) fn is_behind(&self) -> bool {
        self.behind
    }

    /// Makes sure that positions below `needed` are there; both tables grow, in a transaction of
    /// its own.
    pub(crate) fn grow_to(&mut self, needed: u32) -> Result<(), VaultError> {
        if needed > MAX_CELLS {
            return Err(VaultError::Full(super::error::Limit::Cells));
        }
        while self.cells < needed {
            self.must_be_writable()?;
            #[cfg(test)]
            if self.fails.growth {
                return Err(VaultError::DiskFull);
            }
            self.grow(self.step)?;
        }
        Ok(())
    }

    pub(super) fn is_read_only(&self) -> bool {
        self.source.is_some()
    }

    fn must_be_writable(&self) -> Result<(), VaultError> {
        if self.is_read_only() {
            return Err(VaultError::ReadOnly);
        }
        Ok(())
    }

    /// Makes sure that what is committed can be found, and what it stands on. SQLite syncs the folder as well, but only after it has
    /// made the file itself, and keeps silent if that fails.
    fn before_commit(&mut self) -> Result<(), VaultError> {
        if self.behind {
            self.checkpoint()?;
        }
        if !self.named {
            sync_folder(folder_of(&self.path)).map_err(VaultError::from_io)?;
            self.named = true;
        }
        Ok(())
    }

    fn grow(&mut self, count: u32) -> Result<(), VaultError> {
        self.before_commit()?;
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

/// Closes a connection before its file is opened again. The log of writes stays: SQLite would move it, keep silent if
/// that failed, and remove it, and a disk that is full has no room to make it again.
fn drop_as_it_lies(connection: Connection) {
    let _ = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
    drop(connection);
}

/// SQLite's log of writes for a database.
fn log_of(database: &Path) -> PathBuf {
    let mut log = database.as_os_str().to_owned();
    log.push("-wal");
    log.into()
}

/// Replaces cells from a position on, and says how many.
fn update(
    connection: &Connection,
    half: Half,
    first: u32,
    cells: &[u8],
) -> Result<u32, VaultError> {
    let sql = match half {
        Half::Zero => "UPDATE p0 SET b = ?2 WHERE i = ?1",
        Half::One => "UPDATE p1 SET b = ?2 WHERE i = ?1",
    };
    let mut statement = connection.prepare_cached(sql)?;
    let mut written = 0;
    for (position, cell) in (first..).zip(cells.chunks(CELL)) {
        if statement.execute(params![position, cell])? != 1 {
            return Err(VaultError::CellsMissing);
        }
        written += 1;
    }
    Ok(written)
}
