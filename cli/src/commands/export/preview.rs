//! What would leave, printed before anything is written.

use std::fmt::Write as _;

use diary_core::diary::{Leaving, Preview};
use diary_core::log::EntryId;
use serde_json::{Value, json};

use crate::output::json::{members, set};
use crate::output::text;

/// A text of thousands of sheets has no report on paper.
pub(super) const NOT_ON_PAPER: &str =
    "there is no report.pdf of a text as long as this: for one, choose a period";

/// As `--json` prints it.
pub(super) fn to_json(preview: &Preview) -> Value {
    let incidents: Value = preview
        .incidents
        .iter()
        .map(|incident| {
            let entries = incident.entries.iter().map(|entry| {
                json!({
                    "id": entry.id.to_string(),
                    "kind": entry.kind.name(),
                    "fields": entry.fields,
                    "withheld": entry.withheld,
                })
            });
            json!({
                "id": incident.id.to_string(),
                "fields": incident.fields,
                "withheld": incident.withheld,
                "entries": entries.collect::<Value>(),
            })
        })
        .collect();
    let files: Value = preview
        .files
        .iter()
        .map(|file| json!({ "path": file.path, "bytes": file.bytes }))
        .collect();
    let evidence: Value = preview
        .evidence
        .iter()
        .map(|(item, leaving)| match leaving {
            Leaving::Hash(Some(reason)) => json!({
                "item": item.to_string(),
                "leaves": word(leaving),
                "reason": reason.to_string(),
            }),
            _ => json!({ "item": item.to_string(), "leaves": word(leaving) }),
        })
        .collect();
    let mut answer = members(json!({
        "incidents": incidents,
        "files": files,
        "evidence": evidence,
        "left_out": preview.left_out,
        "unknown_time": preview.unknown_time,
    }));
    let damaged = preview.damaged.iter().map(|one| &one.id);
    set(&mut answer, "damaged", ids(damaged));
    Value::Object(answer)
}

/// Ids, if there are any.
fn ids<'a>(ids: impl Iterator<Item = &'a EntryId>) -> Option<Vec<String>> {
    let ids: Vec<String> = ids.map(EntryId::to_string).collect();
    (!ids.is_empty()).then_some(ids)
}

/// As a person reads it.
pub(super) fn to_text(preview: &Preview) -> String {
    let leaving = preview.incidents.len();
    let mut text = format!(
        "leaves: {leaving} of {}\n",
        text::count(
            u64::try_from(leaving)
                .unwrap_or(u64::MAX)
                .saturating_add(preview.left_out),
            "incident"
        )
    );
    for incident in &preview.incidents {
        let _ = writeln!(text, "  {}  {}", incident.id, incident.fields.join(", "));
        if !incident.withheld.is_empty() {
            let _ = writeln!(
                text,
                "    named, not shown: {}",
                incident.withheld.join(", ")
            );
        }
        let is_shown_elsewhere = |name: &&String| incident.fields.contains(name);
        for entry in &incident.entries {
            let hidden: Vec<&str> = entry
                .withheld
                .iter()
                .filter(is_shown_elsewhere)
                .map(String::as_str)
                .collect();
            if !hidden.is_empty() {
                let kind = entry.kind.name();
                let _ = writeln!(
                    text,
                    "    in {} ({kind}) not shown: {}",
                    entry.id,
                    hidden.join(", ")
                );
            }
        }
    }
    let _ = writeln!(text, "{}:", text::count(preview.files.len() as u64, "file"));
    if !preview
        .files
        .iter()
        .any(|file| file.path.ends_with(".pdf") && !file.path.starts_with("data/evidence/"))
    {
        let _ = writeln!(text, "  {NOT_ON_PAPER}");
    }
    let files = preview.files.iter();
    let rows: Vec<Vec<String>> = files
        .map(|file| vec![format!("  {}", file.path), text::size(file.bytes)])
        .collect();
    text.push_str(&text::table(&rows));
    let items: Vec<Vec<String>> = preview.evidence.iter().map(item_row).collect();
    text.push_str(&text::table(&items));
    let _ = write!(
        text,
        "left out: {}",
        text::count(preview.left_out, "incident")
    );
    text.push_str(&match preview.unknown_time {
        0 => "\n".to_owned(),
        unknown => format!(", because their time is not known: {unknown}\n"),
    });
    for one in &preview.damaged {
        let _ = writeln!(
            text,
            "  {}  cannot be read: nothing is written before --without names it",
            one.id
        );
    }
    let leaves = |wanted: fn(&Leaving) -> bool| {
        let mut evidence = preview.evidence.iter();
        evidence.any(|(_, leaving)| wanted(leaving))
    };
    if leaves(|leaving| *leaving == Leaving::Original) {
        text.push_str("Originals leave as they are: a photo can tell the place and the device.\n");
    }
    if leaves(|leaving| matches!(leaving, Leaving::Copy { .. })) {
        text.push_str("A copy shows what the picture shows: look at it before it leaves.\n");
    }
    if leaves(|leaving| matches!(leaving, Leaving::Hash(_))) {
        text.push_str(
            "Of the other files only names, sizes and hashes leave; --originals ITEM changes that.\n",
        );
    }
    text.push_str("Whoever gets the bundle can read it; it can reach the person it is about.\n");
    text
}

/// An item, what leaves of it, and why it is not more.
fn item_row((item, leaving): &(EntryId, Leaving)) -> Vec<String> {
    let said = match leaving {
        Leaving::Withheld => "withheld: only that there is a file".to_owned(),
        Leaving::Hash(None) => "only its name, size and hash".to_owned(),
        Leaving::Hash(Some(reason)) => format!("only its name, size and hash: {reason}"),
        Leaving::Copy { covered: 0 } => "a copy without metadata".to_owned(),
        Leaving::Copy { covered } => format!("a copy without metadata, black boxes: {covered}"),
        Leaving::Original => "the ORIGINAL, with its metadata".to_owned(),
    };
    vec![format!("  {item}"), said]
}

fn word(leaving: &Leaving) -> &'static str {
    match leaving {
        Leaving::Withheld => "nothing",
        Leaving::Hash(_) => "hash",
        Leaving::Copy { .. } => "copy",
        Leaving::Original => "original",
    }
}
