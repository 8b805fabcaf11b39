//! JSON Schemas (2020-12) of an incident, an amendment and a bundle's `incidents.json`, written
//! from the same tables that read and write them.

mod bundle;

use serde_json::{Map, Value, json};

use super::Incident;
use super::record::Field;

pub use self::bundle::bundle_schema;

/// The dialect of all of them.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// A date from 1900 to 2199, as far as a pattern can tell.
const DATE: &str = "(19|2[01])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";

/// A time of day without its offset.
const CLOCK: &str = r"T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?";

/// An offset.
const OFFSET: &str = "(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])";

/// The schema of what [`Incident::parse`] reads. It cannot say everything: that a day is in the
/// calendar, that `to` is not before `from`, that no two people have one key, and how many bytes a
/// text has, is left to the parser.
#[must_use]
pub fn incident_schema() -> Value {
    let mut schemas = Schemas::entered();
    let incident = Incident::schema(&mut schemas);
    schemas.document("Incident Diary: an incident", &incident)
}

/// The schema of what [`Changes::parse`](super::Changes::parse) reads, with the same limits.
#[must_use]
pub fn amendment_schema() -> Value {
    let mut schemas = Schemas::entered();
    let changes = schemas.changes();
    schemas.document("Incident Diary: an amendment", &changes)
}

/// The definitions that a schema refers to, while it is being made.
pub(crate) struct Schemas {
    definitions: Map<String, Value>,
    time: String,
}

impl Schemas {
    /// For what is typed in: a time may lack its offset.
    fn entered() -> Self {
        Self::with_time(&format!("^{DATE}({CLOCK}{OFFSET}?)?$"))
    }

    /// For what was stored: a time has its offset.
    fn stored() -> Self {
        Self::with_time(&format!("^{DATE}({CLOCK}{OFFSET})?$"))
    }

    fn with_time(time: &str) -> Self {
        Self {
            definitions: Map::new(),
            time: time.to_owned(),
        }
    }

    /// Refers to a definition; it is made the first time.
    pub(crate) fn define(&mut self, name: &str, make: impl FnOnce(&mut Self) -> Value) -> Value {
        if !self.definitions.contains_key(name) {
            let definition = make(self);
            self.definitions.insert(name.to_owned(), definition);
        }
        json!({"$ref": format!("#/$defs/{name}")})
    }

    /// A claimed time.
    pub(crate) fn time(&mut self) -> Value {
        let pattern = self.time.clone();
        self.define("time", |_| {
            json!({
                "description": "A date, or a time as in RFC 3339; seconds may be left out.",
                "type": "string",
                "pattern": pattern,
            })
        })
    }

    /// The fields of an incident, none of them needed, each as `change` makes it.
    fn some_fields(&mut self, name: &str, change: impl Fn(&str, Value) -> Option<Value>) -> Value {
        Incident::schema(self);
        let whole = self.definitions.remove("incident").unwrap_or_default();
        self.define(name, |_| {
            let members = whole.get("properties").and_then(Value::as_object);
            let members: Map<String, Value> = members
                .into_iter()
                .flatten()
                .filter_map(|(name, member)| {
                    change(name, member.clone()).map(|member| (name.clone(), member))
                })
                .collect();
            json!({
                "type": "object",
                "properties": members,
                "additionalProperties": false,
                "minProperties": 1,
            })
        })
    }

    /// The changes of an amendment that is typed in.
    fn changes(&mut self) -> Value {
        self.some_fields("changes", |name, member| Some(or_null(name, member)))
    }

    /// The whole document.
    fn document(self, title: &str, root: &Value) -> Value {
        json!({
            "$schema": DIALECT,
            "title": title,
            "allOf": [root],
            "$defs": self.definitions,
        })
    }
}

/// A field as an amendment has it: `null` takes it away, unless every incident needs it.
fn or_null(name: &str, member: Value) -> Value {
    match name {
        "occurred" | "narrative" => member,
        _ => json!({"anyOf": [member, {"type": "null"}]}),
    }
}

/// The schema of a record, while it is being made.
pub(crate) struct Record {
    about: String,
    members: Map<String, Value>,
    required: Vec<&'static str>,
}

impl Record {
    /// One without members.
    pub(crate) fn new(about: &str) -> Self {
        Self {
            about: about.to_owned(),
            members: Map::new(),
            required: Vec::new(),
        }
    }

    /// Says that a member must be there.
    pub(crate) fn require(&mut self, name: &'static str) {
        self.required.push(name);
    }

    /// Adds a member. What it is here stands before what its type is anywhere.
    pub(crate) fn member(&mut self, name: &str, about: &str, mut schema: Value) {
        if let Some(schema) = schema.as_object_mut() {
            let about = match schema.get("description").and_then(Value::as_str) {
                Some(general) => format!("{about} It is {general}."),
                None => about.to_owned(),
            };
            schema.insert("description".to_owned(), about.into());
        }
        self.members.insert(name.to_owned(), schema);
    }

    /// The schema, with the keywords for the rules between its members.
    pub(crate) fn finish(self, rules: Value) -> Value {
        let mut record = json!({
            "description": self.about,
            "type": "object",
            "properties": self.members,
            "additionalProperties": false,
        });
        if let (Some(record), Value::Object(rules)) = (record.as_object_mut(), rules) {
            if self.required.is_empty() {
                record.insert("minProperties".to_owned(), 1.into());
            } else {
                record.insert("required".to_owned(), self.required.into());
            }
            record.extend(rules);
        }
        record
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::super::part::LISTS;
    use super::super::*;
    use super::*;

    #[test]
    fn holds_each_code_of_each_list() {
        let schema = incident_schema();
        for (name, codes) in [
            ("precision", Precision::CODES),
            ("place_class", PlaceClass::CODES),
            ("behaviour", Behaviour::CODES),
            ("channel", Channel::CODES),
            ("role", Role::CODES),
            ("relationship", Relationship::CODES),
            ("yes_no", YesNo::CODES),
            ("refusal_how", RefusalHow::CODES),
            ("harm_kind", HarmKind::CODES),
            ("response", Response::CODES),
            ("danger", Danger::CODES),
            ("report_body", ReportBody::CODES),
            ("report_outcome", ReportOutcome::CODES),
            ("order_kind", OrderKind::CODES),
        ] {
            assert_eq!(schema["$defs"][name]["enum"], json!(codes), "{name}");
        }
        assert_eq!(bundle_schema()["$defs"]["how"]["enum"], json!(How::CODES));
    }

    #[test]
    fn each_reference_is_defined() {
        fn check(value: &Value, definitions: &Map<String, Value>) {
            match value {
                Value::Object(object) => {
                    if let Some(Value::String(name)) = object.get("$ref") {
                        let name = name.strip_prefix("#/$defs/").unwrap();
                        assert!(definitions.contains_key(name), "{name}");
                    }
                    object.values().for_each(|value| check(value, definitions));
                }
                Value::Array(list) => list.iter().for_each(|value| check(value, definitions)),
                _ => {}
            }
        }
        for schema in [incident_schema(), amendment_schema(), bundle_schema()] {
            check(&schema, schema["$defs"].as_object().unwrap());
        }
    }

    #[test]
    fn each_record_is_closed() {
        fn check(value: &Value) {
            if let Value::Object(object) = value {
                if object.get("type") == Some(&json!("object")) {
                    assert!(object.contains_key("additionalProperties"), "{value}");
                }
                object.values().for_each(check);
            }
        }
        for schema in [incident_schema(), amendment_schema(), bundle_schema()] {
            check(&schema);
        }
    }

    #[test]
    fn an_incident_needs_two_fields_and_an_amendment_none() {
        let incident = incident_schema();
        let incident = &incident["$defs"]["incident"];
        assert_eq!(incident["required"], json!(["occurred", "narrative"]));
        let fields = |schema: &Value| -> Vec<String> {
            schema["properties"]
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect()
        };
        let mut members = Incident::MEMBERS.to_vec();
        members.sort_unstable();
        assert_eq!(fields(incident), members);

        let amendment = amendment_schema();
        let changes = &amendment["$defs"]["changes"];
        assert!(changes.get("required").is_none());
        assert_eq!(fields(changes), members);
        let nullable = |name: &str| changes["properties"][name].get("anyOf").is_some();
        assert!(nullable("place") && nullable("private_note"));
        assert!(!nullable("occurred") && !nullable("narrative"));

        let bundle = bundle_schema();
        for name in ["shown_incident", "shown_changes"] {
            let shown = &bundle["$defs"][name];
            assert!(shown.get("required").is_none() && shown["properties"].is_object());
            assert!(!fields(shown).contains(&PRIVATE_NOTE.to_owned()));
        }
    }

    #[test]
    fn the_lists_are_the_fields_that_are_lists() {
        let incident = incident_schema();
        let fields = incident["$defs"]["incident"]["properties"]
            .as_object()
            .unwrap();
        let lists = fields.iter().filter(|(_, field)| field["type"] == "array");
        assert!(lists.map(|(name, _)| name.as_str()).eq(LISTS));
    }
}
