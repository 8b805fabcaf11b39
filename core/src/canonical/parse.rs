//! Reading JSON with the rules of the canonical form, and where in it a rule was broken.

use std::cell::RefCell;
use std::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::{CanonicalError, MAX_INTEGER, Object, Rule, Value, push_element, push_member};

/// Parses JSON of the subset; spaces and escapes may be of any form.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, CanonicalError> {
    let steps = RefCell::default();
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    ValueSeed(&steps)
        .deserialize(&mut deserializer)
        .and_then(|value| deserializer.end().map(|()| value))
        .map_err(|error| syntax(&error, &steps.borrow()))
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ValueSeed(&RefCell::default()).deserialize(deserializer)
    }
}

pub(super) const DUPLICATE_KEY: &str = "the same key stands twice in one object";
pub(super) const ASCII_KEY: &str = "a key may hold ASCII letters only";
pub(super) const INTEGER: &str = "only whole numbers from 0 to 9007199254740991 are allowed";
pub(super) const BOOLEAN: &str = "true and false are not used: write \"yes\" or \"no\"";

/// serde_json's own messages can quote the input, so only our own fixed rules are passed on.
fn syntax(error: &serde_json::Error, steps: &[Step]) -> CanonicalError {
    let text = error.to_string();
    let rule = [
        (DUPLICATE_KEY, Rule::DuplicateKey),
        (ASCII_KEY, Rule::AsciiKey),
        (INTEGER, Rule::Integer),
        (BOOLEAN, Rule::Boolean),
        ("number out of range", Rule::Integer),
        ("invalid unicode code point", Rule::Unicode),
        ("lone leading surrogate", Rule::Unicode),
        ("unexpected end of hex escape", Rule::Unicode),
        ("control character", Rule::Control),
        ("recursion limit exceeded", Rule::Depth),
    ]
    .into_iter()
    .find_map(|(message, rule)| text.starts_with(message).then_some(rule))
    .unwrap_or(Rule::Json);
    let mut path = String::new();
    // Of a hundred levels the first says where.
    let shown = if rule == Rule::Depth { 1 } else { steps.len() };
    for step in steps.iter().take(shown) {
        match step {
            Step::Member(key) => push_member(&mut path, key),
            Step::Element(index) => push_element(&mut path, *index),
        }
    }
    CanonicalError::Syntax {
        line: error.line(),
        column: error.column(),
        path,
        rule,
    }
}

/// One step from a value into the one inside it.
enum Step {
    Member(String),
    Element(usize),
}

/// Reads a value and keeps, for an error, the steps that lead to where it stopped: a step is only
/// taken back when what it leads to was read.
#[derive(Clone, Copy)]
struct ValueSeed<'s>(&'s RefCell<Vec<Step>>);

impl ValueSeed<'_> {
    fn enter(self, step: Step) {
        self.0.borrow_mut().push(step);
    }

    fn leave(self) -> Option<Step> {
        self.0.borrow_mut().pop()
    }
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Value, E> {
        Err(E::custom(BOOLEAN))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Value, E> {
        if number > MAX_INTEGER {
            return Err(E::custom(INTEGER));
        }
        Ok(Value::Integer(number))
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Value, E> {
        Err(E::custom(INTEGER))
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Value, E> {
        Err(E::custom(INTEGER))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        loop {
            self.enter(Step::Element(list.len()));
            let element = sequence.next_element_seed(self)?;
            self.leave();
            match element {
                Some(element) => list.push(element),
                None => return Ok(Value::List(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Object::new();
        while let Some(key) = map.next_key::<String>()? {
            let (ascii, twice) = (key.is_ascii(), object.contains_key(&key));
            self.enter(Step::Member(key));
            if !ascii {
                return Err(de::Error::custom(ASCII_KEY));
            }
            if twice {
                return Err(de::Error::custom(DUPLICATE_KEY));
            }
            let value = map.next_value_seed(self)?;
            if let Some(Step::Member(key)) = self.leave() {
                object.insert(key, value);
            }
        }
        Ok(Value::Object(object))
    }
}
