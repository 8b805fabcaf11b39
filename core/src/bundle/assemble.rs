//! From a document to the files of a bundle: data, reports, proofs, signatures and manifests. A
//! pure function of its input; the same gives the same bytes.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::bag::{self, BagInfo, Manifest};
use super::document::{Body, Document};
use super::path::InvalidPath;
use super::pictures::Pictures;
use super::{Rendering, VERIFY_HTML, VERIFY_PY, csv, html, note, pdf, readme, start};
use crate::hex;
use crate::log::proof::{ConsistencyProof, InclusionProof};
use crate::log::signature::{BUNDLE_NAMESPACE, CHECKPOINT_NAMESPACE, LogKey};
use crate::log::{Checkpoint, Fingerprint, Hash};

/// What a bundle is made from.
pub(crate) struct Contents<'a> {
    /// `incidents.json`.
    pub(crate) document: &'a Document,
    /// The checkpoint that the document names.
    pub(crate) checkpoint: Checkpoint,
    /// Signs the checkpoint and the bundle.
    pub(crate) key: &'a LogKey,
    /// For each entry shown its number and its inclusion proof.
    pub(crate) inclusion: Vec<(u32, Vec<Hash>)>,
    /// Checkpoints of codes given out earlier, each with its consistency proof.
    pub(crate) older: Vec<(Checkpoint, Vec<Hash>)>,
    /// Requests, answers and chains of the document's time stamps, by path.
    pub(crate) stamps: BTreeMap<String, Vec<u8>>,
    /// The pictures for the report on paper.
    pub(crate) pictures: &'a Pictures,
    /// How many codes were given out, with those that found no room in `older`.
    pub(crate) codes_given: usize,
}

/// The files of a bundle, by path below its top folder.
pub(crate) struct Files {
    /// Name of the top folder, which is also the usual name of the ZIP file.
    pub(crate) top: String,
    /// Files that are in memory.
    pub(crate) small: BTreeMap<String, Vec<u8>>,
    /// Originals, which are unsealed while they are written.
    pub(crate) originals: BTreeMap<String, Original>,
    /// Copies without metadata.
    pub(crate) copies: BTreeMap<String, Original>,
}

/// The original of an evidence entry, or the copy that stands for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Original {
    /// Number of the evidence entry.
    pub(crate) entry: u32,
    /// Size of this file.
    pub(crate) bytes: u64,
    /// Its SHA-256.
    pub(crate) sha256: Hash,
}

/// Signed text that binds the files of a bundle to the log.
pub(crate) const BUNDLE_TXT: &str = "proof/bundle.txt";

/// Makes all files but the originals and the copies.
///
/// # Errors
/// A name that no bundle may hold; all of ours may.
pub(crate) fn files(contents: &Contents<'_>) -> Result<Files, InvalidPath> {
    let document = contents.document;
    let fingerprint = Fingerprint::of(&contents.checkpoint).to_string();
    let rendering = Rendering {
        document,
        fingerprint: &fingerprint,
    };
    let originals = originals(document);
    let copies = copies(document);
    let top = top_folder(document, &contents.checkpoint);

    let mut files = rendered(&rendering, contents.pictures);
    files.insert("data/incidents.json".to_owned(), document.to_bytes());
    proofs(contents, &mut files);
    files.extend(contents.stamps.clone());
    files.insert(bag::BAGIT_TXT.to_owned(), bag::BAGIT_TXT_BYTES.to_vec());

    let mut payload = Manifest::new();
    let mut payload_bytes = 0;
    for (path, bytes) in files
        .iter()
        .filter(|(path, _)| path.starts_with(bag::PAYLOAD))
    {
        payload.insert(path, Sha256::digest(bytes).into())?;
        payload_bytes += bytes.len() as u64;
    }
    for (path, original) in originals.iter().chain(&copies) {
        payload.insert(path, original.sha256)?;
        payload_bytes += original.bytes;
    }
    let info = BagInfo {
        bagging_date: day(document).to_owned(),
        payload_bytes,
        payload_files: payload.len() as u64,
        external_identifier: top.clone(),
        software_agent: document.exported.renderer.clone(),
    };
    files.insert(
        bag::BAG_INFO_TXT.to_owned(),
        info.to_bytes().map_err(|_| InvalidPath)?,
    );
    files.insert(bag::MANIFEST.to_owned(), payload.to_bytes());

    let mut tags = Manifest::new();
    for (path, bytes) in files
        .iter()
        .filter(|(path, _)| !path.starts_with(bag::PAYLOAD))
    {
        tags.insert(path, Sha256::digest(bytes).into())?;
    }
    let tagmanifest = tags.to_bytes();
    let bundle = BundleText {
        tagmanifest: Sha256::digest(&tagmanifest).into(),
        codes_shown: contents.older.len(),
        codes_given: contents.codes_given,
    }
    .text(document);
    files.insert(bag::TAG_MANIFEST.to_owned(), tagmanifest);
    let sig = contents.key.sign_ssh(BUNDLE_NAMESPACE, bundle.as_bytes());
    let raw = contents.key.sign(bundle.as_bytes());
    files.insert(format!("{BUNDLE_TXT}.sig"), sig.into_bytes());
    files.insert(format!("{BUNDLE_TXT}.rawsig"), raw.to_vec());
    files.insert(BUNDLE_TXT.to_owned(), bundle.into_bytes());
    Ok(Files {
        top,
        small: files,
        originals,
        copies,
    })
}

/// Everything that is rendered from the document, and from the pictures in the bundle. A verifier
/// makes it again and compares.
pub(crate) fn rendered(
    rendering: &Rendering<'_>,
    pictures: &Pictures,
) -> BTreeMap<String, Vec<u8>> {
    let mut files = rendered_as_text(rendering);
    for (volume, path) in pdf::paths(rendering.document).into_iter().enumerate() {
        if let Some(pdf) = pdf::report_pdf(rendering, pictures, volume) {
            files.insert(path, pdf);
        }
    }
    files
}

/// The same without the report on paper, which takes longest.
pub(crate) fn rendered_as_text(rendering: &Rendering<'_>) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::from([
        (
            "data/incidents.csv".to_owned(),
            csv::incidents_csv(rendering),
        ),
        (
            "data/report.html".to_owned(),
            html::report_html(rendering).into_bytes(),
        ),
        (
            "start.html".to_owned(),
            start::start_html(rendering).into_bytes(),
        ),
        (
            "verify/readme.txt".to_owned(),
            readme::verify_readme(rendering).into_bytes(),
        ),
        ("verify/verify.html".to_owned(), VERIFY_HTML.into()),
        ("verify/verify.py".to_owned(), VERIFY_PY.into()),
    ]);
    for entry in rendering.document.exhibits() {
        if let (Some(exhibit), Some(text)) = (entry.exhibit(), note::exhibit_note(rendering, entry))
        {
            files.insert(exhibit.note_path(), text.into_bytes());
        }
    }
    files
}

/// `bundle.txt`, signed so that no file can be exchanged: what in it does not follow from the
/// document.
pub(crate) struct BundleText {
    pub(crate) tagmanifest: Hash,
    pub(crate) codes_shown: usize,
    pub(crate) codes_given: usize,
}

impl BundleText {
    /// The text, a line each.
    pub(crate) fn text(&self, document: &Document) -> String {
        let counts = &document.counts;
        format!(
            "incident-diary-bundle/1\n\
             tagmanifest-sha256 {}\n\
             checkpoint {} {}\n\
             exported {}\n\
             language {}\n\
             renderer {}\n\
             incidents {} of {}\n\
             entries {} of {}\n\
             codes {} of {}\n\
             all entries about these incidents up to entry {}: {}\n",
            hex::encode(&self.tagmanifest),
            document.log.size,
            STANDARD.encode(document.log.root),
            document.exported.at.at,
            document.exported.language.code(),
            document.exported.renderer,
            counts.incidents_shown,
            counts.incidents_in_log,
            counts.entries_shown,
            counts.entries_in_log,
            self.codes_shown,
            self.codes_given,
            document.log.size.saturating_sub(1),
            match counts.lost {
                0 => "yes".to_owned(),
                lost => format!("not known, {lost} of the log were lost"),
            },
        )
    }

    /// Reads the two numbers of codes and the hash; the rest is compared as a whole.
    pub(crate) fn parse(text: &str, document: &Document) -> Option<Self> {
        let mut lines = text.lines();
        let tagmanifest = lines.find_map(|line| line.strip_prefix("tagmanifest-sha256 "))?;
        let codes = lines.find_map(|line| line.strip_prefix("codes "))?;
        let (shown, given) = codes.split_once(" of ")?;
        let parsed = Self {
            tagmanifest: hex::decode(tagmanifest)?,
            codes_shown: shown.parse().ok()?,
            codes_given: given.parse().ok()?,
        };
        (parsed.text(document) == text).then_some(parsed)
    }
}

fn proofs(contents: &Contents<'_>, files: &mut BTreeMap<String, Vec<u8>>) {
    let (checkpoint, key) = (&contents.checkpoint, contents.key);
    let text = checkpoint.text();
    let note = key.sign_note(checkpoint);
    let public = key.public();
    let mut put = |name: &str, bytes: Vec<u8>| files.insert(format!("proof/{name}"), bytes);
    for (index, hashes) in &contents.inclusion {
        let proof = InclusionProof {
            index: *index,
            hashes: hashes.clone(),
            note: note.clone(),
        };
        put(
            &format!("entry-{index:06}.tlog-proof"),
            proof.text().into_bytes(),
        );
    }
    for (older, hashes) in &contents.older {
        let (old, new) = (older.size, checkpoint.size);
        let proof = ConsistencyProof {
            old,
            new,
            hashes: hashes.clone(),
        };
        put(
            &format!("checkpoint-{old:06}.txt"),
            older.text().into_bytes(),
        );
        put(
            &format!("consistency-{old}-{new}.txt"),
            proof.text().into_bytes(),
        );
    }
    put(
        "checkpoint.txt.sig",
        key.sign_ssh(CHECKPOINT_NAMESPACE, text.as_bytes())
            .into_bytes(),
    );
    put("checkpoint.txt.rawsig", key.sign(text.as_bytes()).to_vec());
    put("checkpoint.note", note.into_bytes());
    put("log-key.pub.pem", public.to_pem().into_bytes());
    put("allowed_signers", public.to_allowed_signers().into_bytes());
    put("checkpoint.txt", text.into_bytes());
}

fn originals(document: &Document) -> BTreeMap<String, Original> {
    document
        .exhibits()
        .filter_map(|entry| {
            let Body::Evidence {
                evidence: Some(evidence),
                file: Some(file),
                ..
            } = &entry.body
            else {
                return None;
            };
            let original = Original {
                entry: u32::try_from(entry.number).ok()?,
                bytes: evidence.bytes,
                sha256: evidence.sha256,
            };
            Some((file.path(), original))
        })
        .collect()
}

fn copies(document: &Document) -> BTreeMap<String, Original> {
    document
        .exhibits()
        .filter_map(|entry| {
            let copy = entry.copy()?;
            let made = Original {
                entry: u32::try_from(entry.number).ok()?,
                bytes: copy.bytes,
                sha256: copy.sha256,
            };
            Some((copy.file.path(), made))
        })
        .collect()
}

/// `evidence_2026-11-21_a3f7-19c2`: the day, and 32 bits of the checkpoint's hash. No code, and no
/// name of a person.
fn top_folder(document: &Document, checkpoint: &Checkpoint) -> String {
    let hash = checkpoint.hash();
    let (first, rest) = hash.split_at(2);
    let second = rest.get(..2).unwrap_or_default();
    format!(
        "evidence_{}_{}-{}",
        day(document),
        hex::encode(first),
        hex::encode(second)
    )
}

fn day(document: &Document) -> &str {
    document.exported.at.at.get(..10).unwrap_or("1980-01-01")
}
