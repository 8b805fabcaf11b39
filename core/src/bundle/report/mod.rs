//! What the reports say and in which order. HTML and PDF are made from the same blocks, so they
//! cannot differ in what they say.

mod annex;
mod blocks;
mod conduct;
mod cover;
mod exhibits;
mod fields;
mod incidents;
mod people;
mod stamps;
mod timeline;

use super::Rendering;
use super::document::{Exhibit, Incident};
use super::texts::{Language, Texts};
use super::when::Moment;
use crate::collation::First;

pub(in crate::bundle) use self::blocks::{
    Anchor, Block, Cell, CellKind, Fact, Heading, Picture, Qr, Span, Table, TableForm, Text,
    Timeline,
};
pub(in crate::bundle) use self::cover::LIMITS;
pub(in crate::bundle) use self::exhibits::copy_help;
pub(in crate::bundle) use self::fields::withheld_name;

/// The report in the document's language. It shows whatever the document holds and cannot fail.
pub(in crate::bundle) fn report(rendering: &Rendering<'_>) -> Vec<Block> {
    let document = rendering.document;
    let texts = document.exported.language.texts();
    let incidents = in_order(document.incidents());
    let mut blocks = cover::cover(texts, rendering, &incidents);
    blocks.extend(cover::method(texts));
    let first = match document.exported.language {
        Language::English => First::Latin,
        Language::Kazakh | Language::Russian => First::Cyrillic,
    };
    blocks.extend(conduct::conduct(texts, first, &incidents));
    blocks.extend(incidents::summary(texts, &incidents));
    blocks.extend(incidents::one_by_one(texts, document, &incidents));
    blocks.extend(exhibits::exhibits(texts, document, &incidents));
    blocks.extend(annex::withheld(texts, document, &incidents));
    blocks.extend(annex::hashes(texts, document));
    blocks.extend(annex::check(texts, document));
    blocks.extend(annex::certificates(texts, document));
    blocks.extend(annex::custody(texts, document));
    blocks
}

/// One volume of the report on paper: the first is the report, the others are the exhibits whose
/// pictures found no room in it. `volume_of` says where the picture of an exhibit stands.
pub(in crate::bundle) fn volume(
    rendering: &Rendering<'_>,
    volume: usize,
    volume_of: impl Fn(Exhibit) -> Option<usize>,
) -> Vec<Block> {
    if volume == 0 {
        return report(rendering);
    }
    let document = rendering.document;
    let texts = document.exported.language.texts();
    let incidents = in_order(document.incidents());
    let is_here = |exhibit| volume_of(exhibit) == Some(volume);
    let mut blocks = vec![
        Block::heading(texts, 1, "report.title"),
        Block::Paragraph(Text::plain(texts.with("print.volume", volume + 1))),
    ];
    blocks.extend(exhibits::some_exhibits(
        texts, document, &incidents, is_here,
    ));
    blocks
}

/// By the time they happened, as stated; those without a known time at the end, in order of
/// recording.
pub(in crate::bundle) fn in_order(mut incidents: Vec<Incident<'_>>) -> Vec<Incident<'_>> {
    incidents.sort_by_key(|incident| {
        let from = occurred(incident, "from").and_then(Moment::read);
        (
            from.map_or(i64::MAX, |moment| moment.order()),
            incident.number,
        )
    });
    incidents
}

/// A text of `occurred` as the incident stands.
pub(in crate::bundle) fn occurred<'a>(incident: &Incident<'a>, name: &str) -> Option<&'a str> {
    let occurred = incident.stands.value("occurred")?.as_object()?;
    occurred.get(name)?.as_text()
}

/// The first and the last of these incidents whose time is known.
fn ends<'a, 'b>(
    incidents: impl DoubleEndedIterator<Item = &'b Incident<'a>> + Clone,
) -> [Option<&'b Incident<'a>>; 2]
where
    'a: 'b,
{
    let is_timed =
        |incident: &&Incident<'_>| occurred(incident, "from").and_then(Moment::read).is_some();
    let first = incidents.clone().find(is_timed);
    [first, incidents.rev().find(is_timed)]
}

/// `A, B, C`.
fn commas(parts: impl Iterator<Item = Text>) -> Text {
    let mut all = Text::default();
    for part in parts {
        if !all.is_empty() {
            all.add(", ");
        }
        all.append(part);
    }
    all
}

/// A code by its label; one that is not known as it stands.
fn code(texts: &Texts, list: &str, code: &str) -> Text {
    match texts.code(list, code) {
        Some(label) => Text::plain(label),
        None => Text::words(code),
    }
}
