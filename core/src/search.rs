//! Search that finds Kazakh and Russian words however they were typed.
//!
//! Text and query are folded alike and compared by parts of words. Only the folded copy changes;
//! what she wrote stays as it is.
//!
//! Folding, in this order:
//!
//! 1. canonical composition (NFC), so that й and ё typed as two characters are one;
//! 2. in a word with at least one Cyrillic letter, each run of Latin letters that all look like
//!    Cyrillic ones becomes Cyrillic: `cәлем`, `Kaмшат`. A run with any other Latin letter in it is
//!    a Latin word with an ending, such as `WhatsAppтан`, and stays;
//! 3. lower case by the default Unicode mapping, which is right for all Kazakh letters;
//! 4. the nine Kazakh letters that Russian keyboards lack become the Russian ones that people type
//!    instead, and ё becomes е. None of the nine decomposes, so this is a table;
//! 5. apostrophes, combining marks, soft hyphens, joiners and direction marks go; each run of
//!    white space becomes one space.
//!
//! A query typed wholly in Latin look-alikes is taken for Latin.

use unicode_normalization::UnicodeNormalization;

/// What is looked for: the folded words of a query. Each must stand somewhere in a text, as a
/// part of a word at least; their order does not matter.
#[derive(Clone, Eq, PartialEq)]
pub struct Needle(Vec<String>);

impl Needle {
    /// Folds a query and splits it into its words.
    #[must_use]
    pub fn new(query: &str) -> Self {
        let mut words: Vec<String> = fold(query).split(' ').map(str::to_owned).collect();
        // The longest is the rarest, so most texts are done with after one word.
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words.retain(|word| !word.is_empty());
        Self(words)
    }

    /// Whether nothing is looked for. Then everything matches.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a text that [`fold`] gave has all the words.
    #[must_use]
    pub fn matches(&self, folded: &str) -> bool {
        self.0.iter().all(|word| folded.contains(word.as_str()))
    }
}

/// Folds a text or a query, so that what people take for the same is the same. Folding twice
/// changes nothing more.
#[must_use]
pub fn fold(text: &str) -> String {
    let folded = fold_once(text);
    if folded.chars().all(is_composed) {
        folded
    } else {
        // Marks that something between them kept in another order, and that was left out.
        fold_once(&folded)
    }
}

fn fold_once(text: &str) -> String {
    if text.chars().all(is_composed) {
        fold_composed(text)
    } else {
        fold_composed(&text.nfc().collect::<String>())
    }
}

/// Characters that composition never changes, neither alone nor with what follows from among
/// them: what nearly all texts are made of, told without the tables of Unicode.
fn is_composed(character: char) -> bool {
    matches!(character, '\0'..'\u{300}' | '\u{400}'..'\u{483}' | '\u{48a}'..'\u{530}'
        | '\u{2010}'..'\u{2027}' | '\u{20ac}'..'\u{20c0}')
}

fn fold_composed(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut word = Word::default();
    // White space is written when the next character comes, so that none stands at the ends.
    let mut space = false;
    for (at, character) in text.char_indices() {
        let class = Class::of(character);
        match class {
            Class::Dropped => continue,
            Class::Space => {
                word.end(text, at, &mut folded);
                space = true;
                continue;
            }
            Class::Other => word.end(text, at, &mut folded),
            Class::Latin | Class::Cyrillic | Class::Letter => {}
        }
        if std::mem::take(&mut space) && !folded.is_empty() {
            folded.push(' ');
        }
        if class != Class::Other {
            word.add(class, at, folded.len());
        }
        push_folded(character, &mut folded);
    }
    word.end(text, text.len(), &mut folded);
    folded
}

/// What folding has to know of a character.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Class {
    /// White space.
    Space,
    /// People type it or leave it out without meaning another word.
    Dropped,
    /// A Latin letter as they are typed here: ASCII to the IPA letters, where ə and ɵ stand.
    Latin,
    /// A Cyrillic letter.
    Cyrillic,
    /// Any other letter.
    Letter,
    /// Anything else: it ends a word.
    Other,
}

impl Class {
    /// The characters that texts are made of come first: they need no table of Unicode.
    fn of(character: char) -> Self {
        match character {
            '\u{400}'..='\u{481}' | '\u{48a}'..='\u{52f}' => Self::Cyrillic,
            ' ' => Self::Space,
            'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{2af}' => Self::Latin,
            '\'' | '`' => Self::Dropped,
            // Acute accent as a stroke, soft hyphen, modifier letters for an apostrophe.
            '\u{b4}' | '\u{ad}' | '\u{2b9}' | '\u{2bb}'..='\u{2bd}' | '\u{2c8}' => Self::Dropped,
            // Zero width and direction marks, quotation marks and primes for an apostrophe.
            '\u{200b}'..='\u{200f}' | '\u{2018}'..='\u{201b}' | '\u{202a}'..='\u{202e}' => {
                Self::Dropped
            }
            '\u{2032}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => Self::Dropped,
            // Combining marks that no letter took up: strokes, titlos.
            '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' => Self::Dropped,
            _ if character.is_whitespace() => Self::Space,
            _ if character.is_alphabetic() => Self::Letter,
            _ => Self::Other,
        }
    }
}

/// The word that is being read, and whether it mixes two scripts.
#[derive(Default)]
struct Word {
    /// Where it begins in the text, and in what is folded already.
    start: Option<(usize, usize)>,
    latin: bool,
    cyrillic: bool,
}

impl Word {
    fn add(&mut self, class: Class, at: usize, folded: usize) {
        self.start.get_or_insert((at, folded));
        self.latin |= class == Class::Latin;
        self.cyrillic |= class == Class::Cyrillic;
    }

    /// Folds a word with letters of both scripts once more, now that this is known.
    fn end(&mut self, text: &str, end: usize, folded: &mut String) {
        let Self {
            start,
            latin: true,
            cyrillic: true,
        } = std::mem::take(self)
        else {
            return;
        };
        let (at, from) = start.unwrap_or((end, folded.len()));
        folded.truncate(from);
        let letters = text.get(at..end).unwrap_or_default().chars();
        let letters: Vec<_> = letters
            .map(|letter| (letter, Class::of(letter)))
            .filter(|(_, class)| *class != Class::Dropped)
            .collect();
        for run in letters.chunk_by(|(_, one), (_, next)| one == next) {
            let run: Vec<char> = run.iter().map(|(letter, _)| *letter).collect();
            let alike: Option<Vec<char>> = run.iter().map(|letter| look_alike(*letter)).collect();
            for letter in alike.unwrap_or(run) {
                push_folded(letter, folded);
            }
        }
    }
}

/// One character in lower case and by the table.
fn push_folded(character: char, folded: &mut String) {
    match character {
        '\0'..='\u{7f}' => folded.push(character.to_ascii_lowercase()),
        'а'..='я' => folded.push(character),
        'А'..='Я' => folded.push(char::from_u32(u32::from(character) + 32).unwrap_or(character)),
        // Lower case of this one is two characters, the second a combining mark.
        'İ' => folded.push('i'),
        _ => folded.extend(character.to_lowercase().map(base)),
    }
}

/// The Russian letter that people type for this one.
fn base(lower: char) -> char {
    match lower {
        'ә' => 'а',
        'ғ' => 'г',
        'қ' => 'к',
        'ң' => 'н',
        'ө' => 'о',
        'ұ' | 'ү' => 'у',
        'һ' => 'х',
        'і' => 'и',
        'ё' => 'е',
        // A final sigma is the same letter.
        'ς' => 'σ',
        other => other,
    }
}

/// The Cyrillic letter that looks like this Latin one, which may be another one in capitals: H
/// looks like Н, h like һ. Latin Ə and Ɵ are typed for Ә and Ө. `None` if there is no such letter.
fn look_alike(latin: char) -> Option<char> {
    Some(match latin {
        'A' | 'a' => 'а',
        'B' => 'в',
        'b' => 'ь',
        'C' | 'c' => 'с',
        'E' | 'e' => 'е',
        'Ë' | 'ë' => 'ё',
        'H' => 'н',
        'h' => 'һ',
        'I' | 'i' | 'İ' => 'і',
        'K' | 'k' => 'к',
        'M' | 'm' => 'м',
        'O' | 'o' => 'о',
        'P' | 'p' => 'р',
        'T' | 't' => 'т',
        'X' | 'x' => 'х',
        'Y' | 'y' => 'у',
        'Ə' | 'ə' => 'ә',
        'Ɵ' | 'ɵ' => 'ө',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(query: &str, text: &str) -> bool {
        Needle::new(query).matches(&fold(text))
    }

    /// Both are the same word, whichever of them was typed.
    fn same(one: &str, other: &str) {
        assert_eq!(fold(one), fold(other), "{one} {other}");
    }

    #[test]
    fn kazakh_letters_are_found_by_russian_ones() {
        for (kazakh, russian) in [
            ("ә", "а"),
            ("ғ", "г"),
            ("қ", "к"),
            ("ң", "н"),
            ("ө", "о"),
            ("ұ", "у"),
            ("ү", "у"),
            ("һ", "х"),
            ("і", "и"),
        ] {
            assert_eq!(fold(kazakh), russian);
            same(&kazakh.to_uppercase(), russian);
            assert_ne!(kazakh, russian);
        }
        assert_eq!(fold("ӘҒҚҢӨҰҮҺІ"), "агкноуухи");
        assert!(found("кудалау", "Қудалау туралы"));
        assert!(found("қоңырау", "звонок, коныраy"));
    }

    #[test]
    fn shha_is_found_by_ha() {
        same("Һ", "һ");
        same("гауһар", "ГАУҺАР");
        same("гауһар", "гаухар");
        // The Latin letter h.
        same("қаһарман", "қа\u{68}арман");
        assert_eq!(("Һ", "һ"), ("\u{4ba}", "\u{4bb}"));
    }

    #[test]
    fn dotted_i_is_found_by_i() {
        same("І", "і");
        same("КІРЕБЕРІС", "кіреберіс");
        same("кіреберіс", "кирeберис");
        // The Latin letters i and I.
        same("кіреберіс", "к\u{69}реберіс");
        same("КІРЕБЕРІС", "К\u{49}РЕБЕР\u{49}С");
        same("КІРЕБЕРІС", "К\u{130}РЕБЕР\u{49}\u{307}С");
        assert_eq!(("І", "і"), ("\u{406}", "\u{456}"));
    }

    #[test]
    fn schwa_is_found_by_a() {
        same("Ә", "ә");
        same("сәлем", "СӘЛЕМ");
        same("сәлем", "салем");
        // The Latin letters ə and Ə.
        same("сәлем", "с\u{259}лем");
        same("СӘЛЕМ", "С\u{18f}ЛЕМ");
    }

    #[test]
    fn yo_is_found_by_ye_and_short_i_stays() {
        same("всё равно", "все равно");
        same("ЁЛКА", "елка");
        same("ёлка", "е\u{308}лка");
        same("йод", "и\u{306}од");
        assert_ne!(fold("йод"), fold("иод"));
        assert_ne!(fold("пей"), fold("пеи"));
    }

    #[test]
    fn latin_look_alikes_in_cyrillic_words_are_cyrillic() {
        same("Алматы", "A\u{43b}мaты");
        same("подъезд", "пoдъeзд");
        same("соседка", "coceдка");
        same("Катя", "Kaтя");
        same("ВЕЧЕР", "BEЧEP");
        same("НАШ", "HAШ");
        same("ӨМІР", "\u{19f}MІP");
        same("тонкий хвост", "tонkий xвоct");
        same("больно", "болbно");
        same("тётя", "т\u{eb}тя");
        same("ту\u{ad}фли", "туфли");
        assert!(found("привет", "пpивeт!"));
        assert!(found("пpивeт", "Привет"));
    }

    #[test]
    fn latin_words_stay_latin() {
        assert_eq!(fold("He came to Kate's home"), "he came to kates home");
        assert_eq!(fold("HOME"), fold("home"));
        assert_eq!(fold("WhatsAppтан жазды"), "whatsappтан жазды");
        assert!(found("whatsapp", "WhatsAppтан"));
        assert!(found("SMS", "SMSті"));
        assert!(found("tiktok", "TikTok-та"));
        assert_eq!(fold("Co и Cо"), "co и со");
    }

    #[test]
    fn marks_that_mean_no_other_word_are_dropped() {
        same("об'єкт", "об\u{2019}єкт");
        same("за\u{301}мок", "замок");
        same("пре\u{ad}сле\u{200b}дование", "преследование");
        same("a\u{200d}b\u{feff}", "ab");
        assert_eq!(fold("  он \u{a0}\r\n\t ждал\u{2003}"), "он ждал");
        assert_eq!(fold(" \u{301} "), "");
        // The word is one word still.
        same("c\u{ad}оседка", "соседка");
    }

    #[test]
    fn all_words_must_be_there_as_parts() {
        let text = "Ол тағы да кіреберісте күтіп тұрды. Всё равно найду!";
        for query in [
            "кіреберіс",
            "ТУРДЫ тағы",
            "найд",
            "  все  равно ",
            "",
            "кутип turды",
        ] {
            let latin = query.contains("tur");
            assert_eq!(found(query, text), !latin, "{query}");
        }
        assert!(!found("кіреберіс үй", text));
        assert!(!found("равнонайду", text));
        assert!(Needle::new(" \u{ad}").is_empty() && !Needle::new("а").is_empty());
    }

    #[test]
    fn marks_that_an_apostrophe_kept_apart_have_one_order() {
        let folded = fold("\u{741}'\u{742}");
        assert_eq!(fold(&folded), folded);
        assert_eq!(folded, fold("\u{742}\u{741}"));
    }

    #[test]
    fn her_text_is_never_changed() {
        let text = String::from("Ёлка, Қыз, пpивeт\u{301} \u{ad}");
        let before = text.clone();
        let _ = fold(&text);
        assert_eq!(text.as_bytes(), before.as_bytes());
    }

    #[test]
    fn the_quick_way_composes_all_that_needs_it() {
        let blocks = ('\0'..'\u{530}').chain('\u{2000}'..'\u{2100}');
        for character in blocks.filter(|character| is_composed(*character)) {
            let text = format!("е{character}");
            assert_eq!(text.nfc().collect::<String>(), text, "{character:?}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing_more(
            text in "[ а-яёәғқңөұүһіA-Za-z'\u{300}-\u{308}\u{ad}\u{5b0}-\u{5b9}\u{73f}-\u{742}]{0,12}"
        ) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn case_and_composition_do_not_matter(text in "[ а-яёәғқңөұүһі]{0,20}") {
            prop_assert_eq!(fold(&text), fold(&text.to_uppercase()));
            prop_assert_eq!(fold(&text), fold(&text.nfd().collect::<String>()));
        }

        #[test]
        fn any_text_is_folded_without_panic(text in any::<String>(), query in any::<String>()) {
            let folded = fold(&text);
            prop_assert!(!folded.contains("  "));
            prop_assert!(Needle::new(&text).matches(&folded));
            let _ = Needle::new(&query).matches(&folded);
        }
    }
}
