//! Tables as pieces: a row each, the head of its table with it.

use std::rc::Rc;

use super::fonts::{Face, Style};
use super::layout::{self, Frame, Layout, SMALL};
use super::pieces::{Kind, PADDING, Piece, Row, RowCell};
use super::tags::Role;
use crate::bundle::report::{Cell, CellKind, Table, TableForm};

impl Layout<'_> {
    pub(super) fn table(&mut self, table: &Table, frame: Frame, out: &mut Vec<Piece>) {
        let frame = Frame {
            size: SMALL,
            ..frame
        };
        let widths = widths(table, frame.width);
        self.tags.open(Role::Table);
        self.tags.open(Role::TableHead);
        self.tags.open(Role::Row);
        let head = self.head(table, frame, &widths);
        self.tags.close();
        self.tags.close();
        let repeated = Rc::new(as_decoration(&head));
        out.push(Piece::kept(Kind::Row(head)));
        self.tags.open(Role::TableBody);
        for row in &table.rows {
            self.tags.open(Role::Row);
            let mut cells = Vec::new();
            let mut x = frame.x;
            for (cell, width) in row.iter().zip(&widths) {
                cells.push(self.cell(cell, x, *width, frame.size));
                x += width;
            }
            self.tags.close();
            let row = Row {
                cells,
                is_ruled: true,
                least: if table.form == TableForm::Form {
                    44.0
                } else {
                    0.0
                },
                head: Some(Rc::clone(&repeated)),
            };
            out.push(Piece::new(Kind::Row(row)));
        }
        self.tags.close();
        self.tags.close();
        out.push(Piece::new(Kind::Space(8.0)));
    }

    fn head(&mut self, table: &Table, frame: Frame, widths: &[f32]) -> Row {
        let style = Style {
            face: Face::Bold,
            size: frame.size,
        };
        let mut cells = Vec::new();
        let mut x = frame.x;
        for (column, width) in table.columns.iter().zip(widths) {
            self.tags.open(Role::ColumnHead);
            let mut pieces = Vec::new();
            let parts = [(style, column.label.clone())];
            let inner = padded(x, *width, frame.size);
            self.lines(&parts, inner, Role::Paragraph, &mut pieces);
            self.tags.close();
            cells.push(RowCell {
                is_shaded: true,
                ..layout::cell(x, *width, pieces)
            });
            x += width;
        }
        Row {
            cells,
            is_ruled: true,
            least: 0.0,
            head: None,
        }
    }

    fn cell(&mut self, cell: &Cell, x: f32, width: f32, size: f32) -> RowCell {
        self.tags.open(match cell.kind {
            CellKind::Head => Role::RowHead,
            _ => Role::Cell,
        });
        let inner = padded(x, width, size);
        let mut pieces = self.blocks(&cell.content, inner);
        self.tags.close();
        if cell.kind == CellKind::Number {
            for piece in &mut pieces {
                if let Kind::Line(line) = &mut piece.kind {
                    line.x = inner.x + inner.width - line.line.width;
                }
            }
        }
        RowCell {
            is_shaded: cell.kind == CellKind::Head,
            ..layout::cell(x, width, pieces)
        }
    }
}

fn padded(x: f32, width: f32, size: f32) -> Frame {
    Frame {
        x: x + PADDING.0,
        width: width - 2.0 * PADDING.0,
        size,
    }
}

fn widths(table: &Table, width: f32) -> Vec<f32> {
    let shares = table.columns.iter().map(|column| f32::from(column.share));
    let all: f32 = shares.clone().sum();
    shares.map(|share| width * share / all.max(1.0)).collect()
}

/// A head without its nodes: on the pages after the first it only repeats.
fn as_decoration(row: &Row) -> Row {
    let mut row = row.clone();
    for piece in row.cells.iter_mut().flat_map(|cell| &mut cell.pieces) {
        if let Kind::Line(line) = &mut piece.kind {
            line.node = None;
        }
    }
    row
}
