//! The schema of `incidents.json`.

use serde_json::{Value, json};

use super::{OFFSET, Schemas, or_null};
use crate::incident::record::Field;
use crate::incident::{Behaviour, How, PRIVATE_NOTE, PersonKey, Text};

/// A time that a device told, without its offset: any year, because a clock may say anything.
const DEVICE_TIME: &str = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])\
     T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]";

/// The schema of a bundle's `incidents.json`. Of an incident or an amendment nothing is needed,
/// because anything can have been withheld.
#[must_use]
pub fn bundle_schema() -> Value {
    let mut schemas = Schemas::stored();
    let bundle = define_bundle(&mut schemas);
    schemas.document("Incident Diary: incidents.json of a bundle", &bundle)
}

/// An object whose members are all known: the needed ones, then the others.
fn closed(needed: &Value, others: &Value) -> Value {
    let mut members = needed.as_object().cloned().unwrap_or_default();
    let required: Vec<String> = members.keys().cloned().collect();
    members.extend(others.as_object().cloned().unwrap_or_default());
    json!({
        "type": "object",
        "properties": members,
        "required": required,
        "additionalProperties": false,
    })
}

fn list(items: &Value) -> Value {
    json!({"type": "array", "items": items, "minItems": 1})
}

fn pattern(pattern: &str) -> Value {
    json!({"type": "string", "pattern": pattern})
}

fn number(least: u64) -> Value {
    json!({"type": "integer", "minimum": least, "maximum": crate::canonical::MAX_INTEGER})
}

fn define_bundle(schemas: &mut Schemas) -> Value {
    let text = Text::<{ super::super::MAX_TEXT }>::schema(schemas);
    let time = schemas.time();
    let recorded = define_recorded(schemas);
    let entry = define_entry(schemas, &recorded);
    let id = define_id(schemas);
    let log = closed(
        &json!({
            "origin": pattern("^incident-diary\\.v1/[0-9a-f]{64}$"),
            "size": number(1),
            "root": hash(),
        }),
        &json!({}),
    );
    let exported = closed(
        &json!({
            "at": recorded,
            "language": {"enum": ["kk", "ru", "en"]},
            "renderer": pattern("^diary-core [0-9A-Za-z.+-]+$"),
        }),
        &json!({"for": text}),
    );
    let selection = closed(
        &json!({}),
        &json!({
            "from": time,
            "to": time,
            "behaviours": list(&Behaviour::schema(schemas)),
            "people": list(&PersonKey::schema(schemas)),
            "incidents": list(&id),
            "without": list(&id),
        }),
    );
    let counts = closed(
        &json!({
            "incidents_shown": number(0),
            "incidents_in_log": number(0),
            "entries_shown": number(0),
            "entries_in_log": number(1),
            "left_out": number(0),
            "unknown_time": number(0),
        }),
        &json!({ "lost": number(1) }),
    );
    let stamp = closed(
        &json!({
            "size": number(1),
            "number": number(1),
            "time": pattern(&format!("^{DEVICE_TIME}Z$")),
            "signer": {"type": "string", "minLength": 1},
        }),
        &json!({
            "chain": pattern("^[0-9a-f]{64}$"),
        }),
    );
    schemas.define("bundle", |_| {
        closed(
            &json!({
                "format": {"const": 1},
                "log": log,
                "exported": exported,
                "selection": selection,
                "counts": counts,
                "entries": {"type": "array", "items": entry},
            }),
            &json!({"stamps": list(&stamp)}),
        )
    })
}

/// An entry: its kind says which members it has.
fn define_entry(schemas: &mut Schemas, recorded: &Value) -> Value {
    let incident = schemas.some_fields("shown_incident", |name, member| {
        (name != PRIVATE_NOTE).then_some(member)
    });
    let changes = schemas.some_fields("shown_changes", |name, member| {
        (name != PRIVATE_NOTE).then(|| or_null(name, member))
    });
    let evidence = define_evidence(schemas);
    let reason = Text::<{ super::super::MAX_TEXT }>::schema(schemas);
    let id = define_id(schemas);
    let about = json!({"about": number(0)});
    let with_reason = json!({"about": number(0), "reason": reason});
    let exhibit = json!({"about": number(0), "exhibit": pattern("^A-[0-9]{2,}$")});
    let erased = json!({"about": number(0), "erased": list(&number(0))});
    let entry = |kind: &str, needed: &Value, others: &Value| {
        let mut members = json!({
            "number": number(0),
            "id": id,
            "kind": {"const": kind},
            "recorded": recorded,
            "salts": named_hashes(),
            "withheld": named_hashes(),
        });
        if let (Some(members), Some(needed)) = (members.as_object_mut(), needed.as_object()) {
            members.extend(needed.clone());
        }
        closed(&members, others)
    };
    let file = pattern("^data/evidence/[^/]+$");
    let copy = closed(
        &json!({"file": file, "sha256": pattern("^[0-9a-f]{64}$"), "bytes": number(0)}),
        &json!({"covered": number(1)}),
    );
    let kinds = [
        entry("incident", &json!({}), &json!({"incident": incident})),
        entry(
            "amendment",
            &about,
            &json!({"changes": changes, "reason": reason}),
        ),
        entry("withdrawal", &with_reason, &json!({})),
        entry(
            "evidence",
            &exhibit,
            &json!({"evidence": evidence, "file": file, "copy": copy}),
        ),
        entry("erasure", &erased, &json!({})),
    ];
    schemas.define("entry", |_| json!({"oneOf": kinds}))
}

/// What the device's clock said when an entry was written.
fn define_recorded(schemas: &mut Schemas) -> Value {
    let text = Text::<{ super::super::MAX_TEXT }>::schema(schemas);
    schemas.define("recorded", |_| {
        closed(
            &json!({
                "at": pattern(&format!("^{DEVICE_TIME}{OFFSET}$")),
                "utc": pattern(&format!("^{DEVICE_TIME}Z$")),
            }),
            &json!({
                "zone": text,
                "boot": pattern("^[0-9a-f]{16}$"),
                "uptime_ms": number(0),
                "clock": {"enum": ["back", "jumped"]},
            }),
        )
    })
}

fn define_evidence(schemas: &mut Schemas) -> Value {
    let text = Text::<{ super::super::MAX_TEXT }>::schema(schemas);
    let how = How::schema(schemas);
    schemas.define("evidence", |_| {
        let modified = pattern(&format!("^{DEVICE_TIME}Z$"));
        let taken = pattern(&format!("^{DEVICE_TIME}({OFFSET})?$"));
        closed(
            &json!({
                "sha256": pattern("^[0-9a-f]{64}$"),
                "bytes": number(0),
                "media_type": pattern("^[a-z]+/[0-9A-Za-z.+-]+$"),
                // Whatever the file was called.
                "name": {"type": "string", "minLength": 1},
            }),
            &json!({
                "how": how,
                "note": text,
                "claimed": closed(&json!({}), &json!({"modified": modified, "taken": taken})),
            }),
        )
    })
}

/// The number of an entry and 20 bits of its leaf hash.
fn define_id(schemas: &mut Schemas) -> Value {
    schemas.define("id", |_| pattern("^(0|[1-9][0-9]*)-[0-9a-hjkmnp-tv-z]{4}$"))
}

/// 32 bytes in base64.
fn hash() -> Value {
    pattern("^[A-Za-z0-9+/]{43}=$")
}

/// Commitment names with their salts or commitments.
fn named_hashes() -> Value {
    json!({"type": "object", "additionalProperties": hash()})
}
