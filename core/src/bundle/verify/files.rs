//! The files that the entries call for: originals, reports made again from the data, and no others.

use sha2::{Digest, Sha256};

use super::Bundle;
use crate::bundle::assemble;
use crate::bundle::bag;
use crate::bundle::document::{Body, Document, Entry, EvidenceCopy};
use crate::bundle::finding::Check;
use crate::bundle::pdf;
use crate::bundle::{RENDERER, Rendering};
use crate::log::Hash;

/// Files that every bag has.
const TAG_FILES: [&str; 4] = [
    bag::BAGIT_TXT,
    bag::BAG_INFO_TXT,
    bag::MANIFEST,
    bag::TAG_MANIFEST,
];

impl Bundle {
    pub(super) fn evidence(&mut self, document: &Document) {
        let mut copies = 0u64;
        for entry in document.exhibits() {
            let Body::Evidence {
                evidence,
                exhibit,
                file,
                copy,
                ..
            } = &entry.body
            else {
                continue;
            };
            let Some(file) = file else {
                self.used.insert(exhibit.note_path());
                if let Some(copy) = copy {
                    self.copy(copy);
                    copies += 1;
                }
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
        if copies > 0 {
            let detail = format!(
                "{copies} of the evidence files are copies, not originals: whether a copy shows \
                 what its original shows can be seen by comparing the two, and not from here",
            );
            self.findings.warning(Check::Evidence, "", &detail);
        }
    }

    /// The signature of the bundle speaks for a copy; no entry of the log does.
    fn copy(&mut self, copy: &EvidenceCopy) {
        let path = copy.file.path();
        self.used.insert(path.clone());
        let size = self.container.entry(&path).map(|entry| entry.size);
        if size == Some(copy.bytes) && self.bag.sha256(&path) == Some(&copy.sha256) {
            let detail = match copy.covered {
                0 => "a copy without metadata, as it was exported; not the original",
                _ => "a copy with covered parts, as it was exported; not the original",
            };
            self.findings.ok(Check::Evidence, &path, detail);
        } else {
            self.fail(Check::Evidence, &path, "not the copy that was exported");
        }
    }

    /// Renders everything that follows from the document again, and gives the report.
    pub(super) fn reports(&mut self, rendering: &Rendering<'_>) -> String {
        let renderer = rendering.document.exported.renderer.as_str();
        let same_version = renderer == RENDERER;
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
            } else if self.bag.sha256(path).is_none() && !is_from_before(path, renderer) {
                self.fail(check, path, "missing");
            }
        }
        if pdf::is_made(rendering.document) && !files.contains_key(pdf::PATH) {
            let detail = "it could not be made again here, and was not compared with the data";
            self.findings.warning(Check::Reports, pdf::PATH, detail);
        }
        if !same_version {
            let detail = "the reports were not compared with the data: another version made them";
            self.findings.warning(Check::Reports, "", detail);
        }
        let report = files.get("data/report.html").cloned().unwrap_or_default();
        String::from_utf8(report).unwrap_or_default()
    }

    /// Every file is there for a reason.
    pub(super) fn nothing_else(&mut self, document: &Document) {
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
}

/// Whether this file is one that the first version of the reports did not have.
fn is_from_before(path: &str, renderer: &str) -> bool {
    path == pdf::PATH && !renderer.contains("+reports.")
}
