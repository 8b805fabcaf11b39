//! How far long work has come, and a way to stop it.

use std::ops::ControlFlow;

use crate::error::Error;

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

/// Tells that `bytes` more are done; an error if the work is to stop.
pub(crate) fn advance(
    progress: &mut dyn Progress,
    done: &mut u64,
    bytes: u64,
    total: u64,
) -> Result<(), Error> {
    *done = done.saturating_add(bytes);
    match progress.advance(*done, total) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(Error::Cancelled),
    }
}
