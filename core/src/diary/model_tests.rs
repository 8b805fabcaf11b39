//! Any sequence of what a diary can do, against a plain list in memory that does the same.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use sha2::{Digest, Sha256};

use super::fixture::{self, attach, extract, names};
use super::*;
use crate::progress::NoProgress;

/// None of them is a part of another.
const WORDS: [&str; 5] = ["балкон", "подъезд", "телефон", "машина", "двор"];
/// What the files hold, and how often.
const CONTENTS: [(&[u8], usize); 3] = [(b"a", 1), (b"b", 20), (b"c", 3_000)];
const FORMS: [&str; 2] = ["add", "amend"];
/// 1,960 bytes fit into one cell.
const LENGTHS: [usize; 3] = [1, 1_900, 2_500];

type Word = &'static str;

#[derive(Clone, Debug)]
enum Step {
    Add(Words),
    Amend(Which, Part, Words),
    Withdraw(Which, Word),
    Erase(Which),
    Attach(Which, Word, usize),
    EraseItem(Which),
    GiveCode,
    SaveDraft(usize, usize),
    DiscardDraft(usize),
    Reopen,
    Kill,
}

/// An incident or item: counted from the oldest, and one in eight is none at all.
#[derive(Clone, Copy, Debug)]
enum Which {
    Nth(usize),
    ByNumber(usize),
    None,
}

#[derive(Clone, Debug)]
struct Words {
    word: Word,
    length: usize,
    person: Option<(u8, Word)>,
    note: Option<Word>,
}

/// What an amendment changes.
#[derive(Clone, Copy, Debug)]
enum Part {
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

fn step() -> impl Strategy<Value = Step> {
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
        1 => Just(Step::Reopen),
        1 => Just(Step::Kill),
    ]
}

/// An incident as the list in memory holds it.
struct Told {
    id: EntryId,
    /// `None` when it was erased.
    object: Option<Object>,
    withdrawn: bool,
    history: Vec<Later>,
}

struct Later {
    id: Option<EntryId>,
    kind: EntryKind,
    reason: Option<Word>,
    file: Option<(String, usize)>,
    erased: bool,
}

#[derive(Default)]
struct Model {
    /// Entries in the log.
    size: u32,
    incidents: Vec<Told>,
    drafts: BTreeMap<Word, String>,
    codes: Vec<(u32, Fingerprint)>,
}

struct Case {
    folder: tempfile::TempDir,
    vault: std::path::PathBuf,
    diary: Option<Diary>,
    model: Model,
    kills: u32,
}

impl Words {
    fn narrative(&self) -> Value {
        format!("{} {}", self.word, "x".repeat(self.length)).into()
    }

    fn people(&self) -> Option<Value> {
        let (key, name) = self.person?;
        let person = Object::from([
            ("key".to_owned(), format!("p{key}").into()),
            ("role".to_owned(), "perpetrator".into()),
            ("name".to_owned(), name.into()),
        ]);
        Some(Value::List(vec![Value::Object(person)]))
    }

    fn incident(&self) -> Object {
        let occurred = Object::from([("from".to_owned(), "2026-10-03".into())]);
        let mut object = Object::from([
            ("occurred".to_owned(), Value::Object(occurred)),
            ("narrative".to_owned(), self.narrative()),
        ]);
        object.extend(self.people().map(|people| ("people".to_owned(), people)));
        object.extend(self.note.map(|n| ("private_note".to_owned(), n.into())));
        object
    }

    fn changes(&self, part: Part) -> (String, Value) {
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

impl Told {
    fn live_items(&self) -> impl Iterator<Item = &Later> {
        self.history
            .iter()
            .filter(|later| later.kind == EntryKind::Evidence && !later.erased)
    }

    fn erase_all(&mut self) {
        self.object = None;
        for later in &mut self.history {
            later.erased |= later.kind != EntryKind::Erasure;
        }
    }

    /// Whether a search finds it.
    fn holds(&self, word: &str) -> bool {
        let Some(object) = &self.object else {
            return false;
        };
        let text = String::from_utf8(Value::Object(object.clone()).to_bytes()).unwrap();
        let later = |l: &Later| {
            let named = l.file.as_ref().is_some_and(|(name, _)| name.contains(word));
            !l.erased && (l.reason == Some(word) || named)
        };
        text.contains(word) || self.history.iter().any(later)
    }
}

impl Later {
    fn new(kind: EntryKind, reason: Option<Word>) -> Self {
        Self {
            id: None,
            kind,
            reason,
            file: None,
            erased: false,
        }
    }
}

impl Model {
    fn is_held(&self, content: usize) -> bool {
        let mut items = self.incidents.iter().flat_map(Told::live_items);
        items.any(|item| item.file.as_ref().is_some_and(|(_, held)| *held == content))
    }

    fn files(&self) -> usize {
        (0..CONTENTS.len()).filter(|c| self.is_held(*c)).count()
    }

    fn people(&self) -> Vec<Person> {
        let mut people: BTreeMap<String, Person> = BTreeMap::new();
        for object in self
            .incidents
            .iter()
            .filter_map(|told| told.object.as_ref())
        {
            let list = object.get("people").and_then(Value::as_list);
            for person in list.unwrap_or_default() {
                let text = |member| person.as_object().unwrap().get(member).unwrap().as_text();
                let (key, name) = (text("key").unwrap(), text("name").unwrap().to_owned());
                let held = people.entry(key.to_owned()).or_insert_with(|| Person {
                    key: key.to_owned(),
                    names: Vec::new(),
                    roles: vec!["perpetrator".to_owned()],
                    incidents: 0,
                });
                held.incidents += 1;
                if !held.names.contains(&name) {
                    held.names.push(name);
                }
            }
        }
        people.into_values().collect()
    }
}

impl Case {
    fn new() -> Self {
        let folder = fixture::temporary_folder();
        let vault = folder.path().join("vault");
        let (diary, _) = fixture::create(&vault);
        let model = Model {
            size: 1,
            ..Model::default()
        };
        Self {
            folder,
            vault,
            diary: Some(diary),
            model,
            kills: 0,
        }
    }

    fn diary(&mut self) -> &mut Diary {
        self.diary.as_mut().unwrap()
    }

    fn run(&mut self, step: &Step) {
        match step {
            Step::Add(words) => self.add(words),
            Step::Amend(which, part, words) => self.amend(*which, *part, words),
            Step::Withdraw(which, word) => self.withdraw(*which, word),
            Step::Erase(which) => self.erase(*which),
            Step::Attach(which, word, content) => self.attach(*which, word, *content),
            Step::EraseItem(which) => self.erase_item(*which),
            Step::GiveCode => self.give_code(),
            Step::SaveDraft(form, length) => {
                let text = format!("{}{}", FORMS[*form], "ә".repeat(*length));
                let form = FORMS[*form];
                self.diary().save_draft(form, text.as_bytes()).unwrap();
                self.model.drafts.insert(form, text);
            }
            Step::DiscardDraft(form) => {
                self.diary().discard_draft(FORMS[*form]).unwrap();
                self.model.drafts.remove(FORMS[*form]);
            }
            Step::Reopen => {
                self.diary = None;
                self.diary = Some(fixture::open(&self.vault));
            }
            Step::Kill => self.kill(),
        }
    }

    /// Goes on in a copy of the folder as it lies, with the log of writes not moved.
    fn kill(&mut self) {
        self.kills += 1;
        let copy = self.folder.path().join(format!("copy-{}", self.kills));
        fixture::copy(&self.vault, &copy);
        self.diary = None;
        std::fs::remove_dir_all(&self.vault).unwrap();
        self.vault = copy;
        self.diary = Some(fixture::open(&self.vault));
    }

    /// Where in the list an incident stands, and how it is asked for.
    fn find(&self, which: Which) -> (Option<usize>, IncidentRef) {
        let count = self.model.incidents.len();
        let nth = |n: usize| n % count.max(1);
        match which {
            Which::Nth(n) if count > 0 => {
                let id = self.model.incidents[nth(n)].id;
                (Some(nth(n)), IncidentRef::Id(id))
            }
            Which::ByNumber(n) if count > 0 => {
                (Some(nth(n)), IncidentRef::Number(nth(n) as u32 + 1))
            }
            _ => (None, IncidentRef::Number(count as u32 + 1)),
        }
    }

    fn add(&mut self, words: &Words) {
        let object = words.incident();
        let incident = Incident::from_value(&object).unwrap();
        let recorded = self.diary().add(&incident).unwrap();
        let number = self.model.incidents.len() as u32 + 1;
        assert_eq!(
            (recorded.id.number(), recorded.number),
            (self.model.size, number)
        );
        self.model.size += 1;
        self.model.incidents.push(Told {
            id: recorded.id,
            object: Some(object),
            withdrawn: false,
            history: Vec::new(),
        });
    }

    fn amend(&mut self, which: Which, part: Part, words: &Words) {
        let (at, asked) = self.find(which);
        let (name, value) = words.changes(part);
        let changes = Object::from([(name.clone(), value.clone())]);
        let changes = Changes::from_value(&changes).unwrap();
        let reason = match part {
            Part::NoReason => "",
            _ => words.word,
        };
        let answer = self.diary().amend(&asked, &changes, reason);
        if reason.is_empty() {
            assert!(matches!(answer, Err(Error::Field(_))));
            return;
        }
        let Some(at) = at else {
            assert!(matches!(answer, Err(Error::NotFound)));
            return;
        };
        let told = &mut self.model.incidents[at];
        let Some(object) = &mut told.object else {
            assert!(matches!(answer, Err(Error::Erased)));
            return;
        };
        let recorded = answer.unwrap();
        assert_eq!((recorded.id, recorded.number), (told.id, at as u32 + 1));
        if value == Value::Null {
            object.remove(&name);
        } else {
            object.insert(name, value);
        }
        let later = Later::new(EntryKind::Amendment, Some(words.word));
        told.history.push(later);
        self.model.size += 1;
    }

    fn withdraw(&mut self, which: Which, reason: Word) {
        let (at, asked) = self.find(which);
        let answer = self.diary().withdraw(&asked, reason);
        let Some(at) = at else {
            assert!(matches!(answer, Err(Error::NotFound)));
            return;
        };
        let told = &mut self.model.incidents[at];
        match (&told.object, told.withdrawn) {
            (None, _) => assert!(matches!(answer, Err(Error::Erased))),
            (_, true) => assert!(matches!(answer, Err(Error::AlreadyWithdrawn))),
            _ => {
                assert_eq!(answer.unwrap().id, told.id);
                told.withdrawn = true;
                let later = Later::new(EntryKind::Withdrawal, Some(reason));
                told.history.push(later);
                self.model.size += 1;
            }
        }
    }

    fn erase(&mut self, which: Which) {
        let (at, asked) = self.find(which);
        let before = self.model.files();
        let answer = self.diary().erase(&asked);
        let Some(at) = at else {
            assert!(matches!(answer, Err(Error::NotFound)));
            return;
        };
        let told = &mut self.model.incidents[at];
        if told.object.is_none() {
            assert!(matches!(answer, Err(Error::Erased)));
            return;
        }
        let kept = |later: &&Later| later.kind != EntryKind::Erasure && !later.erased;
        let entries = told.history.iter().filter(kept).count() as u32 + 1;
        told.erase_all();
        told.history.push(Later::new(EntryKind::Erasure, None));
        self.model.size += 1;
        let files = (before - self.model.files()) as u32;
        assert_eq!(answer.unwrap(), Erased { entries, files });
    }

    fn attach(&mut self, which: Which, word: Word, content: usize) {
        let (at, asked) = self.find(which);
        let (piece, times) = CONTENTS[content];
        let (name, bytes) = (format!("{word}.bin"), piece.repeat(times));
        let answer = attach(self.diary(), &asked, &name, &bytes);
        let Some(at) = at else {
            assert!(matches!(answer, Err(Error::NotFound)));
            return;
        };
        let duplicate = self.model.is_held(content);
        let told = &mut self.model.incidents[at];
        if told.object.is_none() {
            assert!(matches!(answer, Err(Error::Erased)));
            return;
        }
        let item = answer.unwrap();
        assert_eq!(item.duplicate, duplicate);
        assert_eq!(item.id.number(), self.model.size);
        self.model.size += 1;
        told.history.push(Later {
            id: Some(item.id),
            file: Some((name, content)),
            ..Later::new(EntryKind::Evidence, None)
        });
    }

    fn erase_item(&mut self, which: Which) {
        let items: Vec<(usize, usize)> = self
            .model
            .incidents
            .iter()
            .enumerate()
            .flat_map(|(i, told)| (0..told.history.len()).map(move |at| (i, at)))
            .filter(|(i, at)| self.model.incidents[*i].history[*at].id.is_some())
            .collect();
        let (Which::Nth(n) | Which::ByNumber(n)) = which else {
            // Right number, wrong letters.
            let Some((_, id)) = self.wrong_id() else {
                return;
            };
            let asked = IncidentRef::Id(id);
            assert!(matches!(self.diary().erase(&asked), Err(Error::NotFound)));
            return;
        };
        if items.is_empty() {
            return;
        }
        let (i, at) = items[n % items.len()];
        let before = self.model.files();
        let id = self.model.incidents[i].history[at].id.unwrap();
        let answer = self.diary().erase(&IncidentRef::Id(id));
        let later = &mut self.model.incidents[i].history[at];
        if later.erased {
            assert!(matches!(answer, Err(Error::Erased)));
            return;
        }
        later.erased = true;
        let erasure = Later::new(EntryKind::Erasure, None);
        self.model.incidents[i].history.push(erasure);
        self.model.size += 1;
        let files = (before - self.model.files()) as u32;
        let erased = Erased { entries: 1, files };
        assert_eq!(answer.unwrap(), erased);
    }

    fn wrong_id(&self) -> Option<(usize, EntryId)> {
        let id = self.model.incidents.first()?.id;
        Some((0, EntryId::new(id.number(), &[0x55; 32]))).filter(|(_, wrong)| *wrong != id)
    }

    fn give_code(&mut self) {
        let code = self.diary().fingerprint().unwrap();
        let size = self.model.size;
        for (earlier, known) in &self.model.codes {
            assert_eq!(*known == code, *earlier == size);
        }
        self.model.codes.push((size, code));
    }

    /// Answers of the diary are the model's: some in turn, or all of them.
    fn agree(&mut self, turn: Option<usize>) {
        let Self {
            diary,
            model,
            vault,
            ..
        } = self;
        let diary = diary.as_mut().unwrap();
        assert_eq!(diary.log.size(), model.size);
        let is_due = |at: usize, of: usize| turn.is_none_or(|turn| turn % of == at);
        agree_on_pages(diary, model, None);
        for (at, word) in WORDS.into_iter().enumerate() {
            if is_due(at, WORDS.len()) {
                agree_on_pages(diary, model, Some(word));
            }
        }
        for (at, told) in model.incidents.iter().enumerate() {
            if is_due(at, model.incidents.len()) {
                agree_on_one(diary, at, told);
            }
        }
        assert_eq!(diary.people().unwrap(), model.people());
        for form in FORMS {
            let draft = diary.draft(form).unwrap().map(|text| text.to_vec());
            let expected = model.drafts.get(form).map(|text| text.as_bytes().to_vec());
            assert_eq!(draft, expected);
        }
        let mut marked: Vec<u32> = model.codes.iter().rev().map(|(size, _)| *size).collect();
        marked.dedup();
        assert_eq!(diary.log.marked_sizes().unwrap(), marked);
        assert_eq!(names(&vault.join("evidence")).len(), model.files());
    }

    /// What is too slow to ask after every step.
    fn agree_on_everything(&mut self) {
        self.agree(None);
        let Self { diary, model, .. } = self;
        let diary = diary.as_mut().unwrap();
        for (_, code) in &model.codes {
            assert!(diary.is_ancestor(code).unwrap());
        }
        let report = diary.check(&mut NoProgress).unwrap();
        assert!(report.sound, "{:#?}", report.findings);
    }
}

fn agree_on_pages(diary: &mut Diary, model: &Model, search: Option<Word>) {
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

fn agree_on_one(diary: &mut Diary, at: usize, told: &Told) {
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

/// Few cases, since ciphers are slow in a test build: `PROPTEST_CASES` asks for more.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: match std::env::var("PROPTEST_CASES") {
            Ok(_) => ProptestConfig::default().cases,
            Err(_) => 32,
        },
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]
    #[test]
    fn a_diary_does_what_a_list_in_memory_does(steps in vec(step(), 1..36)) {
        let mut case = Case::new();
        for (turn, step) in steps.iter().enumerate() {
            case.run(step);
            case.agree(Some(turn));
        }
        case.run(&Step::Kill);
        case.agree_on_everything();
    }
}
