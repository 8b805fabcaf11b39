//! What is saved of damaged vaults and backups, and what is said of the rest.

mod ends;
mod faults;

use std::fs;
use std::path::PathBuf;

use super::super::fixture::*;
use super::super::*;
use crate::bundle::{Check, Finding, Level, VerifyOptions, verify};
use crate::progress::NoProgress;
use crate::time::SystemClock;
use crate::vault::VaultError;

/// Bytes before the first chunk, and of a sealed chunk.
const HEAD: usize = 8_256;
const CHUNK: usize = 65_536 + 16;
/// Position of the node of level 0 that is full.
const FULL_NODE: u32 = 40;

/// A diary of 46 entries: a full node, an amendment, a withdrawal, an erasure, two files, a draft.
struct Case {
    small: Small,
    backup: PathBuf,
    /// Ids of what is there, oldest first.
    incidents: Vec<EntryId>,
    code: Fingerprint,
    item: EntryId,
    half: u8,
}

impl Case {
    fn new() -> Self {
        let mut small = Small::new();
        let mut incidents = Vec::new();
        for number in 0..30 {
            incidents.push(add(small.diary(), &format!("оқиға {number}")).id);
        }
        let which = |at: usize| IncidentRef::Id(incidents[at]);
        let changes = Changes::parse(br#"{"narrative":"amended"}"#, &SystemClock).unwrap();
        small.diary().amend(&which(3), &changes, "why").unwrap();
        small.diary().withdraw(&which(4), "mistake").unwrap();
        let item = attach(small.diary(), &which(6), "a.txt", &[7; 70_000]).unwrap();
        let code = small.diary().fingerprint().unwrap();
        attach(small.diary(), &which(29), "b.txt", b"short").unwrap();
        for number in 30..40 {
            incidents.push(add(small.diary(), &format!("оқиға {number}")).id);
        }
        let which = IncidentRef::Id(incidents[33]);
        small.diary().erase(&which).unwrap();
        small.diary().save_draft("add", b"a draft").unwrap();
        let backup = small.path("one.idback");
        small.diary().backup(&backup, &mut NoProgress).unwrap();
        let half = small.half();
        small.close();
        Self {
            small,
            backup,
            incidents,
            code,
            item: item.id,
            half,
        }
    }

    /// Random bytes over cells of this diary.
    fn destroy(&self, positions: &[u32]) {
        for position in positions {
            let sql = format!("UPDATE own SET b = randomblob(2016) WHERE i = {position}");
            alter(&self.small.vault(), self.half, &sql);
        }
    }

    fn salvage(&self, from: &Path) -> (PathBuf, Restored) {
        let target = self.small.path("saved");
        let _ = fs::remove_dir_all(&target);
        let salvaged = salvage_with(from, &target, "a").unwrap();
        assert_eq!(target.exists(), salvaged.restored);
        assert!(!leaves_anything(self.small.folder.path()));
        (target, salvaged)
    }

    fn saved(&self) -> (Diary, Restored) {
        let before = contents(&self.small.vault());
        let (target, salvaged) = self.salvage(&self.small.vault());
        assert!(salvaged.restored, "{:?}", salvaged.findings);
        assert!(contents(&self.small.vault()) == before, "it is not touched");
        (open(&target), salvaged)
    }
}

fn salvage_with(from: &Path, target: &Path, text: &str) -> Result<Restored, Error> {
    let passphrase = passphrase(text);
    Diary::danger_salvage_with_cheap_kdf_for_tests(
        from,
        target,
        Opener::Passphrase(&passphrase),
        || Box::new(SystemClock),
        &mut NoProgress,
    )
}

/// Whether a folder that was never finished lies about.
fn leaves_anything(folder: &Path) -> bool {
    names(folder).iter().any(|name| name.ends_with(".new"))
}

fn failed(findings: &[Finding]) -> Vec<(Check, &str)> {
    let failures = findings
        .iter()
        .filter(|found| found.level == Level::Failure);
    failures
        .map(|found| (found.check, found.subject.as_str()))
        .collect()
}

/// What the diary shows of an incident.
fn narrative(diary: &mut Diary, id: EntryId) -> Option<String> {
    let detail = diary.show(&IncidentRef::Id(id)).unwrap();
    let narrative = detail.incident?.get("narrative")?.as_text()?.to_owned();
    Some(narrative)
}

fn newest_kinds(diary: &mut Diary) -> [EntryKind; 2] {
    let size = diary.log.size();
    [size - 2, size - 1].map(|number| diary.log.read(number).unwrap().place.kind)
}

#[test]
fn section_24_a_lost_head_costs_nothing_but_certainty() {
    let case = Case::new();
    case.destroy(&[0]);
    let damaged = refused(open_with(&case.small.vault(), "a"));
    assert!(matches!(damaged, VaultError::Damaged(_)));

    let (mut diary, salvaged) = case.saved();
    // Nobody knows any more how long the log was.
    assert_eq!(
        failed(&salvaged.findings),
        [
            (Check::Index, "the head of the log"),
            (Check::Index, "entry 46")
        ]
    );
    assert!(is_sound(&mut diary));
    let kinds = newest_kinds(&mut diary);
    assert_eq!(kinds, [EntryKind::Continued, EntryKind::Salvaged]);
    assert!(diary.is_ancestor(&case.code).unwrap());
    assert_eq!(narrative(&mut diary, case.incidents[3]).unwrap(), "amended");
    assert_eq!(narrative(&mut diary, case.incidents[33]), None);
    assert_eq!(extract(&mut diary, &case.item).unwrap(), [7; 70_000]);
    assert_eq!(
        diary.draft("add").unwrap().as_deref().map(Vec::as_slice),
        Some(&b"a draft"[..])
    );
    let page = diary
        .list(&Query {
            limit: Some(200),
            ..Query::default()
        })
        .unwrap();
    assert_eq!(page.incidents.len(), 40);
    let marked = |which: fn(&Summary) -> bool| page.incidents.iter().filter(|s| which(s)).count();
    assert_eq!(
        (
            marked(|s| s.withdrawn),
            marked(|s| s.erased),
            marked(|s| s.damaged)
        ),
        (1, 1, 0)
    );
    // It goes on like any diary.
    add(&mut diary, "after");
    assert!(is_sound(&mut diary));
}

#[test]
fn section_24_a_lost_node_is_rebuilt_and_the_tree_is_the_same() {
    let case = Case::new();
    let mut diary = open(&case.small.vault());
    let expected: Vec<_> = case
        .incidents
        .iter()
        .map(|id| narrative(&mut diary, *id))
        .collect();
    drop(diary);
    case.destroy(&[FULL_NODE]);
    let mut broken = open(&case.small.vault());
    assert!(
        broken.show(&IncidentRef::Id(case.incidents[0])).is_err(),
        "it is that node"
    );
    drop(broken);

    let (mut diary, salvaged) = case.saved();
    assert_eq!(failed(&salvaged.findings), [], "the entries tell all of it");
    assert!(diary.is_ancestor(&case.code).unwrap());
    let shown: Vec<_> = case
        .incidents
        .iter()
        .map(|id| narrative(&mut diary, *id))
        .collect();
    assert_eq!(shown, expected);
    assert!(is_sound(&mut diary));
}

#[test]
fn section_24_a_lost_entry_keeps_its_place_and_everything_says_so() {
    let case = Case::new();
    // The second incident; its place in the index is whole.
    case.destroy(&[8 + 2]);
    let (mut diary, salvaged) = case.saved();
    assert_eq!(failed(&salvaged.findings), [(Check::Cell, "entry 2")]);
    assert!(diary.is_ancestor(&case.code).unwrap(), "the leaf is known");
    let lost = diary.show(&IncidentRef::Id(case.incidents[1])).unwrap();
    assert_eq!((lost.incident, lost.lost), (None, 1));
    let page = diary
        .list(&Query {
            limit: Some(200),
            ..Query::default()
        })
        .unwrap();
    let line = page
        .incidents
        .iter()
        .find(|s| s.id == case.incidents[1])
        .unwrap();
    assert!(line.damaged && !line.erased);

    let report = diary.check(&mut NoProgress).unwrap();
    assert!(report.sound);
    let told = report
        .findings
        .iter()
        .find(|found| found.level == Level::Warning)
        .unwrap();
    assert_eq!(
        (told.check, told.subject.as_str()),
        (Check::Cell, "entry 2")
    );

    // A bundle of it is sound, and says that it cannot be everything.
    let confirmed = diary.confirm(&passphrase("a")).unwrap();
    let out = case.small.path("b.zip");
    let done = diary
        .export(&everything(), &out, confirmed, &mut NoProgress)
        .unwrap();
    assert_eq!(
        (done.incidents, done.in_log),
        (39, 40),
        "all but the lost one"
    );
    let options = VerifyOptions {
        fingerprint: Some(done.fingerprint),
    };
    let verdict = verify(&out, &options, &mut NoProgress).unwrap();
    assert!(verdict.sound, "{:?}", failed(&verdict.findings));
    let told = verdict
        .findings
        .iter()
        .find(|found| found.level == Level::Warning)
        .unwrap();
    assert!(told.detail.contains("1 entry was lost"), "{told:?}");

    // What is lost can be erased from the lists that show it, and salvaged once more.
    drop(diary);
    let again = case.small.path("again");
    let salvaged = salvage_with(&case.small.path("saved"), &again, "a").unwrap();
    assert!(salvaged.restored);
    assert!(is_sound(&mut open(&again)));
}

#[test]
fn section_24_where_even_the_leaf_is_lost_later_codes_do_not_fit() {
    let case = Case::new();
    let mut diary = open(&case.small.vault());
    let late = Fingerprint::of(&diary.log.checkpoint_at(42).unwrap());
    let early = Fingerprint::of(&diary.log.checkpoint_at(2).unwrap());
    drop(diary);
    // Incident 2, the node that knows its leaf, and what was left where that node was open.
    case.destroy(&[10, FULL_NODE, 1]);
    let (mut diary, salvaged) = case.saved();
    let failures = failed(&salvaged.findings);
    assert!(
        failures.contains(&(Check::Index, "entry 2")),
        "{failures:?}"
    );
    assert!(diary.is_ancestor(&early).unwrap());
    assert!(!diary.is_ancestor(&late).unwrap());
    assert!(
        is_sound(&mut diary),
        "{:?}",
        diary.check(&mut NoProgress).unwrap().findings
    );
    // An incident's other entries are still about it.
    assert_eq!(narrative(&mut diary, case.incidents[3]).unwrap(), "amended");
    assert_eq!(narrative(&mut diary, case.incidents[2]).unwrap(), "оқиға 2");
}

#[test]
fn section_24_a_lost_recording_keeps_its_files() {
    let case = Case::new();
    // Incident 6, to which a file is attached.
    case.destroy(&[8 + 7]);
    let (mut diary, _) = case.saved();
    let detail = diary.show(&IncidentRef::Id(case.incidents[6])).unwrap();
    assert_eq!((detail.lost, detail.evidence.len()), (1, 1));
    assert_eq!(extract(&mut diary, &case.item).unwrap(), [7; 70_000]);
    diary.erase(&IncidentRef::Id(case.incidents[6])).unwrap();
    assert!(is_sound(&mut diary));
}

#[test]
fn section_24_whatever_chunk_is_damaged_the_rest_is_saved() {
    let case = Case::new();
    let whole = fs::read(&case.backup).unwrap();
    let chunks = (whole.len() - HEAD) / CHUNK;
    assert!(chunks >= 4, "{chunks}");
    let altered = case.small.path("altered");
    let mut saved = 0;
    for chunk in 0..chunks {
        let mut bytes = whole.clone();
        bytes[HEAD + chunk * CHUNK + 100] ^= 1;
        fs::write(&altered, &bytes).unwrap();
        let (target, salvaged) = case.salvage(&altered);
        assert!(!salvaged.sound);
        let named = format!("chunk {chunk}");
        assert!(failed(&salvaged.findings).contains(&(Check::Backup, named.as_str())));
        if !salvaged.restored {
            continue;
        }
        saved += 1;
        let mut diary = open(&target);
        let report = diary.check(&mut NoProgress).unwrap();
        let files_only = failed(&report.findings);
        assert!(
            files_only
                .iter()
                .all(|(check, _)| *check == Check::EvidenceFile),
            "chunk {chunk}: {files_only:?}"
        );
        let page = diary
            .list(&Query {
                limit: Some(200),
                ..Query::default()
            })
            .unwrap();
        for line in page
            .incidents
            .iter()
            .filter(|line| !line.damaged && !line.erased)
        {
            assert!(narrative(&mut diary, line.id).is_some());
        }
    }
    assert!(saved >= chunks - 2, "{saved} of {chunks}");
}

#[test]
fn section_24_a_backup_that_was_cut_gives_what_it_has() {
    let case = Case::new();
    let whole = fs::read(&case.backup).unwrap();
    let altered = case.small.path("altered");
    let mut restored = Vec::new();
    for left in (HEAD..whole.len()).step_by(CHUNK / 2) {
        fs::write(&altered, &whole[..left]).unwrap();
        let (target, salvaged) = case.salvage(&altered);
        assert!(!salvaged.sound);
        if salvaged.restored {
            let page = open(&target).list(&Query::default()).unwrap();
            restored.push(page.incidents.iter().filter(|line| !line.damaged).count());
        }
    }
    assert!(
        restored.is_sorted() && restored.last() > Some(&30),
        "{restored:?}"
    );
}

#[test]
fn section_24_what_is_whole_is_restored_and_what_is_foreign_is_refused() {
    let case = Case::new();
    let (target, salvaged) = case.salvage(&case.backup);
    assert!(salvaged.sound && salvaged.restored);
    let mut diary = open(&target);
    let newest = diary.log.size() - 1;
    let newest = diary.log.read(newest).unwrap();
    assert_ne!(newest.place.kind, EntryKind::Salvaged);
    drop(diary);
    fs::remove_dir_all(&target).unwrap();

    let wrong = salvage_with(&case.backup, &target, "b");
    assert!(matches!(refused(wrong), VaultError::WrongSecret));
    let wrong = salvage_with(&case.small.vault(), &target, "b");
    assert!(matches!(refused(wrong), VaultError::WrongSecret));
    let none = salvage_with(case.small.folder.path(), &target, "a");
    assert!(matches!(refused(none), VaultError::NotAVault));
    let taken = salvage_with(&case.small.vault(), &case.small.vault(), "a");
    assert!(matches!(refused(taken), VaultError::TargetExists));
    let open_elsewhere = open(&case.small.vault());
    let in_use = salvage_with(&case.small.vault(), &target, "a");
    assert!(matches!(refused(in_use), VaultError::InUse));
    drop(open_elsewhere);
    // Cells of another diary under the same name are noise here.
    let other = Case::new();
    fs::copy(
        other.small.vault().join("log.db"),
        case.small.vault().join("log.db"),
    )
    .unwrap();
    let (_, nothing) = case.salvage(&case.small.vault());
    assert!(!nothing.restored && !nothing.sound);
    assert!(!leaves_anything(case.small.folder.path()));
}

#[test]
fn section_24_the_other_diary_comes_along() {
    let folder = temporary_folder();
    let vault = folder.path().join("vault");
    let new = |text: &str| NewPassphrase::even_if_weak(text.as_bytes()).unwrap();
    let cost = KdfCost::DangerCheapForTests;
    let clock = Box::new(SystemClock);
    let made = Diary::create_with_decoy(&vault, &new("a"), &new("b"), cost, clock);
    let (mut diary, _) = made.unwrap();
    add(&mut diary, "hers");
    let half = diary.log.vault().head().half.byte();
    drop(diary);
    add(&mut open_with(&vault, "b").unwrap(), "groceries");
    alter(
        &vault,
        half,
        "UPDATE own SET b = randomblob(2016) WHERE i = 0",
    );
    let target = folder.path().join("saved");
    assert!(salvage_with(&vault, &target, "a").unwrap().restored);
    for text in ["a", "b"] {
        let mut diary = open_with(&target, text).unwrap();
        assert_eq!(diary.list(&Query::default()).unwrap().incidents.len(), 1);
        assert!(is_sound(&mut diary));
    }
}
