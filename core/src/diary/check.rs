//! Checking the whole vault: every cell, every leaf, the tree, every evidence file.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use zeroize::Zeroizing;

use super::Diary;
use super::items;
use super::restore::ranges;
use super::salvage;
use crate::bundle::{Check, Finding, Findings};
use crate::canonical::Value;
use crate::error::Error;
use crate::evidence::{FileName, Reader};
use crate::hex;
use crate::log::entry::Entry;
use crate::log::{EntryId, EntryKind, Hash, Logged};
use crate::progress::Progress;
use crate::vault::{EntryPlace, KeyFile, Part, VaultError, used_positions};

/// What a check of the vault found.
#[derive(Clone, Debug)]
pub struct Report {
    /// No finding is a failure.
    pub sound: bool,
    /// What was checked.
    pub findings: Vec<Finding>,
}

/// What the entries say of one stored file.
pub(super) struct File {
    pub(super) entry: u32,
    pub(super) sealed: items::Sealed,
}

impl Report {
    /// What a check says of a vault that does not open because it is damaged. `None` for any other error: a wrong
    /// passphrase, another program, a disk that fails.
    #[must_use]
    pub fn of_error(error: &Error) -> Option<Self> {
        let Error::Vault(error) = error else {
            return None;
        };
        let (check, subject) = match error {
            _ if !error.is_damage() => return None,
            VaultError::Damaged(part @ (Part::Entry(_) | Part::Side)) => {
                (Check::Cell, part.to_string())
            }
            VaultError::Damaged(part) => (Check::Index, part.to_string()),
            VaultError::ForeignDatabase | VaultError::CellsMissing | VaultError::Database(_) => {
                (Check::Cell, "log.db".to_owned())
            }
            _ => (Check::Header, "header".to_owned()),
        };
        let mut findings = Findings::new();
        findings.failure(check, &subject, error.to_string());
        Some(Self {
            sound: false,
            findings: findings.into_vec(),
        })
    }
}

impl Diary {
    /// Reads everything and compares it with whoever points to it. It says nothing about the other
    /// half of the container, nor about files that this diary does not name.
    ///
    /// # Errors
    /// [`Error::Cancelled`], or the vault was closed; what is damaged is a finding.
    pub fn check(&mut self, progress: &mut dyn Progress) -> Result<Report, Error> {
        self.check_anew(progress)
            .or_else(|error| Report::of_error(&error).ok_or(error))
    }

    fn check_anew(&mut self, progress: &mut dyn Progress) -> Result<Report, Error> {
        let mut findings = Findings::new();
        // What was read since the diary was opened says nothing about the disk now.
        self.log.vault().read_anew()?;
        self.check_key_file(&mut findings);
        let files = self.check_log(&mut findings, progress)?;
        self.check_files(files, &mut findings, progress)?;
        Ok(Report {
            sound: findings.sound(),
            findings: findings.into_vec(),
        })
    }

    fn check_key_file(&mut self, findings: &mut Findings) {
        let (check, name) = (Check::Header, "header");
        match self.key_file() {
            KeyFile::Whole => findings.ok(check, name, "both copies are whole"),
            KeyFile::Mended => {
                let detail = "one of its two copies was damaged and has been written anew";
                findings.warning(check, name, detail);
            }
            KeyFile::OneCopy => {
                let detail = "one of its two copies is damaged or cannot be read: make a backup, and \
                              open the diary again, which writes it anew where it can be written";
                findings.warning(check, name, detail);
            }
            KeyFile::Lost => {
                let detail = "neither of its copies can be read, and the diary may not open again: \
                              make a backup now";
                findings.failure(check, name, detail);
            }
        }
    }

    /// Entries and index, and what they say of the stored files.
    pub(super) fn check_log(
        &mut self,
        findings: &mut Findings,
        progress: &mut dyn Progress,
    ) -> Result<Vec<File>, Error> {
        let files = self.check_entries(findings, progress)?;
        self.check_index(findings)?;
        Ok(files)
    }

    fn check_entries(
        &mut self,
        findings: &mut Findings,
        progress: &mut dyn Progress,
    ) -> Result<Vec<File>, Error> {
        let size = self.log.size();
        let mut files = Vec::new();
        let mut good = 0u32;
        // The newest entry about each incident that was met so far.
        let mut newest: HashMap<u32, u32> = HashMap::new();
        let mut incidents: BTreeMap<u32, EntryPlace> = BTreeMap::new();
        let mut withdrawn: HashSet<u32> = HashSet::new();
        // Entries that were destroyed, and those of which an erasure says so.
        let (mut gone, mut said) = (BTreeSet::new(), BTreeSet::new());
        // Entries that were lost before the diary was salvaged, and those of which it says so.
        let (mut lost, mut told) = (Vec::new(), BTreeSet::new());
        for number in 0..size {
            if number % 256 == 0 && progress.advance(number.into(), size.into()).is_break() {
                return Err(Error::Cancelled);
            }
            let logged = match self.log.read(number) {
                Ok(logged) => logged,
                Err(VaultError::Damaged(part)) => {
                    findings.failure(Check::Cell, &part.to_string(), "damaged: restore a backup");
                    match self.log.vault().entry_place(number) {
                        // What the index knows of it still holds.
                        Ok(Some(place)) => Logged {
                            id: EntryId::new(number, &place.leaf),
                            place,
                            entry: None,
                        },
                        _ => continue,
                    }
                }
                Err(error) => return Err(error.into()),
            };
            let place = logged.place;
            if place.lost {
                lost.push(number);
            } else if place.place.is_none() {
                gone.insert(number);
            }
            good += u32::from(logged.entry.is_some() || gone.contains(&number));
            if place.kind == EntryKind::Incident {
                incidents.insert(number, place);
            } else if place.kind.is_about_an_incident() {
                // The chain of an erased entry is only in the index.
                let about = logged.entry.as_ref().and_then(Entry::about);
                let about = about.unwrap_or_else(|| first_of(&newest, place.link));
                let before = newest.insert(about, number).unwrap_or(about);
                if before != place.link {
                    findings.failure(Check::Index, &logged.id.to_string(), "a wrong link");
                }
                if place.kind == EntryKind::Withdrawal {
                    withdrawn.insert(about);
                }
            }
            self.check_form(&logged, findings);
            if let Some(entry) = &logged.entry {
                said.extend(erased_by(entry));
                told.extend(lost_before(entry, size));
            }
            if let Some(entry) = logged
                .entry
                .filter(|entry| entry.kind == EntryKind::Evidence)
            {
                match items::sealed(&entry) {
                    Some(sealed) => files.push(File {
                        entry: number,
                        sealed,
                    }),
                    None => findings.failure(
                        Check::Cell,
                        &logged.id.to_string(),
                        "does not say where its file lies",
                    ),
                }
            }
        }
        for (incident, place) in incidents {
            let subject = format!("entry {incident}");
            if newest.get(&incident).copied().unwrap_or(0) != place.link {
                findings.failure(Check::Index, &subject, "a wrong link");
            }
            // The withdrawal itself may be what was lost.
            let may_be_lost = place.withdrawn && !lost.is_empty();
            if withdrawn.contains(&incident) != place.withdrawn && !may_be_lost {
                let detail = "marked otherwise than its withdrawals say";
                findings.failure(Check::Index, &subject, detail);
            }
        }
        said.retain(|number| lost.binary_search(number).is_err());
        if !lost.is_empty() {
            // The erasure itself may be what was lost.
            gone.retain(|number| said.contains(number));
        }
        for number in gone.symmetric_difference(&said) {
            let detail = "destroyed, or not, otherwise than the erasures say";
            findings.failure(Check::Index, &format!("entry {number}"), detail);
        }
        for (first, last) in ranges(&lost) {
            let subject = salvage::entries(first, last);
            if (first..=last).all(|number| told.contains(&number)) {
                let detail = "lost before this diary was salvaged: what was there is not known";
                findings.warning(Check::Cell, &subject, detail);
            } else {
                let detail = "marked as lost, but no salvage says so";
                findings.failure(Check::Index, &subject, detail);
            }
        }
        findings.ok(
            Check::Cell,
            "",
            format!("{good} of {size} entries are as recorded"),
        );
        Ok(files)
    }

    /// What an entry is by itself: its kind where it stands, its members, its link if it is about
    /// nothing; and that entry 0 and the head hold the same signing seed.
    fn check_form(&mut self, logged: &Logged, findings: &mut Findings) {
        let (number, kind) = (logged.id.number(), logged.place.kind);
        let subject = logged.id.to_string();
        if (kind == EntryKind::Begun) != (number == 0) {
            let detail = "a log begins with its first entry, and with no other";
            findings.failure(Check::Index, &subject, detail);
        }
        let has_no_link = kind != EntryKind::Incident && !kind.is_about_an_incident();
        if has_no_link && logged.place.link != 0 {
            let detail = "a link, though it is about no incident";
            findings.failure(Check::Index, &subject, detail);
        }
        let Some(entry) = &logged.entry else {
            return;
        };
        if let Some(member) = entry.lacking() {
            findings.failure(Check::Cell, &subject, format!("lacks {member}"));
        }
        if number == 0 {
            let seed = &self.log.vault().head().signing_seed;
            let seed = Zeroizing::new(hex::encode(seed.as_ref()));
            let said = entry
                .vault_only
                .get("signing_seed")
                .and_then(Value::as_text);
            if said != Some(seed.as_str()) {
                let detail = "another signing seed than the head";
                findings.failure(Check::Cell, &subject, detail);
            }
        }
    }

    /// Nodes, positions, drafts, and the tree at every size for which a code was given out.
    fn check_index(&mut self, findings: &mut Findings) -> Result<(), Error> {
        let outcome = used_positions(self.log.vault()).and_then(|disjoint| {
            if !disjoint {
                findings.failure(Check::Index, "", "two objects lie in one place");
            }
            self.log.vault().side()?;
            let sizes = self.log.marked_sizes()?;
            for size in &sizes {
                self.log.checkpoint_at(*size)?;
            }
            Ok(sizes.len())
        });
        match outcome {
            Ok(codes) => {
                let detail = format!("the tree is whole; codes given out: {codes}");
                findings.ok(Check::Index, "", detail);
                Ok(())
            }
            Err(VaultError::Damaged(part)) => {
                findings.failure(Check::Index, &part.to_string(), "damaged: restore a backup");
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }

    fn check_files(
        &mut self,
        files: Vec<File>,
        findings: &mut Findings,
        progress: &mut dyn Progress,
    ) -> Result<(), Error> {
        let mut checked: HashMap<FileName, Hash> = HashMap::new();
        let sizes = files.iter().map(|file| file.sealed.bytes);
        let total = sizes.fold(0u64, u64::saturating_add);
        let mut done = 0u64;
        for File { entry, sealed } in files {
            let subject = format!("entry {entry}");
            let before = done;
            done = done.saturating_add(sealed.bytes);
            if let Some(sha256) = checked.get(&sealed.name) {
                if *sha256 != sealed.sha256 {
                    findings.failure(
                        Check::EvidenceFile,
                        &subject,
                        "not the file that was recorded",
                    );
                }
                continue;
            }
            let path = self.evidence_path(sealed.name);
            let read = Reader::open(&path, &sealed.key, sealed.bytes).and_then(|mut reader| {
                reader.copy_to(&mut std::io::sink(), &mut |part: u64, _: u64| {
                    progress.advance(before.saturating_add(part), total)
                })
            });
            match read {
                Ok(sha256) if sha256 == sealed.sha256 => {
                    checked.insert(sealed.name, sha256);
                    findings.ok(Check::EvidenceFile, &subject, "unchanged since recorded");
                }
                Ok(_) => findings.failure(
                    Check::EvidenceFile,
                    &subject,
                    "not the file that was recorded",
                ),
                Err(error) if error.is_cancelled() => return Err(Error::Cancelled),
                Err(error) => {
                    findings.failure(Check::EvidenceFile, &subject, error.to_string());
                }
            }
        }
        Ok(())
    }
}

/// The entries that an erasure says it destroyed.
fn erased_by(entry: &Entry) -> Vec<u32> {
    let numbers = (entry.kind == EntryKind::Erasure)
        .then(|| entry.proven.get("erased")?.as_list())
        .flatten()
        .unwrap_or_default();
    let number = |value: &Value| u32::try_from(value.as_integer()?).ok();
    numbers.iter().filter_map(number).collect()
}

/// The entries that a salvage says were lost before it, below `size`.
fn lost_before(entry: &Entry, size: u32) -> Vec<u32> {
    let ranges = (entry.kind == EntryKind::Salvaged)
        .then(|| entry.proven.get("lost")?.as_list())
        .flatten()
        .unwrap_or_default();
    let range = |value: &Value| {
        let [first, last] = value.as_list()? else {
            return None;
        };
        let number = |value: &Value| u32::try_from(value.as_integer()?).ok();
        Some(number(first)?..=number(last)?.min(size))
    };
    ranges.iter().filter_map(range).flatten().collect()
}

/// The incident whose chain an erased entry continues: the one whose newest entry it links to, or
/// that it links to itself.
fn first_of(newest: &HashMap<u32, u32>, link: u32) -> u32 {
    newest
        .iter()
        .find(|(_, last)| **last == link)
        .map_or(link, |(incident, _)| *incident)
}
