//! Checkpoints: the log at one size, as a text that is signed (C2SP tlog-checkpoint; FORMAT.md 11).

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::tree::Hash;
use crate::hex;

/// The log's name: it names the signing key, so a code over a checkpoint covers the key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Origin {
    key_hash: [u8; 32],
}

/// The log at one size.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Checkpoint {
    /// Which log, and by which key.
    pub origin: Origin,
    /// Entries in the log, at least 1.
    pub size: u32,
    /// RFC 6962 root over them.
    pub root: Hash,
}

const PREFIX: &str = "incident-diary.v1/";

impl Origin {
    /// The origin of the log that this Ed25519 public key signs.
    #[must_use]
    pub fn of_key(public_key: &[u8; 32]) -> Self {
        Self {
            key_hash: Sha256::digest(public_key).into(),
        }
    }

    /// Reads an origin line; `None` for any other form.
    #[must_use]
    pub fn parse(line: &str) -> Option<Self> {
        Some(Self {
            key_hash: hex::decode(line.strip_prefix(PREFIX)?)?,
        })
    }
}

impl Checkpoint {
    /// The text: exactly three lines.
    #[must_use]
    pub fn text(&self) -> String {
        format!(
            "{}\n{}\n{}\n",
            self.origin,
            self.size,
            STANDARD.encode(self.root)
        )
    }

    /// Reads exactly that text; `None` for anything else, such as leading zeros or more lines.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut lines = text.split('\n');
        let origin = Origin::parse(lines.next()?)?;
        let size = lines.next()?.parse().ok().filter(|size| *size > 0)?;
        let root = STANDARD.decode(lines.next()?).ok()?.try_into().ok()?;
        let checkpoint = Self { origin, size, root };
        (checkpoint.text() == text).then_some(checkpoint)
    }

    /// SHA-256 of the text: the start of every code, and what a time stamp is asked for.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Sha256::digest(self.text()).into()
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{PREFIX}{}", hex::encode(&self.key_hash))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn section_11_reads_its_own_text_and_no_other() {
        let checkpoint = Checkpoint {
            origin: Origin::of_key(&[1; 32]),
            size: 120,
            root: [2; 32],
        };
        let text = checkpoint.text();
        assert_eq!(Checkpoint::parse(&text), Some(checkpoint));
        for other in [
            text.replace("\n120\n", "\n0120\n"),
            text.replace("\n120\n", "\n+120\n"),
            text.replace("\n120\n", "\n0\n"),
            text.replace("\n120\n", "\n4294967296\n"),
            text.replace('\n', "\r\n"),
            text.replace("=\n", "\n"),
            format!("{text}extension\n"),
            text.trim_end().to_owned(),
            text.replace("v1/", "v2/"),
            text.to_uppercase(),
        ] {
            assert_eq!(Checkpoint::parse(&other), None, "{other}");
        }
    }
}
