//! The summary table, and one sheet for each incident with all its history.

use super::fields;
use super::page::Page;
use crate::bundle::document::{Body, ClockFlag, Entry, Incident, Recorded, State, touched};
use crate::bundle::visible::is_hidden;
use crate::bundle::when;
use crate::canonical::Value;

/// Longest title taken from the first line of her words, in characters.
const TITLE: usize = 80;

pub(super) fn summary_table(page: &mut Page, incidents: &[Incident<'_>]) {
    page.tag("<div class=\"sheet\">\n");
    page.section("table", "table.heading");
    page.paragraph("table.order");
    page.table_of(
        "summary",
        &[
            "table.number",
            "table.happened",
            "table.written",
            "table.kinds",
            "table.place",
            "table.words",
            "table.marks",
        ],
    );
    for (at, incident) in incidents.iter().enumerate() {
        row(page, at + 1, incident);
    }
    page.end_table();
    page.tag("</section>\n</div>\n");
}

pub(super) fn one_by_one(page: &mut Page, incidents: &[Incident<'_>]) {
    page.tag("<div class=\"sheet\">\n");
    page.section("incidents", "incidents.heading");
    for (at, incident) in incidents.iter().enumerate() {
        sheet(page, at + 1, incident);
    }
    page.tag("</section>\n</div>\n");
}

/// Device clock, and whether it had been odd.
pub(super) fn written(page: &mut Page, recorded: &Recorded) {
    page.text(&when::printed(&recorded.at));
    if let Some(flag) = recorded.clock {
        page.tag("<br>");
        page.label(match flag {
            ClockFlag::Back => "incident.clock_back",
            ClockFlag::Jumped => "incident.clock_jumped",
        });
    }
}

fn row(page: &mut Page, number: usize, incident: &Incident<'_>) {
    page.tag("<tr><th scope=\"row\"><a href=\"#incident-");
    page.text(&number.to_string());
    page.tag("\">");
    page.text(&number.to_string());
    page.tag("</a></th><td>");
    fields::occurred(page, incident.stands.value("occurred"));
    page.tag("</td><td>");
    if let Some(recording) = incident.recording {
        page.text(&when::printed(&recording.recorded.at));
    }
    page.tag("</td><td>");
    kinds(page, incident);
    page.tag("</td><td>");
    place(page, incident);
    page.tag("</td><td>");
    first_words(page, incident);
    page.tag("</td><td>");
    for exhibit in incident.evidence.iter().filter_map(|entry| entry.exhibit()) {
        page.exhibit_link(exhibit);
        page.tag(" ");
    }
    marks(page, incident);
    page.tag("</td></tr>\n");
}

/// Says so where a field, or a part of it, is withheld.
fn withheld_note(page: &mut Page, incident: &Incident<'_>, name: &str) {
    let field = incident.stands.field(name);
    if let Some(field) = field.filter(|field| !field.withheld.is_empty()) {
        page.tag(if field.value.is_some() { "; " } else { "" });
        page.label("incident.withheld");
    }
}

fn kinds(page: &mut Page, incident: &Incident<'_>) {
    let list = incident.stands.value("behaviours").and_then(Value::as_list);
    let codes = list.unwrap_or_default().iter().filter_map(Value::as_text);
    for (at, code) in codes.enumerate() {
        if at > 0 {
            page.tag(", ");
        }
        fields::code(page, "behaviours", code);
    }
    withheld_note(page, incident, "behaviours");
}

fn place(page: &mut Page, incident: &Incident<'_>) {
    let place = incident.stands.value("place").and_then(Value::as_object);
    let text = |name: &str| place.and_then(|place| place.get(name)?.as_text());
    if let Some(class) = text("class") {
        fields::code(page, "place.class", class);
    }
    if let Some(words) = text("text") {
        if text("class").is_some() {
            page.tag(": ");
        }
        page.words(words);
    }
    withheld_note(page, incident, "place");
}

/// The first line of her words that has something to read.
fn first_words(page: &mut Page, incident: &Incident<'_>) {
    let readable = |line: &&str| line.chars().any(|c| !c.is_whitespace() && !is_hidden(c));
    withheld_note(page, incident, "narrative");
    let narrative = incident.text("narrative").unwrap_or_default();
    let Some(line) = narrative.lines().map(str::trim).find(readable) else {
        return;
    };
    match line.char_indices().nth(TITLE) {
        Some((end, _)) => page.words(&format!("{}…", line.get(..end).unwrap_or(line))),
        None => page.words(line),
    }
}

fn marks(page: &mut Page, incident: &Incident<'_>) {
    let entries = incident.recording.iter().chain(&incident.amendments);
    let odd_clock = entries.copied().any(|entry| entry.recorded.clock.is_some());
    let withheld_item =
        |entry: &&Entry| matches!(entry.body, Body::Evidence { evidence: None, .. });
    let withheld = !incident.withheld().is_empty() || incident.evidence.iter().any(withheld_item);
    let marks = [
        (incident.is_withdrawn(), "mark.withdrawn"),
        (incident.is_erased(), "mark.erased"),
        (!incident.amendments.is_empty(), "mark.amended"),
        (withheld, "mark.withheld"),
        (odd_clock, "mark.clock"),
    ];
    for (at, (_, key)) in marks.into_iter().filter(|(holds, _)| *holds).enumerate() {
        if at > 0 {
            page.tag(", ");
        }
        page.label(key);
    }
}

fn sheet(page: &mut Page, number: usize, incident: &Incident<'_>) {
    page.tag("<section class=\"sheet\">\n<h3 id=\"incident-");
    page.text(&number.to_string());
    page.tag("\">");
    page.text(&page.texts().with("incident.title", number));
    page.tag("</h3>\n");
    notices(page, incident);
    times(page, incident);
    if incident.recording.is_some() {
        words(page, incident);
    } else {
        page.paragraph("incident.no_recording");
    }
    attached(page, incident);
    let withheld = incident.withheld();
    if !withheld.is_empty() {
        page.tag("<p>");
        page.label("incident.withheld_here");
        page.tag(": ");
        fields::withheld_names(page, withheld.into_iter());
        page.tag("</p>\n");
    }
    page.tag("</section>\n");
}

/// Withdrawals and erasures come first: nobody must read the words without knowing of them.
fn notices(page: &mut Page, incident: &Incident<'_>) {
    for (entries, title, help) in [
        (
            &incident.withdrawals,
            "incident.withdrawn",
            "incident.withdrawn_help",
        ),
        (
            &incident.erasures,
            "incident.erased",
            "incident.erased_help",
        ),
    ] {
        for entry in entries {
            page.tag("<div class=\"notice\">\n<p><strong>");
            page.label(title);
            page.tag("</strong></p>\n");
            page.paragraph(help);
            page.tag("<dl class=\"facts\">\n");
            page.fact("incident.id", &entry.id);
            page.term("incident.written", |page| written(page, &entry.recorded));
            match &entry.body {
                Body::Withdrawal { reason, .. } => reason_of(page, reason.as_deref()),
                Body::Erasure { erased, .. } => {
                    let numbers: Vec<String> = erased.iter().map(u64::to_string).collect();
                    page.fact("incident.erased_entries", numbers.join(", "));
                }
                _ => {}
            }
            page.tag("</dl>\n</div>\n");
        }
    }
}

/// When it happened and when it was written, kept apart.
fn times(page: &mut Page, incident: &Incident<'_>) {
    let Some(recording) = incident.recording else {
        return;
    };
    page.tag("<dl class=\"facts\">\n");
    page.term("incident.occurred", |page| {
        fields::occurred(page, incident.stands.value("occurred"));
    });
    page.term("incident.written", |page| {
        written(page, &recording.recorded)
    });
    page.fact("incident.id", &recording.id);
    page.tag("</dl>\n");
}

fn words(page: &mut Page, incident: &Incident<'_>) {
    page.tag("<h4>");
    page.label(if incident.amendments.is_empty() {
        "incident.recorded"
    } else {
        "incident.stands"
    });
    page.tag("</h4>\n");
    fields::state(page, &incident.stands);
    if incident.amendments.is_empty() {
        return;
    }
    page.tag("<h4>");
    page.label("incident.changes");
    page.tag("</h4>\n");
    let mut state = State::default();
    if let Some(recording) = incident.recording {
        state.apply(recording);
    }
    for entry in &incident.amendments {
        change(page, entry, &mut state);
    }
}

/// One amendment: what stood before and what stands after it, side by side.
fn change<'a>(page: &mut Page, entry: &'a Entry, state: &mut State<'a>) {
    let names = touched(entry);
    let before: Vec<_> = names
        .iter()
        .map(|name| state.field(name).cloned())
        .collect();
    state.apply(entry);
    page.tag("<p><strong>");
    page.text(&page.texts().with("incident.change", &entry.id));
    page.tag("</strong></p>\n<dl class=\"facts\">\n");
    page.term("incident.written", |page| written(page, &entry.recorded));
    if let Body::Amendment { reason, .. } = &entry.body {
        reason_of(page, reason.as_deref());
    }
    page.tag("</dl>\n");
    page.table(&["incident.field", "incident.before", "incident.after"]);
    for (name, before) in names.into_iter().zip(&before) {
        page.tag("<tr><th scope=\"row\">");
        fields::label(page, name);
        page.tag("</th>");
        for (field, unset) in [
            (before.as_ref(), "incident.not_filled"),
            (state.field(name), "incident.taken_away"),
        ] {
            page.tag("<td>");
            match field {
                Some(field) => fields::field(page, name, field),
                None => page.label(unset),
            }
            page.tag("</td>");
        }
        page.tag("</tr>\n");
    }
    page.end_table();
}

fn reason_of(page: &mut Page, reason: Option<&str>) {
    page.term("incident.reason", |page| match reason {
        Some(reason) => page.words(reason),
        None => page.label("incident.withheld"),
    });
}

fn attached(page: &mut Page, incident: &Incident<'_>) {
    if incident.evidence.is_empty() {
        return;
    }
    page.tag("<h4>");
    page.label("incident.exhibits");
    page.tag("</h4>\n<ul>\n");
    for entry in &incident.evidence {
        let Body::Evidence {
            evidence, exhibit, ..
        } = &entry.body
        else {
            continue;
        };
        page.tag("<li>");
        page.exhibit_link(*exhibit);
        page.tag(": ");
        match evidence {
            Some(evidence) => page.words(&evidence.name),
            None => page.label("incident.withheld"),
        }
        page.tag("</li>\n");
    }
    page.tag("</ul>\n");
}
