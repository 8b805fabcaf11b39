//! The vault is opened, opened by something else, killed, or made anew of a backup.

use super::Case;
use crate::diary::fixture;
use crate::diary::{Confirmed, Diary, NewPassphrase, Opener};
use crate::progress::NoProgress;
use crate::time::SystemClock;

impl Case {
    pub(super) fn open(&mut self) {
        self.diary = Some(fixture::open_with(&self.vault, &self.passphrase).unwrap());
    }

    /// The next one, which is taken for the one that holds, and that the one before was given.
    pub(super) fn another_passphrase(&mut self) -> (NewPassphrase, Confirmed) {
        let before = fixture::passphrase(&self.passphrase);
        let confirmed = self.diary().confirm(&before).unwrap();
        self.passphrase.push('a');
        let new = NewPassphrase::even_if_weak(self.passphrase.as_bytes());
        (new.unwrap(), confirmed)
    }

    pub(super) fn restore(&mut self) {
        self.restored += 1;
        let backup = self.folder.path().join(format!("backup-{}", self.restored));
        let target = self
            .folder
            .path()
            .join(format!("restored-{}", self.restored));
        self.diary().backup(&backup, &mut NoProgress).unwrap();
        let passphrase = fixture::passphrase(&self.passphrase);
        let restored = Diary::danger_restore_with_cheap_kdf_for_tests(
            &backup,
            Some(&target),
            Opener::Passphrase(&passphrase),
            Box::new(SystemClock),
            &mut NoProgress,
        );
        assert!(restored.unwrap().sound);
        self.go_on_in(target);
        self.model.restored = true;
    }

    pub(super) fn go_on_in(&mut self, vault: std::path::PathBuf) {
        self.diary = None;
        std::fs::remove_dir_all(&self.vault).unwrap();
        self.vault = vault;
        self.open();
    }

    /// Goes on in a copy of the folder as it lies, with the log of writes not moved.
    pub(super) fn kill(&mut self) {
        self.kills += 1;
        let copy = self.folder.path().join(format!("copy-{}", self.kills));
        fixture::copy(&self.vault, &copy);
        self.go_on_in(copy);
    }
}
