//! `data/report.html`: the report that opens in any browser, on a phone and on paper.
//!
//! One static page: no script, nothing fetched but the pictures beside it, no link that she or he
//! wrote. It is a function of [`Rendering`] alone, so a verifier makes it again and compares.

mod annex;
mod conduct;
mod cover;
mod exhibits;
mod fields;
mod incidents;
mod page;
#[cfg(test)]
mod tests;

use super::Rendering;
use super::document::Incident;
use super::when::Moment;

pub(in crate::bundle) use self::cover::{LIMITS, limits};
pub(in crate::bundle) use self::page::Page;

pub(in crate::bundle) const STYLE: &str = include_str!("../report.css");

/// The report in the document's language. It shows whatever the document holds and cannot fail.
#[must_use]
pub fn report_html(rendering: &Rendering<'_>) -> String {
    let document = rendering.document;
    let texts = document.exported.language.texts();
    let foot = page_foot(texts.get("print.signature"));
    let title = texts.get("report.title");
    let mut page = Page::start(document.exported.language, title, &[STYLE, &foot]);
    let incidents = in_order(document.incidents());
    page.tag("<main>\n");
    cover::cover(&mut page, rendering, &incidents);
    cover::contents(&mut page);
    cover::method(&mut page);
    conduct::conduct(&mut page, &incidents);
    incidents::summary_table(&mut page, &incidents);
    incidents::one_by_one(&mut page, &incidents);
    exhibits::exhibits(&mut page, document, &incidents);
    annex::withheld(&mut page, document, &incidents);
    annex::hashes(&mut page, document);
    annex::check(&mut page, document);
    annex::certificates(&mut page, document);
    annex::custody(&mut page, document);
    page.tag("</main>\n");
    page.finish()
}

/// Room for a signature and the page number at the foot of each printed page, in browsers that
/// print page margins: participants of a procedural action sign every page of its record.
fn page_foot(signature: &str) -> String {
    format!(
        "@page {{ size: A4; margin: 15mm 15mm 22mm; @bottom-left {{ font: 9pt sans-serif; content: \
         \"{signature}: ______________________\"; }} @bottom-right {{ font: 9pt sans-serif; \
         content: counter(page) \" / \" counter(pages); }} }}\n"
    )
}

/// By the time they happened, as stated; those without a known time at the end, in order of
/// recording.
pub(in crate::bundle) fn in_order(mut incidents: Vec<Incident<'_>>) -> Vec<Incident<'_>> {
    incidents.sort_by_key(|incident| {
        let from = occurred(incident, "from").and_then(Moment::read);
        (
            from.map_or(i64::MAX, |moment| moment.order()),
            incident.number,
        )
    });
    incidents
}

/// A text of `occurred` as the incident stands.
pub(in crate::bundle) fn occurred<'a>(incident: &Incident<'a>, name: &str) -> Option<&'a str> {
    let occurred = incident.stands.value("occurred")?.as_object()?;
    occurred.get(name)?.as_text()
}
