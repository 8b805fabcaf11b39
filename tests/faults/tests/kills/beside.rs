//! What lies beside the vault: bundles, backups, and vaults that were restored. What has its name is whole,
//! acknowledged or not.

use std::fs;
use std::path::Path;

use diary_core::NoProgress;
use diary_core::bundle::{VerifyOptions, verify};
use diary_faults::disk::{Image, image_of};
use diary_faults::player::{FOLDER, restore};
use diary_faults::view::{Secrets, look, temporary_folder};

/// Names that were given and not acknowledged.
pub struct Named(Vec<String>);

impl Named {
    pub fn any(&self, place: &str) -> bool {
        self.0.iter().any(|name| name.starts_with(place))
    }
}

/// Those that are new and not among the acknowledged ones.
pub fn with_a_name(before: &Image, disk: &Path, acknowledged: &[String]) -> Named {
    let mut named: Vec<String> = image_of(disk).into_keys().collect();
    named.retain(|name| {
        let made = name.starts_with("out/") || name.starts_with("restored-") || is_snapshot(name);
        // What is in the making has a dot before its name.
        let is_done = !name.split('/').any(|part| part.starts_with('.'));
        let is_told = acknowledged.iter().any(|told| name.starts_with(&**told));
        made && is_done && !is_told && !before.contains_key(name)
    });
    Named(named)
}

fn is_snapshot(name: &str) -> bool {
    name.starts_with(FOLDER) && name.ends_with(".idback")
}

/// Each opens with one of these. Then it goes, but for the backups in a folder: the next one is made beside them.
pub fn files_are_whole(disk: &Path, secrets: &[String]) -> Result<(), String> {
    let is_restored = |backup: &Path| {
        let folder = temporary_folder();
        let restored = |secret| restore(backup, &folder.path().join("vault"), secret);
        secrets
            .iter()
            .rev()
            .any(|secret| restored(secret).is_ok_and(|whole| whole.restored && whole.sound))
    };
    for entry in fs::read_dir(disk.join("out")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let whole = if name.ends_with(".zip") {
            let verdict = verify(&path, &VerifyOptions::default(), &mut NoProgress);
            verdict.is_ok_and(|verdict| verdict.sound)
        } else {
            !name.ends_with(".idback") || is_restored(&path)
        };
        if !whole {
            return Err(format!("{name} has its name and is not whole"));
        }
        fs::remove_file(&path).unwrap();
    }
    let folder = disk.join(FOLDER);
    if folder.is_dir()
        && image_of(&folder)
            .keys()
            .any(|name| name.ends_with(".idback"))
    {
        let whole = is_restored(&folder);
        whole
            .then_some(())
            .ok_or("the newest backup in the folder is not whole")?;
    }
    for entry in fs::read_dir(disk).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with("restored-") {
            let opens = secrets.iter().rev().map(|secret| Secrets {
                passphrase: secret,
                recovery_code: None,
            });
            let opens: Vec<Secrets<'_>> = opens.collect();
            look(&path, &opens, &[]).map_err(|why| format!("{name} has its name: {why}"))?;
        }
        // With it what a vault in the making was: nobody looks at that again.
        if name.starts_with("restored-") || name.starts_with('.') {
            fs::remove_dir_all(&path).unwrap();
        }
    }
    Ok(())
}
