//! Changes that nobody thought of: every bit, and random ones.

use std::io::Cursor;

use proptest::prelude::*;

use super::accepted_tests::as_written;
use super::made::{Made, read};
use crate::bundle::container::{Container, Form};

/// In a file as written every bit counts: a changed one is refused, or the files are the same
/// and the container is told to be rewritten.
#[test]
fn every_changed_bit_is_told() {
    let honest = as_written();
    let files = read(honest.clone()).unwrap();
    let mut told = 0;
    for bit in 0..honest.len() * 8 {
        let mut changed = honest.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let Ok(found) = read(changed.clone()) else {
            continue;
        };
        let form = Container::from_zip(Cursor::new(changed)).unwrap().form();
        assert_ne!(form, Form::AsWritten, "bit {bit}");
        assert_eq!(found, files, "bit {bit}");
        told += 1;
    }
    // Versions, times and attributes; everything else is refused.
    assert!(told < honest.len() * 2, "{told}");
}

/// The same for one that another program wrote, but for what is free in it: padding of deflate.
#[test]
fn every_changed_bit_of_a_rezipped_one_is_harmless_or_refused() {
    let honest = Made::rezipped();
    let files = honest.read().unwrap();
    let honest = honest.bytes();
    for bit in 0..honest.len() * 8 {
        let mut changed = honest.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        if let Ok(found) = read(changed) {
            assert_eq!(found, files, "bit {bit}");
        }
    }
}

#[test]
fn a_cut_one_is_never_read() {
    let honest = Made::rezipped().bytes();
    for len in 0..honest.len() {
        assert!(read(honest[..len].to_vec()).is_err(), "{len}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(read(bytes).is_err());
    }

    /// Random bytes that end like a ZIP file, so that the directory is looked at.
    #[test]
    fn random_directories_never_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        start in 0_u32..200,
        count in 0_u16..4,
    ) {
        let start = start.min(u32::try_from(bytes.len()).unwrap());
        let len = u32::try_from(bytes.len()).unwrap() - start;
        let mut bytes = bytes;
        if let Some(mark) = bytes.get_mut(start as usize..start as usize + 4) {
            mark.copy_from_slice(b"PK\x01\x02");
        }
        bytes.extend(b"PK\x05\x06\0\0\0\0");
        bytes.extend([count, count].iter().flat_map(|n| n.to_le_bytes()));
        bytes.extend([len, start].iter().flat_map(|n| n.to_le_bytes()));
        bytes.extend([0, 0]);
        prop_assert!(read(bytes).is_err());
    }

    /// Several changed bytes at once, some of them taken from elsewhere in the file.
    #[test]
    fn mutations_never_change_the_files(
        is_rezipped in any::<bool>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        copies in prop::collection::vec(
            (any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1_usize..40), 0..3),
    ) {
        let honest = match is_rezipped {
            true => Made::rezipped().bytes(),
            false => as_written(),
        };
        let files = read(honest.clone()).unwrap();
        let mut changed = honest;
        for (from, to, len) in copies {
            let (from, to) = (from.index(changed.len()), to.index(changed.len()));
            let piece = changed[from..(from + len).min(changed.len())].to_vec();
            let room = piece.len().min(changed.len() - to);
            changed[to..to + room].copy_from_slice(&piece[..room]);
        }
        for (place, byte) in changes {
            let place = place.index(changed.len());
            changed[place] = byte;
        }
        if let Ok(found) = read(changed) {
            prop_assert_eq!(found, files);
        }
    }
}
