//! Passphrases made by chance of common words, for whoever does not want to think of one. The lists and
//! their licences: `core/words/README.md`.

use zeroize::Zeroizing;

use crate::bundle::Language;
use crate::error::Error;
use crate::random;
use crate::vault::VaultError;

/// Words of a proposed passphrase.
const COUNT: usize = 5;

const ENGLISH: &str = include_str!("../words/en.txt");
const RUSSIAN: &str = include_str!("../words/ru.txt");
const KAZAKH: &str = include_str!("../words/kk.txt");

/// Five different words by chance, with a space between them: 64 bits in English, 53 in Russian, 50 in
/// Kazakh. Wiped when dropped.
///
/// # Errors
/// [`VaultError::NoRandomness`].
pub fn propose_passphrase(language: Language) -> Result<Zeroizing<String>, Error> {
    let words: Vec<&str> = list(language).lines().collect();
    // Made once at full size: growing would leave copies behind.
    let mut chosen: Vec<&str> = Vec::with_capacity(COUNT);
    while chosen.len() < COUNT {
        let word = one_of(&words)?;
        if !chosen.contains(&word) {
            chosen.push(word);
        }
    }
    let bytes = chosen.iter().map(|word| word.len() + 1).sum();
    let mut passphrase = Zeroizing::new(String::with_capacity(bytes));
    for word in chosen {
        if !passphrase.is_empty() {
            passphrase.push(' ');
        }
        passphrase.push_str(word);
    }
    Ok(passphrase)
}

fn list(language: Language) -> &'static str {
    match language {
        Language::English => ENGLISH,
        Language::Russian => RUSSIAN,
        Language::Kazakh => KAZAKH,
    }
}

/// Each word as likely as any other: numbers above the last multiple of the length are thrown away.
fn one_of<'a>(words: &[&'a str]) -> Result<&'a str, Error> {
    let count = u32::try_from(words.len()).unwrap_or(u32::MAX).max(1);
    let fair = u32::MAX - u32::MAX % count;
    loop {
        let number = u32::from_be_bytes(random::bytes().map_err(VaultError::from)?);
        if number < fair
            && let Some(word) = words.get((number % count) as usize)
        {
            return Ok(word);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use unicode_normalization::is_nfc;

    use super::*;
    use crate::vault::NewPassphrase;

    /// Letters that are easily taken for each other, as one.
    fn alike(word: &str) -> String {
        let one = |letter| match letter {
            'ё' | 'э' => 'е',
            'й' | 'ы' | 'і' => 'и',
            'щ' => 'ш',
            'ъ' => 'ь',
            'қ' => 'к',
            'ғ' => 'г',
            'ң' => 'н',
            'ө' => 'о',
            'ұ' | 'ү' => 'у',
            'һ' => 'х',
            'ә' => 'а',
            other => other,
        };
        word.chars().map(one).collect()
    }

    #[test]
    fn the_lists_are_long_enough_and_no_two_words_are_taken_for_each_other() {
        for (language, count, bits) in [
            (Language::English, 7_772, 64),
            (Language::Russian, 1_579, 53),
            (Language::Kazakh, 1_127, 50),
        ] {
            let words: Vec<&str> = list(language).lines().collect();
            assert_eq!(words.len(), count);
            assert!(5.0 * (count as f64).log2() > f64::from(bits));
            let different: BTreeSet<String> = words.iter().map(|word| alike(word)).collect();
            assert_eq!(different.len(), count, "{language:?}");
        }
    }

    #[test]
    fn every_word_is_of_lower_case_letters_of_its_own_script_in_nfc() {
        for (language, letters) in [
            (Language::English, 'a'..='z'),
            (Language::Russian, 'а'..='ё'),
            (Language::Kazakh, 'а'..='ө'),
        ] {
            for word in list(language).lines() {
                let length = word.chars().count();
                assert!(is_nfc(word) && (3..=14).contains(&length), "{word}");
                assert!(
                    word.chars().all(|letter| letters.contains(&letter)),
                    "{word}"
                );
                assert_eq!(word.to_lowercase(), word);
            }
        }
    }

    #[test]
    fn what_is_proposed_is_taken_and_differs_every_time() {
        for language in Language::ALL {
            let mut seen = BTreeSet::new();
            for _ in 0..200 {
                let passphrase = propose_passphrase(language).unwrap();
                let words: BTreeSet<&str> = passphrase.split(' ').collect();
                assert_eq!(words.len(), COUNT);
                let taken = NewPassphrase::even_if_weak(passphrase.as_bytes()).unwrap();
                assert_eq!(taken.weakness(), None, "{language:?}");
                assert!(seen.insert(passphrase.to_string()));
            }
        }
    }

    #[test]
    fn every_word_can_come() {
        let words = ["a", "b", "c"];
        let seen: BTreeSet<&str> = (0..200).map(|_| one_of(&words).unwrap()).collect();
        assert_eq!(seen.len(), words.len());
    }
}
