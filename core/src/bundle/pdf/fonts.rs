//! The fonts of the report on paper, and how its text becomes glyphs.

use std::collections::HashMap;
use std::rc::Rc;

use krilla::text::Font;
use rustybuzz::{Direction, ShapePlan, UnicodeBuffer, script};

use crate::bundle::visible::visible;

const REGULAR: &[u8] = include_bytes!("../../../fonts/regular.ttf");
const BOLD: &[u8] = include_bytes!("../../../fonts/bold.ttf");
const MONO: &[u8] = include_bytes!("../../../fonts/mono.ttf");

/// Words that are kept shaped: more than one report uses often.
const KEPT: usize = 8_192;

#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) enum Face {
    Regular,
    Bold,
    /// For codes, hashes and paths; ASCII only.
    Mono,
}

/// A font at a size in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Style {
    pub(super) face: Face,
    pub(super) size: f32,
}

/// A glyph of a shaped text; lengths in em.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    pub(super) id: u32,
    pub(super) advance: f32,
    pub(super) offset: (f32, f32),
    /// Where in the text its cluster begins, in bytes.
    pub(super) at: usize,
}

/// A text with its glyphs, and its width in em. Wherever the same word stands it is the same one: of
/// all lines of a report, which are in memory at once, only the words are.
#[derive(Debug)]
pub(super) struct Shaped {
    pub(super) text: Rc<str>,
    pub(super) glyphs: Vec<Glyph>,
    pub(super) width: f32,
}

pub(super) struct Fonts {
    regular: Loaded,
    bold: Loaded,
    mono: Loaded,
}

struct Loaded {
    font: Font,
    shaper: rustybuzz::Face<'static>,
    latin: ShapePlan,
    cyrillic: ShapePlan,
    shaped: HashMap<Rc<str>, Rc<Shaped>>,
}

impl Fonts {
    /// `None` if a font of this program is damaged.
    pub(super) fn load() -> Option<Self> {
        Some(Self {
            regular: Loaded::new(REGULAR)?,
            bold: Loaded::new(BOLD)?,
            mono: Loaded::new(MONO)?,
        })
    }

    /// The font for the page.
    pub(super) fn font(&self, face: Face) -> Font {
        self.loaded(face).font.clone()
    }

    /// Text of a person as these fonts can show it: what is invisible, and every character that
    /// they lack, by its code point.
    pub(super) fn showable(&self, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        for character in visible(text).chars() {
            match character {
                '\n' => shown.push('\n'),
                '\t' => shown.push_str("    "),
                _ if self.regular.has(character) && self.bold.has(character) => {
                    shown.push(character);
                }
                _ => shown.push_str(&format!("[U+{:04X}]", u32::from(character))),
            }
        }
        shown
    }

    /// The glyphs of a text in one line.
    pub(super) fn shape(&mut self, face: Face, text: &str) -> Rc<Shaped> {
        let loaded = match face {
            Face::Regular => &mut self.regular,
            Face::Bold => &mut self.bold,
            Face::Mono => &mut self.mono,
        };
        loaded.kept_or_shaped(text)
    }

    /// Forgets the words that are kept: all lines are made.
    pub(super) fn forget(&mut self) {
        for loaded in [&mut self.regular, &mut self.bold, &mut self.mono] {
            loaded.shaped = HashMap::new();
        }
    }

    fn loaded(&self, face: Face) -> &Loaded {
        match face {
            Face::Regular => &self.regular,
            Face::Bold => &self.bold,
            Face::Mono => &self.mono,
        }
    }
}

impl Loaded {
    fn new(data: &'static [u8]) -> Option<Self> {
        let shaper = rustybuzz::Face::from_slice(data, 0)?;
        let plan =
            |script| ShapePlan::new(&shaper, Direction::LeftToRight, Some(script), None, &[]);
        Some(Self {
            font: Font::new(data.into(), 0)?,
            latin: plan(script::LATIN),
            cyrillic: plan(script::CYRILLIC),
            shaper,
            shaped: HashMap::new(),
        })
    }

    fn has(&self, character: char) -> bool {
        // Glyph 0 is what a font shows for what it lacks; the table of some ends with U+FFFF so.
        let glyph = self.shaper.glyph_index(character);
        glyph.is_some_and(|glyph| glyph.0 != 0)
    }

    fn kept_or_shaped(&mut self, text: &str) -> Rc<Shaped> {
        if let Some(shaped) = self.shaped.get(text) {
            return Rc::clone(shaped);
        }
        if self.shaped.len() >= KEPT {
            self.shaped.clear();
        }
        let shaped = Rc::new(self.shape(text));
        self.shaped
            .insert(Rc::clone(&shaped.text), Rc::clone(&shaped));
        shaped
    }

    fn shape(&self, text: &str) -> Shaped {
        let is_cyrillic = text.chars().any(|c| matches!(c, '\u{400}'..='\u{52F}'));
        let (plan, script) = match is_cyrillic {
            true => (&self.cyrillic, script::CYRILLIC),
            false => (&self.latin, script::LATIN),
        };
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_direction(Direction::LeftToRight);
        buffer.set_script(script);
        let glyphs = rustybuzz::shape_with_plan(&self.shaper, plan, buffer);
        let em = self.shaper.units_per_em() as f32;
        let infos = glyphs.glyph_infos().iter().zip(glyphs.glyph_positions());
        let glyphs: Vec<Glyph> = infos
            .map(|(info, position)| Glyph {
                id: info.glyph_id,
                advance: position.x_advance as f32 / em,
                offset: (position.x_offset as f32 / em, position.y_offset as f32 / em),
                at: usize::try_from(info.cluster).unwrap_or_default(),
            })
            .collect();
        let width = glyphs.iter().map(|glyph| glyph.advance).sum();
        Shaped {
            text: text.into(),
            glyphs,
            width,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::texts::Language;

    #[test]
    fn the_fonts_have_every_letter_of_our_own_texts_and_are_small() {
        let fonts = Fonts::load().unwrap();
        for language in Language::ALL {
            for text in language.texts().all() {
                assert_eq!(fonts.showable(text), text);
            }
        }
        let letters = "ӘәҒғҚқҢңӨөҰұҮүҺһІі ₸ №§«»„“”’–—…€₽ĞğŞşİıŁł";
        assert_eq!(fonts.showable(letters), letters);
        assert!(REGULAR.len() + BOLD.len() + MONO.len() < 200_000);
        assert!((' '..='~').all(|character| fonts.mono.has(character)));
    }

    #[test]
    fn what_the_fonts_lack_is_shown_by_its_code_point() {
        let fonts = Fonts::load().unwrap();
        for (text, shown) in [
            ("ок 🙂", "ок [U+1F642]"),
            ("👩\u{200D}👧", "[U+1F469][U+200D][U+1F467]"),
            ("مر", "[U+0645][U+0631]"),
            ("a\u{202E}b\u{E000}\u{FFFF}", "a[U+202E]b[U+E000][U+FFFF]"),
            ("a\tb\r\nc", "a    b\nc"),
        ] {
            assert_eq!(fonts.showable(text), shown);
        }
    }

    /// A letter and a mark that stands apart are one cluster; nothing is missing.
    #[test]
    fn shapes_letters_with_marks() {
        let mut fonts = Fonts::load().unwrap();
        for text in ["Қызылорда", "e\u{301}", "и\u{306}", "fi ffl", "\u{301}"] {
            let shaped = fonts.shape(Face::Regular, text);
            assert!(shaped.glyphs.iter().all(|glyph| glyph.id != 0), "{text}");
            assert!(shaped.glyphs.is_sorted_by_key(|glyph| glyph.at), "{text}");
        }
    }
}
