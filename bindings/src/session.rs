//! One open diary for many threads: who may use it, and how it is locked.
//!
//! A call takes the diary out, releases the mutex, works, and puts it back; others wait. So no
//! callback ever runs while a mutex is held. Whatever happens, `lock` ends: it asks running work to
//! stop, waits for it, and drops the diary with its keys.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::{self, ThreadId};

use diary_core::Diary;
use diary_core::diary::PendingItem;

use crate::error::DiaryError;
use crate::panics::caught;
use crate::progress::{ProgressListener, Watch};

/// An item that is being written by chunks; `None` when it was finished, given up or locked.
pub(crate) type Pending = Mutex<Option<PendingItem>>;

/// An open diary, or what is left of it.
pub(crate) struct Session {
    inner: Mutex<Inner>,
    changed: Condvar,
    /// Somebody wants it locked: work stops, and nothing new begins.
    closing: AtomicBool,
}

struct Inner {
    place: Place,
    /// Threads that read a file for the diary without having it.
    readers: Vec<ThreadId>,
    /// Items that are being written, to be dropped by a lock.
    pending: Vec<Weak<Pending>>,
}

/// Where the diary is.
enum Place {
    Here(Box<Diary>),
    /// With a thread that works on it; it is locked afterwards if a callback wanted that.
    Taken {
        by: ThreadId,
        then_lock: bool,
    },
    Locked,
}

impl Session {
    pub(crate) fn new(diary: Diary) -> Self {
        Self {
            inner: Mutex::new(Inner {
                place: Place::Here(Box::new(diary)),
                readers: Vec::new(),
                pending: Vec::new(),
            }),
            changed: Condvar::new(),
            closing: AtomicBool::new(false),
        }
    }

    /// One call of the diary. After a panic in it the diary is locked: what it was changing may be
    /// half done in memory, never on the disk.
    pub(crate) fn call<T>(
        &self,
        work: impl FnOnce(&mut Diary) -> Result<T, DiaryError>,
    ) -> Result<T, DiaryError> {
        let mut diary = self.take()?;
        let result = caught(|| work(&mut diary));
        if matches!(result, Err(DiaryError::Defect { .. })) {
            self.closing.store(true, Ordering::SeqCst);
            // Not locked in the ordinary way: that would work on with it.
            let _ = caught(move || {
                drop(diary);
                Ok(())
            });
            self.give_up_pending();
            self.settle(Place::Locked);
        } else {
            self.put_back(diary);
        }
        result
    }

    /// A call after which there is no diary any more; if `allowed` fails, nothing happened.
    pub(crate) fn last_call<A, T>(
        &self,
        allowed: impl FnOnce(&mut Diary) -> Result<A, DiaryError>,
        work: impl FnOnce(Diary, A) -> Result<T, DiaryError>,
    ) -> Result<T, DiaryError> {
        let allowed = self.call(allowed)?;
        let diary = self.take()?;
        self.closing.store(true, Ordering::SeqCst);
        let mut inner = self.inner();
        while !inner.readers.is_empty() {
            inner = self.wait(inner);
        }
        drop(inner);
        self.give_up_pending();
        let result = caught(|| work(*diary, allowed));
        self.settle(Place::Locked);
        result
    }

    /// A call that tells how far it has come.
    pub(crate) fn long_call<T>(
        &self,
        listener: Option<Arc<dyn ProgressListener>>,
        work: impl FnOnce(&mut Diary, &mut Watch<'_>) -> Result<T, DiaryError>,
    ) -> Result<T, DiaryError> {
        self.call(|diary| {
            let mut watch = Watch::new(listener, &self.closing);
            let result = work(diary, &mut watch);
            watch.outcome(result)
        })
    }

    /// Work for the diary that does not need it, so that other calls go on meanwhile. A lock waits
    /// for it.
    pub(crate) fn work_beside<T>(
        &self,
        listener: Option<Arc<dyn ProgressListener>>,
        work: impl FnOnce(&mut Watch<'_>) -> Result<T, DiaryError>,
    ) -> Result<T, DiaryError> {
        let me = thread::current().id();
        let mut inner = self.inner();
        if self.closing.load(Ordering::SeqCst) {
            return Err(DiaryError::Locked);
        }
        inner.readers.push(me);
        drop(inner);
        let mut watch = Watch::new(listener, &self.closing);
        let result = caught(|| work(&mut watch));
        self.inner().readers.retain(|reader| *reader != me);
        self.changed.notify_all();
        watch.outcome(result)
    }

    /// Begins an item that comes by chunks, or from a file. From the start it lies where a lock
    /// reaches its key.
    pub(crate) fn begin_item(&self, incident: &str) -> Result<Arc<Pending>, DiaryError> {
        self.call(|diary| {
            let item = diary.begin_item(&incident.parse()?)?;
            let pending = Arc::new(Mutex::new(Some(item)));
            let mut inner = self.inner();
            inner.pending.retain(|known| known.strong_count() > 0);
            inner.pending.push(Arc::downgrade(&pending));
            Ok(pending)
        })
    }

    /// Locks, or sees to it that it will be: from a callback it returns at once, and the call that
    /// is running locks when it ends. Locking again does nothing.
    pub(crate) fn lock(&self) -> Result<(), DiaryError> {
        self.closing.store(true, Ordering::SeqCst);
        let me = thread::current().id();
        let mut inner = self.inner();
        let in_callback = inner.is_working(me);
        let diary = loop {
            match &mut inner.place {
                Place::Locked => break None,
                Place::Taken { then_lock, .. } if in_callback => {
                    *then_lock = true;
                    return Ok(());
                }
                Place::Taken { .. } => inner = self.wait(inner),
                Place::Here(_) => break inner.take(me),
            }
        };
        while !in_callback && !inner.readers.is_empty() {
            inner = self.wait(inner);
        }
        drop(inner);
        diary.map_or(Ok(()), |diary| self.close(diary))
    }

    pub(crate) fn is_locked(&self) -> bool {
        self.closing.load(Ordering::SeqCst) || matches!(self.inner().place, Place::Locked)
    }

    /// Takes the diary out, when it is free.
    fn take(&self) -> Result<Box<Diary>, DiaryError> {
        let me = thread::current().id();
        let mut inner = self.inner();
        if inner.is_working(me) {
            return Err(DiaryError::CalledFromCallback);
        }
        loop {
            if self.closing.load(Ordering::SeqCst) {
                return Err(DiaryError::Locked);
            }
            match inner.take(me) {
                Some(diary) => return Ok(diary),
                None if matches!(inner.place, Place::Locked) => return Err(DiaryError::Locked),
                None => inner = self.wait(inner),
            }
        }
    }

    fn put_back(&self, diary: Box<Diary>) {
        let mut inner = self.inner();
        if matches!(
            inner.place,
            Place::Taken {
                then_lock: true,
                ..
            }
        ) {
            drop(inner);
            // The call has its own outcome to tell, and what was acknowledged is safe either way.
            let _ = self.close(diary);
            return;
        }
        inner.place = Place::Here(diary);
        drop(inner);
        self.changed.notify_all();
    }

    fn close(&self, diary: Box<Diary>) -> Result<(), DiaryError> {
        self.give_up_pending();
        let result = caught(|| Ok(diary.lock()?));
        self.settle(Place::Locked);
        result
    }

    /// Their keys must not outlive the diary's.
    fn give_up_pending(&self) {
        let pending = std::mem::take(&mut self.inner().pending);
        for pending in pending.iter().filter_map(Weak::upgrade) {
            drop(held(&pending).take());
        }
    }

    fn settle(&self, place: Place) {
        self.inner().place = place;
        self.changed.notify_all();
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        held(&self.inner)
    }

    fn wait<'a>(&self, inner: MutexGuard<'a, Inner>) -> MutexGuard<'a, Inner> {
        self.changed
            .wait(inner)
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Whether this thread is in the middle of a call, so that it can only come from a callback.
    fn is_working(&self, thread: ThreadId) -> bool {
        matches!(self.place, Place::Taken { by, .. } if by == thread)
            || self.readers.contains(&thread)
    }

    fn take(&mut self, by: ThreadId) -> Option<Box<Diary>> {
        if !matches!(self.place, Place::Here(_)) {
            return None;
        }
        let then_lock = false;
        match std::mem::replace(&mut self.place, Place::Taken { by, then_lock }) {
            Place::Here(diary) => Some(diary),
            Place::Taken { .. } | Place::Locked => None,
        }
    }
}

/// A mutex whose holder panicked is taken all the same: what it guards is never half changed.
pub(crate) fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;
