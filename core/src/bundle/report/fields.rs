//! Fields of an incident: known ones by their labels and codes, all others as they stand.

use std::collections::BTreeSet;

use super::blocks::{Block, Fact, Text};
use super::{code, commas};
use crate::bundle::document::{Field, State};
use crate::bundle::texts::{Texts, code_list};
use crate::bundle::when::{self, Moment};
use crate::canonical::{Object, Value};

/// The order in which a reader wants the fields and their members; any other member follows.
const ORDER: [&str; 41] = [
    "occurred",
    "narrative",
    "verbatim",
    "place",
    "behaviours",
    "channels",
    "count",
    "shown_as",
    "people",
    "children_present",
    "refusal",
    "after_refusal",
    "harm",
    "response",
    "danger",
    "reports",
    "orders",
    "class",
    "text",
    "latitude",
    "longitude",
    "role",
    "name",
    "relationship",
    "description",
    "vehicle",
    "contact",
    "note",
    "key",
    "body",
    "kind",
    "kinds",
    "on",
    "from",
    "to",
    "number",
    "officer",
    "outcome",
    "when",
    "how",
    "words",
];

/// All fields but `occurred`, which stands apart.
pub(super) fn state(texts: &Texts, state: &State<'_>) -> Block {
    let mut fields: Vec<_> = state
        .iter()
        .filter(|(name, _)| *name != "occurred")
        .collect();
    fields.sort_by_key(|(name, _)| position(name));
    let facts = fields.into_iter().map(|(name, shown)| Fact {
        term: label(texts, name),
        content: field(texts, name, shown),
    });
    Block::Facts(facts.collect())
}

/// What is shown of a field, and what of it is withheld.
pub(super) fn field(texts: &Texts, name: &str, field: &Field<'_>) -> Vec<Block> {
    let mut blocks = match field.value {
        Some(value) if name == "occurred" => occurred(texts, Some(value)),
        Some(Value::List(list)) => elements(texts, name, list, &field.withheld),
        Some(other) => value(texts, name, other),
        None => Vec::new(),
    };
    if field.withheld == [name] {
        blocks.push(Block::Line(Text::label(texts, "incident.withheld")));
    } else if !field.withheld.is_empty() {
        let mut text = Text::label(texts, "incident.withheld");
        text.add(": ");
        text.append(withheld_names(texts, field.withheld.iter().copied()));
        blocks.push(Block::Paragraph(text));
    }
    blocks
}

/// When it happened, on one line: the time with its precision, then her words for it.
pub(super) fn occurred(texts: &Texts, occurred: Option<&Value>) -> Vec<Block> {
    match occurred {
        None => Text::label(texts, "incident.no_time").line(),
        Some(Value::Object(object)) if is_plain_time(object) => happened(texts, object).line(),
        Some(other) => value(texts, "occurred", other),
    }
}

fn happened(texts: &Texts, object: &Object) -> Text {
    let text = |name: &str| object.get(name).and_then(Value::as_text);
    let precision = text("precision").unwrap_or_default();
    let mut line = match text("from") {
        Some(from) => {
            let mut span = span(from, text("to"), precision);
            if !precision.is_empty() {
                span.add(", ");
                span.append(code(texts, "precision", precision));
            }
            span
        }
        None if precision.is_empty() => Text::label(texts, "incident.no_time"),
        None => code(texts, "precision", precision),
    };
    if let Some(words) = text("words") {
        line.add(" — ");
        line.append(Text::words(words));
    }
    line
}

/// The names of fields, such as `people[1].contact`, in words: "People 2: Contact".
pub(super) fn withheld_names<'a>(texts: &Texts, names: impl Iterator<Item = &'a str>) -> Text {
    commas(names.map(|name| withheld_name(texts, name)))
}

/// The label of the member at this path.
pub(super) fn label(texts: &Texts, path: &str) -> Text {
    match texts.find(&format!("field.{path}")) {
        Some(label) => Text::plain(label),
        None if path == "reason" => Text::label(texts, "incident.reason"),
        None => Text::words(path.rsplit('.').next().unwrap_or(path)),
    }
}

/// Any value at this path of an incident or an evidence item (no indexes in the path).
fn value(texts: &Texts, path: &str, value: &Value) -> Vec<Block> {
    match value {
        Value::Null => Text::label(texts, "incident.taken_away").line(),
        Value::Integer(number) => Text::plain(number).line(),
        Value::Text(text) => plain(texts, path, text),
        Value::List(list) => elements(texts, path, list, &[]),
        Value::Object(object) => vec![Block::Facts(members(texts, path, object))],
    }
}

fn plain(texts: &Texts, path: &str, text: &str) -> Vec<Block> {
    if let Some(list) = code_list(path) {
        return code(texts, list, text).line();
    }
    if is_time(path) && Moment::read(text).is_some() {
        return Text::plain(when::printed(text)).line();
    }
    match path {
        "narrative" | "verbatim" => vec![Block::Quote(text.to_owned())],
        _ => Text::words(text).line(),
    }
}

/// A list, each element with the number it has in the log: withheld ones leave a gap. Codes of a
/// list that is whole stand on one line.
fn elements(texts: &Texts, path: &str, list: &[Value], withheld: &[&str]) -> Vec<Block> {
    let codes: Option<Vec<&str>> = list.iter().map(Value::as_text).collect();
    if let (Some(codes), Some(known), []) = (codes, code_list(path), withheld) {
        let labels = codes.into_iter().map(|text| code(texts, known, text));
        return commas(labels).line();
    }
    let withheld: BTreeSet<&str> = withheld.iter().copied().collect();
    let is_withheld =
        |at: &u64| !withheld.is_empty() && withheld.contains(format!("{path}[{at}]").as_str());
    let numbers = (0u64..).filter(|at| !is_withheld(at));
    let elements = list.iter().zip(numbers);
    let elements =
        elements.map(|(element, at)| (at.saturating_add(1), value(texts, path, element)));
    vec![Block::Numbered(elements.collect())]
}

/// The members of an object, by label.
pub(super) fn members(texts: &Texts, path: &str, object: &Object) -> Vec<Fact> {
    let mut members: Vec<_> = object.iter().collect();
    members.sort_by_key(|(name, _)| position(name));
    let facts = members.into_iter().map(|(name, member)| {
        let path = format!("{path}.{name}");
        Fact {
            term: label(texts, &path),
            content: value(texts, &path, member),
        }
    });
    facts.collect()
}

/// A span as precisely as it is known: of a month only the month is printed.
fn span(from: &str, to: Option<&str>, precision: &str) -> Text {
    let (Some(start), Some(end)) = (Moment::read(from), Moment::read(to.unwrap_or(from))) else {
        let mut text = Text::words(from);
        if let Some(to) = to {
            text.add(" – ");
            text.append(Text::words(to));
        }
        return text;
    };
    let (first, last) = (start.known(precision), end.known(precision));
    Text::plain(match precision {
        _ if first == last => first,
        "day" | "month" | "year" => format!("{first} – {last}"),
        _ => start.printed_to(&end),
    })
}

/// The name of a field, such as `people[1].contact`, in words.
pub(in crate::bundle) fn withheld_name(texts: &Texts, name: &str) -> Text {
    let Some((list, rest)) = name.split_once('[') else {
        return label(texts, name);
    };
    let Some((index, member)) = rest.split_once(']') else {
        return Text::words(name);
    };
    let Ok(index) = index.parse::<u64>() else {
        return Text::words(name);
    };
    let mut text = label(texts, list);
    text.add(&format!(" {}", index.saturating_add(1)));
    if let Some(member) = member.strip_prefix('.') {
        text.add(": ");
        text.append(label(texts, &format!("{list}.{member}")));
    }
    text
}

fn is_plain_time(object: &Object) -> bool {
    object.iter().all(|(name, value)| {
        value.as_text().is_some() && matches!(name.as_str(), "from" | "to" | "precision" | "words")
    })
}

fn is_time(path: &str) -> bool {
    matches!(
        path,
        "occurred.from"
            | "occurred.to"
            | "refusal.when"
            | "reports.on"
            | "orders.from"
            | "orders.to"
    ) || path.starts_with("evidence.claimed.")
}

fn position(name: &str) -> usize {
    let at = ORDER.iter().position(|known| *known == name);
    at.unwrap_or(ORDER.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incident::Incident;

    #[test]
    fn every_field_that_leaves_has_its_place_in_the_order() {
        let leaving = Incident::MEMBERS.iter();
        for name in leaving.filter(|name| **name != "private_note") {
            assert!(ORDER.contains(name), "{name}");
        }
    }
}
