//! What left a diary: a bundle is to be sound, and a backup to give back all that it was made of.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use diary_core::NoProgress;
use diary_core::bundle::{Check, Finding, Level, VerifyOptions, verify};

use crate::disk::{Image, lay_out};
use crate::player::{FOLDER, State, restore};
use crate::view::{look, temporary_folder};

/// Opens a bundle or a backup as whoever was handed it, the backups of a folder with what lies beside them. `state`
/// is what held when it was made; `twin` the same file, made where nothing failed.
pub fn holds(name: &str, twin: &[u8], state: &State) -> Result<(), String> {
    let bytes = &state.files[name];
    let folder = temporary_folder();
    let file = folder.path().join("file");
    let given = |bytes: &[u8]| fs::write(&file, bytes).expect("room for a file");
    if name.ends_with(".zip") {
        given(twin);
        let expected = said_of_bundle(&file)?;
        given(bytes);
        let said = said_of_bundle(&file)?;
        if said != expected {
            return Err(format!("{name} shows other things than without a fault"));
        }
        return Ok(());
    }
    let backup = match name.strip_prefix(FOLDER) {
        Some(inside) if inside.starts_with("/evidence/") => {
            let same = bytes == twin;
            return same.then_some(()).ok_or(format!("{name} is another file"));
        }
        Some(_) => {
            let within = |(name, bytes): (&String, &Vec<u8>)| {
                let inside = name.starts_with(FOLDER);
                inside.then(|| (name.clone(), Some(bytes.clone())))
            };
            let mut image: Image = state.files.iter().filter_map(within).collect();
            let folders = [FOLDER.to_owned(), format!("{FOLDER}/evidence")];
            image.extend(folders.map(|name| (name, None)));
            lay_out(&image, folder.path()).expect("room for a folder");
            folder.path().join(name)
        }
        None => {
            given(bytes);
            file
        }
    };
    let target = folder.path().join("vault");
    let restored = restore(&backup, &target, &state.passphrase)
        .map_err(|error| format!("{name} cannot be restored: {error}"))?;
    let well = |found: &Finding| found.level == Level::Ok;
    if !restored.restored || !restored.sound || !restored.findings.iter().all(well) {
        return Err(format!("{name} is not sound: {:?}", restored.findings));
    }
    holds_the_same(&target, state).map_err(|why| format!("{name}, restored: {why}"))
}

/// A restored vault has all that the diary had when its backup was made.
pub fn holds_the_same(vault: &Path, state: &State) -> Result<(), String> {
    let found = look(vault, &[state.secrets()], &state.codes)?;
    if found.orphans > 0 {
        return Err(format!("{} files that nothing names", found.orphans));
    }
    if !state.is(&found) {
        return Err("it does not hold what was in the backup".to_owned());
    }
    Ok(())
}

/// What a verifier finds in a sound bundle: how often each check was made, and how large the log is.
fn said_of_bundle(file: &Path) -> Result<(BTreeMap<Check, usize>, Option<u32>), String> {
    let verdict = verify(file, &VerifyOptions::default(), &mut NoProgress)
        .map_err(|error| format!("the bundle cannot be verified: {error}"))?;
    if !verdict.sound {
        return Err(format!("the bundle is not sound: {:?}", verdict.findings));
    }
    let mut said = BTreeMap::new();
    for found in &verdict.findings {
        *said.entry(found.check).or_default() += 1;
    }
    Ok((said, verdict.checkpoint.map(|checkpoint| checkpoint.size)))
}
