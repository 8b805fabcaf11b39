//! Names inside a bundle. They are made by us, never taken from a phone, so the rule is narrow.

use std::error::Error;
use std::fmt;

use crate::display::is_deceptive;

/// Longest part of a path between two slashes, in characters.
const MAX_PART: usize = 40;

/// Most parts of a path.
const MAX_PARTS: usize = 4;

/// Longest path, in characters: Windows allows 260 with the folders above it.
const MAX_PATH: usize = 100;

/// Path of a file inside the bundle's top folder, such as `data/evidence/a-01.jpg`: one to four
/// parts, each of 1 to 40 characters `a-z 0-9 . _ -` that begins with a letter or digit, at most
/// 100 characters. No part ends with a dot or is the name of a Windows device, which Windows
/// would read as another name.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct BundlePath(String);

/// A path that breaks the rule of [`BundlePath`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct InvalidPath;

impl BundlePath {
    /// Checks a path.
    ///
    /// # Errors
    /// [`InvalidPath`] if it breaks the rule.
    pub fn parse(path: &str) -> Result<Self, InvalidPath> {
        let valid = path.len() <= MAX_PATH
            && path.split('/').count() <= MAX_PARTS
            && path.split('/').all(is_part);
        if !valid {
            return Err(InvalidPath);
        }
        Ok(Self(path.to_owned()))
    }

    /// The path.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folders above the file, the nearest last.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        self.0
            .match_indices('/')
            .filter_map(|(place, _)| self.0.get(..place))
    }
}

impl AsRef<str> for BundlePath {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for BundlePath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BundlePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for InvalidPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a name that no bundle holds: a-z, 0-9, dot, underscore and dash, begun with a letter or digit, \
             not ended with a dot, no name of a Windows device, no long one",
        )
    }
}

impl Error for InvalidPath {}

/// One part of a path, or the top folder's name as we write it.
#[must_use]
pub(super) fn is_part(part: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    part.len() <= MAX_PART
        && part.bytes().next().is_some_and(allowed)
        && part
            .bytes()
            .all(|b| allowed(b) || matches!(b, b'.' | b'_' | b'-'))
        && !part.ends_with('.')
        && !is_windows_device(part)
}

/// The top folder's name after somebody renamed it: any name that Windows, macOS and Linux keep
/// as it is.
#[must_use]
pub(super) fn is_renamed_top(name: &str) -> bool {
    (1..=MAX_PATH).contains(&name.chars().count())
        && !name.starts_with(['.', ' '])
        && !name.ends_with(['.', ' '])
        && !name
            .chars()
            .any(|c| is_deceptive(c) || "/\\:*?\"<>|".contains(c))
        && !is_windows_device(&name.to_ascii_lowercase())
}

/// Files that macOS and Windows put into folders and ZIP files by themselves.
#[must_use]
pub(super) fn is_system_file(path: &str) -> bool {
    path.split('/').any(|part| {
        part.starts_with("._")
            || ["__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"]
                .iter()
                .any(|known| part.eq_ignore_ascii_case(known))
    })
}

/// `con`, `nul`, `com1` and so on, with or without an extension.
fn is_windows_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    match stem.strip_prefix("com").or(stem.strip_prefix("lpt")) {
        Some(port) => matches!(port.as_bytes(), [b'1'..=b'9']),
        None => matches!(stem, "con" | "prn" | "aux" | "nul"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_names_are_paths() {
        for path in [
            "bagit.txt",
            "data/evidence/a-01.jpg",
            "proof/consistency-120-200.txt",
            "proof/checkpoint.txt.rawsig",
            "0/1/2/3",
            "common.txt",
            "com0",
            "com10.txt",
            "data/null.txt",
        ] {
            assert_eq!(BundlePath::parse(path).unwrap().as_str(), path);
        }
        let long = "a".repeat(40);
        BundlePath::parse(&format!("{long}/{long}")).unwrap();
    }

    #[test]
    fn anything_else_is_none() {
        let long = "a".repeat(41);
        let deep = format!("{0}/{0}/{0}", "a".repeat(33)); // 101 characters
        for path in [
            "",
            "/",
            "/a",
            "a/",
            "a//b",
            ".",
            "..",
            "a/../b",
            ".hidden",
            "-a",
            "_a",
            "A.txt",
            "a/b/c/d/e",
            "c:",
            "c:/a",
            "a\\b",
            "\\\\host\\a",
            "a b",
            "a\0b",
            "a\n",
            "a%20b",
            "é",
            "қ.txt",
            "a\u{202e}b",
            "a.",
            "a./b",
            "con",
            "data/nul.txt",
            "com1",
            "lpt9.jpg",
            "aux.",
            "~",
            "a:stream",
            &long,
            &deep,
        ] {
            assert_eq!(BundlePath::parse(path), Err(InvalidPath), "{path:?}");
        }
    }

    #[test]
    fn folders_are_listed_from_the_top() {
        let path = BundlePath::parse("data/evidence/a-01.jpg").unwrap();
        assert_eq!(
            path.folders().collect::<Vec<_>>(),
            ["data", "data/evidence"]
        );
        assert_eq!(BundlePath::parse("bagit.txt").unwrap().folders().count(), 0);
    }

    #[test]
    fn a_top_folder_may_be_renamed_within_reason() {
        for name in [
            "evidence_2026-11-21_a3f7-19c2",
            "evidence (1)",
            "Дело 15",
            "Іс №7",
        ] {
            assert!(is_renamed_top(name), "{name}");
        }
        let long = "a".repeat(101);
        for name in [
            "",
            ".",
            "..",
            ".git",
            " a",
            "a ",
            "a.",
            "a:b",
            "a\\b",
            "a*",
            "CON",
            "nul.zip",
            "a\u{202e}b",
            "a\nb",
            &long,
        ] {
            assert!(!is_renamed_top(name), "{name:?}");
        }
    }

    #[test]
    fn system_files_are_known() {
        for path in [
            "__MACOSX/e/._bagit.txt",
            "e/.DS_Store",
            "e/data/Thumbs.db",
            "._a",
        ] {
            assert!(is_system_file(path), "{path}");
        }
        assert!(!is_system_file("e/data/a-01.jpg"));
    }
}
