//! The sheet of paper with a recovery code on it. Nothing on it says what the code is for.

use qrcode::{EcLevel, QrCode};
use zeroize::Zeroizing;

use super::pdf;
use super::report::{Block, Heading, Qr, Span, Text};
use super::texts::{Language, Texts};
use crate::vault::RecoveryCode;

/// Where it is kept, and where not.
const KEEP: [&str; 3] = ["sheet.keep_person", "sheet.keep_apart", "sheet.keep_not"];

/// A page (PDF/A-2a, PDF/UA-1) to print, with the code in large type and where to keep it; with `qr`
/// also as a code for cameras. It has a neutral title, no date, and nothing of the diary.
/// `None` only if the fonts of this program are damaged.
///
/// The bytes are wiped when dropped. What the page was made from is not: a shell that does not wipe what
/// it frees should make it when the code is shown, and not keep it.
#[must_use]
pub fn recovery_sheet(
    code: &RecoveryCode,
    language: Language,
    qr: bool,
) -> Option<Zeroizing<Vec<u8>>> {
    let texts = language.texts();
    let title = texts.get("sheet.title");
    pdf::sheet(language, title, blocks(texts, &code.reveal(), qr)).map(Zeroizing::new)
}

fn blocks(texts: &Texts, code: &str, qr: bool) -> Vec<Block> {
    let mut blocks = vec![
        Block::Heading(Heading {
            level: 1,
            text: texts.get("sheet.title").to_owned(),
            anchor: None,
        }),
        Block::paragraph(texts, "sheet.what"),
    ];
    let groups: Vec<&str> = code.split('-').collect();
    blocks.extend(groups.chunks(4).map(|line| Block::Large(line.join(" "))));
    if let Some(qr) = qr.then(|| camera(texts, code)).flatten() {
        blocks.push(Block::Qr(qr));
    }
    blocks.push(Block::paragraph(texts, "sheet.typing"));
    blocks.push(Block::heading(texts, 2, "sheet.keep"));
    let points = KEEP.map(|key| Text::label(texts, key).line());
    blocks.push(Block::List(points.into()));
    let seen = texts.get("sheet.seen").to_owned();
    blocks.push(Block::Paragraph(Text(vec![Span::Strong(seen)])));
    blocks
}

fn camera(texts: &Texts, code: &str) -> Option<Qr> {
    // Capital letters, digits and dashes, 39 of them: always fits.
    let qr = QrCode::with_error_correction_level(code, EcLevel::M).ok()?;
    Some(Qr {
        description: texts.get("sheet.qr").to_owned(),
        width: qr.width(),
        modules: qr
            .into_colors()
            .into_iter()
            .map(|color| color == qrcode::Color::Dark)
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_one_page_in_each_language_with_and_without_a_code_for_cameras() {
        let code = RecoveryCode::make().unwrap();
        for language in Language::ALL {
            let plain = recovery_sheet(&code, language, false).unwrap();
            let qr = recovery_sheet(&code, language, true).unwrap();
            assert!(qr.len() > plain.len());
            for sheet in [plain, qr] {
                assert!(sheet.starts_with(b"%PDF-") && sheet.len() < 100_000);
            }
        }
    }

    #[test]
    fn says_the_whole_code_in_its_groups_and_where_to_keep_it() {
        let code = RecoveryCode::make().unwrap().reveal();
        for language in Language::ALL {
            let blocks = blocks(language.texts(), &code, true);
            let large = blocks.iter().filter_map(|block| match block {
                Block::Large(line) => Some(line.as_str()),
                _ => None,
            });
            let large: Vec<&str> = large.collect();
            assert_eq!(large.join(" ").replace(' ', "-"), **code);
            let said = format!("{blocks:?}");
            for key in KEEP {
                assert!(said.contains(language.texts().get(key)), "{key}");
            }
        }
    }

    #[test]
    fn no_word_on_it_tells_what_it_is_for() {
        for language in Language::ALL {
            let texts = language.texts();
            let said = format!("{:?}", blocks(texts, "0000-0000", true)).to_lowercase();
            for word in [
                "diary",
                "дневник",
                "күнделік",
                "incident",
                "случа",
                "оқиға",
                "stalk",
                "журнал",
            ] {
                assert!(!said.contains(word), "{word}: {said}");
            }
        }
    }
}
