//! What every reader of foreign bytes must hold, whatever the bytes: no panic, and what it takes is
//! written back as it was. `tests/fuzz` calls it with bytes that libFuzzer makes, an ordinary test with
//! those of `tests/fuzz/corpus`. It is in no build of the library but these two.

#![allow(missing_docs, clippy::indexing_slicing, clippy::unwrap_used)] // a panic is how it tells of a fault

mod text;

#[cfg(test)]
mod corpus;

use std::io::Cursor;

use crate::bundle::fuzzing as bundle;
use crate::canonical::Value;
use crate::copy::{self, Source};
use crate::evidence::fuzzing as evidence;
use crate::evidence::{EvidenceError, MediaType};
use crate::log::entry::Entry;
use crate::log::leaf::Leaf;
use crate::log::proof::{ConsistencyProof, InclusionProof};
use crate::log::signature::{BUNDLE_NAMESPACE, CHECKPOINT_NAMESPACE, LogPublicKey};
use crate::log::{Checkpoint, tree};
use crate::picture::{self, Area};
use crate::time::stamp::{Answer, Request, check_chain};
use crate::vault::fuzzing as vault;

/// A target: its name, which is that of its corpus, and what is done with the bytes.
pub type Target = (&'static str, fn(&[u8]));

/// All of them.
pub const TARGETS: [Target; 21] = [
    ("backup", crate::backup::fuzzing::backup),
    ("canonical", canonical),
    ("cell", vault::cell),
    ("checkpoint", checkpoint),
    ("copy", copy),
    ("document", bundle::document),
    ("entry", entry),
    ("envelope", bundle::envelope),
    ("evidence", evidence::sealed),
    ("header", vault::header),
    ("incident", text::incident),
    ("index", vault::index),
    ("manifest", bundle::manifest),
    ("proof", proof),
    ("recording", recording),
    ("report", bundle::report),
    ("signature", signature),
    ("slot", vault::slot),
    ("stamp", stamp),
    ("text", text::text),
    ("zip", bundle::zip),
];

/// Runs one target.
///
/// # Panics
/// If there is none of this name, or if a reader does not hold what it must.
pub fn run(target: &str, bytes: &[u8]) {
    let found = TARGETS.iter().find(|(name, _)| *name == target);
    found.unwrap().1(bytes);
}

/// Some bytes of the input that say how the rest is used; zeros where it is too short.
pub(crate) fn head<const N: usize>(bytes: &[u8]) -> ([u8; N], &[u8]) {
    let (head, rest) = bytes.split_at(bytes.len().min(N));
    let mut taken = [0; N];
    taken[..head.len()].copy_from_slice(head);
    (taken, rest)
}

/// One changed byte, and the end cut off, in bytes that were good.
pub(crate) fn damage(good: &mut Vec<u8>, how: [u8; 8]) -> bool {
    let before = good.clone();
    let at = usize::from(u16::from_be_bytes([how[0], how[1]]));
    if let Some(byte) = good.get_mut(at) {
        *byte ^= how[2];
    }
    let cut = usize::from(u16::from_be_bytes([how[3], how[4]]));
    good.truncate(good.len().saturating_sub(cut));
    *good != before
}

fn canonical(bytes: &[u8]) {
    if let Ok(value) = Value::parse_canonical(bytes) {
        assert!(value.to_bytes() == bytes);
        assert!(Value::parse(bytes) == Ok(value));
    }
    if let Ok(value) = Value::parse(bytes) {
        assert!(Value::parse_canonical(&value.to_bytes()) == Ok(value));
    }
    let _ = Value::parse_members(bytes, &["about", "recorded"]);
}

fn entry(bytes: &[u8]) {
    let _ = Entry::parse_line(bytes);
    let Some(entry) = Entry::parse(bytes) else {
        return;
    };
    assert!(*entry.to_bytes() == bytes);
    let leaf = Leaf::of(7, &entry);
    assert!(leaf.hash() == Leaf::of(7, &entry).hash());
    let _ = (entry.recorded_at().len(), entry.reason().map(str::len));
}

fn checkpoint(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Some(read) = Checkpoint::parse(text) {
        assert!(read.text() == text);
        let code = crate::log::Fingerprint::of(&read);
        assert!(code.to_string().parse() == Ok(code));
    }
}

fn proof(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let (leaf, root) = ([1; 32], [2; 32]);
    if let Some(read) = InclusionProof::parse(text) {
        assert!(read.text() == text);
        for size in [0, 1, read.index, read.index.saturating_add(1), u32::MAX] {
            let (index, hashes) = (read.index, &read.hashes);
            assert!(!tree::verify_inclusion(&leaf, index, size, hashes, &root));
        }
    }
    if let Some(read) = ConsistencyProof::parse(text) {
        assert!(read.text() == text);
        let (old, new) = (read.old, read.new);
        let same = tree::verify_consistency(old, new, &read.hashes, &leaf, &root);
        assert!(!same);
    }
}

fn signature(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Some(key) = LogPublicKey::from_pem(text) {
        assert!(key.to_pem() == text);
    }
    // The key of the worked examples, so that what it signed is taken.
    let key = crate::log::signature::LogKey::from_seed(&zeroize::Zeroizing::new(
        std::array::from_fn(|at| 0xa0 + at as u8),
    ));
    let public = key.public();
    let (message, armored) = text.split_once("-----BEGIN").unwrap_or((text, ""));
    let armored = format!("-----BEGIN{armored}");
    for namespace in [CHECKPOINT_NAMESPACE, BUNDLE_NAMESPACE] {
        if public.verify_ssh(namespace, message.as_bytes(), &armored) {
            assert!(armored == key.sign_ssh(namespace, message.as_bytes()));
        }
    }
    let (body, rest) = text.split_at(text.find("\n\n").map_or(text.len(), |at| at + 1));
    if let Some(checkpoint) = Checkpoint::parse(body) {
        let raw = rest.as_bytes().last_chunk::<64>().unwrap_or(&[0; 64]);
        let _ = public.is_note(text, &checkpoint, raw);
    }
}

fn stamp(bytes: &[u8]) {
    if let Some(request) = Request::parse(bytes) {
        assert!(request.to_bytes() == bytes);
    }
    if let Ok(answer) = Answer::parse(bytes) {
        assert!(answer.signer().chars().count() <= 200);
        let _ = (answer.imprint(), answer.time());
        let _ = answer.answers(&Request::new([0; 32], [0; 8]));
    }
    let _ = check_chain(bytes);
}

/// Eight bytes say what is covered, the rest is the picture.
fn copy(bytes: &[u8]) {
    let (how, file) = head::<8>(bytes);
    if let Ok(copy) = picture::clean(file) {
        let again = picture::clean(&copy.bytes);
        assert!(again.is_ok_and(|again| again.bytes == copy.bytes));
    }
    let number = |at: usize| u32::from(u16::from_be_bytes([how[at], how[at + 1]]));
    let area = Area {
        x: number(0),
        y: number(2),
        width: number(4),
        height: number(6),
    };
    let _ = picture::cover(file, &[area]);
    if let Some(paper) = picture::on_paper(file, 1 << 16) {
        assert!(paper.jpeg.len() <= 1 << 16);
    }
}

/// Video and sound: what is made of a file is read through, and so long as it says.
fn recording(bytes: &[u8]) {
    let mut file = InMemory(bytes);
    let Ok(copy) = copy::make(MediaType::of(bytes), &mut file) else {
        return;
    };
    let mut copy = copy.over(&mut file);
    let mut made = vec![0; usize::try_from(copy.length()).unwrap()];
    assert!(made.len() <= 2 * bytes.len() + 4096);
    copy.read_at(0, &mut made).unwrap();
}

struct InMemory<'a>(&'a [u8]);

impl Source for InMemory<'_> {
    fn length(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&mut self, offset: u64, out: &mut [u8]) -> Result<(), EvidenceError> {
        // Whatever it asks for lies in the file: else this is the panic.
        let at = usize::try_from(offset).unwrap();
        out.copy_from_slice(&self.0[at..at + out.len()]);
        Ok(())
    }
}

/// A reader over bytes, as the ZIP reader takes it.
pub(crate) fn reader(bytes: &[u8]) -> Cursor<Vec<u8>> {
    Cursor::new(bytes.to_vec())
}
