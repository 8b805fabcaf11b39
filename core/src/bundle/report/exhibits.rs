//! The exhibits: the picture or its description, and everything the log says about the file.

use std::collections::BTreeMap;

use super::blocks::{Anchor, Block, Fact, Heading, Picture, Span, Text};
use super::{code, fields, incidents};
use crate::bundle::document::{
    Body, Document, Entry, Evidence, EvidenceCopy, EvidenceFile, Exhibit, Incident,
};
use crate::bundle::grouped;
use crate::bundle::texts::Texts;

/// Pictures that browsers show, by type and by extension; both must fit.
const PICTURES: [(&str, &str); 6] = [
    ("image/jpeg", "jpg"),
    ("image/jpeg", "jpeg"),
    ("image/png", "png"),
    ("image/gif", "gif"),
    ("image/webp", "webp"),
    ("image/avif", "avif"),
];

pub(super) fn exhibits(texts: &Texts, document: &Document, shown: &[Incident<'_>]) -> Vec<Block> {
    let mut blocks = vec![Block::Sheet];
    blocks.extend(some_exhibits(texts, document, shown, |_| true));
    blocks
}

/// Those exhibits that are wanted, under their heading.
pub(super) fn some_exhibits(
    texts: &Texts,
    document: &Document,
    shown: &[Incident<'_>],
    is_wanted: impl Fn(Exhibit) -> bool,
) -> Vec<Block> {
    let heading = Block::section(texts, "exhibits", "exhibits.heading");
    let numbers: BTreeMap<u64, usize> = shown
        .iter()
        .enumerate()
        .map(|(at, incident)| (incident.number, at + 1))
        .collect();
    let wanted = |entry: &&Entry| entry.exhibit().is_some_and(&is_wanted);
    let wanted = document.exhibits().filter(wanted).map(|entry| {
        let number = numbers.get(&entry.subject()).copied();
        exhibit(texts, entry, number.unwrap_or_default())
    });
    let mut wanted: Vec<_> = wanted.collect();
    match wanted.first_mut() {
        // Or it would stand alone on a sheet where the first exhibit fills the next one.
        Some(first) => first.insert(0, heading),
        None => return vec![heading, Block::paragraph(texts, "exhibits.none")],
    }
    wanted.into_iter().map(Block::Together).collect()
}

fn exhibit(texts: &Texts, entry: &Entry, incident: usize) -> Vec<Block> {
    let Body::Evidence {
        evidence,
        exhibit,
        file,
        copy,
        ..
    } = &entry.body
    else {
        return Vec::new();
    };
    let title = texts.with("exhibit.title", exhibit);
    let (mark, help) = match (evidence, file, copy) {
        (None, ..) => ("exhibit.withheld", "exhibit.withheld_help"),
        (Some(_), Some(_), _) => ("exhibit.original", "exhibit.original_help"),
        (Some(_), None, Some(copy)) => (copy_mark(copy), copy_help(copy)),
        (Some(_), None, None) => ("exhibit.absent", "exhibit.absent_help"),
    };
    let shown = file.as_ref().or(copy.as_ref().map(|copy| &copy.file));
    let mut marked = Text(vec![Span::Mark(texts.get(mark).to_owned())]);
    marked.add(" ");
    marked.append(Text::label(texts, help));
    let mut blocks = vec![
        Block::Heading(Heading {
            level: 3,
            text: title.clone(),
            anchor: Some(Anchor::Exhibit(*exhibit)),
        }),
        Block::Paragraph(marked),
    ];
    if let (Some(evidence), Some(file)) = (evidence, shown) {
        blocks.push(content(texts, evidence, file, *exhibit, (title, mark)));
    }
    let attached = incidents::written(texts, &entry.recorded);
    let mut facts = vec![
        Fact::new(
            texts,
            "exhibit.incident",
            Text::incident(texts, incident).line(),
        ),
        Fact::plain(texts, "exhibit.entry", &entry.id),
        Fact::new(texts, "exhibit.attached", attached.line()),
    ];
    if let Some(evidence) = evidence {
        facts.extend(said(texts, evidence));
    }
    let place = match shown {
        Some(file) => Text(vec![Span::File(file.clone())]),
        None => Text::plain(exhibit.note_path()),
    };
    facts.push(Fact::new(texts, "exhibit.file", place.line()));
    if let Some(copy) = copy {
        facts.extend(said_of_copy(texts, copy));
    }
    blocks.push(Block::Facts(facts));
    blocks
}

fn content(
    texts: &Texts,
    evidence: &Evidence,
    file: &EvidenceFile,
    exhibit: Exhibit,
    (title, mark): (String, &str),
) -> Block {
    let is_picture = PICTURES.iter().any(|(media, extension)| {
        *extension == file.extension() && (file.is_copy() || *media == evidence.media_type)
    });
    if !is_picture {
        return Block::paragraph(texts, "exhibit.open");
    }
    let mut caption = Text::plain(title);
    caption.add(" · ");
    caption.push(Span::Strong(texts.get(mark).to_owned()));
    caption.add(" · ");
    caption.append(Text::words(&evidence.name));
    Block::Picture(Picture {
        file: file.clone(),
        exhibit,
        caption,
    })
}

/// The mark on a copy.
pub(super) fn copy_mark(copy: &EvidenceCopy) -> &'static str {
    match copy.covered {
        0 => "exhibit.copy",
        _ => "exhibit.covered",
    }
}

/// What it means for whoever sees it.
pub(in crate::bundle) fn copy_help(copy: &EvidenceCopy) -> &'static str {
    match copy.covered {
        0 => "exhibit.copy_help",
        _ => "exhibit.covered_help",
    }
}

fn said_of_copy(texts: &Texts, copy: &EvidenceCopy) -> Vec<Fact> {
    let hash = Text(vec![Span::Hash(grouped(&copy.sha256))]);
    vec![
        Fact::plain(texts, "exhibit.copy_bytes", copy.bytes),
        Fact::new(texts, "exhibit.copy_sha256", hash.line()),
    ]
}

/// What the log says about the file.
fn said(texts: &Texts, evidence: &Evidence) -> Vec<Fact> {
    let hash = Text(vec![Span::Hash(grouped(&evidence.sha256))]);
    let mut facts = vec![
        Fact::new(
            texts,
            "field.evidence.name",
            Text::words(&evidence.name).line(),
        ),
        Fact::plain(texts, "field.evidence.bytes", evidence.bytes),
        Fact::new(
            texts,
            "field.evidence.media_type",
            Text::words(&evidence.media_type).line(),
        ),
        Fact::new(texts, "field.evidence.sha256", hash.line()),
    ];
    if let Some(how) = &evidence.how {
        let how = code(texts, "how", how);
        facts.push(Fact::new(texts, "field.evidence.how", how.line()));
    }
    if let Some(note) = &evidence.note {
        let note = Text::words(note);
        facts.push(Fact::new(texts, "field.evidence.note", note.line()));
    }
    if let Some(claimed) = &evidence.claimed {
        let claimed = fields::members(texts, "evidence.claimed", claimed);
        let claimed = vec![Block::Facts(claimed)];
        facts.push(Fact::new(texts, "field.evidence.claimed", claimed));
    }
    facts
}
