//! Answers for programs: JSON with `"format": 1`.

use diary_core::canonical;
use diary_core::display::is_deceptive;
use serde_json::{Map, Value, json};

/// One document over several lines.
pub(crate) fn document(members: Value) -> String {
    let text = serde_json::to_string_pretty(&with_format(members)).unwrap_or_default();
    format!("{}\n", escaped(&text))
}

/// One document on one line.
pub(crate) fn line(members: Map<String, Value>) -> String {
    format!(
        "{}\n",
        escaped(&with_format(Value::Object(members)).to_string())
    )
}

fn value(value: &canonical::Value) -> Value {
    match value {
        canonical::Value::Null => Value::Null,
        canonical::Value::Integer(number) => json!(number),
        canonical::Value::Text(text) => json!(text),
        canonical::Value::List(list) => list.iter().map(self::value).collect(),
        canonical::Value::Object(members) => object(members),
    }
}

/// An object of the diary.
pub(crate) fn object(members: &canonical::Object) -> Value {
    members
        .iter()
        .map(|(name, member)| (name.clone(), value(member)))
        .collect()
}

/// A hash.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Adds a member unless it is unset: unset is absent, never `null`.
pub(crate) fn set(members: &mut Map<String, Value>, name: &str, value: Option<impl Into<Value>>) {
    if let Some(value) = value {
        members.insert(name.to_owned(), value.into());
    }
}

/// The members of a `json!({...})`.
pub(crate) fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn with_format(value: Value) -> Value {
    let mut members = members(value);
    members.insert("format".to_owned(), json!(1));
    Value::Object(members)
}

/// Characters that would act on a terminal or hide something, as `\u` escapes. They only occur
/// inside strings, where the escape means the same.
fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        if is_deceptive(character) && character != '\n' {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            text.push(character);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_a_terminal_is_escaped_and_stays_the_same() {
        let name = "a\u{202e}gpj.exe\u{7f}\u{9b}31m\u{1b}\n\"";
        let text = document(json!({ "name": name }));
        assert!(
            !text.contains(['\u{202e}', '\u{7f}', '\u{9b}', '\u{1b}']),
            "{text}"
        );
        let read: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(read["name"], name);
        assert_eq!(read["format"], 1);
    }

    #[test]
    fn a_line_is_one_line() {
        let text = line(members(json!({ "text": "a\nb" })));
        assert_eq!(text.matches('\n').count(), 1);
    }

    #[test]
    fn unset_is_absent() {
        let mut members = Map::new();
        set(&mut members, "reason", None::<String>);
        set(&mut members, "how", Some("copied"));
        assert_eq!(Value::Object(members), json!({ "how": "copied" }));
    }
}
