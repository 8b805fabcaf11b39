//! Any sequence of what a diary can do, against a plain list in memory that does the same.

mod answers;
mod list;
mod moves;
mod steps;

use std::cell::Cell;
use std::time::Instant;

use proptest::collection::vec;
use proptest::test_runner::{Config, TestRunner};

use self::answers::{agree_on_one, agree_on_pages};
use self::list::{Later, Model, Told};
use self::steps::{CONTENTS, FORMS, Part, Step, WORDS, Which, Word, Words, step};
use super::fixture::{self, attach, names};
use super::*;
use crate::progress::NoProgress;

struct Case {
    folder: tempfile::TempDir,
    vault: std::path::PathBuf,
    diary: Option<Diary>,
    model: Model,
    passphrase: String,
    code: RecoveryCode,
    kills: u32,
    restored: u32,
}

impl Case {
    fn new() -> Self {
        let folder = fixture::temporary_folder();
        let vault = folder.path().join("vault");
        let (diary, code) = fixture::create(&vault);
        let model = Model {
            size: 1,
            ..Model::default()
        };
        Self {
            folder,
            vault,
            diary: Some(diary),
            model,
            passphrase: "a".to_owned(),
            code,
            kills: 0,
            restored: 0,
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
            Step::ChangePassphrase => {
                let (new, confirmed) = self.another_passphrase();
                self.diary().change_passphrase(&new, confirmed).unwrap();
                self.model.append();
            }
            Step::Rotate => {
                let (new, confirmed) = self.another_passphrase();
                self.code = self
                    .diary()
                    .rotate(&new, confirmed, &mut NoProgress)
                    .unwrap();
                self.model.append();
            }
            Step::Restore => self.restore(),
            Step::Reopen => {
                self.diary = None;
                self.open();
            }
            Step::OpenWithCode => {
                self.diary = None;
                let opened = fixture::open_with_code(&self.vault, &self.code);
                self.diary = Some(opened.unwrap());
            }
            Step::Kill => self.kill(),
        }
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
        let at = self.model.append();
        assert_eq!((recorded.id.number(), recorded.number), (at, number));
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
        self.model.append();
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
                self.model.append();
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
        self.model.append();
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
        told.history.push(Later {
            id: Some(item.id),
            file: Some((name, content)),
            ..Later::new(EntryKind::Evidence, None)
        });
        assert_eq!(item.id.number(), self.model.append());
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
        self.model.append();
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

/// Sequences that an ordinary run tries, and steps of one, at most; `tests/long model` 10,000 of 36.
const CASES: u32 = 200;
const STEPS: usize = 8;
/// Sequences between two looks at the time.
const BATCH: u32 = 8;

/// `DIARY_MODEL_CASES` long sequences, or as many as `DIARY_MODEL_MINUTES` have room for.
#[test]
#[allow(clippy::print_stdout)] // its figures
fn a_diary_does_what_a_list_in_memory_does() {
    let number = |name: &str| std::env::var(name).ok()?.parse::<u32>().ok();
    let (wanted, steps) = match number("DIARY_MODEL_CASES") {
        Some(wanted) => (wanted, 36),
        None => (CASES, STEPS),
    };
    let minutes = number("DIARY_MODEL_MINUTES").filter(|minutes| *minutes > 0);
    let (began, mut cases) = (Instant::now(), 0);
    let (played, kills, restored) = (Cell::new(0), Cell::new(0), Cell::new(0));
    while cases < wanted
        && minutes.is_none_or(|most| began.elapsed().as_secs() < 60 * u64::from(most))
    {
        let mut runner = TestRunner::new(Config {
            cases: BATCH.min(wanted - cases),
            failure_persistence: None,
            ..Config::default()
        });
        let outcome = runner.run(&vec(step(), 1..=steps), |steps| {
            let mut case = Case::new();
            for (turn, step) in steps.iter().enumerate() {
                case.run(step);
                case.agree(Some(turn));
            }
            case.run(&Step::Kill);
            case.agree_on_everything();
            played.set(played.get() + steps.len());
            kills.set(kills.get() + case.kills);
            restored.set(restored.get() + case.restored);
            Ok(())
        });
        assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
        cases += BATCH.min(wanted - cases);
    }
    let (played, kills, restored) = (played.get(), kills.get(), restored.get());
    println!(
        "figures: {cases} sequences of {played} steps, {kills} of them kills, {restored} a backup restored"
    );
}
