//! The files that the entries call for: originals, reports made again from the data, and no others.

use std::borrow::Cow;
use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::{Bundle, checkers};
use crate::bundle::assemble;
use crate::bundle::bag;
use crate::bundle::document::{Body, Document, Entry, EvidenceCopy, EvidenceFile};
use crate::bundle::finding::Check;
use crate::bundle::pdf;
use crate::bundle::pictures::{IN_BUNDLE, Pictures};
use crate::bundle::{RENDERER, Rendering};
use crate::log::Hash;
use crate::picture::MAX_FILE;

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
                size == Some(said.bytes) && self.bag.whole_sha256(&path) == Some(&said.sha256)
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
                "copies, not originals, among the evidence files: {copies}; whether a copy shows \
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
        if size == Some(copy.bytes) && self.bag.whole_sha256(&path) == Some(&copy.sha256) {
            let detail = match copy.covered {
                0 => "a copy without metadata, as it was exported; not the original",
                _ => "a copy with covered parts, as it was exported; not the original",
            };
            self.findings.ok(Check::Evidence, &path, detail);
        } else {
            self.fail(Check::Evidence, &path, "not the copy that was exported");
        }
    }

    /// Renders everything that follows from the document again, and gives the reports by name.
    pub(super) fn reports(&mut self, rendering: &Rendering<'_>) -> BTreeMap<String, Vec<u8>> {
        let renderer = rendering.document.exported.renderer.as_str();
        let same_version = renderer == RENDERER;
        let document = rendering.document;
        let pictures = self.pictures(document);
        let files = assemble::rendered(rendering, &pictures);
        let on_paper = pdf::paths(document);
        for (path, bytes) in &files {
            self.used.insert(path.clone());
            let check = if path.starts_with("verify/") {
                Check::VerifyFiles
            } else {
                Check::Reports
            };
            let hash: Hash = Sha256::digest(bytes).into();
            let whole = self.bag.whole_sha256(path).copied();
            let is_listed = self.bag.sha256(path).is_some();
            if same_version {
                self.same(check, path, whole == Some(hash));
            } else if !is_listed && !is_from_before(path, renderer) {
                self.fail(check, path, "missing");
            }
            if let Some(whole) = whole.filter(|_| checkers::PATHS.contains(&path.as_str())) {
                self.name_checker(path, &whole);
            }
        }
        for path in on_paper.iter().filter(|path| !files.contains_key(*path)) {
            let detail = "it could not be made again here, and was not compared with the data";
            self.findings.warning(Check::Reports, path, detail);
        }
        if !same_version {
            let detail = "the reports were not compared with the data: another version made them";
            self.findings.warning(Check::Reports, "", detail);
        }
        let reports = files.into_iter().filter_map(|(path, bytes)| {
            let name = path.strip_prefix(bag::PAYLOAD)?;
            (!name.contains('/')).then(|| (name.to_owned(), bytes))
        });
        reports.collect()
    }

    /// Which release of a checker this is: an expert runs none that nobody knows.
    fn name_checker(&mut self, path: &str, sha256: &Hash) {
        match checkers::release(path, sha256) {
            Some(release) => {
                let detail = format!("the known checker of {release}");
                self.findings.ok(Check::VerifyFiles, path, detail);
            }
            None => self.findings.warning(
                Check::VerifyFiles,
                path,
                "no checker that this program knows: do not run it, take one from elsewhere",
            ),
        }
    }

    /// The pictures of the bundle as its report on paper shows them. One that cannot be read is
    /// missing there, and the report differs.
    fn pictures(&mut self, document: &Document) -> Pictures {
        let read = |entry: &Entry| {
            let path = entry.shown_file().map(EvidenceFile::path);
            let read = path.and_then(|path| {
                let bytes = self.container.read_all(&path, MAX_FILE).ok()?;
                self.is_listed(&path, &bytes).then_some(Cow::Owned(bytes))
            });
            Ok::<_, std::convert::Infallible>(read)
        };
        let Ok(pictures) = Pictures::load(document, IN_BUNDLE, read);
        pictures
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

/// Whether this file is one that bundles of this earlier version did not have.
fn is_from_before(path: &str, renderer: &str) -> bool {
    let has_paper = renderer.contains("+reports.");
    match path {
        "data/report.pdf" => !has_paper,
        checkers::PAGE => {
            !has_paper
                || ["+reports.2", "+reports.3"]
                    .iter()
                    .any(|end| renderer.ends_with(end))
        }
        _ => false,
    }
}
