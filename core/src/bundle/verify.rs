//! Checking a bundle as a stranger would: no vault, no key, finding by finding.
//!
//! `sound` is about the inside: nothing in the bundle was changed since it was made. The anchor is
//! about the outside: only a code that somebody had before ties it to a time.

mod anchor;
mod checkers;
mod files;
mod log;
mod signed;
mod stamps;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Seek};
use std::path::Path;

use sha2::{Digest, Sha256};

use super::bag::{self, Bag, CheckError};
use super::container::Container;
use super::document::Document;
use super::envelope;
use super::fault::ContainerError;
use super::finding::{Check, Findings};
use super::{Finding, Rendering};
use crate::error::Error;
use crate::log::{Checkpoint, EntryId, Fingerprint, Hash};
use crate::progress::Progress;
use crate::vault::VaultError;

/// What a verifier brings along.
#[derive(Clone, Copy, Debug, Default)]
pub struct VerifyOptions {
    /// A code that was given out, from paper, a message or a receipt.
    pub fingerprint: Option<Fingerprint>,
}

/// What was compared with something from outside the bundle.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Anchor {
    /// Nothing: whoever held the key could have made all of it.
    None,
    /// A code.
    Fingerprint,
}

/// The outcome, finding by finding.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// No finding is a failure.
    pub sound: bool,
    /// What the bundle was compared with.
    pub anchor: Anchor,
    /// Entries that were in the log when the code was given out.
    pub covered: Vec<EntryId>,
    /// The log that the bundle shows, if it can be read.
    pub checkpoint: Option<Checkpoint>,
    /// The reports, rendered anew from the data that was checked, by name: `report.html`,
    /// `report.pdf`, `incidents.csv`. Empty if the data cannot be read.
    pub reports: BTreeMap<String, Vec<u8>>,
    /// Everything that was checked.
    pub findings: Vec<Finding>,
}

/// Largest `incidents.json` that is read, 512 MiB: it is held in memory.
pub const MAX_DOCUMENT: u64 = 512 << 20;

/// Largest of the other files that are read whole; the longest is a proof of under 4 KiB.
const MAX_SMALL: u64 = 64 << 10;

/// Checks a ZIP file, or a folder where it lies unpacked.
///
/// # Errors
/// Only if it cannot be read, is encrypted for its way, or is no bundle at all; whatever is wrong in it is a finding.
pub fn verify(
    path: &Path,
    options: &VerifyOptions,
    progress: &mut dyn Progress,
) -> Result<Verdict, Error> {
    // That would say nothing of the one inside: neither that it is sound nor that it is not.
    if envelope::is_around(path) {
        return Err(Error::EncryptedBundle);
    }
    verify_container(Container::open(path), options, progress)
}

/// Checks a ZIP file that lies nowhere in clear.
pub(crate) fn verify_zip(
    input: impl io::Read + Seek + Send + 'static,
    options: &VerifyOptions,
    progress: &mut dyn Progress,
) -> Result<Verdict, Error> {
    verify_container(Container::from_zip(input), options, progress)
}

fn verify_container(
    opened: Result<Container, ContainerError>,
    options: &VerifyOptions,
    progress: &mut dyn Progress,
) -> Result<Verdict, Error> {
    let mut findings = Findings::new();
    let mut container = match opened {
        Ok(container) => container,
        Err(error) => {
            findings.push(refusal(error)?);
            return Ok(Verdict::unreadable(findings));
        }
    };
    let form = container.form();
    if container.is_rewritten() {
        findings.warning(Check::Container, "", form.detail());
    } else {
        findings.ok(Check::Container, "", form.detail());
    }
    let bag = match bag::check(&mut container, &mut findings, progress) {
        Ok(Some(bag)) => bag,
        Ok(None) => return Ok(Verdict::unreadable(findings)),
        Err(CheckError::Cancelled) => return Err(Error::Cancelled),
        Err(CheckError::Io(error)) => return Err(VaultError::Io(error).into()),
    };
    let mut bundle = Bundle {
        container,
        bag,
        findings,
        used: BTreeSet::new(),
    };
    let read = bundle.check_all(options);
    bundle.finish(read)
}

/// A bundle whose files are those of its manifests.
struct Bundle {
    container: Container,
    bag: Bag,
    findings: Findings,
    /// Files that something else in the bundle calls for.
    used: BTreeSet<String>,
}

/// What could be read of it.
#[derive(Default)]
struct Read {
    checkpoint: Option<Checkpoint>,
    anchor: Option<Anchor>,
    covered: Vec<EntryId>,
    reports: BTreeMap<String, Vec<u8>>,
}

impl Bundle {
    fn check_all(&mut self, options: &VerifyOptions) -> Read {
        let mut read = Read::default();
        let Some((checkpoint, key)) = self.checkpoint() else {
            return read;
        };
        read.checkpoint = Some(checkpoint);
        let Some(document) = self.document(&checkpoint) else {
            return read;
        };
        self.bundle_text(&key, &document);
        let leaves = self.entries(&document, &checkpoint);
        let older = self.older(&checkpoint);
        self.stamps(&document, &older);
        self.evidence(&document);
        let fingerprint = Fingerprint::of(&checkpoint).to_string();
        let rendering = Rendering {
            document: &document,
            fingerprint: &fingerprint,
        };
        read.reports = self.reports(&rendering);
        self.nothing_else(&document);
        match options.fingerprint {
            None => self.findings.warning(
                Check::Fingerprint,
                "",
                "nothing from outside was compared: whoever held the key could have made all of \
                 this",
            ),
            Some(code) => {
                read.anchor = self.anchor(code, &checkpoint, &older);
                if let Some(size) = read.anchor.and(self.size_of(code, &checkpoint, &older)) {
                    let covered = leaves.iter().filter(|id| id.number() < size);
                    read.covered = covered.copied().collect();
                    self.say_covered(size, &checkpoint, &leaves);
                }
            }
        }
        read
    }

    /// A salvaged diary says itself that it is not complete.
    fn lost(&mut self, path: &str, lost: u64) {
        let entries = match lost {
            0 => return,
            1 => "1 entry was".to_owned(),
            lost => format!("{lost} entries were"),
        };
        let detail =
            format!("{entries} lost before the diary was salvaged: what was there is not known");
        self.findings.warning(Check::Incidents, path, detail);
    }

    fn document(&mut self, checkpoint: &Checkpoint) -> Option<Document> {
        const PATH: &str = "data/incidents.json";
        self.used.insert(PATH.to_owned());
        if self.container.entry(PATH).is_none() {
            self.fail(Check::Incidents, PATH, "missing");
            return None;
        }
        let bytes = match self.container.read_all(PATH, MAX_DOCUMENT) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.fail(Check::Incidents, PATH, &error.to_string());
                return None;
            }
        };
        if !self.is_listed(PATH, &bytes) {
            self.fail(Check::Incidents, PATH, "exchanged while it was read");
            return None;
        }
        let document = match Document::parse(&bytes) {
            Ok(document) => document,
            Err(error) => {
                self.fail(Check::Incidents, PATH, &error.to_string());
                return None;
            }
        };
        let fits = document.checkpoint_text() == checkpoint.text();
        if fits {
            self.findings
                .ok(Check::Incidents, PATH, "canonical, and of this checkpoint");
            self.lost(PATH, document.counts.lost);
        } else {
            self.fail(Check::Incidents, PATH, "of another checkpoint");
        }
        fits.then_some(document)
    }

    /// A whole small file as text.
    fn text(&mut self, path: &str, check: Check) -> Option<String> {
        let bytes = self.bytes(path, check)?;
        let text = String::from_utf8(bytes).ok();
        if text.is_none() {
            self.fail(check, path, "not a text");
        }
        text
    }

    fn bytes(&mut self, path: &str, check: Check) -> Option<Vec<u8>> {
        self.used.insert(path.to_owned());
        match self.container.read_all(path, MAX_SMALL) {
            // Read again: in a folder it may have been exchanged since it was checked.
            Ok(bytes) if self.is_listed(path, &bytes) => Some(bytes),
            _ => {
                self.fail(check, path, "missing, or not of this form");
                None
            }
        }
    }

    /// Whether these are the bytes that a manifest lists; the three files of `bundle.txt` are in
    /// none.
    fn is_listed(&self, path: &str, bytes: &[u8]) -> bool {
        let hash: Hash = Sha256::digest(bytes).into();
        self.bag.sha256(path).is_none_or(|listed| *listed == hash)
    }

    fn paths(&self) -> impl Iterator<Item = &str> {
        self.container
            .entries()
            .iter()
            .map(|entry| entry.path.as_str())
    }

    fn same(&mut self, check: Check, path: &str, fits: bool) {
        if fits {
            self.findings.ok(check, path, "as it must be");
        } else {
            self.fail(check, path, "changed, or not made from this data");
        }
    }

    fn fail(&mut self, check: Check, subject: &str, detail: &str) {
        self.findings.failure(check, subject, detail);
    }

    fn finish(self, read: Read) -> Result<Verdict, Error> {
        Ok(Verdict {
            sound: self.findings.sound(),
            anchor: read.anchor.unwrap_or(Anchor::None),
            covered: read.covered,
            checkpoint: read.checkpoint,
            reports: read.reports,
            findings: self.findings.into_vec(),
        })
    }
}

impl Verdict {
    fn unreadable(findings: Findings) -> Self {
        Self {
            sound: false,
            anchor: Anchor::None,
            covered: Vec::new(),
            checkpoint: None,
            reports: BTreeMap::new(),
            findings: findings.into_vec(),
        }
    }
}

/// A refused container is a finding; one that cannot be read is an error.
fn refusal(error: ContainerError) -> Result<Finding, Error> {
    match error {
        ContainerError::Refused(refusal) => Ok(refusal.to_finding()),
        ContainerError::NotABundle => Err(Error::NotABundle),
        ContainerError::Io(error) => Err(VaultError::Io(error).into()),
    }
}
