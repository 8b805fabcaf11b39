//! Fingerprints: a checkpoint as a short code that a person can read out, text to a friend or
//! have written on a police receipt (FORMAT.md 11).

use std::fmt;
use std::str::FromStr;

use super::checkpoint::Checkpoint;
use crate::crockford;

/// The first 120 bits of the SHA-256 of a checkpoint's text. Through the origin line it covers the
/// signing key as well as the log's size and root.
///
/// 120 bits: the diary's owner, who may prepare two logs, would need about 2^60 tries for one code
/// that fits both.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Fingerprint([u8; 15]);

/// Why a text is no fingerprint.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum InvalidFingerprint {
    /// It has not 25 characters of the alphabet.
    NotACode,
    /// The check character does not fit: the code was typed wrongly.
    Mistyped,
}

impl Fingerprint {
    /// The code of a checkpoint.
    #[must_use]
    pub fn of(checkpoint: &Checkpoint) -> Self {
        let mut bits = [0; 15];
        bits.iter_mut()
            .zip(checkpoint.hash())
            .for_each(|(to, from)| *to = from);
        Self(bits)
    }
}

impl FromStr for Fingerprint {
    type Err = InvalidFingerprint;

    /// Folds case, O to 0, I and L to 1, and drops dashes and spaces.
    fn from_str(text: &str) -> Result<Self, InvalidFingerprint> {
        let values = crockford::values(text.trim()).ok_or(InvalidFingerprint::NotACode)?;
        let Some((check, code)) = values.split_last().filter(|(_, code)| code.len() == 24) else {
            return Err(InvalidFingerprint::NotACode);
        };
        if u32::from(*check) != check_value(code) {
            return Err(InvalidFingerprint::Mistyped);
        }
        let bits = crockford::pack(code)
            .try_into()
            .map_err(|_| InvalidFingerprint::NotACode)?;
        Ok(Self(bits))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = crockford::encode(&self.0);
        let values = crockford::values(&code).unwrap_or_default();
        let check = crockford::letter(check_value(&values));
        for (at, character) in code.chars().chain([check]).enumerate() {
            if at > 0 && at % 5 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{character}")?;
        }
        Ok(())
    }
}

impl std::error::Error for InvalidFingerprint {}

impl fmt::Display for InvalidFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotACode => "not a code: it has five groups of five characters",
            Self::Mistyped => "the code has a typing error: compare it with the original",
        })
    }
}

/// Luhn mod 32: finds every single wrong character and most swaps of neighbours.
fn check_value(values: &[u8]) -> u32 {
    let sum: u32 = values
        .iter()
        .rev()
        .zip([2, 1].into_iter().cycle())
        .map(|(value, factor)| factor * u32::from(*value))
        .map(|product| product / 32 + product % 32)
        .sum();
    (32 - sum % 32) % 32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code() -> String {
        Fingerprint([0x5a; 15]).to_string()
    }

    #[test]
    fn section_11_five_groups_of_five() {
        let groups: Vec<usize> = code().split('-').map(str::len).collect();
        assert_eq!(groups, [5; 5]);
        assert_eq!(code().parse(), Ok(Fingerprint([0x5a; 15])));
    }

    #[test]
    fn section_11_reading_forgives_form_and_finds_every_single_typing_error() {
        let sloppy = format!(" {} ", code().to_lowercase().replace('-', "  "));
        assert_eq!(sloppy.parse(), Ok(Fingerprint([0x5a; 15])));
        assert_eq!(
            "ABC".parse::<Fingerprint>(),
            Err(InvalidFingerprint::NotACode)
        );
        let plain = code().replace('-', "");
        for at in 0..25 {
            for letter in crockford::ALPHABET {
                let mut typed = plain.clone().into_bytes();
                if typed[at] == *letter {
                    continue;
                }
                typed[at] = *letter;
                let typed = String::from_utf8(typed).unwrap();
                assert_eq!(
                    typed.parse::<Fingerprint>(),
                    Err(InvalidFingerprint::Mistyped)
                );
            }
        }
    }
}
