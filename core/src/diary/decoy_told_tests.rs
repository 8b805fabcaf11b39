//! The cases in which somebody who has one passphrase can tell that there is a second diary: they are as
//! SECURITY.md says. A test that failed here would mean that more is promised than was thought, or less.

use std::fs;
use std::path::Path;

use super::fixture::*;
use super::*;
use crate::time::SystemClock;

/// A vault with hers, which opens with `a`, and a decoy, which opens with `b`.
fn two(folder: &Path) {
    let new = |text: &str| NewPassphrase::even_if_weak(text.as_bytes()).unwrap();
    let cost = KdfCost::DangerCheapForTests;
    let clock = Box::new(SystemClock);
    let (hers, _) = Diary::create_with_decoy(folder, &new("a"), &new("b"), cost, clock).unwrap();
    hers.lock().unwrap();
}

/// What the decoy's passphrase and the files tell: cells that are there and that it needs.
fn cells_there_and_needed(folder: &Path) -> (u32, u32) {
    let mut decoy = open_with(folder, "b").unwrap();
    let vault = decoy.log.vault();
    (vault.cells(), vault.head().used)
}

fn other_half(folder: &Path) -> u8 {
    1 - open_with(folder, "b")
        .unwrap()
        .log
        .vault()
        .head()
        .half
        .byte()
}

#[test]
fn a_small_vault_says_nothing_by_its_size() {
    let folder = temporary_folder();
    let vault = folder.path().join("vault");
    two(&vault);
    let before = cells_there_and_needed(&vault);
    let mut hers = open_with(&vault, "a").unwrap();
    for number in 0..30 {
        add(&mut hers, &format!("hers {number}"));
    }
    hers.lock().unwrap();
    assert_eq!(cells_there_and_needed(&vault), before);
}

#[test]
fn a_vault_that_grew_is_larger_than_the_decoy_needs() {
    let folder = temporary_folder();
    let vault = folder.path().join("vault");
    two(&vault);
    let (there, needed) = cells_there_and_needed(&vault);
    assert!(needed < there / 2);
    let mut hers = open_with(&vault, "a").unwrap();
    let half_a_cell = "ұ".repeat(400);
    let long =
        format!("{{\"occurred\":{{\"precision\":\"unknown\"}},\"narrative\":\"{half_a_cell}\"}}");
    let incident = Incident::parse(long.as_bytes(), &SystemClock).unwrap();
    while hers.log.vault().cells() == there {
        hers.add(&incident).unwrap();
    }
    hers.lock().unwrap();
    let (grown, needed_still) = cells_there_and_needed(&vault);
    assert!(
        grown > there && needed_still == needed,
        "{grown} cells for {needed_still}"
    );
}

#[test]
fn a_file_that_the_decoy_does_not_name_tells() {
    let folder = temporary_folder();
    let vault = folder.path().join("vault");
    two(&vault);
    let mut hers = open_with(&vault, "a").unwrap();
    let id = add(&mut hers, "hers").id;
    attach(&mut hers, &IncidentRef::Id(id), "photo.jpg", b"pixels").unwrap();
    hers.lock().unwrap();
    let mut decoy = open_with(&vault, "b").unwrap();
    assert_eq!(decoy.item_index().unwrap().file_names().len(), 0);
    assert_eq!(fs::read_dir(vault.join("evidence")).unwrap().count(), 1);
    // And it is not the decoy's to judge or to remove.
    decoy.lock().unwrap();
    assert_eq!(fs::read_dir(vault.join("evidence")).unwrap().count(), 1);
}

#[test]
fn copies_of_two_days_show_that_the_other_half_changed() {
    let folder = temporary_folder();
    let (vault, day) = (folder.path().join("vault"), folder.path().join("day"));
    two(&vault);
    copy(&vault, &day);
    let mut hers = open_with(&vault, "a").unwrap();
    add(&mut hers, "hers");
    hers.lock().unwrap();
    let half = other_half(&vault);
    let changed = |table| cells(&vault, table) != cells(&day, table);
    assert!(changed(half) && !changed(1 - half));
}

#[test]
fn a_log_of_writes_that_was_left_shows_which_half_was_written() {
    let folder = temporary_folder();
    let (vault, killed) = (folder.path().join("vault"), folder.path().join("killed"));
    two(&vault);
    let half = other_half(&vault);
    let mut hers = open_with(&vault, "a").unwrap();
    add(&mut hers, "hers");
    copy(&vault, &killed);
    drop(hers);
    let left = fs::metadata(killed.join("log.db-wal")).unwrap();
    assert!(left.len() > 0);
    let without = folder.path().join("without");
    copy(&killed, &without);
    fs::remove_file(without.join("log.db-wal")).unwrap();
    let written = |table| cells(&killed, table) != cells(&without, table);
    assert!(written(half) && !written(1 - half));
}
