//! What may be said of a time that somebody else put to the log: a token says it, and whether to
//! trust its signer must be checked.

use super::blocks::{Block, Cell, Fact, Span, Table, TableForm, Text};
use crate::bundle::document::{Document, Stamp};
use crate::bundle::texts::Texts;
use crate::bundle::when;

/// What is proven of the time of an entry: by a token, or by nothing that is in the bundle.
pub(super) fn proven(texts: &Texts, document: &Document, entry: u64) -> Fact {
    let without = || {
        Fact::new(
            texts,
            "stamps.fact",
            Text::label(texts, "stamps.none").line(),
        )
    };
    fact(texts, document, entry).unwrap_or_else(without)
}

/// The line of an entry that a token covers.
pub(super) fn fact(texts: &Texts, document: &Document, entry: u64) -> Option<Fact> {
    let stamp = document.stamp_of(entry)?;
    let mut text = Text::plain(texts.with("stamps.entry", when::printed_utc(&stamp.time)));
    text.add(": ");
    text.append(Text::words(&stamp.signer));
    text.push(Span::Break);
    text.append(Text::label(texts, "stamps.trust"));
    Some(Fact::new(texts, "stamps.fact", text.line()))
}

/// The same in a table of many.
pub(super) fn mark(texts: &Texts, document: &Document, entry: u64) -> Option<Text> {
    let stamp = document.stamp_of(entry)?;
    let mut text = Text(vec![Span::Break]);
    text.add(&texts.with("stamps.mark", when::printed_utc(&stamp.time)));
    Some(text)
}

/// All tokens, and how each is checked; nothing where there is none.
pub(super) fn stamps(texts: &Texts, document: &Document) -> Vec<Block> {
    if document.stamps.is_empty() {
        return Vec::new();
    }
    let columns = [
        ("stamps.size", 14),
        ("stamps.time", 26),
        ("stamps.signer", 26),
        ("stamps.file", 34),
    ];
    let mut table = Table::new(texts, TableForm::Plain, &columns);
    let rows = document.stamps.iter().map(|stamp| {
        vec![
            Cell::head(Text::plain(stamp.size)),
            Cell::text(Text::plain(when::printed_utc(&stamp.time))),
            Cell::text(Text::words(&stamp.signer)),
            Cell::text(Text::plain(stamp.answer_path())),
        ]
    });
    table.rows = rows.collect();
    let mut blocks = vec![
        Block::heading(texts, 3, "stamps.heading"),
        Block::paragraph(texts, "stamps.help"),
        Block::Table(table),
        Block::paragraph(texts, "stamps.how"),
    ];
    blocks.extend(
        document
            .stamps
            .iter()
            .map(Stamp::command)
            .map(Block::Command),
    );
    blocks
}
