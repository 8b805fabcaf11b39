//! What leaves of each evidence item: its original, a copy without metadata, or its hash alone.

use std::borrow::Cow;
use std::collections::BTreeMap;

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::choose::Chosen;
use super::{Originals, Selection};
use crate::bundle::document::{Document, EvidenceCopy, EvidenceFile, Exhibit};
use crate::bundle::pictures::Pictures;
use crate::canonical::Value;
use crate::copy::{self, NoCopy};
use crate::diary::Diary;
use crate::error::Error;
use crate::evidence::{Damage, EvidenceError, MediaType};
use crate::log::entry::Entry;
use crate::log::{EntryId, EntryKind};
use crate::picture::{self, Area, Clean, Kind, MAX_FILE};
use crate::progress::{Progress, advance};

/// What leaves of an evidence item.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Leaving {
    /// Nothing but that there is a file.
    Withheld,
    /// Its name, size and hash; and why there is no copy, if one was wanted.
    Hash(Option<NoCopy>),
    /// A copy without metadata, with the hash of the original; or the file itself, where nothing had to
    /// be left out of it.
    Copy {
        /// Black boxes over parts of it.
        covered: u64,
    },
    /// The file as it is, with whatever it holds.
    Original,
}

/// What is made of a selection.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Output {
    Bundle,
    /// It shows pictures; no file goes along that could be played.
    ReportAlone,
}

/// Bytes of copies that are kept from the decision to the ZIP file; the others are made again each
/// time they are needed.
const KEPT: usize = 16 << 20;

/// Decided for each evidence entry that is shown, by its number.
#[derive(Default)]
pub(super) struct Decided {
    items: BTreeMap<u32, (EntryId, Decision)>,
    /// Bytes of the copies that are kept.
    kept: usize,
}

/// What leaves, with what the bundle says of it.
pub(super) enum Decision {
    Withheld,
    Hash(Option<NoCopy>),
    Copy(Made),
    Original {
        extension: &'static str,
        /// A copy would be the same, byte for byte.
        is_clean: bool,
    },
}

/// A copy that was made once.
pub(super) struct Made {
    pub(super) extension: &'static str,
    pub(super) sha256: [u8; 32],
    pub(super) bytes: u64,
    pub(super) covered: Vec<Area>,
    /// Itself, where there is room.
    pub(super) kept: Option<Zeroizing<Vec<u8>>>,
    /// Its type, if it is video or sound: such a copy is written from its original and never kept.
    pub(super) streamed: Option<MediaType>,
}

impl Diary {
    /// Decides for each item of the chosen incidents, and makes the copies once.
    pub(super) fn decide(
        &mut self,
        selection: &Selection,
        chosen: &[Chosen],
        output: Output,
        progress: &mut dyn Progress,
    ) -> Result<Decided, Error> {
        let mut wanted: Vec<EntryId> = selection.covers.iter().map(|(item, _)| *item).collect();
        if let Originals::Items(items) = &selection.originals {
            wanted.extend(items);
        }
        for item in &wanted {
            self.resolve_item(item)?;
        }
        let mut decided = Decided::default();
        let items = |chosen: &Chosen| chosen.history.entries_of(EntryKind::Evidence).count() as u64;
        let (mut done, total) = (0, chosen.iter().map(items).sum());
        for chosen in chosen {
            for (logged, entry) in chosen.history.entries() {
                if entry.kind == EntryKind::Evidence {
                    // A copy of a picture takes its time, and so may be stopped between two.
                    advance(progress, &mut done, 0, total)?;
                    done += 1;
                    let (id, number) = (logged.id, logged.id.number());
                    let decision = match chosen.withholds(number, "sha256") {
                        true => Decision::Withheld,
                        false => self.decide_one(selection, id, entry, output, progress)?,
                    };
                    decided.insert(id, decision);
                }
            }
        }
        // What she asked to go along, or to go along covered, and does not, would be missed when it is
        // too late.
        match wanted.iter().find(|item| !decided.has(item)) {
            Some(item) => Err(Error::NotChosen(*item)),
            None => Ok(decided),
        }
    }

    fn decide_one(
        &mut self,
        selection: &Selection,
        id: EntryId,
        entry: &Entry,
        output: Output,
        progress: &mut dyn Progress,
    ) -> Result<Decision, Error> {
        let evidence = entry.proven.get("evidence").and_then(Value::as_object);
        let media_type = evidence.and_then(|evidence| evidence.get("media_type")?.as_text());
        let wants_original = match &selection.originals {
            Originals::All => true,
            Originals::None => false,
            Originals::Items(items) => items.contains(&id),
        };
        let covers = selection.covers.iter();
        let covered: Vec<Area> = covers
            .filter_map(|(item, area)| (*item == id).then_some(*area))
            .collect();
        if wants_original && covered.is_empty() {
            let media_type = media_type.and_then(MediaType::parse);
            let extension = media_type.map_or("bin", MediaType::extension);
            // Whatever else is wrong with it is told when all of it is read.
            return Ok(match self.open_item(id.number()) {
                Err(Error::Evidence(EvidenceError::Damaged(missing @ Damage::Missing))) => {
                    Decision::Hash(Some(NoCopy::Damaged(missing)))
                }
                _ => Decision::Original {
                    extension,
                    is_clean: false,
                },
            });
        }
        if !selection.copies && covered.is_empty() {
            return Ok(Decision::Hash(self.damage(id.number(), progress)?));
        }
        let streamed = media_type.and_then(MediaType::parse);
        let streamed = streamed.filter(|kind| covered.is_empty() && copy::is_made_of(*kind));
        match (streamed, output) {
            (Some(media_type), Output::Bundle) => {
                let made = self.decide_streamed(id.number(), media_type, progress)?;
                return self.or_original(id.number(), made);
            }
            (Some(_), Output::ReportAlone) => {
                return Ok(Decision::Hash(self.damage(id.number(), progress)?));
            }
            (None, _) => {}
        }
        if media_type.and_then(Kind::of_media_type).is_none() {
            let damage = self.damage(id.number(), progress)?;
            return Ok(Decision::Hash(Some(damage.unwrap_or(NoCopy::Kind))));
        }
        let made = match self.copy_of_item(id.number(), &covered)? {
            Ok(copy) => Decision::Copy(Made {
                extension: copy.kind.extension(),
                sha256: Sha256::digest(&copy.bytes).into(),
                bytes: copy.bytes.len() as u64,
                covered,
                kept: Some(Zeroizing::new(copy.bytes)),
                streamed: None,
            }),
            Err(reason) => Decision::Hash(Some(reason)),
        };
        self.or_original(id.number(), made)
    }

    /// A copy that is the same as its original, byte for byte, is the original: the log proves it.
    fn or_original(&mut self, number: u32, decision: Decision) -> Result<Decision, Error> {
        Ok(match decision {
            Decision::Copy(made) if made.sha256 == self.sealed_item(number)?.sha256 => {
                Decision::Original {
                    extension: made.extension,
                    is_clean: true,
                }
            }
            decision => decision,
        })
    }

    /// Whether the stored file of an item is damaged. All of it is read: of what leaves as a hash alone
    /// nobody else would notice.
    fn damage(
        &mut self,
        number: u32,
        progress: &mut dyn Progress,
    ) -> Result<Option<NoCopy>, Error> {
        let sha256 = self.sealed_item(number)?.sha256;
        let read = self.open_item(number).and_then(|mut reader| {
            match reader.copy_to(&mut std::io::sink(), progress)? {
                found if found == sha256 => Ok(()),
                _ => Err(EvidenceError::Damaged(Damage::Hash).into()),
            }
        });
        match read {
            Err(Error::Evidence(EvidenceError::Damaged(damage))) => {
                Ok(Some(NoCopy::Damaged(damage)))
            }
            read => read.map(|()| None),
        }
    }

    /// The copy that was decided on, kept or made again; `None` if it cannot be had any more.
    pub(super) fn decided_copy<'a>(
        &mut self,
        decided: &'a Decided,
        number: u32,
    ) -> Result<Option<Cow<'a, [u8]>>, Error> {
        let Some(Decision::Copy(made)) = decided.get(number) else {
            return Ok(None);
        };
        if let Some(kept) = &made.kept {
            return Ok(Some(Cow::Borrowed(kept)));
        }
        let again = self.copy_of_item(number, &made.covered)?;
        Ok(again.ok().map(|copy| Cow::Owned(copy.bytes)))
    }

    /// The copy without metadata of an item, made from its original, with these parts covered.
    fn copy_of_item(
        &mut self,
        number: u32,
        covered: &[Area],
    ) -> Result<Result<Clean, NoCopy>, Error> {
        let original = match self.small_item(number) {
            Err(Error::Evidence(EvidenceError::Damaged(damage))) => {
                return Ok(Err(NoCopy::Damaged(damage)));
            }
            original => original?,
        };
        Ok(match original {
            Some(original) if covered.is_empty() => picture::clean(&original),
            Some(original) => picture::cover(&original, covered),
            None => Err(NoCopy::Size),
        })
    }

    /// The pictures of a document that is to be exported, as its report on paper shows them.
    pub(super) fn pictures(
        &mut self,
        document: &Document,
        decided: &Decided,
        room: usize,
    ) -> Result<Pictures, Error> {
        Pictures::load(document, room, |entry| {
            let number = u32::try_from(entry.number).unwrap_or(u32::MAX);
            Ok(match entry.copy() {
                Some(_) => self.decided_copy(decided, number)?,
                None => {
                    let original = self.small_item(number).map_err(|error| match error {
                        Error::Evidence(error) => decided.named(number, error),
                        error => error,
                    })?;
                    original.map(|original| Cow::Owned(original.to_vec()))
                }
            })
        })
    }

    /// The original of an item, if it is small enough for a copy.
    fn small_item(&mut self, number: u32) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
        let bytes = self.sealed_item(number)?.bytes;
        if bytes > MAX_FILE {
            return Ok(None);
        }
        let mut reader = self.open_item(number)?;
        // As large as it will be: a buffer that grows leaves copies of itself behind.
        let size = usize::try_from(bytes).unwrap_or_default();
        let mut original = Zeroizing::new(Vec::with_capacity(size));
        while let Some(part) = reader.next_part()? {
            original.extend_from_slice(part);
        }
        Ok(Some(original))
    }
}

impl Decided {
    fn insert(&mut self, id: EntryId, mut decision: Decision) {
        if let Decision::Copy(made) = &mut decision {
            let with_it = self.kept + made.kept.as_ref().map_or(0, |kept| kept.len());
            if with_it > KEPT {
                made.kept = None;
            } else {
                self.kept = with_it;
            }
        }
        self.items.insert(id.number(), (id, decision));
    }

    /// Frees the copies that are kept.
    pub(super) fn let_go(&mut self) {
        for (_, decision) in self.items.values_mut() {
            if let Decision::Copy(made) = decision {
                made.kept = None;
            }
        }
        self.kept = 0;
    }

    /// The type of an item whose copy is written from its original.
    pub(super) fn streamed(&self, number: u32) -> Option<MediaType> {
        match self.get(number) {
            Some(Decision::Copy(made)) => made.streamed,
            _ => None,
        }
    }

    fn has(&self, item: &EntryId) -> bool {
        self.items.contains_key(&item.number())
    }

    pub(super) fn get(&self, number: u32) -> Option<&Decision> {
        self.items.get(&number).map(|(_, decision)| decision)
    }

    /// A preview tells of a file that is damaged; an export with it would look as if she had chosen to
    /// leave it out.
    pub(super) fn must_be_whole(&self) -> Result<(), Error> {
        for (id, decision) in self.items.values() {
            if let Decision::Hash(Some(NoCopy::Damaged(damage))) = decision {
                return Err(Error::DamagedItem(*id, *damage));
            }
        }
        Ok(())
    }

    /// The error of reading an item while it is written, with its name.
    pub(super) fn named(&self, number: u32, error: EvidenceError) -> Error {
        match (error, self.items.get(&number)) {
            (EvidenceError::Damaged(damage), Some((id, _))) => Error::DamagedItem(*id, damage),
            (error, _) => error.into(),
        }
    }

    /// As a preview tells it, in order of recording.
    pub(super) fn leaving(&self) -> Vec<(EntryId, Leaving)> {
        let all = self.items.values();
        all.map(|(id, decision)| (*id, decision.leaving()))
            .collect()
    }
}

impl Decision {
    fn leaving(&self) -> Leaving {
        match self {
            Self::Withheld => Leaving::Withheld,
            Self::Hash(reason) => Leaving::Hash(*reason),
            Self::Copy(made) => Leaving::Copy {
                covered: made.covered.len() as u64,
            },
            Self::Original { is_clean: true, .. } => Leaving::Copy { covered: 0 },
            Self::Original { .. } => Leaving::Original,
        }
    }

    /// The member that `incidents.json` has for it, if it has one.
    pub(super) fn member(&self, exhibit: Exhibit) -> Option<(&'static str, Value)> {
        match self {
            Self::Withheld | Self::Hash(_) => None,
            Self::Original { extension, .. } => {
                let file = EvidenceFile::new(exhibit, extension)?;
                Some(("file", file.path().into()))
            }
            Self::Copy(made) => {
                let copy = EvidenceCopy {
                    file: EvidenceFile::copy_of(exhibit, made.extension)?,
                    sha256: made.sha256,
                    bytes: made.bytes,
                    covered: made.covered.len() as u64,
                };
                Some(("copy", Value::Object(copy.to_object())))
            }
        }
    }
}
