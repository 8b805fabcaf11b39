//! The names of what can be withheld on its own.

use std::collections::BTreeSet;
use std::fmt;

use crate::canonical::{Object, Value};

use super::fields::fields;
use super::part::{LISTS, Part, known};
use super::{Incident, PRIVATE_NOTE};

/// What can be withheld from a bundle: a field of the incident, an element of a list, the contact
/// of a person, the words about the time, or all evidence.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct FieldName(Named);

#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Named {
    Evidence,
    Part(Part),
}

impl FieldName {
    /// Reads a name such as `narrative`, `people[1]`, `people[1].contact`, `occurred.words` or
    /// `evidence`. Elements are counted from 0.
    ///
    /// # Errors
    /// [`FieldNameError`] tells what can be withheld instead.
    pub fn parse(text: &str) -> Result<Self, FieldNameError> {
        if text == "evidence" {
            return Ok(Self(Named::Evidence));
        }
        match Part::parse(text) {
            Some(Part::Field("occurred")) => Err(FieldNameError::Time),
            Some(Part::Field(PRIVATE_NOTE)) => Err(FieldNameError::Private),
            Some(part) => Ok(Self(Named::Part(part))),
            None => Err(inside(text)),
        }
    }

    /// Whether this is the evidence of the incident, no part of its words.
    #[must_use]
    pub fn is_evidence(&self) -> bool {
        self.0 == Named::Evidence
    }

    /// Whether this is one element of a list, or in one, told by its number.
    #[must_use]
    pub fn is_element(&self) -> bool {
        matches!(&self.0, Named::Part(part) if part.list().is_some())
    }

    /// The commitment names that this withholds in each version of one incident: first the
    /// recording, then the changes of its amendments, in order. All sets are empty if no version
    /// has the field, and for `evidence`, which has entries of its own.
    ///
    /// A field is withheld in every version. An element is counted in the newest version of its
    /// list, and every other version of that list is withheld as a whole; if the newest has no
    /// such element but an older one has, that one is withheld as a whole too.
    #[must_use]
    pub fn in_versions(&self, versions: &[&Object]) -> Vec<BTreeSet<String>> {
        let nothing = || vec![BTreeSet::new(); versions.len()];
        let Named::Part(part) = &self.0 else {
            return nothing();
        };
        let Some(list) = part.list() else {
            return versions
                .iter()
                .map(|version| committed(version, |name| part.covers(name)))
                .collect();
        };
        let newest = versions
            .iter()
            .rposition(|version| version.contains_key(list));
        let elements: Vec<_> = versions
            .iter()
            .map(|version| committed(version, |name| part.covers(name)))
            .collect();
        if elements.iter().all(BTreeSet::is_empty) {
            return nothing();
        }
        elements
            .into_iter()
            .zip(versions)
            .enumerate()
            .map(|(index, (element, version))| {
                if newest == Some(index) && !element.is_empty() {
                    element
                } else {
                    committed(version, |name| Part::Field(list).covers(name))
                }
            })
            .collect()
    }
}

impl std::str::FromStr for FieldName {
    type Err = FieldNameError;

    fn from_str(text: &str) -> Result<Self, FieldNameError> {
        Self::parse(text)
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Named::Evidence => f.write_str("evidence"),
            Named::Part(part) => part.fmt(f),
        }
    }
}

/// Why a text names nothing that can be withheld. Never holds the text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FieldNameError {
    /// No field of an incident.
    Unknown,
    /// When it happened: it is what incidents are chosen and ordered by.
    Time,
    /// The private note, which no bundle holds.
    Private,
    /// Something inside of a field that is committed as a whole.
    Inside {
        /// The field.
        field: &'static str,
    },
    /// An element of a field that is no list.
    NoList {
        /// The field.
        field: &'static str,
    },
    /// An element of a list, but not by a number from 0.
    Index {
        /// The list.
        list: &'static str,
    },
}

impl std::error::Error for FieldNameError {}

impl fmt::Display for FieldNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => {
                f.write_str("no such field: evidence, occurred.words")?;
                let fields = Incident::MEMBERS.iter();
                for field in fields.filter(|name| !matches!(**name, "occurred" | PRIVATE_NOTE)) {
                    write!(f, ", {field}")?;
                }
                f.write_str(", or an element such as people[1] or people[1].contact")
            }
            Self::Time => f.write_str(
                "when it happened is always shown: withhold occurred.words, or leave out \
                 the incident",
            ),
            Self::Private => f.write_str("the private note is never in a bundle"),
            Self::Inside { field: "people" } => f.write_str(
                "only people[N] as a whole or people[N].contact can be withheld, N counted from 0",
            ),
            Self::Inside { field } if LISTS.contains(field) => {
                write!(
                    f,
                    "{field}[N] can be withheld as a whole only, N counted from 0"
                )
            }
            Self::Inside { field: "occurred" } => {
                f.write_str("of occurred, only occurred.words can be withheld")
            }
            Self::Inside { field } => write!(f, "{field} can be withheld as a whole only"),
            Self::NoList { field } => write!(f, "{field} is no list: withhold it as a whole"),
            Self::Index { list } => write!(f, "write {list}[N], N counted from 0"),
        }
    }
}

/// The names of a version's commitments that fit.
fn committed(version: &Object, fits: impl Fn(&Part) -> bool) -> BTreeSet<String> {
    fields(version)
        .into_iter()
        .filter(|(name, _): &(String, Value)| Part::parse(name).is_some_and(|part| fits(&part)))
        .map(|(name, _)| name)
        .collect()
}

/// The best advice for a name that is none.
fn inside(text: &str) -> FieldNameError {
    let end = text.find(['[', '.']).unwrap_or(text.len());
    let (head, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    let Some(field) = known(head) else {
        return FieldNameError::Unknown;
    };
    if field == PRIVATE_NOTE {
        return FieldNameError::Private;
    }
    let is_list = LISTS.contains(&field);
    if !rest.starts_with('[') {
        return FieldNameError::Inside { field };
    }
    if !is_list {
        return FieldNameError::NoList { field };
    }
    match rest.split_once(']') {
        Some((_, after))
            if Part::parse(&format!("{head}{}", rest.trim_end_matches(after))).is_some() =>
        {
            FieldNameError::Inside { field }
        }
        _ => FieldNameError::Index { list: field },
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::FULL;
    use super::*;

    fn object(json: &str) -> Object {
        let value = Value::parse(json.as_bytes()).unwrap();
        value.as_object().unwrap().clone()
    }

    fn in_versions(name: &str, versions: &[&str]) -> Vec<String> {
        let versions: Vec<_> = versions.iter().map(|json| object(json)).collect();
        let versions: Vec<_> = versions.iter().collect();
        let sets = FieldName::parse(name).unwrap().in_versions(&versions);
        let join = |set: &BTreeSet<String>| set.iter().cloned().collect::<Vec<_>>().join(" ");
        sets.iter().map(join).collect()
    }

    #[test]
    fn reads_every_name_that_is_committed() {
        for (name, _) in fields(&object(FULL)) {
            match FieldName::parse(&name) {
                Ok(read) => assert_eq!(read.to_string(), name),
                Err(error) => {
                    assert_eq!((name.as_str(), error), ("occurred", FieldNameError::Time))
                }
            }
        }
        for name in ["evidence", "people", "people[12].contact", "verbatim[999]"] {
            assert_eq!(FieldName::parse(name).unwrap().to_string(), name);
        }
        assert!(FieldName::parse("evidence").unwrap().is_evidence());
    }

    #[test]
    fn refuses_other_names_with_advice() {
        for (text, error) in [
            ("", FieldNameError::Unknown),
            ("x", FieldNameError::Unknown),
            ("что он сказал", FieldNameError::Unknown),
            ("Narrative", FieldNameError::Unknown),
            ("private", FieldNameError::Unknown),
            ("evidence[0]", FieldNameError::Unknown),
            ("occurred", FieldNameError::Time),
            (
                "occurred.from",
                FieldNameError::Inside { field: "occurred" },
            ),
            ("private_note", FieldNameError::Private),
            ("place.text", FieldNameError::Inside { field: "place" }),
            ("people[1].name", FieldNameError::Inside { field: "people" }),
            ("people.contact", FieldNameError::Inside { field: "people" }),
            (
                "reports[0].officer",
                FieldNameError::Inside { field: "reports" },
            ),
            (
                "narrative[0]",
                FieldNameError::NoList { field: "narrative" },
            ),
            ("people[x]", FieldNameError::Index { list: "people" }),
            ("people[01]", FieldNameError::Index { list: "people" }),
            ("people[1", FieldNameError::Index { list: "people" }),
            ("people[1000]", FieldNameError::Index { list: "people" }),
            ("people[-1]", FieldNameError::Index { list: "people" }),
            (
                "people[99999999999999999999]",
                FieldNameError::Index { list: "people" },
            ),
        ] {
            assert_eq!(FieldName::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn a_field_is_withheld_in_every_version() {
        let versions = [
            r#"{"narrative":"x","place":{"text":"y"},"verbatim":["a","b"]}"#,
            r#"{"place":null,"verbatim":["c"]}"#,
            r#"{"narrative":"z"}"#,
        ];
        assert_eq!(
            in_versions("narrative", &versions),
            ["narrative", "", "narrative"]
        );
        assert_eq!(in_versions("place", &versions), ["place", "place", ""]);
        let verbatim = ["verbatim[0] verbatim[1]", "verbatim[0]", ""];
        assert_eq!(in_versions("verbatim", &versions), verbatim);
        assert_eq!(in_versions("danger", &versions), ["", "", ""]);
        assert_eq!(in_versions("evidence", &versions), ["", "", ""]);
        let words = [r#"{"occurred":{"from":"2026-10-03","words":"x"}}"#];
        assert_eq!(in_versions("occurred.words", &words), ["occurred.words"]);
    }

    #[test]
    fn an_element_is_withheld_with_its_older_lists() {
        let one = r#"{"people":[{"role":"child","contact":"x"},{"role":"other","contact":"y"}]}"#;
        let all = "people[0] people[0].contact people[1] people[1].contact";
        assert_eq!(
            in_versions("people[1]", &[one]),
            ["people[1] people[1].contact"]
        );
        assert_eq!(
            in_versions("people[1].contact", &[one]),
            ["people[1].contact"]
        );
        assert_eq!(in_versions("people[2]", &[one]), [""]);
        let newer = [one, one, r#"{"count":1}"#];
        assert_eq!(
            in_versions("people[1].contact", &newer),
            [all, "people[1].contact", ""]
        );
        // The newest has no such element: what it may have been is withheld.
        let gone = [one, r#"{"people":null}"#];
        assert_eq!(in_versions("people[1]", &gone), [all, "people"]);
        let fewer = [one, r#"{"people":[{"role":"child"}]}"#];
        assert_eq!(in_versions("people[1]", &fewer), [all, "people[0]"]);
    }
}
