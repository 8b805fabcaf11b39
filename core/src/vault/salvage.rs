//! What can still be read of a half when its head, its index or its entries are damaged (FORMAT.md 24).
//!
//! Every cell says what it is and is bound to its position, so what opens is genuine, whatever points
//! to it or no longer does.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::cell::{CELL, CellCipher, ObjectName, first_of_object};
use super::create::{NewVault, empty_head};
use super::error::VaultError;
use super::folder::{Folder, TemporaryFolder};
use super::head::Head;
use super::header::Header;
use super::kdf::KdfFloor;
use super::key_file;
use super::node::{EntryPlace, Node, PLACES};
use super::secret::SecretBytes;
use super::session::{Vault, cell_cipher};
use super::slot::OpenSlot;
use super::snapshot::batches;
use super::store::{CellSource, CellWrites, Store};
use crate::log::tree::Hash;
use crate::progress::Progress;
use crate::random;

/// Bytes of a place in a node.
const PLACE: usize = 60;
/// Cells that are written in one transaction: 0.5 MB.
const TOGETHER: usize = 256;
/// Bytes of a page of the database, and pages that are read at once.
const PAGE: usize = 4096;
const PAGES_TOGETHER: usize = 64;

/// Every object of one half that still opens.
pub(crate) struct Remains {
    header: Header,
    slot: OpenSlot,
    cipher: CellCipher,
    store: Store,
    head: Option<Head>,
    /// Nodes of level 0, by number.
    nodes: BTreeMap<u32, Vec<EntryPlace>>,
    /// Position and run of entries.
    entries: BTreeMap<u32, (u32, u16)>,
    side: Option<(u32, u16)>,
    /// A copy of a damaged database, which is removed with it.
    _copy: Option<TemporaryFolder>,
    /// Keeps others out of the vault that is read.
    _lock: Option<File>,
}

impl Remains {
    /// Of the half in a backup that a slot opens.
    pub(crate) fn of_backup(
        source: Box<dyn CellSource>,
        header: &Header,
        slot: OpenSlot,
        progress: &mut dyn Progress,
    ) -> Result<Self, VaultError> {
        let store = Store::read_only(source, header.step)?;
        Self::scan(header.clone(), slot, store, None, progress)
    }

    /// Of the half of a vault that a secret opens, and whether one block of its header was damaged. The
    /// vault is not touched: a copy of its database is made beside `target`, and is removed again.
    pub(crate) fn of_vault(
        vault: &Path,
        target: &Path,
        secret: &SecretBytes,
        floor: KdfFloor,
        progress: &mut dyn Progress,
    ) -> Result<(Self, bool), VaultError> {
        key_file::find(vault)?;
        let lock = lock(vault)?;
        let read = key_file::read_remains(vault, floor)?;
        let slot = read.header.open_slot(secret)?;
        let copy = TemporaryFolder::beside_empty(target)?;
        if matches!(vault.join("log.db").try_exists(), Ok(false)) {
            return Err(VaultError::ForeignDatabase);
        }
        let database = copy_database(vault, copy.path()).map_err(VaultError::from_io)?;
        Store::put_first_page(&database, read.header.step)?;
        let store = Store::open_damaged(&database, read.header.step, slot.half)?;
        let mut remains = Self::scan(read.header, slot, store, Some(copy), progress)?;
        remains._lock = lock;
        Ok((remains, read.one_block_damaged))
    }

    /// Entries that the log had, as far as anything tells.
    pub(crate) fn size(&self) -> u32 {
        let said = self.head.as_ref().map_or(0, |head| head.entries);
        let found = self.entries.last_key_value();
        let found = found.map_or(0, |(number, _)| number.saturating_add(1));
        let known = self.nodes.last_key_value().map_or(0, |(node, places)| {
            let places = u32::try_from(places.len()).unwrap_or(u32::MAX);
            node.saturating_mul(32).saturating_add(places)
        });
        said.max(found).max(known)
    }

    /// Whether the head opens: without it, nobody knows how long the log was.
    pub(crate) fn has_head(&self) -> bool {
        self.head.is_some()
    }

    /// Whether the head is older than what was found: it does not tell either how long the log was.
    pub(crate) fn is_longer_than_head(&self) -> bool {
        let said = self.head.as_ref().map(|head| head.entries);
        said.is_some_and(|said| said < self.size())
    }

    /// What the index knows of an entry, if its node can be read.
    pub(crate) fn place(&self, number: u32) -> Option<EntryPlace> {
        let node = self.nodes.get(&(number / 32))?;
        node.get((number % 32) as usize).copied()
    }

    /// The root of the log, as the head has it.
    pub(crate) fn root(&self) -> Option<Hash> {
        self.head.as_ref().map(|head| head.root)
    }

    /// The bytes of an entry: the one that its place means, or, if that is lost, the one that says
    /// so itself.
    pub(crate) fn entry(&self, number: u32) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        let name = ObjectName::Entry(number);
        match self.place(number) {
            Some(known) => {
                let Some(place) = known.place else {
                    return Ok(None);
                };
                let cells = self.store.read(place.position, place.run)?;
                Ok(cells.and_then(|cells| self.cipher.open(name, place, &cells).ok()))
            }
            None => self.object(name, self.entries.get(&number).copied()),
        }
    }

    /// Drafts and settings.
    pub(crate) fn side(&self) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        self.object(ObjectName::Side, self.side)
    }

    /// The log's signing seed, as the head has it.
    pub(crate) fn signing_seed(&self) -> Option<Zeroizing<[u8; 32]>> {
        let head = self.head.as_ref()?;
        Some(Zeroizing::new(*head.signing_seed))
    }

    /// Begins a container for what was found: the same keys and slots, a new instance, the other half
    /// as it lies, and a log without entries. Also gives how many cells of the other half are lost.
    pub(crate) fn begin(
        &mut self,
        target: &Path,
        signing_seed: Zeroizing<[u8; 32]>,
    ) -> Result<(NewVault, u32), VaultError> {
        let half = self.slot.half;
        let temporary = TemporaryFolder::beside_empty(target)?;
        let folder = Folder::create(temporary.path())?;
        let header = Header {
            instance: random::bytes()?,
            ..self.header.clone()
        };
        let mut store = Store::create(&folder.database(), half.other(), header.step)?;
        store.grow_to(self.store.cells())?;
        let lost = self.copy_other_half(&mut store)?;
        store.use_half(half);
        let instance = self.head.as_ref().map(|head| head.instance);
        let head = Head {
            signing_seed,
            instance: instance.unwrap_or(self.header.instance),
            ..empty_head(half, &header)?
        };
        let keys = self.slot.duplicate().keys;
        let cipher = cell_cipher(&keys.half, &header, half);
        let sealed = cipher.seal(ObjectName::Head, 0, &head.to_bytes())?;
        store.write(&vec![(0, sealed.cells)])?;
        folder.write_header(&header)?;
        let vault = Vault::unlocked(folder, header, half, keys, store)?;
        let new = NewVault {
            vault,
            folder: temporary,
        };
        Ok((new, lost))
    }

    fn copy_other_half(&mut self, to: &mut Store) -> Result<u32, VaultError> {
        let (mut lost, mut writes) = (0, CellWrites::new());
        self.store.use_half(self.slot.half.other());
        let copied = each_cell(&self.store, |position, cell| {
            match cell {
                Some(cell) => writes.push((position, cell.to_vec())),
                // The filler that is there stays.
                None => lost += 1,
            }
            if writes.len() >= TOGETHER {
                to.write(&std::mem::take(&mut writes))?;
            }
            to.checkpoint_if_long()
        });
        self.store.use_half(self.slot.half);
        copied?;
        to.write(&writes)?;
        Ok(lost)
    }

    fn scan(
        header: Header,
        slot: OpenSlot,
        mut store: Store,
        copy: Option<TemporaryFolder>,
        progress: &mut dyn Progress,
    ) -> Result<Self, VaultError> {
        store.use_half(slot.half);
        let cipher = cell_cipher(&slot.keys.half, &header, slot.half);
        let mut remains = Self {
            header,
            slot,
            cipher,
            store,
            head: None,
            nodes: BTreeMap::new(),
            entries: BTreeMap::new(),
            side: None,
            _copy: copy,
            _lock: None,
        };
        remains.look(progress)?;
        let nothing = remains.head.is_none() && remains.size() == 0;
        if let (true, Some(before)) = (nothing, &remains.slot.keys.before) {
            // A rotation was cut short: the cells are still under the key before.
            remains.cipher = cell_cipher(before, &remains.header, remains.slot.half);
            remains.look(progress)?;
        }
        Ok(remains)
    }

    /// Tries every cell.
    fn look(&mut self, progress: &mut dyn Progress) -> Result<(), VaultError> {
        let total = u64::from(self.store.cells());
        let mut found: Vec<(ObjectName, u32, u16)> = Vec::new();
        let mut plaintext = Zeroizing::new(Vec::with_capacity(CELL));
        each_cell(&self.store, |position, cell| {
            if progress.advance(position.into(), total).is_break() {
                return Err(VaultError::Cancelled);
            }
            plaintext.clear();
            let opened = cell.and_then(|cell| {
                let opened = self.cipher.open_cell(position, cell, &mut plaintext);
                opened.ok().and_then(first_of_object)
            });
            found.extend(opened.map(|(name, run)| (name, position, run)));
            Ok(())
        })?;
        for (name, position, run) in found {
            match name {
                ObjectName::Head if position == 0 => {
                    let head = self.object(name, Some((position, run)))?;
                    let half = self.slot.half;
                    self.head = head
                        .and_then(|bytes| Head::parse(&bytes))
                        .filter(|head| head.half == half);
                }
                // The sealed copy of a full node lies behind what is left where it was open.
                ObjectName::Node { level: 0, number } => {
                    let bytes = self.object(name, Some((position, run)))?;
                    if let Some(places) = bytes.and_then(|bytes| places_of(&bytes)) {
                        self.nodes.insert(number, places);
                    }
                }
                ObjectName::Entry(number) => {
                    self.entries.insert(number, (position, run));
                }
                ObjectName::Side => self.side = Some((position, run)),
                ObjectName::Head | ObjectName::Node { .. } => {}
            }
        }
        Ok(())
    }

    fn object(
        &self,
        name: ObjectName,
        at: Option<(u32, u16)>,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        let Some((position, run)) = at else {
            return Ok(None);
        };
        let cells = self.store.read(position, run)?;
        Ok(cells.and_then(|cells| self.cipher.open_unchecked(name, position, &cells).ok()))
    }
}

/// The places of a node of level 0, of which nobody says how many there are.
fn places_of(bytes: &[u8]) -> Option<Vec<EntryPlace>> {
    let held = bytes
        .chunks_exact(PLACE)
        .take_while(|place| place.iter().any(|byte| *byte != 0))
        .count();
    let node = Node::parse(0, held.min(PLACES), bytes)?;
    Some(node.entries().to_vec())
}

/// Every cell of a half, in order; `None` for one that cannot be read.
fn each_cell(
    store: &Store,
    mut each: impl FnMut(u32, Option<&[u8]>) -> Result<(), VaultError>,
) -> Result<(), VaultError> {
    for (first, run) in batches(store.cells()) {
        let positions = first..first.saturating_add(run.into());
        if let Some(cells) = store.read(first, run)? {
            for (position, cell) in positions.zip(cells.chunks(CELL)) {
                each(position, Some(cell))?;
            }
            continue;
        }
        for position in positions {
            each(position, store.read(position, 1)?.as_deref())?;
        }
    }
    Ok(())
}

/// Keeps others out of a vault, also of one that cannot be written.
fn lock(vault: &Path) -> Result<Option<File>, VaultError> {
    let lock = match File::open(vault.join("lock")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(VaultError::from_io)?,
    };
    #[cfg(test)]
    let _guard = super::fixture::nothing_is_being_started();
    match lock.try_lock() {
        Ok(()) => Ok(Some(lock)),
        Err(TryLockError::WouldBlock) => Err(VaultError::InUse),
        Err(TryLockError::Error(error)) => Err(VaultError::from_io(error)),
    }
}

/// Copies a database with its log of writes.
fn copy_database(vault: &Path, to: &Path) -> io::Result<PathBuf> {
    fs::create_dir(to)?;
    let database = to.join("log.db");
    copy_readable(&vault.join("log.db"), &database)?;
    match copy_readable(&vault.join("log.db-wal"), &to.join("log.db-wal")) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(database),
    }
}

fn copy_readable(from: &Path, to: &Path) -> io::Result<()> {
    let mut source = File::open(from)?;
    let bytes = source.seek(SeekFrom::End(0))?;
    let mut out = File::create_new(to)?;
    copy_pages(&mut source, bytes, &mut out)
}

/// Copies so many bytes; a page that the disk does not give is zeros in the copy.
fn copy_pages(source: &mut (impl Read + Seek), bytes: u64, out: &mut impl Write) -> io::Result<()> {
    let mut pages = vec![0; PAGES_TOGETHER * PAGE];
    let mut at = 0;
    while at < bytes {
        let left = usize::try_from(bytes - at).unwrap_or(usize::MAX);
        let count = pages.len().min(left);
        let room = pages.get_mut(..count).unwrap_or_default();
        if read_exactly(source, at, room).is_err() {
            for (first, page) in (at..).step_by(PAGE).zip(room.chunks_mut(PAGE)) {
                if read_exactly(source, first, page).is_err() {
                    page.fill(0);
                }
            }
        }
        out.write_all(room)?;
        at += count as u64;
    }
    Ok(())
}

fn read_exactly(source: &mut (impl Read + Seek), at: u64, room: &mut [u8]) -> io::Result<()> {
    source.seek(SeekFrom::Start(at))?;
    source.read_exact(room)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A disk that does not give one page.
    struct Faulty {
        bytes: io::Cursor<Vec<u8>>,
        page: u64,
    }

    impl Read for Faulty {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let (at, bad) = (self.bytes.position(), self.page * PAGE as u64);
            if at < bad + PAGE as u64 && at + out.len() as u64 > bad {
                return Err(io::Error::other("input/output error"));
            }
            self.bytes.read(out)
        }
    }

    impl Seek for Faulty {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.bytes.seek(to)
        }
    }

    #[test]
    fn section_24_a_page_that_cannot_be_read_is_zeros_and_the_others_are_copied() {
        let whole = vec![7; (PAGES_TOGETHER + 3) * PAGE + 100];
        for page in [0, 1, PAGES_TOGETHER - 1, PAGES_TOGETHER + 1] {
            let mut expected = whole.clone();
            expected[page * PAGE..(page + 1) * PAGE].fill(0);
            let bytes = io::Cursor::new(whole.clone());
            let page = page as u64;
            let mut copied = Vec::new();
            copy_pages(&mut Faulty { bytes, page }, whole.len() as u64, &mut copied).unwrap();
            assert!(copied == expected, "page {page}");
        }
    }
}
