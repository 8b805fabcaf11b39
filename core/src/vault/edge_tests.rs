//! A head that somebody with the key sealed, but that does not fit the rest (FORMAT.md 5, 6 and 14).

use super::cell::ObjectName;
use super::edge::read_state;
use super::error::{Part, VaultError};
use super::head::Head;
use super::{KdfCost, NewPassphrase, NewVault, Vault, used_positions};
use crate::log::EntryKind;

/// A vault with 34 entries, so that there is a full node.
fn vault(folder: &tempfile::TempDir) -> Vault {
    let path = folder.path().join("vault");
    let passphrase = NewPassphrase::even_if_weak(b"a").unwrap();
    let cost = KdfCost::DangerCheapForTests;
    let (new, _) = NewVault::create_with_step(&path, &passphrase, cost, 8).unwrap();
    let mut vault = new.publish(&path).unwrap();
    for number in 0..34u8 {
        let mut write = vault.begin().unwrap();
        let kind = [EntryKind::Incident, EntryKind::Export][usize::from(number % 2)];
        write.append(kind, &[number; 100], [number; 32], 0).unwrap();
        write.commit().unwrap();
    }
    vault
}

/// What opening says of a head with one thing changed, sealed under the right key.
fn refused(change: impl FnOnce(&mut Head)) -> VaultError {
    let folder = tempfile::tempdir().unwrap();
    let mut vault = vault(&folder);
    let mut head = vault.head.clone();
    change(&mut head);
    let sealed = vault.cipher.seal(ObjectName::Head, 0, &head.to_bytes());
    vault
        .store
        .write(&vec![(0, sealed.unwrap().cells)])
        .unwrap();
    let half = vault.head.half;
    match read_state(&vault.store, &vault.cipher, half) {
        Err(error) => error,
        Ok(_) => panic!("taken"),
    }
}

#[test]
fn section_14_the_root_is_computed_anew_and_the_incidents_are_counted() {
    for change in [
        (|head| head.root[0] ^= 1) as fn(&mut Head),
        |head| head.incidents -= 1,
        |head| head.incidents += 1,
    ] {
        assert!(matches!(refused(change), VaultError::Damaged(Part::Root)));
    }
}

#[test]
fn section_14_the_numbers_of_places_are_those_that_n_demands() {
    for entries in [33, 35, 64] {
        let error = refused(|head| head.entries = entries);
        assert!(
            matches!(error, VaultError::Damaged(_)),
            "{entries}: {error}"
        );
    }
}

#[test]
fn section_14_more_cells_used_than_there_are_is_told() {
    let error = refused(|head| head.used += 1_000);
    assert!(matches!(error, VaultError::CellsMissing));
}

#[test]
fn section_6_a_head_says_in_which_half_it_lies() {
    let error = refused(|head| {
        head.half = match head.half {
            super::header::Half::Zero => super::header::Half::One,
            super::header::Half::One => super::header::Half::Zero,
        }
    });
    assert!(matches!(error, VaultError::Damaged(Part::Head)));
}

#[test]
fn section_5_no_position_holds_two_objects() {
    let folder = tempfile::tempdir().unwrap();
    let mut vault = vault(&folder);
    assert!(used_positions(&mut vault).unwrap());
    let used = vault.head.used;
    let place = |vault: &mut Vault, n| vault.entry_place(n).unwrap().unwrap().place.unwrap();
    let (first, second) = (place(&mut vault, 32), place(&mut vault, 33));
    // Two entries in one place; an entry among the open nodes; one beyond what is used.
    for position in [first.position, 5, used] {
        let mut write = vault.begin().unwrap();
        write
            .change_place(33, |entry| {
                if let Some(place) = &mut entry.place {
                    place.position = position;
                }
            })
            .unwrap();
        write.commit().unwrap();
        assert!(!used_positions(&mut vault).unwrap(), "{position}");
    }
    let mut write = vault.begin().unwrap();
    let put_back = |entry: &mut super::EntryPlace| entry.place = Some(second);
    write.change_place(33, put_back).unwrap();
    write.commit().unwrap();
    assert!(used_positions(&mut vault).unwrap());
}
