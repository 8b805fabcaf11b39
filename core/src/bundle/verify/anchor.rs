//! The code from outside: which checkpoint of the bundle it is of, and which entries it covers.

use super::{Anchor, Bundle};
use crate::bundle::finding::Check;
use crate::log::{Checkpoint, EntryId, Fingerprint};

impl Bundle {
    pub(super) fn size_of(
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

    pub(super) fn anchor(
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
            "the bundle holds no such code: it was mistyped, given out after this bundle was made, is of \
             the diary before it was salvaged from damage or put back from an older copy, is older than \
             the codes that found room, or belongs to another log: compare it once more, or ask for a \
             newer bundle",
        );
        None
    }

    pub(super) fn say_covered(&mut self, size: u32, checkpoint: &Checkpoint, shown: &[EntryId]) {
        if size == checkpoint.size {
            return;
        }
        for id in shown.iter().filter(|id| id.number() >= size) {
            let detail = format!("written after the code of size {size}, not covered by it");
            self.findings
                .warning(Check::Fingerprint, &id.to_string(), detail);
        }
    }
}
