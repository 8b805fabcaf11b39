//! The items in the chunks, and the order that they must have.

use super::BackupError;
use super::frame::CHUNK;
use super::reader::OpenBackup;
use crate::bytes::{Fields, put};
use crate::error::Error;
use crate::vault::{CELL, MAX_CELLS};

/// Bytes before the content of an item.
pub(super) const ITEM_HEAD: usize = 25;
/// Bytes of one file in the list.
pub(super) const LISTED: usize = 16 + 8 + 32;
/// Files in a vault, at most: the list is kept in memory.
pub(super) const MAX_FILES: usize = 100_000;

/// What an item holds.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum ItemKind {
    Cells,
    File,
    List,
    End,
}

/// What stands before the content of an item.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct ItemHead {
    pub(super) kind: ItemKind,
    pub(super) name: [u8; 16],
    pub(super) bytes: u64,
}

/// One file in the list.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Listed {
    pub(super) name: [u8; 16],
    pub(super) bytes: u64,
    pub(super) sha256: [u8; 32],
}

/// Where everything lies in a backup whose items are in order. What they hold is not proven yet.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Contents {
    /// Cells of each table.
    pub(crate) cells: u32,
    /// Evidence files, names ascending.
    pub(crate) files: Vec<StoredFile>,
}

/// An evidence file in a backup.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct StoredFile {
    pub(crate) name: [u8; 16],
    /// Bytes of the sealed file.
    pub(crate) bytes: u64,
    /// SHA-256 of the sealed file.
    pub(crate) sha256: [u8; 32],
    pub(crate) place: Place,
}

/// Where an evidence file of a backup lies.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Place {
    /// It begins there in the contents of the chunks.
    Within(u64),
    /// In the folder beside the backup (FORMAT.md 22.1).
    Beside,
}

impl ItemKind {
    fn byte(self) -> u8 {
        match self {
            Self::Cells => 1,
            Self::File => 2,
            Self::List => 3,
            Self::End => 255,
        }
    }

    fn from_byte(byte: u8) -> Option<Self> {
        [Self::Cells, Self::File, Self::List, Self::End]
            .into_iter()
            .find(|kind| kind.byte() == byte)
    }
}

impl ItemHead {
    pub(super) fn to_bytes(self) -> [u8; ITEM_HEAD] {
        let mut bytes = [0; ITEM_HEAD];
        put(&mut bytes, 0, &[self.kind.byte()]);
        put(&mut bytes, 1, &self.name);
        put(&mut bytes, 17, &self.bytes.to_be_bytes());
        bytes
    }

    pub(super) fn parse(bytes: &[u8; ITEM_HEAD]) -> Option<Self> {
        let mut fields = Fields::new(bytes);
        let head = Self {
            kind: ItemKind::from_byte(fields.u8()?)?,
            name: fields.array()?,
            bytes: fields.u64()?,
        };
        let named = head.kind == ItemKind::File;
        (named || head.name == [0; 16]).then_some(head)
    }
}

impl Listed {
    pub(super) fn to_bytes(&self) -> [u8; LISTED] {
        let mut bytes = [0; LISTED];
        put(&mut bytes, 0, &self.name);
        put(&mut bytes, 16, &self.bytes.to_be_bytes());
        put(&mut bytes, 24, &self.sha256);
        bytes
    }

    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let mut fields = Fields::new(bytes);
        Some(Self {
            name: fields.array()?,
            bytes: fields.u64()?,
            sha256: fields.array()?,
        })
    }

    /// The file that it names, in the folder beside the backup.
    pub(super) fn beside(&self) -> StoredFile {
        StoredFile {
            name: self.name,
            bytes: self.bytes,
            sha256: self.sha256,
            place: Place::Beside,
        }
    }
}

impl Contents {
    /// Where the cells of both tables begin in the contents of the chunks.
    pub(crate) const CELLS_AT: u64 = ITEM_HEAD as u64;

    /// Where a cell lies in the contents of the chunks.
    pub(crate) fn cell_at(&self, half: u8, position: u32) -> u64 {
        Self::cell_offset(self.cells, half, position)
    }

    /// The same where only the number of cells of each table is known.
    pub(crate) fn cell_offset(cells: u32, half: u8, position: u32) -> u64 {
        let before = u64::from(half) * u64::from(cells) + u64::from(position);
        Self::CELLS_AT + before * CELL as u64
    }

    /// Gives all cells of both tables in order, some at a time, only to see that they are there.
    pub(crate) fn read_cells(
        &self,
        backup: &mut OpenBackup,
        mut each: impl FnMut(&[u8]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut at = Self::CELLS_AT;
        let end = self.cell_at(2, 0);
        let mut cells = vec![0; CHUNK];
        while at < end {
            let count = usize::try_from(end - at).unwrap_or(CHUNK).min(CHUNK);
            let now = cells.get_mut(..count).unwrap_or_default();
            backup.read_at(at, now)?;
            each(now)?;
            at += CHUNK as u64;
        }
        Ok(())
    }

    /// In words, what lies in some chunks.
    pub(crate) fn what_lies_in(&self, first: u32, last: u32) -> String {
        let chunk = CHUNK as u64;
        let (start, end) = (u64::from(first) * chunk, (u64::from(last) + 1) * chunk);
        let log = start < self.cell_at(2, 0);
        let overlap = |file: &&StoredFile| match file.place {
            Place::Within(offset) => offset < end && start < offset + file.bytes,
            Place::Beside => false,
        };
        let files = self.files.iter().filter(overlap).count();
        match (log, files) {
            (true, 0) => "cells of the log lie there".to_owned(),
            (true, files) => format!("cells of the log and {files} evidence files lie there"),
            (false, 0) => "the list of files lies there".to_owned(),
            (false, files) => format!("{files} evidence files lie there"),
        }
    }

    /// Reads the heads of all items and the list, and refuses any other order than a writer's.
    pub(crate) fn read(backup: &mut OpenBackup) -> Result<Self, Error> {
        let head = item_at(backup, 0)?;
        let step = backup.header().step;
        let cells = cells_of(&head, step).ok_or(BackupError::Malformed)?;
        let mut offset = Self::CELLS_AT + head.bytes;
        let mut files: Vec<StoredFile> = Vec::new();
        loop {
            let head = item_at(backup, offset)?;
            let content = offset + ITEM_HEAD as u64;
            offset = content
                .checked_add(head.bytes)
                .filter(|end| *end <= backup.contents())
                .ok_or(BackupError::Truncated)?;
            match head.kind {
                ItemKind::File
                    if files.len() < MAX_FILES
                        && files.last().is_none_or(|last| last.name < head.name) =>
                {
                    files.push(StoredFile {
                        name: head.name,
                        bytes: head.bytes,
                        sha256: [0; 32],
                        place: Place::Within(content),
                    });
                }
                ItemKind::List => {
                    read_list(backup, content, head.bytes, &mut files)?;
                    break;
                }
                _ => return Err(BackupError::Malformed.into()),
            }
        }
        let end = item_at(backup, offset)?;
        if end.kind != ItemKind::End || end.bytes != 0 {
            return Err(BackupError::Malformed.into());
        }
        only_zeros_after(backup, offset + ITEM_HEAD as u64)?;
        Ok(Self { cells, files })
    }
}

/// The head of the item that begins there.
pub(super) fn item_at(backup: &mut OpenBackup, offset: u64) -> Result<ItemHead, Error> {
    let mut bytes = [0; ITEM_HEAD];
    backup.read_at(offset, &mut bytes)?;
    Ok(ItemHead::parse(&bytes).ok_or(BackupError::Malformed)?)
}

/// Cells of each table, if the item holds cells and as many as a vault can have.
pub(super) fn cells_of(head: &ItemHead, step: u32) -> Option<u32> {
    let pair = 2 * CELL as u64;
    let cells = u32::try_from(head.bytes / pair).ok()?;
    let whole = head.kind == ItemKind::Cells && head.bytes.is_multiple_of(pair);
    let fits = cells > 0 && cells.is_multiple_of(step) && cells <= MAX_CELLS.saturating_add(step);
    (whole && fits).then_some(cells)
}

/// Reads the list, which names exactly the files that were met; if there was none, those beside.
fn read_list(
    backup: &mut OpenBackup,
    offset: u64,
    bytes: u64,
    files: &mut Vec<StoredFile>,
) -> Result<(), Error> {
    let is_beside = files.is_empty();
    let count = usize::try_from(bytes / LISTED as u64).unwrap_or(usize::MAX);
    let fits = if is_beside {
        count <= MAX_FILES
    } else {
        count == files.len()
    };
    if !fits || !bytes.is_multiple_of(LISTED as u64) {
        return Err(BackupError::Malformed.into());
    }
    for number in 0..count {
        let at = offset + u64::try_from(number * LISTED).unwrap_or(u64::MAX);
        let mut bytes = [0; LISTED];
        backup.read_at(at, &mut bytes)?;
        let listed = Listed::parse(&bytes).ok_or(BackupError::Malformed)?;
        let ascends = files.last().is_none_or(|last| last.name < listed.name);
        if is_beside && ascends {
            files.push(listed.beside());
            continue;
        }
        let file = files.get_mut(number).filter(|_| !is_beside);
        let same = |file: &&mut StoredFile| (file.name, file.bytes) == (listed.name, listed.bytes);
        file.filter(same).ok_or(BackupError::Malformed)?.sha256 = listed.sha256;
    }
    Ok(())
}

/// The end lies in the last chunk, and nothing follows it.
fn only_zeros_after(backup: &mut OpenBackup, offset: u64) -> Result<(), Error> {
    let left = backup.contents().saturating_sub(offset);
    let left = usize::try_from(left)
        .ok()
        .filter(|left| *left < CHUNK)
        .ok_or(BackupError::Malformed)?;
    let mut rest = vec![0; left];
    backup.read_at(offset, &mut rest)?;
    backup.ends_whole()?;
    if rest.iter().any(|byte| *byte != 0) {
        return Err(BackupError::Malformed.into());
    }
    Ok(())
}
