//! `diary show`

use std::fmt::Write as _;

use diary_core::diary::{Change, Detail, Item};
use serde_json::{Value, json};

use crate::args::Show;
use crate::console::Console;
use crate::exit::Failure;
use crate::output::json::{hex, members, object, set};
use crate::output::text;
use crate::session;

pub(super) fn run(console: Console, args: &Show) -> Result<(), Failure> {
    session::with(console, &args.opens, |session| {
        let detail = session.diary.show(&args.id)?;
        console.answer(|| json(&detail), || page(&detail))
    })
}

fn json(detail: &Detail) -> Value {
    let history: Value = detail.history.iter().map(change).collect();
    let evidence: Value = detail.evidence.iter().map(item).collect();
    let mut answer = members(json!({
        "id": detail.id.to_string(),
        "number": detail.number,
        "history": history,
        "evidence": evidence,
        "withdrawn": detail.withdrawn,
        "erased": detail.incident.is_none() && detail.lost == 0,
    }));
    set(
        &mut answer,
        "lost",
        (detail.lost > 0).then_some(detail.lost),
    );
    set(&mut answer, "recorded_at", detail.recorded_at.as_deref());
    set(
        &mut answer,
        "first_written",
        detail.first_written.as_ref().map(object),
    );
    set(
        &mut answer,
        "incident",
        detail.incident.as_ref().map(object),
    );
    Value::Object(answer)
}

fn change(change: &Change) -> Value {
    let mut answer = members(json!({ "kind": change.kind.name() }));
    set(&mut answer, "recorded_at", change.recorded_at.as_deref());
    set(&mut answer, "reason", change.reason.as_deref());
    set(&mut answer, "changes", change.changes.as_ref().map(object));
    Value::Object(answer)
}

fn item(item: &Item) -> Value {
    let mut answer = members(json!({
        "item": item.id.to_string(),
        "name": item.name,
        "media_type": item.media_type,
        "bytes": item.bytes,
        "sha256": hex(&item.sha256),
    }));
    set(&mut answer, "how", item.how.map(|how| how.code()));
    set(&mut answer, "note", item.note.as_deref());
    Value::Object(answer)
}

fn page(detail: &Detail) -> String {
    let mut page = format!("{}  #{}", detail.id, detail.number);
    if let Some(at) = &detail.recorded_at {
        let _ = write!(page, "  recorded {at}");
    }
    if detail.withdrawn {
        page.push_str("  [withdrawn]");
    }
    page.push('\n');
    match &detail.incident {
        Some(incident) => page.push_str(&text::members(incident)),
        None if detail.lost > 0 => {}
        None => page.push_str("  the words were erased; the place in the log stays\n"),
    }
    if detail.lost > 0 {
        let count = text::count(detail.lost.into(), "entry");
        let _ = writeln!(
            page,
            "  lost before the diary was salvaged: {count} about it"
        );
    }
    if !detail.evidence.is_empty() {
        page.push_str("\nevidence\n");
        page.push_str(&indented(&text::table(
            &detail.evidence.iter().map(item_row).collect::<Vec<_>>(),
        )));
    }
    if !detail.history.is_empty() {
        page.push_str("\nhistory\n");
    }
    if let (Some(at), Some(first)) = (&detail.recorded_at, &detail.first_written) {
        let _ = writeln!(page, "  {at}  first written");
        page.push_str(&indented(&text::members(first)));
    }
    let gone = if detail.lost > 0 {
        "lost or erased"
    } else {
        "erased"
    };
    for change in &detail.history {
        let at = change.recorded_at.as_deref().unwrap_or(gone);
        let _ = write!(page, "  {at}  {}", change.kind.name());
        if let Some(reason) = &change.reason {
            let _ = write!(page, ": {}", text::shown_on_a_line(reason));
        }
        page.push('\n');
        if let Some(changes) = &change.changes {
            page.push_str(&indented(&text::members(changes)));
        }
    }
    page
}

fn item_row(item: &Item) -> Vec<String> {
    vec![
        item.id.to_string(),
        text::size(item.bytes),
        item.media_type.clone(),
        item.how
            .map_or_else(|| "-".to_owned(), |how| how.code().to_owned()),
        text::shown_on_a_line(&item.name),
        item.note
            .as_deref()
            .map(text::shown_on_a_line)
            .unwrap_or_default(),
    ]
}

fn indented(text: &str) -> String {
    text.lines().fold(String::new(), |mut all, line| {
        let _ = writeln!(all, "  {line}");
        all
    })
}
