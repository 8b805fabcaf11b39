use proptest::prelude::*;

use super::*;
use crate::bundle::document::{Body, Document, Entry, EvidenceFile, Exhibit};
use crate::bundle::pictures::IN_BUNDLE;
use crate::bundle::sample::{self, FINGERPRINT};
use crate::bundle::start;
use crate::bundle::texts::Language;
use crate::canonical::Value;
use crate::picture::samples;

fn rendering(document: &Document) -> Rendering<'_> {
    Rendering {
        document,
        fingerprint: FINGERPRINT,
    }
}

fn with_pictures(document: &Document, pictures: &Pictures, volume: usize) -> Vec<u8> {
    let rendering = rendering(document);
    let blocks = report::volume(&rendering, volume, |exhibit| pictures.volume(exhibit));
    render(&rendering, pictures, volume, blocks).unwrap()
}

fn report(document: &Document) -> Vec<u8> {
    with_pictures(document, &Pictures::default(), 0)
}

#[test]
fn every_language_makes_a_file_and_always_the_same() {
    for language in Language::ALL {
        let document = sample::document(language);
        let pdf = report(&document);
        assert!(pdf.starts_with(b"%PDF-1.7"));
        assert_eq!(count(&pdf, b"/StructElem"), 0, "packed");
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
    assert_eq!(
        report_pdf(&rendering(&document), &Pictures::default(), 0),
        None
    );
    let page = start::start_html(&rendering(&document));
    assert!(!page.contains("href=\"data/report.pdf"));
    assert_eq!(page.matches("report.pdf: ").count(), 3, "it says so");
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

fn pictures(document: &Document, file: impl Fn(&Entry) -> Vec<u8>) -> Pictures {
    let read = |entry: &Entry| Ok::<_, std::convert::Infallible>(Some(file(entry).into()));
    let Ok(pictures) = Pictures::load(document, IN_BUNDLE, read);
    pictures
}

fn count(bytes: &[u8], part: &[u8]) -> usize {
    bytes
        .windows(part.len())
        .filter(|window| *window == part)
        .count()
}

#[test]
fn a_picture_is_shown_in_every_language_without_what_its_file_knew() {
    for (language, orientation) in Language::ALL.into_iter().cycle().zip(1..=8) {
        let document = sample::document(language);
        let pictures = pictures(&document, |_| samples::jpeg(160, 90, orientation));
        let pdf = with_pictures(&document, &pictures, 0);
        assert_eq!(count(&pdf, b"/DCTDecode"), 1, "{orientation}");
        assert_eq!(count(&pdf, samples::SECRET) + count(&pdf, b"Exif"), 0);
        assert_eq!(with_pictures(&document, &pictures, 0), pdf);
    }
}

#[test]
fn other_kinds_and_large_ones_are_coded_anew_and_bombs_are_named() {
    let document = sample::document(Language::Kazakh);
    let large = samples::jpeg(2_000, 1_000, 6);
    for file in [samples::png(90, 160), samples::webp(90, 160), large] {
        let pdf = with_pictures(&document, &pictures(&document, |_| file.clone()), 0);
        assert_eq!(count(&pdf, b"/DCTDecode"), 1);
        assert_eq!(count(&pdf, samples::SECRET) + count(&pdf, b"Exif"), 0);
    }
    let mut bomb = samples::jpeg(160, 90, 1);
    let frame = bomb
        .windows(2)
        .position(|pair| pair == [0xff, 0xc0])
        .unwrap();
    bomb[frame + 5..frame + 9].copy_from_slice(b"\x30\x00\x30\x00");
    for file in [bomb, b"\xff\xd8\xff not much".to_vec(), Vec::new()] {
        let pdf = with_pictures(&document, &pictures(&document, |_| file.clone()), 0);
        assert_eq!(count(&pdf, b"/DCTDecode"), 0);
    }
}

#[test]
fn more_than_a_hundred_pictures_are_several_volumes() {
    let mut document = sample::document(Language::Russian);
    let mut one = document.exhibits().next().unwrap().clone();
    for number in 4..=203 {
        let Body::Evidence { exhibit, file, .. } = &mut one.body else {
            panic!();
        };
        *exhibit = Exhibit::new(number).unwrap();
        *file = EvidenceFile::new(*exhibit, "jpg");
        document.entries.push(one.clone());
    }
    let paths = [
        "data/report-01.pdf",
        "data/report-02.pdf",
        "data/report-03.pdf",
    ];
    assert_eq!(paths, *super::paths(&document));
    // Different, so that each is in the file once for each time it is shown.
    let file = |entry: &Entry| {
        let mut file = samples::jpeg(16, 16, 1);
        let exhibit = entry.exhibit().unwrap().to_string();
        file.splice(file.len()..file.len(), exhibit.bytes());
        file
    };
    let pictures = pictures(&document, file);
    let shown = [0, 1, 2].map(|volume| {
        let pdf = with_pictures(&document, &pictures, volume);
        let pages = count(&pdf, b"/DCTDecode");
        (pdf.len(), pages)
    });
    assert!(
        shown[0].0 > shown[1].0 && shown[1].0 > shown[2].0,
        "{shown:?}"
    );
    let page = start::start_html(&rendering(&document));
    for (volume, path) in (1..).zip(paths) {
        assert!(page.contains(path));
        let texts = Language::Russian.texts();
        let more = texts.with("print.volume", volume);
        assert_eq!(page.contains(&more), volume > 1, "{path}");
    }
    let same = Language::Russian.texts().get("start.paper");
    assert_eq!(page.matches(same).count(), 1);
}

fn paged(blocks: Vec<Block>) -> Vec<pages::Page> {
    paged_with(&Pictures::default(), blocks)
}

fn paged_with(pictures: &Pictures, blocks: Vec<Block>) -> Vec<pages::Page> {
    let (mut fonts, mut tags) = (Fonts::load().unwrap(), Tags::default());
    let shown = layout::Shown {
        pictures,
        volume: 0,
        texts: Language::English.texts(),
    };
    pages::paginate(layout::layout(&mut fonts, &mut tags, shown, blocks))
}

/// Headings and rows of a page.
fn headings_and_rows(page: &pages::Page) -> (usize, usize) {
    let count = |is: fn(&pieces::Kind) -> bool| {
        let pieces = page.pieces.iter();
        pieces.filter(|(_, piece)| is(&piece.kind)).count()
    };
    (
        count(|kind| matches!(kind, pieces::Kind::Heading(_))),
        count(|kind| matches!(kind, pieces::Kind::Row(_))),
    )
}

fn exhibit_of(rows: usize) -> Block {
    let texts = Language::English.texts();
    let facts = (0..rows).map(|_| report::Fact::plain(texts, "exhibit.entry", "1-abcd"));
    let heading = Block::heading(texts, 3, "exhibits.heading");
    Block::Together(vec![heading, Block::Facts(facts.collect())])
}

/// Ten exhibits without a picture, several of which fit on a page: none is parted.
#[test]
fn what_stands_together_stands_on_one_page() {
    let pages = paged((0..10).map(|_| exhibit_of(14)).collect());
    assert!(pages.len() < 10);
    for (headings, rows) in pages.iter().map(headings_and_rows) {
        assert_eq!(rows, 14 * headings);
    }
}

#[test]
fn what_no_page_holds_begins_one_and_fills_it() {
    let pages = paged(vec![exhibit_of(14), exhibit_of(70)]);
    let found: Vec<_> = pages.iter().map(headings_and_rows).collect();
    assert_eq!(found.len(), 3);
    assert_eq!(found[0], (1, 14));
    assert!(found[1].0 == 1 && found[1].1 > 35, "{found:?}");
    assert_eq!(found[1].1 + found[2].1, 70);
}

/// With the contents: two lines of it would stand alone on the next sheet.
#[test]
fn how_the_report_was_made_stands_on_one_sheet() {
    for language in Language::ALL {
        let pages = paged(report::report(&rendering(&sample::document(language))));
        let place = |name: &'static str| {
            let is_there = |(_, piece): &(f32, pieces::Piece)| {
                matches!(&piece.kind, pieces::Kind::Heading(mark)
                    if mark.anchor == Some(report::Anchor::Section(name)))
            };
            let mut found = pages.iter().map(|page| page.pieces.iter().any(is_there));
            found.position(|is_there| is_there).unwrap()
        };
        assert_eq!(place("conduct"), place("method") + 1, "{language:?}");
    }
}

/// However much is said of the first exhibit: its picture gives way, and the heading never stands alone.
#[test]
fn the_heading_of_the_exhibits_stands_over_the_first_of_them() {
    let mut document = sample::document(Language::Russian);
    let pictures = pictures(&document, |_| samples::jpeg(300, 600, 1));
    for lines in 0..30 {
        let first = document
            .entries
            .iter_mut()
            .find_map(|entry| match &mut entry.body {
                Body::Evidence { evidence, .. } => evidence.as_mut(),
                _ => None,
            });
        first.unwrap().note = Some("а\n".repeat(lines) + "а");
        let mut blocks = report::report(&rendering(&document));
        let is_first = |block: &Block| {
            let Block::Together(parts) = block else {
                return false;
            };
            parts.iter().any(|part| matches!(part, Block::Picture(_)))
        };
        let first = blocks.iter().position(is_first).unwrap();
        blocks.drain(..first.saturating_sub(1));
        let pages = paged_with(&pictures, blocks);
        assert!(headings_and_rows(&pages[0]).0 >= 2, "{lines}");
    }
}

/// What stands on the pages, without spaces.
fn said(rendering: &Rendering<'_>, pictures: &Pictures) -> String {
    fn lines(piece: &pieces::Piece, out: &mut String) {
        match &piece.kind {
            pieces::Kind::Line(line) => {
                let runs = line.line.runs.iter().map(|run| run.text());
                out.extend(runs.map(|text| text.replace(' ', "")));
            }
            pieces::Kind::Row(row) => {
                let cells = row.cells.iter().flat_map(|cell| &cell.pieces);
                cells.for_each(|piece| lines(piece, out));
            }
            _ => {}
        }
    }
    let texts = rendering.document.exported.language.texts();
    let (mut fonts, mut tags) = (Fonts::load().unwrap(), Tags::default());
    let shown = layout::Shown {
        pictures,
        volume: 0,
        texts,
    };
    let mut out = String::new();
    for piece in layout::layout(&mut fonts, &mut tags, shown, report::report(rendering)) {
        lines(&piece, &mut out);
    }
    out
}

/// A picture that is not shown says why: it is too large, or there is no room for it.
#[test]
fn a_picture_that_is_not_shown_says_why() {
    for language in Language::ALL {
        let document = sample::document(language);
        let rendering = rendering(&document);
        let unreadable = pictures(&document, |_| b"none".to_vec());
        for (pictures, key) in [
            (unreadable, "exhibit.too_large"),
            (Pictures::default(), "exhibit.beyond"),
        ] {
            let why = language.texts().get(key).replace(' ', "");
            assert!(said(&rendering, &pictures).contains(&why), "{key}");
        }
    }
}
