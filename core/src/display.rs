//! Text of unknown origin made safe to show on a terminal or in a report.

use std::fmt::Write as _;

/// Longest name that [`escape_name`] leaves whole, in characters.
pub const MAX_NAME_CHARS: usize = 100;

/// Replaces what could deceive a reader or drive a terminal: each control character and each
/// invisible or direction-changing character becomes its number, such as `[U+202E]`.
///
/// Line feeds are replaced too: who shows a text of several lines splits it first.
#[must_use]
pub fn escape_for_display(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        push_escaped(&mut shown, character);
    }
    shown
}

/// A file name as [`escape_for_display`] shows it, cut after [`MAX_NAME_CHARS`] characters of the
/// name; `[...]` stands for the rest.
#[must_use]
pub fn escape_name(name: &str) -> String {
    let mut shown = String::new();
    let mut rest = name.chars();
    for character in rest.by_ref().take(MAX_NAME_CHARS) {
        push_escaped(&mut shown, character);
    }
    if rest.next().is_some() {
        shown.push_str("[...]");
    }
    shown
}

/// True for characters that are not shown as themselves: controls, and what Unicode uses to
/// change direction or to join and hide text.
#[must_use]
pub fn is_deceptive(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' // soft hyphen
            | '\u{61c}' // Arabic letter mark
            | '\u{180e}' // Mongolian vowel separator
            | '\u{200b}'..='\u{200f}' // zero width, direction marks
            | '\u{2028}'..='\u{202e}' // line and paragraph separators, direction overrides
            | '\u{2060}'..='\u{206f}' // word joiner, invisible operators, direction isolates
            | '\u{feff}' // byte order mark
            | '\u{fff9}'..='\u{fffb}' // interlinear annotation
            | '\u{e0000}'..='\u{e007f}' // tags: invisible ASCII
        )
}

fn push_escaped(shown: &mut String, character: char) {
    if is_deceptive(character) {
        // Writing to a `String` cannot fail.
        let _ = write!(shown, "[U+{:04X}]", u32::from(character));
    } else {
        shown.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_of_any_language_stays() {
        let text = "Дело № 15, кіреберіс «a-01.jpg» 🙂";
        assert_eq!(escape_for_display(text), text);
    }

    #[test]
    fn a_reversed_file_name_is_shown() {
        assert_eq!(
            escape_for_display("photo\u{202e}gpj.exe"),
            "photo[U+202E]gpj.exe"
        );
    }

    #[test]
    fn terminal_escapes_and_lines_are_shown() {
        assert_eq!(
            escape_for_display("\x1b[2J\r\n\u{9b}"),
            "[U+001B][2J[U+000D][U+000A][U+009B]"
        );
    }

    #[test]
    fn every_listed_character_is_replaced() {
        for character in "\0\u{7f}\u{ad}\u{61c}\u{180e}\u{200b}\u{200f}\u{2028}\u{202a}\u{202e}\u{2066}\u{2069}\u{feff}\u{fffb}\u{e0041}".chars() {
            assert!(is_deceptive(character), "{:04x}", u32::from(character));
            assert!(!escape_for_display(&character.to_string()).contains(character));
        }
    }

    #[test]
    fn a_name_is_cut_by_characters() {
        let name = "ж".repeat(100);
        assert_eq!(escape_name(&name), name);
        assert_eq!(escape_name(&"ж".repeat(101)), format!("{name}[...]"));
        assert_eq!(escape_name(&"\n".repeat(101)).len(), 100 * 8 + 5);
    }
}
