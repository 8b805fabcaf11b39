//! What `check` finds in a diary that opens, but that no program of ours would write (FORMAT.md 14).

use std::path::Path;

use super::fixture::*;
use super::*;
use crate::hex;
use crate::log::entry::{Entry, Seed};
use crate::log::leaf::Leaf;
use crate::progress::NoProgress;
use crate::time::SystemClock;

fn object(json: &str) -> Object {
    let Ok(Value::Object(object)) = Value::parse(json.as_bytes()) else {
        panic!("{json}");
    };
    object
}

/// Appends an entry whose leaf and cells are right, whatever it says.
fn append(vault: &mut Vault, kind: EntryKind, proven: &str, vault_only: &str, link: u32) {
    let entry = Entry {
        kind,
        seed: Seed::make().unwrap(),
        proven: object(proven),
        vault_only: object(vault_only),
    };
    let leaf = Leaf::of(vault.head().entries, &entry).hash();
    let mut write = vault.begin().unwrap();
    write.append(kind, &entry.to_bytes(), leaf, link).unwrap();
    write.commit().unwrap();
}

/// What `check` calls a failure.
fn failures(diary: &mut Diary) -> Vec<String> {
    let report = diary.check(&mut NoProgress).unwrap();
    let failures = report.findings.into_iter();
    let failures = failures.filter(|finding| finding.level == crate::bundle::Level::Failure);
    failures.map(|finding| finding.detail).collect()
}

/// Appends one entry to a diary with one incident and says what `check` finds.
fn found(kind: EntryKind, proven: &str, link: u32) -> Vec<String> {
    let mut small = Small::new();
    small.add("a");
    append(small.diary().log.vault(), kind, proven, "{}", link);
    small.reopen();
    // Whatever it is, it does not keep the diary shut.
    assert_eq!(
        small
            .diary()
            .list(&Query::default())
            .unwrap()
            .incidents
            .len(),
        1
    );
    failures(small.diary())
}

const EXPORT: &str = r#"{"bundle_sha256":"x","checkpoint_size":2,"incidents":[],
    "recorded":{"at":"2026-10-03T00:00:00+05:00","utc":"2026-10-02T19:00:00Z"}}"#;

#[test]
fn section_14_check_finds_a_link_of_an_entry_that_is_about_no_incident() {
    assert!(found(EntryKind::Export, EXPORT, 0).is_empty());
    let link = ["a link, though it is about no incident"];
    assert_eq!(found(EntryKind::Export, EXPORT, 1), link);
}

#[test]
fn section_14_check_finds_a_member_that_is_not_there() {
    let no_time = r#"{"bundle_sha256":"x","checkpoint_size":2,"incidents":[]}"#;
    assert_eq!(found(EntryKind::Export, no_time, 0), ["lacks recorded"]);
    let no_list = EXPORT.replace("\"incidents\":[],", "");
    assert_eq!(found(EntryKind::Export, &no_list, 0), ["lacks incidents"]);
}

/// A vault whose entry 0 says what it likes.
fn begun_with(folder: &Path, kind: EntryKind, vault_only: impl Fn(&[u8; 32]) -> String) -> Diary {
    let passphrase = NewPassphrase::even_if_weak(b"a").unwrap();
    let cost = KdfCost::DangerCheapForTests;
    let (mut new, _) = NewVault::create_with_step(folder, &passphrase, cost, STEP).unwrap();
    let vault_only = vault_only(&new.vault.head().signing_seed);
    let proven = r#"{"recorded":{"at":"2026-10-03T00:00:00+05:00","utc":"2026-10-02T19:00:00Z"},
        "software":"x"}"#;
    append(&mut new.vault, kind, proven, &vault_only, 0);
    Diary::over(new.publish(folder).unwrap(), Box::new(SystemClock)).unwrap()
}

#[test]
fn section_6_the_signing_seed_of_the_head_is_that_of_entry_0() {
    let folder = temporary_folder();
    let of_seed = |seed: &[u8; 32]| format!(r#"{{"signing_seed":"{}"}}"#, hex::encode(seed));
    let mut good = begun_with(&folder.path().join("good"), EntryKind::Begun, of_seed);
    assert!(failures(&mut good).is_empty());
    let mut other = begun_with(&folder.path().join("other"), EntryKind::Begun, |_| {
        of_seed(&[7; 32])
    });
    assert_eq!(failures(&mut other), ["another signing seed than the head"]);
    let mut none = begun_with(&folder.path().join("none"), EntryKind::Begun, |_| {
        "{}".to_owned()
    });
    assert_eq!(failures(&mut none), ["another signing seed than the head"]);
}

#[test]
fn section_8_only_entry_0_begins_a_log() {
    let folder = temporary_folder();
    let of_seed = |seed: &[u8; 32]| format!(r#"{{"signing_seed":"{}"}}"#, hex::encode(seed));
    let mut diary = begun_with(&folder.path().join("vault"), EntryKind::TimeStamp, of_seed);
    let detail = "a log begins with its first entry, and with no other";
    assert_eq!(failures(&mut diary), [detail, "lacks answer"]);
    let begun = r#"{"recorded":{"at":"a","utc":"u"},"software":"x"}"#;
    assert_eq!(found(EntryKind::Begun, begun, 0), [detail]);
}
