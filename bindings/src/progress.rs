//! How far long work has come, told to the other side, and the ways to stop it.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use diary_core::Progress;

use crate::error::DiaryError;
use crate::panics::caught;

/// Is told how far long work has come, on the thread that asked for the work.
#[uniffi::export(foreign)]
pub trait ProgressListener: Send + Sync {
    /// `done` of `total` are done, mostly bytes. Called at the first step, then after 1 MiB or 100
    /// milliseconds, whichever comes first, and when all are done. False stops the work, which then fails with
    /// `Cancelled`; an error stops it too, and is what the work fails with.
    ///
    /// The diary cannot be called from here, but for `lock`, which takes effect when the work has
    /// ended.
    fn advance(&self, done: u64, total: u64) -> Result<bool, DiaryError>;
}

/// How often the other side is called: a call costs some microseconds there.
const BYTES: u64 = 1 << 20;
const PAUSE: Duration = Duration::from_millis(100);

/// Passes progress on, and stops the work when the listener or a lock wants it.
pub(crate) struct Watch<'a> {
    listener: Option<Arc<dyn ProgressListener>>,
    stop: &'a AtomicBool,
    told: Option<(u64, Instant)>,
    failed: Option<DiaryError>,
}

/// Long work without a diary, which only its listener stops.
pub(crate) fn alone<T>(
    listener: Option<Arc<dyn ProgressListener>>,
    work: impl FnOnce(&mut Watch<'_>) -> Result<T, DiaryError>,
) -> Result<T, DiaryError> {
    let nobody = AtomicBool::new(false);
    let mut watch = Watch::new(listener, &nobody);
    let result = caught(|| work(&mut watch));
    watch.outcome(result)
}

impl<'a> Watch<'a> {
    pub(crate) fn new(listener: Option<Arc<dyn ProgressListener>>, stop: &'a AtomicBool) -> Self {
        Self {
            listener,
            stop,
            told: None,
            failed: None,
        }
    }

    /// The outcome of the work: why the listener failed is told in place of `Cancelled`.
    pub(crate) fn outcome<T>(self, result: Result<T, DiaryError>) -> Result<T, DiaryError> {
        match (result, self.failed) {
            (Err(_), Some(failed)) => Err(failed),
            (result, _) => result,
        }
    }

    fn is_due(&self, done: u64, total: u64) -> bool {
        self.told.is_none_or(|(before, at)| {
            done.abs_diff(before) >= BYTES
                || at.elapsed() >= PAUSE
                || (done == total && before != done)
        })
    }
}

impl Progress for Watch<'_> {
    fn advance(&mut self, done: u64, total: u64) -> ControlFlow<()> {
        if self.stop.load(Ordering::SeqCst) {
            return ControlFlow::Break(());
        }
        let Some(listener) = self.listener.as_ref().filter(|_| self.is_due(done, total)) else {
            return ControlFlow::Continue(());
        };
        let answer = listener.advance(done, total);
        self.told = Some((done, Instant::now()));
        match answer {
            Ok(true) if !self.stop.load(Ordering::SeqCst) => ControlFlow::Continue(()),
            Ok(_) => ControlFlow::Break(()),
            Err(error) => {
                self.failed = Some(error);
                ControlFlow::Break(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[derive(Default)]
    struct Told(Mutex<Vec<u64>>);

    impl ProgressListener for Told {
        fn advance(&self, done: u64, _total: u64) -> Result<bool, DiaryError> {
            self.0.lock().unwrap().push(done);
            if done >= 3 * BYTES {
                return Err(DiaryError::NotFound);
            }
            Ok(true)
        }
    }

    #[test]
    fn a_listener_is_told_first_and_by_the_mebibyte_and_its_error_is_kept() {
        let told = Arc::new(Told::default());
        let stop = AtomicBool::new(false);
        let mut watch = Watch::new(Some(told.clone()), &stop);
        let step = BYTES / 4;
        let steps = (1..=20).map(|n| n * step);
        let stopped = steps
            .map(|done| watch.advance(done, 100))
            .position(|flow| flow.is_break());
        assert!(stopped.is_some());
        let told = told.0.lock().unwrap();
        assert_eq!(told.first(), Some(&step));
        assert!(told.windows(2).all(|pair| pair[1] > pair[0]));
        let outcome = watch.outcome::<()>(Err(DiaryError::Cancelled));
        assert_eq!(outcome, Err(DiaryError::NotFound));
    }

    #[test]
    fn a_listener_is_told_of_the_end_however_soon_it_comes() {
        let told = Arc::new(Told::default());
        let stop = AtomicBool::new(false);
        let mut watch = Watch::new(Some(told.clone()), &stop);
        for done in [1, 2, 3, 3] {
            assert!(watch.advance(done, 3).is_continue());
        }
        assert_eq!(*told.0.lock().unwrap(), [1, 3]);
    }

    #[test]
    fn a_lock_stops_work_that_nobody_listens_to() {
        let stop = AtomicBool::new(false);
        let mut watch = Watch::new(None, &stop);
        assert!(watch.advance(1, 2).is_continue());
        stop.store(true, Ordering::SeqCst);
        assert!(watch.advance(2, 2).is_break());
    }
}
