//! From an entry as a bundle shows it back to its leaf: values with their salts, commitments for
//! what is withheld.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::document::{Body, Entry};
use crate::canonical::{Object, Value};
use crate::incident;
use crate::log::EntryKind;
use crate::log::leaf::{self, Leaf, PRIVATE};

/// Why an entry has no leaf.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum EntryRule {
    /// What is shown, the salts and the names of what is withheld do not belong together.
    Fields,
    /// The private note has its commitment in every incident and amendment.
    Private,
    /// The moment of writing is always shown.
    Recorded,
    /// Numbers are those of a log.
    Number,
    /// An incident or an amendment breaks a rule of its fields.
    Form,
}

/// The leaf of a shown entry; whether the log holds it is for the inclusion proof to show.
pub(crate) fn leaf(entry: &Entry) -> Result<Leaf, EntryRule> {
    let withheld: BTreeSet<String> = entry.withheld.keys().cloned().collect();
    if withheld.contains("recorded") {
        return Err(EntryRule::Recorded);
    }
    let kind = EntryKind::from_name(entry.kind()).ok_or(EntryRule::Number)?;
    let has_note = matches!(kind, EntryKind::Incident | EntryKind::Amendment);
    if has_note != withheld.contains(PRIVATE) {
        return Err(EntryRule::Private);
    }
    let shown = shown_fields(entry, &withheld)?;
    if shown.len() != entry.salts.len() {
        return Err(EntryRule::Fields);
    }
    let mut commitments: BTreeMap<String, [u8; 32]> = entry.withheld.clone();
    for (name, value) in shown {
        let salt = entry.salts.get(&name).ok_or(EntryRule::Fields)?;
        let commitment = leaf::commitment(&name, salt, &value.to_bytes());
        if commitments.insert(name, commitment).is_some() {
            return Err(EntryRule::Fields);
        }
    }
    let number = |number: u64| u32::try_from(number).map_err(|_| EntryRule::Number);
    Ok(Leaf {
        number: number(entry.number)?,
        kind,
        about: match entry.body {
            Body::Incident { .. } => None,
            _ => Some(number(entry.subject())?),
        },
        commitments,
    })
}

fn shown_fields(
    entry: &Entry,
    withheld: &BTreeSet<String>,
) -> Result<Vec<(String, Value)>, EntryRule> {
    let mut fields = match &entry.body {
        Body::Incident { incident } => {
            incident::check_shown_incident(incident).map_err(|_| EntryRule::Form)?;
            object_fields(incident, withheld)?
        }
        Body::Amendment { changes, .. } => {
            incident::check_shown_changes(changes).map_err(|_| EntryRule::Form)?;
            object_fields(changes, withheld)?
        }
        Body::Evidence { evidence, .. } => evidence
            .iter()
            .flat_map(|evidence| evidence.to_object())
            .collect(),
        Body::Erasure { erased, .. } => {
            let erased = erased
                .iter()
                .map(|number| Value::Integer(*number))
                .collect();
            vec![("erased".to_owned(), Value::List(erased))]
        }
        Body::Withdrawal { .. } => Vec::new(),
    };
    if let Body::Amendment {
        reason: Some(reason),
        ..
    }
    | Body::Withdrawal {
        reason: Some(reason),
        ..
    } = &entry.body
    {
        fields.push(("reason".to_owned(), reason.as_str().into()));
    }
    fields.push((
        "recorded".to_owned(),
        Value::Object(entry.recorded.to_object()),
    ));
    Ok(fields)
}

/// The fields of an incident or of changes; those that the entry has beside it are left aside.
fn object_fields(
    object: &Object,
    withheld: &BTreeSet<String>,
) -> Result<Vec<(String, Value)>, EntryRule> {
    let beside = [PRIVATE, "reason"];
    let names = withheld
        .iter()
        .filter(|name| !beside.contains(&name.as_str()))
        .cloned()
        .collect();
    incident::shown_fields(object, &names).map_err(|_| EntryRule::Fields)
}

impl fmt::Display for EntryRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Fields => "what is shown, salts and withheld names do not belong together",
            Self::Private => "the commitment of the private note is missing or out of place",
            Self::Recorded => "the moment of writing is withheld",
            Self::Number => "its number or kind is not one of a log",
            Self::Form => "it breaks a rule of an incident's fields",
        })
    }
}
