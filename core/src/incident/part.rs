//! The names of what is committed on its own.

use std::fmt;

use super::{Incident, MAX_LIST};

/// The fields of an incident that are lists; each element is committed on its own.
pub(super) const LISTS: [&str; 9] = [
    "behaviours",
    "channels",
    "danger",
    "orders",
    "people",
    "reports",
    "response",
    "shown_as",
    "verbatim",
];

/// The name of one commitment of an incident or an amendment.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Part {
    Field(&'static str),
    Words,
    Element(&'static str, usize),
    Contact(usize),
}

impl Part {
    /// Reads a name exactly as it is committed: one form only.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if text == "occurred.words" {
            return Some(Self::Words);
        }
        let Some((name, rest)) = text.split_once('[') else {
            return known(text).map(Self::Field);
        };
        let list = LISTS.into_iter().find(|list| *list == name)?;
        let (index, rest) = rest.split_once(']')?;
        let number: usize = index.parse().ok()?;
        if number >= MAX_LIST || number.to_string() != index {
            return None;
        }
        match rest {
            "" => Some(Self::Element(list, number)),
            ".contact" if list == "people" => Some(Self::Contact(number)),
            _ => None,
        }
    }

    /// The list that this is an element of, or in one.
    pub(super) fn list(&self) -> Option<&'static str> {
        match self {
            Self::Field(_) | Self::Words => None,
            Self::Element(list, _) => Some(list),
            Self::Contact(_) => Some("people"),
        }
    }

    /// Whether withholding this withholds that.
    pub(super) fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Field(field), other) if other.list().is_some() => other.list() == Some(field),
            (Self::Element("people", index), Self::Contact(other)) => index == other,
            _ => self == other,
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(field) => f.write_str(field),
            Self::Words => f.write_str("occurred.words"),
            Self::Element(list, index) => write!(f, "{list}[{index}]"),
            Self::Contact(index) => write!(f, "people[{index}].contact"),
        }
    }
}

/// The field of that name.
pub(super) fn known(name: &str) -> Option<&'static str> {
    Incident::MEMBERS
        .iter()
        .copied()
        .find(|known| *known == name)
}
