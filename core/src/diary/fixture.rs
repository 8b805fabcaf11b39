//! A vault for tests: it costs nothing to open and grows soon.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::bundle::Language;
use crate::progress::NoProgress;
use crate::time::SystemClock;
use crate::vault::{self, Header, VaultError};

/// Cells by which it grows; the least that is allowed.
pub(super) const STEP: u32 = 8;

/// A folder that is removed when dropped; in memory where the system has a place for that, because
/// thousands of writes that wait for a disk take minutes.
pub(super) fn temporary_folder() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

pub(super) fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(text.as_bytes()).unwrap()
}

/// Makes a vault with the passphrase `a`.
pub(super) fn create(folder: &Path) -> (Diary, RecoveryCode) {
    let passphrase = NewPassphrase::even_if_weak(b"a").unwrap();
    let cost = KdfCost::DangerCheapForTests;
    let (mut new, code) = NewVault::create_with_step(folder, &passphrase, cost, STEP).unwrap();
    Log::begin(&mut new.vault, &SystemClock).unwrap();
    let vault = new.publish(folder).unwrap();
    (Diary::over(vault, Box::new(SystemClock)).unwrap(), code)
}

pub(super) fn open_with(folder: &Path, text: &str) -> Result<Diary, Error> {
    open_secret(folder, &SecretBytes::from(&passphrase(text)))
}

pub(super) fn open(folder: &Path) -> Diary {
    open_with(folder, "a").unwrap()
}

/// A vault's folder as it lies: what a kill leaves, and what somebody copies.
pub(super) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

/// Names in a folder, sorted.
pub(super) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Attaches bytes as a file that lies beside the vault only meanwhile.
pub(super) fn attach(
    diary: &mut Diary,
    which: &IncidentRef,
    name: &str,
    bytes: &[u8],
) -> Result<Item, Error> {
    let folder = temporary_folder();
    let file = folder.path().join(name);
    fs::write(&file, bytes).unwrap();
    diary.attach(which, &file, &AttachOptions::default(), &mut NoProgress)
}

/// The original of an item.
pub(super) fn extract(diary: &mut Diary, item: &EntryId) -> Result<Vec<u8>, Error> {
    let folder = temporary_folder();
    let out = folder.path().join("out");
    diary.extract(item, &out, &mut NoProgress)?;
    Ok(fs::read(&out).unwrap())
}

/// Takes a new passphrase with the recovery code, as [`Diary::recover`] does.
pub(super) fn recover(
    folder: &Path,
    code: &RecoveryCode,
    new: &str,
    new_code: bool,
) -> Result<Option<RecoveryCode>, Error> {
    let new = NewPassphrase::even_if_weak(new.as_bytes()).unwrap();
    open_with_code(folder, code)?.change_secrets(&new, new_code)
}

pub(super) fn open_with_code(folder: &Path, code: &RecoveryCode) -> Result<Diary, Error> {
    open_secret(folder, &SecretBytes::from(code))
}

fn open_secret(folder: &Path, secret: &SecretBytes) -> Result<Diary, Error> {
    Diary::over(vault::fixture::open(folder, secret)?, Box::new(SystemClock))
}

/// Every file of a folder with its bytes.
pub(super) fn contents(folder: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let files = names(folder).into_iter();
    let files = files.filter(|name| folder.join(name).is_file());
    files
        .map(|name| (name.clone(), fs::read(folder.join(name)).unwrap()))
        .collect()
}

pub(super) fn header(folder: &Path) -> Header {
    let bytes = fs::read(folder.join("header")).unwrap();
    let read = Header::parse(&bytes, KdfFloor::DangerNone).unwrap();
    read.header
}

/// Cells of a table, in order; of a vault that is not open.
pub(super) fn cells(folder: &Path, table: u8) -> Vec<Vec<u8>> {
    let database = rusqlite::Connection::open(folder.join("log.db")).unwrap();
    let sql = format!("SELECT b FROM p{table} ORDER BY i");
    let mut statement = database.prepare(&sql).unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

/// Changes the database of a vault that is not open. `own` stands for its table.
pub(super) fn alter(folder: &Path, half: u8, sql: &str) {
    let database = rusqlite::Connection::open(folder.join("log.db")).unwrap();
    let sql = sql.replace("own", &format!("p{half}"));
    database.execute_batch(&sql).unwrap();
}

/// A vault in a folder that is removed with it.
pub(super) struct Small {
    pub(super) folder: tempfile::TempDir,
    diary: Option<Diary>,
    pub(super) code: RecoveryCode,
}

impl Small {
    pub(super) fn new() -> Self {
        let folder = temporary_folder();
        let (diary, code) = create(&folder.path().join("vault"));
        Self {
            folder,
            diary: Some(diary),
            code,
        }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn vault(&self) -> PathBuf {
        self.path("vault")
    }

    pub(super) fn diary(&mut self) -> &mut Diary {
        self.diary.as_mut().unwrap()
    }

    /// Closes the diary as a program that ends does.
    pub(super) fn close(&mut self) {
        self.diary = None;
    }

    /// The diary itself, for what ends it.
    pub(super) fn take(&mut self) -> Diary {
        self.diary.take().unwrap()
    }

    pub(super) fn reopen(&mut self) {
        self.close();
        self.diary = Some(open(&self.vault()));
    }

    /// The half that it lives in.
    pub(super) fn half(&mut self) -> u8 {
        self.diary().log.vault().head().half.byte()
    }

    /// The folder as it lies now, under another name.
    pub(super) fn copy_to(&self, name: &str) -> PathBuf {
        copy(&self.vault(), &self.path(name));
        self.path(name)
    }

    /// Records an incident with this narrative.
    pub(super) fn add(&mut self, narrative: &str) -> IncidentRef {
        IncidentRef::Id(add(self.diary(), narrative).id)
    }
}

/// Records an incident with this narrative.
pub(super) fn add(diary: &mut Diary, narrative: &str) -> Recorded {
    let json = format!(r#"{{"occurred":{{"from":"2026-10-03"}},"narrative":"{narrative}"}}"#);
    let incident = Incident::parse(json.as_bytes(), &SystemClock).unwrap();
    diary.add(&incident).unwrap()
}

pub(super) fn is_sound(diary: &mut Diary) -> bool {
    diary.check(&mut NoProgress).unwrap().sound
}

/// Everything, with the originals.
pub(super) fn everything() -> Selection {
    Selection {
        originals: Originals::All,
        ..Selection::everything(Language::Russian)
    }
}

/// The error, of what must not succeed.
pub(super) fn refused<T>(result: Result<T, Error>) -> VaultError {
    match result {
        Err(Error::Vault(error)) => error,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("it was not refused"),
    }
}
