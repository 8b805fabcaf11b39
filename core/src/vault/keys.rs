//! Keys, one type for each purpose, so that none can be used for another.

use std::marker::PhantomData;

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::random::{self, NoRandomness};

/// A key of 32 bytes for one purpose. Wiped when dropped; it has no `Clone`, `Debug` or equality. It has a
/// place of its own, so that moving what holds it leaves no copies on the stack.
pub(crate) struct Key<Purpose>(Box<Zeroizing<[u8; 32]>>, PhantomData<Purpose>);

/// Wraps the contents of one slot.
pub(crate) enum Slot {}
/// The key of a half (PK): everything else of the half is derived from it.
pub(crate) enum Half {}
/// The key of the container (CK): for backups only.
pub(crate) enum Container {}
/// Seals cells.
pub(crate) enum Cell {}
/// Seals the chunks of a backup.
pub(crate) enum Backup {}
/// Seals the token against rollback.
pub(crate) enum Token {}

impl<Purpose> Key<Purpose> {
    /// A key from bytes that were sealed or derived.
    pub(crate) fn from_bytes(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(Box::new(bytes), PhantomData)
    }

    /// A fresh random key.
    pub(crate) fn make() -> Result<Self, NoRandomness> {
        random::key().map(Self::from_bytes)
    }

    /// The same key once more: for the slots of a rotation. Keys have no `Clone`, so that a copy is
    /// never made in passing.
    pub(crate) fn duplicate(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }

    /// EXPOSE: ciphers and key derivation take plain bytes, and so does the sealed slot.
    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl Key<Half> {
    /// The key that seals this half's cells.
    pub(crate) fn derive_cell_key(&self, container_id: &[u8; 16]) -> Key<Cell> {
        derive(self.expose(), container_id, &[b"idv1/cell"])
    }
}

impl Key<Container> {
    /// The key that seals the backup with this salt.
    pub(crate) fn derive_backup_key(&self, salt: &[u8; 32]) -> Key<Backup> {
        derive(self.expose(), salt, &[b"idv1/backup"])
    }
}

/// HKDF-SHA-256 (RFC 5869) with 32 bytes out; `info` is the concatenation of its parts.
pub(crate) fn derive<Purpose>(ikm: &[u8], salt: &[u8], info: &[&[u8]]) -> Key<Purpose> {
    let mut bytes = Zeroizing::new([0; 32]);
    let expanded = Hkdf::<Sha256>::new(Some(salt), ikm).expand_multi_info(info, bytes.as_mut());
    debug_assert!(expanded.is_ok(), "HKDF-SHA-256 gives up to 8,160 bytes");
    Key::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use zeroize::ZeroizeOnDrop;

    use super::*;

    /// HKDF keeps a key in the states of its hashes, Argon2id a passphrase in the last block of one. Without the
    /// feature `zeroize` of `sha2`, which brings that of `digest` for all of them, this does not compile.
    #[test]
    fn states_of_hashes_are_wiped_when_they_are_dropped() {
        fn is_wiped<T: ZeroizeOnDrop>() {}
        is_wiped::<Sha256>();
        is_wiped::<sha2::Sha512>();
    }

    /// RFC 5869 appendix A.1, cut to the 32 bytes that we use.
    #[test]
    fn hkdf_gives_the_answer_of_rfc_5869() {
        let salt: Vec<u8> = (0x00..=0x0c).collect();
        let info: Vec<u8> = (0xf0..=0xf9).collect();
        let key: Key<Cell> = derive(&[0x0b; 22], &salt, &[&info[..4], &info[4..]]);
        let expected = "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf";
        assert_eq!(crate::hex::encode(key.expose()), expected);
    }
}
