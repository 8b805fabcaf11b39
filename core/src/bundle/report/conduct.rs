//! The course of events in numbers. It counts what is shown and nothing else, so a withheld field
//! cannot be read off a sum.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::blocks::{Block, Cell, CellKind, Fact, Table, TableForm, Text};
use super::{code, ends, fields, occurred, people, timeline};
use crate::bundle::document::Incident;
use crate::bundle::texts::Texts;
use crate::bundle::when::{self, Moment};
use crate::canonical::Value;
use crate::collation::First;

/// An incident with its number in this report.
type Numbered<'a, 'b> = (usize, &'b Incident<'a>);

pub(super) fn conduct(texts: &Texts, first: First, incidents: &[Incident<'_>]) -> Vec<Block> {
    let numbered = incidents
        .iter()
        .enumerate()
        .map(|(at, incident)| (at + 1, incident));
    let counted: Vec<Numbered<'_, '_>> = numbered
        .filter(|(_, incident)| !incident.is_withdrawn() && !incident.is_erased())
        .collect();
    let months = Months::of(&counted);
    let mut blocks = vec![
        Block::Sheet,
        Block::section(texts, "conduct", "conduct.heading"),
        Block::paragraph(texts, "conduct.basis"),
        Block::Facts(totals(texts, &counted)),
    ];
    blocks.extend(timeline::timeline(
        texts,
        &months.counts,
        first_refusal(&counted),
    ));
    blocks.extend(by_kind(texts, &counted));
    blocks.extend(by_month(texts, months));
    blocks.extend(refusals(texts, &counted));
    blocks.extend(people::people(texts, first, &counted));
    blocks
}

fn totals(texts: &Texts, counted: &[Numbered<'_, '_>]) -> Vec<Fact> {
    let mut facts = vec![Fact::plain(texts, "conduct.counted", counted.len())];
    let shown = counted.iter().map(|(_, incident)| *incident);
    for (key, end) in ["conduct.first", "conduct.last"]
        .into_iter()
        .zip(ends(shown))
    {
        let same = |(_, incident): &&Numbered<'_, '_>| {
            end.is_some_and(|end| end.number == incident.number)
        };
        if let Some((number, incident)) = counted.iter().find(same) {
            let mut text = Text::incident(texts, *number);
            text.add(": ");
            let mut when = fields::occurred(texts, incident.stands.value("occurred"));
            if let Some(Block::Line(line)) = when.first_mut() {
                text.append(std::mem::take(line));
                *line = text;
            } else {
                when.insert(0, Block::Line(text));
            }
            facts.push(Fact::new(texts, key, when));
        }
    }
    let acts = counted
        .iter()
        .filter_map(|(_, incident)| incident.stands.value("count")?.as_integer())
        .fold(0, u64::saturating_add);
    if acts > 0 {
        facts.push(Fact::plain(texts, "conduct.acts", acts));
    }
    facts
}

fn by_kind(texts: &Texts, counted: &[Numbered<'_, '_>]) -> Vec<Block> {
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    let mut without = 0u64;
    for (_, incident) in counted {
        let list = incident.stands.value("behaviours").and_then(Value::as_list);
        let mut codes: Vec<&str> = list
            .unwrap_or_default()
            .iter()
            .filter_map(Value::as_text)
            .collect();
        codes.sort_unstable();
        codes.dedup();
        if codes.is_empty() {
            without += 1;
        }
        for code in codes {
            *kinds.entry(code).or_default() += 1;
        }
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by(|(code, count), (other, more)| more.cmp(count).then(code.cmp(other)));
    let mut table = counts(texts, "conduct.kind");
    for (kind, count) in kinds {
        table.rows.push(vec![
            Cell::head(code(texts, "behaviours", kind)),
            Cell::new(CellKind::Number, Text::plain(count)),
        ]);
    }
    if without > 0 {
        table.count(texts.get("conduct.kind_none"), without);
    }
    vec![
        Block::heading(texts, 3, "conduct.by_kind"),
        Block::paragraph(texts, "conduct.kind_note"),
        Block::Table(table),
    ]
}

/// Incidents by month, and those of which no month is known.
struct Months<'a> {
    counts: BTreeMap<&'a str, u64>,
    unknown: u64,
    /// One of them went on into another month.
    some_go_on: bool,
}

impl<'a> Months<'a> {
    fn of(counted: &[Numbered<'a, '_>]) -> Self {
        let (mut counts, mut unknown, mut some_go_on) = (BTreeMap::new(), 0, false);
        for (_, incident) in counted {
            let month = occurred(incident, "from")
                .and_then(Moment::read)
                .filter(|_| occurred(incident, "precision") != Some("year"));
            match month {
                Some(moment) => {
                    *counts.entry(moment.month()).or_default() += 1;
                    let end = occurred(incident, "to").and_then(Moment::read);
                    some_go_on |= end.is_some_and(|end| end.month() != moment.month());
                }
                None => unknown += 1,
            }
        }
        Self {
            counts,
            unknown,
            some_go_on,
        }
    }
}

fn by_month(texts: &Texts, months: Months<'_>) -> Vec<Block> {
    let mut blocks = vec![Block::heading(texts, 3, "conduct.by_month")];
    if months.some_go_on {
        blocks.push(Block::paragraph(texts, "conduct.month_note"));
    }
    let mut table = counts(texts, "conduct.month");
    for (month, count) in months.counts {
        table.count(month, count);
    }
    if months.unknown > 0 {
        table.count(texts.get("conduct.month_unknown"), months.unknown);
    }
    blocks.push(Block::Table(table));
    blocks
}

fn refusals(texts: &Texts, counted: &[Numbered<'_, '_>]) -> Vec<Block> {
    let mut blocks = vec![Block::heading(texts, 3, "conduct.refusal")];
    let stated = counted.iter().filter_map(|(number, incident)| {
        let refusal = incident.stands.field("refusal")?;
        refusal.value?;
        let mut item = Text::incident(texts, *number).line();
        item.extend(fields::field(texts, "refusal", refusal));
        Some(item)
    });
    let stated: Vec<Vec<Block>> = stated.collect();
    if stated.is_empty() {
        blocks.push(Block::paragraph(texts, "conduct.refusal_none"));
    } else {
        let list = vec![Block::List(stated)];
        blocks.push(Block::Facts(vec![Fact::new(
            texts,
            "conduct.refusals",
            list,
        )]));
    }
    if let Some(day) = first_refusal(counted) {
        blocks.extend(around(texts, day, counted));
    }
    blocks.extend(as_stated(texts, counted));
    blocks
}

/// The day of the earliest refusal that has one.
fn first_refusal<'a>(counted: &[Numbered<'a, '_>]) -> Option<&'a str> {
    let days = counted.iter().filter_map(|(_, incident)| {
        let refusal = incident.stands.value("refusal")?;
        let day = refusal.as_object()?.get("when")?.as_text()?;
        Moment::read(day).map(|moment| moment.date)
    });
    days.min()
}

/// Incidents before, on and after the day of the earliest refusal.
fn around(texts: &Texts, day: &str, counted: &[Numbered<'_, '_>]) -> [Block; 2] {
    let count = |place| {
        let there = |(_, incident): &&Numbered<'_, '_>| compared(incident, day) == place;
        counted.iter().filter(there).count()
    };
    let mut first = Text::label(texts, "conduct.refusal_first");
    first.add(": ");
    first.add(&when::printed(day));
    let mut table = counts(texts, "conduct.when");
    table.count(texts.get("conduct.before"), count(Place::Before));
    table.count(texts.get("conduct.same"), count(Place::On));
    let across = count(Place::Across);
    if across > 0 {
        table.count(texts.get("conduct.across"), across);
    }
    table.count(texts.get("conduct.after"), count(Place::After));
    table.count(texts.get("conduct.no_day"), count(Place::Unknown));
    [Block::Paragraph(first), Block::Table(table)]
}

/// Where an incident lies to a day.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Place {
    Before,
    On,
    After,
    /// It went on over several days, and this was one of them.
    Across,
    Unknown,
}

/// As far as the precision tells, by the days as they were written.
fn compared(incident: &Incident<'_>, day: &str) -> Place {
    let order_of = |end: &str| {
        let moment = Moment::read(occurred(incident, end)?)?;
        let (known, length) = match occurred(incident, "precision") {
            Some("month") => (moment.month(), 7),
            Some("year") => (moment.year(), 4),
            _ => (moment.date, 10),
        };
        Some((known.cmp(day.get(..length)?), length))
    };
    let Some((from, length)) = order_of("from") else {
        return Place::Unknown;
    };
    match (from, order_of("to").map_or(from, |(to, _)| to)) {
        // Within the month of the refusal, "some day of that month" is neither before nor after.
        (Ordering::Equal, Ordering::Equal) if length < 10 => Place::Unknown,
        (Ordering::Equal, Ordering::Equal) => Place::On,
        (Ordering::Less, Ordering::Less) => Place::Before,
        (Ordering::Greater, _) => Place::After,
        // From or until some day of the month of the refusal.
        (Ordering::Equal, _) | (_, Ordering::Equal) if length < 10 => Place::Unknown,
        _ => Place::Across,
    }
}

/// What the entries themselves say about being after a refusal.
fn as_stated(texts: &Texts, counted: &[Numbered<'_, '_>]) -> [Block; 2] {
    let mut table = counts(texts, "field.after_refusal");
    let mut rest = counted.len();
    for code in ["yes", "no", "unknown"] {
        let says = |incident: &Incident<'_>| incident.text("after_refusal") == Some(code);
        let count = counted
            .iter()
            .filter(|(_, incident)| says(incident))
            .count();
        rest = rest.saturating_sub(count);
        table.count(texts.code("yes_no", code).unwrap_or(code), count);
    }
    table.count(texts.get("conduct.not_stated"), rest);
    [
        Block::paragraph(texts, "conduct.stated"),
        Block::Table(table),
    ]
}

/// A table of something and how many incidents.
fn counts(texts: &Texts, key: &str) -> Table {
    Table::new(
        texts,
        TableForm::Plain,
        &[(key, 70), ("conduct.incidents", 30)],
    )
}
