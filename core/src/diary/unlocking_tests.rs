//! What FORMAT.md asks of unlocking and of a change of secrets (sections 14 and 15), on whole vaults.

use std::fs;

use super::fixture::*;
use super::*;
use crate::vault::VaultError;

#[test]
fn section_14_cells_that_are_missing_are_told() {
    let mut small = Small::new();
    let half = small.half();
    for i in 0..20 {
        small.add(&format!("n{i}"));
    }
    small.close();
    let copy = |name: &str, sql: &str| {
        let copy = small.copy_to(name);
        alter(&copy, half, sql);
        refused(open_with(&copy, "a"))
    };
    let both = "DELETE FROM p0 WHERE i >= 16; DELETE FROM p1 WHERE i >= 16";
    for (name, sql) in [
        ("both", both),
        ("one", "DELETE FROM own WHERE i >= 24"),
        ("other", "DELETE FROM own; INSERT INTO own VALUES (0, x'')"),
    ] {
        assert!(
            matches!(copy(name, sql), VaultError::CellsMissing),
            "{name}"
        );
    }
}

#[test]
fn section_14_dropped_doubled_swapped_and_cut_rows_are_told() {
    let mut small = Small::new();
    let half = small.half();
    for i in 0..40 {
        small.add(&format!("n{i}"));
    }
    let used = small.diary().log.vault().head().used;
    small.close();
    // The copies that full nodes left at positions 1 to 5, and positions that are not used yet.
    let meant = |position: u32| position < 3 || (8..used).contains(&position);
    for (n, sql) in [
        "DELETE FROM own WHERE i = ?",
        "UPDATE own SET b = (SELECT b FROM own WHERE i = ? + 1) WHERE i = ?",
        "UPDATE own SET b = zeroblob(2016) WHERE i = ?",
        "UPDATE own SET b = substr(b, 1, 2015) WHERE i = ?",
        "UPDATE own SET b = 'text' WHERE i = ?",
    ]
    .into_iter()
    .enumerate()
    {
        for position in (0..used).filter(|p| meant(*p)).step_by(7).chain([1, 2]) {
            let copy = small.copy_to(&format!("copy-{n}-{position}"));
            alter(&copy, half, &sql.replace('?', &position.to_string()));
            if let Ok(mut diary) = open_with(&copy, "a") {
                assert!(!is_sound(&mut diary), "{sql} {position}");
            }
            fs::remove_dir_all(&copy).unwrap();
        }
    }
}

#[test]
fn section_14_an_older_cell_in_any_place_is_told() {
    let mut small = Small::new();
    let half = small.half();
    let one = small.add("a");
    for i in 0..40 {
        small.add(&format!("n{i}"));
    }
    small.diary().save_draft("add", b"the first").unwrap();
    let before = cells(&small.copy_to("before"), half);
    let changes = Changes::parse(br#"{"count":2}"#, &crate::time::SystemClock).unwrap();
    small.diary().amend(&one, &changes, "b").unwrap();
    small.diary().save_draft("add", b"the second").unwrap();
    small.close();
    let after = cells(&small.vault(), half);
    let mut told = 0;
    for (position, old) in (0u32..).zip(&before) {
        if *old == after[position as usize] {
            continue;
        }
        let copy = small.copy_to("altered");
        let database = rusqlite::Connection::open(copy.join("log.db")).unwrap();
        let sql = format!("UPDATE p{half} SET b = ?2 WHERE i = ?1");
        database
            .execute(&sql, rusqlite::params![position, old])
            .unwrap();
        drop(database);
        if let Ok(mut diary) = open_with(&copy, "a") {
            assert!(!is_sound(&mut diary), "{position}");
        }
        fs::remove_dir_all(&copy).unwrap();
        told += 1;
    }
    // Head, draft, new entry, the node of the first incident, and two levels of open nodes.
    assert!(told >= 5, "{told}");
}

#[test]
fn section_14_without_its_log_of_writes_a_vault_is_an_earlier_one() {
    let mut small = Small::new();
    small.add("a");
    small.reopen();
    small.add("b");
    let token = small.diary().new_token(None).unwrap();
    let copy = small.copy_to("copy");
    fs::remove_file(copy.join("log.db-wal")).unwrap();
    let mut diary = open(&copy);
    assert_eq!(diary.log.size(), 2);
    assert!(is_sound(&mut diary));
    assert_eq!(diary.token_status(&token).unwrap(), TokenStatus::Older);
}

#[test]
fn section_14_a_torn_log_of_writes_gives_an_earlier_state_and_the_whole_one_everything() {
    let mut small = Small::new();
    small.reopen();
    for i in 0..4 {
        small.add(&"x".repeat(1 + 1_500 * i));
    }
    let copy = small.copy_to("copy");
    let log = fs::read(copy.join("log.db-wal")).unwrap();
    let whole = contents(&copy);
    let mut sizes = Vec::new();
    for cut in (0..=log.len()).step_by(1_030).chain([log.len()]) {
        for (name, bytes) in &whole {
            fs::write(copy.join(name), bytes).unwrap();
        }
        fs::write(copy.join("log.db-wal"), &log[..cut]).unwrap();
        let mut diary = open(&copy);
        assert!(is_sound(&mut diary), "{cut}");
        sizes.push(diary.log.size());
    }
    assert!(sizes.is_sorted());
    sizes.dedup();
    assert_eq!(sizes, [1, 2, 3, 4, 5]);
}

#[test]
fn section_14_the_log_of_writes_of_another_day_is_told() {
    let mut small = Small::new();
    small.add("a");
    let old = fs::read(small.vault().join("log.db-wal")).unwrap();
    small.reopen();
    for i in 0..40 {
        small.add(&format!("n{i}"));
    }
    let token = small.diary().new_token(None).unwrap();
    small.close();
    fs::write(small.vault().join("log.db-wal"), old).unwrap();
    if let Ok(mut diary) = open_with(&small.vault(), "a") {
        let status = diary.token_status(&token).unwrap();
        let told = matches!(status, TokenStatus::Older | TokenStatus::Forked);
        assert!(told || !is_sound(&mut diary), "{status:?}");
    }
}

#[test]
fn section_14_an_older_key_file_that_is_put_back_is_told() {
    let mut small = Small::new();
    small.close();
    let old = fs::read(small.vault().join("header")).unwrap();
    recover(&small.vault(), &small.code, "b", false).unwrap();
    fs::write(small.vault().join("header"), old).unwrap();
    let error = refused(open_with(&small.vault(), "a"));
    assert!(matches!(error, VaultError::OldHeader));
}

#[test]
fn section_15_recovery_sets_what_was_asked_and_kills_the_rest() {
    let mut small = Small::new();
    small.close();
    let dead = |secret: Result<Diary, Error>| matches!(refused(secret), VaultError::WrongSecret);
    assert!(
        recover(&small.vault(), &small.code, "b", false)
            .unwrap()
            .is_none()
    );
    assert!(dead(open_with(&small.vault(), "a")));
    let mut diary = open_with(&small.vault(), "b").unwrap();
    let changed = diary.log.read(1).unwrap().entry.unwrap();
    assert_eq!(changed.kind, EntryKind::KeysChanged);
    let list = |texts: &[&str]| Value::List(texts.iter().map(|text| Value::from(*text)).collect());
    assert_eq!(changed.proven["changed"], list(&["passphrase"]));
    drop(diary);

    let new = recover(&small.vault(), &small.code, "c", true)
        .unwrap()
        .unwrap();
    assert!(dead(open_with(&small.vault(), "b")));
    assert!(dead(open_with_code(&small.vault(), &small.code)));
    let mut diary = open_with_code(&small.vault(), &new).unwrap();
    let changed = diary.log.read(2).unwrap().entry.unwrap();
    assert_eq!(
        changed.proven["changed"],
        list(&["passphrase", "recovery_code"])
    );
    assert!(is_sound(&mut diary));
}

#[test]
fn section_15_a_kill_after_any_step_leaves_one_passphrase_that_opens() {
    let mut small = Small::new();
    small.add("a");
    small.close();
    let old_header = fs::read(small.vault().join("header")).unwrap();
    let mut diary = open_with_code(&small.vault(), &small.code).unwrap();
    let new = SecretBytes::from(&passphrase("b"));
    let header = diary
        .log
        .vault()
        .with_secrets(&[(crate::vault::SlotKind::Passphrase, new)]);
    diary.log.vault().replace_header(header.unwrap()).unwrap();
    let after_second = small.copy_to("second");
    let after_first = small.copy_to("first");
    fs::write(after_first.join("header"), old_header).unwrap();
    drop(diary);

    // After (1): nothing has changed, and the change can be made again.
    refused(open_with(&after_first, "b"));
    let mut diary = open(&after_first);
    assert_eq!(diary.log.size(), 2);
    add(&mut diary, "b");
    drop(diary);
    recover(&after_first, &small.code, "c", false).unwrap();
    assert!(is_sound(&mut open_with(&after_first, "c").unwrap()));

    // In (2), while the new file is written beside the old one: the old one holds.
    let half_written = small.path("second").join("header");
    let half_written = fs::read(half_written).unwrap()[..3_000].to_vec();
    fs::write(after_first.join("header.new"), half_written).unwrap();
    drop(open_with(&after_first, "c").unwrap());
    recover(&after_first, &small.code, "d", false).unwrap();
    assert_eq!(
        names(&after_first),
        ["evidence", "header", "lock", "log.db"]
    );

    // After (2): the new one holds, and the next unlock settles once.
    refused(open_with(&after_second, "a"));
    for _ in 0..2 {
        let mut diary = open_with(&after_second, "b").unwrap();
        assert_eq!(diary.log.size(), 3);
        assert_eq!(
            diary.log.read(2).unwrap().place.kind,
            EntryKind::KeysChanged
        );
        assert!(is_sound(&mut diary));
    }
}
