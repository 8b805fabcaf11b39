//! Writing `incidents.json`.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{
    Body, Chosen, ClockFlag, Counts, Document, Entry, Evidence, EvidenceCopy, FORMAT, Recorded,
    Stamp,
};
use crate::bundle::hex;
use crate::canonical::{Object, Value};

impl Document {
    /// The bytes of `incidents.json`: canonical JSON (RFC 8785) and one line feed.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Value::Object(self.to_object()).to_bytes();
        bytes.push(b'\n');
        bytes
    }

    fn to_object(&self) -> Object {
        let log = Object::from([
            member("origin", self.log.origin.as_str()),
            member("size", Value::Integer(self.log.size)),
            member("root", STANDARD.encode(self.log.root)),
        ]);
        let mut exported = Object::from([
            member("at", Value::Object(self.exported.at.to_object())),
            member("language", self.exported.language.code()),
            member("renderer", self.exported.renderer.as_str()),
        ]);
        put_text(&mut exported, "for", self.exported.audience.as_deref());
        let entries = self.entries.iter().map(Entry::to_object).map(Value::Object);
        let mut object = Object::from([
            member("format", Value::Integer(FORMAT)),
            member("log", Value::Object(log)),
            member("exported", Value::Object(exported)),
            member("selection", Value::Object(self.selection.to_object())),
            member("counts", Value::Object(self.counts.to_object())),
            member("entries", Value::List(entries.collect())),
        ]);
        if !self.stamps.is_empty() {
            let stamps = self.stamps.iter().map(Stamp::to_object).map(Value::Object);
            put(&mut object, "stamps", Value::List(stamps.collect()));
        }
        object
    }
}

impl Stamp {
    /// A member of `stamps`.
    #[must_use]
    pub fn to_object(&self) -> Object {
        let mut object = Object::from([
            member("size", Value::Integer(self.size)),
            member("number", Value::Integer(self.number)),
            member("time", self.time.as_str()),
            member("signer", self.signer.as_str()),
        ]);
        put_text(
            &mut object,
            "chain",
            self.chain.map(|hash| hex(&hash)).as_deref(),
        );
        object
    }
}

impl Chosen {
    fn to_object(&self) -> Object {
        let mut object = Object::new();
        put_text(&mut object, "from", self.from.as_deref());
        put_text(&mut object, "to", self.to.as_deref());
        for (name, list) in [
            ("behaviours", &self.behaviours),
            ("people", &self.people),
            ("incidents", &self.incidents),
            ("without", &self.without),
        ] {
            if !list.is_empty() {
                let texts = list.iter().map(|text| Value::from(text.as_str()));
                object.insert(name.to_owned(), Value::List(texts.collect()));
            }
        }
        object
    }
}

impl Counts {
    fn to_object(self) -> Object {
        let mut object = Object::from([
            member("incidents_shown", Value::Integer(self.incidents_shown)),
            member("incidents_in_log", Value::Integer(self.incidents_in_log)),
            member("entries_shown", Value::Integer(self.entries_shown)),
            member("entries_in_log", Value::Integer(self.entries_in_log)),
            member("left_out", Value::Integer(self.left_out)),
            member("unknown_time", Value::Integer(self.unknown_time)),
        ]);
        if self.lost > 0 {
            object.extend([member("lost", Value::Integer(self.lost))]);
        }
        object
    }
}

impl Entry {
    fn to_object(&self) -> Object {
        let mut object = Object::from([
            member("number", Value::Integer(self.number)),
            member("id", self.id.as_str()),
            member("kind", self.kind()),
            member("recorded", Value::Object(self.recorded.to_object())),
            member("salts", named_32_bytes(&self.salts)),
            member("withheld", named_32_bytes(&self.withheld)),
        ]);
        if !matches!(self.body, Body::Incident { .. }) {
            put(&mut object, "about", Value::Integer(self.subject()));
        }
        match &self.body {
            Body::Incident { incident } => {
                put(&mut object, "incident", Value::Object(incident.clone()));
            }
            Body::Amendment {
                changes, reason, ..
            } => {
                if !changes.is_empty() {
                    put(&mut object, "changes", Value::Object(changes.clone()));
                }
                put_text(&mut object, "reason", reason.as_deref());
            }
            Body::Withdrawal { reason, .. } => {
                put_text(&mut object, "reason", reason.as_deref());
            }
            Body::Evidence {
                evidence,
                exhibit,
                file,
                copy,
                ..
            } => {
                if let Some(evidence) = evidence {
                    put(&mut object, "evidence", Value::Object(evidence.to_object()));
                }
                put(&mut object, "exhibit", Value::from(exhibit.to_string()));
                put_text(
                    &mut object,
                    "file",
                    file.as_ref().map(|f| f.path()).as_deref(),
                );
                if let Some(copy) = copy {
                    put(&mut object, "copy", Value::Object(copy.to_object()));
                }
            }
            Body::Erasure { erased, .. } => {
                let numbers = erased.iter().copied().map(Value::Integer);
                put(&mut object, "erased", Value::List(numbers.collect()));
            }
        }
        object
    }
}

impl Evidence {
    /// The `evidence` object as it stands in the entry and in `incidents.json`.
    #[must_use]
    pub fn to_object(&self) -> Object {
        let mut object = Object::from([
            member("sha256", hex(&self.sha256)),
            member("bytes", Value::Integer(self.bytes)),
            member("media_type", self.media_type.as_str()),
            member("name", self.name.as_str()),
        ]);
        put_text(&mut object, "how", self.how.as_deref());
        put_text(&mut object, "note", self.note.as_deref());
        if let Some(claimed) = self.claimed.as_ref().filter(|claimed| !claimed.is_empty()) {
            put(&mut object, "claimed", Value::Object(claimed.clone()));
        }
        object
    }
}

impl EvidenceCopy {
    pub(crate) fn to_object(&self) -> Object {
        let mut object = Object::from([
            member("file", self.file.path()),
            member("sha256", hex(&self.sha256)),
            member("bytes", Value::Integer(self.bytes)),
        ]);
        if self.covered > 0 {
            put(&mut object, "covered", Value::Integer(self.covered));
        }
        object
    }
}

impl Recorded {
    /// The `recorded` object as it stands in the entry and in `incidents.json`.
    #[must_use]
    pub fn to_object(&self) -> Object {
        let mut object = Object::from([
            member("at", self.at.as_str()),
            member("utc", self.utc.as_str()),
        ]);
        put_text(&mut object, "zone", self.zone.as_deref());
        put_text(&mut object, "boot", self.boot.as_deref());
        if let Some(uptime) = self.uptime_ms {
            put(&mut object, "uptime_ms", Value::Integer(uptime));
        }
        let clock = self.clock.map(|flag| match flag {
            ClockFlag::Back => "back",
            ClockFlag::Jumped => "jumped",
        });
        put_text(&mut object, "clock", clock);
        object
    }
}

fn member(name: &str, value: impl Into<Value>) -> (String, Value) {
    (name.to_owned(), value.into())
}

fn put(object: &mut Object, name: &str, value: Value) {
    object.insert(name.to_owned(), value);
}

fn put_text(object: &mut Object, name: &str, text: Option<&str>) {
    if let Some(text) = text {
        put(object, name, Value::from(text));
    }
}

fn named_32_bytes(named: &BTreeMap<String, [u8; 32]>) -> Value {
    let encode = |(name, bytes): (&String, &[u8; 32])| member(name, STANDARD.encode(bytes));
    Value::Object(named.iter().map(encode).collect())
}
