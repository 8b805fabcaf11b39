//! `export`: bad input is one clear line, and no file under the final name.

#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::fs;
use std::path::Path;
use std::process::Command;

use diary_tests::{Answer, Vault, diary, on_a_small_disk, skip, story, verify};

/// Exports with a limit of the system on the program, as `ulimit` takes it.
fn limited(vault: &Vault, limit: &str, out: &Path, rest: &[&str]) -> Answer {
    let rest: Vec<&str> = ["--out", out.to_str().unwrap()]
        .into_iter()
        .chain(rest.iter().copied())
        .collect();
    let program = diary();
    let script = format!("trap '' XFSZ; ulimit {limit}; exec \"$@\"");
    let output = Command::new("sh")
        .args(["-c", &script, "sh"])
        .arg(program.get_program())
        .args(program.get_args())
        .args(vault.arguments("export", &rest))
        .output();
    output.unwrap().into()
}

/// Everything beside the vault, by name.
fn names(vault: &Vault) -> Vec<String> {
    let entries = fs::read_dir(vault.beside(".")).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn what_cannot_be_chosen_is_refused() {
    let (vault, ids) = story();
    let item = vault.attach(&ids[0], "a.txt", b"12345");
    let out = vault.beside("out.zip");
    let out = out.to_str().unwrap();
    let before = names(&vault);
    for (status, rest) in [
        (1, &["--from", "2030-01-01"][..]),
        (1, &["--from", "2026-10-05", "--to", "2026-10-04"]),
        (1, &["--incident", "999999-0000"]),
        (1, &["--incident", "#99"]),
        (1, &["--person", "p1", "--person", "p9"]),
        (1, &["--without", "999999-0000"]),
        (1, &["--originals", "999999-0000"]),
        (1, &["--withhold", "999999-0000:place"]),
        (1, &["--incident", item.as_str()]),
        (2, &["--from", "yesterday"]),
        (2, &["--withhold", "nonsense"]),
        (2, &["--incident", "nonsense"]),
        (2, &["--language", "de"]),
        (2, &["--behaviour", "nonsense"]),
        (2, &["--originals", "nonsense"]),
        (2, &["--recipient", "age1nonsense"]),
        (2, &["--zip", "--plain"]),
    ] {
        for more in [&[][..], &["--report-only"], &["--json"]] {
            if rest[0] == "--originals" && more == ["--report-only"] {
                continue; // a usage of its own: no original leaves in a report
            }
            let rest: Vec<&str> = [&["--out", out], rest, more].concat();
            let answer = vault.run("export", &rest);
            assert_eq!(answer.status, status, "{rest:?}: {answer:?}");
            assert!(!answer.error().is_empty() && answer.err.lines().count() <= 2);
            assert_eq!(names(&vault), before, "{rest:?}");
        }
    }
}

/// The system ends the file half-way, as a full disk does.
#[test]
fn a_disk_that_ends_half_way_leaves_nothing_and_costs_nothing() {
    let (vault, ids) = story();
    let noise: Vec<u8> = (0..6_000_000u32)
        .map(|at| at.wrapping_mul(2_654_435_761).to_be_bytes()[0])
        .collect();
    vault.attach(&ids[0], "large.bin", &noise);
    let before = names(&vault);
    for rest in [
        &["--originals", "all"][..],
        &["--originals", "all", "--zip"],
    ] {
        let out = vault.beside("out.zip");
        // Blocks of 512 bytes: 3 MB.
        let answer = limited(&vault, "-f 6000", &out, rest);
        assert_eq!(answer.status, 2, "{answer:?}");
        assert_eq!(answer.err.lines().count(), 1, "{answer:?}");
        assert!(!answer.error().contains("damaged"), "{answer:?}");
        assert_eq!(names(&vault), before);
    }
    let (bundle, _) = vault.export("whole.zip", &["--originals", "all"]);
    assert_eq!(verify(&bundle, &[])["sound"], true);
}

/// A disk of 4 MiB, for a bundle of 6: whatever is written, sealed or not.
#[test]
fn a_full_disk_is_told_and_holds_nothing_of_the_bundle() {
    let (vault, ids) = story();
    let noise: Vec<u8> = (0..6_000_000u32)
        .map(|at| at.wrapping_mul(2_654_435_761).to_be_bytes()[0])
        .collect();
    vault.attach(&ids[0], "large.bin", &noise);
    let disk = vault.beside("disk");
    fs::create_dir(&disk).unwrap();
    let out = disk.join("out.zip");
    for way in [&["--plain"][..], &["--zip"]] {
        let rest = ["--out", out.to_str().unwrap(), "--originals", "all"];
        let arguments = vault.arguments("export", &[&rest, way].concat());
        let Some((answer, left)) = on_a_small_disk(&disk, &arguments) else {
            return skip("a full disk", "this machine allows no mounts");
        };
        let answer = answer.impossible();
        assert!(answer.error().contains("the disk is full"), "{answer:?}");
        assert_eq!(left, "", "{way:?}");
    }
}

#[test]
fn what_is_asked_of_something_that_stays_is_refused() {
    let (vault, ids) = story();
    let item = vault.attach(&ids[1], "a.bin", b"a");
    let out = vault.beside("out.zip");
    let out = ["--out", out.to_str().unwrap()];
    let place = format!("{}:place", ids[1]);
    let cover = format!("{item}:0,0,10,10");
    for asked in [
        ["--originals", &item],
        ["--withhold", &item],
        ["--without", &item],
        ["--withhold", &place],
        ["--withhold", "#2:place"],
        ["--box", &cover],
    ] {
        let answer = vault.run(
            "export",
            &[&asked[..], &["--incident", &ids[0]], &out].concat(),
        );
        let answer = answer.refused();
        let error = answer.error();
        assert!(
            error.contains("choose its incident too"),
            "{asked:?}: {error}"
        );
    }
    for choice in [["--incident", &ids[0]], ["--to", "2026-10-03"]] {
        let rest = [&["--without", &ids[1]][..], &choice, &out].concat();
        let answer = vault.run("export", &rest).refused();
        assert!(answer.error().contains("would not leave anyway"));
    }
    assert!(!vault.beside("out.zip").exists());
    // One of the two was a slip.
    for asked in [["--originals", &item], ["--box", &cover]] {
        let evidence = format!("{}:evidence", ids[1]);
        for withheld in [
            ["--without", &item],
            ["--withhold", &item],
            ["--withhold", &evidence],
            ["--withhold", "evidence"],
        ] {
            let rest = [&asked[..], &withheld, &out].concat();
            let answer = vault.run("export", &rest).refused();
            let named = format!("{item}: withheld, and asked for");
            assert!(answer.error().starts_with(&named), "{answer:?}");
            let rest = [&asked[..], &withheld, &["--dry-run"]].concat();
            let _ = vault.run("export", &rest).refused();
        }
        let rest = [&asked[..], &["--without", &ids[1]], &out].concat();
        let answer = vault.run("export", &rest).refused();
        assert!(answer.error().contains("choose its incident too"));
    }
    assert!(!vault.beside("out.zip").exists());
    let inside = vault.path().join("evidence/out.zip");
    let answer = vault.run("export", &["--out", inside.to_str().unwrap()]);
    assert!(answer.refused().error().contains("outside of it"));
    let rest = [&item, "--out", inside.to_str().unwrap()];
    let answer = vault.run("extract", &rest);
    assert!(answer.refused().error().contains("outside of it"));
    assert!(!inside.exists());
    // What is not there may be in another incident, and would leave with that.
    let rest = [&["--withhold", &place][..], &out].concat();
    let answer = vault.run("export", &rest).refused();
    assert!(answer.error().contains("check the id"), "{answer:?}");
    let words = format!("{}:narrative", ids[1]);
    let rest = [&["--originals", &item, "--withhold", &words][..], &out].concat();
    let _ = vault.run("export", &rest).done();
}

/// The item is named, whatever was to leave of it; the rest leaves without it.
#[test]
fn a_damaged_file_is_named_and_the_rest_leaves_without_it() {
    let (vault, ids) = story();
    // A kind of which there are no copies.
    let item = vault.attach(&ids[0], "a.bin", &[9; 100_000]);
    let stored = fs::read_dir(vault.path().join("evidence")).unwrap();
    let stored = stored.map(|entry| entry.unwrap().path()).next().unwrap();
    let whole = fs::read(&stored).unwrap();
    let mut flipped = whole.clone();
    flipped[50_000] ^= 1;
    let before = names(&vault);
    let out = vault.beside("out.zip");
    let report = vault.beside("out.pdf");
    for damaged in [Some(&flipped[..]), Some(&whole[..50_000]), None] {
        fs::remove_file(&stored).unwrap();
        if let Some(bytes) = damaged {
            fs::write(&stored, bytes).unwrap();
        }
        let of_zip = ["--out", out.to_str().unwrap()];
        let of_report = ["--report-only", "--out", report.to_str().unwrap()];
        for rest in [
            [&of_zip[..], &["--originals", "all"]].concat(),
            [&of_zip[..], &["--originals", "none"]].concat(),
            of_zip.to_vec(),
            of_report.to_vec(),
        ] {
            let answer = vault.run("export", &rest).refused();
            let named = format!("{item}: evidence is damaged");
            assert!(answer.error().starts_with(&named), "{rest:?}: {answer:?}");
            assert!(answer.error().contains(&format!("--without {item}")));
            assert_eq!(names(&vault), before);
        }
        let none = ["--originals", "none", "--dry-run"];
        let told = vault.run("export", &none).done();
        let named = format!("{item}  only its name, size and hash: damaged in the vault");
        assert!(told.out.contains(&named), "{told:?}");
        let told = vault.run("export", &[&none[..], &["--json"]].concat());
        let reason = &told.done().json()["evidence"][0]["reason"];
        assert!(reason.as_str().unwrap().starts_with("damaged in the vault"));
        let checked = vault.run("check", &[]);
        assert_eq!(checked.status, 1);
        let entry = item.split('-').next().unwrap();
        let named = format!("entry {entry}  evidence is damaged");
        assert!(checked.out.contains(&named), "{checked:?}");
        fs::write(&stored, &flipped).unwrap();
    }
    for (name, without) in [("no-incident.zip", &ids[0]), ("no-item.zip", &item)] {
        let (bundle, _) = vault.export(name, &["--originals", "all", "--without", without]);
        assert_eq!(verify(&bundle, &[])["sound"], true);
    }
}

/// 100,000 × 100,000 pixels, in the header of a PNG and of a JPEG: 30 GB if anybody believed it. The
/// address space holds the program's own code and the 64 MiB that the passphrase takes before, little more.
#[test]
fn a_picture_that_lies_about_its_size_is_described_and_not_decoded() {
    let (vault, ids) = story();
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend([100_000u32.to_be_bytes(), 100_000u32.to_be_bytes()].concat());
    png.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    let mut jpeg = fs::read(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../samples/evidence/IMG_20260421_183012.jpg"),
    )
    .unwrap();
    let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]);
    let frame = frame.unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff; 4]);
    vault.attach(&ids[0], "bomb.png", &png);
    vault.attach(&ids[0], "bomb.jpg", &jpeg);
    for (name, rest) in [("a.zip", &[][..]), ("b.zip", &["--originals", "all"])] {
        let out = vault.beside(name);
        // Far from what the pictures claim; each thread reserves 64 MiB of addresses, when it first takes memory.
        let answer = limited(&vault, "-v 400000", &out, rest);
        assert_eq!(answer.status, 0, "{answer:?}");
        assert_eq!(verify(&out, &[])["sound"], true);
    }
}

/// The option that encrypts was forgotten.
#[test]
fn a_name_that_says_encrypted_is_refused_for_what_is_not() {
    let (vault, _) = story();
    for (name, more) in [("a.age", &[][..]), ("A.AGE", &["--plain"])] {
        let out = vault.beside(name);
        let rest = [&["--out", out.to_str().unwrap()], more].concat();
        let answer = vault.run("export", &rest).refused();
        assert!(answer.error().contains("--recipient"), "{answer:?}");
        assert!(!out.exists());
    }
}
