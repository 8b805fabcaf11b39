//! A passphrase for the demonstration: five words that mean nothing and can be read out.

use zeroize::Zeroizing;

use crate::exit::Failure;

const CONSONANTS: &[u8; 16] = b"bdfghjklmnprstvz";
const VOWELS: &[u8; 4] = b"aeio";

/// Consonant, vowel, consonant, vowel, consonant: 4 + 2 + 4 + 2 + 4 = 16 bits a word.
const WORDS: usize = 5;

/// 80 bits, freshly random.
pub(super) fn generate() -> Result<Zeroizing<String>, Failure> {
    let mut bytes = Zeroizing::new([0u8; WORDS * 2]);
    getrandom::fill(bytes.as_mut())
        .map_err(|_| Failure::cannot("the system gave no random bytes: try again"))?;
    let mut words = Zeroizing::new(String::with_capacity(WORDS * 6));
    for pair in bytes.chunks_exact(2) {
        if !words.is_empty() {
            words.push(' ');
        }
        let bits = pair
            .iter()
            .fold(0, |bits, byte| bits << 8 | usize::from(*byte));
        for (shift, letters) in [
            (12, &CONSONANTS[..]),
            (10, VOWELS),
            (6, CONSONANTS),
            (4, VOWELS),
            (0, CONSONANTS),
        ] {
            let letter = letters
                .iter()
                .cycle()
                .nth(bits >> shift & (letters.len() - 1));
            words.extend(letter.map(|letter| char::from(*letter)));
        }
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_words_that_differ_each_time() {
        let one = generate().unwrap();
        let words: Vec<&str> = one.split(' ').collect();
        assert_eq!(words.len(), WORDS);
        assert!(words.iter().all(|word| word.len() == 5));
        assert_ne!(one, generate().unwrap());
    }
}
