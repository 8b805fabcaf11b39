//! Plays a script of everything a diary does, and says what is to be read after each step.

mod keep;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use diary_core::diary::{AttachOptions, IncidentRef, Query};
use diary_core::incident::{Changes, Incident};
use diary_core::log::{EntryId, Fingerprint};
use diary_core::time::SystemClock;
use diary_core::vault::{KdfCost, NewPassphrase, Passphrase, RecoveryCode};
use diary_core::{Diary, Error, NoProgress};

use crate::chance::Chance;
use crate::view::{Found, Secrets, stable, words_of};
use crate::watch::unwatched;

pub use self::keep::{FOLDER, restore};
pub use crate::script::{Step, script};

/// A key derivation that costs nothing, and the least that a vault may grow by: growing is part of a short
/// script.
const CHEAP: (KdfCost, u32) = (KdfCost::DangerCheapForTests, 8);

/// What holds once a step is done.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Everything that can be read; `None` before there is a vault.
    pub words: Option<String>,
    pub passphrase: String,
    /// As it was shown, where somebody saw it.
    pub recovery_code: Option<String>,
    /// The codes that were given out, each once: on paper, and in bundles.
    pub codes: Vec<Fingerprint>,
    /// Bundles and backups, by path on the disk.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Backups of which the answer was that a file or a cell could not be read, and vaults made of them that are
    /// said not to be sound.
    pub lacking: BTreeSet<String>,
    /// Restored vaults, each with what held when its backup was made; of that without files and vaults.
    pub vaults: BTreeMap<String, State>,
}

impl State {
    /// What was found is this, word for word.
    pub fn is(&self, found: &Found) -> bool {
        self.words.as_ref() == Some(&found.words) && self.secrets_are(found)
    }

    /// What was found is this but for ids and times of recording.
    pub fn is_like(&self, found: &Found) -> bool {
        let words = self.words.as_deref().map(stable);
        words == Some(stable(&found.words)) && self.secrets_are(found)
    }

    fn secrets_are(&self, found: &Found) -> bool {
        self.passphrase == found.passphrase && self.codes.len() == found.codes
    }

    /// What opens it.
    pub fn secrets(&self) -> Secrets<'_> {
        Secrets {
            passphrase: &self.passphrase,
            recovery_code: self.recovery_code.as_deref(),
        }
    }

    fn gave(&mut self, code: Fingerprint) {
        if !self.codes.contains(&code) {
            self.codes.push(code);
        }
    }
}

/// A diary on a disk, and what it must hold.
pub struct Player {
    disk: PathBuf,
    /// Files to attach lie there, not on the disk that is watched.
    sources: PathBuf,
    diary: Option<Diary>,
    chance: Chance,
    incidents: Vec<EntryId>,
    withdrawn: Vec<EntryId>,
    items: Vec<EntryId>,
    count: usize,
    pub state: State,
}

pub fn passphrase(text: &str) -> Passphrase {
    Passphrase::new(text.as_bytes()).expect("a passphrase")
}

fn new_passphrase(text: &str) -> NewPassphrase {
    NewPassphrase::even_if_weak(text.as_bytes()).expect("a passphrase")
}

/// Opens a vault whose key derivation costs nothing.
pub fn open(vault: &Path, secret: &str) -> Result<Diary, Error> {
    Diary::danger_open_with_cheap_kdf_for_tests(vault, &passphrase(secret), Box::new(SystemClock))
}

/// The same with its recovery code.
pub fn open_with_code(vault: &Path, code: &str) -> Result<Diary, Error> {
    let code = RecoveryCode::parse(code.as_bytes()).expect("a code");
    Diary::danger_open_with_code_for_tests(vault, &code, Box::new(SystemClock))
}

impl Player {
    /// Makes in an empty folder `disk`, which is what is watched, and `sources`.
    pub fn new(folder: &Path, seed: u64) -> Self {
        let (disk, sources) = (folder.join("disk"), folder.join("sources"));
        for path in [&disk, &disk.join("out"), &sources] {
            fs::create_dir(path).expect("a folder");
        }
        Self::on(&disk, &sources, seed)
    }

    fn on(disk: &Path, sources: &Path, seed: u64) -> Self {
        Self {
            disk: disk.to_owned(),
            sources: sources.to_owned(),
            diary: None,
            chance: Chance::new(seed),
            incidents: Vec::new(),
            withdrawn: Vec::new(),
            items: Vec::new(),
            count: 0,
            state: State::default(),
        }
    }

    /// A vault that is there already. Steps are counted from `count`.
    pub fn resume(
        disk: &Path,
        sources: &Path,
        seed: u64,
        secrets: Secrets<'_>,
        count: usize,
    ) -> Result<Self, Error> {
        let mut player = Self::on(disk, sources, seed);
        player.state.passphrase = secrets.passphrase.to_owned();
        player.state.recovery_code = secrets.recovery_code.map(str::to_owned);
        player.count = count;
        player.open()?;
        let query = Query {
            limit: Some(200),
            ..Query::default()
        };
        let found = player.diary().list(&query)?.incidents;
        for summary in found.into_iter().filter(|one| !one.erased) {
            player.incidents.push(summary.id);
            player
                .withdrawn
                .extend(summary.withdrawn.then_some(summary.id));
            let evidence = player.diary().show(&IncidentRef::Id(summary.id))?.evidence;
            player.items.extend(evidence.iter().map(|item| item.id));
        }
        player.state.words = Some(words_of(player.diary())?);
        Ok(player)
    }

    /// The same diary on a copy of its disk, not open.
    pub fn copy_to(&self, disk: &Path) -> Self {
        Self {
            diary: None,
            disk: disk.to_owned(),
            sources: self.sources.clone(),
            chance: self.chance.clone(),
            incidents: self.incidents.clone(),
            withdrawn: self.withdrawn.clone(),
            items: self.items.clone(),
            state: self.state.clone(),
            ..*self
        }
    }

    pub fn vault(&self) -> PathBuf {
        self.disk.join("vault")
    }

    /// The folder that is watched.
    pub fn disk(&self) -> &Path {
        &self.disk
    }

    pub fn open(&mut self) -> Result<(), Error> {
        self.diary = None;
        self.diary = Some(open(&self.vault(), &self.state.passphrase)?);
        Ok(())
    }

    /// As a program that ends.
    pub fn close(&mut self) {
        self.diary = None;
    }

    /// Does a step; `state` is what holds afterwards. After an error it is what held before.
    pub fn play(&mut self, step: Step) -> Result<(), Error> {
        self.count += 1;
        match step {
            Step::Create => self.create()?,
            Step::Add(length) => self.add(length)?,
            Step::Amend => match self.any(&self.incidents.clone()) {
                Some(id) => self.amend(id)?,
                None => self.add(100)?,
            },
            Step::Withdraw => match self.any(&self.standing()) {
                Some(id) => {
                    self.diary().withdraw(&IncidentRef::Id(id), "a mistake")?;
                    self.withdrawn.push(id);
                }
                None => self.add(200)?,
            },
            Step::Erase => match self.any(&self.incidents.clone()) {
                Some(id) if self.incidents.len() > 2 => self.erase(id)?,
                _ => self.add(300)?,
            },
            Step::Attach(bytes) => match self.any(&self.incidents.clone()) {
                Some(id) => self.attach(id, bytes)?,
                None => self.add(400)?,
            },
            Step::GiveUp(bytes) => {
                if let Some(id) = self.any(&self.incidents.clone()) {
                    let mut item = self.diary().begin_item(&IncidentRef::Id(id))?;
                    item.write(&vec![1; bytes])?;
                }
            }
            Step::EraseItem => match self.any(&self.items.clone()) {
                Some(id) => {
                    self.diary().erase(&IncidentRef::Id(id))?;
                    self.items.retain(|item| *item != id);
                }
                None => self.add(500)?,
            },
            Step::Draft(length) => {
                let text = format!("{}{}", self.count, "ә".repeat(length));
                self.diary().save_draft("form", text.as_bytes())?;
            }
            Step::Discard => self.diary().discard_draft("form")?,
            Step::Code => {
                let code = self.diary().fingerprint()?;
                self.state.gave(code);
            }
            Step::Rest => self.diary().rest()?,
            Step::Reopen => {
                let diary = self.diary.take().expect("it is open");
                let locked = diary.lock();
                self.open()?;
                locked?;
            }
            Step::Passphrase | Step::Rotate => self.change(step == Step::Rotate)?,
            Step::Export => self.export()?,
            Step::Backup => self.back_up().map(drop)?,
            Step::Restore => self.restore()?,
            Step::BackupToFolder => self.back_up_to_folder().map(drop)?,
            Step::RestoreFolder => self.restore_folder()?,
            Step::Salvage => self.salvage()?,
            Step::Recover => self.recover()?,
            Step::Second => self.copy_with_second()?,
        }
        self.state.words = Some(unwatched(|| words_of(self.diary()))?);
        Ok(())
    }

    fn diary(&mut self) -> &mut Diary {
        self.diary.as_mut().expect("it is open")
    }

    fn any(&mut self, ids: &[EntryId]) -> Option<EntryId> {
        let at = self.chance.below(ids.len().max(1));
        ids.get(at).copied()
    }

    fn standing(&self) -> Vec<EntryId> {
        let standing = |id: &&EntryId| !self.withdrawn.contains(id);
        self.incidents.iter().filter(standing).copied().collect()
    }

    fn create(&mut self) -> Result<(), Error> {
        let secret = "first";
        let (vault, clock) = (self.vault(), Box::new(SystemClock));
        let new = new_passphrase(secret);
        let (diary, code) = Diary::danger_create_with_step_for_tests(&vault, &new, CHEAP, clock)?;
        self.diary = Some(diary);
        self.state.passphrase = secret.to_owned();
        self.state.recovery_code = Some(code.reveal().to_string());
        Ok(())
    }

    fn add(&mut self, length: usize) -> Result<(), Error> {
        let text = format!("{} {}", self.count, "x".repeat(length));
        let json = format!(
            r#"{{"occurred":{{"from":"2026-10-03"}},"narrative":"{text}","private_note":"n{}"}}"#,
            self.count
        );
        let incident = Incident::parse(json.as_bytes(), &SystemClock)?;
        let recorded = self.diary().add(&incident)?;
        self.incidents.push(recorded.id);
        Ok(())
    }

    fn amend(&mut self, id: EntryId) -> Result<(), Error> {
        let json = format!(r#"{{"place":{{"class":"home","text":"{}"}}}}"#, self.count);
        let changes = Changes::parse(json.as_bytes(), &SystemClock)?;
        self.diary()
            .amend(&IncidentRef::Id(id), &changes, "I remembered")?;
        Ok(())
    }

    fn erase(&mut self, id: EntryId) -> Result<(), Error> {
        let items = self.diary().show(&IncidentRef::Id(id))?.evidence;
        // More would be erased in parts, and a part is neither what was nor what is to be.
        assert!(items.len() <= 32, "a script is not to attach so much");
        self.diary().erase(&IncidentRef::Id(id))?;
        self.incidents.retain(|one| *one != id);
        self.items
            .retain(|one| items.iter().all(|item| item.id != *one));
        Ok(())
    }

    fn attach(&mut self, id: EntryId, bytes: usize) -> Result<(), Error> {
        let file = self.sources.join(format!("{bytes}.bin"));
        if !file.exists() {
            let content: Vec<u8> = (0..bytes).map(|at| (at % 251) as u8).collect();
            // Whoever is killed here leaves no half of it.
            let beside = file.with_extension("new");
            fs::write(&beside, content).expect("room for it");
            fs::rename(&beside, &file).expect("a name for it");
        }
        let options = AttachOptions::default();
        let which = IncidentRef::Id(id);
        let item = self
            .diary()
            .attach(&which, &file, &options, &mut NoProgress)?;
        self.items.push(item.id);
        Ok(())
    }

    fn recover(&mut self) -> Result<(), Error> {
        let code = self.state.recovery_code.clone();
        let code = code.expect("nobody recovers without a code");
        let new = format!("secret {}", self.count);
        self.close();
        let opened = open_with_code(&self.vault(), &code)?;
        let (diary, code) = opened.danger_recovered_for_tests(&new_passphrase(&new), true)?;
        self.diary = Some(diary);
        self.state.recovery_code = code.map(|code| code.reveal().to_string());
        self.state.passphrase = new;
        Ok(())
    }

    fn change(&mut self, rotate: bool) -> Result<(), Error> {
        let (old, new) = (
            self.state.passphrase.clone(),
            format!("secret {}", self.count),
        );
        let confirmed = self.diary().confirm(&passphrase(&old))?;
        if rotate {
            let code = self
                .diary()
                .rotate(&new_passphrase(&new), confirmed, &mut NoProgress)?;
            self.state.recovery_code = Some(code.reveal().to_string());
        } else {
            self.diary()
                .change_passphrase(&new_passphrase(&new), confirmed)?;
        }
        self.state.passphrase = new;
        Ok(())
    }
}
