//! Where a log ended, and what is said where nobody knows.

use super::*;

/// The cell with the head, as it lies.
fn head_of(case: &Case) -> Vec<u8> {
    let database = rusqlite::Connection::open(case.small.vault().join("log.db")).unwrap();
    let sql = format!("SELECT b FROM p{} WHERE i = 0", case.half);
    database.query_row(&sql, [], |row| row.get(0)).unwrap()
}

/// That a log, its check and its bundle say that something may be missing behind what was found: at
/// entry `end`.
fn says_that_its_end_is_not_known(small: &Small, diary: &mut Diary, end: u32) {
    let marker = diary.log.read(end).unwrap();
    assert!(marker.place.lost && marker.entry.is_none());
    let kinds = newest_kinds(diary);
    assert_eq!(kinds, [EntryKind::Continued, EntryKind::Salvaged]);
    let said = diary.log.read(end + 2).unwrap().entry.unwrap().proven;
    let list = |name: &str| String::from_utf8(said[name].to_bytes()).unwrap();
    let range = format!("[[{end},{end}]]");
    assert_eq!([list("lost"), list("unknown")], [range.clone(), range]);

    let report = diary.check(&mut NoProgress).unwrap();
    assert!(report.sound, "{:?}", report.findings);
    let named = format!("entry {end}");
    let warned = |finding: &Finding| finding.level == Level::Warning && finding.subject == named;
    assert!(report.findings.iter().any(warned));

    let confirmed = diary.confirm(&passphrase("a")).unwrap();
    let out = small.path("b.zip");
    let done = diary
        .export(&everything(), &out, confirmed, &mut NoProgress)
        .unwrap();
    let options = VerifyOptions {
        fingerprint: Some(done.fingerprint),
    };
    let verdict = verify(&out, &options, &mut NoProgress).unwrap();
    assert!(verdict.sound, "{:?}", failed(&verdict.findings));
    let warned = |finding: &Finding| {
        finding.level == Level::Warning && finding.detail.contains("1 entry was lost")
    };
    assert!(verdict.findings.iter().any(warned));
    // Files lie in the container as they are.
    let bundle = fs::read(&out).unwrap();
    let line = b"not known, 1 of the log were lost";
    assert!(bundle.windows(line.len()).any(|bytes| bytes == line));
}

#[test]
fn section_24_without_a_head_a_log_is_never_called_complete() {
    let case = Case::new();
    case.destroy(&[0]);
    let (mut diary, salvaged) = case.saved();
    assert!(!salvaged.sound);
    says_that_its_end_is_not_known(&case.small, &mut diary, 46);
    // It says so once, however often it is salvaged.
    let size = diary.log.size();
    drop(diary);
    let again = case.small.path("again");
    let salvaged = salvage_with(&case.small.path("saved"), &again, "a").unwrap();
    assert_eq!(failed(&salvaged.findings), [(Check::Cell, "entry 46")]);
    assert_eq!(open(&again).log.size(), size + 2);
}

#[test]
fn section_24_what_was_cut_off_behind_the_last_entry_is_not_denied() {
    let mut small = Small::new();
    for number in 0..5 {
        add(small.diary(), &format!("оқиға {number}"));
    }
    let half = small.half();
    small.close();
    // The head, the newest of six entries, and the node that knew of it.
    let sql = "UPDATE own SET b = randomblob(2016) WHERE i IN (0, 1, 13)";
    alter(&small.vault(), half, sql);
    let target = small.path("saved");
    let salvaged = salvage_with(&small.vault(), &target, "a").unwrap();
    assert_eq!(
        failed(&salvaged.findings),
        [
            (Check::Index, "the head of the log"),
            (Check::Index, "entry 5")
        ]
    );
    says_that_its_end_is_not_known(&small, &mut open(&target), 5);
}

#[test]
fn section_24_an_old_head_does_not_tell_where_a_log_ended() {
    let case = Case::new();
    let old = head_of(&case);
    let mut diary = open(&case.small.vault());
    add(&mut diary, "after it");
    drop(diary);
    let old: String = old.iter().map(|byte| format!("{byte:02x}")).collect();
    let sql = format!("UPDATE own SET b = x'{old}' WHERE i = 0");
    alter(&case.small.vault(), case.half, &sql);
    let (mut diary, _) = case.saved();
    let end = diary.log.size() - 3;
    assert!(end > 46, "{end}");
    says_that_its_end_is_not_known(&case.small, &mut diary, end);
}

#[test]
fn section_24_a_whole_head_tells_where_the_log_ended() {
    let case = Case::new();
    case.destroy(&[1]);
    let (mut diary, _) = case.saved();
    assert_eq!(diary.log.size(), 46 + 2);
    assert_eq!(diary.log.lost_entries().unwrap(), 0);
}

/// One damaged bit of SQLite's own tree is enough for such a row; as many cells were made for what is saved.
#[test]
fn section_24_a_row_with_a_number_far_too_high_makes_nothing_larger() {
    let case = Case::new();
    let log_of = |vault: &Path| fs::metadata(vault.join("log.db")).unwrap().len();
    let before = log_of(&case.small.vault());
    let sql = "INSERT INTO own(i, b) VALUES (30000, randomblob(2016))";
    alter(&case.small.vault(), case.half, sql);
    let (mut diary, _) = case.saved();
    for incident in &case.incidents {
        diary.show(&IncidentRef::Id(*incident)).unwrap();
    }
    drop(diary);
    let saved = log_of(&case.small.path("saved"));
    assert!(saved < 2 * before, "{saved} bytes from {before}");
}
