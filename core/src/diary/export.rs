//! What she hands over: chosen piece by piece, shown before it leaves, and verified before it gets
//! its name.

mod archive;
mod choose;
mod document;
mod leaving;
mod preview;
mod read_back;
mod report;
mod selection;
mod streamed;

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;

use sha2::{Digest, Sha256};

use self::choose::Choice;
use self::leaving::{Decided, Output};
use self::read_back::{Hashed, ReadBack};
use super::Diary;
use super::stamps;
use crate::bundle::VerifyOptions;
use crate::bundle::assemble::{self, BUNDLE_TXT, Contents, Files};
use crate::bundle::document::Document;
use crate::bundle::envelope::{Envelope, MAX_RECIPIENTS};
use crate::bundle::limits::MAX_FILES;
use crate::bundle::pdf;
use crate::bundle::pictures::IN_BUNDLE;
use crate::bundle::verify::verify_zip;
use crate::canonical::{Object, Value};
use crate::error::{Error, Form};
use crate::files::NewFile;
use crate::hex;
use crate::incident::Text;
use crate::log::{Draft, EntryKind, Fingerprint, Hash};
use crate::progress::Progress;
use crate::vault::{Passphrase, SecretBytes, VaultError};

pub use self::leaving::Leaving;
pub use self::preview::{DamagedIncident, Preview, PreviewEntry, PreviewFile, PreviewIncident};
pub use self::report::MAX_REPORT;
pub use self::selection::{Originals, Selection};

/// The passphrase was given again. An export needs it, so that nobody who finds the diary open can
/// carry it away.
pub struct Confirmed(pub(super) ());

/// A bundle that was written, verified and named.
#[derive(Clone, Debug)]
pub struct Exported {
    /// SHA-256 of the ZIP file.
    pub sha256: Hash,
    /// Incidents in it.
    pub incidents: u64,
    /// Incidents in the log.
    pub in_log: u64,
    /// The code of the log that it shows.
    pub fingerprint: Fingerprint,
    /// Size of the ZIP file.
    pub bytes: u64,
    /// Whether there is a report on paper: not of a text that is longer than anybody prints.
    pub on_paper: bool,
}

/// Checkpoints of earlier codes in one bundle, at most.
const MAX_CODES: usize = 4_096;

/// What is chosen, and how it is said.
struct Shown {
    document: Document,
    choice: Choice,
    decided: Decided,
    stamps: Vec<stamps::Kept>,
}

/// A bundle that is ready to be written.
struct Plan {
    files: Files,
    document: Document,
    fingerprint: Fingerprint,
    choice: Choice,
    decided: Decided,
}

impl Diary {
    /// Asks for the passphrase again, at the full cost of an attempt.
    ///
    /// # Errors
    /// Wrong passphrase.
    pub fn confirm(&mut self, passphrase: &Passphrase) -> Result<Confirmed, Error> {
        if self
            .log
            .vault()
            .opens_with(&SecretBytes::from(passphrase), None)?
        {
            Ok(Confirmed(()))
        } else {
            Err(VaultError::WrongSecret.into())
        }
    }

    /// Writes a bundle to `out`. It is verified as a stranger would, recorded in the log, and only
    /// then gets its name; it shows the log as it was before that entry.
    ///
    /// # Errors
    /// [`Error::EmptySelection`], [`Error::TargetExists`], [`Error::BundleTooLarge`],
    /// [`Error::BundleNotSound`], and those of reading; then no file is left behind. An entry in the log
    /// may be, where the file could not be given its name (FORMAT.md 13).
    pub fn export(
        &mut self,
        selection: &Selection,
        out: &Path,
        confirmed: Confirmed,
        progress: &mut dyn Progress,
    ) -> Result<Exported, Error> {
        self.export_in(None, selection, out, confirmed, progress)
    }

    /// The same, encrypted for the way: nothing of it lies on the disk in clear, and what was written
    /// is opened and verified before it gets its name.
    ///
    /// # Errors
    /// As [`Diary::export`]; [`Form::Recipients`]; [`VaultError::SecretInUse`] if the passphrase is this
    /// diary's own, which is not noticed where that one is bound to a device.
    pub fn export_sealed(
        &mut self,
        envelope: &Envelope,
        selection: &Selection,
        out: &Path,
        confirmed: Confirmed,
        progress: &mut dyn Progress,
    ) -> Result<Exported, Error> {
        self.export_in(Some(envelope), selection, out, confirmed, progress)
    }

    fn export_in(
        &mut self,
        envelope: Option<&Envelope>,
        selection: &Selection,
        out: &Path,
        confirmed: Confirmed,
        progress: &mut dyn Progress,
    ) -> Result<Exported, Error> {
        let Confirmed(()) = confirmed;
        Self::must_be_a_new_place(out)?;
        match envelope {
            // To nobody, it could never be opened.
            Some(Envelope::Recipients(recipients))
                if !(1..=MAX_RECIPIENTS).contains(&recipients.len()) =>
            {
                return Err(Error::Form(Form::Recipients));
            }
            Some(Envelope::Passphrase(utf8)) => {
                // Whoever gets the bundle gets this passphrase too.
                let secret = SecretBytes::from(&Passphrase::new(utf8)?);
                if self.log.vault().opens_with(&secret, None)? {
                    return Err(VaultError::SecretInUse.into());
                }
            }
            _ => {}
        }
        let plan = self.plan(selection, progress)?;
        plan.choice.must_be_readable()?;
        plan.decided.must_be_whole()?;
        let mut file = NewFile::beside(out).map_err(|error| Error::Evidence(error.into()))?;
        let options = VerifyOptions {
            fingerprint: Some(plan.fingerprint),
        };
        let io = |error| Error::Vault(VaultError::from_io(error));
        let hashed = Hashed::default();
        let read_back = |path: &Path| ReadBack::new(File::open(path)?, &hashed);
        let verdict = match envelope {
            None => {
                self.write_zip(&plan, file.file(), progress)?;
                let input = read_back(file.path()).map_err(io)?;
                verify_zip(input, &options, progress)
            }
            Some(envelope) => {
                let opener = self.write_sealed(&plan, envelope, file.file(), progress)?;
                let input = read_back(file.path()).map_err(io)?;
                let opened = opener.open(input).map_err(|_| Error::BundleNotSound)?;
                verify_zip(opened, &options, progress)
            }
        };
        if matches!(verdict, Err(Error::Cancelled)) {
            return Err(Error::Cancelled);
        }
        let (sha256, bytes) = hashed.finish(file.file()).map_err(io)?;
        if !verdict.is_ok_and(|verdict| verdict.sound) {
            return Err(Error::BundleNotSound);
        }
        self.record_export(&plan, selection)?;
        file.publish()
            .map_err(|error| Error::Evidence(error.into()))?;
        let counts = plan.document.counts;
        Ok(Exported {
            sha256,
            incidents: counts.incidents_shown,
            in_log: counts.incidents_in_log,
            fingerprint: plan.fingerprint,
            bytes,
            on_paper: !pdf::paths(&plan.document).is_empty(),
        })
    }

    /// Nothing is replaced, and nothing is put where it would be lost with the vault.
    fn must_be_a_new_place(out: &Path) -> Result<(), Error> {
        if std::fs::symlink_metadata(out).is_ok() {
            return Err(Error::TargetExists);
        }
        Self::must_lie_outside(out)
    }

    #[cfg(test)]
    pub(super) fn plan_for_tests(
        &mut self,
        selection: &Selection,
    ) -> std::collections::BTreeMap<String, Vec<u8>> {
        self.plan(selection, &mut crate::progress::NoProgress)
            .unwrap()
            .files
            .small
    }

    fn shown(
        &mut self,
        selection: &Selection,
        output: Output,
        progress: &mut dyn Progress,
    ) -> Result<Shown, Error> {
        let audience = selection.audience.as_deref();
        let audience = audience.map(|text| <Text>::new("for", text)).transpose()?;
        let mut choice = self.choose(selection)?;
        if choice.chosen.is_empty() {
            choice.must_be_readable()?;
            return Err(Error::EmptySelection);
        }
        self.withhold(selection, &mut choice.chosen)?;
        let decided = self.decide(selection, &choice.chosen, output, progress)?;
        let stamps = self.kept_stamps()?;
        let said = stamps::said(&stamps);
        let document = self.document(selection, audience, &choice, &decided, &said)?;
        Ok(Shown {
            document,
            choice,
            decided,
            stamps,
        })
    }

    fn plan(&mut self, selection: &Selection, progress: &mut dyn Progress) -> Result<Plan, Error> {
        let Shown {
            document,
            choice,
            decided,
            stamps,
        } = self.shown(selection, Output::Bundle, progress)?;
        let checkpoint = self.log.checkpoint();
        let mut inclusion = Vec::new();
        for entry in &document.entries {
            let number = u32::try_from(entry.number).unwrap_or(u32::MAX);
            inclusion.push((number, self.log.inclusion(number, checkpoint.size)?));
        }
        let mut marked = self.log.marked_sizes()?;
        marked.retain(|size| *size < checkpoint.size);
        // What was stamped stays provable, however many codes were given out since.
        let stamped: BTreeSet<u32> = stamps.iter().map(|kept| kept.size).collect();
        marked.extend(&stamped);
        marked.sort_unstable_by_key(|size| (!stamped.contains(size), Reverse(*size)));
        marked.dedup();
        let codes_given = marked.len();
        let mut older = Vec::new();
        for size in marked.into_iter().take(MAX_CODES) {
            let proof = self.log.consistency(size, checkpoint.size)?;
            older.push((self.log.checkpoint_at(size)?, proof));
        }
        let pictures = self.pictures(&document, &decided, IN_BUNDLE)?;
        let contents = Contents {
            document: &document,
            pictures: &pictures,
            checkpoint,
            key: self.log.key(),
            inclusion,
            older,
            stamps: stamps::files(&document.stamps, stamps),
            codes_given,
        };
        let files = assemble::files(&contents).map_err(|_| Error::BundleNotSound)?;
        let count = files.small.len() + files.originals.len() + files.copies.len();
        if count as u64 > MAX_FILES {
            return Err(Error::BundleTooLarge);
        }
        let fingerprint = Fingerprint::of(&checkpoint);
        Ok(Plan {
            files,
            document,
            fingerprint,
            choice,
            decided,
        })
    }

    fn record_export(&mut self, plan: &Plan, selection: &Selection) -> Result<(), Error> {
        let bundle = plan
            .files
            .small
            .get(BUNDLE_TXT)
            .map(Vec::as_slice)
            .unwrap_or_default();
        let numbers = plan
            .choice
            .chosen
            .iter()
            .map(|chosen| chosen.history.number().into())
            .collect();
        let size = self.log.size();
        let mut proven = Object::from([
            (
                "bundle_sha256".to_owned(),
                hex::encode(&Sha256::digest(bundle)).into(),
            ),
            ("checkpoint_size".to_owned(), size.into()),
            ("incidents".to_owned(), Value::List(numbers)),
        ]);
        if let Some(audience) = &selection.audience {
            proven.insert("for".to_owned(), audience.as_str().into());
        }
        let draft = Draft {
            kind: EntryKind::Export,
            about: None,
            proven,
            vault_only: Object::new(),
        };
        self.log.append_with(draft, |write, _| {
            // The code stands in the bundle, so it was given out; under a new instance, the entry
            // before this one is not the one that the bundle ends with.
            write.change_place(size.saturating_sub(1), |place| place.code_given = true)
        })?;
        Ok(())
    }
}
