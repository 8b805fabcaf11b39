//! `data/report.pdf`: the report for the case file, on paper and for decades: PDF/A-2a
//! (ISO 19005-2) and PDF/UA-1 (ISO 14289-1).
//!
//! Blocks become pieces (`layout`), pieces pages (`pages`), pages a file (`paint`, `packed`). Like all
//! renderings it is a function of [`Rendering`] alone: the same in, the same bytes out.

mod drawings;
mod fonts;
mod layout;
mod lines;
mod packed;
mod pages;
mod paint;
mod photos;
mod pieces;
mod tables;
mod tags;
#[cfg(test)]
mod tests;

use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::error::KrillaError;
use krilla::metadata::{DateTime, Metadata};
use krilla::{Document, SerializeSettings};

use self::fonts::Fonts;
use self::paint::Foot;
use self::tags::Tags;
use super::pictures::{Pictures, volumes};
use super::report::{self, Block, Text};
use super::texts::Language;
use super::{Rendering, document};

/// Largest `incidents.json` of which there is a report on paper, 8 MiB: some 2,000 incidents on
/// 4,000 sheets, which nobody reads and no phone has the memory to make.
pub const MAX_DOCUMENT: usize = 8 << 20;

/// Where the files of the report lie in a bundle, if it is made: one, or a volume for each hundred
/// pictures.
pub(crate) fn paths(document: &document::Document) -> Vec<String> {
    match volumes(document) {
        _ if !is_made(document) => Vec::new(),
        1 => vec!["data/report.pdf".to_owned()],
        several => (0..several)
            .map(|at| format!("data/{}", name(at)))
            .collect(),
    }
}

/// The name of one of several volumes, counted from 0.
fn name(volume: usize) -> String {
    format!("report-{:02}.pdf", volume + 1)
}

/// One volume of the report in the document's language. `None` above [`MAX_DOCUMENT`], and if the
/// fonts of this program are damaged; never because of what was written or of a picture.
pub(in crate::bundle) fn report_pdf(
    rendering: &Rendering<'_>,
    pictures: &Pictures,
    volume: usize,
) -> Option<Vec<u8>> {
    if !is_made(rendering.document) {
        return None;
    }
    made(rendering, pictures, volume, || {
        report::volume(rendering, volume, |exhibit| pictures.volume(exhibit))
    })
}

/// The report without its bundle, which it says on its first page.
pub(crate) fn report_alone(rendering: &Rendering<'_>, pictures: &Pictures) -> Option<Vec<u8>> {
    if !is_made(rendering.document) {
        return None;
    }
    made(rendering, pictures, 0, || {
        let mut blocks = report::report(rendering);
        let texts = rendering.document.exported.language.texts();
        let alone = Block::Notice(vec![Block::Line(Text::label(texts, "print.alone"))]);
        blocks.insert(blocks.len().min(1), alone);
        blocks
    })
}

fn made(
    rendering: &Rendering<'_>,
    pictures: &Pictures,
    volume: usize,
    blocks: impl Fn() -> Vec<Block>,
) -> Option<Vec<u8>> {
    let named = || render(rendering, &pictures.named_only(), volume, blocks());
    render(rendering, pictures, volume, blocks())
        .or_else(|_| named())
        .ok()
}

/// Whether a bundle of this document has a report on paper.
pub(in crate::bundle) fn is_made(document: &document::Document) -> bool {
    document.to_bytes().len() <= MAX_DOCUMENT
}

/// Why there is no file.
#[derive(Debug)]
#[allow(dead_code, reason = "shown where a test fails")]
enum Unprintable {
    Fonts,
    Configuration,
    Krilla(KrillaError),
}

fn render(
    rendering: &Rendering<'_>,
    pictures: &Pictures,
    volume: usize,
    blocks: Vec<Block>,
) -> Result<Vec<u8>, Unprintable> {
    let exported = &rendering.document.exported;
    let texts = exported.language.texts();
    let mut fonts = Fonts::load().ok_or(Unprintable::Fonts)?;
    let foot = Foot {
        signature: texts.get("print.signature"),
        code: rendering.fingerprint,
    };
    let metadata = Metadata::new()
        .title(texts.get("report.title").to_owned())
        .language(exported.language.code().to_owned())
        .creator(fonts.showable(&exported.renderer))
        .creation_date(date(&exported.at.utc));
    let shown = layout::Shown {
        pictures,
        volume,
        texts,
    };
    let (file, _) = write(&mut fonts, shown, blocks, Some(&foot), metadata)?;
    Ok(file)
}

/// A sheet that has nothing to do with a bundle, and says neither when nor by what it was made; `None`
/// if one side of paper does not hold it.
pub(super) fn sheet(language: Language, title: &str, blocks: Vec<Block>) -> Option<Vec<u8>> {
    let mut fonts = Fonts::load()?;
    let metadata = Metadata::new()
        .title(title.to_owned())
        .language(language.code().to_owned())
        // The form demands a date. This one, as in bundles, says nothing.
        .creation_date(DateTime::new(1980).month(1).day(1));
    let shown = layout::Shown {
        pictures: &Pictures::default(),
        volume: 0,
        texts: language.texts(),
    };
    let (file, pages) = write(&mut fonts, shown, blocks, None, metadata).ok()?;
    (pages == 1).then_some(file)
}

fn write(
    fonts: &mut Fonts,
    shown: layout::Shown<'_>,
    blocks: Vec<Block>,
    foot: Option<&Foot<'_>>,
    metadata: Metadata,
) -> Result<(Vec<u8>, usize), Unprintable> {
    let mut tags = Tags::default();
    let pieces = layout::layout(fonts, &mut tags, shown, blocks);
    let pages = pages::paginate(pieces);

    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|_| Unprintable::Configuration)?;
    let mut document = Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    let count = pages.len();
    fonts.forget();
    paint::paint(&mut document, fonts, &mut tags, pages, foot);
    document.set_tag_tree(tags.into_tree());
    document.set_metadata(metadata);
    let file = document.finish().map_err(Unprintable::Krilla)?;
    Ok((packed::packed(&file).unwrap_or(file), count))
}

/// `2026-11-21T05:00:05Z` as PDF has it.
fn date(utc: &str) -> DateTime {
    let number = |from: usize, to: usize| utc.get(from..to).and_then(|text| text.parse().ok());
    let year = utc.get(..4).and_then(|text| text.parse().ok());
    DateTime::new(year.unwrap_or(1980))
        .month(number(5, 7).unwrap_or(1))
        .day(number(8, 10).unwrap_or(1))
        .hour(number(11, 13).unwrap_or(0))
        .minute(number(14, 16).unwrap_or(0))
        .second(number(17, 19).unwrap_or(0))
        .utc_offset_hour(0)
        .utc_offset_minute(0)
}
