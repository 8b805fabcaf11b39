//! What she writes: an incident, and an amendment to one.
//!
//! Both come in as JSON and are parsed into types that cannot be wrong; what is stored is their
//! canonical JSON. Nothing she wrote is ever changed on the way, and no error repeats it.
//!
//! To add a field, add a line to the table of [`Incident`] or of the record it belongs to (and to
//! the lists of fields in `names.rs` if it is a list). Reading, writing, schema and search follow.

#[macro_use]
mod record;
mod changes;
mod codes;
mod error;
mod fields;
mod harm;
mod names;
mod occurred;
mod official;
mod part;
mod people;
mod place;
mod schema;
mod text;

#[cfg(test)]
mod samples;

use std::collections::BTreeSet;

use crate::canonical::{CanonicalError, Object, Rule, Value};
use crate::time::LocalZone;

pub use self::changes::{Changes, NoteChange, check_shown_changes, check_shown_incident};
pub use self::codes::{
    Behaviour, Channel, Danger, HarmKind, How, OrderKind, PlaceClass, Precision, RefusalHow,
    Relationship, ReportBody, ReportOutcome, Response, Role, UnknownCode, YesNo,
};
pub use self::error::{FieldError, FieldRule};
pub use self::fields::{ShownError, Withheld, fields, shown_fields, withhold};
pub use self::harm::{Cost, Harm, Refusal};
pub use self::names::{FieldName, FieldNameError};
pub use self::occurred::Occurred;
pub use self::official::{Order, Report};
pub use self::people::{MAX_PEOPLE, Person};
pub use self::place::Place;
pub use self::record::MAX_LIST;
pub use self::schema::{amendment_schema, bundle_schema, incident_schema};
pub use self::text::{
    Amount, Count, Currency, Latitude, Longitude, MAX_COUNT, MAX_NARRATIVE, MAX_TEXT, PersonKey,
    Text,
};

use self::record::{At, Field, Rules};

/// Largest incident as a whole, and largest amendment: bytes of canonical JSON, private note
/// included. An entry of the log holds 4 MiB; the rest is for what the log adds.
pub const MAX_INCIDENT: usize = 3 << 20;

/// Number of characters of a title.
pub const TITLE_LENGTH: usize = 80;

/// The field that never leaves the diary.
const PRIVATE_NOTE: &str = "private_note";

record! {
    /// An incident, in her words and in closed lists. Only `occurred` and `narrative` are needed.
    Incident in "incident" {
        /// When it happened, as she remembers it.
        required occurred: Occurred,
        /// What happened.
        required narrative: Text<MAX_NARRATIVE>,
        /// Words that were said or written, as they were.
        many verbatim: Text,
        /// Where.
        optional place: Place,
        /// What he did.
        many behaviours: Behaviour,
        /// By what means.
        many channels: Channel,
        /// How often, in one record: 34 calls in a night.
        optional count: Count,
        /// Number, name of the account or address as the screen showed it.
        many shown_as: Text,
        /// Who was there or had to do with it.
        many[MAX_PEOPLE] people: Person,
        /// Whether children were there.
        optional children_present: YesNo,
        /// How she told him that she does not want this.
        optional refusal: Refusal,
        /// Whether it happened after that.
        optional after_refusal: YesNo,
        /// What it did to her life.
        optional harm: Harm,
        /// What she did.
        many response: Response,
        /// What made it dangerous.
        many danger: Danger,
        /// Reports she made.
        many reports: Report,
        /// Orders that were in force.
        many orders: Order,
        /// For herself. Never leaves the diary.
        optional private_note: Text,
    }
}

impl Rules for Incident {
    /// Two people with one key would be one person in every list.
    fn check(&self, at: &At<'_>) -> Result<(), FieldError> {
        let mut keys = BTreeSet::new();
        for (index, person) in self.people.iter().enumerate() {
            if person.key().is_some_and(|key| !keys.insert(key)) {
                let people = at.member("people");
                let person = people.element(index);
                return Err(person.member("key").error(FieldRule::SameKey));
            }
        }
        Ok(())
    }
}

impl Incident {
    /// Reads an incident that was typed in. A time without an offset gets the one `zone` had then.
    ///
    /// # Errors
    /// [`FieldError`] with the path of the field and the rule it breaks.
    pub fn parse(json: &[u8], zone: &dyn LocalZone) -> Result<Self, FieldError> {
        Self::decode(read(json)?, &At::entered(zone))?.sized()
    }

    /// As [`Incident::parse`], of members that were put together and never were JSON text.
    ///
    /// # Errors
    /// As [`Incident::parse`], but for those of the text.
    pub fn read(members: Object, zone: &dyn LocalZone) -> Result<Self, FieldError> {
        Self::decode(Value::Object(members), &At::entered(zone))?.sized()
    }

    /// Reads one that was stored; a `private_note` may be put back among the members before.
    ///
    /// # Errors
    /// [`FieldError`]: it was not written by [`Incident::to_value`].
    pub fn from_value(object: &Object) -> Result<Self, FieldError> {
        Self::decode(Value::Object(object.clone()), &At::stored())
    }

    /// The short form: what happened, when, perhaps where and what it was.
    ///
    /// # Errors
    /// [`FieldError`] as [`Incident::parse`].
    pub fn short(
        narrative: &str,
        occurred: &Occurred,
        place: Option<&str>,
        behaviours: &[Behaviour],
    ) -> Result<Self, FieldError> {
        let mut object = Object::from([
            ("occurred".to_owned(), occurred.encode()),
            ("narrative".to_owned(), narrative.into()),
        ]);
        if let Some(place) = place {
            let place = Object::from([("text".to_owned(), place.into())]);
            object.insert("place".to_owned(), Value::Object(place));
        }
        if !behaviours.is_empty() {
            let codes = behaviours.iter().map(Field::encode).collect();
            object.insert("behaviours".to_owned(), Value::List(codes));
        }
        Self::decode(Value::Object(object), &At::stored())?.sized()
    }

    /// The incident without the private note: what is committed and may leave the diary.
    #[must_use]
    pub fn to_value(&self) -> Object {
        let mut object = self.to_private_value();
        object.remove(PRIVATE_NOTE);
        object
    }

    /// The incident with the private note, for her eyes.
    #[must_use]
    pub fn to_private_value(&self) -> Object {
        match self.encode() {
            Value::Object(object) => object,
            _ => Object::new(),
        }
    }

    /// The first line of the narrative that is not blank, cut after [`TITLE_LENGTH`] characters.
    #[must_use]
    pub fn title(&self) -> &str {
        title_of(self.narrative.as_str())
    }

    /// All her words in it, for a search: no codes, times or numbers; with the private note.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        let mut texts = Vec::new();
        self.words(&mut texts);
        texts
    }

    /// The incident as it stands after an amendment: each field that the amendment names is
    /// replaced as a whole or taken away.
    ///
    /// # Errors
    /// [`FieldError`] if the whole breaks a rule that each part keeps: it may be too large.
    pub fn amended(&self, changes: &Changes) -> Result<Self, FieldError> {
        let mut object = self.to_private_value();
        for (name, value) in changes.to_private_value() {
            if value == Value::Null {
                object.remove(&name);
            } else {
                object.insert(name, value);
            }
        }
        Self::decode(Value::Object(object), &At::stored())?.sized()
    }

    fn sized(self) -> Result<Self, FieldError> {
        check_size(&self.encode())?;
        Ok(self)
    }
}

/// The title of an incident with this narrative.
pub(crate) fn title_of(narrative: &str) -> &str {
    let lines = narrative.split('\n').flat_map(|line| line.split('\r'));
    let line = lines.into_iter().find(|line| !line.trim().is_empty());
    let line = line.unwrap_or_default();
    let end = line.char_indices().nth(TITLE_LENGTH).map(|(end, _)| end);
    end.and_then(|end| line.get(..end)).unwrap_or(line)
}

/// Parses JSON; an error has the path of the field it happened in.
fn read(json: &[u8]) -> Result<Value, FieldError> {
    Value::parse(json).map_err(|error| match error {
        CanonicalError::Syntax {
            line,
            column,
            path,
            rule,
        } => FieldError::new(path, FieldRule::Json { rule, line, column }),
        CanonicalError::NotCanonical => {
            let rule = FieldRule::Json {
                rule: Rule::Json,
                line: 1,
                column: 1,
            };
            FieldError::new(String::new(), rule)
        }
    })
}

fn check_size(value: &Value) -> Result<(), FieldError> {
    if value.to_bytes().len() > MAX_INCIDENT {
        let limit = MAX_INCIDENT;
        return Err(FieldError::new(
            String::new(),
            FieldRule::TooLarge { limit },
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
