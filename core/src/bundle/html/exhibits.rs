//! The exhibits: the picture or its description, and everything the log says about the file.

use std::collections::BTreeMap;

use super::page::Page;
use super::{fields, incidents};
use crate::bundle::document::{Body, Document, Entry, Evidence, EvidenceFile, Exhibit, Incident};
use crate::bundle::grouped;

/// Pictures that browsers show, by type and by extension; both must fit.
const PICTURES: [(&str, &str); 6] = [
    ("image/jpeg", "jpg"),
    ("image/jpeg", "jpeg"),
    ("image/png", "png"),
    ("image/gif", "gif"),
    ("image/webp", "webp"),
    ("image/avif", "avif"),
];

pub(super) fn exhibits(page: &mut Page, document: &Document, shown: &[Incident<'_>]) {
    page.tag("<div class=\"sheet\">\n");
    page.section("exhibits", "exhibits.heading");
    if document.exhibits().next().is_none() {
        page.paragraph("exhibits.none");
    }
    let numbers: BTreeMap<u64, usize> = shown
        .iter()
        .enumerate()
        .map(|(at, incident)| (incident.number, at + 1))
        .collect();
    for entry in document.exhibits() {
        let number = numbers.get(&entry.subject()).copied();
        exhibit(page, entry, number.unwrap_or_default());
    }
    page.tag("</section>\n</div>\n");
}

fn exhibit(page: &mut Page, entry: &Entry, incident: usize) {
    let Body::Evidence {
        evidence,
        exhibit,
        file,
        ..
    } = &entry.body
    else {
        return;
    };
    page.tag("<section>\n<h3 id=\"");
    page.text(&exhibit.to_string());
    page.tag("\">");
    page.text(&page.texts().with("exhibit.title", exhibit));
    page.tag("</h3>\n");
    let (mark, help) = match (evidence, file) {
        (None, _) => ("exhibit.withheld", "exhibit.withheld_help"),
        (Some(_), Some(_)) => ("exhibit.original", "exhibit.original_help"),
        (Some(_), None) => ("exhibit.absent", "exhibit.absent_help"),
    };
    page.tag("<p><span class=\"mark\">");
    page.label(mark);
    page.tag("</span> ");
    page.label(help);
    page.tag("</p>\n");
    if let (Some(evidence), Some(file)) = (evidence, file) {
        content(page, evidence, file, *exhibit);
    }
    page.tag("<dl class=\"facts\">\n");
    page.term("exhibit.incident", |page| page.incident_link(incident));
    page.fact("exhibit.entry", &entry.id);
    page.term("exhibit.attached", |page| {
        incidents::written(page, &entry.recorded);
    });
    if let Some(evidence) = evidence {
        facts(page, evidence);
    }
    page.term("exhibit.file", |page| match file {
        Some(file) => page.file_link(file),
        None => page.text(&exhibit.note_path()),
    });
    page.tag("</dl>\n</section>\n");
}

fn content(page: &mut Page, evidence: &Evidence, file: &EvidenceFile, exhibit: Exhibit) {
    let is_picture = PICTURES
        .iter()
        .any(|(media, extension)| *media == evidence.media_type && *extension == file.extension());
    if is_picture {
        page.tag("<figure>\n");
        page.picture(file, exhibit);
        page.tag("<figcaption>");
        page.text(&page.texts().with("exhibit.title", exhibit));
        page.tag(": ");
        page.words(&evidence.name);
        page.tag("</figcaption>\n</figure>\n");
    } else {
        page.paragraph("exhibit.open");
    }
}

fn facts(page: &mut Page, evidence: &Evidence) {
    page.term("field.evidence.name", |page| page.words(&evidence.name));
    page.fact("field.evidence.bytes", evidence.bytes);
    page.term("field.evidence.media_type", |page| {
        page.words(&evidence.media_type);
    });
    page.term("field.evidence.sha256", |page| {
        page.tag("<span class=\"hash\">");
        page.text(&grouped(&evidence.sha256));
        page.tag("</span>");
    });
    if let Some(how) = &evidence.how {
        page.term("field.evidence.how", |page| fields::code(page, "how", how));
    }
    if let Some(note) = &evidence.note {
        page.term("field.evidence.note", |page| page.words(note));
    }
    if let Some(claimed) = &evidence.claimed {
        page.term("field.evidence.claimed", |page| {
            fields::members(page, "evidence.claimed", claimed);
        });
    }
}
