//! The course of events in numbers. It counts what is shown and nothing else, so a withheld field
//! cannot be read off a sum.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::page::Page;
use super::{fields, occurred};
use crate::bundle::document::Incident;
use crate::bundle::when::{self, Moment};
use crate::canonical::Value;

pub(super) fn conduct(page: &mut Page, incidents: &[Incident<'_>]) {
    let numbered = incidents
        .iter()
        .enumerate()
        .map(|(at, incident)| (at + 1, incident));
    let counted: Vec<(usize, &Incident<'_>)> = numbered
        .filter(|(_, incident)| !incident.is_withdrawn() && !incident.is_erased())
        .collect();
    page.section("conduct", "conduct.heading");
    page.paragraph("conduct.basis");
    totals(page, &counted);
    by_kind(page, &counted);
    by_month(page, &counted);
    refusals(page, &counted);
    page.tag("</section>\n");
}

fn totals(page: &mut Page, counted: &[(usize, &Incident<'_>)]) {
    page.tag("<dl class=\"facts\">\n");
    page.fact("conduct.counted", counted.len());
    let timed = |(_, incident): &&(usize, &Incident<'_>)| {
        occurred(incident, "from").and_then(Moment::read).is_some()
    };
    let first = counted.iter().find(timed);
    let last = counted.iter().rev().find(timed);
    for (key, end) in [("conduct.first", first), ("conduct.last", last)] {
        if let Some((number, incident)) = end {
            page.term(key, |page| {
                page.incident_link(*number);
                page.tag(": ");
                fields::occurred(page, incident.stands.value("occurred"));
            });
        }
    }
    let acts = counted
        .iter()
        .filter_map(|(_, incident)| incident.stands.value("count")?.as_integer())
        .fold(0, u64::saturating_add);
    if acts > 0 {
        page.fact("conduct.acts", acts);
    }
    page.tag("</dl>\n");
}

fn by_kind(page: &mut Page, counted: &[(usize, &Incident<'_>)]) {
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    let mut without = 0u64;
    for (_, incident) in counted {
        let list = incident.stands.value("behaviours").and_then(Value::as_list);
        let mut codes: Vec<&str> = list
            .unwrap_or_default()
            .iter()
            .filter_map(Value::as_text)
            .collect();
        codes.sort_unstable();
        codes.dedup();
        if codes.is_empty() {
            without += 1;
        }
        for code in codes {
            *kinds.entry(code).or_default() += 1;
        }
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by(|(code, count), (other, more)| more.cmp(count).then(code.cmp(other)));
    page.subheading("conduct.by_kind");
    page.paragraph("conduct.kind_note");
    page.table(&["conduct.kind", "conduct.incidents"]);
    for (code, count) in kinds {
        page.tag("<tr><th scope=\"row\">");
        fields::code(page, "behaviours", code);
        page.tag("</th><td class=\"number\">");
        page.text(&count.to_string());
        page.tag("</td></tr>\n");
    }
    if without > 0 {
        let texts = page.texts();
        page.count(texts.get("conduct.kind_none"), without);
    }
    page.end_table();
}

fn by_month(page: &mut Page, counted: &[(usize, &Incident<'_>)]) {
    let texts = page.texts();
    let mut months: BTreeMap<&str, u64> = BTreeMap::new();
    let mut without = 0u64;
    for (_, incident) in counted {
        let month = occurred(incident, "from")
            .and_then(Moment::read)
            .filter(|_| occurred(incident, "precision") != Some("year"));
        match month {
            Some(moment) => *months.entry(moment.month()).or_default() += 1,
            None => without += 1,
        }
    }
    page.subheading("conduct.by_month");
    page.table(&["conduct.month", "conduct.incidents"]);
    for (month, count) in months {
        page.count(month, count);
    }
    if without > 0 {
        page.count(texts.get("conduct.month_unknown"), without);
    }
    page.end_table();
}

fn refusals(page: &mut Page, counted: &[(usize, &Incident<'_>)]) {
    page.subheading("conduct.refusal");
    let stated = counted
        .iter()
        .filter_map(|(number, incident)| Some((*number, incident.stands.value("refusal")?)));
    let stated: Vec<(usize, &Value)> = stated.collect();
    if stated.is_empty() {
        page.paragraph("conduct.refusal_none");
    } else {
        page.tag("<dl>\n");
        page.term("conduct.refusals", |page| {
            page.tag("<ul>\n");
            for (number, refusal) in &stated {
                page.tag("<li>");
                page.incident_link(*number);
                page.tag(": ");
                fields::value(page, "refusal", refusal);
                page.tag("</li>\n");
            }
            page.tag("</ul>");
        });
        page.tag("</dl>\n");
    }
    let days = stated.iter().filter_map(|(_, refusal)| {
        let day = refusal.as_object()?.get("when")?.as_text()?;
        Moment::read(day).map(|moment| moment.date)
    });
    if let Some(day) = days.min() {
        around(page, day, counted);
    }
    as_stated(page, counted);
}

/// Incidents before, on and after the day of the earliest refusal.
fn around(page: &mut Page, day: &str, counted: &[(usize, &Incident<'_>)]) {
    let (mut before, mut same, mut after, mut unknown) = (0u64, 0u64, 0u64, 0u64);
    for (_, incident) in counted {
        match compared(incident, day) {
            Some(Ordering::Less) => before += 1,
            Some(Ordering::Equal) => same += 1,
            Some(Ordering::Greater) => after += 1,
            None => unknown += 1,
        }
    }
    let texts = page.texts();
    page.tag("<p>");
    page.label("conduct.refusal_first");
    page.tag(": ");
    page.text(&when::printed(day));
    page.tag("</p>\n");
    page.table(&["conduct.when", "conduct.incidents"]);
    page.count(texts.get("conduct.before"), before);
    page.count(texts.get("conduct.same"), same);
    page.count(texts.get("conduct.after"), after);
    page.count(texts.get("conduct.no_day"), unknown);
    page.end_table();
}

/// Where an incident lies to a day, as far as its precision tells.
fn compared(incident: &Incident<'_>, day: &str) -> Option<Ordering> {
    let moment = Moment::read(occurred(incident, "from")?)?;
    let (known, length) = match occurred(incident, "precision") {
        Some("month") => (moment.month(), 7),
        Some("year") => (moment.year(), 4),
        _ => (moment.date, 10),
    };
    let order = known.cmp(day.get(..length)?);
    // Within the month of the refusal, "some day of that month" is neither before nor after.
    (order != Ordering::Equal || length == 10).then_some(order)
}

/// What the entries themselves say about being after a refusal.
fn as_stated(page: &mut Page, counted: &[(usize, &Incident<'_>)]) {
    let texts = page.texts();
    page.paragraph("conduct.stated");
    page.table(&["field.after_refusal", "conduct.incidents"]);
    let mut rest = counted.len();
    for code in ["yes", "no", "unknown"] {
        let says = |incident: &Incident<'_>| incident.text("after_refusal") == Some(code);
        let count = counted
            .iter()
            .filter(|(_, incident)| says(incident))
            .count();
        rest = rest.saturating_sub(count);
        page.count(texts.code("yes_no", code).unwrap_or(code), count);
    }
    page.count(texts.get("conduct.not_stated"), rest);
    page.end_table();
}
