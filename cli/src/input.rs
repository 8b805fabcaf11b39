//! Her words, from an argument, a file or standard input.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use diary_core::time::{TimeRange, When};
use serde::de::IgnoredAny;

use crate::args::{Source, Words};
use crate::exit::{Failure, reason};

/// The largest JSON document that is read, in bytes: a narrative of 1 MiB, each character of it
/// escaped, and all the rest of an incident.
const LARGEST: u64 = 16 * 1024 * 1024;

/// The words of an argument that may be `-`. The line ending that `echo` adds is taken off.
pub(crate) fn words(words: &Words, option: &str) -> Result<String, Failure> {
    match words {
        Words::Given(text) => Ok(text.clone()),
        Words::StandardInput => {
            let bytes = whole(&mut io::stdin().lock(), option)?;
            let mut text = String::from_utf8(bytes).map_err(|_| {
                Failure::refused(format!("{option}: it is not UTF-8: write it as UTF-8"))
            })?;
            if text.starts_with('\u{feff}') {
                text.remove(0);
            }
            if text.ends_with('\n') {
                text.pop();
                if text.ends_with('\r') {
                    text.pop();
                }
            }
            Ok(text)
        }
    }
}

/// The words of an argument that may be absent.
pub(crate) fn optional_words(
    given: Option<&Words>,
    option: &str,
) -> Result<Option<String>, Failure> {
    given.map(|given| words(given, option)).transpose()
}

/// From one time to another, both ends in.
pub(crate) fn period(from: Option<When>, to: Option<When>) -> Result<TimeRange, Failure> {
    Ok(TimeRange::new(from, to).map_err(diary_core::Error::from)?)
}

/// All bytes of a file or of standard input.
pub(crate) fn bytes(source: &Source, option: &str) -> Result<Vec<u8>, Failure> {
    whole(&mut open(source, option)?, option)
}

/// The same of a JSON document.
pub(crate) fn document(source: &Source, option: &str) -> Result<Vec<u8>, Failure> {
    let mut json = bytes(source, option)?;
    json.drain(..bom(&json));
    Ok(json)
}

/// How long the byte order mark is that editors on Windows put in front; RFC 8259 lets a reader pass over it.
fn bom(json: &[u8]) -> usize {
    const BOM: &[u8] = b"\xEF\xBB\xBF";
    if json.starts_with(BOM) { BOM.len() } else { 0 }
}

/// One or more incidents: one JSON document, or JSON Lines.
pub(crate) struct Documents {
    input: Box<dyn BufRead>,
    option: &'static str,
    line: usize,
    form: Form,
}

/// What the input has turned out to be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Form {
    /// Nothing was read yet.
    Unknown,
    /// One document over several lines.
    One,
    /// A document a line; also one document on the only line.
    Lines,
}

/// One document of [`Documents`].
#[derive(Debug)]
pub(crate) struct Document {
    /// Its JSON.
    pub(crate) json: Vec<u8>,
    /// Its line, from 1, where each line is a document of its own.
    pub(crate) line: Option<usize>,
}

impl Documents {
    /// Opens a file or standard input.
    pub(crate) fn open(source: &Source, option: &'static str) -> Result<Self, Failure> {
        Ok(Self::new(open(source, option)?, option))
    }

    fn new(input: Box<dyn BufRead>, option: &'static str) -> Self {
        Self {
            input,
            option,
            line: 0,
            form: Form::Unknown,
        }
    }

    /// The next document; `None` at the end. One is read at a time, so that each is recorded
    /// before the next one is waited for.
    pub(crate) fn next(&mut self) -> Result<Option<Document>, Failure> {
        if self.form == Form::One {
            return Ok(None);
        }
        let Some(json) = self.next_line()? else {
            if self.form == Form::Unknown {
                return Err(Failure::refused(format!(
                    "{}: it is empty: write an incident as JSON",
                    self.option
                )));
            }
            return Ok(None);
        };
        if self.form == Form::Unknown && !is_line_of_its_own(&json) {
            self.form = Form::One;
            return self.with_the_rest(json).map(Some);
        }
        self.form = Form::Lines;
        Ok(Some(Document {
            json,
            line: Some(self.line),
        }))
    }

    /// Whether another document follows; asked only to name the place of an error.
    pub(crate) fn has_more(&mut self) -> bool {
        self.form == Form::Lines && matches!(self.next_line(), Ok(Some(_)) | Err(_))
    }

    /// The next line that is not blank.
    fn next_line(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        loop {
            let mut line = Vec::new();
            let read = (&mut self.input)
                .take(LARGEST + 1)
                .read_until(b'\n', &mut line)
                .map_err(|error| unreadable(self.option, &error))?;
            if read == 0 {
                return Ok(None);
            }
            self.line += 1;
            if u64::try_from(line.len()).is_ok_and(|length| length > LARGEST) {
                return Err(too_large(self.option).at(&format!("line {}", self.line)));
            }
            if self.line == 1 {
                line.drain(..bom(&line));
            }
            if !line.iter().all(u8::is_ascii_whitespace) {
                return Ok(Some(line));
            }
        }
    }

    fn with_the_rest(&mut self, mut json: Vec<u8>) -> Result<Document, Failure> {
        // The blank lines before it are put back, so that an error names the right line.
        let blank = self.line.saturating_sub(1);
        json.splice(0..0, std::iter::repeat_n(b'\n', blank));
        let rest = whole(&mut self.input, self.option)?;
        json.extend_from_slice(&rest);
        if u64::try_from(json.len()).is_ok_and(|length| length > LARGEST) {
            return Err(too_large(self.option));
        }
        Ok(Document { json, line: None })
    }
}

/// Whether a first line is a document by itself, or was meant to be one: an object is closed on
/// the line it was opened on.
fn is_line_of_its_own(line: &[u8]) -> bool {
    let trimmed = line.trim_ascii();
    serde_json::from_slice::<IgnoredAny>(trimmed).is_ok()
        || (trimmed.starts_with(b"{") && trimmed.ends_with(b"}"))
}

fn open(source: &Source, option: &str) -> Result<Box<dyn BufRead>, Failure> {
    Ok(match source {
        Source::File(path) => {
            let file = File::open(path).map_err(|error| unreadable(option, &error))?;
            Box::new(BufReader::new(file))
        }
        Source::StandardInput => Box::new(io::stdin().lock()),
    })
}

fn whole(input: &mut dyn BufRead, option: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = input
        .take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(option, &error))?;
    if u64::try_from(read).is_ok_and(|read| read > LARGEST) {
        return Err(too_large(option));
    }
    Ok(bytes)
}

fn unreadable(option: &str, error: &io::Error) -> Failure {
    Failure::cannot(format!("{option}: {}: check the file", reason(error)))
}

fn too_large(option: &str) -> Failure {
    Failure::refused(format!(
        "{option}: it is over 16 MiB: attach long texts as files instead"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(input: &'static str) -> Result<Vec<(Option<usize>, String)>, Failure> {
        let mut documents = Documents::new(Box::new(input.as_bytes()), "--file");
        let mut found = Vec::new();
        while let Some(document) = documents.next()? {
            let json = String::from_utf8(document.json).unwrap();
            found.push((document.line, json.trim().to_owned()));
        }
        Ok(found)
    }

    #[test]
    fn a_document_over_several_lines_is_one() {
        let text = "{\n  \"a\": [\n    {\"b\": 1}\n  ]\n}\n";
        assert_eq!(all(text).unwrap(), [(None, text.trim().to_owned())]);
    }

    #[test]
    fn a_document_a_line_is_json_lines_and_blank_lines_count() {
        assert_eq!(
            all("{\"a\":1}\n\n  {\"a\":2}\r\n{\"a\":3}").unwrap(),
            [
                (Some(1), "{\"a\":1}".to_owned()),
                (Some(3), "{\"a\":2}".to_owned()),
                (Some(4), "{\"a\":3}".to_owned()),
            ]
        );
    }

    #[test]
    fn a_byte_order_mark_is_passed_over_at_the_start_alone() {
        for text in [
            "\u{feff}{\"a\":1}\n{\"a\":2}",
            "\u{feff}\n{\"a\":1}\n{\"a\":2}",
        ] {
            let found = all(text).unwrap();
            assert_eq!(found[0].1, "{\"a\":1}");
            assert_eq!(found.len(), 2);
        }
        assert_eq!(all("\u{feff}{\n}").unwrap()[0].1, "{\n}");
        assert_eq!(all("{\"a\":1}\n\u{feff}{}").unwrap()[1].1, "\u{feff}{}");
        assert_eq!(all("\u{feff}").unwrap_err().status(), 1);
    }

    #[test]
    fn a_broken_first_line_is_still_a_line() {
        assert_eq!(all("{\"a\":}\n{\"a\":2}\n").unwrap().len(), 2);
    }

    #[test]
    fn a_broken_document_over_several_lines_is_still_one() {
        assert_eq!(all("{\n\"a\": }\n").unwrap().len(), 1);
    }

    #[test]
    fn a_later_document_is_not_waited_for() {
        struct Endless(&'static [u8]);
        impl Read for Endless {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                assert!(!self.0.is_empty(), "asked for more than the first line");
                let read = self.0.len();
                buffer[..read].copy_from_slice(self.0);
                self.0 = &[];
                Ok(read)
            }
        }
        let input = Box::new(BufReader::new(Endless(b"{\"a\":1}\n")));
        assert!(Documents::new(input, "--file").next().unwrap().is_some());
    }

    #[test]
    fn nothing_at_all_is_refused() {
        assert_eq!(all(" \n\n").unwrap_err().status(), 1);
    }

    #[test]
    fn an_endless_line_is_refused_in_bounded_memory() {
        let input = Box::new(BufReader::new(io::repeat(b'x')));
        let failure = Documents::new(input, "--file").next().unwrap_err();
        assert_eq!(failure.status(), 1);
    }

    #[test]
    fn blank_lines_before_a_document_keep_its_line_numbers() {
        let mut documents = Documents::new(Box::new(&b"\n\n{\n}"[..]), "--file");
        let document = documents.next().unwrap().unwrap();
        assert_eq!(document.json, b"\n\n{\n}");
    }
}
