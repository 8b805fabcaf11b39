//! The members of one object of `incidents.json`, taken out one by one.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{DocumentError, DocumentRule as Rule};
use crate::canonical::{Object, Value};

type Result<T> = std::result::Result<T, DocumentError>;

/// The members of one object, and where it stands; what is left at the end is not known.
pub(super) struct Members {
    path: String,
    members: Object,
}

impl Members {
    pub(super) fn of(value: Value, path: &str) -> Result<Self> {
        match value {
            Value::Object(members) => Ok(Self {
                path: path.to_owned(),
                members,
            }),
            _ => Err(DocumentError::member(path, Rule::Object)),
        }
    }

    pub(super) fn finish(self) -> Result<()> {
        match self.members.keys().next() {
            None => Ok(()),
            // A foreign name could hold anything: it is repeated only if it looks like ours.
            Some(name) if is_field_name(name) => Err(self.broken(name, Rule::Unknown)),
            Some(_) => Err(self.broken("?", Rule::Unknown)),
        }
    }

    pub(super) fn path(&self, name: &str) -> String {
        if self.path.is_empty() {
            return name.to_owned();
        }
        format!("{}.{name}", self.path)
    }

    pub(super) fn broken(&self, name: &str, rule: Rule) -> DocumentError {
        DocumentError::member(self.path(name), rule)
    }

    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.members.remove(name)
    }

    pub(super) fn need(&mut self, name: &str) -> Result<Value> {
        self.take(name)
            .ok_or_else(|| self.broken(name, Rule::Missing))
    }

    pub(super) fn members(&mut self, name: &str) -> Result<Self> {
        let value = self.need(name)?;
        Self::of(value, &self.path(name))
    }

    pub(super) fn integer(&mut self, name: &str) -> Result<u64> {
        self.need(name)?
            .as_integer()
            .ok_or_else(|| self.broken(name, Rule::Number))
    }

    pub(super) fn optional_integer(&mut self, name: &str) -> Result<Option<u64>> {
        if self.members.contains_key(name) {
            return self.integer(name).map(Some);
        }
        Ok(None)
    }

    pub(super) fn text(&mut self, name: &str) -> Result<String> {
        match self.need(name)? {
            Value::Text(text) => Ok(text),
            _ => Err(self.broken(name, Rule::Text)),
        }
    }

    pub(super) fn optional_text(&mut self, name: &str) -> Result<Option<String>> {
        if self.members.contains_key(name) {
            return self.text(name).map(Some);
        }
        Ok(None)
    }

    pub(super) fn list(&mut self, name: &str) -> Result<Vec<Value>> {
        match self.need(name)? {
            Value::List(list) => Ok(list),
            _ => Err(self.broken(name, Rule::List)),
        }
    }

    pub(super) fn optional_texts(&mut self, name: &str) -> Result<Vec<String>> {
        if !self.members.contains_key(name) {
            return Ok(Vec::new());
        }
        let list = self.list(name)?;
        if list.is_empty() {
            return Err(self.broken(name, Rule::List));
        }
        let mut texts = Vec::with_capacity(list.len());
        for (at, value) in list.into_iter().enumerate() {
            let Value::Text(text) = value else {
                return Err(self.broken(&format!("{name}[{at}]"), Rule::Text));
            };
            texts.push(text);
        }
        Ok(texts)
    }

    /// An object with at least one member, none of them an empty list, for which no commitment
    /// could speak.
    pub(super) fn filled_object(&mut self, name: &str) -> Result<Object> {
        let object = match self.need(name)? {
            Value::Object(object) if !object.is_empty() => object,
            _ => return Err(self.broken(name, Rule::Object)),
        };
        let empty = |value: &Value| value.as_list().is_some_and(<[Value]>::is_empty);
        if let Some((field, _)) = object.iter().find(|(_, value)| empty(value)) {
            let field = if is_field_name(field) { field } else { "?" };
            return Err(self.broken(&format!("{name}.{field}"), Rule::List));
        }
        Ok(object)
    }

    pub(super) fn optional_object(&mut self, name: &str) -> Result<Option<Object>> {
        if self.members.contains_key(name) {
            return self.filled_object(name).map(Some);
        }
        Ok(None)
    }

    pub(super) fn named_32_bytes(&mut self, name: &str) -> Result<BTreeMap<String, [u8; 32]>> {
        let members = self.members(name)?;
        let mut named = BTreeMap::new();
        for (field, value) in &members.members {
            if !is_field_name(field) {
                return Err(members.broken("?", Rule::Name));
            }
            let bytes = value.as_text().and_then(base64_32);
            let bytes = bytes.ok_or_else(|| members.broken(field, Rule::Base64))?;
            named.insert(field.clone(), bytes);
        }
        Ok(named)
    }

    /// The reason, which is either shown or withheld.
    pub(super) fn reason(
        &mut self,
        withheld: &BTreeMap<String, [u8; 32]>,
    ) -> Result<Option<String>> {
        let reason = self.optional_text("reason")?;
        if reason.is_some() == withheld.contains_key("reason") {
            return Err(self.broken("reason", Rule::Overlap));
        }
        Ok(reason)
    }

    pub(super) fn earlier_numbers(&mut self, name: &str, number: u64) -> Result<Vec<u64>> {
        let list = self.list(name)?;
        if list.is_empty() {
            return Err(self.broken(name, Rule::List));
        }
        let mut numbers = Vec::with_capacity(list.len());
        let mut least = 0;
        for (at, value) in list.iter().enumerate() {
            let earlier = value.as_integer().filter(|earlier| *earlier < number);
            let path = format!("{name}[{at}]");
            let earlier = earlier.ok_or_else(|| self.broken(&path, Rule::Number))?;
            if earlier < least {
                return Err(self.broken(&path, Rule::Ascending));
            }
            least = earlier.saturating_add(1);
            numbers.push(earlier);
        }
        Ok(numbers)
    }
}

pub(super) fn base64_32(text: &str) -> Option<[u8; 32]> {
    STANDARD.decode(text).ok()?.try_into().ok()
}

fn is_field_name(name: &str) -> bool {
    let allowed = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b'[' | b']');
    (1..=64).contains(&name.len()) && name.bytes().all(allowed)
}
