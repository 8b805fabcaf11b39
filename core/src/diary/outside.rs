//! Where nothing may be put: in a vault, with which it would be lost, or which it would outlive.

use std::fs;
use std::io;
use std::path::Path;

use super::Diary;
use crate::backup::BackupError;
use crate::error::Error;
use crate::files::folder_of;
use crate::vault::VaultError;

impl Diary {
    /// Refuses a place inside of any vault, for a file or a folder that is to be made. What lies there is lost when
    /// its folder is, and stays when the vault is wiped.
    ///
    /// # Errors
    /// [`BackupError::InsideVault`]; [`Error::Vault`] where the disk does not tell.
    pub fn must_lie_outside(target: &Path) -> Result<(), Error> {
        let is_inside = lies_in_a_vault(target).map_err(VaultError::from_io)?;
        match is_inside {
            true => Err(BackupError::InsideVault.into()),
            false => Ok(()),
        }
    }
}

fn lies_in_a_vault(target: &Path) -> io::Result<bool> {
    let target = std::path::absolute(target)?;
    for named in folder_of(&target).ancestors() {
        // The nearest folder that is there: those below it are yet to be made.
        if let Some(folder) = unless_refused(named.canonicalize())? {
            for folder in folder.ancestors() {
                if holds_vault(folder)? {
                    return Ok(true);
                }
            }
            return Ok(false);
        }
    }
    Ok(false)
}

fn holds_vault(folder: &Path) -> io::Result<bool> {
    for name in ["header", "log.db"] {
        let found = unless_refused(fs::metadata(folder.join(name)))?;
        if !found.is_some_and(|found| found.is_file()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Where a path leads nowhere, or nobody may look, nothing can be written either.
fn unless_refused<T>(looked: io::Result<T>) -> io::Result<Option<T>> {
    use io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};
    match looked {
        Err(error) if matches!(error.kind(), NotADirectory | NotFound | PermissionDenied) => {
            Ok(None)
        }
        looked => looked.map(Some),
    }
}

#[cfg(test)]
mod tests {
    use super::super::Opener;
    use super::super::fixture::{Small, passphrase};
    use super::*;
    use crate::progress::NoProgress;
    use crate::time::SystemClock;
    use crate::vault::{KdfCost, NewPassphrase};

    /// It would be lost with the other.
    #[test]
    fn no_vault_is_made_in_another() {
        let mut small = Small::new();
        let backup = small.path("one.idback");
        small.diary().backup(&backup, &mut NoProgress).unwrap();
        let within = small.vault().join("within");
        let (own, new) = (passphrase("a"), |text: &str| {
            NewPassphrase::even_if_weak(text.as_bytes()).unwrap()
        });
        let cost = (KdfCost::DangerCheapForTests, 8);
        let clock = || -> Box<dyn crate::time::Clock> { Box::new(SystemClock) };
        let (a, b) = (new("a"), new("b"));
        let opener = || Opener::Passphrase(&own);
        let tried = [
            Diary::danger_create_with_step_for_tests(&within, &a, cost, clock()).map(drop),
            Diary::danger_create_with_decoy_and_step_for_tests(&within, (&a, &b), cost, clock())
                .map(drop),
            small
                .diary()
                .danger_copy_with_decoy_and_step_for_tests(
                    &within,
                    (&own, &b),
                    cost,
                    &mut NoProgress,
                )
                .map(drop),
            Diary::danger_restore_with_cheap_kdf_for_tests(
                &backup,
                Some(&within),
                opener(),
                clock(),
                &mut NoProgress,
            )
            .map(drop),
            Diary::danger_salvage_with_cheap_kdf_for_tests(
                &backup,
                &within,
                opener(),
                clock,
                &mut NoProgress,
            )
            .map(drop),
        ];
        for made in tried {
            assert!(matches!(made, Err(Error::Backup(BackupError::InsideVault))));
        }
        assert!(!within.exists());
    }

    #[test]
    fn no_place_in_a_vault_is_outside_of_it() {
        let beside = tempfile::tempdir().unwrap();
        let vault = beside.path().join("vault");
        let evidence = vault.join("evidence");
        fs::create_dir_all(&evidence).unwrap();
        let refused = |target: &Path| match Diary::must_lie_outside(target) {
            Ok(()) => false,
            Err(Error::Backup(BackupError::InsideVault)) => true,
            Err(error) => panic!("{error}"),
        };
        fs::write(vault.join("header"), "").unwrap();
        // A folder of hers can have a file of such a name.
        assert!(!refused(&vault.join("new")));
        fs::write(vault.join("log.db"), "").unwrap();
        for inside in [
            "new",
            "evidence",
            "evidence/new",
            "none/new",
            "evidence/../new",
        ] {
            assert!(refused(&vault.join(inside)), "{inside}");
        }
        for outside in ["vault", "new", "none/new", "vault2/new", "vault/../new"] {
            assert!(!refused(&beside.path().join(outside)), "{outside}");
        }
        #[cfg(unix)]
        {
            let link = beside.path().join("link");
            std::os::unix::fs::symlink(&evidence, &link).unwrap();
            assert!(refused(&link.join("new")));
        }
    }
}
