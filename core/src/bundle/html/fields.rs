//! Fields of an incident as HTML: known ones by their labels and codes, all others as they stand.

use std::collections::BTreeSet;

use super::page::Page;
use crate::bundle::document::{Field, State};
use crate::bundle::texts::code_list;
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
pub(super) fn state(page: &mut Page, state: &State<'_>) {
    let mut fields: Vec<_> = state
        .iter()
        .filter(|(name, _)| *name != "occurred")
        .collect();
    fields.sort_by_key(|(name, _)| position(name));
    page.tag("<dl class=\"facts\">\n");
    for (name, shown) in fields {
        page.tag("<dt>");
        label(page, name);
        page.tag("</dt><dd>");
        field(page, name, shown);
        page.tag("</dd>\n");
    }
    page.tag("</dl>\n");
}

/// What is shown of a field, and what of it is withheld.
pub(super) fn field(page: &mut Page, name: &str, field: &Field<'_>) {
    match field.value {
        Some(value) if name == "occurred" => occurred(page, Some(value)),
        Some(Value::List(list)) => elements(page, name, list, &field.withheld),
        Some(other) => value(page, name, other),
        None => {}
    }
    if field.withheld.is_empty() {
        return;
    }
    if field.withheld == [name] {
        return page.label("incident.withheld");
    }
    page.tag("<p>");
    page.label("incident.withheld");
    page.tag(": ");
    withheld_names(page, field.withheld.iter().copied());
    page.tag("</p>");
}

/// When it happened, on one line: the time with its precision, then her words for it.
pub(super) fn occurred(page: &mut Page, occurred: Option<&Value>) {
    let object = match occurred {
        None => return page.label("incident.no_time"),
        Some(Value::Object(object)) if is_plain_time(object) => object,
        Some(other) => return value(page, "occurred", other),
    };
    let text = |name: &str| object.get(name).and_then(Value::as_text);
    let precision = text("precision").unwrap_or_default();
    match text("from") {
        Some(from) => {
            span(page, from, text("to"), precision);
            if !precision.is_empty() {
                page.tag(", ");
                code(page, "precision", precision);
            }
        }
        None if precision.is_empty() => page.label("incident.no_time"),
        None => code(page, "precision", precision),
    }
    if let Some(words) = text("words") {
        page.tag(" — ");
        page.words(words);
    }
}

/// The name of a field, such as `people[1].contact`, in words: "People 2: Contact".
pub(super) fn withheld_names<'a>(page: &mut Page, names: impl Iterator<Item = &'a str>) {
    for (at, name) in names.enumerate() {
        if at > 0 {
            page.tag(", ");
        }
        withheld_name(page, name);
    }
}

/// The label of the member at this path.
pub(super) fn label(page: &mut Page, path: &str) {
    let texts = page.texts();
    match texts.find(&format!("field.{path}")) {
        Some(label) => page.text(label),
        None if path == "reason" => page.label("incident.reason"),
        None => page.words(path.rsplit('.').next().unwrap_or(path)),
    }
}

/// Any value at this path of an incident or an evidence item (no indexes in the path).
pub(super) fn value(page: &mut Page, path: &str, value: &Value) {
    match value {
        Value::Null => page.label("incident.taken_away"),
        Value::Integer(number) => page.text(&number.to_string()),
        Value::Text(text) => plain(page, path, text),
        Value::List(list) => elements(page, path, list, &[]),
        Value::Object(object) => members(page, path, object),
    }
}

/// A code by its label; one that is not known as it stands.
pub(super) fn code(page: &mut Page, list: &str, code: &str) {
    let texts = page.texts();
    match texts.code(list, code) {
        Some(label) => page.text(label),
        None => page.words(code),
    }
}

fn plain(page: &mut Page, path: &str, text: &str) {
    if let Some(list) = code_list(path) {
        return code(page, list, text);
    }
    match Moment::read(text) {
        Some(_) if is_time(path) => page.text(&when::printed(text)),
        _ if matches!(path, "narrative" | "verbatim") => {
            page.tag("<div class=\"words\">");
            page.words(text);
            page.tag("</div>");
        }
        _ => page.words(text),
    }
}

/// A list, each element with the number it has in the log: withheld ones leave a gap.
fn elements(page: &mut Page, path: &str, list: &[Value], withheld: &[&str]) {
    let withheld: BTreeSet<&str> = withheld.iter().copied().collect();
    let is_withheld =
        |at: &usize| !withheld.is_empty() && withheld.contains(format!("{path}[{at}]").as_str());
    let mut numbers = (0..).filter(|at| !is_withheld(at));
    page.tag("<ol>");
    for element in list {
        let number = numbers.next().unwrap_or_default();
        page.tag("<li value=\"");
        page.text(&number.saturating_add(1).to_string());
        page.tag("\">");
        value(page, path, element);
        page.tag("</li>\n");
    }
    page.tag("</ol>");
}

/// The members of an object, by label.
pub(super) fn members(page: &mut Page, path: &str, object: &Object) {
    let mut members: Vec<_> = object.iter().collect();
    members.sort_by_key(|(name, _)| position(name));
    page.tag("<dl>\n");
    for (name, member) in members {
        let path = format!("{path}.{name}");
        page.tag("<dt>");
        label(page, &path);
        page.tag("</dt><dd>");
        value(page, &path, member);
        page.tag("</dd>\n");
    }
    page.tag("</dl>\n");
}

/// A span as precisely as it is known: of a month only the month is printed.
fn span(page: &mut Page, from: &str, to: Option<&str>, precision: &str) {
    let (Some(start), Some(end)) = (Moment::read(from), Moment::read(to.unwrap_or(from))) else {
        page.words(from);
        if let Some(to) = to {
            page.tag(" – ");
            page.words(to);
        }
        return;
    };
    let (first, last) = (start.known(precision), end.known(precision));
    page.text(&match precision {
        _ if first == last => first,
        "day" | "month" | "year" => format!("{first} – {last}"),
        _ => start.printed_to(&end),
    });
}

fn withheld_name(page: &mut Page, name: &str) {
    let Some((list, rest)) = name.split_once('[') else {
        return label(page, name);
    };
    let Some((index, member)) = rest.split_once(']') else {
        return page.words(name);
    };
    let Ok(index) = index.parse::<u64>() else {
        return page.words(name);
    };
    label(page, list);
    page.text(&format!(" {}", index.saturating_add(1)));
    if let Some(member) = member.strip_prefix('.') {
        page.tag(": ");
        label(page, &format!("{list}.{member}"));
    }
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
