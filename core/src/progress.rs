//! How far long work has come, and a way to stop it.

use std::ops::ControlFlow;

/// Is told how far long work has come, often enough for a progress bar.
///
/// A closure of the same shape is one too.
pub trait Progress {
    /// `done` of `total` bytes are done. `Break` cancels: the work ends with its own error and
    /// leaves nothing behind.
    fn advance(&mut self, done: u64, total: u64) -> ControlFlow<()>;
}

/// Nobody watches, and nothing cancels.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn advance(&mut self, _done: u64, _total: u64) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}

impl<F: FnMut(u64, u64) -> ControlFlow<()>> Progress for F {
    fn advance(&mut self, done: u64, total: u64) -> ControlFlow<()> {
        self(done, total)
    }
}
