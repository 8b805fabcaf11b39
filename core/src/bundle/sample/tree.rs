//! Field names, commitments, leaves and proofs of the sample log, by the letter of the format.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use crate::canonical::{Object, Value};

/// The commitment names of an incident or of changes, with their values.
pub(super) fn fields_of(object: &Object) -> BTreeMap<String, Value> {
    let mut fields = BTreeMap::new();
    for (name, value) in object {
        match (name.as_str(), value) {
            (_, Value::List(list)) => {
                let part = if name == "people" { "contact" } else { "" };
                for (at, element) in list.iter().enumerate() {
                    split(&mut fields, format!("{name}[{at}]"), element, part);
                }
            }
            ("occurred", value) => split(&mut fields, name.clone(), value, "words"),
            _ => {
                fields.insert(name.clone(), value.clone());
            }
        }
    }
    fields
}

pub(super) fn split(fields: &mut BTreeMap<String, Value>, name: String, value: &Value, part: &str) {
    let mut value = value.clone();
    if let Value::Object(object) = &mut value {
        let apart = object.remove(part);
        fields.extend(apart.map(|apart| (format!("{name}.{part}"), apart)));
    }
    fields.insert(name, value);
}

/// The object without its withheld parts.
pub(super) fn shown(object: &Object, withhold: &[&str]) -> Object {
    let hidden = |name: &str| withhold.contains(&name);
    let mut shown = Object::new();
    for (name, value) in object.iter().filter(|(name, _)| !hidden(name)) {
        let value = match value {
            Value::List(list) => {
                let kept = list.iter().enumerate();
                let kept = kept.filter(|(at, _)| !hidden(&format!("{name}[{at}]")));
                Value::List(
                    kept.map(|(at, element)| {
                        without(element, "contact", hidden(&format!("{name}[{at}].contact")))
                    })
                    .collect(),
                )
            }
            other => without(
                other,
                "words",
                name == "occurred" && hidden("occurred.words"),
            ),
        };
        if value != Value::List(Vec::new()) {
            shown.insert(name.clone(), value);
        }
    }
    shown
}

pub(super) fn without(value: &Value, part: &str, take: bool) -> Value {
    let mut value = value.clone();
    if let Value::Object(object) = &mut value
        && take
    {
        object.remove(part);
    }
    value
}

pub(super) fn salt(number: u64, name: &str) -> [u8; 32] {
    Sha256::digest(format!("salt {number} {name}")).into()
}

pub(super) fn commitment(number: u64, name: &str, value: &Value) -> [u8; 32] {
    let value = value.to_bytes();
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap().to_be_bytes();
    Sha256::new()
        .chain_update("incident-diary/field/1\n")
        .chain_update(length(name.as_bytes()))
        .chain_update(name)
        .chain_update(salt(number, name))
        .chain_update(length(&value))
        .chain_update(value)
        .finalize()
        .into()
}

pub(super) fn leaf(number: u64, proven: &super::Proven) -> [u8; 32] {
    let about = proven
        .about
        .map_or_else(|| "-".to_owned(), |about| about.to_string());
    let mut text = format!(
        "incident-diary/leaf/1\n{number}\n{}\n{about}\n",
        proven.kind
    );
    for (name, value) in &proven.fields {
        let commitment = STANDARD.encode(commitment(number, name, value));
        text.push_str(&format!("{name} {commitment}\n"));
    }
    Sha256::new()
        .chain_update([0])
        .chain_update(text)
        .finalize()
        .into()
}

pub(super) fn id(number: u64, leaf: &[u8; 32]) -> String {
    let check = crate::crockford::encode(&leaf[..3]).to_lowercase();
    format!("{number}-{}", check.get(..4).unwrap())
}

pub(super) fn node(left: [u8; 32], right: [u8; 32]) -> [u8; 32] {
    let hash = Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right);
    hash.finalize().into()
}

/// RFC 6962 section 2.1.
pub(crate) fn root(leaves: &[[u8; 32]]) -> [u8; 32] {
    match leaves {
        [] => Sha256::digest([]).into(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
            node(root(left), root(right))
        }
    }
}

/// RFC 6962 section 2.1.1, from the leaf's sibling up.
pub(crate) fn path(at: usize, leaves: &[[u8; 32]]) -> Vec<[u8; 32]> {
    if leaves.len() < 2 {
        return Vec::new();
    }
    let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
    let (mut path, sibling) = match at.checked_sub(left.len()) {
        None => (path(at, left), root(right)),
        Some(at) => (path(at, right), root(left)),
    };
    path.push(sibling);
    path
}

/// RFC 6962 section 2.1.2.
pub(crate) fn consistency(old: usize, leaves: &[[u8; 32]]) -> Vec<[u8; 32]> {
    fn subproof(old: usize, leaves: &[[u8; 32]], whole: bool) -> Vec<[u8; 32]> {
        if old == leaves.len() {
            return if whole {
                Vec::new()
            } else {
                vec![root(leaves)]
            };
        }
        let (left, right) = leaves.split_at(leaves.len().next_power_of_two() / 2);
        let (mut proof, sibling) = match old.checked_sub(left.len()) {
            Some(rest) if rest > 0 => (subproof(rest, right, false), root(left)),
            _ => (subproof(old, left, whole), root(right)),
        };
        proof.push(sibling);
        proof
    }
    subproof(old, leaves, true)
}
