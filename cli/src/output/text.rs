//! Answers for people: aligned, calm, ids first.

use std::fmt::Write as _;

use diary_core::canonical::{Object, Value};
use diary_core::display::escape_for_display;

/// Rows under each other, with two spaces between columns; the last one is not padded.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            let width = cell.chars().count();
            match widths.get_mut(column) {
                Some(widest) => *widest = width.max(*widest),
                None => widths.push(width),
            }
        }
    }
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            let _ = write!(line, "{cell:<width$}  ");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Names and values under each other.
pub(crate) fn pairs(pairs: &[(&str, String)]) -> String {
    let rows: Vec<Vec<String>> = pairs
        .iter()
        .map(|(name, value)| vec![(*name).to_owned(), value.clone()])
        .collect();
    table(&rows)
}

/// A text of hers with its lines kept and everything that acts on a terminal made visible.
pub(crate) fn shown(text: &str) -> String {
    let lines: Vec<String> = text
        .split('\n')
        .map(|line| escape_for_display(line.trim_end_matches('\r')))
        .collect();
    lines.join("\n")
}

/// A text of hers on one line.
pub(crate) fn shown_on_a_line(text: &str) -> String {
    escape_for_display(&text.replace(['\r', '\n', '\t'], " "))
}

/// The members of an incident or of changes to one, indented; the long texts stay last and whole.
pub(crate) fn members(object: &Object) -> String {
    let is_long = |name: &str| matches!(name, "narrative" | "private_note");
    let mut text = String::new();
    for (name, member) in object.iter().filter(|(name, _)| !is_long(name)) {
        block(&mut text, 1, name, member);
    }
    for (name, member) in object.iter().filter(|(name, _)| is_long(name)) {
        block(&mut text, 1, name, member);
    }
    text
}

/// When it happened, on one line, as exact as it was said.
pub(crate) fn occurred(object: &Object) -> String {
    let member = |name: &str| object.get(name).and_then(Value::as_text);
    let precision = member("precision").unwrap_or("exact");
    let cut = |text: &str| match precision {
        "day" => text.chars().take(10).collect(),
        "month" => text.chars().take(7).collect(),
        "year" => text.chars().take(4).collect(),
        // To the minute: 2026-10-03 21:15.
        _ => text.chars().take(16).collect::<String>().replace('T', " "),
    };
    let Some(from) = member("from") else {
        return "unknown".to_owned();
    };
    let mut text = match precision {
        "about" | "hour" => format!("about {}", cut(from)),
        _ => cut(from),
    };
    if let Some(to) = member("to") {
        let _ = write!(text, " to {}", cut(to));
    }
    shown_on_a_line(&text)
}

/// So many of a thing; the name of one of them gets an `s` for others.
pub(crate) fn count(number: u64, one: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {one}{plural}")
}

/// Bytes in units people know.
pub(crate) fn size(bytes: u64) -> String {
    let (mut whole, mut tenths) = (bytes, 0);
    for unit in ["B", "KiB", "MiB"] {
        if whole < 1024 {
            return number(whole, tenths, unit);
        }
        tenths = (whole % 1024) * 10 / 1024;
        whole /= 1024;
    }
    number(whole, tenths, "GiB")
}

fn number(whole: u64, tenths: u64, unit: &str) -> String {
    if unit == "B" || whole >= 10 {
        format!("{whole} {unit}")
    } else {
        format!("{whole}.{tenths} {unit}")
    }
}

fn block(text: &mut String, depth: usize, name: &str, value: &Value) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Null => {
            let _ = writeln!(text, "{indent}{name}: taken away");
        }
        Value::Integer(number) => {
            let _ = writeln!(text, "{indent}{name}: {number}");
        }
        Value::Text(words) if words.contains('\n') => {
            let _ = writeln!(text, "{indent}{name}:");
            for line in shown(words).lines() {
                let _ = writeln!(text, "{indent}  {line}");
            }
        }
        Value::Text(words) => {
            let _ = writeln!(text, "{indent}{name}: {}", shown(words));
        }
        Value::List(list) if list.iter().all(is_code) => {
            let codes: Vec<&str> = list.iter().filter_map(Value::as_text).collect();
            let _ = writeln!(text, "{indent}{name}: {}", codes.join(", "));
        }
        Value::List(list) => {
            for (index, element) in list.iter().enumerate() {
                block(text, depth, &format!("{name}[{index}]"), element);
            }
        }
        Value::Object(object) => {
            let _ = writeln!(text, "{indent}{name}:");
            for (name, member) in object {
                block(text, depth + 1, name, member);
            }
        }
    }
}

/// Whether it is a word of a closed list, and no text of hers.
fn is_code(value: &Value) -> bool {
    value.as_text().is_some_and(|text| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(json: &str) -> Object {
        let value = Value::parse(json.as_bytes()).unwrap();
        value.as_object().unwrap().clone()
    }

    #[test]
    fn columns_are_aligned_by_letters_not_bytes() {
        let rows = [
            vec!["1-ab".to_owned(), "түн".to_owned(), "x".to_owned()],
            vec!["12-abcd".to_owned(), "d".to_owned(), String::new()],
        ];
        assert_eq!(table(&rows), "1-ab     түн  x\n12-abcd  d\n");
    }

    #[test]
    fn when_it_happened_is_as_exact_as_it_was_said() {
        for (json, expected) in [
            (
                r#"{"from":"2026-10-03T21:15+05:00","precision":"exact"}"#,
                "2026-10-03 21:15",
            ),
            (
                r#"{"from":"2026-10-03T21:15+05:00","precision":"about"}"#,
                "about 2026-10-03 21:15",
            ),
            (r#"{"from":"2026-10-03","precision":"day"}"#, "2026-10-03"),
            (r#"{"from":"2026-10-01","precision":"month"}"#, "2026-10"),
            (
                r#"{"from":"2026-01-01","to":"2027-01-01","precision":"year"}"#,
                "2026 to 2027",
            ),
            (r#"{"precision":"unknown"}"#, "unknown"),
        ] {
            assert_eq!(occurred(&parsed(json)), expected);
        }
    }

    #[test]
    fn members_are_shown_by_name_and_nothing_acts_on_the_terminal() {
        let incident = parsed(
            r#"{"narrative":"one\ntwo\u001b[2J","behaviours":["waiting","threat"],"count":34,
                "people":[{"key":"p1","name":"A\u202eB"}],"verbatim":["Hello there"]}"#,
        );
        assert_eq!(
            members(&incident),
            "  behaviours: waiting, threat\n  count: 34\n  people[0]:\n    key: p1\n    \
             name: A[U+202E]B\n  verbatim[0]: Hello there\n  narrative:\n    one\n    \
             two[U+001B][2J\n"
        );
    }

    #[test]
    fn sizes_have_two_figures_or_more() {
        for (bytes, expected) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1536, "1.5 KiB"),
            (10 * 1024, "10 KiB"),
            (5 * 1024 * 1024, "5.0 MiB"),
            (16 * 1024 * 1024 * 1024, "16 GiB"),
        ] {
            assert_eq!(size(bytes), expected);
        }
    }
}
