//! The least that a new passphrase must be (FORMAT.md 4). It is no estimate of strength: it keeps out
//! what is guessed first, and the rest is what SECURITY.md says about four, five and six words.

use std::collections::BTreeSet;
use std::fmt;

use zeroize::Zeroizing;

/// Why a passphrase is guessed easily.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Weakness {
    /// Fewer than 14 characters.
    Short,
    /// Fewer than four different words of three letters or more, and not a row of 20 characters with
    /// 12 different letters and digits either.
    FewWords,
    /// A saying, a verse or a row of keys that is on every list.
    Known,
}

/// Fewest characters.
const CHARACTERS: usize = 14;
/// Fewest words that differ.
const WORDS: usize = 4;
/// Fewest letters of what counts as a word: the digits of a telephone number are none.
const LETTERS: usize = 3;
/// A row of so many characters, with so many different letters and digits, needs no words: a
/// program made it.
const ROW: (usize, usize) = (20, 12);

/// Sayings, verses and rows of keys that would pass otherwise; small letters and digits only, `ё`
/// as `е`.
const KNOWN: [&str; 23] = [
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv5tgb",
    "1qaz2wsx3edc4rfv5tgb6yhn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qwertyuiop1234567890",
    "1234567890qwertyuiop",
    "qwertyuiopasdfghjklzxcvbnm",
    "correcthorsebatterystaple",
    "maytheforcebewithyou",
    "thequickbrownfoxjumpsoverthelazydog",
    "tobeornottobethatisthequestion",
    "абвгдеежзийклмнопрстуфхцчшщъыьэюя",
    "аәбвгғдеежзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя",
    "йцукенгшщзхъфывапролджэячсмитьбю",
    "безтруданевыловишьирыбкуизпруда",
    "каждыйохотникжелаетзнатьгдесидитфазан",
    "пустьвсегдабудетсолнце",
    "тишеедешьдальшебудешь",
    "япомнючудноемгновеньепередомнойявиласьты",
    "алтынкүнаспаныалтындәндаласы",
    "білектібірдіжығарбілімдімыңдыжығар",
    "жетіретөлшепбірреткес",
    "көпсөзкүмісазсөзалтын",
];

/// What is weak about a passphrase; nothing if it may be set.
pub(super) fn weakness(passphrase: &str) -> Option<Weakness> {
    let characters = passphrase.chars().count();
    if characters < CHARACTERS {
        return Some(Weakness::Short);
    }
    let folded = folded(passphrase);
    let words: BTreeSet<&str> = folded
        .split(' ')
        .filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() >= LETTERS)
        .collect();
    let different: BTreeSet<char> = passphrase.chars().filter(|c| c.is_alphanumeric()).collect();
    if words.len() < WORDS && (characters < ROW.0 || different.len() < ROW.1) {
        return Some(Weakness::FewWords);
    }
    let joined = Zeroizing::new(folded.replace(' ', ""));
    KNOWN.contains(&joined.as_str()).then_some(Weakness::Known)
}

/// Small letters and digits; everything else is a space.
fn folded(passphrase: &str) -> Zeroizing<String> {
    // Large enough that it never grows and leaves no copy behind: no letter becomes longer than
    // three times itself when it is made small.
    let mut folded = Zeroizing::new(String::with_capacity(3 * passphrase.len()));
    for character in passphrase.chars().flat_map(char::to_lowercase) {
        folded.push(match character {
            'ё' => 'е',
            letter if letter.is_alphanumeric() => letter,
            _ => ' ',
        });
    }
    folded
}

impl fmt::Display for Weakness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Short => {
                "the passphrase has fewer than 14 characters: take four words or more that do not \
                 belong together"
            }
            Self::FewWords => {
                "the passphrase has fewer than four different words: take four or more that do not \
                 belong together"
            }
            Self::Known => "many people know this passphrase: take words of your own",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn section_4_too_short_is_counted_in_characters_not_in_bytes() {
        for short in ["", "1234", "Айгерім 1990", "a b c d e f g", "қара мысық ол"]
        {
            assert_eq!(weakness(short), Some(Weakness::Short), "{short}");
        }
        assert_eq!(weakness("қар мен тау жел"), None);
    }

    #[test]
    fn section_4_four_different_words_are_the_least() {
        for few in [
            "8 701 234 56 78 90",
            "+7 (701) 234-56-89, 12.05.1990",
            "password password password",
            "Apple apple APPLE apple",
            "кот кот кот собака мышь",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "12345678901234567890",
            "correcthorsebattery",
            "a b c d e f g h i j",
        ] {
            assert_eq!(weakness(few), Some(Weakness::FewWords), "{few}");
        }
        for enough in [
            "тест arman lamp violet seven",
            "lamp-violet-arman-seven",
            "терезе балық сағат бұлт",
            "kX9!vq2#Lm7$wz4&Rt8p",
        ] {
            assert_eq!(weakness(enough), None, "{enough}");
        }
    }

    #[test]
    fn section_4_what_everybody_knows_is_no_passphrase() {
        for known in [
            "correct horse battery staple",
            "Correct-Horse-Battery-Staple!",
            "Тише едешь, дальше будешь",
            "Жеті рет өлшеп, бір рет кес.",
            "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        ] {
            assert_eq!(weakness(known), Some(Weakness::Known), "{known}");
        }
    }

    #[test]
    fn section_4_every_known_one_is_folded_and_would_pass_the_other_rules() {
        for known in KNOWN {
            assert_eq!(*folded(known), known);
            assert!(known.chars().count() >= CHARACTERS, "{known}");
        }
    }
}
