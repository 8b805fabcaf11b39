//! The summary table, and one sheet for each incident with all its history.

use super::blocks::{Anchor, Block, Cell, Fact, Heading, Span, Table, TableForm, Text};
use super::{code, commas, fields, stamps};
use crate::bundle::document::{
    Body, ClockFlag, Document, Entry, Incident, Recorded, State, touched,
};
use crate::bundle::texts::Texts;
use crate::bundle::visible::is_hidden;
use crate::bundle::when;
use crate::canonical::Value;

/// Longest title taken from the first line of her words, in characters.
const TITLE: usize = 80;

pub(super) fn summary(texts: &Texts, incidents: &[Incident<'_>]) -> [Block; 5] {
    let columns = [
        ("table.number", 6),
        ("table.happened", 19),
        ("table.written", 15),
        ("table.kinds", 15),
        ("table.place", 13),
        ("table.words", 18),
        ("table.marks", 14),
    ];
    let mut table = Table::new(texts, TableForm::Summary, &columns);
    let rows = incidents.iter().enumerate();
    table.rows = rows
        .map(|(at, incident)| row(texts, at + 1, incident))
        .collect();
    [
        Block::Sheet,
        Block::section(texts, "table", "table.heading"),
        Block::paragraph(texts, "table.order"),
        Block::paragraph(texts, "table.numbers"),
        Block::Table(table),
    ]
}

pub(super) fn one_by_one(
    texts: &Texts,
    document: &Document,
    incidents: &[Incident<'_>],
) -> Vec<Block> {
    let mut blocks = vec![
        Block::Sheet,
        Block::section(texts, "incidents", "incidents.heading"),
    ];
    for (at, incident) in incidents.iter().enumerate() {
        // A sheet each, but for those of which nothing is left to show.
        let is_empty = |incident: &Incident<'_>| incident.recording.is_none();
        let before = at.checked_sub(1).and_then(|at| incidents.get(at));
        if before.is_some_and(|before| !(is_empty(before) && is_empty(incident))) {
            blocks.push(Block::Sheet);
        }
        blocks.extend(sheet(texts, document, at + 1, incident));
    }
    blocks
}

/// Device clock, and whether it had been odd.
pub(super) fn written(texts: &Texts, recorded: &Recorded) -> Text {
    let mut text = Text::plain(when::printed(&recorded.at));
    if let Some(flag) = recorded.clock {
        text.push(Span::Break);
        text.append(Text::label(
            texts,
            match flag {
                ClockFlag::Back => "incident.clock_back",
                ClockFlag::Jumped => "incident.clock_jumped",
            },
        ));
    }
    text
}

fn row(texts: &Texts, number: usize, incident: &Incident<'_>) -> Vec<Cell> {
    let recording = incident
        .recording
        .map(|entry| when::printed(&entry.recorded.at));
    let link = Span::Link(Anchor::Incident(number), number.to_string());
    let exhibits = incident.evidence.iter().filter_map(|entry| entry.exhibit());
    let marks = Some(marks(texts, incident)).filter(|marks| !marks.is_empty());
    let marked = commas(exhibits.map(Text::exhibit).chain(marks));
    vec![
        Cell::head(Text(vec![link])),
        Cell::data(fields::occurred(texts, incident.stands.value("occurred"))),
        Cell::text(Text::plain(recording.unwrap_or_default())),
        Cell::text(kinds(texts, incident)),
        Cell::text(place(texts, incident)),
        Cell::text(first_words(texts, incident)),
        Cell::text(marked),
    ]
}

/// Says so where a field, or a part of it, is withheld.
fn note_withheld(texts: &Texts, incident: &Incident<'_>, name: &str, text: &mut Text) {
    let field = incident.stands.field(name);
    if let Some(field) = field.filter(|field| !field.withheld.is_empty()) {
        text.add(if field.value.is_some() { "; " } else { "" });
        text.append(Text::label(texts, "incident.withheld"));
    }
}

fn kinds(texts: &Texts, incident: &Incident<'_>) -> Text {
    let list = incident.stands.value("behaviours").and_then(Value::as_list);
    let codes = list.unwrap_or_default().iter().filter_map(Value::as_text);
    let mut text = commas(codes.map(|kind| code(texts, "behaviours", kind)));
    note_withheld(texts, incident, "behaviours", &mut text);
    text
}

fn place(texts: &Texts, incident: &Incident<'_>) -> Text {
    let place = incident.stands.value("place").and_then(Value::as_object);
    let member = |name: &str| place.and_then(|place| place.get(name)?.as_text());
    let class = member("class").map(|class| code(texts, "place.class", class));
    let mut text = class.unwrap_or_default();
    if let Some(words) = member("text") {
        if !text.is_empty() {
            text.add(": ");
        }
        text.append(Text::words(words));
    }
    note_withheld(texts, incident, "place", &mut text);
    text
}

/// The first line of her words that has something to read.
fn first_words(texts: &Texts, incident: &Incident<'_>) -> Text {
    let readable = |line: &&str| line.chars().any(|c| !c.is_whitespace() && !is_hidden(c));
    let mut text = Text::default();
    note_withheld(texts, incident, "narrative", &mut text);
    let narrative = incident.text("narrative").unwrap_or_default();
    let Some(line) = narrative.lines().map(str::trim).find(readable) else {
        return text;
    };
    text.append(match line.char_indices().nth(TITLE) {
        Some((end, _)) => Text::words(&format!("{}…", line.get(..end).unwrap_or(line))),
        None => Text::words(line),
    });
    text
}

fn marks(texts: &Texts, incident: &Incident<'_>) -> Text {
    let mut entries = incident.recording.iter().chain(&incident.amendments);
    let odd_clock = entries.any(|entry| entry.recorded.clock.is_some());
    let withheld_item =
        |entry: &&Entry| matches!(entry.body, Body::Evidence { evidence: None, .. });
    let withheld = !incident.withheld().is_empty() || incident.evidence.iter().any(withheld_item);
    let marks = [
        (incident.is_withdrawn(), "mark.withdrawn"),
        (incident.is_erased(), "mark.erased"),
        (!incident.amendments.is_empty(), "mark.amended"),
        (withheld, "mark.withheld"),
        (odd_clock, "mark.clock"),
    ];
    let marks = marks.into_iter().filter(|(holds, _)| *holds);
    commas(marks.map(|(_, key)| Text::label(texts, key)))
}

fn sheet(texts: &Texts, document: &Document, number: usize, incident: &Incident<'_>) -> Vec<Block> {
    let mut blocks = vec![Block::Heading(Heading {
        level: 3,
        text: texts.with("incident.title", number),
        anchor: Some(Anchor::Incident(number)),
    })];
    blocks.extend(notices(texts, incident));
    match incident.recording {
        Some(recording) => {
            blocks.push(Block::Facts(times(texts, document, incident, recording)));
            blocks.extend(words(texts, document, incident));
        }
        None => blocks.push(Block::paragraph(texts, "incident.no_recording")),
    }
    blocks.extend(attached(texts, incident));
    let withheld = incident.withheld();
    if !withheld.is_empty() {
        let mut text = Text::label(texts, "incident.withheld_here");
        text.add(": ");
        text.append(fields::withheld_names(texts, withheld.into_iter()));
        blocks.push(Block::Paragraph(text));
    }
    blocks
}

/// Withdrawals and erasures come first: nobody must read the words without knowing of them.
fn notices(texts: &Texts, incident: &Incident<'_>) -> Vec<Block> {
    let mut notices = Vec::new();
    for (entries, title, help) in [
        (
            &incident.withdrawals,
            "incident.withdrawn",
            "incident.withdrawn_help",
        ),
        (
            &incident.erasures,
            "incident.erased",
            "incident.erased_help",
        ),
    ] {
        for entry in entries {
            let mut facts = vec![
                Fact::plain(texts, "incident.id", &entry.id),
                Fact::new(
                    texts,
                    "incident.written",
                    written(texts, &entry.recorded).line(),
                ),
            ];
            match &entry.body {
                Body::Withdrawal { reason, .. } => facts.push(reason_of(texts, reason.as_deref())),
                Body::Erasure { erased, .. } => {
                    let numbers: Vec<String> = erased.iter().map(u64::to_string).collect();
                    let numbers = numbers.join(", ");
                    facts.push(Fact::plain(texts, "incident.erased_entries", numbers));
                }
                _ => {}
            }
            let title = Span::Strong(texts.get(title).to_owned());
            notices.push(Block::Notice(vec![
                Block::Paragraph(Text(vec![title])),
                Block::paragraph(texts, help),
                Block::Facts(facts),
            ]));
        }
    }
    notices
}

/// When it happened, when it was written, and what is proven of that, kept apart.
fn times(
    texts: &Texts,
    document: &Document,
    incident: &Incident<'_>,
    recording: &Entry,
) -> Vec<Fact> {
    let occurred = fields::occurred(texts, incident.stands.value("occurred"));
    let written = written(texts, &recording.recorded);
    vec![
        Fact::new(texts, "incident.occurred", occurred),
        Fact::new(texts, "incident.written", written.line()),
        stamps::proven(texts, document, recording.number),
        Fact::plain(texts, "incident.id", &recording.id),
    ]
}

fn words(texts: &Texts, document: &Document, incident: &Incident<'_>) -> Vec<Block> {
    let heading = match incident.amendments.is_empty() {
        true => "incident.recorded",
        false => "incident.stands",
    };
    let mut blocks = vec![
        Block::heading(texts, 4, heading),
        fields::state(texts, &incident.stands),
    ];
    if incident.amendments.is_empty() {
        return blocks;
    }
    blocks.push(Block::heading(texts, 4, "incident.changes"));
    let mut state = State::default();
    if let Some(recording) = incident.recording {
        state.apply(recording);
    }
    for entry in &incident.amendments {
        blocks.extend(change(texts, document, entry, &mut state));
    }
    blocks
}

/// One amendment: what stood before and what stands after it, side by side.
fn change<'a>(
    texts: &Texts,
    document: &Document,
    entry: &'a Entry,
    state: &mut State<'a>,
) -> [Block; 2] {
    let names = touched(entry);
    let before: Vec<_> = names
        .iter()
        .map(|name| state.field(name).cloned())
        .collect();
    state.apply(entry);
    let title = texts.with("incident.change", &entry.id);
    let written = written(texts, &entry.recorded).line();
    let mut facts = vec![Fact::new(texts, "incident.written", written)];
    facts.extend(stamps::fact(texts, document, entry.number));
    if let Body::Amendment { reason, .. } = &entry.body {
        facts.push(reason_of(texts, reason.as_deref()));
    }
    let columns = [
        ("incident.field", 22),
        ("incident.before", 39),
        ("incident.after", 39),
    ];
    let mut table = Table::new(texts, TableForm::Plain, &columns);
    for (name, before) in names.into_iter().zip(&before) {
        let versions = [
            (before.as_ref(), "incident.not_filled"),
            (state.field(name), "incident.taken_away"),
        ];
        let mut row = vec![Cell::head(fields::label(texts, name))];
        row.extend(versions.map(|(field, unset)| match field {
            Some(field) => Cell::data(fields::field(texts, name, field)),
            None => Cell::text(Text::label(texts, unset)),
        }));
        table.rows.push(row);
    }
    let title = Block::Paragraph(Text(vec![Span::Strong(title)]));
    let changes = match table.rows.is_empty() {
        true => Block::paragraph(texts, "incident.nothing_changed"),
        false => Block::Table(table),
    };
    [Block::Together(vec![title, Block::Facts(facts)]), changes]
}

fn reason_of(texts: &Texts, reason: Option<&str>) -> Fact {
    let reason = match reason {
        Some(reason) => Text::words(reason),
        None => Text::label(texts, "incident.withheld"),
    };
    Fact::new(texts, "incident.reason", reason.line())
}

fn attached(texts: &Texts, incident: &Incident<'_>) -> Vec<Block> {
    let items = incident.evidence.iter().filter_map(|entry| {
        let Body::Evidence {
            evidence, exhibit, ..
        } = &entry.body
        else {
            return None;
        };
        let mut item = Text::exhibit(*exhibit);
        item.add(": ");
        item.append(match evidence {
            Some(evidence) => Text::words(&evidence.name),
            None => Text::label(texts, "incident.withheld"),
        });
        Some(item.line())
    });
    let items: Vec<_> = items.collect();
    if items.is_empty() {
        return Vec::new();
    }
    vec![
        Block::heading(texts, 4, "incident.exhibits"),
        Block::List(items),
    ]
}
