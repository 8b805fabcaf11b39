//! The pictures that the report on paper shows, made small for it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::document::{Body, Document, Entry, Exhibit};
use crate::picture::{Kind, OnPaper, on_paper};

/// Pictures in one file of the report: more make a file that phones cannot open.
pub(crate) const PER_VOLUME: usize = 100;

/// Pictures on paper, at most; the others are named. Ten files that nobody prints.
const MAX: usize = 1_000;

/// Bytes of all pictures together, in the report of a bundle and in a report alone, which is to stay
/// below 10 MB for courts and mail.
pub(crate) const IN_BUNDLE: usize = 16 << 20;
pub(crate) const ALONE: usize = 8 << 20;

/// Bytes of one picture, at least and at most.
const BUDGET: (usize, usize) = (64 << 10, 512 << 10);

/// What there is to show, by exhibit.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    shown: BTreeMap<Exhibit, Shown>,
}

#[derive(Debug)]
struct Shown {
    volume: usize,
    picture: Option<OnPaper>,
}

impl Pictures {
    /// Makes the pictures of a document small. `read` gives the file of an exhibit as it is in the
    /// bundle, or nothing where it cannot be had.
    pub(crate) fn load<'f, E>(
        document: &Document,
        room: usize,
        mut read: impl FnMut(&Entry) -> Result<Option<Cow<'f, [u8]>>, E>,
    ) -> Result<Self, E> {
        let most = if room <= ALONE { PER_VOLUME } else { MAX };
        let wanted: Vec<_> = wanted(document).take(most).collect();
        let (least, largest) = BUDGET;
        let budget = (room / wanted.len().max(1)).clamp(least, largest);
        let mut shown = BTreeMap::new();
        for (at, (exhibit, entry)) in wanted.into_iter().enumerate() {
            let file = read(entry)?;
            let picture = file.and_then(|file| on_paper(&file, budget));
            let volume = at / PER_VOLUME;
            shown.insert(exhibit, Shown { volume, picture });
        }
        Ok(Self { shown })
    }

    /// In which file of the report the picture of an exhibit stands.
    pub(crate) fn volume(&self, exhibit: Exhibit) -> Option<usize> {
        self.shown.get(&exhibit).map(|shown| shown.volume)
    }

    /// The picture of an exhibit, if it could be read.
    pub(crate) fn get(&self, exhibit: Exhibit) -> Option<&OnPaper> {
        self.shown.get(&exhibit)?.picture.as_ref()
    }

    /// The same without what it shows: what a report that cannot be made with it is made of.
    pub(crate) fn named_only(&self) -> Self {
        let named = |(exhibit, shown): (&Exhibit, &Shown)| {
            let volume = shown.volume;
            let picture = None;
            (*exhibit, Shown { volume, picture })
        };
        Self {
            shown: self.shown.iter().map(named).collect(),
        }
    }
}

/// Files of the report on paper, at least one.
pub(crate) fn volumes(document: &Document) -> usize {
    wanted(document)
        .take(MAX)
        .count()
        .div_ceil(PER_VOLUME)
        .max(1)
}

/// The exhibits in the bundle that are pictures of a kind that paper shows.
fn wanted(document: &Document) -> impl Iterator<Item = (Exhibit, &Entry)> {
    document.exhibits().filter_map(|entry| {
        let Body::Evidence {
            evidence: Some(evidence),
            exhibit,
            ..
        } = &entry.body
        else {
            return None;
        };
        let is_picture = Kind::of_media_type(&evidence.media_type).is_some();
        (is_picture && entry.shown_file().is_some()).then_some((*exhibit, entry))
    })
}
