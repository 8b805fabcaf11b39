//! What she writes down, and what she attaches to it.

use std::path::Path;
use std::sync::Arc;

use crate::diary::Diary;
use crate::error::DiaryError;
use crate::item_writer::{ItemWriter, finish};
use crate::progress::ProgressListener;
use crate::records::evidence::{Attachment, EvidenceItem};
use crate::records::incident::{Incident, IncidentPatch};
use crate::records::{ErasedCount, RecordedIncident};
use crate::session::held;

#[uniffi::export]
impl Diary {
    /// Records an incident; done means on the disk.
    pub fn add(&self, incident: Incident) -> Result<RecordedIncident, DiaryError> {
        self.session()
            .call(|diary| RecordedIncident::of(&diary.add(&incident.parse()?)?))
    }

    /// Adds to an incident or corrects it, with the reason in her words. The old words stay and
    /// both are shown.
    pub fn amend(
        &self,
        incident: String,
        patch: IncidentPatch,
        reason: String,
    ) -> Result<RecordedIncident, DiaryError> {
        self.session().call(|diary| {
            let changes = patch.parse()?;
            RecordedIncident::of(&diary.amend(&incident.parse()?, &changes, &reason)?)
        })
    }

    /// Withdraws an incident, with the reason in her words. Its words stay and are marked.
    pub fn withdraw(
        &self,
        incident: String,
        reason: String,
    ) -> Result<RecordedIncident, DiaryError> {
        self.session()
            .call(|diary| RecordedIncident::of(&diary.withdraw(&incident.parse()?, &reason)?))
    }

    /// Destroys the words of an incident with everything about it, or one evidence item. Its place
    /// in the log stays. Backups and bundles made before are not reached.
    pub fn erase(&self, incident_or_item: String) -> Result<ErasedCount, DiaryError> {
        self.session().call(|diary| {
            let erased = diary.erase(&incident_or_item.parse()?)?;
            Ok(ErasedCount {
                entries: erased.entries,
                files: erased.files,
            })
        })
    }

    /// Attaches a file to an incident, bit for bit as it is. While it is read, other calls go on.
    pub fn attach(
        &self,
        incident: String,
        path: String,
        attachment: Attachment,
        listener: Option<Arc<dyn ProgressListener>>,
    ) -> Result<EvidenceItem, DiaryError> {
        let options = attachment.parse()?;
        let pending = self.session().begin_item(&incident)?;
        let source = self.session().work_beside(listener, |watch| {
            let mut item = held(&pending).take().ok_or(DiaryError::Locked)?;
            let source = item.read(Path::new(&path), watch)?;
            held(&pending).replace(item);
            Ok(source)
        })?;
        finish(
            self.session(),
            &pending,
            &source.name,
            source.modified,
            &options,
        )
    }

    /// Begins an evidence item whose bytes come by chunks.
    pub fn begin_item(&self, incident: String) -> Result<Arc<ItemWriter>, DiaryError> {
        let pending = self.session().begin_item(&incident)?;
        Ok(Arc::new(ItemWriter::new(self.session().clone(), pending)))
    }

    /// Keeps what a form holds, UTF-8, without an entry in the log. `form` is 1 to 32 small
    /// letters, digits, `-` or `_`; all drafts together hold 256 KiB.
    pub fn save_draft(&self, form: String, text: &[u8]) -> Result<(), DiaryError> {
        self.session()
            .call(|diary| Ok(diary.save_draft(&form, text)?))
    }

    /// Forgets what a form held.
    pub fn discard_draft(&self, form: String) -> Result<(), DiaryError> {
        self.session().call(|diary| Ok(diary.discard_draft(&form)?))
    }
}
