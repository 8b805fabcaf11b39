//! What the parsers of the log take has one form: it is written back with the same bytes.

use proptest::prelude::*;

use super::entry::{Entry, EntryId};
use super::proof::{ConsistencyProof, InclusionProof};
use super::signature::{CHECKPOINT_NAMESPACE, LogPublicKey};
use super::vectors::{checkpoint, consistency, entries, inclusion, log_key};
use super::{Checkpoint, Fingerprint};
use crate::mutate::mutated;

fn texts(good: String) -> impl Strategy<Value = String> {
    mutated(good.into_bytes()).prop_filter_map("no text", |bytes| String::from_utf8(bytes).ok())
}

fn tlog_proof() -> String {
    let note = log_key().sign_note(&checkpoint(3));
    let hashes = inclusion(1, 3);
    let index = 1;
    InclusionProof {
        index,
        hashes,
        note,
    }
    .text()
}

fn consistency_proof() -> String {
    let (old, new) = (2, 3);
    let hashes = consistency(old, new);
    ConsistencyProof { old, new, hashes }.text()
}

proptest! {
    #[test]
    fn section_8_an_entry_is_written_back_as_it_was_read(
        bytes in (0..3usize).prop_flat_map(|n| mutated(entries()[n].to_bytes().to_vec()))
    ) {
        if let Some(entry) = Entry::parse(&bytes) {
            prop_assert_eq!(&*entry.to_bytes(), &bytes);
        }
        let _ = Entry::parse_line(&bytes);
    }

    #[test]
    fn section_8_an_id_is_shown_as_it_was_read(text in texts("123-k7q2".to_owned())) {
        if let Ok(id) = text.parse::<EntryId>() {
            let shown = id.to_string();
            prop_assert_eq!(shown.parse(), Ok(id));
            prop_assert!(shown.len() == text.len());
        }
    }

    #[test]
    fn section_11_a_checkpoint_is_written_back_as_it_was_read(text in texts(checkpoint(3).text())) {
        if let Some(read) = Checkpoint::parse(&text) {
            prop_assert_eq!(read.text(), text);
        }
    }

    #[test]
    fn section_11_a_proof_is_written_back_as_it_was_read(
        inclusion in texts(tlog_proof()),
        consistency in texts(consistency_proof()),
    ) {
        if let Some(read) = InclusionProof::parse(&inclusion) {
            prop_assert_eq!(read.text(), inclusion);
        }
        if let Some(read) = ConsistencyProof::parse(&consistency) {
            prop_assert_eq!(read.text(), consistency);
        }
    }

    #[test]
    fn section_11_a_key_is_written_back_as_it_was_read(pem in texts(log_key().public().to_pem())) {
        if let Some(key) = LogPublicKey::from_pem(&pem) {
            prop_assert_eq!(key.to_pem(), pem);
        }
    }

    #[test]
    fn section_11_a_signature_has_one_form(
        armored in texts(log_key().sign_ssh(CHECKPOINT_NAMESPACE, checkpoint(3).text().as_bytes())),
        note in texts(log_key().sign_note(&checkpoint(3))),
    ) {
        let (key, size_3) = (log_key(), checkpoint(3));
        let message = size_3.text();
        let public = key.public();
        if public.verify_ssh(CHECKPOINT_NAMESPACE, message.as_bytes(), &armored) {
            prop_assert_eq!(armored, key.sign_ssh(CHECKPOINT_NAMESPACE, message.as_bytes()));
        }
        if public.is_note(&note, &size_3, &key.sign(message.as_bytes())) {
            prop_assert_eq!(note, key.sign_note(&size_3));
        }
    }

    #[test]
    fn section_11_a_code_that_is_taken_is_the_one_that_was_meant(
        text in texts(Fingerprint::of(&checkpoint(3)).to_string())
    ) {
        if let Ok(code) = text.parse::<Fingerprint>() {
            prop_assert_eq!(code.to_string().parse::<Fingerprint>().ok(), Some(code));
        }
    }
}
