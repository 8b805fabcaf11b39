//! `data/incidents.csv`: one line an incident, as it stands, for spreadsheet programs.
//!
//! Form: RFC 4180 (CRLF, every field quoted, `"` doubled) with two additions that Russian and
//! Kazakh spreadsheet programs need: a byte order mark, and `;` between fields. The table is a
//! convenience; `incidents.json` counts.

use super::Rendering;
use super::document::{Body, ClockFlag, Incident};
use super::report;
use super::texts::{Texts, code_list};
use super::visible::{is_hidden, visible};
use super::when::{self, Moment};
use crate::canonical::Value;

/// The table in the document's language. It shows whatever the document holds and cannot fail.
///
/// A cell that a spreadsheet program could take for a formula begins with `'`: so does a telephone
/// number that begins with `+`.
#[must_use]
pub fn incidents_csv(rendering: &Rendering<'_>) -> Vec<u8> {
    let document = rendering.document;
    let texts = document.exported.language.texts();
    let mut table = BYTE_ORDER_MARK.to_owned();
    row(
        &mut table,
        COLUMNS.iter().map(|(key, _)| texts.get(key).to_owned()),
    );
    for incident in report::in_order(document.incidents()) {
        row(
            &mut table,
            COLUMNS.iter().map(|(_, cell)| cell(texts, &incident)),
        );
    }
    table.into_bytes()
}

/// By it, spreadsheet programs know that the text is UTF-8.
const BYTE_ORDER_MARK: &str = "\u{FEFF}";

type Cell = fn(&Texts, &Incident<'_>) -> String;

/// Column labels and what stands below them.
const COLUMNS: [(&str, Cell); 33] = [
    ("incident.id", |_, incident| {
        incident
            .recording
            .map_or_else(|| incident.number.to_string(), |entry| entry.id.clone())
    }),
    ("incident.written", |_, incident| {
        incident
            .recording
            .map_or_else(String::new, |entry| when::printed(&entry.recorded.at))
    }),
    ("mark.clock", |texts, incident| {
        let flag = incident.recording.and_then(|entry| entry.recorded.clock);
        flag.map_or_else(String::new, |flag| {
            texts
                .get(match flag {
                    ClockFlag::Back => "incident.clock_back",
                    ClockFlag::Jumped => "incident.clock_jumped",
                })
                .to_owned()
        })
    }),
    ("field.occurred.from", |texts, incident| {
        occurred(texts, incident, "from")
    }),
    ("field.occurred.to", |texts, incident| {
        occurred(texts, incident, "to")
    }),
    ("field.occurred.precision", |texts, incident| {
        member(texts, incident, "occurred", "precision")
    }),
    ("field.occurred.words", |texts, incident| {
        member(texts, incident, "occurred", "words")
    }),
    ("field.narrative", |texts, incident| {
        field(texts, incident, "narrative")
    }),
    ("field.verbatim", |texts, incident| {
        field(texts, incident, "verbatim")
    }),
    ("field.place.class", |texts, incident| {
        member(texts, incident, "place", "class")
    }),
    ("field.place.text", |texts, incident| {
        member(texts, incident, "place", "text")
    }),
    ("field.place.latitude", |texts, incident| {
        member(texts, incident, "place", "latitude")
    }),
    ("field.place.longitude", |texts, incident| {
        member(texts, incident, "place", "longitude")
    }),
    ("field.behaviours", |texts, incident| {
        field(texts, incident, "behaviours")
    }),
    ("field.channels", |texts, incident| {
        field(texts, incident, "channels")
    }),
    ("field.count", |texts, incident| {
        field(texts, incident, "count")
    }),
    ("field.shown_as", |texts, incident| {
        field(texts, incident, "shown_as")
    }),
    ("field.people", |texts, incident| {
        field(texts, incident, "people")
    }),
    ("field.children_present", |texts, incident| {
        field(texts, incident, "children_present")
    }),
    ("field.refusal", |texts, incident| {
        field(texts, incident, "refusal")
    }),
    ("field.after_refusal", |texts, incident| {
        field(texts, incident, "after_refusal")
    }),
    ("field.harm", |texts, incident| {
        field(texts, incident, "harm")
    }),
    ("field.response", |texts, incident| {
        field(texts, incident, "response")
    }),
    ("field.danger", |texts, incident| {
        field(texts, incident, "danger")
    }),
    ("field.reports", |texts, incident| {
        field(texts, incident, "reports")
    }),
    ("field.orders", |texts, incident| {
        field(texts, incident, "orders")
    }),
    ("incident.exhibits", |_, incident| {
        let exhibits = incident.evidence.iter().filter_map(|entry| entry.exhibit());
        joined(exhibits.map(|exhibit| exhibit.to_string()))
    }),
    ("mark.amended", |_, incident| {
        let times = incident
            .amendments
            .iter()
            .map(|entry| when::printed(&entry.recorded.at));
        joined(times)
    }),
    ("mark.withdrawn", |_, incident| {
        let times = incident
            .withdrawals
            .iter()
            .map(|entry| when::printed(&entry.recorded.at));
        joined(times)
    }),
    ("incident.reason", |_, incident| {
        let reasons = incident
            .withdrawals
            .iter()
            .filter_map(|entry| match &entry.body {
                Body::Withdrawal { reason, .. } => reason.clone(),
                _ => None,
            });
        joined(reasons)
    }),
    ("incident.erased", |_, incident| {
        let times = incident
            .erasures
            .iter()
            .map(|entry| when::printed(&entry.recorded.at));
        joined(times)
    }),
    ("incident.withheld", |texts, incident| {
        let names = incident.withheld().into_iter();
        joined(names.map(|name| report::withheld_name(texts, name).to_plain()))
    }),
    ("csv.other_fields", |texts, incident| {
        let known = |name: &str| KNOWN.contains(&name);
        let others = incident.stands.iter().filter(|(name, _)| !known(name));
        let shown = others.filter_map(|(name, field)| Some((name, field.value?)));
        joined(shown.map(|(name, value)| format!("{name}: {}", text_of(texts, name, value))))
    }),
];

/// Fields that have a column of their own.
const KNOWN: [&str; 17] = [
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
];

fn field(texts: &Texts, incident: &Incident<'_>, name: &str) -> String {
    let value = incident.stands.value(name);
    value.map_or_else(String::new, |value| text_of(texts, name, value))
}

/// An end of the time when it happened, as precisely as it is known.
fn occurred(texts: &Texts, incident: &Incident<'_>, end: &str) -> String {
    let precision = report::occurred(incident, "precision").unwrap_or_default();
    match report::occurred(incident, end).and_then(Moment::read) {
        Some(moment) => moment.known(precision),
        None => member(texts, incident, "occurred", end),
    }
}

/// A member of a field that has columns for its members. Odd shapes stand whole in the first.
fn member(texts: &Texts, incident: &Incident<'_>, name: &str, member: &str) -> String {
    let path = format!("{name}.{member}");
    match incident.stands.value(name) {
        Some(Value::Object(object)) => object
            .get(member)
            .map_or_else(String::new, |value| text_of(texts, &path, value)),
        Some(other) if matches!(member, "from" | "class") => text_of(texts, name, other),
        _ => String::new(),
    }
}

/// A value in one cell: list elements by `; `, members by their labels.
fn text_of(texts: &Texts, path: &str, value: &Value) -> String {
    match value {
        Value::Null => texts.get("incident.taken_away").to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Text(text) => match code_list(path) {
            Some(list) => texts.code(list, text).unwrap_or(text).to_owned(),
            None => text.clone(),
        },
        Value::List(list) => joined(list.iter().map(|element| text_of(texts, path, element))),
        Value::Object(object) => joined(object.iter().map(|(name, member)| {
            let path = format!("{path}.{name}");
            let label = texts.find(&format!("field.{path}")).unwrap_or(name);
            format!("{label}: {}", text_of(texts, &path, member))
        })),
    }
}

fn joined(texts: impl Iterator<Item = String>) -> String {
    texts.collect::<Vec<_>>().join("; ")
}

fn row(table: &mut String, cells: impl Iterator<Item = String>) {
    for (at, text) in cells.enumerate() {
        if at > 0 {
            table.push(';');
        }
        table.push_str(&cell(&text));
    }
    table.push_str("\r\n");
}

/// One field, quoted, that no spreadsheet program takes for a formula.
fn cell(text: &str) -> String {
    let text = text.replace('\0', "");
    let guard = if is_formula(&text) { "'" } else { "" };
    format!("\"{guard}{}\"", visible(&text).replace('"', "\"\""))
}

/// Whether the first character that is not blank or invisible starts a formula, in ASCII or full
/// width, or the very first one is a control character that a program may skip.
fn is_formula(text: &str) -> bool {
    let controls = text.starts_with(['\t', '\r', '\n']);
    let first = text.chars().find(|c| !c.is_whitespace() && !is_hidden(*c));
    let starts = [
        '=', '+', '-', '@', '＝', '＋', '－', '＠', '\u{FE62}', '\u{2212}',
    ];
    controls || first.is_some_and(|c| starts.contains(&c))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::bundle::document::Document;
    use crate::bundle::sample::{self, FINGERPRINT};
    use crate::bundle::texts::Language;
    use crate::incident::Incident;

    #[test]
    fn every_field_that_leaves_has_a_column() {
        let leaving = Incident::MEMBERS.iter();
        for name in leaving.filter(|name| **name != "private_note") {
            assert!(KNOWN.contains(name), "{name}");
        }
    }

    fn table(document: &Document) -> String {
        let csv = incidents_csv(&Rendering {
            document,
            fingerprint: FINGERPRINT,
        });
        String::from_utf8(csv).unwrap()
    }

    /// A reader of RFC 4180 that knows nothing of the writer.
    fn rows(csv: &str) -> Vec<Vec<String>> {
        let text = csv.strip_prefix('\u{FEFF}').unwrap();
        let (mut rows, mut row, mut rest) = (Vec::new(), Vec::new(), text);
        while !rest.is_empty() {
            rest = rest.strip_prefix('"').unwrap();
            let mut field = String::new();
            loop {
                let (before, after) = rest.split_once('"').unwrap();
                field.push_str(before);
                rest = after;
                let Some(after) = rest.strip_prefix('"') else {
                    break;
                };
                field.push('"');
                rest = after;
            }
            row.push(field);
            if let Some(after) = rest.strip_prefix("\r\n") {
                rows.push(std::mem::take(&mut row));
                rest = after;
            } else {
                rest = rest.strip_prefix(';').unwrap();
            }
        }
        rows
    }

    #[test]
    fn one_row_an_incident_with_labels_in_the_language() {
        for language in Language::ALL {
            let rows = rows(&table(&sample::document(language)));
            assert_eq!(rows.len(), 5);
            assert!(rows.iter().all(|row| row.len() == COLUMNS.len()));
            assert_eq!(rows[0][0], language.texts().get("incident.id"));
        }
        let rows = rows(&table(&sample::document(Language::Russian)));
        let column = |key: &str| COLUMNS.iter().position(|(name, _)| *name == key).unwrap();
        let amended = &rows[2];
        assert!(amended[0].starts_with("3-"));
        assert_eq!(
            amended[column("field.behaviours")],
            "звонки; поддельный аккаунт"
        );
        assert_eq!(amended[column("field.count")], "41");
        assert_eq!(amended[column("field.place.text")], "");
        let withheld = &amended[column("incident.withheld")];
        assert_eq!(withheld, "Люди 1; Люди 1: Контакты; Место");
        assert_eq!(amended[column("field.occurred.from")], "2026-09-05");
        assert_eq!(
            amended[column("field.shown_as")],
            "'+7 700 000 00 00; @user"
        );
        assert_eq!(rows[3][column("incident.exhibits")], "A-01; A-03");
        assert_eq!(
            rows[1][column("incident.reason")],
            "I was mistaken about the day & the man"
        );
        assert!(!table(&sample::document(Language::Russian)).contains("withheld-"));
    }

    #[test]
    fn no_cell_is_a_formula() {
        for text in [
            "=1+1",
            "+7 700",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "\0=1",
            " =1",
            "\u{200B}=1",
            "\u{FEFF}+1",
            "\u{3000}＝1",
            "＋1",
            "－1",
            "＠x",
            "\0\0\t",
            "\u{202E}=1",
        ] {
            assert!(cell(text).starts_with("\"'"), "{text:?} -> {}", cell(text));
        }
        for text in ["1+1", "a=b", "«=»", "7 700", "'+", ""] {
            assert_eq!(cell(text), format!("\"{text}\""));
        }
        assert_eq!(cell("a\0b\"c\u{202E}"), "\"ab\"\"c[U+202E]\"");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_text_stays_in_its_cell(text: String) {
            let csv = table(&sample::full_of(&text, Language::Kazakh));
            prop_assert!(!csv.contains('\0'));
            for row in rows(&csv) {
                prop_assert_eq!(row.len(), COLUMNS.len());
                for field in row {
                    let first = field.chars().find(|c| !c.is_whitespace());
                    let starts = first.is_some_and(|c| "=+-@＝＋－＠".contains(c));
                    prop_assert!(!starts && !field.starts_with(['\t', '\n', '\r']));
                }
            }
        }
    }
}
