//! The order in which readers of Kazakh, Russian and English look for a name.
//!
//! One alphabet serves the first two: the 42 Kazakh letters in the order of CLDR hold the Russian
//! ones in theirs. Code points would put ё and і behind я, and the other Kazakh letters behind those.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

const CYRILLIC: &str = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя";
const LATIN: &str = "abcdefghijklmnopqrstuvwxyz";

/// The script whose letters come first.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum First {
    /// For Kazakh and Russian.
    Cyrillic,
    /// For English.
    Latin,
}

/// Sorts as its text does; two texts have the same key only if they are the same.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct SortKey {
    letters: Vec<u32>,
    text: String,
}

impl SortKey {
    /// Word by word, letter by letter: upper and lower case alike, accents of Latin letters and
    /// punctuation left out. What that leaves equal, code points part.
    pub(crate) fn new(text: &str, first: First) -> Self {
        let lower = text.nfc().flat_map(char::to_lowercase);
        let letters = lower.flat_map(|character| weights(character, first));
        Self {
            letters: letters.collect(),
            text: text.to_owned(),
        }
    }
}

/// Space, digits, the two alphabets, and any other letter by its code point.
fn weights(character: char, first: First) -> Vec<u32> {
    if let Some(weight) = weight(character, first) {
        return vec![weight];
    }
    let plain = character.nfd().filter(|part| !is_combining_mark(*part));
    plain
        .filter_map(|part| {
            weight(part, first)
                .or_else(|| part.is_alphabetic().then(|| 0x0100_0000 + u32::from(part)))
        })
        .collect()
}

fn weight(character: char, first: First) -> Option<u32> {
    let place = |alphabet: &str| {
        let mut letters = (0u32..).zip(alphabet.chars());
        letters.find_map(|(place, letter)| (letter == character).then_some(place))
    };
    let (cyrillic, latin) = match first {
        First::Cyrillic => (1_000, 2_000),
        First::Latin => (2_000, 1_000),
    };
    match character {
        _ if character.is_whitespace() => Some(1),
        '0'..='9' => Some(100 + u32::from(character)),
        'a'..='z' => place(LATIN).map(|place| latin + place),
        _ => place(CYRILLIC).map(|place| cyrillic + place),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sorted<'a>(names: &[&'a str], first: First) -> Vec<&'a str> {
        let mut names = names.to_vec();
        names.sort_by_key(|name| SortKey::new(name, first));
        names
    }

    #[test]
    fn kazakh_names_stand_in_the_order_of_the_kazakh_alphabet() {
        let names = [
            "Абай",
            "Азамат",
            "Әлия",
            "Әсел",
            "Балжан",
            "Гүлнар",
            "Ғабит",
            "Дина",
            "Ержан",
            "Ёлкин",
            "Жанна",
            "Иван",
            "Йод",
            "Камила",
            "Қайрат",
            "Наталья",
            "Ңұр",
            "Ольга",
            "Өмір",
            "Тимур",
            "Улан",
            "Ұлан",
            "Үміт",
            "Фарида",
            "Халида",
            "Һасан",
            "Царёв",
            "Ыбырай",
            "Ірбіс",
            "Эльмира",
            "Юлия",
            "Яна",
        ];
        let mut mixed = names;
        mixed.reverse();
        assert_eq!(sorted(&mixed, First::Cyrillic), names);
        let lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        let mut mixed: Vec<&str> = lower.iter().map(String::as_str).collect();
        mixed.rotate_left(7);
        assert_eq!(sorted(&mixed, First::Cyrillic), lower);
    }

    #[test]
    fn words_case_accents_and_the_other_script() {
        let names = ["Ли Анна", "Ли-Вэй", "Лиана", "лиана", "Żan", "Zoe", "中"];
        let mut mixed = names;
        mixed.reverse();
        let expected = ["Ли Анна", "Лиана", "лиана", "Ли-Вэй", "Żan", "Zoe", "中"];
        assert_eq!(sorted(&mixed, First::Cyrillic), expected);
        assert_eq!(
            sorted(&["Анна", "Anna", "7"], First::Latin),
            ["7", "Anna", "Анна"]
        );
        assert_eq!(
            sorted(&["Anna", "Анна", "7"], First::Cyrillic),
            ["7", "Анна", "Anna"]
        );
        // й and ё typed as two characters are the same letters.
        let decomposed = ["Й", "И", "К", "Е\u{308}", "Е", "Ж"];
        assert_eq!(
            sorted(&decomposed, First::Cyrillic),
            ["Е", "Е\u{308}", "Ж", "И", "Й", "К"]
        );
    }

    proptest! {
        #[test]
        fn any_text_has_a_place_of_its_own(one in ".{0,8}", other in ".{0,8}") {
            let key = |text: &str| SortKey::new(text, First::Cyrillic);
            prop_assert_eq!(key(&one) == key(&other), one == other);
        }
    }
}
