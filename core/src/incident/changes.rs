//! An amendment, and what a bundle shows of an incident or an amendment.

use std::fmt;

use crate::canonical::{Object, Value};
use crate::time::LocalZone;

use super::error::{FieldError, FieldRule};
use super::record::{At, Field, wrong_kind};
use super::{Incident, PRIVATE_NOTE, check_size, read};

/// The fields of an incident that an amendment changes: each is replaced as a whole, or taken
/// away by `null`. `occurred` and `narrative` can be replaced only.
#[derive(Clone, Eq, PartialEq)]
pub struct Changes(Object);

/// What an amendment does to the private note.
#[derive(Clone, Copy, Eq, PartialEq)]
pub enum NoteChange<'a> {
    /// It stays as it is.
    Kept,
    /// It is taken away.
    TakenAway,
    /// It becomes this.
    Set(&'a str),
}

impl Changes {
    /// Reads an amendment that was typed in, as [`Incident::parse`] reads an incident.
    ///
    /// # Errors
    /// [`FieldError`] with the path of the field and the rule it breaks;
    /// [`FieldRule::NoChange`] if there is no field in it.
    pub fn parse(json: &[u8], zone: &dyn LocalZone) -> Result<Self, FieldError> {
        Self::entered(read(json)?, zone)
    }

    /// As [`Changes::parse`], of members that were put together and never were JSON text.
    ///
    /// # Errors
    /// As [`Changes::parse`], but for those of the text.
    pub fn read(members: Object, zone: &dyn LocalZone) -> Result<Self, FieldError> {
        Self::entered(Value::Object(members), zone)
    }

    fn entered(value: Value, zone: &dyn LocalZone) -> Result<Self, FieldError> {
        let at = At::entered(zone);
        let changes = Self::decode(value, &at)?;
        if changes.0.is_empty() {
            return Err(at.error(FieldRule::NoChange));
        }
        check_size(&Value::Object(changes.0.clone()))?;
        Ok(changes)
    }

    /// Reads one that was stored. It may be empty: then only the private note was changed, which
    /// may be put back among the members before.
    ///
    /// # Errors
    /// [`FieldError`]: it was not written by [`Changes::to_value`].
    pub fn from_value(object: &Object) -> Result<Self, FieldError> {
        Self::decode(Value::Object(object.clone()), &At::stored())
    }

    /// The changes without the private note: what is committed and may leave the diary.
    #[must_use]
    pub fn to_value(&self) -> Object {
        let mut object = self.0.clone();
        object.remove(PRIVATE_NOTE);
        object
    }

    /// The changes with the private note, for her eyes.
    #[must_use]
    pub fn to_private_value(&self) -> Object {
        self.0.clone()
    }

    /// What happens to the private note.
    #[must_use]
    pub fn private_note(&self) -> NoteChange<'_> {
        match self.0.get(PRIVATE_NOTE) {
            None => NoteChange::Kept,
            Some(note) => note
                .as_text()
                .map_or(NoteChange::TakenAway, NoteChange::Set),
        }
    }

    fn decode(value: Value, at: &At<'_>) -> Result<Self, FieldError> {
        let Value::Object(object) = value else {
            return Err(wrong_kind(&value, "an object", at));
        };
        let (gone, set): (Object, Object) = object
            .into_iter()
            .partition(|(_, value)| *value == Value::Null);
        for name in gone.keys() {
            let at = at.member(name);
            if is_needed(name) {
                return Err(at.error(FieldRule::Needed));
            }
            if !Incident::MEMBERS.contains(&name.as_str()) {
                let known = Incident::MEMBERS;
                return Err(at.error(FieldRule::UnknownField { known }));
            }
        }
        let mut changes = decode_members(set, at)?;
        changes.extend(gone);
        Ok(Self(changes))
    }
}

impl fmt::Debug for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl fmt::Debug for NoteChange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kept => "Kept",
            Self::TakenAway => "TakenAway",
            Self::Set(_) => "Set(..)",
        })
    }
}

/// Checks an incident as a bundle shows it, with parts of it withheld: each field that is there
/// keeps its rules, the time is there, and the private note is not.
///
/// # Errors
/// [`FieldError`] with the path of the field and the rule it breaks.
pub fn check_shown_incident(object: &Object) -> Result<(), FieldError> {
    let at = At::stored();
    if !object.contains_key("occurred") {
        return Err(at.member("occurred").error(FieldRule::Missing));
    }
    check_private(object, &at)?;
    decode_members(object.clone(), &at).map(|_| ())
}

/// Checks an amendment as a bundle shows it, with parts of it withheld.
///
/// # Errors
/// [`FieldError`] with the path of the field and the rule it breaks.
pub fn check_shown_changes(object: &Object) -> Result<(), FieldError> {
    check_private(object, &At::stored())?;
    Changes::from_value(object).map(|_| ())
}

fn check_private(object: &Object, at: &At<'_>) -> Result<(), FieldError> {
    if object.contains_key(PRIVATE_NOTE) {
        return Err(at.member(PRIVATE_NOTE).error(FieldRule::Private));
    }
    Ok(())
}

fn is_needed(name: &str) -> bool {
    matches!(name, "occurred" | "narrative")
}

/// Reads some members of an incident, none of them needed. What an incident needs is lent for
/// that and taken out again, so that the table of [`Incident`] is the only one.
fn decode_members(members: Object, at: &At<'_>) -> Result<Object, FieldError> {
    let mut whole = Object::from([
        ("occurred".to_owned(), super::Occurred::unknown().encode()),
        ("narrative".to_owned(), "-".into()),
    ]);
    let lent: Vec<String> = whole
        .keys()
        .filter(|name| !members.contains_key(*name))
        .cloned()
        .collect();
    whole.extend(members);
    let mut object = Incident::decode(Value::Object(whole), at)?.to_private_value();
    for name in &lent {
        object.remove(name);
    }
    Ok(object)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::time::test_zone::Almaty;

    use super::super::samples;
    use super::*;

    fn parse(json: &str) -> Changes {
        Changes::parse(json.as_bytes(), &Almaty).unwrap()
    }

    fn refused(json: &str) -> String {
        let changes = Changes::parse(json.as_bytes(), &Almaty);
        changes.unwrap_err().to_string()
    }

    fn object(json: &str) -> Object {
        let value = Value::parse(json.as_bytes()).unwrap();
        value.as_object().unwrap().clone()
    }

    #[test]
    fn takes_the_fields_that_change() {
        for json in [
            r#"{"narrative":"y"}"#,
            r#"{"occurred":{"from":"2026-10-04"}}"#,
            r#"{"place":null}"#,
            r#"{"people":[{"role":"witness"}],"count":2,"harm":null}"#,
        ] {
            let changes = parse(json);
            assert_eq!(changes.to_value(), object(json));
            assert!(changes.private_note() == NoteChange::Kept);
            assert_eq!(Changes::from_value(&changes.to_value()), Ok(changes));
        }
        let changes = parse(r#"{"refusal":{"when":"2026-10-03T10:00"}}"#);
        let expected = r#"{"refusal":{"when":"2026-10-03T10:00+05:00"}}"#;
        assert_eq!(changes.to_value(), object(expected));
    }

    #[test]
    fn keeps_the_private_note_apart() {
        let set = parse(r#"{"private_note":"x","count":2}"#);
        assert!(set.private_note() == NoteChange::Set("x"));
        assert_eq!(set.to_value(), object(r#"{"count":2}"#));
        let gone = parse(r#"{"private_note":null}"#);
        assert!(gone.private_note() == NoteChange::TakenAway);
        assert_eq!(gone.to_value(), Object::new());
        assert!(Changes::from_value(&Object::new()).is_ok());
        assert_eq!(format!("{set:?}"), r#"{"count", "private_note"}"#);
    }

    #[test]
    fn refuses_with_the_path_of_the_field() {
        for (json, message) in [
            ("{}", "no field changes"),
            ("null", "null"),
            (r#""x""#, "must be an object"),
            (r#"{"occurred":null}"#, "occurred: every incident has one"),
            (r#"{"narrative":null}"#, "narrative: every incident has one"),
            (r#"{"title":null}"#, "title: no such field"),
            (r#"{"title":"x"}"#, "title: no such field"),
            (r#"{"narrative":""}"#, "narrative: empty"),
            (r#"{"place":{"text":null}}"#, "place.text: null"),
            (r#"{"behaviours":[]}"#, "behaviours: empty"),
            (r#"{"people":[{"role":"x"}]}"#, "people[0].role: not one of"),
            (
                r#"{"occurred":{"to":"2026-10-03"}}"#,
                "occurred.from: needed",
            ),
            (r#"{"count":1,"count":2}"#, "count: the same key"),
        ] {
            let refused = refused(json);
            assert!(refused.starts_with(message), "{json}: {refused}");
        }
    }

    #[test]
    fn checks_what_is_shown() {
        let shown = |json| check_shown_incident(&object(json)).map_err(|error| error.to_string());
        assert_eq!(shown(r#"{"occurred":{"from":"2026-10-03"}}"#), Ok(()));
        assert_eq!(
            shown(r#"{"occurred":{"precision":"unknown"},"count":2}"#),
            Ok(())
        );
        for (json, path) in [
            (r#"{"narrative":"x"}"#, "occurred: needed"),
            (
                r#"{"occurred":{"from":"2026-10-03T10:00"}}"#,
                "occurred.from: a time needs",
            ),
            (
                r#"{"occurred":{"from":"2026-10-03"},"count":null}"#,
                "count: null",
            ),
            (
                r#"{"occurred":{"from":"2026-10-03"},"private_note":"x"}"#,
                "private_note: never",
            ),
            (
                r#"{"occurred":{"from":"2026-10-03"},"x":"x"}"#,
                "x: no such field",
            ),
        ] {
            assert!(shown(json).unwrap_err().starts_with(path), "{json}");
        }
        let shown = |json| check_shown_changes(&object(json)).map_err(|error| error.to_string());
        assert_eq!(shown("{}"), Ok(()));
        assert_eq!(shown(r#"{"place":null}"#), Ok(()));
        assert!(shown(r#"{"private_note":null}"#).is_err_and(|error| error.contains("never")));
        assert!(shown(r#"{"count":0}"#).is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(object in samples::changes()) {
            let changes = Changes::from_value(&object).unwrap();
            prop_assert_eq!(changes.to_private_value(), object.clone());
            let json = Value::Object(object.clone()).to_bytes();
            match Changes::parse(&json, &Almaty) {
                Ok(same) => prop_assert_eq!(same, changes),
                Err(error) => prop_assert!(object.is_empty(), "{}", error),
            }
        }
    }
}
