//! Writing HTML in which her words can never become markup.
//!
//! Markup is `&'static str`: text that exists only at run time cannot be passed as markup. All
//! other text goes through an escape, and what people wrote stands in `<bdi>` besides, with
//! invisible characters shown. No text from a diary ever stands in an attribute or in a URL.

use std::fmt::Display;

use crate::bundle::document::{EvidenceFile, Exhibit};
use crate::bundle::texts::{Language, Texts};
use crate::bundle::visible::visible;

/// Allows the page its own style and pictures, and nothing else: no script, no request.
const POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
     img-src 'self' data:; style-src 'unsafe-inline'\">\n";

/// A page while it is being written.
pub(in crate::bundle) struct Page {
    out: String,
    texts: &'static Texts,
}

impl Page {
    /// Starts a page up to its title and style.
    pub(in crate::bundle) fn start(language: Language, title: &str, style: &[&str]) -> Self {
        let mut page = Self {
            out: String::new(),
            texts: language.texts(),
        };
        page.tag("<!DOCTYPE html>\n<html lang=\"");
        page.tag(language.code());
        page.tag("\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.tag(POLICY);
        page.tag("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        // Phones turn numbers into links, and the officer must not ring the wrong one by touch.
        page.tag(
            "<meta name=\"format-detection\" content=\"telephone=no, date=no, address=no, \
             email=no\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n<title>",
        );
        page.text(title);
        page.tag("</title>\n<style>\n");
        for part in style {
            page.out.push_str(part);
        }
        page.tag("</style>\n</head>\n<body>\n");
        page
    }

    /// Ends the page.
    pub(in crate::bundle) fn finish(mut self) -> String {
        self.tag("</body>\n</html>\n");
        self.out
    }

    /// Changes the language of the labels, for a page with several.
    pub(in crate::bundle) fn speak(&mut self, language: Language) {
        self.texts = language.texts();
    }

    /// Fixed markup.
    pub(in crate::bundle) fn tag(&mut self, markup: &'static str) {
        self.out.push_str(markup);
    }

    /// Text of the program: labels, numbers, hashes, times.
    pub(in crate::bundle) fn text(&mut self, text: &str) {
        escape(&mut self.out, text);
    }

    /// What a person wrote or a device named.
    pub(in crate::bundle) fn words(&mut self, words: &str) {
        self.tag("<bdi>");
        escape(&mut self.out, &visible(words));
        self.tag("</bdi>");
    }

    /// The text of a key.
    pub(in crate::bundle) fn label(&mut self, key: &str) {
        escape(&mut self.out, self.texts.get(key));
    }

    /// `<p>` with the text of a key.
    pub(in crate::bundle) fn paragraph(&mut self, key: &str) {
        self.tag("<p>");
        self.label(key);
        self.tag("</p>\n");
    }

    /// `<h3>` with the text of a key.
    pub(in crate::bundle) fn subheading(&mut self, key: &str) {
        self.tag("<h3>");
        self.label(key);
        self.tag("</h3>\n");
    }

    /// A term of a `<dl>` by key, with what `write` puts beside it.
    pub(in crate::bundle) fn term(&mut self, key: &str, write: impl FnOnce(&mut Self)) {
        self.tag("<dt>");
        self.label(key);
        self.tag("</dt><dd>");
        write(self);
        self.tag("</dd>\n");
    }

    /// A term whose description is text of the program.
    pub(in crate::bundle) fn fact(&mut self, key: &str, text: impl Display) {
        self.term(key, |page| page.text(&text.to_string()));
    }

    /// The name of an original with a link to it.
    pub(in crate::bundle) fn file_link(&mut self, file: &EvidenceFile) {
        self.tag("<a href=\"");
        self.text(&file.beside_report());
        self.tag("\">");
        self.text(&file.path());
        self.tag("</a>");
    }

    /// An original as a picture, described by its exhibit number.
    pub(in crate::bundle) fn picture(&mut self, file: &EvidenceFile, exhibit: Exhibit) {
        self.tag("<img src=\"");
        self.text(&file.beside_report());
        self.tag("\" alt=\"");
        self.text(&exhibit.to_string());
        self.tag("\">\n");
    }
}

/// Writes text so that it is text, in content and in attributes.
fn escape(out: &mut String, text: &str) {
    out.reserve(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let mut characters = from.chars();
        out.push_str(match characters.next() {
            Some('&') => "&amp;",
            Some('<') => "&lt;",
            Some('>') => "&gt;",
            Some('"') => "&quot;",
            _ => "&#39;",
        });
        rest = characters.as_str();
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_all_five() {
        let mut out = String::new();
        escape(&mut out, "ә&<b>\"'</script>&amp;");
        assert_eq!(out, "ә&amp;&lt;b&gt;&quot;&#39;&lt;/script&gt;&amp;amp;");
    }

    #[test]
    fn a_page_begins_with_its_charset_and_its_policy() {
        let page = Page::start(Language::Kazakh, "a<b", &[""]).finish();
        let charset = page.find("<meta charset=\"utf-8\">").unwrap();
        let policy = page
            .find(
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; \
                 img-src 'self' data:; style-src 'unsafe-inline'\">",
            )
            .unwrap();
        assert!(charset < policy && policy < page.find("<title>a&lt;b</title>").unwrap());
        assert!(page.starts_with("<!DOCTYPE html>\n<html lang=\"kk\">\n<head>\n<meta charset"));
    }
}
