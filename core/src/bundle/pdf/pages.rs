//! Pieces put on pages: headings never last, the head of a table on each of its pages, tall rows
//! parted.

use std::collections::VecDeque;

use super::pieces::{Kind, Piece};

/// A4, in points.
pub(super) const PAPER: (f32, f32) = (595.28, 841.89);
/// Left a little wider, where the sheets are sewn together.
pub(super) const LEFT: f32 = 62.0;
pub(super) const RIGHT: f32 = 42.0;
const TOP: f32 = 45.0;
/// Room at the foot for a signature and the page number.
const BOTTOM: f32 = 72.0;

/// Width and height of what is printed on.
pub(super) const WIDTH: f32 = PAPER.0 - LEFT - RIGHT;
pub(super) const HEIGHT: f32 = PAPER.1 - TOP - BOTTOM;

/// Pieces with their distance from the upper edge of the paper.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) pieces: Vec<(f32, Piece)>,
}

/// Puts all pieces on pages, at least one.
pub(super) fn paginate(pieces: Vec<Piece>) -> Vec<Page> {
    let mut filling = Filling {
        queue: pieces.into(),
        pages: Vec::new(),
        page: Page::default(),
        used: 0.0,
    };
    while let Some(piece) = filling.queue.pop_front() {
        filling.put(piece);
    }
    filling.turn();
    if filling.pages.is_empty() {
        filling.pages.push(Page::default());
    }
    filling.pages
}

struct Filling {
    queue: VecDeque<Piece>,
    pages: Vec<Page>,
    page: Page,
    used: f32,
}

impl Filling {
    fn put(&mut self, piece: Piece) {
        match piece.kind {
            Kind::Break => return self.turn(),
            Kind::Space(height) if piece.bar.is_none() => {
                if !self.page.pieces.is_empty() {
                    self.used += height;
                }
                return;
            }
            _ => {}
        }
        self.repeat_head(&piece);
        let left = HEIGHT - self.used;
        if self.needed(&piece) <= left {
            return self.place(piece);
        }
        let is_fresh = self.is_fresh();
        match piece.split(left, is_fresh) {
            Ok((first, rest)) => {
                self.place(first);
                self.turn();
                self.queue.push_front(rest);
            }
            // Taller than a page, and cannot be parted.
            Err(whole) if is_fresh => self.place(whole),
            Err(whole) => {
                self.turn();
                self.queue.push_front(whole);
            }
        }
    }

    fn place(&mut self, piece: Piece) {
        let height = piece.height();
        self.page.pieces.push((TOP + self.used, piece));
        self.used += height;
    }

    fn turn(&mut self) {
        if !self.page.pieces.is_empty() {
            self.pages.push(std::mem::take(&mut self.page));
        }
        self.used = 0.0;
    }

    /// A row that begins a page stands under the head of its table.
    fn repeat_head(&mut self, piece: &Piece) {
        if let Kind::Row(row) = &piece.kind
            && let Some(head) = row.head.as_deref()
            && self.page.pieces.is_empty()
        {
            self.place(Piece::new(Kind::Row(head.clone())));
        }
    }

    /// Nothing but a repeated head stands on the page.
    fn is_fresh(&self) -> bool {
        match self.page.pieces.as_slice() {
            [] => true,
            [(_, only)] => matches!(&only.kind, Kind::Row(row) if row.head.is_none()) && !only.keep,
            _ => false,
        }
    }

    /// The height of a piece with everything that must stand on the same page.
    fn needed(&self, piece: &Piece) -> f32 {
        let mut height = piece.height();
        let mut keeps = piece.keep;
        for next in &self.queue {
            if !keeps {
                break;
            }
            if matches!(next.kind, Kind::Break) {
                break;
            }
            keeps = next.keep || matches!(next.kind, Kind::Space(_));
            height += if keeps {
                next.height()
            } else {
                next.least_height()
            };
        }
        // What can stand together on no page is not kept together.
        if height > HEIGHT {
            piece.height()
        } else {
            height
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::pdf::pieces::{Row, RowCell};

    fn rule(height: f32) -> Piece {
        Piece::new(Kind::Rule {
            x: 0.0,
            width: 10.0,
            height,
        })
    }

    fn heading() -> Piece {
        Piece {
            keep: true,
            ..rule(20.0)
        }
    }

    fn row(heights: &[f32], head: Option<Row>) -> Row {
        Row {
            cells: vec![RowCell {
                x: 0.0,
                width: 10.0,
                is_shaded: false,
                pieces: heights.iter().map(|height| rule(*height)).collect(),
            }],
            is_ruled: true,
            least: 0.0,
            head: head.map(std::rc::Rc::new),
        }
    }

    fn heights(pages: &[Page]) -> Vec<Vec<f32>> {
        let of = |page: &Page| {
            page.pieces
                .iter()
                .map(|(_, piece)| piece.height())
                .collect()
        };
        pages.iter().map(of).collect()
    }

    #[test]
    fn a_heading_never_stands_last() {
        let pieces = vec![rule(HEIGHT - 50.0), heading(), heading(), rule(15.0)];
        let pages = paginate(pieces);
        assert_eq!(
            heights(&pages),
            [vec![HEIGHT - 50.0], vec![20.0, 20.0, 15.0]]
        );
    }

    #[test]
    fn the_head_of_a_table_stands_on_each_page() {
        let head = row(&[10.0], None);
        let mut pieces = vec![Piece::kept(Kind::Row(head.clone()))];
        for _ in 0..30 {
            let row = row(&[40.0], Some(head.clone()));
            pieces.push(Piece::new(Kind::Row(row)));
        }
        let pages = paginate(pieces);
        assert_eq!(pages.len(), 2);
        for page in heights(&pages) {
            assert_eq!(page.first(), Some(&15.0));
            assert!(page.iter().sum::<f32>() <= HEIGHT);
        }
    }

    #[test]
    fn a_tall_row_is_parted_and_loses_nothing() {
        let lines = vec![12.0; 300];
        let head = row(&[10.0], None);
        let pieces = vec![rule(100.0), Piece::new(Kind::Row(row(&lines, Some(head))))];
        let pages = paginate(pieces);
        let mut count = 0;
        for (_, piece) in pages.iter().flat_map(|page| &page.pieces) {
            if let Kind::Row(row) = &piece.kind {
                count += row
                    .cells
                    .iter()
                    .map(|cell| cell.pieces.len())
                    .sum::<usize>();
            }
        }
        let repeated = pages.len() - 1;
        assert_eq!(count, 300 + repeated);
        assert!(
            heights(&pages)
                .iter()
                .all(|page| page.iter().sum::<f32>() <= HEIGHT + 0.1)
        );
    }

    #[test]
    fn what_is_taller_than_a_page_still_gets_one() {
        let pages = paginate(vec![rule(10.0), rule(2.0 * HEIGHT), rule(10.0)]);
        assert_eq!(pages.len(), 3);
        let row = row(&[2.0 * HEIGHT, 10.0], None);
        let pages = paginate(vec![Piece::new(Kind::Row(row))]);
        assert!(pages.len() <= 3);
        assert_eq!(paginate(Vec::new()).len(), 1);
    }
}
