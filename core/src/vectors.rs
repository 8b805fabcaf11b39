//! Test vectors: the files of `tests/vectors`, one case each. Their README tells the layout.
//!
//! What a vector holds is computed here again from its inputs, with fixed nonces, and compared: so
//! the bytes that are written cannot change unnoticed either. With `DIARY_WRITE_VECTORS` set, those
//! that are missing are written. One that is there is never written again.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use crate::hex;

/// One case.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Vector {
    pub(crate) name: String,
    /// `success`, or the one failure.
    pub(crate) expect: String,
    comment: String,
    pub(crate) keys: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    compressed: bool,
}

/// What a case says besides its expectation. Whatever is left at the end was not understood.
pub(crate) struct Keys(Vec<(String, String)>);

const KINDS: [&str; 17] = [
    "backup",
    "bundle",
    "cell",
    "checkpoint",
    "code",
    "copy",
    "entry",
    "evidence",
    "head",
    "header",
    "leaf",
    "node",
    "note",
    "proof",
    "slot",
    "sshsig",
    "token",
];

impl Vector {
    pub(crate) fn new(name: &str, expect: &str, comment: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.to_owned(),
            expect: expect.to_owned(),
            comment: comment.to_owned(),
            keys: Vec::new(),
            body: body.into(),
            compressed: false,
        }
    }

    pub(crate) fn key(mut self, key: &str, value: impl ToString) -> Self {
        self.keys.push((key.to_owned(), value.to_string()));
        self
    }

    /// Keeps the body compressed in the file.
    pub(crate) fn compressed(mut self) -> Self {
        self.compressed = true;
        self
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut file = format!("expect: {}\n", self.expect);
        for (key, value) in &self.keys {
            file.push_str(&format!("{key}: {value}\n"));
        }
        file.push_str(&format!("comment: {}\n", self.comment));
        if self.compressed {
            file.push_str("compressed: zlib\n");
        }
        file.push('\n');
        let mut file = file.into_bytes();
        if self.compressed {
            let mut zlib = ZlibEncoder::new(&mut file, Compression::best());
            zlib.write_all(&self.body).unwrap();
            zlib.finish().unwrap();
        } else {
            file.extend(&self.body);
        }
        file
    }

    fn parse(name: &str, file: &[u8]) -> Self {
        let end = file.windows(2).position(|pair| pair == b"\n\n").unwrap();
        let head = std::str::from_utf8(&file[..end]).unwrap();
        let mut vector = Self::new(name, "", "", &file[end + 2..]);
        for (at, line) in head.split('\n').enumerate() {
            let (key, value) = line.split_once(": ").unwrap();
            assert_eq!(
                at == 0,
                key == "expect",
                "{name}: expect is the first line, once"
            );
            match key {
                "expect" => value.clone_into(&mut vector.expect),
                "comment" => vector.comment.push_str(value),
                "compressed" => {
                    assert_eq!(value, "zlib");
                    let packed = std::mem::take(&mut vector.body);
                    ZlibDecoder::new(packed.as_slice())
                        .read_to_end(&mut vector.body)
                        .unwrap();
                    vector.compressed = true;
                }
                "encoding" => {
                    assert_eq!(value, "base64");
                    let text: Vec<u8> = vector
                        .body
                        .iter()
                        .copied()
                        .filter(|byte| *byte != b'\n')
                        .collect();
                    vector.body = STANDARD.decode(text).unwrap();
                }
                _ => vector.keys.push((key.to_owned(), value.to_owned())),
            }
        }
        vector
    }
}

impl Keys {
    pub(crate) fn optional(&mut self, key: &str) -> Option<String> {
        let at = self.0.iter().position(|(name, _)| name == key)?;
        Some(self.0.remove(at).1)
    }

    pub(crate) fn text(&mut self, key: &str) -> String {
        self.optional(key).unwrap_or_else(|| panic!("no {key}"))
    }

    pub(crate) fn hex<const N: usize>(&mut self, key: &str) -> [u8; N] {
        hex::decode(&self.text(key)).unwrap_or_else(|| panic!("{key}"))
    }

    pub(crate) fn number<T: std::str::FromStr>(&mut self, key: &str) -> T {
        self.text(key)
            .parse()
            .ok()
            .unwrap_or_else(|| panic!("{key}"))
    }

    /// Compares something that came out with what the vector says.
    pub(crate) fn same(&mut self, key: &str, found: impl ToString) {
        assert_eq!(self.text(key), found.to_string(), "{key}");
    }
}

/// Makes sure that these vectors are in their folder, as they are computed now.
pub(crate) fn settle(kind: &str, vectors: &[Vector]) {
    let write = std::env::var_os("DIARY_WRITE_VECTORS").is_some();
    let names: BTreeSet<&str> = vectors.iter().map(|vector| vector.name.as_str()).collect();
    assert_eq!(names.len(), vectors.len(), "two vectors have one name");
    for vector in vectors {
        let path = folder(kind).join(&vector.name);
        if !path.exists() {
            assert!(write, "{kind}/{} is missing", vector.name);
            fs::create_dir_all(folder(kind)).unwrap();
            let mut file = OpenOptions::new()
                .write(true)
                .create_new(true)
                .open(&path)
                .unwrap();
            file.write_all(&vector.to_bytes()).unwrap();
        }
        let committed = Vector::parse(&vector.name, &fs::read(&path).unwrap());
        assert!(
            committed == *vector,
            "{kind}/{} is computed otherwise today",
            vector.name
        );
    }
}

/// Reads every vector of a folder with `read`, which gives `success` or the failure.
pub(crate) fn check(kind: &str, mut read: impl FnMut(&mut Keys, &[u8]) -> &'static str) {
    let (mut good, mut bad) = (0, 0);
    for vector in all(kind) {
        let mut keys = Keys(vector.keys);
        let outcome = read(&mut keys, &vector.body);
        assert_eq!(outcome, vector.expect, "{kind}/{}", vector.name);
        assert!(
            keys.0.is_empty(),
            "{kind}/{}: not understood: {:?}",
            vector.name,
            keys.0
        );
        *(if outcome == "success" {
            &mut good
        } else {
            &mut bad
        }) += 1;
    }
    assert!(good > 0 && bad > 0, "{kind}: {good} succeed, {bad} fail");
}

/// Every vector of a folder.
pub(crate) fn all(kind: &str) -> Vec<Vector> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder(kind))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let name = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    files
        .iter()
        .map(|path| Vector::parse(&name(path), &fs::read(path).unwrap()))
        .collect()
}

/// `N` bytes counting up from `first`: inputs that can be written down in two numbers.
pub(crate) fn counting<const N: usize>(first: u8) -> [u8; N] {
    std::array::from_fn(|i| first.wrapping_add(i as u8))
}

/// Bytes of any number from hex.
pub(crate) fn unhex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks(2);
    let pairs = digits.map(|pair| std::str::from_utf8(pair).unwrap());
    pairs
        .map(|pair| u8::from_str_radix(pair, 16).unwrap())
        .collect()
}

fn folder(kind: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../tests/vectors")
        .join(kind)
}

/// Bytes that FORMAT.md may show: a text as it is, everything else in hex, on as many lines as it likes.
fn shown(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).ok();
    let text = text.filter(|text| !text.chars().any(|c| c.is_control() && c != '\n'));
    let text = text.map_or_else(|| hex::encode(bytes), str::to_owned);
    text.split_whitespace().collect()
}

#[test]
fn section_21_the_worked_examples_are_the_bytes_of_the_program() {
    let document = include_str!("../FORMAT.md");
    let (_, section) = document.split_once("\n## 21. Worked examples\n").unwrap();
    let section: String = section.split_whitespace().collect();
    let examples = [
        crate::vault::vectors::examples(),
        crate::log::vectors::examples(),
        crate::evidence::vectors::examples(),
    ];
    let mut wrong = Vec::new();
    for (name, bytes) in examples.concat() {
        if !section.contains(&shown(&bytes)) {
            wrong.push(format!(
                "{name}:\n{}",
                String::from_utf8(bytes.clone())
                    .ok()
                    .filter(|text| !text.chars().any(|c| c.is_control() && c != '\n'))
                    .unwrap_or_else(|| hex::encode(&bytes))
            ));
        }
    }
    assert!(wrong.is_empty(), "not in FORMAT.md:\n{}", wrong.join("\n"));
}

#[test]
fn every_folder_of_vectors_has_a_reader() {
    let folders = fs::read_dir(folder(""))
        .unwrap()
        .map(|entry| entry.unwrap());
    let mut names: Vec<String> = folders
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|name| !matches!(name.as_str(), "age" | "wycheproof"))
        .collect();
    names.sort();
    assert_eq!(names, KINDS);
}

#[test]
fn a_vector_reads_back_with_every_byte_of_its_body() {
    let body: Vec<u8> = (0..=255).chain(*b"\n\n\n").collect();
    let plain = Vector::new("a", "success", "why", body).key("size", 3);
    assert_eq!(Vector::parse("a", &plain.to_bytes()), plain);
    let packed = plain.compressed();
    assert_eq!(Vector::parse("a", &packed.to_bytes()), packed);
}
