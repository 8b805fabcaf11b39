//! age recipients: `age1...`, Bech32 (BIP 173) of an X25519 key (C2SP age.md, "The X25519 recipient
//! type").

use std::fmt;
use std::str::FromStr;

use curve25519_dalek::montgomery::MontgomeryPoint;

/// The public key of somebody who can open a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Recipient(pub(super) [u8; 32]);

/// The text is no age recipient.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct InvalidRecipient;

const HRP: &[u8] = b"age";
const LETTERS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
/// Letters of the data, and of the checksum after them.
const DATA: usize = 52;
const CHECKSUM: usize = 6;

impl FromStr for Recipient {
    type Err = InvalidRecipient;

    fn from_str(text: &str) -> Result<Self, InvalidRecipient> {
        let letters = text.strip_prefix("age1").ok_or(InvalidRecipient)?;
        if letters.len() != DATA + CHECKSUM {
            return Err(InvalidRecipient);
        }
        let value = |letter: u8| {
            let at = LETTERS.iter().position(|known| *known == letter);
            at.and_then(|at| u8::try_from(at).ok())
        };
        let values: Option<Vec<u8>> = letters.bytes().map(value).collect();
        let values = values.ok_or(InvalidRecipient)?;
        let high = HRP.iter().map(|byte| byte >> 5);
        let low = HRP.iter().map(|byte| byte & 31);
        let all = high.chain([0]).chain(low).chain(values.iter().copied());
        if polymod(all) != 1 {
            return Err(InvalidRecipient);
        }
        let mut key = [0; 32];
        let (mut buffer, mut bits, mut at) = (0u32, 0, 0);
        for value in values.iter().take(DATA) {
            buffer = (buffer << 5 | u32::from(*value)) & 0xfff;
            bits += 5;
            if bits >= 8 {
                bits -= 8;
                let byte = key.get_mut(at).ok_or(InvalidRecipient)?;
                *byte = u8::try_from(buffer >> bits & 0xff).map_err(|_| InvalidRecipient)?;
                at += 1;
            }
        }
        // 260 bits for 256: the last four are zero.
        if buffer & 0xf != 0 {
            return Err(InvalidRecipient);
        }
        // A point of low order gives everybody the same shared secret: zero.
        if MontgomeryPoint(key).mul_clamped([1; 32]).to_bytes() == [0; 32] {
            return Err(InvalidRecipient);
        }
        Ok(Self(key))
    }
}

fn polymod(values: impl Iterator<Item = u8>) -> u32 {
    const GENERATORS: [u32; 5] = [
        0x3b6a_57b2,
        0x2650_8e6d,
        0x1ea1_19fa,
        0x3d42_33dd,
        0x2a14_62b3,
    ];
    values.fold(1, |sum: u32, value| {
        let top = sum >> 25;
        let next = (sum & 0x1ff_ffff) << 5 ^ u32::from(value);
        let terms = (0..).zip(GENERATORS);
        let terms = terms.filter(|(bit, _)| top >> bit & 1 == 1);
        terms.fold(next, |sum, (_, generator)| sum ^ generator)
    })
}

impl std::error::Error for InvalidRecipient {}

impl fmt::Display for InvalidRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an age recipient: it is age1 and 58 letters and digits, copied whole")
    }
}
