//! Evidence items.

use diary_core::diary::{AttachOptions, Item};
use diary_core::incident::{How, Text};

use super::{code, hex};
use crate::error::DiaryError;

/// What she says about a file when she attaches it.
#[derive(Clone, Default, uniffi::Record)]
pub struct Attachment {
    /// How she came by it: a code of `how`.
    #[uniffi(default)]
    pub how: Option<String>,
    /// A note on it.
    #[uniffi(default)]
    pub note: Option<String>,
}

/// A file that is kept bit for bit as it came.
#[derive(Clone, Eq, PartialEq, uniffi::Record)]
pub struct EvidenceItem {
    /// Its id, of the same form as an incident's.
    pub id: String,
    /// What the file was called: data, never a path.
    pub name: String,
    /// By its content, not by its name, such as `image/jpeg`.
    pub media_type: String,
    /// Size of the original in bytes.
    pub bytes: u64,
    /// SHA-256 of the original, 64 hexadecimal digits.
    pub sha256: String,
    /// How she came by it: a code of `how`.
    pub how: Option<String>,
    /// Her note on it.
    pub note: Option<String>,
    /// The same bytes were in the diary already and are stored once; told only when it is attached.
    pub duplicate: bool,
}

impl Attachment {
    pub(crate) fn parse(self) -> Result<AttachOptions, DiaryError> {
        let how = self
            .how
            .map(|how| code("how", &how, How::parse))
            .transpose()?;
        let note = self.note.map(|note| Text::new("note", &note)).transpose();
        let note = note.map_err(diary_core::Error::from)?;
        Ok(AttachOptions { how, note })
    }
}

impl From<Item> for EvidenceItem {
    fn from(item: Item) -> Self {
        Self {
            id: item.id.to_string(),
            name: item.name,
            media_type: item.media_type,
            bytes: item.bytes,
            sha256: hex(&item.sha256),
            how: item.how.map(|how| how.code().to_owned()),
            note: item.note,
            duplicate: item.duplicate,
        }
    }
}
