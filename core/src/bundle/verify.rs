//! Checking a bundle as a stranger would: no vault, no key, finding by finding.
//!
//! `sound` is about the inside: nothing in the bundle was changed since it was made. The anchor is
//! about the outside: only a code that somebody had before ties it to a time.

use std::collections::BTreeSet;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::assemble::{self, BundleText};
use super::bag::{self, Bag, CheckError};
use super::container::Container;
use super::document::{Body, Document, Entry};
use super::entries;
use super::fault::ContainerError;
use super::finding::{Check, Findings};
use super::{Finding, RENDERER, Rendering};
use crate::error::Error;
use crate::log::proof::{ConsistencyProof, InclusionProof};
use crate::log::signature::{BUNDLE_NAMESPACE, CHECKPOINT_NAMESPACE, LogPublicKey};
use crate::log::{Checkpoint, EntryId, Fingerprint, Hash, tree};
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
    /// The report, rendered anew from the data that was checked.
    pub report: Option<String>,
    /// Everything that was checked.
    pub findings: Vec<Finding>,
}

/// Largest `incidents.json` that is read, 512 MiB: it is held in memory.
pub const MAX_DOCUMENT: u64 = 512 << 20;
/// Files that every bag has.
const TAG_FILES: [&str; 4] = [
    bag::BAGIT_TXT,
    bag::BAG_INFO_TXT,
    bag::MANIFEST,
    bag::TAG_MANIFEST,
];
/// Largest of the other files that are read whole; the longest is a proof of under 4 KiB.
const MAX_SMALL: u64 = 64 << 10;

/// Checks a ZIP file, or a folder where it lies unpacked.
///
/// # Errors
/// Only if it cannot be read or is no bundle at all; whatever is wrong in it is a finding.
pub fn verify(
    path: &Path,
    options: &VerifyOptions,
    progress: &mut dyn Progress,
) -> Result<Verdict, Error> {
    let mut findings = Findings::new();
    let mut container = match Container::open(path) {
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
        Err(CheckError::Io(error)) => return Err(VaultError::from_io(error).into()),
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
    report: Option<String>,
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
        self.evidence(&document);
        let fingerprint = Fingerprint::of(&checkpoint).to_string();
        let rendering = Rendering {
            document: &document,
            fingerprint: &fingerprint,
        };
        read.report = Some(self.reports(&rendering));
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

    /// Checkpoint, key and the three signatures over it.
    fn checkpoint(&mut self) -> Option<(Checkpoint, LogPublicKey)> {
        let text = self.text("proof/checkpoint.txt", Check::Checkpoint)?;
        let Some(checkpoint) = Checkpoint::parse(&text) else {
            self.fail(
                Check::Checkpoint,
                "proof/checkpoint.txt",
                "not a checkpoint of this form",
            );
            return None;
        };
        self.findings.ok(
            Check::Checkpoint,
            "proof/checkpoint.txt",
            "origin, size and root",
        );
        let pem = self.text("proof/log-key.pub.pem", Check::Key)?;
        let Some(key) = LogPublicKey::from_pem(&pem) else {
            self.fail(
                Check::Key,
                "proof/log-key.pub.pem",
                "not an Ed25519 key of this form",
            );
            return None;
        };
        if key.origin() != checkpoint.origin {
            self.fail(
                Check::Key,
                "proof/log-key.pub.pem",
                "not the key that the origin names",
            );
            return None;
        }
        self.findings.ok(
            Check::Key,
            "proof/log-key.pub.pem",
            "the key that the origin names",
        );
        let signers = self.text("proof/allowed_signers", Check::Key);
        self.same(
            Check::Key,
            "proof/allowed_signers",
            signers == Some(key.to_allowed_signers()),
        );

        let raw = self.signatures(&key, "proof/checkpoint.txt", CHECKPOINT_NAMESPACE, &text);
        let note = self.text("proof/checkpoint.note", Check::Signature);
        let fits = note.is_some_and(|note| key.is_note(&note, &checkpoint, &raw));
        self.same(Check::Signature, "proof/checkpoint.note", fits);
        Some((checkpoint, key))
    }

    /// Both signatures of a text; gives the raw one.
    fn signatures(
        &mut self,
        key: &LogPublicKey,
        path: &str,
        namespace: &str,
        text: &str,
    ) -> Vec<u8> {
        let raw_path = format!("{path}.rawsig");
        let raw = self.bytes(&raw_path, Check::Signature).unwrap_or_default();
        self.same(
            Check::Signature,
            &raw_path,
            key.verify(text.as_bytes(), &raw),
        );
        let ssh_path = format!("{path}.sig");
        let ssh = self.text(&ssh_path, Check::Signature).unwrap_or_default();
        let fits = key.verify_ssh(namespace, text.as_bytes(), &ssh);
        self.same(Check::Signature, &ssh_path, fits);
        raw
    }

    fn document(&mut self, checkpoint: &Checkpoint) -> Option<Document> {
        const PATH: &str = "data/incidents.json";
        self.used.insert(PATH.to_owned());
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
        } else {
            self.fail(Check::Incidents, PATH, "of another checkpoint");
        }
        fits.then_some(document)
    }

    /// `bundle.txt`: signed, and binds the tag manifest and the numbers of the document.
    fn bundle_text(&mut self, key: &LogPublicKey, document: &Document) {
        const PATH: &str = assemble::BUNDLE_TXT;
        let Some(text) = self.text(PATH, Check::Signature) else {
            return;
        };
        self.signatures(key, PATH, BUNDLE_NAMESPACE, &text);
        let Some(said) = BundleText::parse(&text, document) else {
            self.fail(
                Check::Incidents,
                PATH,
                "does not say what incidents.json says",
            );
            return;
        };
        let fits = self.bag.tag_manifest_sha256 == said.tagmanifest;
        self.same(Check::Manifest, bag::TAG_MANIFEST, fits);
        let shown = self
            .paths()
            .filter(|path| path.starts_with("proof/consistency-"))
            .count();
        if said.codes_shown != shown {
            self.fail(
                Check::Consistency,
                PATH,
                "another number of earlier codes than it says",
            );
        }
        if said.codes_shown < said.codes_given {
            let detail = "there are codes given out earlier that this bundle does not show";
            self.findings.warning(Check::Consistency, PATH, detail);
        }
    }

    /// Every entry: its leaf from values, salts and commitments, and its place in the log.
    fn entries(&mut self, document: &Document, checkpoint: &Checkpoint) -> Vec<EntryId> {
        let mut ids = Vec::new();
        for entry in &document.entries {
            let leaf = match entries::leaf(entry) {
                Ok(leaf) => leaf,
                Err(rule) => {
                    self.fail(Check::Entry, &entry.id, &rule.to_string());
                    continue;
                }
            };
            let hash = leaf.hash();
            let id = EntryId::new(leaf.number, &hash);
            if id.to_string() != entry.id {
                self.fail(
                    Check::Entry,
                    &entry.id,
                    "its values are not those that were recorded",
                );
                continue;
            }
            let path = entry.proof_path();
            let proof = self.text(&path, Check::Inclusion);
            let proof = proof.as_deref().and_then(InclusionProof::parse);
            let note = self.text("proof/checkpoint.note", Check::Signature);
            let proven = proof.is_some_and(|proof| {
                proof.index == leaf.number
                    && Some(proof.note) == note
                    && tree::verify_inclusion(
                        &hash,
                        proof.index,
                        checkpoint.size,
                        &proof.hashes,
                        &checkpoint.root,
                    )
            });
            if proven {
                ids.push(id);
                self.findings
                    .ok(Check::Entry, &entry.id, "unchanged since recorded");
            } else {
                self.fail(Check::Inclusion, &entry.id, "not proven to be in the log");
            }
        }
        self.references(document);
        ids
    }

    /// What is about an incident stands beside it, or beside the entry that says it was erased.
    fn references(&mut self, document: &Document) {
        let mut known: BTreeSet<u64> = BTreeSet::new();
        for entry in &document.entries {
            match &entry.body {
                Body::Incident { .. } => {
                    known.insert(entry.number);
                }
                Body::Erasure { erased, .. } => known.extend(erased),
                _ => {}
            }
        }
        for entry in &document.entries {
            let about = entry.subject();
            if about > entry.number || !known.contains(&about) && !is_erasure(entry) {
                self.fail(
                    Check::Entry,
                    &entry.id,
                    "the incident that it is about is not shown",
                );
            }
        }
    }

    /// Checkpoints of codes given out earlier: each is the start of this log.
    fn older(&mut self, checkpoint: &Checkpoint) -> Vec<Checkpoint> {
        let paths: Vec<String> = self
            .paths()
            .filter(|path| path.starts_with("proof/checkpoint-"))
            .map(str::to_owned)
            .collect();
        let mut older = Vec::new();
        for path in paths {
            let text = self.text(&path, Check::Consistency).unwrap_or_default();
            let Some(old) = Checkpoint::parse(&text)
                .filter(|old| old.origin == checkpoint.origin && old.size < checkpoint.size)
                .filter(|old| path == format!("proof/checkpoint-{:06}.txt", old.size))
            else {
                self.fail(
                    Check::Consistency,
                    &path,
                    "not an earlier checkpoint of this log",
                );
                continue;
            };
            let proof_path = format!("proof/consistency-{}-{}.txt", old.size, checkpoint.size);
            let proof = self.text(&proof_path, Check::Consistency);
            let proven = proof
                .as_deref()
                .and_then(ConsistencyProof::parse)
                .is_some_and(|proof| {
                    (proof.old, proof.new) == (old.size, checkpoint.size)
                        && tree::verify_consistency(
                            proof.old,
                            proof.new,
                            &proof.hashes,
                            &old.root,
                            &checkpoint.root,
                        )
                });
            if proven {
                self.findings
                    .ok(Check::Consistency, &path, "this log begins with that one");
                older.push(old);
            } else {
                self.fail(
                    Check::Consistency,
                    &path,
                    "not proven to be the start of this log",
                );
            }
        }
        older
    }

    fn evidence(&mut self, document: &Document) {
        for entry in document.exhibits() {
            let Body::Evidence {
                evidence,
                exhibit,
                file,
                ..
            } = &entry.body
            else {
                continue;
            };
            let Some(file) = file else {
                self.used.insert(exhibit.note_path());
                continue;
            };
            let path = file.path();
            self.used.insert(path.clone());
            let size = self.container.entry(&path).map(|entry| entry.size);
            let fits = evidence.as_ref().is_some_and(|said| {
                size == Some(said.bytes) && self.bag.sha256(&path) == Some(&said.sha256)
            });
            if fits {
                self.findings.ok(
                    Check::Evidence,
                    &path,
                    "the original, unchanged since recorded",
                );
            } else {
                self.fail(Check::Evidence, &path, "not the file that was recorded");
            }
        }
    }

    /// Renders everything that follows from the document again, and gives the report.
    fn reports(&mut self, rendering: &Rendering<'_>) -> String {
        let same_version = rendering.document.exported.renderer == RENDERER;
        let files = assemble::rendered(rendering);
        for (path, bytes) in &files {
            self.used.insert(path.clone());
            let check = if path.starts_with("verify/") {
                Check::VerifyFiles
            } else {
                Check::Reports
            };
            let hash: Hash = Sha256::digest(bytes).into();
            if same_version {
                self.same(check, path, self.bag.sha256(path) == Some(&hash));
            } else if self.bag.sha256(path).is_none() {
                self.fail(check, path, "missing");
            }
        }
        if !same_version {
            let detail = "the reports were not compared with the data: another version made them";
            self.findings.warning(Check::Reports, "", detail);
        }
        let report = files.get("data/report.html").cloned().unwrap_or_default();
        String::from_utf8(report).unwrap_or_default()
    }

    /// Every file is there for a reason.
    fn nothing_else(&mut self, document: &Document) {
        self.used
            .extend(document.entries.iter().map(Entry::proof_path));
        self.used.extend(TAG_FILES.map(str::to_owned));
        let strange: Vec<String> = self
            .paths()
            .filter(|path| !self.used.contains(*path))
            .map(str::to_owned)
            .collect();
        for path in strange {
            self.fail(
                Check::Names,
                &path,
                "nothing in the bundle calls for this file",
            );
        }
    }

    fn size_of(
        &self,
        code: Fingerprint,
        checkpoint: &Checkpoint,
        older: &[Checkpoint],
    ) -> Option<u32> {
        let mut known = std::iter::once(checkpoint).chain(older);
        known
            .find(|known| Fingerprint::of(known) == code)
            .map(|known| known.size)
    }

    fn anchor(
        &mut self,
        code: Fingerprint,
        checkpoint: &Checkpoint,
        older: &[Checkpoint],
    ) -> Option<Anchor> {
        if self.size_of(code, checkpoint, older).is_some() {
            self.findings.ok(
                Check::Fingerprint,
                "",
                "the code is of this log and its key",
            );
            return Some(Anchor::Fingerprint);
        }
        self.fail(
            Check::Fingerprint,
            "",
            "the code is not of this log: compare it once more",
        );
        None
    }

    fn say_covered(&mut self, size: u32, checkpoint: &Checkpoint, shown: &[EntryId]) {
        if size == checkpoint.size {
            return;
        }
        for id in shown.iter().filter(|id| id.number() >= size) {
            let detail = format!("written after the code of size {size}, not covered by it");
            self.findings
                .warning(Check::Fingerprint, &id.to_string(), detail);
        }
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
            report: read.report,
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
            report: None,
            findings: findings.into_vec(),
        }
    }
}

fn is_erasure(entry: &Entry) -> bool {
    matches!(entry.body, Body::Erasure { .. })
}

/// A refused container is a finding; one that cannot be read is an error.
fn refusal(error: ContainerError) -> Result<Finding, Error> {
    match error {
        ContainerError::Refused(refusal) => Ok(refusal.to_finding()),
        ContainerError::NotABundle => Err(Error::NotABundle),
        ContainerError::Io(error) => Err(VaultError::from_io(error).into()),
    }
}
