//! `data/evidence/a-01.note.txt`: stands in the bundle for an original that is not there, alone or
//! beside a copy.

use super::Rendering;
use super::document::{Body, Entry};
use super::hex;
use super::report::copy_help;
use super::visible::visible;

/// The note for an evidence entry whose original is not in the bundle; `None` for any other entry.
/// UTF-8 with byte order mark and CRLF: it is opened by a double click on any Windows.
#[must_use]
pub fn exhibit_note(rendering: &Rendering<'_>, entry: &Entry) -> Option<String> {
    let texts = rendering.document.exported.language.texts();
    let Body::Evidence {
        evidence,
        exhibit,
        file: None,
        copy,
        ..
    } = &entry.body
    else {
        return None;
    };
    let mut lines = vec![texts.with("note.title", exhibit)];
    match evidence {
        None => lines.push(texts.get("exhibit.withheld_help").to_owned()),
        Some(evidence) => {
            let name = visible(&evidence.name).replace('\n', "[U+000A]");
            let media_type = visible(&evidence.media_type).replace('\n', "[U+000A]");
            lines.push(texts.get("exhibit.absent_help").to_owned());
            lines.push(String::new());
            if let Some(copy) = copy {
                lines.push(texts.get(copy_help(copy)).to_owned());
                for (key, value) in [
                    ("exhibit.file", copy.file.path()),
                    ("exhibit.copy_sha256", hex(&copy.sha256)),
                    ("exhibit.copy_bytes", copy.bytes.to_string()),
                ] {
                    lines.push(format!("{}: {value}", texts.get(key)));
                }
                lines.push(String::new());
            }
            for (key, value) in [
                ("exhibit.entry", entry.id.clone()),
                ("field.evidence.sha256", hex(&evidence.sha256)),
                ("field.evidence.bytes", evidence.bytes.to_string()),
                ("field.evidence.media_type", media_type),
                ("field.evidence.name", name),
            ] {
                lines.push(format!("{}: {value}", texts.get(key)));
            }
        }
    }
    Some(format!("\u{FEFF}{}\r\n", lines.join("\r\n")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bundle::sample::{self, FINGERPRINT};
    use crate::bundle::texts::Language;

    #[test]
    fn says_what_the_log_says_and_nothing_of_a_withheld_item() {
        let document = sample::document(Language::English);
        let rendering = Rendering {
            document: &document,
            fingerprint: FINGERPRINT,
        };
        let notes: Vec<_> = document
            .exhibits()
            .map(|e| exhibit_note(&rendering, e))
            .collect();
        let [None, Some(withheld), Some(absent)] = &notes[..] else {
            panic!("{notes:?}");
        };
        assert_eq!(
            withheld,
            "\u{FEFF}Exhibit A-02: the original file is not in this bundle.\r\n\
             A file belongs here. Nothing about it is shown.\r\n"
        );
        let hash = hex(&<sha2::Sha256 as sha2::Digest>::digest(sample::PICTURE));
        assert!(absent.contains(&format!("SHA-256: {hash}\r\n")));
        assert!(absent.contains("Original name of the file: справка.pdf\r\n"));
        assert!(document.entries.iter().any(|e| e.exhibit().is_none()));
        let others = document.entries.iter().filter(|e| e.exhibit().is_none());
        assert!(
            others
                .into_iter()
                .all(|e| exhibit_note(&rendering, e).is_none())
        );
    }
}
