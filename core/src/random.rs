//! Random bytes from the operating system.

use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use zeroize::Zeroizing;

/// The operating system gave no random bytes. Nothing was written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct NoRandomness;

/// `N` fresh random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], NoRandomness> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| NoRandomness)?;
    Ok(bytes)
}

/// A fresh random key, wiped when dropped.
pub(crate) fn key() -> Result<Zeroizing<[u8; 32]>, NoRandomness> {
    let mut key = Zeroizing::new([0; 32]);
    getrandom::fill(key.as_mut()).map_err(|_| NoRandomness)?;
    Ok(key)
}

/// A long stream of filler for one use: ChaCha20 seeded by the operating system, because asking
/// it for megabytes is slow on some phones.
pub(crate) struct Filler(ChaCha20Rng);

impl Filler {
    /// A stream with a seed of its own.
    pub(crate) fn new() -> Result<Self, NoRandomness> {
        Ok(Self(ChaCha20Rng::from_seed(bytes()?)))
    }

    /// Fills `out` with the next bytes of the stream.
    pub(crate) fn fill(&mut self, out: &mut [u8]) {
        self.0.fill_bytes(out);
    }
}
