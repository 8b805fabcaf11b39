//! All cells of a container, as a backup takes them and gives them back.

use std::fs::File;
use std::path::{Path, PathBuf};

use super::cell::CELL;
use super::create::NewVault;
use super::error::VaultError;
use super::folder::{Folder, TemporaryFolder};
use super::header::{Half, Header};
use super::keys::{Container, Key};
use super::session::Vault;
use super::slot::OpenSlot;
use super::store::{CellSource, Store};
use crate::random::{self, Filler};

/// Cells that are read or written together: 0.5 MB.
const BATCH: u32 = 256;

impl Vault {
    /// Gives all cells, of p0 and then of p1, in batches and in order. Those that cannot be read
    /// are random; their number is returned.
    pub(crate) fn copy_cells<E: From<VaultError>>(
        &mut self,
        mut each: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<u32, E> {
        self.usable_store()?;
        let mut unreadable = 0;
        let mut copied = Ok(());
        for half in [Half::Zero, Half::One] {
            self.store.use_half(half);
            copied = copy_half(&self.store, &mut each, &mut unreadable);
            if copied.is_err() {
                break;
            }
        }
        self.store.use_half(self.head.half);
        copied.map(|()| unreadable)
    }

    /// The container key (CK), for a backup.
    pub(crate) fn container_key(&self) -> &Key<Container> {
        &self.keys.container
    }

    /// Cells of each table.
    pub(crate) fn cells(&self) -> u32 {
        self.store.cells()
    }

    /// The diary in a backup, to be read where it lies.
    pub(crate) fn read_only(
        backup: File,
        header: Header,
        slot: OpenSlot,
        source: Box<dyn CellSource>,
    ) -> Result<Self, VaultError> {
        let store = Store::read_only(source, header.step)?;
        Self::unlocked(Folder::none(backup), header, slot.half, slot.keys, store)
    }
}

/// A container that is being restored from a backup; it is removed unless it becomes a vault.
pub(crate) struct RestoredFolder {
    folder: Folder,
    temporary: TemporaryFolder,
    header: Header,
    store: Store,
}

impl RestoredFolder {
    /// Makes the folder beside `target`, which is absent or empty, with a new instance. `read`
    /// gives the cells of a half from a position on, into a buffer for a whole number of them.
    pub(crate) fn begin<E: From<VaultError>>(
        target: &Path,
        header: &Header,
        cells: u32,
        read: impl FnMut(Half, u32, &mut [u8]) -> Result<(), E>,
    ) -> Result<Self, E> {
        let temporary = TemporaryFolder::beside_empty(target)?;
        let folder = Folder::create(temporary.path())?;
        let header = Header {
            instance: random::bytes().map_err(VaultError::from)?,
            ..header.clone()
        };
        let store = fill_database(&folder, &header, cells, read)?;
        folder.write_header(&header)?;
        Ok(Self {
            folder,
            temporary,
            header,
            store,
        })
    }

    /// Where its evidence files go.
    pub(crate) fn evidence(&self) -> PathBuf {
        self.folder.evidence()
    }

    /// Opens the half that the backup was opened with.
    pub(crate) fn unlock(self, slot: OpenSlot) -> Result<NewVault, VaultError> {
        let Self {
            folder,
            temporary,
            header,
            store,
        } = self;
        Ok(NewVault {
            vault: Vault::unlocked(folder, header, slot.half, slot.keys, store)?,
            folder: temporary,
        })
    }
}

fn fill_database<E: From<VaultError>>(
    folder: &Folder,
    header: &Header,
    cells: u32,
    mut read: impl FnMut(Half, u32, &mut [u8]) -> Result<(), E>,
) -> Result<Store, E> {
    let mut store = Store::create(&folder.database(), Half::Zero, header.step)?;
    store.grow_to(cells)?;
    for half in [Half::Zero, Half::One] {
        store.use_half(half);
        for (position, run) in batches(cells) {
            let mut batch = vec![0; usize::from(run) * CELL];
            read(half, position, &mut batch)?;
            store.write(&vec![(position, batch)])?;
            store.checkpoint_if_long()?;
        }
    }
    store.checkpoint()?;
    Ok(store)
}

fn copy_half<E: From<VaultError>>(
    store: &Store,
    each: &mut impl FnMut(&[u8]) -> Result<(), E>,
    unreadable: &mut u32,
) -> Result<(), E> {
    for (position, run) in batches(store.cells()) {
        if let Some(cells) = store.read(position, run)? {
            each(&cells)?;
            continue;
        }
        for position in position..position.saturating_add(run.into()) {
            match store.read(position, 1)? {
                Some(cell) => each(&cell)?,
                None => {
                    let mut filler = [0; CELL];
                    Filler::new().map_err(VaultError::from)?.fill(&mut filler);
                    *unreadable += 1;
                    each(&filler)?;
                }
            }
        }
    }
    Ok(())
}

/// Position and number of cells, from the first to the last.
pub(super) fn batches(cells: u32) -> impl Iterator<Item = (u32, u16)> {
    (0..cells).step_by(BATCH as usize).map(move |position| {
        let run = BATCH.min(cells - position);
        (position, u16::try_from(run).unwrap_or(u16::MAX))
    })
}
