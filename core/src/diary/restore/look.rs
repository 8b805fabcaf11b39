//! Telling what is in a backup, and where it is damaged, without writing anything.

use std::collections::BTreeMap;
use std::io;

use super::{Opened, Restored, RestoredLog, ranges};
use crate::backup::{BackupError, Contents, FileReader};
use crate::bundle::{Check, Findings};
use crate::diary::check::File;
use crate::error::Error;
use crate::evidence::{FileName, Reader};
use crate::progress::{Progress, advance};
use crate::time::Clock;
use crate::vault::VaultError;

impl Opened {
    /// Reads everything where it lies.
    pub(in crate::diary) fn look_through(
        mut self,
        clock: Box<dyn Clock>,
        progress: &mut dyn Progress,
    ) -> Result<Restored, Error> {
        let mut findings = Findings::new();
        if self.backup.header_mended() {
            let detail = "one of its two copies is damaged; the other one is whole";
            findings.warning(Check::Header, "header", detail);
        } else {
            findings.ok(Check::Header, "header", "both copies are whole");
        }
        let read = self.read_all(clock, &mut findings, progress);
        let log = match read {
            Ok(log) => log,
            Err(Error::Backup(error)) if error.is_damaged() => {
                self.name_damage(error, &mut findings, progress)?;
                None
            }
            Err(error) => return Err(error),
        };
        Ok(Restored {
            restored: false,
            sound: findings.sound(),
            findings: findings.into_vec(),
            log,
            snapshot: self.snapshot,
        })
    }

    fn read_all(
        &mut self,
        clock: Box<dyn Clock>,
        findings: &mut Findings,
        progress: &mut dyn Progress,
    ) -> Result<Option<RestoredLog>, Error> {
        let contents = Contents::read(&mut self.backup)?;
        let total = self.backup.contents();
        let mut done = 0;
        contents.read_cells(&mut self.backup, |cells| {
            advance(progress, &mut done, cells.len() as u64, total)
        })?;
        let mut diary = match self.diary(&contents, clock) {
            Ok(diary) => diary,
            Err(Error::Vault(VaultError::Damaged(part))) => {
                findings.failure(Check::Cell, &part.to_string(), "damaged in the backup");
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let named = diary.check_log(findings, progress)?;
        let log = diary.restored_log(contents.files.len());
        drop(diary);
        self.compare_files(&contents, named, findings, |bytes| {
            advance(progress, &mut done, bytes, total)
        })?;
        if findings.sound() {
            let files = contents.files.len();
            let detail = format!("everything in it is whole; {files} evidence files");
            findings.ok(Check::Backup, "", detail);
        }
        Ok(Some(log))
    }

    /// Every file against the list, and those that the diary names against their entries.
    fn compare_files(
        &mut self,
        contents: &Contents,
        named: Vec<File>,
        findings: &mut Findings,
        mut each: impl FnMut(u64) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut entries: BTreeMap<[u8; 16], Vec<File>> = BTreeMap::new();
        for file in named {
            let name = *file.sealed.name.as_bytes();
            entries.entry(name).or_default().push(file);
        }
        for file in &contents.files {
            let mut reader = FileReader::new(&mut self.backup, file);
            let told = entries.remove(&file.name).unwrap_or_default();
            let original = told.first().map(|File { sealed, .. }| {
                Reader::over(&mut reader, file.bytes, &sealed.key, sealed.bytes)?
                    .copy_to(&mut io::sink(), &mut crate::NoProgress)
            });
            let whole = match reader.finish() {
                Ok(sha256) => sha256 == file.sha256,
                Err(Error::Backup(BackupError::DamagedFile)) => false,
                Err(error) => return Err(error),
            };
            if !whole {
                let subject = format!("evidence/{}", FileName::from_bytes(file.name).to_hex());
                let detail = "missing, or not the file that was put in";
                findings.failure(Check::Backup, &subject, detail);
            }
            for File { entry, sealed } in told {
                let subject = format!("entry {entry}");
                match &original {
                    Some(Ok(sha256)) if *sha256 == sealed.sha256 => {
                        findings.ok(Check::EvidenceFile, &subject, "unchanged since recorded");
                    }
                    Some(Err(error)) => {
                        findings.failure(Check::EvidenceFile, &subject, error.to_string());
                    }
                    _ => {
                        let detail = "not the file that was recorded";
                        findings.failure(Check::EvidenceFile, &subject, detail);
                    }
                }
            }
            each(file.bytes)?;
        }
        for File { entry, .. } in entries.into_values().flatten() {
            let subject = format!("entry {entry}");
            findings.failure(
                Check::EvidenceFile,
                &subject,
                "its file is not in the backup",
            );
        }
        Ok(())
    }

    /// Every damaged chunk, by ranges, with what lies there as far as it is known.
    fn name_damage(
        &mut self,
        error: BackupError,
        findings: &mut Findings,
        progress: &mut dyn Progress,
    ) -> Result<(), Error> {
        let damaged = self.backup.survey(progress)?;
        let contents = Contents::read(&mut self.backup).ok();
        for (first, last) in ranges(&damaged) {
            let subject = if first == last {
                format!("chunk {first}")
            } else {
                format!("chunks {first} to {last}")
            };
            let what = match &contents {
                Some(contents) => contents.what_lies_in(first, last),
                None => "what lies there is not known".to_owned(),
            };
            findings.failure(Check::Backup, &subject, format!("damaged: {what}"));
        }
        if let Err(end) = self.backup.ends_whole() {
            findings.failure(Check::Backup, "end", end.to_string());
        } else if damaged.is_empty() {
            findings.failure(Check::Backup, "", error.to_string());
        }
        Ok(())
    }
}
