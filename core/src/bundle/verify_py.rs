//! `verify.py` against a bundle with real proofs, and against every kind of tampering it must see.

use std::fs;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::assemble::BundleText;
use super::document::Document;
use super::sample::{self, FINGERPRINT, KEY, PICTURE, Sample};
use super::texts::Language;
use super::{Rendering, VERIFY_HTML, VERIFY_PY, csv, hex, html, note, readme, start};
use crate::log::signature::{BUNDLE_NAMESPACE, CHECKPOINT_NAMESPACE};
use crate::vault::fixture;

/// An earlier size of the log for which a code was given out, and one that is a power of two.
const OLDER: [usize; 2] = [7, 8];

fn write(top: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let path = top.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn read(top: &Path, path: &str) -> String {
    fs::read_to_string(top.join(path)).unwrap()
}

/// Writes the bundle of a sample, as the layout has it.
fn bundle(top: &Path, sample: &Sample) {
    let document = &sample.document;
    let rendering = Rendering {
        document,
        fingerprint: FINGERPRINT,
    };
    write(
        top,
        "bagit.txt",
        "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
    );
    write(top, "start.html", start::start_html(&rendering));
    write(top, "verify/readme.txt", readme::verify_readme(&rendering));
    write(top, "verify/verify.html", VERIFY_HTML);
    write(top, "verify/verify.py", VERIFY_PY);
    write(top, "data/report.html", html::report_html(&rendering));
    write(top, "data/report.pdf", "%PDF");
    write(top, "data/incidents.csv", csv::incidents_csv(&rendering));
    write(top, "data/incidents.json", document.to_bytes());
    for entry in document.exhibits() {
        match (entry.file(), note::exhibit_note(&rendering, entry)) {
            (Some(file), None) => write(top, &file.path(), PICTURE),
            (None, Some(note)) => write(top, &entry.exhibit().unwrap().note_path(), note),
            other => panic!("{other:?}"),
        }
    }
    let text = document.checkpoint_text();
    let note = format!("{text}\n\u{2014} {} c2lnbmF0dXJl\n", document.log.origin);
    write(top, "proof/checkpoint.txt", &text);
    write(top, "proof/checkpoint.note", &note);
    for entry in &document.entries {
        let at = usize::try_from(entry.number).unwrap();
        let mut proof = format!("c2sp.org/tlog-proof@v1\nindex {at}\n");
        push_hashes(&mut proof, &sample::path(at, &sample.leaves));
        write(top, &entry.proof_path(), format!("{proof}\n{note}"));
    }
    let size = sample.leaves.len();
    for old in OLDER {
        let root = STANDARD.encode(sample::root(&sample.leaves[..old]));
        let text = format!("{}\n{old}\n{root}\n", document.log.origin);
        write(top, &format!("proof/checkpoint-{old:06}.txt"), text);
        let mut proof = format!("diary-consistency@v1\nold {old}\nnew {size}\n\n");
        push_hashes(&mut proof, &sample::consistency(old, &sample.leaves));
        write(top, &format!("proof/consistency-{old}-{size}.txt"), proof);
    }
    key(top, KEY);
    for path in [
        "bag-info.txt",
        "proof/checkpoint.txt.sig",
        "proof/checkpoint.txt.rawsig",
        "proof/bundle.txt.sig",
        "proof/bundle.txt.rawsig",
    ] {
        write(top, path, "not checked by it\n");
    }
    seal(top, document);
}

fn push_hashes(text: &mut String, hashes: &[[u8; 32]]) {
    for hash in hashes {
        text.push_str(&STANDARD.encode(hash));
        text.push('\n');
    }
}

fn key(top: &Path, key: [u8; 32]) {
    let spki = [
        b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00",
        &key[..],
    ]
    .concat();
    let pem = STANDARD.encode(spki);
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{pem}\n-----END PUBLIC KEY-----\n");
    write(top, "proof/log-key.pub.pem", pem);
    let blob = [b"\0\0\0\x0bssh-ed25519\0\0\0\x20", &key[..]].concat();
    let namespaces = format!("{CHECKPOINT_NAMESPACE},{BUNDLE_NAMESPACE}");
    let blob = STANDARD.encode(blob);
    let line = format!("log namespaces=\"{namespaces}\" ssh-ed25519 {blob}\n");
    write(top, "proof/allowed_signers", line);
}

/// Writes the manifests and `bundle.txt` anew, as a forger would.
fn seal(top: &Path, document: &Document) {
    let unlisted = [
        "manifest-sha256.txt",
        "tagmanifest-sha256.txt",
        "proof/bundle.txt",
        "proof/bundle.txt.sig",
        "proof/bundle.txt.rawsig",
    ];
    let mut paths = Vec::new();
    list(top, "", &mut paths);
    paths.retain(|path| !unlisted.contains(&path.as_str()));
    let line = |path: &String| {
        let digest = Sha256::digest(fs::read(top.join(path)).unwrap());
        format!("{}  {path}\n", hex(&digest))
    };
    let is_payload = |path: &&String| path.starts_with("data/");
    let manifest: String = paths.iter().filter(is_payload).map(line).collect();
    write(top, "manifest-sha256.txt", manifest);
    paths.push("manifest-sha256.txt".to_owned());
    let tags: String = paths
        .iter()
        .filter(|path| !is_payload(path))
        .map(line)
        .collect();
    let said = BundleText {
        tagmanifest: Sha256::digest(&tags).into(),
        codes_shown: OLDER.len(),
        codes_given: OLDER.len() + 1,
    };
    write(top, "tagmanifest-sha256.txt", tags);
    write(top, "proof/bundle.txt", said.text(document));
}

fn list(top: &Path, folder: &str, paths: &mut Vec<String>) {
    for entry in fs::read_dir(top.join(folder)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{folder}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            list(top, &format!("{path}/"), paths);
        } else {
            paths.push(path);
        }
    }
}

/// Runs the bundle's own verify.py; gives its exit status and what it printed.
fn run(top: &Path) -> (i32, String) {
    let mut command = Command::new("python3");
    command.args(["-I", "verify/verify.py"]).current_dir(top);
    let output =
        fixture::run(&mut command).expect("this test needs python3 (Debian package python3)");
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.is_ascii(), "{printed}");
    (output.status.code().unwrap(), printed)
}

fn replace(top: &Path, path: &str, old: &str, new: &str) {
    let text = read(top, path);
    assert!(text.contains(old), "{path} does not hold {old}");
    write(top, path, text.replacen(old, new, 1));
}

#[test]
fn finds_no_problem_in_a_bundle_as_it_was_written() {
    for language in Language::ALL {
        let folder = tempfile::tempdir().unwrap();
        let sample = sample::sample(language);
        bundle(folder.path(), &sample);
        let (status, printed) = run(folder.path());
        assert_eq!(status, 0, "{printed}");
        assert!(printed.contains("Entries in the log: 13."), "{printed}");
        assert!(printed.contains("Entries read: 9\n"), "{printed}");
        assert!(printed.contains("reports, notes and readme.txt were not compared with the data"));
        assert!(printed.contains("Not checked: the signatures"));
        assert!(printed.ends_with("Problems found: 0\n"));
        for claim in ["true", "verified", "\u{2713}", "OK"] {
            assert!(!printed.contains(claim), "{claim}");
        }
    }
}

/// The first 120 bits and the check character of Luhn mod 32, as the format has it.
#[test]
fn prints_the_code_of_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let sample = sample::sample(Language::Russian);
    bundle(folder.path(), &sample);
    let hash = sample.document.checkpoint_hash();
    let mut code = crate::crockford::encode(&hash[..15]);
    let (mut factor, mut sum) = (2, 0);
    for value in crate::crockford::values(&code).unwrap().into_iter().rev() {
        let product = factor * u32::from(value);
        sum += product / 32 + product % 32;
        factor = 3 - factor;
    }
    code.push(crate::crockford::letter((32 - sum % 32) % 32));
    let groups: Vec<&str> = code
        .as_bytes()
        .chunks(5)
        .map(|group| std::str::from_utf8(group).unwrap())
        .collect();
    let (_, printed) = run(folder.path());
    let line = format!("Code of the log: {}\n", groups.join("-"));
    assert!(printed.contains(&line), "{printed}");
}

#[test]
fn sees_every_kind_of_tampering() {
    type Tamper = fn(&Path);
    const JSON: &str = "data/incidents.json";
    let cases: &[(&str, bool, Tamper)] = &[
        ("data/report.html: changed", false, |top| {
            replace(top, "data/report.html", "h2", "h3")
        }),
        ("start.html: changed", false, |top| {
            replace(top, "start.html", "<h1>", "<h2>")
        }),
        ("data/extra.txt: not listed", false, |top| {
            write(top, "data/extra.txt", "x")
        }),
        ("extra.txt: not listed", false, |top| {
            write(top, "extra.txt", "x")
        }),
        (
            "listed in manifest-sha256.txt but not there",
            false,
            |top| {
                fs::remove_file(top.join("data/incidents.csv")).unwrap();
            },
        ),
        ("data/evil\\x1b[2j.txt: no name", false, |top| {
            write(top, "data/evil\u{1b}[2j.txt", "x");
        }),
        ("neither a file nor a folder", false, |top| {
            std::os::unix::fs::symlink("/etc/passwd", top.join("data/link")).unwrap();
        }),
        ("names another tagmanifest", false, |top| {
            write(top, "extra.txt", "x");
            let bundle = read(top, "proof/bundle.txt");
            seal(top, &sample::sample(Language::Kazakh).document);
            write(top, "proof/bundle.txt", bundle);
        }),
        ("entry 1: its id is not", true, |top| {
            replace(top, JSON, "тағы да", "ешқашан")
        }),
        ("entry 4: its id is not", true, |top| {
            replace(top, JSON, "неверно", "верно")
        }),
        ("entry 1: its id is not", true, |top| {
            replace(top, JSON, "22:01:05+", "21:01:05+");
            replace(top, JSON, "17:01:05Z", "16:01:05Z");
        }),
        (
            "two times of recording that are not one moment",
            true,
            |top| replace(top, JSON, "17:01:05Z", "16:01:05Z"),
        ),
        ("entry 2: its id is not", true, |top| {
            replace(top, JSON, "received", "scanned")
        }),
        ("entry 9: its id is not", true, |top| {
            replace(top, JSON, "\"erased\":[8]", "\"erased\":[5]")
        }),
        ("entry 7: its id is not", true, |top| {
            replace(top, JSON, "\"about\":6", "\"about\":3")
        }),
        ("shows something that the log does not know", true, |top| {
            replace(
                top,
                JSON,
                "\"exhibit\":\"A-01\"",
                "\"exhibit\":\"A-01\",\"fake\":\"x\"",
            );
        }),
        ("entry 1: shows a field that is not proven", true, |top| {
            replace(
                top,
                JSON,
                "{\"after_refusal\":\"yes\"",
                "{\"after_refusal\":\"yes\",\"as\":\"x\"",
            );
        }),
        ("entry 1: an empty list", true, |top| {
            replace(
                top,
                JSON,
                "{\"after_refusal\":\"yes\"",
                "{\"after_refusal\":\"yes\",\"as\":[]",
            );
        }),
        ("a value of no known kind", true, |top| {
            replace(top, JSON, "\"count\":34", "\"count\":true")
        }),
        ("a value of no known kind", true, |top| {
            replace(top, JSON, "\"count\":34", "\"count\":34.5")
        }),
        ("not in canonical form", true, |top| {
            replace(top, JSON, "\"count\":34", "\"count\": 34")
        }),
        ("not in canonical form", true, |top| {
            replace(top, JSON, "\"format\":1", "\"format\":1,\"format\":1");
        }),
        ("incidents.json is about another log", true, |top| {
            replace(top, JSON, "\"size\":13", "\"size\":12");
        }),
        ("entry 2: not the file that was recorded", true, |top| {
            write(
                top,
                "data/evidence/a-01.jpg",
                b"\xff\xd8\xff\xe0 not much of a PICTURE",
            );
        }),
        (
            "data/evidence/a-09.jpg: nothing in the bundle",
            true,
            |top| {
                write(top, "data/evidence/a-09.jpg", "x");
            },
        ),
        ("proof/added.txt: nothing in the bundle", true, |top| {
            write(top, "proof/added.txt", "x");
        }),
        ("proof/bundle.txt.sig: missing", true, |top| {
            fs::remove_file(top.join("proof/bundle.txt.sig")).unwrap();
        }),
        ("data/incidents.csv: missing", true, |top| {
            fs::remove_file(top.join("data/incidents.csv")).unwrap();
        }),
        ("bundle.txt: does not say what the bundle", false, |top| {
            replace(top, "proof/bundle.txt", "\nincidents ", "\nincidents 1");
        }),
        ("bundle.txt: does not say what the bundle", false, |top| {
            replace(top, "proof/bundle.txt", "codes 2 of 3", "codes 2 of 1");
        }),
        ("bundle.txt: does not say what the bundle", true, |top| {
            fs::remove_file(top.join("proof/checkpoint-000008.txt")).unwrap();
            fs::remove_file(top.join("proof/consistency-8-13.txt")).unwrap();
        }),
        ("a member that the format does not name", true, |top| {
            replace(top, JSON, "\"selection\":", "\"sel\":{},\"selection\":");
        }),
        ("a member that the format does not name", true, |top| {
            replace(top, JSON, "\"counts\":{", "\"counts\":{\"a\":1,");
        }),
        ("selection: an empty list", true, |top| {
            replace(
                top,
                JSON,
                "\"selection\":{\"behaviours\":[\"calls\",\"waiting\"]",
                "\"selection\":{\"behaviours\":[]",
            );
        }),
        ("its counts are not those of its entries", true, |top| {
            replace(top, JSON, "\"left_out\":", "\"left_out\":1");
        }),
        ("the incident of entry 7 is not shown", true, |top| {
            replace(top, JSON, "\"about\":6", "\"about\":5")
        }),
        ("its exhibits are not numbered in order", true, |top| {
            replace(top, JSON, "\"exhibit\":\"A-01\"", "\"exhibit\":\"A-02\"");
        }),
        ("of another size than its name says", true, |top| {
            let text = read(top, "proof/checkpoint-000008.txt");
            write(top, "proof/checkpoint-000009.txt", text);
        }),
        ("log-key.pub.pem: the log names another key", true, |top| {
            key(top, [8; 32])
        }),
        ("allowed_signers holds another key", true, |top| {
            let pem = read(top, "proof/log-key.pub.pem");
            key(top, [8; 32]);
            write(top, "proof/log-key.pub.pem", pem);
        }),
        ("entry 3: not in the log as it is shown", true, |top| {
            let proof = read(top, "proof/entry-000001.tlog-proof");
            let proof = proof.replacen("index 1\n", "index 3\n", 1);
            write(top, "proof/entry-000003.tlog-proof", proof);
        }),
        ("entry 3: not its inclusion proof", true, |top| {
            let proof = read(top, "proof/entry-000001.tlog-proof");
            write(top, "proof/entry-000003.tlog-proof", proof);
        }),
        ("entry 3: proof too short", true, |top| {
            let proof = read(top, "proof/entry-000003.tlog-proof");
            let mut lines: Vec<&str> = proof.split('\n').collect();
            lines.remove(2);
            write(top, "proof/entry-000003.tlog-proof", lines.join("\n"));
        }),
        ("its proof is for another checkpoint", true, |top| {
            replace(
                top,
                "proof/entry-000003.tlog-proof",
                "c2lnbmF0dXJl",
                "c2lnbmF0dXJm",
            );
        }),
        ("checkpoint.note is another one", true, |top| {
            replace(top, "proof/checkpoint.note", "\n13\n", "\n14\n");
        }),
        ("the log was not only added to", true, |top| {
            let root = STANDARD.encode([9; 32]);
            let text = read(top, "proof/checkpoint-000007.txt");
            let mut lines: Vec<&str> = text.split('\n').collect();
            lines[2] = &root;
            write(top, "proof/checkpoint-000007.txt", lines.join("\n"));
        }),
        (
            "proof/checkpoint-000008.txt: not its consistency proof",
            true,
            |top| {
                replace(top, "proof/consistency-8-13.txt", "old 8", "old 7");
            },
        ),
        ("proof/checkpoint-000008.txt: of another log", true, |top| {
            replace(top, "proof/checkpoint-000008.txt", "v1/", "v1/0");
        }),
        ("proof/checkpoint-000008.txt: cannot be read", true, |top| {
            fs::remove_file(top.join("proof/consistency-8-13.txt")).unwrap();
        }),
    ];
    let sample = sample::sample(Language::Kazakh);
    for (problem, sealed_again, tamper) in cases {
        let folder = tempfile::tempdir().unwrap();
        bundle(folder.path(), &sample);
        tamper(folder.path());
        if *sealed_again {
            seal(folder.path(), &sample.document);
        }
        let (status, printed) = run(folder.path());
        assert_eq!(status, 1, "{problem}: {printed}");
        assert!(printed.contains(problem), "{problem}: {printed}");
    }
}

#[test]
fn a_commitment_or_a_salt_cannot_be_exchanged() {
    let sample = sample::sample(Language::Kazakh);
    for entry in &sample.document.entries {
        let number = format!("PROBLEM entry {}: its id is not", entry.number);
        let mut changed = sample.document.clone();
        let place = usize::try_from(entry.number).unwrap();
        let place = changed
            .entries
            .iter()
            .position(|e| e.number == place as u64)
            .unwrap();
        for salt in changed.entries[place].salts.values_mut() {
            salt[31] ^= 1;
        }
        for commitment in changed.entries[place].withheld.values_mut() {
            commitment[0] ^= 128;
        }
        let folder = tempfile::tempdir().unwrap();
        bundle(folder.path(), &sample);
        write(folder.path(), "data/incidents.json", changed.to_bytes());
        seal(folder.path(), &sample.document);
        let (status, printed) = run(folder.path());
        assert_eq!(status, 1);
        assert!(printed.contains(&number), "{printed}");
    }
}
