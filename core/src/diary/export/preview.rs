//! Exactly what would leave, told before anything is written.

use std::collections::{BTreeMap, BTreeSet};

use super::choose::{Choice, Chosen};
use super::leaving::Decided;
use super::{Leaving, Selection};
use crate::bundle::document::Document;
use crate::diary::Diary;
use crate::error::Error;
use crate::log::entry::Entry;
use crate::log::leaf::{self, PRIVATE};
use crate::log::{EntryId, EntryKind};
use crate::progress::{NoProgress, Progress};

/// Exactly what would leave.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The incidents, in order of recording.
    pub incidents: Vec<PreviewIncident>,
    /// Every file of the bundle.
    pub files: Vec<PreviewFile>,
    /// What leaves of each evidence item of these incidents, in order of recording.
    pub evidence: Vec<(EntryId, Leaving)>,
    /// Incidents that cannot be read, and so are in neither list, whatever was chosen. An export is
    /// refused until [`Selection::without`] names them.
    pub damaged: Vec<DamagedIncident>,
    /// Incidents that [`Selection::without`] names and that would have stayed out anyway: perhaps
    /// others were meant.
    pub without_effect: Vec<EntryId>,
    /// Incidents of the log that stay out.
    pub left_out: u64,
    /// Those of them whose time is not known, where a period was chosen.
    pub unknown_time: u64,
    /// Incidents in the log.
    pub in_log: u64,
}

/// One incident of a preview.
#[derive(Clone, Debug)]
pub struct PreviewIncident {
    /// Its id.
    pub id: EntryId,
    /// Names of the fields that are shown in one entry about it or more.
    pub fields: Vec<String>,
    /// Names of the fields that are shown in none; the private note is never shown and not named here.
    pub withheld: Vec<String>,
    /// The entries about it one by one, in order: an amendment may hide what the recording shows.
    pub entries: Vec<PreviewEntry>,
}

/// One entry of a preview.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PreviewEntry {
    /// Its id.
    pub id: EntryId,
    /// What it is.
    pub kind: EntryKind,
    /// Names of the fields that are shown; `evidence` stands for everything said of a file.
    pub fields: Vec<String>,
    /// Names of the fields that are not.
    pub withheld: Vec<String>,
}

/// An incident of which something does not open.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DamagedIncident {
    /// Its id.
    pub id: EntryId,
    /// Its number in order of recording, from 1.
    pub number: u32,
}

/// One file of a preview.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct PreviewFile {
    /// Its path below the top folder.
    pub path: String,
    /// Its size.
    pub bytes: u64,
}

impl Diary {
    /// Shows exactly what an export would hold, without writing anything.
    ///
    /// # Errors
    /// As [`Diary::export`].
    pub fn preview(&mut self, selection: &Selection) -> Result<Preview, Error> {
        self.preview_with(selection, &mut NoProgress)
    }

    /// The same, for whoever wants to stop it: the copy of each recording is made and hashed, and a
    /// long video takes its time.
    ///
    /// # Errors
    /// As [`Diary::export`].
    pub fn preview_with(
        &mut self,
        selection: &Selection,
        progress: &mut dyn Progress,
    ) -> Result<Preview, Error> {
        let plan = self.plan(selection, progress)?;
        let small = plan.files.small.iter();
        let small = small.map(|(path, bytes)| (path.clone(), bytes.len() as u64));
        let originals = plan.files.originals.iter().chain(&plan.files.copies);
        let originals = originals.map(|(path, original)| (path.clone(), original.bytes));
        let files: BTreeMap<String, u64> = small.chain(originals).collect();
        let files = files
            .into_iter()
            .map(|(path, bytes)| PreviewFile { path, bytes });
        let files = files.collect();
        Ok(plan.choice.preview(&plan.document, &plan.decided, files))
    }
}

impl Choice {
    /// What is chosen, decided and made, as she sees it.
    pub(super) fn preview(
        self,
        document: &Document,
        decided: &Decided,
        files: Vec<PreviewFile>,
    ) -> Preview {
        Preview {
            incidents: self.chosen.iter().map(Chosen::preview).collect(),
            files,
            evidence: decided.leaving(),
            damaged: self.damaged,
            without_effect: self.without_effect,
            left_out: document.counts.left_out,
            unknown_time: document.counts.unknown_time,
            in_log: document.counts.incidents_in_log,
        }
    }
}

impl Chosen {
    fn preview(&self) -> PreviewIncident {
        let entries = self.history.entries();
        let entries: Vec<_> = entries
            .map(|(logged, entry)| self.preview_entry(logged.id, entry))
            .collect();
        let names = |of: fn(&PreviewEntry) -> &Vec<String>| -> BTreeSet<&String> {
            entries.iter().flat_map(of).collect()
        };
        let fields = names(|entry| &entry.fields);
        let withheld = names(|entry| &entry.withheld);
        let withheld = withheld.difference(&fields).copied().cloned().collect();
        PreviewIncident {
            id: self.history.recording.id,
            fields: fields.into_iter().cloned().collect(),
            withheld,
            entries,
        }
    }

    fn preview_entry(&self, id: EntryId, entry: &Entry) -> PreviewEntry {
        let (mut fields, mut withheld) = (BTreeSet::new(), BTreeSet::new());
        for field in leaf::fields(entry) {
            let is_evidence = entry.kind == EntryKind::Evidence && field.name != "recorded";
            let is_shown = !self.withholds(id.number(), &field.name);
            let names = if is_shown { &mut fields } else { &mut withheld };
            if field.name != PRIVATE {
                names.insert(match is_evidence {
                    true => "evidence".to_owned(),
                    false => field.name,
                });
            }
        }
        PreviewEntry {
            id,
            kind: entry.kind,
            fields: fields.into_iter().collect(),
            withheld: withheld.into_iter().collect(),
        }
    }
}
