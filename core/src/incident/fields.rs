//! Which parts of an incident are committed, shown and withheld on their own.
//!
//! Every top-level field is committed by its name, except: `occurred` is committed without its
//! `words`, which are `occurred.words`; a list is committed element by element, `f[0]`, `f[1]`,
//! ...; of a person, `people[i].contact` is apart from the rest, `people[i]`. In an amendment, a
//! field that is taken away is committed by its name over `null`. The private note is committed
//! elsewhere, under a name that tells nothing.
//!
//! Elements that are withheld are missing from the list that is shown. The shown ones have, in
//! order, the indexes that are not withheld.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::canonical::{Object, Value};

use super::PRIVATE_NOTE;
use super::part::{LISTS, Part};

/// What a bundle shows of an object, and the commitment names of the rest.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Withheld {
    /// The object without what is withheld; a member that became empty is absent.
    pub shown: Object,
    /// The commitment names of what was taken out.
    pub withheld: BTreeSet<String>,
}

/// Why an object and the names of what is withheld from it do not belong together.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ShownError {
    /// A name that nothing withheld can have.
    Name,
    /// A part that is shown, although it is named as withheld.
    Both {
        /// The commitment name.
        name: String,
    },
    /// A list whose elements, shown and withheld together, are not numbered from 0 without gap.
    Gap {
        /// The list.
        list: &'static str,
    },
}

impl std::error::Error for ShownError {}

impl fmt::Display for ShownError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name => f.write_str("something is named as withheld that cannot be"),
            Self::Both { name } => write!(f, "{name} is shown and named as withheld"),
            Self::Gap { list } => {
                write!(f, "the numbers of what is withheld of {list} leave a gap")
            }
        }
    }
}

/// The commitment names and values of an incident or of the changes of an amendment, as
/// [`Incident::to_value`](super::Incident::to_value) or
/// [`Changes::to_value`](super::Changes::to_value) give them.
#[must_use]
pub fn fields(object: &Object) -> Vec<(String, Value)> {
    spread(object, |_| 0..)
}

/// The commitment names and values of what is shown of an incident or of changes. `withheld` are
/// the names of the rest; `private` and `reason`, which an entry has beside them, may be among
/// them.
///
/// # Errors
/// [`ShownError`] if both do not belong together. It says nothing about the values: see
/// [`check_shown_incident`](super::check_shown_incident).
pub fn shown_fields(
    object: &Object,
    withheld: &BTreeSet<String>,
) -> Result<Vec<(String, Value)>, ShownError> {
    let mut holes: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    let mut contacts = BTreeSet::new();
    for name in withheld {
        match Part::parse(name) {
            Some(Part::Element(list, index)) => {
                holes.entry(list).or_default().insert(index);
            }
            Some(Part::Contact(index)) => {
                contacts.insert(index);
            }
            Some(Part::Field("occurred" | PRIVATE_NOTE)) => return Err(ShownError::Name),
            Some(Part::Field(_) | Part::Words) => {}
            None if matches!(name.as_str(), "private" | "reason") => {}
            None => return Err(ShownError::Name),
        }
    }
    for list in LISTS {
        let holes = holes.get(list);
        let shown = match object.get(list) {
            Some(Value::List(shown)) => shown.len(),
            _ => 0,
        };
        let total = shown + holes.map_or(0, BTreeSet::len);
        let last = holes.and_then(BTreeSet::last);
        let contact = contacts.last().filter(|_| list == "people");
        if [last, contact]
            .into_iter()
            .flatten()
            .any(|index| *index >= total)
        {
            return Err(ShownError::Gap { list });
        }
        // A list that an amendment took away has one commitment, and no elements.
        if withheld.contains(list) && total > 0 {
            let name = list.to_owned();
            return Err(ShownError::Both { name });
        }
    }
    let fields = spread(object, |list| {
        let holes = holes.get(list);
        (0..).filter(move |index| holes.is_none_or(|holes| !holes.contains(index)))
    });
    match fields.iter().find(|(name, _)| withheld.contains(name)) {
        Some((name, _)) => Err(ShownError::Both { name: name.clone() }),
        None => Ok(fields),
    }
}

/// Takes the named parts out of an incident or of changes. A list is named by its elements or as a
/// whole; an element takes its contact with it. `occurred` stays, whatever is named, and the
/// private note goes.
#[must_use]
pub fn withhold(object: &Object, names: &BTreeSet<String>) -> Withheld {
    let mut shown = Object::new();
    let mut withheld = BTreeSet::new();
    for (name, value) in object {
        let mut keep = |value: Value| shown.insert(name.clone(), value);
        match value {
            _ if name == PRIVATE_NOTE => {}
            Value::Object(occurred) if name == "occurred" => {
                let hides = |part: &String| names.contains(part);
                keep(without(
                    occurred,
                    "words",
                    "occurred.words",
                    hides,
                    &mut withheld,
                ));
            }
            _ if name == "occurred" => {
                keep(value.clone());
            }
            Value::List(list) => {
                let mut elements = Vec::new();
                for (index, element) in list.iter().enumerate() {
                    let part = format!("{name}[{index}]");
                    let goes = names.contains(name) || names.contains(&part);
                    let contact = format!("{part}.contact");
                    let element = match element {
                        Value::Object(person) if name == "people" => {
                            let hides = |part: &String| goes || names.contains(part);
                            without(person, "contact", &contact, hides, &mut withheld)
                        }
                        element => element.clone(),
                    };
                    if goes {
                        withheld.insert(part);
                    } else {
                        elements.push(element);
                    }
                }
                if !elements.is_empty() {
                    keep(Value::List(elements));
                }
            }
            _ if names.contains(name) => {
                withheld.insert(name.clone());
            }
            _ => {
                keep(value.clone());
            }
        }
    }
    Withheld { shown, withheld }
}

/// An object without one of its members, if that is there and is to be withheld.
fn without(
    object: &Object,
    member: &str,
    name: &str,
    hides: impl Fn(&String) -> bool,
    withheld: &mut BTreeSet<String>,
) -> Value {
    let mut object = object.clone();
    let name = name.to_owned();
    if object.contains_key(member) && hides(&name) {
        object.remove(member);
        withheld.insert(name);
    }
    Value::Object(object)
}

/// Spreads an object into its parts. `indexes` gives those of the elements of a list, in order.
fn spread<I: Iterator<Item = usize>>(
    object: &Object,
    indexes: impl Fn(&str) -> I,
) -> Vec<(String, Value)> {
    let mut fields = Vec::with_capacity(object.len());
    for (name, value) in object {
        match value {
            _ if name == PRIVATE_NOTE => {}
            Value::Object(occurred) if name == "occurred" => {
                apart(name.clone(), occurred, "words", &mut fields);
            }
            Value::List(list) => {
                for (element, index) in list.iter().zip(indexes(name)) {
                    let part = format!("{name}[{index}]");
                    match element {
                        Value::Object(person) if name == "people" => {
                            apart(part, person, "contact", &mut fields);
                        }
                        _ => fields.push((part, element.clone())),
                    }
                }
            }
            _ => fields.push((name.clone(), value.clone())),
        }
    }
    fields
}

/// Adds an object, and the one member of it that stands apart.
fn apart(name: String, object: &Object, member: &str, fields: &mut Vec<(String, Value)>) {
    let mut rest = object.clone();
    let taken = rest.remove(member);
    let inner = format!("{name}.{member}");
    fields.push((name, Value::Object(rest)));
    if let Some(value) = taken {
        fields.push((inner, value));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{FULL, changes, incident};
    use super::super::{check_shown_changes, check_shown_incident};
    use super::*;

    fn object(json: &str) -> Object {
        let value = Value::parse(json.as_bytes()).unwrap();
        value.as_object().unwrap().clone()
    }

    fn names<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
        names.map(str::to_owned).into()
    }

    fn text(fields: Vec<(String, Value)>) -> Vec<String> {
        let text = |(name, value): (String, Value)| {
            format!("{name}={}", String::from_utf8(value.to_bytes()).unwrap())
        };
        fields.into_iter().map(text).collect()
    }

    #[test]
    fn each_part_has_its_name() {
        let json = r#"{"occurred":{"from":"2026-10-03","words":"w"},"narrative":"n",
            "verbatim":["a","b"],"place":{"text":"p"},"harm":{"kinds":["fear"]},"count":2,
            "people":[{"role":"other","contact":"c"},{"role":"child"}],"private_note":"x"}"#;
        assert_eq!(
            text(fields(&object(json))),
            [
                r#"count=2"#,
                r#"harm={"kinds":["fear"]}"#,
                r#"narrative="n""#,
                r#"occurred={"from":"2026-10-03"}"#,
                r#"occurred.words="w""#,
                r#"people[0]={"role":"other"}"#,
                r#"people[0].contact="c""#,
                r#"people[1]={"role":"child"}"#,
                r#"place={"text":"p"}"#,
                r#"verbatim[0]="a""#,
                r#"verbatim[1]="b""#,
            ]
        );
        let changes = object(r#"{"place":null,"people":null,"danger":["weapon"]}"#);
        assert_eq!(
            text(fields(&changes)),
            [r#"danger[0]="weapon""#, "people=null", "place=null"]
        );
    }

    #[test]
    fn shown_elements_keep_their_numbers() {
        let names = names([
            "people[1]",
            "people[1].contact",
            "verbatim[0]",
            "place",
            "private",
        ]);
        let shown = object(
            r#"{"occurred":{"from":"2026-10-03"},"verbatim":["b"],
            "people":[{"role":"other","contact":"c"},{"role":"child"}]}"#,
        );
        assert_eq!(
            text(shown_fields(&shown, &names).unwrap()),
            [
                r#"occurred={"from":"2026-10-03"}"#,
                r#"people[0]={"role":"other"}"#,
                r#"people[0].contact="c""#,
                r#"people[2]={"role":"child"}"#,
                r#"verbatim[1]="b""#,
            ]
        );
    }

    #[test]
    fn what_does_not_belong_together_is_refused() {
        let shown = object(
            r#"{"occurred":{"from":"2026-10-03","words":"w"},"narrative":"n","place":null,
            "verbatim":["a"],"people":[{"role":"other","contact":"c"}]}"#,
        );
        let refused = |name: &str| shown_fields(&shown, &names([name])).unwrap_err();
        let both = |name: &str| {
            let name = name.to_owned();
            ShownError::Both { name }
        };
        for name in [
            "narrative",
            "place",
            "occurred.words",
            "verbatim",
            "people[0].contact",
        ] {
            assert_eq!(refused(name), both(name));
        }
        assert_eq!(refused("verbatim[2]"), ShownError::Gap { list: "verbatim" });
        assert_eq!(refused("danger[1]"), ShownError::Gap { list: "danger" });
        assert_eq!(
            refused("people[1].contact"),
            ShownError::Gap { list: "people" }
        );
        for name in [
            "",
            "x",
            "occurred",
            "private_note",
            "verbatim[00]",
            "verbatim[+0]",
            "verbatim[0",
            "verbatim[0].contact",
            "narrative[0]",
            "verbatim[1000]",
            "people[0].name",
            "recorded",
        ] {
            assert_eq!(refused(name), ShownError::Name, "{name}");
        }
        let gone = names(["danger", "danger[0]"]);
        assert_eq!(shown_fields(&shown, &gone), Err(both("danger")));
    }

    #[test]
    fn withholding_an_element_takes_its_contact_and_leaves_no_empty_list() {
        let full = object(FULL);
        let taken = withhold(
            &full,
            &names(["people[0]", "people[1].contact", "danger[0]"]),
        );
        let expected = names([
            "people[0]",
            "people[0].contact",
            "people[1].contact",
            "danger[0]",
        ]);
        assert_eq!(taken.withheld, expected);
        assert!(!taken.shown.contains_key("danger") && !taken.shown.contains_key("private_note"));
        let people = taken.shown.get("people").and_then(Value::as_list).unwrap();
        assert_eq!(people.len(), 1);
        assert!(!people[0].as_object().unwrap().contains_key("contact"));

        let taken = withhold(
            &full,
            &names(["people", "occurred", "occurred.words", "none"]),
        );
        let expected = names([
            "people[0]",
            "people[0].contact",
            "people[1]",
            "people[1].contact",
            "occurred.words",
        ]);
        assert_eq!(taken.withheld, expected);
        assert!(taken.shown.contains_key("occurred"));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]

        #[test]
        fn shown_and_withheld_are_the_whole(
            incident in incident(), changes in changes(), seed in any::<[bool; 64]>(),
        ) {
            for (object, is_incident) in [(incident, true), (changes, false)] {
                let all = fields(&object);
                let chosen = all.iter().zip(seed.iter().cycle());
                let names = chosen.filter(|(_, goes)| **goes).map(|((name, _), _)| name.clone());
                let Withheld { shown, withheld } = withhold(&object, &names.collect());
                if is_incident {
                    prop_assert_eq!(check_shown_incident(&shown), Ok(()));
                } else {
                    prop_assert_eq!(check_shown_changes(&shown), Ok(()));
                }
                let left = shown_fields(&shown, &withheld).unwrap();
                let (hidden, expected): (Vec<_>, Vec<_>) =
                    all.into_iter().partition(|(name, _)| withheld.contains(name));
                prop_assert_eq!(left, expected);
                prop_assert_eq!(hidden.len(), withheld.len());
            }
        }
    }
}
