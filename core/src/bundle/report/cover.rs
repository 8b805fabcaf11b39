//! The first page with the contents, and how the report was made.

use qrcode::{EcLevel, QrCode};

use super::blocks::{Anchor, Block, Fact, Heading, Qr, Span, Text};
use super::{code, commas, ends, fields};
use crate::bundle::Rendering;
use crate::bundle::document::{Chosen, Counts, Document, Incident};
use crate::bundle::texts::Texts;
use crate::bundle::when;
use crate::hex;

/// What no check of a bundle can show.
pub(in crate::bundle) const LIMITS: [&str; 7] = [
    "limit.happened",
    "limit.clock",
    "limit.omitted",
    "limit.later",
    "limit.passphrase",
    "limit.second_log",
    "limit.key",
];

/// The parts after the first page, in order.
const PARTS: [(&str, &str); 10] = [
    ("method", "method.heading"),
    ("conduct", "conduct.heading"),
    ("table", "table.heading"),
    ("incidents", "incidents.heading"),
    ("exhibits", "exhibits.heading"),
    ("withheld", "withheld.heading"),
    ("hashes", "hashes.heading"),
    ("check", "check.heading"),
    ("certificate", "certificate.heading"),
    ("custody", "custody.heading"),
];

pub(super) fn cover(
    texts: &Texts,
    rendering: &Rendering<'_>,
    incidents: &[Incident<'_>],
) -> Vec<Block> {
    let document = rendering.document;
    let mut blocks = vec![
        Block::Heading(Heading {
            level: 1,
            text: texts.get("report.title").to_owned(),
            anchor: None,
        }),
        Block::section(texts, "cover", "cover.heading"),
        Block::paragraph(texts, "cover.intro"),
    ];
    let audience = match document.exported.audience.as_deref() {
        Some(audience) => Text::words(audience),
        None => Text::label(texts, "cover.audience_none"),
    };
    let mut facts = vec![
        Fact::new(texts, "cover.fingerprint", fingerprint(texts, rendering)),
        Fact::new(texts, "cover.audience", audience.line()),
    ];
    facts.extend(counts(texts, document.counts));
    facts.extend(period(texts, &document.selection));
    let standing = incidents.iter().filter(|incident| !incident.is_withdrawn());
    for (key, end) in ["cover.first", "cover.last"]
        .into_iter()
        .zip(ends(standing))
    {
        if let Some(end) = end {
            let occurred = fields::occurred(texts, end.stands.value("occurred"));
            facts.push(Fact::new(texts, key, occurred));
        }
    }
    facts.extend(filters(texts, &document.selection));
    facts.extend(made(texts, document));
    blocks.push(Block::Facts(facts));
    blocks.push(Block::Sheet);
    blocks.push(Block::heading(texts, 2, "report.contents"));
    let contents = PARTS.map(|(part, key)| (Anchor::Section(part), texts.get(key).to_owned()));
    blocks.push(Block::Contents(contents.into()));
    blocks
}

/// The code as text, and for cameras together with all 256 bits of the hash it is cut from.
fn fingerprint(texts: &Texts, rendering: &Rendering<'_>) -> Vec<Block> {
    let mut text = Text(vec![
        Span::Code(rendering.fingerprint.to_owned()),
        Span::Break,
    ]);
    text.append(Text::label(texts, "cover.fingerprint_help"));
    let mut blocks = text.line();
    let hash = hex::encode(&rendering.document.checkpoint_hash()).to_uppercase();
    let content = format!("{} {hash}", rendering.fingerprint);
    // Capital letters and digits, 94 of them: always fits, in the smallest kind of code.
    if let Ok(qr) = QrCode::with_error_correction_level(content, EcLevel::M) {
        blocks.push(Block::Qr(Qr {
            description: texts.with("cover.qr", rendering.fingerprint),
            width: qr.width(),
            modules: qr
                .into_colors()
                .into_iter()
                .map(|color| color == qrcode::Color::Dark)
                .collect(),
        }));
    }
    blocks
}

pub(super) fn method(texts: &Texts) -> Vec<Block> {
    let mut blocks = vec![Block::section(texts, "method", "method.heading")];
    for key in [
        "method.made",
        "method.changes",
        "method.tree",
        "method.check",
        "method.times",
        "method.key",
        "method.private",
        "method.source",
    ] {
        blocks.push(Block::paragraph(texts, key));
    }
    blocks.push(Block::heading(texts, 3, "method.limits"));
    let limits = LIMITS.iter().map(|key| Text::label(texts, key).line());
    blocks.push(Block::List(limits.collect()));
    blocks.push(Block::paragraph(texts, "method.decides"));
    blocks.push(Block::paragraph(texts, "method.words"));
    blocks
}

/// Numbers of incidents and entries, shown and not shown.
fn counts(texts: &Texts, counts: Counts) -> Vec<Fact> {
    let mut facts = vec![
        Fact::plain(texts, "cover.incidents_shown", counts.incidents_shown),
        Fact::plain(texts, "cover.incidents_in_log", counts.incidents_in_log),
        Fact::plain(texts, "cover.entries_shown", counts.entries_shown),
        Fact::plain(texts, "cover.entries_in_log", counts.entries_in_log),
    ];
    facts.extend(left_out(texts, counts));
    if counts.lost > 0 {
        let mut lost = Text::words(&counts.lost.to_string());
        lost.0.push(Span::Break);
        lost.append(Text::label(texts, "cover.lost_help"));
        facts.push(Fact::new(texts, "cover.lost", lost.line()));
    }
    facts
}

pub(super) fn left_out(texts: &Texts, counts: Counts) -> [Fact; 2] {
    [
        Fact::plain(texts, "cover.left_out", counts.left_out),
        Fact::plain(texts, "cover.unknown_time", counts.unknown_time),
    ]
}

/// The period asked for.
fn period(texts: &Texts, chosen: &Chosen) -> Vec<Fact> {
    if chosen.from.is_none() && chosen.to.is_none() {
        let none = Text::label(texts, "cover.period_all");
        return vec![Fact::new(texts, "cover.period", none.line())];
    }
    let ends = [
        ("cover.period_from", &chosen.from),
        ("cover.period_to", &chosen.to),
    ];
    let ends = ends.into_iter().filter_map(|(key, time)| {
        let time = Text::words(&when::printed(time.as_ref()?));
        Some(Fact::new(texts, key, time.line()))
    });
    ends.collect()
}

fn filters(texts: &Texts, chosen: &Chosen) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (key, list, codes) in [
        ("cover.only_behaviours", &chosen.behaviours, "behaviours"),
        ("cover.only_people", &chosen.people, ""),
        ("cover.only_incidents", &chosen.incidents, ""),
        ("cover.without", &chosen.without, ""),
    ] {
        if !list.is_empty() {
            let names = commas(list.iter().map(|text| code(texts, codes, text)));
            facts.push(Fact::new(texts, key, names.line()));
        }
    }
    facts
}

fn made(texts: &Texts, document: &Document) -> [Fact; 3] {
    let exported = &document.exported;
    let language = code(texts, "language", exported.language.code());
    let renderer = Text::words(&exported.renderer);
    [
        Fact::plain(texts, "cover.exported", when::printed(&exported.at.at)),
        Fact::new(texts, "cover.language", language.line()),
        Fact::new(texts, "cover.renderer", renderer.line()),
    ]
}
