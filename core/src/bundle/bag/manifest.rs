//! Manifests: lists of files with their SHA-256. Also the input of `sha256sum -c`.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::{self, Write as _};

use crate::bundle::limits::MAX_FILES;
use crate::bundle::path::{BundlePath, InvalidPath};

/// A manifest: one line a file, `<64 lower-case hex digits>`, two spaces, the path, LF; ascending
/// by path, each path once.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Manifest(BTreeMap<BundlePath, [u8; 32]>);

/// Why bytes are no manifest.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ManifestError {
    /// Line, from 1.
    pub line: usize,
    /// The rule that was broken.
    pub rule: ManifestRule,
}

/// A rule of manifests.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum ManifestRule {
    /// Every line, also the last, ends with LF.
    LineEnd,
    /// A line is hash, two spaces, path.
    Form,
    /// The path is a [`BundlePath`].
    Path,
    /// Paths ascend by bytes, so none comes twice.
    Order,
    /// At most [`MAX_FILES`] lines.
    Count,
}

impl Manifest {
    /// An empty manifest.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, or changes its hash.
    ///
    /// # Errors
    /// [`InvalidPath`] if the path is none of a bundle.
    pub fn insert(&mut self, path: &str, sha256: [u8; 32]) -> Result<(), InvalidPath> {
        self.0.insert(BundlePath::parse(path)?, sha256);
        Ok(())
    }

    /// Parses the bytes of a manifest.
    ///
    /// # Errors
    /// [`ManifestError`] with the first line that breaks a rule.
    pub fn parse(bytes: &[u8]) -> Result<Self, ManifestError> {
        let mut files = BTreeMap::new();
        let mut lines = bytes.split(|byte| *byte == b'\n');
        let broken = |line, rule| Err(ManifestError { line, rule });
        let mut number = 0;
        while let Some(line) = lines.next() {
            number += 1;
            if lines.clone().next().is_none() {
                // What stands after the last LF.
                match line.is_empty() {
                    true => break,
                    false => return broken(number, ManifestRule::LineEnd),
                }
            }
            if number as u64 > MAX_FILES {
                return broken(number, ManifestRule::Count);
            }
            let Some((hash, path)) = split(line) else {
                return broken(number, ManifestRule::Form);
            };
            let Ok(path) = BundlePath::parse(path) else {
                return broken(number, ManifestRule::Path);
            };
            if files
                .last_key_value()
                .is_some_and(|(last, _)| *last >= path)
            {
                return broken(number, ManifestRule::Order);
            }
            files.insert(path, hash);
        }
        Ok(Self(files))
    }

    /// The bytes of the manifest.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = String::new();
        for (path, hash) in &self.0 {
            for byte in hash {
                // Writing to a `String` cannot fail.
                let _ = write!(out, "{byte:02x}");
            }
            let _ = writeln!(out, "  {path}");
        }
        out.into_bytes()
    }

    /// The hash of a file, if it is listed.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&[u8; 32]> {
        self.0.get(path)
    }

    /// The files, ascending by path.
    pub fn iter(&self) -> impl Iterator<Item = (&BundlePath, &[u8; 32])> {
        self.0.iter()
    }

    /// How many files are listed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True if none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn split(line: &[u8]) -> Option<([u8; 32], &str)> {
    let (digits, rest) = line.split_first_chunk::<64>()?;
    let path = rest.strip_prefix(b"  ")?;
    let mut hash = [0; 32];
    for (byte, pair) in hash.iter_mut().zip(digits.chunks(2)) {
        *byte = pair.iter().try_fold(0, |high, digit| {
            let value = match digit {
                b'0'..=b'9' => digit - b'0',
                b'a'..=b'f' => digit - b'a' + 10,
                _ => return None,
            };
            Some(high << 4 | value)
        })?;
    }
    Some((hash, str::from_utf8(path).ok()?))
}

impl fmt::Display for ManifestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rule = match self.rule {
            ManifestRule::LineEnd => "the last line does not end with a line feed",
            ManifestRule::Form => "not a hash, two spaces and a path",
            ManifestRule::Path => "a path that no bundle holds",
            ManifestRule::Order => "paths are not in order, or one comes twice",
            ManifestRule::Count => "more than 20,000 files",
        };
        write!(f, "line {}: {rule}", self.line)
    }
}

impl Error for ManifestError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HASH: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn broken(text: &str) -> Option<(usize, ManifestRule)> {
        let error = Manifest::parse(text.as_bytes()).err()?;
        Some((error.line, error.rule))
    }

    #[test]
    fn lines_are_as_sha256sum_wants_them() {
        let text = format!("{HASH}  data/a\n{HASH}  data/b\n");
        let manifest = Manifest::parse(text.as_bytes()).unwrap();
        assert_eq!(manifest.len(), 2);
        assert_eq!(manifest.get("data/a").unwrap()[..3], [0xba, 0x78, 0x16]);
        assert_eq!(manifest.to_bytes(), text.as_bytes());
        assert!(Manifest::parse(b"").unwrap().is_empty());
    }

    #[test]
    fn files_are_written_in_order() {
        let mut manifest = Manifest::new();
        manifest.insert("data/b", [0x0a; 32]).unwrap();
        manifest.insert("data/a", [0xb0; 32]).unwrap();
        assert!(manifest.insert("data/../a", [0; 32]).is_err());
        let text = format!("{}  data/a\n{}  data/b\n", "b0".repeat(32), "0a".repeat(32));
        assert_eq!(manifest.to_bytes(), text.as_bytes());
    }

    #[test]
    fn every_other_form_is_refused() {
        use ManifestRule::{Form, LineEnd, Order, Path};
        let upper = HASH.to_uppercase();
        for (expected, text) in [
            ((1, LineEnd), format!("{HASH}  data/a")),
            ((1, Path), format!("{HASH}  data/a\r\n")),
            ((1, Form), format!("{HASH} data/a\n")),
            ((1, Form), format!("{HASH} *data/a\n")),
            ((1, Form), format!("{upper}  data/a\n")),
            ((1, Form), format!("{}  data/a\n", "a".repeat(63))),
            ((1, Form), format!("{HASH}0  data/a\n")),
            ((1, Form), "\n".to_owned()),
            ((1, Form), format!("\u{feff}{HASH}  data/a\n")),
            ((2, Form), format!("{HASH}  data/a\n\n")),
            ((1, Path), format!("{HASH}   data/a\n")),
            ((1, Path), format!("{HASH}  ./data/a\n")),
            ((1, Path), format!("{HASH}  data/../a\n")),
            ((1, Path), format!("{HASH}  /etc/passwd\n")),
            ((1, Path), format!("{HASH}  data/a%0a\n")),
            ((1, Path), format!("{HASH}  data/A\n")),
            ((1, Path), format!("{HASH}  data\\a\n")),
            ((1, Path), format!("{HASH}  \n")),
            ((2, Order), format!("{HASH}  data/a\n{HASH}  data/a\n")),
            ((2, Order), format!("{HASH}  data/b\n{HASH}  data/a\n")),
        ] {
            assert_eq!(broken(&text), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn as_many_lines_as_files() {
        let lines = |count: u32| -> String {
            let line = |number: u32| format!("{HASH}  data/{number:05}\n");
            (0..count).map(line).collect()
        };
        assert_eq!(broken(&lines(20_000)), None);
        assert_eq!(broken(&lines(20_001)), Some((20_001, ManifestRule::Count)));
    }

    proptest! {
        /// What is parsed is written as it was: no two texts mean one manifest.
        #[test]
        fn one_manifest_has_one_form(text in "([0-9a-f]{64}  [ab/.]{1,5}\n){0,3}[ \n]?") {
            if let Ok(manifest) = Manifest::parse(text.as_bytes()) {
                prop_assert_eq!(manifest.to_bytes(), text.as_bytes());
            }
        }

        #[test]
        fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Manifest::parse(&bytes);
        }
    }
}
