//! What moves leave behind: a value that is moved is copied, and the old bytes stay on the stack.

use std::hint::black_box;

use zeroize::Zeroize;

/// More than our calls reach, and a quarter of the smallest stack that a phone gives a thread (512 KiB).
const BELOW: usize = 128 * 1024;

/// Overwrites the stack below the caller, where calls that have ended had their keys.
#[inline(never)]
pub(crate) fn wipe_below() {
    let mut below = [0u8; BELOW];
    black_box(&mut below).zeroize();
}
