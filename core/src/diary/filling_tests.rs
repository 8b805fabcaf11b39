//! A disk that is full while a new container is filled: nothing of it stays, so that is what is told, and not that
//! nobody knows whether the last change is there.

use super::fixture::*;
use super::*;
use crate::progress::NoProgress;
use crate::time::SystemClock;
use crate::vault::{Fails, KdfCost, NewVault, VaultError};

const COST: KdfCost = KdfCost::DangerCheapForTests;

/// After so many writes one fails, and the file cannot be opened again either.
fn full_after(spared: u32) -> Fails {
    Fails {
        spared,
        before_commit: true,
        reopening: true,
        ..Fails::default()
    }
}

#[test]
fn section_12_a_full_disk_under_a_new_vault_is_told_as_one() {
    let folder = temporary_folder();
    let target = folder.path().join("vault");
    let new = NewPassphrase::even_if_weak(b"a").unwrap();
    let (mut made, _) = NewVault::create_with_step(&target, &new, COST, STEP).unwrap();
    made.vault.fail(full_after(0));
    let begun = Log::begin(&mut made.vault, &SystemClock);
    assert!(matches!(begun, Err(VaultError::DiskFull)), "{begun:?}");
    drop(made);
    assert!(names(folder.path()).is_empty());
}

#[test]
fn section_23_a_full_disk_under_a_copy_is_told_as_one() {
    let mut small = Small::new();
    for number in 0..260 {
        small.add(&number.to_string());
    }
    small.diary().save_draft("add", b"a draft").unwrap();
    let target = small.path("copy");
    // Two batches of entries, and the draft.
    for spared in 0..3 {
        let diary = small.diary();
        let vault = diary.log.vault();
        let made = NewVault::for_copy(&target, &passphrase("a"), COST, STEP, vault);
        let (mut made, _) = made.unwrap();
        made.vault.fail(full_after(spared));
        let copied = diary.copy_entries(&mut made, &mut NoProgress);
        assert!(
            matches!(copied, Err(Error::Vault(VaultError::DiskFull))),
            "{spared}: {copied:?}"
        );
        drop(made);
        assert_eq!(names(small.folder.path()), ["vault"]);
    }
}
