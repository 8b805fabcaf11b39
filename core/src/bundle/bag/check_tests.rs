//! A small bag, and every way to spoil it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Write as _};
use std::ops::ControlFlow;

use sha2::{Digest, Sha256};

use super::*;
use crate::bundle::container::{Container, Form};
use crate::bundle::finding::{Findings, Level};
use crate::bundle::zip::ZipWriter;
use crate::bundle::zip::made::{Made, MadeEntry};
use crate::progress::NoProgress;

/// The files of a bag by path.
type Files = BTreeMap<String, Vec<u8>>;

fn good() -> Files {
    let mut files = Files::new();
    for (path, text) in [
        ("data/incidents.json", "{}\n"),
        ("data/evidence/a-01.jpg", "jpeg"),
        ("proof/checkpoint.txt", "checkpoint"),
        ("start.html", "<!doctype html>"),
    ] {
        files.insert(path.to_owned(), text.into());
    }
    files.insert(BAGIT_TXT.to_owned(), BAGIT_TXT_BYTES.to_vec());
    let info = BagInfo {
        bagging_date: "2026-11-21".to_owned(),
        payload_bytes: 7,
        payload_files: 2,
        external_identifier: "a3f7-19c2".to_owned(),
        software_agent: "diary-core 0.1.0".to_owned(),
    };
    files.insert(BAG_INFO_TXT.to_owned(), info.to_bytes().unwrap());
    list(&mut files);
    for path in UNLISTED {
        files.insert(path.to_owned(), b"signed".to_vec());
    }
    files
}

/// Makes the manifests anew.
fn list(files: &mut Files) {
    let mut payload = Manifest::new();
    let mut tags = Manifest::new();
    for (path, bytes) in files.iter() {
        let manifest = match path.starts_with(PAYLOAD) {
            true => &mut payload,
            false => &mut tags,
        };
        let path = path.as_str();
        if ![MANIFEST, TAG_MANIFEST].contains(&path) && !UNLISTED.contains(&path) {
            manifest.insert(path, Sha256::digest(bytes).into()).unwrap();
        }
    }
    let payload = payload.to_bytes();
    tags.insert(MANIFEST, Sha256::digest(&payload).into())
        .unwrap();
    files.insert(MANIFEST.to_owned(), payload);
    files.insert(TAG_MANIFEST.to_owned(), tags.to_bytes());
}

fn container(files: &Files) -> Container {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()), "e").unwrap();
    for (path, bytes) in files {
        zip.start(path, bytes.len() as u64).unwrap();
        zip.write_all(bytes).unwrap();
    }
    Container::from_zip(zip.finish().unwrap()).unwrap()
}

fn findings(container: &mut Container) -> (Option<Bag>, Findings) {
    let mut findings = Findings::new();
    let bag = check(container, &mut findings, &mut NoProgress).unwrap();
    (bag, findings)
}

/// After the change there are exactly these failures.
fn spoiled(expected: &[(&str, &str)], change: impl FnOnce(&mut Files)) {
    let mut files = good();
    change(&mut files);
    let (_, findings) = findings(&mut container(&files));
    let found: Vec<_> = findings
        .as_slice()
        .iter()
        .map(|finding| (finding.subject.as_str(), finding.detail.as_str()))
        .collect();
    assert_eq!(found, expected);
    assert!(!findings.sound());
}

#[test]
fn a_good_bag_is_sound() {
    let files = good();
    let (bag, findings) = findings(&mut container(&files));
    let bag = bag.unwrap();
    assert!(findings.sound());
    assert_eq!(findings.as_slice().len(), 1);
    assert_eq!(findings.as_slice()[0].level, Level::Ok);
    assert_eq!(
        findings.as_slice()[0].detail,
        "7 files are as the manifests say"
    );
    assert_eq!((bag.payload.len(), bag.tags.len()), (2, 5));
    assert_eq!(bag.info.as_ref().unwrap().payload_files, 2);
    let tag_manifest = Sha256::digest(&files[TAG_MANIFEST]);
    assert_eq!(bag.tag_manifest_sha256[..], tag_manifest[..]);
    assert_eq!(
        bag.sha256("start.html").unwrap()[..],
        Sha256::digest("<!doctype html>")[..]
    );
    assert_eq!(bag.sha256("proof/bundle.txt"), None);
}

#[test]
fn the_same_files_unpacked_are_sound() {
    let root = tempfile::tempdir().unwrap();
    for (path, bytes) in good() {
        let full = root.path().join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, bytes).unwrap();
    }
    let mut container = Container::open(root.path()).unwrap();
    assert_eq!(container.form(), Form::Unpacked);
    let (bag, found) = findings(&mut container);
    assert!(bag.is_some() && found.sound());

    fs::write(root.path().join("data/evidence/a-01.jpg"), "jpe").unwrap();
    let (_, found) = findings(&mut container);
    assert_eq!(
        found.as_slice()[0].detail,
        "the real size is not the size given"
    );
}

#[test]
fn a_changed_file_is_told() {
    let differs = "changed after the export: the hash differs";
    spoiled(&[("data/evidence/a-01.jpg", differs)], |files| {
        files.insert("data/evidence/a-01.jpg".to_owned(), b"JPEG".to_vec());
    });
    spoiled(&[("start.html", differs)], |files| {
        files.insert("start.html".to_owned(), b"<!doctype evil>".to_vec());
    });
    spoiled(
        &[
            ("data/evidence/a-01.jpg", differs),
            ("bag-info.txt", "Payload-Oxum differs from the files"),
        ],
        |files| {
            files.insert("data/evidence/a-01.jpg".to_owned(), b"longer".to_vec());
        },
    );
}

#[test]
fn an_added_file_is_told() {
    let added = "in no manifest: added after the export";
    spoiled(&[("readme.txt", added)], |files| {
        files.insert("readme.txt".to_owned(), Vec::new());
    });
    spoiled(
        &[
            ("data/evidence/a-02.jpg", added),
            ("bag-info.txt", "Payload-Oxum differs from the files"),
        ],
        |files| {
            files.insert("data/evidence/a-02.jpg".to_owned(), Vec::new());
        },
    );
    spoiled(&[("proof/bundle.txt.other", added)], |files| {
        files.insert("proof/bundle.txt.other".to_owned(), Vec::new());
    });
}

#[test]
fn a_missing_file_is_told() {
    spoiled(&[("start.html", "missing")], |files| {
        files.remove("start.html");
    });
    for path in [MANIFEST, TAG_MANIFEST] {
        spoiled(&[(path, "missing")], |files| {
            files.remove(path);
        });
    }
    spoiled(&[("bagit.txt", "missing")], |files| {
        files.remove(BAGIT_TXT);
    });
    // The signed statement is the caller's to miss.
    let mut files = good();
    for path in UNLISTED {
        files.remove(path);
    }
    assert!(findings(&mut container(&files)).1.sound());
}

#[test]
fn what_other_readers_would_follow_is_told() {
    for path in ["fetch.txt", "manifest-md5.txt", "tagmanifest-sha512.txt"] {
        spoiled(&[(path, "a file of bags that no bundle holds")], |files| {
            files.insert(path.to_owned(), b"x".to_vec());
            list(files);
        });
    }
}

#[test]
fn the_bags_own_files_have_one_form() {
    spoiled(
        &[(
            "bagit.txt",
            "not the declaration of a bag of version 1.0 in UTF-8",
        )],
        |files| {
            files.insert(BAGIT_TXT.to_owned(), BAGIT_TXT_BYTES.to_ascii_uppercase());
            list(files);
        },
    );
    spoiled(
        &[("bag-info.txt", "not the four lines that a bundle has")],
        |files| {
            let info = files.get_mut(BAG_INFO_TXT).unwrap();
            info.extend(b"Contact-Name: A. B.\n");
            list(files);
        },
    );
    spoiled(
        &[(
            "bag-info.txt",
            "larger than such a file of a bundle ever is",
        )],
        |files| {
            files.insert(BAG_INFO_TXT.to_owned(), vec![b'x'; 1025]);
            list(files);
        },
    );
    spoiled(
        &[(
            MANIFEST,
            "line 3: the last line does not end with a line feed",
        )],
        |files| {
            files.get_mut(MANIFEST).unwrap().push(b'x');
        },
    );
}

#[test]
fn a_file_in_the_wrong_manifest_is_told() {
    let wrong = "listed in the wrong manifest";
    let not_listed = "in no manifest: added after the export";
    spoiled(
        &[("start.html", not_listed), ("start.html", wrong)],
        |files| {
            let mut payload = Manifest::parse(&files[MANIFEST]).unwrap();
            let tags = Manifest::parse(&files[TAG_MANIFEST]).unwrap();
            payload
                .insert("start.html", *tags.get("start.html").unwrap())
                .unwrap();
            let payload = payload.to_bytes();
            let mut moved = Manifest::new();
            for (path, hash) in tags
                .iter()
                .filter(|(path, _)| path.as_str() != "start.html")
            {
                moved.insert(path.as_str(), *hash).unwrap();
            }
            moved
                .insert(MANIFEST, Sha256::digest(&payload).into())
                .unwrap();
            files.insert(MANIFEST.to_owned(), payload);
            files.insert(TAG_MANIFEST.to_owned(), moved.to_bytes());
        },
    );
    for path in ["proof/bundle.txt", "data/incidents.json"] {
        spoiled(&[(path, wrong)], |files| {
            let mut tags = Manifest::parse(&files[TAG_MANIFEST]).unwrap();
            tags.insert(path, Sha256::digest(&files[path]).into())
                .unwrap();
            files.insert(TAG_MANIFEST.to_owned(), tags.to_bytes());
        });
    }
}

#[test]
fn a_damaged_entry_is_one_finding() {
    let files = good();
    let stored =
        |(path, bytes): (&String, &Vec<u8>)| MadeEntry::stored(&format!("e/{path}"), bytes);
    let mut made = Made::new(files.iter().map(stored).collect());
    let damaged = files
        .keys()
        .position(|path| path == "data/evidence/a-01.jpg")
        .unwrap();
    made.entries[damaged].data[0] ^= 1;
    let mut container = Container::from_zip(Cursor::new(made.bytes())).unwrap();
    let (bag, findings) = findings(&mut container);
    assert!(bag.is_some());
    assert_eq!(findings.as_slice().len(), 1);
    assert_eq!(findings.as_slice()[0].subject, "data/evidence/a-01.jpg");
    assert_eq!(findings.as_slice()[0].check.name(), "container");
}

#[test]
fn progress_ends_at_the_total_and_can_cancel() {
    let files = good();
    let mut told = Vec::new();
    let mut findings = Findings::new();
    let mut watch = |done: u64, total: u64| {
        told.push((done, total));
        ControlFlow::Continue(())
    };
    check(&mut container(&files), &mut findings, &mut watch).unwrap();
    let (done, total) = *told.last().unwrap();
    assert_eq!(done, total);
    assert!(told.is_sorted());

    let mut cancel = |_: u64, _: u64| ControlFlow::Break(());
    let cancelled = check(&mut container(&files), &mut Findings::new(), &mut cancel);
    assert!(matches!(cancelled, Err(CheckError::Cancelled)));
}
