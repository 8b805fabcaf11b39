//! What a person finds in a vault of which something was changed: whether it is told, when, and what
//! can be read all the same.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::{fmt, fs};

use diary_core::bundle::Level;
use diary_core::diary::{Cursor, IncidentRef, Opener, Query, TokenStatus};
use diary_core::time::SystemClock;
use diary_core::vault::{Token, VaultError};
use diary_core::{Diary, Error, NoProgress};

use crate::disk::{Image, image_of, lay_out};
use crate::limit::{LIMIT, within};
use crate::player::{open, passphrase};
use crate::view::temporary_folder;
use crate::watch;

/// What became of a change.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Outcome {
    /// The vault does not open, and says why.
    AtUnlock,
    /// It opens, and what is damaged says so when it is read.
    WhenRead,
    /// Everything that is read is as before; `check` says what is wrong.
    ByCheck,
    /// All of it is as it was once; the token that a shell keeps outside says so.
    ByToken,
    /// Every entry is as before; a draft is an older one, or a code that was given out is forgotten. Neither
    /// is in the log that the token is over (FORMAT.md 16).
    SameLog,
    /// Everything is as before: filler, the other half, an old copy.
    Unaffected,
    /// Something else is shown, and nothing is said.
    Silent,
    /// It does not open, and the answer is of something else: a wrong passphrase, another program.
    Misnamed,
    Panicked,
}

/// How often each outcome was met.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    of: BTreeMap<Outcome, usize>,
    /// Incidents, drafts and files that could be read, and all there were, where something was told.
    pub readable: usize,
    pub all: usize,
    /// Incidents that were saved from vaults that did not open, and all there were in these.
    pub saved: usize,
    pub to_save: usize,
    /// What was told at unlock.
    pub answers: BTreeMap<String, usize>,
    /// What must not be.
    pub wrong: Vec<String>,
}

/// A vault that is whole, to be changed again and again.
pub struct Sample {
    folder: tempfile::TempDir,
    good: Image,
    /// Passphrases that hold, or held before.
    secrets: Vec<String>,
    token: Token,
    shown: Shown,
    /// What it showed at moments before.
    earlier: Vec<Shown>,
}

/// All that a diary shows, each as text or as the error in its place.
pub type Shown = BTreeMap<String, Result<String, String>>;

impl Sample {
    /// Takes over the vault in `folder`, which is locked; the last passphrase holds.
    /// `earlier` is what it showed at moments before.
    pub fn of(vault: &Path, secrets: &[&str], earlier: Vec<Shown>) -> Self {
        let folder = temporary_folder();
        lay_out(&image_of(vault), &folder.path().join("vault")).expect("room for a vault");
        let secrets: Vec<String> = secrets.iter().map(|&secret| secret.into()).collect();
        let newest = secrets.last().expect("one passphrase");
        let mut diary = open(&folder.path().join("vault"), newest).expect("it is whole");
        let shown = shown_by(&mut diary);
        assert!(shown.values().all(Result::is_ok), "{shown:#?}");
        let token = diary.new_token(None).expect("it is open");
        drop(diary);
        let good = image_of(&folder.path().join("vault"));
        Self {
            folder,
            good,
            secrets,
            token,
            shown,
            earlier,
        }
    }

    pub fn vault(&self) -> PathBuf {
        self.folder.path().join("vault")
    }

    pub fn file(&self, name: &str) -> &[u8] {
        let content = self.good.get(name).and_then(Option::as_ref);
        content.expect("a file of the vault")
    }

    /// Whether it has a file of this name.
    pub fn has(&self, name: &str) -> bool {
        self.good.contains_key(name)
    }

    /// The one sealed file in `evidence/` that is number `at` of them.
    pub fn evidence(&self, at: usize) -> &str {
        let mut files = self
            .good
            .keys()
            .filter(|name| name.starts_with("evidence/"));
        files.nth(at).expect("as many files")
    }

    /// Changes the vault, looks, counts, and puts everything back. `salvage`: what does not open is saved
    /// too, as far as it can be.
    pub fn change(
        &self,
        counts: &mut Counts,
        salvage: bool,
        what: &dyn fmt::Display,
        change: &dyn Fn(&Path),
    ) -> Outcome {
        change(&self.vault());
        let looked = within(LIMIT, what, || {
            catch_unwind(AssertUnwindSafe(|| self.look(counts)))
        });
        let outcome = looked.unwrap_or(Outcome::Panicked);
        self.put_back();
        counts.add(outcome, what);
        if salvage && outcome == Outcome::AtUnlock {
            change(&self.vault());
            within(LIMIT, what, || self.save(counts, what));
            self.put_back();
        }
        outcome
    }

    /// Changes the vault, gives what cannot be read then, and puts everything back; nothing if it does not open.
    pub fn lost(&self, change: &dyn Fn(&Path)) -> Option<BTreeSet<String>> {
        change(&self.vault());
        let newest = self.secrets.last().expect("one passphrase");
        let shown = open(&self.vault(), newest).map(|mut diary| shown_by(&mut diary));
        self.put_back();
        let shown = shown.ok()?;
        let reads = |what: &String| shown.get(what).is_some_and(Result::is_ok);
        let lost = self
            .shown
            .keys()
            .filter(|what| *what != CHECK && !reads(what));
        Some(lost.cloned().collect())
    }

    /// Looks, and saves what can be, while a sector of a file cannot be read; counts, and puts everything back.
    pub fn with_bad_sector(&self, counts: &mut Counts, name: &str, number: usize) -> Outcome {
        let what = format!("{name}, sector {number}");
        let with_it = |work: &mut dyn FnMut()| {
            watch::watch(&self.vault(), None);
            watch::set_bad_sector(name, number);
            work();
            watch::end();
            self.put_back();
        };
        let mut outcome = Outcome::Panicked;
        with_it(&mut || {
            let looked = catch_unwind(AssertUnwindSafe(|| self.look(counts)));
            outcome = looked.unwrap_or(Outcome::Panicked);
        });
        counts.add(outcome, &what);
        if outcome == Outcome::AtUnlock {
            with_it(&mut || self.save(counts, &what));
        }
        outcome
    }

    /// Saves what can be, and counts it.
    fn save(&self, counts: &mut Counts, what: &dyn fmt::Display) {
        counts.to_save += self.incidents();
        match catch_unwind(AssertUnwindSafe(|| self.saved())) {
            Ok(Ok(saved)) => counts.saved += saved,
            Ok(Err(why)) => counts.wrong.push(format!("{what}, saved: {why}")),
            Err(_) => counts.wrong.push(format!("{what}: saving it panicked")),
        }
    }

    fn look(&self, counts: &mut Counts) -> Outcome {
        let vault = self.vault();
        let mut opened = Err(Error::Vault(VaultError::WrongSecret));
        for secret in self.secrets.iter().rev() {
            opened = open(&vault, secret);
            if !matches!(opened, Err(Error::Vault(VaultError::WrongSecret))) {
                break;
            }
        }
        let mut diary = match opened {
            Ok(diary) => diary,
            Err(Error::Vault(VaultError::InUse)) => return Outcome::Misnamed,
            Err(Error::Vault(VaultError::WrongSecret)) if self.has_its_key_file() => {
                return Outcome::Misnamed;
            }
            Err(error) if !self.tells_damage(&error) => return Outcome::Misnamed,
            Err(error) => {
                *counts.answers.entry(error.to_string()).or_default() += 1;
                return Outcome::AtUnlock;
            }
        };
        let shown = shown_by(&mut diary);
        let status = diary.token_status(&self.token);
        let older = matches!(status, Ok(TokenStatus::Older | TokenStatus::Forked));
        drop(diary);
        let outcome = self.judge(&shown, older);
        if !matches!(
            outcome,
            Outcome::Unaffected | Outcome::ByToken | Outcome::SameLog
        ) {
            let things = || self.shown.keys().filter(|what| *what != CHECK);
            counts.all += things().count();
            let reads = |what: &&String| shown.get(*what).is_some_and(Result::is_ok);
            counts.readable += things().filter(reads).count();
        }
        outcome
    }

    /// The answer is of what was done to the vault.
    fn tells_damage(&self, error: &Error) -> bool {
        match error {
            Error::Vault(error) => match error {
                VaultError::Damaged(_)
                | VaultError::CellsMissing
                | VaultError::ForeignDatabase
                | VaultError::OldHeader
                | VaultError::Database(_) => true,
                // Only of the key file itself, which may not be there; but beside a log it is one of a vault.
                VaultError::DamagedHeader => !self.has_its_key_file(),
                // A sector that is not read.
                VaultError::Io(_) | VaultError::ReadOnly => watch::so_far().1,
                _ => false,
            },
            _ => false,
        }
    }

    fn judge(&self, shown: &Shown, older: bool) -> Outcome {
        if *shown == self.shown {
            return Outcome::Unaffected;
        }
        let was = self.earlier.contains(shown);
        if older && was {
            return Outcome::ByToken;
        }
        let told: Vec<&String> = shown
            .iter()
            .filter(|(_, shown)| shown.is_err())
            .map(|(what, _)| what)
            .collect();
        let differs = |(what, shown): (&String, &Result<String, String>)| {
            let in_no_entry = what == CHECK || what == DRAFT && told.is_empty();
            // What an earlier moment showed is no other content, if the token tells that it is one.
            let earlier = |state: &Shown| older && state.get(what) == Some(shown);
            let known = self.shown.get(what) == Some(shown) || self.earlier.iter().any(earlier);
            !in_no_entry && shown.is_ok() && !known
        };
        // What is not there any more must be said: of a file by its own incident, of an incident by the list.
        let lost = |what: &str| shown.get(what).is_some_and(Result::is_err);
        let there = |what: &String| {
            let incident = what
                .strip_prefix("item ")
                .and_then(|ids| ids.split_once(' '));
            let its_show = |(incident, _)| lost(&format!("show {incident}"));
            shown.contains_key(what) || lost("list") || incident.is_some_and(its_show)
        };
        let complete_as = |state: &Shown| state.keys().all(there);
        let complete = complete_as(&self.shown) || older && self.earlier.iter().any(complete_as);
        if shown.iter().any(differs) || !complete {
            return Outcome::Silent;
        }
        if told.is_empty() {
            if was {
                Outcome::SameLog
            } else {
                Outcome::Silent
            }
        } else if told.iter().all(|what| *what == CHECK) {
            Outcome::ByCheck
        } else {
            Outcome::WhenRead
        }
    }

    /// How many incidents a salvage gives back, each as it was recorded or amended.
    fn saved(&self) -> Result<usize, String> {
        let target = self.folder.path().join("saved");
        let _ = fs::remove_dir_all(&target);
        let secret = passphrase(self.secrets.last().expect("one passphrase"));
        let saved = Diary::danger_salvage_with_cheap_kdf_for_tests(
            &self.vault(),
            &target,
            Opener::Passphrase(&secret),
            || Box::new(SystemClock),
            &mut NoProgress,
        );
        let saved = saved.map_err(|error| error.to_string())?;
        if !saved.restored {
            return Err(format!("nothing: {:?}", saved.findings));
        }
        let newest = self.secrets.last().expect("one passphrase");
        let mut diary = open(&target, newest).map_err(|error| error.to_string())?;
        let page = diary.list(&Query::default());
        let page = page.map_err(|error| error.to_string())?;
        let mut count = 0;
        for summary in page
            .incidents
            .iter()
            .filter(|one| !one.erased && !one.damaged)
        {
            let detail = diary.show(&IncidentRef::Id(summary.id));
            let detail = detail.map_err(|error| error.to_string())?;
            let Some(Ok(whole)) = self.shown.get(&format!("show {}", summary.id)) else {
                return Err("an incident that never was".to_owned());
            };
            // Its newest words, or older ones that are in its history.
            let incident = format!("{:?}", detail.incident);
            let key = format!("show {}", summary.id);
            let before = self
                .earlier
                .iter()
                .filter_map(|state| state.get(&key)?.as_ref().ok());
            if !whole.contains(&incident)
                && !before.into_iter().any(|said| said.contains(&incident))
            {
                return Err("other words than were recorded".to_owned());
            }
            count += 1;
        }
        let said = saved.findings.iter().any(|found| found.level != Level::Ok);
        if count < self.incidents() && !said {
            return Err("nothing is said of what is lost".to_owned());
        }
        Ok(count)
    }

    fn has_its_key_file(&self) -> bool {
        fs::read(self.vault().join("header")).ok().as_deref() == Some(self.file("header"))
    }

    fn incidents(&self) -> usize {
        self.shown
            .keys()
            .filter(|what| what.starts_with("show"))
            .count()
    }

    fn put_back(&self) {
        let vault = self.vault();
        let now = image_of(&vault);
        for name in now.keys().filter(|name| !self.good.contains_key(*name)) {
            let _ = fs::remove_file(vault.join(name));
        }
        for (name, content) in &self.good {
            if let Some(bytes) = content
                && now.get(name) != Some(content)
            {
                fs::write(vault.join(name), bytes).expect("room for a file");
            }
        }
    }
}

const CHECK: &str = "check";
const DRAFT: &str = "draft";

/// What a copy of a vault shows now, whoever has it open.
pub fn shown_in(vault: &Path, secret: &str) -> Shown {
    let folder = temporary_folder();
    lay_out(&image_of(vault), folder.path()).expect("room for a vault");
    shown_by(&mut open(folder.path(), secret).expect("it is whole"))
}

fn shown_by(diary: &mut Diary) -> Shown {
    let mut shown = Shown::new();
    let mut after: Option<Cursor> = None;
    loop {
        let query = Query {
            limit: Some(200),
            after,
            ..Query::default()
        };
        let page = match diary.list(&query) {
            Ok(page) => page,
            Err(error) => {
                shown.insert("list".to_owned(), Err(error.to_string()));
                break;
            }
        };
        for summary in &page.incidents {
            let line = format!("{summary:?}");
            let line = if summary.damaged { Err(line) } else { Ok(line) };
            shown.insert(format!("line {}", summary.id), line);
            let detail = diary.show(&IncidentRef::Id(summary.id));
            for item in detail.iter().flat_map(|detail| &detail.evidence) {
                let out = temporary_folder();
                let read = diary.extract(&item.id, &out.path().join("out"), &mut NoProgress);
                shown.insert(format!("item {} {}", summary.id, item.id), text(read));
            }
            shown.insert(format!("show {}", summary.id), text(detail));
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let draft = diary.draft("form");
    shown.insert(
        DRAFT.to_owned(),
        text(draft.map(|draft| draft.map(|draft| draft.to_vec()))),
    );
    shown.insert(CHECK.to_owned(), said_by_check(diary));
    shown
}

/// What a check finds: as an error if there is anything to say.
fn said_by_check(diary: &mut Diary) -> Result<String, String> {
    let report = diary
        .check(&mut NoProgress)
        .map_err(|error| error.to_string())?;
    let said = report
        .findings
        .iter()
        .filter(|found| found.level != Level::Ok);
    let said: Vec<String> = said.map(|found| format!("{found:?}")).collect();
    if said.is_empty() {
        Ok(format!("{:?}", report.findings))
    } else {
        Err(said.join("\n"))
    }
}

fn text<T: fmt::Debug>(result: Result<T, Error>) -> Result<String, String> {
    match result {
        Ok(value) => Ok(format!("{value:?}")),
        Err(error) => Err(error.to_string()),
    }
}

impl Counts {
    pub fn add(&mut self, outcome: Outcome, what: &dyn fmt::Display) {
        *self.of.entry(outcome).or_default() += 1;
        if matches!(
            outcome,
            Outcome::Silent | Outcome::Misnamed | Outcome::Panicked
        ) {
            self.wrong.push(format!("{what}: {outcome:?}"));
        }
    }

    pub fn of(&self, outcome: Outcome) -> usize {
        self.of.get(&outcome).copied().unwrap_or(0)
    }

    pub fn total(&self) -> usize {
        self.of.values().sum()
    }

    /// Nothing was silent, and nothing panicked.
    pub fn hold(&self) {
        let wrong = self.wrong.len();
        assert!(wrong == 0, "{wrong} wrong:\n{}", self.wrong.join("\n"));
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.total())?;
        for (outcome, words) in [
            (Outcome::AtUnlock, "told at unlock"),
            (Outcome::WhenRead, "when read"),
            (Outcome::ByCheck, "by check only"),
            (Outcome::ByToken, "by the token"),
            (
                Outcome::SameLog,
                "the same log with an older draft or without a code",
            ),
            (Outcome::Unaffected, "without effect"),
            (Outcome::Misnamed, "misnamed"),
        ] {
            if self.of(outcome) > 0 {
                write!(f, ", {} {words}", self.of(outcome))?;
            }
        }
        if self.all > 0 {
            write!(
                f,
                "; of what opened, {} of {} readable",
                self.readable, self.all
            )?;
        }
        if self.to_save > 0 {
            write!(
                f,
                "; of what did not, {} of {} incidents saved",
                self.saved, self.to_save
            )?;
        }
        write!(
            f,
            "; {} silent, {} panics",
            self.of(Outcome::Silent),
            self.of(Outcome::Panicked)
        )
    }
}
