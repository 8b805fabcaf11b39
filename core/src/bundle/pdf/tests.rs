use proptest::prelude::*;

use super::*;
use crate::bundle::document::{Body, Document};
use crate::bundle::sample::{self, FINGERPRINT};
use crate::bundle::start;
use crate::bundle::texts::Language;
use crate::canonical::Value;

fn rendering(document: &Document) -> Rendering<'_> {
    Rendering {
        document,
        fingerprint: FINGERPRINT,
    }
}

fn report(document: &Document) -> Vec<u8> {
    render(&rendering(document)).unwrap()
}

#[test]
fn every_language_makes_a_file_and_always_the_same() {
    for language in Language::ALL {
        let document = sample::document(language);
        let pdf = report(&document);
        assert!(pdf.starts_with(b"%PDF-1.7"));
        assert_eq!(report(&document), pdf);
        if let Ok(folder) = std::env::var("DIARY_PDF_FOLDER") {
            let path = format!("{folder}/sample-{}.pdf", language.code());
            std::fs::write(path, pdf).unwrap();
        }
    }
}

#[test]
fn hostile_and_odd_texts_make_a_file() {
    for text in [
        "/JavaScript (app.alert(1)) endstream endobj",
        "\u{0}\u{feff}\u{fffe}\u{ffff}\u{e000}\u{10fffd}",
        "e\u{301}\u{301}\u{301} \u{20dd}\u{034f}",
        "  \n\n \t \n",
        "\u{d55c}\u{1100}\u{1161}",
        "مرحبا שלום 你好 💔",
    ] {
        report(&sample::full_of(text, Language::Kazakh));
    }
}

#[test]
fn odd_shapes_and_long_texts_make_a_file() {
    let mut document = sample::document(Language::Russian);
    let deep = (0..100).fold(Value::from("дно"), |inner, _| Value::List(vec![inner]));
    let Body::Incident { incident } = &mut document.entries[0].body else {
        panic!();
    };
    incident.insert(
        "narrative".to_owned(),
        Value::from("ә".repeat(1 << 19).as_str()),
    );
    incident.insert(
        "verbatim".to_owned(),
        Value::from("слово ".repeat(20_000).as_str()),
    );
    incident.insert("occurred".to_owned(), Value::Integer(7));
    incident.insert("people".to_owned(), deep);
    incident.insert("<b>".to_owned(), Value::Null);
    let pdf = report(&document);
    assert!(pdf.len() < 6 << 20, "{}", pdf.len());
}

#[test]
fn more_than_anybody_prints_has_no_report_on_paper_and_no_link_to_it() {
    let mut document = sample::document(Language::Kazakh);
    assert!(start::start_html(&rendering(&document)).contains("report.pdf"));
    let Body::Incident { incident } = &mut document.entries[0].body else {
        panic!();
    };
    let long = "сөз ".repeat(MAX_DOCUMENT / 7);
    incident.insert("narrative".to_owned(), Value::from(long.as_str()));
    assert_eq!(report_pdf(&rendering(&document)), None);
    assert!(!start::start_html(&rendering(&document)).contains("report.pdf"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_text_makes_a_file(text in proptest::collection::vec(any::<char>(), 0..400)) {
        let text: String = text.into_iter().collect();
        let document = sample::full_of(&format!("а{text}"), Language::Russian);
        report(&document);
    }
}

/// Every character of Unicode, in blocks: none of them ends an export.
#[test]
fn every_character_of_unicode_makes_a_file() {
    let all: Vec<char> = (' '..=char::MAX).collect();
    let mut fonts = Fonts::load().unwrap();
    // What is shown of all of them is what the fonts have: so a sample of those that are shown as
    // code points, and every one that is drawn, is all there is.
    let drawn: String = all
        .iter()
        .filter(|character| {
            fonts
                .showable(&character.to_string())
                .chars()
                .eq([**character])
        })
        .collect();
    assert!(drawn.chars().count() > 500);
    assert!(
        fonts
            .shape(fonts::Face::Bold, &drawn)
            .glyphs
            .iter()
            .all(|glyph| glyph.id != 0)
    );
    let some: String = all.iter().step_by(1_117).collect();
    for text in [drawn, some] {
        report(&sample::full_of(&text, Language::Kazakh));
    }
}
