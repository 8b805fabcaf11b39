//! The back of the report: what is not shown, the hashes, how to check, and forms to fill in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::page::Page;
use super::{cover, fields};
use crate::bundle::document::{Body, Document, Entry, Incident, PRIVATE};
use crate::bundle::{certutil, grouped, when};

/// Empty rows for hand-overs; a longer way needs a second copy of the page.
const HAND_OVERS: usize = 8;

pub(super) fn withheld(page: &mut Page, document: &Document, incidents: &[Incident<'_>]) {
    page.tag("<div class=\"sheet\">\n");
    page.section("withheld", "withheld.heading");
    page.subheading("withheld.fields");
    withheld_fields(page, incidents);
    page.paragraph("withheld.private");
    page.subheading("withheld.files");
    absent_files(page, document);
    page.subheading("withheld.left_out");
    page.tag("<dl class=\"facts\">\n");
    cover::left_out(page, document.counts);
    page.tag("</dl>\n</section>\n</div>\n");
}

fn withheld_fields(page: &mut Page, incidents: &[Incident<'_>]) {
    let mut rows = Vec::new();
    for (at, incident) in incidents.iter().enumerate() {
        let entries = incident.recording.iter().chain(&incident.amendments);
        for entry in entries
            .chain(&incident.withdrawals)
            .chain(&incident.evidence)
        {
            if entry.withheld.keys().any(|name| name != PRIVATE) {
                rows.push((at + 1, *entry));
            }
        }
    }
    if rows.is_empty() {
        return page.paragraph("withheld.none");
    }
    page.paragraph("withheld.how");
    page.table(&["table.number", "withheld.entry", "withheld.fields"]);
    for (number, entry) in rows {
        page.tag("<tr><td>");
        page.incident_link(number);
        page.tag("</td><td>");
        page.text(&entry.id);
        page.tag("</td><td>");
        match entry.exhibit() {
            Some(exhibit) => page.exhibit_link(exhibit),
            None => fields::withheld_names(page, names(entry)),
        }
        page.tag("</td></tr>\n");
    }
    page.end_table();
}

fn names(entry: &Entry) -> impl Iterator<Item = &str> {
    let names = entry.withheld.keys().map(String::as_str);
    names.filter(|name| *name != PRIVATE)
}

fn absent_files(page: &mut Page, document: &Document) {
    let absent = |entry: &&Entry| matches!(entry.body, Body::Evidence { file: None, .. });
    let absent: Vec<_> = document.exhibits().filter(absent).collect();
    if absent.is_empty() {
        return page.paragraph("withheld.files_none");
    }
    page.tag("<ul>\n");
    for exhibit in absent.iter().filter_map(|entry| entry.exhibit()) {
        page.tag("<li>");
        page.exhibit_link(exhibit);
        page.tag(": ");
        page.text(&exhibit.note_path());
        page.tag("</li>\n");
    }
    page.tag("</ul>\n");
}

pub(super) fn hashes(page: &mut Page, document: &Document) {
    page.section("hashes", "hashes.heading");
    page.paragraph("hashes.help");
    page.subheading("hashes.files");
    page.table(&["hashes.item", "exhibit.file", "hashes.hash"]);
    for entry in document.exhibits() {
        let Body::Evidence {
            evidence,
            exhibit,
            file,
            ..
        } = &entry.body
        else {
            continue;
        };
        page.tag("<tr><th scope=\"row\">");
        page.exhibit_link(*exhibit);
        page.tag("</th><td>");
        match file {
            Some(file) => page.text(&file.path()),
            None => page.label("exhibit.absent"),
        }
        page.tag("</td><td class=\"hash\">");
        match evidence {
            Some(evidence) => page.text(&grouped(&evidence.sha256)),
            None => page.label("exhibit.withheld"),
        }
        page.tag("</td></tr>\n");
    }
    page.end_table();
    log(page, document);
    entries(page, document);
    page.tag("</section>\n");
}

fn log(page: &mut Page, document: &Document) {
    page.subheading("hashes.log");
    page.tag("<dl class=\"hash\">\n");
    page.fact("hashes.checkpoint", grouped(&document.checkpoint_hash()));
    page.fact("hashes.origin", &document.log.origin);
    page.fact("cover.entries_in_log", document.log.size);
    page.fact("hashes.root", STANDARD.encode(document.log.root));
    page.tag("</dl>\n");
}

/// Every entry with its time as it was written, to the second, and the file that proves its place.
fn entries(page: &mut Page, document: &Document) {
    page.subheading("hashes.entries");
    page.table(&[
        "hashes.entry",
        "hashes.kind",
        "hashes.written",
        "hashes.proof",
    ]);
    for entry in &document.entries {
        page.tag("<tr><th scope=\"row\">");
        page.text(&entry.id);
        page.tag("</th><td>");
        page.label(&format!("kind.{}", entry.kind()));
        page.tag("</td><td class=\"time\">");
        page.text(&entry.recorded.at);
        page.tag("</td><td>");
        page.text(&entry.proof_path());
        page.tag("</td></tr>\n");
    }
    page.end_table();
}

pub(super) fn check(page: &mut Page, document: &Document) {
    page.section("check", "check.heading");
    page.tag("<ol>\n<li>");
    page.label("check.code");
    page.tag("</li>\n<li>");
    page.label("check.file");
    page.tag("<pre>");
    page.text(&certutil(document));
    page.tag("</pre></li>\n<li>");
    page.label("check.expert");
    page.tag(" ");
    page.label("check.elsewhere");
    page.tag("</li>\n</ol>\n</section>\n");
}

pub(super) fn certificates(page: &mut Page, document: &Document) {
    page.tag("<div class=\"sheet\">\n");
    page.section("certificate", "certificate.heading");
    page.subheading("certificate.maker");
    page.paragraph("certificate.maker_text");
    page.tag("<dl class=\"facts\">\n");
    blanks(
        page,
        &[
            "certificate.name",
            "certificate.device",
            "certificate.system",
        ],
    );
    page.term("certificate.program", |page| {
        page.words(&document.exported.renderer);
    });
    blanks(page, &["certificate.where", "certificate.signature"]);
    page.tag("</dl>\n");
    page.subheading("certificate.checker");
    page.paragraph("certificate.checker_text");
    page.tag("<dl class=\"facts\">\n");
    blanks(
        page,
        &[
            "certificate.name",
            "certificate.position",
            "certificate.program",
            "certificate.files",
            "certificate.code_source",
            "certificate.result",
            "certificate.where",
            "certificate.signature",
        ],
    );
    page.tag("</dl>\n</section>\n</div>\n");
}

fn blanks(page: &mut Page, keys: &[&str]) {
    for key in keys {
        page.tag("<dt>");
        page.label(key);
        page.tag("</dt><dd class=\"fill\"></dd>\n");
    }
}

pub(super) fn custody(page: &mut Page, document: &Document) {
    page.tag("<div class=\"sheet rows\">\n");
    page.section("custody", "custody.heading");
    page.table_of(
        "even",
        &[
            "custody.when",
            "custody.what",
            "custody.from",
            "custody.to",
            "custody.why",
            "custody.compared",
            "custody.signature",
        ],
    );
    page.tag("<tr><td>");
    page.text(&when::printed(&document.exported.at.at));
    page.tag("</td><td>");
    page.label("custody.made");
    page.tag("</td><td></td><td></td><td>");
    if let Some(audience) = &document.exported.audience {
        page.words(audience);
    }
    page.tag("</td><td></td><td></td></tr>\n");
    for _ in 0..HAND_OVERS {
        page.tag("<tr><td></td><td></td><td></td><td></td><td></td><td></td><td></td></tr>\n");
    }
    page.end_table();
    page.tag("</section>\n</div>\n");
}
