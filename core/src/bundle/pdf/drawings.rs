//! The drawings of the report on paper.

use super::fonts::Face;
use super::layout::{Frame, Layout};
use super::pieces::{Drawing, Kind, Label, Piece};
use super::tags::Role;
use crate::bundle::report::{Qr, Timeline};

/// Height of the longest column of the timeline, of the room for counts over it, and for labels.
const TALLEST: f32 = 80.0;
const ABOVE: f32 = 14.0;
const BELOW: f32 = 38.0;
/// Widest step from column to column; narrower than the second, labels are turned.
const STEP: f32 = 56.0;
const UPRIGHT: f32 = 34.0;
/// Columns in black would hide the line of a refusal, and take much ink.
const GREY: u8 = 110;
/// Side of a module: with four light ones around it the code is about 3 cm wide.
const MODULE: f32 = 1.9;

/// One column a month or a year, its count over it, and a line where a refusal was stated first.
pub(super) fn timeline(
    layout: &mut Layout<'_>,
    timeline: &Timeline,
    frame: Frame,
    out: &mut Vec<Piece>,
) {
    let columns = timeline.columns.len().max(1) as f32;
    let step = (frame.width / columns).min(STEP);
    let most = timeline.columns.iter().map(|(_, count)| *count).max();
    let most = most.unwrap_or_default().max(1) as f32;
    let base = ABOVE + TALLEST;
    let width = step * columns;
    let mut boxes = vec![(0.0, base, width, 0.8)];
    let mut labels = Vec::new();
    for (at, (label, count)) in timeline.columns.iter().enumerate() {
        let middle = (at as f32 + 0.5) * step;
        let height = TALLEST * *count as f32 / most;
        if *count > 0 {
            let column = step * 0.5;
            boxes.push((middle - column / 2.0, base - height, column, height));
            let line = layout.label(Face::Regular, 7.5, &count.to_string());
            labels.push(Label {
                at: (middle - line.width / 2.0, base - height - 3.0),
                line,
                is_turned: false,
            });
        }
        let line = layout.label(Face::Regular, 7.5, label);
        let is_turned = step < UPRIGHT;
        let at = match is_turned {
            true => (middle + 2.5, base + 5.0 + line.width),
            false => (middle - line.width / 2.0, base + 11.0),
        };
        labels.push(Label {
            at,
            line,
            is_turned,
        });
    }
    if let Some((at, _)) = &timeline.mark {
        boxes.push((*at as f32 * step, 0.0, 1.6, base));
    }
    let node = layout.tags.add(Role::Figure {
        description: timeline.description.clone(),
    });
    out.push(Piece::new(Kind::Drawing(Drawing {
        x: frame.x,
        width,
        height: base + BELOW,
        boxes,
        grey: GREY,
        labels,
        node,
    })));
    if let Some((_, said)) = &timeline.mark {
        layout.caption(&format!("| {said}"), frame, out);
    }
}

/// A QR code with the light border that ISO/IEC 18004 demands.
pub(super) fn qr(layout: &mut Layout<'_>, qr: &Qr, frame: Frame, out: &mut Vec<Piece>) {
    let quiet = 4.0 * MODULE;
    let side = qr.width as f32 * MODULE + 2.0 * quiet;
    let mut boxes = Vec::new();
    for (y, row) in qr.modules.chunks(qr.width.max(1)).enumerate() {
        let top = quiet + y as f32 * MODULE;
        let mut x = 0;
        // Dark modules side by side are one box: fewer lines between them when it is printed.
        for run in row.chunk_by(|one, next| one == next) {
            if run.first() == Some(&true) {
                let left = quiet + x as f32 * MODULE;
                boxes.push((left, top, run.len() as f32 * MODULE, MODULE));
            }
            x += run.len();
        }
    }
    let node = layout.tags.add(Role::Figure {
        description: qr.description.clone(),
    });
    out.push(Piece::new(Kind::Drawing(Drawing {
        x: frame.x,
        width: side,
        height: side,
        boxes,
        grey: 0,
        labels: Vec::new(),
        node,
    })));
}
