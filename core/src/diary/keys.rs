//! Changing what opens a diary (FORMAT.md 15).

use std::path::Path;

use super::Diary;
use super::export::Confirmed;
use crate::error::Error;
use crate::progress::Progress;
use crate::time::Clock;
use crate::vault::{
    KdfFloor, NewPassphrase, RecoveryCode, SecretBytes, SlotKind, Vault, VaultError,
};

impl Diary {
    /// Sets a new passphrase with the recovery code, and on wish makes a new code that kills the
    /// old one.
    ///
    /// # Errors
    /// [`Error::Vault`]; then the old passphrase and code still hold.
    pub fn recover(
        folder: &Path,
        code: &RecoveryCode,
        new: &NewPassphrase,
        new_code: bool,
        clock: Box<dyn Clock>,
    ) -> Result<(Self, Option<RecoveryCode>), Error> {
        let vault = Vault::open(folder, &SecretBytes::from(code), KdfFloor::Standard)?;
        let mut diary = Self::over(vault, clock)?;
        let code = diary.change_secrets(new, new_code)?;
        Ok((diary, code))
    }

    /// Sets a new passphrase; the recovery code stays. The key stays too: whoever knew the old
    /// passphrase and keeps an old copy of the folder can read that copy, and later ones with it. If
    /// somebody did, [`Diary::rotate`].
    ///
    /// # Errors
    /// [`Error::Vault`], [`VaultError::SecretInUse`] among others; then the old passphrase holds.
    pub fn change_passphrase(
        &mut self,
        new: &NewPassphrase,
        confirmed: Confirmed,
    ) -> Result<(), Error> {
        let Confirmed(()) = confirmed;
        self.change_secrets(new, false).map(drop)
    }

    /// For when somebody knew the passphrase: seals the diary anew under another key, with a new
    /// passphrase and a new recovery code, which is given out here and nowhere else. Codes, bundles
    /// and ids keep their meaning. Whoever keeps an old copy of the folder can still read that copy.
    ///
    /// Needs room for one more copy of the incidents' text on the disk while it runs.
    ///
    /// # Errors
    /// [`Error::Vault`], among others [`VaultError::DiskFull`], [`VaultError::Damaged`] and
    /// [`VaultError::Cancelled`]; then the old passphrase and code hold.
    pub fn rotate(
        &mut self,
        new: &NewPassphrase,
        confirmed: Confirmed,
        progress: &mut dyn Progress,
    ) -> Result<RecoveryCode, Error> {
        let Confirmed(()) = confirmed;
        let code = RecoveryCode::make().map_err(VaultError::from)?;
        let passphrase = SecretBytes::from(new.as_passphrase());
        self.log
            .rotate(&passphrase, &SecretBytes::from(&code), progress)?;
        Ok(code)
    }

    /// Whether a change of keys that was cut short was finished when the diary was opened. The
    /// recovery code of a rotation that was cut short was never shown.
    #[must_use]
    pub fn key_change_was_finished(&self) -> bool {
        self.log.finished_key_change()
    }

    pub(super) fn change_secrets(
        &mut self,
        new: &NewPassphrase,
        new_code: bool,
    ) -> Result<Option<RecoveryCode>, Error> {
        let mut secrets = vec![(SlotKind::Passphrase, SecretBytes::from(new.as_passphrase()))];
        let mut changed = vec!["passphrase"];
        let code = new_code.then(RecoveryCode::make).transpose();
        let code = code.map_err(VaultError::from)?;
        if let Some(code) = &code {
            secrets.push((SlotKind::RecoveryCode, SecretBytes::from(code)));
            changed.push("recovery_code");
        }
        let header = self.log.vault().with_secrets(&secrets)?;
        self.log.vault().replace_header(header)?;
        // From here on the new secrets hold, so the new code must be given out whatever happens:
        // if this fails, the next unlock settles it.
        let _ = self.log.settle_slots(&changed);
        Ok(code)
    }
}
