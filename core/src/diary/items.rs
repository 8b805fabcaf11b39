//! Evidence items that were attached: what the entries say of them, and where their bytes lie.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use zeroize::Zeroizing;

use super::Diary;
use crate::canonical::Value;
use crate::copy::Source as _;
use crate::error::Error;
use crate::evidence::{self, FileKey, FileName, Reader};
use crate::hex;
use crate::incident::How;
use crate::log::entry::Entry;
use crate::log::{EntryId, EntryKind, Hash, Log};
use crate::progress::Progress;
use crate::vault::{Part, VaultError};

/// The most bytes of an item that one [`Diary::read_item`] gives.
pub const MAX_READ: usize = 1 << 20;

/// An evidence item.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Item {
    /// Its id, of the same form as an incident's.
    pub id: EntryId,
    /// What the file was called: data, never a path.
    pub name: String,
    /// By its content, not by its name.
    pub media_type: String,
    /// Size of the original.
    pub bytes: u64,
    /// SHA-256 of the original.
    pub sha256: Hash,
    /// How she came by it.
    pub how: Option<How>,
    /// Her note on it.
    pub note: Option<String>,
    /// The same bytes were in the diary already and are stored once.
    pub duplicate: bool,
}

/// Where the bytes of an item lie.
pub(crate) struct Sealed {
    pub(crate) name: FileName,
    pub(crate) key: FileKey,
    pub(crate) bytes: u64,
    pub(crate) sha256: Hash,
}

/// Which files the entries name that were not erased.
#[derive(Default)]
pub(crate) struct ItemIndex {
    /// By the SHA-256 of the original: an entry that names the file.
    by_hash: HashMap<Hash, u32>,
    /// How many entries name a file.
    names: HashMap<FileName, u32>,
    /// The disk did not give all entries: one that it gives later may name any file.
    partial: bool,
}

impl Diary {
    /// Writes the original of an item to `out`, bit for bit.
    ///
    /// # Errors
    /// [`Error::NotAnItem`], [`Error::Erased`], [`Error::Evidence`] if `out` exists or the stored
    /// file is damaged.
    pub fn extract(
        &mut self,
        item: &EntryId,
        out: &Path,
        progress: &mut dyn Progress,
    ) -> Result<(), Error> {
        let number = self.resolve_item(item)?;
        Self::must_lie_outside(out)?;
        let sealed = self.sealed_item(number)?;
        let path = self.evidence_path(sealed.name);
        evidence::extract(
            &path,
            &sealed.key,
            sealed.bytes,
            &sealed.sha256,
            out,
            progress,
        )?;
        Ok(())
    }

    /// Bytes of the original of an item from `offset` on, to be looked at: `most` of them, at most
    /// [`MAX_READ`], fewer before its end, none after it. They are opened chunk by chunk and touch no
    /// file; only [`Diary::extract`] and [`Diary::check`] compare the SHA-256 of the whole.
    ///
    /// # Errors
    /// [`Error::NotAnItem`], [`Error::Erased`], [`Error::Evidence`] if the stored file is damaged there.
    pub fn read_item(
        &mut self,
        item: &EntryId,
        offset: u64,
        most: usize,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let number = self.resolve_item(item)?;
        let mut reader = self.open_item(number)?;
        let left = reader.length().saturating_sub(offset);
        let length = usize::try_from(left).map_or(most, |left| left.min(most));
        let mut part = Zeroizing::new(vec![0; length.min(MAX_READ)]);
        reader.read_at(offset.min(reader.length()), &mut part)?;
        Ok(part)
    }

    /// The number of an evidence entry, from its id.
    pub(crate) fn resolve_item(&mut self, id: &EntryId) -> Result<u32, Error> {
        let place = self.place_of(id)?;
        if place.kind != EntryKind::Evidence {
            return Err(Error::NotAnItem);
        }
        if place.place.is_none() {
            return Err(Error::Erased);
        }
        Ok(id.number())
    }

    /// Where the bytes of an item lie.
    pub(crate) fn sealed_item(&mut self, number: u32) -> Result<Sealed, Error> {
        let entry = self.log.read(number)?.entry.ok_or(Error::Erased)?;
        Ok(sealed(&entry).ok_or(VaultError::Damaged(Part::Entry(number)))?)
    }

    /// Opens the stored file of an item for reading.
    pub(crate) fn open_item(&mut self, number: u32) -> Result<Reader, Error> {
        let sealed = self.sealed_item(number)?;
        Ok(Reader::open(
            &self.evidence_path(sealed.name),
            &sealed.key,
            sealed.bytes,
        )?)
    }

    pub(crate) fn evidence_path(&mut self, name: FileName) -> std::path::PathBuf {
        self.log.vault().evidence_folder().join(name.to_hex())
    }

    /// The index of files, built when it is first needed: one pass over the log.
    pub(crate) fn item_index(&mut self) -> Result<&mut ItemIndex, Error> {
        if self.items.is_none() {
            self.items = Some(ItemIndex::build(&mut self.log)?);
        }
        Ok(self.items.get_or_insert_default())
    }
}

impl ItemIndex {
    fn build(log: &mut Log) -> Result<Self, Error> {
        let mut index = Self::default();
        let mut damaged = false;
        for node in 0..=log.size() >> 5 {
            let places = log.vault().node(0, node)?;
            for (number, place) in (node * 32..).zip(places.entries()) {
                if place.kind != EntryKind::Evidence || place.place.is_none() {
                    continue;
                }
                // What a damaged entry named cannot be known; `check` tells of it. It must not
                // keep her from attaching and erasing anything else.
                let entry = match log.read(number) {
                    Err(VaultError::Damaged(_)) => {
                        damaged = true;
                        continue;
                    }
                    read => read?.entry,
                };
                if let Some(sealed) = entry.as_ref().and_then(sealed) {
                    index.add(number, &sealed);
                }
            }
        }
        index.partial = damaged && !log.vault().damage_stays();
        Ok(index)
    }

    /// Whether an entry may name a file that this index does not know of.
    pub(super) fn is_partial(&self) -> bool {
        self.partial
    }

    /// Whether an entry names the file.
    pub(super) fn knows(&self, name: &FileName) -> bool {
        self.names.contains_key(name)
    }

    /// An entry that names a file with these bytes.
    pub(super) fn with_bytes(&self, sha256: &Hash) -> Option<u32> {
        self.by_hash.get(sha256).copied()
    }

    /// Every file that an entry names, in order.
    pub(super) fn file_names(&self) -> Vec<FileName> {
        let mut names: Vec<FileName> = self.names.keys().copied().collect();
        names.sort_unstable();
        names
    }

    pub(super) fn add(&mut self, number: u32, sealed: &Sealed) {
        self.by_hash.insert(sealed.sha256, number);
        *self.names.entry(sealed.name).or_default() += 1;
    }

    /// Takes entries away and gives the files that no entry names any more.
    pub(crate) fn remove(&mut self, erased: &[Sealed]) -> Vec<FileName> {
        let mut unnamed = Vec::new();
        for sealed in erased {
            let Some(count) = self.names.get_mut(&sealed.name) else {
                continue;
            };
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.names.remove(&sealed.name);
                unnamed.push(sealed.name);
            }
        }
        unnamed
    }
}

/// Where an evidence entry says that its bytes lie; `None` if the entry is not well formed.
pub(crate) fn sealed(entry: &Entry) -> Option<Sealed> {
    let evidence = entry.proven.get("evidence")?.as_object()?;
    let key = entry.vault_only.get("key")?.as_text()?;
    Some(Sealed {
        name: FileName::parse(entry.vault_only.get("file")?.as_text()?)?,
        key: FileKey::from_bytes(Zeroizing::new(hex::decode(key)?)),
        bytes: evidence.get("bytes")?.as_integer()?,
        sha256: hex::decode(evidence.get("sha256")?.as_text()?)?,
    })
}

/// An evidence entry as it is shown.
pub(crate) fn item(id: EntryId, entry: &Entry) -> Option<Item> {
    let evidence = entry.proven.get("evidence")?.as_object()?;
    let text = |name: &str| evidence.get(name).and_then(Value::as_text);
    Some(Item {
        id,
        name: text("name")?.to_owned(),
        media_type: text("media_type")?.to_owned(),
        bytes: evidence.get("bytes")?.as_integer()?,
        sha256: hex::decode(text("sha256")?)?,
        how: text("how").and_then(|code| How::parse(code).ok()),
        note: text("note").map(str::to_owned),
        duplicate: false,
    })
}

/// Removes a sealed file; one that is not there is as good as removed.
pub(crate) fn remove(path: &Path) -> Result<(), VaultError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(VaultError::from_io(error))
        }
        _ => Ok(()),
    }
}
