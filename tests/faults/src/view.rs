//! Everything that a person can read in a diary, as one text to compare.

use std::fmt::Write as _;
use std::path::Path;

use diary_core::bundle::{Check, Finding, Level};
use diary_core::diary::{Cursor, IncidentRef, Query};
use diary_core::log::Fingerprint;
use diary_core::vault::VaultError;
use diary_core::{Diary, Error, NoProgress};

use crate::player::{open, open_with_code};

/// All incidents, newest first, with their history, notes and evidence bit for bit, and the drafts.
pub fn words_of(diary: &mut Diary) -> Result<String, Error> {
    let mut text = String::new();
    let mut after: Option<Cursor> = None;
    loop {
        let query = Query {
            limit: Some(200),
            after,
            ..Query::default()
        };
        let page = diary.list(&query)?;
        for summary in &page.incidents {
            let detail = diary.show(&IncidentRef::Id(summary.id))?;
            let _ = writeln!(text, "{summary:?} {detail:?}");
            let erased = (summary.erased, summary.withdrawn);
            let _ = writeln!(
                text,
                "{STABLE}{} {erased:?} {:?}",
                detail.number, detail.incident
            );
            for change in &detail.history {
                let _ = writeln!(
                    text,
                    "{STABLE}{:?} {:?} {:?}",
                    change.kind, change.reason, change.changes
                );
            }
            for item in &detail.evidence {
                let folder = temporary_folder();
                diary.extract(&item.id, &folder.path().join("out"), &mut NoProgress)?;
                let _ = writeln!(text, "{STABLE}{} is whole", item.name);
            }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let draft = diary.draft("form")?;
    let _ = writeln!(
        text,
        "{STABLE}draft {:?}",
        draft.as_ref().map(|draft| String::from_utf8_lossy(draft))
    );
    Ok(text)
}

/// Without ids and times of recording: what is the same when the same is done again.
pub fn stable(words: &str) -> Vec<&str> {
    words
        .lines()
        .filter(|line| line.starts_with(STABLE))
        .collect()
}

const STABLE: &str = "- ";

/// What somebody finds who opens a vault after the crash.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Found {
    pub passphrase: String,
    pub words: String,
    /// Moments of the log of which it knows that a code was given out.
    pub codes: usize,
    /// Files in `evidence/` that no entry names, after what is doomed was removed.
    pub orphans: usize,
}

/// What opens a vault.
#[derive(Clone, Copy, Debug)]
pub struct Secrets<'a> {
    pub passphrase: &'a str,
    /// Where it is known.
    pub recovery_code: Option<&'a str>,
}

/// Opens a vault with whichever of these passphrases holds, reads and checks all of it, records
/// something more, and opens it with the recovery code. What is wrong is said, and so is a code that is not of this log.
pub fn look(vault: &Path, secrets: &[Secrets<'_>], codes: &[Fingerprint]) -> Result<Found, String> {
    let mut opened = None;
    for secrets in secrets {
        match open(vault, secrets.passphrase) {
            Ok(diary) => {
                opened = Some((diary, *secrets));
                break;
            }
            Err(Error::Vault(VaultError::WrongSecret)) => {}
            Err(error) => return Err(format!("it does not open: {error}")),
        }
    }
    let (mut diary, secrets) = opened.ok_or("no passphrase opens it")?;
    let words = words_of(&mut diary).map_err(|error| format!("it cannot be read: {error}"))?;
    let report = diary
        .check(&mut NoProgress)
        .map_err(|error| format!("check: {error}"))?;
    if !report.sound {
        return Err(format!("it is not sound: {:?}", report.findings));
    }
    for code in codes {
        match diary.is_ancestor(code) {
            Ok(true) => {}
            Ok(false) => return Err("a code that was given out is not of this log".to_owned()),
            Err(error) => return Err(format!("the code: {error}")),
        }
    }
    let known_codes = known_codes(&report.findings).ok_or("check says nothing of codes")?;
    diary
        .rest()
        .map_err(|error| format!("it cannot rest: {error}"))?;
    let files = std::fs::read_dir(vault.join("evidence")).map_or(0, Iterator::count);
    diary
        .save_draft("after", b"after")
        .map_err(|error| format!("it cannot be written: {error}"))?;
    drop(diary);
    for code in [None].into_iter().chain(secrets.recovery_code.map(Some)) {
        let (how, opened) = match code {
            None => ("again", open(vault, secrets.passphrase)),
            Some(code) => ("with the recovery code", open_with_code(vault, code)),
        };
        let mut diary = opened.map_err(|error| format!("it does not open {how}: {error}"))?;
        let after = diary
            .draft("after")
            .map_err(|error| format!("opened {how}: {error}"))?;
        if after.as_ref().map(|text| text.as_slice()) != Some(b"after") {
            return Err("what was written after the crash is not there".to_owned());
        }
    }
    // Each stored file has one finding.
    let named = |found: &&Finding| found.check == Check::EvidenceFile && found.level == Level::Ok;
    let orphans = files.saturating_sub(report.findings.iter().filter(named).count());
    Ok(Found {
        passphrase: secrets.passphrase.to_owned(),
        words,
        codes: known_codes,
        orphans,
    })
}

/// Of how many codes a diary knows that it gave them out. Whether it would take one for its own says nothing of
/// that: it compares with every size of the log where it has forgotten.
fn known_codes(findings: &[Finding]) -> Option<usize> {
    let of_index = |found: &&Finding| found.check == Check::Index && found.level == Level::Ok;
    let said = &findings.iter().find(of_index)?.detail;
    said.rsplit_once("codes given out: ")?.1.parse().ok()
}

/// A folder in memory where there is room for that: what is found is the same, and nothing waits for
/// a disk.
pub fn temporary_folder() -> tempfile::TempDir {
    let memory = rustix::fs::statvfs("/dev/shm");
    let roomy = memory.is_ok_and(|memory| memory.f_bavail * memory.f_frsize > 256 << 20);
    let folder = if roomy {
        tempfile::tempdir_in("/dev/shm")
    } else {
        tempfile::tempdir()
    };
    folder.expect("a place for temporary folders")
}
