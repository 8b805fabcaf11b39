//! What is done to a diary, drawn by chance.

use proptest::prelude::*;
use proptest::sample::select;

use crate::canonical::{Object, Value};

/// None of them is a part of another.
pub(super) const WORDS: [&str; 5] = ["балкон", "подъезд", "телефон", "машина", "двор"];
/// What the files hold, and how often.
pub(super) const CONTENTS: [(&[u8], usize); 3] = [(b"a", 1), (b"b", 20), (b"c", 3_000)];
pub(super) const FORMS: [&str; 2] = ["add", "amend"];
/// 1,960 bytes fit into one cell.
pub(super) const LENGTHS: [usize; 3] = [1, 1_900, 2_500];

pub(super) type Word = &'static str;

#[derive(Clone, Debug)]
pub(super) enum Step {
    Add(Words),
    Amend(Which, Part, Words),
    Withdraw(Which, Word),
    Erase(Which),
    Attach(Which, Word, usize),
    EraseItem(Which),
    GiveCode,
    SaveDraft(usize, usize),
    DiscardDraft(usize),
    ChangePassphrase,
    Rotate,
    /// Goes on in a vault that was made of a backup.
    Restore,
    Reopen,
    OpenWithCode,
    Kill,
}

/// An incident or item: counted from the oldest, and one in eight is none at all.
#[derive(Clone, Copy, Debug)]
pub(super) enum Which {
    Nth(usize),
    ByNumber(usize),
    None,
}

#[derive(Clone, Debug)]
pub(super) struct Words {
    pub(super) word: Word,
    pub(super) length: usize,
    pub(super) person: Option<(u8, Word)>,
    pub(super) note: Option<Word>,
}

/// What an amendment changes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    Narrative,
    People,
    Note,
    /// Refused: it does not say why.
    NoReason,
}

fn which() -> impl Strategy<Value = Which> {
    prop_oneof![
        4 => (0..100usize).prop_map(Which::Nth),
        3 => (0..100usize).prop_map(Which::ByNumber),
        1 => Just(Which::None),
    ]
}

fn words() -> impl Strategy<Value = Words> {
    let person = proptest::option::of((0..2u8, select(&WORDS)));
    let note = proptest::option::of(select(&WORDS));
    (select(&WORDS), select(&LENGTHS), person, note).prop_map(|(word, length, person, note)| {
        Words {
            word,
            length,
            person,
            note,
        }
    })
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    use Part::{Narrative, NoReason, Note, People};
    let part = select(&[Narrative, People, Note, NoReason]);
    prop_oneof![
        6 => words().prop_map(Step::Add),
        4 => (which(), part, words()).prop_map(|(w, part, words)| Step::Amend(w, part, words)),
        1 => (which(), select(&WORDS)).prop_map(|(w, word)| Step::Withdraw(w, word)),
        1 => which().prop_map(Step::Erase),
        4 => (which(), select(&WORDS), 0..CONTENTS.len())
            .prop_map(|(w, word, content)| Step::Attach(w, word, content)),
        2 => which().prop_map(Step::EraseItem),
        1 => Just(Step::GiveCode),
        1 => (0..FORMS.len(), select(&LENGTHS)).prop_map(|(form, n)| Step::SaveDraft(form, n)),
        1 => (0..FORMS.len()).prop_map(Step::DiscardDraft),
        2 => select(&[Step::ChangePassphrase, Step::Rotate, Step::Restore]),
        1 => select(&[Step::Reopen, Step::OpenWithCode]),
        1 => Just(Step::Kill),
    ]
}

impl Words {
    pub(super) fn narrative(&self) -> Value {
        format!("{} {}", self.word, "x".repeat(self.length)).into()
    }

    pub(super) fn people(&self) -> Option<Value> {
        let (key, name) = self.person?;
        let person = Object::from([
            ("key".to_owned(), format!("p{key}").into()),
            ("role".to_owned(), "perpetrator".into()),
            ("name".to_owned(), name.into()),
        ]);
        Some(Value::List(vec![Value::Object(person)]))
    }

    pub(super) fn incident(&self) -> Object {
        let occurred = Object::from([("from".to_owned(), "2026-10-03".into())]);
        let mut object = Object::from([
            ("occurred".to_owned(), Value::Object(occurred)),
            ("narrative".to_owned(), self.narrative()),
        ]);
        object.extend(self.people().map(|people| ("people".to_owned(), people)));
        object.extend(self.note.map(|n| ("private_note".to_owned(), n.into())));
        object
    }

    pub(super) fn changes(&self, part: Part) -> (String, Value) {
        match part {
            Part::Narrative | Part::NoReason => ("narrative".to_owned(), self.narrative()),
            Part::People => ("people".to_owned(), self.people().unwrap_or(Value::Null)),
            Part::Note => {
                let note = self.note.map_or(Value::Null, Value::from);
                ("private_note".to_owned(), note)
            }
        }
    }
}
