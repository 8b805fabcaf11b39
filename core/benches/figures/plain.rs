//! The comparator: SQLite as anybody would use it, one JSON text a row, the same pragmas.

use std::path::Path;

use rusqlite::Connection;

pub struct Plain(Connection);

impl Plain {
    pub fn open(path: &Path) -> Self {
        let connection = Connection::open(path).unwrap();
        connection
            .execute_batch(
                "PRAGMA page_size = 4096;
                 PRAGMA locking_mode = EXCLUSIVE;
                 PRAGMA journal_mode = WAL;
                 PRAGMA synchronous = FULL;
                 PRAGMA temp_store = MEMORY;
                 PRAGMA trusted_schema = OFF;
                 PRAGMA cell_size_check = ON;
                 CREATE TABLE IF NOT EXISTS incident(id INTEGER PRIMARY KEY, body TEXT NOT NULL);",
            )
            .unwrap();
        Self(connection)
    }

    /// One durable record.
    pub fn add(&self, body: &str) {
        let mut insert = self
            .0
            .prepare_cached("INSERT INTO incident(body) VALUES (?1)")
            .unwrap();
        insert.execute([body]).unwrap();
    }

    /// Many records in one transaction, to build a database.
    pub fn add_all(&self, bodies: impl Iterator<Item = String>) {
        self.0.execute_batch("BEGIN").unwrap();
        bodies.for_each(|body| self.add(&body));
        self.0.execute_batch("COMMIT").unwrap();
    }

    /// Newest first, each row handed over as text.
    pub fn each(&self, limit: i64, mut each: impl FnMut(&str)) -> usize {
        let sql = "SELECT body FROM incident ORDER BY id DESC LIMIT ?1";
        let mut select = self.0.prepare_cached(sql).unwrap();
        let mut rows = select.query([limit]).unwrap();
        let mut count = 0;
        while let Some(row) = rows.next().unwrap() {
            each(row.get_ref(0).unwrap().as_str().unwrap());
            count += 1;
        }
        count
    }

    /// What SQLite has for a search in any part of a word. It folds ASCII letters only.
    pub fn like(&self, word: &str) -> usize {
        let sql = "SELECT body FROM incident WHERE body LIKE '%' || ?1 || '%' ORDER BY id DESC";
        let mut select = self.0.prepare_cached(sql).unwrap();
        let mut rows = select.query([word]).unwrap();
        let mut count = 0;
        while let Some(row) = rows.next().unwrap() {
            count += usize::from(!row.get_ref(0).unwrap().as_str().unwrap().is_empty());
        }
        count
    }
}

/// Reads a row as an application must that shows a list: when, what, which behaviours.
pub fn parse(body: &str) -> serde_json::Value {
    serde_json::from_str(body).unwrap()
}
