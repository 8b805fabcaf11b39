//! What leaves the vault: bundles and backups, and the vaults that are made of these.

use std::fs;
use std::path::Path;

use diary_core::bundle::Language;
use diary_core::diary::{BackedUp, IncidentRef, Opener, Originals, Restored, Selection};
use diary_core::time::SystemClock;
use diary_core::{Diary, Error, NoProgress};

use super::{CHEAP, Player, State, new_passphrase, passphrase};
use crate::watch::{self, unwatched};

/// The folder of backups that share their evidence, below the watched one.
pub const FOLDER: &str = "backups";

/// Makes a vault of a backup.
pub fn restore(backup: &Path, target: &Path, secret: &str) -> Result<Restored, Error> {
    let passphrase = passphrase(secret);
    let opener = Opener::Passphrase(&passphrase);
    let clock = Box::new(SystemClock);
    let target = Some(target);
    Diary::danger_restore_with_cheap_kdf_for_tests(backup, target, opener, clock, &mut NoProgress)
}

fn salvage(source: &Path, target: &Path, secret: &str) -> Result<Restored, Error> {
    let passphrase = passphrase(secret);
    let opener = Opener::Passphrase(&passphrase);
    let clock = || Box::new(SystemClock) as _;
    Diary::danger_salvage_with_cheap_kdf_for_tests(source, target, opener, clock, &mut NoProgress)
}

impl Player {
    pub(super) fn export(&mut self) -> Result<(), Error> {
        let Some(id) = self.any(&self.standing()) else {
            return self.add(600);
        };
        let name = format!("out/{}.zip", self.count);
        let secret = self.state.passphrase.clone();
        let confirmed = self.diary().confirm(&passphrase(&secret))?;
        let selection = Selection {
            incidents: vec![IncidentRef::Id(id)],
            originals: Originals::All,
            copies: false,
            ..Selection::everything(Language::English)
        };
        let out = self.disk.join(&name);
        let exported = self
            .diary()
            .export(&selection, &out, confirmed, &mut NoProgress)?;
        self.state.gave(exported.fingerprint);
        self.keep(name);
        Ok(())
    }

    /// The backup's name.
    pub(super) fn back_up(&mut self) -> Result<String, Error> {
        let name = format!("out/{}.idback", self.count);
        let out = self.disk.join(&name);
        let written = self.diary().backup(&out, &mut NoProgress)?;
        self.wrote(name.clone(), &written);
        Ok(name)
    }

    /// The name of the backup's own file.
    pub(super) fn back_up_to_folder(&mut self) -> Result<String, Error> {
        let folder = self.disk.join(FOLDER);
        let written = self.diary().backup_to_folder(&folder, &mut NoProgress)?;
        let name = written.snapshot_name().expect("it is in a folder");
        self.wrote(format!("{FOLDER}/{name}"), &written);
        let evidence = unwatched(|| fs::read_dir(folder.join("evidence"))).expect("it was made");
        let files = unwatched(|| {
            evidence
                .flatten()
                .map(|entry| entry.file_name())
                .collect::<Vec<_>>()
        });
        for file in files.iter().filter_map(|name| name.to_str()) {
            // What a fault has left is removed by the next backup.
            if !file.starts_with('.') {
                self.keep(format!("{FOLDER}/evidence/{file}"));
            }
        }
        Ok(name)
    }

    /// Of this moment, so that it holds what the vault holds.
    pub(super) fn restore(&mut self) -> Result<(), Error> {
        let made = self.back_up()?;
        self.restore_from(&made, &self.disk.join(&made)).map(drop)
    }

    pub(super) fn restore_folder(&mut self) -> Result<(), Error> {
        let made = self.back_up_to_folder()?;
        let restored = self.restore_from(&format!("{FOLDER}/{made}"), &self.disk.join(FOLDER))?;
        assert_eq!(restored.snapshot_name(), Some(made), "an older one");
        Ok(())
    }

    /// Of the locked vault, which is not touched.
    pub(super) fn salvage(&mut self) -> Result<(), Error> {
        self.close();
        let name = format!("salvaged-{}", self.count);
        let saved = salvage(
            &self.vault(),
            &self.disk.join(&name),
            &self.state.passphrase,
        );
        let faulty = watch::so_far().1;
        if let Ok(saved) = &saved {
            let well = saved.sound && saved.restored;
            assert!(well || faulty && !saved.sound, "{:?}", saved.findings);
            if saved.restored {
                self.made(name, saved.sound);
            }
        }
        self.open()?;
        saved.map(drop)
    }

    /// Where the diary that is open is the same, and another one is empty.
    pub(super) fn copy_with_second(&mut self) -> Result<(), Error> {
        let (name, second) = (format!("second-{}", self.count), new_passphrase("second"));
        let (target, secret) = (self.disk.join(&name), self.state.passphrase.clone());
        let secrets = (&passphrase(&secret), &second);
        let codes = self.diary().danger_copy_with_decoy_and_step_for_tests(
            &target,
            secrets,
            CHEAP,
            &mut NoProgress,
        )?;
        let code = codes.own.reveal().to_string();
        self.made(name.clone(), true);
        let made = self.state.vaults.get_mut(&name).expect("just made");
        made.recovery_code = Some(code);
        Ok(())
    }

    fn restore_from(&mut self, made: &str, backup: &Path) -> Result<Restored, Error> {
        let name = format!("restored-{}", self.count);
        let target = self.disk.join(&name);
        // Where the disk fails while it is looked through, a finding says so.
        let restored = restore(backup, &target, &self.state.passphrase)?;
        assert!(
            restored.restored && (restored.sound || watch::so_far().1),
            "{:?}",
            restored.findings
        );
        // A cell that could not be read may be filler.
        self.made(name, restored.sound || !self.state.lacking.contains(made));
        Ok(restored)
    }

    /// A vault that holds what this one does, or is said not to.
    fn made(&mut self, name: String, whole: bool) {
        if !whole {
            self.state.lacking.insert(name.clone());
        }
        let state = State {
            words: self.state.words.clone(),
            passphrase: self.state.passphrase.clone(),
            recovery_code: self.state.recovery_code.clone(),
            codes: self.state.codes.clone(),
            ..State::default()
        };
        self.state.vaults.insert(name, state);
    }

    fn wrote(&mut self, name: String, written: &BackedUp) {
        if written.unreadable_files + written.unreadable_cells > 0 {
            assert!(watch::so_far().1, "{written:?}");
            self.state.lacking.insert(name.clone());
        }
        self.keep(name);
    }

    fn keep(&mut self, name: String) {
        let bytes =
            unwatched(|| fs::read(self.disk.join(&name))).expect("what was written is there");
        self.state.files.insert(name, bytes);
    }
}
