//! The blocks of a report as HTML.

use super::drawings;
use super::page::Page;
use crate::bundle::report::{
    Anchor, Block, Cell, CellKind, Fact, Heading, Picture, Span, Table, TableForm, Text,
};

/// All blocks of a report, each part in a `<section>`.
pub(super) fn write(page: &mut Page, blocks: &[Block]) {
    let mut in_section = false;
    let mut new_sheet = false;
    let parts = blocks.iter().flat_map(|block| match block {
        Block::Together(parts) => parts.as_slice(),
        other => std::slice::from_ref(other),
    });
    for block in parts {
        match block {
            Block::Sheet => new_sheet = true,
            Block::Heading(heading) => {
                if heading.level <= 2 && in_section {
                    page.tag("</section>\n");
                    in_section = false;
                }
                if heading.level == 2 {
                    page.tag(match new_sheet {
                        true => "<section class=\"sheet\">\n",
                        false => "<section>\n",
                    });
                    in_section = true;
                    new_sheet = false;
                }
                title(page, heading, new_sheet);
                new_sheet = false;
            }
            _ => on_sheet(page, block),
        }
    }
    if in_section {
        page.tag("</section>\n");
    }
}

fn on_sheet(page: &mut Page, block: &Block) {
    match block {
        Block::Facts(list) => facts(page, list, true),
        Block::Together(blocks) => blocks.iter().for_each(|block| on_sheet(page, block)),
        _ => inner(page, block),
    }
}

fn title(page: &mut Page, heading: &Heading, new_sheet: bool) {
    let (start, end) = match heading.level {
        1 => ("<h1", "</h1>\n"),
        2 => ("<h2", "</h2>\n"),
        3 => ("<h3", "</h3>\n"),
        _ => ("<h4", "</h4>\n"),
    };
    page.tag(start);
    if let Some(anchor) = heading.anchor {
        page.tag(" id=\"");
        name(page, anchor);
        page.tag("\"");
    }
    page.tag(if new_sheet { " class=\"sheet\">" } else { ">" });
    page.text(&heading.text);
    page.tag(end);
}

/// The name of a place, made of our own words and numbers alone.
fn name(page: &mut Page, anchor: Anchor) {
    match anchor {
        Anchor::Section(section) => page.tag(section),
        Anchor::Incident(number) => page.text(&format!("incident-{number}")),
        Anchor::Exhibit(exhibit) => page.text(&exhibit.to_string()),
    }
}

/// A block inside another, and most of them anywhere.
fn inner(page: &mut Page, block: &Block) {
    match block {
        Block::Heading(heading) => title(page, heading, false),
        Block::Line(line) => text(page, line),
        Block::Paragraph(paragraph) => {
            page.tag("<p>");
            text(page, paragraph);
            page.tag("</p>\n");
        }
        Block::Quote(words) => {
            page.tag("<div class=\"words\">");
            page.words(words);
            page.tag("</div>");
        }
        Block::Large(command) | Block::Command(command) => {
            page.tag("<pre>");
            page.text(command);
            page.tag("</pre>");
        }
        Block::List(items) => list(page, items),
        Block::Numbered(items) => numbered(page, items),
        Block::Facts(list) => facts(page, list, false),
        Block::Table(table) => self::table(page, table),
        Block::Notice(blocks) => {
            page.tag("<div class=\"notice\">\n");
            blocks.iter().for_each(|block| on_sheet(page, block));
            page.tag("</div>\n");
        }
        Block::Picture(picture) => self::picture(page, picture),
        Block::Timeline(timeline) => drawings::timeline(page, timeline),
        Block::Qr(qr) => drawings::qr(page, qr),
        Block::Contents(parts) => contents(page, parts),
        Block::Together(blocks) => blocks.iter().for_each(|block| inner(page, block)),
        Block::Blank | Block::Sheet => {}
    }
}

fn text(page: &mut Page, text: &Text) {
    for span in &text.0 {
        match span {
            Span::Plain(text) => page.text(text),
            Span::Words(words) => page.words(words),
            Span::Strong(text) => wrapped(page, "<strong>", text, "</strong>"),
            Span::Code(text) => wrapped(page, "<strong class=\"code\">", text, "</strong>"),
            Span::Hash(text) => wrapped(page, "<span class=\"hash\">", text, "</span>"),
            Span::Mark(text) => wrapped(page, "<span class=\"mark\">", text, "</span>"),
            Span::Link(anchor, text) => link(page, *anchor, text),
            Span::File(file) => page.file_link(file),
            Span::Break => page.tag("<br>"),
        }
    }
}

fn wrapped(page: &mut Page, start: &'static str, text: &str, end: &'static str) {
    page.tag(start);
    page.text(text);
    page.tag(end);
}

fn link(page: &mut Page, anchor: Anchor, text: &str) {
    page.tag("<a href=\"#");
    name(page, anchor);
    page.tag("\">");
    page.text(text);
    page.tag("</a>");
}

fn list(page: &mut Page, items: &[Vec<Block>]) {
    page.tag("<ul>\n");
    for item in items {
        page.tag("<li>");
        all(page, item);
        page.tag("</li>\n");
    }
    page.tag("</ul>\n");
}

fn numbered(page: &mut Page, items: &[(u64, Vec<Block>)]) {
    page.tag("<ol>");
    for (number, item) in items {
        page.tag("<li value=\"");
        page.text(&number.to_string());
        page.tag("\">");
        all(page, item);
        page.tag("</li>\n");
    }
    page.tag("</ol>");
}

/// On the sheet itself the terms stand in a column of their own.
fn facts(page: &mut Page, facts: &[Fact], is_on_sheet: bool) {
    page.tag(if is_on_sheet {
        "<dl class=\"facts\">\n"
    } else {
        "<dl>\n"
    });
    for fact in facts {
        page.tag("<dt>");
        text(page, &fact.term);
        page.tag(match fact.content.as_slice() {
            [Block::Blank] => "</dt><dd class=\"fill\">",
            _ => "</dt><dd>",
        });
        all(page, &fact.content);
        page.tag("</dd>\n");
    }
    page.tag("</dl>\n");
}

fn table(page: &mut Page, table: &Table) {
    page.tag(match table.form {
        TableForm::Plain => "<div class=\"wide\"><table class=\"plain\">\n<thead><tr>",
        TableForm::Summary => "<div class=\"wide\"><table class=\"summary\">\n<thead><tr>",
        TableForm::Form => "<div class=\"wide rows\"><table class=\"even\">\n<thead><tr>",
    });
    for column in &table.columns {
        wrapped(page, "<th scope=\"col\">", &column.label, "</th>");
    }
    page.tag("</tr></thead>\n<tbody>\n");
    for row in &table.rows {
        page.tag("<tr>");
        row.iter().for_each(|cell| self::cell(page, cell));
        page.tag("</tr>\n");
    }
    page.tag("</tbody></table></div>\n");
}

fn cell(page: &mut Page, cell: &Cell) {
    let (start, end) = match cell.kind {
        CellKind::Head => ("<th scope=\"row\">", "</th>"),
        CellKind::Data => ("<td>", "</td>"),
        CellKind::Number => ("<td class=\"number\">", "</td>"),
        CellKind::Time => ("<td class=\"time\">", "</td>"),
        CellKind::Hash => ("<td class=\"hash\">", "</td>"),
    };
    page.tag(start);
    all(page, &cell.content);
    page.tag(end);
}

fn picture(page: &mut Page, picture: &Picture) {
    page.tag("<figure>\n");
    page.picture(&picture.file, picture.exhibit);
    page.tag("<figcaption>");
    text(page, &picture.caption);
    page.tag("</figcaption>\n</figure>\n");
}

fn contents(page: &mut Page, parts: &[(Anchor, String)]) {
    page.tag("<nav>\n<ul>\n");
    for (anchor, text) in parts {
        page.tag("<li>");
        link(page, *anchor, text);
        page.tag("</li>\n");
    }
    page.tag("</ul>\n</nav>\n");
}

fn all(page: &mut Page, blocks: &[Block]) {
    blocks.iter().for_each(|block| inner(page, block));
}
