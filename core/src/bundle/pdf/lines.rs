//! Text broken into lines (Unicode UAX #14). A word that is wider than its line is cut.

use std::rc::Rc;

use unicode_linebreak::{BreakOpportunity, linebreaks};

use super::fonts::{Face, Fonts, Glyph, Shaped, Style};

/// Longest stretch without a place to break that is shaped as a whole, in bytes.
const LONGEST: usize = 256;
/// Of a longer one, so many characters at a time.
const AT_A_TIME: usize = 8;
/// Widths are sums of rounded numbers.
const ROUNDING: f32 = 0.01;

/// One line; lengths in points.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub(super) runs: Vec<Run>,
    pub(super) width: f32,
}

/// A part of a line in one style.
#[derive(Clone, Debug)]
pub(super) struct Run {
    pub(super) style: Style,
    pub(super) words: Vec<Rc<Shaped>>,
    /// Where it begins in the line.
    pub(super) x: f32,
}

/// What is not broken unless it is wider than a line.
struct Atom {
    style: Style,
    shaped: Rc<Shaped>,
}

/// Breaks text of several styles into lines of at most this width.
pub(super) fn lines(fonts: &mut Fonts, parts: &[(Style, String)], width: f32) -> Vec<Line> {
    let whole: String = parts.iter().map(|(_, text)| text.as_str()).collect();
    let mut breaker = Breaker {
        width,
        done: Vec::new(),
        line: Line::default(),
    };
    let mut styles = Styles::new(parts);
    let mut from = 0;
    for (to, opportunity) in linebreaks(&whole) {
        let segment = whole.get(from..to).unwrap_or_default();
        from = to;
        let words = segment.strip_suffix('\n').unwrap_or(segment);
        if words.len() > LONGEST {
            for piece in cut(words) {
                breaker.place(styles.atoms(fonts, piece));
            }
        } else {
            breaker.place(styles.atoms(fonts, words));
        }
        styles.skip(segment.len() - words.len());
        let ends = to == whole.len() && !segment.ends_with('\n');
        if opportunity == BreakOpportunity::Mandatory && !ends {
            breaker.end_line();
        }
    }
    breaker.finish()
}

/// One line, however wide.
pub(super) fn line(fonts: &mut Fonts, style: Style, text: &str) -> Line {
    let mut line = Line::default();
    line.add(&Atom::new(fonts, style, text));
    line
}

/// Goes through the styles of a text as the text is taken.
struct Styles<'a> {
    parts: std::slice::Iter<'a, (Style, String)>,
    style: Style,
    left: usize,
}

impl<'a> Styles<'a> {
    fn new(parts: &'a [(Style, String)]) -> Self {
        Self {
            parts: parts.iter(),
            style: Style {
                face: Face::Regular,
                size: 1.0,
            },
            left: 0,
        }
    }

    /// The next stretch of text, an atom for each style in it.
    fn atoms(&mut self, fonts: &mut Fonts, text: &str) -> Vec<Atom> {
        let mut atoms = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            self.go_on();
            let Some((taken, after)) = rest.split_at_checked(self.left.clamp(1, rest.len())) else {
                break;
            };
            atoms.push(Atom::new(fonts, self.style, taken));
            self.left = self.left.saturating_sub(taken.len());
            rest = after;
        }
        atoms
    }

    fn skip(&mut self, mut bytes: usize) {
        while bytes > 0 {
            self.go_on();
            let step = self.left.clamp(1, bytes);
            self.left = self.left.saturating_sub(step);
            bytes -= step;
        }
    }

    fn go_on(&mut self) {
        while self.left == 0
            && let Some((style, text)) = self.parts.next()
        {
            (self.style, self.left) = (*style, text.len());
        }
    }
}

struct Breaker {
    width: f32,
    done: Vec<Line>,
    line: Line,
}

impl Breaker {
    fn place(&mut self, atoms: Vec<Atom>) {
        let all: f32 = atoms.iter().map(Atom::width).sum();
        let spaces = atoms.last().map_or(0.0, Atom::trailing);
        if !self.line.runs.is_empty() && self.line.width + all - spaces > self.width + ROUNDING {
            self.end_line();
        }
        for atom in atoms {
            self.put(atom);
        }
    }

    /// Puts an atom at the end of the line, in pieces if it must be.
    fn put(&mut self, atom: Atom) {
        let mut rest = atom;
        while self.line.width + rest.width() - rest.trailing() > self.width + ROUNDING {
            let is_empty = self.line.runs.is_empty();
            match rest.split(self.width - self.line.width, is_empty) {
                Some((first, second)) => {
                    self.line.add(&first);
                    self.end_line();
                    rest = second;
                }
                None if is_empty => break, // one character wider than the line
                None => self.end_line(),
            }
        }
        self.line.add(&rest);
    }

    fn end_line(&mut self) {
        let mut line = std::mem::take(&mut self.line);
        for run in &mut line.runs {
            // All lines of a report are in memory at once.
            run.words.shrink_to_fit();
        }
        self.done.push(line);
    }

    fn finish(mut self) -> Vec<Line> {
        if !self.line.runs.is_empty() {
            self.end_line();
        }
        self.done
    }
}

impl Line {
    fn add(&mut self, atom: &Atom) {
        if atom.shaped.text.is_empty() {
            return;
        }
        let word = Rc::clone(&atom.shaped);
        match self.runs.last_mut().filter(|run| run.style == atom.style) {
            Some(run) => run.words.push(word),
            None => self.runs.push(Run {
                style: atom.style,
                words: vec![word],
                x: self.width,
            }),
        }
        self.width += atom.width();
    }

    /// Size of the largest style in it.
    pub(super) fn size(&self) -> Option<f32> {
        self.runs.iter().map(|run| run.style.size).reduce(f32::max)
    }
}

impl Run {
    pub(super) fn text(&self) -> String {
        self.words.iter().map(|word| word.text.as_ref()).collect()
    }

    /// The glyphs of all words; where their clusters begin is counted from the start of the run.
    pub(super) fn glyphs(&self) -> impl Iterator<Item = Glyph> {
        let mut start = 0;
        self.words.iter().flat_map(move |word| {
            let by = start;
            start += word.text.len();
            word.glyphs.iter().map(move |glyph| Glyph {
                at: glyph.at + by,
                ..*glyph
            })
        })
    }
}

impl Atom {
    fn new(fonts: &mut Fonts, style: Style, text: &str) -> Self {
        Self {
            style,
            shaped: fonts.shape(style.face, text),
        }
    }

    fn width(&self) -> f32 {
        self.shaped.width * self.style.size
    }

    /// Width of the spaces at its end, which may stand beyond the line.
    fn trailing(&self) -> f32 {
        let end = self.shaped.text.trim_end_matches(' ').len();
        let spaces = self.shaped.glyphs.iter().filter(|glyph| glyph.at >= end);
        spaces.map(|glyph| glyph.advance).sum::<f32>() * self.style.size
    }

    /// Cuts off what fits into this width, between two clusters; at least one cluster if it must.
    fn split(&self, width: f32, must: bool) -> Option<(Self, Self)> {
        let glyphs = &self.shaped.glyphs;
        let (mut at, mut x) = (None, 0.0);
        for (index, glyph) in glyphs.iter().enumerate() {
            let starts = index > 0 && glyphs.get(index - 1).is_some_and(|last| last.at < glyph.at);
            if starts && (x <= width || (must && at.is_none())) {
                at = Some(index);
            }
            x += glyph.advance * self.style.size;
        }
        let at = at?;
        let start = glyphs.get(at)?.at;
        let (first, second) = self.shaped.text.split_at_checked(start)?;
        let (left, right) = glyphs.split_at_checked(at)?;
        Some((self.part(first, left, 0), self.part(second, right, start)))
    }

    fn part(&self, text: &str, glyphs: &[Glyph], start: usize) -> Self {
        let glyphs: Vec<Glyph> = glyphs
            .iter()
            .map(|glyph| Glyph {
                at: glyph.at.saturating_sub(start),
                ..*glyph
            })
            .collect();
        let width = glyphs.iter().map(|glyph| glyph.advance).sum();
        Self {
            style: self.style,
            shaped: Rc::new(Shaped {
                text: text.into(),
                glyphs,
                width,
            }),
        }
    }
}

/// A stretch in pieces of some characters. A mark stays with its letter.
fn cut(words: &str) -> Vec<&str> {
    let is_mark = |character: char| matches!(character, '\u{300}'..='\u{36F}');
    let mut pieces = Vec::new();
    let (mut from, mut count) = (0, 0);
    for (at, character) in words.char_indices() {
        if count >= AT_A_TIME && !is_mark(character) {
            pieces.push(words.get(from..at).unwrap_or_default());
            (from, count) = (at, 0);
        }
        count += 1;
    }
    pieces.push(words.get(from..).unwrap_or_default());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Style = Style {
        face: Face::Regular,
        size: 10.0,
    };

    fn broken(text: &str, width: f32) -> Vec<String> {
        let mut fonts = Fonts::load().unwrap();
        let lines = lines(&mut fonts, &[(PLAIN, text.to_owned())], width);
        for line in &lines {
            let spaces: usize = line
                .runs
                .iter()
                .map(|run| run.text().len() - run.text().trim_end().len())
                .sum();
            assert!(
                line.width <= width.max(9.0) + 0.1 + 5.0 * spaces as f32,
                "{line:?}"
            );
        }
        let text = |line: Line| line.runs.iter().map(Run::text).collect();
        lines.into_iter().map(text).collect()
    }

    #[test]
    fn breaks_between_words_and_at_line_feeds() {
        assert_eq!(
            broken("Ол тағы да кіреберісте", 60.0),
            ["Ол тағы да ", "кіреберісте"]
        );
        assert_eq!(broken("a\n\nb\n", 60.0), ["a", "", "b"]);
        assert!(broken("", 60.0).is_empty());
    }

    #[test]
    fn cuts_what_is_wider_than_a_line_and_loses_nothing() {
        for (part, times) in [("ә", 40), ("ә", 300), ("ә", 10_000), ("сөз", 10_000)] {
            let word = part.repeat(times);
            let lines = broken(&word, 100.0);
            assert!(lines.len() > times / 20, "{}", lines.len());
            assert_eq!(lines.concat(), word);
        }
        let url = "https://example.invalid/a/very-long/path?with=many&letters=in#it";
        assert_eq!(broken(url, 50.0).concat(), url);
        assert_eq!(broken("ЖЖЖ", 1.0), ["Ж", "Ж", "Ж"]);
    }

    #[test]
    fn a_style_may_change_within_a_word() {
        let mut fonts = Fonts::load().unwrap();
        let bold = Style {
            face: Face::Bold,
            ..PLAIN
        };
        let parts = [(PLAIN, "не".to_owned()), (bold, "нет да".to_owned())];
        let lines = lines(&mut fonts, &parts, 36.0);
        let texts: Vec<Vec<String>> = lines
            .iter()
            .map(|line| line.runs.iter().map(Run::text).collect())
            .collect();
        assert_eq!(texts, [vec!["не", "нет "], vec!["да"]]);
    }

    #[test]
    fn a_mark_is_never_parted_from_its_letter() {
        let word = "e\u{301}".repeat(400);
        for line in broken(&word, 33.0) {
            assert!(line.starts_with('e'), "{line}");
        }
    }
}
