//! Canonical JSON: RFC 8785 over strings, integers up to 2^53 - 1, arrays, objects with ASCII
//! keys, and `null`; nothing else.
//!
//! One value has exactly one form in bytes, so a hash over those bytes means the same to every
//! reader. Numbers with a fraction, negative numbers, booleans and duplicate keys, which two
//! readers may read differently, are refused.

mod parse;
mod strict;

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use self::parse::{ASCII_KEY, BOOLEAN, DUPLICATE_KEY, INTEGER};

/// Largest integer that every JSON reader keeps exactly: 2^53 - 1 (RFC 8259 section 6).
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

/// A value of canonical JSON.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Value {
    /// `null`: in an amendment, a field that is taken away.
    Null,
    /// An integer from 0 to [`MAX_INTEGER`].
    Integer(u64),
    /// A string, kept as entered (no normalisation).
    Text(String),
    /// An array.
    List(Vec<Value>),
    /// An object; keys are ASCII and sorted by bytes.
    Object(Object),
}

/// The members of an object.
pub type Object = BTreeMap<String, Value>;

/// Why bytes are no canonical JSON.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum CanonicalError {
    /// The bytes are no JSON, or hold something outside the subset.
    Syntax {
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// The member or element it happened in, such as `people[1].role`; empty for the value
        /// as a whole.
        path: String,
        /// The rule that was broken; never the text itself.
        rule: Rule,
    },
    /// The bytes are valid, but not the one canonical form.
    NotCanonical,
}

/// A rule of the JSON subset.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Rule {
    /// Valid JSON (RFC 8259).
    Json,
    /// Strings are valid Unicode: no lone surrogate, no bytes that are not UTF-8.
    Unicode,
    /// Control characters in strings are escaped (RFC 8259 section 7).
    Control,
    /// No key twice in one object.
    DuplicateKey,
    /// Keys are ASCII.
    AsciiKey,
    /// Only integers from 0 to 2^53 - 1.
    Integer,
    /// No `true` or `false`.
    Boolean,
    /// At most 127 arrays and objects in one another.
    Depth,
}

impl Value {
    /// Parses JSON of the subset; spaces and escapes may be of any form.
    ///
    /// # Errors
    /// [`CanonicalError::Syntax`] with the place and the rule.
    pub fn parse(bytes: &[u8]) -> Result<Self, CanonicalError> {
        parse::parse(bytes)
    }

    /// Parses bytes that must already be canonical.
    ///
    /// # Errors
    /// As [`Value::parse`], and [`CanonicalError::NotCanonical`].
    pub fn parse_canonical(bytes: &[u8]) -> Result<Self, CanonicalError> {
        if let Some(value) = strict::parse(bytes) {
            return Ok(value);
        }
        // What is wrong with it, the ordinary parser says.
        let value = Self::parse(bytes)?;
        if value.to_bytes() != bytes {
            return Err(CanonicalError::NotCanonical);
        }
        Ok(value)
    }

    /// Parses canonical bytes that are known to be genuine; of the objects in the outermost one only
    /// these members. What is passed over is not checked.
    pub(crate) fn parse_members(bytes: &[u8], wanted: &[&str]) -> Option<Self> {
        strict::parse_members(bytes, wanted)
    }

    /// The canonical bytes (RFC 8785).
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // serde_json writes the escapes of RFC 8785 section 3.2.2.2, no spaces, and the map's own
        // order; writing to memory cannot fail for these types.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The string, if this is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The integer, if this is one.
    #[must_use]
    pub fn as_integer(&self) -> Option<u64> {
        match self {
            Self::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// The elements, if this is an array.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(list) => Some(list),
            _ => None,
        }
    }

    /// The members, if this is an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }
}

/// The canonical bytes of an object.
pub(crate) fn object_bytes(object: &Object) -> Vec<u8> {
    // As Value::to_bytes.
    serde_json::to_vec(object).unwrap_or_default()
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Integer(number.into())
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Integer(number) => serializer.serialize_u64(*number),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(list) => {
                let mut sequence = serializer.serialize_seq(Some(list.len()))?;
                for element in list {
                    sequence.serialize_element(element)?;
                }
                sequence.end()
            }
            Self::Object(object) => {
                let mut map = serializer.serialize_map(Some(object.len()))?;
                for (key, value) in object {
                    map.serialize_entry(key, value)?;
                }
                map.end()
            }
        }
    }
}

impl std::error::Error for CanonicalError {}

impl fmt::Display for CanonicalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax {
                line,
                column,
                path,
                rule,
            } => {
                if !path.is_empty() {
                    write!(f, "{path}: ")?;
                }
                write!(f, "line {line}, column {column}: {rule}")
            }
            Self::NotCanonical => f.write_str("not in canonical form (RFC 8785)"),
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Json => "not valid JSON",
            Self::Unicode => {
                "not valid Unicode: half of a surrogate pair, or bytes that are no UTF-8"
            }
            Self::Control => "a control character must be escaped in JSON",
            Self::DuplicateKey => DUPLICATE_KEY,
            Self::AsciiKey => ASCII_KEY,
            Self::Integer => INTEGER,
            Self::Boolean => BOOLEAN,
            Self::Depth => "nested more than 127 levels deep",
        })
    }
}

/// Adds a member to a path. A key that does not look like a name may be anything she typed, so
/// it is not repeated.
pub(crate) fn push_member(path: &mut String, key: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    let named = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let is_name = (1..=40).contains(&key.len()) && key.bytes().all(named);
    path.push_str(if is_name { key } else { "?" });
}

/// Adds an element of a list to a path.
pub(crate) fn push_element(path: &mut String, index: usize) {
    // Writing to a string cannot fail.
    let _ = write!(path, "[{index}]");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(text: &str) -> Rule {
        match Value::parse(text.as_bytes()) {
            Err(CanonicalError::Syntax { rule, .. }) => rule,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn writes_the_form_of_rfc_8785() {
        let value = Value::parse(r#" { "b" : [1, "\u20ac\/\u000F\n"], "a" : {} } "#.as_bytes());
        let bytes = value.unwrap().to_bytes();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "{\"a\":{},\"b\":[1,\"€/\\u000f\\n\"]}"
        );
    }

    #[test]
    fn refuses_what_two_readers_read_differently() {
        assert_eq!(rule(r#"{"a":1,"a":2}"#), Rule::DuplicateKey);
        assert_eq!(rule(r#"{"ә":1}"#), Rule::AsciiKey);
        for number in ["1.0", "-1", "1e3", "9007199254740992", "-0", "1e400"] {
            assert!(
                matches!(rule(number), Rule::Integer | Rule::Json),
                "{number}"
            );
        }
        assert_eq!(rule("true"), Rule::Boolean);
        assert_eq!(rule(r#""\ud800""#), Rule::Unicode);
        assert_eq!(rule(r#""\ud800\u0041""#), Rule::Unicode);
        assert_eq!(rule(r#""\udc00""#), Rule::Unicode);
        assert_eq!(rule("\"\u{0}\""), Rule::Control);
        assert_eq!(rule(r#"{"a":1} x"#), Rule::Json);
        assert_eq!(rule(&"[".repeat(100_000)), Rule::Depth);
        let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(rule(&nested(128)), Rule::Depth);
        assert!(Value::parse(nested(127).as_bytes()).is_ok());
        assert_eq!(
            Value::parse(b"9007199254740991"),
            Ok(Value::Integer(MAX_INTEGER))
        );
    }

    #[test]
    fn refuses_any_other_form_of_the_same_value() {
        assert!(Value::parse_canonical(br#"{"a":1,"b":"x"}"#).is_ok());
        for other in [
            r#"{"b":"x","a":1}"#,
            r#"{"a":1, "b":"x"}"#,
            r#"{"a":1,"b":"\u0078"}"#,
        ] {
            let parsed = Value::parse_canonical(other.as_bytes());
            assert_eq!(parsed, Err(CanonicalError::NotCanonical));
        }
    }

    #[test]
    fn names_the_place() {
        for (text, expected) in [
            (r#"{"a":1,"a":2}"#, "a"),
            (r#"{"people":[{},{"role":true}]}"#, "people[1].role"),
            (r#"{"people":[{},{"role":"\ud800"}]}"#, "people[1].role"),
            (r#"{"a":{"b":[[1,2],[3,-4]]}}"#, "a.b[1][1]"),
            (r#"{"a":[1],"b":1.5}"#, "b"),
            (r#"{"what he said":1.5}"#, "?"),
            (r#"{"a":[1]} 1.5"#, ""),
        ] {
            let Err(CanonicalError::Syntax { path, .. }) = Value::parse(text.as_bytes()) else {
                panic!("{text}");
            };
            assert_eq!(path, expected, "{text}");
        }
    }
}
