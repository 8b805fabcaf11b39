//! What stands on the pages: pieces one below the other, and how one is parted between two pages.

use std::rc::Rc;

use krilla::image::Image;

use super::lines::Line;
use super::tags::NodeId;
use crate::bundle::report::Anchor;
use crate::picture::Orientation;

/// A piece with its place from left to right; the place from top to bottom comes with the page.
/// Lengths in points.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) kind: Kind,
    /// Stands on one page with the piece after it.
    pub(super) keep: bool,
    /// A line at its left: where, and how thick.
    pub(super) bar: Option<(f32, f32)>,
}

#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// What follows begins a new page.
    Break,
    /// Nothing, unless at the head of a page.
    Space(f32),
    Line(TextLine),
    /// A line to write on.
    Rule {
        x: f32,
        width: f32,
        height: f32,
    },
    Row(Row),
    Drawing(Drawing),
    Photo(Photo),
    /// A heading begins: for the outline, and for those who point to it.
    Heading(Mark),
    /// The number of the page on which a heading stands, at the right end of `width`.
    PageOf {
        anchor: Anchor,
        x: f32,
        width: f32,
        height: f32,
        node: NodeId,
    },
}

#[derive(Clone, Debug)]
pub(super) struct TextLine {
    pub(super) line: Line,
    pub(super) x: f32,
    pub(super) height: f32,
    /// `None` for what only repeats or decorates.
    pub(super) node: Option<NodeId>,
}

#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) level: u8,
    pub(super) title: String,
    pub(super) anchor: Option<Anchor>,
}

/// Pieces side by side: a row of a table, or a term and what belongs to it.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) cells: Vec<RowCell>,
    /// Lines around the cells, and space between them and the text.
    pub(super) is_ruled: bool,
    pub(super) least: f32,
    /// The head of its table, for the next page.
    pub(super) head: Option<Rc<Row>>,
}

#[derive(Clone, Debug)]
pub(super) struct RowCell {
    pub(super) x: f32,
    pub(super) width: f32,
    pub(super) is_shaded: bool,
    pub(super) pieces: Vec<Piece>,
}

/// Rectangles and short texts, with one description for all of it.
#[derive(Clone, Debug)]
pub(super) struct Drawing {
    pub(super) x: f32,
    pub(super) width: f32,
    pub(super) height: f32,
    /// `(x, y, width, height)` from its upper left corner.
    pub(super) boxes: Vec<(f32, f32, f32, f32)>,
    /// Grey level of the boxes; 0 is black.
    pub(super) grey: u8,
    pub(super) labels: Vec<Label>,
    pub(super) node: NodeId,
}

/// The picture of an exhibit, as large as it is to be.
#[derive(Clone, Debug)]
pub(super) struct Photo {
    pub(super) x: f32,
    pub(super) width: f32,
    pub(super) height: f32,
    pub(super) image: Image,
    pub(super) orientation: Orientation,
    pub(super) node: NodeId,
}

#[derive(Clone, Debug)]
pub(super) struct Label {
    pub(super) line: Line,
    /// Start of its baseline.
    pub(super) at: (f32, f32),
    /// Runs upwards.
    pub(super) is_turned: bool,
}

/// Space between the lines of a table and its text.
pub(super) const PADDING: (f32, f32) = (3.5, 2.5);
/// A row at most this tall is never parted.
const WHOLE: f32 = 200.0;
/// What is left of a page, if a row is to begin there.
const ENOUGH: f32 = 60.0;

impl Piece {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            keep: false,
            bar: None,
        }
    }

    pub(super) fn kept(kind: Kind) -> Self {
        Self {
            keep: true,
            ..Self::new(kind)
        }
    }

    pub(super) fn height(&self) -> f32 {
        match &self.kind {
            Kind::Break | Kind::Heading(_) => 0.0,
            Kind::Space(height) | Kind::Rule { height, .. } | Kind::PageOf { height, .. } => {
                *height
            }
            Kind::Line(line) => line.height,
            Kind::Row(row) => row.height(),
            Kind::Drawing(drawing) => drawing.height,
            Kind::Photo(photo) => photo.height,
        }
    }

    /// How much of it must fit where it begins.
    pub(super) fn least_height(&self) -> f32 {
        match &self.kind {
            Kind::Row(row) if row.height() > WHOLE => ENOUGH,
            _ => self.height(),
        }
    }

    /// Parts it so that the first part fits into this height. Gives it back if that cannot be.
    pub(super) fn split(self, height: f32, must: bool) -> Result<(Self, Self), Self> {
        let (keep, bar) = (self.keep, self.bar);
        let part = |row| Self {
            kind: Kind::Row(row),
            keep,
            bar,
        };
        match self.kind {
            Kind::Row(row) if must || (row.height() > WHOLE && height >= ENOUGH) => row
                .split(height, must)
                .map(|(first, rest)| (part(first), part(rest)))
                .map_err(|row| part(*row)),
            kind => Err(Self { kind, keep, bar }),
        }
    }
}

impl Row {
    pub(super) fn padding(&self) -> (f32, f32) {
        if self.is_ruled { PADDING } else { (0.0, 0.0) }
    }

    pub(super) fn height(&self) -> f32 {
        let cells = self.cells.iter().map(|cell| height_of(&cell.pieces));
        let tallest = cells.fold(0.0, f32::max);
        (tallest + 2.0 * self.padding().1).max(self.least)
    }

    fn split(self, height: f32, must: bool) -> Result<(Self, Self), Box<Self>> {
        let room = height - 2.0 * self.padding().1;
        let whole = self.clone();
        let (mut first, mut rest) = (self.without_cells(), self.without_cells());
        let (mut moves, mut waits) = (false, false);
        for cell in self.cells {
            let (begin, end) = split(cell.pieces, room, must);
            let begins = height_of(&begin) > 0.0;
            moves |= begins;
            waits |= !begins && height_of(&end) > 0.0;
            let with = |pieces| RowCell {
                pieces,
                ..RowCell {
                    pieces: Vec::new(),
                    ..cell
                }
            };
            first.cells.push(with(begin));
            rest.cells.push(with(end));
        }
        // A cell that begins on the next page alone looks empty on this one.
        if moves && (must || !waits) {
            Ok((first, rest))
        } else {
            Err(Box::new(whole))
        }
    }

    fn without_cells(&self) -> Self {
        Self {
            cells: Vec::new(),
            is_ruled: self.is_ruled,
            least: 0.0,
            head: self.head.clone(),
        }
    }
}

/// Height of pieces one below the other.
pub(super) fn height_of(pieces: &[Piece]) -> f32 {
    pieces.iter().map(Piece::height).sum()
}

/// Parts pieces that stand one below the other.
fn split(pieces: Vec<Piece>, height: f32, must: bool) -> (Vec<Piece>, Vec<Piece>) {
    let mut first = Vec::new();
    let mut used = 0.0;
    let mut pieces = pieces.into_iter();
    let mut rest = Vec::new();
    for piece in pieces.by_ref() {
        let next = piece.height();
        if used + next <= height {
            used += next;
            first.push(piece);
            continue;
        }
        match piece.split(height - used, must && first.is_empty()) {
            Ok((begin, end)) => {
                first.push(begin);
                rest.push(end);
            }
            Err(whole) => rest.push(whole),
        }
        break;
    }
    rest.extend(pieces);
    if !rest.is_empty() {
        let kept = first.iter().rev().take_while(|piece| piece.keep).count();
        if kept < first.len() {
            let moved = first.split_off(first.len() - kept);
            rest.splice(0..0, moved);
        }
    }
    (first, rest)
}
