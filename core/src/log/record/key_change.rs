//! Entries that say that keys were changed, and what must be on the disk before and after them
//! (FORMAT.md 15).

use super::{Draft, Log};
use crate::canonical::{Object, Value};
use crate::log::entry::EntryKind;
use crate::progress::Progress;
use crate::vault::{SecretBytes, VaultError};

/// What an entry names that says only now that keys were changed.
const INTERRUPTED: &[&str] = &["interrupted"];

impl Log {
    /// Makes the slots that are in the header file the current ones, with an entry that says what
    /// changed.
    pub(crate) fn settle_slots(&mut self, changed: &[&str]) -> Result<(), VaultError> {
        self.vault.sync_header()?;
        self.tell_change(changed)
    }

    fn tell_change(&mut self, changed: &[&str]) -> Result<(), VaultError> {
        let changed = changed.iter().map(|what| Value::from(*what)).collect();
        let draft = Draft {
            kind: EntryKind::KeysChanged,
            about: None,
            proven: Object::from([("changed".to_owned(), Value::List(changed))]),
            vault_only: Object::new(),
        };
        self.append_with(draft, |write, _| {
            write.settle_slots();
            Ok(())
        })?;
        Ok(())
    }

    /// Settles what an earlier change of keys left unsettled. Every other change begins with it: the
    /// head can name one header that is being written, and would forget the one that holds.
    pub(crate) fn settle_earlier(&mut self) -> Result<(), VaultError> {
        self.finish_rotation()?;
        if self.vault.slots_unsettled() {
            self.settle_slots(INTERRUPTED)?;
        }
        Ok(())
    }

    /// Finishes a rotation whose header was written and whose cells are still under the key before, if there is
    /// one. Nothing is written until it is done: the slots settled alone would leave the cells there for good.
    pub(super) fn finish_rotation(&mut self) -> Result<(), VaultError> {
        if !self.vault.rotation_cut_short() {
            return Ok(());
        }
        self.vault.sync_header()?;
        let (last, gone) = (self.last.clone(), self.gone.clone());
        self.vault.seal_late()?;
        let told = self.tell_change(INTERRUPTED);
        if let Err(error) = told.and_then(|()| self.vault.finish_late_rotation()) {
            (self.last, self.gone) = (last, gone);
            // Only the file tells under which key the cells are.
            self.vault.reload()?;
            if self.vault.rotation_cut_short() {
                return Err(error);
            }
        }
        Ok(())
    }

    /// Seals the log anew under another key, which only these secrets open. Fails with everything as
    /// it was; done means that the new secrets hold.
    pub(crate) fn rotate(
        &mut self,
        passphrase: &SecretBytes,
        code: &SecretBytes,
        progress: &mut dyn Progress,
    ) -> Result<(), VaultError> {
        self.settle_earlier()?;
        let (last, gone) = (self.last.clone(), self.gone.clone());
        let before = self.vault.begin_rotation(passphrase, code, progress)?;
        let told = self.tell_change(&["passphrase", "recovery_code", "keys"]);
        if let Err(error) = told.and_then(|()| self.vault.finish_rotation()) {
            (self.last, self.gone) = (last, gone);
            // If even that fails the vault is closed, and the next opening tells.
            let _ = self.vault.give_up_rotation(before);
            if matches!(error, VaultError::Closed) {
                self.vault.close();
            }
            return Err(error);
        }
        Ok(())
    }

    /// Whether a change of keys had been cut short when the log was opened.
    pub(crate) fn key_change_was_cut_short(&self) -> bool {
        self.key_change_cut_short
    }

    /// Finishes a change of keys that was cut short. Where the disk does not let it, everything can be read all the
    /// same, and it is left for the next change of keys or the next opening; that of a rotation for the next write.
    /// A backup is read as it is.
    pub(super) fn finish_key_change(&mut self) -> Result<(), VaultError> {
        if !self.vault.slots_unsettled() || self.vault.is_read_only() {
            return Ok(());
        }
        self.key_change_cut_short = true;
        let _ = self.settle_earlier();
        if self.vault.is_closed() {
            // What cannot be read is told as that.
            self.vault.reload()?;
        }
        Ok(())
    }
}
