//! Requests for time stamps, and where their answers lie (FORMAT.md 9).

use super::Log;
use crate::log::entry::{EntryKind, Seed};
use crate::log::leaf;
use crate::time::stamp::Request;
use crate::vault::VaultError;

impl Log {
    /// The request for a time stamp of the log as it was with `size` entries. Its number follows from
    /// the signing seed, so nothing is kept to compare the answer with, and nobody else can tell it.
    pub(crate) fn stamp_request(&mut self, size: u32) -> Result<Request, VaultError> {
        let checkpoint = self.checkpoint_at(size)?;
        let seed = Seed::from_bytes(self.vault.head().signing_seed.clone());
        let text = checkpoint.text();
        let [a, b, c, d, e, f, g, h, ..] = leaf::mac(&seed, &[b"time-stamp/1\n", text.as_bytes()]);
        Ok(Request::new(checkpoint.hash(), [a, b, c, d, e, f, g, h]))
    }

    /// Numbers of the entries that hold time stamps, newest first.
    pub(crate) fn stamps(&mut self) -> Result<Vec<u32>, VaultError> {
        let mut numbers = Vec::new();
        for node in 0..=self.size() >> 5 {
            let places = self.vault.node(0, node)?;
            let stamps = (node * 32..)
                .zip(places.entries())
                .filter(|(_, place)| place.kind == EntryKind::TimeStamp);
            numbers.extend(stamps.map(|(number, _)| number));
        }
        numbers.reverse();
        Ok(numbers)
    }
}
