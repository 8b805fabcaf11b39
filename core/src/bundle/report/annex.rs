//! The back of the report: what is not shown, the hashes, how to check, and forms to fill in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::blocks::{Block, Cell, CellKind, Fact, Span, Table, TableForm, Text};
use super::{cover, exhibits, fields, stamps};
use crate::bundle::document::{Body, Document, Entry, Incident};
use crate::bundle::texts::Texts;
use crate::bundle::{certutil, grouped, when};
use crate::log::leaf::PRIVATE;

/// Empty rows for hand-overs; a longer way needs a second copy of the page.
const HAND_OVERS: usize = 8;

pub(super) fn withheld(
    texts: &Texts,
    document: &Document,
    incidents: &[Incident<'_>],
) -> Vec<Block> {
    let mut blocks = vec![
        Block::Sheet,
        Block::section(texts, "withheld", "withheld.heading"),
        Block::heading(texts, 3, "withheld.fields"),
    ];
    blocks.extend(withheld_fields(texts, incidents));
    blocks.push(Block::paragraph(texts, "withheld.private"));
    blocks.push(Block::heading(texts, 3, "withheld.files"));
    blocks.push(absent_files(texts, document));
    blocks.push(Block::heading(texts, 3, "withheld.left_out"));
    let left_out = cover::left_out(texts, document.counts);
    blocks.push(Block::Facts(left_out.into()));
    blocks
}

fn withheld_fields(texts: &Texts, incidents: &[Incident<'_>]) -> Vec<Block> {
    let columns = [
        ("table.number", 20),
        ("withheld.entry", 20),
        ("withheld.fields", 60),
    ];
    let mut table = Table::new(texts, TableForm::Plain, &columns);
    for (at, incident) in incidents.iter().enumerate() {
        let entries = incident.recording.iter().chain(&incident.amendments);
        for entry in entries
            .chain(&incident.withdrawals)
            .chain(&incident.evidence)
        {
            if names(entry).next().is_none() {
                continue;
            }
            table.rows.push(vec![
                Cell::text(Text::incident(texts, at + 1)),
                Cell::text(Text::plain(&entry.id)),
                Cell::text(match entry.exhibit() {
                    Some(exhibit) => Text::exhibit(exhibit),
                    None => fields::withheld_names(texts, names(entry)),
                }),
            ]);
        }
    }
    if table.rows.is_empty() {
        return vec![Block::paragraph(texts, "withheld.none")];
    }
    vec![Block::paragraph(texts, "withheld.how"), Block::Table(table)]
}

fn names(entry: &Entry) -> impl Iterator<Item = &str> {
    let names = entry.withheld.keys().map(String::as_str);
    names.filter(|name| *name != PRIVATE)
}

fn absent_files(texts: &Texts, document: &Document) -> Block {
    let is_absent = |entry: &&Entry| matches!(entry.body, Body::Evidence { file: None, .. });
    let absent = document.exhibits().filter(is_absent);
    let absent = absent.filter_map(|entry| entry.exhibit()).map(|exhibit| {
        let mut text = Text::exhibit(exhibit);
        text.add(": ");
        text.add(&exhibit.note_path());
        text.line()
    });
    let absent: Vec<_> = absent.collect();
    if absent.is_empty() {
        return Block::paragraph(texts, "withheld.files_none");
    }
    Block::List(absent)
}

pub(super) fn hashes(texts: &Texts, document: &Document) -> Vec<Block> {
    let columns = [
        ("hashes.item", 14),
        ("exhibit.file", 24),
        ("hashes.hash", 62),
    ];
    let mut table = Table::new(texts, TableForm::Plain, &columns);
    for entry in document.exhibits() {
        let Body::Evidence {
            evidence,
            exhibit,
            file,
            copy,
            ..
        } = &entry.body
        else {
            continue;
        };
        table.rows.push(vec![
            Cell::head(Text::exhibit(*exhibit)),
            Cell::text(match file {
                Some(file) => Text::plain(file.path()),
                None => Text::label(texts, "exhibit.absent"),
            }),
            match evidence {
                Some(evidence) => Cell::new(
                    CellKind::Hash,
                    Text(vec![Span::Hash(grouped(&evidence.sha256))]),
                ),
                None => Cell::text(Text::label(texts, "exhibit.withheld")),
            },
        ]);
        if let Some(copy) = copy {
            let mut name = Text::plain(copy.file.path());
            name.push(Span::Break);
            name.append(Text::label(texts, exhibits::copy_mark(copy)));
            table.rows.push(vec![
                Cell::head(Text::exhibit(*exhibit)),
                Cell::text(name),
                Cell::new(
                    CellKind::Hash,
                    Text(vec![Span::Hash(grouped(&copy.sha256))]),
                ),
            ]);
        }
    }
    let mut blocks = vec![
        Block::Sheet,
        Block::section(texts, "hashes", "hashes.heading"),
        Block::paragraph(texts, "hashes.help"),
        Block::heading(texts, 3, "hashes.files"),
    ];
    if table.rows.is_empty() {
        blocks.push(Block::paragraph(texts, "exhibits.none"));
    } else {
        blocks.push(Block::Table(table));
    }
    blocks.push(Block::heading(texts, 3, "hashes.log"));
    blocks.push(Block::Facts(log(texts, document)));
    blocks.extend(stamps::stamps(texts, document));
    blocks.push(Block::heading(texts, 3, "hashes.entries"));
    blocks.push(Block::Table(entries(texts, document)));
    blocks
}

fn log(texts: &Texts, document: &Document) -> Vec<Fact> {
    let hash = |key: &str, hash: String| Fact::new(texts, key, Text(vec![Span::Hash(hash)]).line());
    vec![
        hash("hashes.checkpoint", grouped(&document.checkpoint_hash())),
        hash("hashes.origin", document.log.origin.clone()),
        Fact::plain(texts, "cover.entries_in_log", document.log.size),
        hash("hashes.root", STANDARD.encode(document.log.root)),
    ]
}

/// Every entry with its time as it was written, to the second, and the file that proves its place.
fn entries(texts: &Texts, document: &Document) -> Table {
    let columns = [
        ("hashes.entry", 14),
        ("hashes.kind", 22),
        ("hashes.written", 30),
        ("hashes.proof", 34),
    ];
    let mut table = Table::new(texts, TableForm::Plain, &columns);
    let rows = document.entries.iter().map(|entry| {
        let kind = format!("kind.{}", entry.kind());
        let mut written = Text::plain(&entry.recorded.at);
        if let Some(mark) = stamps::mark(texts, document, entry.number) {
            written.append(mark);
        }
        vec![
            Cell::head(Text::plain(&entry.id)),
            Cell::text(Text::label(texts, &kind)),
            Cell::new(CellKind::Time, written),
            Cell::text(Text::plain(entry.proof_path())),
        ]
    });
    table.rows = rows.collect();
    table
}

pub(super) fn check(texts: &Texts, document: &Document) -> [Block; 3] {
    let mut file = Text::label(texts, "check.file").line();
    file.push(Block::Command(certutil(document)));
    let mut expert = Text::label(texts, "check.expert");
    expert.add(" ");
    expert.append(Text::label(texts, "check.elsewhere"));
    [
        Block::Sheet,
        Block::section(texts, "check", "check.heading"),
        Block::Numbered(vec![
            (1, Text::label(texts, "check.code").line()),
            (2, file),
            (3, expert.line()),
        ]),
    ]
}

pub(super) fn certificates(texts: &Texts, document: &Document) -> [Block; 8] {
    let blank = |key: &str| Fact::new(texts, key, vec![Block::Blank]);
    let program = Text::words(&document.exported.renderer);
    let maker = vec![
        blank("certificate.name"),
        blank("certificate.device"),
        blank("certificate.system"),
        Fact::new(texts, "certificate.program", program.line()),
        blank("certificate.where"),
        blank("certificate.signature"),
    ];
    let checker = [
        "certificate.name",
        "certificate.position",
        "certificate.program",
        "certificate.files",
        "certificate.code_source",
        "certificate.result",
        "certificate.where",
        "certificate.signature",
    ];
    [
        Block::Sheet,
        Block::section(texts, "certificate", "certificate.heading"),
        Block::heading(texts, 3, "certificate.maker"),
        Block::paragraph(texts, "certificate.maker_text"),
        Block::Facts(maker),
        Block::heading(texts, 3, "certificate.checker"),
        Block::paragraph(texts, "certificate.checker_text"),
        Block::Facts(checker.map(blank).into()),
    ]
}

pub(super) fn custody(texts: &Texts, document: &Document) -> [Block; 3] {
    let columns = [
        ("custody.when", 13),
        ("custody.what", 13),
        ("custody.from", 14),
        ("custody.to", 14),
        ("custody.why", 14),
        ("custody.compared", 18),
        ("custody.signature", 14),
    ];
    let mut table = Table::new(texts, TableForm::Form, &columns);
    let audience = document.exported.audience.as_deref();
    let empty = || Cell::data(Vec::new());
    table.rows.push(vec![
        Cell::text(Text::plain(when::printed(&document.exported.at.at))),
        Cell::text(Text::label(texts, "custody.made")),
        empty(),
        empty(),
        audience.map_or_else(empty, |audience| Cell::text(Text::words(audience))),
        empty(),
        empty(),
    ]);
    for _ in 0..HAND_OVERS {
        table.rows.push(columns.map(|_| empty()).into());
    }
    [
        Block::Sheet,
        Block::section(texts, "custody", "custody.heading"),
        Block::Table(table),
    ]
}
