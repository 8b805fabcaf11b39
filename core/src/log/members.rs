//! What the proven part of each kind must hold (FORMAT.md 9). Reading does without most of it, so that
//! one entry that lacks something costs nothing else; `check` tells.

use super::entry::{Entry, EntryKind};
use crate::canonical::{Object, Value};

/// A member, and what it must be.
type Member = (&'static str, fn(&Value) -> bool);

const RECORDED: [Member; 2] = [("at", is_text), ("utc", is_text)];
const EVIDENCE: [Member; 4] = [
    ("bytes", is_number),
    ("media_type", is_text),
    ("name", is_text),
    ("sha256", is_text),
];

impl Entry {
    /// The first member that the entry lacks, or that has another shape; `None` if all are there.
    pub(crate) fn lacking(&self) -> Option<&'static str> {
        let inside = |name: &str| self.proven.get(name).and_then(Value::as_object);
        let Some(recorded) = inside("recorded") else {
            return Some("recorded");
        };
        first_lacking(recorded, &RECORDED)
            .or_else(|| first_lacking(&self.proven, members(self.kind)))
            .or_else(|| match self.kind {
                EntryKind::Evidence => first_lacking(inside("evidence")?, &EVIDENCE),
                _ => None,
            })
    }
}

fn members(kind: EntryKind) -> &'static [Member] {
    match kind {
        EntryKind::Begun => &[("software", is_text)],
        EntryKind::Incident => &[("incident", is_object)],
        EntryKind::Amendment => &[
            ("about", is_number),
            ("changes", is_object),
            ("reason", is_text),
        ],
        EntryKind::Withdrawal => &[("about", is_number), ("reason", is_text)],
        EntryKind::Erasure => &[("about", is_number), ("erased", is_list)],
        EntryKind::Evidence => &[("about", is_number), ("evidence", is_object)],
        EntryKind::Export => &[
            ("bundle_sha256", is_text),
            ("checkpoint_size", is_number),
            ("incidents", is_list),
        ],
        EntryKind::KeysChanged => &[("changed", is_list)],
        EntryKind::Continued => &[("from", is_text), ("to", is_text)],
        EntryKind::TimeStamp => &[("answer", is_text), ("checkpoint_size", is_number)],
        EntryKind::Salvaged => &[("lost", is_list), ("unknown", is_list)],
    }
}

fn first_lacking(object: &Object, members: &[Member]) -> Option<&'static str> {
    let lacks = |(name, fits): &&Member| !object.get(*name).is_some_and(fits);
    members.iter().find(lacks).map(|(name, _)| *name)
}

fn is_text(value: &Value) -> bool {
    value.as_text().is_some()
}

fn is_number(value: &Value) -> bool {
    value.as_integer().is_some()
}

fn is_list(value: &Value) -> bool {
    value.as_list().is_some()
}

fn is_object(value: &Value) -> bool {
    value.as_object().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::entry::Seed;

    fn lacking(kind: EntryKind, proven: &str) -> Option<&'static str> {
        let Ok(Value::Object(proven)) = Value::parse(proven.as_bytes()) else {
            panic!("{proven}");
        };
        let seed = Seed::make().unwrap();
        let entry = Entry {
            kind,
            seed,
            proven,
            vault_only: Object::new(),
        };
        entry.lacking()
    }

    #[test]
    fn section_9_what_an_entry_lacks_is_named() {
        use EntryKind::{Amendment, Evidence, Incident, Salvaged, TimeStamp};
        let recorded = r#""recorded":{"at":"a","utc":"u"}"#;
        let with = |rest: &str| format!("{{{recorded}{rest}}}");
        assert_eq!(lacking(Salvaged, &with("")), Some("lost"));
        assert_eq!(lacking(Salvaged, &with(r#","lost":[]"#)), Some("unknown"));
        assert_eq!(lacking(TimeStamp, "{}"), Some("recorded"));
        let stamp = r#","answer":"","checkpoint_size":"1""#;
        assert_eq!(lacking(TimeStamp, &with(stamp)), Some("checkpoint_size"));
        assert_eq!(lacking(Incident, r#"{"recorded":"a"}"#), Some("recorded"));
        let no_utc = r#"{"recorded":{"at":"a"},"incident":{}}"#;
        assert_eq!(lacking(Incident, no_utc), Some("utc"));
        assert_eq!(lacking(Incident, &with("")), Some("incident"));
        assert_eq!(lacking(Incident, &with(r#","incident":{}"#)), None);
        let amendment = r#","about":"1","changes":{},"reason":"r""#;
        assert_eq!(lacking(Amendment, &with(amendment)), Some("about"));
        let evidence =
            r#","about":1,"evidence":{"bytes":1,"media_type":"a/b","name":"n","sha256":1}"#;
        assert_eq!(lacking(Evidence, &with(evidence)), Some("sha256"));
    }

    #[test]
    fn section_9_the_worked_examples_lack_nothing() {
        for entry in crate::log::vectors::entries() {
            assert_eq!(entry.lacking(), None);
        }
    }
}
