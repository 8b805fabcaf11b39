//! The evidence files of what is saved.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::backup::{FileReader, OpenBackup, StoredFile};
use crate::bundle::{Check, Findings};
use crate::diary::decoy::{self, Step};
use crate::error::Error;
use crate::evidence::FileName;
use crate::files;
use crate::progress::{Progress, advance};
use crate::vault::VaultError;

/// Where the evidence files are.
pub(super) enum Files {
    Backup(Box<OpenBackup>, Vec<StoredFile>),
    Folder(PathBuf),
}

/// Copies every evidence file that is whole, and says how many. What cannot be read is lost; what
/// cannot be written is an error.
pub(super) fn copy_files(
    files: &mut Files,
    folder: &Path,
    findings: &mut Findings,
    progress: &mut dyn Progress,
) -> Result<usize, Error> {
    let mut lost = 0u32;
    let mut copied = 0;
    let mut count = |is_copied: bool| match is_copied {
        true => copied += 1,
        false => lost += 1,
    };
    match files {
        Files::Backup(backup, stored) => {
            for file in stored {
                let step = &mut |_| advance(progress, &mut 1, 0, 1);
                step(0)?;
                let to = folder.join(FileName::from_bytes(file.name).to_hex());
                let mut reader = FileReader::new(backup, file);
                let written = decoy::write_file(&mut reader, &to, step);
                if matches!(written, Err(Error::Cancelled)) {
                    return Err(Error::Cancelled);
                }
                // Why the backup could not be read comes first.
                let is_read = reader.finish().is_ok();
                if is_read {
                    written?;
                }
                count(is_read);
            }
        }
        Files::Folder(from) => {
            let listed = fs::read_dir(&*from);
            if let Err(error) = &listed {
                let detail = format!("cannot be read, nor can the evidence files: {error}");
                findings.failure(Check::EvidenceFile, "the evidence folder", detail);
            }
            for entry in listed.into_iter().flatten() {
                let step = &mut |_| advance(progress, &mut 1, 0, 1);
                step(0)?;
                let Ok(entry) = entry else {
                    count(false);
                    continue;
                };
                if let Some(name) = entry.file_name().to_str().and_then(FileName::parse) {
                    count(copy_one(&entry.path(), &folder.join(name.to_hex()), step)?);
                }
            }
        }
    }
    if lost > 0 {
        let detail = format!("{lost} evidence files are damaged and were left out");
        findings.failure(Check::EvidenceFile, "", detail);
    }
    files::sync_folder(folder).map_err(VaultError::from_io)?;
    Ok(copied)
}

/// Copies an evidence file, and says whether it could be read to its end.
pub(super) fn copy_one(from: &Path, to: &Path, step: Step<'_>) -> Result<bool, Error> {
    let Ok((file, _)) = files::open_regular(from) else {
        return Ok(false);
    };
    let mut source = Source {
        file,
        failed: false,
    };
    let written = decoy::write_file(&mut source, to, step);
    if !source.failed {
        written?;
    }
    Ok(!source.failed)
}

/// A file that remembers whether reading it failed, which is no error of writing its copy.
pub(super) struct Source<R> {
    pub(super) file: R,
    pub(super) failed: bool,
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(out);
        let error = read.as_ref().err().map(io::Error::kind);
        self.failed |= error.is_some_and(|kind| kind != io::ErrorKind::Interrupted);
        read
    }
}
