//! The key and the name of one sealed file.

use std::fmt;

use zeroize::Zeroizing;

use crate::random::{self, NoRandomness};

/// The key of one sealed file (FK). Fresh for every file and for every attempt to seal one, so
/// that no nonce is ever used twice.
pub(crate) struct FileKey(Zeroizing<[u8; 32]>);

impl FileKey {
    /// A fresh random key.
    pub(crate) fn make() -> Result<Self, NoRandomness> {
        random::key().map(Self)
    }

    /// A key that was kept in an entry.
    pub(crate) fn from_bytes(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// The bytes: for the cipher, and for the vault-only part of an entry. Say why at each use.
    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

/// The random name of a sealed file in the folder `evidence`. It says nothing about the file.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub(crate) struct FileName([u8; 16]);

impl FileName {
    /// A fresh random name.
    pub(crate) fn make() -> Result<Self, NoRandomness> {
        random::bytes().map(Self)
    }

    /// A name that was kept in an entry.
    pub(crate) fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Reads exactly what [`FileName::to_hex`] writes. `None` for anything else.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let name = Self(u128::from_str_radix(text, 16).ok()?.to_be_bytes());
        (name.to_hex() == text).then_some(name)
    }

    /// The name as it stands in the folder: 32 lower-case hexadecimal digits.
    pub(crate) fn to_hex(self) -> String {
        format!("{:032x}", u128::from_be_bytes(self.0))
    }

    /// The 16 bytes that an entry keeps.
    pub(crate) fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Debug for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_have_one_form() {
        let name = FileName::from_bytes([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255]);
        assert_eq!(name.to_hex(), "000102030405060708090a0b0c0d0eff");
        assert_eq!(FileName::parse(&name.to_hex()), Some(name));
        assert_eq!(name.as_bytes().last(), Some(&255));
        for other in [
            "",
            "0",
            "000102030405060708090A0B0C0D0EFF",
            "+00102030405060708090a0b0c0d0eff",
        ] {
            assert_eq!(FileName::parse(other), None, "{other}");
        }
    }

    #[test]
    fn keys_and_names_are_fresh() {
        assert_ne!(
            FileKey::make().unwrap().expose(),
            FileKey::make().unwrap().expose()
        );
        assert_ne!(FileName::make().unwrap(), FileName::make().unwrap());
    }
}
