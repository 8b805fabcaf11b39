//! What she looks up.

use std::path::Path;
use std::sync::Arc;

use crate::diary::Diary;
use crate::error::DiaryError;
use crate::progress::ProgressListener;
use crate::records::page::{IncidentDetail, IncidentPage, KnownPerson, ListQuery};

#[uniffi::export]
impl Diary {
    /// A page of incidents, newest recorded first.
    pub fn list(&self, query: ListQuery) -> Result<IncidentPage, DiaryError> {
        self.session()
            .call(|diary| IncidentPage::of(diary.list(&query.parse()?)?))
    }

    /// One incident with everything about it; every entry is checked on the way.
    pub fn show(&self, incident: String) -> Result<IncidentDetail, DiaryError> {
        self.session()
            .call(|diary| IncidentDetail::of(diary.show(&incident.parse()?)?))
    }

    /// The people by the keys that she gave them, sorted by name; those without a name at the end.
    pub fn people(&self) -> Result<Vec<KnownPerson>, DiaryError> {
        self.session().call(|diary| {
            let people = diary.people()?.into_iter();
            Ok(people.map(KnownPerson::from).collect())
        })
    }

    /// Writes the original of an evidence item to `out`, bit for bit; nothing is overwritten.
    pub fn extract(
        &self,
        item: String,
        out: String,
        listener: Option<Arc<dyn ProgressListener>>,
    ) -> Result<(), DiaryError> {
        self.session().long_call(listener, |diary, watch| {
            let item = item.parse().map_err(diary_core::Error::from)?;
            Ok(diary.extract(&item, Path::new(&out), watch)?)
        })
    }

    /// Bytes of the original of an evidence item from `offset` on, to be looked at without a file: `most` of
    /// them, at most 1 MiB, fewer before its end, none after it. To be wiped after use.
    pub fn read_item(&self, item: String, offset: u64, most: u32) -> Result<Vec<u8>, DiaryError> {
        self.session().call(|diary| {
            let item = item.parse().map_err(diary_core::Error::from)?;
            let most = usize::try_from(most).unwrap_or(usize::MAX);
            Ok(diary.read_item(&item, offset, most)?.to_vec())
        })
    }

    /// What a form held when it was left, UTF-8; to be wiped after use.
    pub fn draft(&self, form: String) -> Result<Option<Vec<u8>>, DiaryError> {
        self.session().call(|diary| {
            let draft = diary.draft(&form)?;
            Ok(draft.map(|text| text.to_vec()))
        })
    }
}
