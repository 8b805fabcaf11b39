//! `diary restore`

use std::io;
use std::path::Path;

use diary_core::Diary;
use diary_core::diary::{Opener, Restored};
use diary_core::time::SystemClock;
use diary_core::vault::{Passphrase, RecoveryCode};
use serde_json::{Map, Value};

use super::init;
use crate::args::{Cost, Restore};
use crate::console::Console;
use crate::exit::{Failure, reason};
use crate::output::{file, findings, json, text};
use crate::secrets::{self, IfWeak};
use crate::session::is_folder;

/// What opens the backup.
enum Secret {
    Passphrase(Passphrase),
    Code(RecoveryCode),
}

pub(super) fn run(console: Console, args: &Restore) -> Result<(), Failure> {
    // With --salvage a folder without a backup is a vault's.
    let is_folder = is_folder(&args.file)?;
    if !(args.salvage && is_folder) {
        must_be_backup(&Diary::backup_at(&args.file)?, is_folder)?;
    }
    let target = args.vault.as_deref().filter(|_| !args.dry_run);
    if let Some(target) = target {
        must_be_free(target)?;
    }
    if let Some(target) = target.filter(|_| args.with_decoy) {
        return with_decoy(console, args, target);
    }
    let secret = secret(args)?;
    let opener = match &secret {
        Secret::Passphrase(passphrase) => Opener::Passphrase(passphrase),
        Secret::Code(code) => Opener::RecoveryCode(code),
    };
    let clock = Box::new(SystemClock);
    let restored = match target {
        Some(target) if args.salvage => {
            let bar = &mut console.bar("salvaging");
            Diary::salvage(&args.file, target, opener, || Box::new(SystemClock), bar)?
        }
        Some(target) => {
            let bar = &mut console.bar("restoring");
            Diary::restore(&args.file, target, opener, clock, bar)?
        }
        None => Diary::read_backup(&args.file, opener, clock, &mut console.bar("reading"))?,
    };
    let printed = console.answer(|| members(&restored), || page(&restored));
    match (restored.sound, restored.restored) {
        (true, _) => printed,
        (false, true) if args.salvage => Err(console.verdict(
            "salvaged what could be read; it is not complete: see the findings, and keep the damaged one",
        )),
        (false, false) if args.salvage => Err(console.verdict(
            "nothing of this diary can be read, and nothing was made: use another copy or backup",
        )),
        (false, true) => Err(console.verdict(
            "restored as it was, but the vault was damaged when the backup was made: see the \
             findings",
        )),
        (false, false) if restored.snapshot.is_some() => Err(console.verdict(
            "the newest backup in the folder is damaged and nothing was restored: name an older one in it, or add \
             --salvage",
        )),
        (false, false) => Err(console.verdict(
            "the backup is damaged and nothing was restored: use another copy of it, or add --salvage",
        )),
    }
}

fn with_decoy(console: Console, args: &Restore, target: &Path) -> Result<(), Failure> {
    let (passphrase, _) = secrets::opening(args.passphrase_file.as_ref())?;
    let if_weak = IfWeak::refused_when_typed_unless(args.weak);
    let decoy = secrets::decoy(console, args.decoy_passphrase_file.as_ref(), if_weak)?;
    let cost = Cost::chosen(args.kdf);
    let bar = &mut console.bar("restoring");
    // By its own name, so that it is this one that is told.
    let file = Diary::backup_at(&args.file)?;
    let restored = Diary::restore_with_decoy(&file, target, &passphrase, &decoy, cost, bar)?;
    let (log, codes) = restored;
    init::show_two_codes(console, &codes)?;
    let name = file.file_name().filter(|_| file != args.file);
    let from = name.map(|name| format!(" from {}", name.display()));
    console.note(&format!(
        "Restored{}: {}. The code of the log is {}.",
        from.unwrap_or_default(),
        text::count(log.incidents.into(), "incident"),
        log.fingerprint
    ));
    Ok(())
}

fn secret(args: &Restore) -> Result<Secret, Failure> {
    if args.recovery || args.recovery_file.is_some() {
        return secrets::recovery(args.recovery_file.as_ref()).map(Secret::Code);
    }
    let (passphrase, _) = secrets::opening(args.passphrase_file.as_ref())?;
    Ok(Secret::Passphrase(passphrase))
}

/// Looked at before she types a passphrase; in a folder, named.
fn must_be_backup(file: &Path, in_folder: bool) -> Result<(), Failure> {
    let name = file.file_name().map(|name| name.to_string_lossy());
    Diary::is_backup(file).map_err(|error| match name {
        Some(name) if in_folder => Failure::from(error).at(&name),
        _ => error.into(),
    })
}

/// Refused before she types a passphrase; the library looks again.
fn must_be_free(target: &Path) -> Result<(), Failure> {
    let entries = match std::fs::read_dir(target) {
        Ok(mut entries) => entries.next().map(drop),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Some(()),
        Err(error) => {
            let reason = reason(&error);
            return Err(Failure::cannot(format!(
                "the target cannot be used: {reason}: choose another path"
            )));
        }
    };
    match entries {
        None => Ok(Diary::must_lie_outside(target)?),
        Some(()) => Err(file::is_taken("path")),
    }
}

fn members(restored: &Restored) -> Value {
    let mut answer = Map::new();
    json::set(&mut answer, "restored", Some(restored.restored));
    json::set(&mut answer, "sound", Some(restored.sound));
    if let Some(snapshot) = restored.snapshot_name() {
        json::set(&mut answer, "snapshot", Some(snapshot.as_str()));
    }
    if let Some(log) = &restored.log {
        json::set(&mut answer, "entries", Some(log.entries));
        json::set(&mut answer, "incidents", Some(log.incidents));
        json::set(&mut answer, "files", Some(log.files));
        let code = log.fingerprint.to_string();
        json::set(&mut answer, "fingerprint", Some(code.as_str()));
    }
    json::set(
        &mut answer,
        "findings",
        Some(findings::json(&restored.findings)),
    );
    Value::Object(answer)
}

fn page(restored: &Restored) -> String {
    let mut page = format!("{}\n", findings::text(&restored.findings));
    if let Some(snapshot) = restored.snapshot_name() {
        page.push_str(&format!("the backup: {snapshot}\n"));
    }
    if let Some(log) = &restored.log {
        page.push_str(&format!(
            "{}: {}, {}\nfingerprint: {}\n",
            if restored.restored {
                "restored"
            } else {
                "in the backup"
            },
            text::count(log.incidents.into(), "incident"),
            text::count(log.files.into(), "evidence file"),
            log.fingerprint,
        ));
    }
    page
}
