//! `data/report.html`: the report that opens in any browser, on a phone and on paper.
//!
//! One static page: no script, nothing fetched but the pictures beside it, no link that she or he
//! wrote. It is a function of [`Rendering`] alone, so a verifier makes it again and compares.

mod blocks;
mod drawings;
mod page;
#[cfg(test)]
mod tests;

use super::Rendering;
use super::report;

pub(in crate::bundle) use self::page::Page;

pub(in crate::bundle) const STYLE: &str = include_str!("../report.css");

/// The report in the document's language. It shows whatever the document holds and cannot fail.
#[must_use]
pub fn report_html(rendering: &Rendering<'_>) -> String {
    let language = rendering.document.exported.language;
    let texts = language.texts();
    let foot = page_foot(texts.get("print.signature"));
    let mut page = Page::start(language, texts.get("report.title"), &[STYLE, &foot]);
    page.tag("<main>\n");
    blocks::write(&mut page, &report::report(rendering));
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
