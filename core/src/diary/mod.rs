//! The diary: one woman's log and its evidence. Each public call here is one promise of the
//! README.
//!
//! ```text
//! record   Diary -> incident (parsed, valid) -> log (commit to fields, append leaf) -> vault (one fsync)
//! attach   Diary -> evidence (one pass: hash and seal) -> log (entry with the hash)
//! unlock   passphrase -> key of the half -> sealed index -> newest page
//! export   Diary -> selection -> bundle (data, proofs, signatures) -> ZIP, verified
//! ```

mod attach;
mod backup;
#[cfg(test)]
mod backup_tests;
mod check;
#[cfg(test)]
mod check_tests;
#[cfg(test)]
mod container_tests;
mod decoy;
#[cfg(test)]
mod decoy_tests;
#[cfg(test)]
mod decoy_told_tests;
mod detail;
#[cfg(test)]
mod device_tests;
mod drafts;
mod erase;
mod export;
#[cfg(test)]
mod filling_tests;
mod filter;
#[cfg(test)]
mod fixture;
mod history;
mod items;
mod keys;
#[cfg(test)]
mod keys_tests;
#[cfg(test)]
mod model_tests;
mod outside;
mod pages;
#[cfg(test)]
mod reading_tests;
mod restore;
mod rollback;
mod salvage;
mod stamps;
#[cfg(test)]
mod stamps_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod unlocking_tests;
#[cfg(test)]
mod writing_tests;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Weak;

use zeroize::Zeroizing;

pub use self::attach::{AttachOptions, MAX_ITEMS, PendingItem};
pub use self::backup::{BackedUp, Backup};
pub use self::check::Report;
pub use self::decoy::TwoCodes;
pub use self::detail::{Change, Detail, Person};
pub use self::erase::Erased;
pub use self::export::{
    Confirmed, DamagedIncident, Exported, Leaving, MAX_REPORT, Originals, Preview, PreviewEntry,
    PreviewFile, PreviewIncident, Selection,
};
pub use self::history::IncidentRef;
pub use self::items::{Item, MAX_READ};
pub use self::pages::{Cursor, MAX_PAGE, Page, Query, Summary};
pub use self::restore::{Opener, Restored, RestoredLog};
pub use self::rollback::TokenStatus;
pub use self::stamps::{AcceptError, Accepted, OffClock};

use self::history::History;
use self::items::ItemIndex;
use crate::canonical::{Object, Value};
use crate::error::Error;
use crate::evidence::FileName;
use crate::incident::{Changes, Incident, NoteChange, Text};
use crate::log::{Draft, EntryId, EntryKind, Fingerprint, Log};
use crate::stack;
use crate::time::Clock;
use crate::vault::{
    EntryPlace, KdfCost, KdfFloor, KeyFile, NewPassphrase, NewVault, Passphrase, RecoveryCode,
    SecretBytes, Vault,
};

/// An open diary. Dropping it locks it: keys and words are wiped, the files are left complete.
pub struct Diary {
    log: Log,
    /// Which files the entries name, once it was needed.
    items: Option<ItemIndex>,
    /// Folded text of incidents, by recording entry, for searching.
    folded: HashMap<u32, Zeroizing<String>>,
    /// The vault may be an old copy, so no file of the newer one may be removed.
    keeps_doomed_files: bool,
    /// Files that are being written by chunks, for as long as their items live.
    pending: Vec<(FileName, Weak<()>)>,
    /// Backups that are being written: as long as they live, no file is removed.
    backups: Vec<Weak<()>>,
}

/// An entry was recorded and is on the disk.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Recorded {
    /// The id of the incident.
    pub id: EntryId,
    /// The incident's number in order of recording, from 1.
    pub number: u32,
    /// When, by the device's clock: RFC 3339 with its offset.
    pub recorded_at: String,
}

impl Diary {
    /// Makes a vault with an empty diary. The recovery code is given out here and nowhere else.
    ///
    /// # Errors
    /// [`Error::Vault`]; [`Error::Backup`] for a folder in another vault; then nothing was made.
    pub fn create(
        folder: &Path,
        passphrase: &NewPassphrase,
        cost: KdfCost,
        clock: Box<dyn Clock>,
    ) -> Result<(Self, RecoveryCode), Error> {
        Self::create_one(folder, passphrase, (cost, crate::vault::STEP), clock)
    }

    /// Opens a diary. Takes the time of one key derivation, whatever is in it.
    ///
    /// # Errors
    /// [`Error::Vault`]: among others wrong passphrase, newer format, in use, damaged.
    pub fn open(
        folder: &Path,
        passphrase: &Passphrase,
        clock: Box<dyn Clock>,
    ) -> Result<Self, Error> {
        let vault = Vault::open(folder, &SecretBytes::from(passphrase), KdfFloor::Standard)?;
        Self::over(vault, clock)
    }

    /// As [`Diary::create`], with tables that grow by `step` cells.
    ///
    /// # Errors
    /// As [`Diary::create`].
    #[cfg(any(test, feature = "danger-cheap-kdf-for-tests"))]
    #[doc(hidden)]
    pub fn danger_create_with_step_for_tests(
        folder: &Path,
        passphrase: &NewPassphrase,
        cost: (KdfCost, u32),
        clock: Box<dyn Clock>,
    ) -> Result<(Self, RecoveryCode), Error> {
        Self::create_one(folder, passphrase, cost, clock)
    }

    /// As [`Diary::open`], also for a vault whose key derivation costs nothing.
    ///
    /// # Errors
    /// As [`Diary::open`].
    #[cfg(any(test, feature = "danger-cheap-kdf-for-tests"))]
    #[doc(hidden)]
    pub fn danger_open_with_cheap_kdf_for_tests(
        folder: &Path,
        passphrase: &Passphrase,
        clock: Box<dyn Clock>,
    ) -> Result<Self, Error> {
        let vault = Vault::open(folder, &SecretBytes::from(passphrase), KdfFloor::DangerNone)?;
        Self::over(vault, clock)
    }

    /// Locks the diary and says whether everything reached its place on the disk.
    ///
    /// # Errors
    /// [`Error::Vault`]; what was acknowledged is there all the same, in the log of writes.
    pub fn lock(mut self) -> Result<(), Error> {
        let locked = self.rest();
        drop(self);
        stack::wipe_below();
        locked
    }

    /// Moves what was written into its final place; a shell calls it when nothing was written for
    /// two seconds.
    ///
    /// # Errors
    /// [`Error::Vault`]; nothing is lost.
    pub fn rest(&mut self) -> Result<(), Error> {
        let tidied = self.tidy();
        self.log.vault().checkpoint()?;
        tidied
    }

    /// How the key file is now.
    pub fn key_file(&mut self) -> KeyFile {
        self.log.vault().key_file()
    }

    /// Records an incident; done means on the disk.
    ///
    /// # Errors
    /// [`Error::Vault`]; then it was not recorded. Only after
    /// [`VaultError::Closed`](crate::vault::VaultError::Closed) it may be: opening the diary again
    /// tells.
    pub fn add(&mut self, incident: &Incident) -> Result<Recorded, Error> {
        let draft = Draft {
            kind: EntryKind::Incident,
            about: None,
            proven: Object::from([("incident".to_owned(), Value::Object(incident.to_value()))]),
            vault_only: private_note(incident.private_note().map(|note| Some(note.as_str()))),
        };
        let appended = self.log.append(draft)?;
        let number = self.log.vault().head().incidents;
        Ok(Recorded {
            id: appended.id,
            number,
            recorded_at: appended.recorded_at,
        })
    }

    /// Adds to an incident or corrects it. The old words stay and both are shown.
    ///
    /// # Errors
    /// [`Error::Field`] if a rule is broken, or the reason is empty; [`Error::Erased`].
    pub fn amend(
        &mut self,
        which: &IncidentRef,
        changes: &Changes,
        reason: &str,
    ) -> Result<Recorded, Error> {
        let reason: Text = Text::new("reason", reason)?;
        let number = self.resolve(which)?;
        let incident = History::read(&mut self.log, number)?
            .incident()?
            .ok_or(Error::Erased)?;
        incident.amended(changes)?;
        let mut proven = Object::from([("reason".to_owned(), reason.as_str().into())]);
        proven.insert("changes".to_owned(), Value::Object(changes.to_value()));
        let draft = Draft {
            kind: EntryKind::Amendment,
            about: Some(number),
            proven,
            vault_only: private_note(match changes.private_note() {
                NoteChange::Kept => None,
                NoteChange::TakenAway => Some(None),
                NoteChange::Set(note) => Some(Some(note)),
            }),
        };
        self.append_about(number, draft)
    }

    /// Withdraws an incident: its words stay and are marked.
    ///
    /// # Errors
    /// [`Error::AlreadyWithdrawn`], [`Error::Erased`], [`Error::Field`] for an empty reason.
    pub fn withdraw(&mut self, which: &IncidentRef, reason: &str) -> Result<Recorded, Error> {
        let reason: Text = Text::new("reason", reason)?;
        let number = self.resolve(which)?;
        let history = History::read(&mut self.log, number)?;
        if history.is_erased() {
            return Err(Error::Erased);
        }
        if history.is_withdrawn() {
            return Err(Error::AlreadyWithdrawn);
        }
        let draft = Draft {
            kind: EntryKind::Withdrawal,
            about: Some(number),
            proven: Object::from([("reason".to_owned(), reason.as_str().into())]),
            vault_only: Object::new(),
        };
        self.append_about(number, draft)
    }

    /// The code of the log as it is now, to be written down or told to somebody. It is remembered
    /// without an entry: asking twice gives the same code.
    ///
    /// # Errors
    /// [`Error::Vault`].
    pub fn fingerprint(&mut self) -> Result<Fingerprint, Error> {
        self.log.mark_code_given()?;
        Ok(Fingerprint::of(&self.log.checkpoint()))
    }

    /// Whether a code given out earlier is of this log: then today's log begins with all that the
    /// code covers.
    ///
    /// # Errors
    /// [`Error::Vault`].
    pub fn is_ancestor(&mut self, code: &Fingerprint) -> Result<bool, Error> {
        // The marks first; then every size, because a lost index loses its marks.
        let sizes = self
            .log
            .marked_sizes()?
            .into_iter()
            .chain((1..=self.log.size()).rev());
        for size in sizes {
            if Fingerprint::of(&self.log.checkpoint_at(size)?) == *code {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn create_one(
        folder: &Path,
        passphrase: &NewPassphrase,
        (cost, step): (KdfCost, u32),
        clock: Box<dyn Clock>,
    ) -> Result<(Self, RecoveryCode), Error> {
        Self::must_lie_outside(folder)?;
        let (mut new, code) = NewVault::create_with_step(folder, passphrase, cost, step)?;
        Log::begin(&mut new.vault, clock.as_ref())?;
        let diary = new.publish_for(folder, |vault| Self::over(vault, clock))?;
        Ok((diary, code))
    }

    fn over(vault: Vault, clock: Box<dyn Clock>) -> Result<Self, Error> {
        Ok(Self {
            log: Log::open(vault, clock)?,
            items: None,
            folded: HashMap::new(),
            keeps_doomed_files: false,
            pending: Vec::new(),
            backups: Vec::new(),
        })
    }

    fn append_about(&mut self, number: u32, draft: Draft) -> Result<Recorded, Error> {
        let withdrawal = draft.kind == EntryKind::Withdrawal;
        // Looked up before: nothing that fails afterwards may deny what is recorded.
        let place = self.log.vault().entry_place(number)?;
        let place = place.ok_or(Error::NotFound)?;
        let incident = self.log.vault().incident_number(number)?;
        let appended = self.log.append_with(draft, |write, _| {
            write.change_place(number, |place| place.withdrawn |= withdrawal)
        })?;
        self.forget_search(number);
        Ok(Recorded {
            id: EntryId::new(number, &place.leaf),
            number: incident,
            recorded_at: appended.recorded_at,
        })
    }

    /// The recording entry of the incident that is meant.
    fn resolve(&mut self, which: &IncidentRef) -> Result<u32, Error> {
        match which {
            IncidentRef::Number(number) => self
                .log
                .vault()
                .incident_entry(*number)?
                .ok_or(Error::NotFound),
            IncidentRef::Id(id) => match self.place_of(id)?.kind {
                EntryKind::Incident => Ok(id.number()),
                _ => Err(Error::NotAnIncident),
            },
        }
    }

    /// What the index knows of the entry with this id; the id's letters must fit as well.
    fn place_of(&mut self, id: &EntryId) -> Result<EntryPlace, Error> {
        let place = self
            .log
            .vault()
            .entry_place(id.number())?
            .ok_or(Error::NotFound)?;
        if EntryId::new(id.number(), &place.leaf) != *id {
            return Err(Error::NotFound);
        }
        Ok(place)
    }

    fn forget_search(&mut self, number: u32) {
        self.folded.remove(&number);
    }
}

/// The private note as it lies in the vault-only part: absent, taken away, or a text.
fn private_note(note: Option<Option<&str>>) -> Object {
    note.map(|note| {
        let note = note.map_or(Value::Null, Value::from);
        Object::from([("private_note".to_owned(), note)])
    })
    .unwrap_or_default()
}
