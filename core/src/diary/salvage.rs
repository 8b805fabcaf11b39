//! Saving what can still be read of a damaged backup or vault (FORMAT.md 24). It never says that this
//! is everything: what is lost is named, in the findings and for good in the log.

mod files;
mod rebuild;
#[cfg(test)]
mod tests;

use std::path::Path;

use zeroize::Zeroizing;

use self::files::{Files, copy_files};
use self::rebuild::Rebuilt;
use super::restore::{Cells, Opened, ranges};
use super::{Diary, Opener, Restored};
use crate::backup::{Contents, Place, StoredFile, newest_snapshot};
use crate::bundle::{Check, Findings, Level};
use crate::canonical::{Object, Value};
use crate::error::Error;
use crate::files::is_folder;
use crate::hex;
use crate::log::{Draft, EntryKind};
use crate::progress::Progress;
use crate::random;
use crate::time::Clock;
use crate::vault::{KdfFloor, NewVault, Remains, SecretBytes, VaultError};

/// Entries that are copied in one transaction.
const BATCH: u32 = 256;

impl Diary {
    /// Makes a vault of what can be read of a damaged backup, or of the folder of a damaged vault,
    /// which is not touched. The findings name what is lost; an entry in the new log says it for good.
    /// Passphrase and recovery code stay. A backup that is whole is restored as [`Diary::restore`]
    /// does. If no entry can be read, nothing is made.
    ///
    /// # Errors
    /// As [`Diary::restore`]. Nothing is left behind.
    pub fn salvage(
        source: &Path,
        target: &Path,
        opener: Opener<'_>,
        clock: impl Fn() -> Box<dyn Clock>,
        progress: &mut dyn Progress,
    ) -> Result<Restored, Error> {
        let secret = opener.bytes();
        salvage(source, target, &secret, KdfFloor::Standard, clock, progress)
    }

    /// As [`Diary::salvage`], also where the key derivation costs nothing.
    ///
    /// # Errors
    /// As [`Diary::salvage`].
    #[cfg(any(test, feature = "danger-cheap-kdf-for-tests"))]
    #[doc(hidden)]
    pub fn danger_salvage_with_cheap_kdf_for_tests(
        source: &Path,
        target: &Path,
        opener: Opener<'_>,
        clock: impl Fn() -> Box<dyn Clock>,
        progress: &mut dyn Progress,
    ) -> Result<Restored, Error> {
        let secret = opener.bytes();
        let floor = KdfFloor::DangerNone;
        salvage(source, target, &secret, floor, clock, progress)
    }
}

fn salvage(
    source: &Path,
    target: &Path,
    secret: &SecretBytes,
    floor: KdfFloor,
    clock: impl Fn() -> Box<dyn Clock>,
    progress: &mut dyn Progress,
) -> Result<Restored, Error> {
    Diary::must_lie_outside(target)?;
    let mut findings = Findings::new();
    let mut snapshot = None;
    let (remains, mut files) = if is_vault(source)? {
        let opened = Remains::of_vault(source, target, secret, floor, progress)?;
        let (remains, header_mended) = opened;
        if header_mended {
            let detail = "one of its two copies is damaged; the other one is whole";
            findings.warning(Check::Header, "header", detail);
        }
        (remains, Files::Folder(source.join("evidence")))
    } else {
        let mut opened = Opened::open(source, secret, floor)?;
        opened.backup.save_what_can_be_read();
        snapshot = opened.snapshot;
        let slot = opened.slot.duplicate();
        let (mut backup, again) = (opened.again()?, opened.again()?);
        let seen = opened.look_through(clock(), progress)?;
        if seen.sound {
            let whole = Opened::open(source, secret, floor)?;
            return whole.restore(target, clock(), progress);
        }
        let wrong = seen.findings.into_iter();
        wrong
            .filter(|finding| finding.level != Level::Ok)
            .for_each(|finding| findings.push(finding));
        let contents = match Contents::read_damaged(&mut backup) {
            Err(Error::Backup(error)) if error.is_damaged() => {
                findings.failure(Check::Backup, "", "nothing tells what lies where in it");
                return Ok(Restored {
                    snapshot,
                    ..nothing(findings)
                });
            }
            read => read?,
        };
        let beside = |file: &StoredFile| file.place == Place::Beside;
        let evidence = backup.beside().to_owned();
        let header = backup.header().clone();
        let cells = Cells {
            backup: again,
            cells: contents.cells,
        };
        let remains = Remains::of_backup(Box::new(cells), &header, slot, progress)?;
        // The list itself may be lost: then all files beside are taken.
        let has_folder = !matches!(evidence.try_exists(), Ok(false));
        let files = match contents.files.iter().all(beside) && has_folder {
            true => Files::Folder(evidence),
            false => Files::Backup(Box::new(backup), contents.files),
        };
        (remains, files)
    };
    let saved = rescue(remains, &mut files, target, clock(), findings, progress)?;
    Ok(Restored { snapshot, ..saved })
}

/// Whether a folder is a vault's, and not one with backups. What cannot be looked at is neither.
fn is_vault(source: &Path) -> Result<bool, Error> {
    if !is_folder(source).map_err(VaultError::from_io)? {
        return Ok(false);
    }
    for part in ["header", "log.db"] {
        let path = source.join(part);
        if path.try_exists().map_err(VaultError::from_io)? {
            return Ok(true);
        }
    }
    Ok(newest_snapshot(source)?.is_none())
}

/// Writes a new vault from what was found, checks it, and gives it its name.
fn rescue(
    mut remains: Remains,
    files: &mut Files,
    target: &Path,
    clock: Box<dyn Clock>,
    mut findings: Findings,
    progress: &mut dyn Progress,
) -> Result<Restored, Error> {
    let mut rebuilt = Rebuilt::from(&remains, progress)?;
    if !rebuilt.has_words() {
        findings.failure(Check::Cell, "", "no entry of this diary can be read");
        return Ok(nothing(findings));
    }
    let seed = match remains.signing_seed().or_else(|| rebuilt.signing_seed()) {
        Some(seed) => seed,
        None => {
            let detail = "lost; the new log has another one, and no earlier code or bundle fits it";
            findings.failure(Check::Key, "", detail);
            Zeroizing::new(random::bytes().map_err(VaultError::from)?)
        }
    };
    let (mut new, lost_cells) = remains.begin(target, seed)?;
    if lost_cells > 0 {
        let detail = format!("{lost_cells} cells that this diary does not use cannot be read");
        findings.warning(Check::Cell, "", detail);
    }
    write_entries(&remains, &rebuilt, &mut new, progress)?;
    let root = new.vault.head().root;
    tell(&remains, &rebuilt, root, &mut findings);
    if end_is_unknown(&remains, &rebuilt, root) {
        let number = rebuilt.add_unknown_end();
        let detail = "stands for whatever may have followed: where the log ended is not known";
        findings.failure(Check::Index, &entries(number, number), detail);
        write_entries(&remains, &rebuilt, &mut new, progress)?;
    }
    if let Some(side) = remains.side()? {
        let mut write = new.vault.begin()?;
        write.set_side(&side)?;
        write.commit()?;
    }
    let count = copy_files(files, &new.vault.evidence_folder(), &mut findings, progress)?;

    let NewVault { vault, folder } = new;
    let mut diary = Diary::over(vault, clock)?;
    diary.log.append(rebuilt.entry())?;
    let report = diary.check(progress)?;
    report.findings.into_iter().for_each(|f| findings.push(f));
    let log = diary.restored_log(count);
    let vault = *diary.log.into_vault();
    NewVault { vault, folder }.publish(target)?;
    Ok(Restored {
        restored: true,
        sound: findings.sound(),
        findings: findings.into_vec(),
        log: Some(log),
        snapshot: None,
    })
}

fn nothing(findings: Findings) -> Restored {
    Restored {
        restored: false,
        sound: false,
        findings: findings.into_vec(),
        log: None,
        snapshot: None,
    }
}

/// Whether nobody knows how long the log was: no head tells, or one that is not of what was found. Where
/// the leaf of an entry is not known, the tree is another one in any case.
fn end_is_unknown(remains: &Remains, rebuilt: &Rebuilt, root: [u8; 32]) -> bool {
    let is_other_tree = rebuilt.unknown.is_empty() && remains.root() != Some(root);
    !remains.has_head() || remains.is_longer_than_head() || is_other_tree
}

/// Writes the entries that the new log does not have yet.
fn write_entries(
    remains: &Remains,
    rebuilt: &Rebuilt,
    new: &mut NewVault,
    progress: &mut dyn Progress,
) -> Result<(), Error> {
    let size = rebuilt.size();
    let mut number = new.vault.head().entries;
    while number < size {
        if progress.advance(number.into(), size.into()).is_break() {
            return Err(Error::Cancelled);
        }
        let mut write = new.vault.begin()?;
        for _ in 0..BATCH.min(size - number) {
            let (place, has_words) = rebuilt.place(number);
            let object = match has_words {
                true => remains.entry(number)?,
                false => None,
            };
            write.append_copy(object.as_ref().map(|bytes| bytes.as_slice()), &place)?;
            number += 1;
        }
        write.commit()?;
    }
    Ok(())
}

/// What was lost, in words.
fn tell(remains: &Remains, rebuilt: &Rebuilt, root: [u8; 32], findings: &mut Findings) {
    for (first, last) in ranges(&rebuilt.lost) {
        let detail = "lost: no cell that can be read holds it";
        findings.failure(Check::Cell, &entries(first, last), detail);
    }
    for (first, last) in ranges(&rebuilt.unknown) {
        let detail =
            "nor does the index tell its leaf: codes given out after it do not fit any more";
        findings.failure(Check::Index, &entries(first, last), detail);
    }
    if !remains.has_head() {
        let detail = "lost: nobody knows whether entries are missing at the end";
        findings.failure(Check::Index, "the head of the log", detail);
    } else if remains.root() == Some(root) {
        let detail = "the tree is the one that was: every code given out before still fits";
        findings.ok(Check::Index, "", detail);
    } else if rebuilt.unknown.is_empty() {
        let detail = "the tree is another one than the head says";
        findings.failure(Check::Index, "", detail);
    }
}

/// Entries from the first to the last, in words.
pub(super) fn entries(first: u32, last: u32) -> String {
    if first == last {
        format!("entry {first}")
    } else {
        format!("entries {first} to {last}")
    }
}

impl Rebuilt {
    /// The entry that says what was lost.
    fn entry(&self) -> Draft {
        let list = |numbers: &[u32]| {
            let pair = |(first, last): (u32, u32)| Value::List(vec![first.into(), last.into()]);
            Value::List(ranges(numbers).into_iter().map(pair).collect())
        };
        Draft {
            kind: EntryKind::Salvaged,
            about: None,
            proven: Object::from([
                ("lost".to_owned(), list(&self.lost)),
                ("unknown".to_owned(), list(&self.unknown)),
            ]),
            vault_only: Object::new(),
        }
    }

    /// The second copy of the signing seed, in entry 0.
    fn signing_seed(&self) -> Option<Zeroizing<[u8; 32]>> {
        let seed = self.begun.as_ref()?.get("signing_seed")?.as_text()?;
        hex::decode(seed).map(Zeroizing::new)
    }
}
