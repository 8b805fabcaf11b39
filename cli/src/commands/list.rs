//! `diary list`

use diary_core::diary::{Page, Query, Summary};
use serde_json::{Value, json};

use crate::args::List;
use crate::console::Console;
use crate::exit::Failure;
use crate::output::json::{members, object, set};
use crate::output::text;
use crate::{input, session};

pub(super) fn run(console: Console, args: List) -> Result<(), Failure> {
    let query = Query {
        search: input::optional_words(args.search.as_ref(), "--search")?,
        period: input::period(args.from, args.to)?,
        behaviour: args.behaviour,
        person: args.person,
        limit: args.limit,
        after: args.after,
    };
    session::with(console, &args.opens, |session| {
        let page = session.diary.list(&query)?;
        console.answer(|| json(&page), || rows(&page.incidents))?;
        if !console.is_json() {
            notes(console, &page);
        }
        Ok(())
    })
}

fn notes(console: Console, page: &Page) {
    if page.unknown_time > 0 {
        console.note(&format!(
            "Left out, because their time is not known: {}",
            text::count(page.unknown_time.into(), "incident")
        ));
    }
    if let Some(next) = &page.next {
        console.note(&format!("More: add --after {next}"));
    }
}

fn json(page: &Page) -> Value {
    let incidents: Value = page.incidents.iter().map(incident).collect();
    let mut answer = members(json!({
        "incidents": incidents,
        "unknown_time": page.unknown_time,
    }));
    set(
        &mut answer,
        "next",
        page.next.as_ref().map(ToString::to_string),
    );
    Value::Object(answer)
}

fn incident(summary: &Summary) -> Value {
    let codes: Vec<&str> = summary.behaviours.iter().map(|code| code.code()).collect();
    let mut incident = members(json!({
        "id": summary.id.to_string(),
        "number": summary.number,
        "title": summary.title,
        "behaviours": codes,
        "evidence": summary.evidence,
        "amended": summary.amended,
        "withdrawn": summary.withdrawn,
        "erased": summary.erased,
        "damaged": summary.damaged,
    }));
    set(
        &mut incident,
        "occurred",
        summary.occurred.as_ref().map(object),
    );
    set(&mut incident, "recorded_at", summary.recorded_at.as_deref());
    Value::Object(incident)
}

pub(super) fn rows(incidents: &[Summary]) -> String {
    let rows: Vec<Vec<String>> = incidents
        .iter()
        .map(|summary| {
            vec![
                summary.id.to_string(),
                format!("#{}", summary.number),
                summary
                    .occurred
                    .as_ref()
                    .map_or_else(|| "-".to_owned(), text::occurred),
                text::shown_on_a_line(&summary.title),
                marks(summary),
            ]
        })
        .collect();
    text::table(&rows)
}

fn marks(summary: &Summary) -> String {
    let mut marks = Vec::new();
    if summary.evidence > 0 {
        marks.push(format!("evidence {}", summary.evidence));
    }
    for (is_so, mark) in [
        (summary.amended, "amended"),
        (summary.withdrawn, "withdrawn"),
        (summary.erased, "erased"),
        (summary.damaged, "damaged: run check"),
    ] {
        if is_so {
            marks.push(mark.to_owned());
        }
    }
    if marks.is_empty() {
        String::new()
    } else {
        format!("[{}]", marks.join(", "))
    }
}
