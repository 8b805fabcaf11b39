//! The first page, the contents, and how the report was made.

use super::page::Page;
use super::{fields, occurred};
use crate::bundle::Rendering;
use crate::bundle::document::{Chosen, Counts, Document, Incident};
use crate::bundle::when::{self, Moment};

pub(super) fn cover(page: &mut Page, rendering: &Rendering<'_>, incidents: &[Incident<'_>]) {
    let document = rendering.document;
    page.tag("<h1>");
    page.label("report.title");
    page.tag("</h1>\n");
    page.section("cover", "cover.heading");
    page.paragraph("cover.intro");
    page.tag("<dl class=\"facts\">\n");
    page.term("cover.fingerprint", |page| {
        page.tag("<strong class=\"code\">");
        page.text(rendering.fingerprint);
        page.tag("</strong><br>");
        page.label("cover.fingerprint_help");
    });
    let audience = document.exported.audience.as_deref();
    page.term("cover.audience", |page| match audience {
        Some(audience) => page.words(audience),
        None => page.label("cover.audience_none"),
    });
    counts(page, document.counts);
    period(page, &document.selection);
    ends(page, incidents);
    filters(page, &document.selection);
    made(page, document);
    page.tag("</dl>\n</section>\n");
}

pub(super) fn contents(page: &mut Page) {
    page.tag("<nav>\n<h2>");
    page.label("report.contents");
    page.tag("</h2>\n<ul>\n");
    for (link, key) in [
        ("<li><a href=\"#method\">", "method.heading"),
        ("<li><a href=\"#conduct\">", "conduct.heading"),
        ("<li><a href=\"#table\">", "table.heading"),
        ("<li><a href=\"#incidents\">", "incidents.heading"),
        ("<li><a href=\"#exhibits\">", "exhibits.heading"),
        ("<li><a href=\"#withheld\">", "withheld.heading"),
        ("<li><a href=\"#hashes\">", "hashes.heading"),
        ("<li><a href=\"#check\">", "check.heading"),
        ("<li><a href=\"#certificate\">", "certificate.heading"),
        ("<li><a href=\"#custody\">", "custody.heading"),
    ] {
        page.tag(link);
        page.label(key);
        page.tag("</a></li>\n");
    }
    page.tag("</ul>\n</nav>\n");
}

pub(super) fn method(page: &mut Page) {
    page.section("method", "method.heading");
    for key in [
        "method.made",
        "method.changes",
        "method.tree",
        "method.check",
        "method.times",
        "method.key",
        "method.private",
        "method.source",
    ] {
        page.paragraph(key);
    }
    page.subheading("method.limits");
    limits(page);
    page.paragraph("method.decides");
    page.tag("</section>\n");
}

/// What nobody can prove, as a list.
pub(in crate::bundle) fn limits(page: &mut Page) {
    page.tag("<ul>\n");
    for key in LIMITS {
        page.tag("<li>");
        page.label(key);
        page.tag("</li>\n");
    }
    page.tag("</ul>\n");
}

/// What no check of a bundle can show.
pub(in crate::bundle) const LIMITS: [&str; 6] = [
    "limit.happened",
    "limit.clock",
    "limit.omitted",
    "limit.passphrase",
    "limit.second_log",
    "limit.key",
];

/// Numbers of incidents and entries, shown and not shown.
pub(super) fn counts(page: &mut Page, counts: Counts) {
    page.fact("cover.incidents_shown", counts.incidents_shown);
    page.fact("cover.incidents_in_log", counts.incidents_in_log);
    page.fact("cover.entries_shown", counts.entries_shown);
    page.fact("cover.entries_in_log", counts.entries_in_log);
    left_out(page, counts);
}

pub(super) fn left_out(page: &mut Page, counts: Counts) {
    page.fact("cover.left_out", counts.left_out);
    page.fact("cover.unknown_time", counts.unknown_time);
}

/// The period asked for.
fn period(page: &mut Page, chosen: &Chosen) {
    if chosen.from.is_none() && chosen.to.is_none() {
        page.term("cover.period", |page| page.label("cover.period_all"));
    }
    for (key, time) in [
        ("cover.period_from", &chosen.from),
        ("cover.period_to", &chosen.to),
    ] {
        if let Some(time) = time {
            page.term(key, |page| page.words(&when::printed(time)));
        }
    }
}

/// The period that the incidents shown cover.
fn ends(page: &mut Page, incidents: &[Incident<'_>]) {
    let timed =
        |incident: &&Incident<'_>| occurred(incident, "from").and_then(Moment::read).is_some();
    let first = incidents.iter().find(timed);
    let last = incidents.iter().rev().find(timed);
    for (key, end) in [("cover.first", first), ("cover.last", last)] {
        if let Some(end) = end {
            page.term(key, |page| {
                fields::occurred(page, end.stands.value("occurred"));
            });
        }
    }
}

fn filters(page: &mut Page, chosen: &Chosen) {
    for (key, list, codes) in [
        ("cover.only_behaviours", &chosen.behaviours, "behaviours"),
        ("cover.only_people", &chosen.people, ""),
        ("cover.only_incidents", &chosen.incidents, ""),
        ("cover.without", &chosen.without, ""),
    ] {
        if list.is_empty() {
            continue;
        }
        page.term(key, |page| {
            for (at, text) in list.iter().enumerate() {
                if at > 0 {
                    page.tag(", ");
                }
                fields::code(page, codes, text);
            }
        });
    }
}

fn made(page: &mut Page, document: &Document) {
    let exported = &document.exported;
    page.fact("cover.exported", when::printed(&exported.at.at));
    page.term("cover.language", |page| {
        fields::code(page, "language", exported.language.code());
    });
    page.term("cover.renderer", |page| page.words(&exported.renderer));
}
