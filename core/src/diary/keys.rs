//! Changing what opens a diary (FORMAT.md 15).

use std::path::Path;

use super::Diary;
use super::export::Confirmed;
use crate::error::Error;
use crate::progress::Progress;
use crate::time::Clock;
use crate::vault::{
    DeviceKey, Header, KdfFloor, NewPassphrase, Passphrase, RecoveryCode, SecretBytes, SlotKind,
    Vault, VaultError,
};

impl Diary {
    /// Sets a new passphrase with the recovery code, and on wish makes a new code that kills the
    /// old one.
    ///
    /// # Errors
    /// [`Error::Vault`]; then the old passphrase and code still hold, or, after [`VaultError::Closed`],
    /// either those or the new passphrase.
    pub fn recover(
        folder: &Path,
        code: &RecoveryCode,
        new: &NewPassphrase,
        new_code: bool,
        clock: Box<dyn Clock>,
    ) -> Result<(Self, Option<RecoveryCode>), Error> {
        let vault = Vault::open(folder, &SecretBytes::from(code), KdfFloor::Standard)?;
        Self::over(vault, clock)?.recovered(new, new_code)
    }

    /// The same for a vault that [`Diary::danger_open_with_code_for_tests`] opened.
    ///
    /// # Errors
    /// As [`Diary::recover`].
    #[cfg(any(test, feature = "danger-cheap-kdf-for-tests"))]
    #[doc(hidden)]
    pub fn danger_recovered_for_tests(
        self,
        new: &NewPassphrase,
        new_code: bool,
    ) -> Result<(Self, Option<RecoveryCode>), Error> {
        self.recovered(new, new_code)
    }

    fn recovered(
        mut self,
        new: &NewPassphrase,
        new_code: bool,
    ) -> Result<(Self, Option<RecoveryCode>), Error> {
        let code = self.change_secrets(new, new_code)?;
        Ok((self, code))
    }

    /// Sets a new passphrase; the recovery code stays. The key stays too: whoever knew the old
    /// passphrase and keeps an old copy of the folder can read that copy, and later ones with it. If
    /// somebody did, [`Diary::rotate`].
    ///
    /// # Errors
    /// [`Error::Vault`], [`VaultError::SecretInUse`] among others; then the old passphrase holds, or, after
    /// [`VaultError::Closed`], either of the two.
    pub fn change_passphrase(
        &mut self,
        new: &NewPassphrase,
        confirmed: Confirmed,
    ) -> Result<(), Error> {
        let Confirmed(()) = confirmed;
        self.change_secrets(new, false).map(drop)
    }

    /// Opens a diary whose passphrase may be bound to this device.
    ///
    /// # Errors
    /// As [`Diary::open`], and [`VaultError::DeviceKey`]: then the recovery code opens it.
    pub fn open_with(
        folder: &Path,
        passphrase: &Passphrase,
        device: &dyn DeviceKey,
        clock: Box<dyn Clock>,
    ) -> Result<Self, Error> {
        let secret = SecretBytes::from(passphrase);
        let vault = Vault::open_with(folder, &secret, Some(device), KdfFloor::Standard)?;
        Self::over(vault, clock)
    }

    /// Opens a diary with its recovery code alone, as [`Diary::recover`] begins; any cost.
    ///
    /// # Errors
    /// As [`Diary::open`].
    #[cfg(any(test, feature = "danger-cheap-kdf-for-tests"))]
    #[doc(hidden)]
    pub fn danger_open_with_code_for_tests(
        folder: &Path,
        code: &RecoveryCode,
        clock: Box<dyn Clock>,
    ) -> Result<Self, Error> {
        let vault = Vault::open(folder, &SecretBytes::from(code), KdfFloor::DangerNone)?;
        Self::over(vault, clock)
    }

    /// As [`Diary::confirm`], for a passphrase that may be bound to this device.
    ///
    /// # Errors
    /// As [`Diary::confirm`], and [`VaultError::DeviceKey`].
    pub fn confirm_with(
        &mut self,
        passphrase: &Passphrase,
        device: &dyn DeviceKey,
    ) -> Result<Confirmed, Error> {
        let secret = SecretBytes::from(passphrase);
        if self.log.vault().opens_with(&secret, Some(device))? {
            Ok(Confirmed(()))
        } else {
            Err(VaultError::WrongSecret.into())
        }
    }

    /// Whether it was opened with a passphrase that is bound to a device.
    pub fn is_bound(&mut self) -> bool {
        self.log.vault().is_bound()
    }

    /// Binds the passphrase to this device: from now on it opens the diary here and nowhere else, and a
    /// copy or a backup on another device opens with the recovery code only. So the code must be at
    /// hand. It is never bound itself. A new passphrase set later is not bound until this is called
    /// again.
    ///
    /// # Errors
    /// [`VaultError::WrongSecret`], [`VaultError::NoRecoveryCode`], [`VaultError::DeviceKey`]; then
    /// nothing was changed.
    pub fn bind(
        &mut self,
        passphrase: &Passphrase,
        code: &RecoveryCode,
        device: &dyn DeviceKey,
    ) -> Result<(), Error> {
        let (passphrase, code) = (SecretBytes::from(passphrase), SecretBytes::from(code));
        let header = self.log.vault().bound_header(&passphrase, &code, device)?;
        self.replace_header(header, true, &["device_key"])
    }

    /// Takes the device out of the passphrase again.
    ///
    /// # Errors
    /// [`VaultError::WrongSecret`] if this passphrase is not bound to this device,
    /// [`VaultError::DeviceKey`]; then nothing was changed.
    pub fn unbind(&mut self, passphrase: &Passphrase, device: &dyn DeviceKey) -> Result<(), Error> {
        let passphrase = SecretBytes::from(passphrase);
        let header = self.log.vault().unbound_header(&passphrase, device)?;
        self.replace_header(header, false, &["device_key"])
    }

    /// Destroys the whole folder, the key file first, whichever passphrase opened it: a second diary in
    /// it too. Says whether the folder is gone; files that somebody else put there stay. Copies and
    /// backups elsewhere are not reached.
    ///
    /// # Errors
    /// [`Error::Vault`]. [`VaultError::ReadOnly`] and [`VaultError::DiskFull`] while the key file could
    /// not be overwritten; after that nothing opens any more, and the error says what could not be removed.
    pub fn wipe(self, confirmed: Confirmed) -> Result<bool, Error> {
        let Confirmed(()) = confirmed;
        Ok(self.log.into_vault().wipe()?)
    }

    /// For when somebody knew the passphrase: seals the diary anew under another key, with a new
    /// passphrase and a new recovery code, which is given out here and nowhere else. Codes, bundles
    /// and ids keep their meaning. Whoever keeps an old copy of the folder can still read that copy.
    ///
    /// Needs room for one more copy of the incidents' text on the disk while it runs.
    ///
    /// # Errors
    /// [`Error::Vault`], among others [`VaultError::DiskFull`], [`VaultError::Damaged`] and
    /// [`VaultError::Cancelled`]; then the old passphrase and code hold. After [`VaultError::Closed`] the new
    /// passphrase may, with a code that nobody has seen.
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
        self.log.vault().set_bound(false);
        Ok(code)
    }

    /// Whether a change of keys had been cut short before the diary was opened; then the new secrets hold. The
    /// recovery code of a rotation that was cut short was never shown. What was left of the work was done at
    /// opening or, if the disk did not let it, is done later, and this is said again at the next opening.
    #[must_use]
    pub fn key_change_was_finished(&self) -> bool {
        self.log.key_change_was_cut_short()
    }

    fn replace_header(
        &mut self,
        header: Header,
        bound: bool,
        changed: &[&str],
    ) -> Result<(), Error> {
        self.log.settle_earlier()?;
        self.log.vault().replace_header(header)?;
        self.log.vault().set_bound(bound);
        // From here on the new secrets hold, whatever happens. What fails here is settled by the next
        // change or the next unlock.
        let _ = self.log.settle_slots(changed);
        Ok(())
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
        // The new code is given out whatever happens afterwards.
        self.replace_header(header, false, &changed)?;
        Ok(code)
    }
}
