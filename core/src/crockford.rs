//! Crockford base32: codes that a person can read out, text to a friend or copy from paper.

/// The alphabet, without I, L, O and U.
pub(crate) const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Writes five bits a character, most significant first. Trailing bits are padded with zeros.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    let (mut buffer, mut bits) = (0u32, 0u32);
    for byte in bytes {
        buffer = (buffer << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(letter((buffer >> bits) & 31));
        }
        buffer &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(letter((buffer << (5 - bits)) & 31));
    }
    text
}

/// Reads characters into their values 0 to 31: folds case, O to 0, I and L to 1, drops dashes and
/// spaces. `None` for any other character.
pub(crate) fn values(text: &str) -> Option<Vec<u8>> {
    text.chars()
        .filter(|c| !matches!(c, '-' | ' '))
        .map(value)
        .collect()
}

/// Packs values of five bits into bytes; the rest below one byte is dropped.
pub(crate) fn pack(values: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(values.len() * 5 / 8);
    let (mut buffer, mut bits) = (0u32, 0u32);
    for value in values {
        buffer = (buffer << 5) | u32::from(*value & 31);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.extend((buffer >> bits).to_be_bytes().last());
            buffer &= (1 << bits) - 1;
        }
    }
    bytes
}

/// The character for a value below 32.
pub(crate) fn letter(value: u32) -> char {
    ALPHABET
        .get(value as usize & 31)
        .map_or('0', |byte| char::from(*byte))
}

fn value(character: char) -> Option<u8> {
    let folded = match character.to_ascii_uppercase() {
        'O' => b'0',
        'I' | 'L' => b'1',
        other => u8::try_from(other).ok()?,
    };
    ALPHABET
        .iter()
        .position(|byte| *byte == folded)
        .and_then(|at| u8::try_from(at).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packs_what_it_wrote() {
        for length in 0..40u8 {
            let bytes: Vec<u8> = (0..length).map(|i| i.wrapping_mul(37)).collect();
            assert_eq!(pack(&values(&encode(&bytes)).unwrap()), bytes);
        }
    }

    #[test]
    fn forgives_what_people_confuse() {
        assert_eq!(values("oO-iI lL"), Some(vec![0, 0, 1, 1, 1, 1]));
        assert_eq!(values("U"), None);
        assert_eq!(values("ә"), None);
    }
}
