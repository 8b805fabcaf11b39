//! `bag-info.txt`: what the bag says about itself. It names no person.

use std::error::Error;
use std::fmt;

/// Longest value, in characters.
const MAX_VALUE: usize = 100;

/// The four lines of `bag-info.txt`, in this order (RFC 8493 section 2.2.2).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct BagInfo {
    /// `Bagging-Date`: the day of the export, `YYYY-MM-DD`.
    pub bagging_date: String,
    /// First number of `Payload-Oxum`: bytes in all files under `data/`.
    pub payload_bytes: u64,
    /// Second number of `Payload-Oxum`: how many files there are.
    pub payload_files: u64,
    /// `External-Identifier`: the name of the bundle.
    pub external_identifier: String,
    /// `Bag-Software-Agent`: name and version of the writer.
    pub software_agent: String,
}

/// Text that is no `bag-info.txt` as we write it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct InvalidBagInfo;

impl BagInfo {
    /// Parses the bytes of the file: the four lines in order, each `label: value` and LF.
    ///
    /// # Errors
    /// [`InvalidBagInfo`] for anything else.
    pub fn parse(bytes: &[u8]) -> Result<Self, InvalidBagInfo> {
        let info = Self::read(bytes).ok_or(InvalidBagInfo)?;
        // One form only: what is written again is the same.
        match info.to_bytes()? == bytes {
            true => Ok(info),
            false => Err(InvalidBagInfo),
        }
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// [`InvalidBagInfo`] if the date is none, or a value is empty, longer than 100 characters
    /// or not printable ASCII.
    pub fn to_bytes(&self) -> Result<Vec<u8>, InvalidBagInfo> {
        let is_valid = is_date(&self.bagging_date)
            && is_value(&self.external_identifier)
            && is_value(&self.software_agent);
        if !is_valid {
            return Err(InvalidBagInfo);
        }
        let text = format!(
            "Bagging-Date: {}\nPayload-Oxum: {}.{}\nExternal-Identifier: {}\n\
             Bag-Software-Agent: {}\n",
            self.bagging_date,
            self.payload_bytes,
            self.payload_files,
            self.external_identifier,
            self.software_agent,
        );
        Ok(text.into_bytes())
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut lines = str::from_utf8(bytes).ok()?.split('\n');
        let mut value = |label: &str| lines.next()?.strip_prefix(label)?.strip_prefix(": ");
        let bagging_date = value("Bagging-Date")?.to_owned();
        let (bytes, files) = value("Payload-Oxum")?.split_once('.')?;
        Some(Self {
            bagging_date,
            payload_bytes: bytes.parse().ok()?,
            payload_files: files.parse().ok()?,
            external_identifier: value("External-Identifier")?.to_owned(),
            software_agent: value("Bag-Software-Agent")?.to_owned(),
        })
    }
}

fn is_date(date: &str) -> bool {
    chrono::NaiveDate::parse_from_str(date, "%Y-%m-%d").is_ok() && date.len() == 10
}

fn is_value(value: &str) -> bool {
    (1..=MAX_VALUE).contains(&value.len())
        && value.bytes().all(|b| b == b' ' || b.is_ascii_graphic())
        && !value.starts_with(' ')
        && !value.ends_with(' ')
}

impl fmt::Display for InvalidBagInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not the four lines that a bundle has")
    }
}

impl Error for InvalidBagInfo {}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Bagging-Date: 2026-11-21\nPayload-Oxum: 12345.6\n\
        External-Identifier: evidence_2026-11-21_a3f7-19c2\n\
        Bag-Software-Agent: diary-core 0.1.0\n";

    #[test]
    fn the_four_lines_are_read_and_written() {
        let info = BagInfo::parse(TEXT.as_bytes()).unwrap();
        assert_eq!((info.payload_bytes, info.payload_files), (12_345, 6));
        assert_eq!(info.software_agent, "diary-core 0.1.0");
        assert_eq!(info.to_bytes().unwrap(), TEXT.as_bytes());
    }

    #[test]
    fn anything_else_is_refused() {
        for (from, to) in [
            ("\n", "\r\n"),
            ("12345.6", "012345.6"),
            ("12345.6", "+12345.6"),
            ("12345.6", "12345"),
            ("12345.6", "99999999999999999999.6"),
            ("2026-11-21\n", "2026-13-21\n"),
            ("2026-11-21\n", "2026-1-021\n"),
            ("Bagging-Date: ", "Bagging-Date:  "),
            ("Bagging-Date: ", "bagging-date: "),
            ("diary-core 0.1.0\n", "diary-core 0.1.0"),
            (
                "diary-core 0.1.0\n",
                "diary-core 0.1.0\nContact-Name: A. B.\n",
            ),
            ("diary-core 0.1.0\n", "diary-core 0.1.0\n folded\n"),
            ("diary-core", "дневник"),
            ("diary-core 0.1.0", ""),
            ("Payload-Oxum: 12345.6\n", ""),
        ] {
            let changed = TEXT.replace(from, to);
            assert_ne!(changed, TEXT);
            assert_eq!(
                BagInfo::parse(changed.as_bytes()),
                Err(InvalidBagInfo),
                "{changed}"
            );
        }
        assert!(BagInfo::parse(b"\xff").is_err());
    }

    #[test]
    fn a_value_that_would_break_the_line_is_not_written() {
        let mut info = BagInfo::parse(TEXT.as_bytes()).unwrap();
        info.external_identifier = "a\nContact-Name: b".to_owned();
        assert_eq!(info.to_bytes(), Err(InvalidBagInfo));
    }
}
