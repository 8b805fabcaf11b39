//! What the log's key signed: the checkpoint, and `bundle.txt`, which binds everything else.

use super::Bundle;
use crate::bundle::assemble::{self, BundleText};
use crate::bundle::bag;
use crate::bundle::document::Document;
use crate::bundle::finding::Check;
use crate::log::Checkpoint;
use crate::log::signature::{BUNDLE_NAMESPACE, CHECKPOINT_NAMESPACE, LogPublicKey};

impl Bundle {
    /// Checkpoint, key and the three signatures over it.
    pub(super) fn checkpoint(&mut self) -> Option<(Checkpoint, LogPublicKey)> {
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

    /// `bundle.txt`: signed, and binds the tag manifest and the numbers of the document.
    pub(super) fn bundle_text(&mut self, key: &LogPublicKey, document: &Document) {
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
}
