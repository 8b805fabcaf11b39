//! Checks the files of a container against the manifests of the bag.

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt;
use std::io::{self, Read};

use sha2::{Digest, Sha256};

use super::{
    BAG_INFO_TXT, BAGIT_TXT, BAGIT_TXT_BYTES, BagInfo, MANIFEST, Manifest, PAYLOAD, TAG_MANIFEST,
    UNLISTED,
};
use crate::bundle::container::Container;
use crate::bundle::fault::ContainerError;
use crate::bundle::finding::{Check, Findings};
use crate::progress::Progress;

/// Largest manifest that is read: 20,000 lines of 64 + 2 + 100 + 1 bytes.
const MAX_MANIFEST: u64 = 20_000 * 167;

/// Largest of the other files of the bag that is read.
const MAX_SMALL: u64 = 1024;

/// Bytes hashed at a time; progress is told after each.
const BUFFER: usize = 128 << 10;

/// A bag whose manifests were read.
#[derive(Clone, Debug)]
pub struct Bag {
    /// `manifest-sha256.txt`: the files under `data/`.
    pub payload: Manifest,
    /// `tagmanifest-sha256.txt`: the other files.
    pub tags: Manifest,
    /// `bag-info.txt`, if it is as it must be.
    pub info: Option<BagInfo>,
    /// SHA-256 of `tagmanifest-sha256.txt`, which `proof/bundle.txt` signs.
    pub tag_manifest_sha256: [u8; 32],
    /// Files that are listed, and whose bytes are others or cannot be read.
    changed: BTreeSet<String>,
}

/// Why a check did not come to its end.
#[derive(Debug)]
pub enum CheckError {
    /// It was cancelled.
    Cancelled,
    /// Reading failed. Says nothing about the bundle.
    Io(io::Error),
}

/// Checks the bag: its own files, that each file is listed, and each listed file's hash. All
/// problems become findings; a file whose hash is wrong is one finding.
///
/// Gives the bag where both manifests can be read. Whether all is right, the findings tell: a
/// caller who goes on with a file must compare its bytes with [`Bag::sha256`] again, since a
/// folder may change.
///
/// # Errors
/// [`CheckError`] if reading failed or was cancelled.
pub fn check(
    container: &mut Container,
    findings: &mut Findings,
    progress: &mut dyn Progress,
) -> Result<Option<Bag>, CheckError> {
    let mut run = Run {
        container,
        findings,
        problems: 0,
    };
    run.check_declaration()?;
    let info = run.read_info()?;
    let payload = run.read_manifest(MANIFEST)?;
    let tags = run.read_manifest(TAG_MANIFEST)?;
    let (Some((payload, payload_sha256)), Some((tags, tag_manifest_sha256))) = (payload, tags)
    else {
        return Ok(None);
    };
    let mut bag = Bag {
        payload,
        tags,
        info,
        tag_manifest_sha256,
        changed: BTreeSet::new(),
    };
    run.check_lists(&bag);
    bag.changed = run.check_hashes(&bag, progress)?;
    // The manifest that was parsed, not only the one that was hashed, is the one listed.
    if bag
        .sha256(MANIFEST)
        .is_some_and(|listed| *listed != payload_sha256)
    {
        run.fail(MANIFEST, "its bytes are not those listed");
    }
    run.check_oxum(&bag);
    if run.problems == 0 {
        let count = bag.payload.len() + bag.tags.len();
        let detail = format!("{count} files are as the manifests say");
        run.findings.ok(Check::Manifest, "", detail);
    }
    Ok(Some(bag))
}

impl Bag {
    /// The hash that a manifest gives for a file. Its bytes may be others.
    #[must_use]
    pub fn sha256(&self, path: &str) -> Option<&[u8; 32]> {
        self.payload.get(path).or_else(|| self.tags.get(path))
    }

    /// The hash of a listed file whose bytes had it when they were checked.
    #[must_use]
    pub fn whole_sha256(&self, path: &str) -> Option<&[u8; 32]> {
        self.sha256(path).filter(|_| !self.changed.contains(path))
    }
}

struct Run<'a> {
    container: &'a mut Container,
    findings: &'a mut Findings,
    problems: u32,
}

impl Run<'_> {
    fn check_declaration(&mut self) -> Result<(), CheckError> {
        let bytes = self.small_file(BAGIT_TXT, MAX_SMALL)?;
        if bytes.is_some_and(|bytes| bytes != BAGIT_TXT_BYTES) {
            self.fail(
                BAGIT_TXT,
                "not the declaration of a bag of version 1.0 in UTF-8",
            );
        }
        Ok(())
    }

    fn read_info(&mut self) -> Result<Option<BagInfo>, CheckError> {
        let Some(bytes) = self.small_file(BAG_INFO_TXT, MAX_SMALL)? else {
            return Ok(None);
        };
        match BagInfo::parse(&bytes) {
            Ok(info) => Ok(Some(info)),
            Err(error) => {
                self.fail(BAG_INFO_TXT, error.to_string());
                Ok(None)
            }
        }
    }

    /// A manifest, and the hash of its bytes.
    fn read_manifest(&mut self, path: &str) -> Result<Option<(Manifest, [u8; 32])>, CheckError> {
        let Some(bytes) = self.small_file(path, MAX_MANIFEST)? else {
            return Ok(None);
        };
        match Manifest::parse(&bytes) {
            Ok(manifest) => Ok(Some((manifest, Sha256::digest(&bytes).into()))),
            Err(error) => {
                self.fail(path, error.to_string());
                Ok(None)
            }
        }
    }

    /// Every file is in the one manifest it belongs to, and every listed file is there.
    fn check_lists(&mut self, bag: &Bag) {
        let mut problems = Vec::new();
        for entry in self.container.entries() {
            let path = entry.path.as_str();
            let is_listed = match path {
                TAG_MANIFEST => true,
                _ if UNLISTED.contains(&path) => true,
                _ if path.starts_with(PAYLOAD) => bag.payload.get(path).is_some(),
                // RFC 8493 has readers fetch files from addresses, or believe another manifest.
                _ if is_foreign_tag_file(path) => {
                    problems.push((path.to_owned(), "a file of bags that no bundle holds"));
                    continue;
                }
                _ => bag.tags.get(path).is_some(),
            };
            if !is_listed {
                problems.push((path.to_owned(), "in no manifest: added after the export"));
            }
        }
        for (path, _) in bag.payload.iter() {
            if !path.as_str().starts_with(PAYLOAD) {
                problems.push((path.to_string(), "listed in the wrong manifest"));
            }
        }
        for (path, _) in bag.tags.iter() {
            let path = path.as_str();
            let is_wrong =
                path == TAG_MANIFEST || UNLISTED.contains(&path) || path.starts_with(PAYLOAD);
            if is_wrong {
                problems.push((path.to_owned(), "listed in the wrong manifest"));
            }
        }
        for (path, _) in bag.payload.iter().chain(bag.tags.iter()) {
            let path = path.as_str();
            // These two were missed already.
            let is_known = path == BAGIT_TXT || path == BAG_INFO_TXT;
            if self.container.entry(path).is_none() && !is_known {
                problems.push((path.to_owned(), "missing"));
            }
        }
        for (path, detail) in problems {
            self.fail(&path, detail);
        }
    }

    /// Hashes every listed file that is there, and gives those whose bytes are others.
    fn check_hashes(
        &mut self,
        bag: &Bag,
        progress: &mut dyn Progress,
    ) -> Result<BTreeSet<String>, CheckError> {
        let mut changed = BTreeSet::new();
        let size = |path: &str| self.container.entry(path).map(|entry| entry.size);
        let listed: Vec<_> = bag.payload.iter().chain(bag.tags.iter()).collect();
        let total = listed
            .iter()
            .filter_map(|(path, _)| size(path.as_str()))
            .sum();
        let mut meter = Meter {
            progress,
            done: 0,
            total,
        };
        for (path, sha256) in listed {
            let path = path.as_str();
            let Some(size) = self.container.entry(path).map(|entry| entry.size) else {
                continue;
            };
            let before = meter.done;
            match hash(self.container, path, &mut meter) {
                Ok(found) if found == *sha256 => {}
                Ok(_) => {
                    changed.insert(path.to_owned());
                    self.fail(path, "changed after the export: the hash differs");
                }
                Err(HashError::Cancelled) => return Err(CheckError::Cancelled),
                Err(HashError::Container(error)) => {
                    changed.insert(path.to_owned());
                    self.refused(path, error)?;
                }
            }
            // A file that could not be read to its end counts as done.
            meter.advance_to(before + size)?;
        }
        Ok(changed)
    }

    fn check_oxum(&mut self, bag: &Bag) {
        let Some(info) = &bag.info else { return };
        let payload = self.container.entries().iter();
        let payload = payload.filter(|entry| entry.path.as_str().starts_with(PAYLOAD));
        let (mut files, mut bytes) = (0, 0);
        for entry in payload {
            files += 1;
            bytes += entry.size;
        }
        if (info.payload_files, info.payload_bytes) != (files, bytes) {
            self.fail(BAG_INFO_TXT, "Payload-Oxum differs from the files");
        }
    }

    /// The bytes of a small file; where there is none, that is a finding.
    fn small_file(&mut self, path: &str, max: u64) -> Result<Option<Vec<u8>>, CheckError> {
        if self.container.entry(path).is_none() {
            self.fail(path, "missing");
            return Ok(None);
        }
        match self.container.read_all(path, max) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) => {
                self.refused(path, error)?;
                Ok(None)
            }
        }
    }

    /// An error of one file becomes a finding, unless reading itself failed.
    fn refused(&mut self, path: &str, error: ContainerError) -> Result<(), CheckError> {
        match error {
            ContainerError::Io(error) => Err(CheckError::Io(error)),
            ContainerError::Refused(refusal) => {
                self.problems += 1;
                self.findings.push(refusal.to_finding());
                Ok(())
            }
            ContainerError::NotABundle => {
                self.fail(path, "cannot be read");
                Ok(())
            }
        }
    }

    fn fail(&mut self, path: &str, detail: impl Into<String>) {
        self.problems += 1;
        self.findings.failure(Check::Manifest, path, detail);
    }
}

enum HashError {
    Cancelled,
    Container(ContainerError),
}

/// SHA-256 of one file.
fn hash(
    container: &mut Container,
    path: &str,
    meter: &mut Meter<'_>,
) -> Result<[u8; 32], HashError> {
    let mut reader = container.read(path).map_err(HashError::Container)?;
    let mut sha256 = Sha256::new();
    let mut buffer = vec![0; BUFFER];
    loop {
        let count = match reader.read(&mut buffer) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(HashError::Container(error.into())),
        };
        if count == 0 {
            return Ok(sha256.finalize().into());
        }
        sha256.update(buffer.get(..count).unwrap_or_default());
        let done = meter.done + count as u64;
        meter.advance_to(done).map_err(|_| HashError::Cancelled)?;
    }
}

/// Tells how many of all bytes are done.
struct Meter<'a> {
    progress: &'a mut dyn Progress,
    done: u64,
    total: u64,
}

impl Meter<'_> {
    fn advance_to(&mut self, done: u64) -> Result<(), CheckError> {
        if done == self.done {
            return Ok(());
        }
        self.done = done;
        match self.progress.advance(done, self.total) {
            std::ops::ControlFlow::Continue(()) => Ok(()),
            std::ops::ControlFlow::Break(()) => Err(CheckError::Cancelled),
        }
    }
}

/// `fetch.txt`, and manifests with another algorithm.
fn is_foreign_tag_file(path: &str) -> bool {
    let is_manifest = path.starts_with("manifest-") || path.starts_with("tagmanifest-");
    path == "fetch.txt" || is_manifest && path.ends_with(".txt") && path != MANIFEST
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cancelled => f.write_str("the check was cancelled"),
            Self::Io(error) => write!(
                f,
                "the bundle cannot be read: {}",
                crate::files::in_words(error.kind())
            ),
        }
    }
}

impl Error for CheckError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::Cancelled => None,
        }
    }
}
