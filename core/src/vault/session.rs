//! A vault that is open: reading what is sealed in it, each piece checked against whoever points
//! to it (FORMAT.md 14).

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use zeroize::Zeroizing;

use super::cell::{CELL, CellCipher, ObjectName, Place};
use super::device::{self, DeviceKey};
use super::edge::read_state;
use super::error::{Part, VaultError};
use super::folder::Folder;
use super::head::Head;
use super::header::{Half, Header};
use super::kdf::KdfFloor;
use super::keys::{self, Key};
use super::node::{self, EntryPlace, LEVELS, Node, PLACES};
use super::secret::SecretBytes;
use super::slot::SlotKeys;
use super::store::Store;

/// An open vault: one half of a container. Dropping it wipes the keys.
pub(crate) struct Vault {
    pub(super) folder: Folder,
    pub(super) header: Header,
    pub(super) keys: SlotKeys,
    pub(super) cipher: CellCipher,
    pub(super) store: Store,
    pub(super) head: Head,
    /// The open node of each level.
    pub(super) edge: [Arc<Node>; LEVELS],
    /// Full nodes that were opened in this session.
    pub(super) full: HashMap<(u8, u32), Arc<Node>>,
    /// Sealed cells that were read together.
    pub(super) ahead: Ahead,
    /// A write failed and the file could not be opened again.
    pub(super) closed: bool,
    /// A rotation was cut short: the header holds the new key, the cells are still under the old one. They are
    /// read, and nothing is written before the rotation is finished.
    pub(super) rotation_cut_short: bool,
    /// One block of the header was damaged at opening, and was to be written anew.
    header_damaged: bool,
    /// The slot that opened is bound to a device.
    pub(super) bound: bool,
}

/// How the key file is: the header, twice.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum KeyFile {
    /// Both copies can be read.
    Whole,
    /// So they can since the diary was opened: one was damaged, and was written anew.
    Mended,
    /// One is damaged, or the disk does not give it, and it was not written anew.
    OneCopy,
    /// Neither can be read: this diary is open, and may not open again.
    Lost,
}

/// Sealed cells from a position on, read in one query because those before or after them had just
/// been asked for. A commit empties it: what it holds is never older than the index.
#[derive(Default)]
pub(super) struct Ahead {
    first: u32,
    cells: Vec<u8>,
    /// The entry that was asked for last.
    last_entry: Option<u32>,
}

/// Cells that are read in one query, at most: 128 KiB. The entries of one node lie together.
const MAX_AHEAD: u32 = 64;

/// Full nodes kept in memory, at most: enough for 130,000 entries, about 8 MB.
const MAX_KEPT: usize = 4_096;

impl Vault {
    /// Opens a container with a passphrase or a recovery code. Costs one Argon2id run and the same
    /// work whatever is in it.
    pub(crate) fn open(
        path: &Path,
        secret: &SecretBytes,
        floor: KdfFloor,
    ) -> Result<Self, VaultError> {
        Self::open_with(path, secret, None, floor)
    }

    /// As [`Vault::open`], also where the passphrase is bound to a device.
    pub(crate) fn open_with(
        path: &Path,
        secret: &SecretBytes,
        device: Option<&dyn DeviceKey>,
        floor: KdfFloor,
    ) -> Result<Self, VaultError> {
        let folder = Folder::open(path)?;
        let read = folder.read_header(floor)?;
        let store = Store::open(&folder.database(), read.header.step)?;
        let (opened, bound) = device::open_any(&read.header, secret, device)?;
        let mut vault = Self::unlocked(folder, read.header, opened.half, opened.keys, store)?;
        vault.bound = bound;
        vault.folder.remove_unfinished_header();
        if read.one_block_damaged {
            // A full or failing disk does not keep her out: the other block holds.
            let _ = vault.folder.write_header(&vault.header);
            vault.header_damaged = true;
        }
        Ok(vault)
    }

    /// Whether a secret opens this vault's half, at the full cost of an attempt.
    pub(crate) fn opens_with(
        &self,
        secret: &SecretBytes,
        device: Option<&dyn DeviceKey>,
    ) -> Result<bool, VaultError> {
        match device::open_any(&self.header, secret, device) {
            Ok((opened, _)) => Ok(opened.half == self.head.half),
            Err(VaultError::WrongSecret) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// What the last commit left.
    pub(crate) fn head(&self) -> &Head {
        &self.head
    }

    /// The container's header.
    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    /// The folder of the sealed evidence files.
    pub(crate) fn evidence_folder(&self) -> PathBuf {
        self.folder.evidence()
    }

    /// Whether the head still has to be told which slots are current (FORMAT.md 15).
    pub(crate) fn slots_unsettled(&self) -> bool {
        self.head.slots != self.header.slots_hash(self.head.half)
    }

    /// Whether an entry that is damaged now stays so: the disk gives all bytes of the database.
    pub(crate) fn damage_stays(&self) -> bool {
        self.store.disk_gives_all()
    }

    /// Whether it is a backup that is read where it lies.
    pub(crate) fn is_read_only(&self) -> bool {
        self.store.is_read_only()
    }

    /// How the header's file is now.
    pub(crate) fn key_file(&self) -> KeyFile {
        match self.folder.blocks_of_header(&self.header) {
            0 => KeyFile::Lost,
            1 => KeyFile::OneCopy,
            _ if self.header_damaged => KeyFile::Mended,
            _ => KeyFile::Whole,
        }
    }

    /// What the index knows of an entry; `None` if the log is not that long.
    pub(crate) fn entry_place(&mut self, number: u32) -> Result<Option<EntryPlace>, VaultError> {
        if number >= self.head.entries {
            return Ok(None);
        }
        let node = self.node(0, node::parent(number))?;
        Ok(node.entries().get(node::slot(number)).copied())
    }

    /// The bytes of an entry that was not erased.
    pub(crate) fn entry(
        &mut self,
        number: u32,
        place: Place,
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        self.read_ahead(number, place)?;
        self.object(ObjectName::Entry(number), place, Part::Entry(number))
    }

    /// Drafts and settings, if there are any.
    pub(crate) fn side(&mut self) -> Result<Option<Zeroizing<Vec<u8>>>, VaultError> {
        let Some((place, _)) = self.head.side else {
            return Ok(None);
        };
        self.object(ObjectName::Side, place, Part::Side).map(Some)
    }

    /// A node of the index; its number is in range.
    pub(crate) fn node(&mut self, level: u8, number: u32) -> Result<Arc<Node>, VaultError> {
        let damaged = VaultError::Damaged(Part::Node { level, number });
        if number >= node::open_number(level, self.head.entries) {
            return self
                .edge
                .get(usize::from(level))
                .map(Arc::clone)
                .ok_or(damaged);
        }
        if let Some(node) = self.full.get(&(level, number)) {
            return Ok(Arc::clone(node));
        }
        let above = self.node(level + 1, node::parent(number))?;
        let Some(said) = above.nodes().get(node::slot(number)).copied() else {
            return Err(damaged);
        };
        let place = Place {
            position: said.position,
            run: 1,
            check: said.check,
        };
        let name = ObjectName::Node { level, number };
        let bytes = self.object(name, place, Part::Node { level, number })?;
        let node = Node::parse(level, PLACES, &bytes)
            .filter(|node| node.incidents() == said.incidents && node.hash() == said.hash)
            .ok_or(damaged)?;
        let node = Arc::new(node);
        if self.full.len() >= MAX_KEPT {
            self.full.clear();
        }
        self.full.insert((level, number), Arc::clone(&node));
        Ok(node)
    }

    pub(super) fn usable_store(&self) -> Result<&Store, VaultError> {
        if self.closed {
            Err(VaultError::Closed)
        } else {
            Ok(&self.store)
        }
    }

    /// Reads an object and checks it against its place.
    fn object(
        &self,
        name: ObjectName,
        place: Place,
        part: Part,
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let store = self.usable_store()?;
        let opened = match self.ahead.get(place) {
            Some(cells) => self.cipher.open(name, place, cells).ok(),
            None => store
                .read(place.position, place.run)?
                .and_then(|cells| self.cipher.open(name, place, &cells).ok()),
        };
        opened.ok_or(VaultError::Damaged(part))
    }

    /// Reads the cells of all entries of a node together, if its entries are asked for in order.
    fn read_ahead(&mut self, number: u32, place: Place) -> Result<(), VaultError> {
        let last = self.ahead.last_entry.replace(number);
        let in_order = last.is_some_and(|last| last.abs_diff(number) == 1);
        if !in_order || self.ahead.get(place).is_some() {
            return Ok(());
        }
        let node = self.node(0, node::parent(number))?;
        let places = node.entries().iter().filter_map(|entry| entry.place);
        let first = places.clone().map(|place| place.position).min();
        let end = places
            .map(|place| place.position.saturating_add(place.run.into()))
            .max();
        let (Some(first), Some(end)) = (first, end) else {
            return Ok(());
        };
        let Some(run) = end.checked_sub(first).filter(|run| *run <= MAX_AHEAD) else {
            return Ok(());
        };
        let run = u16::try_from(run).unwrap_or(u16::MAX);
        // A damaged page costs the entries in it only: each cell is then read on its own.
        if let Ok(Some(cells)) = self.usable_store()?.read(first, run) {
            (self.ahead.first, self.ahead.cells) = (first, cells);
        }
        Ok(())
    }

    /// From keys to an open vault: the head and the right edge of the tree.
    pub(super) fn unlocked(
        folder: Folder,
        header: Header,
        half: Half,
        keys: SlotKeys,
        mut store: Store,
    ) -> Result<Self, VaultError> {
        store.use_half(half);
        let State {
            cipher,
            head,
            edge,
            rotation_cut_short,
        } = State::read(&store, &header, &keys, half)?;
        Ok(Self {
            folder,
            header,
            keys,
            cipher,
            store,
            head,
            edge,
            full: HashMap::new(),
            ahead: Ahead::default(),
            closed: false,
            rotation_cut_short,
            header_damaged: false,
            bound: false,
        })
    }

    /// Reads head and right edge anew, after a failed write.
    pub(crate) fn reload(&mut self) -> Result<(), VaultError> {
        self.full.clear();
        self.ahead = Ahead::default();
        self.closed = true;
        self.store.reopen()?;
        let state = State::read(&self.store, &self.header, &self.keys, self.head.half)?;
        (self.cipher, self.rotation_cut_short) = (state.cipher, state.rotation_cut_short);
        (self.head, self.edge) = (state.head, state.edge);
        self.closed = false;
        Ok(())
    }

    /// Nothing is read or written any more: what is in the files, only the next opening tells.
    pub(crate) fn close(&mut self) {
        self.closed = true;
    }

    /// Moves the log of writes into the database: at lock, after an erasure, when idle.
    pub(crate) fn checkpoint(&mut self) -> Result<(), VaultError> {
        self.usable_store()?;
        let done = self.store.checkpoint();
        if done.is_err() {
            self.reload()?;
        }
        done
    }

    /// Whether a rotation was cut short and has to be finished (FORMAT.md 15).
    pub(crate) fn rotation_cut_short(&self) -> bool {
        self.rotation_cut_short
    }
}

/// Head and right edge, under the key that opens them.
struct State {
    cipher: CellCipher,
    head: Head,
    edge: [Arc<Node>; LEVELS],
    rotation_cut_short: bool,
}

impl State {
    fn read(
        store: &Store,
        header: &Header,
        keys: &SlotKeys,
        half: Half,
    ) -> Result<Self, VaultError> {
        let mut cipher = cell_cipher(&keys.half, header, half);
        let mut read = read_state(store, &cipher, half);
        let mut rotation_cut_short = false;
        if let (Err(VaultError::Damaged(Part::Head)), Some(before)) = (&read, &keys.before) {
            rotation_cut_short = true;
            cipher = cell_cipher(before, header, half);
            read = read_state(store, &cipher, half);
        }
        let (head, edge) = read?;
        let slots = header.slots_hash(half);
        if head.slots != slots && head.slots_pending != slots {
            return Err(VaultError::OldHeader);
        }
        Ok(Self {
            cipher,
            head,
            edge,
            rotation_cut_short,
        })
    }
}

/// The cipher of a half's cells under a key.
pub(super) fn cell_cipher(key: &Key<keys::Half>, header: &Header, half: Half) -> CellCipher {
    let key = key.derive_cell_key(&header.container_id);
    CellCipher::new(&key, header.container_id, half)
}

impl Ahead {
    /// The cells of an object, if they are here.
    fn get(&self, place: Place) -> Option<&[u8]> {
        let from = usize::try_from(place.position.checked_sub(self.first)?).ok()? * CELL;
        self.cells.get(from..from + usize::from(place.run) * CELL)
    }
}
