//! Text as a reader may see it: characters that are invisible, or that only turn the text around, are
//! shown by their code point. Letters stay as they were written, whatever they look like: a Latin `a`
//! in a Cyrillic word, or Arabic words, which run from right to left. So two names may look the same;
//! exhibits are told apart by their numbers and hashes, and get their extension from their content.

use std::borrow::Cow;

use unicode_properties::{GeneralCategory, UnicodeGeneralCategory as _};

/// Replaces every control and format character (bidi controls, zero-width characters, line
/// separators, blank fillers) with `[U+202E]`. Line feeds and tabs stay, CR LF becomes LF, and so
/// does a zero-width joiner between two pictographs, without which one emoji becomes two.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if text
        .bytes()
        .all(|byte| matches!(byte, b'\t' | b'\n' | b' '..=b'~'))
    {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let after = rest.peek().copied();
        match character {
            '\r' if after == Some('\n') => {}
            JOINER if joins(before, after) => shown.push(character),
            _ if is_hidden(character) => {
                shown.push_str(&format!("[U+{:04X}]", u32::from(character)));
            }
            _ => shown.push(character),
        }
        before = Some(character);
    }
    Cow::Owned(shown)
}

/// Whether a reader would not see this character.
pub(crate) fn is_hidden(character: char) -> bool {
    match character {
        '\t' | '\n' => false,
        // Blank, but letters by category: they make two names differ that look the same.
        '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' | '\u{034F}' | '\u{17B4}'
        | '\u{17B5}' => true,
        _ => matches!(
            character.general_category(),
            GeneralCategory::Control
                | GeneralCategory::Format
                | GeneralCategory::LineSeparator
                | GeneralCategory::ParagraphSeparator
        ),
    }
}

const JOINER: char = '\u{200D}';

fn joins(before: Option<char>, after: Option<char>) -> bool {
    before.is_some_and(is_pictograph) && after.is_some_and(is_pictograph)
}

/// The blocks that joined emoji are made of, with skin tones and the emoji variation selector.
fn is_pictograph(character: char) -> bool {
    matches!(u32::from(character), 0x1F000..=0x1FAFF | 0x2190..=0x27BF | 0x2B00..=0x2BFF | 0xFE0F)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_would_be_hidden() {
        for (text, shown) in [
            ("photo\u{202E}gpj.exe", "photo[U+202E]gpj.exe"),
            ("a\u{200B}b\u{FEFF}", "a[U+200B]b[U+FEFF]"),
            (
                "\u{0}\u{1b}[31m\u{7f}\u{85}",
                "[U+0000][U+001B][31m[U+007F][U+0085]",
            ),
            ("\u{2066}x\u{2069}\u{61C}", "[U+2066]x[U+2069][U+061C]"),
            ("a\u{E0041}\u{3164}\u{AD}", "a[U+E0041][U+3164][U+00AD]"),
            ("x\u{2028}y", "x[U+2028]y"),
            ("a\u{200D}b", "a[U+200D]b"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }

    /// Also where that makes two names look the same: nobody's words are changed.
    #[test]
    fn leaves_words_emoji_and_letters_that_look_alike_as_they_are() {
        for text in [
            "р\u{430}spiska.jpg",
            "ра\u{73}piska.jpg",
            "\u{406}ni \u{49}ni",
            "Ол тағы да кіреберісте күтіп тұрды.\n\tҺӘҒҚҢӨҰҮІ ₸",
            "💔 👩\u{200D}👧 ❤\u{FE0F}\u{200D}🔥 👩🏽\u{200D}💻",
            "مرحبا 你好 e\u{301}",
        ] {
            assert_eq!(visible(text), text);
        }
        assert_eq!(visible("ә\r\nб"), "ә\nб");
        assert_eq!(visible("a\rb"), "a[U+000D]b");
        assert_eq!(visible("a\r\nb"), "a\nb");
    }
}
