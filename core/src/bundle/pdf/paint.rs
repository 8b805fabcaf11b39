//! Pages painted into a PDF file.

use std::collections::BTreeMap;

use krilla::Document;
use krilla::color::luma;
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect, Transform};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag};
use krilla::text::{GlyphId, KrillaGlyph};

use super::fonts::{Face, Fonts, Style};
use super::lines::{self, Line};
use super::pages::{LEFT, PAPER, Page, RIGHT};
use super::photos;
use super::pieces::{Drawing, Kind, Label, Mark, Photo, Piece, Row};
use super::tags::Tags;
use crate::bundle::report::Anchor;

/// Distance of the foot's baseline from the lower edge.
const FOOT: f32 = 34.0;
const FOOT_SIZE: f32 = 8.0;
/// Thickness of lines.
const HAIR: f32 = 0.5;

/// Grey levels: text and columns, lines, the ground of heads.
const BLACK: u8 = 0;
const LINE: u8 = 120;
const SHADE: u8 = 236;

/// What stands at the foot of each page.
pub(super) struct Foot<'a> {
    /// Room to sign, by its label.
    pub(super) signature: &'a str,
    /// The code of the log: it says which log a single sheet is from.
    pub(super) code: &'a str,
}

/// Paints all pages, and the outline by which a reader goes from heading to heading.
pub(super) fn paint(
    document: &mut Document,
    fonts: &mut Fonts,
    tags: &mut Tags,
    pages: Vec<Page>,
    foot: Option<&Foot<'_>>,
) {
    let (numbers, outline) = (numbers(&pages), outline(&pages));
    let count = pages.len();
    // A page ends where its surface and its paper are dropped.
    let Some(settings) = PageSettings::from_wh(PAPER.0, PAPER.1) else {
        return;
    };
    // One page less in memory for each that is in the file.
    for (index, page) in pages.into_iter().enumerate() {
        let mut paper = document.start_page_with(settings.clone());
        let mut painter = Painter {
            surface: paper.surface(),
            fonts,
            tags,
            numbers: &numbers,
            page: index,
        };
        for (y, piece) in &page.pieces {
            painter.piece(piece, *y);
        }
        if let Some(foot) = foot {
            painter.foot(foot, count);
        }
    }
    document.set_outline(outline);
}

/// The number of the page on which each place stands.
fn numbers(pages: &[Page]) -> BTreeMap<Anchor, usize> {
    let anchors = marks(pages).filter_map(|(page, _, mark)| Some((mark.anchor?, page + 1)));
    anchors.collect()
}

fn marks(pages: &[Page]) -> impl Iterator<Item = (usize, f32, &Mark)> {
    pages.iter().enumerate().flat_map(|(index, page)| {
        let marks = page
            .pieces
            .iter()
            .filter_map(|(y, piece)| match &piece.kind {
                Kind::Heading(mark) => Some((*y, mark)),
                _ => None,
            });
        marks.map(move |(y, mark)| (index, y, mark))
    })
}

/// The parts, and in them the sheets.
fn outline(pages: &[Page]) -> Outline {
    let mut outline = Outline::new();
    let mut part: Option<OutlineNode> = None;
    for (page, y, mark) in marks(pages) {
        let place = XyzDestination::new(page, Point::from_xy(0.0, y));
        let node = OutlineNode::new(mark.title.clone(), place);
        match (mark.level, part.as_mut()) {
            (..=2, _) => {
                if let Some(done) = part.replace(node) {
                    outline.push_child(done);
                }
            }
            (3, Some(part)) => part.push_child(node),
            _ => {}
        }
    }
    if let Some(done) = part {
        outline.push_child(done);
    }
    outline
}

struct Painter<'a, 'p> {
    surface: Surface<'p>,
    fonts: &'a mut Fonts,
    tags: &'a mut Tags,
    numbers: &'a BTreeMap<Anchor, usize>,
    page: usize,
}

impl Painter<'_, '_> {
    fn piece(&mut self, piece: &Piece, y: f32) {
        if let Some((x, thickness)) = piece.bar {
            self.decoration(|painter| painter.rectangle(x, y, thickness, piece.height(), LINE));
        }
        match &piece.kind {
            Kind::Line(line) if line.line.runs.is_empty() => {}
            Kind::Line(line) => match line.node {
                Some(node) => {
                    let tag = ContentTag::Span(SpanTag::empty());
                    let painted = self.surface.start_tagged(tag);
                    self.line(&line.line, line.x, baseline(y, line.height, &line.line));
                    self.surface.end_tagged();
                    self.tags.painted(node, painted);
                }
                None => self.decoration(|painter| {
                    let base = baseline(y, line.height, &line.line);
                    painter.line(&line.line, line.x, base);
                }),
            },
            Kind::Rule { x, width, height } => {
                self.decoration(|painter| {
                    painter.rectangle(*x, y + height - 3.0, *width, HAIR, LINE);
                });
            }
            Kind::Row(row) => self.row(row, y),
            Kind::Drawing(drawing) => self.drawing(drawing, y),
            Kind::Photo(photo) => self.photo(photo, y),
            Kind::PageOf {
                anchor,
                x,
                width,
                height,
                node,
            } => {
                let number = self.numbers.get(anchor).map(usize::to_string);
                let style = Style {
                    face: Face::Regular,
                    size: 10.0,
                };
                let line = lines::line(self.fonts, style, &number.unwrap_or_default());
                let painted = self
                    .surface
                    .start_tagged(ContentTag::Span(SpanTag::empty()));
                self.line(&line, x + width - line.width, baseline(y, *height, &line));
                self.surface.end_tagged();
                self.tags.painted(*node, painted);
            }
            Kind::Break | Kind::Space(_) | Kind::Heading(_) => {}
        }
    }

    fn row(&mut self, row: &Row, y: f32) {
        if row.is_ruled {
            let height = row.height();
            let shaded = row.cells.iter().filter(|cell| cell.is_shaded);
            let shaded = shaded.map(|cell| (cell.x, y, cell.width, height));
            self.decoration(|painter| {
                painter.rectangles(shaded, SHADE);
                painter.rectangles(ruling(row, y, height), LINE);
            });
        }
        for cell in &row.cells {
            let mut y = y + row.padding().1;
            for piece in &cell.pieces {
                self.piece(piece, y);
                y += piece.height();
            }
        }
    }

    fn drawing(&mut self, drawing: &Drawing, y: f32) {
        let painted = self.surface.start_tagged(ContentTag::Other);
        let boxes = drawing.boxes.iter();
        let boxes =
            boxes.map(|(left, top, width, height)| (drawing.x + left, y + top, *width, *height));
        self.rectangles(boxes, drawing.grey);
        self.fill(BLACK);
        for label in &drawing.labels {
            self.label(label, drawing.x, y);
        }
        self.surface.end_tagged();
        self.tags.painted(drawing.node, painted);
        let place = Rect::from_xywh(drawing.x, y, drawing.width, drawing.height);
        if let Some(place) = place {
            self.tags.placed(drawing.node, self.page, place);
        }
    }

    fn photo(&mut self, photo: &Photo, y: f32) {
        let Some(place) = Rect::from_xywh(photo.x, y, photo.width, photo.height) else {
            return;
        };
        let painted = self.surface.start_tagged(ContentTag::Other);
        photos::draw(&mut self.surface, photo, place);
        self.surface.end_tagged();
        self.tags.painted(photo.node, painted);
        self.tags.placed(photo.node, self.page, place);
    }

    fn label(&mut self, label: &Label, x: f32, y: f32) {
        let (x, y) = (x + label.at.0, y + label.at.1);
        if !label.is_turned {
            return self.line(&label.line, x, y);
        }
        // A quarter turn to the left about the start of its baseline.
        let turn = Transform::from_row(0.0, -1.0, 1.0, 0.0, x, y);
        self.surface.push_transform(&turn);
        self.line(&label.line, 0.0, 0.0);
        self.surface.pop();
    }

    fn foot(&mut self, foot: &Foot<'_>, pages: usize) {
        let style = |face| Style {
            face,
            size: FOOT_SIZE,
        };
        let signature = format!("{}: ", foot.signature);
        let signature = lines::line(self.fonts, style(Face::Regular), &signature);
        let code = lines::line(self.fonts, style(Face::Mono), foot.code);
        let number = format!("{} / {pages}", self.page + 1);
        let number = lines::line(self.fonts, style(Face::Regular), &number);
        let y = PAPER.1 - FOOT;
        self.decoration(|painter| {
            painter.line(&signature, LEFT, y);
            painter.rectangle(LEFT + signature.width, y + 1.5, 130.0, HAIR, LINE);
            let middle = (PAPER.0 - code.width) / 2.0 + 60.0;
            painter.line(&code, middle, y);
            painter.line(&number, PAPER.0 - RIGHT - number.width, y);
        });
    }

    /// What readers who do not see the page can do without.
    fn decoration(&mut self, paint: impl FnOnce(&mut Self)) {
        let artifact = Artifact::new(ArtifactType::Layout, None);
        self.surface.start_tagged(ContentTag::Artifact(artifact));
        paint(self);
        self.surface.end_tagged();
    }

    fn line(&mut self, line: &Line, x: f32, baseline: f32) {
        self.fill(BLACK);
        for run in &line.runs {
            let text = run.text();
            let ends: Vec<usize> = run.glyphs().map(|glyph| glyph.at).collect();
            let glyphs: Vec<KrillaGlyph> = run
                .glyphs()
                .map(|glyph| {
                    let next = ends.partition_point(|at| *at <= glyph.at);
                    let end = ends.get(next).copied().unwrap_or(text.len());
                    let (dx, dy) = glyph.offset;
                    let id = GlyphId::new(glyph.id);
                    KrillaGlyph::new(id, glyph.advance, dx, dy, 0.0, glyph.at..end, None)
                })
                .collect();
            self.surface.draw_glyphs(
                Point::from_xy(hundredths(x + run.x), hundredths(baseline)),
                &glyphs,
                self.fonts.font(run.style.face),
                &text,
                run.style.size,
                false,
            );
        }
    }

    fn rectangle(&mut self, x: f32, y: f32, width: f32, height: f32, grey: u8) {
        self.rectangles([(x, y, width, height)], grey);
    }

    /// All in one path: the lines around cells, one by one, were a sixth of a report.
    fn rectangles(&mut self, all: impl IntoIterator<Item = Place>, grey: u8) {
        let mut path = PathBuilder::new();
        for (x, y, width, height) in all {
            let [x, y, width, height] = [x, y, width, height].map(hundredths);
            if let Some(rectangle) = Rect::from_xywh(x, y, width, height) {
                path.push_rect(rectangle);
            }
        }
        if let Some(path) = path.finish() {
            self.fill(grey);
            self.surface.draw_path(&path);
        }
    }

    fn fill(&mut self, grey: u8) {
        self.surface.set_fill(Some(Fill {
            paint: luma::Color::new(grey).into(),
            opacity: NormalizedF32::ONE,
            rule: krilla::paint::FillRule::NonZero,
        }));
    }
}

/// From left, from above, width and height.
type Place = (f32, f32, f32, f32);

/// The lines around the cells of a row, each once.
fn ruling(row: &Row, y: f32, height: f32) -> impl Iterator<Item = Place> {
    let cells = || row.cells.iter();
    let left = cells().map(|cell| cell.x).fold(f32::INFINITY, f32::min);
    let right = cells().map(|cell| cell.x + cell.width).fold(left, f32::max);
    let across = [y, y + height].map(|y| (left, y, right - left, HAIR));
    let down = cells().map(|cell| cell.x).chain([right]);
    let down = down.map(move |x| (x, y, HAIR, height + HAIR));
    across.into_iter().chain(down)
}

/// To the hundredth of a point, which no eye sees: more digits make a report larger by a thirtieth.
fn hundredths(length: f32) -> f32 {
    (length * 100.0).round() / 100.0
}

/// Where the letters of a line stand.
fn baseline(y: f32, height: f32, line: &Line) -> f32 {
    let size = line.size().unwrap_or_default();
    y + (height - size) / 2.0 + size * 0.8
}
