//! The database against FORMAT.md 2, 12 and 15.

use rusqlite::limits::Limit;

use super::database::{PRAGMAS, read_pragma};
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
    // Nor is it told as a folder that cannot be written, or a file that is not there.
    for path in [
        link,
        folder.path().join("none.db"),
        folder.path().to_owned(),
    ] {
        let error = Store::open(&path, 8).err();
        assert!(
            matches!(error, Some(VaultError::ForeignDatabase)),
            "{error:?}"
        );
    }
    assert!(!folder.path().join("none.db").exists());
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

/// A database that another program made: the right schema and cells, but with these pragmas.
fn made_with(pragmas: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.db");
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch(pragmas).unwrap();
    for table in TABLES {
        connection.execute_batch(&schema(table)).unwrap();
        let fill = format!(
            "WITH RECURSIVE n(i) AS (VALUES(0) UNION ALL SELECT i + 1 FROM n WHERE i < 15)
             INSERT INTO {table} SELECT i, randomblob(2016) FROM n"
        );
        connection.execute_batch(&fill).unwrap();
    }
    drop(connection);
    (folder, path)
}

#[test]
fn section_12_what_a_file_is_made_with_is_refused_if_it_is_kept_in_it() {
    let (_folder, path) = made_with("PRAGMA page_size = 4096");
    assert!(Store::open(&path, 8).is_ok());
    let others = [
        "PRAGMA page_size = 8192",
        "PRAGMA auto_vacuum = FULL",
        "PRAGMA auto_vacuum = INCREMENTAL",
    ];
    for pragma in others {
        let (_folder, path) = made_with(pragma);
        let before = std::fs::read(&path).unwrap();
        let error = Store::open(&path, 8).err();
        assert!(
            matches!(error, Some(VaultError::ForeignDatabase)),
            "{pragma}: {error:?}"
        );
        // But for the journal mode and the counters that follow it, nothing was changed.
        let after = std::fs::read(&path).unwrap();
        assert!(before[100..] == after[100..], "{pragma}");
    }
}

#[test]
fn section_12_another_journal_mode_is_turned_into_wal_and_the_rest_is_ignored() {
    let (_folder, path) = made_with("PRAGMA journal_mode = DELETE; PRAGMA user_version = 7");
    let store = Store::open(&path, 8).unwrap();
    assert_eq!(store.cells(), 16);
    assert_eq!(
        read_pragma(&store.connection, "journal_mode").unwrap(),
        "wal"
    );
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
