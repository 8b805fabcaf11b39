//! The drawings of a report as SVG within the page: no file of their own, nothing to fetch.

use super::page::Page;
use crate::bundle::report::{Qr, Timeline};

/// Height of the longest column of the timeline, in units of the drawing.
const TALLEST: u64 = 100;
/// Room over the columns for a count, and under them for a label that is turned.
const ABOVE: usize = 16;
const BELOW: usize = 56;
/// From one column to the next.
const STEP: usize = 24;

/// One column a month or a year, its count over it, and a line where a refusal was stated first.
pub(super) fn timeline(page: &mut Page, timeline: &Timeline) {
    let most = timeline.columns.iter().map(|(_, count)| *count).max();
    let most = most.unwrap_or_default().max(1);
    let base = ABOVE + usize::try_from(TALLEST).unwrap_or_default();
    start(
        page,
        "timeline",
        timeline.columns.len() * STEP,
        base + BELOW,
        &timeline.description,
    );
    for (at, (label, count)) in timeline.columns.iter().enumerate() {
        let middle = at * STEP + STEP / 2;
        let height = usize::try_from(count.saturating_mul(TALLEST) / most).unwrap_or_default();
        if *count > 0 {
            page.tag("<path d=\"");
            page.text(&format!(
                "M{},{base}h16v-{height}h-16z",
                middle.saturating_sub(8)
            ));
            page.tag("\"/><text text-anchor=\"middle\" x=\"");
            page.text(&middle.to_string());
            page.tag("\" y=\"");
            page.text(&(base - height).saturating_sub(4).to_string());
            page.tag("\">");
            page.text(&count.to_string());
            page.tag("</text>");
        }
        page.tag("<text text-anchor=\"end\" transform=\"translate(");
        page.text(&format!("{} {}", middle + 4, base + 6));
        page.tag(") rotate(-90)\">");
        page.text(label);
        page.tag("</text>\n");
    }
    page.tag("<path d=\"");
    page.text(&format!("M0,{base}h{}v1H0z", timeline.columns.len() * STEP));
    page.tag("\"/>");
    if let Some((at, _)) = &timeline.mark {
        page.tag("<path class=\"refusal\" d=\"");
        page.text(&format!("M{},0v{base}h2V0z", at * STEP + 1));
        page.tag("\"/>");
    }
    page.tag("</svg>\n");
    if let Some((_, said)) = &timeline.mark {
        page.tag("<p class=\"quiet\">▌ ");
        page.text(said);
        page.tag("</p>\n");
    }
}

/// A QR code, dark on light also where the page is dark: cameras expect it so.
pub(super) fn qr(page: &mut Page, qr: &Qr) {
    let side = qr.width + 8; // four light modules around it, as ISO/IEC 18004 demands
    start(page, "qr", side, side, &qr.description);
    page.tag("<path class=\"light\" d=\"");
    page.text(&format!("M0,0h{side}v{side}h-{side}z"));
    page.tag("\"/><path class=\"dark\" d=\"");
    for (y, row) in qr.modules.chunks(qr.width.max(1)).enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, dark)| **dark) {
            page.text(&format!("M{},{}h1v1h-1z", x + 4, y + 4));
        }
    }
    page.tag("\"/></svg>\n");
}

fn start(page: &mut Page, class: &'static str, width: usize, height: usize, said: &str) {
    page.tag("<svg class=\"");
    page.tag(class);
    page.tag("\" role=\"img\" viewBox=\"0 0 ");
    page.text(&format!("{width} {height}"));
    page.tag("\" aria-label=\"");
    page.text(said);
    page.tag("\">\n");
}
