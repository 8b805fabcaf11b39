//! The answers of the diary are those of the list.

use sha2::{Digest, Sha256};

use super::list::{Later, Model, Told};
use super::steps::{CONTENTS, Word};
use crate::canonical::Value;
use crate::diary::fixture::extract;
use crate::diary::{Diary, IncidentRef, Query};
use crate::error::Error;
use crate::log::EntryKind;

pub(super) fn agree_on_pages(diary: &mut Diary, model: &Model, search: Option<Word>) {
    let expected = |told: &Told| {
        let amended = |l: &Later| l.kind == EntryKind::Amendment;
        (
            told.id,
            told.object.as_ref().map_or(String::new(), |object| {
                let narrative = object.get("narrative").and_then(Value::as_text);
                narrative.unwrap().chars().take(80).collect()
            }),
            told.live_items().count() as u32,
            told.history.iter().any(amended),
            told.withdrawn,
            told.object.is_none(),
        )
    };
    let mut listed = Vec::new();
    let mut after = None;
    loop {
        let query = Query {
            search: search.map(str::to_owned),
            limit: Some(2),
            after,
            ..Query::default()
        };
        let page = diary.list(&query).unwrap();
        listed.extend(
            page.incidents
                .into_iter()
                .map(|s| (s.id, s.title, s.evidence, s.amended, s.withdrawn, s.erased)),
        );
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let found = |told: &&Told| search.is_none_or(|word| told.holds(word));
    let incidents = model.incidents.iter().rev().filter(found);
    assert_eq!(listed, incidents.map(expected).collect::<Vec<_>>());
}

pub(super) fn agree_on_one(diary: &mut Diary, at: usize, told: &Told) {
    let detail = diary.show(&IncidentRef::Number(at as u32 + 1)).unwrap();
    assert_eq!((detail.id, detail.number), (told.id, at as u32 + 1));
    assert_eq!(detail.incident, told.object);
    assert_eq!(detail.withdrawn, told.withdrawn);
    let shown = detail.history.iter().map(|change| {
        let erased = change.recorded_at.is_none();
        (change.kind, change.reason.clone(), erased)
    });
    let expected = told.history.iter().map(|later| {
        let reason = later.reason.filter(|_| !later.erased);
        (later.kind, reason.map(str::to_owned), later.erased)
    });
    assert_eq!(shown.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    let shown = detail.evidence.iter().map(|item| {
        let from = (item.id, item.name.clone());
        (from, item.bytes, item.sha256)
    });
    let expected = told.live_items().map(|item| {
        let (name, content) = item.file.clone().unwrap();
        let (piece, times) = CONTENTS[content];
        let hash: [u8; 32] = Sha256::digest(piece.repeat(times)).into();
        ((item.id.unwrap(), name), times as u64, hash)
    });
    assert_eq!(shown.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    // The newest item of each incident; they share files, so all come in turn.
    if let Some(item) = told.history.iter().rfind(|later| later.id.is_some()) {
        let (piece, times) = CONTENTS[item.file.as_ref().unwrap().1];
        let original = extract(diary, &item.id.unwrap());
        if item.erased {
            assert!(matches!(original, Err(Error::Erased)));
        } else {
            assert!(original.unwrap() == piece.repeat(times));
        }
    }
    assert!(matches!(extract(diary, &told.id), Err(Error::NotAnItem)));
}
