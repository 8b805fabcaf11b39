//! An evidence item whose bytes come by chunks.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use diary_core::diary::AttachOptions;

use crate::error::DiaryError;
use crate::panics::caught;
use crate::records::evidence::{Attachment, EvidenceItem};
use crate::session::{Pending, Session, held};

/// An evidence item that is being written: for a source that is a stream and has no path. Each
/// chunk is sealed as it comes. Nothing is recorded before `finish`; without it nothing stays.
#[derive(uniffi::Object)]
pub struct ItemWriter {
    session: Arc<Session>,
    pending: Arc<Pending>,
}

#[uniffi::export]
impl ItemWriter {
    /// Adds the next bytes. Chunks of any size; 64 KiB to 1 MiB cost the least.
    pub fn write(&self, bytes: &[u8]) -> Result<(), DiaryError> {
        caught(|| match held(&self.pending).as_mut() {
            Some(pending) => Ok(pending.write(bytes)?),
            None => Err(self.gone()),
        })
    }

    /// Records the item; done means on the disk. `name` is what its source calls it, kept as data;
    /// `modifiedUnixMs` when its source says it was last changed, in milliseconds since 1970.
    pub fn finish(
        &self,
        name: String,
        modified_unix_ms: Option<i64>,
        attachment: Attachment,
    ) -> Result<EvidenceItem, DiaryError> {
        let options: AttachOptions = attachment.parse()?;
        let modified = modified_unix_ms.and_then(|ms| {
            let apart = Duration::from_millis(ms.unsigned_abs());
            if ms < 0 {
                UNIX_EPOCH.checked_sub(apart)
            } else {
                UNIX_EPOCH.checked_add(apart)
            }
        });
        finish(&self.session, &self.pending, &name, modified, &options)
    }

    /// Gives it up; nothing stays. Repeating it does nothing.
    pub fn discard(&self) -> Result<(), DiaryError> {
        caught(|| {
            drop(held(&self.pending).take());
            Ok(())
        })
    }
}

impl ItemWriter {
    pub(crate) fn new(session: Arc<Session>, pending: Arc<Pending>) -> Self {
        Self { session, pending }
    }

    fn gone(&self) -> DiaryError {
        if self.session.is_locked() {
            DiaryError::Locked
        } else {
            DiaryError::WriterClosed
        }
    }
}

/// Records an item whose bytes are all there. It stays where a lock reaches it until the diary is
/// at hand.
pub(crate) fn finish(
    session: &Session,
    pending: &Pending,
    name: &str,
    modified: Option<SystemTime>,
    options: &AttachOptions,
) -> Result<EvidenceItem, DiaryError> {
    let item = session.call(|diary| {
        let pending = held(pending).take().ok_or(DiaryError::WriterClosed)?;
        Ok(diary.finish_item(pending, name, modified, options)?)
    })?;
    Ok(item.into())
}
