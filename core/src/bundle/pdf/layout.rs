//! The blocks of a report as pieces: what stands where from left to right.

use super::drawings;
use super::fonts::{Face, Fonts, Style};
use super::lines::{self, Line};
use super::pages::{HEIGHT, LEFT, WIDTH};
use super::photos;
use super::pieces::{Kind, Mark, Piece, Row, RowCell, TextLine};
use super::tags::{NodeId, Role, Tags};
use crate::bundle::pictures::Pictures;
use crate::bundle::report::{Anchor, Block, Fact, Heading, Picture, Span, Text};
use crate::bundle::texts::Texts;

/// Sizes of type.
const BODY: f32 = 10.0;
pub(super) const SMALL: f32 = 8.5;
const CODE: f32 = 13.0;
const LARGE: f32 = 26.0;
/// From one line to the next, as a multiple of the size.
const LEADING: f32 = 1.36;
/// Share of the width that a column of terms takes.
const TERMS: f32 = 0.3;
/// Nothing is moved further in where less than this would be left.
const NARROWEST: f32 = 90.0;

/// Where pieces stand from left to right, and how large their text is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub(super) x: f32,
    pub(super) width: f32,
    pub(super) size: f32,
}

/// The pictures, and of which volume this is.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    pub(super) pictures: &'a Pictures,
    pub(super) volume: usize,
    pub(super) texts: &'a Texts,
}

pub(super) struct Layout<'a> {
    pub(super) fonts: &'a mut Fonts,
    pub(super) tags: &'a mut Tags,
    pub(super) shown: Shown<'a>,
}

/// All blocks as pieces. Each is freed once it is laid out: both together are most of the memory of a
/// report.
pub(super) fn layout(
    fonts: &mut Fonts,
    tags: &mut Tags,
    shown: Shown<'_>,
    blocks: Vec<Block>,
) -> Vec<Piece> {
    let mut layout = Layout { fonts, tags, shown };
    let page = Frame {
        x: LEFT,
        width: WIDTH,
        size: BODY,
    };
    let mut pieces = Vec::new();
    for block in blocks {
        layout.block(&block, page, &mut pieces);
    }
    pieces
}

impl Layout<'_> {
    pub(super) fn blocks(&mut self, blocks: &[Block], frame: Frame) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for block in blocks {
            self.block(block, frame, &mut pieces);
        }
        // Space belongs between blocks, not under the last of a cell.
        if matches!(pieces.last(), Some(piece) if matches!(piece.kind, Kind::Space(_))) {
            pieces.pop();
        }
        pieces
    }

    fn block(&mut self, block: &Block, frame: Frame, out: &mut Vec<Piece>) {
        match block {
            Block::Heading(heading) => self.heading(heading, frame, out),
            Block::Line(text) => self.text(text, frame, Role::Paragraph, out),
            Block::Paragraph(text) => {
                self.text(text, frame, Role::Paragraph, out);
                out.push(Piece::new(Kind::Space(frame.size * 0.5)));
            }
            Block::Quote(words) => self.quote(words, frame, out),
            Block::Large(code) => self.alone(code, LARGE, frame, out),
            Block::Command(command) => self.alone(command, frame.size * 0.9, frame, out),
            Block::List(items) => {
                self.tags.open(Role::Bullets);
                for item in items {
                    self.item("•", item, frame, out);
                }
                self.tags.close();
                out.push(Piece::new(Kind::Space(frame.size * 0.4)));
            }
            Block::Numbered(items) => {
                self.tags.open(Role::Numbered);
                for (number, item) in items {
                    self.item(&format!("{number}."), item, frame, out);
                }
                self.tags.close();
                out.push(Piece::new(Kind::Space(frame.size * 0.2)));
            }
            Block::Facts(facts) => {
                self.tags.open(Role::Terms);
                for fact in facts {
                    self.fact(fact, frame, out);
                }
                self.tags.close();
                out.push(Piece::new(Kind::Space(frame.size * 0.4)));
            }
            Block::Table(table) => self.table(table, frame, out),
            Block::Together(blocks) => self.together(blocks, frame, out),
            Block::Notice(blocks) => self.notice(blocks, frame, out),
            Block::Picture(picture) => self.picture(picture, frame, out),
            Block::Timeline(timeline) => drawings::timeline(self, timeline, frame, out),
            Block::Qr(qr) => drawings::qr(self, qr, frame, out),
            Block::Contents(parts) => self.contents(parts, frame, out),
            Block::Blank => out.push(Piece::new(Kind::Rule {
                x: frame.x,
                width: frame.width,
                height: 22.0,
            })),
            Block::Sheet => out.push(Piece::new(Kind::Break)),
        }
    }

    fn heading(&mut self, heading: &Heading, frame: Frame, out: &mut Vec<Piece>) {
        let (size, above, below) = match heading.level {
            1 => (22.0, 0.0, 10.0),
            2 => (16.0, 16.0, 7.0),
            3 => (12.5, 13.0, 4.0),
            _ => (10.5, 8.0, 3.0),
        };
        out.push(Piece::new(Kind::Space(above)));
        out.push(Piece::kept(Kind::Heading(Mark {
            level: heading.level,
            title: heading.text.clone(),
            anchor: heading.anchor,
        })));
        let role = Role::Heading {
            level: heading.level,
            title: heading.text.clone(),
        };
        let style = Style {
            face: Face::Bold,
            size,
        };
        let from = out.len();
        self.lines(&[(style, heading.text.clone())], frame, role, out);
        for line in out.iter_mut().skip(from) {
            line.keep = true;
        }
        out.push(Piece::kept(Kind::Space(below)));
    }

    /// A code or a command that stands alone.
    fn alone(&mut self, text: &str, size: f32, frame: Frame, out: &mut Vec<Piece>) {
        let style = Style {
            face: Face::Mono,
            size,
        };
        let text = self.mono(text);
        self.lines(&[(style, text)], frame, Role::Paragraph, out);
        out.push(Piece::new(Kind::Space(frame.size * 0.5)));
    }

    /// Text of several styles as lines of one node.
    fn text(&mut self, text: &Text, frame: Frame, role: Role, out: &mut Vec<Piece>) {
        let parts = self.parts(text, frame.size);
        self.lines(&parts, frame, role, out);
    }

    pub(super) fn lines(
        &mut self,
        parts: &[(Style, String)],
        frame: Frame,
        role: Role,
        out: &mut Vec<Piece>,
    ) {
        let lines = lines::lines(self.fonts, parts, frame.width);
        if lines.is_empty() {
            return;
        }
        let node = self.tags.add(role);
        put_lines(lines, frame, node, out);
    }

    fn parts(&self, text: &Text, size: f32) -> Vec<(Style, String)> {
        let style = |face, size| Style { face, size };
        let parts = text.0.iter().map(|span| match span {
            Span::Plain(text) | Span::Link(_, text) => {
                (style(Face::Regular, size), self.fonts.showable(text))
            }
            Span::Words(words) => (style(Face::Regular, size), self.fonts.showable(words)),
            Span::Strong(text) | Span::Mark(text) => {
                (style(Face::Bold, size), self.fonts.showable(text))
            }
            Span::Code(text) => (style(Face::Mono, size.max(CODE)), self.mono(text)),
            Span::Hash(text) => (style(Face::Mono, size * 0.8), self.mono(text)),
            Span::File(file) => (style(Face::Regular, size), file.path()),
            Span::Break => (style(Face::Regular, size), "\n".to_owned()),
        });
        parts.collect()
    }

    /// Text of the program for the font of codes, which has ASCII alone.
    fn mono(&self, text: &str) -> String {
        let shown = text.chars().filter(|c| matches!(c, ' '..='~' | '\n'));
        shown.collect()
    }

    fn quote(&mut self, words: &str, frame: Frame, out: &mut Vec<Piece>) {
        let inner = inset(frame, 8.0);
        let style = Style {
            face: Face::Regular,
            size: frame.size,
        };
        let words = self.fonts.showable(words);
        let from = out.len();
        self.tags.open(Role::Quote);
        self.lines(&[(style, words)], inner, Role::Paragraph, out);
        self.tags.close();
        for piece in out.iter_mut().skip(from) {
            piece.bar = Some((frame.x + 1.0, 1.2));
        }
        out.push(Piece::new(Kind::Space(frame.size * 0.3)));
    }

    fn item(&mut self, label: &str, content: &[Block], frame: Frame, out: &mut Vec<Piece>) {
        let style = Style {
            face: Face::Regular,
            size: frame.size,
        };
        let line = lines::line(self.fonts, style, label);
        let indent = (line.width + 5.0).max(frame.size * 1.3);
        self.tags.open(Role::Item);
        let node = self.tags.add(Role::ItemLabel);
        let mut labels = Vec::new();
        put_lines(vec![line], frame, node, &mut labels);
        self.tags.open(Role::ItemBody);
        let inner = inset(frame, indent);
        let pieces = self.blocks(content, inner);
        self.tags.close();
        self.tags.close();
        if inner.x > frame.x {
            out.push(side_by_side(vec![
                cell(frame.x, indent, labels),
                cell(inner.x, inner.width, pieces),
            ]));
        } else {
            out.extend(labels);
            out.extend(pieces);
        }
        out.push(Piece::new(Kind::Space(frame.size * 0.15)));
    }

    /// A term in a column of its own, or over what belongs to it where there is no room for two.
    fn fact(&mut self, fact: &Fact, frame: Frame, out: &mut Vec<Piece>) {
        let column = frame.width * TERMS;
        let beside = Frame {
            x: frame.x + column,
            width: frame.width - column,
            ..frame
        };
        let has_room = beside.width >= 2.0 * NARROWEST;
        self.tags.open(Role::Item);
        let term = Frame {
            width: if has_room { column - 8.0 } else { frame.width },
            ..frame
        };
        let mut parts = self.parts(&fact.term, frame.size * 0.95);
        for (style, _) in &mut parts {
            style.face = Face::Bold;
        }
        let mut terms = Vec::new();
        self.lines(&parts, term, Role::ItemLabel, &mut terms);
        self.tags.open(Role::ItemBody);
        let content = if has_room {
            let content = self.blocks(&fact.content, beside);
            let cells = vec![
                cell(frame.x, column - 8.0, terms),
                cell(beside.x, beside.width, content),
            ];
            vec![side_by_side(cells)]
        } else {
            for term in &mut terms {
                term.keep = true;
            }
            let content = self.blocks(&fact.content, inset(frame, 6.0));
            terms.into_iter().chain(content).collect()
        };
        self.tags.close();
        self.tags.close();
        out.extend(content);
        out.push(Piece::new(Kind::Space(frame.size * 0.25)));
    }

    fn together(&mut self, blocks: &[Block], frame: Frame, out: &mut Vec<Piece>) {
        let mut pieces = self.blocks(blocks, frame);
        // A space holds on to what follows: at the end it would chain all that stands together.
        while matches!(pieces.last(), Some(piece) if matches!(piece.kind, Kind::Space(_))) {
            pieces.pop();
        }
        photos::shrink(&mut pieces, HEIGHT);
        // What no sheet holds begins one, as much of it as a sheet holds.
        let heights = pieces.iter().scan(0.0, |sum, piece| {
            *sum += piece.height();
            Some(*sum)
        });
        let fitting = heights.take_while(|sum| *sum <= HEIGHT).count();
        for piece in pieces.iter_mut().take(fitting.saturating_sub(1)) {
            piece.keep = true;
        }
        out.extend(pieces);
        out.push(Piece::new(Kind::Space(frame.size * 0.4)));
    }

    fn notice(&mut self, blocks: &[Block], frame: Frame, out: &mut Vec<Piece>) {
        self.tags.open(Role::Group);
        let mut pieces = self.blocks(blocks, inset(frame, 10.0));
        self.tags.close();
        for piece in &mut pieces {
            piece.bar = Some((frame.x, 3.0));
        }
        out.push(Piece::new(Kind::Space(4.0)));
        out.extend(pieces);
        out.push(Piece::new(Kind::Space(6.0)));
    }

    /// The picture with what it is under it; or where it is.
    fn picture(&mut self, picture: &Picture, frame: Frame, out: &mut Vec<Piece>) {
        let Shown {
            pictures,
            volume,
            texts,
        } = self.shown;
        let note = match pictures.volume(picture.exhibit) {
            Some(here) if here == volume => {
                let on_paper = pictures.get(picture.exhibit).filter(|on_paper| {
                    let description = self.fonts.showable(&picture.caption.to_plain());
                    photos::photo(self, on_paper, description, frame, out)
                });
                match on_paper {
                    None => Some(texts.get("exhibit.too_large").to_owned()),
                    Some(shown) => shown.is_grey.then(|| texts.get("exhibit.grey").to_owned()),
                }
            }
            Some(other) => Some(texts.with("exhibit.volume", super::name(other))),
            None => Some(texts.get("exhibit.beyond").to_owned()),
        };
        self.text(&picture.caption, frame, Role::Paragraph, out);
        if let Some(note) = note {
            self.text(&Text::plain(note), frame, Role::Paragraph, out);
        }
        out.push(Piece::new(Kind::Space(frame.size * 0.5)));
    }

    fn contents(&mut self, parts: &[(Anchor, String)], frame: Frame, out: &mut Vec<Piece>) {
        self.tags.open(Role::Contents);
        for (anchor, text) in parts {
            self.tags.open(Role::ContentsItem);
            let number = 40.0;
            let inner = Frame {
                width: frame.width - number,
                ..frame
            };
            let mut name = Vec::new();
            self.text(&Text::plain(text), inner, Role::Paragraph, &mut name);
            let node = self.tags.add(Role::Paragraph);
            let page = Piece::new(Kind::PageOf {
                anchor: *anchor,
                x: frame.x + inner.width,
                width: number,
                height: frame.size * LEADING,
                node,
            });
            self.tags.close();
            out.push(side_by_side(vec![
                cell(frame.x, inner.width, name),
                cell(frame.x + inner.width, number, vec![page]),
            ]));
        }
        self.tags.close();
    }

    /// A line under a drawing.
    pub(super) fn caption(&mut self, text: &str, frame: Frame, out: &mut Vec<Piece>) {
        let small = Frame {
            size: SMALL,
            ..frame
        };
        self.text(&Text::plain(text), small, Role::Paragraph, out);
        out.push(Piece::new(Kind::Space(6.0)));
    }

    /// One short line for a drawing.
    pub(super) fn label(&mut self, face: Face, size: f32, text: &str) -> Line {
        let text = self.fonts.showable(text);
        lines::line(self.fonts, Style { face, size }, &text)
    }
}

/// Lines of one node, one below the other; the first two and the last two stay together.
fn put_lines(lines: Vec<Line>, frame: Frame, node: NodeId, out: &mut Vec<Piece>) {
    let count = lines.len();
    for (at, line) in lines.into_iter().enumerate() {
        let height = line.size().unwrap_or(frame.size).max(frame.size * 0.8) * LEADING;
        let piece = Kind::Line(TextLine {
            line,
            x: frame.x,
            height,
            node: Some(node),
        });
        let keep = count > 1 && (at == 0 || at + 2 == count);
        out.push(Piece {
            keep,
            ..Piece::new(piece)
        });
    }
}

fn inset(frame: Frame, by: f32) -> Frame {
    if frame.width - by < NARROWEST {
        return frame;
    }
    Frame {
        x: frame.x + by,
        width: frame.width - by,
        ..frame
    }
}

pub(super) fn cell(x: f32, width: f32, pieces: Vec<Piece>) -> RowCell {
    RowCell {
        x,
        width,
        is_shaded: false,
        pieces,
    }
}

fn side_by_side(cells: Vec<RowCell>) -> Piece {
    Piece::new(Kind::Row(Row {
        cells,
        is_ruled: false,
        least: 0.0,
        head: None,
    }))
}
