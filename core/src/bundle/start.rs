//! `start.html`: the first page that a stranger opens, in Kazakh, Russian and English.

use super::html::{Page, STYLE};
use super::report::LIMITS;
use super::texts::Language;
use super::{Rendering, certutil, pdf};

/// The page, in all three languages whatever the language of the report.
#[must_use]
pub fn start_html(rendering: &Rendering<'_>) -> String {
    let language = rendering.document.exported.language;
    let title = language.texts().get("report.title");
    let mut page = Page::start(language, title, &[STYLE]);
    page.tag("<main>\n<h1>");
    page.text(title);
    page.tag("</h1>\n<nav><p>");
    for (at, link) in [
        "<a href=\"#kk\" lang=\"kk\">Қазақша</a>",
        "<a href=\"#ru\" lang=\"ru\">Русский</a>",
        "<a href=\"#en\" lang=\"en\">English</a>",
    ]
    .into_iter()
    .enumerate()
    {
        if at > 0 {
            page.tag(" · ");
        }
        page.tag(link);
    }
    page.tag("</p></nav>\n");
    // Who reads the report reads its language.
    let others = Language::ALL.into_iter().filter(|other| *other != language);
    for language in std::iter::once(language).chain(others) {
        page.speak(language);
        section(&mut page, language, rendering);
    }
    page.tag("</main>\n");
    page.finish()
}

fn section(page: &mut Page, language: Language, rendering: &Rendering<'_>) {
    let document = rendering.document;
    page.tag("<section lang=\"");
    page.tag(language.code());
    page.tag("\" id=\"");
    page.tag(language.code());
    page.tag("\">\n<h2>");
    page.label("start.heading");
    page.tag("</h2>\n");
    page.paragraph("start.what");
    page.tag("<p class=\"notice\">");
    page.label("start.elsewhere");
    page.tag("</p>\n");
    page.subheading("start.open");
    page.tag("<ul>\n");
    let sheets = pdf::paths(document);
    if sheets.is_empty() {
        page.tag("<li>report.pdf: ");
        page.label("start.no_paper");
        page.tag("</li>\n");
    }
    for (volume, path) in (1..).zip(&sheets) {
        page.tag("<li><a href=\"");
        page.text(path);
        page.tag("\">");
        page.text(path);
        page.tag("</a>: ");
        match volume {
            1 => page.label("start.paper"),
            other => page.text(&language.texts().with("print.volume", other)),
        }
        page.tag("</li>\n");
    }
    for (link, key) in [
        (
            "<li><a href=\"data/report.html\">data/report.html</a>: ",
            "start.report",
        ),
        (
            "<li><a href=\"data/incidents.csv\">data/incidents.csv</a>: ",
            "start.table",
        ),
        (
            "<li><a href=\"data/incidents.json\">data/incidents.json</a>: ",
            "start.data",
        ),
        ("<li>data/evidence: ", "start.files"),
        (
            "<li><a href=\"verify/readme.txt\">verify/readme.txt</a>: ",
            "start.instructions",
        ),
        (
            "<li><a href=\"verify/verify.html\">verify/verify.html</a>: ",
            "start.page",
        ),
    ] {
        page.tag(link);
        page.label(key);
        page.tag("</li>\n");
    }
    page.tag("</ul>\n");
    page.paragraph("start.unpack");
    page.tag("<dl class=\"facts\">\n");
    page.term("cover.fingerprint", |page| {
        page.tag("<strong class=\"code\">");
        page.text(rendering.fingerprint);
        page.tag("</strong>");
    });
    page.term("cover.language", |page| {
        let code = document.exported.language.code();
        page.label(&format!("language.{code}"));
    });
    page.fact("cover.incidents_shown", document.counts.incidents_shown);
    page.fact("cover.incidents_in_log", document.counts.incidents_in_log);
    page.tag("</dl>\n");
    page.subheading("start.check");
    page.tag("<ol>\n<li>");
    page.label("check.code");
    page.text(" ");
    page.label("start.step_code");
    page.tag("</li>\n<li>");
    page.label("start.step_files");
    page.tag("<pre>");
    page.text(&certutil(document));
    page.tag("</pre></li>\n<li>");
    page.label("start.step_expert");
    page.tag("</li>\n</ol>\n");
    page.subheading("start.meaning");
    page.paragraph("method.check");
    page.paragraph("start.sound");
    page.tag("<h4>");
    page.label("start.anchor_heading");
    page.tag("</h4>\n");
    page.paragraph("start.anchor");
    page.paragraph("start.no_anchor");
    page.tag("<h4>");
    page.label("method.limits");
    page.tag("</h4>\n");
    page.tag("<ul>\n");
    for key in LIMITS {
        page.tag("<li>");
        page.label(key);
        page.tag("</li>\n");
    }
    page.tag("</ul>\n");
    page.tag("</section>\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::sample::{self, FINGERPRINT};

    #[test]
    fn speaks_all_three_languages_and_fetches_nothing() {
        for language in Language::ALL {
            let html = start_html(&Rendering {
                document: &sample::document(language),
                fingerprint: FINGERPRINT,
            });
            assert_eq!(html.matches(FINGERPRINT).count(), 3);
            let first = html.split("<section lang=\"").nth(1).unwrap();
            assert!(
                first.starts_with(language.code()),
                "that of the report first"
            );
            for spoken in Language::ALL {
                let code = spoken.code();
                assert!(html.contains(&format!("<section lang=\"{code}\" id=\"{code}\">")));
                for key in [
                    "start.elsewhere",
                    "check.code",
                    "start.step_code",
                    "method.check",
                    "start.page",
                    "start.sound",
                    "start.anchor",
                    "start.no_anchor",
                    "limit.happened",
                ] {
                    assert!(html.contains(spoken.texts().get(key)), "{code} {key}");
                }
            }
            assert!(html.contains("certutil -hashfile data\\evidence\\a-01.jpg SHA256"));
            for absent in ["<script", "http:", "https:", "✓", "✔", "✅", "green"] {
                assert!(!html.contains(absent), "{absent}");
            }
            assert!(html.contains("default-src 'none'"));
        }
    }

    /// The page names what it shows by numbers alone: no words of hers stand on it.
    #[test]
    fn holds_nothing_she_wrote() {
        let html = start_html(&Rendering {
            document: &sample::full_of("zzz", Language::Russian),
            fingerprint: FINGERPRINT,
        });
        assert!(!html.contains("zzz"));
    }
}
