//! A disk that fails where a test wants it to.

use super::{CHECKPOINT_FRAMES, Store};

/// Where a test makes the disk fail.
#[derive(Clone, Copy, Default)]
pub(crate) struct Fails {
    /// So many writes succeed before one fails.
    pub(crate) spared: u32,
    pub(crate) growth: bool,
    pub(crate) before_commit: bool,
    pub(crate) after_commit: bool,
    pub(crate) long_write: bool,
    pub(crate) long_commit: bool,
    pub(crate) flush: bool,
    pub(crate) checkpoint: bool,
    pub(crate) reopening: bool,
    /// At opening the log of writes could not be moved.
    pub(crate) behind: bool,
    /// Of the vault's folder, after the header has its name.
    pub(crate) folder_sync: bool,
}

impl Store {
    pub(in crate::vault) fn fail(&mut self, fails: Fails) {
        self.fails = fails;
        self.behind |= fails.behind;
        if fails.checkpoint {
            self.frames = CHECKPOINT_FRAMES;
        }
    }
}
