//! The entries shown and the codes given out earlier: each a part of the log that the checkpoint names.

use std::collections::BTreeSet;

use super::Bundle;
use crate::bundle::document::{Body, Document, Entry};
use crate::bundle::entries;
use crate::bundle::finding::Check;
use crate::log::proof::{ConsistencyProof, InclusionProof};
use crate::log::{Checkpoint, EntryId, tree};

impl Bundle {
    /// Every entry: its leaf from values, salts and commitments, and its place in the log.
    pub(super) fn entries(&mut self, document: &Document, checkpoint: &Checkpoint) -> Vec<EntryId> {
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
            // Where entries are lost, that of the incident may be among them (24).
            let may_be_lost = is_erasure(entry) && document.counts.lost > 0;
            if about > entry.number || !known.contains(&about) && !may_be_lost {
                self.fail(
                    Check::Entry,
                    &entry.id,
                    "the incident that it is about is not shown",
                );
            }
        }
    }

    /// Checkpoints of codes given out earlier: each is the start of this log.
    pub(super) fn older(&mut self, checkpoint: &Checkpoint) -> Vec<Checkpoint> {
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
}

fn is_erasure(entry: &Entry) -> bool {
    matches!(entry.body, Body::Erasure { .. })
}
