//! Proofs as texts: one inclusion proof an entry (C2SP tlog-proof), and consistency proofs
//! between checkpoints (FORMAT.md 11).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::tree::Hash;

/// A proof that an entry is in the log of a checkpoint.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct InclusionProof {
    /// Number of the entry.
    pub index: u32,
    /// Hashes from the leaf up.
    pub hashes: Vec<Hash>,
    /// The checkpoint as a signed note.
    pub note: String,
}

/// A proof that the log of `old` entries is the start of the log of `new` entries.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ConsistencyProof {
    /// Size of the older log.
    pub old: u32,
    /// Size of the newer log.
    pub new: u32,
    /// Hashes in the order of RFC 6962.
    pub hashes: Vec<Hash>,
}

const TLOG_PROOF: &str = "c2sp.org/tlog-proof@v1";
const CONSISTENCY: &str = "diary-consistency@v1";
/// No tree of 2^32 leaves has a longer proof.
const MAX_HASHES: usize = 64;

impl InclusionProof {
    /// The text of a `.tlog-proof` file.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{TLOG_PROOF}\nindex {}\n", self.index);
        write_hashes(&mut text, &self.hashes);
        text.push('\n');
        text.push_str(&self.note);
        text
    }

    /// Reads exactly that text; each hash has 32 bytes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (head, note) = text.split_once("\n\n")?;
        let mut lines = head.split('\n');
        if lines.next()? != TLOG_PROOF {
            return None;
        }
        let index = lines.next()?.strip_prefix("index ")?.parse().ok()?;
        let proof = Self {
            index,
            hashes: read_hashes(lines)?,
            note: note.to_owned(),
        };
        (proof.text() == text).then_some(proof)
    }
}

impl ConsistencyProof {
    /// The text of a `consistency-*.txt` file.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("{CONSISTENCY}\nold {}\nnew {}\n\n", self.old, self.new);
        write_hashes(&mut text, &self.hashes);
        text
    }

    /// Reads exactly that text; each hash has 32 bytes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (head, hashes) = text.split_once("\n\n")?;
        let mut lines = head.split('\n');
        if lines.next()? != CONSISTENCY {
            return None;
        }
        let old = lines.next()?.strip_prefix("old ")?.parse().ok()?;
        let new = lines.next()?.strip_prefix("new ")?.parse().ok()?;
        let hashes = read_hashes(hashes.split_terminator('\n'))?;
        let proof = Self { old, new, hashes };
        (proof.text() == text).then_some(proof)
    }
}

fn write_hashes(text: &mut String, hashes: &[Hash]) {
    for hash in hashes {
        STANDARD.encode_string(hash, text);
        text.push('\n');
    }
}

fn read_hashes<'a>(lines: impl Iterator<Item = &'a str>) -> Option<Vec<Hash>> {
    let mut hashes = Vec::new();
    for line in lines {
        if hashes.len() == MAX_HASHES {
            return None;
        }
        hashes.push(STANDARD.decode(line).ok()?.try_into().ok()?);
    }
    Some(hashes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn section_11_proof_texts_have_one_form() {
        for hashes in [vec![], vec![[1; 32], [2; 32]]] {
            let note = "a\n\n— b c\n".to_owned();
            let inclusion = InclusionProof {
                index: 12,
                hashes: hashes.clone(),
                note,
            };
            let text = inclusion.text();
            assert_eq!(InclusionProof::parse(&text), Some(inclusion));
            assert_eq!(
                InclusionProof::parse(&text.replace("index 12", "index 012")),
                None
            );
            assert_eq!(InclusionProof::parse(&text.replace("@v1", "@v2")), None);

            let consistency = ConsistencyProof {
                old: 3,
                new: 7,
                hashes,
            };
            let text = consistency.text();
            assert_eq!(ConsistencyProof::parse(&text), Some(consistency));
            assert_eq!(ConsistencyProof::parse(&format!("{text}\n")), None);
            assert_eq!(
                ConsistencyProof::parse(&text.replace("old 3", "old +3")),
                None
            );
        }
        let short = "diary-consistency@v1\nold 3\nnew 7\n\nAQ==\n";
        assert_eq!(ConsistencyProof::parse(short), None);
    }
}
