//! `incidents.json` of a bundle: what is shown of the chosen incidents, and the commitments of the rest.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::Selection;
use super::choose::{Choice, Chosen};
use super::leaving::Decided;
use crate::bundle::document::{Document, Exhibit, Stamp};
use crate::canonical::{Object, Value};
use crate::diary::Diary;
use crate::diary::history::IncidentRef;
use crate::error::Error;
use crate::incident::{self, Text};
use crate::log::entry::Entry;
use crate::log::leaf;
use crate::log::{EntryId, EntryKind};

impl Diary {
    pub(super) fn document(
        &mut self,
        selection: &Selection,
        audience: Option<Text>,
        choice: &Choice,
        decided: &Decided,
        stamps: &[Stamp],
    ) -> Result<Document, Error> {
        let chosen = &choice.chosen;
        let mut shown: Vec<(u32, EntryId, &Entry, &Chosen)> = chosen
            .iter()
            .flat_map(|chosen| {
                chosen
                    .history
                    .entries()
                    .map(move |(logged, entry)| (logged.id.number(), logged.id, entry, chosen))
            })
            .collect();
        shown.sort_unstable_by_key(|(number, ..)| *number);
        let mut exhibits = 0;
        let entries: Vec<Value> = shown
            .iter()
            .map(|(_, id, entry, chosen)| {
                exhibits += u32::from(entry.kind == EntryKind::Evidence);
                shown_entry(*id, entry, chosen, exhibits, decided)
            })
            .collect();

        let checkpoint = self.log.checkpoint();
        let in_log = u64::from(self.log.vault().head().incidents);
        let mut exported = Object::from([
            ("at".to_owned(), Value::Object(self.log.now())),
            ("language".to_owned(), selection.language.code().into()),
            ("renderer".to_owned(), crate::bundle::RENDERER.into()),
        ]);
        if let Some(audience) = audience {
            exported.insert("for".to_owned(), audience.as_str().into());
        }
        let count = |number: u64| Value::Integer(number);
        let counts = [
            ("incidents_shown", chosen.len() as u64),
            ("incidents_in_log", in_log),
            ("entries_shown", entries.len() as u64),
            ("entries_in_log", u64::from(checkpoint.size)),
            ("left_out", in_log.saturating_sub(chosen.len() as u64)),
            ("unknown_time", choice.unknown_time),
        ];
        let counts = counts.map(|(name, number)| (name.to_owned(), count(number)));
        let mut counts = Object::from(counts);
        let lost = self.log.lost_entries()?;
        if lost > 0 {
            counts.insert("lost".to_owned(), count(lost));
        }
        let log = Object::from([
            ("origin".to_owned(), checkpoint.origin.to_string().into()),
            ("size".to_owned(), checkpoint.size.into()),
            ("root".to_owned(), STANDARD.encode(checkpoint.root).into()),
        ]);
        let mut document = Object::from([
            ("format".to_owned(), Value::Integer(1)),
            ("log".to_owned(), Value::Object(log)),
            ("exported".to_owned(), Value::Object(exported)),
            (
                "selection".to_owned(),
                Value::Object(self.said_selection(selection, chosen)?),
            ),
            ("counts".to_owned(), Value::Object(counts)),
            ("entries".to_owned(), Value::List(entries)),
        ]);
        if !stamps.is_empty() {
            let stamps = stamps.iter().map(Stamp::to_object).map(Value::Object);
            document.insert("stamps".to_owned(), Value::List(stamps.collect()));
        }
        let mut bytes = Value::Object(document).to_bytes();
        bytes.push(b'\n');
        // The verifier's own parser: what it would refuse is not written.
        Document::parse(&bytes).map_err(|_| Error::BundleNotSound)
    }

    /// What was asked for, as it is said in the bundle.
    fn said_selection(
        &mut self,
        selection: &Selection,
        chosen: &[Chosen],
    ) -> Result<Object, Error> {
        let mut said = Object::new();
        let mut list = |name: &str, values: Vec<Value>| {
            if !values.is_empty() {
                said.insert(name.to_owned(), Value::List(values));
            }
        };
        // What is withheld, by her word or of an incident that is withdrawn, is not told by what was asked for either.
        let shows = |field: &str| {
            let mut withheld = selection.withhold.iter();
            !withheld.any(|(_, name)| name.to_string().starts_with(field))
                && !chosen.iter().any(|chosen| chosen.withholds_of(field))
        };
        if shows("behaviours") {
            let codes = selection.behaviours.iter();
            list("behaviours", codes.map(|code| code.code().into()).collect());
        }
        if shows("people") {
            let keys = selection.people.iter();
            list("people", keys.map(|key| key.as_str().into()).collect());
        }
        for (name, ids) in [
            ("incidents", &selection.incidents),
            ("without", &selection.without),
        ] {
            let mut values = Vec::new();
            for which in ids {
                // Only the index need be readable.
                let id = match which {
                    IncidentRef::Id(id) => *id,
                    IncidentRef::Number(_) => {
                        let number = self.resolve(which)?;
                        self.id_at(number)?
                    }
                };
                values.push(id.to_string().into());
            }
            list(name, values);
        }
        for (name, end) in [
            ("from", selection.period.from()),
            ("to", selection.period.to()),
        ] {
            if let Some(when) = end {
                said.insert(name.to_owned(), when.as_str().into());
            }
        }
        Ok(said)
    }
}

/// One entry of `incidents.json`.
fn shown_entry(
    id: EntryId,
    entry: &Entry,
    chosen: &Chosen,
    exhibit: u32,
    decided: &Decided,
) -> Value {
    let number = id.number();
    let (mut salts, mut withheld) = (Object::new(), Object::new());
    let mut names = BTreeSet::new();
    for field in leaf::fields(entry) {
        let salt = leaf::salt(&entry.seed, &field.name);
        if chosen.withholds(number, &field.name) {
            let commitment = leaf::commitment(&field.name, &salt, &field.value);
            withheld.insert(field.name.clone(), STANDARD.encode(commitment).into());
            names.insert(field.name);
        } else {
            salts.insert(field.name, STANDARD.encode(salt).into());
        }
    }
    let mut shown = Object::from([
        ("number".to_owned(), number.into()),
        ("id".to_owned(), id.to_string().into()),
        ("kind".to_owned(), entry.kind.name().into()),
        ("salts".to_owned(), Value::Object(salts)),
        ("withheld".to_owned(), Value::Object(withheld)),
    ]);
    for (name, value) in &entry.proven {
        match (entry.kind, name.as_str(), value) {
            (EntryKind::Incident, "incident", Value::Object(object))
            | (EntryKind::Amendment, "changes", Value::Object(object)) => {
                let part = incident::withhold(object, &names).shown;
                if !part.is_empty() {
                    shown.insert(name.clone(), Value::Object(part));
                }
            }
            (EntryKind::Evidence, "evidence", _) if names.contains("sha256") => {}
            _ if names.contains(name) => {}
            _ => {
                shown.insert(name.clone(), value.clone());
            }
        }
    }
    if entry.kind == EntryKind::Evidence
        && let Some(exhibit) = Exhibit::new(exhibit)
    {
        shown.insert("exhibit".to_owned(), exhibit.to_string().into());
        if let Some(decision) = decided.get(number)
            && let Some((name, value)) = decision.member(exhibit)
        {
            shown.insert(name.to_owned(), value);
        }
    }
    Value::Object(shown)
}
