//! What opens a diary: passphrases and recovery codes. They go in as bytes and never come out,
//! except a new recovery code, once, to be written down.

use sha2::{Digest, Sha256};
use std::fmt;
use subtle::ConstantTimeEq;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
use zeroize::{Zeroize, Zeroizing};

use super::weak::{self, Weakness};
use crate::{crockford, random};

/// Longest passphrase in bytes, after normalisation (FORMAT.md 4).
pub const MAX_PASSPHRASE_BYTES: usize = 1024;

/// A passphrase that is tried. Only what cannot be a passphrase at all is refused, so that a newer
/// Unicode table never locks anybody out.
pub struct Passphrase(Zeroizing<Vec<u8>>);

/// A passphrase that is set. Stricter than [`Passphrase`]: what could not be typed again on
/// another device is refused, and what is guessed first.
pub struct NewPassphrase(Passphrase);

/// A recovery code: 128 random bits as eight groups of four characters.
pub struct RecoveryCode(Zeroizing<[u8; 16]>);

/// Why a passphrase or a recovery code cannot be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SecretError {
    /// The passphrase is no UTF-8.
    NotUtf8,
    /// The passphrase is empty.
    Empty,
    /// The passphrase is longer than [`MAX_PASSPHRASE_BYTES`].
    TooLong,
    /// The passphrase holds a character that not every keyboard and system keeps: a control
    /// character, an unassigned one, or U+FEFF.
    UnusableCharacter,
    /// The passphrase is guessed easily.
    Weak(Weakness),
    /// A recovery code has 32 characters of its alphabet.
    NotACode,
    /// The check characters do not fit: the code was typed wrongly.
    Mistyped,
}

impl Passphrase {
    /// Takes the bytes of a passphrase that somebody typed.
    ///
    /// # Errors
    /// [`SecretError::NotUtf8`], [`SecretError::TooLong`].
    pub fn new(utf8: &[u8]) -> Result<Self, SecretError> {
        // Four times the limit is more than any text can shrink by normalisation.
        if utf8.len() > 4 * MAX_PASSPHRASE_BYTES {
            return Err(SecretError::TooLong);
        }
        let text = std::str::from_utf8(utf8).map_err(|_| SecretError::NotUtf8)?;
        // Large enough that it never grows and leaves no copy behind: NFC at most triples UTF-8.
        let mut normal = Zeroizing::new(Vec::with_capacity(3 * utf8.len() + 4));
        let spaced = text.chars().map(|c| if is_space(c) { ' ' } else { c });
        for character in spaced.nfc() {
            let mut bytes = [0; 4];
            normal.extend_from_slice(character.encode_utf8(&mut bytes).as_bytes());
            bytes.zeroize();
        }
        if normal.len() > MAX_PASSPHRASE_BYTES {
            return Err(SecretError::TooLong);
        }
        Ok(Self(normal))
    }

    /// No passphrase: for measuring what an attempt costs.
    pub(crate) fn empty() -> Self {
        Self(Zeroizing::new(Vec::new()))
    }
}

impl NewPassphrase {
    /// Takes the bytes of a passphrase that is to be set.
    ///
    /// # Errors
    /// As [`NewPassphrase::even_if_weak`], and [`SecretError::Weak`].
    pub fn new(utf8: &[u8]) -> Result<Self, SecretError> {
        let passphrase = Self::even_if_weak(utf8)?;
        match passphrase.weakness() {
            Some(weakness) => Err(SecretError::Weak(weakness)),
            None => Ok(passphrase),
        }
    }

    /// As [`NewPassphrase::new`], also one that is guessed easily: for somebody who was told so and
    /// wants it all the same.
    ///
    /// # Errors
    /// As [`Passphrase::new`], and [`SecretError::Empty`], [`SecretError::UnusableCharacter`].
    pub fn even_if_weak(utf8: &[u8]) -> Result<Self, SecretError> {
        let passphrase = Passphrase::new(utf8)?;
        if passphrase.0.is_empty() {
            return Err(SecretError::Empty);
        }
        let text = std::str::from_utf8(&passphrase.0).map_err(|_| SecretError::NotUtf8)?;
        if text.chars().any(is_unusable) {
            return Err(SecretError::UnusableCharacter);
        }
        Ok(Self(passphrase))
    }

    /// What is weak about it; nothing if it keeps to the least that is asked for.
    #[must_use]
    pub fn weakness(&self) -> Option<Weakness> {
        std::str::from_utf8(&self.0.0).ok().and_then(weak::weakness)
    }

    /// The same passphrase, to open with.
    #[must_use]
    pub fn as_passphrase(&self) -> &Passphrase {
        &self.0
    }
}

impl RecoveryCode {
    /// Makes a new code.
    pub(crate) fn make() -> Result<Self, random::NoRandomness> {
        Ok(Self(Zeroizing::new(random::bytes()?)))
    }

    /// Reads a code as somebody typed it: case, dashes and spaces do not matter, O is read as 0,
    /// I and L as 1.
    ///
    /// # Errors
    /// [`SecretError::NotACode`], [`SecretError::Mistyped`].
    pub fn parse(text: &[u8]) -> Result<Self, SecretError> {
        let text = std::str::from_utf8(text).map_err(|_| SecretError::NotACode)?;
        let values = crockford::values(text.trim()).ok_or(SecretError::NotACode)?;
        let values = Zeroizing::new(values);
        if values.len() != 32 {
            return Err(SecretError::NotACode);
        }
        let bytes = Zeroizing::new(crockford::pack(&values));
        let (secret, check) = bytes
            .split_first_chunk::<16>()
            .ok_or(SecretError::NotACode)?;
        let secret = Zeroizing::new(*secret);
        if !bool::from(code_check(&secret).ct_eq(check)) {
            return Err(SecretError::Mistyped);
        }
        Ok(Self(secret))
    }

    /// The code as it is printed once for her: eight groups of four with dashes.
    #[must_use]
    pub fn reveal(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new([0; 20]);
        for (to, from) in bytes
            .iter_mut()
            .zip(self.0.iter().chain(&code_check(&self.0)))
        {
            *to = *from;
        }
        let plain = Zeroizing::new(crockford::encode(bytes.as_ref()));
        let mut text = Zeroizing::new(String::with_capacity(39));
        for (at, character) in plain.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                text.push('-');
            }
            text.push(character);
        }
        text
    }
}

/// Either kind of secret, as the bytes that go into Argon2id (FORMAT.md 4, `S`).
pub(crate) struct SecretBytes(Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// EXPOSE: Argon2id takes plain bytes.
    pub(crate) fn expose(&self) -> &[u8] {
        &self.0
    }

    /// 0 for a passphrase, 1 for a recovery code.
    pub(super) fn kind(&self) -> u8 {
        self.0.first().copied().unwrap_or_default()
    }

    fn tagged(tag: u8, bytes: &[u8]) -> Self {
        let mut all = Zeroizing::new(Vec::with_capacity(1 + bytes.len()));
        all.push(tag);
        all.extend_from_slice(bytes);
        Self(all)
    }
}

impl From<&Passphrase> for SecretBytes {
    fn from(passphrase: &Passphrase) -> Self {
        Self::tagged(0, &passphrase.0)
    }
}

impl From<&RecoveryCode> for SecretBytes {
    fn from(code: &RecoveryCode) -> Self {
        Self::tagged(1, code.0.as_ref())
    }
}

impl std::error::Error for SecretError {}

impl fmt::Display for SecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotUtf8 => "the passphrase is not UTF-8 text: type it on a keyboard",
            Self::Empty => "the passphrase is empty: choose one",
            Self::TooLong => "the passphrase is too long: at most 1,024 bytes",
            Self::UnusableCharacter => {
                "the passphrase holds a character that another device may not have: \
                 use letters, digits, signs and spaces"
            }
            Self::Weak(weakness) => return weakness.fmt(f),
            Self::NotACode => "that is no recovery code: it has eight groups of four characters",
            Self::Mistyped => "the recovery code has a typing error: compare it with your paper",
        })
    }
}

fn is_space(character: char) -> bool {
    character.general_category() == GeneralCategory::SpaceSeparator
}

fn is_unusable(character: char) -> bool {
    let category = character.general_category();
    matches!(
        category,
        GeneralCategory::Control | GeneralCategory::Unassigned
    ) || character == '\u{feff}'
}

fn code_check(secret: &[u8; 16]) -> [u8; 4] {
    let hash = Sha256::new()
        .chain_update(b"idv1/code")
        .chain_update(secret)
        .finalize();
    let [a, b, c, d, ..]: [u8; 32] = hash.into();
    [a, b, c, d]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn section_4_passphrase_is_normalised_and_nothing_else() {
        let composed = Passphrase::new("й  Ё\u{a0}x".as_bytes()).unwrap();
        let decomposed = Passphrase::new("и\u{306}  Е\u{308}\u{2009}x".as_bytes()).unwrap();
        assert_eq!(composed.0, decomposed.0);
        assert_eq!(*Passphrase::new(b" A ").unwrap().0, b" A ".to_vec());
        assert!(Passphrase::new(b"").is_ok());
        assert!(Passphrase::new("\u{feff}\0\u{378}".as_bytes()).is_ok());
    }

    #[test]
    fn section_4_passphrase_limits() {
        assert!(Passphrase::new(&[b'a'; 1024]).is_ok());
        assert_eq!(
            Passphrase::new(&[b'a'; 1025]).err(),
            Some(SecretError::TooLong)
        );
        assert_eq!(Passphrase::new(&[0xff]).err(), Some(SecretError::NotUtf8));
    }

    #[test]
    fn section_4_a_passphrase_that_is_set_is_stricter() {
        let error = |text: &str| NewPassphrase::new(text.as_bytes()).err();
        assert_eq!(error(""), Some(SecretError::Empty));
        for bad in ["a\tb", "a\u{feff}", "a\u{378}", "a\0"] {
            assert_eq!(error(bad), Some(SecretError::UnusableCharacter));
        }
        let weak = "қара мысық 🐈 ₸";
        assert_eq!(error(weak), Some(SecretError::Weak(Weakness::FewWords)));
        assert!(NewPassphrase::even_if_weak(weak.as_bytes()).is_ok());
        assert_eq!(error("қара мысық терезе бұлт 🐈 ₸"), None);
    }

    #[test]
    fn section_4_recovery_code_forgives_and_checks() {
        let code = RecoveryCode::make().unwrap();
        let text = code.reveal();
        assert_eq!(text.len(), 39);
        let sloppy = format!(
            " {} ",
            text.to_lowercase().replace('-', " ").replace('0', "o")
        );
        assert_eq!(RecoveryCode::parse(sloppy.as_bytes()).unwrap().0, code.0);
        assert_eq!(
            RecoveryCode::parse(b"ABCD").err(),
            Some(SecretError::NotACode)
        );

        let mut mistyped = text.to_string().into_bytes();
        mistyped[0] = if mistyped[0] == b'7' { b'8' } else { b'7' };
        assert_eq!(
            RecoveryCode::parse(&mistyped).err(),
            Some(SecretError::Mistyped)
        );
    }
}
