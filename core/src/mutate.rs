//! Bytes with a few changes, for tests of parsers.

use proptest::prelude::*;

/// Up to four changes to bytes that are good: one byte another, bytes put in, taken out or doubled, the
/// end cut off.
pub(crate) fn mutated(good: Vec<u8>) -> impl Strategy<Value = Vec<u8>> {
    let place = any::<prop::sample::Index>();
    let change = (0..5u8, place, any::<u8>(), 1..40usize);
    prop::collection::vec(change, 0..=4).prop_map(move |changes| {
        let mut bytes = good.clone();
        for (what, place, byte, count) in changes {
            let at = place.index(bytes.len() + 1);
            let end = bytes.len().min(at + count);
            match what {
                0 => {
                    if let Some(old) = bytes.get_mut(at) {
                        *old = byte;
                    }
                }
                1 => bytes.insert(at, byte),
                2 => drop(bytes.drain(at..end)),
                3 => {
                    let doubled = bytes[at..end].to_vec();
                    bytes.splice(at..at, doubled);
                }
                _ => bytes.truncate(at),
            }
        }
        bytes
    })
}
