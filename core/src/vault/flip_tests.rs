//! One flipped bit in every byte of every cell that an open vault reads: always an error.

use super::cell::CELL;
use super::edge::read_state;
use super::error::{Part, VaultError};
use super::{KdfCost, NewPassphrase, NewVault, Vault};
use crate::log::EntryKind;

/// A vault with 34 entries, so that there is a full node, and a side object of two cells.
fn vault(folder: &tempfile::TempDir) -> Vault {
    let path = folder.path().join("vault");
    let passphrase = NewPassphrase::even_if_weak(b"a").unwrap();
    let cost = KdfCost::DangerCheapForTests;
    let (new, _) = NewVault::create_with_step(&path, &passphrase, cost, 8).unwrap();
    let mut vault = new.publish(&path).unwrap();
    for number in 0..34u8 {
        let mut write = vault.begin().unwrap();
        write
            .append(EntryKind::Export, &[number; 100], [number; 32], 0)
            .unwrap();
        write.commit().unwrap();
    }
    let mut write = vault.begin().unwrap();
    write.set_side(&[7; 3_000]).unwrap();
    write.commit().unwrap();
    vault
}

#[test]
fn section_5_a_flipped_bit_in_any_byte_of_a_cell_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let mut vault = vault(&folder);
    let place =
        |vault: &mut Vault, number| vault.entry_place(number).unwrap().unwrap().place.unwrap();
    let (first, newest) = (place(&mut vault, 0), place(&mut vault, 33));
    let full = vault.edge[1].nodes()[0].position;
    let side = vault.head.side.unwrap().0;
    assert_eq!(side.run, 2);
    // The head and the open nodes of levels 0 and 1 are read when the vault is opened.
    for position in 0..3 {
        flip_every_byte(&mut vault, position, |vault| {
            read_state(&vault.store, &vault.cipher, vault.head.half).map(|_| ())
        });
    }
    for (number, place) in [(0, first), (33, newest)] {
        flip_every_byte(&mut vault, place.position, |vault| {
            let read = vault.entry(number, place).map(|_| ());
            assert!(match &read {
                Ok(()) => true,
                Err(VaultError::Damaged(Part::Entry(at))) => *at == number,
                Err(_) => false,
            });
            read
        });
    }
    flip_every_byte(&mut vault, full, |vault| {
        vault.full.clear();
        vault.node(0, 0).map(|_| ())
    });
    for position in [side.position, side.position + 1] {
        flip_every_byte(&mut vault, position, |vault| vault.side().map(|_| ()));
    }
}

/// Reads while one byte of a cell is changed, and once more when all is as it was.
fn flip_every_byte(
    vault: &mut Vault,
    position: u32,
    mut read: impl FnMut(&mut Vault) -> Result<(), VaultError>,
) {
    let cell = vault.store.read(position, 1).unwrap().unwrap();
    for at in 0..CELL {
        let mut flipped = cell.clone();
        flipped[at] ^= 1 << (at % 8);
        vault.store.write(&vec![(position, flipped)]).unwrap();
        let found = read(vault);
        assert!(
            matches!(found, Err(VaultError::Damaged(_))),
            "cell {position}, byte {at}"
        );
    }
    vault.store.write(&vec![(position, cell)]).unwrap();
    assert!(read(vault).is_ok(), "cell {position}");
}
