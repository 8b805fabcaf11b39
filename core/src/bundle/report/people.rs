//! The people who are named in what is shown, so that a reader finds every incident with one of them.

use std::collections::BTreeMap;

use super::blocks::{Anchor, Block, Cell, Span, Table, TableForm, Text};
use super::{code, commas};
use crate::bundle::document::Incident;
use crate::bundle::texts::Texts;
use crate::canonical::{Object, Value};
use crate::collation::{First, SortKey};

/// One of them, as all entries together name them.
#[derive(Default)]
struct Named<'a> {
    names: Vec<&'a str>,
    roles: Vec<&'a str>,
    /// Numbers in this report.
    incidents: Vec<usize>,
}

/// In alphabetical order. Whoever has no name is found by what the sheets say.
pub(super) fn people(
    texts: &Texts,
    first: First,
    counted: &[(usize, &Incident<'_>)],
) -> Vec<Block> {
    // The same key is the same person. Without one, the same name might be two people.
    let mut people: BTreeMap<(&str, usize), Named<'_>> = BTreeMap::new();
    for (number, incident) in counted {
        let list = incident.stands.value("people").and_then(Value::as_list);
        let list = list.unwrap_or_default().iter();
        for (at, person) in list.filter_map(Value::as_object).enumerate() {
            let key = match text(person, "key") {
                Some(key) => (key, 0),
                None => ("", number * 1_000 + at),
            };
            let named = people.entry(key).or_default();
            push_new(&mut named.names, text(person, "name"));
            push_new(&mut named.roles, text(person, "role"));
            push_new(&mut named.incidents, Some(*number));
        }
    }
    let mut people: Vec<Named<'_>> = people.into_values().collect();
    people.retain(|named| !named.names.is_empty());
    if people.is_empty() {
        return Vec::new();
    }
    people.sort_by_cached_key(|named| {
        let mut names = named.names.iter();
        (
            names.next().map(|name| SortKey::new(name, first)),
            named.incidents.clone(),
        )
    });
    let columns = [
        ("field.people.name", 40),
        ("field.people.role", 35),
        ("conduct.people_incidents", 25),
    ];
    let mut table = Table::new(texts, TableForm::Plain, &columns);
    table.rows = people.iter().map(|named| row(texts, named)).collect();
    vec![
        Block::heading(texts, 3, "conduct.people"),
        Block::paragraph(texts, "conduct.people_note"),
        Block::Table(table),
    ]
}

fn row(texts: &Texts, named: &Named<'_>) -> Vec<Cell> {
    let roles = named.roles.iter();
    let roles = roles.map(|role| code(texts, "people.role", role));
    let incidents = named.incidents.iter().map(|number| {
        let link = Span::Link(Anchor::Incident(*number), number.to_string());
        Text(vec![link])
    });
    vec![
        Cell::head(commas(named.names.iter().map(|name| Text::words(name)))),
        Cell::text(commas(roles)),
        Cell::text(commas(incidents)),
    ]
}

fn text<'a>(person: &'a Object, name: &str) -> Option<&'a str> {
    person.get(name)?.as_text()
}

fn push_new<T: PartialEq>(list: &mut Vec<T>, item: Option<T>) {
    if let Some(item) = item.filter(|item| !list.contains(item)) {
        list.push(item);
    }
}
