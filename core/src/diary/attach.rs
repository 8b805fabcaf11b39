//! Attaching evidence, in the steps of FORMAT.md 13, so that neither a kill nor a full disk leaves a
//! file that nothing names or a name without a file.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use zeroize::Zeroizing;

use super::Diary;
use super::history::{History, IncidentRef};
use super::items::{Item, Sealed};
use crate::canonical::{Object, Value};
use crate::error::Error;
use crate::evidence::{self, FileKey, FileName, Intake, Reader, Source, Writer};
use crate::hex;
use crate::incident::{How, Text};
use crate::log::{Draft, EntryKind, Hash};
use crate::progress::{NoProgress, Progress};
use crate::vault::VaultError;

/// Evidence items of one incident, at most.
pub const MAX_ITEMS: usize = 1_000;

/// What she says about a file when she attaches it.
#[derive(Clone, Debug, Default)]
pub struct AttachOptions {
    /// How she came by it.
    pub how: Option<How>,
    /// A note on it.
    pub note: Option<Text>,
}

/// An item whose bytes come by chunks. Dropping it gives it up and leaves nothing.
pub struct PendingItem {
    incident: u32,
    name: FileName,
    key: FileKey,
    writer: Writer,
    /// While it lives, the diary does not take the file for one that was left behind.
    _alive: Arc<()>,
}

impl PendingItem {
    /// Adds the next bytes, in chunks of any size.
    ///
    /// # Errors
    /// [`Error::Evidence`]: too large, or the disk is full.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        Ok(self.writer.write(bytes)?)
    }

    /// Adds a file bit for bit, in place of chunks: its only bytes. The diary is free meanwhile.
    ///
    /// # Errors
    /// [`Error::Evidence`] for a file that cannot be taken in; the item must then be dropped.
    pub fn read(&mut self, file: &Path, progress: &mut dyn Progress) -> Result<Source, Error> {
        Ok(evidence::read_into(&mut self.writer, file, progress)?)
    }
}

impl Diary {
    /// Attaches a file to an incident, bit for bit as it is.
    ///
    /// # Errors
    /// [`Error::Evidence`] for a file that cannot be taken in; then nothing is left behind.
    pub fn attach(
        &mut self,
        which: &IncidentRef,
        file: &Path,
        options: &AttachOptions,
        progress: &mut dyn Progress,
    ) -> Result<Item, Error> {
        let mut pending = self.begin_item(which)?;
        let source = pending.read(file, progress)?;
        self.finish_item(pending, &source.name, source.modified, options)
    }

    /// Begins an item whose bytes come by chunks: a shell that has no path, only a stream.
    ///
    /// # Errors
    /// As [`Diary::attach`].
    pub fn begin_item(&mut self, which: &IncidentRef) -> Result<PendingItem, Error> {
        let (incident, name, key) = self.reserve_item(which)?;
        let writer = Writer::create(&self.evidence_path(name), &key)?;
        let alive = Arc::new(());
        self.pending.push((name, Arc::downgrade(&alive)));
        Ok(PendingItem {
            incident,
            name,
            key,
            writer,
            _alive: alive,
        })
    }

    /// Records an item that came by chunks. `name` and `modified` are what its source says.
    ///
    /// # Errors
    /// As [`Diary::attach`]; [`Error::Cancelled`] if the diary was locked since the item was begun.
    pub fn finish_item(
        &mut self,
        pending: PendingItem,
        name: &str,
        modified: Option<SystemTime>,
        options: &AttachOptions,
    ) -> Result<Item, Error> {
        let PendingItem {
            incident,
            name: file,
            key,
            writer,
            _alive,
        } = pending;
        // Only the session that reserved the name keeps the file from being removed.
        if !self.log.doomed().contains(file.as_bytes()) {
            return Err(Error::Cancelled);
        }
        self.must_take_items(incident)?;
        let intake = Intake::new(writer.finish()?, name, modified);
        self.record_item(incident, file, key, intake, options)
    }

    /// The incident, and a new file's name and key; the name is doomed until the item is recorded.
    fn reserve_item(&mut self, which: &IncidentRef) -> Result<(u32, FileName, FileKey), Error> {
        // A file of before that cannot be removed must not keep her from this.
        let _ = self.tidy();
        let number = self.resolve(which)?;
        self.must_take_items(number)?;
        let name = FileName::make().map_err(VaultError::from)?;
        let key = FileKey::make().map_err(VaultError::from)?;
        self.log.doom(*name.as_bytes())?;
        Ok((number, name, key))
    }

    /// Whether an incident may get one more item.
    fn must_take_items(&mut self, number: u32) -> Result<(), Error> {
        let history = History::read(&mut self.log, number)?;
        if history.is_erased() {
            return Err(Error::Erased);
        }
        if history.entries_of(EntryKind::Evidence).count() >= MAX_ITEMS {
            return Err(Error::TooManyItems);
        }
        Ok(())
    }

    /// The stored file with this hash, if it can still be read: a copy that was damaged must not
    /// stand for one that is whole.
    fn stored_copy(&mut self, sha256: &Hash) -> Result<Option<Sealed>, Error> {
        let Some(known) = self.item_index()?.with_bytes(sha256) else {
            return Ok(None);
        };
        let Ok(stored) = self.sealed_item(known) else {
            return Ok(None);
        };
        let path = self.evidence_path(stored.name);
        let read = Reader::open(&path, &stored.key, stored.bytes)
            .and_then(|mut reader| reader.copy_to(&mut std::io::sink(), &mut NoProgress));
        Ok(read.is_ok_and(|found| found == *sha256).then_some(stored))
    }

    /// The entry for a sealed file that lies in its place.
    fn record_item(
        &mut self,
        incident: u32,
        name: FileName,
        key: FileKey,
        intake: Intake,
        options: &AttachOptions,
    ) -> Result<Item, Error> {
        let same = self.stored_copy(&intake.sha256)?;
        let duplicate = same.is_some();
        let stored = match same {
            Some(same) => {
                // The new copy is not needed; its name stays doomed until it is gone.
                self.remove_doomed(&[*name.as_bytes()])?;
                same
            }
            None => Sealed {
                name,
                key,
                bytes: intake.size,
                sha256: intake.sha256,
            },
        };
        let draft = draft(incident, &intake, options, &stored);
        let appended = self.log.append_with(draft, |write, _| {
            write.undoom(&[*name.as_bytes()]);
            Ok(())
        })?;
        let id = appended.id;
        self.item_index()?.add(id.number(), &stored);
        self.forget_search(incident);
        Ok(Item {
            id,
            name: intake.original_name,
            media_type: intake.media_type.media_type().to_owned(),
            bytes: intake.size,
            sha256: intake.sha256,
            how: options.how,
            note: options.note.as_ref().map(|note| note.as_str().to_owned()),
            duplicate,
        })
    }
}

fn draft(about: u32, intake: &Intake, options: &AttachOptions, stored: &Sealed) -> Draft {
    let mut evidence = Object::from([
        ("sha256".to_owned(), hex::encode(&intake.sha256).into()),
        ("bytes".to_owned(), Value::Integer(intake.size)),
        (
            "media_type".to_owned(),
            intake.media_type.media_type().into(),
        ),
        ("name".to_owned(), intake.original_name.clone().into()),
    ]);
    if let Some(how) = options.how {
        evidence.insert("how".to_owned(), how.code().into());
    }
    if let Some(note) = &options.note {
        evidence.insert("note".to_owned(), note.as_str().into());
    }
    let claims = [
        ("modified", &intake.claimed_modified),
        ("taken", &intake.claimed_taken),
    ];
    let claims = claims.into_iter();
    let claimed: Object = claims
        .filter_map(|(name, time)| Some((name.to_owned(), time.clone()?.into())))
        .collect();
    if !claimed.is_empty() {
        evidence.insert("claimed".to_owned(), Value::Object(claimed));
    }
    // EXPOSE: the key is sealed inside the entry.
    let key = Zeroizing::new(hex::encode(stored.key.expose()));
    Draft {
        kind: EntryKind::Evidence,
        about: Some(about),
        proven: Object::from([("evidence".to_owned(), Value::Object(evidence))]),
        vault_only: Object::from([
            ("file".to_owned(), stored.name.to_hex().into()),
            ("key".to_owned(), key.as_str().into()),
        ]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::limits::MAX_FILE_BYTES;
    use crate::diary::fixture::{Small, attach, names};

    /// Records a file that is stored already once more, claiming a size.
    fn record_again(small: &mut Small, item: &Item, bytes: u64) {
        let diary = small.diary();
        let stored = diary.sealed_item(item.id.number()).unwrap();
        let intake = Intake {
            size: bytes,
            sha256: stored.sha256,
            media_type: crate::evidence::MediaType::of(b"x"),
            original_name: item.name.clone(),
            claimed_modified: None,
            claimed_taken: None,
        };
        let draft = draft(1, &intake, &AttachOptions::default(), &stored);
        diary.log.append_with(draft, |_, _| Ok(())).unwrap();
    }

    #[test]
    fn an_incident_takes_a_thousand_items_and_no_more() {
        let mut small = Small::new();
        let incident = small.add("n");
        let first = attach(small.diary(), &incident, "a.txt", b"x").unwrap();
        for _ in 2..MAX_ITEMS {
            record_again(&mut small, &first, first.bytes);
        }
        attach(small.diary(), &incident, "b.txt", b"the thousandth").unwrap();
        let over = attach(small.diary(), &incident, "c.txt", b"one more").err();
        assert!(matches!(over, Some(Error::TooManyItems)));
        let shown = small.diary().show(&incident).unwrap();
        assert_eq!(shown.evidence.len(), MAX_ITEMS);
        assert_eq!(names(&small.vault().join("evidence")).len(), 2);
    }

    #[test]
    fn a_bundle_over_the_limits_of_a_verifier_is_refused_and_leaves_nothing() {
        let mut small = Small::new();
        let incident = small.add("n");
        let first = attach(small.diary(), &incident, "a.txt", b"x").unwrap();
        record_again(&mut small, &first, MAX_FILE_BYTES + 1);
        let confirmed = small
            .diary()
            .confirm(&crate::diary::fixture::passphrase("a"));
        let selection = crate::diary::fixture::everything();
        let out = small.path("bundle.zip");
        let export = small
            .diary()
            .export(&selection, &out, confirmed.unwrap(), &mut NoProgress);
        assert!(matches!(export.err(), Some(Error::BundleTooLarge)));
        assert_eq!(names(small.folder.path()), ["vault"]);
    }
}
